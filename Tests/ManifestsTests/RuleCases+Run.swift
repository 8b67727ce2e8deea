import MooringShapes

extension RuleCase {
    private static func overriding(_ name: Value) -> [String: Value?] {
        ["overrides": ["containerOverrides": [["name": name, "command": ["migrate"]]]]]
    }

    /// One-off tasks. What they share with services is tried on services, and once here.
    static let runs: [RuleCase] = [
        RuleCase("task-count", .run(["count": 0]), not: .run(["count": 1]), says: "count is 0"),
        RuleCase("task-count", .run(["count": 11]), not: .run(["count": 10]), says: "count is 11"),
        RuleCase("reserved-member", .run(["startedBy": "me"]), not: .run(["group": "me"]), says: "'startedBy'"),
        RuleCase("reserved-member", .run(["clientToken": "x"]), says: "starts nothing twice"),
        RuleCase("reserved-member", .run(["referenceId": "x"]), says: "'referenceId'"),
        RuleCase(
            "task-tags-source", .run(["propagateTags": "SERVICE"]), not: .run(["propagateTags": "TASK_DEFINITION"]),
            says: "no service"),
        RuleCase(
            "override-container", .run(overriding("ap")), not: .run(overriding("app")), says: "Did you mean 'app'?"),
        RuleCase(
            "missing-network", .run(running: .task(["networkMode": "awsvpc"])), not: .run(),
            says: "so that the one-off task must say which subnets"),
        RuleCase("fargate-network", .run(["launchType": "FARGATE"]), not: .run(), says: "need subnets"),
        RuleCase(
            "fargate-task-definition",
            .run(["launchType": "FARGATE", "networkConfiguration": ["awsvpcConfiguration": ["subnets": ["subnet-1"]]]]),
            not: .run(), says: "The one-off task runs on Fargate"),
        RuleCase(
            "launch-type-and-strategy",
            .run(["launchType": "EC2", "capacityProviderStrategy": [["capacityProvider": "a"]]]), not: .run(),
            says: "not both"),
    ]
}
