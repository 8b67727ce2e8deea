import MooringManifests
import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// Which services a commit affects, and values that come from elsewhere than git.
@Suite struct SourceTests {
    /// What a repository holds: `a` and `b` build upon a base outside of the folder, `c` does not.
    private static func files(image: String = "v1", settings: String = "", extra: String = "") -> [String: String] {
        var files = [
            "base/task.yaml": """
            memory: 512
            containerDefinitions:
              - {name: main, image: "acme/app:\(image)", essential: true}
            """,
            "base/service.yaml": """
            cluster: main
            desiredCount: 1
            deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}
            """,
            "production/c.task.yaml":
                "family: c\nmemory: 512\ncontainerDefinitions: [{name: main, image: acme/c:v1, essential: true}]\n",
        ]
        for name in ["a", "b"] {
            files["production/\(name).task.yaml"] = "mooring: {base: ../base/task.yaml}\nfamily: \(name)\n"
        }
        for name in ["a", "b", "c"] {
            files["production/\(name).service.yaml"] =
                "mooring: {base: ../base/service.yaml}\nserviceName: \(name)\ntaskDefinition: \(name)\n"
        }
        files["production/a.service.yaml"]? += extra
        files["production/mooring.yaml"] = settings.isEmpty ? nil : settings
        return files
    }

    private func simulation(
        _ commits: [(at: Int64, files: [String: String], subject: String)], faults: [FaultRule] = [],
        parameters: [String: String] = [:], type: String = "String", killAt: Int? = nil, losesDisk: Bool = false,
    ) throws -> Simulation {
        let policy = EnvironmentPolicy(
            identity: try EnvironmentIdentity("production@a1b2c3"), branch: try BranchName("main"),
            folder: try TreePath("production"), account: try AccountID("123456789012"),
            region: try Region("eu-central-1"), clusters: [try ClusterName("main")], act: true, seed: 1)
        var configuration = LocalECS.Configuration()
        configuration.clusters = ["main"]
        configuration.region = policy.region.text
        configuration.scenario.faults = faults
        var ecs = LocalECS(configuration: configuration, seed: 1, now: 1_789_990_000_000)
        for (name, value) in parameters { try put(name, value, type: type, into: &ecs, at: 1_789_990_000_000) }
        var plan = SimulationPlan(seed: 1, commits: commits, killAtEffect: killAt)
        plan.killsAfterPerforming = (killAt ?? 0) % 2 == 1
        plan.losesDisk = losesDisk
        return Simulation(plan: plan, policy: policy, ecs: ecs)
    }

    private func put(_ name: String, _ value: String, type: String, into ecs: inout LocalECS, at time: Int64) throws {
        let input: Value = [
            "Name": .string(name), "Value": .string(value), "Type": .string(type), "Overwrite": true,
        ]
        let caller = Caller(account: "123456789012", region: "eu-central-1")
        _ = try ecs.perform(Operation(.ssm, "PutParameter"), input, as: caller, at: time).get()
    }

    private func revision(_ name: String, in simulation: inout Simulation) throws -> String? {
        try live(name, in: &simulation)?.taskDefinition?.revision.description
    }

    private func live(_ name: String, in simulation: inout Simulation) throws -> ObservedService? {
        simulation.described(ServiceKey(cluster: try ClusterName("main"), service: try ServiceName(name)))
    }

    private func affected(_ simulation: Simulation) -> [String] {
        simulation.loop.headReport?.services.map(\.key.service.text) ?? []
    }

    // MARK: Bases

    @Test func `a base outside of the folder rolls out what builds upon it, and nothing else`() throws {
        var simulation = try simulation([(at: 0, files: Self.files(), subject: "begin")])
        try simulation.run()
        #expect(try revision("a", in: &simulation) == "a:1")
        #expect(simulation.loop.headReport?.sync == .synced)
        try simulation.merge(Self.files(image: "v2"), subject: "new image")
        #expect(affected(simulation) == ["a", "b"])
        #expect(simulation.loop.headReport?.sync == .synced)
        #expect(try revision("a", in: &simulation) == "a:2")
        #expect(try revision("b", in: &simulation) == "b:2")
        #expect(try revision("c", in: &simulation) == "c:1")
        let head = try #require(simulation.repository.head)
        let note = try #require(simulation.repository.notes[head])
        #expect(note.contains("main/a") || note.contains("a:2"), "\(note)")
        #expect(!note.contains("c:1"), "\(note)")
    }

    @Test func `a commit that touches neither folder nor bases affects nothing`() throws {
        var simulation = try simulation([(at: 0, files: Self.files(), subject: "begin")])
        try simulation.run()
        let calls = simulation.calls["DescribeServices"]
        var files = Self.files()
        files["base/unused.yaml"] = "a: ["
        try simulation.merge(files, subject: "elsewhere")
        #expect(affected(simulation) == [])
        #expect(simulation.loop.headReport?.summary == "No service is affected.")
        #expect(simulation.calls["DescribeServices"] == calls)
    }

