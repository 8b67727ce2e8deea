import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

@Suite struct AttributeTests {
    @Test func `all changes of a service travel in one update`() throws {
        var scenario = try Scenario.managed([network("subnet-1"), ("healthCheckGracePeriodSeconds", 10)])
        try scenario.change(image: "shop:2")
        try scenario.change([
            network("subnet-2"), ("healthCheckGracePeriodSeconds", 30), ("tags", [tag("team", "shop")]),
        ])
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register web", "update default/web", "tag default/web"])
        let update = try outcome.update(try key("web"))
        #expect(
            update.input == .map([network("subnet-2"), ("healthCheckGracePeriodSeconds", 30)]))
        #expect(outcome.tags(try key("web")) == ["team": "shop"])
        #expect(outcome.plan.steps[2].after == [StepID("update default/web")])
    }

    @Test func `a change of attributes alone leaves the revision alone`() throws {
        var scenario = try Scenario.managed([network("subnet-1")])
        try scenario.change([network("subnet-2")])
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["update default/web"])
        #expect(try outcome.update(try key("web")).revision == nil)
        #expect(try outcome.update(try key("web")).input == .map([network("subnet-2")]))
    }

    @Test func `a manifest's tag alone is set without an update`() throws {
        var scenario = try Scenario.managed()
        try scenario.change([("tags", [tag("team", "shop")])])
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["tag default/web"])
        #expect(outcome.tags(try key("web"))["team"] == "shop")
        #expect(outcome.plan.changes.count == 1)
    }

    @Test func `what needs a new service is withheld while the rest goes on`() throws {
        var scenario = try Scenario.managed([("launchType", "EC2")])
        try scenario.change(image: "shop:2")
        try scenario.change([("launchType", "FARGATE"), ("healthCheckGracePeriodSeconds", 5)])
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register web", "update default/web"])
        #expect(try outcome.update(try key("web")).input == ["healthCheckGracePeriodSeconds": 5])
        #expect(outcome.reasons(try key("web")) == [.needsReplacement(members: ["launchType"])])
    }

    @Test func `a difference that stays is not called reached`() throws {
        var scenario = try Scenario.managed([("launchType", "EC2")])
        let before = try #require(scenario.ecs.services[try key("web")]?["tags"])
        try scenario.change([("launchType", "FARGATE")])
        scenario.policy.commit = try CommitID(String(repeating: "b", count: 40))
        let outcome = try scenario.pass()
        #expect(try outcome.state(try key("web")) == .withheld(.needsReplacement(members: ["launchType"])))
        #expect(try outcome.standing(try key("web")).revision == (try Revision("web:1")))
        // What was last reached completely stays the earlier commit's.
        #expect(outcome.steps == [])
        #expect(scenario.ecs.services[try key("web")]?["tags"] == before)
    }

    @Test func `a service adopted with a difference that stays is ours nevertheless`() throws {
        var scenario = try Scenario.managed([("launchType", "EC2")], options: MooringOptions(adopt: true))
        let web = try key("web")
        for name in [OwnTag.environment, OwnTag.commit, OwnTag.digest, OwnTag.revision] {
            scenario.ecs.removeTag(web, name)
        }
        try scenario.change([("launchType", "FARGATE")], options: MooringOptions(adopt: true))
        let outcome = try scenario.pass()
        #expect(outcome.tags(web)[OwnTag.environment] == identityText)
        #expect(outcome.tags(web)[OwnTag.commit] == nil)
        #expect(outcome.tags(web)[OwnTag.digest] == nil)
        try scenario.settle()
    }

    @Test func `a capacity provider strategy is changed by force, as ECS demands`() throws {
        var scenario = try Scenario.managed([("capacityProviderStrategy", [["capacityProvider": "FARGATE"]])])
        try scenario.change([("capacityProviderStrategy", [["capacityProvider": "FARGATE_SPOT"]])])
        let update = try scenario.pass().update(try key("web"))
        #expect(update.input["forceNewDeployment"]?.boolean == true)
        #expect(try scenario.settle().map(\.id.text) == ["update default/web", "tag default/web"])
        try scenario.change([
            ("capacityProviderStrategy", [["capacityProvider": "FARGATE_SPOT"]]), network("subnet-1"),
        ])
        #expect(try scenario.pass().update(try key("web")).input["forceNewDeployment"] == nil)
    }

    @Test func `volumes are repeated with every new revision`() throws {
        let volumes: (String, Value) = (
            "volumeConfigurations", [["name": "data", "managedEBSVolume": ["sizeInGiB": 10, "roleArn": "ebs"]]]
        )
        var scenario = try Scenario.managed([volumes])
        try scenario.change(image: "shop:2")
        #expect(try scenario.pass().update(try key("web")).input == .map([volumes]))
    }

    @Test func `a member that the tables do not know is sent as git has it`() throws {
        var scenario = try Scenario.managed([("novelty", ["on": false])])
        try scenario.change([("novelty", ["on": true])])
        #expect(try scenario.pass().update(try key("web")).input == ["novelty": ["on": true]])
    }

    // MARK: Desired count

    @Test func `a count is sent where nothing scales the service`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(count: 5)
        let outcome = try scenario.pass()
        #expect(outcome.asked.contains(.scalableTarget(try key("web"))))
        #expect(try outcome.update(try key("web")).input == ["desiredCount": 5])
    }

    @Test(arguments: [true, false])
    func `a count is left to the autoscaler, also where nobody can say whether there is one`(isReadable: Bool) throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        if isReadable {
            scenario.ecs.scalableTargets[web] = ScalableBand(minimum: 1, maximum: 9)
        } else {
            scenario.ecs.unreadable[.scalableTarget(web)] = Unreadable(why: "denied", isPassing: false)
        }
        scenario.ecs.services[web]?["desiredCount"] = 7
        #expect(try scenario.pass().state(web) == .synced)
        try scenario.change(count: 5, [network("subnet-2")])
        #expect(try scenario.pass().update(web).input == .map([network("subnet-2")]))
    }

    @Test func `an unchanged count asks nobody about scaling`() throws {
        var scenario = try Scenario.managed()
        try scenario.change([network("subnet-2")])
        #expect(try !scenario.pass().asked.contains(.scalableTarget(try key("web"))))
    }

    @Test func `a daemon is never sent a count`() throws {
        let daemon: (String, Value) = ("schedulingStrategy", "DAEMON")
        var scenario = try Scenario.managed([daemon])
        scenario.ecs.services[try key("web")]?["desiredCount"] = 40
        #expect(try scenario.pass().state(try key("web")) == .synced)
        try scenario.change(count: 5, [daemon, network("subnet-2")])
        let outcome = try scenario.pass()
        #expect(try outcome.update(try key("web")).input == .map([network("subnet-2")]))
        #expect(!outcome.asked.contains(.scalableTarget(try key("web"))))
    }

    @Test func `a daemon stays one and gets no count when git forgets that it is one`() throws {
        var scenario = try Scenario.managed([("schedulingStrategy", "DAEMON")])
        try scenario.change(count: 5)
        #expect(try scenario.pass().plan.changes == [])
        try scenario.change(count: 5, [("schedulingStrategy", "REPLICA")])
        let outcome = try scenario.pass()
        #expect(outcome.plan.changes == [])
        #expect(outcome.reasons(try key("web")) == [.needsReplacement(members: ["schedulingStrategy"])])
    }
}
