import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// What becomes of services that git no longer has.
@Suite struct PruningTests {
    /// `web` in git; `old` and `older` ours and no longer in git; `foreign` somebody else's.
    private func scenario(maximum: Int? = 5) throws -> Scenario {
        var scenario = try Scenario()
        let names = ["web", "old", "older"]
        scenario.desired.taskDefinitions = try names.map { try makeTaskDefinition($0) }
        scenario.desired.services = try names.map { try makeService(try key($0), family: $0) }
        try scenario.settle(maximumPasses: 30)
        try scenario.ecs.create(try key("foreign"), ["desiredCount": 1], revision: try revisionARN("web:1"))
        scenario.desired.services.removeAll { $0.key.service.text != "web" }
        scenario.desired.taskDefinitions.removeAll { $0.family.text != "web" }
        scenario.policy.prune = maximum.map(PruneOptions.init(maximum:))
        return scenario
    }

    private func why(_ scenario: Scenario) throws -> [String] {
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        return outcome.plan.leaving.map { service in
            if case .kept(let why) = service.state { why } else { "\(service.state)" }
        }
    }

    @Test func `without the word nothing is listed and nothing is removed`() throws {
        let outcome = try scenario(maximum: nil).pass()
        #expect(outcome.steps == [] && outcome.plan.leaving == [])
        #expect(!outcome.asked.contains { if case .clusterServices = $0 { true } else { false } })
    }

    @Test func `a service is emptied, and deleted when its tasks are gone`() throws {
        var scenario = try scenario()
        let first = try scenario.pass()
        #expect(first.steps == ["update default/old", "update default/older"])
        #expect(first.plan.leaving.map(\.hasBegun) == [true, true])
        #expect(try first.update(key("old")).input == ["desiredCount": 0])
        for step in first.plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.change(try key("old")) { $0["runningCount"] = 1 }
        scenario.ecs.change(try key("older")) { $0["runningCount"] = 0 }
        #expect(try scenario.pass().steps == ["delete default/older"])
        scenario.ecs.change(try key("old")) { $0["runningCount"] = 0 }
        try scenario.settle()
        #expect(scenario.ecs.services[try key("foreign")]?["status"] == "ACTIVE")
        #expect(scenario.ecs.services[try key("old")]?["status"] == "INACTIVE")
        #expect(try scenario.pass().plan.leaving == [])
    }

    @Test func `a plan for some services removes none`() throws {
        var scenario = try scenario()
        scenario.scope = [try key("web")]
        #expect(try scenario.pass().steps == [])
    }

    @Test func `no bad file, no empty folder, and no more than the fuse lets pass`() throws {
        var bad = try scenario()
        bad.desired.isComplete = false
        #expect(
            try why(bad).allSatisfy { $0.contains("a manifest of this environment is bad") && $0.contains("Mend it") })

        var empty = try scenario()
        empty.desired.services = []
        empty.desired.taskDefinitions = []
        empty.policy.clusters = [try ClusterName("default")]
        #expect(try why(empty).count == 3)
        #expect(try why(empty).allSatisfy { $0.contains("An empty environment is taken for a mistake") })

        let fused = try scenario(maximum: 1)
        #expect(
            try why(fused).first
                == "2 services left git, more than the 1 that 'prune' lets pass at once. Nothing is removed. Put them back, "
                + "or raise 'prune: {max: …}' in mooring.yaml if that is what you want.")
    }

    @Test func `a service whose manifest cannot be read is not taken to have left`() throws {
        var scenario = try scenario()
        scenario.desired.badServices = [
            BadService(key: try key("old"), file: try TreePath("old.yaml"), why: "no name")
        ]
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        #expect(outcome.plan.leaving.map(\.key) == [try key("older")])
    }

    @Test func `what replaces it is healthy first`() throws {
        var scenario = try scenario()
        scenario.desired.taskDefinitions.append(try makeTaskDefinition("new"))
        scenario.desired.services.append(try makeService(try key("new"), family: "new"))
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register new", "create default/new"])
        // It goes by itself, so the report stays open.
        let wait = "it waits until every other service is as git says, and default/new is not yet"
        #expect(outcome.plan.leaving.map(\.state).allSatisfy { $0 == .removing(progress: wait) })
        #expect(outcome.plan.leaving.map(\.hasBegun) == [false, false])
        for step in outcome.plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try key("new"), "IN_PROGRESS")
        #expect(try scenario.pass().steps == [])
        scenario.ecs.setRollout(try key("new"), "COMPLETED")
        try scenario.settle()
        #expect(scenario.ecs.services[try key("old")]?["desiredCount"] == 0)
    }

    @Test func `pauses, other owners and Mooring itself are left alone`() throws {
        var paused = try scenario()
        paused.policy.holds = [pause("on call")]
        #expect(try why(paused).allSatisfy { $0.hasPrefix("Paused by mooring.yaml: on call.") })

        var tagged = try scenario()
        tagged.ecs.setTag(try key("old"), "mooring:pause", "2099-01-01")
        #expect(try tagged.pass().steps == ["update default/older"])

        var foreign = try scenario()
        foreign.ecs.setTag(try key("old"), OwnTag.environment, "staging@000000")
        #expect(try foreign.pass().steps == ["update default/older"])

        var own = try scenario()
        own.policy.protected = [try key("old")]
        #expect(try own.pass().steps == ["update default/older"])

        var observing = try scenario()
        observing.policy.act = false
        #expect(try why(observing).allSatisfy { $0.contains("only observes") })
    }

    @Test func `a list that cannot be read removes nothing`() throws {
        var scenario = try scenario()
        scenario.ecs.unreadable[.clusterServices(try ClusterName("default"))] = Unreadable(
            why: "denied", isPassing: false)
        #expect(try scenario.pass().steps == [])
    }

    @Test func `the check finds what no plan may remove`() throws {
        let scenario = try scenario()
        let outcome = try scenario.pass()
        func violations(_ change: (inout PlanningPolicy, inout DesiredState, inout Plan) throws -> Void) throws
            -> [PlanViolation]
        {
            var (policy, desired, plan) = (scenario.policy, scenario.desired, outcome.plan)
            try change(&policy, &desired, &plan)
            return PlanCheck.violations(of: plan, desired: desired, observed: outcome.observed, policy: policy)
        }
        #expect(try violations { _, _, _ in } == [])
        let ids = [StepID("update default/old"), StepID("update default/older")]
        #expect(try violations { policy, _, _ in policy.prune = nil } == ids.map(PlanViolation.notInGit))
        #expect(try violations { _, desired, _ in desired.isComplete = false } == ids.map(PlanViolation.notInGit))
        #expect(
            try violations { policy, _, _ in policy.prune = PruneOptions(maximum: 1) }
                == [.tooManyRemovals(count: 2, limit: 1)])
        #expect(
            try violations { _, _, plan in
                plan.steps = [
                    Step(id: StepID("delete default/old"), action: .deleteService(key: try key("old")), reason: "")
                ]
            } == [.deletesRunning(StepID("delete default/old"))])
        #expect(
            try violations { _, _, plan in
                plan.steps = [
                    Step(
                        id: StepID("delete default/foreign"), action: .deleteService(key: try key("foreign")),
                        reason: "")
                ]
            } == [.notInGit(StepID("delete default/foreign"))])
    }
}
