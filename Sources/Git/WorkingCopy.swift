import CGit2
import MooringHTTPTransport
package import MooringNames
package import MooringPorts

/// The repository around a working folder, read for what it held before. Nothing in it is changed, and nothing is fetched.
package actor WorkingCopy: WorkingFolderHistory {
    private let folder: String
    private let clock: any Clock
    private let executor = BlockingExecutor(label: "mooring.git.working-copy")
    private var opened: OpenMirror?

    /// - Parameter folder: the folder that holds `.git`.
    package init(folder: String, clock: any Clock) {
        self.folder = folder
        self.clock = clock
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The commit that the folder is at.
    package func head() throws(Failure) -> CommitID {
        try run("find the commit of") { mirror, _ throws(GitProblem) in
            guard let key = try mirror.target(of: "HEAD") else {
                throw .missing("The repository has no commit yet.", remedy: "Commit something first.")
            }
            return try key.id
        }
    }

    package func snapshot(
        at commit: CommitID, folder path: TreePath?, unless known: ObjectID?,
    ) async throws(Failure) -> SourceSnapshot? {
        try run("read \(commit.short) of") { mirror, operation throws(GitProblem) in
            let root = try mirror.objects.commit(ObjectKey(commit)).tree
            guard let tree = try mirror.objects.folder(path, below: root) else {
                throw .missing(
                    "There is no folder '\(path?.text ?? "")' at \(commit.short).",
                    remedy: "Name another folder in the settings.")
            }
            let id = try tree.id
            if id == known { return nil }
            var reader = SnapshotReader(limits: ReadingLimits(), operation: operation)
            try reader.read(tree, at: path?.text, from: mirror.objects)
            return SourceSnapshot(
                commit: commit, tree: id, files: reader.files.sorted { $0.path < $1.path },
                refused: reader.refused.sorted { ($0.path, $0.reason) < ($1.path, $1.reason) })
        }
    }

    package func versions(
        of paths: [TreePath], from old: CommitID, to new: CommitID, limit: Int,
    ) async throws(Failure) -> [SourceVersion] {
        try run("read the versions since \(old.short) of") { mirror, operation throws(GitProblem) in
            var walk = VersionWalk(paths, limits: ReadingLimits(), operation: operation)
            return try walk.versions(from: ObjectKey(old), to: ObjectKey(new), limit: limit, in: mirror)
        }
    }

    func run<Answer>(
        _ tried: String, _ body: (OpenMirror, Operation) throws(GitProblem) -> Answer,
    ) throws(Failure) -> Answer {
        do throws(GitProblem) {
            let repository: OpenMirror
            if let opened { repository = opened } else { repository = try OpenMirror.existing(folder) }
            opened = repository
            return try body(repository, Operation(clock: clock, timeout: Limits.readingTimeout))
        } catch {
            throw error.failure(tried: tried, subject: folder)
        }
    }
}
