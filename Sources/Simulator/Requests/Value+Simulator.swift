import MooringShapes

extension Value {
    /// A time as JSON 1.1 carries it: epoch seconds with milliseconds, without trailing zeros.
    static func timestamp(_ milliseconds: Int64) -> Value {
        let (seconds, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        var text = (milliseconds < 0 ? "-" : "") + String(seconds)
        if rest != 0 {
            var fraction = String(1000 + rest).dropFirst()
            while fraction.last == "0" { fraction.removeLast() }
            text += "." + fraction
        }
        return Value(.scalar(Scalar(text: text, style: .number)))
    }

    /// The same map with `value` at `name`, put last where it is new.
    func setting(_ name: String, to value: Value?) -> Value {
        var copy = self
        copy[name] = value
        return copy
    }

    /// The same map, with `value` at `name` if the member is missing or null.
    func filling(_ name: String, with value: Value) -> Value {
        if let present = self[name], !present.isNull { return self }
        return setting(name, to: value)
    }

    /// The tree without members that are null: AWS takes null for absent.
    var withoutNulls: Value {
        switch node {
        case .scalar: return self
        case .list(let elements): return .list(elements.map(\.withoutNulls))
        case .map(let members):
            return Value(
                .map(members.filter { !$0.value.isNull }.map { Member($0.name, $0.value.withoutNulls) }))
        }
    }

    /// Whether the member is there, whatever it says.
    func has(_ name: String) -> Bool { self[name] != nil }
}
