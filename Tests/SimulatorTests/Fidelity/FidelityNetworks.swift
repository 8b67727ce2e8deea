import MooringShapes
import MooringSimulator
import Testing

/// Deployments that fail for their listener rules, roles and task sets.
extension Situations {
    /// Blue and green behind one rule of a load balancer made here, and a service at rest behind it.
    private struct Balanced {
        var bench = Bench()
        var blue = ""
        var green = ""
        var rule = ""

        init() throws {
            try bench.register(image: "web:1")
            let balancer = try made("CreateLoadBalancer", #"{"Name":"web"}"#, "LoadBalancers", "LoadBalancerArn")
            for name in ["blue", "green"] {
                let group = try made(
                    "CreateTargetGroup", #"{"Name":"\#(name)","Port":80,"Protocol":"HTTP","VpcId":"vpc-1"}"#,
                    "TargetGroups", "TargetGroupArn")
                if name == "blue" { blue = group } else { green = group }
            }
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
            try bench.call(
                "CreateService",
                """
                {"serviceName":"web","taskDefinition":"web","desiredCount":1,
                "deploymentConfiguration":{"strategy":"BLUE_GREEN","bakeTimeInMinutes":0},
                "loadBalancers":[{"targetGroupArn":"\(blue)","containerName":"app","containerPort":80,
                "advancedConfiguration":{"alternateTargetGroupArn":"\(green)","roleArn":"\(Situations.role("ecs"))",
                "productionListenerRule":"\(rule)"}}]}
                """)
            try bench.wait(until: \.isCompleted, limit: 2000)
        }

        mutating func made(_ name: String, _ input: String, _ list: String, _ arn: String) throws -> String {
            let answer = try bench.call(name, input, api: .elasticLoadBalancing)
            return try #require(answer[list]?[0]?[arn]?.text)
        }

        func forward(_ targets: (String, Int)...) -> String {
            let groups = targets.map { #"{"TargetGroupArn":"\#($0.0)","Weight":\#($0.1)}"# }.joined(separator: ",")
            return #"{"Type":"forward","ForwardConfig":{"TargetGroups":[\#(groups)]}}"#
        }

        mutating func lead(to targets: (String, Int)...) throws {
            let groups = targets.map { #"{"TargetGroupArn":"\#($0.0)","Weight":\#($0.1)}"# }.joined(separator: ",")
            let action = #"{"Type":"forward","ForwardConfig":{"TargetGroups":[\#(groups)]}}"#
            try bench.call(
                "ModifyRule", #"{"RuleArn":"\#(rule)","Actions":[\#(action)]}"#, api: .elasticLoadBalancing)
        }

        mutating func deploy(_ said: inout Said, hooks: String = "") throws {
            try bench.call("UpdateService", #"{"service":"web","forceNewDeployment":true\#(hooks)}"#)
            bench.wait(seconds: 300)
            try said.collect(&bench)
        }
    }

    private static func role(_ name: String) -> String { "arn:aws:iam::123456789012:role/\(name)" }

    /// A task set of a service that somebody else deploys.
    static func taskSets(_ said: inout Said) throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.call(
            "CreateService",
            #"{"serviceName":"web","desiredCount":1,"deploymentController":{"type":"EXTERNAL"}}"#)
        try bench.call(
            "CreateTaskSet",
            """
            {"cluster":"default","service":"web","taskDefinition":"web","launchType":"EC2",
            "scale":{"value":100,"unit":"PERCENT"}}
            """)
        bench.wait(seconds: 200)
        try said.collect(&bench)
    }

    static func networks(_ said: inout Said) throws {
        var world = try Balanced()
        try world.lead(to: (world.blue, 1), (world.green, 1))
        try world.deploy(&said)
        world = try Balanced()
        try world.lead(to: (world.blue, 1))
        try world.deploy(&said)
        // The rule is gone.
        world = try Balanced()
        world.bench.ecs.scenario.strict[.targetGroups] = true
        try world.bench.call("DeleteRule", #"{"RuleArn":"\#(world.rule)"}"#, api: .elasticLoadBalancing)
        try world.deploy(&said)
        // First the role for the load balancer is missing, then it is made, and that of a hook is missing.
        world = try Balanced()
        world.bench.ecs.scenario.strict[.roles] = true
        try world.deploy(&said)
        try world.bench.call(
            "CreateRole", #"{"RoleName":"ecs","AssumeRolePolicyDocument":"{}"}"#, api: .iam)
        try world.deploy(
            &said,
            hooks: """
                ,"deploymentConfiguration":{"lifecycleHooks":[{"roleArn":"\(role("hooks"))",
                "hookTargetArn":"arn:aws:lambda:eu-central-1:123456789012:function:check",
                "lifecycleStages":["PRE_SCALE_UP"]}]}
                """)
    }
}
