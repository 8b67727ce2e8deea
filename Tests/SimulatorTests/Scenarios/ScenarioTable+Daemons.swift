import MooringShapes
import MooringSimulator

/// DAEMON services.
extension ScenarioTable {
    private static let daemon: [Step] = [
        .register(image: "agent:1"),
        .call("CreateService", #"{"serviceName":"web","taskDefinition":"web","schedulingStrategy":"DAEMON"}"#),
        .until(.completed), .mark,
    ]
    private static let guide = "Developer Guide, DAEMON: one task on each active container instance"

    static let daemons: [ScenarioRow] = [
        ScenarioRow(
            "a DAEMON runs one task on each instance", source: guide, world: { $0.containerInstances = 3 },
            daemon + [
                .expect(.counts(desired: 3, running: 3)),
                .expect(
                    Expectation("three instances") { run in
                        let arns = try run.tasks(desiredStatus: "RUNNING").compactMap {
                            $0["containerInstanceArn"]?.text
                        }
                        return Set(arns).count == 3 ? nil : "\(arns)"
                    }),
            ]),
        ScenarioRow(
            "a DAEMON stops before it starts: 0 and 100 percent",
            source: "API reference, DeploymentConfiguration: DAEMON defaults; captures/findings.md item 7",
            world: { $0.containerInstances = 2 },
            daemon + Step.deploy(image: "agent:2") + [
                .until(.completed), .expect(.kept(running: 0, active: 2)), .expect(.revision("web:2")),
            ]),
        ScenarioRow(
            "a DAEMON follows its instances", source: guide,
            daemon + [
                .happens(after: 1, .addInstances(count: 2)), .until(.running(3)),
                .happens(after: 1, .drainInstances(count: 1)), .until(.running(2)),
                .happens(after: 1, .loseInstances(count: 1)), .until(.running(1)),
                .until(.said("has reached a steady state.")), .expect(.counts(desired: 1, running: 1)),
            ]),
    ]
}

/// CloudWatch alarms on rolling deployments.
extension ScenarioTable {
    private static let source = "Developer Guide, how CloudWatch alarms detect deployment failures"

    static let alarms: [ScenarioRow] = [
        ScenarioRow(
            "an alarm during a rollout rolls it back",
            source: source + "; captures/strings/service-events.tsv, record 57373037252",
            Step.running(breaker: false, deployment: watch(rollback: true)) + Step.deploy(image: "web:2") + [
                .alarm("errors", after: 40, seconds: 300), .until(.record("ROLLBACK_IN_PROGRESS")),
                .expect(
                    .equal(
                        "the reason", "ECS deployment failed: rolling back to deploymentId ecs-svc/N.",
                        { try shape($0.described().primary?["rolloutStateReason"]?.text ?? "") })),
                .until(.record("ROLLBACK_SUCCESSFUL")),
                .expect(.says("deployment failed: alarm detected.", times: 1)),
                .expect(.says("rolling back to deployment ecs-svc/", times: 1)),
                .expect(.record("alarms.status", "TRIGGERED")), .expect(.revision("web:1")),
                .expect(.record("deploymentCircuitBreaker.status", "DISABLED")),
            ]),
        ScenarioRow(
            "an alarm without rollback ends the deployment where it is", source: source,
            Step.running(breaker: false, deployment: watch(rollback: false)) + Step.deploy(image: "web:2") + [
                .alarm("errors", after: 40), .until(.rollout("FAILED")), .expect(.record("status", "STOPPED")),
                .mark, .wait(seconds: 3600), .expect(.says("has started", times: 0)), .expect(.revision("web:2")),
            ]),
        ScenarioRow(
            "a deployment with alarms stays IN_PROGRESS for its bake time", source: source + ": after the bake time",
            Step.running(breaker: false, deployment: watch(rollback: true)) + Step.deploy(image: "web:2") + [
                .until(.said("has stopped 2 running tasks")), .wait(seconds: 240),
                .expect(.counts(desired: 2, running: 2)),
                .expect(.deployments(["PRIMARY IN_PROGRESS", "ACTIVE COMPLETED"])),
                .until(.completed), .expect(.record("alarms.status", "MONITORING_COMPLETE")),
            ]),
        ScenarioRow(
            "an alarm during the bake time still rolls back", source: source,
            Step.running(breaker: false, deployment: watch(rollback: true)) + Step.deploy(image: "web:2") + [
                .until(.said("has stopped 2 running tasks")), .alarm("errors", after: 200, seconds: 60),
                .until(.record("ROLLBACK_SUCCESSFUL")), .expect(.revision("web:1")),
            ]),
        ScenarioRow(
            "a deployment that begins in ALARM is not watched, so that it can mend the cause",
            source: source + ": if an alarm is in ALARM when a deployment starts",
            world: { $0.alarms = [AlarmRule("errors")] },
            Step.running(breaker: false, deployment: watch(rollback: true)) + Step.deploy(image: "web:2") + [
                // No bake time either.
                .until(.completed, limit: 300), .expect(.record("alarms.status", "DISABLED")),
                .world { $0.alarms = [] },
            ] + Step.deploy(image: "web:3") + [
                .expect(.record("alarms.status", "MONITORING")), .alarm("errors", after: 40),
                .until(.record("ROLLBACK_SUCCESSFUL")), .expect(.revision("web:2")),
            ]),
        ScenarioRow(
            "a deployment that began in ALARM is not watched by its other alarms either",
            source: source + ": ignored for the whole deployment",
            Step.running(breaker: false, deployment: watch(rollback: true)) + [
                .alarm("errors", after: 0, seconds: 60)
            ] + Step.deploy(image: "web:2") + [
                .alarm("latency", after: 40), .until(.completed, limit: 300), .expect(.record("status", "SUCCESSFUL")),
            ]),
        ScenarioRow(
            "the bake time begins anew when a task is lost in it", source: source + ": after the bake time",
            Step.running(breaker: false, deployment: watch(rollback: true)) + Step.deploy(image: "web:2") + [
                .until(.said("has stopped 2 running tasks")), .wait(seconds: 250),
                .call("StopTask", #"{"task":"$TASK"}"#),
                .wait(seconds: 240), .expect(.counts(desired: 2, running: 2)), .expect(.rollout("IN_PROGRESS")),
                .until(.completed, limit: 300),
            ]),
        ScenarioRow(
            "an alarm after the deployment concerns nobody", source: source,
            Step.running(breaker: false, deployment: watch(rollback: true)) + [
                .alarm("errors", after: 10), .wait(seconds: 3600), .expect(.rollout("COMPLETED")), .expect(.events([])),
            ]),
        ScenarioRow(
            "alarms that are switched off watch nothing", source: "API reference, DeploymentAlarms `enable`",
            Step.running(breaker: false, deployment: watch(rollback: true, enable: false)) + [
                .alarm("errors", after: 0)
            ] + Step.deploy(image: "web:2") + [
                .until(.completed, limit: 300), .expect(.record("alarms.status", "DISABLED")),
            ]),
    ]

    private static func watch(rollback: Bool, enable: Bool = true) -> String {
        #","alarms":{"alarmNames":["errors","latency"],"enable":\#(enable),"rollback":\#(rollback)}"#
    }
}
