import Foundation
package import MooringModel
import MooringPorts

/// The machine's clocks.
package struct SystemClock: MooringPorts.Clock {
    /// The moment from which this process counts.
    private static let start = ContinuousClock.now

    package init() {}

    package var now: Timestamp {
        Timestamp(millisecondsSince1970: Int64((Date.now.timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    /// Counts while the machine is suspended as well: a deadline has passed then, whoever slept.
    package var uptime: Duration { SystemClock.start.duration(to: .now) }

    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
