import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation
import MooringShapes

/// What a commit's report looks like on a git host: one check of the whole and, where asked for, one for each service that the
/// commit affects.
enum ReportStatuses {
    /// The check of the whole first.
    ///
    /// - Parameter findings: those of the manifests at this commit, for hosts that show them beside the lines.
    static func statuses(
        of report: CommitReport, findings: [Finding], policy: EnvironmentPolicy,
    ) -> [CommitStatus] {
        let isOnlyObserving = !policy.act && report.sync == .outOfSync
        // A deployment that was begun ends when a newer commit takes over, whatever is still known of it.
        let affects = !(report.services.isEmpty && report.tasks.isEmpty) || report.sync == .superseded
        let deploys = policy.act && affects
        let whole = CommitStatus(
            commit: report.commit, context: policy.statusContext,
            state: isOnlyObserving ? .success : state(of: report.sync), summary: report.summary,
            link: link(of: report, policy), kind: deploys ? .deployment(policy.identity.environment) : .report,
            details: ReportMarkdown.text(of: report), annotations: annotations(of: findings))
        // Hosts count posts, by the hour: past this many the whole has to do.
        guard policy.postsServiceStatuses, report.services.count <= Limits.serviceStatuses else { return [whole] }
        return [whole]
            + report.services.map { service in
                CommitStatus(
                    commit: report.commit, context: "\(policy.statusContext)/\(service.key)",
                    state: isOnlyObserving && service.sync == .outOfSync ? .success : state(of: service.sync),
                    summary: StatusSummary.text(of: service), link: ConsoleLink.service(service.key, in: policy.region))
            }
    }

    private static func state(of sync: Sync) -> CommitStatus.State {
        switch sync {
        case .synced: .success
        case .progressing: .pending
        case .failed, .outOfSync: .failure
        case .superseded: .neutral
        }
    }

    /// Where to look on: at the service that says most, in AWS's own console.
    private static func link(of report: CommitReport, _ policy: EnvironmentPolicy) -> String? {
        StatusSummary.exemplar(of: report).map {
            ConsoleLink.page(of: $0.key, isTask: report.tasks.contains($0), in: policy.region)
        }
            ?? report.services.first.map { ConsoleLink.service($0.key, in: policy.region) }
    }

    /// Findings beside their lines; hosts take only so many.
    static func annotations(of findings: [Finding]) -> [StatusAnnotation] {
        let told = findings.filter { $0.severity != .remark && $0.file != nil }.sorted()
        return told.prefix(Limits.annotations).compactMap { finding in
            finding.file.map { file in
                StatusAnnotation(
                    path: file, line: max(1, finding.position?.line ?? 1),
                    message: "\(Masking.masked(finding.message)) [\(finding.rule)]", isError: finding.severity == .error
                )
            }
        }
    }
}
