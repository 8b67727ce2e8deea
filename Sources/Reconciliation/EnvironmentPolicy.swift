package import MooringNames

/// All that the loop of one environment must be told. A value: read once, never re-read.
package struct EnvironmentPolicy: Hashable, Sendable {
    package var identity: EnvironmentIdentity
    package var branch: BranchName
    /// Folder of the manifests; nil is the repository's root.
    package var folder: TreePath?
    package var account: AccountID
    package var region: Region
    /// Clusters the environment may touch; empty lets every cluster pass. Where there is exactly one, manifests may leave
    /// the cluster out.
    package var clusters: [ClusterName]
    /// Whether anything may be written to AWS. A new environment only observes and reports.
    package var act: Bool
    /// Whether existing services may be taken over without a word in each manifest.
    package var adopt: Bool
    /// Most services created in one pass.
    package var maximumCreations: Int
    /// Rollouts that may be under way at once.
    package var maximumInFlight: Int
    /// Failed rollouts after which the rest of a commit is not started.
    package var maximumFailures: Int
    /// Between two looks at the repository while nothing happens.
    package var pollInterval: Duration
    /// Between two looks at ECS while a rollout is under way.
    package var rolloutInterval: Duration
    /// Between two looks at every service, changed or not.
    package var sweepInterval: Duration
    /// Whether statuses are shown on the git host.
    package var postsStatuses: Bool
    /// Whether each service that a commit affects has a check of its own beside the one of the whole.
    package var postsServiceStatuses = false
    /// Services that are never removed: Mooring's own, as far as it is known.
    package var protected: Set<ServiceKey> = []
    /// Keys the jitter, so that a history can be repeated.
    package var seed: UInt64

    package init(
        identity: EnvironmentIdentity, branch: BranchName, folder: TreePath?, account: AccountID, region: Region,
        clusters: [ClusterName], act: Bool, adopt: Bool = false, maximumCreations: Int = 50, maximumInFlight: Int = 10,
        maximumFailures: Int = 3, pollInterval: Duration = .seconds(30), rolloutInterval: Duration = .seconds(5),
        sweepInterval: Duration = .seconds(300), postsStatuses: Bool = false, seed: UInt64 = 0,
    ) {
        self.identity = identity
        self.branch = branch
        self.folder = folder
        self.account = account
        self.region = region
        self.clusters = clusters
        self.act = act
        self.adopt = adopt
        self.maximumCreations = maximumCreations
        self.maximumInFlight = maximumInFlight
        self.maximumFailures = maximumFailures
        self.pollInterval = pollInterval
        self.rolloutInterval = rolloutInterval
        self.sweepInterval = sweepInterval
        self.postsStatuses = postsStatuses
        self.seed = seed
    }

    /// The name of the check on commits: `mooring/production`.
    package var statusContext: String { "mooring/\(identity.environment)" }

    /// The name of the check on open pull requests: `mooring/production (plan)`.
    package var planContext: String { "\(statusContext) (plan)" }
}
