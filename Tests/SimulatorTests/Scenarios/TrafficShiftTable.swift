import MooringSimulator

/// Blue/green, linear and canary deployments: a part of `ScenarioTable`.
enum TrafficShiftTable {
    static let all: [ScenarioRow] = stages + hooks + pauses + weights + failures + interventions + refusals

    private static let workflow = "Developer Guide, Amazon ECS blue/green service deployments workflow"

    // MARK: Stages

    private static let stages: [ScenarioRow] = [
        ScenarioRow(
            "blue/green goes through its stages, traffic after all of green is healthy, blue kept through the bake time",
            source: workflow + ", Deployment lifecycle stages",
            Step.shifting("BLUE_GREEN") + Step.deploy(image: "web:2") + [
                .until(.stage("PRE_SCALE_UP")), .expect(.running(green: 0, blue: 2)),
                .expect(.deployments(["PRIMARY IN_PROGRESS", "ACTIVE COMPLETED"])),
                .until(.stage("SCALE_UP")), .expect(.production(green: "0.0", blue: "100.0")),
                .until(.stage("POST_SCALE_UP")), .expect(.running(green: 2, blue: 2)),
                .until(.stage("TEST_TRAFFIC_SHIFT")), .expect(.test(green: "100.0", blue: "0.0")),
                .expect(.production(green: "0.0", blue: "100.0")),
                .until(.stage("POST_TEST_TRAFFIC_SHIFT")),
                .until(.stage("PRODUCTION_TRAFFIC_SHIFT")), .expect(.production(green: "100.0", blue: "0.0")),
                .until(.stage("POST_PRODUCTION_TRAFFIC_SHIFT")),
                .until(.stage("BAKE_TIME")), .wait(seconds: 590), .expect(.stage("BAKE_TIME")),
                .expect(.running(green: 2, blue: 2)), .expect(.record("status", "IN_PROGRESS")),
                .until(.stage("CLEAN_UP"), limit: 20), .until(.completed),
                .expect(.running(green: 2, blue: 0)), .expect(.production(green: "100.0", blue: "0.0")),
                .expect(.record("status", "SUCCESSFUL")), .expect(.stage("CLEAN_UP")),
                .expect(.deployments(["PRIMARY COMPLETED"])), .expect(.counts(desired: 2, running: 2)),
                .expect(.kept(running: 2, active: 4)),
            ]),
        ScenarioRow(
            "the events of a blue/green deployment are those of a rolling one, with both target groups of the pair",
            source: "captures/strings/rollout-sequences.tsv, rolling 2->2; \(workflow)",
            Step.shifting("BLUE_GREEN") + Step.deploy(image: "web:2") + [
                .until(.completed),
                .expect(.says("registered 2 targets in (target-group \(Shift.alternate))", times: 1)),
                .expect(.says("deregistered 2 targets in (target-group \(Bench.group))", times: 1)),
                .expect(
                    .events([
                        "has started 2 tasks", "registered 2 targets in (target-group ARN",
                        "has stopped 2 running tasks", "deregistered 2 targets in (target-group ARN",
                        "(service web, taskSet ecs-svc/N) has begun draining connections on 2 tasks.",
                        "(deployment ecs-svc/N) deployment completed.", "has reached a steady state.",
                    ])),
            ]),
        ScenarioRow(
            "a first deployment goes through the stages too, with nothing to share the traffic with",
            source: "public text, record 58121616124: a pause hook stops a first deployment too; " + workflow,
            [
                .register(image: "web:1"),
                .createShifting("CANARY", hooks: [Shift.pause("POST_TEST_TRAFFIC_SHIFT")]),
                .until(.stage("PRE_SCALE_UP")), .expect(.counts(desired: 2, running: 0)),
                .until(.hook("AWAITING_ACTION")), .expect(.stage("POST_TEST_TRAFFIC_SHIFT")),
                .call("ContinueServiceDeployment", #"{"serviceDeploymentArn":"$RECORD","hookId":"$HOOK"}"#),
                .until(.production("100.0"), limit: 60), .until(.stage("BAKE_TIME"), limit: 60),
                .until(.completed), .expect(.record("status", "SUCCESSFUL")), .expect(.serves(Bench.group)),
            ]),
        ScenarioRow(
            "target groups alternate from deployment to deployment",
            source:
                "Developer Guide, Application Load Balancer resources for blue/green deployments: primary and alternate",
            Step.shifting("BLUE_GREEN", bake: 0) + [.expect(.serves(Bench.group))]
                + Step.deploy(image: "web:2") + [.until(.completed), .expect(.serves(Shift.alternate))]
                + Step.deploy(image: "web:3") + [.until(.completed), .expect(.serves(Bench.group))]
                + [.call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#)]
                + [.until(.completed), .expect(.serves(Shift.alternate)), .expect(.revision("web:3"))]),
        ScenarioRow(
            "a headless service goes through the same stages without weights",
            source:
                "Developer Guide, Required resources for Amazon ECS blue/green deployments: no managed traffic shifting",
            Step.shifting("BLUE_GREEN", bake: 1, traffic: nil) + Step.deploy(image: "web:2") + [
                .until(.stage("PRODUCTION_TRAFFIC_SHIFT")), .expect(.production(green: nil, blue: nil)),
                .until(.stage("BAKE_TIME")), .until(.completed), .expect(.record("status", "SUCCESSFUL")),
            ]),
        ScenarioRow(
            "a changed strategy holds from the next deployment on, and a rolling one stays in the serving target group",
            source: "API reference, UpdateService `deploymentConfiguration`: doesn't trigger a new service deployment",
            Step.shifting("ROLLING", bake: 0) + [
                .call(
                    "UpdateService", #"{"service":"web","deploymentConfiguration":{"strategy":"BLUE_GREEN"}}"#),
                .wait(seconds: 60), .expect(.records(["SUCCESSFUL"])),
            ] + Step.deploy(image: "web:2") + [
                .until(.stage("SCALE_UP")), .until(.completed), .expect(.serves(Shift.alternate)),
                .call("UpdateService", #"{"service":"web","deploymentConfiguration":{"strategy":"ROLLING"}}"#),
            ] + Step.deploy(image: "web:3") + [
                .until(.completed), .expect(.serves(Shift.alternate)), .expect(.stage(nil)),
            ]),
    ]

    // MARK: Lambda hooks

    private static let lambda = "Developer Guide, Lambda hooks for Amazon ECS service deployments"
    private static let trouble = "Developer Guide, Troubleshooting Amazon ECS blue/green deployments"
    private static let failed = "Service deployment rolled back because"

    private static func refusing(
        _ name: String, _ outcome: HookOutcome, stage: String, reason: String, source: String, limit: Int = 120,
    ) -> ScenarioRow {
        ScenarioRow(
            name, source: source, world: { $0.hooks = [HookRule("*:check", outcome)] },
            Step.shifting("BLUE_GREEN", hooks: [Shift.lambda(stage)]) + Step.deploy(image: "web:2") + [
                .until(.hook("IN_PROGRESS")), .expect(.stage(stage)), .expect(.hook("targetType", "AWS_LAMBDA")),
                .expect(.hook("targetArn", Shift.function)),
                .until(.record("ROLLBACK_IN_PROGRESS"), limit: limit),
                .expect(.deployments(["PRIMARY IN_PROGRESS", "ACTIVE FAILED"])),
                .until(.completed), .expect(.record("status", "ROLLBACK_SUCCESSFUL")),
                .expect(.record("statusReason", reason)), .expect(.record("rollback.reason", reason)),
                .expect(.says("deployment failed: \(reason)", times: 1)),
                .expect(.revision("web:1")), .expect(.counts(desired: 2, running: 2)),
                .expect(.production(green: "0.0", blue: "100.0")), .expect(.serves(Bench.group)),
            ])
    }

    private static let hooks: [ScenarioRow] = [
        refusing(
            "a hook that says no before green is started ends the deployment without a task", .failed,
            stage: "PRE_SCALE_UP",
            reason: "\(failed) PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target \(Shift.function) "
                + "returned FAILED status.",
            source: "captures/strings/status-reasons.tsv, record 69169994818"),
        refusing(
            "a hook that says no after the test traffic ends the deployment before production moves", .failed,
            stage: "POST_TEST_TRAFFIC_SHIFT",
            reason: "\(failed) POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target "
                + "\(Shift.function) returned FAILED status.",
            source: "captures/strings/status-reasons.tsv, record 69169994818"),
        refusing(
            "a hook that says no after the production shift brings the traffic back", .failed,
            stage: "POST_PRODUCTION_TRAFFIC_SHIFT",
            reason: "\(failed) POST_PRODUCTION_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target "
                + "\(Shift.function) returned FAILED status.", source: trouble),
        refusing(
            "a hook that answers no status fails", .invalidAnswer, stage: "PRE_SCALE_UP",
            reason: "\(failed) PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to parse the response from "
                + "\(Shift.function) due to: HookStatus must not be null.",
            source: "captures/strings/service-events.tsv, record 61803625552"),
        refusing(
            "a hook that Lambda cuts off after 15 minutes fails", .timesOut, stage: "POST_SCALE_UP",
            reason: "\(failed) POST_SCALE_UP lifecycle hook(s) failed. ECS was unable to parse the response from "
                + "\(Shift.function) due to: HookStatus must not be null.",
            source: trouble + ": Lambda function timeout or invalid response", limit: 910),
        refusing(
            "a hook that may not be called fails", .cannotBeInvoked(reason: "User: x is not authorized"),
            stage: "TEST_TRAFFIC_SHIFT",
            reason: "\(failed) TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable to invoke hook target "
                + "\(Shift.function) due to User: x is not authorized", source: trouble),
        ScenarioRow(
            "a hook that answers IN_PROGRESS is asked again after its callBackDelay", source: lambda + ", hookStatus",
            world: {
                $0.hooks = [HookRule("*:check", .succeeded, inProgressTimes: 3, callBackDelaySeconds: 60)]
            },
            Step.shifting("BLUE_GREEN", bake: 0, hooks: [Shift.lambda("POST_SCALE_UP")])
                + Step.deploy(image: "web:2") + [
                    .until(.hook("IN_PROGRESS")), .wait(seconds: 179), .expect(.stage("POST_SCALE_UP")),
                    .expect(.hook("status", "IN_PROGRESS")), .until(.stage("TEST_TRAFFIC_SHIFT"), limit: 20),
                    .until(.completed), .expect(.record("status", "SUCCESSFUL")),
                ]),
        ScenarioRow(
            "without a callBackDelay it is asked again after 30 seconds", source: lambda + ", hookStatus",
            world: { $0.hooks = [HookRule("*:check", .failed, inProgressTimes: 2)] },
            Step.shifting("BLUE_GREEN", hooks: [Shift.lambda("PRE_SCALE_UP")]) + Step.deploy(image: "web:2") + [
                .until(.hook("IN_PROGRESS")), .wait(seconds: 59), .expect(.record("status", "IN_PROGRESS")),
                .until(.record("ROLLBACK_IN_PROGRESS"), limit: 10), .until(.completed),
                .expect(.says("has started", times: 0)),
            ]),
        ScenarioRow(
            "a hook that never finishes runs into its own timeout, a day by default",
            source: "API reference, DeploymentLifecycleHookTimeoutConfiguration: default 1440 minutes, ROLLBACK",
            world: { $0.hooks = [HookRule("*:check", .neverFinishes)] },
            Step.shifting("BLUE_GREEN", hooks: [Shift.lambda("POST_SCALE_UP")]) + Step.deploy(image: "web:2") + [
                .until(.hook("IN_PROGRESS")), .expect(.hook("timeoutAction", "ROLLBACK")),
                .wait(seconds: 86_390), .expect(.stage("POST_SCALE_UP")),
                .until(.record("ROLLBACK_SUCCESSFUL"), limit: 400), .expect(.revision("web:1")),
            ]),
        ScenarioRow(
            "hooks of the production shift are called at every step, and again on the way back",
            source:
                "Developer Guide, Amazon ECS linear deployments, lifecycle hooks; Lifecycle hooks, When a roll back happens",
            world: { scenario in
                scenario.hooks = [HookRule("*:check", .succeeded, inProgressTimes: 1, callBackDelaySeconds: 30)]
            },
            Step.shifting(
                "LINEAR", hooks: [Shift.lambda("PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT")],
                deployment: #","linearConfiguration":{"stepPercent":50,"stepBakeTimeInMinutes":1}"#)
                + Step.deploy(image: "web:2") + [
                    .until(.stage("PRE_PRODUCTION_TRAFFIC_SHIFT")), .expect(.hook("status", "IN_PROGRESS")),
                    .expect(.production(green: "0.0", blue: "100.0")),
                    .until(.stage("PRODUCTION_TRAFFIC_SHIFT")), .expect(.hook("status", "IN_PROGRESS")),
                    .expect(.production(green: "50.0", blue: "50.0")),
                    .until(.stage("PRE_PRODUCTION_TRAFFIC_SHIFT")), .expect(.hook("status", "IN_PROGRESS")),
                    .until(.production("100.0")),
                    .call("StopServiceDeployment", #"{"serviceDeploymentArn":"$RECORD"}"#),
                    .until(.production("0.0")), .expect(.stage("PRODUCTION_TRAFFIC_SHIFT")),
                    .expect(.hook("status", "IN_PROGRESS")), .until(.stage("TEST_TRAFFIC_SHIFT")),
                    .until(.completed), .expect(.record("status", "ROLLBACK_SUCCESSFUL")),
                ]),
    ]
}
