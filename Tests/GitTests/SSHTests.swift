import Foundation
import MooringGit
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

/// What can go wrong on the way in over ssh, and what is said about it.
@Suite(.serialized) struct SSHTests {
    private let main: BranchName

    init() throws { main = try BranchName("main") }

    private func settings(_ server: GitTestServer, key: SSHIdentity.Key? = nil, hosts: SSHIdentity.KnownHosts? = nil)
        throws -> GitRemoteSettings
    {
        var settings = try GitRemoteSettings.ssh(server)
        settings.credential = .ssh(
            SSHIdentity(
                key: key ?? .file(path: server.keyPath), knownHosts: hosts ?? .file(path: server.knownHostsPath),
            ),
        )
        return settings
    }

    private func makeKey(_ type: String, in folder: TemporaryFolder, name: String) throws -> String {
        let path = "\(folder.path)/\(name)"
        let made = try runProgram(["ssh-keygen", "-q", "-t", type, "-N", "", "-f", path])
        #expect(made.exitCode == 0)
        return path
    }

    private func temporaryFolders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory()).filter {
            $0.wholeMatch(of: /mooring-[A-Za-z0-9]{6}/) != nil
        }
    }

    @Test func `key and known hosts may be given as text, and leave nothing behind`() async throws {
        let bench = try Bench()
        try await withSSHGitServer { server in
            let commit = try server.repository.commit(["a.json": "1"], to: main, message: "One")
            let key = try String(contentsOfFile: server.keyPath, encoding: .utf8)
            let hosts = try String(contentsOfFile: server.knownHostsPath, encoding: .utf8)
            let before = try temporaryFolders()
            let mirror = bench.mirror(
                try settings(server, key: .text(Secret(key.trimmingCharacters(in: .newlines))), hosts: .text(hosts)),
            )
            #expect(try await mirror.fetch(branch: main).head == commit)
            #expect(try temporaryFolders().filter { !before.contains($0) } == [])
        }
    }

    @Test func `an RSA key is good`() async throws {
        let bench = try Bench()
        try await withSSHGitServer { server in
            let commit = try server.repository.commit(["a.json": "1"], to: main, message: "One")
            let key = try makeKey("rsa", in: bench.folder, name: "rsa")
            let authorized = server.keyPath + ".pub"
            let keys = try ["\(key).pub", authorized].map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
            try keys.write(toFile: authorized, atomically: true, encoding: .utf8)
            let mirror = bench.mirror(try settings(server, key: .file(path: key)))
            #expect(try await mirror.fetch(branch: main).head == commit)
        }
    }

    @Test func `a host with another key is not trusted`() async throws {
        let bench = try Bench()
        try await withSSHGitServer { server in
            let other = try makeKey("ed25519", in: bench.folder, name: "other")
            let key = try String(contentsOfFile: other + ".pub", encoding: .utf8)
            for hosts in ["[127.0.0.1]:\(server.port) \(key)", "elsewhere \(key)", ""] {
                let mirror = bench.mirror(try settings(server, hosts: .text(hosts)))
                let failure = try #require(await failure { () throws(Failure) in try await mirror.fetch(branch: main) })
                #expect(failure.code == .untrustedHost, "\(failure)")
                #expect(failure.disposition == .stalled)
                #expect(failure.remedy.contains("known hosts"))
            }
        }
    }

    @Test func `a revoked host key is not trusted`() async throws {
        let bench = try Bench()
        try await withSSHGitServer { server in
            let line = try String(contentsOfFile: server.knownHostsPath, encoding: .utf8)
            let mirror = bench.mirror(try settings(server, hosts: .text("\(line)@revoked \(line)")))
            let failure = await failure { () throws(Failure) in try await mirror.fetch(branch: main) }
            #expect(failure?.code == .untrustedHost)
        }
    }

    @Test func `a key that the server does not know is told`() async throws {
        let bench = try Bench()
        try await withSSHGitServer { server in
            let key = try makeKey("ed25519", in: bench.folder, name: "stranger")
            let mirror = bench.mirror(try settings(server, key: .file(path: key)))
            let failure = try #require(await failure { () throws(Failure) in try await mirror.fetch(branch: main) })
            #expect(failure.code == .unauthenticated)
            #expect(failure.remedy == "Check the ssh key in git.sshKey.")
        }
    }

    @Test func `a key that is none, and one that is missing, are told`() async throws {
        let bench = try Bench()
        try await withSSHGitServer { server in
            let keys: [SSHIdentity.Key] = [.text(Secret("no key")), .file(path: bench.folder.path + "/absent")]
            for key in keys {
                let mirror = bench.mirror(try settings(server, key: key))
                let failure = await failure { () throws(Failure) in try await mirror.fetch(branch: main) }
                #expect(failure?.code == .unauthenticated)
            }
        }
    }

    @Test func `a repository that is not there is told`() async throws {
        let bench = try Bench()
        try await withSSHGitServer { server in
            var settings = try settings(server)
            settings.address = try GitAddress(server.url + "-absent")
            let failure = await failure { () throws(Failure) in try await bench.mirror(settings).fetch(branch: main) }
            #expect(failure?.code == .notFound)
        }
    }

    @Test func `a host that accepts and never answers costs one deadline`() async throws {
        let bench = try Bench()
        try await withSSHGitServer { real in
            try await withLoopbackServer { connection in
                connection.holdUntilClosed()
            } _: { server in
                var settings = try settings(real)
                settings.address = try GitAddress("ssh://git@127.0.0.1:\(server.port)/shop.git")
                settings.deadlines.transfer = .milliseconds(500)
                let start = ContinuousClock.now
                let failure = await failure { () throws(Failure) in try await bench.mirror(settings).fetch(branch: main)
                }
                #expect(failure?.code == .timedOut)
                #expect(ContinuousClock.now - start < .seconds(25))
            }
        }
    }

    @Test func `a cancelled task ends a hung conversation`() async throws {
        let bench = try Bench()
        let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
        try await withSSHGitServer { real in
            try await withLoopbackServer { connection in
                arrival.yield()
                connection.holdUntilClosed()
            } _: { server in
                var settings = try settings(real)
                settings.address = try GitAddress("ssh://git@127.0.0.1:\(server.port)/shop.git")
                let mirror = bench.mirror(settings)
                let branch = main
                let fetch = Task { await failure { () throws(Failure) in try await mirror.fetch(branch: branch) } }
                for await _ in arrived { break }
                fetch.cancel()
                #expect(await fetch.value?.code == .cancelled)
            }
        }
    }
}
