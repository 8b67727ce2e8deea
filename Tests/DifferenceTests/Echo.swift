import MooringShapes
import MooringTestSupport

/// What ECS answers to an input, written from published answers and independent of the product's tables.
///
/// Where nothing is known of an order, the answer is shuffled: the product must not depend on it.
enum Echo {
    // MARK: Task definitions

    static func taskDefinition(_ input: Value, using generator: inout SplitMix64) -> Value {
        var answer = input
        answer["tags"] = nil
        let mode = input["networkMode"]?.text
        answer["containerDefinitions"] = .list(
            (input["containerDefinitions"]?.elements ?? []).map { container($0, mode: mode, using: &generator) }
                .shuffled(using: &generator))
        answer["volumes"] = .list((input["volumes"]?.elements ?? []).map(volume))
        fill(&answer, "placementConstraints", [])
        if let compatibilities = answer["requiresCompatibilities"]?.elements {
            answer["requiresCompatibilities"] = .list(compatibilities.shuffled(using: &generator))
        }
        if answer["proxyConfiguration"] != nil {
            fill(&answer["proxyConfiguration"], "type", "APPMESH")
            shuffle(&answer["proxyConfiguration"], "properties", using: &generator)
        }
        for (member, text) in [("cpu", digits(input["cpu"], "vCPU")), ("memory", digits(input["memory"], "GB"))] {
            answer[member] = text.map(Value.string)
        }
        for member in ["taskRoleArn", "executionRoleArn"] {
            if let role = input[member]?.text, !role.hasPrefix("arn:") {
                answer[member] = .string("arn:aws:iam::123456789012:role/\(role)")
            }
        }
        answer["taskDefinitionArn"] = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7"
        answer["revision"] = 7
        answer["status"] = "ACTIVE"
        answer["requiresAttributes"] = [["name": "ecs.capability.task-eni"]]
        answer["compatibilities"] = ["EC2", "MANAGED_INSTANCES", "FARGATE"]
        answer["registeredAt"] = .double(1.7e9)
        answer["registeredBy"] = "arn:aws:iam::123456789012:user/me"
        // AWS began to show something that no released model knows.
        answer["memberOfNextYear"] = ["mode": "DEFAULT"]
        return Samples.shuffled(answer, using: &generator)
    }

    private static func container(_ input: Value, mode: String?, using generator: inout SplitMix64) -> Value {
        var answer = input
        fill(&answer, "cpu", 0)
        fill(&answer, "essential", true)
        for member in ["portMappings", "mountPoints", "volumesFrom", "systemControls", "environment"] {
            fill(&answer, member, [])
        }
        // Empty lists come back from CloudFormation reads for whatever was not sent.
        for member in ["links", "command", "dnsServers", "ulimits"] where generator.chance(30) {
            fill(&answer, member, [])
        }
        let ports = (answer["portMappings"]?.elements ?? []).map { mapping -> Value in
            var mapping = mapping
            fill(&mapping, "protocol", "tcp")
            if mapping["hostPort"] == nil || mapping["hostPort"]?.integer == 0 {
                let isShared = mode == "awsvpc" || mode == "host"
                mapping["hostPort"] = isShared ? mapping["containerPort"] ?? 0 : 0
            }
            return mapping
        }
        answer["portMappings"] = .list(ports.shuffled(using: &generator))
        shuffle(&answer, "volumesFrom", using: &generator)
        shuffle(&answer, "links", using: &generator)
        answer["environment"] = .list(hashOrder(answer["environment"]?.elements ?? []))
        if answer["healthCheck"] != nil {
            for (member, value) in [("interval", 30), ("timeout", 5), ("retries", 3)] {
                fill(&answer["healthCheck"], member, .integer(value))
            }
        }
        if answer["linuxParameters"] != nil {
            for member in ["tmpfs", "devices"] { fill(&answer["linuxParameters"], member, []) }
            fill(&answer["linuxParameters"], "capabilities", .map([]))
        }
        return answer
    }

    private static func volume(_ input: Value) -> Value {
        var answer = input
        if (input.members ?? []).count == 1 { answer["host"] = .map([]) }
        if answer["dockerVolumeConfiguration"] != nil {
            fill(&answer["dockerVolumeConfiguration"], "driver", "local")
            fill(&answer["dockerVolumeConfiguration"], "scope", "task")
            fill(&answer["dockerVolumeConfiguration"], "autoprovision", false)
        }
        if answer["efsVolumeConfiguration"] != nil { fill(&answer["efsVolumeConfiguration"], "rootDirectory", "/") }
        return answer
    }

