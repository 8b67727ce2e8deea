import MooringShapes

/// Lays a document over another one.
///
/// Maps merge. Lists whose elements the API knows by name merge by it; other lists are replaced as a whole. `null` removes a
/// member of the base, and `mooring: {remove: true}` in an element removes that element.
struct OverlayMerge {
    let table: ShapeTable
    /// What a scalar says once its variables are replaced: by that, elements are told apart.
    let text: (Value) -> String?
    private(set) var findings: [ShapeFinding] = []

    init(table: ShapeTable, text: @escaping (Value) -> String?) {
        self.table = table
        self.text = text
    }

    /// - Parameter shape: what both are in the API model; nil where it does not say.
    mutating func merge(_ over: Value, onto base: Value, as shape: Shape?) -> Value {
        switch (over.node, base.node) {
        case (.map(let members), .map(let below)):
            return Value(.map(merge(members, onto: below, as: shape)), position: over.position)
        case (.list(let elements), .list(let below)):
            guard let shape, case .list(let element, _) = shape.kind, let identity = ListIdentity.ofList(shape.name)
            else {
                return over
            }
            return Value(
                .list(merge(elements, onto: below, known: identity, as: table[element])), position: over.position)
        default: return over
        }
    }

    private mutating func merge(
        _ members: [Value.Member], onto base: [Value.Member], as shape: Shape?,
    ) -> [Value.Member] {
        var merged: [Value.Member?] = base
        var indices: [String: Int] = [:]
        for (index, member) in base.enumerated() { indices[member.name] = index }
        for member in members {
            guard let index = indices[member.name], let below = merged[index] else {
                merged.append(member)
                continue
            }
            if member.value.isNull {
                merged[index] = nil
            } else {
                let value = merge(member.value, onto: below.value, as: self.shape(of: member.name, in: shape))
                merged[index] = Value.Member(member.name, value, position: member.position)
            }
        }
        return merged.compactMap { $0 }
    }

    private func shape(of member: String, in shape: Shape?) -> Shape? {
        switch shape?.kind {
        case .structure(let structure): structure[member].map { table[$0.shape] }
        case .map(_, let value): table[value]
        default: nil
        }
    }

    private mutating func merge(
        _ elements: [Value], onto base: [Value], known identity: ListIdentity, as shape: Shape,
    ) -> [Value] {
        var merged: [Value?] = base
        var indices: [String: Int] = [:]
        for (index, element) in base.enumerated() {
            guard let name = identity.text(of: element, reading: text), indices[name] == nil else { continue }
            indices[name] = index
        }
        for element in elements {
            let name = identity.text(of: element, reading: text)
            let index = name.flatMap { indices[$0] }
            if element["mooring"]?["remove"]?.text == "true" {
                if let index {
                    merged[index] = nil
                } else {
                    reportNothingToRemove(name ?? "", known: indices, position: element.position)
                }
            } else if let index, let below = merged[index] {
                merged[index] = merge(element, onto: below, as: shape)
            } else {
                merged.append(element)
            }
        }
        return merged.compactMap { $0 }
    }

    private mutating func reportNothingToRemove(_ name: String, known: [String: Int], position: SourcePosition?) {
        // Each costs a look at all the others; beyond the bound nobody would read it.
        guard findings.count < Limits.findingsPerRule else { return }
        let suggestion = name.didYouMean(known.keys.sorted())
        findings.append(
            ShapeFinding(
                severity: .error, rule: "nothing-to-remove",
                message: "The base has no '\(name.shortened)' here that could be removed.\(suggestion)",
                position: position, memberPath: ""))
    }
}
