import MooringController
import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import Testing

@Suite struct `The word of a person about a service` {
    private static let identity = "production@shop"
    private static let arn = "arn:aws:ecs:eu-central-1:123456789012:service/main/web"
    private static let deployment = "arn:aws:ecs:eu-central-1:123456789012:service-deployment/main/web/d1"

    private func policy(act: Bool = true, clusters: [String] = ["main"]) throws -> EnvironmentPolicy {
        EnvironmentPolicy(
            identity: try EnvironmentIdentity(Self.identity), branch: try BranchName("main"), folder: nil,
            account: try AccountID("123456789012"), region: try Region("eu-central-1"),
            clusters: try clusters.map(ClusterName.init), act: act, sweepInterval: .seconds(300))
    }

    private func web(_ tags: [String: String], state: String = "COMPLETED") throws -> ObservedService {
        let tags = tags.sorted { $0.key < $1.key }.map { Tag($0.key, $0.value).input }
        return ObservedService(
            key: try ServiceWord.key("web", in: [try ClusterName("main")]),
            described: [
                "serviceArn": .string(Self.arn), "status": "ACTIVE", "tags": .list(tags),
                "deployments": [["status": "PRIMARY", "rolloutState": .string(state)]],
            ])
    }

    private func record(_ status: String, stage: String? = nil, hooks: [Value] = []) -> DeploymentRecord {
        DeploymentRecord(
            described: .map(present: [
                ("serviceDeploymentArn", .string(Self.deployment)), ("status", .string(status)),
                ("lifecycleStage", stage.map(Value.string)), ("lifecycleHookDetails", .list(hooks)),
            ]), target: nil)
    }

    private let hook: Value = ["hookId": "ecs-pause-1", "status": "AWAITING_ACTION", "targetType": "PAUSE"]

    private func answer(
        _ word: ServiceWord, tags: [String: String] = [:], _ newest: DeploymentRecord?, act: Bool = true,
    ) throws -> ServiceAnswer {
        let tags = tags.merging([OwnTag.environment: Self.identity]) { own, _ in own }
        return word.answer(for: try web(tags), newest: newest, policy: try policy(act: act))
    }

    // MARK: Retry

