import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// Who made a difference: git or a hand.
@Suite struct OriginTests {
    private func origins(_ outcome: Scenario.Outcome) -> [String: MemberChange.Origin] {
        let changes = outcome.plan.steps.flatMap(\.changes) + outcome.plan.withheld.flatMap(\.changes)
        return Dictionary(changes.map { ($0.path, $0.origin) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func `an equal digest makes every difference one by hand, without a look into git`() throws {
        var scenario = try Scenario.managed([network("subnet-1"), ("healthCheckGracePeriodSeconds", 10)])
        let web = try key("web")
        scenario.ecs.services[web]?["healthCheckGracePeriodSeconds"] = 99
        let outcome = try scenario.pass()
        #expect(origins(outcome) == ["healthCheckGracePeriodSeconds": .drift])
        #expect(outcome.plan.steps.first?.reason == "The service differs from git. It was changed by hand.")
        #expect(!outcome.asked.contains { if case .versions = $0 { true } else { false } })
    }

    @Test func `git's change and a hand's are told apart in one update`() throws {
        var scenario = try Scenario.managed([network("subnet-1"), ("healthCheckGracePeriodSeconds", 10)])
        try scenario.advance(to: "b")
        try scenario.change(image: "shop:2")
        try scenario.change([network("subnet-2"), ("healthCheckGracePeriodSeconds", 10)])
        scenario.ecs.services[try key("web")]?["healthCheckGracePeriodSeconds"] = 99
        let outcome = try scenario.pass()
        #expect(
            origins(outcome) == [
                "containerDefinitions[app].image": .git, "healthCheckGracePeriodSeconds": .drift,
                "networkConfiguration.awsvpcConfiguration.subnets": .git,
            ])
        #expect(outcome.plan.steps.last?.reason.hasSuffix("Part of it was changed in git, part by hand.") == true)
    }

    @Test func `a revision that somebody deployed is a change by hand`() throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        let other = try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:hot").input)
        scenario.ecs.startDeployment(web, revision: other)
        scenario.policy.drift.revision = .correct
        let outcome = try scenario.pass()
        #expect(origins(outcome) == ["containerDefinitions[app].image": .drift])
        #expect(outcome.plan.steps.last?.reason.hasSuffix("It was changed by hand.") == true)
    }

    @Test func `a variable that git removed is removed`() throws {
        let environment: Value = [["name": "MODE", "value": "fast"]]
        var scenario = try Scenario()
        let container: Value = ["name": "app", "image": "shop:1", "memory": 128]
        var with = container
        with["environment"] = environment
        scenario.desired.services = [try makeService(try key("web"))]
        scenario.desired.taskDefinitions = [
            DesiredTaskDefinition(
                family: try Family("web"), input: ["family": "web", "containerDefinitions": [with]],
                file: try TreePath("web.json"), documentIndex: 0, position: SourcePosition(line: 1, column: 1))
        ]
        try scenario.settle()
        try scenario.advance(to: "b")
        try scenario.change(image: "shop:1")
        #expect(origins(try scenario.pass()) == ["containerDefinitions[app].environment[MODE]": .removed])
    }

    @Test func `a service that was never reached has differences of unknown origin`() throws {
        var scenario = try Scenario.managed(options: MooringOptions(adopt: true))
        for name in [OwnTag.environment, OwnTag.commit, OwnTag.digest, OwnTag.revision] {
            scenario.ecs.removeTag(try key("web"), name)
        }
        try scenario.change([network("subnet-2")], options: MooringOptions(adopt: true))
        #expect(Set(origins(try scenario.pass()).values) == [.unknown])
        #expect(try scenario.pass().plan.remarks == [])
    }

    @Test func `a digest of another version is no reason for anything`() throws {
        var scenario = try Scenario.managed([network("subnet-1")])
        let web = try key("web")
        let digest = try #require(Planner.digests(of: scenario.desired)[web])
        try scenario.advance(to: "b")
        scenario.ecs.setTag(web, OwnTag.digest, digest.text.replacing("v1:", with: "v0:"))
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["tag default/web"])
        #expect(outcome.plan.changes == [])
        scenario.ecs.services[web]?["enableExecuteCommand"] = true
        scenario.ecs.services[web]?["networkConfiguration"] = network("subnet-9").1
        #expect(origins(try scenario.pass()) == ["networkConfiguration.awsvpcConfiguration.subnets": .drift])
    }

    // MARK: Tags

    @Test func `a tag that a hand changed shows what it is, and the reason says whose change it is`() throws {
        var scenario = try Scenario.managed([("tags", [tag("team", "shop"), tag("stage", "prod")])])
        scenario.ecs.setTag(try key("web"), "team", "HAND")
        let step = try #require(try scenario.pass().plan.steps.first)
        #expect(step.changes == [MemberChange(path: "tags[team]", live: "HAND", wanted: "shop", origin: .drift)])
        #expect(step.reason == "The service's tags differ from git. It was changed by hand.")
    }

