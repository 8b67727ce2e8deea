package import MooringHTTPTransport
package import MooringNames
package import MooringPorts
import MooringShapes
import Synchronization

/// A repository on a git host, where results are shown and pull requests are found. How each host speaks is its dialect's; here
/// is only what is sent when, and what is remembered.
package final class LiveGitHost: GitHost {
    let caller: HostCaller
    let dialect: any Dialect
    let gate: HostGate
    let clock: any Clock
    let memory = Mutex(HostMemory())
    private let reading = InFlight<StatusPlace, [WireStatus]>()
    let lookingUp = InFlight<CommitID, MergedHead.Knowledge>()
    let listing = InFlight<HostCall, MergedPage>()
    /// The App on GitHub that we are; nil with a token of a person's.
    let appID: Int?
    let listsDeployments: Bool
    private let log: @Sendable (String) -> Void

    /// - Parameters:
    ///   - gate: shared by all who use this credential.
    ///   - log: told of what is not shown for good although the commit's own status is, each once.
    package init(
        _ settings: HostSettings, client: HTTPClient, clock: any Clock, gate: HostGate,
        log: @escaping @Sendable (String) -> Void,
    ) {
        let tokens: any TokenSource
        var user: String?
        switch settings.credential {
        case .token(let source, let name):
            tokens = source
            user = name
            appID = nil
        case .app(let app):
            tokens = GitHubAppTokens(app, settings: settings, client: client, clock: clock, gate: gate)
            appID = app.id
        }
        caller = HostCaller(
            client: client, repository: settings.repository, tokens: tokens, user: user, gate: gate,
            caFile: settings.caFile, timeout: settings.callTimeout)
        dialect = LiveGitHost.dialect(of: settings.repository, appID: appID)
        self.gate = gate
        self.clock = clock
        listsDeployments = settings.deployments && settings.repository.kind == .github
        self.log = log
    }

    private static func dialect(of repository: HostRepository, appID: Int?) -> any Dialect {
        switch repository.kind {
        case .github: GitHubDialect(repository: repository, appID: appID)
        case .gitlab: GitLabDialect(repository: repository)
        case .gitea: GiteaDialect(repository: repository)
        case .bitbucketCloud: BitbucketCloudDialect(repository: repository)
        case .bitbucketDataCenter: BitbucketDataCenterDialect(repository: repository)
        case .azureDevOps: AzureDevOpsDialect(repository: repository)
        }
    }

    var repository: HostRepository { dialect.repository }

    // MARK: Statuses

    package func post(_ status: CommitStatus) async throws(Failure) {
        try await show(status, at: StatusPlace(commit: status.commit))
        if status.kind == .plan { return }
        // What follows must not hold up what the commit itself shows.
        var later: Failure?
        do throws(Failure) { try await showDeployment(status) } catch { later = error }
        do throws(Failure) { try await showOnHead(status) } catch { later = error }
        if let later { throw later }
    }

    package func states(
        of context: String, on commit: CommitID,
    ) async throws(Failure) -> [String: CommitStatus.State] {
        var states = try await states(of: context, at: StatusPlace(commit: commit))
        guard case .head(let head) = try await head(of: commit) else { return states }
        // Sorted, as nothing may depend on the order of a dictionary.
        for (context, state) in try await self.states(of: context, on: head).sorted(by: { $0.key < $1.key }) {
            if state == .pending || states[context] == nil { states[context] = state }
        }
        return states
    }

    /// Those on a merged head; of a fork that is closed to us, those that were shown here in its place.
    private func states(
        of context: String, on head: MergedHead,
    ) async throws(Failure) -> [String: CommitStatus.State] {
        do throws(Failure) {
            return try await states(of: context, at: head.place)
        } catch {
            guard error.isForGood, error.code != .unauthenticated else { throw error }
        }
        guard head.project != nil else { return [:] }
        do throws(Failure) {
            return try await states(of: context, at: StatusPlace(commit: head.commit))
        } catch {
            guard error.isForGood, error.code != .unauthenticated else { throw error }
            return [:]
        }
    }

    private func states(
        of context: String, at place: StatusPlace,
    ) async throws(Failure) -> [String: CommitStatus.State] {
        var states: [String: CommitStatus.State] = [:]
        for status in try await read(place) where status.context.isContext(of: context) {
            states[status.context] = dialect.state(of: status.word)
        }
        return states
    }

    /// Shows the status at one place, unless it shows there already.
    func show(_ status: CommitStatus, at place: StatusPlace) async throws(Failure) {
        if appID != nil { return try await showCheckRun(status, at: place) }
        let wire = WireStatus(status, in: dialect)
        let key = ShownKey(place: place, key: wire.key)
        let tried = "set the status '\(wire.context)' of"
        let subject = subject(place.commit)
        await readBeforeFirst(place)
        if memory.withLock({ $0.shown[key] }) == wire { return }
        try await gate.takeTurn(for: status, tried: tried, subject: subject)
        let call = dialect.statusCall(wire, at: place)
        let response = try await caller.response(to: call, tried: tried, subject: subject)
        let answer = caller.answer(response, to: call)
        let isDone =
            (200..<300).contains(response.status) && !HostAnswer.isSignInPage(response, of: repository.kind)
        guard isDone || answer.isShownAlready else { throw answer.failure(tried: tried, subject: subject) }
        memory.withLock { $0.shown[key] = wire }
    }

    /// Reads what shows at a place that nothing is known of, on hosts that keep every post: after a restart nothing is posted
    /// that shows already. Where that cannot be read, posting says why.
    private func readBeforeFirst(_ place: StatusPlace) async {
        let isKnown = memory.withLock { $0.read[place] } == true
        guard dialect.rules.keepsEveryPost, !isKnown else { return }
        do throws(Failure) {
            _ = try await read(place)
        } catch {
            // Who may not read would ask before each post.
            if error.isForGood { memory.withLock { $0.read[place] = true } }
        }
    }

    /// The statuses at a place, the newest of each context.
    private func read(_ place: StatusPlace) async throws(Failure) -> [WireStatus] {
        try await reading.answer(to: place) { () throws(Failure) in try await self.readNow(place) }
    }

    private func readNow(_ place: StatusPlace) async throws(Failure) -> [WireStatus] {
        let tried = "read the statuses of"
        let subject = subject(place.commit)
        if appID != nil { return try await readCheckRuns(at: place, tried: tried, subject: subject) }
        let dialect = dialect
        let rows: [WireStatus]
        do throws(Failure) {
            rows = try await caller.rows(
                of: dialect.statusesCall(at: place), tried: tried, subject: subject,
                row: { dialect.statuses(in: $0, at: place) })
        } catch {
            // A commit that the host does not know carries no status.
            guard error.code == .notFound, error.disposition == .invalidInput else { throw error }
            rows = []
        }
        memory.withLock { memory in
            memory.read[place] = true
            for row in rows { memory.shown[ShownKey(place: place, key: row.key)] = row }
        }
        return rows
    }

    // MARK: Words

    /// The repository and the commit, for errors.
    func subject(_ commit: CommitID) -> String { "\(repository)@\(commit.short)" }

    /// Says it, unless it was said before.
    ///
    /// - Parameter matter: what it is about; the words differ from commit to commit.
    func sayOnce(_ text: String, about matter: String) {
        let isNew = memory.withLock { memory in
            defer { memory.said[matter] = true }
            return memory.said[matter] == nil
        }
        if isNew { log(text) }
    }
}
