import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringSimulator

extension Simulation {
    /// The service as ECS would describe it a minute from now, or after another time.
    mutating func described(_ key: ServiceKey, after wait: Duration = .seconds(60)) -> ObservedService? {
        let call = APICall(
            .ecs, "DescribeServices",
            ["cluster": .string(key.cluster.text), "services": [.string(key.service.text)], "include": ["TAGS"]])
        guard let service = answer(call, after: wait)?["services"]?[0] else { return nil }
        return ObservedService(key: key, described: service)
    }

    /// The answer to a call that no fault touches, for looking at the end.
    mutating func answer(_ call: APICall, after wait: Duration = .seconds(60)) -> Value? {
        let caller = Caller(account: policy.account.text, region: policy.region.text)
        let answer = ecs.perform(
            Operation(.ecs, call.operation), call.input, as: caller, at: time + wait.wholeMilliseconds)
        return try? answer.get()
    }
}

extension Effect.Action {
    /// Enough to tell two histories apart.
    var label: String {
        switch self {
        case .remoteHeads: "remoteHeads"
        case .fetch: "fetch"
        case .snapshot(let commit, _): "snapshot \(commit.short)"
        case .files(let commit, let paths): "files \(commit.short) \(paths.map(\.text).joined(separator: " "))"
        case .history(let commit, _, _): "history \(commit.short)"
        case .changedPaths(let old, let new, _): "changedPaths \(old?.short ?? "-") \(new.short)"
        case .versions(let paths, let old, let new): "versions \(paths.count) \(old.short) \(new.short)"
        case .readNotes(let commits): "readNotes \(commits.count)"
        case .publishNotes(let notes): "publishNotes \(notes.map(\.commit.short)) \(notes.map(\.text))"
        case .call(let call): "\(call) \(JSONWriter(.canonical).text(of: call.input))"
        case .postStatus(let status): "status \(status.commit.short) \(status.state) \(status.summary)"
        case .readStatus(let commit, _): "readStatus \(commit.short)"
        case .readOutbox: "readOutbox"
        case .storeOutbox(let entry): "storeOutbox \(entry.key)"
        case .removeOutbox(let key): "removeOutbox \(key)"
        case .wake(let duration): "wake \(duration.wholeMilliseconds)"
        }
    }
}

extension LoopEvent {
    var label: String {
        switch self {
        case .headMoved(let commit, _): "head \(commit.id.short)"
        case .findings(let findings): "findings \(findings.map(\.line))"
        case .sourceLost(let failure): "source lost: \(failure)"
        case .problem(let failure, let subject): "problem of \(subject): \(failure)"
        case .recovered(let subject): "recovered: \(subject)"
        case .pausing: "pausing"
        case .adopted(let key): "adopted \(key)"
        case .stepStarted(let step): "begin \(step.id): \(step.reason)"
        case .stepDone(let step, let result): "done \(step.id) \(result)"
        case .stepFailed(let step, let failure): "failed \(step.id): \(failure)"
        case .standing(let standing): "\(standing.key) \(standing.state) \(standing.revision?.description ?? "-")"
        case .withheld(let withheld): "withheld \(withheld.key): \(withheld.reason)"
        case .remark(let remark): "remark \(remark.key): \(remark.kind)"
        case .run(let run): "\(run.node) \(run.state)"
        case .leaving(let service): "leaving \(service.key): \(service.state)"
        case .report(let report): "report \(report.commit.short) \(report.sync): \(report.summary)"
        case .recalled(let reports): "recalled \(reports.map(\.commit.short))"
        case .notesPushed(let commits): "notes \(commits.map(\.short))"
        case .passEnded(let number, let isSettled): "pass \(number)\(isSettled ? " settled" : "")"
        }
    }
}
