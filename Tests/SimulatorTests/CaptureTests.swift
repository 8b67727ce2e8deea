import Foundation
import MooringShapes
import MooringSimulator
import Testing

/// What AWS answered to others, where it is at hand.
enum Captures {
    static let folder: String = ProcessInfo.processInfo.environment["MOORING_CAPTURES"] ?? "../shared/captures"

    static var arePresent: Bool { FileManager.default.fileExists(atPath: folder + "/strings/rollout-sequences.tsv") }

    /// Whether they are the collection that the tables of differences are about, and not somebody's own.
    static var arePublished: Bool { FileManager.default.fileExists(atPath: folder + "/README.md") }

    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
    }

    /// The answer inside a recording, whatever surrounds it.
    static func answer(_ path: String) throws -> Value {
        let document = try JSONReader.value(of: try text(path))
        return document["data"] ?? document
    }

    static func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self.folder + "/" + folder).sorted()
            .map { folder + "/" + $0 }
    }

    /// The steps of a recorded rollout, cut down to what happened.
    static func sequence(_ name: String) throws -> [String] {
        try text("strings/rollout-sequences.tsv").split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t")[0].split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard fields.count >= 3, fields[0] == name else { return nil }
            return step(fields[2...].joined(separator: "|"))
        }
    }

    private static let steps: [(sign: String, step: String)] = [
        ("deployment completed", "completed"), ("deployment failed", "failed"), ("rolling back", "rolling back"),
        ("steady state", "steady"), ("begun draining", "draining"), ("deregistered", "deregistered"),
        ("registered", "registered"), ("stopped 1 pending", "stopped pending"), ("has stopped", "stopped"),
        ("unable to place", "unable to place"), ("has started", "started"),
    ]

    /// What a message or a recorded line is about; nil for lines that are no events.
    static func step(_ text: String) -> String? { steps.first { text.contains($0.sign) }?.step }
}

@Suite(
    .enabled(if: Captures.arePresent, "skipped: no captures at MOORING_CAPTURES or ../shared/captures"),
    .enabled(if: Captures.arePublished, "skipped: these captures are somebody's own"))
