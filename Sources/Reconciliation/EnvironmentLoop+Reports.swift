import MooringManifests
import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation
import MooringRollouts
import MooringShapes

extension EnvironmentLoop {
    // MARK: Computing

    /// Opens the report of the head commit, and says pending at once.
    mutating func openReport(on commit: CommitID, changed paths: [TreePath]) {
        guard let desired = source.desired else { return }
        let changed = Set(paths)
        var services: [ServiceKey: Digest] = [:]
        // The environment's settings are everybody's: they affect those services whose digest they changed.
        let settings = Manifests.settingsPath(in: policy.folder)
        for service in desired.services
        where service.files.contains(where: { $0 != settings && changed.contains($0) }) {
            services[service.key] = source.digests[service.key]
        }
        for key in unplanned where source.digests[key] != nil { services[key] = source.digests[key] }
        var report = CommitReport(
            environment: policy.identity, commit: commit, sync: .progressing, health: .unknown, summary: "",
            started: now.wall, updated: now.wall)
        let runs = affectedRuns(changed)
        report.tasks = openingReports(of: runs)
        report.services = services.keys.sorted().map { ServiceReport(key: $0, sync: .progressing, updated: now.wall) }
        report.findings = errorFindings
        let isProvisional = standings.isEmpty || source.wasForced
        let awaitsLook = desired.settings.prune != nil && lastSweep == nil
        if services.isEmpty, runs.isEmpty, report.findings.isEmpty, !isProvisional, !awaitsLook, staying.isEmpty {
            report.sync = .synced
            report.summary = summary(of: report)
        } else {
            report.summary = StatusSummary.text(of: report)
            book.open.append(
                .init(
                    commit: commit, services: services, report: report, isProvisional: isProvisional, runs: runs,
                    awaitsLook: awaitsLook))
        }
        enter(report)
    }

    private var errorFindings: [String] {
        let findings = source.desired.map(\.findings) ?? []
        return findings.filter { $0.severity == .error }.map(\.line)
    }

    /// Brings every open report up to what is known now.
    mutating func refreshReports() {
        guard source.desired != nil else { return pumpReports() }
        for index in book.open.indices {
            completeProvisional(index)
            if book.open[index].commit == source.head {
                if lastSweep != nil { book.open[index].awaitsLook = false }
                enterLeaving(index)
            }
            let report = refreshed(book.open[index])
            book.open[index].report = report
            enter(report)
        }
        book.open.removeAll { open in
            // The head commit's report follows what ECS does for as long as it is the head.
            open.report.isFinal && open.commit != source.head
        }
        book.prune(keeping: Set(source.history.map(\.id)).union(source.folderless))
        pumpReports()
    }

    /// Once every service has been looked at, those that are not what git says belong to the head commit's report.
    private mutating func completeProvisional(_ index: Int) {
        let open = book.open[index]
        guard open.isProvisional, open.commit == source.head, source.digests.keys.allSatisfy({ standings[$0] != nil })
        else { return }
        book.open[index].isProvisional = false
        for standing in serviceStandings where standing.state != .synced && open.services[standing.key] == nil {
            guard let digest = source.digests[standing.key] else { continue }
            book.open[index].services[standing.key] = digest
            book.open[index].report.services.append(
                ServiceReport(key: standing.key, sync: .progressing, updated: now.wall))
        }
        book.open[index].report.services.sort { $0.key < $1.key }
    }

    /// Tells in the head commit's report what becomes of services that left git.
    private mutating func enterLeaving(_ index: Int) {
        var open = book.open[index]
        let leaving = leaving + staying
        for service in leaving {
            var report = ServiceReport(key: service.key, sync: .progressing, updated: now.wall)
            switch service.state {
            case .removing(let progress): report.cause = "The service left git: \(progress)."
            case .kept(let why): (report.sync, report.cause) = (.outOfSync, why)
            }
            open.leaving.insert(service.key)
            guard let place = open.report.services.firstIndex(where: { $0.key == service.key }) else {
                open.report.services.append(report)
                continue
            }
            report.updated = open.report.services[place].updated
            if report != open.report.services[place] {
                report.updated = now.wall
                open.report.services[place] = report
            }
        }
        let left = Set(leaving.map(\.key))
        for place in open.report.services.indices {
            let service = open.report.services[place]
            guard open.leaving.contains(service.key), !left.contains(service.key), service.sync != .synced else {
                continue
            }
            open.report.services[place] = ServiceReport(
                key: service.key, sync: .synced, cause: CommitReport.removed, updated: now.wall)
        }
        open.report.services.sort { $0.key < $1.key }
        book.open[index] = open
    }

