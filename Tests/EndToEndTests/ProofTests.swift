import Foundation
import MooringNames
import MooringShapes
import MooringTestSupport
import Testing

/// One merge, from the repository to ECS and back onto the commit, with clients that others wrote as witnesses.
@Suite struct ProofTests {
    @Test(.timeLimit(.minutes(4)))
    func `a merge runs on ECS, is written on the commit, and other clients agree`() async throws {
        try await withScene { scene in
            let commit = try scene.mergeQuickstart()
            let sync = try await scene.mooring.end("sync")
            #expect(sync.code == 0, "\(sync.transcript)")
            #expect(try scene.ecs.revision() == "my-app:1")

            let log = try clone(scene.git)
            #expect(log.contains("Notes (mooring/production):"))
            #expect(log.contains("sync: Synced"))
            #expect(log.contains(commit.id.text))
            #expect(log.contains("newRevision: my-app:1"))

            let reader = try await python(scene, Python.client("read_service.py"), scene.ecsProxy.url)
            let service = try JSONReader.value(of: reader)
            #expect(service["service"]?["runningCount"]?.integer == 2)
            #expect(service["service"]?["deployments"]?[0]?["rolloutState"]?.text == "COMPLETED")
            #expect(service["tasks"]?.elements?.count == 2)

            try await python(scene, "-m", "awscli", "ecs", "wait", "services-stable")
            let described = try await python(scene, "-m", "awscli", "ecs", "describe-services", "--output", "json")
            #expect(try JSONReader.value(of: described)["services"]?[0]?["serviceName"]?.text == "my-app-service")

            // Nothing is left to do, and nothing is done.
            let start = scene.ecsProxy.calls.count
            let again = try await scene.mooring.onEmptyDisk().end("sync")
            #expect(again.code == 0, "\(again.transcript)")
            #expect(scene.ecsProxy.writes(from: start) == [])
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `a plan says what would be done and does nothing; the same plan after it was done is empty`() async throws {
        try await withScene { scene in
            try scene.mergeQuickstart()
            let before = try await scene.mooring.end("plan", "--ref", "main")
            #expect(before.code == 2, "\(before.transcript)")
            #expect(before.output.contains("my-app-service"))
            #expect(scene.ecsProxy.writes() == [])
            #expect(try await scene.mooring.end("sync").code == 0)
            let after = try await scene.mooring.end("plan", "--ref", "main")
            #expect(after.code == 0, "\(after.transcript)")
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `the check on a commit is pending while the rollout runs, and ends as it ended`() async throws {
        try await withScene { scene in
            try await withGitHubStandIn { host in
                var mooring = scene.mooring
                mooring.environmentSettings = [
                    "host: {kind: github, tokenVariable: TEST_GITHUB_TOKEN, apiURL: \"\(host.url)\", deployments: false}"
                ]
                mooring.variables["TEST_GITHUB_TOKEN"] = host.token
                let commit = try scene.mergeQuickstart()
                let sync = try await mooring.end("sync")
                #expect(sync.code == 0, "\(sync.transcript)")
                let states = host.all.filter { $0.commit == commit.id.text }.map(\.state)
                #expect(states.first == "pending" && states.last == "success", "\(host.all)")
                #expect(states.count { $0 == "success" } == 1)
                #expect(host.all.allSatisfy { $0.context == "mooring/production" && $0.commit == commit.id.text })
            }
        }
    }

    /// What a person sees in a clone.
    private func clone(_ git: GitTestServer) throws -> String {
        let folder = try TemporaryFolder()
        let url = git.url.replacingOccurrences(of: "://", with: "://\(git.user):\(git.token)@")
        try GitProgram.run(["clone", "--quiet", url, folder.path + "/clone"], in: "/")
        try GitProgram.run(
            ["fetch", "--quiet", "origin", "+refs/notes/mooring/*:refs/notes/mooring/*"], in: folder.path + "/clone")
        return try GitProgram.run(["log", "--notes=mooring/production"], in: folder.path + "/clone")
    }

    /// Runs a client; cluster and service are appended as it takes them.
    @discardableResult
    private func python(_ scene: Scene, _ arguments: String...) async throws -> String {
        let isCLI = arguments.first == "-m"
        let names =
            isCLI
            ? ["--cluster", LocalECS.cluster, "--services", "my-app-service"] : [LocalECS.cluster, "my-app-service"]
        let client = [Python.interpreter] + arguments + names
        return try await withProcess(client, environment: scene.ecs.environment) { process in
            let ending = try await process.ending(within: .seconds(90))
            #expect(ending == .exited(0), "\(arguments): \(process.transcript)")
            return process.output
        }
    }
}
