/// Bounds of planning.
enum Limits {
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

    // MARK: Holds

    /// Longest reason, in characters. Notes and statuses are read by people.
    static let reasonLength = 500
}
