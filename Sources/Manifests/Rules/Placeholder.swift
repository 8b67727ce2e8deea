/// What templates of other tools leave in a text: `{{x}}`, `<% x %>`, `$$$X$$$`, `%NAME%`, `__NAME__`, and `<x>` or `{x}`
/// where it is all the text; and `${name` without an end. Of `${...}` the replacement of variables has spoken.
///
/// All on bytes, each step in time that is in proportion to the text, which may be as long as a file.
enum Placeholder {
    /// Whether the text holds one, Mooring's own variables included.
    static func isIn(_ text: String) -> Bool { VariableText.mayHoldVariables(text.utf8) || found(in: text) != nil }

    /// The first one, nil where there is none.
    static func found(in text: String) -> String? {
        // Nearly every text holds nothing of the kind; one pass over its bytes tells.
        guard mayHold(text) else { return nil }
        let bytes = Array(text.utf8)
        for (open, close) in pairs {
            guard let start = first(open, in: bytes, from: 0) else { continue }
            let end = first(close, in: bytes, from: start + open.count).map { $0 + close.count } ?? bytes.count
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
        if isBracketed(text) { return text }
        return unclosed(in: bytes) ?? word(in: bytes, between: percent) ?? word(in: bytes, between: underscores)
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

    private static let pairs = [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("$$$", "$$$")].map {
        (open: Array($0.0.utf8), close: Array($0.1.utf8))
    }
    private static let percent = Array("%".utf8)
    private static let underscores = Array("__".utf8)
    private static let variable = Array("${".utf8)

    /// Where `part`, which is short, begins for the first time.
    private static func first(_ part: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let head = part.first, bytes.count >= part.count else { return nil }
        var index = start
        while index <= bytes.count - part.count {
            if bytes[index] == head, bytes[index...].starts(with: part) { return index }
            index += 1
        }
        return nil
    }

    /// `${` that no brace closes.
    private static func unclosed(in bytes: [UInt8]) -> String? {
        let rest = (bytes.lastIndex(of: UInt8(ascii: "}")) ?? -1) + 1
        return first(variable, in: bytes, from: rest).map { String(decoding: bytes[$0...], as: UTF8.self) }
    }

    /// `<account id>` or `{ACCOUNT}`, and no JSON.
    private static func isBracketed(_ text: String) -> Bool {
        guard text.utf8.count > 2, text.utf8.count <= 100 else { return false }
        let isAngled = text.hasPrefix("<") && text.hasSuffix(">")
        let isBraced = text.hasPrefix("{") && text.hasSuffix("}")
        return (isAngled || isBraced) && !text.contains("\"") && !text.contains(":")
    }

    /// Capitals, digits and underscores between two marks: `%NAME%`, `__NAME__`.
    private static func word(in bytes: [UInt8], between mark: [UInt8]) -> String? {
        var start = 0
        while let open = first(mark, in: bytes, from: start) {
            let inside = open + mark.count
            guard let close = first(mark, in: bytes, from: inside) else { return nil }
            let word = bytes[inside..<close]
            if let head = word.first, head >= UInt8(ascii: "A"), word.allSatisfy(isWordByte) {
                return String(decoding: bytes[open..<close + mark.count], as: UTF8.self)
            }
            start = inside
        }
        return nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")) || byte == UInt8(ascii: "_")
            || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }
}
