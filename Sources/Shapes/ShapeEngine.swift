/// Gives a tree the types that the API wants, and says everything that is wrong with it.
///
/// A reader never decides what `NO`, `1.10` or `022` is: where the member is a string they stay what the text says, where it
/// is a number or a boolean they are read as one or refused. Members the table does not know are passed through, because
/// AWS adds members faster than anyone updates a table.
package struct ShapeEngine: Sendable {
    private let table: ShapeTable

    package init(_ table: ShapeTable) { self.table = table }

    /// Reads `value` as `shape`.
    ///
    /// - Returns: the value with every scalar typed and nulls left out, and all findings at once, in the order of the
    ///   document. Where a finding is an error, its part of the value is as it was.
    package func coerce(_ value: Value, to shape: Shape) -> (value: Value, findings: [ShapeFinding]) {
        var pass = CoercionPass(table: table)
        let coerced = pass.coerce(value, to: shape) ?? Value(.map([]), position: value.position)
        pass.reportNulls()
        return (coerced, pass.findings)
    }
}

extension ShapeTable {
    /// Reads `value` as the shape called `name`; nil where the table has no such shape.
    package func coerce(_ value: Value, to name: String) -> (value: Value, findings: [ShapeFinding])? {
        shape(name).map { ShapeEngine(self).coerce(value, to: $0) }
    }
}

/// One walk over a tree.
struct CoercionPass {
    let table: ShapeTable
    private(set) var findings: [ShapeFinding] = []
    private var path = MemberPath()
    /// Members that are null, in the order of the document.
    private var nulls: [(path: String, position: SourcePosition?)] = []

    init(table: ShapeTable) { self.table = table }

    /// The typed value; nil where it counts as absent.
    mutating func coerce(_ value: Value, to shape: Shape) -> Value? {
        switch shape.kind {
        case .structure(let structure): return object(value, shape: shape, structure: structure)
        case .map(_, let element): return map(value, element: table[element])
        case .list(let element, let bounds): return list(value, element: table[element], bounds: bounds)
        case .document: return Scalar.withResolvedTypes(value)
        case .string, .integer, .double, .boolean, .timestamp, .blob:
            guard case .scalar(let scalar) = value.node else {
                report(
                    .error, "wrong-container", at: value.position,
                    "\(subject) takes \(shape.kind.phrase), not \(value.phrase).")
                return value
            }
            guard let typed = self.scalar(scalar, shape: shape, position: value.position) else { return nil }
            return Value(.scalar(typed), position: value.position)
        }
    }

    // MARK: Containers

    private mutating func object(_ value: Value, shape: Shape, structure: Shape.Structure) -> Value? {
        guard case .map(let members) = value.node else {
            report(
                .error, "wrong-container", at: value.position,
                "\(subject) takes an object, not \(value.phrase)."
                    + (value.elements == nil ? "" : " Take the object out of the list."))
            return value
        }
        var typed: [Value.Member] = []
        for member in members {
            path.enter(.member(member.name))
            if let known = structure[member.name] {
                if let value = self.member(member, known: known) { typed.append(member.with(value)) }
            } else {
                reportUnknown(member, shape: shape, structure: structure, present: members)
                typed.append(member.with(Scalar.withResolvedTypes(member.value)))
            }
            path.leave()
        }
        for known in structure.members where known.isRequired && !typed.contains(where: { $0.name == known.name }) {
            path.enter(.member(known.name))
            let owner = path.parentText
            report(
                .error, "missing-member", at: value.position,
                "\(owner.isEmpty ? "The document" : owner) has no '\(known.name)', which the API requires. Add it.")
            path.leave()
        }
        if structure.isUnion, typed.count > 1 {
            report(
                .error, "more-than-one-member", at: value.position,
                "\(subject) takes only one of its members, not "
                    + typed.map { "'\($0.name)'" }.joined(separator: " and ") + ".")
        }
        return Value(.map(typed), position: value.position)
    }

    private mutating func member(_ member: Value.Member, known: Shape.Member) -> Value? {
        if member.value.isNull {
            nulls.append((path.text, member.position))
            return nil
        }
        if known.isDeprecated {
            report(
                .warning, "deprecated-member", at: member.position,
                "\(subject) is deprecated: AWS says the feature is no longer available.")
        }
        return coerce(member.value, to: table[known.shape])
    }

    private mutating func reportUnknown(
        _ member: Value.Member, shape: Shape, structure: Shape.Structure, present: [Value.Member],
    ) {
        // A suggestion costs more than the rest of the member; beyond the bound nobody would see it.
        guard findings.count <= Limits.findingsPerDocument else { return }
        let free = structure.members.lazy.map(\.name).filter { name in !present.contains { $0.name == name } }
        let suggestion = Suggestion.nearest(to: member.name, among: free).map { " Did you mean '\($0)'?" } ?? ""
        report(
            .warning, "unknown-member", at: member.position,
            "'\(member.name.shortened)' is no member of \(shape.name) that the API model (\(table.source)) knows; "
                + "it is passed on as it is.\(suggestion)")
    }

