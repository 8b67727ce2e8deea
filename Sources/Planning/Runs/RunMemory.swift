package import MooringModel

/// How far a run is, as the tag on its revision says.
///
/// The value holds a word, the attempt, a time, and what the word needs: letters, digits, spaces and `_.:/=+-@` only, at
/// most 256 characters. Source: API model, Tag.
package struct RunMemory: Hashable, Sendable {
    package var phase: Phase
    /// Counted from 1. A new one has names of its own with ECS.
    package var attempt: Int
    /// When the phase was entered, by our clock; whole seconds, rounded down.
    package var at: Timestamp
    /// How many tasks were wanted; 0 where that means nothing.
    package var wanted = 0
    /// How many tasks ECS is known to have started.
    package var placed = 0
    /// What is known of each of them.
    package var tasks: [Mark] = []
    /// For people.
    package var note = ""

    package enum Phase: String, Hashable, Sendable, CaseIterable {
        /// RunTask is about to be called, or has been: then `running` or `unplaced`.
        case started
        /// ECS has started tasks: then `ended` or `failed`.
        case running
        /// RunTask answered that no task could be placed: then `started` anew, or `failed`.
        case unplaced
        /// A person has said that it shall run again: then `started`.
        case again
        /// Every task ended with 0. Final.
        case ended
        /// Final, until a person says `again`.
        case failed
    }

    /// One task.
    package struct Mark: Hashable, Sendable {
        /// The start of its id.
        package let id: String
        /// Nil while it is not known how it ended; else its exit code, `n` where it never had one, `x` where it is too long.
        package var code: String?

        package init(id: String, code: String? = nil) {
            self.id = id
            self.code = code
        }
    }

    package init(_ phase: Phase, attempt: Int, at now: Timestamp) {
        self.phase = phase
        self.attempt = attempt
        let milliseconds = now.millisecondsSince1970
        at = Timestamp(millisecondsSince1970: milliseconds - ((milliseconds % 1000) + 1000) % 1000)
    }

    // MARK: Text

    /// The value of the tag.
    package var text: String {
        var words = [phase.rawValue, String(attempt), at.iso8601]
        if phase == .running {
            words.append("\(placed)/\(wanted)")
            words += tasks.map { mark in mark.id + (mark.code.map { "=\($0)" } ?? "") }
        }
        let head = words.joined(separator: " ")
        let room = Limits.tagValueLength - head.count - 1
        let note = String(RunMemory.tagText(note).prefix(max(0, room)))
        if note.isEmpty { return head }
        return String("\(head) \(phase == .running ? ": " : "")\(note)".prefix(Limits.tagValueLength))
    }

    /// Reads a tag's value; nil where it is none of ours.
    package init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 3, let phase = Phase(rawValue: words[0]), let attempt = Int(words[1]), attempt > 0,
            let at = Timestamp(iso8601: words[2])
        else { return nil }
        self.init(phase, attempt: attempt, at: at)
        var rest = words.dropFirst(3)
        guard phase == .running else {
            note = rest.joined(separator: " ")
            return
        }
        let counts = (rest.popFirst() ?? "").split(separator: "/").compactMap { Int($0) }
        guard counts.count == 2 else { return nil }
        (placed, wanted) = (counts[0], counts[1])
        for word in rest.prefix(while: { $0 != ":" }) {
            let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            tasks.append(Mark(id: parts[0], code: parts.count > 1 ? parts[1] : nil))
        }
        if let end = rest.firstIndex(of: ":") { note = rest[(end + 1)...].joined(separator: " ") }
    }

    /// What a tag's value may hold of a text.
    static func tagText(_ text: String) -> String {
        let allowed = Set("_.:/=+-@")
        let kept = text.map { $0.isASCII && ($0.isLetter || $0.isNumber) || allowed.contains($0) ? $0 : " " }
        return String(kept).split(separator: " ").joined(separator: " ")
    }

    /// The start of a task's id, as marks have it.
    static func shortID(ofTask arn: String) -> String {
        String((arn.split(separator: "/").last ?? "").prefix(Limits.markedIDLength))
    }
}
