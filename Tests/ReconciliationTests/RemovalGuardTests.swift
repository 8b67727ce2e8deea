import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// What leaves git: nothing that is not ours and nothing past the fuse is ever deleted, and each report says what to do.
@Suite struct RemovalGuardTests {
    private static func settings(prune: String?) -> [String: String] {
        prune.map { ["production/mooring.yaml": "prune: \($0)\n"] } ?? [:]
    }

    private static func files(_ names: [String], prune: String?) -> [String: String] {
        ServiceWorld.files(of: names).merging(settings(prune: prune)) { own, _ in own }
    }

    /// These services run, and `foreign` runs, which is nobody's.
    private static func simulation(_ names: [String], prune: String?) throws -> Simulation {
        let ecs = try ServiceWorld.ecs(names + ["foreign"], owned: names)
        var simulation = try ServiceWorld.simulation(files(names, prune: prune), ecs)
        try simulation.run()
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        return simulation
    }

    /// Every one of these runs as before, and so does `foreign`.
    private static func expectAllRun(_ names: [String], _ simulation: inout Simulation) throws {
        for name in names + ["foreign"] {
            let live = simulation.described(try ServiceWorld.key(name))
            #expect(live?.status == "ACTIVE" && live?.desiredCount == 1, "\(name): \(simulation.tail)")
        }
        #expect(simulation.ecs.calls[Operation(.ecs, "DeleteService")] == nil)
        #expect(simulation.ecs.calls[Operation(.ecs, "UpdateService")] == nil)
    }

    /// What a report says to do where nothing is removed because nobody asked for it.
    private static let unasked = "Delete it by hand, or write 'prune: true' into mooring.yaml."

    @Test(arguments: [nil, "true"])
    func `without its folder an environment stays as it is, and the commit says so`(prune: String?) throws {
        let names = ServiceWorld.names(3)
        var simulation = try Self.simulation(names, prune: prune)
        try simulation.push(["README.md": "Nothing here."], subject: "Delete the folder")
        let gone = try #require(simulation.repository.head)
        try simulation.run(for: .seconds(1_200))
        try Self.expectAllRun(names, &simulation)
        let note = try #require(simulation.headNote)
        #expect(note.contains("sync: Failed"), "\(note)")
        #expect(note.contains("There is no folder 'production'") && note.contains("nothing removed"), "\(note)")
        #expect(note.contains("Push it, or name another folder in the settings."))
        #expect(simulation.statuses[gone]?.map(\.state) == [.failure])
        #expect(simulation.count("source lost") == 1)

        // A commit that mends it is seen at the usual poll, and what the others were told stays: it was so.
        try simulation.push(["README.md": "Still nothing."], subject: "Elsewhere")
        let second = try #require(simulation.repository.head)
        try simulation.run(for: .seconds(1_200))
        try simulation.push(Self.files(names, prune: prune), subject: "Put it back")
        try simulation.run(for: simulation.policy.pollInterval * 2 + .seconds(60))
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        for commit in [gone, second] {
            #expect(simulation.repository.notes[commit]?.contains("sync: Failed") == true)
        }
        try simulation.run(for: .seconds(600))
        try Self.expectAllRun(names, &simulation)
    }

    @Test(arguments: [nil, "true"])
    func `a branch that vanishes changes nothing, and is taken up again`(prune: String?) throws {
        let names = ServiceWorld.names(3)
        var simulation = try Self.simulation(names, prune: prune)
        let note = simulation.headNote
        simulation.setBranch(isGone: true)
        try simulation.run(for: .seconds(1_200))
        try Self.expectAllRun(names, &simulation)
        #expect(simulation.count("source lost") == 1 && simulation.headNote == note)
        let told = simulation.events.map(\.label).first { $0.hasPrefix("source lost") } ?? ""
        #expect(told.contains("Push the branch, or name another one in the settings."), "\(told)")
        simulation.setBranch(isGone: false)
        try simulation.run(for: .seconds(600))
        #expect(simulation.count("recovered: source") == 1)
        try Self.expectAllRun(names, &simulation)
    }

