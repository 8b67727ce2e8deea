import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation
import MooringReconciliation
import Testing

/// What shows on a git host that was away, when it is back.
@Suite struct HostOutageTests {
    private static let outage = Failure(
        code: .unreachable, subject: "git.example.com", tried: "set a status", cause: "Connection refused.",
        disposition: .retry(after: nil))

    private func world(perService: Bool = false) throws -> Simulation {
        var policy = try SmallWorld.policy()
        policy.postsStatuses = true
        policy.postsServiceStatuses = perService
        let plan = SimulationPlan(
            seed: 1, commits: [(at: 0, files: SmallWorld.files(), subject: "Begin")], killAtEffect: nil)
        return Simulation(plan: plan, policy: policy, ecs: try SmallWorld.ecs(tags: nil))
    }

    /// What each commit's note says it came to.
    private func ends(_ simulation: Simulation) -> [CommitID: Sync] {
        simulation.repository.notes.compactMapValues { NoteDocument.report(from: $0)?.sync }
    }

    private func state(of sync: Sync) -> CommitStatus.State {
        switch sync {
        case .synced: .success
        case .superseded: .neutral
        case .progressing: .pending
        case .failed, .outOfSync: .failure
        }
    }

    /// An hour without the host, in which three commits are merged and the process dies with its disk.
    @Test(arguments: [false, true], [false, true])
    func `every commit shows its true end after an hour without the host, and nothing older`(
        perService: Bool, losesDisk: Bool,
    ) throws {
        var simulation = try world(perService: perService)
        try simulation.run()
        let first = try #require(simulation.repository.head)
        #expect(simulation.statuses[first]?.last?.state == .success)
        try simulation.push(SmallWorld.files(image: "acme/web:v2"), subject: "Change")
        let second = try #require(simulation.repository.head)
        try simulation.run { $0.statuses[second]?.contains { $0.state == .pending } == true }
        simulation.hostFailure = Self.outage
        try simulation.run(for: .seconds(1_200))
        try simulation.push(SmallWorld.files(image: "acme/web:v3"), subject: "Change again")
        try simulation.run(for: .seconds(20))
        try simulation.push(SmallWorld.files(image: "acme/web:v4"), subject: "And again")
        if losesDisk { simulation.kill() }
        try simulation.run(for: .seconds(2_400))
        let before = simulation.statuses
        simulation.hostFailure = nil
        try simulation.run(for: .seconds(1_200))
        let ends = ends(simulation)
        let production = try EnvironmentName("production")
        #expect(ends.count == 4 && !ends.values.contains(.progressing), "\(ends)")
        for (commit, sync) in ends {
            let shown = simulation.statuses[commit] ?? []
            for (context, statuses) in Dictionary(grouping: shown, by: \.context) {
                #expect(statuses.last?.state.isFinal == true, "\(context) of \(commit.short): \(statuses)")
            }
            let whole = shown.last { $0.context == "mooring/production" }
            #expect(
                whole?.state == state(of: sync), "\(commit.short) is \(sync) and shows \(String(describing: whole))")
            if sync == .superseded { #expect(whole?.kind == .deployment(production)) }
            // Nothing that was so during the outage is told after it, only how it ended.
            let later = shown.dropFirst(before[commit]?.count ?? 0)
            #expect(later.allSatisfy { $0.state.isFinal }, "\(later)")
        }
        #expect(
            simulation.statuses[first]?.count == before[first]?.count)
    }

    @Test func `each service that a commit affects has a check of its own where the settings say so`() throws {
        var simulation = try world(perService: true)
        try simulation.run()
        let head = try #require(simulation.repository.head)
        let shown = (simulation.statuses[head] ?? []).filter { $0.context == "mooring/production/main/web" }
        #expect(shown.first?.state == .pending && shown.last?.state == .success, "\(shown)")
        #expect(
            shown.last?.summary == "Runs web:1." && shown.last?.link?.contains("/services/web/") == true, "\(shown)")
        let whole = try #require(simulation.statuses[head]?.last { $0.context == "mooring/production" })
        let production = try EnvironmentName("production")
        #expect(whole.kind == .deployment(production) && whole.details.contains("main/web"))
    }
}
