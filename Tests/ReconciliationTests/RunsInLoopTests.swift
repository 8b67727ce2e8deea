import MooringModel
import MooringNames
import MooringPresentation
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// One-off tasks from git through the loop to the local ECS: they run once, whatever happens to the process.
@Suite struct RunsInLoopTests {
    private static let hour: Duration = .seconds(3600)

    /// Whether the process is about to note that the run is over.
    private static func isNotingTheEnd(_ simulation: Simulation) -> Bool {
        simulation.history.suffix(6).contains { $0.contains("TagResource") && $0.contains("ended 1 ") }
    }

    // MARK: Kills and downtime

    @Test func `a migration of 40 minutes runs once though the process is killed three times, then the service rolls`()
        throws
    {
        var simulation = try RunsWorld.simulation(RunsWorld.files())
        simulation.begin()
        // First between ECS's doing and its answer.
        try simulation.run { $0.arrived("RunTask") == 1 }
        simulation.kill()
        try simulation.run(for: .seconds(20 * 60))
        #expect(simulation.task("migrate")?.sync == .progressing, "\(simulation.tail)")
        #expect(simulation.service("web")?.cause?.contains("migrate") == true)
        #expect(simulation.shown("web") == nil)
        simulation.kill()
        // Last when it is over and nothing says so yet.
        try simulation.run(until: Self.isNotingTheEnd)
        simulation.kill()
        try simulation.settle()

        #expect(simulation.count("begin run") == 1 && simulation.arrived("RunTask") == 1, "\(simulation.tail)")
        let tasks = simulation.tasks(of: "migrate")
        #expect(tasks.count == 1 && tasks[0]["containers"]?[0]?["exitCode"]?.integer == 0, "\(tasks)")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        let ended = tasks[0]["stoppedAt"]?.double ?? .infinity
        let created = simulation.shown("web")?["createdAt"]?.double ?? 0
        #expect(created > ended && ended - (tasks[0]["createdAt"]?.double ?? 0) >= 40 * 60)
        print("40 minutes: \(simulation.arrived("RunTask")) RunTask, 1 task, web \(created - ended) s after its end")
    }

    @Test func `the note tells the task, and is read back`() throws {
        var simulation = try RunsWorld.simulation(RunsWorld.files(), RunsWorld.scenario(after: 5_000))
        try simulation.run()
        let note = try #require(simulation.headNote)
        #expect(note.contains("tasks:\n  main/migrate:\n    sync: Synced"), "\(note)")
        let report = try #require(NoteDocument.report(from: note))
        #expect(report.tasks.map(\.key.description) == ["main/migrate"])
        #expect(report.tasks.first?.newRevision?.description == "migrate:1")
        #expect(report.services.map(\.key.description) == ["main/web"])
    }

    /// The first answer is lost, the process killed, and nobody looks for longer than a token or a stopped task lasts.
    private func afterDowntime() throws -> Simulation {
        var simulation = try RunsWorld.simulation(RunsWorld.files())
        simulation.begin()
        try simulation.run { $0.arrived("RunTask") == 1 }
        simulation.kill(downFor: Self.hour * 25)
        try simulation.run(for: Self.hour * 25)
        try simulation.settle()
        return simulation
    }

