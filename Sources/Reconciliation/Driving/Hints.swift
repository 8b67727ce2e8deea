package import MooringPorts
import Synchronization

/// Hints that looking again is worth it: counted, never queued, so that a thousand of them are as one.
package final class Hints: Sendable {
    private let state = Mutex(State())

    private struct State {
        var count = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    package init() {}

    /// How many there were.
    package var count: Int { state.withLock { $0.count } }

    /// Gives one.
    package func give() {
        let waiters = state.withLock { state in
            state.count += 1
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until there were more than `count`, or for the duration, or until the task is cancelled.
    package func wait(past count: Int, atMost duration: Duration, clock: any Clock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(past: count) }
            group.addTask { try? await clock.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Waits until there were more than `count`, or until the task is cancelled.
    package func wait(past count: Int) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.count > count || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.resume()
        }
    }
}
