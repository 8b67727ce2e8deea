package import MooringNames

/// Where the notes of one environment are kept: `refs/notes/mooring/<environment>`.
package struct NotesRef: Hashable, Sendable, CustomStringConvertible {
    package let environment: EnvironmentName
    package init(_ environment: EnvironmentName) { self.environment = environment }
    package var description: String { "refs/notes/mooring/\(environment)" }
}

/// What a server advertises of the refs we asked about (`git ls-remote`).
package struct RemoteHeads: Hashable, Sendable {
    /// Where the branch stands; nil where the server has no such branch.
    package let branch: CommitID?
    /// Where the notes ref stands; nil where there is none yet.
    package let notes: CommitID?
    /// The server advertises no ref at all.
    package let isEmptyRepository: Bool

    package init(branch: CommitID?, notes: CommitID?, isEmptyRepository: Bool) {
        self.branch = branch
        self.notes = notes
        self.isEmptyRepository = isEmptyRepository
    }
}

/// Where the branch stands in the mirror after a fetch.
package struct FetchedBranch: Hashable, Sendable {
    package let head: CommitID
    /// The branch moved to a commit that does not descend from where it stood.
    package let wasForced: Bool

    package init(head: CommitID, wasForced: Bool) {
        self.head = head
        self.wasForced = wasForced
    }
}

/// What people need to recognise a commit.
package struct CommitInfo: Hashable, Sendable {
    package let id: CommitID
    /// First parent; nil for a root commit.
    package let parent: CommitID?
    /// Id of the environment folder's tree in this commit; nil where the folder does not exist.
    package let folderTree: ObjectID?
    package let author: String
    /// First line of the message, at most 200 characters.
    package let subject: String
    package let committedAtSeconds: Int64
    /// Ids of the other files that were asked about, in the order of the question; nil where this commit has no such file.
    package let others: [ObjectID?]

    package init(
        id: CommitID, parent: CommitID?, folderTree: ObjectID?, author: String, subject: String,
        committedAtSeconds: Int64, others: [ObjectID?] = [],
    ) {
        self.id = id
        self.parent = parent
        self.folderTree = folderTree
        self.author = author
        self.subject = subject
        self.committedAtSeconds = committedAtSeconds
        self.others = others
    }
}

/// A file of an environment's folder, as one commit has it.
package struct SourceFile: Hashable, Sendable {
    /// From the repository's root.
    package let path: TreePath
    package let blob: ObjectID
    package let bytes: [UInt8]

    package init(path: TreePath, blob: ObjectID, bytes: [UInt8]) {
        self.path = path
        self.blob = blob
        self.bytes = bytes
    }
}

/// What came of asking for one file by its path.
package struct RequestedFile: Hashable, Sendable {
    package let path: TreePath
    package let content: Content

    package enum Content: Hashable, Sendable {
        case file(blob: ObjectID, bytes: [UInt8])
        /// There is no such file, or it may not be read (symlink, too large); the clause says why.
        case unusable(String)
    }

    package init(path: TreePath, content: Content) {
        self.path = path
        self.content = content
    }

    /// The file's id, nil where it could not be read.
    package var blob: ObjectID? {
        if case .file(let blob, _) = content { return blob }
        return nil
    }
}

