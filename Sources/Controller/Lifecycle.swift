import Dispatch
import Foundation

/// Ends a process the way its surroundings ask for: SIGTERM from ECS, SIGINT from a person.
package enum Lifecycle {
    /// Runs `body`; the first SIGTERM or SIGINT cancels it, and it has `Limits.stopGrace` to finish what it is writing.
    /// After that, or at a second signal, the process ends at once: everything written so far is complete in itself.
    ///
    /// - Parameter onStop: told when it begins to stop, and when it stops the hard way.
    package static func run<Result: Sendable>(
        onStop: @escaping @Sendable (_ message: String) -> Void, _ body: @escaping @Sendable () async -> Result,
    ) async -> Result {
        let task = Task { await body() }
        let queue = DispatchQueue(label: "mooring.signals")
        let stop = Stop(task: { task.cancel() }, onStop: onStop, queue: queue)
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { stop.received(number) }
            source.resume()
            return source
        }
        // A reader that went away is an error of one write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let result = await task.value
        for source in sources { source.cancel() }
        return result
    }

    /// What has been asked for so far. Touched on the queue only.
    private final class Stop: @unchecked Sendable {
        // Sound because every access happens on `queue`, which is serial.
        private let task: @Sendable () -> Void
        private let onStop: @Sendable (String) -> Void
        private let queue: DispatchQueue
        private var isStopping = false

        init(task: @escaping @Sendable () -> Void, onStop: @escaping @Sendable (String) -> Void, queue: DispatchQueue) {
            self.task = task
            self.onStop = onStop
            self.queue = queue
        }

        func received(_ number: Int32) {
            if isStopping {
                onStop("Stopped at once, at the second signal.")
                _exit(128 + number)
            }
            isStopping = true
            onStop("Stopping: the call in flight is finished first.")
            task()
            queue.asyncAfter(deadline: .now() + .seconds(Int(Limits.stopGrace.components.seconds))) { [onStop] in
                onStop("Stopped although a call is still in flight; the next start looks at what came of it.")
                _exit(1)
            }
        }
    }
}
