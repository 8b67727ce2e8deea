import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// What ECS rolled back is not fought: neither by drift correction nor by a process that knows nothing of it.
@Suite struct RejectionMemoryTests {
    private static func files(_ image: String) -> [String: String] {
        ServiceWorld.files("web", image: image).merging(["production/mooring.yaml": "drift: correct\n"]) { own, _ in own
        }
    }

    /// - Parameter readsRecords: whether ECS's own records of deployments may be read.
    private static func simulation(readsRecords: Bool = true) throws -> Simulation {
        var scenario = Scenario()
        scenario.images = [ImageRule("*:bad", .cannotPull())]
        if !readsRecords { scenario.faults = [FaultRule("ListServiceDeployments", .always, .accessDenied)] }
        var simulation = try ServiceWorld.simulation(files("acme/web:v1"), try ServiceWorld.ecs([], scenario))
        try simulation.run()
        #expect(simulation.headReport?.sync == .synced)
        return simulation
    }

    /// An hour in which everything is looked at every five minutes, and in which the process begins anew on an empty disk.
    private static func passHour(_ simulation: inout Simulation) throws {
        try simulation.run(for: .seconds(1_300))
        try simulation.restart()
        try simulation.run(for: .seconds(2_300))
    }

    @Test(arguments: [true, false])
    func `what the breaker rolled back is not tried again in an hour of sweeps, and a fix is`(
        readsRecords: Bool,
    ) throws {
        var simulation = try Self.simulation(readsRecords: readsRecords)
        try simulation.merge(Self.files("acme/web:bad"), subject: "Bad")
        let failed = try #require(simulation.headService("web"))
        #expect(failed.sync == .failed && failed.cause?.contains("pull") == true, "\(failed)")
        #expect(simulation.calls["UpdateService"] == 1)
        let describes = simulation.calls["DescribeServices"] ?? 0
        try Self.passHour(&simulation)
        #expect(simulation.calls["UpdateService"] == 1, "\(simulation.tail)")
        #expect((simulation.calls["DescribeServices"] ?? 0) >= describes + 11, "there were sweeps")
        #expect(simulation.headReport?.sync == .failed)
        #expect(try simulation.image(of: "web") == "acme/web:v1")
        #expect(simulation.headNote?.contains("sync: Failed") == true)

        try simulation.push(Self.files("acme/web:v2"), subject: "Fix")
        try simulation.run(for: .seconds(60))
        #expect(simulation.calls["UpdateService"] == 2, "a fix is deployed at once\n\(simulation.tail)")
        try simulation.run(for: .seconds(600))
        #expect(simulation.headReport?.sync == .synced)
        #expect(try simulation.image(of: "web") == "acme/web:v2")
    }

    /// - Parameter restarts: whether another process sees the bad change come again.
    @Test(arguments: [true, false], [true, false])
    func `a revert is reached at once, and what was bad is tried once more when git says it again`(
        restarts: Bool, readsRecords: Bool,
    ) throws {
        var simulation = try Self.simulation(readsRecords: readsRecords)
        try simulation.merge(Self.files("acme/web:bad"), subject: "Bad")
        #expect(simulation.headReport?.sync == .failed)
        try simulation.push(Self.files("acme/web:v1"), subject: "Revert")
        try simulation.run(for: .seconds(120))
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        // The breaker has gone back already: there is nothing to deploy.
        #expect(simulation.calls["UpdateService"] == 1)
        try simulation.run(for: .seconds(600))
        if restarts { try simulation.restart() }

        try simulation.merge(Self.files("acme/web:bad"), subject: "Bad again")
        #expect(simulation.calls["UpdateService"] == 2, "it is tried again\n\(simulation.tail)")
        #expect(simulation.calls["RegisterTaskDefinition"] == 2, "with the revision that is there")
        #expect(simulation.headReport?.sync == .failed)
        try Self.passHour(&simulation)
        #expect(simulation.calls["UpdateService"] == 2, "once\n\(simulation.tail)")
        #expect(try simulation.image(of: "web") == "acme/web:v1")
    }

    @Test func `a revert during the bad rollout is the fastest way out of it`() throws {
        var simulation = try Self.simulation()
        try simulation.push(Self.files("acme/web:bad"), subject: "Bad")
        try simulation.run(for: .seconds(90))
        #expect(simulation.calls["UpdateService"] == 1)
        let bad = try #require(simulation.repository.head)
        try simulation.merge(Self.files("acme/web:v1"), subject: "Revert")
        #expect(simulation.headReport?.sync == .synced)
        #expect(simulation.calls["UpdateService"] == 2 && simulation.calls["RegisterTaskDefinition"] == 2)
        #expect(try simulation.image(of: "web") == "acme/web:v1")
        #expect(simulation.repository.notes[bad]?.contains("sync: Superseded") == true)
        try Self.passHour(&simulation)
        #expect(simulation.calls["UpdateService"] == 2)
    }
}
