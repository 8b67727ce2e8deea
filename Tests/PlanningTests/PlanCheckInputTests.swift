import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// The check finds each kind of violation in a plan that was good until somebody changed it by hand.
@Suite struct PlanCheckInputTests {
    // MARK: Order

    @Test func `steps stand behind what they wait for`() throws {
        var plan = try CheckedPlan.good()
        plan.plan.steps.swapAt(3, 4)
        let digest = try #require(
            plan.plan.steps.compactMap { step -> Digest? in
                guard case .registerTaskDefinition(let family, let digest, _) = step.action, family.text == "web" else {
                    return nil
                }
                return digest
            }.first)
        #expect(
            plan.violations == [
                .prerequisiteNotBefore(Steps.update, prerequisite: Steps.register), .unregistered(Steps.update, digest),
            ])

        plan = try CheckedPlan.good()
        try plan.edit("update default/web") { $0.after = [] }
        #expect(plan.violations == [.unregistered(Steps.update, digest)])

        plan = try CheckedPlan.good()
        plan.plan.steps.removeAll { $0.id == Steps.register }
        #expect(
            plan.violations
                == [
                    .prerequisiteNotBefore(Steps.update, prerequisite: Steps.register),
                    .unregistered(Steps.update, digest),
                    .wrongRevision(Steps.update, nil),
                ])
    }

    @Test func `a service is written to once`() throws {
        var plan = try CheckedPlan.good()
        let step = try #require(plan.plan.steps.last)
        plan.plan.steps.append(step)
        #expect(plan.violations == [.writtenTwice(try key("web")), .repeatedStep(Steps.update)])
    }

    // MARK: Revisions

    @Test func `a family is registered once`() throws {
        var plan = try CheckedPlan.good()
        var second = EditableStep(plan.plan.steps[3])
        second.id = StepID("register web again")
        plan.plan.steps.insert(second.step, at: 4)
        #expect(plan.violations == [.registeredTwice(try Family("web"))])
    }

    @Test func `known content is not registered`() throws {
        var plan = try CheckedPlan.good()
        let wanted = try #require(plan.desired.taskDefinitions.first { $0.family.text == "web" })
        var ecs = ValueECS()
        try ecs.register(try makeTaskDefinition("web").input)
        let arn = try ecs.register(wanted.input)
        plan.observed.taskDefinitions[arn] = ecs.revision(arn).map { .known($0) }
        #expect(plan.violations == [.registeredAlready(Steps.register, arn.revision)])

        // As the family's newest as well, and not where it can no longer be used.
        plan.observed.taskDefinitions = [:]
        plan.observed.newestRevisions[try Family("web")] = ecs.revision(arn).map { .known($0) }
        #expect(plan.violations == [.registeredAlready(Steps.register, arn.revision)])
        ecs.deregister(arn)
        plan.observed.newestRevisions[try Family("web")] = ecs.revision(arn).map { .known($0) }
        #expect(plan.violations == [])
    }

    @Test func `what is registered is what git says`() throws {
        var plan = try CheckedPlan.good()
        try plan.edit("register web") { $0.input["cpu"] = "256" }
        #expect(plan.violations == [.contentNotFromGit(Steps.register)])

        plan = try CheckedPlan.good()
        let other = try Digest("v1:" + String(repeating: "0", count: 64))
        let input = EditableStep(plan.plan.steps[3]).input
        let family = try Family("web")
        try plan.edit("register web") {
            $0.action = .registerTaskDefinition(family: family, digest: other, input: input)
        }
        #expect(plan.violations.contains(.contentNotFromGit(Steps.register)))
        #expect(plan.violations.contains(.registeredForNothing(Steps.register)))
    }

    @Test func `a service runs a revision of its own family that can be used`() throws {
        var plan = try CheckedPlan.good()
        let api = try revisionARN("api:1")
        plan.plan.steps.removeAll { $0.id == Steps.register }
        try plan.edit("update default/web") {
            $0.after = []
            $0.revision = .existing(api)
        }
        plan.observed.records[try key("web")] = .known([])
        #expect(plan.violations == [.wrongRevision(Steps.update, api.revision)])

        let web = try revisionARN("web:9")
        var ecs = ValueECS()
        try ecs.register(try makeTaskDefinition("web").input)
        ecs.deregister(try revisionARN("web:1"))
        let inactive = try #require(ecs.revision(try revisionARN("web:1")))
        plan.observed.taskDefinitions[web] = .known(
            ObservedTaskDefinition(arn: web, described: inactive.described, tags: []))
        try plan.edit("update default/web") { $0.revision = .existing(web) }
        #expect(plan.violations == [.inactiveRevision(Steps.update, web.revision)])

        plan = try CheckedPlan.good()
        plan.plan.steps.removeAll { $0.id.text == "register api" }
        try plan.edit("create default/api") {
            $0.after = []
            $0.revision = nil
        }
        #expect(plan.violations == [.wrongRevision(Steps.create, nil)])
    }

    // MARK: Bounds

    @Test func `bounds are kept`() throws {
        var plan = try CheckedPlan.good()
        plan.policy.maximumCreations = 0
        #expect(plan.violations == [.tooManyCreations(count: 1, limit: 0)])

        plan = try CheckedPlan.good()
        plan.policy.completedRollouts = 1
        #expect(plan.violations == [])
        plan.policy.completedRollouts = 0
        #expect(plan.violations == [.tooManyRollouts(count: 2, window: 1)])
        plan.policy.completedRollouts = 1
        plan.policy.otherInFlight = 1
        #expect(plan.violations == [.tooManyRollouts(count: 3, window: 2)])

        plan = try CheckedPlan.good()
        plan.policy.failures = try (0..<plan.policy.maximumFailures).map { try key("failed\($0)") }
        #expect(
            plan.violations
                == [
                    .startedAfterFailures(Steps.create, failures: 3), .startedAfterFailures(Steps.update, failures: 3),
                    .tooManyRollouts(count: 2, window: 1),
                ])
    }

    @Test func `rollouts under way count, and taking one over does not`() throws {
        var plan = try CheckedPlan.good()
        plan.policy.completedRollouts = 1
        let old = try key("old")
        plan.plan.standings = plan.plan.standings.map { standing in
            standing.key != old
                ? standing : ServiceStanding(key: old, digest: standing.digest, state: .rolling(progress: ""))
        }
        #expect(plan.violations == [.tooManyRollouts(count: 3, window: 2)])

        // Two are under way, of which one is taken over: there is no room for a creation.
        try plan.live(try key("web")) {
            var primary = $0["deployments"]?[0] ?? .null
            primary["rolloutState"] = "IN_PROGRESS"
            $0["deployments"] = [primary]
        }
        #expect(plan.violations == [.tooManyRollouts(count: 3, window: 2)])
        plan.plan.steps.removeAll { $0.id.text.hasSuffix("api") }
        #expect(plan.violations == [.changingWithoutStep(try key("api"))])
    }

    // MARK: Input

    @Test(arguments: [
        "launchType", "role", "serviceName", "cluster", "service", "taskDefinition", "clientToken", "tags",
    ])
    func `an update carries members of its own only`(member: String) throws {
        var plan = try CheckedPlan.good()
        try plan.edit("update default/web") { $0.input[member] = "x" }
        #expect(plan.violations == [.memberNotUpdatable(Steps.update, member: member)])
    }

    @Test func `values come from git`() throws {
        var plan = try CheckedPlan.good()
        try plan.edit("update default/web") { $0.input["healthCheckGracePeriodSeconds"] = 9 }
        #expect(plan.violations == [.valueNotFromGit(Steps.update, member: "healthCheckGracePeriodSeconds")])
        // What git no longer says is taken back by what ECS has where nobody said anything; what it never said is not.
        try plan.edit("update default/web") { $0.input["healthCheckGracePeriodSeconds"] = 0 }
        #expect(plan.violations == [.valueNotFromGit(Steps.update, member: "healthCheckGracePeriodSeconds")])
        let web = try key("web")
        let before = try makeService(web, [("healthCheckGracePeriodSeconds", 9)])
        plan.observed.versions[web] = ServiceVersions(
            since: plan.policy.commit, reading: .known([ServiceVersion(service: before, taskDefinition: nil)]))
        #expect(plan.violations == [])
        try plan.edit("update default/web") { $0.input["novelty"] = 9 }
        #expect(plan.violations == [.valueNotFromGit(Steps.update, member: "novelty")])

        plan = try CheckedPlan.good()
        try plan.edit("create default/api") {
            $0.input["desiredCount"] = nil
            $0.input["propagateTags"] = "SERVICE"
            $0.input["taskDefinition"] = "api"
        }
        #expect(
            plan.violations
                == ["propagateTags", "taskDefinition", "desiredCount"].map {
                    .valueNotFromGit(Steps.create, member: $0)
                })

        plan = try CheckedPlan.good()
        let (old, arn) = (try key("old"), serviceARN(try key("old")))
        try plan.edit("tag default/old") { $0.action = .tagService(key: old, arn: arn, tags: [Tag("team", "x")]) }
        #expect(plan.violations == [.valueNotFromGit(Steps.tagging, member: "tags[team]")])
    }

    @Test func `a count is sent where nothing else moves it`() throws {
        let web = try key("web")
        var plan = try CheckedPlan.good()
        try plan.edit("update default/web") { $0.input["desiredCount"] = 2 }
        for reading in [
            nil, .known(ScalableBand(minimum: 1, maximum: 2)), .unreadable(Unreadable(why: "", isPassing: true)),
        ]
            as [Reading<ScalableBand>?]
        {
            plan.observed.scalableTargets[web] = reading
            #expect(plan.violations == [.countOfScaled(Steps.update)])
        }
        plan.observed.scalableTargets[web] = .missing
        #expect(plan.violations == [])
        try plan.live(web) { $0["schedulingStrategy"] = "DAEMON" }
        #expect(plan.violations == [.countOfDaemon(Steps.update)])

        plan = try CheckedPlan.good()
        plan.desired.services = try plan.desired.services.map {
            $0.key.service.text == "api" ? try makeService($0.key, [("schedulingStrategy", "DAEMON")]) : $0
        }
        try plan.edit("create default/api") { $0.input["schedulingStrategy"] = "DAEMON" }
        #expect(plan.violations == [.countOfDaemon(Steps.create)])
    }

    @Test func `force is used where ECS or the manifest asks for it`() throws {
        let strategy: (String, Value) = ("capacityProviderStrategy", [["capacityProvider": "FARGATE"]])
        var plan = try CheckedPlan.good()
        plan.desired.services = try plan.desired.services.map {
            $0.key.service.text == "web" ? try makeService($0.key, [network("subnet-2"), strategy]) : $0
        }
        try plan.edit("update default/web") { $0.input[strategy.0] = strategy.1 }
        #expect(plan.violations == [.forceMissing(Steps.update, member: strategy.0)])
        try plan.edit("update default/web") { $0.input["forceNewDeployment"] = true }
        #expect(plan.violations == [])
        try plan.edit("update default/web") { $0.input[strategy.0] = nil }
        #expect(plan.violations == [.forcedWithoutWord(Steps.update)])
        plan.setOptions(try key("web"), MooringOptions(redeploy: "token"))
        #expect(plan.violations == [])
    }

    @Test func `an update changes something`() throws {
        var plan = try CheckedPlan.good()
        plan.plan.steps.removeAll { $0.id == Steps.register }
        try plan.edit("update default/web") {
            $0.after = []
            $0.input = .map([])
            $0.revision = nil
        }
        #expect(plan.violations == [.emptyUpdate(Steps.update)])
    }
}
