import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

#if DEBUG
private let isOptimised = false
#else
private let isOptimised = true
#endif

/// Commits that touch hundreds of services: few are broken by a bad one, and AWS is asked little.
@Suite(.enabled(if: isOptimised, "An hour of hundreds of rollouts takes minutes here; the optimised build runs it."))
struct ManyServicesTests {
    private static let names = ServiceWorld.names(200)

    /// Rollouts are looked at every fifteen seconds, so that an hour of them is planned in bearable time here.
    private static let rolloutInterval: Duration = .seconds(15)

    private static func policy(sweepInterval: Duration = .seconds(300)) throws -> EnvironmentPolicy {
        try ServiceWorld.policy { policy in
            policy.rolloutInterval = rolloutInterval
            policy.sweepInterval = sweepInterval
        }
    }

    /// Two hundred services upon one base, and one by itself.
    private static func files(_ image: String, other: String = "acme/app:v1") -> [String: String] {
        var files = ServiceWorld.files("z", image: other)
        files["base/task.yaml"] = """
            memory: "512"
            containerDefinitions: [{name: main, image: "\(image)"}]
            """
        files["base/service.yaml"] = """
            desiredCount: 1
            deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}
            """
        for name in names {
            files["production/\(name).task.yaml"] = "mooring: {base: ../base/task.yaml}\nfamily: \(name)\n"
            files["production/\(name).yaml"] =
                "mooring: {base: ../base/service.yaml}\nserviceName: \(name)\ntaskDefinition: \(name)\n"
        }
        return files
    }

    /// What ECS has of the services: how many roll out now, and how many were touched at all.
    private static func look(_ simulation: inout Simulation) throws -> (inFlight: Int, touched: Int) {
        var (inFlight, touched) = (0, 0)
        for start in stride(from: 0, to: names.count, by: 10) {
            let some = names[start..<min(start + 10, names.count)].map { Value.string($0) }
            let call = APICall(.ecs, "DescribeServices", ["cluster": "main", "services": .list(some)])
            for service in simulation.answer(call, after: .zero)?["services"]?.elements ?? [] {
                let live = ObservedService(key: try ServiceWorld.key("any"), described: service)
                if live.primary?.rolloutState == "IN_PROGRESS" { inFlight += 1 }
                if live.deployments.count > 1 || live.taskDefinition?.revision.number != 1 { touched += 1 }
            }
        }
        return (inFlight, touched)
    }

    @Test func `a bad base breaks three services, and its fix rolls all 200, ten at a time`() throws {
        var scenario = Scenario()
        scenario.images = [ImageRule("*:bad", .cannotPull())]
        let ecs = try ServiceWorld.ecs(Self.names + ["z"], scenario)
        var simulation = try ServiceWorld.simulation(Self.files("acme/app:v1"), ecs, policy: try Self.policy())
        try simulation.run()
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")

        // One after the other: nothing else is begun beside the first of a commit, nor beside what may be the last.
        try simulation.merge(Self.files("acme/app:bad"), subject: "Break the base")
        #expect(simulation.calls["UpdateService"] == 3, "\(simulation.tail)")
        let broken = try #require(simulation.headReport)
        #expect(broken.sync == .failed && broken.services.count == 200)
        let failed = broken.services.filter { $0.sync == .failed }.map(\.key.service.text)
        #expect(failed == ["s000", "s001", "s002"])
        let stopped = try #require(broken.services.last)
        #expect(stopped.sync == .outOfSync)
        #expect(
            stopped.cause?.hasPrefix("3 rollouts failed (main/s000, main/s001, main/s002), so this one is not started.")
                == true, "\(stopped)")
        #expect(stopped.cause?.contains("Mend or revert the change") == true)
        #expect(broken.summary.hasPrefix("3/200 services failed, s000 rolled back: "), "\(broken.summary)")
        print("a bad base: \(broken.summary)\n  \(stopped.cause ?? "")")

        // Neither time, nor another process, nor a commit that has nothing to do with it goes on.
        try simulation.run(for: .seconds(700))
        #expect(simulation.calls["UpdateService"] == 3, "\(simulation.tail)")
        try simulation.merge(Self.files("acme/app:bad", other: "acme/app:v2"), subject: "Elsewhere")
        #expect(simulation.headReport?.sync == .synced && simulation.headService("z")?.sync == .synced)
        try simulation.run(for: .seconds(400))
        try simulation.restart()
        try simulation.run(for: .seconds(700))
        #expect(simulation.calls["UpdateService"] == 4, "\(simulation.tail)")
        #expect(try Self.look(&simulation).touched == 0, "the breaker went back")

