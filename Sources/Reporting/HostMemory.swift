import MooringNames

/// What one host shows as far as we know, bounded. Losing it costs calls, nothing else.
struct HostMemory: Sendable {
    /// The status that shows at a place under a key.
    var shown = BoundedMemory<ShownKey, WireStatus>(limit: Limits.rememberedStatuses)
    /// The places that were read since we started.
    var read = BoundedMemory<StatusPlace, Bool>(limit: Limits.remembered)
    /// The head of the pull request that brought a commit.
    var heads = BoundedMemory<CommitID, MergedHead.Knowledge>(limit: Limits.remembered)
    /// Whole ids of commits whose beginning a host told.
    var wholeIDs = BoundedMemory<String, CommitID>(limit: Limits.remembered)
    /// Where a pull request's head wants its statuses.
    var places = BoundedMemory<PullRequestKey, [StatusPlace]>(limit: Limits.remembered)
    /// Our comments.
    var comments = BoundedMemory<CommentKey, CommentRow>(limit: Limits.remembered)
    /// Check runs of an App's that may still change.
    var checks = BoundedMemory<ShownKey, CheckRun>(limit: Limits.rememberedStatuses)
    var deployments = BoundedMemory<DeploymentKey, ShownDeployment>(limit: Limits.remembered)
    /// Who we are on the host; nil where that is not known.
    var identity: String?
    var hasAskedWhoWeAre = false
    /// What has been said once.
    var said = BoundedMemory<String, Bool>(limit: Limits.remembered)
}

/// One check at one place.
struct ShownKey: Hashable, Sendable {
    let place: StatusPlace
    let key: String
}

/// A pull request with one of its heads.
struct PullRequestKey: Hashable, Sendable {
    let number: Int
    let head: CommitID
}

/// One of our comments.
struct CommentKey: Hashable, Sendable {
    let number: Int
    let marker: String
}

/// An environment's deployment of a commit.
struct DeploymentKey: Hashable, Sendable {
    let commit: CommitID
    let environment: EnvironmentName
}

/// What a host lists of merged pull requests.
struct MergedPage: Sendable {
    /// The commit that it was read for: it ends where that one's was found.
    let commit: CommitID
    let rows: [PullRequestRow]
    /// Whether the host says itself that it has not looked yet.
    let isIndexing: Bool
}

/// The head of the pull request that brought a commit.
struct MergedHead: Hashable, Sendable {
    let commit: CommitID
    let number: Int
    /// GitLab's number of the fork that it is in.
    var project: String?

    var place: StatusPlace { StatusPlace(commit: commit, project: project) }

    /// How long there has been no answer.
    struct Wait: Hashable, Sendable {
        /// Uptime of the first question, and of the next one.
        let since: Duration
        let askAgainAt: Duration
        /// Between the two last questions.
        let pause: Duration
    }

    /// What is known of it.
    enum Knowledge: Hashable, Sendable {
        case head(MergedHead)
        /// No pull request brought the commit, or none that can be found.
        case none
        /// None is listed, perhaps not yet. Becomes one of the others.
        case unsure(Wait)
    }
}
