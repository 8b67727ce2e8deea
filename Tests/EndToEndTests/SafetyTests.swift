import Foundation
import MooringNames
import MooringShapes
import MooringTestSupport
import Testing

/// What must not be touched is not touched, and plan, note and status all say why.
@Suite struct SafetyTests {
    @Test(.timeLimit(.minutes(4)))
    func `credentials of another account than the settings name write nothing`() async throws {
        try await withScene { scene in
            var mooring = scene.mooring
            mooring.account = "210987654321"
            try await expectWithheld(
                scene, mooring, try Scene.quickstart(image: "my-app:v1.0"), saying: ["123456789012", "210987654321"])
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `a service that exists and was not adopted stays as it is`() async throws {
        try await withScene { scene in
            try createByHand(scene, tags: [])
            try await expectWithheld(
                scene, scene.mooring, try Scene.quickstart(image: "my-app:v2.0"), saying: ["adopt"])
            #expect(try scene.ecs.revision() == "my-app:1")
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `a service that another environment manages stays as it is, even where adoption is allowed`() async throws {
        try await withScene { scene in
            try createByHand(scene, tags: [["key": "mooring:environment", "value": "staging@elsewhere"]])
            var mooring = scene.mooring
            mooring.environmentSettings.append("adopt: true")
            try await expectWithheld(
                scene, mooring, try Scene.quickstart(image: "my-app:v2.0"), saying: ["staging@elsewhere"])
            #expect(try scene.ecs.revision() == "my-app:1")
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `sixty new services are past the fuse, and not one is created`() async throws {
        try await withScene { scene in
            var files = try Scene.quickstart(image: "my-app:v1.0")
            let service = try #require(files["production/service.yaml"])
            files["production/service.yaml"] = nil
            for number in 1...60 {
                files["production/service-\(number).yaml"] = service.replacingOccurrences(
                    of: "my-app-service", with: "my-app-\(number)")
            }
            try await expectWithheld(scene, scene.mooring, files, saying: ["60", "maxCreations"])
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `an environment that was not told to act only says what it would do`() async throws {
        try await withScene { scene in
            var mooring = scene.mooring
            mooring.act = false
            try await expectWithheld(
                scene, mooring, try Scene.quickstart(image: "my-app:v1.0"), saying: ["act: true"], state: "success")
        }
    }

    // MARK: -

    /// The quickstart as somebody else put it there.
    private func createByHand(_ scene: Scene, tags: [Value]) throws {
        let files = try Binary.quickstart()
        let definition = try #require(files["production/task-definition.json"])
        try scene.ecs.call("RegisterTaskDefinition", try JSONReader.value(of: definition))
        var input: Value = [
            "serviceName": "my-app-service", "cluster": .string(LocalECS.cluster), "taskDefinition": "my-app",
            "desiredCount": 2, "launchType": "EC2",
            "networkConfiguration": [
                "awsvpcConfiguration": [
                    "subnets": ["subnet-0a1b2c3d4e5f60718"], "securityGroups": ["sg-0f1e2d3c4b5a69788"],
                ]
            ],
        ]
        if !tags.isEmpty { input["tags"] = .list(tags) }
        try scene.ecs.call("CreateService", input)
    }

    private func expectWithheld(
        _ scene: Scene, _ mooring: Mooring, _ files: [String: String], saying reasons: [String],
        state: String = "failure",
    ) async throws {
        try await withGitHubStandIn { host in
            let commit = try scene.merge(files, "Change")
            var mooring = mooring
            mooring.environmentSettings += [
                "host: {kind: github, tokenVariable: TEST_GITHUB_TOKEN, apiURL: \"\(host.url)\", deployments: false}"
            ]
            mooring.variables["TEST_GITHUB_TOKEN"] = host.token

            let plan = try await mooring.end("plan", "--ref", "main")
            #expect(plan.code == 2, "\(plan.transcript)")
            for reason in reasons { #expect(plan.transcript.contains(reason), "plan: \(plan.transcript)") }

            try await mooring.run { controller in
                let end = try await commit.end()
                #expect(end.sync == "OutOfSync", "\(end.note)")
                for reason in reasons { #expect(end.note.contains(reason), "note: \(end.note)") }
                let status = try await host.end(of: commit.id.text)
                #expect(status.state == state, "\(status)")
                #expect(status.context == "mooring/production")
                #expect(!status.description.isEmpty)
                for reason in reasons { #expect(controller.transcript.contains(reason), "\(controller.transcript)") }
            }
            #expect(scene.ecsProxy.writes() == [])
        }
    }
}
