import Foundation
import Glibc
import Synchronization

/// Ends a process the way its surroundings ask for: SIGTERM from ECS, SIGINT from a person.
package enum Lifecycle {
    /// Runs `body`; the first SIGTERM or SIGINT cancels it, and it has `Limits.stopGrace` to finish what it is writing.
    /// After that, or at a second signal, the process ends at once: everything written so far is complete in itself.
    ///
    /// Called once in a process.
    ///
    /// - Parameter onStop: told when it begins to stop, and when it stops the hard way.
    package static func run<Result: Sendable>(
        onStop: @escaping @Sendable (_ message: String) -> Void, _ body: @escaping @Sendable () async -> Result,
    ) async -> Result {
        // First of all, so that no signal is lost or meets the default, which would kill.
        let signals = SignalPipe.install()
        let task = Task { await body() }
        if let signals {
            Thread.detachNewThread { listen(to: signals, cancel: { task.cancel() }, onStop: onStop) }
        }
        return await task.value
    }

    /// Waits for signals until the process ends.
    private static func listen(to signals: Int32, cancel: () -> Void, onStop: @escaping @Sendable (String) -> Void) {
        guard SignalPipe.next(from: signals) != nil else { return }
        onStop("Stopping: the call in flight is finished first.")
        cancel()
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: TimeInterval(Limits.stopGrace.components.seconds))
            onStop("Stopped although a call is still in flight; the next start looks at what came of it.")
            _exit(1)
        }
        guard let second = SignalPipe.next(from: signals) else { return }
        onStop("Stopped at once, at the second signal.")
        _exit(128 + second)
    }
}

/// Signals as bytes in a pipe: the one thing that a signal handler may safely do is to write one.
private enum SignalPipe {
    /// Where handlers write to.
    private static let writeEnd = Atomic<Int32>(-1)

    /// Catches SIGTERM and SIGINT.
    ///
    /// Handlers, not `SIG_IGN` and a signal source: a handler acts from this moment on, and children do not inherit it.
    ///
    /// - Returns: where the signals can be read, nil where the system has no pipe left; they end the process then.
    static func install() -> Int32? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        writeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        // A reader that went away is an error of one write, not the end of the process.
        signal(SIGPIPE) { _ in }
        for number in [SIGTERM, SIGINT] {
            signal(number) { number in
                let saved = errno
                var byte = UInt8(truncatingIfNeeded: number)
                // A full pipe holds enough signals.
                _ = write(SignalPipe.writeEnd.load(ordering: .relaxed), &byte, 1)
                errno = saved
            }
        }
        return ends[0]
    }

    /// Waits for a signal; nil where there is no pipe any more.
    static func next(from descriptor: Int32) -> Int32? {
        var byte: UInt8 = 0
        while true {
            let count = read(descriptor, &byte, 1)
            if count == 1 { return Int32(byte) }
            if count < 0, errno == EINTR { continue }
            return nil
        }
    }
}
