import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

@Suite struct RejectionTests {
    /// Revision 2 was rolled out and ECS went back to revision 1.
    private func rolledBack(_ status: String = "ROLLBACK_SUCCESSFUL") throws -> Scenario {
        var scenario = try Scenario.managed()
        let web = try key("web")
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.startDeployment(web, revision: try revisionARN("web:1"))
        scenario.ecs.records[web] = []
        scenario.ecs.enterRecord(web, status: status, revision: try revisionARN("web:2"))
        return scenario
    }

    @Test(arguments: ["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"])
    func `a revision that ECS rolled back is not tried again`(status: String) throws {
        var scenario = try rolledBack(status)
        let web = try key("web")
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["tag default/web"])
        #expect(outcome.plan.changes == [])
        #expect(try outcome.state(web) == .rejected(reason: "circuit breaker: \(status)"))
        #expect(try outcome.standing(web).revision == (try Revision("web:2")))
        let digest = try #require(Planner.digests(of: scenario.desired)[web])
        #expect(outcome.tags(web)[OwnTag.rejected] == digest.text)
        // The tag is a cache of it, written once.
        scenario.ecs.setTag(web, OwnTag.rejected, digest.text)
        #expect(try scenario.pass().steps == [])
    }

    @Test(arguments: ["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "STOP_REQUESTED"])
    func `a rollback under way is waited for`(status: String) throws {
        let outcome = try rolledBack(status).pass()
        // That it is being taken back is remembered at once: a revert may come before it is over.
        #expect(outcome.steps == ["tag default/web"])
        #expect(outcome.tags(try key("web"))[OwnTag.rejected] != nil)
        guard case .rollingBack = try outcome.state(try key("web")) else { throw Scenario.Unexpected() }
    }

    @Test(arguments: ["PENDING", "IN_PROGRESS"])
    func `a rollout that only the record shows is waited for`(status: String) throws {
        let outcome = try rolledBack(status).pass()
        #expect(outcome.steps == [])
        guard case .rolling = try outcome.state(try key("web")) else { throw Scenario.Unexpected() }
    }

    @Test func `a deployment that went well rejects nothing`() throws {
        // Somebody has put the older revision back by hand.
        let scenario = try rolledBack("SUCCESSFUL")
        #expect(try scenario.pass().update(try key("web")).revision == .existing(try revisionARN("web:2")))
    }

    @Test func `the record of another revision does not reject this one`() throws {
        var scenario = try rolledBack()
        try scenario.change(image: "shop:3")
        #expect(try scenario.pass().steps == ["register web", "update default/web"])
        try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:3").input)
        #expect(try scenario.pass().update(try key("web")).revision == .existing(try revisionARN("web:3")))
    }

    @Test func `a rejected revision may be tried with another network`() throws {
        var scenario = try rolledBack()
        try scenario.change([network("subnet-2")])
        let update = try scenario.pass().update(try key("web"))
        #expect(update.revision == .existing(try revisionARN("web:2")))
    }

    @Test func `a network that ECS rolled back is rejected although the revision runs`() throws {
        var scenario = try Scenario.managed([network("subnet-1")])
        let web = try key("web")
        try scenario.change([network("subnet-2")])
        scenario.ecs.records[web] = []
        scenario.ecs.enterRecord(
            web, status: "ROLLBACK_SUCCESSFUL", revision: try revisionARN("web:1"), [network("subnet-2")])
        guard case .rejected = try scenario.pass().state(web) else { throw Scenario.Unexpected() }
        try scenario.change([network("subnet-3")])
        #expect(try scenario.pass().steps == ["update default/web"])
    }

    @Test func `a change that replaces no task asks for no records`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(count: 3)
        #expect(try !scenario.pass().asked.contains(.records(try key("web"))))
    }

    @Test func `what is registered only now was never rejected`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        #expect(try !scenario.pass().asked.contains(.records(try key("web"))))
    }

    @Test func `a service without records may be changed`() throws {
        var scenario = try rolledBack()
        scenario.ecs.records = [:]
        #expect(try scenario.pass().steps == ["update default/web"])
    }

    // MARK: Records that cannot be read

    private func recordless(isPassing: Bool) throws -> Scenario {
        var scenario = try rolledBack()
        scenario.ecs.unreadable[.records(try key("web"))] = Unreadable(why: "denied", isPassing: isPassing)
        return scenario
    }

    @Test func `records that cannot be read just now are waited for`() throws {
        let outcome = try recordless(isPassing: true).pass()
        #expect(outcome.steps == [])
        #expect(try outcome.state(try key("web")) == .unknown("denied"))
    }

    @Test func `without records a failed deployment of the revision rejects it`() throws {
        var scenario = try recordless(isPassing: false)
        let web = try key("web")
        var failed: Value = ["id": "ecs-svc/9", "status": "ACTIVE", "rolloutState": "FAILED"]
        failed["taskDefinition"] = .string(try revisionARN("web:2").text)
        let primary = try #require(scenario.ecs.services[web]?["deployments"]?[0])
        scenario.ecs.services[web]?["deployments"] = [primary, failed]
        guard case .rejected = try scenario.pass().state(web) else { throw Scenario.Unexpected() }
        scenario.ecs.setRollout(web, "IN_PROGRESS")
        guard case .rollingBack = try scenario.pass().state(web) else { throw Scenario.Unexpected() }
    }

    @Test func `without records the tag rejects what it names`() throws {
        var scenario = try recordless(isPassing: false)
        let web = try key("web")
        let digest = try #require(Planner.digests(of: scenario.desired)[web])
        scenario.ecs.setTag(web, OwnTag.rejected, digest.text)
        let outcome = try scenario.pass()
        guard case .rejected = try outcome.state(web) else { throw Scenario.Unexpected() }
        #expect(outcome.steps == [])
        scenario.ecs.setTag(web, OwnTag.rejected, "v1:" + String(repeating: "0", count: 64))
        #expect(try scenario.pass().steps == ["update default/web"])
    }

    @Test func `without records a watched deployment that is gone was replaced`() throws {
        var scenario = try recordless(isPassing: false)
        let web = try key("web")
        try scenario.watch(web, deployment: "ecs-svc/2", revision: "web:2", at: .seconds(10))
        guard case .rejected(let reason) = try scenario.pass().state(web) else { throw Scenario.Unexpected() }
        #expect(reason.contains("ecs-svc/2"))
    }

    @Test func `without records and without a trace the change is made`() throws {
        #expect(try recordless(isPassing: false).pass().steps == ["update default/web"])
    }

    @Test func `a record whose target cannot be read counts as no record`() throws {
        var scenario = try rolledBack()
        let web = try key("web")
        let record = try #require(scenario.ecs.records[web]?.first)
        scenario.ecs.records[web] = [DeploymentRecord(described: record.described, target: nil)]
        let digest = try #require(Planner.digests(of: scenario.desired)[web])
        scenario.ecs.setTag(web, OwnTag.rejected, digest.text)
        guard case .rejected = try scenario.pass().state(web) else { throw Scenario.Unexpected() }
    }
}