        try fix(&simulation)
    }

    private func fix(_ simulation: inout Simulation) throws {
        let before = simulation.calls
        let begin = simulation.time
        let recorded = Rollouts()
        simulation.afterCall = { simulation, operation in
            guard operation == "UpdateService" else { return }
            recorded.inFlight.append(try Self.look(&simulation).inFlight)
        }
        try simulation.merge(Self.files("acme/app:v3", other: "acme/app:v2"), subject: "Fix the base")
        simulation.afterCall = nil
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(simulation.headReport?.services.count == 200)
        for name in ["s000", "s100", "s199"] { #expect(try simulation.image(of: name) == "acme/app:v3") }

        #expect(recorded.inFlight.count == 200)
        #expect(recorded.inFlight.max() == 10, "\(recorded.inFlight)")
        // Of `n` begun, those not in flight have completed: so many more may be under way.
        let ramp = Ramp(maximumInFlight: 10, maximumFailures: 3)
        for (index, inFlight) in recorded.inFlight.enumerated() {
            #expect(inFlight <= ramp.width(completed: index + 1 - inFlight), "\(index): \(recorded.inFlight)")
        }
        #expect(Array(recorded.inFlight.prefix(3)) == [1, 1, 2], "first one, then two")

        let calls = simulation.ecsCalls(since: before)
        let minutes = (simulation.time - begin) / 60_000
        print("200 services by one base: \(minutes) min, in flight \(recorded.inFlight)")
        print("  calls \(calls.sorted { $0.key < $1.key })")
        #expect(calls["RegisterTaskDefinition"] == 200 && calls["UpdateService"] == 200)
        // What waits is not asked for at every look, which would be 20 calls for each: only what is under way is, and
        // everything at a sweep.
        let looks = Int((simulation.time - begin) / Self.rolloutInterval.wholeMilliseconds)
        let sweeps = Int((simulation.time - begin) / 300_000) + 1
        #expect(calls["DescribeServices"] ?? 0 <= 2 * looks + 21 * sweeps, "\(calls)")
        let revisions = calls["DescribeTaskDefinition"] ?? 0
        #expect(calls.values.reduce(0, +) - revisions <= 7 * 200, "\(calls)")
        #expect(revisions <= 4 * 200, "\(revisions)")
    }

    private final class Rollouts {
        var inFlight: [Int] = []
    }

    // MARK: 500

    @Test func `500 services in one commit take what the buckets allow, and a newer commit overtakes`() throws {
        let names = ServiceWorld.names(500)
        var scenario = Scenario()
        scenario.throttles = true
        let ecs = try ServiceWorld.ecs(names)
        var simulation = try ServiceWorld.simulation(
            ServiceWorld.files(of: names), ecs, policy: try Self.policy(sweepInterval: .seconds(7_200)))
        try simulation.run()
        simulation.ecs.scenario = scenario
        let before = simulation.calls
        let begin = simulation.time
        let old = ServiceWorld.files(of: names, image: "acme/app:v2")
        try simulation.push(old, subject: "All of them")
        let all = try #require(simulation.repository.head)
        try simulation.run(for: .seconds(900))

        // Registered is what is about to be rolled out, and no more than that.
        let (registered, updated) = simulation.order(since: begin)
        #expect(registered.count > 20 && updated.count > 20, "\(registered.count) \(updated.count)")
        #expect(updated[0] < registered[2], "the first rollout waits for its own registration only")
        for (index, at) in registered.enumerated() {
            #expect(updated.count { $0 < at } >= index - 10, "registration \(index) runs ahead")
        }
        let summaries = (simulation.statuses[all] ?? []).map(\.summary)
        let estimate = /^[0-9]+\/500 services, about [0-9]+[mh] left: [0-9]+ revisions to register.*, [0-9]+ rollouts$/
        #expect(summaries.last?.wholeMatch(of: estimate) != nil, "\(summaries.suffix(3))")
        #expect(simulation.repository.notes[all]?.contains("timeLeft: ") == true)
        print("after 15 min: \(summaries.last ?? "")")

        // What comes now is done before the 400 that wait.
        var new = old
        for name in ["s498", "s499"] { new.merge(ServiceWorld.files(name, image: "acme/app:v3")) { _, new in new } }
        let waiting = simulation.calls["UpdateService"] ?? 0
        let overtaken = simulation.time
        try simulation.push(new, subject: "Two of them")
        try simulation.run(for: .seconds(240))
        #expect(simulation.asked("UpdateService", "s498") == 1 && simulation.asked("UpdateService", "s499") == 1)
        #expect(simulation.headReport?.sync == .synced, "\(simulation.headReport?.summary ?? "")")
        #expect((simulation.calls["UpdateService"] ?? 0) - waiting < 60)
        print(
            "a newer commit: \(simulation.headReport?.summary ?? "") \(simulation.seconds(toSync: overtaken)) s after it"
        )

        try simulation.run(for: .seconds(2 * 3_600))
        #expect(try simulation.image(of: "s497") == "acme/app:v2" && simulation.image(of: "s499") == "acme/app:v3")
        let note = try #require(simulation.repository.notes[all])
        #expect(note.contains("sync: Superseded") && !note.contains("sync: Progressing") && !note.contains("timeLeft:"))
        let calls = simulation.ecsCalls(since: before)
        #expect(calls["UpdateService"] == 500 && calls["RegisterTaskDefinition"] == 500, "\(calls)")
        let last = simulation.order(since: begin).updated.last ?? 0
        print(
            "500 services in one commit: \((last - begin) / 60_000) min to the last update; calls \(calls.sorted { $0.key < $1.key })"
        )
    }
}

extension Simulation {
    /// When registrations and updates were done.
    fileprivate func order(since begin: Int64) -> (registered: [Int64], updated: [Int64]) {
        func moments(_ label: String) -> [Int64] {
            history.filter { $0.contains(label) }.compactMap { Int64($0.prefix { $0 != " " }) }
                .map { $0 + start }.filter { $0 >= begin }
        }
        return (moments(" event done register "), moments(" event done update "))
    }

    /// Seconds from a moment to the report that says the head commit is synced.
    fileprivate func seconds(toSync begin: Int64) -> Int64 {
        let head = repository.head?.short ?? ""
        let line = history.last { $0.contains(" event report \(head) synced") }
        return (line.flatMap { Int64($0.prefix { $0 != " " }) }.map { $0 + start } ?? begin) / 1000 - begin / 1000
    }
}
