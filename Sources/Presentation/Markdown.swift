/// Text of others inside of Markdown: no value can break out of its cell, mention a person or link an issue.
enum Markdown {
    /// Text in a cell or a list. Everything but letters, digits, and what means nothing to Markdown is written as a character
    /// reference, which never is structure; `@` and `#` stand alone, so that they mention nobody and link nothing.
    static func prose(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "@", "#": "<span>&#\(scalar.value);</span>"
            case _ where isHarmless(scalar): String(scalar)
            default: "&#\(scalar.value);"
            }
        }.joined()
    }

    /// Text in `<code>`, where nobody is mentioned; everything else is escaped as in prose.
    static func code(_ text: String) -> String {
        let inner = text.unicodeScalars.map { isHarmless($0) ? String($0) : "&#\($0.value);" }.joined()
        return "<code>\(inner)</code>"
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return true }
        return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || " .,:;/()='\"?%-".unicodeScalars.contains(scalar)
    }

    /// Lines as they are, in a fence longer than any run of backticks inside, so that none of them ends it.
    static func fenced(_ lines: [String]) -> String {
        let longest = lines.map { longestRun(of: "`", in: $0) }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)text\n" + lines.joined(separator: "\n") + "\n\(fence)\n"
    }

    private static func longestRun(of character: Character, in text: String) -> Int {
        var (longest, run) = (0, 0)
        for next in text {
            run = next == character ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}

/// A text that stops growing in time.
struct MarkdownPage {
    private(set) var text = ""
    private let limit: Int
    private let ending: String

    /// - Parameters:
    ///   - limit: bytes.
    ///   - ending: where all of it is, for when something is left out.
    init(limit: Int, ending: String) {
        self.limit = limit
        self.ending = ending
    }

    /// - Returns: whether there was room, for the end as well.
    @discardableResult
    mutating func add(_ part: String) -> Bool {
        guard text.utf8.count + part.utf8.count + Limits.markdownEndBytes <= limit else { return false }
        text += part
        return true
    }

    /// Says what is missing.
    mutating func end(_ sentence: String) { text += sentence + ending }
}
