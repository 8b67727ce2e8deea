import MooringCryptography
import MooringNames
import MooringPorts

/// A git server and its mirror as one value: what the loop sees of git, without git.
///
/// The mirror is part of it because a mirror is disposable: after a restart the loop fetches again.
struct SimulatedRepository {
    struct Commit {
        let id: CommitID
        let parent: CommitID?
        let files: [String: String]
        let seconds: Int64
        let subject: String
        /// The id of the folder's tree.
        let tree: ObjectID
    }

    private(set) var commits: [CommitID: Commit] = [:]
    private(set) var head: CommitID?
    private(set) var notes: [CommitID: String] = [:]
    /// Whether the branch was forced to where it stands.
    var isForced = false
    /// Whether the server has the branch no longer.
    var isGone = false
    /// Times that a publication was accepted.
    private(set) var publications = 0
    private let folder: TreePath?
    private let merge: NoteMerge

    init(folder: TreePath?, merge: @escaping NoteMerge) {
        self.folder = folder
        self.merge = merge
    }

    /// Puts a commit with exactly these files on the branch.
    mutating func commit(_ files: [String: String], subject: String, at seconds: Int64) throws {
        let content = files.sorted { $0.key < $1.key }.map { "\($0.key)\u{0}\($0.value)" }.joined(separator: "\u{1}")
        let text = "\(head?.text ?? "")\n\(content)\n\(subject)\n\(seconds)"
        let id = try CommitID(String(SHA256.hex(of: Array(text.utf8)).prefix(40)))
        commits[id] = Commit(
            id: id, parent: head, files: files, seconds: seconds, subject: subject, tree: try treeID(of: files))
        head = id
    }

    func files(at commit: CommitID?) -> [String: String] { commit.flatMap { commits[$0]?.files } ?? [:] }

    /// The branch from its newest commit back.
    var branch: [CommitID] {
        var ids: [CommitID] = []
        var next = head
        while let id = next {
            ids.append(id)
            next = commits[id]?.parent
        }
        return ids
    }

    mutating func perform(_ action: Effect.Action) throws -> EffectResult {
        switch action {
        case .remoteHeads:
            return .remoteHeads(
                RemoteHeads(branch: isGone ? nil : head, notes: nil, isEmptyRepository: head == nil))
        case .fetch:
            guard let head else { throw SimulationError.impossible("a fetch of an empty repository") }
            return .fetched(FetchedBranch(head: head, wasForced: isForced))
        case .snapshot(let commit, let known):
            guard let tree = commits[commit]?.tree else { throw SimulationError.impossible("no such commit") }
            if tree == known { return .snapshot(nil) }
            let inFolder = files(at: commit).filter { (try? TreePath($0.key))?.isInside(folder) ?? false }
            if let folder, inFolder.isEmpty { return .failed(SimulatedRepository.missing(folder, at: commit)) }
            let sources = try inFolder.sorted { $0.key < $1.key }.map { path, text in
                SourceFile(path: try TreePath(path), blob: try blobID(text), bytes: Array(text.utf8))
            }
            return .snapshot(SourceSnapshot(commit: commit, tree: tree, files: sources, refused: []))
        case .files(let commit, let paths):
            let all = files(at: commit)
            return .files(
                try paths.map { path in
                    guard let text = all[path.text] else {
                        return RequestedFile(path: path, content: .unusable("there is no such file"))
                    }
                    return RequestedFile(
                        path: path, content: .file(blob: try blobID(text), bytes: Array(text.utf8)))
                })
        case .history(let commit, let others, let limit):
            return .history(try history(from: commit, others).prefix(limit).map { $0 })
        case .changedPaths(let old, let new, let others):
            let before = files(at: old)
            let after = files(at: new)
            let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
            return .paths(
                try changed.sorted().map { try TreePath($0) }.filter { $0.isInside(folder) || others.contains($0) })
        case .versions(let paths, let old, let new):
            return try versions(of: paths, from: old, to: new)
        case .readNotes(let commits):
            return .notes(notes.filter { commits.contains($0.key) })
        case .publishNotes(let texts):
            publications += 1
            for note in texts {
                notes[note.commit] = notes[note.commit].map { merge($0, note.text) } ?? note.text
            }
            return .done
        default: throw SimulationError.impossible("an effect that is not git's")
        }
    }

    /// What git says of a folder that is not there: it keeps no empty ones.
    private static func missing(_ folder: TreePath, at commit: CommitID) -> Failure {
        Failure(
            code: .notFound, subject: "the repository", tried: "read \(folder) at \(commit.short)",
            cause: "There is no folder '\(folder)' at \(commit.short).",
            remedy: "Push it, or name another folder in the settings.", disposition: .stalled)
    }

    private func versions(of paths: [TreePath], from old: CommitID, to new: CommitID) throws -> EffectResult {
        let line = try history(from: new, []).map(\.id)
        guard let start = line.firstIndex(of: old) else {
            return .failed(
                Failure(
                    code: .notFound, subject: "memory", tried: "read", cause: "The commit is not part of the history.",
                    disposition: .stalled))
        }
        var versions: [SourceVersion] = []
        for commit in line[...start].reversed() {
            let here = files(at: commit)
            let sources = try Set(paths).sorted().compactMap { path in
                try here[path.text].map {
                    SourceFile(path: path, blob: try blobID($0), bytes: Array($0.utf8))
                }
            }
            if versions.last?.files != sources { versions.append(SourceVersion(commit: commit, files: sources)) }
        }
        return .versions(versions)
    }

    private func history(from commit: CommitID, _ others: [TreePath]) throws -> [CommitInfo] {
        var infos: [CommitInfo] = []
        var next: CommitID? = commit
        while let id = next, let commit = commits[id] {
            infos.append(
                CommitInfo(
                    id: id, parent: commit.parent, folderTree: commit.tree, author: "A. Person",
                    subject: commit.subject, committedAtSeconds: commit.seconds,
                    others: try others.map { try files(at: id)[$0.text].map(blobID) }))
            next = commit.parent
        }
        return infos
    }

    private func treeID(of files: [String: String]) throws -> ObjectID {
        let inFolder = files.filter { (try? TreePath($0.key))?.isInside(folder) ?? false }
        return try blobID(inFolder.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value)" }.joined(separator: "\n"))
    }

    private func blobID(_ text: String) throws -> ObjectID {
        try ObjectID(String(SHA256.hex(of: Array(text.utf8)).prefix(40)))
    }
}

enum SimulationError: Error {
    case impossible(String)
    case neverSettled(String)
}
