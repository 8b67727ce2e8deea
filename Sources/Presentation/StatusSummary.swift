package import MooringModel
import MooringNames

/// A report in one line, as a status check on a commit shows it.
package enum StatusSummary {
    /// At most 140 characters: how many services stand as the commit says, and the one that a person should know of.
    ///
    /// - Parameters:
    ///   - others: what the report says nothing of and what is not as git says; named where all else is well.
    package static func text(of report: CommitReport, others: [OtherStanding] = []) -> String {
        let elsewhere = (report.sync == .synced ? elsewhere(others) : "").onOneLine.masked
        let text = sentence(report).onOneLine.masked
        if elsewhere.isEmpty { return text.shortened(to: Limits.summaryCharacters) }
        return "\(text.shortened(to: Limits.summaryCharacters - elsewhere.count - 1)) \(elsewhere)"
    }

    /// Two names are shown, those that failed first.
    private static func elsewhere(_ others: [OtherStanding]) -> String {
        guard !others.isEmpty else { return "" }
        let failed = others.filter { $0.sync == .failed }
        let shown = (failed + others.filter { $0.sync != .failed }).prefix(2).map { other in
            "\(other.name.shortened(to: Limits.otherNameCharacters)) \(other.sync == .failed ? "failed" : "withheld")"
        }
        let more = others.count > shown.count ? " and \(others.count - shown.count) more" : ""
        return "Elsewhere: \(shown.joined(separator: ", "))\(more)."
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
        let what = exemplar.sync == .progressing && exemplar.remedy == nil ? report.timeLeft : nil
        let count = count(report, exemplar.sync)
        return count + (what ?? about(exemplar, in: report, room: Limits.summaryCharacters - count.count))
    }

    private static func allSynced(_ report: CommitReport) -> String {
        if report.services.isEmpty {
            return report.tasks.count == 1
                ? "Task \(report.tasks[0].key.service) has run." : "\(report.tasks.count) tasks have run."
        }
        guard let only = report.services.first, report.services.count == 1 else {
            let removed = report.services.count { $0.newRevision == nil && $0.cause == CommitReport.removed }
            let kept = report.services.count - removed
            let gone = removed == 0 ? "" : "\(removed) \(removed == 1 ? "service was" : "services were") removed."
            if kept == 0 { return gone }
            let short = report.services.first {
                $0.health == .degraded && $0.cause != nil && $0.cause != CommitReport.removed
            }
            let but = short.map { " \($0.key.service): \($0.cause ?? "")" } ?? ""
            return "\(kept) of \(kept) services run what the commit says." + (gone.isEmpty ? "" : " \(gone)") + but
        }
        if let cause = only.cause { return "\(only.key.service): \(cause)" }
        return "\(only.key.service) runs \(only.newRevision.map { "\($0)" } ?? "what the commit says")."
    }

    /// The service that says most about the report; nil where all is well.
    package static func exemplar(of report: CommitReport) -> ServiceReport? {
        for sync in [Sync.failed, .progressing, .outOfSync, .superseded] {
            // Among equals the one that has something to say.
            let candidates = (report.services + report.tasks).filter { $0.sync == sync }
            let found = candidates.first { $0.remedy != nil } ?? candidates.first { $0.cause != nil }
            if let found = found ?? candidates.first { return found }
        }
        return nil
    }

    /// One service, or one one-off task, in a line.
    package static func text(of service: ServiceReport) -> String {
        let text: String =
            if service.sync == .synced, service.cause == nil {
                "Runs \(service.newRevision.map { "\($0)" } ?? "what the commit says")."
            } else if service.sync == .progressing, let cause = service.cause {
                cause
            } else {
                told(begun(state(of: service)), service.cause, room: Limits.summaryCharacters)
            }
        return text.onOneLine.masked.shortened(to: Limits.summaryCharacters)
    }

    private static func begun(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() }

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

    /// - Parameter room: characters that there are for it.
    private static func about(_ service: ServiceReport, in report: CommitReport, room: Int) -> String {
        let isAmbiguous = report.services.count { $0.key.service == service.key.service } > 1
        let isTask = report.tasks.contains(service)
        let name = (isTask ? "task " : "") + (isAmbiguous ? service.key.description : service.key.service.text)
        let state = state(of: service)
        guard let cause = service.cause, !cause.isEmpty else { return "\(name): \(state)" }
        if service.sync == .progressing { return "\(name): \(cause)" }
        return told("\(name) \(state)", cause, room: room)
    }

    /// A state and its cause. Of a chain that takes more than there is room for the middle is left out, because ECS begins it with
    /// what was tried and ends it with what went wrong.
    private static func told(_ state: String, _ cause: String?, room: Int) -> String {
        guard let cause else { return state + "." }
        // Masked before it is cut: half a key is no longer known as one.
        let left = max(Limits.otherNameCharacters, room - state.count - 2)
        let words = cause.onOneLine.masked
        // Registries and accounts take the most room and say the least.
        let short = words.count > left ? words.withoutLongPaths(Limits.shortWord) : words
        // One sentence: ECS chains it. Several begin with what happened and end with what to do or where to read on.
        let isChain = !short.contains(". ") && !short.hasSuffix("…")
        return "\(state): \(isChain ? short.shortenedInMiddle(to: left) : short.shortened(to: left))"
    }

    private static func state(of service: ServiceReport) -> String {
        switch service.sync {
        case .failed: wasRolledBack(service) ? "rolled back" : "failed"
        case .progressing: "waiting"
        case .outOfSync: "withheld"
        case .superseded: "superseded"
        case .synced: "synced"
        }
    }

    /// ECS says so in the reason of the rollout.
    private static func wasRolledBack(_ service: ServiceReport) -> Bool {
        (service.evidence + [service.cause ?? ""]).contains { text in
            let text = text.lowercased()
            return text.contains("rolling back") || text.contains("rolled back") || text.contains("rollback")
        }
    }
}
