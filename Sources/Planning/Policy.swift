package import MooringModel
package import MooringNames

/// What the planner may do, as the environment's settings and the pass say.
package struct PlanningPolicy: Hashable, Sendable {
    package var identity: EnvironmentIdentity
    /// The commit that is being planned; written into tags.
    package var commit: CommitID
    package var region: Region
    /// The account that the environment names.
    package var account: AccountID
    /// The account that the credentials belong to; nil where it is not known yet.
    package var callerAccount: AccountID?
    /// Clusters that the environment may touch; empty lets every cluster pass.
    package var clusters: [ClusterName]
    /// Whether anything may be written.
    package var act: Bool
    /// Whether existing services may be taken over without a word in each manifest.
    package var adopt: Bool
    /// Most services created in one pass.
    package var maximumCreations: Int
    /// Rollouts that may be under way at once.
    package var maximumInFlight: Int
    /// Rollouts of this commit that may fail before the rest is not started.
    package var maximumFailures: Int
    /// Rollouts of this commit that have completed: the window grows with them.
    package var completedRollouts: Int
    /// Rollouts under way of services that this pass does not look at, and rejections under this commit so far.
    package var otherInFlight: Int
    /// Services whose rollout under this commit failed, sorted.
    package var failures: [ServiceKey] = []
    /// Services that an earlier commit's failures stopped, and those failures: another commit that does not touch them does
    /// not start them again.
    package var stopped: Set<ServiceKey> = []
    package var stoppedBy: [ServiceKey] = []
    /// Services that the newest commit touches: they come before what earlier commits left waiting.
    package var newest: Set<ServiceKey> = []
    /// Times in which the whole environment is left alone.
    package var holds: [HoldWindow] = []
    /// What is done about differences that no commit made, where a manifest says nothing.
    package var drift = DriftOptions()
    /// What follows a rollout that failed.
    package var onFailure: FailurePolicy = .breaker
    /// How services that left git are removed; nil where they stay.
    package var prune: PruneOptions?
    /// Services that are never removed: Mooring's own.
    package var protected: Set<ServiceKey> = []
    /// The newest commits of the branch, newest first.
    package var recentCommits: [CommitID] = []
    /// Calls that may still be made to find out about tags of images that moved; none where only some services are looked at.
    package var registryCalls = 0
    /// Wall-clock time now, for holds and deadlines.
    package var wall = Timestamp(millisecondsSince1970: 0)
    /// Uptime now.
    package var uptime: Duration
    /// How long reads may still lag behind our writes.
    package var readLag: Duration

    package init(
        identity: EnvironmentIdentity, commit: CommitID, region: Region, account: AccountID,
        callerAccount: AccountID?, clusters: [ClusterName], act: Bool, adopt: Bool = false, maximumCreations: Int = 50,
        maximumInFlight: Int = 10, maximumFailures: Int = 3, completedRollouts: Int = 0, otherInFlight: Int = 0,
        uptime: Duration = .zero, readLag: Duration = .zero,
    ) {
        self.identity = identity
        self.commit = commit
        self.region = region
        self.account = account
        self.callerAccount = callerAccount
        self.clusters = clusters
        self.act = act
        self.adopt = adopt
        self.maximumCreations = maximumCreations
        self.maximumInFlight = maximumInFlight
        self.maximumFailures = maximumFailures
        self.completedRollouts = completedRollouts
        self.otherInFlight = otherInFlight
        self.uptime = uptime
        self.readLag = readLag
    }

    /// How many rollouts may be under way at which point, and how many may fail.
    package var ramp: Ramp { Ramp(maximumInFlight: maximumInFlight, maximumFailures: maximumFailures) }

    /// How many rollouts may be under way now: one at first, doubling with each that completes.
    package var window: Int { ramp.width(completed: completedRollouts, failed: failures.count) }

    /// The most rollouts under way at which one may begin: of all there are, where it overtakes what an earlier commit began.
    package func window(overtaking: Bool) -> Int {
        overtaking ? ramp.width(completed: Int.max, failed: failures.count) : window
    }

    /// Takes in what the environment says of itself in git.
    package mutating func take(_ settings: EnvironmentOptions) {
        adopt = adopt || settings.adopt
        holds =
            settings.holds.isEmpty ? HoldWindow.windows(settings: settings, service: MooringOptions()) : settings.holds
        drift = settings.drift
        onFailure = settings.onFailure
        prune = settings.prune
        // Nothing else is started beside what failed and is to be looked at.
        if onFailure == .hold { maximumFailures = 1 }
    }
}
