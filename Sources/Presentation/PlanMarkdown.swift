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
    ///   - findings: what there is to say about the manifests, one line each.
    package static func text(
        of plan: Plan, title: String = "", findings: [String] = [], limit: Int = Limits.markdownBytes,
    ) -> String {
        var page = Page(limit: limit)
        if !title.isEmpty { page.add("### \(prose(title))\n\n") }
        page.add("**\(prose(PlanText.summary(of: plan)))**\n")
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

    private static func addFindings(_ findings: [String], to page: inout Page) {
        guard !findings.isEmpty else { return }
        page.add("\n")
        // Findings must not take the place of the plan.
        let shown = findings.prefix(Limits.markdownFindings)
        for finding in shown {
            page.add("- \(prose(finding.safeLine.masked.shortened(to: Limits.noteTextCharacters)))\n")
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
        let why = reasons.map { prose($0.safeLine.masked.shortened(to: Limits.noteTextCharacters)) }
        let cells = [code(name), word, revision.isEmpty ? "" : code(revision), why.joined(separator: "<br>")]
        return "| \(cells.joined(separator: " | ")) |\n"
    }

    private static func details(of row: PlanRow) -> String {
        let what = row.creation.isEmpty ? countedChanges(of: row) : row.isLater ? "created after others" : "created"
        let lines = row.creation + PlanText.changes(row.changes, withheld: row.withheldChanges)
        // The fence is longer than any run of backticks inside, so that none of them ends it.
        let longest = lines.map { longestRun(of: "`", in: $0) }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\n<details><summary>\(code(row.key.description)): \(what)</summary>\n\n\(fence)text\n"
            + lines.joined(separator: "\n") + "\n\(fence)\n\n</details>\n"
    }

    /// `4 changes, 1 of them withheld`
    private static func countedChanges(of row: PlanRow) -> String {
        let (done, withheld) = (row.changes.count, row.withheldChanges.count)
        let count = "\(done + withheld) change\(done + withheld == 1 ? "" : "s")"
        if withheld == 0 { return count }
        return done == 0 ? "\(count), withheld" : "\(count), \(withheld) of them withheld"
    }

    // MARK: Escaping

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

    private static func longestRun(of character: Character, in text: String) -> Int {
        var (longest, run) = (0, 0)
        for next in text {
            run = next == character ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    /// A text that stops growing in time.
    private struct Page {
        private(set) var text = ""
        private let limit: Int
        private static let ending = "Run `mooring plan` for all of it.\n"

        init(limit: Int) { self.limit = limit }

        /// - Returns: whether there was room, for the end as well.
        @discardableResult
        mutating func add(_ part: String) -> Bool {
            guard text.utf8.count + part.utf8.count + Limits.markdownEndBytes <= limit else { return false }
            text += part
            return true
        }

        /// Says what is missing.
        mutating func end(_ sentence: String) { text += sentence + Page.ending }
    }
}
