/// Words for a line of progress: ECS's messages about services, and what is said before there are any.
package enum EventWords {
    /// How progress ends where our write is done and reads do not show it yet.
    package static let unseen = "ECS does not show it yet"

    /// The message without what only programs read: its own service's name, and the ids of tasks and deployments; of ARNs the
    /// names. At most `Limits.eventCharacters` characters.
    ///
    /// `(service web) has started 2 tasks: (task 0a1…) (task 2b3…).` becomes `has started 2 tasks.`
    ///
    /// Source: ECS puts every subject into parentheses, with the word of what it is before it; Developer Guide, "Viewing Amazon
    /// ECS service event messages".
    static func short(_ message: String) -> String {
        var words = ""
        var rest = message.prefix(Limits.readEventCharacters)
        while let open = rest.firstIndex(of: "("), let close = rest[open...].firstIndex(of: ")") {
            words += rest[..<open]
            words += shown(rest[rest.index(after: open)..<close])
            rest = rest[rest.index(after: close)...]
        }
        words += rest
        let line = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            // What is left of a list whose members are gone.
            .replacing(": .", with: ".").replacing(" .", with: ".")
        let sentence = line.hasSuffix(":") ? String(line.dropLast()) : line
        guard sentence.count > Limits.eventCharacters else { return sentence }
        return sentence.prefix(Limits.eventCharacters - 1) + "…"
    }

    /// What is shown for a pair of parentheses; empty where nobody misses it.
    private static func shown(_ inside: Substring) -> String {
        let parts = inside.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return "(\(inside))" }
        switch parts[0] {
        case "service", "task", "deployment": return ""
        case "target-group":
            // arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID
            let path = parts[1].split(separator: "/")
            return path.count == 3 && parts[1].hasPrefix("arn:") ? "(target-group \(path[1]))" : "(\(inside))"
        default: return "(\(inside))"
        }
    }
}
