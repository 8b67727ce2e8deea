import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// The order that manifests ask for, through the whole loop.
@Suite struct OrderInLoopTests {
    /// a <- b <- c, and d by itself.
    private static func files(_ image: String, a: String? = nil) -> [String: String] {
        ServiceWorld.files("a", image: a ?? image)
            .merging(ServiceWorld.files("b", image: image, "mooring: {dependsOn: [a]}")) { own, _ in own }
            .merging(ServiceWorld.files("c", image: image, "mooring: {dependsOn: [b]}")) { own, _ in own }
            .merging(ServiceWorld.files("d", image: image)) { own, _ in own }
    }

    private static func simulation() throws -> Simulation {
        var scenario = Scenario()
        scenario.images = [ImageRule("*:bad", .cannotPull())]
        let ecs = try ServiceWorld.ecs(["a", "b", "c", "d"], scenario)
        var simulation = try ServiceWorld.simulation(files("acme/app:v1"), ecs)
        try simulation.run()
        #expect(simulation.headReport?.sync == .synced)
        return simulation
    }

    private static let steps: [@Sendable (inout Simulation) throws -> Void] = [
        { _ in },
        { $0.killAfter = "UpdateService" },
        { $0.killAfter = "RegisterTaskDefinition" },
        { simulation in
            try simulation.run(for: .seconds(150))
            simulation.killAfter = "DescribeServices"
        },
    ]

    @Test func `what waited in a circle belongs to the commit that takes the circle out`() throws {
        func files(_ image: String, isCircle: Bool) -> [String: String] {
            ServiceWorld.files("a", image: image, isCircle ? "mooring: {dependsOn: [b]}" : "")
                .merging(ServiceWorld.files("b", image: image, "mooring: {dependsOn: [a]}")) { own, _ in own }
                .merging(ServiceWorld.files("c", image: image, "mooring: {dependsOn: [b]}")) { own, _ in own }
        }
        let ecs = try ServiceWorld.ecs(["a", "b", "c"])
        var simulation = try ServiceWorld.simulation(files("acme/app:v1", isCircle: false), ecs)
        try simulation.run()
        try simulation.merge(files("acme/app:v2", isCircle: true), subject: "Make a circle")
        #expect(try simulation.image(of: "c") == "acme/app:v1")
        try simulation.merge(files("acme/app:v2", isCircle: false), subject: "Take it out")
        try simulation.run(for: .seconds(1_800))
        for name in ["a", "b", "c"] { #expect(try simulation.image(of: name) == "acme/app:v2", "\(simulation.tail)") }
        let head = try #require(simulation.repository.head)
        let ends = simulation.events.compactMap { event -> Sync? in
            if case .report(let report) = event, report.commit == head, report.isFinal { report.sync } else { nil }
        }
        #expect(ends == [.synced], "\(simulation.tail)")
        #expect(simulation.headReport?.services.map(\.key.service.text) == ["a", "b", "c"])
    }

    /// - Parameter trouble: what happens to the process meanwhile.
    @Test(arguments: steps.indices)
    func `what depends on a failure waits and says so, the rest is done, and the fix finishes all`(
        trouble: Int,
    ) throws {
        var simulation = try Self.simulation()
        try simulation.push(Self.files("acme/app:v2", a: "acme/app:bad"), subject: "Break a")
        try Self.steps[trouble](&simulation)
        try simulation.run(for: .seconds(1_800))
        #expect(try simulation.image(of: "d") == "acme/app:v2", "\(simulation.tail)")
        #expect(simulation.headService("d")?.sync == .synced)
        for name in ["b", "c"] { #expect(try simulation.image(of: name) == "acme/app:v1") }

        let failed = try #require(simulation.headService("a"))
        let cause = try #require(failed.cause)
        #expect(failed.sync == .failed && cause.contains("pull"), "\(failed)")
        #expect(failed.remedy?.isEmpty == false)
        let note = try #require(simulation.headNote)
        for name in ["b", "c"] {
            let waiting = try #require(simulation.headService(name))
            #expect(waiting.sync == .outOfSync, "\(waiting)")
            // What A's own line says, not only what ECS says of its deployment.
            #expect(waiting.cause == "Not started, because main/a failed: \(cause)", "\(waiting)")
        }
        #expect(simulation.headReport?.sync == .failed)
        #expect(note.contains("sync: Failed") && note.contains("Not started, because main/a failed: "), "\(note)")
        #expect(simulation.headReport?.summary.contains("a rolled back") == true, "\(note)")
        let updates = simulation.ecs.calls[Operation(.ecs, "UpdateService")]
        #expect(updates == 2, "a and d, each once")
        if trouble == 0 { print("\(note)") }

        try simulation.merge(Self.files("acme/app:v2"), subject: "Fix a")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        for name in ["a", "b", "c", "d"] { #expect(try simulation.image(of: name) == "acme/app:v2") }
        #expect(simulation.headNote?.contains("Not started") == false)
        // One after the other, each when the one before it was done.
        let done = ["a", "b", "c"].map { name in
            simulation.history.lastIndex { $0.contains(" event done update main/\(name) ") } ?? -1
        }
        #expect(done == done.sorted() && !done.contains(-1), "\(done)")
        #expect(simulation.ecs.calls[Operation(.ecs, "UpdateService")] == 5)
    }
}
