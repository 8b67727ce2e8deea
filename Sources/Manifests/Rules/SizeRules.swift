import MooringShapes

/// Rules of how much a task definition may hold.
enum SizeRules {
    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule(
            "task-definition-size", .error, source: "Developer guide, service quotas: 64 KB; ecs-api.md section 6"
        ) {
            task, report in
            let size = jsonSize(of: task.value, without: task.open)
            guard size > Limits.taskDefinitionBytes else { return }
            report.add(
                "The task definition has \(size) bytes as JSON; ECS "
                    + "takes at most \(Limits.taskDefinitionBytes). Move long "
                    + "values to the image, to environment files or to the Parameter Store.", at: nil, "")
        },
        ProseRule(
            "too-many-constraints", .error,
            source: "API reference, RegisterTaskDefinition, placementConstraints: at most 10"
        ) {
            task, report in
            guard let value = task.value["placementConstraints"], let count = value.elements?.count, count > 10 else {
                return
            }
            report.add(
                "There are \(count) placement constraints; ECS takes at most 10.", at: value, "placementConstraints")
        },
    ]

    /// How many bytes the value takes as compact JSON; escapes are counted as one byte, so that it never says too much.
    ///
    /// - Parameter open: places whose text is not what it will be; it may be empty.
    static func jsonSize(of value: Value, without open: Set<SourcePosition> = []) -> Int {
        switch value.node {
        case .scalar where !open.isEmpty && value.position.map(open.contains) == true: 0
        case .scalar(let scalar): scalar.text.utf8.count + (scalar.style == .string ? 2 : 0)
        case .list(let elements): elements.reduce(1 + max(1, elements.count)) { $0 + jsonSize(of: $1, without: open) }
        case .map(let members):
            members.reduce(1 + max(1, members.count)) {
                $0 + $1.name.utf8.count + 3 + jsonSize(of: $1.value, without: open)
            }
        }
    }
}
