import MooringShapes
import MooringSimulator

/// The deployment circuit breaker: how many failed tasks end a deployment, and what is counted.
extension ScenarioTable {
    private static let guide = "Developer Guide, deployment circuit breaker: 0.5 * desired, at least 3, at most 200"
    private static let settings = "API reference, ThresholdConfiguration (July 2026)"

    static let breaker: [ScenarioRow] =
        [(1, 3), (4, 3), (25, 13), (400, 200), (1000, 200)].map { desired, threshold in
            trips(desired: desired, at: threshold, configuration: "", source: guide)
        } + [
            trips(desired: 10, at: 1, configuration: configured("COUNT", 1), source: settings),
            trips(desired: 4, at: 7, configuration: configured("COUNT", 7), source: settings),
            trips(desired: 10, at: 1, configuration: configured("UNBOUNDED_PERCENT", 10), source: settings),
            trips(desired: 400, at: 240, configuration: configured("UNBOUNDED_PERCENT", 60), source: settings),
            trips(desired: 20, at: 5, configuration: configured("BOUNDED_PERCENT", 25), source: settings),
            trips(desired: 10, at: 3, configuration: configured("BOUNDED_PERCENT", 1), source: settings),
            oneBelow(desired: 1, threshold: 3),
            reset(true),
            reset(false),
        ]

    private static func configured(_ type: String, _ value: Int) -> String {
        #","thresholdConfiguration":{"type":"\#(type)","value":\#(value)}"#
    }

    /// A second `deploymentCircuitBreaker` would be a duplicate: the rows create their services by hand.
    private static func created(desired: Int, minimum: Int, maximum: Int, breaker: String) -> [Step] {
        [
            .register(image: "web:1"),
            .call(
                "CreateService",
                """
                {"serviceName":"web","taskDefinition":"web","desiredCount":\(desired),"deploymentConfiguration":{
                "minimumHealthyPercent":\(minimum),"maximumPercent":\(maximum),
                "deploymentCircuitBreaker":{"enable":true,"rollback":true\(breaker)}}}
                """),
            .until(.completed), .mark,
        ]
    }

    private static func trips(desired: Int, at threshold: Int, configuration: String, source: String) -> ScenarioRow {
        // One at a time where that is possible, so that the count cannot jump past the threshold.
        let maximum = desired <= 25 ? 100 + (100 + desired - 1) / desired : 200
        let isExact = desired <= 25
        var steps =
            created(desired: desired, minimum: 100, maximum: maximum, breaker: configuration)
            + Step.deploy(image: "web:bad") + [
                .until(.record("ROLLBACK_SUCCESSFUL"), limit: 200_000),
                .expect(.record("deploymentCircuitBreaker.threshold", "\(threshold)")),
                .expect(.record("deploymentCircuitBreaker.status", "TRIGGERED")),
                .expect(
                    .record(
                        "statusReason",
                        "Service deployment rolled back because the circuit breaker threshold was exceeded.")),
                .expect(.says("deployment failed: tasks failed to start.", times: 1)),
                .expect(.revision("web:1")),
                .expect(.counts(desired: desired, running: desired)),
            ]
        if isExact { steps.append(.expect(.record("deploymentCircuitBreaker.failureCount", "\(threshold)"))) }
        let name = configuration.isEmpty ? "" : " with \(configuration.dropFirst(26).dropLast())"
        return ScenarioRow(
            "the breaker of \(desired) tasks\(name) trips at \(threshold)", source: source,
            world: { $0.images = [ImageRule("*:bad", .cannotPull())] }, steps)
    }

    private static func oneBelow(desired: Int, threshold: Int) -> ScenarioRow {
        ScenarioRow(
            "\(threshold - 1) failed tasks of \(desired) do not trip the breaker", source: guide,
            world: { $0.images = [ImageRule("*:bad", .cannotPull())] },
            Step.running(desired: desired) + Step.deploy(image: "web:bad") + [
                .until(.failedTasks(threshold - 1)),
                .world { $0.images = [] },
                .until(.completed),
                .expect(.revision("web:2")),
                .expect(.record("status", "SUCCESSFUL")),
                .expect(.record("deploymentCircuitBreaker.status", "MONITORING_COMPLETE")),
                .expect(.says("deployment failed", times: 0)),
            ])
    }

    /// Two failures, a healthy task, two failures, against a threshold of three.
    private static func reset(_ resets: Bool) -> ScenarioRow {
        ScenarioRow(
            "a healthy task \(resets ? "sets the count of failures back" : "leaves a cumulative count of failures alone")",
            source: "API reference, DeploymentCircuitBreaker `resetOnHealthyTask`",
            world: { $0.images = [ImageRule("*:bad", .crashes())] },
            created(
                desired: 2, minimum: 50, maximum: 100,
                breaker: #","resetOnHealthyTask":\#(resets)"# + configured("COUNT", 3)) + Step.deploy(image: "web:bad")
                + [
                    .until(.failedTasks(2)),
                    .world { $0.images = [] },
                    .until(.said("has started 1 tasks", times: 3)),
                    .world { $0.images = [ImageRule("*:bad", .crashes())] },
                    .until(.failedTasks(resets ? 4 : 3)),
                    .world { $0.images = [] },
                    .until(.completed),
                    .expect(.revision(resets ? "web:2" : "web:1")),
                    .expect(.record("status", resets ? "SUCCESSFUL" : "ROLLBACK_SUCCESSFUL")),
                ])
    }
}
