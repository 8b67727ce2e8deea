import MooringModel
import MooringNames
import MooringPorts

/// Something that would move the branch: an open pull request, or the head of a merge queue.
enum Proposal: Hashable, Sendable {
    case pullRequest(PullRequest)
    /// A commit that the host made to be tested before the branch moves to it.
    case queued(ref: String, head: CommitID)

    var head: CommitID {
        switch self {
        case .pullRequest(let request): request.head
        case .queued(_, let head): head
        }
    }

    /// Where it can be fetched.
    var ref: String? {
        switch self {
        case .pullRequest(let request): request.headRef
        case .queued(let ref, _): ref
        }
    }

    /// What it is called in messages, and by what it is remembered.
    var name: String {
        switch self {
        case .pullRequest(let request): "#\(request.number)"
        case .queued(let ref, _): ref
        }
    }

    /// Those that are open now: pull requests as the host lists them, then the heads of its queue by name.
    ///
    /// - Parameters:
    ///   - branch: into which they would be merged.
    ///   - refs: what the server advertises.
    static func all(
        _ requests: [PullRequest], branch: BranchName, refs: [String: CommitID], policy: ProposalPolicy,
    ) -> [Proposal] {
        let queued = refs.keys.sorted().filter { ref in
            policy.hasMergeQueue && ref.hasPrefix(queuePrefix(of: branch))
                || policy.hasMergeTrains && ref.hasPrefix(requestPrefix) && ref.hasSuffix("/train")
        }
        return requests.map(Proposal.pullRequest)
            + queued.compactMap { ref in refs[ref].map { .queued(ref: ref, head: $0) } }
    }

    /// The prefixes below which heads of queues are.
    static func queuePrefixes(
        _ requests: [PullRequest], branch: BranchName, policy: ProposalPolicy,
    ) -> [String] {
        (policy.hasMergeQueue ? [queuePrefix(of: branch)] : [])
            + (policy.hasMergeTrains ? requests.map { "\(requestPrefix)\($0.number)/" } : [])
    }

    private static func queuePrefix(of branch: BranchName) -> String { "refs/heads/gh-readonly-queue/\(branch)/" }
    private static let requestPrefix = "refs/merge-requests/"
}

/// What is said about a proposal.
struct ProposalVerdict: Hashable, Sendable {
    let state: CommitStatus.State
    let summary: String
    /// For the comment below the pull request; nil where there is nothing to tell that the summary does not say.
    var comment: String?
    var annotations: [StatusAnnotation] = []
    /// Whether the branch has the commit already.
    var isAfterMerge = false

    func status(on head: CommitID, context: String, link: String?) -> CommitStatus {
        CommitStatus(
            commit: head, context: context, state: state, summary: summary, link: link, kind: .plan,
            details: comment ?? "",
            annotations: annotations)
    }
}

/// What was said about proposals, so that nothing is planned or said twice. A value.
struct ProposalBook: Sendable {
    /// What a verdict depends on and that git can tell.
    struct Inputs: Hashable, Sendable {
        let head: CommitID
        let base: CommitID
    }

    private var judged: [String: Inputs] = [:]
    /// The last verdict's line of each.
    private var summaries: [String: String] = [:]
    /// Proposals with a comment of ours, as far as we know: one that says nothing any more is brought up to date too.
    private var commented: Set<String> = []
    /// Heads whose check was left pending, oldest first.
    private var pending: [Proposal] = []

    /// Which proposals to judge now, at most `limit`: heads that were never judged first, then those whose base moved.
    ///
    /// - Returns: those, and heads that were never judged and have to wait.
    mutating func due(
        _ proposals: [Proposal], base: CommitID, limit: Int,
    ) -> (now: [Proposal], waiting: [Proposal]) {
        let open = Set(proposals.map(\.name))
        judged = judged.filter { open.contains($0.key) }
        summaries = summaries.filter { open.contains($0.key) }
        commented.formIntersection(open)
        let new = proposals.filter { judged[$0.name]?.head != $0.head }
        let moved = proposals.filter { judged[$0.name]?.head == $0.head && judged[$0.name]?.base != base }
        let now = (new + moved).prefix(limit)
        return (Array(now), Array(new.dropFirst(limit)))
    }

    /// Remembers that the proposal's check is pending.
    mutating func wait(_ proposal: Proposal) {
        guard !pending.contains(where: { $0.head == proposal.head && $0.name == proposal.name }) else { return }
        pending.append(proposal)
        if pending.count > Limits.pendingProposals { pending.removeFirst() }
    }

    /// Those whose check is pending and that nobody will judge any more: closed, merged, or pushed to since.
    func abandoned(by open: [Proposal]) -> [Proposal] {
        pending.filter { waiting in !open.contains { $0.name == waiting.name && $0.head == waiting.head } }
    }

    /// Forgets that the proposal's check is pending.
    mutating func end(_ proposal: Proposal) {
        pending.removeAll { $0.name == proposal.name && $0.head == proposal.head }
    }

    /// Whether a comment may be there: we know of one, or an earlier process may have put it.
    func mayHaveComment(_ proposal: Proposal) -> Bool {
        commented.contains(proposal.name) || judged[proposal.name] == nil
    }

    /// Remembers that there is a comment, whoever put it.
    mutating func found(commentOn proposal: Proposal) { commented.insert(proposal.name) }

    /// Whether something was said of this head.
    func isJudged(_ proposal: Proposal) -> Bool { judged[proposal.name]?.head == proposal.head }

    /// Leaves what was said, although the branch has moved.
    mutating func keep(_ proposal: Proposal, base: CommitID) {
        judged[proposal.name] = Inputs(head: proposal.head, base: base)
    }

    /// Remembers that what was to be said has been said.
    ///
    /// - Returns: whether it is another verdict than before, or one on another head.
    mutating func close(_ proposal: Proposal, base: CommitID, summary: String, hasComment: Bool) -> Bool {
        let isNews = judged[proposal.name]?.head != proposal.head || summaries[proposal.name] != summary
        summaries[proposal.name] = summary
        end(proposal)
        defer { if hasComment { commented.insert(proposal.name) } }
        judged[proposal.name] = Inputs(head: proposal.head, base: base)
        return isNews
    }
}
