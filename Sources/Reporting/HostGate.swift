import MooringModel
package import MooringPorts
import Synchronization

/// When the next call to a git host may go out: one gate for all who use the same token, because hosts count by it.
///
/// Two rules: posts are spaced, and after the host has asked for silence nobody calls.
package final class HostGate: Sendable {
    private let clock: any Clock
    private let state = Mutex(State())

    private struct State {
        /// The bucket's content is `burst` at this moment, and has grown by one with each interval before it.
        var fullAt: Duration = .zero
        var silentUntil: Duration = .zero
    }

    package init(clock: any Clock) { self.clock = clock }

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

    /// Takes a post's turn.
    ///
    /// - Returns: how long to wait for it; nil where that would be too long, and then no turn is taken.
    func takeTurn() -> Duration? {
        let now = clock.uptime
        return state.withLock { state in
            // A post empties the bucket by one, so it is full one interval later.
            let fullAt = max(state.fullAt, now) + Limits.postInterval
            let wait = fullAt - now - Limits.postInterval * Limits.burst
            guard wait <= Limits.longestTurn else { return nil }
            state.fullAt = fullAt
            return max(.zero, wait)
        }
    }

    /// Waits; a cancelled wait is a failure of the call.
    func wait(_ duration: Duration, subject: String) async throws(Failure) {
        guard duration > .zero else { return }
        do {
            try await clock.sleep(for: duration)
        } catch {
            throw Failure(
                code: .cancelled, subject: subject, tried: "set the status of",
                cause: "We are stopping; the call was not sent.", disposition: .retry(after: nil),
            )
        }
    }

    /// Wall-clock time in seconds since 1970, to read when a host's window begins anew.
    var secondsSince1970: Int64 { clock.now.millisecondsSince1970 / 1_000 }
}
