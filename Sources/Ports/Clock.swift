package import MooringModel

/// Time, for shells and the driver. Pure code gets `now` as a value.
package protocol Clock: Sendable {
    /// Wall-clock time; may jump.
    var now: Timestamp { get }
    /// Time since some fixed moment; never jumps backwards.
    var uptime: Duration { get }
    /// Waits; throws `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}
