import Foundation
import MooringNames
import MooringTestSupport
import Testing

/// What stands between Mooring and a repository: keys, tokens, hosts and names.
@Suite struct RepositoryAccessTests {
    @Test(.timeLimit(.minutes(4)))
    func `over ssh, with an ed25519 key and a known host, a merge runs on ECS and is written on the commit`()
        async throws
    {
        try await withSSHScene { scene in
            let commit = try scene.mergeQuickstart()
            let sync = try await scene.mooring.end("sync")
            #expect(sync.code == 0, "\(sync.transcript)")
            #expect(try await commit.end(within: .seconds(1)).sync == "Synced")
            #expect(try scene.ecs.revision() == "my-app:1")
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `a host with another key than the known one is not spoken to`() async throws {
        try await withSSHScene { scene in
            try scene.mergeQuickstart()
            let other = try TemporaryFolder()
            let made = try runProgram(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other.path + "/key"])
            #expect(made.exitCode == 0)
            let key = try String(contentsOfFile: other.path + "/key.pub", encoding: .utf8)
            let hosts = other.path + "/known_hosts"
            try "[127.0.0.1]:\(scene.git.port) \(key)".write(toFile: hosts, atomically: true, encoding: .utf8)
            var mooring = scene.mooring
            mooring.environmentSettings = ["git: {sshKeyFile: \(scene.git.keyPath), knownHostsFile: \(hosts)}"]
            let sync = try await mooring.end("sync")
            #expect(sync.code == 1, "\(sync.transcript)")
            #expect(sync.transcript.localizedCaseInsensitiveContains("host key"))
            #expect(sync.transcript.contains("known"))
            #expect(scene.ecsProxy.calls.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `a wrong token is called a wrong token, with the place it came from and without the token`() async throws {
        try await withScene { scene in
            try scene.mergeQuickstart()
            var mooring = scene.mooring
            mooring.token = "not-the-token"
            let sync = try await mooring.end("sync")
            #expect(sync.code == 1, "\(sync.transcript)")
            #expect(sync.transcript.contains("MOORING_GIT_TOKEN"))
            #expect(!sync.transcript.contains("not-the-token"))
            #expect(scene.ecsProxy.writes() == [])
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `a branch that is not there is named, and nothing is done`() async throws {
        try await withScene { scene in
            try scene.mergeQuickstart()
            var mooring = scene.mooring
            mooring.branch = "release"
            let sync = try await mooring.end("sync")
            #expect(sync.code == 1, "\(sync.transcript)")
            #expect(sync.transcript.contains("branch 'release'"))
            #expect(scene.ecsProxy.writes() == [])
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `an empty repository is told from one without the branch`() async throws {
        try await withScene { scene in
            let sync = try await scene.mooring.end("sync")
            #expect(sync.code == 1, "\(sync.transcript)")
            #expect(sync.transcript.contains("no commits yet"))
        }
    }
}
