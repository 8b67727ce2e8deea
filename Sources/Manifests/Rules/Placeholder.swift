/// What templates of other tools leave in a text: `{{x}}`, `<% x %>`, `$$$X$$$`, `%NAME%`, `__NAME__`, and `<x>` or `{x}`
/// where it is all the text; and `${x.y}`, `${X:-y}` or `${AWS::X}`, which are no names. `${name}` is Mooring's own and not
/// meant here.
enum Placeholder {
    /// Whether the text holds one, Mooring's own variables included.
    static func isIn(_ text: String) -> Bool { text.contains("${") || found(in: text) != nil }

    /// The first one, nil where there is none.
    static func found(in text: String) -> String? {
        // Nearly every text holds nothing of the kind; one pass over its bytes tells.
        guard mayHold(text) else { return nil }
        for (open, close) in pairs {
            guard let start = text.firstRange(of: open) else { continue }
            let end = text[start.upperBound...].firstRange(of: close)?.upperBound ?? text.endIndex
            return String(text[start.lowerBound..<end])
        }
        if isBracketed(text) { return text }
        if let foreign = foreignVariable(in: text) { return foreign }
        return word(in: text, between: "%") ?? word(in: text, between: "__")
    }

    /// Whether the text holds anything that a placeholder begins with.
    private static func mayHold(_ text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "%"): return true
            case UInt8(ascii: "{"), UInt8(ascii: "<"):
                // As the first character, it may bracket the whole text.
                if previous == 0 || previous == byte || previous == UInt8(ascii: "$") { return true }
            case UInt8(ascii: "_"), UInt8(ascii: "$"):
                if previous == byte { return true }
            default: break
            }
            previous = byte
        }
        return false
    }

    private static let pairs = [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("$$$", "$$$"), ("${{", "}}")]

    /// `${...}` around something that is no name of a variable.
    private static func foreignVariable(in text: String) -> String? {
        var rest = text[...]
        while let open = rest.firstRange(of: "${") {
            guard let close = rest[open.upperBound...].firstIndex(of: "}") else {
                return String(rest[open.lowerBound...])
            }
            if !ContainerRules.isName(String(rest[open.upperBound..<close])) {
                return String(rest[open.lowerBound...close])
            }
            rest = rest[close...]
        }
        return nil
    }

    /// `<account id>` or `{ACCOUNT}`, and no JSON.
    private static func isBracketed(_ text: String) -> Bool {
        guard text.utf8.count > 2, text.utf8.count <= 100 else { return false }
        let isAngled = text.hasPrefix("<") && text.hasSuffix(">")
        let isBraced = text.hasPrefix("{") && text.hasSuffix("}")
        return (isAngled || isBraced) && !text.contains("\"") && !text.contains(":")
    }

    /// Capitals, digits and underscores between two marks: `%NAME%`, `__NAME__`.
    private static func word(in text: String, between mark: String) -> String? {
        var rest = text[...]
        while let open = rest.firstRange(of: mark) {
            let inside = rest[open.upperBound...]
            guard let close = inside.firstRange(of: mark) else { return nil }
            let word = inside[..<close.lowerBound]
            let isWord = word.utf8.allSatisfy { byte in
                (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")) || byte == UInt8(ascii: "_")
                    || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
            }
            if isWord, let first = word.utf8.first, first >= UInt8(ascii: "A") {
                return String(rest[open.lowerBound..<close.upperBound])
            }
            rest = rest[open.upperBound...]
        }
        return nil
    }
}
