import MooringShapes
import MooringSimulator

/// Recordings of task sets and capacity providers asked again.
extension FidelityStage {
    static func taskSets(_ recording: Recording) throws -> Value {
        let shown = recording.answer["taskSets"]?.elements ?? []
        return .map([
            ("taskSets", .list(try shown.map { try taskSet(recording, like: $0) })), ("failures", []),
        ])
    }

    /// A task set made as this one was, described.
    static func taskSet(_ recording: Recording, like shown: Value) throws -> Value {
        var stage = FidelityStage(recording)
        // `…:task-set/cluster/service/ecs-svc/number`, or what a template says.
        let parts = (shown["taskSetArn"]?.text ?? "").split(separator: "/").map(String.init)
        let cluster = try stage.cluster(arn: parts.count > 2 ? "cluster/" + parts[1] : shown["cluster"]?.text)
        let service = parts.count > 2 ? parts[2] : shown["service"]?.text ?? "service"
        let definition = shown["taskDefinition"]?.text ?? ""
        try stage.register(definition, content: FidelityStage.definition(for: shown, family: ""))
        let named: Value = .map([("cluster", .string(cluster)), ("service", .string(service))])
        try stage.call(
            "CreateService",
            .map([
                ("cluster", .string(cluster)), ("serviceName", .string(service)), ("desiredCount", 0),
                ("deploymentController", ["type": "EXTERNAL"]),
            ]))
        var create = shown.only(["taskDefinition", "launchType", "networkConfiguration", "scale"])
        create["cluster"] = .string(cluster)
        create["service"] = .string(service)
        try stage.call("CreateTaskSet", create)
        stage.wait(seconds: 100)
        return try stage.call("DescribeTaskSets", named)["taskSets"]?[0] ?? [:]
    }

    mutating func capacityProvider(_ declared: Value) throws -> Value {
        try call("CreateCapacityProvider", declared.without(["tags"]))
        let answer = try call("DescribeCapacityProviders", .map([("capacityProviders", [declared["name"] ?? ""])]))
        return answer["capacityProviders"]?[0] ?? [:]
    }

    mutating func association(_ declared: Value) throws -> Value {
        let cluster = try cluster(arn: declared["cluster"]?.text)
        for provider in declared["capacityProviders"]?.elements ?? [] where provider.text?.hasPrefix("FARGATE") == false
        {
            try call(
                "CreateCapacityProvider",
                .map([
                    ("name", provider),
                    (
                        "autoScalingGroupProvider",
                        [
                            "autoScalingGroupArn":
                                "arn:aws:autoscaling:us-east-1:1:autoScalingGroup:x:autoScalingGroupName/x"
                        ]
                    ),
                ]))
        }
        var put = declared.only(["capacityProviders", "defaultCapacityProviderStrategy"])
        put["cluster"] = .string(cluster)
        return try call("PutClusterCapacityProviders", put)["cluster"] ?? [:]
    }
}
