import MooringModel
import MooringShapes

/// Rules of secrets, and of what ought to be one. No message ever holds a value.
enum SecretRules {
    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule(
            "secrets-execution-role", .error,
            source:
                "ECS refuses: 'When you are specifying container secrets, "
                + "you must also specify a value for executionRoleArn'"
        ) {
            task, report in
            guard !hasExecutionRole(task) else { return }
            for container in task.containers where container.value.holds("secrets") {
                report.add(
                    "\(container.phrase) has 'secrets', which ECS reads with the task's execution role. Add "
                        + "'executionRoleArn' beside 'family'.", at: container.value["secrets"],
                    container.path("secrets"))
            }
        },
        ProseRule(
            "fargate-execution-role", .error,
            source:
                "captures/strings/errors.tsv: 'Fargate requires task "
                + "definition to have execution role ARN to support ...'"
        ) {
            task, report in
            guard task.isFargate, !hasExecutionRole(task) else { return }
            for container in task.containers {
                let isFromECR = container.value["image"]?.text?.contains(".dkr.ecr.") == true
                guard container.logDriver == "awslogs" || isFromECR else { continue }
                let what = isFromECR ? "to pull the image from ECR" : "to write the log"
                report.add(
                    "\(container.phrase) needs an execution role on Fargate \(what). Add 'executionRoleArn' beside "
                        + "'family'.",
                    at: isFromECR ? container.value["image"] : container.value["logConfiguration"],
                    container.path(isFromECR ? "image" : "logConfiguration.logDriver"))
                // One role is enough, and so is one finding.
                return
            }
        },
        ProseRule(
            "secret-name", .error,
            source: "ECS refuses: 'The secret name must be unique and not shared with any ... environment variables'"
        ) {
            task, report in
            for container in task.containers where container.value.holds("secrets") {
                let variables = Set(container.value.items("environment").compactMap { $0.value["name"]?.text })
                var seen: Set<String> = []
                for secret in container.value.items("secrets") {
                    guard let name = secret.value["name"]?.text, !name.isEmpty else { continue }
                    let isNew = seen.insert(name).inserted
                    guard variables.contains(name) || !isNew else { continue }
                    report.add(
                        "'\(name.shortened)' is given twice, as a secret and as "
                            + (isNew ? "a variable in 'environment'" : "another secret") + ". Remove one.",
                        at: secret.value["name"], container.path("secrets[\(secret.index)].name"))
                }
            }
        },
        ProseRule(
            "secret-in-environment", .warning,
            source: "API reference, ContainerDefinition, environment: not for credentials"
        ) {
            task, report in
            for container in task.containers {
                for variable in container.value.items("environment") {
                    guard let value = variable.value["value"]?.text, !value.isEmpty else { continue }
                    let name = variable.value["name"]?.text ?? ""
                    guard SecretSigns.isExposed(name: name, value: value) else { continue }
                    report.add(
                        "The value of '\(name.shortened)' looks like a secret, and whoever may read this repository or "
                            + "describe the task definition can read it. Keep "
                            + "it in Secrets Manager or the Parameter Store "
                            + "and name it under 'secrets'.", at: variable.value["value"],
                        container.path("environment[\(variable.index)].value"))
                }
            }
        },
    ]

    private static func hasExecutionRole(_ task: TaskDefinitionInput) -> Bool {
        task.value["executionRoleArn"]?.text?.isEmpty == false
    }
}
