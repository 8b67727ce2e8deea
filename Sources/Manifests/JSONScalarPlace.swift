import MooringShapes

/// Where a scalar stands in the bytes of a JSON file that has been read, and how another one is written there.
enum JSONScalarPlace {
    /// The ways to write `text`, the best first.
    static func candidates(at position: SourcePosition, in bytes: [UInt8], saying text: String) -> [ScalarCandidate] {
        guard let start = offset(of: position, in: bytes), let end = end(from: start, in: bytes) else { return [] }
        let quoted = Array("\"\(escaped(text))\"".utf8)
        // A number or a boolean stays one, where the text can be one.
        let bare = bytes[start] == UInt8(ascii: "\"") ? [] : [Array(text.utf8)]
        return (bare + [quoted]).map { ScalarCandidate(range: start..<end, bytes: $0) }
    }

    /// As `JSONReader` counts: lines by line feeds, columns by characters.
    private static func offset(of position: SourcePosition, in bytes: [UInt8]) -> Int? {
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var line = 1
        while line < position.line {
            guard let feed = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            index = feed + 1
            line += 1
        }
        var column = 1
        while column < position.column {
            guard index < bytes.count else { return nil }
            index += 1
            while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
            column += 1
        }
        return index < bytes.count ? index : nil
    }

    private static func end(from start: Int, in bytes: [UInt8]) -> Int? {
        var index = start
        guard bytes[start] == UInt8(ascii: "\"") else {
            while index < bytes.count, isBare(bytes[index]) { index += 1 }
            return index > start ? index : nil
        }
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index < bytes.count ? index + 1 : nil
    }

    /// What numbers, `true`, `false` and `null` are made of.
    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// The text between double quotes, as JSON and YAML alike read it.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            // YAML holds the last three for line ends or forbids them; JSON takes them in either form.
            case _ where scalar.value < 0x20 || (0x7F...0xA0).contains(scalar.value), "\u{2028}", "\u{2029}",
                "\u{FEFF}":
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
