import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// One-off tasks among services: what waits for them, what they wait for, and when they run again.
@Suite struct RunsInOrderTests {
    private static let others = ["api": "acme/api:v1"]

    @Test func `a failed migration stops only what depends on it, and a fixed manifest runs it anew`() throws {
        var simulation = try RunsWorld.simulation(
            RunsWorld.files(migrate: "bad", services: Self.others), RunsWorld.scenario(after: 30_000))
        try simulation.run()
        let task = try #require(simulation.task("migrate"))
        #expect(task.sync == .failed && task.health == .degraded, "\(simulation.tail)")
        #expect(task.cause?.contains("exit code 1") == true, "\(task)")
        let words = ([task.cause ?? ""] + task.evidence).joined(separator: "\n")
        #expect(words.contains("Essential container in task exited"), "\(words)")
        #expect(task.remedy?.contains("redeploy") == true)
        #expect(simulation.service("api")?.sync == .synced)
        let web = try #require(simulation.service("web"))
        #expect(web.sync != .synced && web.sync != .progressing && web.cause?.contains("migrate") == true, "\(web)")
        #expect(simulation.shown("web") == nil && simulation.headReport?.sync == .failed)
        #expect(simulation.headNote?.contains("exit code 1") == true)
        print("failed: '\(task.cause ?? "")' \(task.evidence); web: '\(web.cause ?? "")'")

        // Neither time, nor another process, nor another commit tries it again; what was said of it stays.
        try simulation.run(for: .seconds(2 * 3600))
        #expect(simulation.task("migrate")?.evidence == task.evidence)
        try simulation.restart()
        #expect(simulation.task("migrate")?.cause?.contains("exit code 1") == true)
        try simulation.merge(
            RunsWorld.files(migrate: "bad", services: ["api": "acme/api:v2"]), subject: "Api alone")
        #expect(simulation.service("api")?.sync == .synced && simulation.shown("web") == nil)
        #expect(simulation.arrived("RunTask") == 1)

        try simulation.merge(
            RunsWorld.files(migrate: "v2", services: ["api": "acme/api:v2"]), subject: "Fixed")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(simulation.arrived("RunTask") == 2)
        #expect(simulation.shown("web")?["runningCount"]?.integer == 1)
    }

    @Test func `an unchanged manifest never runs again: next commits, another process, a day of sweeps`() throws {
        var simulation = try RunsWorld.simulation(RunsWorld.files(), RunsWorld.scenario(after: 30_000))
        try simulation.run()
        for version in ["v2", "v3"] {
            try simulation.merge(RunsWorld.files(web: version), subject: version)
            #expect(simulation.headReport?.sync == .synced && simulation.headReport?.tasks == [], "\(simulation.tail)")
        }
        try simulation.run(for: .seconds(2 * 3600))
        try simulation.restart()
        try simulation.run(for: .seconds(24 * 3600))
        try simulation.restart()
        try simulation.merge(RunsWorld.files(web: "v4"), subject: "v4")
        #expect(simulation.arrived("RunTask") == 1 && simulation.count("begin run") == 1)
        #expect(simulation.shown("web")?["taskDefinition"]?.text?.hasSuffix("web:4") == true)
        // A change of it runs it once more, before the service of the same commit.
        try simulation.merge(RunsWorld.files(web: "v5", migrate: "v2"), subject: "v5")
        #expect(simulation.arrived("RunTask") == 2 && simulation.headReport?.sync == .synced, "\(simulation.tail)")
        let lastRun = simulation.history.lastIndex { $0.contains("event done run ") }
        let lastUpdate = simulation.history.lastIndex { $0.contains("event begin update main/web") }
        #expect(try #require(lastRun) < (try #require(lastUpdate)))
    }

    @Test func `a task after a service starts when its rollout is over`() throws {
        let files = RunsWorld.files("runs: {before: [web], after: [db]}", services: ["db": "acme/db:v1"])
        var simulation = try RunsWorld.simulation(files, RunsWorld.scenario(after: 30_000))
        try simulation.run()
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        let db = try #require(simulation.place(of: "main/db synced"))
        let run = try #require(simulation.place(of: "begin run"))
        let done = try #require(simulation.place(of: "done run"))
        let web = try #require(simulation.place(of: "begin create main/web"))
        #expect(db < run && run < done && done < web)
    }

    @Test func `a task after a service that failed waits, says so, and goes on when the service is mended`() throws {
        var scenario = RunsWorld.scenario(after: 30_000)
        scenario.images.append(ImageRule("acme/db:bad", .crashes(exitCode: 3, afterMilliseconds: 1_000)))
        func files(_ db: String) -> [String: String] {
            RunsWorld.files("runs: {before: [web], after: [db]}", services: ["db": "acme/db:\(db)"])
        }
        var simulation = try RunsWorld.simulation(files("bad"), scenario)
        try simulation.run()
        #expect(simulation.arrived("RunTask") == 0 && simulation.service("db")?.sync == .failed)
        let task = try #require(simulation.task("migrate"))
        #expect(task.sync == .outOfSync && task.cause?.contains("db") == true, "\(task)")
        #expect(simulation.service("web")?.cause?.isEmpty == false && simulation.shown("web") == nil)
        try simulation.merge(files("v2"), subject: "Mended")
        #expect(simulation.arrived("RunTask") == 1, "\(simulation.tail)")
        // It may have begun under a later look; in the end everything is as git says.
        try simulation.run(for: .seconds(600))
        try simulation.settle()
        #expect(simulation.shown("web")?["runningCount"]?.integer == 1, "\(simulation.tail)")
    }

    @Test func `an environment that only observes runs nothing and says so`() throws {
        var policy = try SmallWorld.policy()
        policy.act = false
        let plan = SimulationPlan(seed: 1, commits: [(at: 0, files: RunsWorld.files(), subject: "Begin")])
        var simulation = Simulation(plan: plan, policy: policy, ecs: try SmallWorld.ecs(RunsWorld.scenario()))
        try simulation.run()
        #expect(simulation.arrived("RunTask") == 0 && simulation.arrived("TagResource") == 0)
        #expect(simulation.task("migrate")?.sync == .outOfSync)
        #expect(simulation.task("migrate")?.cause?.contains("only observes") == true)
    }
}
