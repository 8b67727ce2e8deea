import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// The check finds each kind of violation in a plan that was good until somebody changed it by hand.
@Suite struct PlanCheckTests {
    // MARK: Time

    @Test func `steps come at their time`() throws {
        let (web, old) = (try key("web"), try key("old"))
        var held = try CheckedPlan.good()
        held.observed.holds = [web: held.policy.uptime + .milliseconds(1), old: held.policy.uptime + .seconds(1)]
        #expect(held.violations == [.writtenTooEarly(Steps.tagging), .writtenTooEarly(Steps.update)])
        held.observed.holds = [web: held.policy.uptime]
        #expect(held.violations == [])

        var lagging = try CheckedPlan.good()
        let digest = try #require(Planner.digests(of: lagging.desired)[web])
        func watch(_ deployment: String, _ age: Duration) -> Watch {
            Watch(
                digest: digest, deployment: deployment, revision: nil, previousRevision: nil,
                since: lagging.policy.uptime - age)
        }
        lagging.observed.watches[web] = watch("ecs-svc/9", .seconds(1))
        #expect(lagging.violations == [.writtenTooEarly(Steps.update)])
        lagging.observed.watches[web] = watch("ecs-svc/1", .seconds(1))
        #expect(lagging.violations == [])
        lagging.observed.watches[web] = watch("ecs-svc/9", lagging.policy.readLag)
        #expect(lagging.violations == [])

        var refused = try CheckedPlan.good()
        refused.observed.refusals[web] = Refusal(digest: digest, why: "")
        #expect(refused.violations == [.refusedBefore(Steps.update)])
    }

    @Test func `what ECS rolled back is not tried again`() throws {
        let web = try key("web")
        var plan = try CheckedPlan.good()
        let arn = try revisionARN("web:2")
        plan.plan.steps.removeAll { $0.id == Steps.register }
        try plan.edit("update default/web") {
            $0.after = []
            $0.revision = .existing(arn)
        }
        #expect(plan.violations == [.rejectionNotAsked(Steps.update)])
        func record(_ status: String, _ subnet: String, _ revision: TaskDefinitionARN) -> DeploymentRecord {
            DeploymentRecord(
                described: ["status": .string(status)],
                target: .map([
                    network(subnet), ("taskDefinition", .string(revision.text)), ("serviceRevisionArn", "x"),
                ]))
        }
        for status in ["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"] {
            plan.observed.records[web] = .known([record(status, "subnet-2", arn)])
            #expect(plan.violations == [.rejectedBefore(Steps.update)])
        }
        let others = [
            record("SUCCESSFUL", "subnet-2", arn), record("STOPPED", "subnet-1", arn),
            record("STOPPED", "subnet-2", try revisionARN("web:3")),
        ]
        for other in others {
            plan.observed.records[web] = .known([other])
            #expect(plan.violations == [])
        }
        // A change of the network alone may have been rejected with the revision that runs.
        try plan.edit("update default/web") { $0.revision = nil }
        plan.observed.records[web] = .known([record("STOPPED", "subnet-2", try revisionARN("web:1"))])
        #expect(plan.violations == [.rejectedBefore(Steps.update)])
    }

    // MARK: Accounts of services

    @Test func `every service in scope stands somewhere, once`() throws {
        var plan = try CheckedPlan.good()
        let old = try key("old")
        plan.plan.standings.removeAll { $0.key == old }
        #expect(plan.violations == [.serviceWithoutStanding(old)])
        plan.scope = [try key("web"), try key("api")]
        #expect(plan.violations == [])

        plan = try CheckedPlan.good()
        let first = try #require(plan.plan.standings.first)
        plan.plan.standings.append(first)
        #expect(plan.violations == [.standingTwice(first.key)])

        plan = try CheckedPlan.good()
        let bad = try key("bad")
        plan.desired.badServices = [BadService(key: bad, file: try TreePath("bad.json"), why: "")]
        #expect(plan.violations == [.serviceWithoutStanding(bad)])
    }

    @Test func `standings and steps agree`() throws {
        var plan = try CheckedPlan.good()
        let web = try key("web")
        plan.plan.standings = plan.plan.standings.map {
            $0.key == web ? ServiceStanding(key: web, digest: $0.digest, state: .synced) : $0
        }
        #expect(plan.violations == [.stepAgainstStanding(Steps.update)])

        plan = try CheckedPlan.good()
        plan.plan.steps.removeLast(2)
        #expect(plan.violations == [.changingWithoutStep(web)])
    }

