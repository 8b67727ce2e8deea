/// How many rollouts of one commit may be under way: one service first, then twice as many with each that completes, up
/// to a bound; none any more once too many have failed.
///
/// A commit that breaks everything so breaks one service after another, and no more than `maximumFailures` of them; one
/// that is good is slow for its first few rollouts only.
package struct Ramp: Hashable, Sendable {
    /// Most rollouts under way at once.
    package let maximumInFlight: Int
    /// Rollouts that may fail before the rest is not started.
    package let maximumFailures: Int

    package init(maximumInFlight: Int, maximumFailures: Int) {
        self.maximumInFlight = maximumInFlight
        self.maximumFailures = maximumFailures
    }

    /// How many may be under way after `completed` of this commit have completed.
    ///
    /// - Parameters:
    ///   - failed: how many have failed. Once one has, no more are under way than may still fail.
    package func width(completed: Int, failed: Int = 0) -> Int {
        let grown = completed >= Limits.longestDoubling ? maximumInFlight : 1 << max(completed, 0)
        let width = max(1, min(maximumInFlight, grown))
        return failed > 0 ? max(1, min(width, maximumFailures - failed)) : width
    }
}
