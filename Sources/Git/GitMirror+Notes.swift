import MooringModel
package import MooringNames
package import MooringPorts

/// Notes: read after a fetch of their ref, written in one commit and pushed without force.
extension GitMirror {
    package func notes(_ ref: NotesRef, on commits: [CommitID]) async throws(Failure) -> [CommitID: String] {
        let attempt = Attempt("read the notes '\(ref)' of", .notes)
        return try await read(attempt, for: remote(.notes).deadlines.transfer) { operation throws(GitProblem) in
            let head = try self.fetchNotes(ref, operation)
            let mirror = try self.mirror()
            let root = try head.map { (head) throws(GitProblem) in try mirror.objects.commit(head).tree }
            var tree = GitMirror.notesTree(in: mirror)
            var notes: [CommitID: String] = [:]
            for commit in commits {
                try operation.checkTime()
                notes[commit] = try self.text(of: ObjectKey(commit), in: root, &tree, mirror)
            }
            return notes
        }
    }

    package func publish(_ notes: [CommitID: String], to ref: NotesRef) async throws(Failure) {
        if notes.isEmpty { return }
        let attempt = Attempt("publish notes to '\(ref)' of", .notes)
        let deadline = clock.uptime + remote(.notes).deadlines.transfer
        for number in 1...Limits.publishAttempts {
            let remaining = max(.zero, deadline - clock.uptime)
            let refusal = try await run(attempt, for: remaining) { operation throws(GitProblem) in
                try self.publishOnce(notes, to: ref, operation)
            }
            switch refusal {
            case nil: return
            case .declined(let words): throw GitProblem.refused(words).failure(attempt.tried, remote(.notes))
            case .outrun: break
            }
            if number < Limits.publishAttempts { try await waitAfterLostRace(number, attempt) }
        }
        throw GitProblem.outrun(attempts: Limits.publishAttempts).failure(attempt.tried, remote(.notes))
    }

    /// Waits longer with each lost race, and by chance, so that two writers do not meet again and again.
    func waitAfterLostRace(_ number: Int, _ attempt: Attempt) async throws(Failure) {
        let longest = min(Limits.publishWait * (1 << (number - 1)), Limits.publishWaitMaximum)
        do {
            try await clock.sleep(for: longest * (0.5 + randomFraction() / 2))
        } catch {
            throw GitProblem.cancelled.failure(attempt.tried, remote(.notes))
        }
    }

    /// Fetches, merges and pushes once.
    ///
    /// - Returns: nil where the server has the notes now.
    private func publishOnce(
        _ notes: [CommitID: String], to ref: NotesRef, _ operation: Operation,
    ) throws(GitProblem) -> PushRefusal? {
        let head = try fetchNotes(ref, operation)
        let mirror = try mirror()
        let outgoing = OutgoingObjects()
        guard let commit = try write(notes, on: head, ref, mirror, outgoing, operation) else { return nil }
        if let refusal = try push(outgoing, to: ref.description, from: head, to: commit, operation) { return refusal }
        try mirror.set(MirrorRef.fetchedNotes(ref), to: commit)
        return nil
    }

    /// Brings the server's notes into the mirror.
    ///
    /// - Returns: where they stand; nil where the server has none.
    private func fetchNotes(_ ref: NotesRef, _ operation: Operation) throws(GitProblem) -> ObjectKey? {
        let conversation = try conversation(.notes, operation)
        try conversation.connect()
        let heads = try conversation.heads()
        if heads["refs/notes/mooring"] != nil {
            // Git keeps refs as paths: below this one there cannot be another.
            throw .refused("The repository has a ref 'refs/notes/mooring', which stands in the way of '\(ref)'.")
        }
        let name = MirrorRef.fetchedNotes(ref)
        guard let head = heads[ref.description] else {
            try mirror().remove(name)
            return nil
        }
        try bring(head, named: ref.description, as: name, conversation, operation)
        return head
    }

    /// Writes the commit that adds `notes` to those at `head`; no ref is moved.
    ///
    /// - Returns: nil where nothing would change.
    private func write(
        _ notes: [CommitID: String], on head: ObjectKey?, _ ref: NotesRef, _ mirror: OpenMirror,
        _ outgoing: OutgoingObjects, _ operation: Operation,
    ) throws(GitProblem) -> ObjectKey? {
        let root = try head.map { (head) throws(GitProblem) in try mirror.objects.commit(head).tree }
        var tree = GitMirror.notesTree(in: mirror, outgoing)
        var blobs: [ObjectKey: ObjectKey] = [:]
        for (commit, ours) in notes.sorted(by: { $0.key < $1.key }) {
            try operation.checkTime()
            let key = ObjectKey(commit)
            let existing = try text(of: key, in: root, &tree, mirror)
            let merged = existing.map { $0 == ours ? ours : merge($0, ours) } ?? ours
            if merged == existing { continue }
            let before = try tree.notes(on: key, in: root).first
            blobs[key] = try outgoing.write(Array(merged.utf8), .blob, inPlaceOf: before, into: mirror.objects)
        }
        if blobs.isEmpty { return nil }
        let commit = CommitObject(
            tree: try tree.putting(blobs, into: root), parents: head.map { [$0] } ?? [], author: signature(of: nil),
            committer: signature(of: nil), message: "Notes of \(ref.environment) by Mooring\n",
        )
        return try outgoing.write(commit.bytes, .commit, inPlaceOf: nil, into: mirror.objects)
    }

    /// Who writes a commit, and when: as git stores it.
    func signature(of author: CommitAuthor?) -> String {
        let person = author?.description ?? "\(settings.committerName) <\(settings.committerAddress)>"
        return "\(person) \(clock.now.millisecondsSince1970 / 1000) +0000"
    }

    /// The note on a commit. Where two spreads of the tree hold one each, they are merged as two writers' are.
    private func text(
        of commit: ObjectKey, in root: ObjectKey?, _ tree: inout NotesTree, _ mirror: OpenMirror,
    ) throws(GitProblem) -> String? {
        var text: String?
        for blob in try tree.notes(on: commit, in: root) {
            // What is larger than any note of ours, or no text at all, is not ours.
            guard let header = try mirror.objects.header(of: blob), header.kind == .blob,
                header.bytes <= Limits.noteBytes
            else { continue }
            let bytes = try mirror.objects.read(blob, .blob, maximum: Limits.noteBytes)
            let next = String(decoding: bytes, as: UTF8.self)
            text = text.map { merge($0, next) } ?? next
        }
        return text
    }

    private static func notesTree(
        in mirror: OpenMirror, _ outgoing: OutgoingObjects = OutgoingObjects(),
    ) -> NotesTree {
        NotesTree(
            read: { (key) throws(GitProblem) in try mirror.objects.tree(key) },
            write: { (tree, before) throws(GitProblem) in
                try outgoing.write(tree.bytes, .tree, inPlaceOf: before, into: mirror.objects)
            },
        )
    }
}
