package import MooringNames
package import MooringPorts

/// Notes as a clone has them: what was fetched, or written there.
extension WorkingCopy {
    /// The environments that this clone has notes of, sorted.
    package func notedEnvironments() throws(Failure) -> [EnvironmentName] {
        try run("list the notes of") { mirror, _ throws(GitProblem) in
            let prefix = "refs/notes/mooring/"
            return try mirror.references().filter { $0.hasPrefix(prefix) }
                .compactMap { try? EnvironmentName(String($0.dropFirst(prefix.count))) }.sorted { $0.text < $1.text }
        }
    }

    /// The newest commits from `HEAD` back along first parents that have a note, newest first, at most `limit`; at most
    /// `Limits.notedHistory` commits are walked.
    package func notedCommits(
        _ environment: EnvironmentName, limit: Int,
    ) throws(Failure) -> [NotedCommit] {
        try run("read the notes of '\(environment)' in") { mirror, operation throws(GitProblem) in
            guard let notes = try mirror.target(of: NotesRef(environment).description) else { return [] }
            let root = try mirror.objects.commit(notes).tree
            var tree = NotesTree(
                read: { (key) throws(GitProblem) in try mirror.objects.tree(key) },
                // Nothing is written to a clone of somebody's.
                write: { _, _ throws(GitProblem) in throw .refused("A clone is only read.") })
            var found: [NotedCommit] = []
            var next = try mirror.target(of: "HEAD")
            for _ in 0..<Limits.notedHistory {
                guard let key = next, found.count < limit else { break }
                try operation.checkTime()
                let commit = try mirror.objects.commit(key)
                var texts: [String] = []
                for blob in try tree.notes(on: key, in: root) {
                    guard let header = try mirror.objects.header(of: blob), header.kind == .blob,
                        header.bytes <= Limits.noteBytes
                    else { continue }
                    let bytes = try mirror.objects.read(blob, .blob, maximum: Limits.noteBytes)
                    texts.append(String(decoding: bytes, as: UTF8.self))
                }
                if !texts.isEmpty {
                    found.append(
                        NotedCommit(id: try key.id, author: commit.authorName, subject: commit.subject, notes: texts))
                }
                // A shallow clone ends where its commits end.
                next = commit.parents.first.flatMap { mirror.objects.contains($0) ? $0 : nil }
            }
            return found
        }
    }
}

/// A commit and what is noted on it.
package struct NotedCommit: Hashable, Sendable {
    package let id: CommitID
    package let author: String
    package let subject: String
    /// More than one where spreads of the notes' tree were mixed.
    package let notes: [String]
}
