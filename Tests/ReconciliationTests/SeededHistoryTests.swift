import Foundation
import MooringCryptography
import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// What the product is trusted for: whatever happens, and wherever the process is killed, ECS ends as HEAD says, nothing is
/// registered or deployed twice, and every commit's report ends.
@Suite struct SeededHistoryTests {
    static let seeds = 300

    @Test(arguments: stride(from: 1, through: seeds, by: 20).map { $0 })
    func `a history with commits, faults and a kill ends as HEAD says`(_ first: Int) throws {
        for seed in first..<(first + 20) {
            let simulation = try SeededHistory(seed: UInt64(seed)).run()
            var check = SeededHistoryCheck(seed: seed, simulation: simulation)
            try check.check()
        }
    }

    @Test func `the same seed gives the same history`() throws {
        var digests: [String] = []
        for seed in UInt64(1)...12 {
            let history = try SeededHistory(seed: seed).run().history
            let again = try SeededHistory(seed: seed).run().history
            #expect(history == again, "seed \(seed)")
            digests.append(SHA256.hex(of: Array(history.joined(separator: "\n").utf8)))
        }
        // Debug and release builds each write what they saw; Tests/run compares the two.
        if let path = ProcessInfo.processInfo.environment["MOORING_HISTORY_DIGESTS"] {
            try digests.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        }
    }
}

struct SeededHistory {
    let seed: UInt64

    func run() throws -> Simulation {
        var world = SeededWorld(seed: seed)
        let policy = EnvironmentPolicy(
            identity: try EnvironmentIdentity("production@a1b2c3"), branch: try BranchName("main"),
            folder: try TreePath("production"), account: try AccountID("123456789012"),
            region: try Region("eu-central-1"), clusters: [try ClusterName("main")], act: true, postsStatuses: true,
            seed: seed)
        var scenario = Scenario()
        scenario.images = [ImageRule("*-bad", .cannotPull())]
        scenario.reads = ReadLag(milliseconds: 0...2_000)
        let plan = world.plan()
        scenario.faults = world.faults()
        var configuration = LocalECS.Configuration()
        configuration.scenario = scenario
        configuration.clusters = ["main"]
        configuration.region = policy.region.text
        let ecs = LocalECS(configuration: configuration, seed: seed, now: 1_789_999_000_000)
        var simulation = Simulation(plan: plan, policy: policy, ecs: ecs)
        try simulation.run()
        return simulation
    }
}

/// What must hold at the end of every history.
struct SeededHistoryCheck {
    let seed: Int
    var simulation: Simulation

    mutating func check() throws {
        try checkServices()
        try checkRegistrations()
        try checkReports()
        let lies = simulation.truth.lies
        #expect(lies.isEmpty, "seed \(seed): \(lies.joined(separator: "\n"))\n\(tail)")
    }

    private var tail: String { simulation.history.suffix(60).joined(separator: "\n") }

    /// ECS runs what HEAD says, or what ran before where its breaker rejected that.
    private mutating func checkServices() throws {
        let files = simulation.repository.files(at: simulation.repository.head)
        for name in ["api", "web", "worker"] {
            let task = try JSONReader.value(of: #require(files["production/\(name).task.json"]))
            let image = try #require(task["containerDefinitions"]?[0]?["image"]?.text)
            let key = ServiceKey(cluster: try ClusterName("main"), service: try ServiceName(name))
            let described = simulation.described(key)
            let service = try #require(described, "seed \(seed): \(name) does not exist\n\(tail)")
            let arn = try #require(service.taskDefinition)
            let call = APICall(.ecs, "DescribeTaskDefinition", ["taskDefinition": .string(arn.text)])
            let live = simulation.answer(call)?["taskDefinition"]?["containerDefinitions"]?[0]?["image"]?.text
            if image.hasSuffix("-bad") {
                // A service of which no deployment ever completed has nothing to go back to.
                let input: Value = ["cluster": "main", "service": .string(name), "status": ["SUCCESSFUL"]]
                let completed = simulation.answer(APICall(.ecs, "ListServiceDeployments", input))
                let hadAnother = completed?["serviceDeployments"]?[0] != nil
                let isBack = live?.hasSuffix("-bad") == false
                #expect(isBack || !hadAnother, "seed \(seed): \(name) still runs \(live ?? "nothing")\n\(tail)")
            } else {
                #expect(live == image, "seed \(seed): \(name)\n\(tail)")
            }
        }
    }

    /// No content is registered twice in a family.
    private mutating func checkRegistrations() throws {
        for name in ["api", "web", "worker"] {
            let images = try images(of: name)
            #expect(Set(images).count == images.count, "seed \(seed): \(name) has revisions \(images)\n\(tail)")
        }
    }

    /// The images of a family's revisions, in the order they were registered.
    private mutating func images(of family: String) throws -> [String] {
        let list = simulation.answer(APICall(.ecs, "ListTaskDefinitions", ["familyPrefix": .string(family)]))
        return try (list?["taskDefinitionArns"]?.elements ?? []).map { arn in
            let described = simulation.answer(APICall(.ecs, "DescribeTaskDefinition", ["taskDefinition": arn]))
            return try #require(described?["taskDefinition"]?["containerDefinitions"]?[0]?["image"]?.text)
        }
    }

    /// Every commit that was ever reported on has an end, in its note and in its status; HEAD has one in any case.
    private func checkReports() throws {
        let head = try #require(simulation.repository.head)
        let report = simulation.repository.notes[head].flatMap(NoteDocument.report(from:))
        #expect(report?.isFinal == true, "seed \(seed): HEAD's note is \(report?.sync.rawValue ?? "missing")\n\(tail)")
        for commit in simulation.repository.branch {
            if let note = simulation.repository.notes[commit] {
                let report = NoteDocument.report(from: note)
                #expect(report?.isFinal == true, "seed \(seed): the note on \(commit.short) has no end\n\(tail)")
            }
            if let last = simulation.statuses[commit]?.last {
                #expect(last.state != .pending, "seed \(seed): the status of \(commit.short) has no end\n\(tail)")
            }
        }
        #expect(simulation.outbox.isEmpty, "seed \(seed): the outbox keeps \(simulation.outbox.keys.sorted())")
    }
}