/// A folder of manifests at one commit.
package struct SourceSnapshot: Hashable, Sendable {
    package let commit: CommitID
    /// Id of the folder's tree: equal ids mean equal content.
    package let tree: ObjectID
    /// Every `*.json`, `*.yaml` and `*.yml` below the folder, sorted by path.
    package let files: [SourceFile]
    /// Entries that may not be read, and why (symlink, too large, hostile name); paths are for display only.
    package let refused: [Refusal]

    package struct Refusal: Hashable, Sendable {
        package let path: String
        package let reason: String
        package init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    package init(commit: CommitID, tree: ObjectID, files: [SourceFile], refused: [Refusal]) {
        self.commit = commit
        self.tree = tree
        self.files = files
        self.refused = refused
    }
}

/// Some files as one commit has them.
package struct SourceVersion: Hashable, Sendable {
    package let commit: CommitID
    /// Those of the files asked for that are there and may be read, sorted by path.
    package let files: [SourceFile]

    package init(commit: CommitID, files: [SourceFile]) {
        self.commit = commit
        self.files = files
    }
}

/// What a repository held before. Nothing here talks to a server.
package protocol SourceHistory: Sendable {
    /// Reads the manifests below `folder` (nil: the root) at `commit`, which must be in the repository.
    ///
    /// - Returns: nil where the folder's tree is still `known`, so that nothing need be parsed again.
    /// - Throws: `.notFound` where the commit or the folder does not exist; `.limitExceeded` where a cap is reached.
    func snapshot(
        at commit: CommitID, folder: TreePath?, unless known: ObjectID?,
    ) async throws(Failure) -> SourceSnapshot?

    /// The distinct versions of some files along the first parents from `old` to `new`, oldest first: as `old` has them,
    /// then as each later commit has them that changes one. Where `old` was merged from another branch, so that first
    /// parents do not lead to it, as `old` and as `new` have them.
    ///
    /// - Parameter limit: most versions that are answered; of more, those that follow `old` are left out, never itself.
    /// - Throws: `.notFound` where `new` does not descend from `old`, whether or not `old` can still be read: what a forced
    ///   push left behind is in one mirror and not in the next. `.limitExceeded` where `old` lies too far back.
    func versions(
        of paths: [TreePath], from old: CommitID, to new: CommitID, limit: Int,
    ) async throws(Failure) -> [SourceVersion]
}

/// The repository around a working folder.
package protocol WorkingFolderHistory: SourceHistory {
    /// The commit that the folder is at. `.notFound` where there is none yet.
    func head() async throws(Failure) -> CommitID
}

/// A git repository, seen through a bare mirror of it. Every method has a deadline of its own and ends by it.
package protocol GitRepository: SourceHistory {
    /// Asks the server where the branch and the notes stand. One round trip; nothing is written.
    func remoteHeads(branch: BranchName, notes: NotesRef) async throws(Failure) -> RemoteHeads

    /// Brings the branch into the mirror. A branch the server does not have is `.notFound`; the mirror then keeps its own.
    func fetch(branch: BranchName) async throws(Failure) -> FetchedBranch

    /// Reads single files by their paths at `commit`, under the same rules as `snapshot`.
    ///
    /// - Returns: one answer for each path, in their order.
    /// - Throws: `.notFound` where the commit does not exist; `.limitExceeded` where a cap is reached.
    func files(at commit: CommitID, paths: [TreePath]) async throws(Failure) -> [RequestedFile]

    /// The first-parent history from `commit`, newest first, at most `limit` commits.
    ///
    /// - Parameter others: files outside of the folder whose ids every commit is asked for.
    func history(
        from commit: CommitID, folder: TreePath?, others: [TreePath], limit: Int,
    ) async throws(Failure) -> [CommitInfo]

    /// Paths below `folder`, and those of `others`, whose content differs between the two commits, sorted; nil as `old`
    /// means everything that `new` has.
    func changedPaths(
        from old: CommitID?, to new: CommitID, folder: TreePath?, others: [TreePath],
    ) async throws(Failure) -> [TreePath]

    /// Fetches the notes ref and reads the notes on `commits`. Commits without a note are absent.
    func notes(_ ref: NotesRef, on commits: [CommitID]) async throws(Failure) -> [CommitID: String]

    /// Writes one notes commit with all `notes` and pushes it without force, merging and retrying where another writer
    /// was faster. When it returns, the server has accepted the notes.
    func publish(_ notes: [CommitID: String], to ref: NotesRef) async throws(Failure)
}

extension GitRepository {
    /// The history of a folder on its own.
    package func history(
        from commit: CommitID, folder: TreePath?, limit: Int,
    ) async throws(Failure) -> [CommitInfo] {
        try await history(from: commit, folder: folder, others: [], limit: limit)
    }

    /// What differs in a folder on its own.
    package func changedPaths(
        from old: CommitID?, to new: CommitID, folder: TreePath?,
    ) async throws(Failure) -> [TreePath] {
        try await changedPaths(from: old, to: new, folder: folder, others: [])
    }
}

/// How two texts of one note become one: what another writer has put there, and ours. Pure; given to the repository when
/// it is opened, because what a note means is not git's business.
package typealias NoteMerge = @Sendable (_ existing: String, _ ours: String) -> String
