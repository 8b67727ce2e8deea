import MooringManifests
import MooringModel
import MooringNames
import MooringPresentation
import MooringReconciliation
import MooringRollouts
import MooringShapes
import MooringSimulator
import Testing

extension RolloutRow {
    /// Lets everything happen, and holds the end against what is expected.
    ///
    /// - Returns: the row's part of the golden file.
    func play() throws -> String {
        let start: Int64 = 1_790_000_000_000
        var simulation = try SmallWorld.simulation(
            files, try SmallWorld.ecs(RolloutRow.scenario(scenario, start: start)))
        var trace: [String] = []
        do {
            try simulation.run(hours: 3)
            for step in steps { try step.take(&simulation, in: name) }
        } catch SimulationError.neverSettled(let text) {
            Issue.record("\(name): never settled\n\(text.suffix(4_000))")
        }
        trace = simulation.history
        check(&simulation, trace: trace)
        return text(of: &simulation)
    }

    static func scenario(_ text: String, start: Int64) throws -> Scenario {
        let stream = YAMLReader.stream(of: Array(text.utf8))
        if let error = stream.error { throw SimulationError.impossible("\(error)") }
        return try ScenarioReader.scenario(of: stream.documents.first ?? .map([]), start: start)
    }

    // MARK: Checking

    private func check(_ simulation: inout Simulation, trace: [String]) {
        let tail = trace.suffix(30).map { String($0.prefix(400)) }.joined(separator: "\n")
        let reports = simulation.lastReports
        for (place, end) in earlier { check(reports[place] ?? nil, end, "commit \(place)", &simulation, tail) }
        check(simulation.headReport, end, "the newest commit", &simulation, tail)
        #expect(simulation.truth.lies.isEmpty, "\(name): \(simulation.truth.lies.joined(separator: "\n"))")
        if let updates {
            let calls = simulation.calls["UpdateService", default: 0]
            #expect(calls == updates, "\(name): \(calls) calls of UpdateService\n\(tail)")
        }
    }

    private func check(
        _ report: CommitReport?, _ end: RolloutEnd, _ place: String, _ simulation: inout Simulation, _ tail: String,
    ) {
        guard let report else {
            Issue.record("\(name): \(place) has no report\n\(tail)")
            return
        }
        #expect(report.sync == end.sync, "\(name), \(place): \(report.summary)\n\(report.services)\n\(tail)")
        if let health = end.health { #expect(report.health == health, "\(name), \(place): \(report.services)") }
        for (service, expected) in end.services.sorted(by: { $0.key < $1.key }) {
            guard let found = report.services.first(where: { $0.key.service.text == service }) else {
                Issue.record("\(name), \(place): nothing is said of \(service)\n\(report)")
                continue
            }
            #expect(found.sync == expected.sync, "\(name), \(place): \(found)")
            if report.commit == simulation.repository.head {
                let cause = simulation.loop.diagnosedCause(of: found.key)
                let isTold = found.sync == .failed && found.remedy != nil ? cause : nil
                #expect(isTold == expected.cause, "\(name): \(found)\n\(tail)")
            }
            if let runs = expected.runs {
                let image = simulation.running(service)
                #expect(image?.hasSuffix(":" + runs) == true, "\(name): \(service) runs \(image ?? "nothing")\n\(tail)")
            }
            let said = (found.cause ?? "") + " " + (found.remedy ?? "")
            for words in expected.says {
                #expect(said.contains(words), "\(name), \(place): '\(words)' is not in '\(said)'")
            }
        }
    }

    // MARK: Golden

    /// Every commit's report, and what ECS runs: the golden text.
    private func text(of simulation: inout Simulation) -> String {
        var lines = ["## \(name)"]
        for (place, report) in simulation.lastReports.enumerated() {
            guard let report else {
                lines.append("commit \(place): no report")
                continue
            }
            lines.append("commit \(place): \(report.sync.rawValue), \(report.health.rawValue): \(report.summary)")
            lines += report.findings.map { "  finding: \($0)" }
            for service in report.services { lines += RolloutRow.lines(of: service, &simulation, report) }
        }
        for service in simulation.services() {
            let cause = simulation.loop.diagnosedCause(of: service)
            lines.append(
                "ECS: \(service) \(simulation.primaryText(service))\(cause.map { "; cause \($0.rawValue)" } ?? "")")
        }
        lines.append(
            "calls: \(simulation.calls["CreateService", default: 0]) CreateService, "
                + "\(simulation.calls["UpdateService", default: 0]) UpdateService, "
                + "\(simulation.calls["RegisterTaskDefinition", default: 0]) RegisterTaskDefinition")
        return lines.map(RolloutRow.withoutIdentifiers).joined(separator: "\n")
    }

    private static func lines(of service: ServiceReport, _ simulation: inout Simulation, _ report: CommitReport)
        -> [String]
    {
        let revisions = [service.oldRevision, service.newRevision].compactMap { $0?.description }.joined(
            separator: " -> ")
        var lines = ["  \(service.key): \(service.sync.rawValue), \(service.health.rawValue) \(revisions)"]
        if let cause = service.cause { lines.append("    cause: \(cause)") }
        if let remedy = service.remedy { lines.append("    remedy: \(remedy)") }
        lines += service.evidence.map { "    evidence: \($0)" }
        return lines
    }

    /// Identifiers follow from the seed and say nothing.
    private static func withoutIdentifiers(_ line: String) -> String {
        line.replacing(/ecs-svc\/[0-9]+/, with: "ecs-svc/…").replacing(/[0-9a-f]{32}/, with: "…")
            .replacing(/\b[0-9a-f]{40}\b/, with: "…").replacing(
                /ecs-(pause|lambda)-[A-Za-z0-9_-]{43}/, with: "ecs-pause-…"
            )
            .replacing(/service-deployment\/main\/web\/[A-Za-z0-9_-]{21}/, with: "service-deployment/main/web/…")
    }
}

extension RolloutStep {
    func take(_ simulation: inout Simulation, in row: String) throws {
        switch self {
        case .merge(let files): try simulation.merge(files, subject: "Change", hours: 3)
        case .push(let files): try simulation.push(files, subject: "Change")
        case .mergeAfter(let files): try simulation.merge(try files(&simulation), subject: "Change", hours: 3)
        case .wait(let seconds): try simulation.run(for: .seconds(seconds))
        case .hand(let operation, let input): try simulation.byHand(operation, input)
        case .handAfter(let operation, let input): try simulation.byHand(operation, try input(&simulation))
        case .scenario(let text): simulation.ecs.scenario = try RolloutRow.scenario(text, start: simulation.time)
        case .kill: try simulation.restart()
        case .expect(let what, let test):
            let holds = try test(&simulation)
            let tail = simulation.history.suffix(25).map { String($0.prefix(300)) }.joined(separator: "\n")
            #expect(holds, "\(row): \(what)\n\(simulation.headReport.map { "\($0.services)" } ?? "")\n\(tail)")
        }
    }
}

extension Simulation {
    /// The newest report on every commit, the oldest commit first.
    var lastReports: [CommitReport?] {
        var reports: [CommitID: CommitReport] = [:]
        for event in events { if case .report(let report) = event { reports[report.commit] = report } }
        if let head = headReport { reports[head.commit] = head }
        return repository.branch.reversed().map { reports[$0] }
    }

