extension String {
    /// At most `count` characters, the last of them an ellipsis where something was cut.
    package func shortened(to count: Int) -> String {
        guard self.count > count else { return self }
        return prefix(max(0, count - 1)).trimmingTrailingSpace() + "…"
    }

    /// At most `count` characters with the middle left out: what images and ARNs differ in stands at their ends.
    func shortenedInMiddle(to count: Int) -> String {
        guard self.count > count, count > 2 else { return self }
        let tail = (count - 1) / 2
        return prefix(count - 1 - tail) + "…" + suffix(tail)
    }

    /// With only what stands behind the last slash of words that are longer than `count`.
    func withoutLongPaths(_ count: Int) -> String {
        split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard word.count > count, let slash = word.lastIndex(of: "/") else { return String(word) }
            return "…" + word[slash...]
        }
        .joined(separator: " ")
    }

    /// At most `count` bytes of UTF-8, cut between characters, with an ellipsis where something was cut.
    func cut(toUTF8 count: Int) -> String {
        guard utf8.count > count else { return self }
        var result = ""
        var left = count - "…".utf8.count
        for character in self {
            left -= character.utf8.count
            if left < 0 { break }
            result.append(character)
        }
        return result + "…"
    }

    /// On one line and without anything that moves a terminal's cursor or turns the direction of writing.
    package var safeLine: String {
        let line = onOneLine
        guard line.unicodeScalars.contains(where: \.turnsWriting) else { return line }
        var result = String.UnicodeScalarView()
        for scalar in line.unicodeScalars where !scalar.turnsWriting { result.append(scalar) }
        return String(result)
    }

    /// On one line: breaks and control characters become blanks, none twice.
    var onOneLine: String {
        if isPlainLine { return self }
        return unicodeScalars.split { $0.value <= 0x20 || $0.properties.generalCategory == .control }
            .map { String(Substring.UnicodeScalarView($0)) }.joined(separator: " ")
    }

    /// Whether the text has no control character and single blanks between its words, as nearly every text has.
    private var isPlainLine: Bool {
        let blank = UInt8(ascii: " ")
        var last = blank
        for byte in utf8 {
            // U+0080 to U+009F, the other control characters, are 0xC2 and a byte of that range.
            let isControl = byte < blank || byte == 0x7F || (last == 0xC2 && byte < 0xA0)
            guard !isControl, byte != blank || last != blank else { return false }
            last = byte
        }
        return last != blank || isEmpty
    }
}

extension Unicode.Scalar {
    /// Whether the scalar turns the direction of what follows it.
    fileprivate var turnsWriting: Bool { (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value) }
}

extension Substring {
    func trimmingTrailingSpace() -> String {
        var result = self
        while result.last?.isWhitespace == true { result.removeLast() }
        return String(result)
    }
}
