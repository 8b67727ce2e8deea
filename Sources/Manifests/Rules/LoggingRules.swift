import MooringShapes

/// Rules of where containers log to.
enum LoggingRules {
    private static let reference = "API reference, LogConfiguration"

    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule(
            "fargate-log-driver", .error, source: "\(reference), logDriver: awslogs, splunk and awsfirelens on Fargate"
        ) {
            task, report in
            guard task.isFargate else { return }
            for container in task.containers {
                guard let driver = container.logDriver, !["awslogs", "splunk", "awsfirelens"].contains(driver) else {
                    continue
                }
                report.add(
                    "On Fargate the log drivers are awslogs, splunk and awsfirelens, not '\(driver.shortened)'.",
                    at: container.value["logConfiguration"]?["logDriver"], container.path("logConfiguration.logDriver"))
            }
        },
        ProseRule(
            "log-options", .error, source: "\(reference), options; ECS refuses: 'Log driver awslogs requires options'"
        ) {
            task, report in
            for container in task.containers where container.logDriver == "awslogs" {
                let missing = missingOptions(of: container, task: task)
                guard !missing.isEmpty else { continue }
                report.add(
                    "The log driver awslogs needs the option\(missing.count == 1 ? "" : "s") "
                        + missing.map { "'\($0)'" }.joined(separator: " and ")
                        + (task.isFargate ? " on Fargate" : "") + ". Add "
                        + missing.map { "'\($0): \(example(of: $0))'" }.joined(separator: ", ") + " to 'options'.",
                    at: container.value["logConfiguration"], container.path("logConfiguration.options"))
            }
        },
        ProseRule("log-region", .warning, source: "\(reference), options: awslogs-region and awslogs-stream-prefix") {
            task, report in
            guard !task.isFargate else { return }
            for container in task.containers where container.logDriver == "awslogs" {
                let options = container.value["logConfiguration"]?["options"]
                for option in ["awslogs-region", "awslogs-stream-prefix"] where options?[option] == nil {
                    report.add(
                        "Without '\(option)', "
                            + (option == "awslogs-region"
                                ? "the driver has to find the region by itself. Name it."
                                : "log streams are named after Docker's container "
                                    + "ids and cannot be traced to tasks. Add it."),
                        at: container.value["logConfiguration"], container.path("logConfiguration.options"))
                }
            }
        },
        ProseRule(
            "firelens-router", .error, source: "ECS refuses awsfirelens where no container has 'firelensConfiguration'"
        ) {
            task, report in
            guard !task.containers.contains(where: { $0.value["firelensConfiguration"] != nil }) else { return }
            for container in task.containers where container.logDriver == "awsfirelens" {
                report.add(
                    "The log driver awsfirelens hands the log to a router, "
                        + "and no container is one. Add a container with "
                        + "'firelensConfiguration: {type: fluentbit}'.",
                    at: container.value["logConfiguration"]?["logDriver"], container.path("logConfiguration.logDriver"))
            }
        },
        ProseRule("firelens-routers", .warning, source: "Developer guide, custom log routing: one router a task") {
            task, report in
            let routers = task.containers.filter { $0.value["firelensConfiguration"] != nil }
            guard routers.count > 1, let last = routers.last else { return }
            report.add(
                "\(routers.count) containers have 'firelensConfiguration'; a task has one router of its logs.",
                at: last.value["firelensConfiguration"], last.path("firelensConfiguration"))
        },
        ProseRule("no-log-configuration", .warning, source: "\(reference): without one, logs stay where the task runs")
        {
            task, report in
            for container in task.containers where container.value["logConfiguration"] == nil {
                report.add(
                    "\(container.phrase) has no 'logConfiguration': on "
                        + "Fargate its output is lost, on EC2 it stays on the "
                        + "instance. Add one, as in {logDriver: awslogs, options: {...}}.", at: container.value,
                    container.path("logConfiguration"))
            }
        },
    ]

    private static func missingOptions(of container: TaskDefinitionInput.Container, task: TaskDefinitionInput)
        -> [String]
    {
        let options = container.value["logConfiguration"]?["options"]
        let needed = ["awslogs-group"] + (task.isFargate ? ["awslogs-region", "awslogs-stream-prefix"] : [])
        return needed.filter { options?[$0]?.text?.isEmpty ?? true }
    }

    private static func example(of option: String) -> String {
        switch option {
        case "awslogs-group": "/ecs/web"
        case "awslogs-region": "eu-central-1"
        default: "ecs"
        }
    }
}
