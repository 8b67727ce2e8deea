import MooringShapes
import MooringSimulator

/// What a template declared and what CloudFormation read back: real, but through its handler, which speaks in capitals, fills in
/// empty lists of its own, and leaves members out. So only what it read back is compared, without what is empty.
extension FidelityStage {
    /// The recorded half, spelt as the API spells it; nil where the resource has none in ECS.
    static func cloudFormation(_ recording: Recording) throws -> (recorded: Value, ours: Value)? {
        let kind = recording.path.split(separator: "_").map(String.init)
        let declared = apiSpelling(recording.answer["resource"]?["declared"] ?? [:])
        let live = withoutEmpties(apiSpelling(recording.answer["liveRaw"] ?? [:]))
        let types = [
            "TaskDefinition.", "Service.", "Cluster.", "TaskSet.", "CapacityProvider.",
            "ClusterCapacityProviderAssociations.",
        ]
        guard let type = kind.first(where: { types.contains(where: $0.hasPrefix) }) else { return nil }
        // The recorded DAEMON wanted no task: its cluster had no instances.
        var stage = FidelityStage(recording, instances: live["desiredCount"]?.integer == 0 ? 0 : 1)
        let ours: Value
        var recorded = live.without(["tags"])
        if type.hasPrefix("TaskDefinition.") {
            let arn = live["taskDefinitionArn"]?.text ?? ""
            // CloudFormation may name the family itself.
            let answer = try stage.register(arn, content: declared.without(["tags"]))
            ours = answer["taskDefinition"] ?? [:]
        } else if type.hasPrefix("Service.") {
            ours = try stage.service(declared, live)
            recorded = live.without(["cluster", "name", "tags"])
            recorded["roleArn"] = recorded["role"]
            recorded["role"] = nil
            recorded["placementStrategy"] = recorded["placementStrategies"]
            recorded["placementStrategies"] = nil
        } else if type.hasPrefix("TaskSet.") {
            ours = try taskSet(recording, like: declared)
            recorded = recorded.without(["cluster", "service"])
        } else if type.hasPrefix("CapacityProvider.") {
            ours = try stage.capacityProvider(declared)
        } else if type.hasPrefix("ClusterCapacityProviderAssociations.") {
            ours = try stage.association(declared)
            recorded = recorded.without(["cluster"])
        } else {
            ours = try stage.cluster(declared, live)
            recorded["clusterArn"] = recorded["arn"]
            recorded = recorded.without(["arn", "tags"])
            recorded["settings"] = recorded["clusterSettings"]
            recorded["clusterSettings"] = nil
        }
        return (recorded, restricted(withoutEmpties(ours), to: recorded))
    }

    private mutating func service(_ declared: Value, _ live: Value) throws -> Value {
        let cluster = try cluster(arn: live["cluster"]?.text)
        let arn = declared["taskDefinition"]?.text ?? ""
        let definition = FidelityStage.definition(for: live, family: "")
        try register(arn, content: definition)
        var create = declared.without(["tags"])
        create["cluster"] = .string(cluster)
        create["serviceName"] = live["serviceName"]
        try call("CreateService", create)
        wait(seconds: 120)
        let answer = try call(
            "DescribeServices", .map([("cluster", .string(cluster)), ("services", [live["serviceName"] ?? ""])]))
        return answer["services"]?[0] ?? [:]
    }

    private mutating func cluster(_ declared: Value, _ live: Value) throws -> Value {
        var create = declared.without(["tags", "clusterSettings"])
        create["settings"] = declared["clusterSettings"]
        create["clusterName"] = live["clusterName"]
        try call("CreateCluster", create)
        let answer = try call(
            "DescribeClusters",
            .map([("clusters", [live["clusterName"] ?? ""]), ("include", ["SETTINGS", "CONFIGURATIONS"])]))
        return answer["clusters"]?[0] ?? [:]
    }

    // MARK: Spelling

    /// Maps whose keys are a user's own.
    private static let free = ["DockerLabels", "Options", "DriverOpts", "Labels"]

    private static func apiSpelling(_ value: Value) -> Value {
        switch value.node {
        case .scalar: return value
        case .list(let elements): return .list(elements.map(apiSpelling))
        case .map(let members):
            return .map(
                members.map { member in
                    (apiSpelling(member.name), free.contains(member.name) ? member.value : apiSpelling(member.value))
                })
        }
    }

    private static func apiSpelling(_ name: String) -> String {
        let special = [
            "AwsVpcConfiguration": "awsvpcConfiguration", "EFSVolumeConfiguration": "efsVolumeConfiguration",
            "ManagedEBSVolume": "managedEBSVolume",
        ]
        return special[name] ?? name.prefix(1).lowercased() + name.dropFirst()
    }

    private static func withoutEmpties(_ value: Value) -> Value {
        switch value.node {
        case .scalar: return value
        case .list(let elements): return .list(elements.map(withoutEmpties))
        case .map(let members):
            let kept = members.map { ($0.name, withoutEmpties($0.value)) }
            // `host {}` of a volume says something, in CloudFormation as in ECS.
            return .map(kept.filter { $0.0 == "host" || !$0.1.isEmptyCollection })
        }
    }

    /// Ours without members that the recording does not have: CloudFormation's schema leaves many out.
    private static func restricted(_ ours: Value, to recorded: Value) -> Value {
        switch (ours.node, recorded.node) {
        case (.map(let members), .map):
            return .map(
                members.compactMap { member in
                    recorded[member.name].map { (member.name, restricted(member.value, to: $0)) }
                })
        case (.list(let elements), .list(let others)):
            // The members of all elements together: their order may differ.
            let all = Value(
                .map(
                    others.flatMap { $0.members ?? [] }.reduce(into: []) { members, member in
                        if !members.contains(where: { $0.name == member.name }) { members.append(member) }
                    }))
            guard elements.contains(where: { $0.members != nil }) else { return ours }
            return .list(elements.map { restricted($0, to: all) })
        default: return ours
        }
    }
}