struct CaptureTests {
    @Test func `a first deployment behind a load balancer gives the recorded events`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(balancer: true)
        try bench.wait(until: \.isCompleted, limit: 300)
        let recorded = try Captures.sequence("create, 2 tasks, ALB, Fargate")
        try #require(recorded.count == 4)
        #expect(try bench.events().compactMap(Captures.step) == recorded)
    }

    @Test func `a rolling update behind a load balancer gives the recorded events`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(balancer: true)
        try bench.wait(until: \.isCompleted, limit: 300)
        let before = try bench.events().count
        try bench.register(image: "web:2")
        let start = bench.now
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        try bench.wait(until: \.isCompleted, limit: 600)
        let recorded = try Captures.sequence("rolling 2->2, ALB, Fargate")
        try #require(recorded.count == 7)
        #expect(try bench.events().dropFirst(before).compactMap(Captures.step) == recorded)
        // 149 s where recorded.
        let seconds = (bench.now - start) / 1000
        #expect((120...180).contains(seconds))
    }

    @Test func `tasks that cannot reach the registry give the recorded events`() throws {
        var scenario = Scenario()
        scenario.images = [
            ImageRule("*:bad", .cannotInitialize(reason: "ResourceInitializationError: unable to pull secrets"))
        ]
        scenario.timing.pullFailure = 260_000
        var bench = Bench(scenario)
        try bench.register(image: "web:1")
        try bench.create(desired: 1)
        try bench.wait(until: \.isCompleted, limit: 300)
        let before = try bench.events().count
        let start = bench.now
        try bench.register(image: "web:bad")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        bench.wait(seconds: 60)
        try bench.wait(until: { $0.isCompleted }, limit: 3000)
        let recorded = try Captures.sequence("breaker, desired 1, tasks cannot reach the registry")
        try #require(recorded.count == 12)
        let events = try bench.events().dropFirst(before).filter { !$0.contains("unable to consistently") }
        #expect(events.compactMap(Captures.step) == recorded)
        // 21.5 minutes where recorded, from the first start to the end of the rollback.
        let minutes = Double(bench.now - start) / 60_000
        #expect((18.0...25.0).contains(minutes))
    }

    @Test func `recorded environments are in our hash order`() throws {
        var compared = 0
        for path in try Captures.files("describe-task-definition") where path.contains("cloud-custodian") {
            let definition = try Captures.answer(path)["taskDefinition"]
            for container in definition?["containerDefinitions"]?.elements ?? [] {
                let names = (container["environment"]?.elements ?? []).compactMap(\.["name"]?.text)
                guard names.count > 1 else { continue }
                let asRecorded = try returnedOrder(of: names)
                #expect(asRecorded == names, "\(path)")
                // Sent backwards, only names of one bucket (which keep the request's order) may change places.
                let backwards = try returnedOrder(of: names.reversed())
                for (index, name) in backwards.enumerated() {
                    let place = try #require(names.firstIndex(of: name))
                    #expect(abs(place - index) <= 2, "\(path): \(name)")
                }
                compared += 1
            }
        }
        #expect(compared > 0)
    }

    /// The names of an environment as a registration returns them.
    private func returnedOrder(of names: [String]) throws -> [String] {
        let entries = names.map { #"{"name":"\#($0)","value":"x"}"# }.joined(separator: ",")
        var bench = Bench()
        let answer = try bench.call(
            "RegisterTaskDefinition",
            """
            {"family":"e","containerDefinitions":[{"name":"c","image":"i","memory":8,"environment":[\(entries)]}]}
            """)
        let container = answer["taskDefinition"]?["containerDefinitions"]?[0]
        return (container?["environment"]?.elements ?? []).compactMap(\.["name"]?.text)
    }

    @Test func `a described service has the members of the newest recording`() throws {
        let recorded = try #require(
            try Captures.answer("update-service/aws__aws-cli__update-service.4.json")["service"])
        var bench = Bench()
        try bench.call(
            "RegisterTaskDefinition",
            """
            {"family":"web","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
            "containerDefinitions":[{"name":"app","image":"web:1","portMappings":[{"containerPort":80}]}]}
            """)
        try bench.create(
            balancer: true,
            extra: #"""
                ,"launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"]}}
                """#)
        try bench.wait(until: \.isCompleted, limit: 300)
        let ours = try bench.describe()
        func names(_ value: Value?) -> Set<String> { Set((value?.members ?? []).map(\.name)) }
        // Both came after the recording: `captures/findings.md`, section 3.
        #expect(names(ours).subtracting(names(recorded)) == ["currentServiceRevisions", "resourceManagementType"])
        #expect(names(recorded).subtracting(names(ours)).isEmpty)
        let deployment = recorded["deployments"]?[0]
        #expect(names(ours["deployments"]?[0]) == names(deployment))
        #expect(names(ours["events"]?[0]) == names(recorded["events"]?[0]))
    }

    @Test func `a service deployment and its revision have the members of the recordings`() throws {
        let record = try Captures.answer("describe-service-deployments/" + lastFile("describe-service-deployments"))
        let recorded = try #require(record["serviceDeployments"]?[0])
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create()
        try bench.wait(until: \.isCompleted, limit: 300)
        let ours = try bench.record()
        #expect(Set((ours.members ?? []).map(\.name)) == Set((recorded.members ?? []).map(\.name)))
        #expect(ours["deploymentCircuitBreaker"]?["status"] == recorded["deploymentCircuitBreaker"]?["status"])
        #expect(ours["deploymentCircuitBreaker"]?["threshold"] == recorded["deploymentCircuitBreaker"]?["threshold"])
        let id = try #require(ours["serviceDeploymentArn"]?.text?.split(separator: "/").last)
        #expect(id.count == 21)
    }

    private func lastFile(_ folder: String) throws -> String {
        let path = try #require(try Captures.files(folder).last)
        return String(path.dropFirst(folder.count + 1))
    }
}