    @Test func `after 25 hours without a process a person is asked how the task ended, and the service waits`() throws {
        var simulation = try afterDowntime()
        #expect(simulation.tasks(of: "migrate").isEmpty)
        let task = try #require(simulation.task("migrate"))
        #expect(task.sync == .failed && task.cause?.contains("no longer shows its") == true, "\(simulation.tail)")
        let web = try #require(simulation.service("web"))
        #expect(web.sync != .synced && web.sync != .progressing && web.cause?.contains("migrate") == true, "\(web)")
        #expect(simulation.shown("web") == nil)
        #expect(simulation.headReport?.sync == .failed)
        // It stays so.
        try simulation.run(for: Self.hour * 3)
        #expect(simulation.arrived("RunTask") == 1 && simulation.shown("web") == nil)

        // A person looks, and does what the remedy says.
        let remedy = try #require(task.remedy)
        let said = try #require(remedy.firstMatch(of: /set the tag (\S+) on (\S+) to '([^']+)'/), "\(remedy)")
        let revision = try #require(
            simulation.look("DescribeTaskDefinition", ["taskDefinition": .string(String(said.2))])?["taskDefinition"]?[
                "taskDefinitionArn"])
        try simulation.byHand(
            "TagResource",
            [
                "resourceArn": revision,
                "tags": [["key": .string(String(said.1)), "value": .string(String(said.3))]],
            ])
        try simulation.run(for: .seconds(900))
        try simulation.settle()
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(simulation.shown("web")?["runningCount"]?.integer == 1)
        #expect(simulation.arrived("RunTask") == 1)
        print("25 hours: asked by '\(task.cause ?? "")', web: '\(web.cause ?? "")'")
    }

    /// How the service ends is told in the commit that mended the task, which is not Synced before.
    @Test(arguments: ["v2", "bad"])
    func `what a failed task held back belongs to the commit that mends the task`(image: String) throws {
        var scenario = RunsWorld.scenario(after: 5_000)
        scenario.images.append(ImageRule("acme/web:bad", .cannotPull()))
        var simulation = try RunsWorld.simulation(RunsWorld.files(), scenario)
        try simulation.run()
        try simulation.merge(RunsWorld.files(web: image, migrate: "bad"), subject: "Both")
        #expect(simulation.headReport?.sync == .failed, "\(simulation.tail)")
        #expect(simulation.service("web")?.cause?.contains("Not started") == true)

        try simulation.merge(RunsWorld.files(web: image, migrate: "v3"), subject: "Mend the task")
        try simulation.settle()
        let head = try #require(simulation.repository.head)
        let ends = simulation.events.compactMap { event -> Sync? in
            if case .report(let report) = event, report.commit == head, report.isFinal { report.sync } else { nil }
        }
        #expect(ends == [image == "bad" ? .failed : .synced], "\(simulation.tail)")
        #expect(simulation.service("web")?.sync == ends.last)
        #expect(simulation.headNote?.contains("main/web:") == true, "\(simulation.headNote ?? "")")
    }

    @Test func `after such a question a new token runs the task anew, and the rest goes on`() throws {
        var simulation = try afterDowntime()
        try simulation.merge(RunsWorld.files("runs: {before: [web]}, redeploy: again"), subject: "Again")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(simulation.arrived("RunTask") == 2 && simulation.tasks(of: "migrate").count == 1)
        #expect(simulation.shown("web")?["runningCount"]?.integer == 1)
    }

    @Test(arguments: stride(from: 20, through: 110, by: 15).map { $0 })
    func `a kill anywhere starts no second task, and what follows is done`(_ effect: Int) throws {
        for (kill, lags) in [(effect, false), (effect + 3, true)] {
            var scenario = RunsWorld.scenario(after: 20_000)
            if lags { scenario.reads = ReadLag(milliseconds: 0...4_000) }
            var simulation = try RunsWorld.simulation(RunsWorld.files(), scenario) { plan in
                plan.seed = UInt64(kill)
                plan.killAtEffect = kill
                plan.killsAfterPerforming = kill % 2 == 1
                plan.losesDisk = kill % 3 == 0
            }
            try simulation.run()
            #expect(simulation.tasks(of: "migrate").count == 1, "kill \(kill)\n\(simulation.tail)")
            #expect(simulation.headReport?.sync == .synced, "kill \(kill)\n\(simulation.tail)")
            #expect(simulation.shown("web")?["runningCount"]?.integer == 1, "kill \(kill)")
        }
    }

    // MARK: Answers

    @Test(arguments: [Fault.lostResponse, .serverErrorAfterwards(), .droppedBefore, .serverError(), .throttle])
    func `an answer of RunTask that is lost starts nothing twice`(_ fault: Fault) throws {
        var scenario = RunsWorld.scenario(after: 60_000)
        scenario.faults = [FaultRule("RunTask", .ordinals([1, 2, 3, 4]), fault)]
        var simulation = try RunsWorld.simulation(RunsWorld.files(), scenario)
        try simulation.run()
        #expect(simulation.tasks(of: "migrate").count == 1, "\(simulation.tail)")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
    }

    @Test func `reads that lag start nothing twice`() throws {
        for seed in 1...6 {
            var scenario = RunsWorld.scenario(after: 30_000)
            scenario.reads = ReadLag(milliseconds: 0...4_500)
            var simulation = try RunsWorld.simulation(RunsWorld.files(), scenario) { $0.seed = UInt64(seed) }
            try simulation.run()
            #expect(simulation.tasks(of: "migrate").count == 1, "\(seed)\n\(simulation.tail)")
            #expect(simulation.headReport?.sync == .synced, "\(seed)\n\(simulation.tail)")
        }
    }

    @Test func `a task for which there is no room at first is started when there is`() throws {
        var scenario = RunsWorld.scenario(after: 30_000)
        scenario.capacity = [CapacityRule("*", .unavailable, until: RunsWorld.start + 600_000)]
        var simulation = try RunsWorld.simulation(RunsWorld.files(), scenario)
        simulation.begin()
        try simulation.run(for: .seconds(300))
        let waiting = try #require(simulation.task("migrate"))
        #expect(waiting.sync == .progressing && waiting.cause?.contains("Capacity is") == true, "\(waiting)")
        #expect(simulation.tasks(of: "migrate").isEmpty && simulation.shown("web") == nil)
        try simulation.settle()
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(simulation.tasks(of: "migrate").count == 1)
        #expect((2...6).contains(simulation.arrived("RunTask")), "\(simulation.arrived("RunTask"))")
    }

    @Test func `what cannot be noted is not begun`() throws {
        var scenario = RunsWorld.scenario(after: 30_000)
        scenario.faults = [FaultRule("TagResource", .always, .accessDenied)]
        var simulation = try RunsWorld.simulation(RunsWorld.files(), scenario)
        try simulation.run()
        #expect(simulation.arrived("RunTask") == 0)
        let task = try #require(simulation.task("migrate"))
        #expect(task.sync == .failed && task.cause?.contains("TagResource") == true, "\(task)")
        #expect(simulation.shown("web") == nil)
    }
}
