import Dispatch
import Foundation
import MooringHTTPTransport
package import MooringNames
package import MooringPorts

/// A git repository, seen through a bare mirror on the disk.
///
/// One for each repository, whatever number of environments read it: all their branches, folders and notes share it. Its
/// calls block, for up to minutes, so it runs on a thread of its own and never on Swift's. Nothing in the mirror is
/// precious: a damaged one is made anew.
package actor GitMirror: GitRepository {
    /// What a mirror needs to know.
    package struct Settings: Sendable {
        /// Where branches are fetched from.
        package var source: GitRemoteSettings
        /// The same repository as `source`, for notes and for commits to a branch; nil is the same as `source`. Lets what is
        /// pushed have a credential that may write, while the source's may only read.
        package var notes: GitRemoteSettings?
        /// Who signs the commits of notes and of changes to a branch.
        package var committerName = "Mooring"
        package var committerAddress = "mooring@localhost"
        package var reading = ReadingLimits()
        package var merging = MergeLimits()
        /// Packs in the mirror before it is cloned afresh.
        package var packs = Limits.packs

        package init(source: GitRemoteSettings, notes: GitRemoteSettings? = nil) {
            self.source = source
            self.notes = notes
        }
    }

    /// Which of the two remotes.
    enum Side: Hashable {
        case source, notes
    }

    /// `<data folder>/mirrors/<id>.git`.
    let folder: String
    let settings: Settings
    let clock: any Clock
    let randomFraction: @Sendable () -> Double
    let merge: NoteMerge
    private let executor: BlockingExecutor

    private var opened: OpenMirror?
    /// Something in the mirror could not be read.
    private var isSuspect = false
    private var replacedAt: Duration?
    private var connections: [Side: HTTPGitConnection] = [:]
    /// What was fetched since the start, for cloning afresh: names of refs at the server, and in the mirror.
    var fetchedRefs: [String: String] = [:]
    /// The same of the proposals that each reader fetched last.
    var proposalsOfReaders: [String: [String: String]] = [:]
    var fetchedProposals: [String: String] {
        proposalsOfReaders.values.reduce(into: [:]) { all, one in all.merge(one) { name, _ in name } }
    }
    /// What was merged of late, the newest last.
    var mergedCommits: [MergedCommit] = []
    var compactedAt: Duration?

    /// - Parameters:
    ///   - folder: the mirror's own folder, made when it is first needed.
    ///   - randomFraction: at least 0 and below 1; spreads the attempts of competing writers.
    ///   - merge: how two texts of one note become one.
    package init(
        folder: String, settings: Settings, clock: any Clock, randomFraction: @escaping @Sendable () -> Double,
        merge: @escaping NoteMerge,
    ) {
        self.folder = folder
        self.settings = settings
        self.clock = clock
        self.randomFraction = randomFraction
        self.merge = merge
        executor = BlockingExecutor(label: "mooring.git." + (folder.split(separator: "/").last.map(String.init) ?? ""))
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    // MARK: The port

    package func remoteHeads(branch: BranchName, notes: NotesRef) async throws(Failure) -> RemoteHeads {
        let attempt = Attempt("ask for the refs of", .source)
        return try await run(attempt, for: settings.source.deadlines.list) { operation throws(GitProblem) in
            let conversation = try self.conversation(.source, operation)
            try conversation.connect()
            let heads = try conversation.heads()
            return RemoteHeads(
                branch: try heads["refs/heads/\(branch)"]?.id, notes: try heads[notes.description]?.id,
                isEmptyRepository: heads.isEmpty,
            )
        }
    }

    package func fetch(branch: BranchName) async throws(Failure) -> FetchedBranch {
        let fetched = try await healing { () throws(Failure) in try await fetchOnce(branch) }
        await compactIfGrown()
        return fetched
    }

    private func fetchOnce(_ branch: BranchName) async throws(Failure) -> FetchedBranch {
        let attempt = Attempt("fetch the branch '\(branch)' of", .source)
        return try await run(attempt, for: settings.source.deadlines.transfer) { operation throws(GitProblem) in
            let mirror = try self.mirror()
            let name = try MirrorRef.branch(branch)
            let before = try mirror.target(of: name)
            let conversation = try self.conversation(.source, operation)
            try conversation.connect()
            let heads = try conversation.heads()
            if heads.isEmpty { throw .emptyRepository }
            let remoteName = "refs/heads/\(branch)"
            guard let head = heads[remoteName] else { throw .missingBranch(branch.text) }
            try self.bring(head, named: remoteName, as: name, conversation, operation)
            var wasForced = false
            if let before { wasForced = try !mirror.isAncestor(before, of: head) }
            return FetchedBranch(head: try head.id, wasForced: wasForced)
        }
    }

    // MARK: Parts

    /// Makes sure that `head` is in the mirror, and points the mirror's ref to it.
    func bring(
        _ head: ObjectKey, named remoteName: String, as name: String, _ conversation: Conversation,
        _ operation: Operation,
    ) throws(GitProblem) {
        let mirror = try mirror()
        if !mirror.objects.contains(head) {
            try conversation.download([remoteName])
            guard mirror.objects.contains(head) else {
                throw .incomplete("The server did not send the commit \(head.hex) that it advertises.")
            }
        }
        try mirror.set(name, to: head)
        fetchedRefs[remoteName] = name
    }

    /// The mirror, opened when it is first needed.
    func mirror() throws(GitProblem) -> OpenMirror {
        if let opened { return opened }
        let made = try OpenMirror.open(folder)
        opened = made
        return made
    }

    /// Lets go of the folder, so that it can be replaced.
    func closeMirror() { opened = nil }

    /// A conversation with one of the two remotes, not yet connected.
    func conversation(_ side: Side, _ operation: Operation, in mirror: OpenMirror? = nil) throws(GitProblem)
        -> Conversation
    {
        let remote = remote(side)
        let used: OpenMirror
        if let mirror { used = mirror } else { used = try self.mirror() }
        return try Conversation(
            mirror: used, address: remote.address, operation: operation,
            connection: try connection(side, remote, operation),
        )
    }

    func remote(_ side: Side) -> GitRemoteSettings {
        side == .notes ? settings.notes ?? settings.source : settings.source
    }

    /// nil for a folder of this machine, which libgit2 reads and writes itself.
    func connection(
        _ side: Side, _ remote: GitRemoteSettings, _ operation: Operation,
    ) throws(GitProblem) -> (any SmartConnection)? {
        switch remote.address.place {
        case .local(let path):
            // libgit2 would take a path that is not there for an address of another kind.
            guard FileManager.default.fileExists(atPath: path) else {
                throw .transport(TransportFault(.notFound, "There is no such folder.", .stalled))
            }
            return nil
        case .http(let url):
            let kept = settings.notes == nil ? .source : side
            let connection: HTTPGitConnection
            if let known = connections[kept] {
                connection = known
            } else {
                connection = try HTTPGitConnection(url: url, settings: remote)
                connections[kept] = connection
            }
            connection.use(operation)
            return connection
        case .ssh(let place):
            guard case .ssh(let identity) = remote.credential else {
                throw .transport(TransportFault(.unauthenticated, "No ssh key is set for an ssh address.", .stalled))
            }
            return SSHGitConnection(place: place, settings: remote, identity: identity, operation: operation)
        }
    }

    /// Does something that reads the mirror; where the mirror turns out to be damaged, replaces it and tries once more.
    ///
    /// At most once in a while: what the server itself has broken is broken in the next mirror too.
    func healing<Answer: Sendable>(
        _ body: () async throws(Failure) -> Answer,
    ) async throws(Failure) -> Answer {
        do throws(Failure) {
            return try await body()
        } catch {
            if let replacedAt, clock.uptime - replacedAt < Limits.replacementPause { throw error }
            guard isSuspect else { throw error }
            replacedAt = clock.uptime
            do throws(Failure) {
                try await replaceDamaged()
            } catch _ {
                // The server may be away; what is still readable is kept until it is back.
                throw error
            }
            isSuspect = false
            return try await body()
        }
    }

    // MARK: Running

    /// What was tried, for messages.
    struct Attempt {
        let tried: String
        let side: Side

        init(_ tried: String, _ side: Side) {
            self.tried = tried
            self.side = side
        }
    }

    /// Runs a blocking piece of work under a deadline, ended early when the calling task is cancelled.
    func run<Answer: Sendable>(
        _ attempt: Attempt, for timeout: Duration, _ body: (Operation) throws(GitProblem) -> Answer,
    ) async throws(Failure) -> Answer {
        let cancellation = CancelFlag()
        let result = await withTaskCancellationHandler(
            operation: { () -> Result<Answer, GitProblem> in
                let operation = Operation(
                    clock: clock, timeout: timeout, cancellation: cancellation,
                    receivedBytesMaximum: remote(attempt.side).receivedBytes,
                )
                return Result { () throws(GitProblem) in
                    try operation.checkTime()
                    return try body(operation)
                }
            }, onCancel: { cancellation.raise() }, isolation: self)
        do {
            return try result.get()
        } catch {
            if error.hintsAtDamage { isSuspect = true }
            throw error.failure(attempt.tried, remote(attempt.side), mirror: folder)
        }
    }

    /// As `run`, for work that reads the mirror.
    func read<Answer: Sendable>(
        _ attempt: Attempt, for timeout: Duration, _ body: (Operation) throws(GitProblem) -> Answer,
    ) async throws(Failure) -> Answer {
        try await healing { () throws(Failure) in try await run(attempt, for: timeout, body) }
    }
}

/// Runs an actor's jobs on a queue of its own: libgit2 blocks, and the threads of Swift's own pool are few.
final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
