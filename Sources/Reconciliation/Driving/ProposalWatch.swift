import MooringModel
package import MooringNames
package import MooringPorts

/// The outside of the proposals of one environment.
package struct ProposalPorts: Sendable {
    package var repository: any ProposalRepository & GitRepository
    package var aws: any AWSClient
    package var host: any GitHost
    package var clock: any Clock

    package init(
        repository: any ProposalRepository & GitRepository, aws: any AWSClient, host: any GitHost, clock: any Clock,
    ) {
        self.repository = repository
        self.aws = aws
        self.host = host
        self.clock = clock
    }
}

/// Something worth telling about proposals.
package enum ProposalEvent: Hashable, Sendable {
    /// What was said about one, on the host.
    case judged(name: String, head: CommitID, summary: String, isGood: Bool)
    /// Proposals cannot be looked at, or one of them cannot be planned or told of. Said once, and again when its kind changes.
    case problem(Failure, of: String)
    /// What was told as a problem works again.
    case recovered(subject: String)
}

/// Tells on every open pull request, and on every head of a merge queue, what the merge would do.
///
/// Level-triggered as everything else: each look compares what is open with what was said. After a restart everything open is
/// planned again; the host's own memory keeps the same from being said twice.
package struct ProposalWatch: Sendable {
    private let environment: EnvironmentPolicy
    private let policy: ProposalPolicy
    private let ports: ProposalPorts
    private let onEvent: @Sendable (ProposalEvent) -> Void
    private var book = ProposalBook()
    private var problems: [String: Failure.Code] = [:]

    package init(
        _ environment: EnvironmentPolicy, policy: ProposalPolicy, ports: ProposalPorts,
        onEvent: @escaping @Sendable (ProposalEvent) -> Void,
    ) {
        self.environment = environment
        self.policy = policy
        self.ports = ports
        self.onEvent = onEvent
    }

    /// Looks again and again until the task is cancelled.
    ///
    /// - Parameter hints: each says that looking now is worth it.
    package static func run(_ watch: ProposalWatch, hints: Hints) async {
        var watch = watch
        while !Task.isCancelled {
            let seen = hints.count
            let isComplete = await watch.look()
            if Task.isCancelled { return }
            let wait = isComplete ? watch.policy.interval : min(watch.policy.interval, Limits.proposalPause)
            await hints.wait(past: seen, atMost: wait, clock: watch.ports.clock)
        }
    }

    /// One look.
    ///
    /// - Returns: whether everything that is open has been judged.
    package mutating func look() async -> Bool {
        do throws(Failure) {
            let isComplete = try await judgeDue()
            recover("pull requests")
            return isComplete
        } catch {
            tell(error, of: "pull requests")
            return true
        }
    }

    private mutating func judgeDue() async throws(Failure) -> Bool {
        let branch = environment.branch
        let requests = try await ports.host.openPullRequests(into: branch, limit: Limits.openProposals)
        let prefixes = Proposal.queuePrefixes(requests, branch: branch, policy: policy)
        let refs = prefixes.isEmpty ? [:] : try await ports.repository.remoteRefs(below: prefixes)
        if requests.count >= Limits.openProposals {
            tell(ProposalWatch.tooMany, of: "more pull requests")
        } else {
            recover("more pull requests")
        }
        let open = Proposal.all(requests, branch: branch, refs: refs, policy: policy)
        let base = try await ports.repository.fetch(branch: branch).head
        let due = book.due(open, base: base, limit: Limits.proposalsPerLook)
        // Those from forks are not even fetched where they are not to be planned.
        let fetched = try await ports.repository.fetch(
            refs: due.now.filter(isPlanned).compactMap(\.ref).sorted(), for: "\(environment.identity)")
        for proposal in book.abandoned(by: open) where await say(.abandoned, on: proposal, comment: nil) {
            book.end(proposal)
        }
        for proposal in due.waiting {
            book.wait(proposal)
            await say(.waiting, on: proposal, comment: nil)
        }
        for proposal in due.now {
            if Task.isCancelled { return true }
            await judge(proposal, base: base, fetched: proposal.ref.flatMap { fetched[$0] })
        }
        return due.waiting.isEmpty && due.now.count < Limits.proposalsPerLook
    }

    private static let tooMany = Failure(
        code: .invalidInput, subject: "the pull requests", tried: "plan all of",
        cause: "\(Limits.openProposals) or more are open, and those touched longest ago are not planned.",
        remedy: "Close what is not meant to be merged any more.", disposition: .stalled)

    private func isPlanned(_ proposal: Proposal) -> Bool {
        if case .pullRequest(let request) = proposal { return !request.isFromFork || policy.plansForks }
        return true
    }

    private mutating func judge(_ proposal: Proposal, base: CommitID, fetched: CommitID?) async {
        guard isPlanned(proposal) else { return await close(proposal, .fork, base: base) }
        guard proposal.ref != nil else { return await close(proposal, .unreachable, base: base) }
        // The list and the refs are of different moments: the next look finds them of one.
        guard fetched == proposal.head else { return }
        let planner = ProposalPlanner(
            policy: environment, repository: ports.repository, aws: ports.aws, clock: ports.clock)
        do throws(Failure) {
            let verdict = try await planner.verdict(on: proposal.head, into: base)
            await close(proposal, verdict, base: base)
            recover(proposal.name)
        } catch {
            tell(error, of: proposal.name)
            let verdict = ProposalVerdict.unplanned(error)
            if verdict.state == .pending { book.wait(proposal) }
            await say(verdict, on: proposal, comment: nil)
        }
    }

    /// Says the verdict and remembers it; what could not be said is tried again at the next look.
    private mutating func close(_ proposal: Proposal, _ verdict: ProposalVerdict, base: CommitID) async {
        // What was planned before the merge stays to be read after it.
        if verdict.isAfterMerge, book.isJudged(proposal) {
            book.keep(proposal, base: base)
            return
        }
        // A comment that says nothing any more is brought up to date too, but none is begun to say nothing.
        let text = verdict.comment ?? (book.mayHaveComment(proposal) ? "**\(verdict.summary)**\n" : nil)
        guard await say(verdict, on: proposal, comment: text) else { return }
        let isNews = book.close(
            proposal, base: base, summary: verdict.summary, hasComment: verdict.comment != nil)
        guard isNews else { return }
        onEvent(
            .judged(
                name: proposal.name, head: proposal.head, summary: verdict.summary, isGood: verdict.state != .failure))
    }

    /// Puts the comment first, for the status links to it.
    ///
    /// - Returns: whether both are there now.
    @discardableResult
    private mutating func say(_ verdict: ProposalVerdict, on proposal: Proposal, comment: String?) async -> Bool {
        var isSaid = true
        var link: String?
        let context = environment.planContext
        if case .pullRequest(let request) = proposal {
            link = request.link
            if policy.comments, let comment {
                do throws(Failure) {
                    let found = try await ports.host.comment(
                        comment, marker: "mooring/\(environment.identity.environment)/plan", on: request,
                        begins: verdict.comment != nil)
                    if let found {
                        link = found
                        book.found(commentOn: proposal)
                    }
                    recover("comments on pull requests")
                } catch {
                    // A token that may not comment must not keep the check from being shown.
                    tell(error, of: "comments on pull requests")
                    if case .retry = error.disposition { isSaid = false }
                }
            }
        }
        let status = verdict.status(on: proposal.head, context: context, link: link)
        do throws(Failure) {
            if case .pullRequest(let request) = proposal {
                try await ports.host.post(status, on: request)
            } else {
                try await ports.host.post(status)
            }
            recover("checks of pull requests")
        } catch {
            tell(error, of: "checks of pull requests")
            if case .retry = error.disposition { isSaid = false }
        }
        return isSaid
    }

    // MARK: Telling

    private mutating func tell(_ failure: Failure, of subject: String) {
        guard problems[subject] != failure.code, failure.code != .cancelled else { return }
        problems[subject] = failure.code
        onEvent(.problem(failure, of: subject))
    }

    private mutating func recover(_ subject: String) {
        guard problems.removeValue(forKey: subject) != nil else { return }
        onEvent(.recovered(subject: subject))
    }
}

extension ProposalVerdict {
    fileprivate static let fork = ProposalVerdict(
        state: .neutral, summary: "Not planned: it comes from a fork, and 'pullRequests.forks' is off.")
    fileprivate static let unreachable = ProposalVerdict(
        state: .neutral, summary: "Not planned: its commits cannot be fetched from this repository.")
    fileprivate static let abandoned = ProposalVerdict(
        state: .neutral, summary: "Not planned: it was closed, merged or pushed to before its turn came.")
    fileprivate static let waiting = ProposalVerdict(state: .pending, summary: "Waiting for its turn to be planned.")

    /// A failure that passes is waited for; one that a person must mend is an end until then.
    fileprivate static func unplanned(_ failure: Failure) -> ProposalVerdict {
        if case .retry = failure.disposition {
            return ProposalVerdict(state: .pending, summary: "Not planned yet: \(failure.cause)")
        }
        return ProposalVerdict(state: .error, summary: "Cannot be planned: \(failure.cause)")
    }
}
