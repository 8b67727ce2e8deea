import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// What git no longer says: unset if git said it, left alone if it never did.
@Suite struct RemovalTests {
    private static let balancers: (String, Value) = (
        "loadBalancers", [["targetGroupArn": "tg", "containerName": "app", "containerPort": 80]]
    )

    /// A service at rest, made with these members; git moves on to a commit with `later`.
    private func moved(
        from earlier: [(String, Value)], to later: [(String, Value)], through middle: [(String, Value)]? = nil,
        byHand: (inout Value) -> Void = { _ in },
    ) throws -> Scenario {
        var scenario = try Scenario.managed(earlier)
        try scenario.advance(to: "b")
        if let middle {
            try scenario.change(middle)
            try scenario.advance(to: "c")
        }
        try scenario.change(later)
        if var described = scenario.ecs.services[try key("web")] {
            byHand(&described)
            scenario.ecs.services[try key("web")] = described
        }
        return scenario
    }

    @Test func `a list that git removed is emptied, and named as removed`() throws {
        var scenario = try moved(from: [RemovalTests.balancers], to: [])
        let outcome = try scenario.pass()
        #expect(try outcome.update(try key("web")).input == ["loadBalancers": []])
        let changes = outcome.plan.steps.flatMap(\.changes)
        #expect(changes.map(\.path) == ["loadBalancers[app:80]"])
        #expect(changes.map(\.origin) == [.removed])
        #expect(outcome.plan.steps.first?.reason.hasSuffix("It was changed in git.") == true)
        try scenario.settle()
        #expect(try scenario.pass().plan.steps == [])
        #expect(try scenario.pass().asked == [.service(try key("web"))])
    }

    private static let unsettings: [(String, Value, Value)] = [
        ("serviceConnectConfiguration", ["enabled": true], ["enabled": false]),
        ("enableExecuteCommand", true, false), ("propagateTags", "SERVICE", "NONE"),
        ("healthCheckGracePeriodSeconds", 30, 0), ("placementStrategy", [["type": "random"]], []),
        ("platformVersion", "1.4.0", "LATEST"),
    ]

    @Test(arguments: unsettings)
    func `each member is unset as the table says`(member: String, value: Value, unset: Value) throws {
        var scenario = try moved(from: [(member, value)], to: [])
        #expect(try scenario.pass().update(try key("web")).input == .map([(member, unset)]))
        try scenario.settle()
        #expect(try scenario.pass().state(try key("web")) == .synced)
    }

    @Test func `what was never in git is left alone, also beside what is`() throws {
        let earlier: (String, Value) = ("deploymentConfiguration", ["maximumPercent": 150])
        let scenario = try moved(from: [earlier], to: [earlier, ("enableExecuteCommand", true)]) { service in
            service["placementStrategy"] = [["type": "random"]]
            service["deploymentConfiguration"]?["alarms"] = ["alarmNames": ["a"], "enable": true, "rollback": false]
        }
        let outcome = try scenario.pass()
        #expect(try outcome.update(try key("web")).input == ["enableExecuteCommand": true])
    }

