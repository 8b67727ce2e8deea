/// A regular expression of the only form that the shape tables use: one class of characters, repeated.
package struct CharacterClass: Sendable {
    /// As the table writes it: `([\p{L}\p{N}_.-]*)`, `([^\u{0}-\u{1F}]*)`.
    package let pattern: String
    /// Whether the class says what is not allowed.
    private let isNegated: Bool
    private let scalars: Set<Unicode.Scalar>
    private let ranges: [ClosedRange<Unicode.Scalar>]
    private let allowsLetters: Bool
    private let allowsNumbers: Bool
    private let allowsSeparators: Bool

    /// Reads the pattern. The script that writes the tables refuses patterns of another form.
    init(pattern: String) {
        self.pattern = pattern
        var reader = Reader(rest: pattern.unicodeScalars.drop { $0 != "[" }.dropFirst())
        isNegated = reader.rest.first == "^"
        if isNegated { reader.rest.removeFirst() }
        reader.readAll()
        scalars = reader.scalars
        ranges = reader.ranges
        allowsLetters = reader.classes.contains("L")
        allowsNumbers = reader.classes.contains("N")
        allowsSeparators = reader.classes.contains("Z")
    }

    /// The first character of `text` that is not allowed, nil where all are.
    package func firstOutside(in text: String) -> Unicode.Scalar? {
        text.unicodeScalars.first { contains($0) == isNegated }
    }

    /// What is allowed, as a list behind a colon; nil where that is easier said by the character itself.
    var phrase: String? {
        guard !isNegated, ranges.isEmpty else { return nil }
        var parts: [String] = []
        if allowsLetters { parts.append("letters") }
        if allowsNumbers { parts.append("numbers") }
        if allowsSeparators { parts.append("spaces") }
        let others = scalars.sorted().map(String.init).joined(separator: " ")
        return (parts.isEmpty ? "" : parts.joined(separator: ", ") + " and ") + others
    }

    private func contains(_ scalar: Unicode.Scalar) -> Bool {
        if scalars.contains(scalar) || ranges.contains(where: { $0.contains(scalar) }) { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return allowsLetters
        case .decimalNumber, .letterNumber, .otherNumber: return allowsNumbers
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return allowsSeparators
        default: return false
        }
    }

    /// Reads what stands between the brackets.
    private struct Reader {
        var rest: Substring.UnicodeScalarView
        var scalars: Set<Unicode.Scalar> = []
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        var classes: Set<Unicode.Scalar> = []

        init(rest: Substring.UnicodeScalarView) { self.rest = rest }

        mutating func readAll() {
            while let first = rest.first, first != "]" {
                guard let lower = readScalar() else { continue }
                // A hyphen between two characters makes a range; at the end it is itself.
                guard rest.first == "-", let next = rest.dropFirst().first, next != "]" else {
                    scalars.insert(lower)
                    continue
                }
                rest.removeFirst()
                guard let upper = readScalar(), lower <= upper else {
                    scalars.formUnion([lower, "-"])
                    continue
                }
                ranges.append(lower...upper)
            }
        }

        /// The next character; nil where a named class stood there.
        private mutating func readScalar() -> Unicode.Scalar? {
            guard let scalar = rest.popFirst() else { return nil }
            guard scalar == "\\", let escaped = rest.popFirst() else { return scalar }
            guard escaped == "p" || escaped == "u" else { return escaped }
            let name = rest.dropFirst().prefix { $0 != "}" }
            rest = rest.dropFirst(name.count + 2)
            if escaped == "u" { return UInt32(String(name), radix: 16).flatMap(Unicode.Scalar.init) }
            if let letter = name.last { classes.insert(letter) }
            return nil
        }
    }
}
