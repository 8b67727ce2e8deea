import MooringShapes
import MooringTestSupport

/// Other spellings of a document, by rules written down apart from the product's tables.
struct Spelling {
    var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// Lists whose order means something, by their member. `placementConstraints` has one in task definitions only.
    private static let ordered: Set<String> = [
        "command", "entryPoint", "dnsServers", "dnsSearchDomains", "dockerSecurityOptions", "dependsOn", "extraHosts",
        "environmentFiles", "placementStrategy", "placementConstraints", "credentialSpecs", "mountOptions",
    ]
    /// Members by which elements of a list are told apart; a list in which two share one is left in its order.
    private static let names = ["name", "key"]

    /// Members in another order, lists without an order in another one.
    mutating func shuffled(_ value: Value, member: String = "") -> Value {
        switch value.node {
        case .scalar: return value
        case .map(let members):
            var result: [Value.Member] = []
            for member in members.shuffled(using: &generator) {
                result.append(Value.Member(member.name, shuffled(member.value, member: member.name)))
            }
            return Value(.map(result))
        case .list(let elements):
            var result: [Value] = []
            for element in elements { result.append(shuffled(element)) }
            if Spelling.ordered.contains(member) || Spelling.hasTwins(elements) { return .list(result) }
            return .list(result.shuffled(using: &generator))
        }
    }

    private static func hasTwins(_ elements: [Value]) -> Bool {
        names.contains { name in
            let texts = elements.compactMap { $0[name]?.text }
            return Set(texts).count < texts.count
        }
    }

    // MARK: Defaults

    /// Every default that is known written out, empty lists and nulls added. Sources: peers.md section 2, findings.md.
    static func withDefaults(_ input: Value, isService: Bool) -> Value {
        isService ? serviceWithDefaults(input) : taskDefinitionWithDefaults(input)
    }

    private static func taskDefinitionWithDefaults(_ input: Value) -> Value {
        var output = input
        let containers = (input["containerDefinitions"]?.elements ?? []).map { container -> Value in
            var output = filling(
                container,
                [
                    "essential": true, "cpu": 0, "portMappings": [], "environment": [], "mountPoints": [],
                    "volumesFrom": [],
                    "systemControls": [], "secrets": [], "links": [], "interactive": false, "pseudoTerminal": false,
                    "user": .null,
                ])
            output["portMappings"] = mapping(output["portMappings"]) { filling($0, ["protocol": "tcp"]) }
            output["mountPoints"] = mapping(output["mountPoints"]) { filling($0, ["readOnly": false]) }
            output["volumesFrom"] = mapping(output["volumesFrom"]) { filling($0, ["readOnly": false]) }
            if let check = output["healthCheck"], check.members?.isEmpty == false {
                output["healthCheck"] = filling(check, ["interval": 30, "timeout": 5, "retries": 3])
            }
            return output
        }
        output["containerDefinitions"] = .list(containers)
        output = filling(output, ["volumes": [], "placementConstraints": [], "pidMode": .null])
        output["volumes"] = mapping(output["volumes"]) { volume in
            var volume = (volume.members ?? []).count == 1 ? filling(volume, ["host": .map([])]) : volume
            if let efs = volume["efsVolumeConfiguration"] {
                volume["efsVolumeConfiguration"] = filling(efs, ["rootDirectory": "/"])
            }
            if let docker = volume["dockerVolumeConfiguration"] {
                volume["dockerVolumeConfiguration"] = filling(
                    docker, ["scope": "task", "driver": "local", "autoprovision": false])
            }
            return volume
        }
        return output
    }

    private static func serviceWithDefaults(_ input: Value) -> Value {
        let isDaemon = input["schedulingStrategy"]?.text == "DAEMON"
        var output = filling(
            input,
            [
                "schedulingStrategy": "REPLICA", "deploymentController": ["type": "ECS"], "placementStrategy": [],
                "serviceRegistries": [], "placementConstraints": [], "enableECSManagedTags": false,
                "enableExecuteCommand": false, "propagateTags": "NONE", "deploymentConfiguration": .map([]),
                "role": .null,
            ])
        if input["launchType"]?.text == "FARGATE" { output = filling(output, ["platformVersion": "LATEST"]) }
        let configuration = output["deploymentConfiguration"] ?? .map([])
        output["deploymentConfiguration"] = filling(
            configuration,
            [
                "maximumPercent": isDaemon ? 100 : 200, "minimumHealthyPercent": isDaemon ? 0 : 100,
                "strategy": "ROLLING",
                "bakeTimeInMinutes": 0, "deploymentCircuitBreaker": ["enable": false, "rollback": false],
            ])
        if let network = output["networkConfiguration"]?["awsvpcConfiguration"] {
            output["networkConfiguration"] = .map([
                ("awsvpcConfiguration", filling(network, ["assignPublicIp": "DISABLED", "securityGroups": []]))
            ])
        }
        output["capacityProviderStrategy"] = mapping(output["capacityProviderStrategy"]) {
            filling($0, ["weight": 0, "base": 0])
        }
        return output
    }

    private static func filling(_ map: Value, _ defaults: Value) -> Value {
        var output = map
        for member in defaults.members ?? [] where output[member.name] == nil { output[member.name] = member.value }
        return output
    }

    private static func mapping(_ list: Value?, _ change: (Value) -> Value) -> Value? {
        list.map { list in list.elements.map { .list($0.map(change)) } ?? list }
    }

    // MARK: Units and types

    /// Sizes in their other unit, numbers as texts.
    static func otherwiseTyped(_ input: Value) -> Value {
        var output = input
        for (member, unit) in [("cpu", "vCPU"), ("memory", "GB")] {
            if let number = input[member]?.text.flatMap(Int.init) {
                output[member] = .string("\(Double(number) / 1024) \(unit)")
            }
        }
        return retyped(output)
    }

    private static func retyped(_ value: Value) -> Value {
        switch value.node {
        case .scalar(let scalar): scalar.style == .number ? .string(scalar.text) : value
        case .list(let elements): .list(elements.map(retyped))
        case .map(let members): Value(.map(members.map { Value.Member($0.name, retyped($0.value)) }))
        }
    }

    // MARK: YAML

    /// The document in YAML's block style; texts stand in quotes, so that only its structure is spelled otherwise.
    static func yaml(_ value: Value, indent: String = "") -> String {
        switch value.node {
        case .scalar: return " " + JSONWriter(.compact).text(of: value) + "\n"
        case .list(let elements) where elements.isEmpty: return " []\n"
        case .map(let members) where members.isEmpty: return " {}\n"
        case .list(let elements):
            return "\n" + elements.map { indent + "-" + yaml($0, indent: indent + "  ") }.joined()
        case .map(let members):
            return "\n"
                + members.map {
                    indent + JSONWriter(.compact).text(of: .string($0.name)) + ":"
                        + yaml($0.value, indent: indent + "  ")
                }.joined()
        }
    }
}
