package import MooringModel
package import MooringNames

/// What happened to a commit, for a terminal.
package enum ReportText {
    /// One line: the commit, when it was last reported, how it stands, and who made it.
    ///
    /// - Parameters:
    ///   - subject: first line of the commit's message.
    ///   - showsEnvironment: whether several environments are told of.
    package static func line(
        of report: CommitReport, subject: String, showsEnvironment: Bool = false, palette: Palette = .plain,
    ) -> String {
        let environment = showsEnvironment ? "\(report.environment.environment)  " : ""
        let sync = report.sync.rawValue.padded(to: 11)
        return [
            palette.paint(report.commit.short, .yellow), palette.paint(report.updated.iso8601, .dim),
            environment + palette.paint(sync, colour(of: report.sync)) + " " + report.summary.safeLine.masked,
            palette.paint(subject.safeLine.shortened(to: 60), .dim),
        ].joined(separator: "  ")
    }

    /// The whole report: a line on the commit, one for each service and task with what to do below it, and findings.
    package static func text(
        of report: CommitReport, subject: String, author: String, palette: Palette = .plain,
    ) -> String {
        var lines = [
            palette.paint("\(report.environment.environment)", .bold)
                + "  \(report.commit.short) '\(subject.safeLine.shortened(to: 100))' by \(author.safeLine)",
            "  \(palette.paint(report.sync.rawValue, colour(of: report.sync)))  \(report.health.rawValue)  "
                + "\(report.summary.safeLine.masked)  \(palette.paint("(\(report.updated.iso8601))", .dim))",
        ]
        for finding in report.findings { lines.append("  \(finding.safeLine.masked)") }
        for task in report.tasks { lines += self.lines(of: task, name: "task \(task.key)", palette) }
        for service in report.services { lines += self.lines(of: service, name: "\(service.key)", palette) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What an earlier commit left behind, in a line.
    package static func leftBehind(
        _ service: ServiceReport, by commit: CommitID, palette: Palette = .plain,
    ) -> String {
        "    since \(palette.paint(commit.short, .yellow)): "
            + lines(of: service, name: "\(service.key)", palette).map { $0.drop { $0 == " " } }.joined(
                separator: "\n        ")
            + "\n"
    }

    private static func lines(of service: ServiceReport, name: String, _ palette: Palette) -> [String] {
        let revisions = [service.oldRevision, service.newRevision].compactMap { $0?.description }
        let parts = [
            palette.paint(name, .bold), palette.paint(service.sync.rawValue, colour(of: service.sync)),
            service.health == .unknown ? "" : service.health.rawValue, revisions.joined(separator: " -> "),
            service.cause?.safeLine.masked ?? "",
        ]
        var lines = ["    " + parts.filter { !$0.isEmpty }.joined(separator: "  ")]
        if let remedy = service.remedy { lines.append("        do: \(remedy.safeLine.masked)") }
        for text in service.evidence { lines.append("        > \(text.safeLine.masked)") }
        return lines
    }

    private static func colour(of sync: Sync) -> Palette.Colour {
        switch sync {
        case .synced: .green
        case .progressing: .blue
        case .outOfSync: .yellow
        case .failed: .red
        case .superseded: .dim
        }
    }
}

extension String {
    /// With blanks behind it up to `count` characters.
    fileprivate func padded(to count: Int) -> String {
        self.count >= count ? self : self + String(repeating: " ", count: count - self.count)
    }
}
