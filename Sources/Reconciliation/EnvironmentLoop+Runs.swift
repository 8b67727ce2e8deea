package import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts

/// One-off tasks, beside the services.
extension EnvironmentLoop {
    /// Marks the one-off tasks whose inputs differ from before as to be planned.
    mutating func takeRuns(of desired: DesiredState) {
        let digests = Planner.runDigests(of: desired, identity: policy.identity)
        for (node, digest) in digests where source.runDigests[node] != digest {
            unplannedRuns.insert(node)
            observed.runAnswers[node] = nil
            observed.runRefusals[node] = nil
        }
        runStandings = runStandings.filter { digests[$0.key] != nil }
        unplannedRuns.formIntersection(digests.keys)
        source.runDigests = digests
    }

    /// Enters where one-off tasks stand; tells what is new.
    mutating func takeRuns(_ runs: [RunStanding]) {
        for standing in runs {
            let before = runStandings[standing.node]
            let standing = before.map { standing.keepingWords(of: $0) } ?? standing
            runStandings[standing.node] = standing
            if before?.hasFailed == true, standing.isUnderWay { join(standing) }
            if standing.isUnreadable {
                unplannedRuns.insert(standing.node)
            } else {
                unplannedRuns.remove(standing.node)
            }
            guard before != standing else { continue }
            tell(.run(standing))
            // Who was not started because of it may have its turn now, or learns why it has not.
            if before?.state.isEnd != standing.state.isEnd { reconsiderDependents() }
        }
    }

    /// Whether a one-off task is under way.
    var isRunning: Bool { runStandings.values.contains(where: \.isUnderWay) || !unplannedRuns.isEmpty }

    /// Where every one-off task stands that was looked at, sorted.
    package var runs: [RunStanding] { runStandings.values.sorted { $0.node < $1.node } }

    // MARK: Reports

    /// The one-off tasks that a commit affects: those whose files it touches, and those that were not looked at yet.
    func affectedRuns(_ changed: Set<TreePath>) -> [OrderNode: Digest] {
        var runs: [OrderNode: Digest] = [:]
        for run in source.desired?.runs ?? [] {
            let isTouched = run.files.contains(where: changed.contains)
            if isTouched || unplannedRuns.contains(run.node) { runs[run.node] = source.runDigests[run.node] }
        }
        return runs
    }

    /// The reports of these one-off tasks before anything is known of them.
    func openingReports(of runs: [OrderNode: Digest]) -> [ServiceReport] {
        runs.keys.sorted().compactMap(\.reportKey).map {
            ServiceReport(key: $0, sync: .progressing, updated: now.wall)
        }
    }

    /// One one-off task's report brought up to what is known now.
    func refreshed(run report: ServiceReport, wanted: [OrderNode: Digest], isHead: Bool) -> ServiceReport {
        var result = report
        guard let node = OrderNode(reportKey: report.key) else { return report }
        if isHead, let bad = source.desired?.badRuns.first(where: { $0.node == node }) {
            (result.sync, result.cause) = (.failed, bad.why)
        } else if let digest = source.runDigests[node], digest == wanted[node] {
            guard let standing = runStandings[node], !unplannedRuns.contains(node) || standing.isUnreadable else {
                return report
            }
            standing.enter(into: &result)
        } else if report.sync == .progressing {
            result.sync = .superseded
            result.cause = source.runDigests[node] == nil ? "The task is no longer in git." : nil
        }
        if result != report { result.updated = now.wall }
        return result
    }
}

extension RunStanding {
    /// Whether a later pass will find it elsewhere without anybody's doing.
    var isUnderWay: Bool {
        switch state {
        case .starting, .running, .waiting, .unknown: true
        case .withheld(let reason): reason.isPassing
        case .done, .failed, .question: false
        }
    }

    var isUnreadable: Bool {
        if case .withheld(let reason) = state { return reason.isUnreadable }
        return false
    }

    /// Whether it has failed, or waits for a person's word.
    var hasFailed: Bool {
        switch state {
        case .failed, .question: true
        case .done, .starting, .running, .waiting, .withheld, .unknown: false
        }
    }

    /// What a report says of it in one word.
    var sync: Sync {
        switch state {
        case .done: .synced
        case .starting, .running, .waiting, .unknown: .progressing
        case .failed, .question: .failed
        case .withheld(let reason): reason.sync
        }
    }

    /// The same with what was known of its failure when its tasks were still to be seen: a tag has no room for it.
    func keepingWords(of before: RunStanding) -> RunStanding {
        guard case .failed(let now) = state, case .failed(let then) = before.state, before.digest == digest,
            now.evidence.isEmpty, !then.evidence.isEmpty
        else { return self }
        return RunStanding(node: node, digest: digest, state: before.state, revision: revision)
    }

    /// What a report says of it.
    func enter(into report: inout ServiceReport) {
        report.newRevision = revision ?? report.newRevision
        (report.cause, report.remedy, report.evidence) = (nil, nil, [])
        report.sync = sync
        switch state {
        case .done: report.health = .healthy
        case .starting: break
        case .running(let progress), .unknown(let progress): report.cause = progress.isEmpty ? nil : progress
        case .waiting(_, let why): report.cause = why
        case .failed(let trouble), .question(let trouble):
            report.health = .degraded
            (report.cause, report.remedy, report.evidence) = (trouble.cause, trouble.remedy, trouble.evidence)
        case .withheld(let reason): report.cause = reason.sentence
        }
    }
}

extension RunStanding.State {
    /// Whether it is over, whichever way.
    fileprivate var isEnd: Bool {
        switch self {
        case .done, .failed, .question: true
        case .starting, .running, .waiting, .withheld, .unknown: false
        }
    }
}

extension OrderNode {
    /// What reports call a one-off task: the names of tasks and services follow one rule.
    fileprivate var reportKey: ServiceKey? {
        guard case .run(let cluster, let name) = self, let service = try? ServiceName(name.text) else { return nil }
        return ServiceKey(cluster: cluster, service: service)
    }

    /// The one-off task of a report's name; nil where no task may be called so.
    init?(reportKey key: ServiceKey) {
        guard let name = try? RunName(key.service.text) else { return nil }
        self = .run(cluster: key.cluster, name: name)
    }
}
