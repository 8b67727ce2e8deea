/// A pattern of paths: `*` stands for anything within a component, `?` for one character, `**` for any components.
///
/// A pattern without a slash names files of any folder (`*.local.json`), one that ends in a slash everything below a
/// folder, as in `.gitignore`.
struct Glob: Hashable, Sendable {
    private let components: [[Character]]

    /// - Returns: nil where the text is empty, too long, absolute, or leaves the folder.
    init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Limits.globBytes, !text.hasPrefix("/") else { return nil }
        var parts = text.split(separator: "/").map(String.init)
        guard !parts.isEmpty, !parts.contains("..") else { return nil }
        parts.removeAll { $0 == "." }
        if text.hasSuffix("/") { parts.append("**") }
        if parts.count == 1, parts[0] != "**" { parts.insert("**", at: 0) }
        // Below a folder means at least one component below it.
        if parts.last == "**" { parts.append("*") }
        components = parts.map(Array.init)
    }

    /// Whether `path`, relative to the environment's folder, is meant.
    func matches(_ path: String) -> Bool {
        Glob.matches(
            path.split(separator: "/").map(Array.init), components, isWildcard: { $0 == ["*", "*"] },
            element: { component, pattern in
                Glob.matches(component, pattern, isWildcard: { $0 == "*" }, element: { $1 == "?" || $0 == $1 })
            })
    }

    /// Matches a sequence against a pattern in which wildcards stand for any number of elements.
    ///
    /// Only the last wildcard passed is ever tried again, which is enough: what an earlier one could take instead, the last
    /// one can take as well. So no pattern takes more than the product of both lengths.
    private static func matches<Element>(
        _ elements: [Element], _ pattern: [Element], isWildcard: (Element) -> Bool, element: (Element, Element) -> Bool,
    ) -> Bool {
        var index = 0
        var patternIndex = 0
        var wildcard: (pattern: Int, element: Int)?
        while index < elements.count {
            if patternIndex < pattern.count, isWildcard(pattern[patternIndex]) {
                wildcard = (patternIndex, index)
                patternIndex += 1
            } else if patternIndex < pattern.count, element(elements[index], pattern[patternIndex]) {
                index += 1
                patternIndex += 1
            } else if let last = wildcard {
                wildcard = (last.pattern, last.element + 1)
                index = last.element + 1
                patternIndex = last.pattern + 1
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy(isWildcard)
    }
}
