import Foundation
import Glibc

/// A git server on the loopback interface and what it takes to get in.
package struct GitTestServer: Sendable {
    /// The repository's address, without a credential.
    package let url: String
    /// The user of the token.
    package let user: String
    /// The password of `user` (http only).
    package let token: String
    /// The repository's own folder.
    package let repositoryPath: String
    /// The private key's file and the known hosts' file (ssh only).
    package let keyPath: String
    package let knownHostsPath: String
    /// The port it listens on.
    package let port: UInt16

    /// The repository, to make commits in.
    package let repository: GitTestRepository
}

/// Runs `body` with an empty repository behind `git http-backend` and lighttpd, which asks for a token.
package func withHTTPGitServer<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (GitTestServer) async throws -> Result,
) async throws -> Result {
    let folder = try TemporaryFolder()
    let repository = try GitTestRepository(at: folder.path + "/repositories/shop.git")
    let token = "token-\(UUID().uuidString)"
    let program = try ServerProgram { port in
        let users = "\(folder.path)/users"
        try write("mooring:\(token)\n", to: users)
        let backend = try GitProgram.run(["--exec-path"], in: "/") + "/git-http-backend"
        let settings = """
            server.modules = ("mod_auth", "mod_authn_file", "mod_alias", "mod_setenv", "mod_cgi")
            server.document-root = "\(folder.path)"
            server.bind = "127.0.0.1"
            server.port = \(port)
            server.errorlog = "\(folder.path)/error.log"
            server.upload-dirs = ("\(folder.path)")
            server.max-keep-alive-requests = 1000
            alias.url = ("/git/" => "\(backend)/")
            $HTTP["url"] =~ "^/git/" {
                cgi.assign = ("" => "")
                setenv.add-environment = (
                    "GIT_PROJECT_ROOT" => "\(folder.path)/repositories", "GIT_HTTP_EXPORT_ALL" => "1",
                    "GIT_CONFIG_NOSYSTEM" => "1", "GIT_CONFIG_GLOBAL" => "/dev/null"
                )
                auth.backend = "plain"
                auth.backend.plain.userfile = "\(users)"
                auth.require = ("" => ("method" => "basic", "realm" => "git", "require" => "valid-user"))
            }
            """
        try write(settings, to: "\(folder.path)/lighttpd.conf")
        return ["lighttpd", "-D", "-f", "\(folder.path)/lighttpd.conf"]
    }
    defer { program.stop() }
    return try await body(
        GitTestServer(
            url: "http://127.0.0.1:\(program.port)/git/shop.git", user: "mooring", token: token,
            repositoryPath: repository.path, keyPath: "", knownHostsPath: "", port: program.port,
            repository: repository,
        ),
    )
}

/// Runs `body` with an empty repository behind an sshd of its own, with an ed25519 key and the known hosts of it.
package func withSSHGitServer<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (GitTestServer) async throws -> Result,
) async throws -> Result {
    let folder = try TemporaryFolder()
    let repository = try GitTestRepository(at: folder.path + "/repositories/shop's.git")
    for key in ["host", "user"] {
        let made = try runProgram(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", "\(folder.path)/\(key)"],
        )
        guard made.exitCode == 0 else { throw ProgramError("ssh-keygen: \(made.errors)") }
    }
    let hostKey = try String(contentsOfFile: "\(folder.path)/host.pub", encoding: .utf8)
    // sshd run by root wants its folder for unprivileged children, which the package's start script makes.
    if geteuid() == 0 {
        try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
    }
    let program = try ServerProgram { port in
        let settings = """
            ListenAddress 127.0.0.1
            Port \(port)
            HostKey \(folder.path)/host
            AuthorizedKeysFile \(folder.path)/user.pub
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            MaxStartups 100
            """
        try write(settings, to: "\(folder.path)/sshd_config")
        // sshd wants to be started by its absolute path, because it starts itself again.
        return ["/usr/sbin/sshd", "-D", "-e", "-f", "\(folder.path)/sshd_config"]
    }
    defer { program.stop() }
    try write("[127.0.0.1]:\(program.port) \(hostKey)", to: "\(folder.path)/known_hosts")
    let user = NSUserName()
    return try await body(
        GitTestServer(
            url: "ssh://\(user)@127.0.0.1:\(program.port)\(repository.path)", user: user, token: "",
            repositoryPath: repository.path, keyPath: "\(folder.path)/user",
            knownHostsPath: "\(folder.path)/known_hosts", port: program.port, repository: repository,
        ),
    )
}

private func write(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
}

/// A server program as a child process, ended by `stop`.
package final class ServerProgram: Sendable {
    package let port: UInt16
    private let program: SpawnedProgram

    /// - Parameter command: makes the command line for a port that was free a moment ago; asked again with another port
    ///   if someone else was faster to take it.
    package init(_ command: (UInt16) throws -> [String]) throws {
        let scratch = try TemporaryFolder()
        for _ in 1...5 {
            let port = try ServerProgram.freePort()
            let program = try SpawnedProgram(
                // `timeout` ends the server should this process be killed before it can.
                ["timeout", "--kill-after=5", "300"] + (try command(port)),
                environment: ["PATH": (GitProgram.environment["PATH"] ?? "") + ":/usr/sbin:/sbin"],
                errors: scratch.path + "/errors",
            )
            if ServerProgram.waitUntilListening(port, program) {
                self.port = port
                self.program = program
                return
            }
            program.kill()
        }
        let words = try String(contentsOfFile: scratch.path + "/errors", encoding: .utf8)
        throw ProgramError("The server does not start: \(words)")
    }

    /// Ends the server and what it started.
    package func stop() {
        program.terminate()
        _ = program.wait(seconds: 5)
        program.kill()
    }

    /// Connects until someone answers, for at most ten seconds.
    private static func waitUntilListening(_ port: UInt16, _ program: SpawnedProgram) -> Bool {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline, program.isRunning {
            if (try? withSocket(port, connect)) == 0 { return true }
            _ = poll(nil, 0, 10)
        }
        return false
    }

    private static func freePort() throws -> UInt16 {
        var address = sockaddr_in()
        _ = try withSocket(0) { descriptor, generic, length in
            var length = length
            guard bind(descriptor, generic, length) == 0 else { return -1 }
            return withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func withSocket(
        _ port: UInt16, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32,
    ) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ProgramError("no socket") }
        defer { _ = close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