    @Test func `the last service of a folder that is not empty is not removed`() throws {
        let names = ServiceWorld.names(2)
        var simulation = try Self.simulation(names, prune: "true")
        try simulation.merge(Self.settings(prune: "true"), subject: "Delete all")
        try simulation.run(for: .seconds(900))
        try Self.expectAllRun(names, &simulation)
        let service = try #require(simulation.headService("s000"))
        #expect(
            service.sync == .outOfSync && service.cause?.contains("An empty environment is taken for a mistake") == true
        )
    }

    @Test(arguments: [nil, "true"])
    func `two hundred deletions in one commit delete nothing, until somebody says so`(prune: String?) throws {
        let names = ServiceWorld.names(203)
        let kept = Array(names.prefix(3))
        var simulation = try Self.simulation(names, prune: prune)
        try simulation.merge(Self.files(kept, prune: prune), subject: "Delete most")
        try simulation.run(for: .seconds(700))
        try Self.expectAllRun(names, &simulation)
        let report = try #require(simulation.headReport)
        #expect(report.sync == .outOfSync && report.services.count == 200, "\(report.summary)")
        let words = prune == nil ? Self.unasked : "raise 'prune: {max: …}' in mooring.yaml"
        #expect(report.services.allSatisfy { $0.cause?.contains(words) == true }, "\(report.services[0])")
        print("200 deletions, prune \(prune ?? "not set"): \(report.summary)\n  \(report.services[0].cause ?? "")")
        guard prune != nil else { return }

        #expect(report.services[0].cause?.hasPrefix("200 services left git, more than the 5") == true)
        try simulation.merge(Self.files(kept, prune: "{max: 200}"), subject: "Yes")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(simulation.headReport?.services.count { $0.cause == "The service was removed." } == 200)
        for name in names {
            let status = simulation.described(try ServiceWorld.key(name))?.status
            #expect(kept.contains(name) ? status == "ACTIVE" : status != "ACTIVE", "\(name)")
        }
        #expect(simulation.described(try ServiceWorld.key("foreign"))?.desiredCount == 1)
    }

    @Test(arguments: [nil, "true"])
    func `services whose files move to another folder are the same services`(prune: String?) throws {
        let names = ServiceWorld.names(8)
        let ecs = try ServiceWorld.ecs(names + ["foreign"], owned: names)
        let before = ServiceWorld.files(of: names, in: "production/team-a")
            .merging(Self.settings(prune: prune)) { own, _ in own }
        var simulation = try ServiceWorld.simulation(before, ecs)
        try simulation.run()
        let after = ServiceWorld.files(of: names, in: "production/team-b")
            .merging(Self.settings(prune: prune)) { own, _ in own }
        try simulation.merge(after, subject: "Rename the folder")
        try simulation.run(for: .seconds(700))
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(simulation.calls["RegisterTaskDefinition"] == nil)
        try Self.expectAllRun(names, &simulation)
    }

    @Test(arguments: [nil, "true"])
    func `a service by another name is healthy before the one it replaces is emptied and deleted`(
        prune: String?,
    ) throws {
        var simulation = try Self.simulation(["web", "api"], prune: prune)
        let recorded = Recorded()
        simulation.afterCall = { simulation, operation in
            guard ["UpdateService", "DeleteService"].contains(operation) else { return }
            let shop = simulation.described(try ServiceWorld.key("shop"), after: .zero)
            recorded.lines.append("\(operation) \(shop?.runningCount ?? 0) \(shop?.primary?.rolloutState ?? "-")")
        }
        try simulation.merge(Self.files(["shop", "api"], prune: prune), subject: "Rename web")
        simulation.afterCall = nil
        let shopWhenTouched = recorded.lines
        let report = try #require(simulation.headReport)
        let old = try #require(simulation.headService("web"), "\(simulation.tail)")
        #expect(simulation.headService("shop")?.sync == .synced)
        #expect(simulation.described(try ServiceWorld.key("foreign"))?.desiredCount == 1)
        if prune == nil {
            #expect(report.sync == .outOfSync && old.cause?.contains(Self.unasked) == true, "\(old)")
            #expect(shopWhenTouched.isEmpty)
            #expect(simulation.described(try ServiceWorld.key("web"))?.desiredCount == 1)
        } else {
            #expect(report.sync == .synced && old.cause == "The service was removed.", "\(old)")
            #expect(shopWhenTouched == ["UpdateService 1 COMPLETED", "DeleteService 1 COMPLETED"])
            #expect(simulation.described(try ServiceWorld.key("web"))?.status != "ACTIVE")
            #expect(simulation.headNote?.contains("The service was removed.") == true)
        }
    }

    @Test(arguments: [nil, "true"])
    func `beside a file that cannot be read nothing is removed`(prune: String?) throws {
        let names = ServiceWorld.names(4)
        var simulation = try Self.simulation(names, prune: prune)
        var files = Self.files(Array(names.dropLast()), prune: prune)
        let good = files["production/s001.yaml"]
        files["production/s001.yaml"] = "serviceName: [s001\n"
        try simulation.merge(files, subject: "Break one, delete one")
        try simulation.run(for: .seconds(900))
        try Self.expectAllRun(names, &simulation)
        let report = try #require(simulation.headReport)
        #expect(report.sync == .failed && report.findings.first?.contains("production/s001.yaml") == true, "\(report)")
        let left = try #require(simulation.headService("s003"))
        #expect(left.sync == .outOfSync)
        #expect(left.cause?.contains(prune == nil ? Self.unasked : "Mend it; then it is removed.") == true, "\(left)")

        files["production/s001.yaml"] = good
        try simulation.merge(files, subject: "Mend it")
        try simulation.run(for: .seconds(600))
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        if prune == nil { return try Self.expectAllRun(names, &simulation) }
        #expect(simulation.headService("s003")?.cause == "The service was removed.")
        #expect(simulation.described(try ServiceWorld.key("s003"))?.status != "ACTIVE")
        for name in ["s000", "s001", "s002", "foreign"] {
            #expect(simulation.described(try ServiceWorld.key(name))?.desiredCount == 1)
        }
    }
}

/// What a look from outside has written down.
final class Recorded {
    var lines: [String] = []
}
