import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

@Suite struct OwnershipTests {
    /// A service that somebody else made and that differs from git.
    private func foreign(
        _ options: MooringOptions = MooringOptions(), _ more: [(String, Value)] = [],
    ) throws -> Scenario {
        var scenario = try Scenario()
        let web = try key("web")
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web", image: "shop:2")]
        scenario.desired.services = [try makeService(web, options: options)]
        let arn = try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:1").input)
        try scenario.ecs.create(web, .map([("desiredCount", 2)] + more), revision: arn)
        return scenario
    }

    private func expectUntouched(
        _ scenario: Scenario, _ reason: Withheld.Reason, sourceLocation: SourceLocation = #_sourceLocation,
    ) throws {
        let outcome = try scenario.pass(sourceLocation: sourceLocation)
        #expect(outcome.steps == [], sourceLocation: sourceLocation)
        #expect(try outcome.state(try key("web")) == .withheld(reason), sourceLocation: sourceLocation)
        #expect(outcome.reasons(try key("web")) == [reason], sourceLocation: sourceLocation)
    }

    @Test func `an existing service is not taken over without a word`() throws {
        try expectUntouched(try foreign(), .notAdopted)
    }

    @Test(arguments: ["service", "policy"])
    func `an adopted service is tagged before it is changed`(word: String) throws {
        var scenario = try foreign(MooringOptions(adopt: word == "service"))
        if word == "policy" { scenario.policy.adopt = true }
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register web", "tag default/web", "update default/web"])
        #expect(outcome.tags(try key("web")) == [OwnTag.environment: identityText])
        let update = try #require(outcome.plan.steps.last)
        #expect(Set(update.after) == [StepID("register web"), StepID("tag default/web")])
        try scenario.settle()
        #expect(try scenario.pass().state(try key("web")) == .synced)
    }

    @Test func `a service that is adopted as it is gets its tags and no deployment`() throws {
        var scenario = try foreign(MooringOptions(adopt: true))
        try scenario.change(image: "shop:1")
        let steps = try scenario.settle()
        #expect(steps.map(\.id.text) == ["tag default/web"])
        let digest = try #require(Planner.digests(of: scenario.desired)[try key("web")])
        let outcome = try scenario.pass()
        #expect(outcome.asked == [.service(try key("web"))])
        #expect(
            outcome.observed.services[try key("web")].flatMap { reading -> String? in
                if case .known(let live) = reading { live.tag(OwnTag.digest) } else { nil }
            } == digest.text)
    }

    @Test func `another environment's service is a conflict whatever the manifest says`() throws {
        var scenario = try foreign(MooringOptions(adopt: true, shared: true))
        scenario.ecs.setTag(try key("web"), OwnTag.environment, "production@other")
        try expectUntouched(scenario, .ownedByEnvironment("production@other"))
    }

    @Test func `CloudFormation's service is changed only where it is shared`() throws {
        var scenario = try foreign(MooringOptions(adopt: true))
        scenario.ecs.setTag(try key("web"), "aws:cloudformation:stack-name", "shop")
        try expectUntouched(scenario, .ownedByCloudFormation(stack: "shop"))
        try scenario.change(options: MooringOptions(adopt: true, shared: true))
        #expect(try scenario.pass().steps.contains("update default/web"))
    }

    @Test func `a stack that takes over a managed service ends our writes to it`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        scenario.ecs.setTag(try key("web"), "aws:cloudformation:stack-name", "shop")
        try expectUntouched(scenario, .ownedByCloudFormation(stack: "shop"))
    }

    @Test func `what ECS manages itself is left alone`() throws {
        try expectUntouched(
            try foreign(MooringOptions(adopt: true), [("resourceManagementType", "ECS")]), .ownedByECS)
        let customer = try foreign(MooringOptions(adopt: true), [("resourceManagementType", "CUSTOMER")])
        #expect(try customer.pass().steps.contains("update default/web"))
    }

    @Test(arguments: ["CODE_DEPLOY", "EXTERNAL"])
    func `deployments of other controllers are observed`(controller: String) throws {
        let scenario = try foreign(
            MooringOptions(adopt: true), [("deploymentController", ["type": .string(controller)])])
        try expectUntouched(scenario, .deploymentController(controller))
    }

    @Test func `a service with a short ARN cannot be tagged`() throws {
        var scenario = try foreign(MooringOptions(adopt: true))
        scenario.ecs.services[try key("web")]?["serviceArn"] = .string("\(arnPrefix)service/web")
        try expectUntouched(scenario, .cannotBeTagged)
    }

    @Test func `a draining service is waited for`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        scenario.ecs.services[try key("web")]?["status"] = "DRAINING"
        try expectUntouched(scenario, .draining)
        #expect(Withheld.Reason.draining.isPassing)
    }

    @Test func `what is withheld from a service shows its differences`() throws {
        var scenario = try foreign()
        try scenario.change([network("subnet-1")])
        let withheld = try #require(try scenario.pass().plan.withheld.first)
        #expect(withheld.changes.contains { $0.topLevelMember == "networkConfiguration" })
    }
}
