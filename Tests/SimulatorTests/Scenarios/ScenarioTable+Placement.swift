import MooringShapes
import MooringSimulator

/// Container instances: what fits where, and what is said where nothing fits.
extension ScenarioTable {
    private static let source = "Developer Guide, service event messages; the form from public reports"
    private static let unplaceable =
        "was unable to place a task because no container instance met all of its requirements."
    private static let more = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."

    static let placement: [ScenarioRow] = [
        ScenarioRow(
            "a cluster without container instances",
            source: "captures/describe-services/…autoscaling_offhours_1.json",
            world: { $0.containerInstances = 0 },
            [
                .register(image: "web:1"), .create(), .wait(seconds: 300),
                .expect(
                    .says("\(unplaceable) Reason: No Container Instances were found in your cluster. \(more)", times: 1)
                ),
                .expect(.counts(desired: 2, running: 0)), .expect(.rollout("IN_PROGRESS")),
                .happens(after: 1, .addInstances(count: 1)), .until(.completed),
            ]),
        unfit("too little CPU", InstanceRule(cpu: 1024, memory: 4096), text: "has insufficient CPU units available."),
        unfit("too little memory", InstanceRule(cpu: 4096, memory: 200), text: "has insufficient memory available."),
        unfit(
            "a port that is taken", InstanceRule(cpu: 4096, memory: 4096),
            text: "is already using a port required by your task.",
            container: #","portMappings":[{"containerPort":81,"hostPort":81}]"#),
        unfit(
            "no network interface left", InstanceRule(cpu: 4096, memory: 4096, networkInterfaces: 1),
            text: "encountered error \"RESOURCE:ENI\".", definition: #","networkMode":"awsvpc""#, extra: Step.network),
        ScenarioRow(
            "an instance whose agent is not connected", source: source,
            world: { $0.instances = [InstanceRule(isConnected: false)] },
            [
                .register(image: "web:1"), .create(desired: 1), .wait(seconds: 60),
                .expect(.says("encountered error \"AGENT\". \(more)", times: 1)),
            ]),
        ScenarioRow(
            "a lack of room is told again after six hours, not before",
            source: "Developer Guide, service event messages: duplicates are omitted until six hours pass",
            world: { $0.containerInstances = 0 },
            [
                .register(image: "web:1"), .create(), .wait(seconds: 5 * 3600), .expect(.says(unplaceable, times: 1)),
                .wait(seconds: 2 * 3600), .expect(.says(unplaceable, times: 2)),
                .expect(.says("is unable to consistently start tasks successfully", times: 1)),
            ]),
        ScenarioRow(
            "tasks spread over instances",
            source: "Developer Guide, task placement: the default spreads",
            world: { $0.instances = [InstanceRule(count: 3, cpu: 4096, memory: 4096)] },
            Step.running(desired: 6) + [
                .expect(
                    Expectation("two tasks on each instance") { run in
                        var counts: [String: Int] = [:]
                        for task in try run.tasks(desiredStatus: "RUNNING") {
                            counts[task["containerInstanceArn"]?.text ?? "", default: 0] += 1
                        }
                        return counts.values.sorted() == [2, 2, 2] ? nil : "\(counts)"
                    })
            ]),
        ScenarioRow(
            "distinct instances hold one task each",
            source: "API reference, PlacementConstraint: distinctInstance",
            world: { $0.containerInstances = 2 },
            [
                .register(image: "web:1"),
                .create(desired: 3, extra: #","placementConstraints":[{"type":"distinctInstance"}]"#),
                .wait(seconds: 300), .expect(.counts(desired: 3, running: 2)), .expect(.says(unplaceable, times: 1)),
                .happens(after: 1, .addInstances(count: 1)), .until(.completed),
            ]),
        ScenarioRow(
            "a fixed port on one instance is freed by stopping first",
            source: "Developer Guide, service event messages: not enough ports; API reference, `minimumHealthyPercent`",
            world: { $0.instances = [InstanceRule(cpu: 4096, memory: 4096)] },
            [
                fixedPort, .create(desired: 1, minimum: 0, maximum: 100), .until(.completed), fixedPort, .updated,
                .until(.completed), .expect(.revision("web:2")),
            ]),
        ScenarioRow(
            "a fixed port on one instance is never freed by starting first",
            source: "Developer Guide, service event messages: port already in use",
            world: { $0.instances = [InstanceRule(cpu: 4096, memory: 4096)] },
            [
                fixedPort, .create(desired: 1), .until(.completed), fixedPort, .updated, .wait(seconds: 3600),
                .expect(.says("is already using a port required by your task.", times: 1)),
                .expect(.rollout("IN_PROGRESS")), .expect(.counts(desired: 1, running: 1)),
            ]),
        ScenarioRow(
            "a drained instance gives its tasks away within the percentages",
            source: "Developer Guide, draining container instances: replaced within the percentages",
            world: { $0.containerInstances = 2 },
            Step.running(desired: 2) + [
                .happens(after: 5, .drainInstances(count: 1)), .wait(seconds: 10),
                .until(.said("has reached a steady state.")),
                .expect(.kept(running: 2, active: 4)),
                .expect(
                    .events(["has started 1 tasks", "has stopped 1 running tasks", "has reached a steady state."])),
                .expect(.rollout("COMPLETED")),
            ]),
        ScenarioRow(
            "an instance that is lost takes its tasks along",
            source: "Developer Guide, checking stopped tasks: Host EC2 (instance id) stopped/terminated",
            world: { $0.containerInstances = 2 },
            Step.running(desired: 4) + [
                .happens(after: 5, .loseInstances(count: 1)), .wait(seconds: 10),
                .until(.running(2), limit: 5),
                .expect(.stopped(code: "TerminationNotice", reason: "Host EC2 (instance i-", times: 2)),
                .until(.running(4)), .until(.said("has reached a steady state.")),
            ]),
    ]

    private static let fixedPort = Step.call(
        "RegisterTaskDefinition",
        """
        {"family":"web","containerDefinitions":[{"name":"app","image":"web:1","memory":128,
        "portMappings":[{"containerPort":81,"hostPort":81}]}]}
        """)

    /// One task of 128 MiB and 1024 units fits, the second does not until an instance comes.
    private static func unfit(
        _ name: String, _ rule: InstanceRule, text: String, container: String = "", definition: String = "",
        extra: String = "",
    ) -> ScenarioRow {
        let taken = container.isEmpty ? #","cpu":1024"# : ""
        return ScenarioRow(
            "\(name) on the only instance", source: source, world: { $0.instances = [rule] },
            [
                .call(
                    "RegisterTaskDefinition",
                    """
                    {"family":"web","containerDefinitions":[{"name":"app","image":"web:1","memory":128\(taken)\(container)}]
                    \(definition)}
                    """),
                .create(desired: 2, extra: extra), .wait(seconds: 300),
                .expect(.says("\(unplaceable) The closest matching (container-instance ", times: 1)),
                .expect(.says(") \(text) \(more)", times: 1)), .expect(.counts(desired: 2, running: 1)),
                .happens(after: 1, .addInstances(count: 1)), .until(.completed),
                .expect(.counts(desired: 2, running: 2)),
            ])
    }
}
