import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation

/// Sending reports: first durably onto the disk, then to the git server and the host.
extension EnvironmentLoop {
    /// What shows the report on the git host; empty where the environment shows nothing there.
    ///
    /// Checks of ours that are pending on the commit, and that the report has no more of its own, end with the whole: an earlier
    /// process left them, or there have become too many services for one each.
    func statuses(of report: CommitReport) -> [CommitStatus] {
        guard policy.postsStatuses else { return [] }
        let findings = report.commit == source.head ? source.desired?.findings ?? [] : []
        var statuses = ReportStatuses.statuses(of: report, findings: findings, policy: policy)
        // What was said beside the lines of an earlier commit stays: its manifests are not at hand any more.
        if report.commit != source.head, let shown = book.shownStatus(policy.statusContext, on: report.commit) {
            statuses[0].annotations = shown.annotations
        }
        guard report.isFinal, let whole = statuses.first else { return statuses }
        let told = Set(statuses.map(\.context))
        for context in book.pendingContexts(on: report.commit).subtracting(told).sorted() {
            statuses.append(
                CommitStatus(
                    commit: report.commit, context: context, state: whole.state, summary: whole.summary,
                    link: whole.link))
        }
        return statuses
    }

    /// Sends what is unsent. One sending at a time, so that the newest state of a commit is never overtaken by an older one.
    mutating func pumpReports() {
        guard book.sending == nil, !book.isWaitingToRetry else { return }
        // A check that waits for a moment keeps neither its commit's note nor anything else from being sent.
        let commits = Set(book.unsentNotes.keys).union(book.unsentStatuses.keys.filter { !isDeferred($0) }).sorted()
        guard !commits.isEmpty else { return }
        book.sending = ReportBook.Sending(commits: commits, waiting: commits.count)
        for commit in commits {
            let unsent = UnsentReport(
                commit: commit, note: book.unsentNotes[commit], statuses: book.unsentStatuses[commit] ?? [:])
            ask(.storeOutbox(OutboxEntry(key: outboxKey(commit), content: unsent.text)), for: .storeReport(commit))
        }
    }

    private func isDeferred(_ commit: CommitID) -> Bool { book.deferred[commit].map { $0 > now.uptime } ?? false }

    private func outboxKey(_ commit: CommitID) -> String { "\(policy.identity.environment).\(commit)" }

    mutating func completeReporting(_ purpose: Purpose, _ result: EffectResult) {
        switch purpose {
        case .readOutbox:
            takeOutbox(result)
            beginPass()
        case .reportRetry:
            book.isWaitingToRetry = false
            pumpReports()
        case .deferredReport: pumpReports()
        case .storeReport:
            // A full disk must not silence the report: it goes out all the same.
            if case .failed(let failure) = result { tellProblem(failure, of: .disk) } else { recover(.disk) }
            book.sending?.waiting -= 1
            if book.sending?.waiting == 0 { send() }
        case .publishNotes(let commits): finishNotes(commits, result)
        case .postStatus(let commit, let context): finishStatus(context, on: commit, result)
        case .removeReport:
            // That a file can be removed does not say that one can be written.
            if case .failed(let failure) = result { tellProblem(failure, of: .disk) }
        default: preconditionFailure("not a reporting effect")
        }
    }

