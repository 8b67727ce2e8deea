extension CoercionPass {
    /// The scalar in the type that `shape` wants; nil where it counts as absent.
    mutating func scalar(_ scalar: Scalar, shape: Shape, position: SourcePosition?) -> Scalar? {
        switch shape.kind {
        case .string(let rule): return string(scalar, rule: rule, position: position)
        case .integer(let bounds, let bits): return integer(scalar, bounds: bounds, bits: bits, position: position)
        case .double(let bounds): return double(scalar, bounds: bounds, position: position)
        case .boolean: return boolean(scalar, position: position)
        case .timestamp: return timestamp(scalar)
        case .blob: return Scalar(text: scalar.text, style: .string)
        case .structure, .map, .list, .document: return scalar
        }
    }

    // MARK: Text

    private mutating func string(_ scalar: Scalar, rule: Shape.StringRule, position: SourcePosition?) -> Scalar? {
        // JSON says for certain what it holds; plain YAML does not, so that nothing is worth a remark there.
        if scalar.style == .number || scalar.style == .boolean {
            report(
                .remark, "coerced-scalar", at: position,
                "\(subject) is a text; the \(scalar.style == .number ? "number" : "boolean") \(scalar.text) "
                    + "is sent as \"\(scalar.text)\".")
        }
        let text = scalar.text
        if !rule.values.isEmpty {
            if text.isEmpty {
                report(.remark, "empty-enum", at: position, "\(subject) is empty and counts as absent.")
                return nil
            }
            check(text, among: rule.values, position: position)
        }
        check(
            count: text.unicodeScalars.count, in: rule.bounds, unit: "characters", rule: "wrong-length",
            position: position)
        if let characters = rule.characters, let outside = characters.firstOutside(in: text) {
            report(
                .error, "wrong-characters", at: position,
                "\(subject) holds \(outside.escaped(asASCII: false).quoted), which the API does not allow there"
                    + (characters.phrase.map { ": \($0) are." } ?? "."))
        }
        return Scalar(text: text, style: .string)
    }

    private mutating func check(_ text: String, among values: [String], position: SourcePosition?) {
        guard !values.contains(text) else { return }
        let suggestion = Suggestion.nearest(to: text, among: values).map { " Did you mean '\($0)'?" } ?? ""
        report(
            .error, "not-in-enum", at: position,
            "\(subject) cannot be '\(text.shortened)'; the API model (\(table.source)) knows "
                + values.map { "'\($0)'" }.joined(separator: ", ") + ".\(suggestion)")
    }

    // MARK: Numbers

    private mutating func integer(
        _ scalar: Scalar, bounds: Shape.Bounds, bits: Int, position: SourcePosition?,
    ) -> Scalar? {
        if scalar.text.isEmpty, scalar.style == .string {
            reportWrongType("a whole number", scalar, position: position)
            return scalar
        }
        guard scalar.style != .boolean, let number = Scalar.wholeNumber(scalar.text) else {
            reportWrongType("a whole number", scalar, position: position)
            return scalar
        }
        let spelling = String(number)
        if scalar.style == .string {
            report(
                .remark, "coerced-scalar", at: position,
                "\(subject) is a whole number; the text \"\(scalar.text.shortened)\" is sent as \(spelling).")
        } else if spelling != scalar.text {
            report(
                .remark, "coerced-scalar", at: position,
                "\(subject) is a whole number; \(scalar.text.shortened) is sent as \(spelling).")
        }
        let widest = bits == 32 ? Int(Int32.min)...Int(Int32.max) : Int.min...Int.max
        if !widest.contains(number) {
            report(
                .error, "out-of-range", at: position,
                "\(subject) is \(spelling), which does not fit in the \(bits) bits that the API has for it.")
        } else if number < bounds.minimum ?? .min || number > bounds.maximum ?? .max {
            report(
                .error, "out-of-range", at: position, "\(subject) is \(spelling); the API takes \(bounds.phrase).")
        }
        return Scalar(text: spelling, style: .number)
    }

    private mutating func double(_ scalar: Scalar, bounds: Shape.Bounds, position: SourcePosition?) -> Scalar? {
        guard scalar.style != .boolean, Scalar.isJSONNumber(scalar.text), let number = Double(scalar.text),
            number.isFinite
        else {
            reportWrongType("a number", scalar, position: position)
            return scalar
        }
        if scalar.style == .string {
            report(
                .remark, "coerced-scalar", at: position,
                "\(subject) is a number; the text \"\(scalar.text.shortened)\" is sent as a number.")
        }
        if number < Double(bounds.minimum ?? .min) || number > Double(bounds.maximum ?? .max) {
            report(
                .error, "out-of-range", at: position,
                "\(subject) is \(scalar.text.shortened); the API takes \(bounds.phrase).")
        }
        return Value.double(number).scalar ?? scalar
    }

    private func timestamp(_ scalar: Scalar) -> Scalar {
        let isNumber = scalar.style != .string && Scalar.isJSONNumber(scalar.text)
        return Scalar(text: scalar.text, style: isNumber ? .number : .string)
    }

    // MARK: Booleans

    private mutating func boolean(_ scalar: Scalar, position: SourcePosition?) -> Scalar? {
        let flag: Bool? =
            switch scalar.text.lowercased() {
            case "true", "yes", "on", "y": true
            case "false", "no", "off", "n": false
            default: nil
            }
        guard scalar.style != .number, let flag else {
            reportWrongType("true or false", scalar, position: position)
            return scalar
        }
        let spelling = flag ? "true" : "false"
        if scalar.text != spelling || scalar.style == .string {
            let written = scalar.style == .string ? "the text \"\(scalar.text)\"" : scalar.text
            report(
                .remark, "coerced-scalar", at: position,
                "\(subject) is true or false; \(written) is sent as \(spelling).")
        }
        return Scalar(text: spelling, style: .boolean)
    }

    private mutating func reportWrongType(_ wanted: String, _ scalar: Scalar, position: SourcePosition?) {
        let found: String =
            switch scalar.style {
            case .boolean: scalar.text
            case .string: "the text \"\(scalar.text.shortened)\""
            case .plain, .number, .null: "'\(scalar.text.shortened)'"
            }
        var hint = ""
        if scalar.text.first == "0", scalar.text.count > 1, scalar.text.utf8.allSatisfy({ $0 >= 48 && $0 < 56 }) {
            hint = " With a leading zero, YAML 1.1 reads it as octal and YAML 1.2 does not; write the number you mean."
        }
        report(.error, "wrong-type", at: position, "\(subject) takes \(wanted), not \(found).\(hint)")
    }
}