    /// The order of a Java hash map, in which ECS returns `environment`.
    static func hashOrder(_ elements: [Value]) -> [Value] {
        var table = 1
        while Double(table) * 0.75 < Double(elements.count) { table *= 2 }
        func bucket(_ name: String) -> Int {
            var hash: UInt32 = 0
            for unit in name.utf16 { hash = hash &* 31 &+ UInt32(unit) }
            return Int((hash ^ (hash >> 16)) & UInt32(table - 1))
        }
        return elements.enumerated()
            .map { (bucket($0.element["name"]?.text ?? ""), $0.offset, $0.element) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map(\.2)
    }

    private static func digits(_ value: Value?, _ unit: String) -> String? {
        guard let text = value?.text else { return nil }
        guard text.hasSuffix(unit) else { return text }
        let number = Double(text.dropLast(unit.count).filter { $0 != " " }) ?? 0
        return String(Int(number * 1024))
    }

    // MARK: Services

    /// The service and its primary deployment.
    static func service(
        _ input: Value, using generator: inout SplitMix64, showsNamespaceARN: Bool = true,
    ) -> (live: Value, primary: Value) {
        var live = input
        var primary: Value = ["id": "ecs-svc/1", "status": "PRIMARY", "rolloutState": "COMPLETED"]
        for member in ["serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"] {
            primary[member] = input[member]
            live[member] = nil
        }
        if primary["serviceConnectConfiguration"]?["namespace"] != nil, showsNamespaceARN {
            primary["serviceConnectConfiguration"]?["namespace"] =
                "arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-abc"
        }
        let role = input["role"]?.text ?? "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
        live["role"] = nil
        live["roleArn"] = .string("arn:aws:iam::123456789012:role/\(role)")
        let isDaemon = input["schedulingStrategy"]?.text == "DAEMON"
        fill(&live, "schedulingStrategy", "REPLICA")
        fill(&live, "availabilityZoneRebalancing", isDaemon ? "DISABLED" : "ENABLED")
        fill(&live, "deploymentController", ["type": "ECS"])
        for member in ["loadBalancers", "serviceRegistries", "placementConstraints", "placementStrategy"] {
            fill(&live, member, [])
        }
        for member in ["loadBalancers", "placementConstraints", "capacityProviderStrategy"] {
            shuffle(&live, member, using: &generator)
        }
        fill(&live, "healthCheckGracePeriodSeconds", 0)
        fill(&live, "enableECSManagedTags", false)
        fill(&live, "enableExecuteCommand", false)
        fill(&live, "propagateTags", "NONE")
        fillStrategyAndNetwork(&live, using: &generator)
        fillDeploymentConfiguration(&live, isDaemon: isDaemon)
        live["serviceArn"] = "arn:aws:ecs:eu-west-1:123456789012:service/c/web"
        live["deployments"] = .list([primary])
        live["events"] = []
        live["desiredCount"] = 2
        return (Samples.shuffled(live, using: &generator), primary)
    }

    private static func fillStrategyAndNetwork(_ live: inout Value, using generator: inout SplitMix64) {
        if let items = live["capacityProviderStrategy"]?.elements, !items.isEmpty {
            live["capacityProviderStrategy"] = .list(
                items.map { item in
                    var item = item
                    fill(&item, "base", 0)
                    fill(&item, "weight", 0)
                    return item
                })
        }
        if live["launchType"]?.text == "FARGATE" { fill(&live, "platformVersion", "LATEST") }
        if var network = live["networkConfiguration"]?["awsvpcConfiguration"] {
            shuffle(&network, "subnets", using: &generator)
            shuffle(&network, "securityGroups", using: &generator)
            fill(&network, "assignPublicIp", "DISABLED")
            live["networkConfiguration"] = .map([("awsvpcConfiguration", network)])
        }
        live["placementStrategy"] = .list(
            (live["placementStrategy"]?.elements ?? []).map { item in
                var item = item
                if item["field"]?.text == "host" { item["field"] = "instanceId" }
                return item
            })
    }

    private static func fillDeploymentConfiguration(_ live: inout Value, isDaemon: Bool) {
        var configuration = live["deploymentConfiguration"] ?? .map([])
        fill(&configuration, "maximumPercent", isDaemon ? 100 : 200)
        fill(&configuration, "minimumHealthyPercent", isDaemon ? 0 : 100)
        fill(&configuration, "strategy", "ROLLING")
        fill(&configuration, "bakeTimeInMinutes", 0)
        var breaker = configuration["deploymentCircuitBreaker"] ?? .map([])
        fill(&breaker, "enable", false)
        fill(&breaker, "rollback", false)
        fill(&breaker, "resetOnHealthyTask", true)
        fill(&breaker, "thresholdConfiguration", ["type": "BOUNDED_PERCENT", "value": 50])
        configuration["deploymentCircuitBreaker"] = breaker
        live["deploymentConfiguration"] = configuration
    }

    // MARK: Parts

    private static func fill(_ map: inout Value, _ member: String, _ value: Value) {
        if map[member] == nil { map[member] = value }
    }

    private static func fill(_ map: inout Value?, _ member: String, _ value: Value) {
        if map?[member] == nil { map?[member] = value }
    }

    private static func shuffle(_ map: inout Value, _ member: String, using generator: inout SplitMix64) {
        if let elements = map[member]?.elements { map[member] = .list(elements.shuffled(using: &generator)) }
    }

    private static func shuffle(_ map: inout Value?, _ member: String, using generator: inout SplitMix64) {
        if let elements = map?[member]?.elements { map?[member] = .list(elements.shuffled(using: &generator)) }
    }
}
