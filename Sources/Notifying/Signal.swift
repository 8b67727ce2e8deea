import Synchronization

/// Wakes one task: raised by anybody, waited for by one.
package final class Signal: Sendable {
    private struct State {
        var isRaised = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    /// Lets the waiting task go on, or the next one that waits.
    package func raise() {
        let waiter = state.withLock { state in
            let waiter = state.waiter
            state.isRaised = waiter == nil
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Waits until it is raised, or the task is cancelled; then it is lowered.
    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGoOn = state.withLock { state in
                    if state.isRaised || Task.isCancelled {
                        state.isRaised = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        } onCancel: {
            // Not `raise`, which the next wait would take for somebody's call.
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
    }
}