    @Test func `a base that vanishes is an error, and what runs stays`() throws {
        var simulation = try simulation([(at: 0, files: Self.files(), subject: "begin")])
        try simulation.run()
        var files = Self.files()
        files["base/task.yaml"] = nil
        try simulation.merge(files, subject: "oops")
        let report = try #require(simulation.loop.headReport)
        #expect(report.sync == .failed)
        #expect(report.findings.count >= 2)
        #expect(report.findings.contains { $0.contains("'base/task.yaml' cannot be read: there is no such file") })
        #expect(try revision("a", in: &simulation) == "a:1")
        try simulation.merge(Self.files(image: "v2"), subject: "back")
        #expect(simulation.loop.headReport?.sync == .synced)
        #expect(try revision("b", in: &simulation) == "b:2")
    }

    @Test func `a commit that only changed a base and was overtaken did not change nothing`() throws {
        var simulation = try simulation([
            (at: 0, files: Self.files(), subject: "begin"),
            (at: 900_000, files: Self.files(image: "v2"), subject: "two"),
            (at: 900_001, files: Self.files(image: "v3"), subject: "three"),
        ])
        try simulation.run()
        let overtaken = simulation.repository.branch[1]
        let note = try #require(simulation.repository.notes[overtaken])
        #expect(note.contains("Superseded"), "\(note)")
        #expect(try revision("a", in: &simulation) == "a:2")
    }

    // MARK: Settings

    @Test func `settings affect the services whose result they change`() throws {
        let extra = "tags: [{key: stage, value: '${stage}'}]\n"
        let before = Self.files(settings: "variables: {stage: blue, unused: x}\n", extra: extra)
        var simulation = try simulation([(at: 0, files: before, subject: "begin")])
        try simulation.run()
        try simulation.merge(
            Self.files(settings: "variables: {stage: green, unused: x}\n", extra: extra), subject: "green")
        #expect(affected(simulation) == ["a"])
        #expect(try live("a", in: &simulation)?.tag("stage") == "green")
        try simulation.merge(
            Self.files(settings: "variables: {stage: green, unused: y}\n", extra: extra), subject: "nothing")
        #expect(affected(simulation) == [])
        #expect(simulation.loop.headReport?.summary == "No service is affected.")
    }

    // MARK: Parameters

    private static let extra =
        "networkConfiguration: {awsvpcConfiguration: {subnets: ['${subnet}'], securityGroups: [sg-1]}}\n"
    private static func withParameter(image: String = "v1") -> [String: String] {
        var files = files(
            image: image, settings: "variables:\n  subnet: {fromParameter: /net/a}\n", extra: extra)
        files["production/a.task.yaml"]? += "networkMode: awsvpc\n"
        return files
    }

    private func subnets(_ simulation: inout Simulation) throws -> Value? {
        let live = try live("a", in: &simulation)
        return live?.described["networkConfiguration"]?["awsvpcConfiguration"]?["subnets"]
    }

    @Test func `a parameter is a value, and a new value is rolled out without a commit`() throws {
        var simulation = try simulation(
            [(at: 0, files: Self.withParameter(), subject: "begin")], parameters: ["/net/a": "subnet-1"])
        try simulation.run()
        #expect(simulation.loop.headReport?.sync == .synced)
        #expect(try subnets(&simulation) == ["subnet-1"])
        // Another commit, so that the report of the head does not have the service yet.
        try simulation.merge(Self.withParameter().merging(["README.md": "x"]) { $1 }, subject: "docs")
        #expect(affected(simulation) == [])
        let updates = simulation.calls["UpdateService"] ?? 0
        try put("/net/a", "subnet-2", type: "String", into: &simulation.ecs, at: simulation.time)
        try simulation.run(for: .seconds(900))
        #expect(try subnets(&simulation) == ["subnet-2"])
        #expect(simulation.calls["UpdateService"] == updates + 1)
        #expect(affected(simulation) == ["a"])
        #expect(simulation.loop.headReport?.sync == .synced)
        // One call at each look for changes, none in between.
        #expect(simulation.calls["GetParameters"] ?? 0 < 10)
    }

