import MooringShapes
import MooringSimulator
import Testing

/// A row under way: the bench it runs on, and what was seen since the mark.
struct ScenarioRun: Sendable {
    let row: ScenarioRow
    var bench: Bench
    /// Events since the mark, oldest first, without `(service name) `.
    private(set) var events: [String] = []
    /// All events of the row's service.
    private(set) var history: [String] = []
    private(set) var leastRunning = Int.max
    private(set) var mostActive = 0
    private var lastEvent: String?

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(_ row: ScenarioRow) {
        self.row = row
        bench = Bench(row.scenario)
    }

    /// Runs a row to its end.
    ///
    /// - Returns: all events of its service, oldest first, without `(service name) `.
    static func events(of row: ScenarioRow) throws -> [String] {
        var run = ScenarioRun(row)
        for (index, step) in row.steps.enumerated() {
            do {
                try run.perform(step)
            } catch {
                throw Failure(description: "\(row.name) [\(row.source)], step \(index + 1): \(error)")
            }
        }
        return run.history
    }

    private mutating func perform(_ step: Step) throws {
        switch step {
        case .register(let image, let family, let container, let definition):
            try bench.call(
                "RegisterTaskDefinition",
                """
                {"family":"\(family)","containerDefinitions":[{"name":"app","image":"\(image)","memory":128,
                "portMappings":[{"containerPort":80}]\(container)}]\(definition)}
                """)
        case .call(let name, let input):
            try bench.call(name, try filled(input))
        case .refused(let name, let input, let code, let message):
            let error = try bench.refusal(name, try filled(input))
            guard error.code == code, message == nil || error.message == message else {
                throw Failure(description: "\(name) was refused with \(error)")
            }
        case .wait(let seconds):
            let end = bench.now + Int64(seconds) * 1000
            while bench.now < end {
                pass(until: end)
                try observe()
            }
        case .until(let condition, let limit):
            let end = bench.now + Int64(limit) * 1000
            try observe()
            while try !condition.holds(&self) {
                guard bench.now < end else {
                    throw Failure(description: "\(limit) s passed before \(condition.label): \(events.map(shape))")
                }
                pass(until: end)
                try observe()
            }
        case .world(let change):
            var scenario = bench.ecs.scenario
            change(&scenario)
            bench.ecs.scenario = scenario
        case .happens(let seconds, let action):
            var scenario = bench.ecs.scenario
            scenario.timeline.append(Happening(at: bench.now + Int64(seconds) * 1000, action))
            bench.ecs.scenario = scenario
        case .alarm(let name, let after, let seconds):
            var scenario = bench.ecs.scenario
            let start = bench.now + Int64(after) * 1000
            scenario.alarms.append(AlarmRule(name, from: start, until: seconds.map { start + Int64($0) * 1000 }))
            bench.ecs.scenario = scenario
        case .mark:
            try observe()
            forgetEvents()
            leastRunning = .max
            mostActive = 0
        case .expect(let expectation):
            try observe()
            if let found = try expectation.objection(&self) {
                throw Failure(description: "expected \(expectation.label); found \(found)")
            }
        }
    }

    mutating func forgetEvents() { events = [] }

    /// A second, or to the next thing that happens by itself.
    private mutating func pass(until end: Int64) {
        let next = bench.ecs.nextEventTime ?? end
        bench.now = min(end, max(bench.now + 1000, next))
        bench.ecs.advance(to: bench.now)
    }

    /// Notes new events and the counts of this moment.
    private mutating func observe() throws {
        let answer = try bench.call("DescribeServices", #"{"services":["\#(row.service)"]}"#)
        guard let service = answer["services"]?[0] else { return }
        let start = "(service \(row.service)) "
        var new: [String] = []
        // Newest first; what was seen before ends the search.
        for event in service["events"]?.elements ?? [] {
            if event["id"]?.text == lastEvent { break }
            let message = event["message"]?.text ?? ""
            new.append(message.hasPrefix(start) ? String(message.dropFirst(start.count)) : message)
        }
        lastEvent = service["events"]?[0]?["id"]?.text ?? lastEvent
        events += new.reversed()
        history += new.reversed()
        let running = service["runningCount"]?.integer ?? 0
        leastRunning = min(leastRunning, running)
        mostActive = max(mostActive, running + (service["pendingCount"]?.integer ?? 0))
    }

    // MARK: Looking

    mutating func described() throws -> Value { try bench.describe(row.service) }

    mutating func tasks(desiredStatus: String) throws -> [Value] {
        var found: [Value] = []
        var token = ""
        repeat {
            let list = try bench.call(
                "ListTasks", #"{"serviceName":"\#(row.service)","desiredStatus":"\#(desiredStatus)"\#(token)}"#)
            let arns = list["taskArns"]?.elements?.compactMap(\.text) ?? []
            token = list["nextToken"]?.text.map { #","nextToken":"\#($0)""# } ?? ""
            guard !arns.isEmpty else { break }
            let names = arns.map { "\"\($0)\"" }.joined(separator: ",")
            found += try bench.call("DescribeTasks", #"{"tasks":[\#(names)]}"#)["tasks"]?.elements ?? []
        } while !token.isEmpty
        return found
    }

    mutating func stoppedTasks() throws -> [Value] { try tasks(desiredStatus: "STOPPED") }

    private mutating func filled(_ input: String) throws -> String {
        var text = input.replacing("$GROUP", with: Bench.group)
        if text.contains("$RECORD") {
            text.replace("$RECORD", with: try bench.record(row.service)["serviceDeploymentArn"]?.text ?? "")
        }
        if text.contains("$HOOK") { text.replace("$HOOK", with: try hook()?["hookId"]?.text ?? "") }
        if text.contains("$PRIMARY") { text.replace("$PRIMARY", with: try described().primary?["id"]?.text ?? "") }
        if text.contains("$TASKS") {
            let running = try tasks(desiredStatus: "RUNNING").compactMap { $0["taskArn"]?.text }
            text.replace("$TASKS", with: "[\(running.map { "\"\($0)\"" }.joined(separator: ","))]")
        }
        if text.contains("$TASK") {
            let running = try tasks(desiredStatus: "RUNNING").first { $0["lastStatus"]?.text == "RUNNING" }
            text.replace("$TASK", with: running?["taskArn"]?.text ?? "")
        }
        return text
    }
}
