import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation
import MooringReconciliation
import MooringSimulator
import Testing

/// Whatever happens between its beginning and its end, every commit's report ends.
@Suite struct EveryReportEndsTests {
    /// What each commit's note says it came to.
    private func ends(_ simulation: Simulation) -> [Sync] {
        simulation.repository.branch.reversed().compactMap { commit in
            simulation.repository.notes[commit].flatMap(NoteDocument.report(from:))?.sync
        }
    }

    @Test func `of a commit that another one followed before anything could be looked at`() throws {
        var scenario = Scenario()
        scenario.faults = [FaultRule("*", .always, .serverError(status: 500))]
        var simulation = try SmallWorld.simulation(SmallWorld.files(), try SmallWorld.ecs(scenario))
        simulation.begin()
        try simulation.run { $0.headNote != nil }
        try simulation.push(SmallWorld.files(image: "acme/web:v2"), subject: "Change")
        try simulation.run(for: .seconds(120))
        simulation.ecs.scenario = Scenario()
        try simulation.settle()
        #expect(ends(simulation) == [.superseded, .synced])
    }

    @Test func `of a commit that affects only a task, though the process dies and another commit comes`() throws {
        var simulation = try RunsWorld.simulation(RunsWorld.files())
        try simulation.run()
        try simulation.push(RunsWorld.files(migrate: "v2"), subject: "Migrate")
        let migration = try #require(simulation.repository.head)
        try simulation.run {
            $0.repository.notes[migration].flatMap(NoteDocument.report(from:))?.tasks.isEmpty == false
        }
        simulation.kill(downFor: .seconds(60))
        try simulation.push(
            RunsWorld.files(migrate: "v2").merging(["production/README": "x"]) { one, _ in one }, subject: "Words")
        try simulation.settle()
        let ends = ends(simulation)
        #expect(ends.count == 3 && !ends.contains(.progressing), "\(ends)")
        let note = try #require(simulation.repository.notes[migration])
        #expect(NoteDocument.report(from: note)?.tasks.map(\.sync) == [.synced], "\(note)")
    }

    @Test func `and says where fewer tasks run than the commit wants, until they do`() throws {
        var simulation = try SmallWorld.simulation(SmallWorld.files(), try SmallWorld.ecs())
        try simulation.run()
        var scenario = Scenario()
        scenario.capacity = [CapacityRule("*", .unavailable)]
        simulation.ecs.scenario = scenario
        let more = SmallWorld.files().mapValues { $0.replacing("desiredCount: 1", with: "desiredCount: 4") }
        try simulation.merge(more, subject: "More")
        try simulation.run(for: .seconds(120))
        #expect(simulation.headReport?.sync == .synced && simulation.headReport?.health == .degraded)
        let summary = simulation.headReport?.summary ?? ""
        #expect(summary.hasPrefix("web: 1 of 4 tasks run"), "\(summary)")
        simulation.ecs.scenario = Scenario()
        try simulation.run(for: .seconds(1_200))
        #expect(simulation.headReport?.health == .healthy && simulation.headReport?.summary == "web runs web:1.")
    }

    @Test func `and no rollout waits for a host that takes long to say what it shows`() throws {
        var policy = try SmallWorld.policy()
        policy.postsStatuses = true
        let plan = SimulationPlan(
            seed: 1, commits: [(at: 0, files: SmallWorld.files(), subject: "Begin")], killAtEffect: nil)
        var simulation = Simulation(plan: plan, policy: policy, ecs: try SmallWorld.ecs(tags: nil))
        simulation.hostDelay = .seconds(120)
        simulation.begin()
        try simulation.run { $0.calls["CreateService"] == 1 }
        #expect(simulation.time - simulation.start < 60_000)
        try simulation.settle()
        // What it said late is heard.
        let head = try #require(simulation.repository.head)
        #expect(simulation.statuses[head]?.last?.state == .success)
    }
}
