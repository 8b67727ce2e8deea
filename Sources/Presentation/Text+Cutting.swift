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
        let isTurning: (Unicode.Scalar) -> Bool = {
            (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value)
        }
        guard onOneLine.unicodeScalars.contains(where: isTurning) else { return onOneLine }
        var result = String.UnicodeScalarView()
        for scalar in onOneLine.unicodeScalars where !isTurning(scalar) { result.append(scalar) }
        return String(result)
    }

    /// On one line: breaks and control characters become blanks, none twice.
    var onOneLine: String {
        unicodeScalars.split { $0.value <= 0x20 || $0.properties.generalCategory == .control }
            .map { String(Substring.UnicodeScalarView($0)) }.joined(separator: " ")
    }
}

extension Substring {
    func trimmingTrailingSpace() -> String {
        var result = self
        while result.last?.isWhitespace == true { result.removeLast() }
        return String(result)
    }
}
