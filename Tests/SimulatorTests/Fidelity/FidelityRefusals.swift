import MooringShapes
import MooringSimulator
import Testing

/// Requests that the local ECS refuses as AWS did.
extension Situations {
    static func refusals(_ said: inout Said) throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.register("gone", image: "web:1")
        try bench.call("DeregisterTaskDefinition", #"{"taskDefinition":"gone:1"}"#)
        try bench.create(desired: 1)
        let group = Bench.group
        try bench.call(
            "CreateService",
            """
            {"serviceName":"code","taskDefinition":"web","desiredCount":1,"deploymentController":{"type":"CODE_DEPLOY"},
            "loadBalancers":[{"targetGroupArn":"\(group)","containerName":"app","containerPort":80}]}
            """)
        try bench.call(
            "RegisterTaskDefinition",
            """
            {"family":"vpc","networkMode":"awsvpc","containerDefinitions":[{"name":"c","image":"i","memory":8}]}
            """)
        let fargate = """
            "networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","family":"f"
            """
        let network = #""networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"]}}"#
        let calls: [(String, String)] = [
            ("UpdateService", #"{"service":"web","taskDefinition":"gone:1"}"#),
            ("UpdateService", #"{"service":"web","taskDefinition":"never"}"#),
            ("UpdateService", #"{"service":"nobody","desiredCount":1}"#),
            ("UpdateService", #"{"service":"code","forceNewDeployment":true}"#),
            ("UpdateService", #"{"service":"code","taskDefinition":"web"}"#),
            ("UpdateService", #"{"service":"code",\#(network)}"#),
            ("CreateService", #"{"serviceName":"web","taskDefinition":"web","desiredCount":2}"#),
            ("RunTask", #"{"taskDefinition":"vpc"}"#),
            ("CreateService", #"{"serviceName":"w","taskDefinition":"web","desiredCount":1,\#(network)}"#),
            (
                "RegisterTaskDefinition",
                """
                {\(fargate),"memory":"512","containerDefinitions":[{"name":"c","image":"i",
                "logConfiguration":{"logDriver":"awslogs"}}]}
                """
            ),
            (
                "RegisterTaskDefinition",
                """
                {\(fargate),"memory":"512","containerDefinitions":[{"name":"c",
                "image":"1.dkr.ecr.eu-central-1.amazonaws.com/i"}]}
                """
            ),
            (
                "RegisterTaskDefinition",
                #"{\#(fargate),"memory":"300","containerDefinitions":[{"name":"c","image":"i"}]}"#
            ),
            (
                "RegisterTaskDefinition",
                #"{"family":"t","tags":[],"containerDefinitions":[{"name":"c","image":"i","memory":8}]}"#
            ),
        ]
        for (operation, json) in calls { said.refused(operation, try bench.refusal(operation, json)) }
        let made = try bench.call(
            "CreateTargetGroup", #"{"Name":"alone","Port":80,"Protocol":"HTTP","VpcId":"vpc-1"}"#,
            api: .elasticLoadBalancing)
        let alone = made["TargetGroups"]?[0]?["TargetGroupArn"]?.text ?? ""
        let behind = """
            {"serviceName":"alone","taskDefinition":"web","desiredCount":1,
            "loadBalancers":[{"targetGroupArn":"\(alone)","containerName":"app","containerPort":80}]}
            """
        said.refused("CreateService", try bench.refusal("CreateService", behind))
        try shifting(&bench, &said)
    }

    private static func shifting(_ bench: inout Bench, _ said: inout Said) throws {
        let plain = #"{"targetGroupArn":"\#(Bench.group)","containerName":"app","containerPort":80}"#
        let other = Bench.group.replacing("web/0", with: "other/2")
        let paired = """
            {"targetGroupArn":"\(other)","containerName":"app","containerPort":80,
            "advancedConfiguration":\(Bench.advanced)}
            """
        let hook = #"{"targetType":"PERSON","lifecycleStages":["PRE_SCALE_UP"]}"#
        for (strategy, balancers, hooks) in [
            ("CANARY", plain, ""), ("BLUE_GREEN", plain, ""), ("BLUE_GREEN", plain + "," + paired, ""),
            ("BLUE_GREEN", paired, #","lifecycleHooks":[\#(hook)]"#),
        ] {
            // First as an update of a service that rolls, then as a creation.
            let deployment = #""deploymentConfiguration":{"strategy":"\#(strategy)"\#(hooks)}"#
            let update = #"{"service":"web",\#(deployment),"loadBalancers":[\#(balancers)]}"#
            said.refused("UpdateService", try bench.refusal("UpdateService", update))
        }
    }

    /// What only the wire says: servers that are busy, callers that may not.
    static func faults(_ said: inout Said) throws {
        for (operation, fault) in [("CreateService", Fault.serverError(status: 503)), ("UpdateService", .accessDenied)]
        {
            var configuration = LocalECS.Configuration()
            configuration.scenario.faults = [FaultRule(operation, .always, fault)]
            var ecs = LocalECS(configuration: configuration, seed: 1)
            let request = WireRequest(
                method: "POST", path: "/",
                headers: [
                    ("X-Amz-Target", "AmazonEC2ContainerServiceV20141113." + operation),
                    ("Content-Type", "application/x-amz-json-1.1"),
                ], body: Array(#"{"service":"web","serviceName":"web"}"#.utf8))
            let body = try JSONReader.value(of: ecs.handle(request, at: ecs.now).body)
            said.refused(
                operation,
                APIError(code: body["__type"]?.text ?? "", message: (body["message"] ?? body["Message"])?.text ?? ""))
        }
    }
}