    @Test func `a part of the deployment configuration is told what it is by default`() throws {
        let breaker: Value = ["enable": true, "rollback": true]
        let alarms: Value = ["alarmNames": ["errors"], "enable": true, "rollback": true]
        var scenario = try moved(
            from: [
                (
                    "deploymentConfiguration",
                    ["maximumPercent": 150, "deploymentCircuitBreaker": breaker, "alarms": alarms]
                )
            ],
            to: [("deploymentConfiguration", ["deploymentCircuitBreaker": breaker])])
        let update = try scenario.pass().update(try key("web"))
        #expect(
            update.input == [
                "deploymentConfiguration": [
                    "maximumPercent": 200, "deploymentCircuitBreaker": breaker,
                    "alarms": ["alarmNames": [], "enable": false, "rollback": false],
                ]
            ])
        try scenario.settle()
        #expect(try scenario.pass().plan.steps == [])
    }

    @Test func `the whole deployment configuration is unset part by part, what git never set stays`() throws {
        var scenario = try moved(
            from: [("deploymentConfiguration", ["minimumHealthyPercent": 50])], to: [],
            byHand: { $0["deploymentConfiguration"]?["maximumPercent"] = 300 })
        #expect(
            try scenario.pass().update(try key("web")).input
                == ["deploymentConfiguration": ["minimumHealthyPercent": 100]])
        try scenario.settle()
        #expect(scenario.ecs.services[try key("web")]?["deploymentConfiguration"]?["maximumPercent"]?.integer == 300)
    }

    @Test func `what ECS cannot take back is withheld with what to do`() throws {
        let scenario = try moved(from: [network("subnet-1")], to: [])
        let outcome = try scenario.pass()
        let path = "networkConfiguration.awsvpcConfiguration.subnets"
        #expect(outcome.plan.steps == [])
        #expect(outcome.reasons(try key("web")) == [.cannotBeUnset(members: [path])])
        #expect(try outcome.state(try key("web")) == .withheld(.cannotBeUnset(members: [path])))
    }

    @Test func `a count that git no longer names stays`() throws {
        var scenario = try Scenario.managed()
        try scenario.advance(to: "b")
        try scenario.change(count: nil, [])
        scenario.ecs.services[try key("web")]?["desiredCount"] = 9
        let outcome = try scenario.pass()
        #expect(outcome.plan.changes == [])
        #expect(try outcome.state(try key("web")) == .synced)
    }

    @Test func `a member of a commit that was skipped counts as git's`() throws {
        let scenario = try moved(from: [], to: [], through: [("placementConstraints", [["type": "distinctInstance"]])])
        {
            $0["placementConstraints"] = [["type": "distinctInstance"]]
        }
        // The digest is what it was, but ECS holds what no manifest declares: that is worth a look into git.
        let outcome = try scenario.pass()
        #expect(outcome.asked.contains { if case .versions = $0 { true } else { false } })
        #expect(try outcome.update(try key("web")).input == ["placementConstraints": []])
    }

    @Test func `a launch type that gives way to a strategy is no removal`() throws {
        var scenario = try moved(
            from: [("launchType", "FARGATE")],
            to: [("capacityProviderStrategy", [["capacityProvider": "FARGATE_SPOT"]])])
        #expect(try scenario.pass().reasons(try key("web")) == [])
        scenario.ecs.services[try key("web")]?["launchType"] = nil
        try scenario.settle()
    }

    // MARK: Tags

    @Test func `a tag that git removed is taken off, others stay`() throws {
        let web = try key("web")
        var scenario = try Scenario.managed([("tags", [tag("team", "shop"), tag("tier", "1")])])
        try scenario.advance(to: "b")
        scenario.ecs.setTag(web, "owner", "somebody")
        scenario.ecs.setTag(web, "aws:something", "theirs")
        try scenario.change([("tags", [tag("tier", "1")])])
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["untag default/web"])
        let removal = try #require(outcome.plan.steps.first { $0.id.text == "untag default/web" })
        #expect(removal.action == .untagService(key: web, arn: serviceARN(web), keys: ["team"]))
        // The commit is not called reached while the tag is there: a kill must not make it forgotten.
        #expect(outcome.tags(web)[OwnTag.commit] == nil)
        try scenario.settle()
        let tags = scenario.ecs.services[web]?["tags"]?.elements?.compactMap { $0["key"]?.text } ?? []
        #expect(!tags.contains("team"))
        #expect(Set(tags).isSuperset(of: ["tier", "owner", "aws:something", OwnTag.environment]))
        let commit = scenario.ecs.services[web]?["tags"]?.elements?.first { $0["key"]?.text == OwnTag.commit }
        #expect(commit?["value"]?.text == String(repeating: "b", count: 40))
    }

    @Test func `a check finds a tag that is taken off and was never git's`() throws {
        let web = try key("web")
        var scenario = try Scenario.managed([("tags", [tag("team", "shop")])])
        try scenario.advance(to: "b")
        try scenario.change([])
        scenario.ecs.setTag(web, "owner", "somebody")
        let outcome = try scenario.pass()
        var plan = CheckedPlan(
            plan: outcome.plan, desired: scenario.desired, observed: outcome.observed, policy: scenario.policy)
        for name in ["owner", OwnTag.environment, "aws:x"] {
            try plan.edit("untag default/web") {
                $0.action = .untagService(key: web, arn: serviceARN(web), keys: ["team", name])
            }
            #expect(plan.violations == [.untagsForeign(StepID("untag default/web"), key: name)])
        }
    }

    // MARK: What nobody can know

    @Test func `nothing is unset where the commit is gone, and the plan says so`() throws {
        var scenario = try moved(from: [RemovalTests.balancers], to: [("enableExecuteCommand", true)])
        scenario.ecs.versions = [:]
        let outcome = try scenario.pass()
        #expect(try outcome.update(try key("web")).input == ["enableExecuteCommand": true])
        #expect(outcome.plan.remarks.count == 1)
        #expect(outcome.plan.remarks.first?.kind.sentence.contains("nothing is unset") == true)
        #expect(outcome.plan.steps.flatMap(\.changes).map(\.origin) == [.unknown])
        try scenario.settle()
        #expect(scenario.ecs.services[try key("web")]?["loadBalancers"]?.elements?.count == 1)
        #expect(try scenario.pass().plan.remarks == [])
    }

    @Test func `a repository that cannot be read just now is waited for`() throws {
        var scenario = try moved(from: [RemovalTests.balancers], to: [])
        let commit = try CommitID(String(repeating: "a", count: 40))
        scenario.ecs.unreadable[.versions(try key("web"), since: commit)] = Unreadable(why: "busy", isPassing: true)
        #expect(try scenario.pass().state(try key("web")) == .unknown("busy"))
        #expect(try scenario.pass().plan.steps == [])
    }

    @Test func `a service that lay in another file is found in the whole folder`() throws {
        var scenario = try moved(from: [RemovalTests.balancers], to: [])
        let commit = try CommitID(String(repeating: "a", count: 40))
        scenario.ecs.folders[commit] = scenario.ecs.versions[commit]?.first
        scenario.ecs.versions[commit] = [DesiredState()]
        let outcome = try scenario.pass()
        #expect(outcome.asked.contains(.folder(commit)))
        #expect(try outcome.update(try key("web")).input == ["loadBalancers": []])
    }
}