extension Scalar {
    /// The whole number that `text` spells as JSON does, `80.0` and `1e3` included; nil for anything else.
    static func wholeNumber(_ text: String) -> Int? {
        guard isJSONNumber(text) else { return nil }
        if let number = Int(text) { return number }
        // Beyond 2^53 a double no longer tells neighbouring whole numbers apart.
        guard let number = Double(text), number == number.rounded(), abs(number) < 9e15 else { return nil }
        return Int(number)
    }

    /// Whether JSON would read `text` as a number.
    static func isJSONNumber(_ text: String) -> Bool {
        var rest = Substring(text).utf8
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 >= 48 && $0 <= 57 } ?? false }
        func skipDigits() -> Bool {
            guard isDigit(rest.first) else { return false }
            rest = rest.drop { isDigit($0) }
            return true
        }
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let before = rest.count
        guard skipDigits(), !startsWithZero || before - rest.count == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard skipDigits() else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            guard skipDigits() else { return false }
        }
        return rest.isEmpty
    }

    /// Decides the type of plain scalars where no shape does, by YAML 1.2's JSON schema: `true`, `false` and JSON's
    /// numbers are what they look like, everything else is text.
    static func withResolvedTypes(_ value: Value) -> Value {
        switch value.node {
        case .scalar(let scalar):
            guard scalar.style == .plain else { return value }
            let style: Style =
                if scalar.text == "true" || scalar.text == "false" {
                    .boolean
                } else if isJSONNumber(scalar.text) {
                    .number
                } else {
                    .string
                }
            return Value(.scalar(Scalar(text: scalar.text, style: style)), position: value.position)
        case .list(let elements):
            return Value(.list(elements.map(withResolvedTypes)), position: value.position)
        case .map(let members):
            return Value(.map(members.map { $0.with(withResolvedTypes($0.value)) }), position: value.position)
        }
    }
}

extension Shape.Kind {
    /// What a value of this kind is called in sentences.
    var phrase: String {
        switch self {
        case .structure, .map: "an object"
        case .list: "a list"
        case .string: "a text"
        case .integer: "a whole number"
        case .double: "a number"
        case .boolean: "true or false"
        case .timestamp: "a time"
        case .blob: "bytes in Base64"
        case .document: "any value"
        }
    }
}

extension Value {
    /// What the value is called in sentences. Never its content: it may be a secret.
    var phrase: String {
        switch node {
        case .scalar(let scalar):
            switch scalar.style {
            case .plain, .string: "a text"
            case .number: "a number"
            case .boolean: "a boolean"
            case .null: "null"
            }
        case .list: "a list"
        case .map: "an object"
        }
    }
}

extension String {
    /// The text on one line, cut where a message would grow too long.
    package var shortened: String {
        // What is short and ASCII throughout, as nearly everything is, stays as it is.
        if utf8.count <= Limits.quotedLength, utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        var line = UnicodeScalarView()
        for scalar in unicodeScalars.prefix(Limits.quotedLength) {
            line.append(scalar.properties.isControl ? " " : scalar)
        }
        return String(line) + (unicodeScalars.count > Limits.quotedLength ? "…" : "")
    }

    var quoted: String { "'\(self)'" }
}

extension Unicode.Scalar.Properties {
    /// Control and format characters could rewrite what a terminal shows.
    fileprivate var isControl: Bool { generalCategory == .control || generalCategory == .format }
}
