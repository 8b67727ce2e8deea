package import MooringNames
package import MooringPorts
import Synchronization

/// A git server and a mirror of it in memory, both sides: deterministic, without a clock, and as bad as a test wants.
///
/// Its behaviour is a value, `GitWorld`; the class only keeps one and guards it.
package final class InMemoryGitRepository: GitRepository, GitSource {
    private let world: Mutex<GitWorld>
    private let merge: NoteMerge

    package init(merge: @escaping NoteMerge = GitConformance.merge) {
        world = Mutex(GitWorld())
        self.merge = merge
    }

    /// What is asked of the repository, for failures to be put in its way.
    package enum Call: String, Hashable, Sendable, CaseIterable {
        case remoteHeads, fetch, snapshot, files, history, changedPaths, versions, notes, publish, remoteRefs,
            fetchRefs, merge,
            commit
    }

    /// The next `count` calls of this kind end in `failure`; 0 takes what was set before back.
    package func fail(_ call: Call, with failure: Failure, count: Int = 1) {
        world.withLock { $0.failures[call] = count > 0 ? (failure, count) : nil }
    }

    /// The next `count` pushes of notes lose against another writer, and are repeated. Eight in a row are a conflict.
    package func loseRaces(_ count: Int) { world.withLock { $0.racesToLose = count } }

    /// How often each call was made.
    package var calls: [Call: Int] { world.withLock { $0.calls } }

    // MARK: The mirror's side

    package func remoteHeads(branch: BranchName, notes: NotesRef) async throws(Failure) -> RemoteHeads {
        try answer(.remoteHeads) { (world) throws(Failure) in
            RemoteHeads(
                branch: world.branches[branch], notes: world.notes[notes.description]?.id,
                isEmptyRepository: world.branches.isEmpty && world.notes.isEmpty,
            )
        }
    }

    package func fetch(branch: BranchName) async throws(Failure) -> FetchedBranch {
        try answer(.fetch) { (world) throws(Failure) in try world.fetch(branch) }
    }

    package func snapshot(
        at commit: CommitID, folder: TreePath?, unless known: ObjectID?,
    ) async throws(Failure) -> SourceSnapshot? {
        try answer(.snapshot) { (world) throws(Failure) in try world.snapshot(commit, folder, unless: known) }
    }

    package func files(at commit: CommitID, paths: [TreePath]) async throws(Failure) -> [RequestedFile] {
        try answer(.files) { (world) throws(Failure) in try world.files(commit, paths) }
    }

    package func history(
        from commit: CommitID, folder: TreePath?, others: [TreePath], limit: Int,
    ) async throws(Failure) -> [CommitInfo] {
        try answer(.history) { (world) throws(Failure) in try world.history(commit, folder, others, limit) }
    }

    package func changedPaths(
        from old: CommitID?, to new: CommitID, folder: TreePath?, others: [TreePath],
    ) async throws(Failure) -> [TreePath] {
        try answer(.changedPaths) { (world) throws(Failure) in try world.changedPaths(old, new, folder, others) }
    }

    package func versions(
        of paths: [TreePath], from old: CommitID, to new: CommitID, limit: Int,
    ) async throws(Failure) -> [SourceVersion] {
        try answer(.versions) { (world) throws(Failure) in try world.versions(paths, old, new, limit) }
    }

    package func notes(_ ref: NotesRef, on commits: [CommitID]) async throws(Failure) -> [CommitID: String] {
        try answer(.notes) { (world) throws(Failure) in
            let all = world.notes[ref.description]?.texts ?? [:]
            return all.filter { commits.contains($0.key) }
        }
    }

    package func publish(_ notes: [CommitID: String], to ref: NotesRef) async throws(Failure) {
        try answer(.publish) { (world) throws(Failure) in try world.publish(notes, ref.description, merge) }
    }

    /// Does a piece of work on the world, counted as a call of its kind; nil is part of another one.
    func answer<Answer: Sendable>(
        _ call: Call?, _ body: (inout GitWorld) throws(Failure) -> Answer,
    ) throws(Failure) -> Answer {
        let result = world.withLock { world in
            Result { () throws(Failure) in
                if let call { try world.begin(call) }
                return try body(&world)
            }
        }
        return try result.get()
    }

    // MARK: The server's side

    func change(_ body: (inout GitWorld) throws -> Void) throws { try world.withLock { try body(&$0) } }

    package func commit(
        _ changes: [String: String?], to branch: BranchName, message: String,
    ) throws -> CommitID {
        try world.withLock { try $0.commit(changes, to: branch, message, onto: $0.branches[branch]) }
    }

    package func replace(_ branch: BranchName, with files: [String: String], message: String) throws -> CommitID {
        try world.withLock { try $0.commit(files.mapValues { $0 }, to: branch, message, onto: nil) }
    }

    package func delete(_ branch: BranchName) throws { world.withLock { $0.branches[branch] = nil } }

    package func note(on commit: CommitID, ref: String) throws -> String? {
        world.withLock { $0.notes[ref]?.texts[commit] }
    }

    package func writeNote(_ text: String, on commit: CommitID, ref: String) throws {
        try world.withLock { world in
            var notes = world.notes[ref] ?? GitWorld.Notes()
            notes.texts[commit] = text + "\n"
            try world.store(notes, ref)
        }
    }
}

