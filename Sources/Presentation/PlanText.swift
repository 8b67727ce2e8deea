package import MooringModel
import MooringNames

/// A plan for people: one line for each service that is not as git says, what differs below it, and a summary.
///
/// ```
/// ~  main/web  update  web:12 -> web:(new)  No registered revision has what git says.
///     containerDefinitions[web].image: "nginx:1.27" -> "nginx:1.28"
///     containerDefinitions[web].environment[DB_PASSWORD]: (hidden) -> (hidden)
/// +  main/mail  create  mail:(new)  The service does not exist.
///     2 tasks on FARGATE, 2 subnets
///     1 container, cpu 256, memory 512
///     mail: mail:3.1, 4 variables, 1 secret
/// +  main/cart  create, after others  cart:(new)  Its turn comes when a rollout before it is over …
///     1 task on FARGATE, 2 subnets
/// !  main/api  withheld  The service exists and is not managed by Mooring. …
///     desiredCount: 2 -> 3
///
/// 1 service changes, 2 are to be created, 12 are as git says, 1 is withheld.
/// ```
package enum PlanText {
    /// The text, a line break at its end.
    package static func text(of plan: Plan, palette: Palette = .plain) -> String {
        let rows = PlanRow.rows(of: plan)
        let shown = rows.filter { $0.heading != .unchanged || !$0.remarks.isEmpty }
        var lines = RunLine.lines(of: plan, palette) + shown.flatMap { description(of: $0, palette) }
        if !lines.isEmpty { lines.append("") }
        lines.append(palette.paint(summary(of: plan), .bold))
        return lines.joined(separator: "\n") + "\n"
    }

    /// The last line: how many services stand how, how many rollouts are overdue, and how far one-off tasks are.
    package static func summary(of plan: Plan) -> String {
        let rows = PlanRow.rows(of: plan)
        var parts = services(rows)
        let overdue = rows.count { $0.heading == .overdue }
        if overdue > 0 { parts.append(overdue == 1 ? "1 rollout is overdue" : "\(overdue) rollouts are overdue") }
        parts += RunLine.counts(of: plan.runs)
        return parts.isEmpty ? "No services." : parts.joined(separator: ", ") + "."
    }

    private static func services(_ rows: [PlanRow]) -> [String] {
        if !rows.isEmpty, rows.allSatisfy({ $0.heading == .unchanged }) {
            return [rows.count == 1 ? "The service is as git says" : "All \(rows.count) services are as git says"]
        }
        let order: [PlanRow.Heading] = [
            .update, .create, .delete, .underWay, .rejected, .unknown, .unchanged, .withheld,
        ]
        let parts = order.compactMap { heading -> (count: Int, heading: PlanRow.Heading)? in
            let count = rows.count { $0.heading == heading }
            return count > 0 ? (count, heading) : nil
        }
        return parts.enumerated().map { index, part in
            let noun = index > 0 ? "" : part.count == 1 ? "service " : "services "
            return "\(part.count) \(noun)\(part.heading.phrase(part.count))"
        }
    }

    /// What differs, one line for each leaf: `desiredCount: 2 -> 3`.
    ///
    /// - Parameter withheld: what differs and stays so; shown behind the others, and marked.
    package static func changes(
        _ changes: [MemberChange], withheld: [MemberChange] = [], palette: Palette = .plain,
    ) -> [String] {
        var lines: [String] = []
        for (index, change) in (changes + withheld).enumerated() {
            let (shown, hidden) = ChangeLine.lines(of: change)
            if lines.count + shown.count > Limits.shownChanges {
                return lines + ["and \(changes.count + withheld.count - index) more"]
            }
            let notes = [ChangeLine.origin(of: change), index < changes.count ? nil : "withheld"].compactMap { $0 }
            let ending = notes.map { palette.paint("  (\($0))", .dim) }.joined()
            lines += shown.map { line(of: $0, palette) + ending }
            if hidden > 0 { lines.append(palette.paint("\(change.path.safeLine): and \(hidden) more", .dim)) }
        }
        return lines
    }

    private static func description(of row: PlanRow, _ palette: Palette) -> [String] {
        let (mark, colour) = row.heading.mark
        let parts = [
            palette.paint(mark, colour), palette.paint(row.key.description, .bold),
            palette.paint(row.word, colour),
            row.revisions(arrow: "->"), row.explanation.map { $0.safeLine.masked } ?? "",
        ]
        var lines = [parts.filter { !$0.isEmpty }.joined(separator: "  ")]
        // Further reasons, where there is more than one.
        lines += row.otherReasons.map { "    and: \($0.safeLine.masked)" }
        if let remedy = row.remedy { lines.append("    do: \(remedy.safeLine.masked)") }
        lines += row.remarks.map { "    note: \($0.kind.sentence.safeLine.masked)" }
        lines += row.creation.map { "    " + $0 }
        lines += self.changes(row.changes, withheld: row.withheldChanges, palette: palette).map { "    " + $0 }
        return lines
    }

    private static func line(of line: ChangeLine, _ palette: Palette) -> String {
        let live = line.live.map { palette.paint($0, .red) } ?? palette.paint("(none)", .dim)
        let wanted = line.wanted.map { palette.paint($0, .green) } ?? palette.paint("(none)", .dim)
        return "\(line.path): \(live) -> \(wanted)"
    }
}

extension PlanRow.Heading {
    var mark: (String, Palette.Colour) {
        switch self {
        case .create: ("+", .green)
        case .update: ("~", .yellow)
        case .delete: ("-", .red)
        case .withheld: ("!", .magenta)
        case .rejected: ("x", .red)
        case .overdue: (">", .yellow)
        case .underWay: (">", .cyan)
        case .unknown: ("?", .dim)
        case .unchanged: ("=", .dim)
        }
    }

    var word: String {
        switch self {
        case .create: "create"
        case .update: "update"
        case .delete: "delete"
        case .withheld: "withheld"
        case .rejected: "rejected"
        case .overdue: "overdue"
        case .underWay: "under way"
        case .unknown: "unknown"
        case .unchanged: "unchanged"
        }
    }

    /// Behind a number: `2 change`, `1 is to be created`.
    fileprivate func phrase(_ count: Int) -> String {
        let verb = count == 1 ? "is" : "are"
        return switch self {
        case .create: "\(verb) to be created"
        case .update: count == 1 ? "changes" : "change"
        case .delete: "\(verb) to be deleted"
        case .withheld: "\(verb) withheld"
        case .rejected: count == 1 ? "was rejected by ECS" : "were rejected by ECS"
        case .overdue: "\(verb) overdue"
        case .underWay: "\(verb) under way"
        case .unknown: "\(verb) unknown"
        case .unchanged: "\(verb) as git says"
        }
    }
}
