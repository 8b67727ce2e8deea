import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// What is said of rollouts under way, and of reads that lag behind our own writes.
@Suite struct RolloutTests {
    @Test func `a rollout of what git says is watched, not repeated`() throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        scenario.ecs.setRollout(web, "IN_PROGRESS")
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        guard case .rolling = try outcome.state(web) else { throw Scenario.Unexpected() }
        #expect(try outcome.standing(web).health == .progressing)
        #expect(try outcome.standing(web).deployment == "ecs-svc/1")
        scenario.ecs.setRollout(web, "IN_PROGRESS", failedTasks: 2)
        #expect(try scenario.pass().standing(web).health == .degraded)
    }

    @Test func `a failed deployment of what git says is a failure, with ECS's reason`() throws {
        var scenario = try Scenario.managed()
        scenario.ecs.setRollout(try key("web"), "FAILED")
        let deployments = try #require(scenario.ecs.services[try key("web")]?["deployments"]?.elements)
        var primary = try #require(deployments.first)
        primary["rolloutStateReason"] = "ECS deployment circuit breaker: tasks failed to start."
        scenario.ecs.services[try key("web")]?["deployments"] = [primary]
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        #expect(
            try outcome.state(try key("web"))
                == .rejected(reason: "ECS deployment circuit breaker: tasks failed to start."))
    }

    @Test func `too few running tasks are unhealthy`() throws {
        var scenario = try Scenario.managed()
        scenario.ecs.services[try key("web")]?["runningCount"] = 1
        #expect(try scenario.pass().standing(try key("web")).health == .degraded)
        #expect(try scenario.pass().state(try key("web")) == .synced)
    }

    @Test func `a newer commit takes a rollout over`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try key("web"), "IN_PROGRESS")
        try scenario.change(image: "shop:3")
        scenario.policy.completedRollouts = 0
        #expect(try scenario.pass().steps == ["register web", "update default/web"])
    }

    // MARK: Lag

    @Test func `a creation that ECS does not show yet is not repeated`() throws {
        var scenario = try Scenario()
        let web = try key("web")
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web")]
        scenario.desired.services = [try makeService(web)]
        try scenario.watch(web, deployment: "ecs-svc/1", revision: "web:1")
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        guard case .rolling = try outcome.state(web) else { throw Scenario.Unexpected() }
        #expect(try outcome.standing(web).deployment == "ecs-svc/1")
        // What is still not there when reads are believed is not there.
        try scenario.watch(
            web, deployment: "ecs-svc/1", revision: "web:1", at: scenario.policy.uptime - scenario.policy.readLag)
        #expect(try scenario.pass().steps == ["register web", "create default/web"])
    }

    @Test func `an update that ECS does not show yet is rolling`() throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        try scenario.change(image: "shop:2")
        try scenario.watch(web, deployment: "ecs-svc/2", revision: "web:2")
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        guard case .rolling = try outcome.state(web) else { throw Scenario.Unexpected() }
        #expect(try outcome.standing(web).revision == (try Revision("web:2")))
    }

    @Test func `a revert is not called reached because ECS does not show yet what it reverts`() throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        try scenario.change(image: "shop:2")
        try scenario.watch(web, deployment: "ecs-svc/2", revision: "web:2")
        try scenario.change(image: "shop:1")
        guard case .rolling = try scenario.pass().state(web) else { throw Scenario.Unexpected() }
    }

    @Test func `a deployment that ECS shows is believed at once`() throws {
        var scenario = try Scenario.managed()
        try scenario.watch(try key("web"), deployment: "ecs-svc/1", revision: "web:1")
        #expect(try scenario.pass().state(try key("web")) == .synced)
    }
}
