import MooringShapes

/// Rules of one-off tasks: what RunTask takes and services do not have.
enum RunRules {
    private static let reference = "API reference, RunTask"

    static let all: [ProseRule<ServiceInput>] = [
        ProseRule("task-count", .error, source: "\(reference), count: up to 10 tasks per call") { run, report in
            guard let value = run.value["count"], let count = value.integer, !(1...10).contains(count) else { return }
            report.add(
                "count is \(count); 1 to 10 copies of a one-off task are started at once.", at: value, "count")
        },
        ProseRule(
            "reserved-member", .error,
            source: "\(reference), clientToken, startedBy and referenceId: how Mooring knows its own tasks again"
        ) {
            run, report in
            for (member, why) in reserved {
                guard let value = run.value[member] else { continue }
                report.add("'\(member)' is Mooring's: \(why) Remove it.", at: value, member)
            }
        },
        ProseRule(
            "task-tags-source", .error, source: "\(reference), propagateTags: 'An error will be received' for SERVICE"
        ) {
            run, report in
            guard let value = run.value["propagateTags"], value.text == "SERVICE" else { return }
            report.add(
                "A one-off task has no service to take tags from. Write 'propagateTags: TASK_DEFINITION', or remove it.",
                at: value, "propagateTags")
        },
    ]

    /// The members of RunTask that are Mooring's to say.
    static var reservedMembers: [String] { reserved.map(\.0) }

    private static let reserved = [
        (
            "clientToken",
            "it is made of the task's inputs, so that a call whose answer was lost starts nothing twice."
        ),
        ("referenceId", "it is left to who starts the task."),
        ("startedBy", "it marks the tasks that Mooring started, by which they are found again."),
    ]

    /// The rules between services and task definitions that hold for one-off tasks too: RunTask has neither load balancers nor
    /// registries nor Service Connect.
    static let sharedPairings: Set = [
        "missing-network", "needless-network", "fargate-task-definition", "volume-target", "volume-not-configured",
    ]

    static let pairing: [ProseRule<Pairing>] = [
        ProseRule(
            "override-container", .error,
            source: "ECS refuses: 'Override for container named ... is not a container in the TaskDefinition.'"
        ) {
            pair, report in
            let names = pair.taskDefinition.containers.compactMap(\.name)
            guard !pair.taskDefinition.hasOpenContainerNames else { return }
            let known = Set(names)
            for item in pair.service.value["overrides"]?.items("containerOverrides") ?? [] {
                guard let value = item.value["name"], let name = value.settledText, !known.contains(name) else {
                    continue
                }
                report.add(
                    "The task definition (\(pair.place)) has no container '\(name.shortened)' to override."
                        + name.didYouMean(names) + " Name one of its containers.", at: value,
                    "overrides.containerOverrides[\(item.index)].name")
            }
        }
    ]
}
