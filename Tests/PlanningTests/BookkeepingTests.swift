import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

@Suite struct BookkeepingTests {
    @Test func `a service that has been reached is tagged with what was reached, once`() throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        scenario.ecs.removeTag(web, OwnTag.digest)
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["tag default/web"])
        #expect(outcome.plan.changes == [])
        let digest = try #require(Planner.digests(of: scenario.desired)[web])
        let tags = outcome.tags(web)
        #expect(tags[OwnTag.environment] == identityText)
        #expect(tags[OwnTag.digest] == digest.text)
        #expect(tags[OwnTag.commit] == scenario.policy.commit.text)
        #expect(tags[OwnTag.revision]?.hasPrefix("web:1@v1:") == true)
        try scenario.settle()
        #expect(try scenario.pass().plan.steps == [])
    }

    @Test func `a commit that does not touch the service writes no tag`() throws {
        var scenario = try Scenario.managed()
        scenario.policy.commit = try CommitID(String(repeating: "b", count: 40))
        #expect(try scenario.pass().plan.steps == [])
    }

    @Test func `nothing is tagged as reached while the rollout runs`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try key("web"), "IN_PROGRESS")
        #expect(try scenario.pass().steps == [])
        scenario.ecs.setRollout(try key("web"), "COMPLETED")
        let outcome = try scenario.pass()
        #expect(outcome.tags(try key("web"))[OwnTag.revision]?.hasPrefix("web:2@") == true)
    }

    @Test func `a full pass over services at rest asks for nothing but the services`() throws {
        var scenario = try Scenario()
        for index in 0..<20 {
            let name = "s\(index)"
            scenario.desired.taskDefinitions.append(try makeTaskDefinition(name))
            scenario.desired.services.append(try makeService(try key(name)))
        }
        try scenario.settle()
        let outcome = try scenario.pass()
        #expect(outcome.plan.steps == [])
        #expect(Set(outcome.asked) == Set(scenario.desired.services.map { .service($0.key) }))
    }
}
