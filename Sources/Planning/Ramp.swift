package import MooringNames

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

    /// Which of the services that want to may begin now.
    ///
    /// - Parameters:
    ///   - candidates: in the order in which they shall begin.
    ///   - inFlight: rollouts under way, those of other scopes included.
    ///   - completed: rollouts of this commit that have completed.
    ///   - failed: services whose rollout of this commit failed, in the order in which that was seen.
    package func decision(
        candidates: [ServiceKey], inFlight: Int, completed: Int, failed: [ServiceKey],
    ) -> RampDecision {
        if failed.count >= maximumFailures {
            let stop = candidates.isEmpty ? nil : RampStop(failed: failed, notStarted: candidates.count)
            return RampDecision(start: [], waiting: candidates, stop: stop)
        }
        let free = max(0, width(completed: completed, failed: failed.count) - max(0, inFlight))
        return RampDecision(
            start: Array(candidates.prefix(free)), waiting: Array(candidates.dropFirst(free)), stop: nil)
    }
}

/// What begins and what waits.
package struct RampDecision: Hashable, Sendable {
    package let start: [ServiceKey]
    /// Their turn comes later, or not at all while there is a stop.
    package let waiting: [ServiceKey]
    /// Why nothing is started any more, nil where something may be.
    package let stop: RampStop?
}

/// The end of a commit's rollouts, because too many of them failed.
package struct RampStop: Hashable, Sendable {
    /// In the order in which it was seen.
    package let failed: [ServiceKey]
    /// Services that stay as they are.
    package let notStarted: Int

    /// `3 rollouts failed (default/a, default/b and default/c), so 197 other services were not touched.`
    package var sentence: String {
        let names = failed.prefix(Limits.namedNodes).map(\.description)
        let list = names.joined(separator: ", ") + (failed.count > names.count ? " …" : "")
        let rollouts = failed.count == 1 ? "1 rollout" : "\(failed.count) rollouts"
        let others = notStarted == 1 ? "1 other service was" : "\(notStarted) other services were"
        return "\(rollouts) failed (\(list)), so \(others) not touched."
    }

    /// How to go on.
    package var remedy: String {
        "Mend or revert the change: the next commit that changes these services begins with one of them again, and all "
            + "that still differ follow."
    }
}