/// A server's repository and a mirror of it, as a value.
struct GitWorld {
    /// A commit with all its files.
    struct Commit {
        let info: CommitInfo
        let files: [TreePath: [UInt8]]
        /// The other parent of a merge.
        var second: CommitID?
    }

    /// The notes behind one ref.
    struct Notes {
        var id: CommitID?
        var texts: [CommitID: String] = [:]
    }

    /// The server's branches and notes, and the branches that the mirror has fetched.
    var branches: [BranchName: CommitID] = [:]
    var notes: [String: Notes] = [:]
    var fetched: [BranchName: CommitID] = [:]
    /// The server's refs that are neither.
    var others: [String: CommitID] = [:]
    /// Every commit there ever was, and those that the mirror has.
    var commits: [CommitID: Commit] = [:]
    var mirrored: Set<CommitID> = []

    var failures: [InMemoryGitRepository.Call: (failure: Failure, count: Int)] = [:]
    var racesToLose = 0
    var calls: [InMemoryGitRepository.Call: Int] = [:]

    mutating func begin(_ call: InMemoryGitRepository.Call) throws(Failure) {
        calls[call, default: 0] += 1
        guard let planned = failures[call] else { return }
        failures[call] = planned.count > 1 ? (planned.failure, planned.count - 1) : nil
        throw planned.failure
    }

    // MARK: The server's side

    mutating func commit(
        _ changes: [String: String?], to branch: BranchName, _ message: String, onto parent: CommitID?,
    ) throws -> CommitID {
        var files = parent.flatMap { commits[$0]?.files } ?? [:]
        for (path, text) in changes { files[try TreePath(path)] = text.map { Array($0.utf8) } }
        // The number keeps apart commits that are alike: `replace` twice with the same files.
        let id = try GitWorld.id("commit \(commits.count) \(parent?.text ?? "") \(message) \(GitWorld.content(files))")
        commits[id] = Commit(
            info: CommitInfo(
                id: id, parent: parent, folderTree: nil, author: "Ada Lovelace",
                subject: String(message.prefix { !$0.isNewline }), committedAtSeconds: 1_700_000_000,
            ),
            files: files,
        )
        branches[branch] = id
        return id
    }

