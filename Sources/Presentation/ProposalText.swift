package import MooringModel
package import MooringNames

/// What a merge would do, for a check on a pull request and the comment below it.
package enum ProposalText {
    /// One line: `2 services change, 1 task definition is new.`
    ///
    /// - Parameters:
    ///   - settingsChange: whether `mooring.yaml` says something else than before.
    ///   - warnings: how many there are about the manifests that were not there before.
    package static func summary(of plan: Plan, settingsChange: Bool = false, warnings: Int = 0) -> String {
        let rows = PlanRow.rows(of: plan)
        func count(_ heading: PlanRow.Heading) -> Int { rows.count { $0.heading == heading } }
        let removed = plan.leaving.count { $0.isRemoved }
        let registered = PlanRow.registrations(in: plan.steps + plan.withheld.flatMap(\.later)).count
        let started = plan.runs.count { $0.state.isToBegin }
        let failed = count(.rejected) + count(.overdue)
        // The first number names the noun.
        let parts = [
            (count(.update), "changes", "change"), (count(.create), "is new", "are new"),
            (removed, "is removed", "are removed"), (plan.leaving.count - removed, "leaves git", "leave git"),
            (count(.withheld) - (plan.leaving.count - removed), "is withheld", "are withheld"),
            (failed, "failed before", "failed before"), (count(.underWay), "is under way", "are under way"),
            (count(.unknown), "is unknown", "are unknown"),
        ].filter { $0.0 > 0 }
        var words = parts.enumerated().map { index, part in
            let noun = index > 0 ? "" : part.0 == 1 ? "service " : "services "
            return "\(part.0) \(noun)\(part.0 == 1 ? part.1 : part.2)"
        }
        if registered > 0 {
            words.append(registered == 1 ? "1 task definition is new" : "\(registered) task definitions are new")
        }
        if started > 0 { words.append(started == 1 ? "1 task runs" : "\(started) tasks run") }
        if words.isEmpty {
            words.append(settingsChange ? "Only the environment's settings change" : "No service changes")
        }
        if warnings > 0 { words.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
        return (words.joined(separator: ", ") + ".").onOneLine.shortened(to: Limits.summaryCharacters)
    }

    /// One line about manifests that cannot be used: the first finding, and how many more there are.
    package static func invalid(_ findings: [Finding]) -> String {
        guard let first = findings.first else { return "The manifests cannot be used." }
        let more = findings.count > 1 ? " (and \(findings.count - 1) more)" : ""
        return "Invalid\(more): \(first.place.isEmpty ? "" : first.place + ": ")\(first.message)".onOneLine.masked
            .shortened(to: Limits.summaryCharacters)
    }

    /// One line about a merge that git itself cannot make.
    package static func conflict(_ paths: [TreePath], base: BranchName) -> String {
        let more = paths.count > 1 ? " and \(paths.count - 1) more" : ""
        let what = paths.first.map { "\($0)\(more)" } ?? "some files"
        return "Cannot be merged into \(base): \(what) changed on both sides.".onOneLine.shortened(
            to: Limits.summaryCharacters)
    }

    /// The comment: the plan as Markdown, what it is a plan of below.
    ///
    /// - Parameters:
    ///   - findings: what there is to say about the manifests as they would be.
    ///   - acts: whether the environment would do it.
    package static func comment(
        _ plan: Plan, summary: String, findings: [Finding], of head: CommitID, into base: BranchName,
        environment: EnvironmentName, acts: Bool,
    ) -> String {
        let what = "Plan of \(head.short) merged into \(base), compared with what ran when it was made."
        let mode = acts ? "" : " The environment only observes: nothing of it would be done."
        let foot = "\n<sub>\(Markdown.prose(what + mode))</sub>\n"
        let text = PlanMarkdown.text(
            of: plan, title: "Plan of merging this into \(environment)", summary: summary,
            findings: findings.map(\.line),
            limit: Limits.markdownBytes - foot.utf8.count)
        return text + foot
    }
}

extension LeavingService {
    fileprivate var isRemoved: Bool {
        if case .removing = state { return true }
        return false
    }
}
