package import MooringModel
import MooringNames

/// What happened to a commit, for a check on a git host: the line of the whole, a table of its services and one-off tasks, and
/// ECS's own words to unfold.
///
/// Masked, and escaped as a plan is.
package enum ReportMarkdown {
    /// The text, a line break at its end; at most `limit` bytes.
    package static func text(of report: CommitReport, limit: Int = Limits.markdownBytes) -> String {
        var page = MarkdownPage(limit: limit, ending: "The note on the commit has all of it.\n")
        page.add("**\(Markdown.prose(report.summary.safeLine.masked))**\n")
        let findings = report.findings.prefix(Limits.markdownFindings)
        if !findings.isEmpty { page.add("\n") }
        for finding in findings { page.add("- \(prose(finding))\n") }
        if findings.count < report.findings.count {
            page.add("- and \(report.findings.count - findings.count) more findings\n")
        }
        // Those first that a person should know of.
        let told =
            (report.tasks.map { (service: $0, isTask: true) } + report.services.map { (service: $0, isTask: false) })
        let rows = [Sync.failed, .outOfSync, .progressing, .superseded, .synced].flatMap { sync in
            told.filter { $0.service.sync == sync }
        }
        guard !rows.isEmpty else { return page.text }
        page.add("\n| service | | revision | what happened |\n| --- | --- | --- | --- |\n")
        let shown = rows.prefix { page.add(line(of: $0.service, isTask: $0.isTask)) }
        if shown.count < rows.count {
            page.end("\n\(rows.count - shown.count) more services are not shown. ")
            return page.text
        }
        for (service, _) in rows where !service.evidence.isEmpty {
            let lines = service.evidence.map { $0.safeLine.masked.shortened(to: Limits.noteTextCharacters) }
            let summary = "<details><summary>\(Markdown.code(service.key.description)): what ECS says</summary>"
            guard page.add("\n\(summary)\n\n\(Markdown.fenced(lines))\n</details>\n") else { break }
        }
        return page.text
    }

    private static func line(of service: ServiceReport, isTask: Bool) -> String {
        let words = [service.cause, service.remedy.map { "Do: " + $0 }].compactMap { $0 }.map(prose)
        let revisions = [service.oldRevision, service.newRevision].compactMap { $0 }.map {
            Markdown.code($0.description)
        }
        let name = (isTask ? "task " : "") + service.key.description
        let cells = [
            Markdown.code(name), service.sync.rawValue, revisions.joined(separator: " → "),
            words.joined(separator: "<br>"),
        ]
        return "| \(cells.joined(separator: " | ")) |\n"
    }

    private static func prose(_ text: String) -> String {
        Markdown.prose(text.safeLine.masked.shortened(to: Limits.noteTextCharacters))
    }
}
