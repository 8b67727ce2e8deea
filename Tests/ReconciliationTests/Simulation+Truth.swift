import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator

/// Watches over a simulation that success is never reported while ECS runs something else.
///
/// A service is Synced in a report from the moment at which its primary deployment is of the commit's revision and complete
/// (or has the traffic, where the manifest waits for no more). What somebody changes afterwards is told at the next look at
/// everything, and not much later.
struct TruthCheck {
    /// One service in one commit's report.
    struct Claim: Hashable {
        let commit: CommitID
        let key: ServiceKey
    }

    /// Claims that are made now, and since when what ECS runs is another revision.
    var standing: [Claim: Int64?] = [:]
    /// Events that have been looked at.
    var seen = 0
    /// When the standing claims were held against ECS last.
    var lastLook: Int64 = 0
    /// How many times something was held against ECS.
    var looks = 0
    /// Most services of a report that are watched.
    static let services = 50
    /// What was untrue, as sentences.
    var lies: [String] = []
}

extension Simulation {
    /// Holds what the reports say now against the local ECS. Called after each event.
    mutating func checkTruth() {
        var reports: [CommitReport] = []
        for event in events[truth.seen...] { if case .report(let report) = event { reports.append(report) } }
        truth.seen = events.count
        if let head = loop.headReport { reports.append(head) }
        // Of hundreds each look would cost as much as the history itself; worlds of a few show what is to be shown.
        for report in reports where report.services.count <= TruthCheck.services {
            for service in report.services {
                let claim = TruthCheck.Claim(commit: report.commit, key: service.key)
                guard service.sync == .synced else {
                    truth.standing[claim] = nil
                    continue
                }
                guard truth.standing[claim] == nil else { continue }
                // What an earlier commit's report said of a service before, and keeps, was true then.
                guard report.commit == loop.headCommit || service.updated == report.updated else { continue }
                truth.standing[claim] = .some(nil)
                truth.looks += 1
                guard let lie = untruth(of: service, at: report.commit, isNew: true), !readsMayBeLate else { continue }
                truth.lies.append(
                    "at \(time) the report on \(report.commit.short) says Synced of \(service.key): \(lie)")
            }
        }
        lookAgain()
    }

    /// A process that has just begun may be answered as things were before its predecessor's last write. It writes nothing
    /// that soon; what it says of such an answer must be put right by the looks that follow.
    private var readsMayBeLate: Bool {
        ecs.scenario.reads.milliseconds.upperBound > 0 && time - lastStart < 10_000
    }

    /// What is still said of the head commit must be noticed to be untrue by the next look at everything.
    private mutating func lookAgain() {
        guard time - truth.lastLook >= 120_000, let head = loop.headReport,
            head.services.count <= TruthCheck.services
        else { return }
        truth.lastLook = time
        let patience = policy.sweepInterval.wholeMilliseconds * 11 / 10 + 120_000
        for service in head.services where service.sync == .synced {
            let claim = TruthCheck.Claim(commit: head.commit, key: service.key)
            guard let known = truth.standing[claim] else { continue }
            truth.looks += 1
            guard let lie = untruth(of: service, at: head.commit, isNew: false) else {
                truth.standing[claim] = .some(nil)
                continue
            }
            guard let since = known else {
                truth.standing[claim] = .some(time)
                continue
            }
            if time - since > patience {
                truth.lies.append(
                    "at \(time) the report on \(head.commit.short) still says Synced of \(service.key): \(lie)")
                truth.standing[claim] = .some(time)
            }
        }
    }

    /// Why a service is not as a report says; nil where it is.
    private func untruth(of report: ServiceReport, at commit: CommitID, isNew: Bool) -> String? {
        let wasRemoved = report.cause == "The service was removed."
        let live = peek(
            "DescribeServices",
            ["cluster": .string(report.key.cluster.text), "services": [.string(report.key.service.text)]])?[
                "services"]?[0]
        guard let live, live["status"]?.text != "INACTIVE" else { return wasRemoved ? nil : "it does not exist." }
        if wasRemoved { return live["status"]?.text == "ACTIVE" ? "it is still there." : nil }
        let primary = live["deployments"]?.elements?.first { $0["status"]?.text == "PRIMARY" }
        guard let primary, let arn = primary["taskDefinition"]?.text else {
            // Task sets have no deployments of the service.
            return live["taskSets"]?[0] == nil ? "it has no primary deployment." : nil
        }
        let files = repository.files(at: commit)
        if let wanted = report.newRevision, !arn.hasSuffix("task-definition/\(wanted)") {
            return "its primary deployment runs \(arn), not \(wanted)."
        }
        if let objection = objection(to: arn, files) { return objection }
        guard isNew, primary["rolloutState"]?.text ?? "COMPLETED" != "COMPLETED" else { return nil }
        let waitsForTraffic = files.values.contains { $0.contains("traffic-shifted") }
        return waitsForTraffic ? nil : "its primary deployment is \(primary["rolloutState"]?.text ?? "unknown")."
    }

    /// Why a revision does not hold the images that git says of its family; nil where it does, or git does not say.
    private func objection(to arn: String, _ files: [String: String]) -> String? {
        // A manifest may leave an image to others.
        guard !files.values.contains(where: { $0.contains("ignore:") }) else { return nil }
        guard let live = peek("DescribeTaskDefinition", ["taskDefinition": .string(arn)])?["taskDefinition"],
            let family = live["family"]?.text
        else { return "its revision \(arn) cannot be described." }
        for (path, text) in files.sorted(by: { $0.key < $1.key }) where path.hasSuffix(".json") {
            guard let wanted = try? JSONReader.value(of: text), wanted["family"]?.text == family else { continue }
            let images = (wanted["containerDefinitions"]?.elements ?? []).map { $0["image"]?.text }
            let running = (live["containerDefinitions"]?.elements ?? []).map { $0["image"]?.text }
            let isVariable = images.contains { $0?.contains("${") ?? true }
            if !isVariable, images.compactMap({ $0 }) != running.compactMap({ $0 }) {
                return "it runs \(running.compactMap { $0 }), and git says \(images.compactMap { $0 })."
            }
        }
        return nil
    }

    /// The answer of the local ECS as it is now, without a trace in it.
    func peek(_ operation: String, _ input: Value) -> Value? {
        var copy = ecs
        let caller = Caller(account: policy.account.text, region: policy.region.text)
        return try? copy.perform(Operation(.ecs, operation), input, as: caller, at: max(time, copy.now)).get()
    }
}
