import MooringSimulator

/// How traffic-shifting deployments fail, and what happens to them from outside.
extension TrafficShiftTable {
    // MARK: Failures

    private static let alarms = #","alarms":{"alarmNames":["errors","other"],"enable":true,"rollback":true}"#

    static let failures: [ScenarioRow] = [
        ScenarioRow(
            "an alarm while the canary bakes brings the old revision back",
            source: "captures/findings.md section 10, record 57373037252",
            world: { $0.alarms = [AlarmRule("errors", from: 1_767_225_600_000 + 2_000_000)] },
            Step.shifting("CANARY", deployment: alarms) + [.wait(seconds: 600)] + Step.deploy(image: "web:2") + [
                .until(.production("5.0")), .expect(.record("alarms.status", "MONITORING")),
                .until(.record("ROLLBACK_IN_PROGRESS")),
                .expect(.deployments(["PRIMARY IN_PROGRESS", "ACTIVE FAILED"])), .expect(.revision("web:1")),
                .expect(.record("alarms.status", "TRIGGERED")), .until(.production("0.0"), limit: 10),
                .expect(.production(green: "0.0", blue: "100.0")), .until(.completed, limit: 200),
                .expect(.record("status", "ROLLBACK_SUCCESSFUL")), .expect(.counts(desired: 2, running: 2)),
                .expect(.says("deployment failed: alarm detected.", times: 1)),
                .expect(.says("rolling back to deployment ecs-svc/", times: 1)),
                .expect(.says("has stopped 2 running tasks", times: 1)),
            ]),
        ScenarioRow(
            "an alarm that comes with the world during a canary is seen",
            source: "captures/findings.md section 10, record 57373037252",
            Step.shifting("CANARY", deployment: alarms) + Step.deploy(image: "web:2") + [
                .until(.production("5.0")), .world { $0.alarms = [AlarmRule("errors")] },
                .until(.record("ROLLBACK_IN_PROGRESS"), limit: 300), .expect(.record("alarms.status", "TRIGGERED")),
            ]),
        ScenarioRow(
            "an alarm that is announced during a canary is seen when it goes off",
            source: "captures/findings.md section 10, record 57373037252",
            Step.shifting("CANARY", deployment: alarms) + Step.deploy(image: "web:2") + [
                .until(.production("5.0")), .alarm("other", after: 120), .wait(seconds: 110),
                .expect(.record("status", "IN_PROGRESS")), .until(.record("ROLLBACK_IN_PROGRESS"), limit: 300),
            ]),
        ScenarioRow(
            "a canary that begins in ALARM is not watched",
            source: "Developer Guide, How CloudWatch alarms detect Amazon ECS deployment failures",
            world: { $0.alarms = [AlarmRule("errors")] },
            Step.shifting("CANARY", deployment: alarms) + Step.deploy(image: "web:2") + [
                .until(.completed), .expect(.revision("web:2")), .expect(.record("status", "SUCCESSFUL")),
            ]),
        ScenarioRow(
            "an alarm in the bake time brings all traffic back", source: workflowOfBake,
            world: { $0.alarms = [AlarmRule("other", from: 1_767_225_600_000 + 1_800_000)] },
            Step.shifting("BLUE_GREEN", bake: 20, deployment: alarms) + Step.deploy(image: "web:2") + [
                .until(.stage("BAKE_TIME")), .expect(.production(green: "100.0", blue: "0.0")),
                .until(.record("ROLLBACK_IN_PROGRESS")), .until(.completed),
                .expect(.record("status", "ROLLBACK_SUCCESSFUL")), .expect(.revision("web:1")),
                .expect(.kept(running: 2, active: 4)), .expect(.serves(Bench.group)),
            ]),
        ScenarioRow(
            "an alarm without rollback leaves both revisions where they are",
            source:
                "API reference, ServiceDeployment `stoppedAt`: the rollback option is not in use … and the service fails",
            world: { $0.alarms = [AlarmRule("errors", from: 1_767_225_600_000 + 1_800_000)] },
            Step.shifting(
                "BLUE_GREEN", bake: 20,
                deployment: #","alarms":{"alarmNames":["errors"],"enable":true,"rollback":false}"#)
                + Step.deploy(image: "web:2") + [
                    .until(.record("STOPPED")), .wait(seconds: 600),
                    .expect(.deployments(["PRIMARY FAILED", "ACTIVE COMPLETED"])),
                    .expect(.running(green: 2, blue: 2)),
                ]),
        ScenarioRow(
            "the breaker trips while green scales up, before any traffic moved",
            source:
                "captures/strings/status-reasons.tsv, terraform-provider-aws service_test.go (blue/green with breaker)",
            world: { $0.images = [ImageRule("*:bad", .cannotPull())] },
            Step.shifting("BLUE_GREEN", desired: 1) + Step.deploy(image: "web:bad") + [
                .until(.record("ROLLBACK_IN_PROGRESS")), .expect(.stage("SCALE_UP")),
                .expect(.production(green: "0.0", blue: "100.0")), .until(.completed),
                .expect(
                    .record(
                        "statusReason",
                        "Service deployment rolled back because the circuit breaker threshold was exceeded.")),
                .expect(.record("deploymentCircuitBreaker.status", "TRIGGERED")),
                .expect(.record("status", "ROLLBACK_SUCCESSFUL")), .expect(.kept(running: 1, active: 2)),
            ]),
        ScenarioRow(
            "without a breaker a stage ends after a day",
            source: "Developer Guide, blue/green workflow: initiates a rollback after a stage reaches 24 hours",
            world: { $0.images = [ImageRule("*:bad", .neverHealthy)] },
            Step.shifting("BLUE_GREEN", desired: 1, breaker: false) + Step.deploy(image: "web:bad") + [
                .wait(seconds: 86_000), .expect(.stage("SCALE_UP")), .expect(.record("status", "IN_PROGRESS")),
                .until(.record("ROLLBACK_SUCCESSFUL"), limit: 1000), .expect(.revision("web:1")),
            ]),
        ScenarioRow(
            "a first deployment that fails has nothing to go back to",
            source: "captures/strings/status-reasons.tsv, record 61803625552",
            world: { $0.hooks = [HookRule("*:check", .failed)] },
            [
                .register(image: "web:1"), .createShifting("BLUE_GREEN", hooks: [Shift.lambda("PRE_SCALE_UP")]),
                .until(.record("ROLLBACK_FAILED")),
                .expect(.record("statusReason", "No rollback candidate was found to run the rollback.")),
                .expect(.deployments(["PRIMARY FAILED"])), .wait(seconds: 600),
                .expect(.counts(desired: 2, running: 0)),
            ]),
    ]

    private static let workflowOfBake =
        "Developer Guide, blue/green workflow: rollback triggers throughout the traffic shift and the bake time"

    // MARK: Interventions

    static let interventions: [ScenarioRow] = [
        ScenarioRow(
            "an update during the bake time reconciles first: traffic to the proven revision, the overtaken one stopped",
            source: "API reference, ServiceDeployment `lifecycleStage` RECONCILE_SERVICE; Developer Guide, service "
                + "deployment states, STOP_REQUESTED: a user starts a new service deployment",
            Step.shifting("BLUE_GREEN") + Step.deploy(image: "web:2") + [.until(.stage("BAKE_TIME"))]
                + Step.deploy(image: "web:3") + [
                    .expect(.records(["PENDING", "STOP_REQUESTED", "SUCCESSFUL"])),
                    .expect(.production(green: "0.0", blue: "100.0")),
                    .until(.stage("RECONCILE_SERVICE")),
                    .expect(.deployments(["PRIMARY IN_PROGRESS", "ACTIVE IN_PROGRESS", "ACTIVE COMPLETED"])),
                    .expect(.records(["IN_PROGRESS", "STOPPED", "SUCCESSFUL"])),
                    .until(.stage("PRE_SCALE_UP")),
                    .expect(.counts(desired: 2, running: 2)), .until(.completed),
                    .expect(.records(["SUCCESSFUL", "STOPPED", "SUCCESSFUL"])), .expect(.revision("web:3")),
                    .expect(.deployments(["PRIMARY COMPLETED"])), .expect(.kept(running: 2, active: 4)),
                ]),
        ScenarioRow(
            "a change of the count during the bake time holds for both revisions",
            source:
                "API reference, UpdateService `desiredCount`: doesn't trigger a new deployment; the model's SCALE_UP, 100%",
            Step.shifting("BLUE_GREEN") + Step.deploy(image: "web:2") + [
                .until(.stage("BAKE_TIME")),
                .call("UpdateService", #"{"service":"web","desiredCount":4}"#),
                .until(.running(8)), .expect(.stage("BAKE_TIME")), .expect(.running(green: 4, blue: 4)),
                .until(.completed), .expect(.counts(desired: 4, running: 4)),
                .expect(.records(["SUCCESSFUL", "SUCCESSFUL"])),
            ]),
        ScenarioRow(
            "a change of the count before green is started scales blue, and green then comes with the new count",
            source: "API reference, UpdateService `desiredCount`",
            Step.shifting("BLUE_GREEN", bake: 0, hooks: [Shift.pause("PRE_SCALE_UP")])
                + Step.deploy(image: "web:2") + [
                    .until(.hook("AWAITING_ACTION")),
                    .call("UpdateService", #"{"service":"web","desiredCount":1}"#),
                    .until(.running(1)),
                    .call("ContinueServiceDeployment", #"{"serviceDeploymentArn":"$RECORD","hookId":"$HOOK"}"#),
                    .until(.completed),
                    .expect(.counts(desired: 1, running: 1)),
                ]),
        ScenarioRow(
            "a deployment stopped in the bake time goes back, although no breaker is on",
            source: "Developer Guide, Stopping Amazon ECS service deployments",
            Step.shifting("BLUE_GREEN", breaker: false) + Step.deploy(image: "web:2") + [
                .until(.stage("BAKE_TIME")),
                .call("StopServiceDeployment", #"{"serviceDeploymentArn":"$RECORD","stopType":"ROLLBACK"}"#),
                .expect(.record("status", "ROLLBACK_REQUESTED")), .until(.record("ROLLBACK_IN_PROGRESS"), limit: 10),
                .until(.record("ROLLBACK_SUCCESSFUL")), .expect(.revision("web:1")),
                .expect(.counts(desired: 2, running: 2)), .expect(.kept(running: 2, active: 4)),
                .refused(
                    "StopServiceDeployment", #"{"serviceDeploymentArn":"$RECORD"}"#, code: "ConflictException"),
            ]),
        ScenarioRow(
            "a deployment that is aborted stops where it is",
            source: "botocore's model, StopServiceDeploymentStopType; Developer Guide, service deployment states",
            Step.shifting("BLUE_GREEN") + Step.deploy(image: "web:2") + [
                .until(.stage("BAKE_TIME")),
                .call("StopServiceDeployment", #"{"serviceDeploymentArn":"$RECORD","stopType":"ABORT"}"#),
                .expect(.record("status", "STOP_REQUESTED")), .until(.record("STOPPED"), limit: 10),
                .wait(seconds: 3600), .expect(.production(green: "100.0", blue: "0.0")),
                .expect(.running(green: 2, blue: 2)), .expect(.deployments(["PRIMARY FAILED", "ACTIVE COMPLETED"])),
            ] + Step.deploy(image: "web:3") + [
                .until(.completed), .expect(.revision("web:3")), .expect(.counts(desired: 2, running: 2)),
            ]),
        ScenarioRow(
            "a task of blue that stops during the bake time is replaced, and traffic stays where it is",
            source: workflowOfBake + "; both revisions run simultaneously",
            Step.shifting("BLUE_GREEN") + Step.deploy(image: "web:2") + [
                .until(.stage("BAKE_TIME")), .call("StopTask", #"{"task":"$TASK"}"#), .until(.running(3)),
                .until(.running(4), limit: 300), .expect(.running(green: 2, blue: 2)), .expect(.stage("BAKE_TIME")),
                .expect(.production(green: "100.0", blue: "0.0")), .until(.completed),
                .expect(.record("status", "SUCCESSFUL")),
            ]),
        ScenarioRow(
            "a new deployment makes the hook of the one before it unknown",
            source:
                "Developer Guide, Troubleshooting blue/green deployments: a new deployment was triggered (invalidating "
                + "previous hookIds)",
            Step.shifting("BLUE_GREEN", bake: 0, hooks: [Shift.pause("POST_SCALE_UP")]) + Step.deploy(image: "web:2")
                + [.until(.hook("AWAITING_ACTION"))] + Step.deploy(image: "web:3") + [
                    .refused(
                        "ContinueServiceDeployment", #"{"serviceDeploymentArn":"$RECORD","hookId":"ecs-pause-old"}"#,
                        code: "InvalidParameterException",
                        message: "Provided hookId is either completed, unavailable, or not associated with the given "
                            + "Resource ARN"),
                    .until(.stage("RECONCILE_SERVICE")), .until(.hook("AWAITING_ACTION")),
                    .call("ContinueServiceDeployment", #"{"serviceDeploymentArn":"$RECORD","hookId":"$HOOK"}"#),
                    .until(.completed), .expect(.revision("web:3")),
                ]),
        ScenarioRow(
            "pauses may not keep a deployment longer than thirty days",
            source: "Developer Guide, blue/green workflow: the overall deployment timeout is 30 days",
            // Days are long to look at in seconds: a minute of a request lasts one here.
            world: { $0.timing.shift.minute = 1000 },
            Step.shifting(
                "BLUE_GREEN",
                hooks: ["PRE_SCALE_UP", "POST_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT"].map {
                    Shift.pause($0, minutes: 20_160, action: "CONTINUE")
                }) + Step.deploy(image: "web:2") + [
                    .wait(seconds: 43_100), .expect(.stage("POST_TEST_TRAFFIC_SHIFT")),
                    .until(.record("ROLLBACK_SUCCESSFUL"), limit: 400), .expect(.revision("web:1")),
                ]),
        ScenarioRow(
            "steps may not take longer than thirty days either",
            source: "Developer Guide, blue/green workflow: the overall deployment timeout is 30 days",
            world: { $0.timing.shift.minute = 1000 },
            Step.shifting(
                "LINEAR", deployment: #","linearConfiguration":{"stepPercent":3.0,"stepBakeTimeInMinutes":1440}"#)
                + Step.deploy(image: "web:2") + [
                    .wait(seconds: 43_100), .expect(.record("status", "IN_PROGRESS")),
                    .until(.record("ROLLBACK_SUCCESSFUL"), limit: 400), .expect(.revision("web:1")),
                ]),
        ScenarioRow(
            "a service that comes from CodeDeploy is deployed anew, and one that goes there may not be updated",
            source:
                "Developer Guide, Migrating from a CodeDeploy blue/green …; aws/aws-cdk issue 36012; ecspresso issue 393",
            [
                .register(image: "web:1"),
                .call(
                    "CreateService",
                    """
                    {"serviceName":"web","taskDefinition":"web","desiredCount":1,
                    "deploymentController":{"type":"CODE_DEPLOY"}}
                    """),
                .refused(
                    "UpdateService", #"{"service":"web","loadBalancers":[]}"#, code: "InvalidParameterException",
                    message: "Unable to update load balancers on services with a CODE_DEPLOY deployment controller. "
                        + "Use AWS CodeDeploy to trigger a new deployment."),
                .call(
                    "UpdateService",
                    """
                    {"service":"web","taskDefinition":"web","deploymentController":{"type":"ECS"},
                    "deploymentConfiguration":{"strategy":"BLUE_GREEN"},\(Shift.balancers())}
                    """),
                .until(.completed), .expect(.stage("CLEAN_UP")), .expect(.counts(desired: 1, running: 1)),
                .refused(
                    "UpdateService",
                    #"{"service":"web","taskDefinition":"web","deploymentController":{"type":"CODE_DEPLOY"}}"#,
                    code: "InvalidParameterException",
                    message: "Unable to update task definition on services with a CODE_DEPLOY deployment controller. "
                        + "Use AWS CodeDeploy to trigger a new deployment."),
            ]),
        ScenarioRow(
            "deletion in the middle stops both revisions",
            source: "Developer Guide, deleting a service: DRAINING, then INACTIVE",
            Step.shifting("BLUE_GREEN", hooks: [Shift.pause("POST_TEST_TRAFFIC_SHIFT")])
                + Step.deploy(image: "web:2") + [
                    .until(.hook("AWAITING_ACTION")),
                    .call("DeleteService", #"{"service":"web","force":true}"#),
                    .expect(.record("status", "STOPPED")), .until(.status("INACTIVE"), limit: 200),
                    .expect(.counts(desired: 0, running: 0)),
                ]),
    ]
}
