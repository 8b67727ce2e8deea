import Glibc
import MooringPorts

/// Git over ssh: a child `ssh` that runs git's program on the server, one conversation from the refs to the last byte.
///
/// A child, because libgit2's own ssh has no deadlines, no RSA and its own idea of known hosts.
final class SSHGitConnection: SmartConnection {
    static let isStateful = true

    private let place: GitAddress.SSHPlace
    private let settings: GitRemoteSettings
    private let identity: SSHIdentity
    private let operation: Operation
    private var child: ChildProcess?
    /// Holds key and known hosts that were given as text; removed with the conversation.
    private var folder: PrivateFolder?
    private var hasReceived = false

    init(place: GitAddress.SSHPlace, settings: GitRemoteSettings, identity: SSHIdentity, operation: Operation) {
        self.place = place
        self.settings = settings
        self.identity = identity
        self.operation = operation
    }

    func begin(_ service: SmartService) throws(TransportFault) {
        end()
        do {
            let files = try SSHFiles(identity)
            folder = files.folder
            child = try ChildProcess(
                SSHCommand.arguments(
                    place: place, files: files, connectTimeout: settings.deadlines.connect, program: service.program,
                ),
                environment: SSHCommand.environment(),
            )
        } catch {
            folder = nil
            throw SSHGitConnection.fault(error)
        }
        hasReceived = false
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportFault) -> Int {
        guard let child else { throw SSHGitConnection.noConversation }
        let silentSince = operation.uptime
        while true {
            try checkTime(silentSince: silentSince)
            let count = recv(child.socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                hasReceived = true
                return count
            }
            if count == 0 || !SSHGitConnection.isPassing(errno) { return try ended(child) }
            child.wait(for: Int16(POLLIN))
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(TransportFault) {
        guard let child else { throw SSHGitConnection.noConversation }
        var rest = bytes[...]
        var silentSince = operation.uptime
        while !rest.isEmpty {
            try checkTime(silentSince: silentSince)
            let count = send(
                child.socket, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count,
                Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL),
            )
            if count > 0 {
                rest = rest.dropFirst(count)
                silentSince = operation.uptime
            } else if count < 0, !SSHGitConnection.isPassing(errno) {
                _ = try ended(child)
                throw TransportFault(.connectionLost, "The ssh connection ended while data was being sent.")
            } else {
                child.wait(for: Int16(POLLOUT))
            }
        }
    }

    func end() {
        child?.end(grace: hasReceived ? Limits.childGrace : .zero)
        child = nil
        folder = nil
    }

    private static let noConversation = TransportFault(.connectionLost, "The ssh connection has ended.")

    private static func isPassing(_ number: Int32) -> Bool {
        number == EAGAIN || number == EWOULDBLOCK || number == EINTR
    }

    private func checkTime(silentSince: Duration) throws(TransportFault) {
        // The operation knows the reason itself and prefers it to this one.
        if operation.interruption != nil { throw TransportFault(.timedOut, "The operation was ended.") }
        let allowed = hasReceived ? settings.deadlines.stall : settings.deadlines.connect + settings.deadlines.stall
        if operation.uptime - silentSince >= allowed {
            throw TransportFault(.timedOut, "The server sent nothing for \(allowed).")
        }
    }

    /// The child has closed its output: in good order, or with an explanation on its standard error.
    private func ended(_ child: ChildProcess) throws(TransportFault) -> Int {
        let end = child.end(grace: Limits.childGrace)
        if end == .exited(0), hasReceived { return 0 }
        throw SSHFault.fault(end, words: child.errorText)
    }

    private static func fault(_ problem: GitProblem) -> TransportFault {
        switch problem {
        case .transport(let fault): fault
        case .storage(let cause): TransportFault(.storage, cause)
        default: TransportFault(.storage, "\(problem)")
        }
    }
}

/// The command line of the child.
enum SSHCommand {
    /// - Parameter program: git's program on the server.
    static func arguments(
        place: GitAddress.SSHPlace, files: SSHFiles, connectTimeout: Duration, program: String,
    ) -> [String] {
        var arguments = ["ssh", "-F", "/dev/null", "-T", "-a", "-x"]
        let options = [
            // Nobody is there to answer a question.
            "BatchMode=yes", "StrictHostKeyChecking=yes", "UpdateHostKeys=no", "CheckHostIP=no",
            "UserKnownHostsFile=\(files.knownHosts)", "GlobalKnownHostsFile=/dev/null",
            "IdentityFile=\(files.key)", "IdentitiesOnly=yes", "IdentityAgent=none",
            "PreferredAuthentications=publickey", "PermitLocalCommand=no", "ClearAllForwardings=yes",
            "ConnectTimeout=\(max(1, connectTimeout.components.seconds))", "ConnectionAttempts=1",
            // A line that is cut without a word is noticed in half a minute.
            "ServerAliveInterval=10", "ServerAliveCountMax=3", "EscapeChar=none",
        ]
        for option in options { arguments += ["-o", option] }
        if let port = place.port { arguments += ["-p", "\(port)"] }
        if let user = place.user { arguments += ["-l", user] }
        return arguments + ["--", place.host, "\(program) \(quoted(place.path))"]
    }

    /// Only what a program needs to run: nothing of ours, and no agent, leads anywhere.
    static func environment() -> [String] {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        return ["PATH=\(path)", "LC_ALL=C"]
    }

    /// One word for a shell, as git itself quotes: `!` too, for there are servers with a C shell.
    static func quoted(_ text: String) -> String {
        var quoted = "'"
        for character in text {
            if character == "'" || character == "!" { quoted += "'\\\(character)'" } else { quoted.append(character) }
        }
        return quoted + "'"
    }
}

/// What the end of a child `ssh` means.
enum SSHFault {
    /// 255 is ssh's own, everything else is the exit code of the program on the server.
    static func fault(_ end: ChildProcess.End, words text: String) -> TransportFault {
        let words = Words.printable(text)
        let lowered = text.lowercased()
        func says(_ parts: String...) -> Bool { parts.contains { lowered.contains($0) } }
        let said = words.isEmpty ? "" : " ssh says: \(words)"
        if says("host key verification failed", "host identification has changed", "revoked host key") {
            return TransportFault(
                .untrustedHost, "The host's key is not the one in the known hosts.\(said)", .stalled,
            )
        }
        if says("repository not found", "does not appear to be a git repository", "no such project", "does not exist") {
            return TransportFault(.notFound, "The server knows no such repository.\(said)", .stalled)
        }
        if says("unprotected private key", "error in libcrypto", "invalid format", "no such identity", "load key") {
            return TransportFault(.unauthenticated, "The ssh key cannot be used.\(said)", .stalled)
        }
        if says("permission denied (", "too many authentication failures") {
            return TransportFault(.unauthenticated, "The server does not accept the ssh key.\(said)", .stalled)
        }
        if says("permission denied", "access denied", "not allowed", "forbidden") {
            return TransportFault(.accessDenied, "The server refuses access.\(said)", .stalled)
        }
        if says("connection timed out", "operation timed out", "timeout, server") {
            return TransportFault(.timedOut, "The server did not answer in time.\(said)")
        }
        if says("could not resolve", "connection refused", "no route to host", "network is unreachable") {
            return TransportFault(.unreachable, "The server cannot be reached.\(said)")
        }
        if end == .exited(255) { return TransportFault(.connectionLost, "The ssh connection ended early.\(said)") }
        return TransportFault(.serverError, "The server's git ended early.\(said)")
    }
}
