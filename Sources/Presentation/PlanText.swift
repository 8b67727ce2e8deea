package import MooringModel
import MooringNames
import MooringShapes

/// A plan for people: one line for each service that is not as git says, what differs below it, and a summary.
///
/// ```
/// ~ main/web  update  web:12 -> web:(new)
///     containerDefinitions[web].image: "nginx:1.27" -> "nginx:1.28"
///     containerDefinitions[web].environment[DB_PASSWORD].value: (hidden) -> (hidden)
/// ! main/api  withheld  The service exists and is not managed by Mooring. …
///     desiredCount: 2 -> 3
///
/// 1 to update, 1 withheld, 12 unchanged.
/// ```
package enum PlanText {
    /// The text, a line break at its end.
    package static func text(of plan: Plan, palette: Palette = .plain) -> String {
        let rows = PlanRow.rows(of: plan)
        let shown = rows.filter { $0.heading != .unchanged || !$0.remarks.isEmpty }
        var lines = shown.flatMap { description(of: $0, palette) }
        if !lines.isEmpty { lines.append("") }
        lines.append(palette.paint(summary(of: plan), .bold))
        return lines.joined(separator: "\n") + "\n"
    }

    /// The last line: how many services stand how.
    package static func summary(of plan: Plan) -> String {
        let rows = PlanRow.rows(of: plan)
        guard !rows.isEmpty else { return "No services." }
        let parts = PlanRow.Heading.allCases.compactMap { heading -> String? in
            let count = rows.count { $0.heading == heading }
            return count > 0 ? "\(count) \(heading.phrase)" : nil
        }
        if parts.count == 1, rows.allSatisfy({ $0.heading == .unchanged }) {
            return rows.count == 1 ? "The service is as git says." : "All \(rows.count) services are as git says."
        }
        return parts.joined(separator: ", ") + "."
    }

    /// What differs, one line for each member: `desiredCount: 2 -> 3`.
    package static func changes(_ changes: [MemberChange], palette: Palette = .plain) -> [String] {
        let lines = changes.prefix(Limits.shownChanges).map { line(of: $0, palette) }
        let hidden = changes.count - Limits.shownChanges
        return hidden > 0 ? lines + ["and \(hidden) more"] : lines
    }

    private static func description(of row: PlanRow, _ palette: Palette) -> [String] {
        let (mark, colour) = row.heading.mark
        var revision = ""
        if let new = row.newRevision { revision = (row.oldRevision.map { "\($0) -> " } ?? "") + new }
        let parts = [
            palette.paint(mark, colour), palette.paint(row.key.description, .bold),
            palette.paint(row.heading.word, colour),
            revision, row.explanation.map { $0.safeLine.masked } ?? "",
        ]
        var lines = [parts.filter { !$0.isEmpty }.joined(separator: "  ")]
        // Further reasons, where there is more than one.
        lines += row.withheld.dropFirst().map { "    and: \($0.reason.sentence.safeLine.masked)" }
        lines += row.remarks.map { "    note: \($0.kind.sentence.safeLine.masked)" }
        lines += self.changes(row.changes, palette: palette).map { "    " + $0 }
        return lines
    }

    private static func line(of change: MemberChange, _ palette: Palette) -> String {
        let name = Masking.name(ofPath: change.path)
        let live = change.live.map { palette.paint(shown($0, name: name), .red) } ?? palette.paint("(none)", .dim)
        let wanted = change.wanted.map { palette.paint(shown($0, name: name), .green) } ?? palette.paint("(none)", .dim)
        let origin =
            switch change.origin {
            case .drift: palette.paint(" (changed by hand)", .dim)
            case .removed: palette.paint(" (removed from git)", .dim)
            case .git, .unknown: ""
            }
        return "\(change.path.safeLine): \(live) -> \(wanted)\(origin)"
    }

    private static func shown(_ value: Value, name: String?) -> String {
        let masked = Masking.masked(value, name: name)
        if masked.text == Masking.mark { return Masking.mark }
        return JSONWriter(.compact).text(of: masked).safeLine.shortenedInMiddle(to: Limits.shownValueCharacters)
    }
}

extension PlanRow {
    /// What is said behind the name.
    fileprivate var explanation: String? {
        if let reason { return reason }
        if let first = withheld.first { return first.reason.sentence }
        switch state {
        case .rolling(let progress): return progress
        case .rollingBack(let reason), .rejected(let reason): return reason
        case .withheld(let reason): return reason.sentence
        case .unknown(let why): return why
        case .synced, .changing: return nil
        }
    }
}

extension PlanRow.Heading {
    fileprivate var mark: (String, Palette.Colour) {
        switch self {
        case .create: ("+", .green)
        case .update: ("~", .yellow)
        case .withheld: ("!", .magenta)
        case .rejected: ("x", .red)
        case .underWay: (">", .cyan)
        case .unknown: ("?", .dim)
        case .unchanged: ("=", .dim)
        }
    }

    fileprivate var word: String {
        switch self {
        case .create: "create"
        case .update: "update"
        case .withheld: "withheld"
        case .rejected: "rejected"
        case .underWay: "under way"
        case .unknown: "unknown"
        case .unchanged: "unchanged"
        }
    }

    fileprivate var phrase: String {
        switch self {
        case .create: "to create"
        case .update: "to update"
        case .withheld, .rejected, .underWay, .unknown, .unchanged: word
        }
    }
}
