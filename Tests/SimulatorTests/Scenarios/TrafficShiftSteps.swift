import MooringShapes
import MooringSimulator

/// What rows about traffic-shifting deployments are made of.
enum Shift {
    static let alternate = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/green/fedcba9876543210"
    static let rule =
        "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/0123456789abcdef/01/02"
    static let testRule =
        "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/0123456789abcdef/01/03"
    static let networkListener =
        "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/net/web/0123456789abcdef/04"
    static let role = "arn:aws:iam::123456789012:role/ecsInfrastructureRole"
    static let function = "arn:aws:lambda:eu-central-1:123456789012:function:check"

    static func advanced(production: String = rule, test: String? = testRule) -> String {
        let test = test.map { #""testListenerRule":"\#($0)","# } ?? ""
        return """
            {"alternateTargetGroupArn":"\(alternate)","productionListenerRule":"\(production)",\(test)
            "roleArn":"\(role)"}
            """
    }

    /// The service's one load balancer.
    static func balancers(production: String = rule, test: String? = testRule) -> String {
        """
        "loadBalancers":[{"targetGroupArn":"$GROUP","containerName":"app","containerPort":80,
        "advancedConfiguration":\(advanced(production: production, test: test))}]
        """
    }

    static func lambda(_ stages: String..., timeout: String = "") -> String {
        let stages = stages.map { "\"\($0)\"" }.joined(separator: ",")
        return #"{"hookTargetArn":"\#(function)","roleArn":"\#(role)","lifecycleStages":[\#(stages)]\#(timeout)}"#
    }

    static func pause(_ stage: String, minutes: Int = 60, action: String = "ROLLBACK") -> String {
        """
        {"targetType":"PAUSE","lifecycleStages":["\(stage)"],
        "timeoutConfiguration":{"timeoutInMinutes":\(minutes),"action":"\(action)"}}
        """
    }
}

extension Step {
    /// Creates service `web` with a strategy; `deployment` are more members of its configuration, each behind a comma.
    static func createShifting(
        _ strategy: String, desired: Int = 2, bake: Int = 10, breaker: Bool = true, hooks: [String] = [],
        deployment: String = "", traffic: String? = Shift.balancers(),
    ) -> Step {
        .call(
            "CreateService",
            """
            {"serviceName":"web","taskDefinition":"web","desiredCount":\(desired),"deploymentConfiguration":{
            "strategy":"\(strategy)","bakeTimeInMinutes":\(bake),
            "lifecycleHooks":[\(hooks.joined(separator: ","))],
            "deploymentCircuitBreaker":{"enable":\(breaker),"rollback":\(breaker)}\(deployment)}
            \(traffic.map { "," + $0 } ?? "")}
            """)
    }

    /// The same service completely rolled out, with hooks only from then on; events and extremes start behind it.
    static func shifting(
        _ strategy: String, desired: Int = 2, bake: Int = 10, breaker: Bool = true, hooks: [String] = [],
        deployment: String = "", traffic: String? = Shift.balancers(), container: String = "",
    ) -> [Step] {
        var steps: [Step] = [
            .register(image: "web:1", container: container),
            .createShifting(
                strategy, desired: desired, bake: bake, breaker: breaker, deployment: deployment, traffic: traffic),
            .until(.completed),
        ]
        if !hooks.isEmpty {
            steps.append(
                .call(
                    "UpdateService",
                    """
                    {"service":"web","deploymentConfiguration":{"lifecycleHooks":[\(hooks.joined(separator: ","))]}}
                    """))
        }
        return steps + [.wait(seconds: 60), .mark]
    }
}

extension Condition {
    /// The newest service deployment is in this lifecycle stage.
    static func stage(_ stage: String) -> Condition {
        Condition("the stage is \(stage)") { run in
            try run.bench.record(run.row.service)["lifecycleStage"]?.text == stage
        }
    }

    /// Green has this share of the production traffic.
    static func production(_ weight: String) -> Condition {
        Condition("green has \(weight) % of the traffic") { run in
            try run.bench.record()["targetServiceRevision"]?["requestedProductionTrafficWeight"]?.text == weight
        }
    }

    static func hook(_ status: String) -> Condition {
        Condition("the hook is \(status)") { try $0.hook()?["status"]?.text == status }
    }
}

extension Expectation {
    static func stage(_ stage: String?) -> Expectation { record("lifecycleStage", stage) }

    /// Green's and blue's shares of the production traffic.
    static func production(green: String?, blue: String?) -> Expectation {
        weights("requestedProductionTrafficWeight", green: green, blue: blue)
    }

    static func test(green: String?, blue: String?) -> Expectation {
        weights("requestedTestTrafficWeight", green: green, blue: blue)
    }

    private static func weights(_ member: String, green: String?, blue: String?) -> Expectation {
        equal("\(member) of green and blue", "\(green ?? "none") \(blue ?? "none")") { run in
            let record = try run.bench.record()
            let source = record["sourceServiceRevisions"]?[0]
            return "\(record["targetServiceRevision"]?[member]?.text ?? "none") \(source?[member]?.text ?? "none")"
        }
    }

    /// Running tasks of green and blue.
    static func running(green: Int, blue: Int) -> Expectation {
        equal("running tasks of green and blue", "\(green) \(blue)") { run in
            let record = try run.bench.record()
            let source = record["sourceServiceRevisions"]?[0]
            return "\(record["targetServiceRevision"]?["runningTaskCount"]?.text ?? "?") "
                + "\(source?["runningTaskCount"]?.text ?? "?")"
        }
    }

    /// A member of the first hook of the stage.
    static func hook(_ member: String, _ expected: String?) -> Expectation {
        equal("hook.\(member)", expected) { try $0.hook()?[member]?.text }
    }

    /// The target group that the PRIMARY's revision uses.
    static func serves(_ group: String) -> Expectation {
        equal("the serving target group", group) { run in
            let id = try run.described().primary?["id"]?.text?.dropFirst("ecs-svc/".count) ?? ""
            let arn = "arn:aws:ecs:eu-central-1:123456789012:service-revision/default/web/\(id)"
            let answer = try run.bench.call("DescribeServiceRevisions", #"{"serviceRevisionArns":["\#(arn)"]}"#)
            return answer["serviceRevisions"]?[0]?["resolvedConfiguration"]?["loadBalancers"]?[0]?["targetGroupArn"]?
                .text
        }
    }
}

extension ScenarioRun {
    /// The first hook of the newest service deployment's stage.
    mutating func hook() throws -> Value? { try bench.record(row.service)["lifecycleHookDetails"]?[0] }
}
