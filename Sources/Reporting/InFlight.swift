import MooringPorts
import Synchronization

/// Answers that are on their way, so that many who want the same ask once.
///
/// Nothing is kept: whoever comes after the answer asks anew. Where one of those who wait is cancelled, the question is given up
/// for all of them; they are parts of one environment, which ends as a whole.
final class InFlight<Key: Hashable & Sendable, Answer: Sendable>: Sendable {
    private let running = Mutex<[Key: Task<Result<Answer, Failure>, Never>]>([:])

    func answer(
        to key: Key, _ ask: @escaping @Sendable () async throws(Failure) -> Answer,
    ) async throws(Failure) -> Answer {
        let task = running.withLock { running in
            if let task = running[key] { return task }
            let task = Task {
                let result: Result<Answer, Failure>
                do throws(Failure) { result = .success(try await ask()) } catch { result = .failure(error) }
                self.running.withLock { $0[key] = nil }
                return result
            }
            running[key] = task
            return task
        }
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        return try result.get()
    }
}
