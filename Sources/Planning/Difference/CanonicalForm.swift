import MooringShapes

/// The one form of an input that all its spellings share: nulls, empty members and written-out defaults removed,
/// units and numbers in one spelling, lists without an order sorted.
///
/// Defaults are removed rather than filled in, so that a default the tables learn later changes the form of those
/// documents only that write it out.
struct CanonicalForm {
    /// What the document's defaults depend on.
    let context: RuleContext

    /// For the parts of `document`.
    init(of document: Value) { context = RuleContext(of: document) }

    /// The form of `value`, nil where it says no more than absence does.
    func form(of value: Value, by rule: Rule, beside siblings: Value = .map([])) -> Value? {
        if value.isNull { return nil }
        switch (rule, value.node) {
        case (.leaf(let leaf), .scalar): return form(of: value, by: leaf, beside: siblings)
        case (.structure(let rules), .map(let members)):
            return nonEmpty(
                members.compactMap { member in
                    form(of: member.value, by: rules[member.name] ?? .unknown, beside: value)
                        .map { Value.Member(member.name, $0) }
                })
        case (.ordered(let rule, _), .list(let elements)):
            return nonEmpty(elements.map { element($0, by: rule) })
        case (.unordered(let rule), .list(let elements)):
            return nonEmpty(sorted(elements.map { element($0, by: rule) }))
        case (.named(let identity, let rule), .list(let elements)):
            return nonEmpty(sorted(elements.map { element($0, by: rule) }, by: identity))
        case (.keyed(let name, let value), .list(let elements)):
            let pairs = CanonicalForm.lastByName(elements, name: name)
            let rule = Rule.pair(name: name, value: value)
            return nonEmpty(sorted(pairs.map { element($0, by: rule) }, by: Identity(name)))
        // A value of another type than the table expects is a member whose type AWS changed: taken as it stands.
        default: return form(ofUnknown: value)
        }
    }

    /// The form of an element of a list: it keeps its place even where nothing is left of it.
    func element(_ value: Value, by rule: Rule) -> Value { form(of: value, by: rule) ?? .map([]) }

    private func form(of value: Value, by leaf: Leaf, beside siblings: Value) -> Value? {
        guard let text = leaf.spelling(of: value) else { return nil }
        if let folding = leaf.folding, folding.folds(text, in: context, beside: siblings) { return nil }
        switch leaf.kind {
        // Members of unexpected type keep it: `"256"` and `256` are told apart only where the tables do not say which.
        case .number: return Leaf.numberSpelling(text) == nil ? .string(text) : leaf.value(of: text)
        case .flag: return text == "true" || text == "false" ? leaf.value(of: text) : .string(text)
        case .text, .processorUnits, .memorySize, .role, .namespace, .placementField: return .string(text)
        }
    }

    private func form(ofUnknown value: Value) -> Value? {
        switch value.node {
        case .scalar(let scalar):
            guard let text = Leaf.plainSpelling(of: value) else { return nil }
            return Value(.scalar(Scalar(text: text, style: scalar.style == .plain ? .string : scalar.style)))
        case .list(let elements): return nonEmpty(elements.map { element($0, by: .unknown) })
        case .map(let members):
            return nonEmpty(
                members.compactMap { member in
                    form(ofUnknown: member.value).map { Value.Member(member.name, $0) }
                })
        }
    }

    private func nonEmpty(_ elements: [Value]) -> Value? { elements.isEmpty ? nil : .list(elements) }
    private func nonEmpty(_ members: [Value.Member]) -> Value? { members.isEmpty ? nil : Value(.map(members)) }

    /// Elements by identity, those that share one by their content.
    func sorted(_ elements: [Value], by identity: Identity? = nil) -> [Value] {
        let writer = JSONWriter(.canonical)
        return
            elements
            .map { (key: identity?.text(of: $0) ?? "", text: writer.text(of: $0), element: $0) }
            .sorted { ($0.key, $0.text) < ($1.key, $1.text) }
            .map(\.element)
    }

    /// The last element of each name, in the order of first appearance.
    static func lastByName(_ elements: [Value], name: String) -> [Value] {
        var places: [String: Int] = [:]
        var kept: [Value] = []
        for element in elements {
            let key = element[name]?.text ?? ""
            if let place = places[key] {
                kept[place] = element
            } else {
                places[key] = kept.count
                kept.append(element)
            }
        }
        return kept
    }
}
