import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// The check finds each kind of violation in a plan that was good until somebody changed it by hand.
@Suite struct PlanCheckPermissionTests {
    @Test func `a good plan violates nothing`() throws {
        #expect(try CheckedPlan.good().violations == [])
    }

    // MARK: Whether anything may be written

    @Test func `every step counts where nothing may be written`() throws {
        var observing = try CheckedPlan.good()
        observing.policy.act = false
        #expect(observing.violations == Steps.all.map(PlanViolation.writesWhileObserving))

        var paused = try CheckedPlan.good()
        paused.policy.holds = [pause("on call")]
        #expect(paused.violations == Steps.all.map { .writesWhilePaused($0, why: "pause: on call") })

        var pausedInGit = try CheckedPlan.good()
        pausedInGit.desired.settings.pause = "in git"
        #expect(pausedInGit.violations == Steps.all.map { .writesWhilePaused($0, why: "in git") })

        var frozen = try CheckedPlan.good()
        frozen.policy.holds = [freeze(until: frozen.policy.wall + .seconds(1), "sale")]
        #expect(frozen.violations == Steps.all.map { .writesWhilePaused($0, why: "freeze: sale") })
    }

    @Test func `the account must be verified and the right one`() throws {
        var plan = try CheckedPlan.good()
        let expected = plan.policy.account
        for actual in [try AccountID("999999999999"), nil] {
            plan.policy.callerAccount = actual
            #expect(
                plan.violations == Steps.all.map { .writesToOtherAccount($0, expected: expected, actual: actual) })
        }
    }

    @Test func `clusters, pauses and git are asked for each service`() throws {
        var foreign = try CheckedPlan.good()
        foreign.policy.clusters = [try ClusterName("other")]
        #expect(
            foreign.violations
                == [Steps.create, Steps.tagging, Steps.update].map { .writesToForeignCluster($0, ClusterName.standard) }
        )

        var paused = try CheckedPlan.good()
        paused.setOptions(try key("web"), MooringOptions(pause: "by hand"))
        #expect(paused.violations == [.writesWhilePaused(Steps.update, why: "by hand")])

        var unresolved = try CheckedPlan.good()
        unresolved.desired.services = unresolved.desired.services.map { service in
            DesiredService(
                key: service.key, input: service.input, taskDefinition: service.taskDefinition,
                options: service.options, files: service.files,
                unresolved: service.key.service.text == "web" ? "not read yet" : nil)
        }
        #expect(unresolved.violations == [.writesUnresolved(Steps.update)])

        var gone = try CheckedPlan.good()
        gone.desired.services.removeAll { $0.key.service.text == "old" }
        #expect(gone.violations == [.notInGit(Steps.tagging), .standingWithoutService(try key("old"))])

        var familyGone = try CheckedPlan.good()
        familyGone.desired.taskDefinitions.removeAll { $0.family.text == "web" }
        #expect(familyGone.violations == [.notInGit(Steps.register)])
    }

    // MARK: Whose it is

    @Test func `existence must have been seen`() throws {
        let (web, api) = (try key("web"), try key("api"))
        for reading in [nil, .missing, .unreadable(Unreadable(why: "", isPassing: true))]
            as [Reading<ObservedService>?]
        {
            var plan = try CheckedPlan.good()
            plan.observed.services[web] = reading
            #expect(plan.violations.contains(.changesUnseen(Steps.update)))
            plan = try CheckedPlan.good()
            plan.observed.services[api] = reading
            #expect(plan.violations == (reading == .missing ? [] : [.createsOverExisting(Steps.create)]))
        }
    }

    @Test func `services of others are found out by their tags`() throws {
        let web = try key("web")
        var other = try CheckedPlan.good()
        try other.live(web) { $0["tags"] = [tag(OwnTag.environment, "production@other")] }
        #expect(other.violations == [.ownedByEnvironment(Steps.update, "production@other")])

        var stack = try CheckedPlan.good()
        try stack.tagLive(web, "aws:cloudformation:stack-name", "shop")
        #expect(stack.violations == [.ownedByCloudFormation(Steps.update, stack: "shop")])
        stack.setOptions(web, MooringOptions(shared: true))
        #expect(stack.violations == [])

        var unowned = try CheckedPlan.good()
        try unowned.live(web) { $0["tags"] = nil }
        #expect(unowned.violations == [.notAdopted(Steps.update), .changedBeforeMarked(Steps.update)])
        unowned.setOptions(web, MooringOptions(adopt: true))
        #expect(unowned.violations == [.changedBeforeMarked(Steps.update)])
        unowned.setOptions(web, MooringOptions())
        unowned.desired.settings.adopt = true
        #expect(unowned.violations == [.changedBeforeMarked(Steps.update)])
    }

    @Test func `services that nobody may change are left alone`() throws {
        let web = try key("web")
        let changes: [(String, Value)] = [
            ("status", "DRAINING"), ("resourceManagementType", "ECS"),
            ("deploymentController", ["type": "CODE_DEPLOY"]), ("serviceArn", .string("\(arnPrefix)service/web")),
        ]
        for (member, value) in changes {
            var plan = try CheckedPlan.good()
            try plan.live(web) { $0[member] = value }
            #expect(plan.violations.count == 1)
            guard case .notChangeable(Steps.update, _) = try #require(plan.violations.first) else {
                throw Scenario.Unexpected()
            }
        }
    }

    @Test func `what is made carries our mark and no other`() throws {
        var unmarked = try CheckedPlan.good()
        try unmarked.edit("create default/api") { $0.input["tags"] = nil }
        try unmarked.edit("register web") { $0.input["tags"] = [] }
        #expect(unmarked.violations == [.unmarked(Steps.create), .unmarked(Steps.register)])

        var foreign = try CheckedPlan.good()
        let marks: Value = [tag(OwnTag.environment, "a@b"), tag(OwnTag.environment, identityText)]
        try foreign.edit("create default/api") { $0.input["tags"] = marks }
        #expect(
            foreign.violations
                == [.repeatedTag(Steps.create, key: OwnTag.environment), .foreignMark(Steps.create, "a@b")])

        var wrong = try CheckedPlan.good()
        let old = try key("old")
        try wrong.edit("tag default/old") {
            $0.action = .tagService(key: old, arn: "arn:other", tags: [Tag(OwnTag.environment, identityText)])
        }
        #expect(wrong.violations == [.wrongResource(Steps.tagging, arn: "arn:other")])
    }
}
