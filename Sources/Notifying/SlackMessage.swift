import MooringModel
import MooringNames
import MooringShapes

/// An announcement as Slack shows it: blocks, and a line for telephones and screen readers.
package enum SlackMessage {
    /// The type of the metadata that a message carries, by which it is found again.
    static let eventType = "mooring_commit"

    /// The content of a message, as JSON.
    package static func text(of announcement: Announcement) -> String {
        JSONWriter(.compact).text(of: .map(present: content(of: announcement)))
    }

    /// The members of a message that are its content.
    static func content(of announcement: Announcement) -> [(String, Value?)] {
        var texts = [head(announcement), escaped(announcement.summary, units: Limits.escapedUnits)]
        texts += announcement.failures.map(text)
        texts += announcement.findings.map { escaped($0, units: Limits.escapedUnits) }
        let more =
            announcement.failureCount - announcement.failures.count + announcement.findingCount
            - announcement.findings.count
        if more > 0 { texts.append("… and \(more) more.") }
        return [
            // Shown where blocks are not. Mentions and links in it are text as well.
            ("text", .string(escaped("\(name(announcement)): \(announcement.summary)", units: Limits.blockUnits))),
            // Slack refuses a whole message for an empty block.
            ("blocks", .list(texts.filter { !$0.isEmpty }.map(section))),
        ]
    }

    /// What a message of ours is found by. Not secret: a message with another's metadata is another's message, which we cannot
    /// change.
    static func metadata(of announcement: Announcement) -> Value {
        [
            "event_type": .string(eventType),
            "event_payload": [
                "environment": .string(announcement.place.environment.text),
                "commit": .string(announcement.place.commit.text),
            ],
        ]
    }

    /// Whether a message is the one about that place.
    static func isMessage(_ message: Value, about place: Announcement.Place) -> Bool {
        let metadata = message["metadata"]
        return metadata?["event_type"]?.text == eventType
            && metadata?["event_payload"]?["environment"]?.text == place.environment.text
            && metadata?["event_payload"]?["commit"]?.text == place.commit.text
    }

    private static func name(_ announcement: Announcement) -> String {
        "\(announcement.place.environment.environment) \(announcement.verdict)"
    }

    /// `:x: *production* failed: <https://…|acme/app 8e1c0f2> Raise memory (Ada)`
    private static func head(_ announcement: Announcement) -> String {
        let repository = announcement.repository.map { escaped($0, units: Limits.escapedRepositoryUnits) + " " } ?? ""
        let short = announcement.place.commit.short
        // A link holds nothing that could end it; what is left to escape in it is `&`.
        let commit =
            announcement.link.map { "<\($0.replacing("&", with: "&amp;"))|\(repository)\(short)>" }
            ?? "\(repository)`\(short)`"
        let subject = escaped(announcement.subject, units: Limits.escapedHeadUnits)
        let author = escaped(announcement.author, units: Limits.escapedHeadUnits)
        return
            "\(sign(announcement)) *\(announcement.place.environment.environment)* \(announcement.verdict): \(commit)"
            + (subject.isEmpty ? "" : " \(subject)") + (author.isEmpty ? "" : " (\(author))")
    }

    private static func sign(_ announcement: Announcement) -> String {
        switch announcement.sync {
        case .failed: ":x:"
        case .synced: ":white_check_mark:"
        case .progressing: ":hourglass_flowing_sand:"
        case .outOfSync: ":double_vertical_bar:"
        case .superseded: ":fast_forward:"
        }
    }

    private static func text(of failed: Announcement.FailedService) -> String {
        var lines = ["*\(escaped(failed.name, units: Limits.escapedUnits / 2))*"]
        if let cause = failed.cause { lines[0] += " \(escaped(cause, units: Limits.escapedUnits))" }
        if let remedy = failed.remedy { lines.append(escaped(remedy, units: Limits.escapedUnits)) }
        return lines.joined(separator: "\n")
    }

    /// `verbatim` keeps Slack from making mentions and links out of what looks like them.
    private static func section(_ text: String) -> Value {
        ["type": "section", "text": ["type": "mrkdwn", "text": .string(text), "verbatim": true]]
    }

    /// The text with the three characters escaped by which links and mentions begin, cut so that it has at most so many UTF-16
    /// units. Nothing that a cause says rings anybody's telephone.
    ///
    /// Source: Slack, "Formatting text for app surfaces", on escaping.
    static func escaped(_ text: String, units: Int) -> String {
        var result = ""
        var left = units - 1
        for character in text {
            let shown =
                switch character {
                case "&": "&amp;"
                case "<": "&lt;"
                case ">": "&gt;"
                default: String(character)
                }
            left -= shown.utf16.count
            if left < 0 { return result + "…" }
            result += shown
        }
        return result
    }
}
