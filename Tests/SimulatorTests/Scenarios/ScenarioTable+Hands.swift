import MooringShapes
import MooringSimulator

/// Somebody at the console while something else goes on, and calls at the limits of the API.
extension ScenarioTable {
    private static func update(_ input: Value) -> Happening.Action { .call(Operation(.ecs, "UpdateService"), input) }

    static let hands: [ScenarioRow] = [
        ScenarioRow(
            "somebody scales a service while it rolls out",
            source: "captures/findings.md, count-only update",
            Step.running() + Step.deploy(image: "web:2") + [
                .happens(after: 20, update(["service": "web", "desiredCount": 7])), .until(.completed),
                .expect(.counts(desired: 7, running: 7)), .expect(.records(["SUCCESSFUL", "SUCCESSFUL"])),
            ]),
        ScenarioRow(
            "somebody deploys over a rollout",
            source: "API reference, UpdateService: starts a deployment at any time",
            [.register(image: "web:0")] + Step.running() + Step.deploy(image: "web:2") + [
                .happens(after: 20, update(["service": "web", "taskDefinition": "web:1"])), .until(.completed),
                .expect(.revision("web:1")), .expect(.records(["SUCCESSFUL", "STOPPED", "SUCCESSFUL"])),
            ]),
        ScenarioRow(
            "somebody stops a task and it is replaced",
            source: "captures/strings/stop-reasons.tsv, record 67129463746",
            Step.running() + [
                .happens(after: 5, .stopTasks(service: "web", count: 1)), .wait(seconds: 10),
                .expect(.stopped(code: "UserInitiated", reason: "Task stopped by user", times: 1)),
                .until(.said("has reached a steady state.")),
                .expect(.events(["has started 1 tasks", "has reached a steady state."])),
            ]),
        ScenarioRow(
            "a task that somebody stops leaves its load balancer",
            source: "Developer Guide, service event messages: has begun draining connections",
            Step.running(balancer: true) + [
                .call("StopTask", #"{"task":"$TASK"}"#),
                .until(.said("has begun draining connections on 1 tasks."), limit: 30),
                .expect(.says("deregistered 1 targets in (target-group", times: 1)),
            ]),
        ScenarioRow(
            "StopTask's reason is echoed bare", source: "captures/strings/stop-reasons.tsv, record 68436144412",
            Step.running() + [
                .call("StopTask", #"{"task":"$TASK","reason":"drill"}"#),
                .expect(.stopped(code: "UserInitiated", reason: "drill")),
            ]),
        ScenarioRow(
            "somebody forces a deployment of a service at rest",
            source: "API reference, UpdateService `forceNewDeployment`",
            Step.running() + [
                .happens(after: 5, update(["service": "web", "forceNewDeployment": true])), .wait(seconds: 6),
                .expect(.rollout("IN_PROGRESS")), .until(.completed), .expect(.records(["SUCCESSFUL", "SUCCESSFUL"])),
            ]),
        ScenarioRow(
            "somebody deletes a service that a deployment is under way of",
            source: "API reference, DeleteService",
            Step.running() + Step.deploy(image: "web:2") + [
                .happens(
                    after: 20, .call(Operation(.ecs, "DeleteService"), ["service": "web", "force": true])),
                .until(.status("INACTIVE")),
                .refused("UpdateService", #"{"service":"web"}"#, code: "ServiceNotActiveException"),
            ]),
        ScenarioRow(
            "task definition writes refill at one a second behind a burst of twenty",
            source: "API reference, request throttling (reference/ecs-api.md section 6)",
            world: { $0.throttles = true },
            Array(repeating: .register(image: "web:1"), count: 20) + [
                .refused(
                    "RegisterTaskDefinition", #"{"family":"web","containerDefinitions":[]}"#,
                    code: "ThrottlingException", message: "Rate exceeded"),
                .wait(seconds: 2), .register(image: "web:1"), .register(image: "web:1"),
                .refused("DeregisterTaskDefinition", #"{"taskDefinition":"web:1"}"#, code: "ThrottlingException"),
            ]),
        ScenarioRow(
            "reads do not see a write for a while",
            source: "reference/ecs-api.md section 5: eventually consistent",
            world: { $0.reads = ReadLag(milliseconds: 3000...3000) },
            [
                .register(image: "web:1"),
                .refused("DescribeTaskDefinition", #"{"taskDefinition":"web:1"}"#, code: "ClientException"),
                .create(), .expect(.equal("services", "0", { try "\($0.seen())" })), .wait(seconds: 3),
                .expect(.equal("services", "1", { try "\($0.seen())" })),
            ]),
    ]
}

extension ScenarioRun {
    /// How many services DescribeServices shows.
    fileprivate mutating func seen() throws -> Int {
        try bench.call("DescribeServices", #"{"services":["web"]}"#)["services"]?.elements?.count ?? 0
    }
}
