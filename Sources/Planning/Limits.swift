/// Bounds of planning.
enum Limits {
    /// Service revisions that a DescribeServiceRevisions call takes. Source: API reference.
    static let serviceRevisionsPerDescribe = 20
    /// Tags of one repository that a DescribeImages call takes. Source: API reference of Amazon ECR.
    static let tagsPerDescribe = 100

    // MARK: Messages of ECS

    /// Characters of a message that are shown in a line of progress; checks of a commit have 140 for all.
    static let eventCharacters = 120
    /// Characters of a message that are read. A list of a hundred tasks has 4,300.
    static let readEventCharacters = 8_000

    // MARK: Ramp

    /// Calls that RegisterTaskDefinition takes at once, and calls it takes a second from then on, per account and region.
    /// Source: API reference, Request throttling; the bucket is shared with DeregisterTaskDefinition.
    static let registerBurst = 20
    static let registersPerSecond = 1.0
    /// The part of a bucket that is ours; the rest is left to people and other tools.
    static let ownShare = 0.5
    /// From here on the width of the ramp is the most there may be, whatever that is: 1 << 62 would overflow next.
    static let longestDoubling = 16
    /// What a rollout is taken to last before one has been seen: a rolling update of two tasks behind a load balancer
    /// took two and a half minutes in a published sequence, and few are faster.
    static let assumedRolloutSeconds = 180
    /// Longest time that is estimated, in seconds: thirty days. Whatever is longer is not known any better.
    static let longestEstimateSeconds = 30 * 86_400

    // MARK: One-off tasks

    /// Longest value of a tag. Source: API model, TagValue.
    static let tagValueLength = 256
    /// Tags of one resource. Source: API reference, Tag.
    static let tagsPerResource = 50
    /// Characters of a task's id that a note has: ten tasks with their codes fit into one tag, and no two of ten are alike in
    /// forty bits.
    static let markedIDLength = 10
    /// Longest exit code that a note has. Codes of Linux have three digits; more would not fit ten times.
    static let exitCodeLength = 4
    /// Revisions of a family that are looked at before a run is taken to be new, the newest first: each costs a call, once.
    static let runRevisions = 10
    /// How long a call of RunTask may be repeated. ECS honours its token for 24 hours from the first call, which comes after
    /// the note that this is counted from; an hour is left for clocks. Source: Developer Guide, "Ensuring idempotency".
    static let runTokenLife: Duration = .seconds(23 * 3600)
    /// How long ECS surely shows a stopped task: about an hour, less a margin. Source: API reference, DescribeTasks.
    static let stoppedTaskVisibility: Duration = .seconds(50 * 60)
    /// How long a task that was started may take to show. Source: API reference, RunTask, eventual consistency: "up to about
    /// five minutes of wait time".
    static let runVisibilityDelay: Duration = .seconds(5 * 60)
    /// Attempts at placing a run: with the delays between them about three hours, in which a cluster grows if it ever does.
    static let runAttempts = 10
    /// Longest wait between two of them.
    static let longestPlacementDelay: Duration = .seconds(30 * 60)
    /// The attempt that follows on a note that cannot be read: no other can have had it.
    static let attemptAfterUnknown = 100

    // MARK: Images

    /// Between two questions for one tag: a push is news for people, not for ECS, so an hour later is soon enough, and the
    /// registry's calls are shared with every pull and every build.
    static let tagInterval: Duration = .seconds(3600)

    // MARK: Holds

    /// Longest reason, in characters. Notes and statuses are read by people.
    static let reasonLength = 500
}
