import MooringSimulator

/// Pauses, weights over time, and what happens to a deployment from outside.
extension TrafficShiftTable {
    private static let pausing = "Developer Guide, Pause hooks for Amazon ECS service deployments"
    private static let continuing =
        "Developer Guide, Troubleshooting Amazon ECS blue/green deployments, Lifecycle hook issues"

    /// A service with a PAUSE hook, deployed up to the pause.
    private static func paused(at stage: String = "POST_TEST_TRAFFIC_SHIFT", action: String = "ROLLBACK") -> [Step] {
        Step.shifting("BLUE_GREEN", bake: 0, hooks: [Shift.pause(stage, action: action)])
            + Step.deploy(image: "web:2") + [
                .until(.hook("AWAITING_ACTION")), .expect(.stage(stage)), .expect(.hook("targetType", "PAUSE")),
                .expect(.hook("targetArn", nil)), .expect(.record("status", "IN_PROGRESS")),
            ]
    }

    private static func proceed(_ action: String, hook: String = "$HOOK") -> Step {
        .call(
            "ContinueServiceDeployment",
            #"{"serviceDeploymentArn":"$RECORD","hookId":"\#(hook)","action":"\#(action)"}"#)
    }

    private static func refusedProceed(hook: String, message: String) -> Step {
        .refused(
            "ContinueServiceDeployment", #"{"serviceDeploymentArn":"$RECORD","hookId":"\#(hook)"}"#,
            code: "InvalidParameterException", message: message)
    }

    static let pauses: [ScenarioRow] = [
        ScenarioRow(
            "a pause lasts until the deployment is continued", source: pausing,
            paused() + [
                .wait(seconds: 3000), .expect(.hook("status", "AWAITING_ACTION")),
                .expect(.production(green: "0.0", blue: "100.0")), proceed("CONTINUE"),
                .until(.completed), .expect(.record("status", "SUCCESSFUL")), .expect(.revision("web:2")),
            ]),
        ScenarioRow(
            "a pause can be ended by rolling back", source: "API reference, ContinueServiceDeployment `action`",
            paused(at: "POST_PRODUCTION_TRAFFIC_SHIFT") + [
                .expect(.production(green: "100.0", blue: "0.0")), proceed("ROLLBACK"),
                .until(.record("ROLLBACK_SUCCESSFUL")), .expect(.revision("web:1")),
                .expect(.production(green: "0.0", blue: "100.0")), .expect(.counts(desired: 2, running: 2)),
            ]),
        ScenarioRow(
            "a pause that nobody ends rolls back when its time is up", source: continuing + ", Pause hook timed out",
            paused() + [
                .expect(.hook("timeoutAction", "ROLLBACK")), .wait(seconds: 3590),
                .expect(.record("status", "IN_PROGRESS")), .until(.record("ROLLBACK_SUCCESSFUL"), limit: 400),
                .expect(
                    .record(
                        "statusReason",
                        "Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT pause hook timed out.")),
            ]),
        ScenarioRow(
            "a pause whose timeout action is CONTINUE goes on by itself",
            source: "API reference, DeploymentLifecycleHookTimeoutConfiguration `action`",
            paused(action: "CONTINUE") + [
                .expect(.hook("timeoutAction", "CONTINUE")), .wait(seconds: 3580),
                .expect(.stage("POST_TEST_TRAFFIC_SHIFT")), .until(.completed, limit: 400),
                .expect(.record("status", "SUCCESSFUL")),
            ]),
        ScenarioRow(
            "a pause and a function of one stage must both be done",
            source: "Developer Guide, Lifecycle hooks: both hooks must complete before the deployment proceeds",
            Step.shifting(
                "BLUE_GREEN", bake: 0, hooks: [Shift.pause("POST_SCALE_UP"), Shift.lambda("POST_SCALE_UP")])
                + Step.deploy(image: "web:2") + [
                    .until(.hook("AWAITING_ACTION")), .wait(seconds: 600), .expect(.stage("POST_SCALE_UP")),
                    proceed("CONTINUE"), .until(.completed), .expect(.record("status", "SUCCESSFUL")),
                ]),
        ScenarioRow(
            "what cannot be continued is refused with AWS's messages", source: continuing,
            paused() + [
                refusedProceed(
                    hook: "x", message: "Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}"),
                refusedProceed(
                    hook: "ecs-pause-x",
                    message: "Provided hookId is either completed, unavailable, or not associated with the given "
                        + "Resource ARN"),
                .refused(
                    "ContinueServiceDeployment", #"{"serviceDeploymentArn":"$RECORDx","hookId":"$HOOK"}"#,
                    code: "ServiceDeploymentNotFoundException", message: "The service deployment does not exist."),
                proceed("CONTINUE"), .until(.completed),
                refusedProceed(
                    hook: "ecs-pause-x",
                    message: "Continuing a service deployment is not allowed for service deployment in terminal "
                        + "states."),
            ]),
    ]

    // MARK: Weights

    static let weights: [ScenarioRow] = [
        ScenarioRow(
            "a canary gets its share, bakes, and then gets all",
            source: "Developer Guide, Amazon ECS canary deployments; API reference, CanaryConfiguration",
            Step.shifting(
                "CANARY", deployment: #","canaryConfiguration":{"canaryPercent":12.5,"canaryBakeTimeInMinutes":5}"#)
                + Step.deploy(image: "web:2") + [
                    .until(.production("12.5")), .expect(.production(green: "12.5", blue: "87.5")),
                    .expect(.running(green: 2, blue: 2)),
                    .expect(.deployments(["PRIMARY IN_PROGRESS", "ACTIVE COMPLETED"])),
                    .wait(seconds: 300), .expect(.production(green: "12.5", blue: "87.5")),
                    .expect(.stage("PRODUCTION_TRAFFIC_SHIFT")),
                    .until(.production("100.0"), limit: 20), .until(.stage("BAKE_TIME"), limit: 60),
                    .until(.completed), .expect(.record("status", "SUCCESSFUL")),
                ]),
        ScenarioRow(
            "a canary without configuration gets five percent for ten minutes",
            source: "API reference, CanaryConfiguration: default values",
            Step.shifting("CANARY") + Step.deploy(image: "web:2") + [
                .until(.production("5.0")), .wait(seconds: 600), .expect(.production(green: "5.0", blue: "95.0")),
                .until(.production("100.0"), limit: 20),
            ]),
        ScenarioRow(
            "linear shifts go in equal steps, the last one what is left, without a bake behind it",
            source: "Developer Guide, Amazon ECS linear deployments; API reference, LinearConfiguration",
            Step.shifting(
                "LINEAR", bake: 0,
                deployment: #","linearConfiguration":{"stepPercent":30.0,"stepBakeTimeInMinutes":2}"#)
                + Step.deploy(image: "web:2") + [
                    .until(.production("30.0")), .wait(seconds: 118), .expect(.production(green: "30.0", blue: "70.0")),
                    .until(.production("60.0"), limit: 20), .wait(seconds: 118),
                    .until(.production("90.0"), limit: 20), .wait(seconds: 118),
                    .expect(.production(green: "90.0", blue: "10.0")), .until(.production("100.0"), limit: 20),
                    .until(.stage("CLEAN_UP"), limit: 20), .until(.completed),
                ]),
        ScenarioRow(
            "linear shifts without configuration go in tenths, six minutes apart",
            source: "API reference, LinearConfiguration: default values",
            Step.shifting("LINEAR", bake: 0) + Step.deploy(image: "web:2") + [
                .until(.production("10.0")), .wait(seconds: 355), .expect(.production(green: "10.0", blue: "90.0")),
                .until(.production("20.0"), limit: 20), .until(.production("90.0"), limit: 3000),
                .until(.completed),
            ]),
        ScenarioRow(
            "a Network Load Balancer adds ten minutes to both shifts",
            source: "Developer Guide, Network Load Balancer resources for blue/green, linear and canary deployments",
            Step.shifting("BLUE_GREEN", bake: 0, traffic: Shift.balancers(production: Shift.networkListener, test: nil))
                + Step.deploy(image: "web:2") + [
                    .until(.stage("TEST_TRAFFIC_SHIFT")), .wait(seconds: 600), .expect(.stage("TEST_TRAFFIC_SHIFT")),
                    .until(.stage("PRODUCTION_TRAFFIC_SHIFT"), limit: 30), .wait(seconds: 600),
                    .expect(.stage("PRODUCTION_TRAFFIC_SHIFT")), .until(.completed),
                ]),
        ScenarioRow(
            "Service Connect has test traffic without a listener rule",
            source: "Developer Guide, Service Connect resources for Amazon ECS blue/green deployments",
            Step.shifting(
                "BLUE_GREEN", bake: 0,
                traffic: #"""
                    "serviceConnectConfiguration":{"enabled":true,"services":[{"portName":"web"}]}
                    """#,
            ) + Step.deploy(image: "web:2") + [
                .until(.stage("POST_TEST_TRAFFIC_SHIFT")), .expect(.test(green: "100.0", blue: "0.0")),
                .expect(.production(green: "0.0", blue: "100.0")), .until(.completed),
                .expect(.production(green: "100.0", blue: "0.0")),
            ]),
    ]
}
