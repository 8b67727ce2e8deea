import MooringShapes
import MooringSimulator
import Testing

/// Blue/green behind a load balancer that was made here: rules are looked at first, and their weights move.
/// Source: Developer Guide, "Application Load Balancer resources for blue/green, linear, and canary deployments", and
/// "Troubleshooting Amazon ECS blue/green deployments".
@Suite struct ListenerRuleTests {
    /// A load balancer with a listener whose rule leads to blue and green, and services that use them.
    private struct Balanced {
        var bench: Bench
        var blue = ""
        var green = ""
        var rule = ""

        init(_ scenario: Scenario = Scenario()) throws {
            bench = Bench(scenario)
            try bench.register(image: "web:1")
            let balancer = try made("CreateLoadBalancer", #"{"Name":"web"}"#, "LoadBalancers", "LoadBalancerArn")
            blue = try group("blue")
            green = try group("green")
            let listener = try made(
                "CreateListener",
                """
                {"LoadBalancerArn":"\(balancer)","Port":80,"Protocol":"HTTP",
                "DefaultActions":[{"Type":"forward","TargetGroupArn":"\(blue)"}]}
                """, "Listeners", "ListenerArn")
            rule = try made(
                "CreateRule",
                """
                {"ListenerArn":"\(listener)","Priority":1,"Conditions":[{"Field":"path-pattern","Values":["/*"]}],
                "Actions":[\(forward((blue, 1), (green, 0)))]}
                """, "Rules", "RuleArn")
        }

        mutating func made(_ name: String, _ input: String, _ list: String, _ arn: String) throws -> String {
            let answer = try bench.call(name, input, api: .elasticLoadBalancing)
            return try #require(answer[list]?[0]?[arn]?.text)
        }

        mutating func group(_ name: String) throws -> String {
            try made(
                "CreateTargetGroup", #"{"Name":"\#(name)","Port":80,"Protocol":"HTTP","VpcId":"vpc-1"}"#,
                "TargetGroups", "TargetGroupArn")
        }

        func forward(_ targets: (String, Int)...) -> String {
            let groups = targets.map { #"{"TargetGroupArn":"\#($0.0)","Weight":\#($0.1)}"# }.joined(separator: ",")
            return #"{"Type":"forward","ForwardConfig":{"TargetGroups":[\#(groups)]}}"#
        }

        mutating func create(
            _ strategy: String = "BLUE_GREEN", rule: String? = nil, deployment: String = "",
        ) throws {
            try bench.call(
                "CreateService",
                """
                {"serviceName":"web","taskDefinition":"web","desiredCount":2,
                "deploymentConfiguration":{"strategy":"\(strategy)","bakeTimeInMinutes":5\(deployment)},
                "loadBalancers":[{"targetGroupArn":"\(blue)","containerName":"app","containerPort":80,
                "advancedConfiguration":{"alternateTargetGroupArn":"\(green)","roleArn":"\(Shift.role)",
                "productionListenerRule":"\(rule ?? self.rule)"}}]}
                """)
        }

        /// Weights of blue and green in the rule.
        mutating func weights() throws -> [String?] {
            let answer = try bench.call(
                "DescribeRules", #"{"RuleArns":["\#(rule)"]}"#, api: .elasticLoadBalancing)
            let groups = answer["Rules"]?[0]?["Actions"]?[0]?["ForwardConfig"]?["TargetGroups"]?.elements ?? []
            return [blue, green].map { arn in groups.first { $0["TargetGroupArn"]?.text == arn }?["Weight"]?.text }
        }

        mutating func targets(of group: String) throws -> Int {
            let answer = try bench.call(
                "DescribeTargetHealth", #"{"TargetGroupArn":"\#(group)"}"#, api: .elasticLoadBalancing)
            return answer["TargetHealthDescriptions"]?.elements?.count ?? 0
        }

        mutating func wait(stage: String) throws {
            for _ in 0..<3600 {
                if try bench.record()["lifecycleStage"]?.text == stage { return }
                bench.wait(seconds: 1)
            }
            throw Bench.Unexpected("never \(stage)")
        }
    }

    @Test func `the rule's weights follow the deployment, and each revision's targets are in its own group`() throws {
        var world = try Balanced()
        try world.create("CANARY", deployment: #","canaryConfiguration":{"canaryPercent":12.5}"#)
        try world.bench.wait(until: \.isCompleted, limit: 2000)
        #expect(try world.weights() == ["100", "0"])
        #expect(try world.targets(of: world.blue) == 2)
        #expect(try world.targets(of: world.green) == 0)
        try world.bench.register(image: "web:2")
        try world.bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        try world.wait(stage: "PRODUCTION_TRAFFIC_SHIFT")
        #expect(try world.weights() == ["875", "125"])
        #expect(try world.targets(of: world.green) == 2)
        try world.wait(stage: "BAKE_TIME")
        #expect(try world.weights() == ["0", "100"])
        let arn = try #require(try world.bench.record()["serviceDeploymentArn"]?.text)
        try world.bench.call("StopServiceDeployment", #"{"serviceDeploymentArn":"\#(arn)"}"#)
        try world.bench.wait(until: \.isCompleted, limit: 600)
        #expect(try world.weights() == ["100", "0"])
        #expect(try world.targets(of: world.green) == 0)
    }

    private static let invalid = "Service deployment rolled back because of invalid networking configuration"

    @Test func `a rule that two groups serve stops the deployment before a task starts`() throws {
        var world = try Balanced()
        try world.create()
        try world.bench.wait(until: \.isCompleted, limit: 2000)
        try world.bench.call(
            "ModifyRule",
            #"{"RuleArn":"\#(world.rule)","Actions":[\#(world.forward((world.blue, 1), (world.green, 1)))]}"#,
            api: .elasticLoadBalancing)
        try world.bench.call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#)
        let events = try world.bench.events().count
        try world.bench.wait(until: \.isCompleted, limit: 200)
        let record = try world.bench.record()
        #expect(record["status"]?.text == "ROLLBACK_SUCCESSFUL")
        let reason =
            Self.invalid + ". productionListenerRule \(world.rule) should have exactly one target group serving "
            + "traffic but found 2 target groups which are serving traffic"
        #expect(record["statusReason"]?.text == reason)
        #expect(try world.bench.events().dropFirst(events).contains { $0.hasSuffix("deployment failed: \(reason)") })
        #expect(try !world.bench.events().dropFirst(events).contains { $0.contains("has started") })
    }

    @Test func `a rule without the alternate group, and one that leads elsewhere, are refused`() throws {
        var world = try Balanced()
        let other = try world.group("other")
        let cases = [
            (
                world.forward((world.blue, 1)),
                ": Target group \(world.green) is not associated with either productionListenerRule or testListenerRule."
            ),
            (
                world.forward((other, 1)),
                ". Production listener rule is forwarding traffic to unexpected target group \(other). Expected traffic "
                    + "to be forwarded to either targetGroupArn: \(world.blue) or alternateTargetGroupArn: \(world.green)"
            ),
        ]
        for (actions, reason) in cases {
            try world.bench.call(
                "ModifyRule", #"{"RuleArn":"\#(world.rule)","Actions":[\#(actions)]}"#, api: .elasticLoadBalancing)
            try world.create()
            try world.bench.wait(until: { $0.rolloutState == "FAILED" }, limit: 200)
            #expect(
                try world.bench.record()["statusReason"]?.text == "No rollback candidate was found to run the rollback."
            )
            #expect(try world.bench.events().contains { $0.hasSuffix("deployment failed: \(Self.invalid)\(reason)") })
            try world.bench.call("DeleteService", #"{"service":"web","force":true}"#)
            try world.bench.wait(until: { $0["status"]?.text == "INACTIVE" }, limit: 200)
        }
    }

    @Test func `where things must exist, unknown rules and roles end the deployment`() throws {
        var scenario = Scenario()
        scenario.strict[.targetGroups] = true
        var world = try Balanced(scenario)
        try world.create(rule: Shift.rule)
        try world.bench.wait(until: { $0.rolloutState == "FAILED" }, limit: 200)
        #expect(try world.bench.events().contains { $0.hasSuffix(Self.invalid + ". One or more rules not found") })

        scenario.strict = Strictness([.roles])
        world = try Balanced(scenario)
        try world.create()
        try world.bench.wait(until: { $0.rolloutState == "FAILED" }, limit: 200)
        #expect(
            try world.bench.events().contains { event in
                event.hasSuffix(
                    Self.invalid + ". ECS was unable to manage the ELB resources due to missing permissions on ECS "
                        + "Infrastructure Role '\(Shift.role)'.")
            })
    }

    @Test func `a hook whose role is not there fails`() throws {
        var scenario = Scenario()
        scenario.strict[.roles] = true
        var bench = Bench(scenario)
        try bench.register(image: "web:1")
        try bench.call(
            "CreateService",
            """
            {"serviceName":"web","taskDefinition":"web","desiredCount":1,"deploymentConfiguration":{
            "strategy":"BLUE_GREEN","lifecycleHooks":[\(Shift.lambda("TEST_TRAFFIC_SHIFT"))]}}
            """)
        try bench.wait(until: { $0.rolloutState == "FAILED" }, limit: 400)
        #expect(
            try bench.events().contains { event in
                event.hasSuffix(
                    "Service deployment rolled back because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable "
                        + "to assume role \(Shift.role)")
            })
    }
}
