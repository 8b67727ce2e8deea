package import MooringModel
import MooringNames

/// A plan for a comment on a pull request: a line on how many services stand how, a table of those that are not as git
/// says, and for each its changed members to unfold.
///
/// Whatever manifests and ECS say is escaped: no value can break out of its cell, mention a person or link an issue. What
/// does not fit into a comment is left out, and how much that is is said.
package enum PlanMarkdown {
    /// The text, a line break at its end; at most `limit` bytes.
    ///
    /// - Parameters:
    ///   - title: a heading; none where empty.
    ///   - summary: the first line; nil for how many services stand how.
    ///   - findings: what there is to say about the manifests, one line each.
    package static func text(
        of plan: Plan, title: String = "", summary: String? = nil, findings: [String] = [],
        limit: Int = Limits.markdownBytes,
    ) -> String {
        var page = MarkdownPage(limit: limit, ending: "Run `mooring plan` for all of it.\n")
        if !title.isEmpty { page.add("### \(Markdown.prose(title))\n\n") }
        page.add("**\(Markdown.prose(summary ?? PlanText.summary(of: plan)))**\n")
        addFindings(findings, to: &page)
        let rows = PlanRow.rows(of: plan).filter { $0.heading != .unchanged }
        let runs = plan.runs.filter { $0.state != .done }
        guard !rows.isEmpty || !runs.isEmpty else { return page.text }
        page.add("\n| service | | revision | why |\n| --- | --- | --- | --- |\n")
        let lines = runs.map { tableLine(of: $0, in: plan) } + rows.map(tableLine(of:))
        let listed = lines.prefix { page.add($0) }
        if listed.count < lines.count {
            page.end("\n\(lines.count - listed.count) more services are not shown: a comment takes no more. ")
            return page.text
        }
        let detailed = rows.filter {
            !$0.changes.isEmpty || !$0.withheldChanges.isEmpty || !$0.creation.isEmpty
        }
        let shown = detailed.prefix { page.add(details(of: $0)) }
        if shown.count < detailed.count {
            page.end(
                "\nThe changes of \(detailed.count - shown.count) more services are not shown: a comment takes no more. "
            )
        }
        return page.text
    }

    private static func addFindings(_ findings: [String], to page: inout MarkdownPage) {
        guard !findings.isEmpty else { return }
        page.add("\n")
        // Findings must not take the place of the plan.
        let shown = findings.prefix(Limits.markdownFindings)
        for finding in shown {
            page.add("- \(Markdown.prose(finding.safeLine.masked.shortened(to: Limits.noteTextCharacters)))\n")
        }
        if shown.count < findings.count { page.add("- and \(findings.count - shown.count) more findings\n") }
    }

    private static func tableLine(of row: PlanRow) -> String {
        let remarks = row.remarks.map { "Note: " + $0.kind.sentence }
        let reasons = [row.explanation, row.remedy.map { "Do: " + $0 }].compactMap { $0 } + row.otherReasons + remarks
        return tableLine(
            row.key.description, row.word, row.newRevision == nil ? "" : row.revisions(arrow: "→"), reasons)
    }

    private static func tableLine(of run: RunStanding, in plan: Plan) -> String {
        let reasons = [run.state.sentence, run.state.trouble.map { "Do: " + $0.remedy }].compactMap { $0 }
        return tableLine(
            run.node.description, run.state.planWord, RunLine.revisionInWords(of: run, in: plan), reasons)
    }

    private static func tableLine(_ name: String, _ word: String, _ revision: String, _ reasons: [String]) -> String {
        let why = reasons.map { Markdown.prose($0.safeLine.masked.shortened(to: Limits.noteTextCharacters)) }
        let cells = [
            Markdown.code(name), word, revision.isEmpty ? "" : Markdown.code(revision), why.joined(separator: "<br>"),
        ]
        return "| \(cells.joined(separator: " | ")) |\n"
    }

    private static func details(of row: PlanRow) -> String {
        let what = row.creation.isEmpty ? countedChanges(of: row) : row.isLater ? "created after others" : "created"
        let lines = row.creation + PlanText.changes(row.changes, withheld: row.withheldChanges)
        return
            "\n<details><summary>\(Markdown.code(row.key.description)): \(what)</summary>\n\n\(Markdown.fenced(lines))\n</details>\n"
    }

    /// `4 changes, 1 of them withheld`
    private static func countedChanges(of row: PlanRow) -> String {
        let (done, withheld) = (row.changes.count, row.withheldChanges.count)
        let count = "\(done + withheld) change\(done + withheld == 1 ? "" : "s")"
        if withheld == 0 { return count }
        return done == 0 ? "\(count), withheld" : "\(count), \(withheld) of them withheld"
    }

}