    mutating func store(_ changed: Notes, _ ref: String) throws {
        var changed = changed
        let content = changed.texts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "\n")
        changed.id = try GitWorld.id("notes \(changed.id?.text ?? "") \(content)")
        notes[ref] = changed
    }

    // MARK: The mirror's side

    mutating func fetch(_ branch: BranchName) throws(Failure) -> FetchedBranch {
        guard let head = branches[branch] else {
            throw GitWorld.notFound("fetch", "The repository has no branch '\(branch)'.")
        }
        let before = fetched[branch]
        fetched[branch] = head
        let ancestors = ancestors(of: head)
        mirrored.formUnion(ancestors)
        return FetchedBranch(head: head, wasForced: before.map { !ancestors.contains($0) } ?? false)
    }

    func snapshot(
        _ id: CommitID, _ folder: TreePath?, unless known: ObjectID?,
    ) throws(Failure) -> SourceSnapshot? {
        let commit = try commit(id)
        guard let tree = try tree(of: commit, folder) else {
            throw GitWorld.notFound("read", "There is no folder '\(folder?.text ?? "")' at \(id.short).")
        }
        if tree == known { return nil }
        var files: [SourceFile] = []
        for (path, bytes) in commit.files.sorted(by: { $0.key < $1.key }) where path.isInside(folder) {
            guard [".json", ".yaml", ".yml"].contains(where: { path.text.hasSuffix($0) }) else { continue }
            files.append(SourceFile(path: path, blob: try GitWorld.blob(bytes), bytes: bytes))
        }
        return SourceSnapshot(commit: id, tree: tree, files: files, refused: [])
    }

    func files(_ id: CommitID, _ paths: [TreePath]) throws(Failure) -> [RequestedFile] {
        let commit = try commit(id)
        var answers: [RequestedFile] = []
        for path in paths {
            var content = RequestedFile.Content.unusable("there is no such file")
            if let bytes = commit.files[path] { content = .file(blob: try GitWorld.blob(bytes), bytes: bytes) }
            answers.append(RequestedFile(path: path, content: content))
        }
        return answers
    }

    private static func blob(_ bytes: [UInt8]) throws(Failure) -> ObjectID { try objectID("blob \(bytes)") }

    func history(
        _ start: CommitID, _ folder: TreePath?, _ others: [TreePath], _ limit: Int,
    ) throws(Failure) -> [CommitInfo] {
        var infos: [CommitInfo] = []
        var next: CommitID? = start
        while let id = next, infos.count < limit {
            let commit = try commit(id)
            var ids: [ObjectID?] = []
            for path in others { ids.append(try commit.files[path].map(GitWorld.blob)) }
            infos.append(
                CommitInfo(
                    id: id, parent: commit.info.parent, folderTree: try tree(of: commit, folder),
                    author: commit.info.author, subject: commit.info.subject,
                    committedAtSeconds: commit.info.committedAtSeconds, others: ids,
                ),
            )
            next = commit.info.parent
        }
        return infos
    }

    func changedPaths(
        _ old: CommitID?, _ new: CommitID, _ folder: TreePath?, _ others: [TreePath],
    ) throws(Failure) -> [TreePath] {
        var before: [TreePath: [UInt8]] = [:]
        if let old { before = try commit(old).files }
        let after = try commit(new).files
        return Set(before.keys).union(after.keys).filter { path in
            (path.isInside(folder) || others.contains(path)) && before[path] != after[path]
        }.sorted()
    }

    func versions(
        _ paths: [TreePath], _ old: CommitID, _ new: CommitID, _ limit: Int,
    ) throws(Failure) -> [SourceVersion] {
        _ = try commit(old)
        var line: [Commit] = []
        var next: CommitID? = new
        while let id = next, id != old {
            let commit = try commit(id)
            line.append(commit)
            next = commit.info.parent
        }
        guard next == old else {
            throw GitWorld.notFound("read", "The commit \(old.short) is not part of the history of \(new.short).")
        }
        var versions = [try version(of: commit(old), paths)]
        for commit in line.reversed() {
            let version = try version(of: commit, paths)
            if version.files != versions.last?.files { versions.append(version) }
        }
        return Array(versions.prefix(1) + versions.dropFirst().suffix(max(0, limit - 1)))
    }

    private func version(of commit: Commit, _ paths: [TreePath]) throws(Failure) -> SourceVersion {
        var files: [SourceFile] = []
        for path in Set(paths).sorted() {
            guard let bytes = commit.files[path] else { continue }
            files.append(SourceFile(path: path, blob: try GitWorld.objectID("blob \(bytes)"), bytes: bytes))
        }
        return SourceVersion(commit: commit.info.id, files: files)
    }

    mutating func publish(_ texts: [CommitID: String], _ ref: String, _ merge: NoteMerge) throws(Failure) {
        if racesToLose >= 8 {
            racesToLose -= 8
            throw Failure(
                code: .conflict, subject: "memory", tried: "publish notes to", cause: "Another writer was faster.",
                disposition: .retry(after: nil),
            )
        }
        racesToLose = 0
        var changed = notes[ref] ?? Notes()
        for (commit, ours) in texts {
            let existing = changed.texts[commit]
            changed.texts[commit] = existing.map { $0 == ours ? ours : merge($0, ours) } ?? ours
        }
        if changed.texts == notes[ref]?.texts { return }
        do { try store(changed, ref) } catch { throw GitWorld.notFound("publish", "\(error)") }
    }

    func commit(_ id: CommitID) throws(Failure) -> Commit {
        guard mirrored.contains(id), let commit = commits[id] else {
            throw GitWorld.notFound("read", "The commit \(id.short) is not in the mirror.")
        }
        return commit
    }

    /// The id of a folder's content; nil where nothing lies in it. The root is always there.
    private func tree(of commit: Commit, _ folder: TreePath?) throws(Failure) -> ObjectID? {
        let below = commit.files.filter { $0.key.isInside(folder) && $0.key != folder }
        if below.isEmpty, folder != nil { return nil }
        return try GitWorld.objectID("tree \(GitWorld.content(below))")
    }

    private static func content(_ files: [TreePath: [UInt8]]) -> String {
        files.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "\n")
    }

    static func notFound(_ tried: String, _ cause: String) -> Failure {
        Failure(code: .notFound, subject: "memory", tried: tried, cause: cause, disposition: .stalled)
    }

    static func objectID(_ content: String) throws(Failure) -> ObjectID {
        do { return try id(content) } catch { throw notFound("name", "\(error)") }
    }

    /// Forty digits that depend on nothing but the content: FNV-1a from three starting points.
    private static func id(_ content: String) throws(NameError) -> ObjectID {
        var digits = ""
        for start: UInt64 in [0xCBF2_9CE4_8422_2325, 0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F] {
            var hash = start
            for byte in content.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            // FNV's last bits are weak: one more turn spreads them.
            hash = (hash ^ (hash >> 29)) &* 0xBF58_476D_1CE4_E5B9
            let hex = String(hash, radix: 16)
            digits += String(repeating: "0", count: 16 - hex.count) + hex
        }
        return try ObjectID(String(digits.prefix(40)))
    }
}
