import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

@Suite struct CreationTests {
    @Test func `a missing service is registered and created with our tags`() throws {
        var scenario = try Scenario()
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web")]
        scenario.desired.services = [try makeService(try key("web"), [("tags", [tag("team", "shop")])])]
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register web", "create default/web"])
        #expect(outcome.plan.steps[1].after == [StepID("register web")])
        let creation = try outcome.creation(try key("web"))
        #expect(creation.input["tags"] == [tag("team", "shop"), tag("mooring:environment", identityText)])
        #expect(creation.input["desiredCount"]?.integer == 2)
        #expect(creation.input["taskDefinition"] == nil)
        guard case .registerTaskDefinition(_, let digest, let input) = outcome.plan.steps[0].action else {
            throw Scenario.Unexpected()
        }
        #expect(creation.revision == .registered(digest))
        #expect(
            input["tags"]
                == [tag("mooring:environment", identityText), tag("mooring:digest", digest.text)])
        #expect(try outcome.state(try key("web")) == .changing)
    }

    @Test func `what is left of a deleted service is no service`() throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        scenario.ecs.services[web]?["status"] = "INACTIVE"
        scenario.ecs.setTag(web, OwnTag.environment, "other@repository")
        #expect(try scenario.pass().steps == ["create default/web"])
    }

    @Test func `a creation uses a registered revision of the same content`() throws {
        var scenario = try Scenario()
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web")]
        scenario.desired.services = [try makeService(try key("web"))]
        let arn = try scenario.ecs.register(try makeTaskDefinition("web").input)
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["create default/web"])
        #expect(try outcome.creation(try key("web")).revision == .existing(arn))
    }

    @Test func `a daemon is created without a count`() throws {
        var scenario = try Scenario()
        scenario.desired.taskDefinitions = [try makeTaskDefinition("agent")]
        scenario.desired.services = [
            try makeService(try key("agent"), count: 3, [("schedulingStrategy", "DAEMON")])
        ]
        #expect(try scenario.pass().creation(try key("agent")).input["desiredCount"] == nil)
    }

    @Test func `a new service that says no count waits for one`() throws {
        var scenario = try Scenario()
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web")]
        scenario.desired.services = [try makeService(try key("web"), count: nil)]
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        let reason = try #require(outcome.reasons(try key("web")).first)
        #expect(reason.sentence.contains("desiredCount"))
    }

    @Test func `a service whose manifest is bad stands as withheld`() throws {
        var scenario = try Scenario.managed()
        let api = try key("api")
        scenario.desired.badServices = [BadService(key: api, file: try TreePath("api.json"), why: "no name")]
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        #expect(try outcome.state(api) == .withheld(.badManifest))
        #expect(outcome.reasons(api) == [.badManifest])
        #expect(outcome.plan.standings.map(\.key) == [api, try key("web")])
        scenario.scope = [try key("web")]
        #expect(try scenario.pass().plan.standings.map(\.key) == [try key("web")])
    }

    @Test func `a family that git does not have is never guessed`() throws {
        var scenario = try Scenario.managed()
        scenario.desired.taskDefinitions = []
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        #expect(try outcome.state(try key("web")) == .withheld(.badManifest))
    }

    @Test func `our own tags in a manifest are not taken for the user's`() throws {
        var scenario = try Scenario()
        scenario.desired.taskDefinitions = [
            try makeTaskDefinition("web", [("tags", [tag("mooring:digest", "v1:0"), tag("team", "shop")])])
        ]
        let tags: (String, Value) = (
            "tags", [tag("mooring:environment", "other@repository"), tag("mooring:commit", "b")]
        )
        scenario.desired.services = [try makeService(try key("web"), [tags])]
        try scenario.settle()
        let live = try #require(scenario.ecs.services[try key("web")])
        let owners = (live["tags"]?.elements ?? []).filter { $0["key"]?.text == OwnTag.environment }
        #expect(owners == [tag(OwnTag.environment, identityText)])
        let revision = try #require(scenario.ecs.revisions[try Family("web")]?.first)
        #expect(revision.tags.count == 3)
        #expect(Set(revision.tags.compactMap { $0["key"]?.text }).count == 3)
    }

    @Test func `nothing is deleted when git no longer has it`() throws {
        var scenario = try Scenario.managed()
        let before = scenario.ecs.services
        scenario.desired.services = []
        scenario.desired.taskDefinitions = []
        let outcome = try scenario.pass()
        #expect(outcome.plan == Plan())
        scenario.scope = [try key("web")]
        #expect(try scenario.pass().plan == Plan())
        #expect(scenario.ecs.services == before)
    }

    @Test func `a service that cannot be read is left alone, for now or for good`() throws {
        var scenario = try Scenario.managed()
        let web = try key("web")
        scenario.ecs.unreadable[.service(web)] = Unreadable(why: "throttled", isPassing: true)
        #expect(try scenario.pass().state(web) == .unknown("throttled"))
        scenario.ecs.unreadable[.service(web)] = Unreadable(why: "denied", isPassing: false)
        let outcome = try scenario.pass()
        #expect(try outcome.state(web) == .withheld(.unreadable("denied")))
        #expect(outcome.reasons(web) == [.unreadable("denied")])
    }
}
