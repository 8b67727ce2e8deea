import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation

/// Finding, after a start, what an earlier process reported: so that every report it began gets its end. Nothing that is
/// found here decides what is deployed.
extension EnvironmentLoop {
    mutating func recall() {
        phase = .recalling
        ask(.readNotes(source.history.map(\.id)), for: .earlierNotes)
        guard policy.postsStatuses else { return }
        // Nothing waits for the host: what it says late is taken up late.
        for info in source.history {
            ask(.readStatus(commit: info.id, context: policy.statusContext), for: .earlierStatus(info.id))
        }
    }

    mutating func completeRecall(_ purpose: Purpose, _ result: EffectResult) {
        if case .earlierStatus(let commit) = purpose {
            return takeStates(on: commit, result)
        }
        switch (purpose, result) {
        case (.earlierNotes, .notes(let notes)): book.recalledNotes = notes
        case (_, .failed(let failure)): tellProblem(failure, of: .passing("earlier reports"))
        default: preconditionFailure("a recollection was completed with another effect's result")
        }
        book.isRecalled = true
        takeUpEarlierReports()
    }

    /// Asks the host again for what it could not say at the start: first for one commit, then for all others. Without it a check
    /// that an earlier process left pending would stay so.
    mutating func askForUnreadStates() {
        let isAsking = isWaiting { $0.isEarlierStatus }
        // One that is never told must not keep us from asking about the others.
        let next = book.unreadStates.filter { unread in book.lastUnread.map { unread > $0 } ?? true }.min()
        guard !isAsking, let first = next ?? book.unreadStates.min() else { return }
        book.lastUnread = first
        ask(.readStatus(commit: first, context: policy.statusContext), for: .earlierStatus(first))
    }

    private mutating func takeStates(on commit: CommitID, _ result: EffectResult) {
        guard case .statusStates(let states) = result else {
            if case .failed(let failure) = result { tellProblem(failure, of: .passing("earlier reports")) }
            book.unreadStates.insert(commit)
            return
        }
        book.unreadStates.remove(commit)
        // A plan that was never made is a check that would stay pending.
        book.recalledStates[commit] = states.filter { $0.key != policy.planContext || $0.value == .pending }
        // What comes before the notes is looked at together with them.
        guard book.isRecalled else { return }
        if book.unreadStates.isEmpty { recover(.passing("earlier reports")) }
        let isAsking = isWaiting { $0.isEarlierStatus }
        if !isAsking {
            for other in book.unreadStates.sorted() {
                ask(.readStatus(commit: other, context: policy.statusContext), for: .earlierStatus(other))
            }
        }
        guard isPending(commit) else { return }
        if let report = book.report(on: commit) {
            // One that is still open ends its checks when it ends.
            if report.isFinal { showAgain(report) }
        } else if let head = source.head, commit != head,
            let index = source.history.firstIndex(where: { $0.id == commit })
        {
            endIntermediate(at: index, supersededBy: head, started: nil)
        }
        pumpReports()
    }

    private mutating func takeUpEarlierReports() {
        guard let head = source.head else { return endPass() }
        let notes = (book.recalledNotes ?? [:]).merging(book.outboxNotes) { _, unsent in unsent }
        let earlier = notes.compactMapValues(NoteDocument.report(from:))
        for report in earlier.values { book.recall(report) }
        let recalled = source.history.reversed().compactMap { earlier[$0.id] }.filter(\.isFinal)
        if !recalled.isEmpty { tell(.recalled(recalled)) }
        let lastFinal = source.history.first { earlier[$0.id]?.isFinal == true }
        for (index, info) in source.history.enumerated() where info.id != head {
            let report = earlier[info.id]
            let isPending = isPending(info.id)
            let isNewerThanFinal = lastFinal.map { last in
                source.history.firstIndex(of: last).map { index < $0 } ?? false
            }
            if let report, report.isFinal {
                if isPending { showAgain(report) }
            } else if let report, !report.services.isEmpty || !report.tasks.isEmpty {
                ask(.changedPaths(old: info.id, new: head, others: source.otherPaths), for: .changedSince(report))
            } else if report != nil || isPending || isNewerThanFinal == true {
                endIntermediate(at: index, supersededBy: head, started: report?.started)
            }
        }
        if let report = earlier[head], report.isFinal {
            if isPending(head) { showAgain(report) }
            reopen(report)
            verify()
        } else {
            ask(.changedPaths(old: lastFinal?.id, new: head, others: source.otherPaths), for: .changedPaths(head))
        }
    }

    /// Shows the status of a report whose note was pushed but whose status was not.
    private mutating func showAgain(_ report: CommitReport) {
        for status in statuses(of: report) {
            book.unsentStatuses[report.commit, default: [:]][status.context] = status
        }
    }

    /// Whether any of our checks on the commit was left pending.
    private func isPending(_ commit: CommitID) -> Bool {
        (book.recalledStates[commit] ?? [:]).values.contains(.pending)
    }

    /// The head commit's report follows what ECS does: one that was not synced may get there, one that was may drift.
    private mutating func reopen(_ report: CommitReport) {
        let keys = report.services.map(\.key).filter { source.digests[$0] != nil }
        let services = keys.compactMap { key in source.digests[key].map { (key, $0) } }
        book.open.append(
            .init(
                commit: report.commit, services: Dictionary(services, uniquingKeysWith: { first, _ in first }),
                report: report,
                runs: source.runDigests))
    }

    /// Takes up the report of an earlier commit that had not ended: what no later commit touched is still waited for, the rest
    /// was taken over.
    mutating func resume(_ report: CommitReport, changed paths: [TreePath]) {
        let changed = Set(paths)
        var services: [ServiceKey: Digest] = [:]
        for service in source.desired?.services ?? [] where !service.files.contains(where: changed.contains) {
            services[service.key] = source.digests[service.key]
        }
        let awaited = Set(report.services.map(\.key))
        book.open.insert(
            .init(
                commit: report.commit, services: services.filter { awaited.contains($0.key) }, report: report,
                runs: untouchedRuns(changed)), at: 0)
    }

    /// The one-off tasks that no later commit touched.
    private func untouchedRuns(_ changed: Set<TreePath>) -> [OrderNode: Digest] {
        let untouched = (source.desired?.runs ?? []).filter { !$0.files.contains(where: changed.contains) }
        return source.runDigests.filter { digest in untouched.contains { $0.node == digest.key } }
    }

    /// Ends the reports of commits that came and went between two looks.
    mutating func noteIntermediateCommits(since previous: CommitID?) {
        guard let head = source.head, let previous,
            let last = source.history.firstIndex(where: { $0.id == previous }), last > 1
        else { return }
        // What has an end keeps it, as where the folder was missing for a while.
        for index in 1..<last where book.report(on: source.history[index].id)?.isFinal != true {
            endIntermediate(at: index, supersededBy: head, started: nil)
        }
    }

    private mutating func endIntermediate(at index: Int, supersededBy head: CommitID, started: Timestamp?) {
        let info = source.history[index]
        let parent = source.history.indices.contains(index + 1) ? source.history[index + 1] : nil
        let isUntouched =
            info.folderTree != nil
            && parent.map { $0.folderTree == info.folderTree && $0.others == info.others } ?? false
        let report = CommitReport(
            environment: policy.identity, commit: info.id, sync: isUntouched ? .synced : .superseded, health: .unknown,
            summary: isUntouched ? "No manifest changed." : "Superseded by \(head.short).",
            started: started ?? now.wall, updated: now.wall, supersededBy: isUntouched ? nil : head)
        enter(report)
    }
}
