import Foundation
package import Glibc

/// A program that runs beside the test: its lines are read as they come, and it is always brought to an end.
///
/// It ends with its whole process group, when the test is done with it, and at the latest when the test process itself ends.
package final class RunningProcess: Sendable {
    /// How a program ended.
    package enum Ending: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// A line that the program wrote.
    package struct Line: Equatable, Sendable {
        package let text: String
        package let isError: Bool
    }

    private struct State {
        var lines: [Line] = []
        var openStreams = 2
        var ending: Ending?
    }

    package let id: pid_t
    private let name: String
    private let state: Watched<State>

    /// Why a program could not be started.
    package struct StartError: Error, CustomStringConvertible {
        package let description: String
    }

    private init(id: pid_t, name: String, state: Watched<State>) {
        self.id = id
        self.name = name
        self.state = state
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - command: the program, looked up on `PATH` where it holds no slash, and its arguments.
    ///   - environment: beside `PATH` and `HOME`; nothing else is inherited.
    package static func start(
        _ command: [String], environment: [String: String] = [:], folder: String = "/",
    ) async throws -> RunningProcess {
        let inherited = ProcessInfo.processInfo.environment
        let path = (inherited["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin"
        let whole = ["PATH": path, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
        let name = URL(fileURLWithPath: command.first ?? "").lastPathComponent
        // The thread that starts a program must live as long: the kernel ties `--pdeathsig` to the thread.
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                do {
                    let child = try Child(command: command, environment: whole, folder: folder)
                    let state = Watched(State())
                    read(child.output, isError: false, into: state)
                    read(child.errors, isError: true, into: state)
                    continuation.resume(returning: RunningProcess(id: child.id, name: name, state: state))
                    wait(for: child.id, state)
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    // MARK: What it says

    /// All lines so far, of both streams, in the order they were read.
    package var lines: [Line] { state.value.lines }

    /// Everything written to standard output so far.
    package var output: String { lines.filter { !$0.isError }.map { $0.text + "\n" }.joined() }

    /// Everything written so far, for messages of failing tests.
    package var transcript: String { lines.map { ($0.isError ? "! " : "  ") + $0.text }.joined(separator: "\n") }

    /// Waits for a line with `text` in it.
    ///
    /// - Parameter from: the number of lines to pass over: what was there before does not count.
    /// - Returns: the line, and how many lines there were with it.
    @discardableResult
    package func line(
        containing text: String, from: Int = 0, within limit: Duration = .seconds(60),
    ) async throws -> (text: String, count: Int) {
        try await waiting("a line with '\(text)' from \(name)", limit) { state in
            if let index = state.lines.dropFirst(from).firstIndex(where: { $0.text.contains(text) }) {
                return .some((state.lines[index].text, index + 1))
            }
            return state.ending != nil && state.openStreams == 0 ? .some(nil) : nil
        }
    }

    // MARK: How it ends

    /// How it ended; nil while it runs.
    package var ending: Ending? { state.value.ending }

    /// Waits until it has ended and everything it wrote is read.
    @discardableResult
    package func ending(within limit: Duration = .seconds(60)) async throws -> Ending {
        try await waiting("the end of \(name)", limit) { state in
            state.openStreams == 0 ? state.ending.map { .some($0) } : nil
        }
    }

    /// Sends a signal to the program; nothing happens where it has ended.
    package func send(_ signal: Int32) {
        // Under the lock, because the id is ours only until the program is reaped, which happens under it too.
        state.update { [id] state in
            if state.ending == nil { Glibc.kill(id, signal) }
        }
    }

    /// Ends it as kindly as it lets itself be ended.
    package func stop(grace: Duration = .seconds(10)) async {
        send(SIGTERM)
        if (try? await ending(within: grace)) == nil { await kill() }
    }

    /// Ends it at once.
    package func kill() async {
        send(SIGKILL)
        _ = try? await ending(within: .seconds(10))
    }

    private func waiting<Found: Sendable>(
        _ what: String, _ limit: Duration, _ condition: @escaping @Sendable (State) -> Found??,
    ) async throws -> Found {
        do {
            guard let found = try await state.first(what, within: limit, where: condition) else {
                throw DeadlinePassed(what: what, limit: limit, instead: "It ended: \(transcript)")
            }
            return found
        } catch var error as DeadlinePassed {
            if error.instead.isEmpty { error.instead = transcript }
            throw error
        }
    }

    // MARK: Threads

    private static func read(_ descriptor: Int32, isError: Bool, into state: Watched<State>) {
        Thread.detachNewThread {
            var rest: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                rest += buffer[..<count]
                var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                rest = Array(lines.removeLast())
                let texts = lines.map { Line(text: String(decoding: $0, as: UTF8.self), isError: isError) }
                if !texts.isEmpty { state.update { $0.lines += texts } }
            }
            close(descriptor)
            let last = rest.isEmpty ? [] : [Line(text: String(decoding: rest, as: UTF8.self), isError: isError)]
            state.update { state in
                state.lines += last
                state.openStreams -= 1
            }
        }
    }

    private static func wait(for id: pid_t, _ state: Watched<State>) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        state.update { state in
            // What it started belongs to its group, which cannot be another's before it is reaped.
            Glibc.kill(-id, SIGKILL)
            var status: Int32 = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7F
            state.ending = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
        }
    }
}

/// Runs `body` beside a program, which is ended when the body is done.
package func withProcess<Result>(
    _ command: [String], environment: [String: String] = [:], folder: String = "/",
    isolation: isolated (any Actor)? = #isolation, _ body: (RunningProcess) async throws -> Result,
) async throws -> Result {
    let process = try await RunningProcess.start(command, environment: environment, folder: folder)
    do {
        let result = try await body(process)
        await process.stop()
        return result
    } catch {
        await process.kill()
        throw error
    }
}

/// A program just started, and our ends of its pipes.
private struct Child {
    let id: pid_t
    let output: Int32
    let errors: Int32

    init(command: [String], environment: [String: String], folder: String) throws {
        // Pairs of sockets instead of pipes, because they are closed on exec from the first moment: no other child must
        // hold an end of this one open.
        var output: [Int32] = [-1, -1]
        var errors: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &output) == 0, socketpair(AF_UNIX, kind, 0, &errors) == 0 else {
            throw RunningProcess.StartError(description: "socketpair: error \(errno)")
        }
        defer {
            close(output[1])
            close(errors[1])
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        posix_spawn_file_actions_adddup2(&actions, errors[1], 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let arguments = ["setpriv", "--pdeathsig", "KILL", "--", "env", "--chdir=\(folder)", "--"] + command
        var id: pid_t = 0
        let result = withCStrings(arguments) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&id, "/usr/bin/setpriv", &actions, &attributes, arguments, environment)
            }
        }
        guard result == 0 else {
            close(output[0])
            close(errors[0])
            throw RunningProcess.StartError(description: "Cannot start \(command): error \(result)")
        }
        self.id = id
        self.output = output[0]
        self.errors = errors[0]
    }
}

/// Lends texts as C does: a list of pointers that a null pointer ends.
private func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result,
) -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
}
