import MooringCryptography

/// In what a host counts the length of a text.
enum TextUnit {
    /// Ruby and Go count Unicode scalars.
    case scalars
    /// Java and .NET count UTF-16 units.
    case utf16
    /// Bytes of UTF-8: never less than any of the others.
    case bytes
}

extension Character {
    /// How much the character counts.
    func count(in unit: TextUnit) -> Int {
        switch unit {
        case .scalars: unicodeScalars.count
        case .utf16: utf16.count
        case .bytes: utf8.count
        }
    }
}

extension String {
    /// How much the text counts.
    func count(in unit: TextUnit) -> Int {
        switch unit {
        case .scalars: unicodeScalars.count
        case .utf16: utf16.count
        case .bytes: utf8.count
        }
    }

    /// At most `count` units, cut between characters, with an ellipsis where something was cut.
    func cut(to count: Int, _ unit: TextUnit) -> String {
        guard self.count(in: unit) > count else { return self }
        return beginning(of: count - Character("…").count(in: unit), unit) + "…"
    }

    /// At most `count` units, shortened where it is longer to its beginning and a hash of the whole: texts that differ stay
    /// different, and one text is always shortened to the same.
    func shortened(to count: Int, _ unit: TextUnit) -> String {
        guard self.count(in: unit) > count else { return self }
        let hash = SHA256.hex(of: utf8).prefix(Limits.keyHashDigits)
        return beginning(of: count - Limits.keyHashDigits - 1, unit) + "-" + hash
    }

    /// Whether this is the context, or one below it.
    func isContext(of context: String) -> Bool {
        guard hasPrefix(context) else { return false }
        let rest = dropFirst(context.count)
        return rest.isEmpty || rest.hasPrefix("/") || rest.hasPrefix(" ")
    }

    /// Whole characters that count at most so much.
    private func beginning(of count: Int, _ unit: TextUnit) -> String {
        var result = ""
        var left = count
        for character in self {
            left -= character.count(in: unit)
            if left < 0 { break }
            result.append(character)
        }
        return result
    }
}
