package import MooringNames
package import MooringPorts
import Synchronization

/// A git host in memory, as bad as a test wants: it shows what is posted, and lists the pull requests that it is given.
package final class InMemoryGitHost: GitHost {
    private let state = Mutex(State())

    private struct State {
        var requests: [PullRequest] = []
        var statuses: [(pullRequest: Int?, status: CommitStatus)] = []
        var comments: [Int: [String: String]] = [:]
        var written = 0
        var failures: [Call: Failure] = [:]
        var calls: [Call: Int] = [:]
    }

    /// What is asked of the host, for failures to be put in its way.
    package enum Call: Hashable, Sendable { case post, states, list, comment }

    package init() {}

    // MARK: What a test does

    package func open(_ requests: [PullRequest]) { state.withLock { $0.requests = requests } }

    /// Calls of this kind end in `failure` from now on; nil mends it.
    package func fail(_ call: Call, with failure: Failure?) { state.withLock { $0.failures[call] = failure } }

    /// Every status that was not a repetition, in order.
    package var statuses: [CommitStatus] { state.withLock { $0.statuses.map(\.status) } }

    /// The newest status of a context on a commit.
    package func status(_ context: String, on commit: CommitID) -> CommitStatus? {
        statuses.last { $0.context == context && $0.commit == commit }
    }

    package func comment(on number: Int, marker: String) -> String? { state.withLock { $0.comments[number]?[marker] } }

    /// How often a comment was put or changed.
    package var writtenComments: Int { state.withLock { $0.written } }

    /// How often each call was made.
    package var calls: [Call: Int] { state.withLock { $0.calls } }

    // MARK: The port

    package func post(_ status: CommitStatus) async throws(Failure) { try show(status, on: nil) }

    package func post(_ status: CommitStatus, on pullRequest: PullRequest) async throws(Failure) {
        try show(status, on: pullRequest.number)
    }

    package func states(
        of context: String, on commit: CommitID,
    ) async throws(Failure) -> [String: CommitStatus.State] {
        try begin(.states)
        let shown = statuses.filter { status in
            status.commit == commit
                && (status.context == context || status.context.hasPrefix(context + "/")
                    || status.context.hasPrefix(context + " "))
        }
        return Dictionary(shown.map { ($0.context, $0.state) }, uniquingKeysWith: { _, new in new })
    }

    package func openPullRequests(into branch: BranchName, limit: Int) async throws(Failure) -> [PullRequest] {
        try begin(.list)
        return Array(state.withLock { $0.requests.filter { $0.base == branch } }.prefix(limit))
    }

    package func comment(
        _ text: String, marker: String, on pullRequest: PullRequest, begins: Bool,
    ) async throws(Failure) -> String? {
        try begin(.comment)
        return state.withLock { state in
            let before = state.comments[pullRequest.number]?[marker]
            guard before != nil || begins else { return nil }
            if before != text { state.written += 1 }
            state.comments[pullRequest.number, default: [:]][marker] = text
            return "https://host.example/pulls/\(pullRequest.number)#\(marker)"
        }
    }

    // MARK: Parts

    private func begin(_ call: Call) throws(Failure) {
        let failure = state.withLock { state in
            state.calls[call, default: 0] += 1
            return state.failures[call]
        }
        if let failure { throw failure }
    }

    private func show(_ status: CommitStatus, on pullRequest: Int?) throws(Failure) {
        try begin(.post)
        state.withLock { state in
            let last = state.statuses.last { $0.status.commit == status.commit && $0.status.context == status.context }
            if last?.status != status { state.statuses.append((pullRequest, status)) }
        }
    }
}
