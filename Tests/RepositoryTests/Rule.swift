/// A rule that files of the repository keep, with proof that it can be broken.
struct Rule: Sendable {
    let name: String
    /// What is wrong with the file, as lines for people; empty where nothing is.
    let problems: @Sendable (TreeFile) -> [String]
    /// Files that break the rule.
    let broken: [TreeFile]
    /// Files near by that keep it.
    let kept: [TreeFile]

    /// A rule by a regular expression that no line of code may match, comments and literals left out.
    static func banned(
        _ name: String, _ pattern: String, in applies: @escaping @Sendable (TreeFile) -> Bool, broken: [TreeFile],
        kept: [TreeFile],
    ) -> Rule {
        Rule(
            name: name,
            problems: { file in
                guard applies(file) else { return [] }
                return matches(of: pattern, in: file, file.code)
            }, broken: broken, kept: kept)
    }

    /// Every match, with its place.
    static func matches(of pattern: String, in file: TreeFile, _ text: String) -> [String] {
        // Simple boundaries, because by Unicode's rules there is none between a name and the dot behind it.
        guard let expression = try? Regex(pattern).wordBoundaryKind(.simple) else {
            return ["\(pattern) is no regular expression"]
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { number, line in
            line.matches(of: expression).map { "\(file.path):\(number + 1): \(line[$0.range])" }
        }
    }

    /// A file for examples.
    static func file(_ path: String, _ text: String, isExecutable: Bool = false) -> TreeFile {
        TreeFile(path: path, text: text, isExecutable: isExecutable)
    }
}