    /// Everything that was ever said of a service while a report was open, from the note of its commit.
    var said: [String] { history.filter { $0.contains("publishNotes") } }

    /// A person's call.
    mutating func byHand(_ operation: String, _ input: Value) throws {
        let parts = operation.split(separator: ":").map(String.init)
        let api = parts.count == 2 ? Operation.API(rawValue: parts[0]) : .ecs
        guard let api, let name = parts.last else { throw SimulationError.impossible(operation) }
        let caller = Caller(account: policy.account.text, region: policy.region.text)
        let answer = ecs.perform(Operation(api, name), input, as: caller, at: time)
        if case .failure(let error) = answer { throw SimulationError.impossible("\(operation): \(error)") }
    }

    /// The services that exist, sorted.
    func services() -> [ServiceKey] {
        let arns = peek("ListServices", ["cluster": "main"])?["serviceArns"]?.elements ?? []
        return arns.compactMap { arn in
            guard let name = arn.text?.split(separator: "/").last, let service = try? ServiceName(String(name)),
                let cluster = try? ClusterName("main")
            else { return nil }
            return ServiceKey(cluster: cluster, service: service)
        }.sorted()
    }

    /// The service as ECS describes it.
    func live(_ service: String) -> Value? {
        peek("DescribeServices", ["cluster": "main", "services": [.string(service)], "include": ["TAGS"]])?[
            "services"]?[0]
    }

    /// The image of the first container of what the primary deployment runs.
    func running(_ service: String) -> String? {
        guard
            let arn = live(service)?["deployments"]?.elements?.first(where: { $0["status"]?.text == "PRIMARY" })?[
                "taskDefinition"]
        else { return nil }
        return peek("DescribeTaskDefinition", ["taskDefinition": arn])?["taskDefinition"]?["containerDefinitions"]?[0]?[
            "image"]?.text
    }

    /// The service's deployments that ECS has records of.
    func deployments(_ service: String) -> Int {
        (peek("ListServiceDeployments", ["cluster": "main", "service": .string(service)])?["serviceDeployments"]?
            .elements ?? []).count
    }

    fileprivate func primaryText(_ key: ServiceKey) -> String {
        let live = live(key.service.text)
        let primary = live?["deployments"]?.elements?.first { $0["status"]?.text == "PRIMARY" }
        let counts = "\(live?["runningCount"]?.integer ?? 0)/\(live?["desiredCount"]?.integer ?? 0) tasks"
        return "runs \(running(key.service.text) ?? "nothing"), \(primary?["rolloutState"]?.text ?? "-"), \(counts), "
            + "\(deployments(key.service.text)) deployments"
    }
}
