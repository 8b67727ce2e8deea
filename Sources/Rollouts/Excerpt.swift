/// Cutting texts of others to what can be shown.
enum Excerpt {
    /// One line without control characters, at most `length` characters long.
    static func bounded(_ text: String, to length: Int) -> String {
        // Cut generously first: what follows goes through every character.
        let words = onOneLine(text.prefix(length * 4))
        return words.count <= length ? words : words.prefix(length - 1) + "…"
    }

    /// The same with the middle left out where it is longer, between words where they are short: ECS chains its messages from
    /// what was tried to what went wrong (`pull image manifest has been retried 5 time(s): … : not found`).
    static func endsOf(_ text: String, to length: Int) -> String {
        let words = onOneLine(text.prefix(Limits.textLength))
        guard words.count > length else { return words }
        let room = length - 3
        var head = words.prefix(room * 2 / 5)
        var tail = words.suffix(room - head.count)
        if let blank = head.lastIndex(of: " "), head.distance(from: blank, to: head.endIndex) <= Limits.cutWordLength {
            head = head[..<blank]
        }
        if let blank = tail.firstIndex(of: " "),
            tail.distance(from: tail.startIndex, to: blank) <= Limits.cutWordLength
        {
            tail = tail[tail.index(after: blank)...]
        }
        return "\(head) … \(tail)"
    }

    private static func onOneLine(_ text: Substring) -> String {
        let line = text.map { character in
            character.isNewline || character.unicodeScalars.contains { $0.properties.generalCategory == .control }
                ? " " : character
        }
        return String(line).split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }

    /// The message without ECS's subject and error names: `(service web) (task 1) …`, `CannotPullContainerError: …`.
    static func core(of text: String) -> String {
        var rest = text[...]
        while let first = rest.first, first == "(",
            rest.hasPrefix("(service ") || rest.hasPrefix("(task ")
                || rest.hasPrefix("(deployment "), let close = rest.firstIndex(of: ")")
        {
            rest = rest[rest.index(after: close)...].drop { $0 == " " }
        }
        if let colon = rest.firstIndex(of: ":"), rest[..<colon].hasSuffix("Error"), !rest[..<colon].contains(" ") {
            rest = rest[rest.index(after: colon)...].drop { $0 == " " }
        }
        for preface in ["Service deployment rolled back because of ", "Service deployment rolled back because "]
        where rest.hasPrefix(preface) {
            rest = rest.dropFirst(preface.count)
        }
        return String(rest)
    }

    /// The text itself where it is short enough, else from the clause on that holds the words which name its cause: ECS
    /// chains its messages from what was tried to what went wrong, and the end says more than the beginning.
    ///
    /// - Parameters:
    ///   - words: in lower case.
    static func telling(_ text: String, words: String, within length: Int) -> String {
        guard text.count > length, !words.isEmpty else { return text }
        let lowered = text.lowercased()
        guard let found = lowered.firstRange(of: words) else { return text }
        // Counted, because an index of the one text is none of the other.
        let offset = lowered.distance(from: lowered.startIndex, to: found.lowerBound)
        let head = text.prefix(offset)
        let starts = [": ", ". "].compactMap { head.ranges(of: $0).last?.upperBound }
        guard let start = starts.max() else { return text }
        return String(text[start...])
    }

    /// The text with a full stop, unless it ends in one.
    static func sentenceEnd(_ text: String) -> String {
        guard let last = text.last else { return text }
        return ".!?…".contains(last) ? text : text + "."
    }

    /// For comparison only: two messages that differ in the ids of tasks say one thing.
    static func withoutIdentifiers(_ text: String) -> String {
        text.split(separator: " ").map { word in
            let hexadecimal = word.filter(\.isHexDigit).count
            return hexadecimal >= 16 ? "#" : String(word)
        }
        .joined(separator: " ")
    }
}
