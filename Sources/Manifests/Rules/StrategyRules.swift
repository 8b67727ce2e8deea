import MooringShapes

/// Rules of deployments that shift traffic: BLUE_GREEN, LINEAR and CANARY.
enum StrategyRules {
    private static let reference = "API reference, DeploymentConfiguration"

    static let all: [ProseRule<ServiceInput>] = [
        ProseRule(
            "advanced-configuration", .error,
            source:
                "captures/strings/errors.tsv: 'advancedConfiguration field is required "
                + "for all loadBalancers when using a non-ROLLING deployment strategy'"
        ) {
            service, report in
            guard service.controller == "ECS", let strategy = service.strategy, strategy != "ROLLING" else { return }
            for balancer in service.loadBalancers where balancer.value["advancedConfiguration"] == nil {
                report.add(
                    "The strategy \(strategy.shortened) needs "
                        + "'advancedConfiguration' at every load balancer: the other "
                        + "target group, the listener rule and a role. Add it.", at: balancer.value,
                    "loadBalancers[\(balancer.index)].advancedConfiguration")
            }
        },
        ProseRule(
            "some-advanced-configuration", .error,
            source:
                "captures/strings/errors.tsv: 'Either all or none of the "
                + "provided loadBalancers must have advancedConfiguration defined'"
        ) {
            service, report in
            // For the other strategies the rule above speaks.
            guard service.strategy == "ROLLING" else { return }
            let without = service.loadBalancers.filter { $0.value["advancedConfiguration"] == nil }
            guard let first = without.first, without.count < service.loadBalancers.count else { return }
            report.add(
                "Either all load balancers of a service have 'advancedConfiguration' or none has.", at: first.value,
                "loadBalancers[\(first.index)].advancedConfiguration")
        },
        ProseRule(
            "strategy-settings", .warning,
            source: "\(reference), linearConfiguration and canaryConfiguration: only under their strategy"
        ) {
            service, report in
            for (member, strategy) in [("linearConfiguration", "LINEAR"), ("canaryConfiguration", "CANARY")] {
                guard let value = service.deployment?[member], let own = service.strategy, own != strategy else {
                    continue
                }
                report.add(
                    "'\(member)' is for the strategy \(strategy), and the service has \(own.shortened).",
                    at: value, "deploymentConfiguration.\(member)")
            }
        },
        ProseRule(
            "shift-percent", .error,
            source: "API reference, LinearConfiguration (3 to 100) and CanaryConfiguration (0.1 to 100)"
        ) {
            service, report in
            for (member, least) in [
                ("linearConfiguration.stepPercent", 3.0), ("canaryConfiguration.canaryPercent", 0.1),
            ] {
                let names = member.split(separator: ".").map(String.init)
                guard let value = service.deployment?[names[0]]?[names[1]], let percent = value.double,
                    percent < least || percent > 100
                else { continue }
                report.add(
                    "\(names[1]) is \(value.text?.shortened ?? ""); ECS takes \(least) to 100.", at: value,
                    "deploymentConfiguration.\(member)")
            }
        },
        ProseRule("bake-time", .error, source: "ecs-api.md section 3: bake times of 0 to 1440 minutes") {
            service, report in
            let members = [
                ["bakeTimeInMinutes"], ["linearConfiguration", "stepBakeTimeInMinutes"],
                ["canaryConfiguration", "canaryBakeTimeInMinutes"],
            ]
            for names in members {
                var value = service.deployment
                for name in names { value = value?[name] }
                guard let value, let minutes = value.integer, !(0...1440).contains(minutes) else { continue }
                report.add(
                    "\(names[names.count - 1]) is \(minutes) minutes; ECS takes 0 to 1440.", at: value,
                    "deploymentConfiguration." + names.joined(separator: "."))
            }
        },
        ProseRule(
            "lambda-hook", .warning,
            source: "API reference, DeploymentLifecycleHook: hookTargetArn, roleArn and lifecycleStages"
        ) {
            service, report in
            for hook in service.deployment?.items("lifecycleHooks") ?? [] {
                let isPause = hook.value["targetType"]?.text == "PAUSE"
                let needed = isPause ? ["lifecycleStages"] : ["hookTargetArn", "roleArn", "lifecycleStages"]
                for member in needed where !hook.value.holds(member) {
                    report.add(
                        "A lifecycle hook needs '\(member)'\(isPause ? "" : " to call its Lambda function"). Add it.",
                        at: hook.value, "deploymentConfiguration.lifecycleHooks[\(hook.index)].\(member)")
                }
            }
        },
        ProseRule(
            "pause-stage", .warning, source: "ecs-api.md section 10: PAUSE not at TEST_ or PRODUCTION_TRAFFIC_SHIFT"
        ) {
            service, report in
            for hook in service.deployment?.items("lifecycleHooks") ?? []
            where hook.value["targetType"]?.text == "PAUSE" {
                for stage in hook.value.items("lifecycleStages") {
                    guard let text = stage.value.text,
                        text == "TEST_TRAFFIC_SHIFT" || text == "PRODUCTION_TRAFFIC_SHIFT"
                    else { continue }
                    report.add(
                        "A deployment cannot pause while traffic shifts. Use a stage before or after \(text).",
                        at: stage.value,
                        "deploymentConfiguration.lifecycleHooks[\(hook.index)].lifecycleStages[\(stage.index)]")
                }
            }
        },
    ]
}