    @Test(arguments: ["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"])
    func `retry forgives the newest deployment, then takes the mark off`(status: String) throws {
        let answer = try answer(.retry, tags: [OwnTag.rejected: "v1:abc"], record(status))
        #expect(
            answer.calls == [
                APICall(
                    .ecs, "TagResource",
                    [
                        "resourceArn": .string(Self.arn),
                        "tags": [["key": .string(OwnTag.retry), "value": "d1"]],
                    ]),
                APICall(
                    .ecs, "UntagResource",
                    ["resourceArn": .string(Self.arn), "tagKeys": [.string(OwnTag.rejected)]]),
            ])
        #expect(answer.exitCode == 0)
        #expect(
            answer.text == "main/web: what failed with service deployment d1 may be tried again. The controller tries "
                + "what git says at its next look at every service, within 5m; 'mooring sync' does so at once.")
    }

    @Test func `retry of what Mooring itself took back needs no more than the mark off`() throws {
        let answer = try answer(.retry, tags: [OwnTag.rejected: "v1:abc"], record("SUCCESSFUL"))
        #expect(answer.calls.map(\.operation) == ["UntagResource"])
        #expect(answer.text.hasPrefix("main/web: what was rejected may be tried again."))
    }

    @Test func `retry of a failure that no controller has seen yet`() throws {
        #expect(try answer(.retry, record("STOPPED")).calls.map(\.operation) == ["TagResource"])
    }

    @Test(arguments: ["SUCCESSFUL", "IN_PROGRESS", "PENDING"])
    func `nothing to retry is said and is no error`(status: String) throws {
        let answer = try answer(.retry, record(status))
        #expect(answer.calls == [] && answer.exitCode == 0)
        #expect(answer.text == "main/web: nothing to retry. Its newest service deployment d1 is \(status).")
        #expect(try self.answer(.retry, nil).text == "main/web: nothing to retry. The service has no deployment.")
    }

    @Test func `retry twice changes nothing`() throws {
        let answer = try answer(.retry, tags: [OwnTag.retry: "d1"], record("STOPPED"))
        #expect(answer.calls == [] && answer.exitCode == 0)
        #expect(answer.text.contains("may be tried again already"))
        // What was forgiven once and failed again is another deployment.
        #expect(try self.answer(.retry, tags: [OwnTag.retry: "d0"], record("STOPPED")).calls.count == 1)
    }

    @Test(arguments: ["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "STOP_REQUESTED"])
    func `retry waits for the end of a rollback`(status: String) throws {
        let answer = try answer(.retry, tags: [OwnTag.rejected: "v1:abc"], record(status))
        #expect(answer.calls == [] && answer.exitCode == 1 && answer.text.contains("still being rolled back"))
    }

    @Test func `retry of an environment that only observes promises nothing`() throws {
        #expect(try answer(.retry, record("STOPPED"), act: false).text.contains("only observes"))
    }

    // MARK: Approve and abort

    @Test func `approve lets the waiting hook go on`() throws {
        let answer = try answer(.approve, record("IN_PROGRESS", stage: "POST_SCALE_UP", hooks: [hook]))
        #expect(
            answer.calls == [
                APICall(
                    .ecs, "ContinueServiceDeployment",
                    [
                        "serviceDeploymentArn": .string(Self.deployment), "hookId": "ecs-pause-1",
                        "action": "CONTINUE",
                    ])
            ])
        #expect(answer.text == "main/web: approved. Service deployment d1 goes on from POST_SCALE_UP.")
        let two = try self.answer(.approve, record("IN_PROGRESS", stage: "POST_SCALE_UP", hooks: [hook, hook]))
        #expect(two.text.hasSuffix("1 more waits there: approve again."))
    }

    @Test func `approve where nothing waits says where the rollout is`() throws {
        let going = try answer(.approve, record("IN_PROGRESS", stage: "SCALE_UP"))
        #expect(going.calls == [] && going.exitCode == 1)
        #expect(
            going.text == "main/web: nothing waits for approval. Its newest service deployment d1 is IN_PROGRESS at "
                + "the stage SCALE_UP.")
        let over = try answer(.approve, record("SUCCESSFUL", stage: "CLEAN_UP"))
        #expect(over.text == "main/web: nothing waits for approval. Its newest service deployment d1 is SUCCESSFUL.")
        #expect(try answer(.approve, nil).exitCode == 1)
        // A hook of a deployment that is over waits for nobody.
        #expect(try answer(.approve, record("ROLLBACK_SUCCESSFUL", hooks: [hook])).calls == [])
    }

    @Test func `abort takes back what waits, and what is under way`() throws {
        let waiting = try answer(.abort, record("IN_PROGRESS", stage: "POST_SCALE_UP", hooks: [hook]))
        #expect(waiting.calls.map(\.operation) == ["ContinueServiceDeployment"])
        #expect(waiting.calls.first?.input["action"] == "ROLLBACK")
        let going = try answer(.abort, record("IN_PROGRESS"))
        #expect(
            going.calls == [
                APICall(
                    .ecs, "StopServiceDeployment",
                    ["serviceDeploymentArn": .string(Self.deployment), "stopType": "ROLLBACK"])
            ])
        #expect(going.exitCode == 0 && going.text.contains("mooring retry"))
    }

    @Test func `abort of what is over or being taken back does nothing`() throws {
        let over = try answer(.abort, record("SUCCESSFUL"))
        #expect(over.calls == [] && over.exitCode == 1 && over.text.contains("nothing to abort"))
        let back = try answer(.abort, record("ROLLBACK_IN_PROGRESS"))
        #expect(back.calls == [] && back.exitCode == 0 && back.text.contains("already"))
    }

    // MARK: Whose

    @Test(arguments: [ServiceWord.retry, .approve, .abort])
    func `nothing is done to a service of somebody else`(word: ServiceWord) throws {
        let newest = record("IN_PROGRESS", hooks: [hook])
        let foreign = word.answer(
            for: try web([OwnTag.environment: "staging@shop", OwnTag.rejected: "v1:abc"]), newest: newest,
            policy: try policy())
        #expect(foreign.calls == [] && foreign.exitCode == 1)
        #expect(foreign.text == "main/web: the service is managed by 'staging@shop', not by 'production@shop'.")
        let nobody = word.answer(for: try web([:]), newest: newest, policy: try policy())
        #expect(nobody.calls == [] && nobody.exitCode == 1 && nobody.text.contains("no environment of Mooring"))
    }

    @Test func `rejected are those that say so, and no others`() throws {
        let own = [OwnTag.environment: Self.identity]
        let marked = own.merging([OwnTag.rejected: "v1:abc"]) { own, _ in own }
        #expect(ServiceWord.isRejected(try web(marked), of: try policy()))
        #expect(ServiceWord.isRejected(try web(own, state: "FAILED"), of: try policy()))
        #expect(!ServiceWord.isRejected(try web(own), of: try policy()))
        #expect(
            !ServiceWord.isRejected(
                try web([OwnTag.environment: "staging@shop", OwnTag.rejected: "v1:abc"]), of: try policy()))
    }

    @Test func `a service is named alone or with its cluster`() throws {
        let clusters = [try ClusterName("main"), try ClusterName("other")]
        #expect(try ServiceWord.key("other/web", in: clusters).description == "other/web")
        #expect(try ServiceWord.key("any/web", in: []).description == "any/web")
        for text in ["web", "third/web", "a/b/c", "", "main/"] {
            #expect(throws: Failure.self, "\(text)") { try ServiceWord.key(text, in: clusters) }
        }
    }
}
