import Glibc

/// A child process with one socket as its standard input and output, and a pipe for its standard error.
///
/// A socket, because writing to one whose other end is gone can be told not to raise SIGPIPE. Its descriptors are closed
/// on exec, so that no other child inherits them. The child leads a process group of its own, which is ended as a whole.
final class ChildProcess {
    /// Not blocking.
    let socket: Int32
    private let errors: Int32
    private let pid: pid_t
    private var status: Int32?
    private var errorBytes: [UInt8] = []
    private var errorsEnded = false

    /// How a child ended.
    enum End: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// Starts `arguments[0]`, which is looked up in `PATH`.
    ///
    /// - Throws: `.storage` with the system's word if no process or descriptor is to be had, or no such program.
    init(_ arguments: [String], environment: [String]) throws(GitProblem) {
        var sockets: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &sockets) == 0 else {
            throw .storage("No socket for a child process: \(ChildProcess.words(errno)).")
        }
        var errorEnds: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, type, 0, &errorEnds) == 0 else {
            let reason = ChildProcess.words(errno)
            sockets.forEach { _ = close($0) }
            throw .storage("No socket for a child process: \(reason).")
        }
        defer {
            _ = close(sockets[1])
            _ = close(errorEnds[1])
        }
        let result = ChildProcess.spawn(arguments, environment, input: sockets[1], errors: errorEnds[1])
        switch result {
        case .success(let pid): self.pid = pid
        case .failure(let error):
            _ = close(sockets[0])
            _ = close(errorEnds[0])
            throw .storage("'\(arguments.first ?? "")' cannot be started: \(ChildProcess.words(error.number)).")
        }
        socket = sockets[0]
        errors = errorEnds[0]
        _ = fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK)
    }

    deinit {
        _ = end(grace: .zero)
        _ = close(socket)
        _ = close(errors)
    }

    private struct SystemError: Error {
        let number: Int32
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String], input: Int32, errors: Int32,
    ) -> Result<pid_t, SystemError> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, input, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // Signals that we ignore or block are none of the child's concern.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK),
        )
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments.first ?? "", &actions, &attributes, &argv, &envp)
        return code == 0 ? .success(pid) : .failure(SystemError(number: code))
    }

    /// Waits until the socket can be read or written or has been closed, or the child says something on its standard
    /// error, at most one slice.
    func wait(for events: Int16) {
        let (seconds, attoseconds) = Limits.pollSlice.components
        let milliseconds = Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        var descriptors = [
            pollfd(fd: socket, events: events, revents: 0),
            // An ended pipe would be ready for ever.
            pollfd(fd: errorsEnded ? -1 : errors, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, 2, milliseconds)
        if descriptors[1].revents != 0 { readErrors() }
    }

    /// What the child wrote to its standard error so far, as far as it is kept.
    var errorText: String { String(decoding: errorBytes, as: UTF8.self) }

    /// Reads what there is of the standard error, so that the child never waits for us.
    private func readErrors() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !errorsEnded {
            let count = recv(errors, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count < 0 && errno == EINTR { continue }
            if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) { return }
            guard count > 0 else {
                errorsEnded = true
                return
            }
            let room = Limits.childErrorBytes - errorBytes.count
            if room > 0 { errorBytes.append(contentsOf: buffer[..<min(count, room)]) }
        }
    }

    /// Closes the child's input, waits for `grace`, then kills what is left of its process group, and reaps it.
    @discardableResult
    func end(grace: Duration) -> End {
        if let status { return ChildProcess.end(of: status) }
        _ = shutdown(socket, Int32(SHUT_WR))
        let deadline = ContinuousClock.now + grace
        var reaped: Int32 = 0
        var answer = waitpid(pid, &reaped, WNOHANG)
        while answer == 0, ContinuousClock.now < deadline {
            discardOutput()
            readErrors()
            _ = poll(nil, 0, 5)
            answer = waitpid(pid, &reaped, WNOHANG)
        }
        if answer == 0 {
            _ = kill(-pid, SIGKILL)
            repeat { answer = waitpid(pid, &reaped, 0) } while answer < 0 && errno == EINTR
        }
        // Reaped by someone else, who ignores children as a whole: how it ended is lost.
        if answer < 0 { reaped = 0 }
        status = reaped
        readErrors()
        return ChildProcess.end(of: reaped)
    }

    /// A child that cannot write does not end.
    private func discardOutput() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        _ = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    }

    private static func end(of status: Int32) -> End {
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    }

    private static func words(_ number: Int32) -> String { String(cString: strerror(number)) }
}
