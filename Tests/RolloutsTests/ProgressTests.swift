import MooringModel
import MooringNames
import MooringShapes
import Testing

@testable import MooringRollouts

/// Stages, traffic and hooks of deployments that shift traffic, and when they count as a success.
@Suite struct ProgressTests {
    private static let revision = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:8"

    private func target() throws -> RolloutTarget {
        RolloutTarget(deployment: "ecs-svc/2", taskDefinition: try TaskDefinitionARN(ProgressTests.revision))
    }

    private func service() throws -> ObservedService {
        ObservedService(
            key: ServiceKey(cluster: try ClusterName("c"), service: try ServiceName("web")),
            described: [
                "desiredCount": 2,
                "deployments": [
                    [
                        "id": "ecs-svc/2", "status": "PRIMARY", "taskDefinition": .string(ProgressTests.revision),
                        "desiredCount": 2, "runningCount": 2, "rolloutState": "IN_PROGRESS", "createdAt": 200,
                    ]
                ],
            ])
    }

    private func record(
        _ strategy: String? = "BLUE_GREEN", stage: String? = nil, weight: Double? = nil, hooks: [Value] = [],
        status: String = "IN_PROGRESS",
    ) -> DeploymentRecord {
        DeploymentRecord(
            described: .map(present: [
                ("serviceDeploymentArn", "arn:aws:ecs:eu-west-1:123456789012:service-deployment/c/web/abc"),
                ("status", .string(status)), ("lifecycleStage", stage.map(Value.string)),
                (
                    "targetServiceRevision",
                    .map(present: [
                        ("arn", "arn:aws:ecs:eu-west-1:123456789012:service-revision/c/web/2"),
                        ("requestedProductionTrafficWeight", weight.map(Value.double)),
                    ])
                ),
                ("deploymentConfiguration", strategy.map { ["strategy": .string($0)] }),
                ("lifecycleHookDetails", hooks.isEmpty ? nil : .list(hooks)),
            ]),
            target: ["taskDefinition": .string(ProgressTests.revision)])
    }

    private func outcome(_ record: DeploymentRecord, waitFor goal: RolloutGoal = .steady) throws -> RolloutOutcome {
        RolloutOutcome.outcome(
            of: try target(), service: try service(), records: [record], believesAbsence: true, waitFor: goal)
    }

    // MARK: Stages

    @Test func `stages are compared by position, as the API describes them`() throws {
        #expect(LifecycleStage.allCases == LifecycleStage.allCases.sorted())
        #expect(LifecycleStage.allCases.map(\.position) == Array(0..<11))
        let before = try #require(LifecycleStage(rawValue: "PRE_PRODUCTION_TRAFFIC_SHIFT"))
        #expect(before < .productionTrafficShift && before > .postTestTrafficShift)
        #expect(LifecycleStage.allCases.filter(\.isPastShift) == [.postProductionTrafficShift, .bakeTime, .cleanUp])
    }

    @Test(arguments: [
        ("BLUE_GREEN", "SCALE_UP", 0.0, "2 of 2 tasks running; SCALE_UP, 0 % of production traffic"),
        (
            "CANARY", "PRODUCTION_TRAFFIC_SHIFT", 7.5,
            "2 of 2 tasks running; PRODUCTION_TRAFFIC_SHIFT, 7.5 % of production traffic"
        ),
        ("LINEAR", "BAKE_TIME", 100.0, "2 of 2 tasks running; BAKE_TIME, 100 % of production traffic"),
        ("ROLLING", "CLEAN_UP", 100.0, "2 of 2 tasks running"),
        ("LINEAR", "MOON_PHASE", 20.0, "2 of 2 tasks running; 20 % of production traffic"),
    ])
    func `progress shows stage and traffic of strategies that shift it`(
        strategy: String, stage: String, weight: Double, text: String,
    ) throws {
        #expect(try outcome(record(strategy, stage: stage, weight: weight)).progress?.description == text)
    }

    // MARK: Goal

    @Test(arguments: [
        (RolloutGoal.trafficShifted, "PRODUCTION_TRAFFIC_SHIFT", 50.0, false),
        (.trafficShifted, "POST_PRODUCTION_TRAFFIC_SHIFT", 100.0, true),
        (.trafficShifted, "BAKE_TIME", 100.0, true),
        (.trafficShifted, "BAKE_TIME", 90.0, false),
        (.steady, "BAKE_TIME", 100.0, false),
        (.steady, "CLEAN_UP", 100.0, false),
    ])
    func `the manifest decides when a rollout is a success`(
        goal: RolloutGoal, stage: String, weight: Double, isSuccess: Bool,
    ) throws {
        let found = try outcome(record("CANARY", stage: stage, weight: weight), waitFor: goal)
        #expect(found.isSuccess == isSuccess)
        #expect(!found.isEnd)
    }

    @Test func `a rolling update has no shift and is waited for until it is steady`() throws {
        let rolling = record("ROLLING", stage: "CLEAN_UP", weight: 100)
        #expect(try outcome(rolling, waitFor: .trafficShifted).isSuccess == false)
        let over = record("ROLLING", status: "SUCCESSFUL")
        #expect(try outcome(over, waitFor: .trafficShifted) == .completed)
    }

    @Test func `a rollback after the shift is told`() throws {
        let back = record("CANARY", stage: "BAKE_TIME", weight: 100, status: "ROLLBACK_IN_PROGRESS")
        #expect(
            try outcome(back, waitFor: .trafficShifted) == .rollingBack(reason: "ECS is rolling the deployment back."))
    }

    // MARK: Hooks

    @Test func `a hook that waits is shown with what lets it go on`() throws {
        let hooks: [Value] = [
            ["hookId": "h-0", "targetType": "AWS_LAMBDA", "status": "SUCCEEDED"],
            [
                "hookId": "h-1", "targetType": "PAUSE", "status": "AWAITING_ACTION", "expiresAt": 1_700_000_000,
                "timeoutAction": "ROLLBACK",
            ],
        ]
        let progress = try #require(
            try outcome(record(stage: "POST_SCALE_UP", weight: 0, hooks: hooks)).progress)
        let hook = try #require(progress.waitingHook)
        #expect(hook.id == "h-1")
        #expect(hook.deploymentARN.hasSuffix("service-deployment/c/web/abc"))
        #expect(hook.stage == .postScaleUp)
        #expect(
            progress.description
                == "2 of 2 tasks running; POST_SCALE_UP, 0 % of production traffic; waits for approval at "
                + "POST_SCALE_UP until 2023-11-14T22:13:20Z, then ECS rolls back")
    }

    @Test(arguments: ["IN_PROGRESS", "SUCCEEDED", "FAILED", "TIMED_OUT", "NEW_WORD"])
    func `a hook in any other state waits for nobody`(status: String) throws {
        let hook: Value = ["hookId": "h", "status": .string(status)]
        #expect(try outcome(record(hooks: [hook])).progress?.waitingHook == nil)
    }

    @Test func `a record as it is listed is found too`() throws {
        var listed = record(status: "SUCCESSFUL").described
        listed["targetServiceRevision"] = nil
        listed["targetServiceRevisionArn"] = "arn:aws:ecs:eu-west-1:123456789012:service-revision/c/web/2"
        #expect(try outcome(DeploymentRecord(described: listed, target: nil)) == .completed)
    }
}