    @Test func `what is withheld has a reason`() throws {
        var plan = try CheckedPlan.good()
        let old = try key("old")
        plan.plan.standings = plan.plan.standings.map {
            $0.key == old ? ServiceStanding(key: old, digest: $0.digest, state: .withheld(.unreadable("denied"))) : $0
        }
        #expect(plan.violations == [.withheldWithoutReason(old)])
        plan.plan.withheld = [Withheld(key: old, reason: .unreadable("denied"))]
        #expect(plan.violations == [])

        plan = try CheckedPlan.good()
        plan.plan.withheld = [Withheld(key: old, reason: .refused(""))]
        #expect(plan.violations == [.withheldWithoutReason(old)])
        plan.plan.withheld = [Withheld(key: try key("stranger"), reason: .observing)]
        #expect(plan.violations == [.withheldWithoutService(try key("stranger"))])
    }

    // MARK: The whole

    @Test func `every violation says in a sentence what is wrong`() throws {
        let (step, key, digest) = (Steps.update, try key("web"), try Digest("v1:" + String(repeating: "0", count: 64)))
        let account = try AccountID(accountText)
        let revision = try Revision("web:1")
        let all: [PlanViolation] = [
            .writesWhileObserving(step), .writesToOtherAccount(step, expected: account, actual: nil),
            .writesToForeignCluster(step, key.cluster), .writesWhilePaused(step, why: ""), .notInGit(step),
            .writesUnresolved(step),
            .changesUnseen(step), .createsOverExisting(step), .ownedByEnvironment(step, "a@b"),
            .ownedByCloudFormation(step, stack: "s"), .notAdopted(step), .notChangeable(step, why: "it drains"),
            .changedBeforeMarked(step), .unmarked(step), .foreignMark(step, "a@b"), .wrongResource(step, arn: "x"),
            .repeatedTag(step, key: "k"), .repeatedStep(step),
            .prerequisiteNotBefore(step, prerequisite: Steps.register),
            .writtenTwice(key), .unregistered(step, digest), .registeredTwice(revision.family),
            .registeredAlready(step, revision), .contentNotFromGit(step), .registeredForNothing(step),
            .wrongRevision(step, nil), .inactiveRevision(step, revision), .tooManyCreations(count: 2, limit: 1),
            .tooManyRollouts(count: 2, window: 1), .startedAfterFailures(step, failures: 3),
            .memberNotUpdatable(step, member: "m"), .valueNotFromGit(step, member: "m"), .countOfDaemon(step),
            .countOfScaled(step), .forceMissing(step, member: "m"), .forcedWithoutWord(step), .emptyUpdate(step),
            .writtenTooEarly(step), .refusedBefore(step), .rejectedBefore(step), .rejectionNotAsked(step),
            .standingTwice(key), .standingWithoutService(key), .serviceWithoutStanding(key), .stepAgainstStanding(step),
            .changingWithoutStep(key), .withheldWithoutReason(key), .withheldWithoutService(key),
        ]
        #expect(all.allSatisfy { $0.sentence.count > 20 && $0.sentence.hasSuffix(".") })
        #expect(Set(all.map(\.sentence)).count == all.count)
    }

    @Test func `five thousand services are checked in no time`() throws {
        var (desired, observed, policy) = (DesiredState(), Observed(), try makePolicy())
        policy.adopt = true
        for index in 0..<5000 {
            let service = try key("s\(index)")
            var ecs = ValueECS()
            desired.taskDefinitions.append(try makeTaskDefinition(service.service.text))
            desired.services.append(try makeService(service))
            let arn = try ecs.register(try makeTaskDefinition(service.service.text).input)
            try ecs.create(service, ["desiredCount": 2], revision: arn)
            ecs.answer(.service(service), into: &observed)
            ecs.answer(.taskDefinition(arn), into: &observed)
        }
        let plan = Planner.plan(desired: desired, observed: observed, policy: policy).plan
        // Each of them is adopted as it is: as many steps as services.
        #expect(plan.steps.count == 5000)
        let duration = ContinuousClock().measure {
            let violations = PlanCheck.violations(of: plan, desired: desired, observed: observed, policy: policy)
            #expect(violations == [])
        }
        // Unoptimised and on a busy machine; a cost that grew with the square would be far beyond it.
        #expect(duration < .seconds(10))
    }
}
