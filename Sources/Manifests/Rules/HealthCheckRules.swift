import MooringShapes

/// Rules of containers' health checks.
enum HealthCheckRules {
    private static let reference = "API reference, HealthCheck"

    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule("health-check-range", .error, source: "\(reference), interval, timeout, retries, startPeriod") {
            task, report in
            for (container, check) in checks(task) {
                for (member, range, unit) in ranges {
                    guard let value = check[member], let number = value.integer, !range.contains(number) else {
                        continue
                    }
                    report.add(
                        "healthCheck.\(member) is \(number); ECS takes "
                            + "\(range.lowerBound) to \(range.upperBound)\(unit).",
                        at: value, container.path("healthCheck.\(member)"))
                }
            }
        },
        ProseRule("health-check-command", .error, source: "\(reference), command: a list that is not empty") {
            task, report in
            for (container, check) in checks(task) {
                guard let command = check["command"], command.elements?.isEmpty == true else { continue }
                report.add(
                    "The health check has no command. Write it as [CMD-SHELL, 'curl -f http://localhost/ || exit 1'].",
                    at: command, container.path("healthCheck.command"))
            }
        },
        ProseRule("health-check-prefix", .warning, source: "\(reference), command: begins with CMD or CMD-SHELL") {
            task, report in
            for (container, check) in checks(task) {
                guard let first = check["command"]?.elements?.first, let text = first.settledText,
                    !["CMD", "CMD-SHELL", "NONE"].contains(text)
                else { continue }
                report.add(
                    "A health check's command begins with CMD (arguments follow) or CMD-SHELL (one line for the shell "
                        + "follows), not with '\(text.shortened)'.", at: first, container.path("healthCheck.command[0]")
                )
            }
        },
        ProseRule(
            "health-check-timeout", .warning, source: "\(reference), interval and timeout: 30 and 5 seconds by default"
        ) {
            task, report in
            for (container, check) in checks(task) {
                let interval = check["interval"]?.integer ?? 30
                guard let value = check["timeout"], let timeout = value.integer, timeout > interval else { continue }
                report.add(
                    "A check may take \(timeout) seconds, but the next one "
                        + "begins after \(interval). Lower 'timeout' or raise "
                        + "'interval'.", at: value, container.path("healthCheck.timeout"))
            }
        },
    ]

    private static let ranges: [(String, ClosedRange<Int>, String)] = [
        ("interval", 5...300, " seconds"), ("timeout", 2...60, " seconds"), ("retries", 1...10, ""),
        ("startPeriod", 0...300, " seconds"),
    ]

    private static func checks(_ task: TaskDefinitionInput) -> [(TaskDefinitionInput.Container, Value)] {
        task.containers.compactMap { container in container.value["healthCheck"].map { (container, $0) } }
    }
}
