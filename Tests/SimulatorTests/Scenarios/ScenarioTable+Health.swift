import MooringShapes
import MooringSimulator

/// Health checks of containers and load balancers.
extension ScenarioTable {
    private static let sick: @Sendable (inout Scenario) -> Void = { $0.images = [ImageRule("*:bad", .neverHealthy)] }

    static let health: [ScenarioRow] = [
        ScenarioRow(
            "a failing container health check is replaced first, then stopped",
            source: "captures/strings/rollout-sequences.tsv, breaker, container health check",
            world: sick,
            Step.running(desired: 1, container: Step.check) + Step.deploy(image: "web:bad", container: Step.check) + [
                .until(.record("ROLLBACK_SUCCESSFUL")),
                .expect(.says("failed container health checks.", times: 3)),
                .expect(.says("Amazon ECS replaced 1 tasks due to an unhealthy status.")),
                .expect(.stopped(code: "ServiceSchedulerInitiated", reason: "Task failed container health checks")),
                .expect(.kept(running: 1, active: 3)),
            ]),
        ScenarioRow(
            "two unhealthy tasks are replaced together",
            source:
                "reference/ecs-api.md section 10, replaced; captures/strings/service-events.tsv, record 56523002981",
            world: sick,
            Step.running(desired: 2, breaker: false, container: Step.check)
                + Step.deploy(image: "web:bad", container: Step.check) + [
                    .until(.said("Amazon ECS replaced 2 tasks due to an unhealthy status.")),
                    .expect(.says("failed container health checks.", times: 2)),
                ]),
        ScenarioRow(
            "a load balancer says with which codes the checks fail",
            source: "reference/ecs-api.md section 10, unhealthy targets; captures/strings/service-events.tsv",
            world: {
                $0.images = [
                    ImageRule("*:bad", .neverHealthy, targetReason: "Health checks failed with these codes: [503]")
                ]
            },
            Step.running(desired: 1, balancer: true) + Step.deploy(image: "web:bad") + [
                .until(.record("ROLLBACK_SUCCESSFUL")),
                .expect(.says("(port 80) is unhealthy in (target-group ", times: 3)),
                .expect(.says("due to (reason Health checks failed with these codes: [503]).", times: 3)),
                .expect(
                    .stopped(
                        code: "ServiceSchedulerInitiated", reason: "Task failed ELB health checks in (target-group")),
            ]),
        slow(grace: 0, succeeds: false),
        slow(grace: 300, succeeds: true),
        ScenarioRow(
            "without any check nobody notices that a task is sick",
            source: "API reference, DeploymentConfiguration: healthy 40 seconds after RUNNING without a health check",
            world: sick,
            Step.running(desired: 1) + Step.deploy(image: "web:bad") + [.until(.completed, limit: 300)]),
        ScenarioRow(
            "the grace period covers a container's checks too",
            source: "API reference, CreateService `healthCheckGracePeriodSeconds`: ELB and container health checks",
            world: sick,
            Step.running(
                desired: 1, container: Step.check, extra: #","healthCheckGracePeriodSeconds":600"#)
                + Step.deploy(image: "web:bad", container: Step.check) + [
                    .wait(seconds: 600), .expect(.primary("failedTasks", "0")), .until(.failedTasks(1), limit: 120),
                ]),
        ScenarioRow(
            "a task that falls ill at rest is replaced before it is stopped",
            source: "API reference, DeploymentConfiguration `maximumPercent`: replacement tasks first",
            Step.running(balancer: true) + [
                .happens(after: 60, .condemnTasks(service: "web", count: 1)),
                .until(.said("has reached a steady state.")),
                .expect(
                    .events([
                        "has started 1 tasks", "(task …", "has stopped 1 running tasks",
                        "deregistered 1 targets in (target-group ARN",
                        "(service web, taskSet ecs-svc/N) has begun draining connections on 1 tasks.",
                        "registered 1 targets in (target-group ARN", "has reached a steady state.",
                    ])),
                .expect(.rollout("COMPLETED")),
            ]),
        ScenarioRow(
            "without room sick tasks are stopped one by one",
            source: "API reference, DeploymentConfiguration `minimumHealthyPercent`: one-by-one",
            Step.running(desired: 3, minimum: 50, maximum: 100, container: Step.check) + [
                .happens(after: 10, .condemnTasks(service: "web", count: 2)),
                .until(.said("has reached a steady state.")),
                .expect(.says("has stopped 1 running tasks", times: 2)),
                .expect(.kept(running: 1, active: 3)),
            ]),
    ]

    /// A process that answers two minutes after its start.
    private static func slow(grace: Int, succeeds: Bool) -> ScenarioRow {
        ScenarioRow(
            "a task that answers late \(succeeds ? "is waited for within" : "is condemned without") a grace period",
            source: "API reference, CreateService `healthCheckGracePeriodSeconds`",
            world: { $0.images = [ImageRule("*:2", .slow(.init(healthy: 120_000)))] },
            Step.running(desired: 1, balancer: true, extra: #","healthCheckGracePeriodSeconds":\#(grace)"#)
                + Step.deploy(image: "web:2") + [
                    .until(.record(succeeds ? "SUCCESSFUL" : "ROLLBACK_SUCCESSFUL")),
                    .expect(.says("is unhealthy in (target-group", times: succeeds ? 0 : 3)),
                    .expect(.revision(succeeds ? "web:2" : "web:1")),
                ])
    }
}
