import Logging
import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation
import MooringReconciliation
import MooringShapes

/// What a log says about an event of the loop.
struct EventLine: Equatable {
    var level: Logger.Level
    var message: String
    var metadata: [String: String] = [:]

    init(_ level: Logger.Level, _ message: String, _ metadata: [String: String] = [:]) {
        self.level = level
        self.message = message
        self.metadata = metadata
    }

    static func lines(for event: ProposalEvent) -> [EventLine] {
        switch event {
        case .judged(let name, let head, let summary, let isGood):
            return [
                EventLine(
                    isGood ? .info : .notice, "Planned \(name) at \(head.short): \(summary)", ["commit": head.text])
            ]
        case .problem(let failure, let subject):
            return [EventLine(.warning, "\(subject): \(failure)", ["code": failure.code.rawValue])]
        case .recovered(let subject): return [EventLine(.info, "Works again: \(subject).")]
        }
    }

    /// - Parameter showsProgress: false where progress is shown otherwise, at the foot of a terminal.
    static func lines(for event: LoopEvent, showsProgress: Bool) -> [EventLine] {
        switch event {
        case .headMoved(let info, let wasForced):
            let how = wasForced ? " (a forced push; nothing is unset because of it)" : ""
            return [
                EventLine(
                    .info, "The branch stands at \(info.id.short) '\(info.subject)' by \(info.author)\(how).",
                    ["commit": info.id.text])
            ]
        case .findings(let findings): return findings.map { EventLine(level(of: $0), $0.line) }
        case .sourceLost(let failure):
            return [EventLine(.error, "\(failure) What runs stays as it is.", ["code": failure.code.rawValue])]
        case .problem(let failure, _): return [EventLine(.warning, "\(failure)", ["code": failure.code.rawValue])]
        case .recovered(let subject): return [EventLine(.info, "Works again: \(subject).")]
        case .pausing(let duration): return [pause(duration)]
        case .adopted(let key):
            return [
                EventLine(
                    .info, "\(key) has been taken over: its tag \(OwnTag.environment) names this environment now.",
                    ["service": "\(key)"])
            ]
        case .stepStarted(let step): return started(step)
        case .stepDone(let step, let result):
            let level: Logger.Level = step.action.isBookkeeping ? .debug : .info
            let text = result.isEmpty ? "Done: \(step.id)." : "Done: \(step.id): \(result)"
            return [EventLine(level, text, metadata(step))]
        case .stepFailed(let step, let failure):
            let metadata = metadata(step).merging(["code": failure.code.rawValue]) { own, _ in own }
            return [EventLine(.error, "\(failure)", metadata)]
        case .standing(let standing): return lines(for: standing, showsProgress: showsProgress)
        case .withheld(let withheld):
            return [
                EventLine(
                    .info, "\(withheld.key) is left as it is. \(withheld.reason.sentence)",
                    ["service": "\(withheld.key)", "reason": withheld.reason.code])
            ]
        case .run(let run): return lines(for: run, showsProgress: showsProgress)
        case .leaving(let service):
            let text =
                switch service.state {
                case .removing(let progress): "\(service.key) left git and is being removed: \(progress)."
                case .kept(let why): "\(service.key) stays as it is. \(why)"
                }
            return [EventLine(.info, text, ["service": "\(service.key)"])]
        case .remark(let remark):
            return [
                EventLine(
                    .info, "\(remark.key): \(remark.kind.sentence)",
                    ["service": "\(remark.key)", "remark": remark.kind.code])
            ]
        case .report(let report): return lines(for: report)
        // They were told when they were news.
        case .recalled: return []
        case .notesPushed(let commits):
            return [EventLine(.info, "The note on \(commits.map(\.short).joined(separator: ", ")) has been pushed.")]
        case .passEnded(let number, let isSettled):
            return [EventLine(.debug, "Pass \(number) is over\(isSettled ? "; everything is settled" : "").")]
        }
    }

