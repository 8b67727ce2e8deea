import MooringShapes

/// Rules of how a rolling deployment replaces tasks.
enum DeploymentRules {
    private static let reference = "API reference, DeploymentConfiguration"

    static let all: [ProseRule<ServiceInput>] = [
        ProseRule(
            "percent-range", .error,
            source: "ECS refuses a minimumHealthyPercent above 100 and a maximumPercent below 100"
        ) {
            service, report in
            guard service.isRolling else { return }
            if let value = service.deployment?["minimumHealthyPercent"], let percent = value.integer,
                !(0...100).contains(percent)
            {
                report.add(
                    "minimumHealthyPercent is \(percent); ECS takes 0 to 100.", at: value,
                    path("minimumHealthyPercent"))
            }
            if let value = service.deployment?["maximumPercent"], let percent = value.integer, percent < 100 {
                report.add(
                    "maximumPercent is \(percent); ECS takes 100 or more: it counts what runs already.", at: value,
                    path("maximumPercent"))
            }
        },
        ProseRule(
            "percent-block", .error,
            source:
                "ECS refuses: 'Both maximumPercent and minimumHealthyPercent "
                + "cannot be 100 as this will block deployments'"
        ) {
            service, report in
            guard service.isRolling, service.deployment?["minimumHealthyPercent"]?.integer == 100,
                let value = service.deployment?["maximumPercent"], value.integer == 100
            else { return }
            report.add(
                "With 100 and 100 percent no task may be stopped and "
                    + "none started, so that nothing can be deployed. Raise "
                    + "'maximumPercent' (200 is ECS's default) or lower 'minimumHealthyPercent'.", at: value,
                path("maximumPercent"))
        },
        ProseRule(
            "percent-deadlock", .warning,
            source: "ecs-api.md section 10: floor = ceil(desired x min), ceiling = floor(desired x max)"
        ) {
            service, report in
            guard service.isRolling, !service.isDaemon, let desired = service.value["desiredCount"]?.integer,
                let problem = deadlock(service, desired: desired)
            else { return }
            let at = service.deployment?["maximumPercent"] ?? service.deployment?["minimumHealthyPercent"]
            report.add(problem, at: at, path("maximumPercent"))
        },
        ProseRule(
            "daemon-percent", .error,
            source: "ECS refuses: 'The daemon scheduling strategy does not support values above 100 for maximumPercent'"
        ) {
            service, report in
            guard service.isDaemon, let value = service.deployment?["maximumPercent"], let percent = value.integer,
                percent > 100
            else { return }
            report.add(
                "A DAEMON service never runs two tasks on an instance: "
                    + "maximumPercent is \(percent), and ECS takes 100. Remove "
                    + "it.", at: value, path("maximumPercent"))
        },
        ProseRule(
            "breaker-controller", .error,
            source: "API reference, DeploymentCircuitBreaker: only under the controller ECS"
        ) {
            service, report in
            guard let controller = service.controller, controller != "ECS",
                let breaker = service.deployment?["deploymentCircuitBreaker"],
                breaker["enable"]?.boolean == true
            else { return }
            report.add(
                "The circuit breaker works under the deployment controller ECS only, not under "
                    + "\(controller.shortened). Remove it.", at: breaker, path("deploymentCircuitBreaker"))
        },
        ProseRule(
            "no-circuit-breaker", .warning,
            source: "ecs-api.md section 10: without one, ECS retries a failing deployment for ever"
        ) {
            service, report in
            guard service.isRolling, service.deployment?["deploymentCircuitBreaker"] == nil,
                service.deployment?["alarms"]?["enable"]?.boolean != true
            else { return }
            report.add(
                "The service has no deployment circuit breaker: ECS goes "
                    + "on for ever starting tasks that fail, and returns to "
                    + "nothing by itself. Add 'deploymentConfiguration: "
                    + "{deploymentCircuitBreaker: {enable: true, rollback: "
                    + "true}}', or say 'enable: false' if that is meant.", at: service.deployment,
                path("deploymentCircuitBreaker"))
        },
    ]

    /// Why a rolling deployment can neither start nor stop a task.
    private static func deadlock(_ service: ServiceInput, desired: Int) -> String? {
        let minimum = service.deployment?["minimumHealthyPercent"]?.integer ?? 100
        let maximum = service.deployment?["maximumPercent"]?.integer ?? 200
        // 100 and 100 is refused, which another rule says; beyond these bounds nothing is computed.
        guard (1...Limits.countedTasks).contains(desired), (0...100).contains(minimum), (100...1000).contains(maximum),
            minimum != 100 || maximum != 100
        else { return nil }
        let floor = (desired * minimum + 99) / 100
        let ceiling = desired * maximum / 100
        guard floor >= desired, ceiling <= desired else { return nil }
        return
            "Of \(desired) task\(desired == 1 ? "" : "s"), \(minimum) "
            + "percent are \(floor) that must stay and \(maximum) percent "
            + "are \(ceiling) that may run: no task may be stopped and "
            + "none started, so that nothing can be deployed. Raise "
            + "'maximumPercent' to \((desired + 1) * 100 / desired + ((desired + 1) * 100 % desired == 0 ? 0 : 1)) "
            + "or more, or lower 'minimumHealthyPercent'."
    }

    private static func path(_ member: String) -> String { "deploymentConfiguration." + member }
}
