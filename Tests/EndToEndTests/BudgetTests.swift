import Foundation
import MooringShapes
import MooringTestSupport
import Testing

/// AWS's token buckets are shared with people and other tools, so calls are few.
@Suite struct BudgetTests {
    private static let serviceCount = 500

    @Test(.timeLimit(.minutes(5)))
    func `five hundred services at rest cost one page each, and one changed among them a handful of calls`()
        async throws
    {
        try await withScene { scene in
            try await fill(scene)
            var mooring = scene.mooring
            mooring.environmentSettings += ["adopt: true", "maxCreations: 1000", "sweepInterval: 1h"]
            let first = try scene.merge(files(), "Five hundred services")
            // Taking them over leaves its marks on them. From then on there is nothing to do.
            let sync = try await mooring.end("sync", within: .seconds(200))
            #expect(sync.code == 0, "\(sync.transcript)")
            #expect(try Commit.sync(of: first.note() ?? "") == "Synced")
            let atRest = scene.ecsProxy.calls.count
            try await mooring.onEmptyDisk().run { controller in
                try await scene.ecsProxy.calls("a sweep", within: .seconds(60)) { calls in
                    calls.dropFirst(atRest).count { $0.operation == "DescribeServices" } >= 50
                }
                // Two polls of the repository later the pass is over for certain.
                let polls = scene.gitProxy.calls.count
                try await scene.gitProxy.calls("two more polls", within: .seconds(60)) { $0.count >= polls + 4 }
                let counts = ecsOperations(scene, from: atRest)
                let count = BudgetTests.serviceCount
                #expect(counts.values.reduce(0, +) <= 2 + (count + 99) / 100 + (count + 9) / 10, "\(counts)")

                let beforeChange = scene.ecsProxy.calls.count
                var changed = files()
                changed["production/service-250.yaml"] = service(250, count: 1, revision: "one.json")
                changed["production/one.json"] = definition("one")
                let second = try scene.merge(changed, "One of five hundred")
                #expect(try await second.end().sync == "Synced")
                expectFewCalls(scene, from: beforeChange)
                #expect(controller.ending == nil)
            }
        }
    }

    /// At most eight calls, the looks at the one rollout aside.
    private func expectFewCalls(_ scene: Scene, from start: Int) {
        var counts = ecsOperations(scene, from: start)
        let looks = counts.removeValue(forKey: "DescribeServices") ?? 0
        let others = counts.values.reduce(0, +)
        // One look to plan; the rest is polling of the rollout, once a second at the most.
        #expect(others + min(looks, 1) <= 8, "\(counts)")
        #expect(looks < 40)
        #expect(counts["UpdateService"] == 1)
        #expect(counts["RegisterTaskDefinition"] == 1)
    }

    /// Calls of ECS by operation; whose credentials these are is asked of another service.
    private func ecsOperations(_ scene: Scene, from start: Int) -> [String: Int] {
        var counts = scene.ecsProxy.operations(from: start)
        counts["GetCallerIdentity"] = nil
        return counts
    }

    // MARK: Five hundred services

    private func definition(_ family: String) -> String {
        """
        {
          "family": "\(family)",
          "requiresCompatibilities": ["EC2"],
          "containerDefinitions": [{"name": "web", "image": "web:1", "memory": 128, "essential": true}]
        }
        """
    }

    private func service(_ number: Int, count: Int = 0, revision: String = "all.json") -> String {
        """
        serviceName: service-\(number)
        cluster: my-cluster
        taskDefinition: \(revision)
        desiredCount: \(count)
        launchType: EC2
        """
    }

    private func files() -> [String: String] {
        var files = ["production/all.json": definition("all")]
        for number in 0..<BudgetTests.serviceCount { files["production/service-\(number).yaml"] = service(number) }
        return files
    }

    /// Creates what the manifests say, by another client.
    private func fill(_ scene: Scene) async throws {
        let folder = try TemporaryFolder()
        let services = (0..<BudgetTests.serviceCount).map { number -> Value in
            [
                "serviceName": .string("service-\(number)"), "cluster": .string(LocalECS.cluster),
                "taskDefinition": "all", "desiredCount": 0, "launchType": "EC2",
                "tags": [["key": "mooring:environment", "value": "production@shop"]],
            ]
        }
        let wanted: Value = [
            "taskDefinition": try JSONReader.value(of: definition("all")), "services": .list(services),
        ]
        let file = folder.path + "/services.json"
        try JSONWriter(.compact).text(of: wanted).write(toFile: file, atomically: true, encoding: .utf8)
        let client = [
            Python.interpreter, Python.client("create_services.py"), "http://127.0.0.1:\(scene.ecs.port)", file,
        ]
        try await withProcess(client, environment: scene.ecs.environment) { process in
            let ending = try await process.ending(within: .seconds(120))
            #expect(ending == .exited(0), "\(process.transcript)")
        }
    }
}
