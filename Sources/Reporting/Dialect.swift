import MooringNames
import MooringPorts
import MooringShapes

/// How one git host speaks: calls as values, and what its answers mean. Nothing here sends anything.
protocol Dialect: Sendable {
    var repository: HostRepository { get }
    var rules: HostRules { get }

    // MARK: Statuses

    /// The host's word for a state.
    func word(for state: CommitStatus.State) -> String
    /// What a host's word says, nil for one that says nothing.
    func state(of word: String) -> CommitStatus.State?
    /// Sets a status.
    func statusCall(_ status: WireStatus, at place: StatusPlace) -> HostCall
    /// Reads the newest status of each context at a place.
    func statusesCall(at place: StatusPlace) -> HostCall
    /// The rows of such an answer, later ones in force; nil where it is none.
    func statuses(in answer: Value, at place: StatusPlace) -> [WireStatus]?

    // MARK: Pull requests

    /// Where the pull request that brought a commit may be found: asked in this order until it is.
    func mergedCalls(of commit: CommitID) -> [HostCall]
    /// The open ones into a branch, those that were touched last first.
    func openCall(into branch: BranchName) -> HostCall
    /// The rows of the answers to both, nil where it is none.
    func pullRequests(in answer: Value) -> [PullRequestRow]?
    /// The full name of a ref of this repository at which the head is.
    func headRef(of row: PullRequestRow) -> String?
    /// Reads one pull request, for what its value does not hold; nil where that is all we need.
    func detailCall(of pullRequest: PullRequest) -> HostCall?
    /// Where the pull request's head wants its statuses beside the commit itself, given the answer to `detailCall`.
    func places(of pullRequest: PullRequest, detail: Value?) -> [StatusPlace]

    // MARK: Comments

    /// Asks who we are; nil where it is known already.
    func identityCall() -> HostCall?
    /// Who we are, as `CommentRow.author` says it; nil where the answer does not say.
    func identity(in response: HTTPResponse) -> String?
    /// Lists the comments of a pull request.
    func commentsCall(on number: Int) -> HostCall
    /// The rows of such an answer, nil where it is none.
    func comments(in answer: Value, on pullRequest: PullRequest) -> [CommentRow]?
    /// Puts a comment.
    func createCommentCall(_ text: String, on number: Int) -> HostCall
    /// Writes another text into a comment.
    func updateCommentCall(_ text: String, _ comment: CommentRow, on number: Int) -> HostCall
    /// The comment in the answer to either; nil where it holds none.
    func comment(in answer: Value, on pullRequest: PullRequest) -> CommentRow?
}

extension Dialect {
    func detailCall(of pullRequest: PullRequest) -> HostCall? { nil }

    func places(of pullRequest: PullRequest, detail: Value?) -> [StatusPlace] {
        [StatusPlace(commit: pullRequest.head)]
    }
}

/// Where a status is shown.
struct StatusPlace: Hashable, Sendable {
    var commit: CommitID
    /// GitLab's number of another project than the repository's own: a fork.
    var project: String?
    /// Azure DevOps: the pull request itself, and which of its pushes is meant.
    var pullRequest: Int?
    var iteration: Int?
}

/// A status as the host takes it and gives it back: equal ones need not be posted again.
struct WireStatus: Hashable, Sendable {
    /// What tells statuses of a commit apart on the host: the context, shortened where the host has little room.
    let key: String
    /// The context as it is shown.
    let context: String
    /// The host's word for the state.
    var word: String
    let text: String
    let link: String?
    /// A hash of what is shown beside the line, where the host has room for more than a line; else empty.
    var details = ""
}

/// A pull request in a host's list.
struct PullRequestRow: Hashable, Sendable {
    let number: Int
    /// The head's commit id; Bitbucket Cloud cuts it to twelve digits.
    let head: String
    let headBranch: String?
    let base: String
    let isFromFork: Bool
    let link: String?
    let isMerged: Bool
    /// The commits that the merge put onto the branch; may be cut.
    let mergeCommits: [String]
    /// GitLab's number of the project that the head is in, nil where it is the repository's own or unknown.
    var sourceProject: String?

    /// Whether the merge made the commit, of which the host may name the beginning only.
    func brought(_ commit: CommitID) -> Bool {
        isMerged && mergeCommits.contains { $0.utf8.count >= Limits.shortestHash && commit.text.hasPrefix($0) }
    }
}

/// A comment in a host's list.
struct CommentRow: Hashable, Sendable {
    /// As the host's URLs want it.
    let id: String
    /// Bitbucket Data Center changes a comment only for who knows its version.
    var version: Int?
    let text: String
    /// Who wrote it, in the host's terms; nil where it does not say.
    let author: String?
    let link: String?
}
