import MooringShapes

/// Rules of the list of containers and of the members that every container has.
enum ContainerRules {
    private static let reference = "API reference, ContainerDefinition"

    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule("no-containers", .error, source: "ECS refuses: 'Container definitions should not be empty.'") {
            task, report in
            guard let list = task.value["containerDefinitions"], list.elements?.isEmpty == true else { return }
            report.add(
                "The task definition has no containers. Add at least one to 'containerDefinitions'.", at: list,
                "containerDefinitions")
        },
        ProseRule("too-many-containers", .error, source: "Developer guide, service quotas; ecs-api.md section 6") {
            task, report in
            guard task.containers.count > Limits.containers else { return }
            report.add(
                "The task definition has \(task.containers.count) containers; ECS takes at most \(Limits.containers). "
                    + "Move some to a task definition of their own.",
                at: task.value["containerDefinitions"], "containerDefinitions")
        },
        ProseRule("container-name", .error, source: "\(reference), name; ECS refuses a container without one") {
            task, report in
            for container in task.containers {
                guard let text = container.value["name"]?.settledText else {
                    if container.value["name"] == nil {
                        report.add(
                            "\(container.phrase) has no 'name'. Add one.", at: container.value, container.path("name"))
                    }
                    continue
                }
                guard !isName(text) else { continue }
                report.add(
                    "'\(text.shortened)' is no name for a container: ECS takes 1 to 255 letters, digits, hyphens and "
                        + "underscores.", at: container.value["name"], container.path("name"))
            }
        },
        ProseRule("duplicate-container", .error, source: "ECS refuses: 'Container.name should be unique'") {
            task, report in
            var seen: Set<String> = []
            for container in task.containers {
                guard let name = container.name, !name.isEmpty, !seen.insert(name).inserted else { continue }
                report.add(
                    "Another container is called '\(name.shortened)' already. Give each its own name.",
                    at: container.value["name"], container.path("name"))
            }
        },
        ProseRule("essential-container", .error, source: "\(reference), essential: at least one must be") {
            task, report in
            guard let first = task.containers.first, !task.containers.contains(where: \.isEssential) else { return }
            report.add(
                "No container is essential, and ECS wants at least one. "
                    + "Remove 'essential: false' from the one whose end "
                    + "shall end the task.", at: first.value["essential"], first.path("essential"))
        },
        ProseRule("restart-period", .error, source: "API reference, ContainerRestartPolicy, restartAttemptPeriod") {
            task, report in
            for container in task.containers {
                let value = container.value["restartPolicy"]?["restartAttemptPeriod"]
                guard let seconds = value?.integer, !(60...1800).contains(seconds) else { continue }
                report.add(
                    "restartAttemptPeriod is \(seconds) seconds; ECS takes 60 to 1800.", at: value,
                    container.path("restartPolicy.restartAttemptPeriod"))
            }
        },
        ProseRule("too-many-exit-codes", .error, source: "API reference, ContainerRestartPolicy, ignoredExitCodes") {
            task, report in
            for container in task.containers {
                let value = container.value["restartPolicy"]?["ignoredExitCodes"]
                guard let count = value?.elements?.count, count > 50 else { continue }
                report.add(
                    "ignoredExitCodes has \(count) elements; ECS takes at most 50.", at: value,
                    container.path("restartPolicy.ignoredExitCodes"))
            }
        },
        ProseRule("too-many-environment-files", .error, source: "\(reference), environmentFiles: up to ten") {
            task, report in
            for container in task.containers {
                let value = container.value["environmentFiles"]
                guard let count = value?.elements?.count, count > 10 else { continue }
                report.add(
                    "\(container.phrase) has \(count) environment files; ECS takes at most 10.", at: value,
                    container.path("environmentFiles"))
            }
        },
        ProseRule("environment-file", .warning, source: "API reference, EnvironmentFile: ends in .env, an S3 object") {
            task, report in
            for container in task.containers {
                for file in container.value.items("environmentFiles") {
                    guard let text = file.value["value"]?.settledText,
                        !text.hasPrefix("arn:") || !text.hasSuffix(".env")
                    else { continue }
                    report.add(
                        "ECS wants the ARN of an S3 object whose name ends in '.env', as in "
                            + "'arn:aws:s3:::bucket/web.env'.", at: file.value["value"],
                        container.path("environmentFiles[\(file.index)].value"))
                }
            }
        },
        ProseRule("duplicate-environment", .warning, source: "Docker: the last of two equal names wins") {
            task, report in
            for container in task.containers {
                var seen: Set<String> = []
                for variable in container.value.items("environment") {
                    guard let name = variable.value["name"]?.text, !name.isEmpty, !seen.insert(name).inserted else {
                        continue
                    }
                    report.add(
                        "The variable '\(name.shortened)' is given twice; "
                            + "which value wins is not promised. Remove one.",
                        at: variable.value, container.path("environment[\(variable.index)].name"))
                }
            }
        },
    ]

    /// Letters, digits, hyphens and underscores. Source: API reference, ContainerDefinition, name.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
