import Synchronization

/// A value that changes on other threads, and that tests wait for: until a condition holds, or a deadline passes.
package final class Watched<State: Sendable>: Sendable {
    private struct Storage {
        var state: State
        var waiters: [Int: @Sendable (State) -> Bool] = [:]
        var nextWaiter = 0
    }

    private let storage: Mutex<Storage>

    package init(_ state: State) { storage = Mutex(Storage(state: state)) }

    /// The value as it is now.
    package var value: State { storage.withLock { $0.state } }

    /// Changes the value and lets those go on who waited for what it is now.
    @discardableResult
    package func update<Result: Sendable>(_ body: @Sendable (inout State) -> Result) -> Result {
        storage.withLock { storage in
            let result = body(&storage.state)
            for (number, isSatisfied) in storage.waiters where isSatisfied(storage.state) {
                storage.waiters[number] = nil
            }
            return result
        }
    }

    /// Waits until `condition` gives something.
    ///
    /// - Parameter what: what is waited for, for the message.
    /// - Throws: `DeadlinePassed` where that does not happen in time.
    package func first<Found: Sendable>(
        _ what: String, within limit: Duration, where condition: @escaping @Sendable (State) -> Found?,
    ) async throws -> Found {
        try await withDeadline(limit, waitingFor: what) { try await self.first(where: condition) }
    }

    private func first<Found: Sendable>(
        where condition: @escaping @Sendable (State) -> Found?,
    ) async throws -> Found {
        let number = storage.withLock { storage in
            storage.nextWaiter += 1
            return storage.nextWaiter
        }
        let box = ResumeOnce<Found>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                box.hold(continuation)
                storage.withLock { storage in
                    if let found = condition(storage.state) { return box.resume(with: .success(found)) }
                    storage.waiters[number] = { state in
                        guard let found = condition(state) else { return false }
                        box.resume(with: .success(found))
                        return true
                    }
                }
            }
        } onCancel: {
            box.resume(with: .failure(CancellationError()))
            storage.withLock { storage in storage.waiters[number] = nil }
        }
    }
}

/// A continuation that may be resumed from two sides, even before it is there.
private final class ResumeOnce<Value: Sendable>: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Value, any Error>?
        var result: Result<Value, any Error>?
    }

    private let state = Mutex(State())

    func hold(_ continuation: CheckedContinuation<Value, any Error>) {
        let result = state.withLock { state -> Result<Value, any Error>? in
            if state.result == nil { state.continuation = continuation }
            return state.result
        }
        if let result { continuation.resume(with: result) }
    }

    func resume(with result: Result<Value, any Error>) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            guard state.result == nil else { return nil }
            state.result = result
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume(with: result)
    }
}
