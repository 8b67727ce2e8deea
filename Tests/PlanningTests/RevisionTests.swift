import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

@Suite struct RevisionTests {
    private func expectUpdate(
        _ scenario: Scenario, to revision: String, sourceLocation: SourceLocation = #_sourceLocation,
    ) throws {
        let outcome = try scenario.pass(sourceLocation: sourceLocation)
        #expect(outcome.steps == ["update default/web"], sourceLocation: sourceLocation)
        #expect(
            try outcome.update(try key("web")).revision == .existing(try revisionARN(revision)),
            sourceLocation: sourceLocation)
    }

    @Test func `a revision that the tag remembers is not described`() throws {
        let outcome = try Scenario.managed().pass()
        #expect(outcome.plan.steps == [])
        #expect(outcome.asked == [.service(try key("web"))])
        #expect(try outcome.state(try key("web")) == .synced)
        #expect(try outcome.standing(try key("web")).revision == (try Revision("web:1")))
    }

    @Test func `without the tag the content of the current revision decides`() throws {
        var scenario = try Scenario.managed()
        scenario.ecs.removeTag(try key("web"), OwnTag.revision)
        let outcome = try scenario.pass()
        #expect(outcome.asked == [.service(try key("web")), .taskDefinition(try revisionARN("web:1"))])
        #expect(outcome.steps == ["tag default/web"])
        #expect(outcome.tags(try key("web"))[OwnTag.revision]?.hasPrefix("web:1@v1:") == true)
    }

    @Test func `a tag that remembers another digest or revision is not believed`() throws {
        var scenario = try Scenario.managed()
        try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:9").input)
        scenario.ecs.startDeployment(try key("web"), revision: try revisionARN("web:2"))
        scenario.policy.drift.revision = .correct
        // The tag still says web:1 with the right digest: the service runs another revision.
        try expectUpdate(scenario, to: "web:1")
        scenario.ecs.setTag(try key("web"), OwnTag.revision, "web:2@v1:" + String(repeating: "0", count: 64))
        #expect(try scenario.pass().steps != [])
    }

    @Test func `the newest revision is used where it has the content, tagged or not`() throws {
        var scenario = try Scenario.managed()
        try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:2").input)
        try scenario.change(image: "shop:2")
        try expectUpdate(scenario, to: "web:2")
    }

    @Test func `a revert during a rollout returns to the revision that was reached`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try key("web"), "IN_PROGRESS")
        try scenario.change(image: "shop:1")
        try expectUpdate(scenario, to: "web:1")
    }

    @Test func `a revert returns to a revision that was described before`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        try scenario.settle()
        try scenario.change(image: "shop:3")
        try scenario.settle()
        for number in 1...3 {
            scenario.ecs.answer(.taskDefinition(try revisionARN("web:\(number)")), into: &scenario.memory)
        }
        try scenario.change(image: "shop:1")
        try expectUpdate(scenario, to: "web:1")
    }

    @Test func `known content is used without a tag as well`() throws {
        var scenario = try Scenario()
        let (web, api) = (try key("web"), try key("api"))
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web")]
        scenario.desired.services = [
            try makeService(web, options: MooringOptions(adopt: true)), try makeService(api, family: "web"),
        ]
        // Registered by hand, and not the newest: only the other service leads to it.
        let arn = try scenario.ecs.register(try makeTaskDefinition("web").input)
        try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:9").input)
        try scenario.ecs.create(web, ["desiredCount": 2], revision: arn)
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["create default/api", "tag default/web"])
        #expect(try outcome.creation(api).revision == .existing(arn))
    }

    @Test func `a revision that another service remembers is looked at`() throws {
        var scenario = try Scenario.managed()
        try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:9").input)
        scenario.desired.services.append(try makeService(try key("api"), family: "web"))
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["create default/api"])
        #expect(try outcome.creation(try key("api")).revision == .existing(try revisionARN("web:1")))
    }

    @Test func `an inactive revision is never used again`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        try scenario.settle()
        scenario.ecs.deregister(try revisionARN("web:1"))
        scenario.ecs.answer(.taskDefinition(try revisionARN("web:1")), into: &scenario.memory)
        try scenario.change(image: "shop:1")
        #expect(try scenario.pass().steps == ["register web", "update default/web"])
    }

    @Test func `what was the newest revision when it was deregistered is not used`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        let arn = try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:2").input)
        scenario.ecs.deregister(arn)
        // ECS names active revisions only; an answer may be older than the deregistration.
        scenario.memory.newestRevisions[try Family("web")] = scenario.ecs.revision(arn).map { .known($0) }
        #expect(try scenario.pass().steps == ["register web", "update default/web"])
    }

    @Test func `a service may go on with an inactive revision that has the content`() throws {
        var scenario = try Scenario.managed()
        scenario.ecs.deregister(try revisionARN("web:1"))
        #expect(try scenario.pass().steps == [])
        scenario.ecs.removeTag(try key("web"), OwnTag.revision)
        #expect(try scenario.pass().steps == ["tag default/web"])
    }

    @Test func `a change is registered when no revision has it`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register web", "update default/web"])
        #expect(outcome.plan.steps[1].changes.map(\.path) == ["containerDefinitions[app].image"])
        #expect(try outcome.standing(try key("web")).previousRevision == (try Revision("web:1")))
        try scenario.settle()
        #expect(scenario.ecs.revisions[try Family("web")]?.count == 2)
    }

    @Test func `a member that ECS forgets does not register for ever`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:1", [("cupboard", "full")])
        let steps = try scenario.settle()
        #expect(steps.count { $0.id.text == "register web" } == 1)
        // The same where the rollout is not over, so that no tag of the service remembers it.
        scenario.ecs.removeTag(try key("web"), OwnTag.revision)
        scenario.ecs.setRollout(try key("web"), "IN_PROGRESS")
        #expect(try scenario.pass().steps == [])
    }

    @Test func `services that share a family share one registration`() throws {
        var scenario = try Scenario()
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web")]
        scenario.desired.services = [
            try makeService(try key("blue"), family: "web"), try makeService(try key("green"), family: "web"),
        ]
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register web", "create default/blue", "create default/green"])
        #expect(outcome.plan.steps.dropFirst().allSatisfy { $0.after == [StepID("register web")] })
        // The second service of the family finds what the first one registered in an earlier pass.
        scenario.policy.completedRollouts = 0
        let steps = try scenario.settle()
        #expect(steps.count { $0.id.text == "register web" } == 1)
    }

    @Test(arguments: ["web:1", "\(arnPrefix)task-definition/web:1"])
    func `a pinned revision is used as it is written`(pinned: String) throws {
        var scenario = try Scenario.managed()
        scenario.desired.services = [try makeService(try key("web"), pinned: pinned)]
        scenario.ecs.removeTag(try key("web"), OwnTag.revision)
        let outcome = try scenario.pass()
        #expect(outcome.asked == [.service(try key("web")), .versions(try key("web"), since: scenario.policy.commit)])
        #expect(outcome.plan.changes == [])
        try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:2").input)
        scenario.ecs.startDeployment(try key("web"), revision: try revisionARN("web:2"))
        #expect(try scenario.pass().update(try key("web")).revision == .existing(try revisionARN("web:1")))
    }

    @Test func `a pin that is no revision is explained`() throws {
        var scenario = try Scenario.managed()
        scenario.desired.services = [try makeService(try key("web"), pinned: "web:latest")]
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        #expect(try #require(outcome.reasons(try key("web")).first).sentence.contains("'web:latest'"))
    }

    @Test func `nothing is registered while the current revision cannot be read`() throws {
        var scenario = try Scenario.managed()
        scenario.ecs.removeTag(try key("web"), OwnTag.revision)
        try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:9").input)
        scenario.ecs.unreadable[.taskDefinition(try revisionARN("web:1"))] = Unreadable(
            why: "throttled", isPassing: true)
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        #expect(try outcome.state(try key("web")) == .unknown("throttled"))
    }

    @Test func `nothing is registered while a candidate or the newest revision cannot be read`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try key("web"), "IN_PROGRESS")
        try scenario.change(image: "shop:1")
        let passing = Unreadable(why: "throttled", isPassing: true)
        scenario.ecs.unreadable[.taskDefinition(try revisionARN("web:1"))] = passing
        #expect(try scenario.pass().steps == [])
        scenario.ecs.unreadable = [.newestRevision(try Family("web")): passing]
        #expect(try scenario.pass().state(try key("web")) == .unknown("throttled"))
        // A revision that is gone for good is no candidate.
        scenario.ecs.unreadable = [
            .taskDefinition(try revisionARN("web:1")): Unreadable(why: "not found", isPassing: false)
        ]
        #expect(try scenario.pass().steps == ["register web", "update default/web"])
    }
}
