package import MooringModel
import MooringNames

/// A report in one line, as a status check on a commit shows it.
package enum StatusSummary {
    /// At most 140 characters: how many services stand as the commit says, and the one that a person should know of.
    package static func text(of report: CommitReport) -> String {
        sentence(report).onOneLine.masked.shortened(to: Limits.summaryCharacters)
    }

    private static func sentence(_ report: CommitReport) -> String {
        if report.sync == .superseded {
            return report.supersededBy.map { "Superseded by \($0.short)." } ?? "Superseded by a newer commit."
        }
        if let finding = report.findings.first, report.sync == .failed,
            !report.services.contains(where: { $0.sync == .failed })
        {
            let others = report.findings.count > 1 ? " (and \(report.findings.count - 1) more)" : ""
            return "Manifests cannot be used\(others): \(finding)"
        }
        guard !report.services.isEmpty || !report.tasks.isEmpty else {
            switch report.sync {
            case .synced: return "No service is affected."
            case .progressing: return "Looking at the manifests."
            case .failed: return "The manifests cannot be used."
            case .outOfSync, .superseded: return "Not what git says."
            }
        }
        guard let exemplar = exemplar(of: report) else { return allSynced(report) }
        // How long it takes says more of many than what one of them does.
        let what = exemplar.sync == .progressing ? report.timeLeft : nil
        return count(report, exemplar.sync) + (what ?? about(exemplar, in: report))
    }

    private static func allSynced(_ report: CommitReport) -> String {
        if report.services.isEmpty {
            return report.tasks.count == 1
                ? "Task \(report.tasks[0].key.service) has run." : "\(report.tasks.count) tasks have run."
        }
        guard let only = report.services.first, report.services.count == 1 else {
            return "\(report.services.count) of \(report.services.count) services run what the commit says."
        }
        if let cause = only.cause { return "\(only.key.service): \(cause)" }
        return "\(only.key.service) runs \(only.newRevision.map { "\($0)" } ?? "what the commit says")."
    }

    /// The service that says most about the report; nil where all is well.
    private static func exemplar(of report: CommitReport) -> ServiceReport? {
        for sync in [Sync.failed, .progressing, .outOfSync, .superseded] {
            // Among equals the one that has something to say.
            let candidates = (report.services + report.tasks).filter { $0.sync == sync }
            if let found = candidates.first(where: { $0.cause != nil }) ?? candidates.first { return found }
        }
        return nil
    }

    private static func count(_ report: CommitReport, _ sync: Sync) -> String {
        let all = report.services.count
        guard all > 1 else { return "" }
        let synced = report.services.count { $0.sync == .synced }
        let same = report.services.count { $0.sync == sync }
        switch sync {
        case .failed: return "\(same)/\(all) services failed, "
        case .outOfSync: return "\(same)/\(all) services withheld, "
        default: return "\(synced)/\(all) services, "
        }
    }

    private static func about(_ service: ServiceReport, in report: CommitReport) -> String {
        let isAmbiguous = report.services.count { $0.key.service == service.key.service } > 1
        let isTask = report.tasks.contains(service)
        let name = (isTask ? "task " : "") + (isAmbiguous ? service.key.description : service.key.service.text)
        let state: String =
            switch service.sync {
            case .failed: wasRolledBack(service) ? "rolled back" : "failed"
            case .progressing: "waiting"
            case .outOfSync: "withheld"
            case .superseded: "superseded"
            case .synced: "synced"
            }
        guard let cause = service.cause, !cause.isEmpty else { return "\(name): \(state)" }
        if service.sync == .progressing { return "\(name): \(cause)" }
        return "\(name) \(state): \(cause)"
    }

    /// ECS says so in the reason of the rollout.
    private static func wasRolledBack(_ service: ServiceReport) -> Bool {
        (service.evidence + [service.cause ?? ""]).contains { text in
            let text = text.lowercased()
            return text.contains("rolling back") || text.contains("rolled back") || text.contains("rollback")
        }
    }
}
