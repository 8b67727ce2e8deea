import MooringShapes

extension Leaf {
    /// The one spelling of what `value` says, nil where it is no scalar.
    func spelling(of value: Value) -> String? {
        guard let text = value.text else { return nil }
        switch kind {
        case .text, .flag, .role, .namespace:
            return Leaf.plainSpelling(of: value)
        case .number: return Leaf.numberSpelling(text) ?? text
        case .processorUnits: return Leaf.quantity(text, unit: "vcpu") ?? text
        case .memorySize: return Leaf.quantity(text, unit: "gb") ?? text
        case .placementField:
            let lowered = text.lowercased()
            return lowered == "host" ? "instanceid" : lowered
        }
    }

    /// What a person is shown for `value`: sizes in ECS's own units, everything else as it was written.
    func shown(_ value: Value) -> Value {
        switch kind {
        case .processorUnits, .memorySize: spelling(of: value).map(Value.string) ?? value
        case .text, .number, .flag, .role, .namespace, .placementField: value
        }
    }

    /// A value of this member's type.
    func value(of text: String) -> Value {
        switch kind {
        case .number: Value(.scalar(Scalar(text: text, style: .number)))
        case .flag: Value(.scalar(Scalar(text: text, style: .boolean)))
        case .text, .processorUnits, .memorySize, .role, .namespace, .placementField: .string(text)
        }
    }

    /// Whether two spellings name the same thing.
    func areSame(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        switch kind {
        case .role: return Leaf.namesSameRole(left, right) || Leaf.namesSameRole(right, left)
        case .namespace: return Leaf.mayNameSameNamespace(left, right) || Leaf.mayNameSameNamespace(right, left)
        case .text, .number, .flag, .processorUnits, .memorySize, .placementField: return false
        }
    }

    /// Numbers in one spelling, everything else as it stands: `1`, `1.0` and `1e0` are one number.
    static func plainSpelling(of value: Value) -> String? {
        guard let scalar = value.scalar, scalar.style != .null else { return nil }
        return scalar.style == .number ? numberSpelling(scalar.text) ?? scalar.text : scalar.text
    }

    /// The shortest spelling of a number, nil for any other text.
    static func numberSpelling(_ text: String) -> String? {
        if let number = Int(text) { return String(number) }
        guard let number = Double(text), number.isFinite else { return nil }
        return Value.double(number).text
    }

    /// `1 vCPU` is 1024 CPU units and `2 GB` is 2048 MiB; digits alone are the unit itself. ECS answers in digits.
    ///
    /// Source: API reference, RegisterTaskDefinition `cpu` and `memory`.
    private static func quantity(_ text: String, unit: String) -> String? {
        let lowered = text.lowercased().filter { $0 != " " }
        guard lowered.hasSuffix(unit) else { return numberSpelling(lowered) }
        guard let number = Double(lowered.dropLast(unit.count)), number.isFinite, abs(number) < 1e9 else { return nil }
        return Value.double(number * 1024).text
    }

    /// ECS answers a role given by its name with the ARN. A path may stand before the name in either.
    private static func namesSameRole(_ name: String, _ arn: String) -> Bool {
        guard !name.hasPrefix("arn:"), let resource = resource(of: arn, kind: "role/") else { return false }
        return resource == name || resource.hasSuffix("/" + name)
    }

    /// ECS answers a namespace given by its name with an ARN that holds only the id. A name and an ARN can therefore
    /// not be told apart from here and count as the same, else every pass would find the difference again; two names,
    /// two ids or two ARNs can.
    private static func mayNameSameNamespace(_ name: String, _ arn: String) -> Bool {
        guard !name.hasPrefix("arn:"), let resource = resource(of: arn, kind: "namespace/") else { return false }
        return name.hasPrefix("ns-") ? resource == name : true
    }

    /// What stands behind `kind` in the resource part of an ARN; nil for any other text.
    private static func resource(of arn: String, kind: String) -> Substring? {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[5].hasPrefix(kind) else { return nil }
        return parts[5].dropFirst(kind.count)
    }
}
