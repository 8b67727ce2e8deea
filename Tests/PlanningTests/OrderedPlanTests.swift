import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// Who waits for whom, and who is not started because somebody failed.
@Suite struct OrderedPlanTests {
    /// `a` <- `b` <- `c`, and `d` beside them, all at rest; git wants another image of each.
    private func chain() throws -> Scenario {
        var scenario = try Scenario()
        let names = ["a", "b", "c", "d"]
        scenario.desired.taskDefinitions = try names.map { try makeTaskDefinition($0) }
        scenario.desired.services = try names.map { try makeService(try key($0), family: $0) }
        try scenario.settle(maximumPasses: 40)
        scenario.policy.completedRollouts = 10
        for name in names { try scenario.change(image: "shop:2", of: name) }
        scenario.desired.order = try names.map { name in
            let before = ["b": "a", "c": "b"][name]
            return OrderEntry(
                node: .service(try key(name)),
                dependsOn: try before.map { [OrderReference(.service(try key($0)))] } ?? [],
                file: try TreePath("\(name).yaml"))
        }
        return scenario
    }

    @Test func `a dependent begins when what it depends on runs what git says`() throws {
        var scenario = try chain()
        let first = try scenario.pass()
        #expect(first.steps == ["register a", "update default/a", "register d", "update default/d"])
        #expect(try first.state(key("b")) == .withheld(.waitsInOrder("Waits for default/a.")))
        let later = first.plan.withheld.first { $0.key.service.text == "b" }?.later
        #expect(later?.map(\.id.text) == ["register b", "update default/b"])
        for step in first.plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try key("a"), "IN_PROGRESS")
        #expect(try scenario.pass().steps.contains("update default/b") == false)
        scenario.ecs.setRollout(try key("a"), "COMPLETED")
        #expect(try scenario.pass().steps.contains("update default/b"))
        try scenario.settle()
        #expect(try scenario.pass().plan.standings.allSatisfy { $0.state == .synced })
    }

    @Test func `a failure stops what depends on it, by name and cause, and nothing else`() throws {
        var scenario = try chain()
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try key("a"), "FAILED")
        scenario.memory.causes[try key("a")] = "Image shop:2 cannot be pulled."
        let outcome = try scenario.pass()
        let why = "Not started, because default/a failed: Image shop:2 cannot be pulled."
        #expect(try outcome.state(key("b")) == .withheld(.notStarted(why)))
        #expect(try outcome.state(key("c")) == .withheld(.notStarted(why)))
        #expect(try outcome.state(key("d")) == .synced)

        // The next commit mends it.
        try scenario.advance(to: "b")
        for name in ["a", "b", "c"] { try scenario.change(image: "shop:3", of: name) }
        try scenario.settle()
        #expect(try scenario.pass().plan.standings.allSatisfy { $0.state == .synced })
    }

    @Test func `what a pass does not look at counts as it stood`() throws {
        let scenario = try chain()
        let whole = try scenario.pass()
        for (state, mayBegin) in [
            (ServiceStanding.State.synced, true), (.rolling(progress: ""), false), (.unknown("throttled"), false),
            (.rejected(reason: "no"), false), (.withheld(.observing), false), (.withheld(.badManifest), false),
            (.withheld(.cannotBeUnset(members: ["x"])), true),
        ] {
            let others = [try key("a"): ServiceStanding(key: try key("a"), digest: nil, state: state)]
            let result = Planner.plan(
                desired: scenario.desired, scope: [try key("b")], others: others, observed: whole.observed,
                policy: scenario.policy)
            #expect(result.plan.steps.isEmpty == !mayBegin, "\(state)")
        }
    }

    @Test func `what waits on purpose holds back what depends on it, and says so`() throws {
        var scenario = try chain()
        scenario.ecs.setTag(try key("a"), "mooring:pause", "2099-01-01 looking into it")
        let outcome = try scenario.pass()
        guard case .withheld(.notStarted(let why)) = try outcome.state(key("b")) else {
            Issue.record("\(try outcome.state(key("b")))")
            return
        }
        #expect(
            why.hasPrefix("Waits for default/a, which is held: Paused until 2099-01-01T00:00:00Z by the service's tag"))
        #expect(outcome.steps == ["register d", "update default/d"])
    }

    @Test func `waves are kept without names`() throws {
        var scenario = try chain()
        scenario.desired.order = try ["a", "b", "c", "d"].map { name in
            OrderEntry(
                node: .service(try key(name)), wave: ["a": 1, "d": -1][name] ?? 0, file: try TreePath("\(name).yaml"))
        }
        let updates = { (outcome: Scenario.Outcome) in outcome.steps.filter { $0.hasPrefix("update") } }
        let first = try scenario.pass()
        #expect(updates(first) == ["update default/d"])
        for step in first.plan.steps { try scenario.ecs.perform(step) }
        #expect(updates(try scenario.pass()) == ["update default/b", "update default/c"])
    }

    @Test func `an environment that holds after a failure starts nothing else`() throws {
        var scenario = try chain()
        scenario.policy.failures = [try key("d")]
        var settings = EnvironmentOptions()
        settings.onFailure = .hold
        scenario.policy.take(settings)
        #expect(try scenario.pass().steps == [])
        #expect(try scenario.pass().reasons(key("a")) == [.stoppedAfterFailures([try key("d")])])
    }

    @Test func `what an earlier commit's failures stopped is not started by another commit`() throws {
        var scenario = try chain()
        scenario.policy.stopped = [try key("a")]
        scenario.policy.stoppedBy = [try key("x"), try key("y"), try key("z")]
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register d", "update default/d"])
        #expect(try outcome.state(key("a")) == .withheld(.stoppedAfterFailures(scenario.policy.stoppedBy)))
    }
}