    @Test(arguments: [
        ([String: String](), "String", "There is no SSM parameter '/net/a'"),
        (["/net/a": "hunter2"], "SecureString", "is a SecureString"),
        (["/net/a": "a,b"], "StringList", "is a StringList"),
    ])
    func `a parameter that cannot be used leaves its services alone, and the others go on`(
        _ parameters: [String: String], _ type: String, _ part: String,
    ) throws {
        var simulation = try simulation(
            [(at: 0, files: Self.withParameter(), subject: "begin")], parameters: parameters, type: type)
        try simulation.run()
        let report = try #require(simulation.loop.headReport)
        #expect(report.sync == .failed)
        #expect(report.findings.contains { $0.contains(part) && $0.contains("'${subnet}' has no value") })
        #expect(!"\(report)".contains("hunter2"))
        #expect(try live("a", in: &simulation) == nil)
        #expect(try revision("b", in: &simulation) == "b:1")
        #expect(try revision("c", in: &simulation) == "c:1")
        try put("/net/other", "x", type: "String", into: &simulation.ecs, at: simulation.time)
        guard parameters.isEmpty else { return }
        try put("/net/a", "subnet-9", type: "String", into: &simulation.ecs, at: simulation.time)
        try simulation.run(for: .seconds(900))
        #expect(try subnets(&simulation) == ["subnet-9"])
        #expect(simulation.loop.headReport?.sync == .synced, "\(String(describing: simulation.loop.headReport))")
    }

    @Test func `while parameters cannot be asked for, nothing ends and the others go on`() throws {
        let start: Int64 = 1_790_000_000_000
        var simulation = try simulation(
            [(at: 0, files: Self.withParameter(), subject: "begin")],
            faults: [FaultRule("GetParameters", .always, .throttle, until: start + 1_200_000)],
            parameters: ["/net/a": "subnet-1"])
        try simulation.run()
        #expect(simulation.time > start + 1_200_000)
        #expect(try subnets(&simulation) == ["subnet-1"])
        let syncs = simulation.events.compactMap { event -> Sync? in
            if case .report(let report) = event { return report.sync }
            return nil
        }
        #expect(!syncs.contains(.failed) && !syncs.contains(.superseded), "\(syncs)")
        #expect(syncs.last == .synced)
        let problems = simulation.events.filter { if case .problem = $0 { true } else { false } }
        #expect(problems.count == 1, "\(problems)")
        // The service that needs no parameter did not wait.
        let firstUpdate = simulation.history.firstIndex { $0.contains("done create main/c") }
        let lastRefusal = simulation.history.lastIndex { $0.contains("ssm:GetParameters") }
        #expect(try #require(firstUpdate) < (try #require(lastRefusal)))
    }

    @Test func `where AWS refuses a call as a whole, its names are asked for one by one`() {
        let question = ParameterQuestion(names: ["/a", "/b"])
        let denied = Failure(
            code: "AccessDeniedException", subject: "'/a and 1 more'", tried: "get parameters",
            cause: "User: x is not authorized to perform: ssm:GetParameters on resource: y", disposition: .stalled)
        let outcome = question.outcome(of: .failure(denied))
        #expect(outcome.again.map(\.names) == [["/a"], ["/b"]])
        #expect(outcome.readings.isEmpty)
        let single = outcome.again[0].outcome(of: .failure(denied))
        guard case .refused(let why) = single.readings["/a"] else {
            Issue.record("\(single)")
            return
        }
        #expect(why.contains("'/a' cannot be read") && why.contains("ssm:GetParameters on this parameter"))
    }

    // MARK: Kills

    /// The process dies between any two effects, with and without its disk; what it depends on is read again.
    @Test(arguments: stride(from: 3, through: 120, by: 9).map { $0 })
    func `a kill anywhere registers and deploys nothing twice`(_ effect: Int) throws {
        for kill in effect..<(effect + 3) {
            var simulation = try simulation(
                [
                    (at: 0, files: Self.withParameter(), subject: "begin"),
                    (at: 120_000, files: Self.withParameter(image: "v2"), subject: "two"),
                ], parameters: ["/net/a": "subnet-1"], killAt: kill, losesDisk: kill % 2 == 0)
            try simulation.run()
            let report = try #require(simulation.loop.headReport)
            #expect(report.sync == .synced, "kill \(kill)")
            #expect(try subnets(&simulation) == ["subnet-1"], "kill \(kill)")
            let revisions = try ["a", "b", "c"].map { try revision($0, in: &simulation) ?? "" }
            // Killed for long before the first rollout, the first commit may never have been deployed; killed before the
            // second service's turn, the newer commit is what it begins with.
            let possible = [["a:2", "b:2", "c:1"], ["a:2", "b:1", "c:1"], ["a:1", "b:1", "c:1"]]
            #expect(possible.contains(revisions), "kill \(kill) \(revisions)")
            for commit in simulation.repository.branch {
                let note = try #require(simulation.repository.notes[commit], "kill \(kill)")
                #expect(!note.contains("sync: Progressing") && !note.contains("No manifest changed"), "\(note)")
            }
        }
    }
}
