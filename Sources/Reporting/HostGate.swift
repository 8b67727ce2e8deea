import MooringModel
package import MooringPorts
import Synchronization

/// How densely a host is posted to.
struct HostPace: Hashable, Sendable {
    /// Posts at once after a pause. The last `reserve` of them are for what is urgent.
    let burst: Int
    /// Between two posts when the burst is used up.
    let interval: Duration

    /// Posts that only what is urgent may use: how commits ended, beside what is planned and how far things are.
    static let reserve = 10

    /// What a host allows, less what people and other tools need of it.
    static func pace(of kind: HostKind) -> HostPace {
        switch kind {
        // The secondary limit is about 80 that create content a minute and 500 an hour.
        case .github: HostPace(burst: 50, interval: .seconds(10))
        // GitLab.com takes 300 notes a minute and 2,000 calls.
        case .gitlab: HostPace(burst: 70, interval: .milliseconds(500))
        // None is built in; a small server is spared.
        case .gitea: HostPace(burst: 70, interval: .milliseconds(200))
        // About 1,000 calls an hour.
        case .bitbucketCloud: HostPace(burst: 50, interval: .seconds(5))
        // Off at first; where it is on, sixty at once and five a second are what it begins with.
        case .bitbucketDataCenter: HostPace(burst: 40, interval: .milliseconds(400))
        // 200 units within five minutes, of which most calls take less than one.
        case .azureDevOps: HostPace(burst: 50, interval: .seconds(3))
        }
    }
}

/// When the next call to a git host may go out: one gate for all who use the same token, because hosts count by it.
///
/// Two rules: posts are spaced, and after the host has asked for silence nobody calls.
package final class HostGate: Sendable {
    private let clock: any Clock
    private let pace: HostPace
    private let state = Mutex(State())

    private struct State {
        /// The bucket's content is `burst` at this moment, and has grown by one with each interval before it.
        var fullAt: Duration = .zero
        var silentUntil: Duration = .zero
    }

    /// - Parameter kind: whose limits are kept.
    package init(clock: any Clock, kind: HostKind) {
        self.clock = clock
        pace = .pace(of: kind)
    }

    /// How much longer the host wants silence; nil where it wants none.
    var silence: Duration? {
        let now = clock.uptime
        let left = state.withLock { $0.silentUntil } - now
        return left > .zero ? left : nil
    }

    /// Nobody calls for so long.
    func fallSilent(for duration: Duration) {
        let until = clock.uptime + min(duration, Limits.longestSilence)
        state.withLock { $0.silentUntil = max($0.silentUntil, until) }
    }

    /// Waits until a post may go out.
    ///
    /// - Parameters:
    ///   - isUrgent: whether it may use the reserve.
    ///   - isPatient: whether its turn may be long in coming; whoever sends many things one after another is not, so that one of
    ///     them does not hold up the others.
    /// - Throws: `.throttled` where that would take too long, `.notYet` where nobody has the patience; then no turn is taken.
    func takeTurn(
        isUrgent: Bool = false, isPatient: Bool = true, tried: String, subject: String,
    ) async throws(Failure) {
        let longest = isPatient ? Limits.longestTurn : Limits.promptTurn
        let (wait, isTaken) = turn(isUrgent: isUrgent, longest: longest)
        guard isTaken else {
            throw Failure(
                code: isPatient ? .throttled : .notYet, subject: subject, tried: tried,
                cause: "Too many calls wait for their turn.",
                disposition: .retry(after: isPatient ? longest : wait),
            )
        }
        guard wait > .zero else { return }
        do {
            try await clock.sleep(for: wait)
        } catch {
            throw Failure(
                code: .cancelled, subject: subject, tried: tried,
                cause: "We are stopping; the call was not sent.", disposition: .retry(after: nil),
            )
        }
    }

    /// Takes a post's turn, unless it comes too late: how long to wait for it, and whether it was taken.
    private func turn(isUrgent: Bool, longest: Duration) -> (wait: Duration, isTaken: Bool) {
        let now = clock.uptime
        let burst = isUrgent ? pace.burst : pace.burst - HostPace.reserve
        return state.withLock { state in
            // A post empties the bucket by one, so it is full one interval later.
            let fullAt = max(state.fullAt, now) + pace.interval
            let wait = max(.zero, fullAt - now - pace.interval * burst)
            guard wait <= longest else { return (wait, false) }
            state.fullAt = fullAt
            return (wait, true)
        }
    }

    /// Wall-clock time in seconds since 1970, to read when a host's window begins anew.
    var secondsSince1970: Int64 { clock.now.millisecondsSince1970 / 1_000 }
}

extension HostGate {
    /// Waits until the status may go out: that of a plan for as long as it takes, that of a commit for a moment only, because many
    /// are sent one after another and each may be overtaken by a newer one. How a commit ended comes first.
    func takeTurn(for status: CommitStatus, tried: String, subject: String) async throws(Failure) {
        let isPlan = status.kind == .plan
        try await takeTurn(
            isUrgent: !isPlan && status.state.isFinal, isPatient: isPlan, tried: tried, subject: subject)
    }
}
