import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// What a person's `mooring retry` changes: the tag names the deployment that failed, and the mark of the rejection is off.
@Suite struct RetryTests {
    /// Revision 2 was rolled out and ECS went back to revision 1.
    private func rolledBack() throws -> Scenario {
        var scenario = try Scenario.managed()
        let web = try key("web")
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.startDeployment(web, revision: try revisionARN("web:1"))
        scenario.ecs.records[web] = []
        scenario.ecs.enterRecord(web, status: "ROLLBACK_SUCCESSFUL", revision: try revisionARN("web:2"))
        return scenario
    }

    private func newest(_ scenario: Scenario) throws -> String {
        try #require(scenario.ecs.records[try key("web")]?.first?.id)
    }

    @Test func `what failed is tried again, and once`() throws {
        var scenario = try rolledBack()
        let web = try key("web")
        scenario.ecs.setTag(web, OwnTag.retry, try newest(scenario))
        #expect(try scenario.pass().update(web).revision == .existing(try revisionARN("web:2")))
        // It fails again: that is another deployment, which nobody has forgiven.
        scenario.ecs.startDeployment(web, revision: try revisionARN("web:2"))
        scenario.ecs.startDeployment(web, revision: try revisionARN("web:1"))
        scenario.ecs.enterRecord(web, status: "ROLLBACK_SUCCESSFUL", revision: try revisionARN("web:2"))
        guard case .rejected = try scenario.pass().state(web) else { throw Scenario.Unexpected() }
    }

    @Test func `the word about another deployment does not count`() throws {
        var scenario = try rolledBack()
        let web = try key("web")
        scenario.ecs.setTag(web, OwnTag.retry, "another")
        guard case .rejected = try scenario.pass().state(web) else { throw Scenario.Unexpected() }
    }

    @Test func `what failed and was not rolled back is deployed once more`() throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(web, "FAILED", failedTasks: 3)
        scenario.ecs.records[web] = []
        scenario.ecs.enterRecord(web, status: "STOPPED", revision: try revisionARN("web:2"))
        guard case .rejected = try scenario.pass().state(web) else { throw Scenario.Unexpected() }
        scenario.ecs.setTag(web, OwnTag.retry, "another")
        guard case .rejected = try scenario.pass().state(web) else { throw Scenario.Unexpected() }
        scenario.ecs.setTag(web, OwnTag.retry, try newest(scenario))
        let update = try scenario.pass().update(web)
        #expect(update.revision == nil && update.input == ["forceNewDeployment": true])
    }
}
