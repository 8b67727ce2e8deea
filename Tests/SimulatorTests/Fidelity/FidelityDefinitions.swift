import MooringShapes
import MooringSimulator

/// Recordings of task definitions asked again.
extension FidelityStage {
    /// What ECS adds to a definition by itself.
    private static let outputOnly = [
        "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt",
        "registeredBy", "deregisteredAt",
    ]

    /// The request that leads to a described definition, without what ECS fills in.
    static func request(for definition: Value) -> Value {
        var request = definition.without(outputOnly)
        let sharesPorts = ["awsvpc", "host"].contains(definition["networkMode"]?.text ?? "")
        request["containerDefinitions"] = .list(
            (definition["containerDefinitions"]?.elements ?? []).map { lean($0, sharesPorts: sharesPorts) })
        for name in ["volumes", "placementConstraints"] where request[name]?.isEmptyCollection == true {
            request[name] = nil
        }
        return request
    }

    /// A container without its defaults: `findings.md` item 4.
    private static func lean(_ container: Value, sharesPorts: Bool) -> Value {
        var lean = container
        if lean["cpu"]?.integer == 0 { lean["cpu"] = nil }
        if lean["essential"]?.boolean == true { lean["essential"] = nil }
        for name in ["portMappings", "environment", "mountPoints", "volumesFrom", "systemControls"]
        where lean[name]?.isEmptyCollection == true {
            lean[name] = nil
        }
        if let mappings = lean["portMappings"]?.elements {
            lean["portMappings"] = .list(
                mappings.map { mapping in
                    var mapping = mapping
                    if sharesPorts { mapping["hostPort"] = nil }
                    if mapping["protocol"]?.text == "tcp" { mapping["protocol"] = nil }
                    return mapping
                })
        }
        if let environment = lean["environment"]?.elements {
            // Sent in another order than ECS returned it in; names that stand together (those of one bucket do) stay together.
            let half = environment.count / 2
            lean["environment"] = .list(Array(environment[half...] + environment[..<half]))
        }
        return lean
    }

    /// The answer of the local ECS to what led to this one.
    static func definitions(_ recording: Recording) throws -> Value {
        let shown = recording.answer["taskDefinition"] ?? recording.answer["taskDefinitions"]?[0] ?? [:]
        let arn = shown["taskDefinitionArn"]?.text ?? ""
        var stage = FidelityStage(recording, identity: shown["registeredBy"]?.text)
        var content = recording.registration
        let isDerived = content == nil
        content = content ?? request(for: shown)
        if isDerived, let tags = recording.answer["tags"], !tags.isEmptyCollection { content?["tags"] = tags }
        let registered = try stage.register(arn, content: content ?? [:])
        let named: Value = .map([("taskDefinition", .string(arn))])
        switch recording.operation {
        case "register-task-definition": return registered
        case "describe-task-definition":
            var request = named
            if recording.answer["tags"] != nil { request["include"] = ["TAGS"] }
            return try stage.call("DescribeTaskDefinition", request)
        case "deregister-task-definition": return try stage.call("DeregisterTaskDefinition", named)
        default:
            try stage.call("DeregisterTaskDefinition", named)
            return try stage.call("DeleteTaskDefinitions", .map([("taskDefinitions", [.string(arn)])]))
        }
    }

    /// Lists of revisions, tags of a revision, and the empty answers of tagging it.
    static func listOfDefinitions(_ recording: Recording) throws -> Value {
        var stage = FidelityStage(recording)
        let content: Value = ["containerDefinitions": [["name": "app", "image": "nginx", "memory": 64]]]
        let arns = (recording.answer["taskDefinitionArns"]?.elements ?? []).compactMap(\.text)
        // Backwards: the list is sorted, whatever came first.
        for arn in arns.reversed() { try stage.register(arn, content: content) }
        // Earlier revisions were deregistered where only the last is listed.
        for arn in arns {
            let (family, number) = revision(arn)
            for earlier in stride(from: 1, to: number, by: 1) {
                try stage.call("DeregisterTaskDefinition", ["taskDefinition": .string("\(family):\(earlier)")])
            }
        }
        return try stage.call("ListTaskDefinitions", [:])
    }

    static func tags(_ recording: Recording) throws -> Value {
        var stage = FidelityStage(recording)
        let content: Value = ["containerDefinitions": [["name": "app", "image": "nginx", "memory": 64]]]
        let origin = recording.origin
        let arn = "arn:aws:ecs:\(origin.region):\(origin.account):task-definition/c7n:1"
        try stage.register(arn, content: content)
        let resource: Value = .map([("resourceArn", .string(arn))])
        var tagging = resource
        tagging["tags"] = recording.answer["tags"] ?? [["key": "TestKey", "value": "TestValue"]]
        let tagged = try stage.call("TagResource", tagging)
        if recording.operation == "tag-resource" { return tagged }
        if recording.operation == "list-tags-for-resource" { return try stage.call("ListTagsForResource", resource) }
        var untagging = resource
        untagging["tagKeys"] = ["TestKey"]
        return try stage.call("UntagResource", untagging)
    }
}
