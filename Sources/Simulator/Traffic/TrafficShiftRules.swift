import MooringShapes

/// What a traffic-shifting configuration must satisfy.
///
/// Messages from the Developer Guide, "Troubleshooting Amazon ECS blue/green deployments" (errors in the answer to
/// CreateService and UpdateService), unless a line says otherwise. It names no codes; the one that was recorded with its code
/// is a ClientException (`errors.tsv`, record 54329400795), so all are.
enum TrafficShiftRules {
    static func check(_ settings: ServiceSettings) throws(APIError) {
        try check(settings.loadBalancers, strategy: settings.deploymentStrategy)
        try checkNumbers(settings.deploymentConfiguration)
        for hook in settings.deploymentConfiguration["lifecycleHooks"]?.elements ?? [] { try check(hook: hook) }
    }

    // MARK: Load balancers

    private static func check(_ balancers: [Value], strategy: String) throws(APIError) {
        let classic = balancers.filter { $0.has("loadBalancerName") }
        if !classic.isEmpty, classic.count < balancers.count {
            throw .client(
                "All loadBalancers must be strictly either ELBv1 (defining loadBalancerName) or ELBv2 "
                    + "(defining targetGroupArn)")
        }
        if classic.contains(where: { $0.has("advancedConfiguration") }) {
            throw .client("advancedConfiguration field is not allowed with ELBv1 loadBalancers")
        }
        let advanced = balancers.filter { $0.has("advancedConfiguration") }
        if strategy != "ROLLING", advanced.count < balancers.count, advanced.isEmpty {
            // Source of the three names: `errors.tsv`, records 54329400795 (canary) and 57776720988 (blue/green).
            let name = strategy == "BLUE_GREEN" ? "Blue/green" : strategy.lowercased()
            throw .client(
                "advancedConfiguration field is required for all loadBalancers when using the \(name) "
                    + "deployment strategy")
        }
        if !advanced.isEmpty, advanced.count < balancers.count {
            throw .client("Either all or none of the provided loadBalancers must have advancedConfiguration defined")
        }
        var seen: [String] = []
        for balancer in balancers {
            guard let group = balancer["targetGroupArn"]?.text else { continue }
            // Without pairs a service may name a group twice, once for each of its ports.
            if !advanced.isEmpty, seen.contains(group) { throw .client("Duplicate targetGroupArn found: \(group)") }
            seen.append(group)
        }
        for balancer in advanced { try check(rules: balancer["advancedConfiguration"] ?? [:]) }
    }

    private static func check(rules: Value) throws(APIError) {
        for member in ["productionListenerRule", "testListenerRule"] {
            guard let arn = rules[member]?.text, !isListenerRule(arn) else { continue }
            throw .client(
                "\(member) has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: \(arn)")
        }
        if let rule = rules["productionListenerRule"]?.text, rule == rules["testListenerRule"]?.text {
            throw .client("The following rules cannot be used as both production and test listener rules: \(rule)")
        }
    }

    /// `…:listener-rule/app/…` of an Application Load Balancer, `…:listener/net/…` of a Network Load Balancer.
    private static func isListenerRule(_ arn: String) -> Bool {
        arn.hasPrefix("arn:") && (arn.contains(":listener-rule/") || arn.contains(":listener/net/"))
    }

    // MARK: Hooks

    private static func check(hook: Value) throws(APIError) {
        let kind = hook["targetType"]?.text ?? "AWS_LAMBDA"
        guard kind == "AWS_LAMBDA" || kind == "PAUSE" else {
            throw .client("Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE")
        }
        // The words of these two are ours; the rules are the model's ("You must provide this parameter").
        if kind == "AWS_LAMBDA", hook["hookTargetArn"]?.text?.isEmpty != false {
            throw .client("hookTargetArn is required for lifecycle hooks with the targetType AWS_LAMBDA.")
        }
        let stages = hook["lifecycleStages"]?.elements?.compactMap(\.text) ?? []
        if stages.isEmpty { throw .client("lifecycleStages cannot be empty.") }
        for name in stages {
            guard let stage = LifecycleStage(rawValue: name), stage.takesHooks else {
                throw .invalidParameter("Invalid lifecycle stage: \(name).")
            }
            if kind == "PAUSE", !stage.takesPauseHooks {
                throw .client("Invalid lifecycle stage provided for Pause Hook")
            }
        }
        if let minutes = hook["timeoutConfiguration"]?["timeoutInMinutes"]?.integer {
            // Source: API reference, DeploymentLifecycleHookTimeoutConfiguration.
            try check("timeoutInMinutes", minutes, in: 1...Limits.hookMinutes)
        }
        if let action = hook["timeoutConfiguration"]?["action"]?.text, action != "ROLLBACK", action != "CONTINUE" {
            throw .invalidParameter("Invalid action: \(action). Valid values are: ROLLBACK, CONTINUE")
        }
    }

    // MARK: Numbers

    /// Bounds of LinearConfiguration, CanaryConfiguration and `bakeTimeInMinutes`. Source: API reference; the words are ours.
    private static func checkNumbers(_ configuration: Value) throws(APIError) {
        try checkMinutes("bakeTimeInMinutes", configuration)
        if let linear = configuration["linearConfiguration"] {
            try checkPercent("stepPercent", linear, least: 3)
            try checkMinutes("stepBakeTimeInMinutes", linear)
        }
        if let canary = configuration["canaryConfiguration"] {
            try checkPercent("canaryPercent", canary, least: 0.1)
            try checkMinutes("canaryBakeTimeInMinutes", canary)
        }
    }

    private static func checkMinutes(_ name: String, _ block: Value) throws(APIError) {
        guard let value = block[name] else { return }
        guard let minutes = value.integer else {
            throw .serialization("\(name) can not be converted to an Integer")
        }
        try check(name, minutes, in: 0...Limits.bakeMinutes)
    }

    private static func check(_ name: String, _ value: Int, in bounds: ClosedRange<Int>) throws(APIError) {
        guard bounds.contains(value) else {
            throw .invalidParameter(
                "\(name) must be between \(bounds.lowerBound) and \(bounds.upperBound) minutes.")
        }
    }

    private static func checkPercent(_ name: String, _ block: Value, least: Double) throws(APIError) {
        guard let value = block[name] else { return }
        guard let percent = value.double, percent.isFinite else {
            throw .serialization("\(name) can not be converted to a Double")
        }
        let tenths = (percent * 10).rounded()
        guard (least...100).contains(percent), abs(percent * 10 - tenths) < 0.000_1 else {
            throw .invalidParameter("\(name) must be a multiple of 0.1 between \(least) and 100.0.")
        }
    }
}
