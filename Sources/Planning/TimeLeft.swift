import MooringModel

/// How long a large change will still take, under AWS's limits and our own.
///
///     registering = registrations beyond what the bucket holds ÷ our share of its refill
///     rolling     = rounds of the ramp × duration of one rollout
///     left        = the longer of (registering + one rollout) and rolling, for both go on side by side
///
/// An estimate for people, rounded up; nothing is decided by it.
package struct TimeLeft: Hashable, Sendable {
    /// Revisions still to be registered.
    package let registrations: Int
    /// Rollouts still to be begun, and those under way.
    package let rollouts: Int
    package let duration: Duration
    /// Whether registering is what takes so long.
    package let isBoundByRegistering: Bool

    /// The estimate.
    ///
    /// - Parameters:
    ///   - tokens: registrations that may be made at once, nil for a bucket that is full.
    ///   - completed: rollouts of this commit that have completed: the ramp grows with them.
    ///   - rolloutSeconds: what the commit's rollouts took so far on average, nil where none is over.
    package static func estimate(
        registrations: Int, tokens: Int? = nil, rollouts: Int, completed: Int, ramp: Ramp, rolloutSeconds: Int? = nil,
    ) -> TimeLeft {
        let share = Int(Double(Limits.registerBurst) * Limits.ownShare)
        let beyond = max(0, registrations - max(0, min(tokens ?? share, share)))
        let one = min(max(rolloutSeconds ?? Limits.assumedRolloutSeconds, 1), Limits.longestEstimateSeconds)
        let perSecond = Limits.registersPerSecond * Limits.ownShare
        var registering = (Double(beyond) / perSecond).rounded(.up)
        if rollouts > 0, beyond > 0 { registering += Double(one) }
        let rolling = Double(rounds(rollouts, completed: completed, ramp: ramp)) * Double(one)
        let seconds = min(max(registering, rolling), Double(Limits.longestEstimateSeconds))
        return TimeLeft(
            registrations: max(0, registrations), rollouts: max(0, rollouts), duration: .seconds(Int(seconds)),
            isBoundByRegistering: registering > rolling)
    }

    /// How often the ramp is filled until all are done, when every rollout takes as long.
    private static func rounds(_ rollouts: Int, completed: Int, ramp: Ramp) -> Int {
        var (left, done, rounds) = (max(0, rollouts), max(0, completed), 0)
        while left > 0 {
            let width = ramp.width(completed: done)
            if width >= ramp.maximumInFlight { return rounds + (left + width - 1) / width }
            rounds += 1
            left -= width
            done += width
        }
        return rounds
    }

    /// `about 16m left: 480 revisions to register at one every 2s, 490 rollouts`; `nothing left` where that is so.
    package var sentence: String {
        guard registrations > 0 || rollouts > 0 else { return "nothing left" }
        let interval = Int((1 / (Limits.registersPerSecond * Limits.ownShare)).rounded())
        var parts: [String] = []
        if registrations > 0 {
            let word = registrations == 1 ? "revision" : "revisions"
            let pace = isBoundByRegistering ? " at one every \(interval)s" : ""
            parts.append("\(registrations) \(word) to register\(pace)")
        }
        if rollouts > 0 { parts.append(rollouts == 1 ? "1 rollout" : "\(rollouts) rollouts") }
        return "about \(minutes) left: " + parts.joined(separator: ", ")
    }

    private var minutes: String {
        let seconds = duration.wholeMilliseconds / 1000
        if seconds < 60 { return "1m" }
        let minutes = (seconds + 59) / 60
        return minutes < 120 ? "\(minutes)m" : "\((minutes + 59) / 60)h"
    }
}