    private func refreshed(_ open: ReportBook.Open) -> CommitReport {
        var report = open.report
        let isHead = open.commit == source.head
        report.services = report.services.map { service in
            // What left git is told as it was found, as long as this is the head commit.
            if isHead, open.leaving.contains(service.key) { return service }
            return refreshed(
                service, wanted: open.services[service.key], began: open.report.started, isHead: isHead)
        }
        if open.commit == source.head { report.findings = errorFindings }
        report.tasks = report.tasks.map { refreshed(run: $0, wanted: open.runs, isHead: isHead) }
        let syncs = (report.services + report.tasks).map(\.sync)
        report.sync =
            if syncs.contains(.progressing) || open.isProvisional && isHead && report.findings.isEmpty
                || open.awaitsLook && isHead
            {
                .progressing
            } else if syncs.contains(.failed) || !report.findings.isEmpty {
                .failed
            } else if syncs.contains(.outOfSync) {
                .outOfSync
            } else if syncs.contains(.superseded) || open.isProvisional && syncs.isEmpty {
                // Before anything could be looked at a newer commit came, and tells of what would have been found.
                .superseded
            } else {
                .synced
            }
        report.supersededBy = report.sync == .superseded ? source.head : nil
        report.health = Health.worst(of: report.services.map(\.health))
        report.timeLeft = report.sync == .progressing && isHead ? timeLeft(of: Set(open.services.keys)) : nil
        report.summary = isHead ? summary(of: report) : StatusSummary.text(of: report)
        if report != open.report { report.updated = now.wall }
        return report
    }

    /// The head commit's report in a line. What it says nothing of, and what is not as git says either, is named: the tip of the
    /// branch is where people look.
    private func summary(of report: CommitReport) -> String {
        StatusSummary.text(of: report, others: standings(beside: report))
    }

    /// What is not as git says, and of what this report says nothing.
    func standings(beside report: CommitReport) -> [OtherStanding] {
        let told = Set(report.services.map(\.key))
        let toldRuns = Set(report.tasks.compactMap { OrderNode(reportKey: $0.key) })
        let services = serviceStandings.filter { !told.contains($0.key) }
            .map { OtherStanding(name: $0.key.description, sync: $0.sync) }
        let tasks = runs.filter { !toldRuns.contains($0.node) }
            .map { OtherStanding(name: $0.node.description, sync: $0.sync) }
        return (services + tasks).filter { $0.sync == .failed || $0.sync == .outOfSync }
    }

    /// Takes a service into the head commit's report that begins again without a commit of its own, as after `mooring retry` or
    /// when a pause has ended: the report that it failed or waited in has ended, and somebody must tell how this ends.
    mutating func join(_ standing: ServiceStanding) {
        guard let digest = source.digests[standing.key], !book.isOpen(standing.key, digest), let index = openHead()
        else {
            return
        }
        book.open[index].services[standing.key] = digest
        book.open[index].report.services.removeAll { $0.key == standing.key }
        book.open[index].report.services.append(
            ServiceReport(key: standing.key, sync: .progressing, updated: now.wall))
        book.open[index].report.services.sort { $0.key < $1.key }
    }

    /// The same of a one-off task.
    mutating func join(_ standing: RunStanding) {
        guard !book.open.contains(where: { $0.runs[standing.node] != nil }),
            let digest = source.runDigests[standing.node], let index = openHead()
        else { return }
        book.open[index].runs[standing.node] = digest
        let report = openingReports(of: [standing.node: digest])
        book.open[index].report.tasks.removeAll { $0.key == report.first?.key }
        book.open[index].report.tasks += report
        book.open[index].report.tasks.sort { $0.key < $1.key }
    }

    /// Where the head commit's report is in the book, open again where it had ended; nil where it has none.
    private mutating func openHead() -> Int? {
        guard let head = source.head else { return nil }
        if let index = book.open.firstIndex(where: { $0.commit == head }) { return index }
        guard let report = book.report(on: head) else { return nil }
        book.open.append(.init(commit: head, services: [:], report: report))
        return book.open.count - 1
    }

    private func refreshed(
        _ service: ServiceReport, wanted: Digest?, began: Timestamp, isHead: Bool,
    ) -> ServiceReport {
        var result = service
        if isHead, let bad = source.desired?.badServices.first(where: { $0.key == service.key }) {
            result.sync = .failed
            result.cause = bad.why
            if result != service { result.updated = now.wall }
            return result
        }
        guard let digest = source.digests[service.key], digest == wanted else {
            // What had an end keeps it; what was under way is somebody else's now.
            if service.sync == .progressing {
                result.sync = .superseded
                // How far it was is of no interest any more; why it was failing is.
                if result.remedy == nil { result.cause = nil }
                if source.digests[service.key] == nil { result.cause = "The service is no longer in git." }
                result.updated = now.wall
            }
            return result
        }
        guard let standing = standings[service.key], standing.isUnreadable || !unplanned.contains(service.key) else {
            return result
        }
        enter(standing, into: &result, began: began)
        if result != service { result.updated = now.wall }
        return result
    }

