package import MooringModel
import MooringPorts
import Synchronization

/// A clock that stands still until a test moves it on.
package final class ManualClock: MooringPorts.Clock {
    private let state: Mutex<State>
    private let runsAhead: Bool

    private struct State {
        /// Wall-clock time when `uptime` was zero; moved by `jump`.
        var start: Timestamp
        var uptime: Duration = .zero
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Cancelled between asking for sleep and going to sleep.
        var cancelledEarly: Set<Int> = []
        var slept: [Duration] = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private struct Sleeper {
        let wakeAt: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    /// - Parameters:
    ///   - now: what the wall clock shows; 2026-01-01 00:00 UTC unless told.
    ///   - runsAhead: every sleep moves the clock on by itself and ends at once, for tests in which nobody advances it.
    package init(now: Timestamp = Timestamp(millisecondsSince1970: 1_767_225_600_000), runsAhead: Bool = false) {
        state = Mutex(State(start: now))
        self.runsAhead = runsAhead
    }

    package var now: Timestamp { state.withLock { $0.start + $0.uptime } }

    package var uptime: Duration { state.withLock { $0.uptime } }

    /// Every sleep asked for so far, in order.
    package var slept: [Duration] { state.withLock { $0.slept } }

    /// Sleeps until `advance` has moved the clock so far; at once for durations of zero and less.
    package func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = fallAsleep(id, duration, continuation)
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelledEarly.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// - Returns: the end of a sleep that need not begin, nil where it has begun.
    private func fallAsleep(
        _ id: Int, _ duration: Duration, _ continuation: CheckedContinuation<Void, any Error>,
    ) -> Result<Void, any Error>? {
        let (result, woken) = state.withLock {
            state -> (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) in
            if state.cancelledEarly.remove(id) != nil { return (.failure(CancellationError()), []) }
            state.slept.append(duration)
            guard duration > .zero else { return (.success(()), []) }
            if runsAhead {
                state.uptime += duration
                return (.success(()), [])
            }
            state.sleepers[id] = Sleeper(wakeAt: state.uptime + duration, continuation: continuation)
            let asleep = state.sleepers.count
            let ready = state.watchers.filter { $0.count <= asleep }.map(\.continuation)
            state.watchers.removeAll { $0.count <= asleep }
            return (nil, ready)
        }
        for continuation in woken { continuation.resume() }
        return result
    }

    /// Moves both times on and wakes who has slept long enough, the earliest first.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state -> [Sleeper] in
            state.uptime += duration
            let due = state.sleepers.filter { $0.value.wakeAt <= state.uptime }
            for id in due.keys { state.sleepers.removeValue(forKey: id) }
            return due.sorted { ($0.value.wakeAt, $0.key) < ($1.value.wakeAt, $1.key) }.map(\.value)
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Makes the wall clock jump, as a corrected clock does; nobody wakes.
    package func jump(by duration: Duration) { state.withLock { $0.start = $0.start + duration } }

    /// Waits until at least `count` tasks are asleep.
    package func sleepers(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