    private static func level(of finding: Finding) -> Logger.Level {
        switch finding.severity {
        case .error: .error
        case .warning: .warning
        case .remark: .info
        }
    }

    private static func pause(_ duration: Duration) -> EventLine {
        let seconds = max(1, Int((duration / .seconds(1)).rounded(.up)))
        return EventLine(
            .info,
            "The first write waits \(seconds) s: what was written just before this process started may not show in ECS yet."
        )
    }

    private static func started(_ step: Step) -> [EventLine] {
        guard !step.action.isBookkeeping else { return [EventLine(.debug, "Now: \(step.id).", metadata(step))] }
        let first = EventLine(.info, "Now: \(step.id). \(step.reason)", metadata(step))
        // The registration and the update that follows it carry the same changes; they are told once.
        if case .updateService(_, _, .registered?) = step.action { return [first] }
        return [first] + PlanText.changes(step.changes).map { EventLine(.info, "  \($0)", metadata(step)) }
    }

    private static func metadata(_ step: Step) -> [String: String] {
        step.service.map { ["service": "\($0)", "step": step.id.text] } ?? ["step": step.id.text]
    }

    private static func lines(for standing: ServiceStanding, showsProgress: Bool) -> [EventLine] {
        let metadata = ["service": "\(standing.key)", "state": standing.state.word]
        switch standing.state {
        case .synced:
            let revision = standing.revision.map { "\($0)" } ?? "what git says"
            return [EventLine(.info, "\(standing.key) runs \(revision).", metadata)]
        case .rolling(let progress):
            return showsProgress ? [EventLine(.info, "\(standing.key): \(progress)", metadata)] : []
        case .rollingBack(let reason):
            return [EventLine(.warning, "\(standing.key) is being rolled back: \(reason)", metadata)]
        case .rejected(let reason):
            return [EventLine(.error, "\(standing.key) was rejected by ECS: \(reason)", metadata)]
        case .overdue(let reason, let remedy):
            return [EventLine(.error, "\(standing.key): \(reason) \(remedy)", metadata)]
        case .unknown(let why): return why.isEmpty ? [] : [EventLine(.debug, "\(standing.key): \(why)", metadata)]
        // The steps and the withheld changes speak for themselves.
        case .changing, .withheld: return []
        }
    }

    private static func lines(for run: RunStanding, showsProgress: Bool) -> [EventLine] {
        let metadata = ["task": "\(run.node)", "state": run.state.word]
        switch run.state {
        case .done: return [EventLine(.info, "\(run.node) has run.", metadata)]
        case .failed(let trouble), .question(let trouble):
            return [EventLine(.error, "\(run.node): \(trouble.cause) \(trouble.remedy)", metadata)]
        case .running(let progress):
            return showsProgress ? [EventLine(.info, "\(run.node): \(progress)", metadata)] : []
        case .waiting, .withheld: return [EventLine(.info, "\(run.node): \(run.state.sentence ?? "")", metadata)]
        case .unknown(let why): return why.isEmpty ? [] : [EventLine(.debug, "\(run.node): \(why)", metadata)]
        case .starting: return []
        }
    }

    private static func lines(for report: CommitReport) -> [EventLine] {
        let level: Logger.Level = report.sync == .failed ? .error : .info
        let metadata = ["commit": report.commit.text, "sync": report.sync.rawValue]
        var lines = [EventLine(level, "\(report.commit.short) \(report.sync.rawValue): \(report.summary)", metadata)]
        for service in report.services where service.sync == .failed {
            let texts = [service.cause, service.remedy].compactMap { $0 } + service.evidence
            lines += texts.map { EventLine(level, "  \(service.key): \($0)", metadata) }
        }
        return lines
    }
}

extension Logger {
    /// Writes the line.
    func log(_ line: EventLine) {
        let metadata = Logger.Metadata(uniqueKeysWithValues: line.metadata.map { ($0.key, .string($0.value)) })
        log(level: line.level, "\(line.message)", metadata: metadata)
    }
}
