import MooringShapes

/// Turns what ECS describes into what a person would have written: without nulls, empty members and values that say no more
/// than their absence, in the order in which the API lists its members.
///
/// What counts as a default is said by the same tables as for the difference, so that a plan of the result is empty. A
/// member that the API's input does not have is left out.
struct ManifestForm {
    /// The shapes of the inputs.
    let table: ShapeTable
    /// What the document's defaults depend on.
    let context: RuleContext

    /// For the parts of `document`.
    init(of document: Value, table: ShapeTable = .ecs) {
        self.table = table
        context = RuleContext(of: document)
    }

    /// What is said by being there, whatever is inside: without it a volume is one of the host.
    private static let meaningfulPresence: Set<String> = ["dockerVolumeConfiguration"]

    /// The whole document as the input called `shape`.
    func document(_ value: Value, by rules: [String: Rule], as shape: String) -> Value {
        form(of: value, by: .structure(rules), as: table.shape(shape)) ?? .map([])
    }

    /// The form of `value`, nil where it says no more than absence does.
    private func form(of value: Value, by rule: Rule, as shape: Shape?, beside siblings: Value = .map([])) -> Value? {
        if value.isNull { return nil }
        switch (rule, value.node) {
        case (.leaf(let leaf), .scalar):
            guard let text = leaf.spelling(of: value) else { return nil }
            return leaf.folding?.folds(text, in: context, beside: siblings) == true ? nil : value
        case (.structure(let rules), .map): return structure(value, by: rules, as: shape)
        case (.ordered(let rule, _), .list(let elements)), (.unordered(let rule), .list(let elements)),
            (.named(_, let rule), .list(let elements)):
            return list(elements, by: rule, as: shape)
        case (.keyed(let name, let content), .list(let elements)):
            let pairs = CanonicalForm.lastByName(elements, name: name)
            return pairs.isEmpty ? nil : .list(pairs.map { pair($0, name: name, content: content, as: shape) })
        case (.free, .map(let members)):
            let kept = members.filter { !$0.value.isNull }
            return kept.isEmpty ? nil : Value(.map(kept))
        default: return unknown(value, as: shape)
        }
    }

    private func structure(_ value: Value, by rules: [String: Rule], as shape: Shape?) -> Value? {
        guard case .structure(let known)? = shape?.kind else { return unknown(value, as: shape) }
        var members: [Value.Member] = []
        var speaks = false
        for member in known.members {
            guard let content = value[member.name], !content.isNull else { continue }
            let rule = rules[member.name] ?? .unknown
            if let form = form(of: content, by: rule, as: table[member.shape], beside: value) {
                members.append(Value.Member(member.name, form))
                speaks = true
            } else if ManifestForm.meaningfulPresence.contains(member.name) {
                members.append(Value.Member(member.name, content))
                speaks = true
            } else if member.isRequired {
                members.append(Value.Member(member.name, content))
            }
        }
        return speaks ? Value(.map(members)) : nil
    }

    private func list(_ elements: [Value], by rule: Rule, as shape: Shape?) -> Value? {
        let element = elementShape(of: shape)
        return elements.isEmpty
            ? nil : .list(elements.map { form(of: $0, by: rule, as: element) ?? unknown($0, as: element) ?? $0 })
    }

    /// A name and its value, which is written even where it is empty.
    private func pair(_ value: Value, name: String, content: String, as shape: Shape?) -> Value {
        let others = (value.members ?? []).filter { ![name, content].contains($0.name) && !$0.value.isNull }
        let element = elementShape(of: shape)
        var members = [name, content].compactMap { key in value[key].map { Value.Member(key, $0) } }
        if case .structure(let known)? = element?.kind { members += others.filter { known[$0.name] != nil } }
        return Value(.map(members))
    }

    /// Without nulls, empty members and what the input does not have; nil where nothing is left.
    private func unknown(_ value: Value, as shape: Shape?) -> Value? {
        switch value.node {
        case .scalar: return value.isNull ? nil : value
        case .list(let elements):
            let element = elementShape(of: shape)
            return elements.isEmpty ? nil : .list(elements.map { unknown($0, as: element) ?? $0 })
        case .map(let members):
            var kept: [Value.Member] = []
            if case .structure(let known)? = shape?.kind {
                for member in known.members {
                    guard let content = value[member.name].flatMap({ unknown($0, as: table[member.shape]) }) else {
                        continue
                    }
                    kept.append(Value.Member(member.name, content))
                }
            } else {
                kept = members.filter { !$0.value.isNull }
            }
            return kept.isEmpty ? nil : Value(.map(kept))
        }
    }

    private func elementShape(of shape: Shape?) -> Shape? {
        guard case .list(let element, _)? = shape?.kind else { return nil }
        return table[element]
    }
}
