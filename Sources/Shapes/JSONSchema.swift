/// Writes shapes as JSON Schema (draft-07, which editors know best), as lax as the shape engine is.
///
/// An editor must not mark what Mooring accepts: numbers and booleans may be written as texts, texts as numbers, null counts
/// as absent, and a `${variable}` may stand wherever a scalar may. Patterns of characters are left to the engine, because
/// validators differ in the regular expressions they know.
package struct JSONSchema: Sendable {
    /// How much a document must hold.
    package enum Strictness: Sendable {
        /// Everything that the API requires.
        case whole
        /// Nothing: the rest stands in a document that this one lies over.
        case overlay
    }

    private let table: ShapeTable
    private let strictness: Strictness
    /// In front of the name of a shape, where one refers to it: `#/definitions/`.
    private let prefix: String
    /// What a shape's members are for, by shape and member.
    private let describe: @Sendable (String, String) -> String?

    /// - Parameters:
    ///   - prefix: where the definitions stand in the schema.
    ///   - describe: one sentence about a member of a shape, nil where there is nothing to say.
    package init(
        _ table: ShapeTable, _ strictness: Strictness, prefix: String,
        describe: @escaping @Sendable (String, String) -> String? = { _, _ in nil },
    ) {
        self.table = table
        self.strictness = strictness
        self.prefix = prefix
        self.describe = describe
    }

    /// The schemas of all objects and lists that can be reached from the shape called `root`, by name. Scalars stand where
    /// they are used.
    package func definitions(from roots: [String]) -> [(String, Value)] {
        var found: [String: Value] = [:]
        var open = roots.compactMap(table.shape)
        while let shape = open.popLast() {
            guard found[shape.name] == nil, JSONSchema.isContainer(shape) else { continue }
            found[shape.name] = schema(of: shape)
            open += parts(of: shape)
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Where a member or an element of this shape refers to, or the schema itself.
    package func use(of shape: Shape) -> Value {
        JSONSchema.isContainer(shape) ? ["$ref": .string(prefix + shape.name)] : schema(of: shape)
    }

    /// The members of an object as `properties`; others are left to who adds some of their own.
    package func properties(of structure: Shape.Structure, named name: String) -> Value {
        .map(
            structure.members.map { member in
                (member.name, property(member, of: name))
            })
    }

    private static func isContainer(_ shape: Shape) -> Bool {
        switch shape.kind {
        case .structure, .map, .list: true
        case .string, .integer, .double, .boolean, .timestamp, .blob, .document: false
        }
    }

    private func parts(of shape: Shape) -> [Shape] {
        switch shape.kind {
        case .structure(let structure): structure.members.map { table[$0.shape] }
        case .map(_, let value): [table[value]]
        case .list(let element, _): [table[element]]
        case .string, .integer, .double, .boolean, .timestamp, .blob, .document: []
        }
    }

    // MARK: Containers

    private func schema(of shape: Shape) -> Value {
        switch shape.kind {
        case .structure(let structure): return object(structure, named: shape.name)
        case .map(_, let value):
            return ["type": ["object", "null"], "additionalProperties": use(of: table[value])]
        case .list(let element, let bounds):
            return .map(present: [
                ("type", ["array", "null"]), ("items", use(of: table[element])),
                ("minItems", bounds.minimum.flatMap { $0 > 0 ? .integer($0) : nil }),
                ("maxItems", bounds.maximum.map(Value.integer)),
            ])
        case .string(let rule): return JSONSchema.text(rule)
        case .integer(let bounds, _): return JSONSchema.number("integer", bounds)
        case .double(let bounds): return JSONSchema.number("number", bounds)
        case .boolean: return JSONSchema.flag
        case .timestamp: return ["type": ["string", "number", "null"]]
        case .blob: return ["type": ["string", "null"]]
        case .document: return .boolean(true)
        }
    }

    private func object(_ structure: Shape.Structure, named name: String) -> Value {
        let required = structure.members.filter(\.isRequired).map { Value.string($0.name) }
        return .map(present: [
            ("type", ["object", "null"]),
            ("properties", properties(of: structure, named: name)),
            ("required", strictness == .overlay || required.isEmpty ? nil : .list(required)),
            // An element of a named list can be taken out by an overlay, which says so under this member.
            ("patternProperties", strictness == .overlay ? ["^mooring$": true] : nil),
            ("additionalProperties", false),
        ])
    }

    private func property(_ member: Shape.Member, of owner: String) -> Value {
        var schema = use(of: table[member.shape])
        var sentence = describe(owner, member.name)
        if member.isDeprecated {
            sentence = (sentence.map { $0 + " " } ?? "") + "Deprecated: AWS no longer offers it."
        }
        guard let sentence else { return schema }
        // Beside a reference nothing else counts in draft-07, so the reference is put into a list of one.
        if schema["$ref"] != nil { schema = ["allOf": .list([schema])] }
        if schema.members == nil { schema = .map([]) }
        schema["description"] = .string(sentence)
        return schema
    }

    // MARK: Scalars

    /// A `${variable}` somewhere in the text.
    package static let variable = #"\$\{"#

    /// Texts, numbers and booleans; a member that is null counts as absent.
    private static let anyScalar: Value = ["string", "number", "boolean", "null"]

    private static func text(_ rule: Shape.StringRule) -> Value {
        if !rule.values.isEmpty {
            // An empty text counts as absent.
            return [
                "anyOf": [
                    ["enum": .list(rule.values.map(Value.string))],
                    ["type": ["string", "null"], "pattern": .string("^$|" + variable)],
                ]
            ]
        }
        let minimum = rule.bounds.minimum.flatMap { $0 > 0 ? $0 : nil }
        guard minimum != nil || rule.bounds.maximum != nil else { return ["type": anyScalar] }
        return [
            "type": anyScalar,
            "anyOf": [
                .map(present: [
                    ("minLength", minimum.map(Value.integer)), ("maxLength", rule.bounds.maximum.map(Value.integer)),
                ]),
                ["type": "string", "pattern": .string(variable)],
            ],
        ]
    }

    private static func number(_ type: String, _ bounds: Shape.Bounds) -> Value {
        .map(present: [
            ("type", .list([.string(type), "string", "null"])),
            ("minimum", bounds.minimum.map(Value.integer)), ("maximum", bounds.maximum.map(Value.integer)),
            ("pattern", .string(#"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$|"# + variable)),
        ])
    }

    /// `true` and `false`, and the words that YAML 1.1 takes for them.
    package static let flag: Value = [
        "type": ["boolean", "string", "null"],
        "pattern": .string(
            "^([Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF|[YyNn])$|" + variable),
    ]
}
