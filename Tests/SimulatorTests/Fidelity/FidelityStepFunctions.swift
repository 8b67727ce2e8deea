import MooringShapes
import MooringSimulator

/// The one recording that passed through Step Functions: RunTask's answer, in capitals and with empty lists of Java's own.
extension FidelityStage {
    static func stepFunctions(_ recording: Recording) throws -> (recorded: Value, ours: Value)? {
        var found: [Value] = []
        for test in recording.answer.members ?? [] {
            let history = test.value["recorded-content"]?["get_execution_history"]
            for event in history?["events"]?.elements ?? [] {
                for name in ["taskSubmittedEventDetails", "taskSucceededEventDetails"] {
                    if let task = event[name]?["output"]?["Tasks"]?[0] { found.append(cleaned(task)) }
                }
            }
        }
        guard !found.isEmpty else { return nil }
        let answers = Recording(
            path: recording.path, operation: "run-task", certainty: recording.certainty,
            answer: .map([("tasks", .list(found))]), date: recording.date)
        return (answers.answer, try tasks(answers).without(["failures"]))
    }

    /// Real names for the placeholders that the recorder put in, so that forms can be compared.
    private static let placeholders: [(sign: String, text: String)] = [
        ("<uuid:", "8808ac1b-278b-4763-8c5f-c6aaf3f10ebe"),
        (
            "<container_arn:",
            "arn:aws:ecs:eu-central-1:111111111111:container/cluster_name/575e66d2c7814af6aab4d3ec8ab58dab/8808ac1b-278b-4763-8c5f-c6aaf3f10ebe"
        ),
        ("<task_arn:", "arn:aws:ecs:eu-central-1:111111111111:task/cluster_name/575e66d2c7814af6aab4d3ec8ab58dab"),
        ("cluster_arn", "arn:aws:ecs:eu-central-1:111111111111:cluster/cluster_name"),
        ("ip_value-central-1:111111111111:cluster", "arn:aws:ecs:eu-central-1:111111111111:cluster/cluster_name"),
        ("task_definition_arn", "arn:aws:ecs:eu-central-1:111111111111:task-definition/task_definition_family:1"),
        (
            "ip_value-central-1:111111111111:task-definition",
            "arn:aws:ecs:eu-central-1:111111111111:task-definition/task_definition_family:1"
        ),
    ]

    private static func cleaned(_ value: Value) -> Value {
        switch value.node {
        case .scalar(let scalar):
            if scalar.text == "time" { return .double(1_708_716_012.5) }
            if scalar.text == "<region>a" || scalar.text == "<region>b" { return "eu-central-1b" }
            let known = placeholders.first { scalar.text.hasPrefix($0.sign) }
            return known.map { .string($0.text) } ?? value
        case .list(let elements): return .list(elements.map(cleaned))
        case .map(let members):
            // Java's empty lists are not ECS's. Three lists of a task are: `describe-tasks/…` has them empty.
            let own = ["Tags", "InferenceAcceleratorOverrides", "NetworkInterfaces"]
            return .map(
                members.filter { own.contains($0.name) || !$0.value.isEmptyCollection }.map {
                    (spelled($0.name), cleaned($0.value))
                })
        }
    }

    private static func spelled(_ name: String) -> String {
        name == "SizeInGiB" ? "sizeInGiB" : name.prefix(1).lowercased() + name.dropFirst()
    }
}