    private func enter(_ standing: ServiceStanding, into result: inout ServiceReport, began: Timestamp) {
        // What fails much later, after all was well, is no part of how the commit ended; 'health' tells of it.
        let wasWell =
            result.sync == .synced && result.cause == nil && now.wall >= began + Limits.shortfallWindow
        result.health = standing.health
        switch standing.state {
        case .withheld(.changedByHand): result.newRevision = standing.revision
        // What stands on the service is what ran before, not what git wants.
        case .withheld: result.newRevision = nil
        default: result.newRevision = standing.revision ?? result.newRevision
        }
        (result.cause, result.remedy, result.evidence) = (nil, nil, [])
        if result.oldRevision == nil, standing.previousRevision != result.newRevision {
            result.oldRevision = standing.previousRevision
        }
        result.deployment = standing.deployment ?? result.deployment
        result.sync = standing.sync
        let known = causes[standing.key]
        switch standing.state {
        case .synced:
            if let awaiting = awaitingTasks[standing.key], awaiting.deployment == standing.deployment {
                result.cause = awaiting.sentence
            } else if standing.health == .degraded, !wasWell {
                result.cause = shortfalls[standing.key]
            }
        case .changing: break
        case .rolling(let progress):
            result.cause = known?.cause ?? progress
            let isWaiting = progress.contains(WaitingHook.waits)
            result.remedy = known?.remedy ?? (isWaiting ? WaitingHook.remedy(for: standing.key) : nil)
            result.evidence = known?.evidence ?? []
        case .rollingBack(let reason):
            result.cause = known?.cause ?? reason
            result.remedy = known?.remedy
            result.evidence = known?.evidence ?? []
        case .unknown(let why): result.cause = why
        case .rejected(let reason):
            result.cause = known?.cause ?? reason
            result.remedy = remedy(known?.remedy, of: standing.key)
            result.evidence = evidence(reason, known, beside: result.cause)
        case .overdue(let reason, let remedy):
            // That it takes long are our own words, not ECS's.
            let told = known.flatMap { $0.says ? $0 : nil }
            result.cause = told?.cause ?? reason
            result.remedy = told?.remedy ?? remedy
            result.evidence = evidence(reason, known, beside: result.cause)
        case .withheld(let reason): result.cause = reason.sentence
        }
    }

    /// Services that are as git says but for tasks that still have to start, shortly after a commit: a greater `desiredCount` makes
    /// no deployment whose end ECS would tell.
    var settling: [ServiceKey] {
        guard let head = source.head, let began = book.report(on: head)?.started,
            now.wall < began + Limits.shortfallWindow
        else { return [] }
        return standings.values.filter { $0.state == .synced && $0.health == .degraded }.map(\.key)
    }

    /// What is mended outside of git needs a word that it is: nothing is tried twice by itself.
    private func remedy(_ known: String?, of key: ServiceKey) -> String {
        let word = "A commit that changes the service is tried at once; without one, say 'mooring retry \(key)'."
        return known.map { "\($0) \(word)" } ?? word
    }

    /// Why the rollout ended, then what else shows it, each once.
    private func evidence(_ reason: String, _ known: KnownCause?, beside cause: String?) -> [String] {
        ([reason] + (known?.evidence ?? []).filter { $0 != reason }).filter { !$0.isEmpty && $0 != cause }
    }

    mutating func enter(_ report: CommitReport) {
        let note = NoteDocument.text(of: report, existing: nil)
        let shown = statuses(of: report)
        if book.enter(report, note: note, statuses: shown, at: now.uptime) { tell(.report(report)) }
        pumpReports()
    }
}

extension ServiceStanding {
    /// What a report says of it in one word.
    var sync: Sync {
        switch state {
        case .synced: .synced
        case .changing, .rolling, .rollingBack, .unknown: .progressing
        case .rejected, .overdue: .failed
        case .withheld(let reason): reason.sync
        }
    }
}

extension Withheld.Reason {
    /// What a report says in one word of what is withheld because of it.
    var sync: Sync { isPassing ? .progressing : isFailure ? .failed : .outOfSync }

    /// Whether something went wrong, rather than being left alone on purpose: what could not be read or was refused.
    var isFailure: Bool {
        switch self {
        case .unreadable, .refused: true
        default: false
        }
    }
}

extension Health {
    /// The one that a person should know of first.
    static func worst(of healths: [Health]) -> Health {
        for candidate in [Health.degraded, .progressing, .unknown] where healths.contains(candidate) {
            return candidate
        }
        return healths.isEmpty ? .unknown : .healthy
    }
}
