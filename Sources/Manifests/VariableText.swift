/// A text in which variables may stand: `nginx:${image_tag}`.
///
/// `${name}` is a variable; `$${name}` writes `${name}` itself. Where no brace closes, the text means itself.
enum VariableText {
    enum Segment: Equatable {
        case literal(String)
        /// `${name}`.
        case variable(String)
        /// `$${…}`, with what is between the braces.
        case escaped(String)
        /// `${` in front of something that is no name, with what is between the braces. What follows is read on its own.
        case malformed(String)
    }

    /// Whether a text or a file may hold variables at all. Most do not, and are not looked at again.
    static func mayHoldVariables(_ bytes: some Collection<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == UInt8(ascii: "{"), previous == UInt8(ascii: "$") { return true }
            previous = byte
        }
        return false
    }

    /// Letters, digits, `_` and `-`: what the name of a variable is made of.
    static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.count <= Limits.variableNameLength
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// The parts of a text, in their order. Takes time in proportion to its length, however many braces are left open.
    static func segments(of text: String) -> [Segment] {
        guard mayHoldVariables(text.utf8) else { return [.literal(text)] }
        var reader = Reader(bytes: Array(text.utf8))
        return reader.all()
    }

    private struct Reader {
        let bytes: [UInt8]
        private var segments: [Segment] = []
        private var literalStart = 0
        /// The closing brace that was found last; what lies before it need not be searched again.
        private var brace = -1

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func all() -> [Segment] {
            var index = 0
            while index < bytes.count {
                let isEscaped = bytes[index] == UInt8(ascii: "$") && opens(index + 1)
                guard isEscaped || opens(index) else {
                    index += 1
                    continue
                }
                let start = index + (isEscaped ? 3 : 2)
                guard let end = closingBrace(from: start) else { break }
                flush(to: index)
                index = read(from: start, to: end, isEscaped: isEscaped)
                literalStart = index
            }
            flush(to: bytes.count)
            return segments
        }

        /// Takes what stands between braces.
        ///
        /// - Returns: where to go on.
        private mutating func read(from start: Int, to end: Int, isEscaped: Bool) -> Int {
            if isEscaped {
                segments.append(.escaped(text(start, end)))
                return end + 1
            }
            let beginning = text(start, min(end, start + Limits.variableNameLength))
            if end - start <= Limits.variableNameLength, isName(beginning) {
                segments.append(.variable(beginning))
                return end + 1
            }
            segments.append(.malformed(beginning))
            return start
        }

        private func opens(_ index: Int) -> Bool {
            index + 1 < bytes.count && bytes[index] == UInt8(ascii: "$") && bytes[index + 1] == UInt8(ascii: "{")
        }

        private mutating func closingBrace(from start: Int) -> Int? {
            if brace >= start { return brace }
            guard let found = bytes[min(start, bytes.count)...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
            brace = found
            return found
        }

        private func text(_ start: Int, _ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

        private mutating func flush(to end: Int) {
            if end > literalStart { segments.append(.literal(text(literalStart, end))) }
        }
    }
}