    @Test func `tags that git changed and removed show what they were`() throws {
        var scenario = try Scenario.managed([("tags", [tag("team", "shop"), tag("stage", "prod")])])
        try scenario.advance(to: "b")
        try scenario.change([("tags", [tag("team", "store")])])
        let steps = try scenario.pass().plan.steps
        #expect(steps.map(\.id.text) == ["tag default/web", "untag default/web"])
        #expect(
            steps.map(\.changes) == [
                [MemberChange(path: "tags[team]", live: "shop", wanted: "store", origin: .git)],
                [MemberChange(path: "tags[stage]", live: "prod", wanted: nil, origin: .removed)],
            ])
        #expect(steps.first?.reason == "The service's tags differ from git. It was changed in git.")
    }

    @Test func `tags of a write that is withheld are shown as well`() throws {
        var scenario = try Scenario.managed([network("subnet-1")])
        try scenario.advance(to: "b")
        try scenario.change([network("subnet-2"), ("tags", [tag("team", "shop")])])
        scenario.policy.act = false
        let outcome = try scenario.pass()
        #expect(outcome.plan.steps == [])
        #expect(
            outcome.plan.withheld.flatMap(\.changes).map(\.path)
                == ["networkConfiguration.awsvpcConfiguration.subnets", "tags[team]"])
    }

    // MARK: Values from outside of git

    @Test func `a parameter's new value is not blamed on a hand`() throws {
        var scenario = try Scenario.managed([network("subnet-1"), ("healthCheckGracePeriodSeconds", 10)])
        // Earlier versions are read with today's values: the one that was reached has the new subnet as well.
        try scenario.change([network("subnet-2"), ("healthCheckGracePeriodSeconds", 10)])
        try scenario.change(image: "shop:2")
        try scenario.advance(to: "b")
        try scenario.change([network("subnet-2"), ("healthCheckGracePeriodSeconds", 20)])
        let outcome = try scenario.pass()
        #expect(
            origins(outcome) == [
                "containerDefinitions[app].image": .parameter, "healthCheckGracePeriodSeconds": .git,
                "networkConfiguration.awsvpcConfiguration.subnets": .parameter,
            ])
        #expect(
            outcome.plan.steps.last?.reason.hasSuffix(
                "Part of it was changed in git, part outside of it: a parameter's value, or by hand.") == true)
    }

    @Test func `a parameter's new value without any commit is not blamed on a hand`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        scenario.ecs.versions[scenario.policy.commit] = [scenario.desired]
        let outcome = try scenario.pass()
        #expect(origins(outcome) == ["containerDefinitions[app].image": .parameter])
        #expect(
            outcome.plan.steps.last?.reason.hasSuffix(
                " It was changed outside of git: a parameter's value, or by hand.") == true)
    }

    // MARK: Members that ECS does not show

    @Test func `a member that nobody knows is sent once when it changes`() throws {
        var scenario = try Scenario.managed([("cupboard", "full")])
        let web = try key("web")
        #expect(try scenario.pass().plan.steps == [])
        try scenario.advance(to: "b")
        try scenario.change([("cupboard", "empty")])
        let outcome = try scenario.pass()
        #expect(try outcome.update(web).input == ["cupboard": "empty"])
        #expect(origins(outcome) == ["cupboard": .git])
        for step in outcome.plan.steps { try scenario.perform(step) }
        let after = try scenario.pass()
        #expect(after.steps == ["tag default/web"])
        #expect(after.tags(web)[OwnTag.commit] == scenario.policy.commit.text)
        try scenario.settle()
        scenario.memory.watches = [:]
        #expect(try scenario.pass().plan.steps == [])
    }

    @Test func `a member that nobody knows is not sent when git removes it, and the plan says that it may stay`() throws
    {
        var scenario = try Scenario.managed([("cupboard", "full")])
        try scenario.advance(to: "b")
        try scenario.change([])
        let outcome = try scenario.pass()
        #expect(outcome.plan.changes == [])
        #expect(outcome.plan.remarks.map(\.kind) == [.removedUnshown(members: ["cupboard"])])
        try scenario.settle()
        #expect(try scenario.pass().plan.remarks == [])
    }

    @Test func `without a last commit nobody can know whether such a member is there`() throws {
        var scenario = try Scenario.managed([("cupboard", "full")])
        scenario.ecs.removeTag(try key("web"), OwnTag.commit)
        let outcome = try scenario.pass()
        #expect(outcome.plan.changes == [])
        #expect(outcome.plan.remarks.map(\.kind) == [.unshown(members: ["cupboard"])])
    }

    // MARK: Counts

    @Test func `a count by hand is drift where nothing scales`() throws {
        var scenario = try Scenario.managed()
        scenario.ecs.services[try key("web")]?["desiredCount"] = 7
        let outcome = try scenario.pass()
        #expect(origins(outcome) == ["desiredCount": .drift])
        #expect(try outcome.update(try key("web")).input == ["desiredCount": 2])
    }

    @Test(arguments: [(7, false), (1, false), (9, false), (12, true), (0, true)])
    func `a count inside the band is nothing, outside of it the band is named`(count: Int, isTold: Bool) throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        scenario.ecs.scalableTargets[web] = ScalableBand(minimum: 1, maximum: 9)
        scenario.ecs.services[web]?["desiredCount"] = .integer(count)
        let outcome = try scenario.pass()
        #expect(try outcome.state(web) == .synced)
        #expect(
            outcome.plan.remarks.map(\.kind)
                == (isTold ? [.countOutsideBand(count: count, minimum: 1, maximum: 9)] : []))
    }
}
