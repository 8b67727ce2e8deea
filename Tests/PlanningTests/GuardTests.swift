import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

@Suite struct GuardTests {
    /// `count` services that do not exist.
    private func creations(_ count: Int) throws -> Scenario {
        var scenario = try Scenario()
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web")]
        scenario.desired.services = try (0..<count).map { index in
            try makeService(try key("web-\(index < 10 ? "0" : "")\(index)"), family: "web")
        }
        return scenario
    }

    /// A managed service whose image changed in git.
    private func changed() throws -> Scenario {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        return scenario
    }

    private func expectWithheld(
        _ scenario: Scenario, _ reason: Withheld.Reason, sourceLocation: SourceLocation = #_sourceLocation,
    ) throws {
        let outcome = try scenario.pass(sourceLocation: sourceLocation)
        #expect(outcome.steps == [], sourceLocation: sourceLocation)
        #expect(!outcome.plan.withheld.isEmpty, sourceLocation: sourceLocation)
        #expect(outcome.plan.withheld.allSatisfy { $0.reason == reason }, sourceLocation: sourceLocation)
        #expect(
            outcome.plan.standings.allSatisfy { $0.state == .withheld(reason) }, sourceLocation: sourceLocation)
    }

    @Test func `credentials of another account write nothing`() throws {
        var scenario = try changed()
        scenario.policy.callerAccount = try AccountID("999999999999")
        let reason = Withheld.Reason.wrongAccount(expected: accountText, actual: "999999999999")
        try expectWithheld(scenario, reason)
        // Not even the tags of a service that is what git says.
        try scenario.change(image: "shop:1")
        scenario.ecs.removeTag(try key("web"), OwnTag.digest)
        #expect(try scenario.pass().steps == [])
    }

    /// What another account holds says nothing about this environment, equal or not.
    @Test func `credentials of another account are told where nothing differs, too`() throws {
        var scenario = try Scenario.managed()
        scenario.policy.callerAccount = try AccountID("999999999999")
        try expectWithheld(scenario, .wrongAccount(expected: accountText, actual: "999999999999"))
    }

    @Test func `credentials that nobody has verified write nothing`() throws {
        var scenario = try changed()
        scenario.policy.callerAccount = nil
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        #expect(outcome.plan.withheld.count == 1)
    }

    @Test func `an observing environment reports and writes nothing`() throws {
        var scenario = try changed()
        scenario.policy.act = false
        try expectWithheld(scenario, .observing)
        #expect(try scenario.pass().plan.withheld.first?.changes.map(\.path) == ["containerDefinitions[app].image"])
        try scenario.change(image: "shop:1")
        scenario.ecs.removeTag(try key("web"), OwnTag.digest)
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        #expect(try outcome.state(try key("web")) == .synced)
    }

    @Test func `a withheld creation claims no revision`() throws {
        var scenario = try creations(1)
        scenario.ecs.revisions = [:]
        try scenario.ecs.register(try makeTaskDefinition("web").input)
        scenario.policy.act = false
        #expect(try scenario.pass().standing(try key("web-00")).revision == nil)
    }

    @Test func `clusters that the environment does not name are left alone`() throws {
        var scenario = try changed()
        scenario.policy.clusters = [try ClusterName("other")]
        try expectWithheld(scenario, .foreignCluster("default"))
        #expect(try scenario.pass().asked == [])
        scenario.policy.clusters = [try ClusterName("default"), try ClusterName("other")]
        #expect(try scenario.pass().steps.contains("update default/web"))
    }

    @Test func `a pause in the manifest or the environment stops everything`() throws {
        var scenario = try changed()
        try scenario.change(options: MooringOptions(pause: "on call"))
        let ending = " Take 'pause' out of the service's manifest to go on before."
        try expectWithheld(scenario, .paused(why: "Paused by the manifest: on call." + ending))
        try scenario.change()
        scenario.policy.holds = [pause("")]
        try expectWithheld(
            scenario,
            .paused(why: "Paused by mooring.yaml. Take 'pause' out of mooring.yaml to go on before."))
    }

    @Test func `a pause shows what would be changed, and a freeze does`() throws {
        var scenario = try changed()
        let wanted = try scenario.pass().plan.steps.flatMap(\.changes).filter { $0.path.contains("image") }
        #expect(!wanted.isEmpty)
        scenario.policy.holds = [pause("on call")]
        #expect(try scenario.pass().plan.withheld.flatMap(\.changes).contains(wanted[0]))
        scenario.policy.holds = []
        let until = scenario.policy.wall + .seconds(1)
        scenario.policy.holds = [freeze(until: until)]
        #expect(try scenario.pass().plan.withheld.flatMap(\.changes).contains(wanted[0]))
    }

    @Test func `what is paused and as git says is Synced, and is written nothing`() throws {
        var scenario = try changed()
        try scenario.settle()
        scenario.policy.holds = [pause("on call")]
        let plan = try scenario.pass().plan
        #expect(plan.standings.map(\.state) == [.synced] && plan.withheld.isEmpty && plan.steps.isEmpty)
    }

    @Test func `a freeze holds from its first moment until its last`() throws {
        var scenario = try changed()
        let (from, until) = (Timestamp(millisecondsSince1970: 1000), Timestamp(millisecondsSince1970: 2000))
        scenario.policy.holds = [freeze(from: from, until: until, "sale")]
        for (now, isFrozen) in [(999, false), (1000, true), (1999, true), (2000, false)] as [(Int64, Bool)] {
            scenario.policy.wall = Timestamp(millisecondsSince1970: now)
            #expect(try scenario.pass().steps.isEmpty == isFrozen, "at \(now)")
        }
        scenario.policy.holds = [freeze(until: until, "sale")]
        scenario.policy.wall = Timestamp(millisecondsSince1970: 0)
        let why =
            "Frozen until 1970-01-01T00:00:02Z by mooring.yaml: sale. "
            + "Take 'freeze' out of mooring.yaml to go on before."
        try expectWithheld(scenario, .frozen(until: until, why: why))
    }

    @Test func `the fuse lets as many creations pass as the limit and none beyond`() throws {
        var scenario = try creations(5)
        scenario.policy.maximumCreations = 5
        #expect(try scenario.pass().plan.steps.count == 6)
        scenario.policy.maximumCreations = 4
        try expectWithheld(scenario, .creationFuse(count: 5, limit: 4))
    }

    @Test func `a blown fuse does not stop updates`() throws {
        var scenario = try creations(3)
        scenario.desired.services.removeLast(2)
        try scenario.settle()
        scenario.desired.services = try creations(3).desired.services
        scenario.policy.maximumCreations = 1
        try scenario.change(image: "shop:2")
        #expect(try scenario.pass().steps == ["register web", "update default/web-00"])
    }

    @Test(arguments: [(0, 1), (1, 2), (2, 4), (3, 8), (4, 10), (40, 10)])
    func `the window grows with every rollout that completes`(completed: Int, width: Int) throws {
        var scenario = try creations(12)
        scenario.policy.completedRollouts = completed
        let outcome = try scenario.pass()
        #expect(outcome.plan.steps.count { $0.id.text.hasPrefix("create") } == width)
        #expect(outcome.plan.steps.count { $0.id.text.hasPrefix("register") } == 1)
        #expect(
            outcome.plan.withheld.map(\.reason) == Array(repeating: .waitingForTurn(inFlight: width), count: 12 - width)
        )
    }

    @Test func `what waits for its turn says what will be done then, and a guard does not`() throws {
        var scenario = try creations(2)
        scenario.policy.completedRollouts = 0
        let waiting = try scenario.pass().plan.withheld
        #expect(waiting.flatMap(\.later).map(\.id.text) == ["register web", "create default/web-01"])
        scenario.policy.act = false
        #expect(try scenario.pass().plan.withheld.map(\.later) == [[], []])
    }

    @Test func `rollouts under way take their place in the window`() throws {
        var scenario = try creations(4)
        scenario.policy.completedRollouts = 2
        scenario.policy.otherInFlight = 1
        #expect(try scenario.pass().plan.steps.count { $0.id.text.hasPrefix("create") } == 3)
        scenario.policy.otherInFlight = 4
        try expectWithheld(scenario, .waitingForTurn(inFlight: 4))
    }

    @Test func `a rollout that git has left behind keeps its place until it is taken over`() throws {
        // web-00 has not begun, web-01 is rolling out what the commit before said.
        var scenario = try creations(2)
        try scenario.settle()
        scenario.ecs.setRollout(try key("web-01"), "IN_PROGRESS")
        scenario.policy.completedRollouts = 0
        try scenario.change(image: "shop:2")
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register web", "update default/web-01"])
        #expect(outcome.reasons(try key("web-00")) == [.waitingForTurn(inFlight: 1)])
    }

    @Test func `changes that replace no task need no place in the window`() throws {
        var scenario = try Scenario.managed()
        scenario.policy.otherInFlight = 10
        try scenario.change(count: 3)
        #expect(try scenario.pass().steps == ["update default/web"])
    }

    @Test func `after too many failures nothing else is started`() throws {
        var scenario = try changed()
        scenario.policy.failures = [try key("a"), try key("b")]
        #expect(try scenario.pass().steps == ["register web", "update default/web"])
        scenario.policy.failures = [try key("a"), try key("b"), try key("c")]
        try expectWithheld(scenario, .stoppedAfterFailures(scenario.policy.failures))
        try scenario.change(image: "shop:1", [("cpu", "256")])
        try expectWithheld(scenario, .stoppedAfterFailures(scenario.policy.failures))
    }

    @Test func `what ECS refused is not sent again until git changes`() throws {
        var scenario = try changed()
        let web = try key("web")
        let digest = try #require(Planner.digests(of: scenario.desired)[web])
        scenario.memory.refusals[web] = Refusal(digest: digest, why: "no such role")
        try expectWithheld(scenario, .refused("no such role"))
        try scenario.change(image: "shop:3")
        #expect(try scenario.pass().steps == ["register web", "update default/web"])
    }

    @Test func `refused tags are not sent again either`() throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        scenario.ecs.removeTag(web, OwnTag.digest)
        #expect(try scenario.pass().steps == ["tag default/web"])
        let digest = try #require(Planner.digests(of: scenario.desired)[web])
        scenario.memory.refusals[web] = Refusal(digest: digest, why: "denied")
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        #expect(try outcome.state(web) == .synced)
    }

    @Test func `a held service is written to when the hold is over`() throws {
        var scenario = try changed()
        let web = try key("web")
        scenario.memory.holds[web] = scenario.policy.uptime + .milliseconds(1)
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        guard case .unknown = try outcome.state(web) else { throw Scenario.Unexpected() }
        scenario.memory.holds[web] = scenario.policy.uptime
        #expect(try scenario.pass().steps == ["register web", "update default/web"])
    }

    @Test func `a hold is for tags too`() throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        scenario.ecs.removeTag(web, OwnTag.digest)
        scenario.memory.holds[web] = scenario.policy.uptime + .seconds(1)
        #expect(try scenario.pass().steps == [])
    }

    @Test func `a scope plans nothing beside it`() throws {
        var scenario = try creations(3)
        scenario.scope = [try key("web-01"), try key("gone")]
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register web", "create default/web-01"])
        #expect(outcome.plan.standings.map(\.key) == [try key("web-01")])
    }
}