    private mutating func send() {
        guard var sending = book.sending else { return }
        sending.isStored = true
        let notes = sending.commits.compactMap { commit in
            book.unsentNotes[commit].map { NoteText(commit: commit, text: $0) }
        }
        let statuses = sending.commits.filter { !isDeferred($0) }.flatMap { commit in
            (book.unsentStatuses[commit] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
        }
        sending.waiting = (notes.isEmpty ? 0 : 1) + statuses.count
        book.sending = sending
        // Taken out now, so that what changes meanwhile is queued anew; put back where sending fails.
        if !notes.isEmpty { ask(.publishNotes(notes), for: .publishNotes(notes.map(\.commit))) }
        for status in statuses { ask(.postStatus(status), for: .postStatus(status.commit, status.context)) }
        book.inTransitNotes = Dictionary(uniqueKeysWithValues: notes.map { ($0.commit, $0.text) })
        book.inTransitStatuses = [:]
        for commit in sending.commits { book.unsentNotes[commit] = nil }
        for commit in sending.commits where !isDeferred(commit) {
            book.inTransitStatuses[commit] = book.unsentStatuses[commit]
            book.unsentStatuses[commit] = nil
        }
        if sending.waiting == 0 { endSending() }
    }

    private mutating func finishNotes(_ commits: [CommitID], _ result: EffectResult) {
        if case .failed(let failure) = result {
            tellProblem(failure, of: .reports)
            for commit in commits {
                book.sending?.failed.insert(commit)
                if book.unsentNotes[commit] == nil { book.unsentNotes[commit] = book.inTransitNotes[commit] }
            }
        } else {
            tell(.notesPushed(commits))
        }
        finishOne()
    }

    private mutating func finishStatus(_ context: String, on commit: CommitID, _ result: EffectResult) {
        if case .failed(let failure) = result, failure.code == .notYet {
            // Nothing is wrong: one more place may show it a little later. Other commits do not wait for that.
            if book.unsentStatuses[commit]?[context] == nil {
                book.unsentStatuses[commit, default: [:]][context] = book.inTransitStatuses[commit]?[context]
                var wait = Limits.reportRetry
                if case .retry(let after?) = failure.disposition { wait = min(after, Limits.longestBackoff) }
                book.deferred[commit] = now.uptime + wait
                ask(.wake(after: wait), for: .deferredReport)
            }
        } else if case .failed(let failure) = result {
            tellProblem(failure, of: .reports)
            // What the host refuses as it is will be refused again.
            if failure.disposition == .invalidInput {
                book.sending?.wasRefused = true
            } else {
                book.sending?.failed.insert(commit)
                if book.unsentStatuses[commit]?[context] == nil {
                    book.unsentStatuses[commit, default: [:]][context] = book.inTransitStatuses[commit]?[context]
                }
            }
        }
        finishOne()
    }

    private mutating func finishOne() {
        book.sending?.waiting -= 1
        if book.sending?.waiting == 0 { endSending() }
    }

    private mutating func endSending() {
        guard let sending = book.sending else { return }
        book.sending = nil
        for commit in sending.commits
        where !sending.failed.contains(commit) && book.unsentNotes[commit] == nil
            && book.unsentStatuses[commit] == nil
        {
            ask(.removeOutbox(key: outboxKey(commit)), for: .removeReport(commit))
        }
        if sending.failed.isEmpty {
            if !sending.wasRefused { recover(.reports) }
            book.failures = 0
            pumpReports()
        } else {
            let wait = Limits.reportRetry * (1 << min(book.failures, 6))
            book.failures += 1
            book.isWaitingToRetry = true
            ask(.wake(after: min(wait, Limits.longestBackoff)), for: .reportRetry)
        }
    }

    /// Takes up what an earlier process could not send.
    private mutating func takeOutbox(_ result: EffectResult) {
        guard case .outbox(let entries) = result else {
            if case .failed(let failure) = result { tellProblem(failure, of: .disk) }
            return
        }
        for entry in entries where entry.key.hasPrefix("\(policy.identity.environment).") {
            guard let unsent = UnsentReport(entry.content, aggregate: policy.statusContext) else { continue }
            if let note = unsent.note {
                book.unsentNotes[unsent.commit] = note
                book.outboxNotes[unsent.commit] = note
            }
            guard policy.postsStatuses, !unsent.statuses.isEmpty else { continue }
            let report = unsent.note.flatMap(NoteDocument.report(from:))
            book.unsentStatuses[unsent.commit] = unsent.statuses
            book.unsentStatuses[unsent.commit]?[policy.statusContext]?.details =
                report.map { ReportMarkdown.text(of: $0) } ?? ""
        }
        pumpReports()
    }
}
