import MooringShapes
import MooringSimulator

/// Deployments that fail, and where they go back to.
extension ScenarioTable {
    private static let bad: @Sendable (inout Scenario) -> Void = { $0.images = [ImageRule("*:bad", .cannotPull())] }

    /// Old tasks behind a deployment that the breaker has ended without rollback.
    private static func failedForGood(desired: Int) -> [Step] {
        Step.running(desired: desired, breaker: false) + [
            .register(image: "web:bad"),
            .call(
                "UpdateService",
                """
                {"service":"web","taskDefinition":"web","deploymentConfiguration":{
                "deploymentCircuitBreaker":{"enable":true,"rollback":false}}}
                """),
            .until(.rollout("FAILED")), .wait(seconds: 60), .mark,
        ]
    }

    static let rollbacks: [ScenarioRow] = [
        ScenarioRow(
            "the breaker returns to the old deployment under its old id",
            source: "captures/findings.md, section 10; captures/strings/rollout-sequences.tsv, breaker, desired 1",
            world: bad,
            Step.running(desired: 1) + Step.deploy(image: "web:bad") + [
                .until(.record("ROLLBACK_IN_PROGRESS")),
                .expect(.deployments(["PRIMARY IN_PROGRESS", "ACTIVE FAILED"])),
                .expect(
                    .equal(
                        "the failed one's reason", "ECS deployment circuit breaker: tasks failed to start.",
                        { try $0.described()["deployments"]?[1]?["rolloutStateReason"]?.text })),
                .until(.completed),
                .expect(
                    .events([
                        "has started 1 tasks", "was unable to place a task. Reason: CannotPullContainerError: …",
                        "has started 1 tasks", "was unable to place a task. Reason: CannotPullContainerError: …",
                        "has started 1 tasks", "was unable to place a task. Reason: CannotPullContainerError: …",
                        "is unable to consistently start tasks successfully. …", "has started 1 tasks",
                        "(deployment ecs-svc/N) deployment failed: tasks failed to start.",
                        "rolling back to deployment ecs-svc/N.", "stopped 1 pending tasks.",
                        "(deployment ecs-svc/N) deployment completed.", "has reached a steady state.",
                    ])),
                .expect(.deployments(["PRIMARY COMPLETED"])),
                .expect(.records(["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"])),
            ]),
        ScenarioRow(
            "a first deployment that fails has nowhere to go",
            source: "captures/strings/status-reasons.tsv: ROLLBACK_FAILED; Developer Guide: stalls",
            world: bad,
            [
                .register(image: "web:bad"), .create(desired: 1), .until(.rollout("FAILED")),
                .expect(.record("status", "ROLLBACK_FAILED")),
                .expect(.record("statusReason", "No rollback candidate was found to run the rollback.")),
                .expect(.primary("rolloutStateReason", "ECS deployment circuit breaker: tasks failed to start.")),
                .mark, .wait(seconds: 7200), .expect(.events(["was unable to place a task. Reason: …"])),
                .expect(.counts(desired: 1, running: 0)),
            ]),
        ScenarioRow(
            "without rollback a failed deployment stays and launches nothing more",
            source: "API reference, ServiceDeployment `stoppedAt`; Deployment `rolloutState`",
            world: bad,
            Step.running(desired: 2, breaker: false) + [
                .register(image: "web:bad"),
                .call(
                    "UpdateService",
                    """
                    {"service":"web","taskDefinition":"web","deploymentConfiguration":{
                    "deploymentCircuitBreaker":{"enable":true,"rollback":false}}}
                    """),
                .until(.rollout("FAILED")), .expect(.record("status", "STOPPED")), .wait(seconds: 300), .mark,
                .wait(seconds: 7200), .expect(.events([])),
                .expect(.deployments(["PRIMARY FAILED", "ACTIVE COMPLETED"])),
                .expect(.counts(desired: 2, running: 2)),
            ]),
        ScenarioRow(
            "a service whose failed deployment stays can be scaled to nothing",
            source: "API reference, UpdateService `desiredCount`; Deployment `rolloutState`: launches nothing more",
            world: bad,
            failedForGood(desired: 4) + [
                .call("UpdateService", #"{"service":"web","desiredCount":6}"#), .until(.running(6), limit: 300),
                .expect(.deployments(["PRIMARY FAILED", "ACTIVE COMPLETED"])),
                .call("UpdateService", #"{"service":"web","desiredCount":0}"#), .until(.running(0), limit: 300),
                .wait(seconds: 600), .expect(.counts(desired: 0, running: 0)),
            ]),
        ScenarioRow(
            "the old tasks behind a failed deployment are replaced",
            source: "Developer Guide, services: the scheduler replaces tasks that fail or stop",
            world: bad,
            failedForGood(desired: 2) + [
                .call("StopTask", #"{"task":"$TASK"}"#), .until(.said("has started 1 tasks"), limit: 60),
                .until(.running(2), limit: 300), .expect(.rollout("FAILED")), .wait(seconds: 3600),
                .expect(.says("has started", times: 1)), .expect(.counts(desired: 2, running: 2)),
            ]),
        ScenarioRow(
            "a breaker that the failed update switched on watches over the rollback",
            source: "API reference, UpdateService `deploymentConfiguration`: doesn't trigger a new service deployment",
            world: bad,
            Step.running(desired: 1, breaker: false, minimum: 0, maximum: 100) + [
                .register(image: "web:bad"),
                .call(
                    "UpdateService",
                    """
                    {"service":"web","taskDefinition":"web","deploymentConfiguration":{
                    "minimumHealthyPercent":0,"maximumPercent":100,
                    "deploymentCircuitBreaker":{"enable":true,"rollback":true}}}
                    """),
                .until(.record("ROLLBACK_IN_PROGRESS")),
                .world { $0.images = [ImageRule("web:*", .cannotPull())] },
                .until(.record("ROLLBACK_FAILED")), .expect(.revision("web:1")),
            ]),
        ScenarioRow(
            "a rollback returns to the launch type too",
            source: "API reference, DeploymentCircuitBreaker `rollback`: to the last completed deployment",
            world: bad,
            Step.running(desired: 1, definition: Step.fargateDefinition, extra: Step.fargate) + [
                .register(image: "web:bad", definition: Step.fargateDefinition),
                .call(
                    "UpdateService",
                    """
                    {"service":"web","taskDefinition":"web","forceNewDeployment":true,
                    "capacityProviderStrategy":[{"capacityProvider":"FARGATE_SPOT","weight":1}]}
                    """),
                .until(.record("ROLLBACK_SUCCESSFUL")),
                .expect(.equal("the launch type", "FARGATE") { try $0.described()["launchType"]?.text }),
                .expect(
                    .equal("the strategy", nil) {
                        try $0.described()["capacityProviderStrategy"]?[0]?["capacityProvider"]?.text
                    }),
            ]),
        ScenarioRow(
            "without a breaker tasks are tried again without end",
            source: "Developer Guide, service throttle logic: ECS does not ever stop a failing service from retrying",
            world: bad,
            Step.running(desired: 1, breaker: false) + Step.deploy(image: "web:bad") + [
                .wait(seconds: 4 * 3600), .expect(.rollout("IN_PROGRESS")), .expect(.counts(desired: 1, running: 1)),
                .expect(.says("is unable to consistently start tasks successfully", times: 1)),
                // Fifteen minutes apart at the most, and never more often than that in the end.
                .mark, .wait(seconds: 2 * 3600), .until(.said("has started 1 tasks", times: 6), limit: 2400),
            ]),
        ScenarioRow(
            "a rollback whose tasks fail ends there",
            source: "Developer Guide, service deployments: ROLLBACK_IN_PROGRESS leads to ROLLBACK_FAILED",
            world: bad,
            Step.running(desired: 1, minimum: 0, maximum: 100) + Step.deploy(image: "web:bad") + [
                .until(.record("ROLLBACK_IN_PROGRESS")),
                .world { $0.images = [ImageRule("web:*", .cannotPull())] },
                .until(.record("ROLLBACK_FAILED")),
                .expect(.deployments(["PRIMARY FAILED", "ACTIVE FAILED"])),
                .expect(.revision("web:1")),
                .expect(.says("rolling back to deployment", times: 1)),
                .expect(.says("deployment failed: tasks failed to start.", times: 2)),
                .world { $0.images = [] },
            ] + Step.deploy(image: "web:3") + [
                .until(.completed), .expect(.revision("web:3")), .expect(.counts(desired: 1, running: 1)),
            ]),
        ScenarioRow(
            "a rollback goes to the last deployment that completed, not to the last one",
            source: "API reference, DeploymentCircuitBreaker `rollback`: the last one that completed successfully",
            world: bad,
            Step.running(desired: 1) + Step.deploy(image: "web:bad") + [.until(.record("ROLLBACK_SUCCESSFUL"))]
                + Step.deploy(image: "web3:bad") + [
                    .until(.record("ROLLBACK_SUCCESSFUL")), .expect(.revision("web:1")),
                    .expect(.records(["ROLLBACK_SUCCESSFUL", "ROLLBACK_SUCCESSFUL", "SUCCESSFUL"])),
                ]),
        ScenarioRow(
            "an update during a rollback takes over",
            source: "API reference, UpdateService: a deployment may be started at any time",
            world: bad,
            Step.running(desired: 1) + Step.deploy(image: "web:bad") + [.until(.record("ROLLBACK_IN_PROGRESS"))]
                + Step.deploy(image: "web:3") + [
                    .until(.completed), .expect(.revision("web:3")), .expect(.record("status", "SUCCESSFUL")),
                ]),
        ScenarioRow(
            "a stopped deployment goes back although no breaker is on",
            source: "Developer Guide, stopping service deployments: even if the option is not configured",
            world: bad,
            Step.running(desired: 1, breaker: false) + Step.deploy(image: "web:bad") + [
                .wait(seconds: 60), .call("StopServiceDeployment", #"{"serviceDeploymentArn":"$RECORD"}"#),
                .until(.record("ROLLBACK_SUCCESSFUL")), .expect(.revision("web:1")),
            ]),
        ScenarioRow(
            "a rollback to a revision that was deregistered meanwhile works",
            source: "API reference, DeregisterTaskDefinition: existing services keep running and can scale",
            world: bad,
            Step.running(desired: 1) + [.call("DeregisterTaskDefinition", #"{"taskDefinition":"web:1"}"#)]
                + Step.deploy(image: "web:bad") + [
                    .until(.record("ROLLBACK_SUCCESSFUL")), .expect(.revision("web:1")),
                    .call("UpdateService", #"{"service":"web","desiredCount":2}"#), .until(.running(2)),
                ]),
    ]
}
