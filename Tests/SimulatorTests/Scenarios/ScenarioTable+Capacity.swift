import MooringShapes
import MooringSimulator

/// Fargate, its Spot capacity, and accounts at their limits.
extension ScenarioTable {
    private static let events = "Developer Guide, service event messages"
    private static let item = "API reference, CapacityProviderStrategyItem: base first, then by weight"

    static let capacity: [ScenarioRow] = [
        short(
            "Fargate without capacity", .unavailable,
            says:
                "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in "
                + "a different availability zone. For more information, see the Troubleshooting section"),
        short(
            "an account at its limit of vCPUs", .processorQuota,
            says:
                "was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently"
        ),
        short(
            "an account at its limit of tasks", .taskQuota,
            says: "was unable to place a task. Reason: You've reached the limit on the number of tasks you can run "
                + "concurrently"),
        short(
            "a service whose operations are throttled", .throttled,
            says: "operations are being throttled. Will try again later."),
        short(
            "a blocked account", .blocked,
            says: "was unable to place a task because your account is currently blocked.",
            source: "captures/strings/service-events.tsv, record 56749797547"),
        ScenarioRow(
            "a subnet without free addresses",
            source: "Developer Guide, TaskFailedToStart errors: Unexpected EC2 error",
            world: { $0.capacity = [CapacityRule("FARGATE", .noNetworkInterface(reason: nil))] },
            [
                .register(image: "web:1", definition: Step.fargateDefinition),
                .create(desired: 1, extra: Step.fargate), .until(.failedTasks(1)),
                .expect(
                    .says(
                        "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1'",
                        times: 1)
                ),
                .expect(.stopped(code: "TaskFailedToStart", reason: "Unexpected EC2 error while attempting")),
                .world { $0.capacity = [] }, .until(.completed),
            ]),
        split([("FARGATE", 1, 1), ("FARGATE_SPOT", 0, 4)], desired: 11, ["FARGATE": 3, "FARGATE_SPOT": 8]),
        split([("FARGATE", 0, 1), ("FARGATE_SPOT", 0, 1)], desired: 6, ["FARGATE": 3, "FARGATE_SPOT": 3]),
        split([("FARGATE", 2, 0), ("FARGATE_SPOT", 0, 1)], desired: 5, ["FARGATE": 2, "FARGATE_SPOT": 3]),
        split([("FARGATE", 4, 1), ("FARGATE_SPOT", 0, 1)], desired: 3, ["FARGATE": 3]),
        ScenarioRow(
            "an interrupted Spot task is warned and replaced",
            source: "Developer Guide, Fargate Spot termination notices",
            spot(desired: 3) + [
                .happens(after: 5, .interruptSpot(service: "web", count: 2)), .wait(seconds: 6),
                // It runs on while it is warned, and is to stop.
                .expect(.stopped(code: "SpotInterruption", reason: "Your Spot Task was interrupted.", times: 2)),
                .expect(.counts(desired: 3, running: 3)),
                .until(.said("has reached a steady state.")),
                .expect(.events(["has started 2 tasks", "has reached a steady state."])),
                .expect(.tasks(by: "capacityProviderName", ["FARGATE_SPOT": 3])), .expect(.rollout("COMPLETED")),
            ]),
        ScenarioRow(
            "without Spot capacity a service stays short until there is some",
            source: "Developer Guide, Fargate Spot: interrupted until capacity is available",
            spot(desired: 1) + [
                .world { $0.capacity = [CapacityRule("FARGATE_SPOT", .unavailable)] },
                .happens(after: 5, .interruptSpot(service: "web", count: 1)), .wait(seconds: 600),
                .expect(.counts(desired: 1, running: 0)),
                .expect(.says("Capacity is unavailable at this time", times: 1)),
                .world { $0.capacity = [] }, .until(.running(1)),
                .expect(.tasks(by: "capacityProviderName", ["FARGATE_SPOT": 1])),
            ]),
        ScenarioRow(
            "RunTask says in failures that there is no room",
            source: "Developer Guide, API failure reasons: RESOURCE:MEMORY",
            world: { $0.instances = [InstanceRule(memory: 64)] },
            [
                .register(image: "web:1"), .create(desired: 0),
                .expect(
                    .equal(
                        "the failure", "RESOURCE:MEMORY",
                        { run in
                            let answer = try run.bench.call("RunTask", #"{"taskDefinition":"web"}"#)
                            return answer["failures"]?[0]?["reason"]?.text
                        })),
            ]),
    ]

    /// A part of `capacity` that is about counting.
    static let counting: [ScenarioRow] = [
        ScenarioRow(
            "placements that fail use up nothing of the launches of a minute",
            source: "Developer Guide, service quotas: the rate at which the scheduler launches tasks",
            world: {
                $0.instances = [InstanceRule(memory: 128)]
                $0.timing.backoff = [1000]
            },
            [
                .register(image: "web:1"), .create(desired: 400), .wait(seconds: 20),
                .world { $0.instances = [InstanceRule(memory: 128_000)] }, .wait(seconds: 20),
                .expect(.tasks(by: "launchType", ["EC2": 400])),
            ]),
        ScenarioRow(
            "tasks that came before an instance had bounds count too",
            source: "Developer Guide, Amazon ECS API failure reasons",
            world: { $0.instances = [InstanceRule()] },
            Step.running(desired: 2) + [
                .world { $0.instances = [InstanceRule(memory: 256)] },
                .call("UpdateService", #"{"service":"web","desiredCount":3}"#), .wait(seconds: 60),
                .expect(.says("has insufficient memory available", times: 1)),
                .expect(.counts(desired: 3, running: 2)),
                // What was taken is given back, and no more.
                .call("UpdateService", #"{"service":"web","desiredCount":0}"#), .until(.running(0)),
                .call("UpdateService", #"{"service":"web","desiredCount":3}"#), .until(.running(2)),
                .wait(seconds: 300), .expect(.counts(desired: 3, running: 2)),
            ]),
    ]

    private static func short(
        _ name: String, _ trouble: CapacityRule.Trouble, says text: String, source: String? = nil,
    ) -> ScenarioRow {
        ScenarioRow(
            "\(name) catches up when there is room again", source: source ?? events,
            world: { $0.capacity = [CapacityRule("FARGATE", trouble)] },
            [
                .register(image: "web:1", definition: Step.fargateDefinition), .create(extra: Step.fargate),
                .wait(seconds: 300), .expect(.says(text, times: 1)), .expect(.counts(desired: 2, running: 0)),
                .expect(.primary("failedTasks", "0")), .expect(.rollout("IN_PROGRESS")),
                .world { $0.capacity = [] }, .until(.completed), .expect(.counts(desired: 2, running: 2)),
            ])
    }

    private static func strategy(_ items: [(String, base: Int, weight: Int)]) -> String {
        let list = items.map { #"{"capacityProvider":"\#($0.0)","base":\#($0.base),"weight":\#($0.weight)}"# }
        return Step.network + #","capacityProviderStrategy":[\#(list.joined(separator: ","))]"#
    }

    private static func split(
        _ items: [(String, base: Int, weight: Int)], desired: Int, _ expected: [String: Int],
    ) -> ScenarioRow {
        let text = items.map { "\($0.0) \($0.base)+\($0.weight)" }.joined(separator: ", ")
        return ScenarioRow(
            "\(desired) tasks over \(text)", source: item,
            Step.running(desired: desired, definition: Step.fargateDefinition, extra: strategy(items)) + [
                .expect(.tasks(by: "capacityProviderName", expected)),
                .expect(.tasks(by: "launchType", ["FARGATE": desired])),
            ])
    }

    private static func spot(desired: Int) -> [Step] {
        Step.running(
            desired: desired, definition: Step.fargateDefinition,
            extra: strategy([("FARGATE_SPOT", base: 0, weight: 1)]))
    }
}
