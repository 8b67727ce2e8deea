import MooringModel
package import MooringShapes

/// JSON Schema for editors: completion, a red line under typing errors, a sentence about each member.
package enum ManifestSchema {
    /// Schema of a manifest. The kind is told by the members, as when it is read.
    ///
    /// A member that the API model does not know is marked, although Mooring passes it on with a warning: a typing error is
    /// more likely than a member newer than the table.
    package static var manifest: Value {
        let kinds = DocumentKind.all
        let whole = JSONSchema(.ecs, .whole, prefix: "#/definitions/", describe: MemberDescriptions.sentence)
        let overlay = JSONSchema(
            .ecs, .overlay, prefix: "#/definitions/overlay/", describe: MemberDescriptions.sentence)
        let names = kinds.map(\.shapeName)
        var definitions: [(String, Value)] = [("mooring", options)]
        definitions += kinds.map { ($0.word, root($0, whole, isOverlay: false)) }
        definitions += kinds.map { ($0.word + "Overlay", root($0, overlay, isOverlay: true)) }
        definitions += whole.definitions(from: names).filter { !names.contains($0.0) }
        definitions.append(("autoscaling", .map(scaling.definitions(from: scalingShapes))))
        definitions.append(("overlay", .map(overlay.definitions(from: names).filter { !names.contains($0.0) })))
        return .map([
            ("$schema", "http://json-schema.org/draft-07/schema#"),
            ("title", "Mooring manifest"),
            (
                "description",
                .string(
                    "A task definition, a service, a cluster or a one-off task of Amazon ECS (\(ShapeTable.ecs.source))."
                )
            ),
            ("if", isOverlay), ("then", byKind(suffix: "Overlay", otherwise: anyOverlay)),
            ("else", byKind(suffix: "", otherwise: enveloped)),
            ("definitions", .map(definitions)),
        ])
    }

    // MARK: Kinds

    /// Which definition a document is checked against.
    private static func byKind(suffix: String, otherwise: Value) -> Value {
        func reference(_ kind: DocumentKind) -> Value { ["$ref": .string("#/definitions/\(kind.word)\(suffix)")] }
        func choice(_ condition: Value, _ kind: DocumentKind, _ rest: Value) -> Value {
            ["if": condition, "then": reference(kind), "else": rest]
        }
        let isTaskDefinition: Value = ["anyOf": [has("containerDefinitions"), has("family")]]
        return choice(
            has("serviceName"), .service,
            choice(
                isTaskDefinition, .taskDefinition,
                choice(has("clusterName"), .cluster, choice(isRun, .run, otherwise))))
    }

    private static func has(_ member: String) -> Value { ["required": .list([.string(member)])] }

    private static let isOverlay: Value = [
        "required": ["mooring"], "properties": ["mooring": ["type": "object", "required": ["base"]]],
    ]

    /// What RunTask takes is a one-off task by this word alone.
    private static let isRun: Value = [
        "required": ["mooring"], "properties": ["mooring": ["type": "object", "required": ["runs"]]],
    ]

    /// An overlay that does not say what it is: the name stands in its base.
    private static let anyOverlay: Value = [
        "anyOf": .list(DocumentKind.all.map { ["$ref": .string("#/definitions/\($0.word)Overlay")] })
    ]

    /// What describe calls answer; else a document whose name is still missing.
    private static var enveloped: Value {
        func holds(_ member: String, _ type: String) -> Value {
            let isOfType: Value = ["type": .string(type)]
            return ["required": .list([.string(member)]), "properties": .map([(member, isOfType)])]
        }
        func inside(_ member: String, _ schema: Value) -> Value { ["properties": .map([(member, schema)])] }
        let service: Value = ["$ref": "#/definitions/service"]
        return [
            "if": holds("taskDefinition", "object"),
            "then": inside("taskDefinition", ["$ref": "#/definitions/taskDefinition"]),
            "else": [
                "if": holds("service", "object"), "then": inside("service", service),
                "else": [
                    "if": holds("services", "array"), "then": inside("services", ["items": service]),
                    "else": [
                        "if": holds("data", "object"), "then": true,
                        "else": .map([
                            ("type", "object"),
                            ("anyOf", .list([has("containerDefinitions"), has("serviceName"), has("clusterName")])),
                            ("properties", firstMembers),
                        ]),
                    ],
                ],
            ],
        ]
    }

    /// What an editor proposes in an empty document.
    private static let firstMembers: Value = [
        "family": ["description": "The name of a task definition."],
        "containerDefinitions": ["description": "The containers of a task definition."],
        "serviceName": ["description": "The name of a service."],
        "clusterName": ["description": "The name of a cluster."],
    ]

    private static func root(_ kind: DocumentKind, _ schema: JSONSchema, isOverlay: Bool) -> Value {
        guard case .structure(let structure)? = ShapeTable.ecs.shape(kind.shapeName)?.kind else { return true }
        var properties = schema.properties(of: structure, named: kind.shapeName)
        properties["mooring"] = described(["$ref": "#/definitions/mooring"], "What is said to Mooring, never to AWS.")
        // What is Mooring's own to say is not proposed, and is marked where somebody writes it.
        for member in RunRules.reservedMembers where kind == .run { properties[member] = nil }
        // Call-only members and those that only Describe returns are left out with a remark, and not proposed.
        let leftOut = (kind.describeOnly.sorted() + kind.callOnly.keys.sorted()).filter { structure[$0] == nil }
        let required = structure.members.filter(\.isRequired).map { Value.string($0.name) }
        return .map(present: [
            ("type", "object"),
            ("properties", properties),
            (
                "patternProperties",
                leftOut.isEmpty ? nil : .map([("^(\(leftOut.joined(separator: "|")))$", true)])
            ),
            ("required", isOverlay || required.isEmpty ? nil : .list(required)),
            ("additionalProperties", false),
        ])
    }

    /// The schema with a sentence about it.
    package static func described(_ schema: Value, _ sentence: String) -> Value {
        var schema: Value = schema["$ref"] == nil ? schema : ["allOf": .list([schema])]
        schema["description"] = .string(sentence)
        return schema
    }
}

extension DocumentKind {
    fileprivate static let all: [DocumentKind] = [.service, .taskDefinition, .cluster, .run]

    /// What the kind's definition is called.
    fileprivate var word: String {
        switch self {
        case .taskDefinition: "taskDefinition"
        case .service: "service"
        case .cluster: "cluster"
        case .run: "run"
        }
    }
}