    private mutating func map(_ value: Value, element: Shape) -> Value? {
        guard case .map(let members) = value.node else {
            let hint =
                value.elements == nil ? "" : " Write the pairs as members: 'name: value', not as a list of objects."
            report(
                .error, "wrong-container", at: value.position,
                "\(subject) takes an object of names and values, not \(value.phrase).\(hint)")
            return value
        }
        var typed: [Value.Member] = []
        for member in members {
            path.enter(.key(member.name))
            if member.value.isNull {
                report(
                    .warning, "null-member", at: member.position,
                    "\(subject) is null and counts as absent. Write \"\" for an empty text.")
            } else if let value = coerce(member.value, to: element) {
                typed.append(member.with(value))
            }
            path.leave()
        }
        return Value(.map(typed), position: value.position)
    }

    private mutating func list(_ value: Value, element: Shape, bounds: Shape.Bounds) -> Value? {
        guard case .list(let elements) = value.node else {
            report(
                .error, "wrong-container", at: value.position,
                "\(subject) takes a list, not \(value.phrase). " + listHint(for: value, element: element))
            return value
        }
        var typed: [Value] = []
        for (index, item) in elements.enumerated() {
            path.enter(.index(index))
            if item.isNull {
                report(.error, "null-element", at: item.position, "\(subject) is empty. Remove it or give it a value.")
            } else if let value = coerce(item, to: element) {
                typed.append(value)
            }
            path.leave()
        }
        check(count: typed.count, in: bounds, unit: "elements", rule: "wrong-count", position: value.position)
        return Value(.list(typed), position: value.position)
    }

    /// How the list is written. Pairs as an object are what Compose and Kubernetes have.
    private func listHint(for value: Value, element: Shape) -> String {
        if case .structure(let structure) = element.kind, value.members != nil, structure["name"] != nil,
            structure["value"] != nil || structure["valueFrom"] != nil
        {
            return
                "Write each pair as an element: '- {name: NAME, \(structure["value"] != nil ? "value" : "valueFrom"): VALUE}'."
        }
        return "Write it as a list: in YAML with '- ' before each element, in JSON within [ ]."
    }

    // MARK: Findings

    /// One remark for all: other tools write every member they know, most of them as null.
    mutating func reportNulls() {
        guard let first = nulls.first else { return }
        let named = nulls.prefix(Limits.namedNulls).map(\.path).joined(separator: ", ")
        let more = nulls.count > Limits.namedNulls ? " and \(nulls.count - Limits.namedNulls) more" : ""
        findings.append(
            ShapeFinding(
                severity: .remark, rule: "null-member",
                message: "\(named)\(more) \(nulls.count == 1 ? "is null and counts" : "are null and count") as absent.",
                position: first.position, memberPath: first.path))
    }

    /// What the value is called in sentences.
    var subject: String { path.isEmpty ? "The document" : path.text }

    mutating func report(_ severity: Severity, _ rule: String, at position: SourcePosition?, _ message: String) {
        if findings.count > Limits.findingsPerDocument { return }
        if findings.count == Limits.findingsPerDocument {
            findings.append(
                ShapeFinding(
                    severity: severity, rule: "too-many-findings",
                    message: "There is more to say about this document than \(Limits.findingsPerDocument) findings. "
                        + "Mend these first.",
                    position: position, memberPath: ""))
            return
        }
        findings.append(
            ShapeFinding(severity: severity, rule: rule, message: message, position: position, memberPath: path.text))
    }

    mutating func check(count: Int, in bounds: Shape.Bounds, unit: String, rule: String, position: SourcePosition?) {
        if count < bounds.minimum ?? .min || count > bounds.maximum ?? .max {
            report(.error, rule, at: position, "\(subject) has \(count) \(unit); the API takes \(bounds.phrase).")
        }
    }
}

extension Value.Member {
    /// The same member with another value.
    func with(_ value: Value) -> Value.Member { Value.Member(name, value, position: position) }
}

/// The way from the root of a document to a value.
struct MemberPath {
    enum Component {
        /// A member that the API names.
        case member(String)
        /// A member whose name is free.
        case key(String)
        case index(Int)
    }

    private var components: [Component] = []

    var isEmpty: Bool { components.isEmpty }
    var text: String { MemberPath.text(of: components[...]) }
    var parentText: String { MemberPath.text(of: components.dropLast()) }

    mutating func enter(_ component: Component) { components.append(component) }
    mutating func leave() { components.removeLast() }

    private static func text(of components: ArraySlice<Component>) -> String {
        var text = ""
        for component in components {
            switch component {
            case .member(let name): text += (text.isEmpty ? "" : ".") + name
            case .key(let name): text += "[\(name)]"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}
