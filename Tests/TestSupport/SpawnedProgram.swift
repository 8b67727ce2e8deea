import Foundation
import Glibc
import Synchronization

/// A child process that leads a group of its own, started with clean signals, its streams in files.
///
/// Not Foundation's `Process`: that one watches children by descriptors beyond what its `select` can hold, and hands on
/// the blocked signals of Dispatch's threads, so that a server cannot be asked to end.
package final class SpawnedProgram: Sendable {
    private let pid: pid_t
    private let status = Mutex<Int32?>(nil)

    /// - Parameters:
    ///   - input: a file that is read; nil is an empty one.
    ///   - output: a file that is written.
    package init(
        _ arguments: [String], in folder: String = "/", environment: [String: String], input: String? = nil,
        output: String = "/dev/null", errors: String = "/dev/null",
    ) throws {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK),
        )
        // `env` changes the folder: the call that does it for posix_spawn is not visible to Swift.
        let command = ["env", "-C", folder] + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, "env", &actions, &attributes, &argv, &envp)
        guard code == 0 else {
            throw ProgramError("\(arguments) cannot be started: \(String(cString: strerror(code)))")
        }
        self.pid = pid
    }

    deinit { kill() }

    package var isRunning: Bool { exitCode == nil }

    /// How it ended, 128 and the signal's number if a signal ended it; nil while it runs.
    package var exitCode: Int32? {
        status.withLock { status in
            if let status { return status }
            var raw: Int32 = 0
            guard waitpid(pid, &raw, WNOHANG) == pid else { return nil }
            status = SpawnedProgram.code(raw)
            return status
        }
    }

    /// Waits for the end; nil if it does not come within `seconds`.
    package func wait(seconds: Int) -> Int32? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if let exitCode { return exitCode }
            _ = poll(nil, 0, 2)
        }
        return exitCode
    }

    /// Asks it to end.
    package func terminate() { if isRunning { _ = Glibc.kill(pid, SIGTERM) } }

    /// Ends it and all that it started, at once.
    package func kill() {
        status.withLock { status in
            guard status == nil else { return }
            _ = Glibc.kill(-pid, SIGKILL)
            var raw: Int32 = 0
            while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
            status = SpawnedProgram.code(raw)
        }
    }

    private static func code(_ status: Int32) -> Int32 {
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
