import MooringShapes
import MooringSimulator

/// Rollouts that go well, and what comes between.
extension ScenarioTable {
    private static let started = "has started 2 tasks"
    private static let completed = [
        "(deployment ecs-svc/N) deployment completed.", "has reached a steady state.",
    ]

    static let rollouts: [ScenarioRow] = [
        ScenarioRow(
            "a first deployment starts its tasks, completes and rests",
            source: "captures/strings/rollout-sequences.tsv, create, 2 tasks",
            [
                .register(image: "web:1"), .create(), .until(.completed),
                .expect(.events([started] + completed)),
                .expect(.deployments(["PRIMARY COMPLETED"])),
                .expect(.record("status", "SUCCESSFUL")),
            ]),
        ScenarioRow(
            "behind a load balancer an update speaks in the recorded order",
            source: "captures/strings/rollout-sequences.tsv, rolling 2->2, ALB",
            Step.running(balancer: true) + Step.deploy(image: "web:2") + [
                .until(.completed),
                .expect(
                    .events(
                        [
                            started, "registered 2 targets in (target-group ARN", "has stopped 2 running tasks",
                            "deregistered 2 targets in (target-group ARN",
                            "(service web, taskSet ecs-svc/N) has begun draining connections on 2 tasks.",
                        ] + completed)),
                .expect(
                    .stopped(code: "ServiceSchedulerInitiated", reason: "Scaling activity initiated by (deployment")),
            ]),
        ScenarioRow(
            "without room above the desired count the old task stops first",
            source: "API reference, DeploymentConfiguration `minimumHealthyPercent`: stop two before starting two",
            Step.running(desired: 1, minimum: 0, maximum: 100) + Step.deploy(image: "web:2") + [
                .until(.completed),
                .expect(.events(["has stopped 1 running tasks", "has started 1 tasks"] + completed)),
            ]),
        ScenarioRow(
            "a newer update overtakes a rollout under way",
            source: "Developer Guide, service deployments: STOPPED is an end; captures/findings.md, section 10",
            Step.running() + Step.deploy(image: "web:2") + [.wait(seconds: 20)] + Step.deploy(image: "web:3") + [
                .expect(.deployments(["PRIMARY IN_PROGRESS", "ACTIVE IN_PROGRESS", "ACTIVE COMPLETED"])),
                .until(.completed),
                .expect(.revision("web:3")),
                .expect(.deployments(["PRIMARY COMPLETED"])),
                .expect(.records(["SUCCESSFUL", "STOPPED", "SUCCESSFUL"])),
                .expect(.kept(running: 2, active: 6)),
            ]),
        ScenarioRow(
            "scaling out during a rollout keeps the deployment",
            source: "captures/findings.md, count-only update: the same id, its desiredCount changes",
            Step.running(desired: 2) + Step.deploy(image: "web:2") + [
                .wait(seconds: 30),
                .call("UpdateService", #"{"service":"web","desiredCount":5}"#),
                .expect(.primary("rolloutState", "IN_PROGRESS")),
                .until(.completed),
                .expect(.counts(desired: 5, running: 5)),
                .expect(.revision("web:2")),
                .expect(.records(["SUCCESSFUL", "SUCCESSFUL"])),
            ]),
        ScenarioRow(
            "scaling in during a rollout stops old tasks first and ends with the new count",
            source: "captures/findings.md, count-only update; API reference, UpdateService `desiredCount`",
            Step.running(desired: 4) + Step.deploy(image: "web:2") + [
                .wait(seconds: 30),
                .call("UpdateService", #"{"service":"web","desiredCount":1}"#),
                .until(.completed),
                .expect(.counts(desired: 1, running: 1)),
                .expect(.revision("web:2")),
            ]),
        ScenarioRow(
            "scaling in stops tasks that do not run yet, then the newest",
            source: "Developer Guide, service scheduler; captures/strings/stop-reasons.tsv, record 27261207075",
            Step.running(desired: 3) + [
                .call("UpdateService", #"{"service":"web","desiredCount":5}"#),
                .wait(seconds: 25),
                .call("UpdateService", #"{"service":"web","desiredCount":2}"#),
                .until(.said("has reached a steady state.")),
                .expect(
                    .events([
                        "has started 2 tasks", "has stopped 1 running tasks", "stopped 2 pending tasks.",
                        "has reached a steady state.",
                    ])),
                .expect(.rollout("COMPLETED")),
            ]),
        ScenarioRow(
            "scaling to nothing leaves a service at rest",
            source: "API reference, UpdateService `desiredCount`: 0 is a count",
            Step.running() + [
                .call("UpdateService", #"{"service":"web","desiredCount":0}"#),
                .until(.running(0)), .until(.said("has reached a steady state.")),
                .expect(.counts(desired: 0, running: 0)), .expect(.rollout("COMPLETED")),
            ]),
        ScenarioRow(
            "a forced deployment replaces tasks of the same revision",
            source: "API reference, UpdateService `forceNewDeployment`",
            Step.running() + [
                .call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#),
                .until(.completed), .expect(.revision("web:1")),
                .expect(.events([started, "has stopped 2 running tasks"] + completed)),
                .expect(.records(["SUCCESSFUL", "SUCCESSFUL"])),
            ]),
        ScenarioRow(
            "a service at rest says so again every six hours",
            source: "Developer Guide, service event messages: reported periodically",
            world: { $0.timing.steadyReminder = 6 * 3_600_000 },
            Step.running() + [
                .wait(seconds: 18 * 3600 + 60), .expect(.says("has reached a steady state.", times: 3)),
            ]),
        ScenarioRow(
            "no more than 500 tasks of a service are launched in a minute",
            source: "Developer Guide, service quotas: launches per service and minute",
            [
                .register(image: "web:1"), .create(desired: 1200), .wait(seconds: 60),
                .expect(.says("has started 500 tasks", times: 1)),
                .until(.completed),
                .expect(.says("has started 500 tasks", times: 2)), .expect(.says("has started 200 tasks", times: 1)),
                .expect(.counts(desired: 1200, running: 1200)),
                .expect(
                    Expectation("never more than 500 within 60 seconds") { run in
                        let starts = try run.tasks(desiredStatus: "RUNNING").compactMap { $0["createdAt"]?.double }
                            .sorted()
                        let tooEarly = zip(starts, starts.dropFirst(500)).filter { $1 - $0 < 60 }
                        return starts.count == 1200 && tooEarly.isEmpty ? nil : "\(starts.count), \(tooEarly.count)"
                    }),
            ]),
        early(cleanup: "DEFERRED"),
        early(cleanup: "BLOCKING"),
    ]

    private static func early(cleanup: String) -> ScenarioRow {
        let isDeferred = cleanup == "DEFERRED"
        return ScenarioRow(
            "half of the tasks suffice for early success, \(isDeferred ? "before" : "after") the old ones have gone",
            source: "API reference, DeploymentEarlySuccessCriteria",
            Step.running(
                desired: 4, minimum: 50, maximum: 150,
                deployment:
                    #","earlySuccessCriteria":{"enable":true,"healthyPercent":50,"sourceServiceRevisionCleanup":"\#(cleanup)"}"#
            ) + Step.deploy(image: "web:2") + [
                .until(.completed),
                .expect(
                    Expectation("old tasks are \(isDeferred ? "there" : "gone")") { run in
                        let running = try run.tasks(desiredStatus: "RUNNING")
                        let old = running.count { $0["taskDefinitionArn"]?.text?.hasSuffix(":1") == true }
                        return (old > 0) == isDeferred ? nil : "\(old)"
                    }),
                .until(.said("has reached a steady state.")),
                .expect(.counts(desired: 4, running: 4)),
                .expect(.tasks(by: "lastStatus", ["RUNNING": 4])),
            ])
    }
}
