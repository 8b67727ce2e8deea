import Foundation
import MooringShapes
import MooringTestSupport
import Testing

/// What a person says beside git: `mooring retry`, `approve` and `abort`.
@Suite struct WordTests {
    private static let service = "my-app-service"

    private func tags(_ scene: Scene) throws -> [String] {
        try scene.ecs.service()?["tags"]?.elements?.compactMap { $0["key"]?.text } ?? []
    }

    // MARK: Retry

    @Test(.timeLimit(.minutes(4)))
    func `an image that could not be pulled is tried again at a person's word`() async throws {
        try await withScene { scene in
            try scene.mergeQuickstart()
            #expect(try await scene.mooring.end("sync").code == 0)
            let nothing = try await scene.mooring.end("retry", Self.service)
            #expect(nothing.code == 0 && nothing.output.contains("nothing to retry"), "\(nothing.transcript)")

            let commit = try scene.mergeQuickstart(image: "my-app:bad")
            let failed = try await scene.mooring.end("sync")
            #expect(failed.code == 1, "\(failed.transcript)")
            #expect(try tags(scene).contains("mooring:rejected"))

            // It could be pulled now, but nobody has said so.
            try scene.ecs.setScenario(#"{"images": []}"#)
            let start = scene.ecsProxy.calls.count
            #expect(try await scene.mooring.end("sync").code == 1)
            #expect(scene.ecsProxy.writes(from: start) == [])
            // Another commit mends nothing either, and says so.
            let elsewhere = try scene.merge(["README.md": "Something else."], "Elsewhere")
            let other = try await scene.mooring.end("sync")
            #expect(other.code == 1, "\(other.transcript)")
            #expect(other.output.contains("Failed: \(Self.service) rolled back: "), "\(other.transcript)")

            let retry = try await scene.mooring.end("retry", "my-cluster/\(Self.service)")
            #expect(retry.code == 0, "\(retry.transcript)")
            #expect(retry.output.contains("may be tried again. The controller tries what git says at its next look"))
            #expect(try tags(scene).contains("mooring:retry") && !tags(scene).contains("mooring:rejected"))
            let again = try await scene.mooring.end("retry", Self.service)
            #expect(again.code == 0 && again.output.contains("already"), "\(again.transcript)")

            let synced = try await scene.mooring.end("sync")
            #expect(synced.code == 0, "\(synced.transcript)")
            #expect(try scene.ecs.revision() == "my-app:2")
            #expect(try await commit.end().sync == "Failed")
            #expect(try await elsewhere.end().sync == "Synced")
            #expect(try elsewhere.note()?.contains("my-cluster/\(Self.service):") == true)
            #expect(try !tags(scene).contains { $0 == "mooring:retry" || $0 == "mooring:rejected" })
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `the controller tries again what was rejected, all of it`() async throws {
        try await withScene { scene in
            var mooring = scene.mooring
            mooring.environmentSettings = ["sweepInterval: 2s"]
            try await mooring.run { _ in
                _ = try await scene.mergeQuickstart().end()
                let commit = try scene.mergeQuickstart(image: "my-app:bad")
                #expect(try await commit.end().sync == "Failed")
                try scene.ecs.setScenario(#"{"images": []}"#)
                try await scene.ecs.service("the mark of the rejection") { service in
                    service["tags"]?.elements?.contains { $0["key"]?.text == "mooring:rejected" } == true
                }
                let retry = try await mooring.end("retry", "--all-rejected")
                #expect(retry.code == 0, "\(retry.transcript)")
                #expect(retry.output.contains("my-cluster/\(Self.service): what failed with service deployment "))
                #expect(retry.output.contains("within 2s"))
                try await scene.ecs.service("revision 2") { service in
                    service["taskDefinition"]?.text?.hasSuffix("my-app:2") == true
                        && service["deployments"]?[0]?["rolloutState"]?.text == "COMPLETED"
                }
                _ = try await eventually("the note's end", within: .seconds(60)) {
                    try commit.note()?.contains("\nsync: Synced\n") == true ? true : nil
                }
                let none = try await mooring.end("retry", "--all-rejected")
                #expect(none.code == 0 && none.output.hasPrefix("Nothing to retry"), "\(none.transcript)")
            }
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `a one-off task that failed runs again at a person's word`() async throws {
        try await withScene { scene in
            let ends = #"{"images": [{"image": "migrate:v1", "crashes": {"exitCode": 3, "after": "5s"}}]}"#
            try scene.ecs.setScenario(ends)
            var files = try Scene.quickstart(image: "my-app:v1.0")
            files["production/migrate.task.json"] = """
                {"family": "migrate", "memory": "512", "containerDefinitions": [{"name": "main", "image": "migrate:v1"}]}
                """
            files["production/migrate.yaml"] = """
                taskDefinition: migrate
                launchType: EC2
                mooring: {runs: {before: [my-app-service]}}

                """
            let commit = try scene.merge(files, "Begin")
            let failed = try await scene.mooring.end("sync")
            #expect(failed.code == 1 && failed.transcript.contains("mooring retry my-cluster/migrate"))
            #expect(try scene.ecs.service() == nil)
            try scene.ecs.setScenario(ends.replacingOccurrences(of: "3", with: "0"))
            let retry = try await scene.mooring.end("retry", "migrate")
            #expect(retry.code == 0, "\(retry.transcript)")
            #expect(retry.output.hasPrefix("my-cluster/migrate: the one-off task may run again."))
            let synced = try await scene.mooring.end("sync")
            #expect(synced.code == 0, "\(synced.transcript)")
            #expect(try await commit.end().sync == "Synced")
            let again = try await scene.mooring.end("retry", "task migrate")
            #expect(again.code == 1 && again.transcript.contains("It ended well."), "\(again.transcript)")
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `a service that is not there, or not ours, is named and left alone`() async throws {
        try await withScene { scene in
            try scene.mergeQuickstart()
            #expect(try await scene.mooring.end("sync").code == 0)
            let start = scene.ecsProxy.calls.count
            let absent = try await scene.mooring.end("retry", "absent")
            #expect(absent.code == 1 && absent.transcript.contains("my-cluster/absent"), "\(absent.transcript)")
            let task = try await scene.mooring.end("retry", "task \(Self.service)")
            #expect(task.code == 1, "\(task.transcript)")
            #expect(task.transcript.contains("'\(Self.service)' is a service: mooring retry \(Self.service)"))
            let foreign = try await scene.mooring.end("abort", "other/web")
            #expect(foreign.code == 1 && foreign.transcript.contains("my-cluster"), "\(foreign.transcript)")
            for word in ["retry", "approve", "abort"] {
                let said = try await scene.mooring.end(word, Self.service, "--repository-id", "elsewhere")
                #expect(said.code == 1 && said.transcript.contains("production@shop"), "\(said.transcript)")
            }
            #expect(scene.ecsProxy.writes(from: start) == [])
        }
    }

    // MARK: Approve and abort

    /// The quickstart, with traffic shifted to new tasks as a whole, and a pause before that.
    private func files(image: String, pauses: Bool) throws -> [String: String] {
        var files = try Scene.quickstart(image: image)
        let hooks =
            pauses
            ? "\n  lifecycleHooks:\n    - {targetType: PAUSE, lifecycleStages: [POST_SCALE_UP], "
                + "timeoutConfiguration: {timeoutInMinutes: 1440, action: ROLLBACK}}" : ""
        files["production/service.yaml"] = """
            serviceName: my-app-service
            cluster: my-cluster
            taskDefinition: task-definition.json
            desiredCount: 1
            launchType: EC2
            networkConfiguration:
              awsvpcConfiguration: {subnets: [subnet-0a1b2c3d4e5f60718], securityGroups: [sg-0f1e2d3c4b5a69788]}
            deploymentConfiguration:
              strategy: BLUE_GREEN
              bakeTimeInMinutes: 0
              deploymentCircuitBreaker: {enable: true, rollback: true}\(hooks)

            """
        return files
    }

    private func newest(_ scene: Scene) throws -> Value? {
        guard let arn = try scene.ecs.deployments().first?["serviceDeploymentArn"] else { return nil }
        return try scene.ecs.call("DescribeServiceDeployments", ["serviceDeploymentArns": .list([arn])])[
            "serviceDeployments"]?[0]
    }

    /// Merges, and waits until the rollout waits.
    private func pause(_ scene: Scene, image: String) async throws -> Commit {
        let commit = try scene.merge(try files(image: image, pauses: true), image)
        _ = try await eventually("the pause of \(image)", within: .seconds(60)) {
            let hooks = try newest(scene)?["lifecycleHookDetails"]?.elements ?? []
            return hooks.contains { $0["status"]?.text == "AWAITING_ACTION" } ? true : nil
        }
        return commit
    }

    @Test(.timeLimit(.minutes(4)))
    func `a rollout that waits goes on when approved, and back when aborted`() async throws {
        try await withScene { scene in
            try await scene.mooring.run { _ in
                _ = try await scene.merge(try files(image: "my-app:v1.0", pauses: false), "Begin").end()
                for word in ["approve", "abort"] {
                    let early = try await scene.mooring.end(word, Self.service)
                    #expect(early.code == 1 && early.transcript.contains("nothing"), "\(early.transcript)")
                }

                let second = try await pause(scene, image: "my-app:v2.0")
                let approved = try await scene.mooring.end("approve", Self.service)
                #expect(approved.code == 0, "\(approved.transcript)")
                #expect(approved.output.contains(" goes on from POST_SCALE_UP."))
                #expect(try await second.end().sync == "Synced")
                #expect(try scene.ecs.revision() == "my-app:2")

                let third = try await pause(scene, image: "my-app:v3.0")
                let aborted = try await scene.mooring.end("abort", Self.service)
                #expect(aborted.code == 0, "\(aborted.transcript)")
                #expect(aborted.output.contains(" is taken back from POST_SCALE_UP."))
                #expect(try await third.end().sync == "Failed")
                #expect(try scene.ecs.revision() == "my-app:2")
                #expect(try newest(scene)?["status"]?.text == "ROLLBACK_SUCCESSFUL")
            }
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `a rollout under way is taken back when aborted, and not tried again`() async throws {
        try await withScene(speed: 10) { scene in
            try await scene.mooring.run { _ in
                _ = try await scene.mergeQuickstart().end()
                let commit = try scene.mergeQuickstart(image: "my-app:v2.0")
                _ = try await eventually("the rollout", within: .seconds(60)) {
                    try newest(scene)?["status"]?.text == "IN_PROGRESS" ? true : nil
                }
                let aborted = try await scene.mooring.end("abort", Self.service)
                #expect(aborted.code == 0, "\(aborted.transcript)")
                #expect(try await commit.end().sync == "Failed")
                #expect(try scene.ecs.revision() == "my-app:1")
            }
        }
    }

    // MARK: Our own service

    @Test(.timeLimit(.minutes(4)))
    func `the service that Mooring runs in is never removed`() async throws {
        try await withScene { scene in
            var files: [String: String?] = try Scene.quickstart(image: "my-app:v1.0")
            files["production/mooring.yaml"] = "prune: true\n"
            files["production/mooring.service.yaml"] = """
                serviceName: mooring
                taskDefinition: task-definition.json
                desiredCount: 1
                launchType: EC2
                networkConfiguration:
                  awsvpcConfiguration: {subnets: [subnet-0a1b2c3d4e5f60718]}

                """
            try scene.merge(files, "Begin")
            #expect(try await scene.mooring.end("sync").code == 0)
            files["production/mooring.service.yaml"] = .some(nil)
            try scene.merge(files, "Without Mooring")

            let metadata: Value = [
                "Cluster": "my-cluster", "ServiceName": "mooring",
                "TaskARN": .string("arn:aws:ecs:\(LocalECS.region):\(LocalECS.account):task/my-cluster/0a1b"),
            ]
            try await withLoopbackServer({ connection in
                _ = connection.readRequest()
                connection.respond(body: JSONWriter(.compact).text(of: metadata))
            }) { server in
                var mooring = scene.mooring
                mooring.variables["ECS_CONTAINER_METADATA_URI_V4"] = server.url + "/v4/0a1b"
                let spared = try await mooring.end("sync")
                #expect(spared.transcript.contains("Mooring's own service"), "\(spared.transcript)")
                #expect(try scene.ecs.service("mooring")?["desiredCount"]?.integer == 1)
                #expect(server.requests.count == 1)
            }
            // Elsewhere nobody knows whose it is: it goes as any other.
            let removed = try await scene.mooring.end("sync")
            let status = try scene.ecs.service("mooring")?["status"]?.text
            #expect(status == "INACTIVE" || status == "DRAINING", "\(removed.transcript)")
        }
    }
}
