import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// The check finds each kind of violation in a plan that was good until somebody changed it by hand.
@Suite struct PlanCheckTests {
    /// A plan with all it was made from.
    struct Case {
        var plan: Plan
        var desired: DesiredState
        var observed: Observed
        var policy: PlanningPolicy
        var scope: Set<ServiceKey>?

        var violations: [PlanViolation] {
            PlanCheck.violations(of: plan, desired: desired, scope: scope, observed: observed, policy: policy)
        }

        mutating func edit(_ id: String, _ change: (inout EditableStep) throws -> Void) throws {
            let index = try #require(plan.steps.firstIndex { $0.id.text == id })
            var editable = EditableStep(plan.steps[index])
            try change(&editable)
            plan.steps[index] = editable.step
        }

        mutating func live(_ key: ServiceKey, _ change: (inout Value) -> Void) throws {
            guard case .known(let service) = observed.services[key] else { throw Scenario.Unexpected() }
            var described = service.described
            change(&described)
            observed.services[key] = .known(ObservedService(key: key, described: described))
        }

        mutating func tagLive(_ key: ServiceKey, _ name: String, _ value: String) throws {
            try live(key) { $0["tags"] = .list(($0["tags"]?.elements ?? []) + [tag(name, value)]) }
        }

        mutating func setOptions(_ key: ServiceKey, _ options: MooringOptions) {
            desired.services = desired.services.map { old in
                old.key != key
                    ? old
                    : DesiredService(
                        key: old.key, input: old.input, taskDefinition: old.taskDefinition, options: options,
                        files: old.files)
            }
        }
    }

    struct EditableStep {
        var id: StepID
        var action: Step.Action
        var after: [StepID]
        private let reason: String
        private let changes: [MemberChange]

        init(_ step: Step) {
            (id, action, after, reason, changes) = (step.id, step.action, step.after, step.reason, step.changes)
        }

        var step: Step { Step(id: id, action: action, reason: reason, changes: changes, after: after) }

        /// The input of a registration, a creation or an update.
        var input: Value {
            get {
                switch action {
                case .registerTaskDefinition(_, _, let input), .createService(_, let input, _),
                    .updateService(_, let input, _):
                    input
                case .tagService: .null
                }
            }
            set {
                switch action {
                case .registerTaskDefinition(let family, let digest, _):
                    action = .registerTaskDefinition(family: family, digest: digest, input: newValue)
                case .createService(let key, _, let revision):
                    action = .createService(key: key, input: newValue, revision: revision)
                case .updateService(let key, _, let revision):
                    action = .updateService(key: key, input: newValue, revision: revision)
                case .tagService: break
                }
            }
        }

        var revision: RevisionReference? {
            get { nil }
            set {
                switch action {
                case .createService(let key, let input, _):
                    action = .createService(key: key, input: input, revision: newValue)
                case .updateService(let key, let input, _):
                    action = .updateService(key: key, input: input, revision: newValue)
                case .registerTaskDefinition, .tagService: break
                }
            }
        }
    }

    /// Creates `api`, updates `web` to a new revision and network, tags `old`, which is what git says.
    private func good() throws -> Case {
        var scenario = try Scenario.managed([network("subnet-1")])
        let old = try key("old")
        scenario.desired.taskDefinitions.append(try makeTaskDefinition("old"))
        scenario.desired.services.append(try makeService(old))
        try scenario.settle()
        scenario.ecs.removeTag(old, OwnTag.digest)
        scenario.desired.taskDefinitions.append(try makeTaskDefinition("api"))
        scenario.desired.services.append(try makeService(try key("api")))
        try scenario.change(image: "shop:2")
        try scenario.change([network("subnet-2")])
        let outcome = try scenario.pass()
        #expect(
            outcome.steps
                == ["register api", "create default/api", "tag default/old", "register web", "update default/web"])
        return Case(
            plan: outcome.plan, desired: scenario.desired, observed: outcome.observed, policy: scenario.policy)
    }

    private let steps = ["register api", "create default/api", "tag default/old", "register web", "update default/web"]
        .map(StepID.init)
    private let register = StepID("register web")
    private let create = StepID("create default/api")
    private let tagging = StepID("tag default/old")
    private let update = StepID("update default/web")

    @Test func `a good plan violates nothing`() throws {
        #expect(try good().violations == [])
    }

    // MARK: Whether anything may be written

    @Test func `every step counts where nothing may be written`() throws {
        var observing = try good()
        observing.policy.act = false
        #expect(observing.violations == steps.map(PlanViolation.writesWhileObserving))

        var paused = try good()
        paused.policy.pause = "on call"
        #expect(paused.violations == steps.map { .writesWhilePaused($0, why: "on call") })

        var pausedInGit = try good()
        pausedInGit.desired.settings.pause = "in git"
        #expect(pausedInGit.violations == steps.map { .writesWhilePaused($0, why: "in git") })

        var frozen = try good()
        frozen.policy.freeze = [FreezeWindow(from: nil, until: frozen.policy.wall + .seconds(1), reason: "sale")]
        #expect(frozen.violations == steps.map { .writesWhilePaused($0, why: "frozen: sale") })
    }

    @Test func `the account must be verified and the right one`() throws {
        var plan = try good()
        let expected = plan.policy.account
        for actual in [try AccountID("999999999999"), nil] {
            plan.policy.callerAccount = actual
            #expect(
                plan.violations == steps.map { .writesToOtherAccount($0, expected: expected, actual: actual) })
        }
    }

    @Test func `clusters, pauses and git are asked for each service`() throws {
        var foreign = try good()
        foreign.policy.clusters = [try ClusterName("other")]
        #expect(
            foreign.violations
                == [create, tagging, update].map { .writesToForeignCluster($0, ClusterName.standard) })

        var paused = try good()
        paused.setOptions(try key("web"), MooringOptions(pause: "by hand"))
        #expect(paused.violations == [.writesWhilePaused(update, why: "by hand")])

        var gone = try good()
        gone.desired.services.removeAll { $0.key.service.text == "old" }
        #expect(gone.violations == [.notInGit(tagging), .standingWithoutService(try key("old"))])

        var familyGone = try good()
        familyGone.desired.taskDefinitions.removeAll { $0.family.text == "web" }
        #expect(familyGone.violations == [.notInGit(register)])
    }

    // MARK: Whose it is

    @Test func `existence must have been seen`() throws {
        let (web, api) = (try key("web"), try key("api"))
        for reading in [nil, .missing, .unreadable(Unreadable(why: "", isPassing: true))]
            as [Reading<ObservedService>?]
        {
            var plan = try good()
            plan.observed.services[web] = reading
            #expect(plan.violations.contains(.changesUnseen(update)))
            plan = try good()
            plan.observed.services[api] = reading
            #expect(plan.violations == (reading == .missing ? [] : [.createsOverExisting(create)]))
        }
    }

    @Test func `services of others are found out by their tags`() throws {
        let web = try key("web")
        var other = try good()
        try other.live(web) { $0["tags"] = [tag(OwnTag.environment, "production@other")] }
        #expect(other.violations == [.ownedByEnvironment(update, "production@other")])

        var stack = try good()
        try stack.tagLive(web, "aws:cloudformation:stack-name", "shop")
        #expect(stack.violations == [.ownedByCloudFormation(update, stack: "shop")])
        stack.setOptions(web, MooringOptions(shared: true))
        #expect(stack.violations == [])

        var unowned = try good()
        try unowned.live(web) { $0["tags"] = nil }
        #expect(unowned.violations == [.notAdopted(update), .changedBeforeMarked(update)])
        unowned.setOptions(web, MooringOptions(adopt: true))
        #expect(unowned.violations == [.changedBeforeMarked(update)])
        unowned.setOptions(web, MooringOptions())
        unowned.desired.settings.adopt = true
        #expect(unowned.violations == [.changedBeforeMarked(update)])
    }

    @Test func `services that nobody may change are left alone`() throws {
        let web = try key("web")
        let changes: [(String, Value)] = [
            ("status", "DRAINING"), ("resourceManagementType", "ECS"),
            ("deploymentController", ["type": "CODE_DEPLOY"]), ("serviceArn", .string("\(arnPrefix)service/web")),
        ]
        for (member, value) in changes {
            var plan = try good()
            try plan.live(web) { $0[member] = value }
            #expect(plan.violations.count == 1)
            guard case .notChangeable(update, _) = try #require(plan.violations.first) else {
                throw Scenario.Unexpected()
            }
        }
    }

    @Test func `what is made carries our mark and no other`() throws {
        var unmarked = try good()
        try unmarked.edit("create default/api") { $0.input["tags"] = nil }
        try unmarked.edit("register web") { $0.input["tags"] = [] }
        #expect(unmarked.violations == [.unmarked(create), .unmarked(register)])

        var foreign = try good()
        let marks: Value = [tag(OwnTag.environment, "a@b"), tag(OwnTag.environment, identityText)]
        try foreign.edit("create default/api") { $0.input["tags"] = marks }
        #expect(
            foreign.violations
                == [.repeatedTag(create, key: OwnTag.environment), .foreignMark(create, "a@b")])

        var wrong = try good()
        let old = try key("old")
        try wrong.edit("tag default/old") {
            $0.action = .tagService(key: old, arn: "arn:other", tags: [Tag(OwnTag.environment, identityText)])
        }
        #expect(wrong.violations == [.wrongResource(tagging, arn: "arn:other")])
    }

    // MARK: Order

    @Test func `steps stand behind what they wait for`() throws {
        var plan = try good()
        plan.plan.steps.swapAt(3, 4)
        let digest = try #require(
            plan.plan.steps.compactMap { step -> Digest? in
                guard case .registerTaskDefinition(let family, let digest, _) = step.action, family.text == "web" else {
                    return nil
                }
                return digest
            }.first)
        #expect(
            plan.violations == [.prerequisiteNotBefore(update, prerequisite: register), .unregistered(update, digest)])

        plan = try good()
        try plan.edit("update default/web") { $0.after = [] }
        #expect(plan.violations == [.unregistered(update, digest)])

        plan = try good()
        plan.plan.steps.removeAll { $0.id == register }
        #expect(
            plan.violations
                == [
                    .prerequisiteNotBefore(update, prerequisite: register), .unregistered(update, digest),
                    .wrongRevision(update, nil),
                ])
    }

    @Test func `a service is written to once`() throws {
        var plan = try good()
        let step = try #require(plan.plan.steps.last)
        plan.plan.steps.append(step)
        #expect(plan.violations == [.writtenTwice(try key("web")), .repeatedStep(update)])
    }

    // MARK: Revisions

    @Test func `a family is registered once`() throws {
        var plan = try good()
        var second = EditableStep(plan.plan.steps[3])
        second.id = StepID("register web again")
        plan.plan.steps.insert(second.step, at: 4)
        #expect(plan.violations == [.registeredTwice(try Family("web"))])
    }

    @Test func `known content is not registered`() throws {
        var plan = try good()
        let wanted = try #require(plan.desired.taskDefinitions.first { $0.family.text == "web" })
        var ecs = ValueECS()
        try ecs.register(try makeTaskDefinition("web").input)
        let arn = try ecs.register(wanted.input)
        plan.observed.taskDefinitions[arn] = ecs.revision(arn).map { .known($0) }
        #expect(plan.violations == [.registeredAlready(register, arn.revision)])

        // As the family's newest as well, and not where it can no longer be used.
        plan.observed.taskDefinitions = [:]
        plan.observed.newestRevisions[try Family("web")] = ecs.revision(arn).map { .known($0) }
        #expect(plan.violations == [.registeredAlready(register, arn.revision)])
        ecs.deregister(arn)
        plan.observed.newestRevisions[try Family("web")] = ecs.revision(arn).map { .known($0) }
        #expect(plan.violations == [])
    }

    @Test func `what is registered is what git says`() throws {
        var plan = try good()
        try plan.edit("register web") { $0.input["cpu"] = "256" }
        #expect(plan.violations == [.contentNotFromGit(register)])

        plan = try good()
        let other = try Digest("v1:" + String(repeating: "0", count: 64))
        let input = EditableStep(plan.plan.steps[3]).input
        let family = try Family("web")
        try plan.edit("register web") {
            $0.action = .registerTaskDefinition(family: family, digest: other, input: input)
        }
        #expect(plan.violations.contains(.contentNotFromGit(register)))
        #expect(plan.violations.contains(.registeredForNothing(register)))
    }

    @Test func `a service runs a revision of its own family that can be used`() throws {
        var plan = try good()
        let api = try revisionARN("api:1")
        plan.plan.steps.removeAll { $0.id == register }
        try plan.edit("update default/web") {
            $0.after = []
            $0.revision = .existing(api)
        }
        plan.observed.records[try key("web")] = .known([])
        #expect(plan.violations == [.wrongRevision(update, api.revision)])

        let web = try revisionARN("web:9")
        var ecs = ValueECS()
        try ecs.register(try makeTaskDefinition("web").input)
        ecs.deregister(try revisionARN("web:1"))
        let inactive = try #require(ecs.revision(try revisionARN("web:1")))
        plan.observed.taskDefinitions[web] = .known(
            ObservedTaskDefinition(arn: web, described: inactive.described, tags: []))
        try plan.edit("update default/web") { $0.revision = .existing(web) }
        #expect(plan.violations == [.inactiveRevision(update, web.revision)])

        plan = try good()
        plan.plan.steps.removeAll { $0.id.text == "register api" }
        try plan.edit("create default/api") {
            $0.after = []
            $0.revision = nil
        }
        #expect(plan.violations == [.wrongRevision(create, nil)])
    }

    // MARK: Bounds

    @Test func `bounds are kept`() throws {
        var plan = try good()
        plan.policy.maximumCreations = 0
        #expect(plan.violations == [.tooManyCreations(count: 1, limit: 0)])

        plan = try good()
        plan.policy.completedRollouts = 1
        #expect(plan.violations == [])
        plan.policy.completedRollouts = 0
        #expect(plan.violations == [.tooManyRollouts(count: 2, window: 1)])
        plan.policy.completedRollouts = 1
        plan.policy.otherInFlight = 1
        #expect(plan.violations == [.tooManyRollouts(count: 3, window: 2)])

        plan = try good()
        plan.policy.earlierFailures = plan.policy.maximumFailures
        #expect(
            plan.violations
                == [
                    .startedAfterFailures(create, failures: 3), .startedAfterFailures(update, failures: 3),
                ])
    }

    @Test func `rollouts under way count, and taking one over does not`() throws {
        var plan = try good()
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
        var plan = try good()
        try plan.edit("update default/web") { $0.input[member] = "x" }
        #expect(plan.violations == [.memberNotUpdatable(update, member: member)])
    }

    @Test func `values come from git`() throws {
        var plan = try good()
        try plan.edit("update default/web") { $0.input["healthCheckGracePeriodSeconds"] = 9 }
        #expect(plan.violations == [.valueNotFromGit(update, member: "healthCheckGracePeriodSeconds")])
        // What git no longer says is taken back by what ECS has where nobody said anything.
        try plan.edit("update default/web") { $0.input["healthCheckGracePeriodSeconds"] = 0 }
        #expect(plan.violations == [])
        try plan.edit("update default/web") { $0.input["novelty"] = 9 }
        #expect(plan.violations == [.valueNotFromGit(update, member: "novelty")])

        plan = try good()
        try plan.edit("create default/api") {
            $0.input["desiredCount"] = nil
            $0.input["propagateTags"] = "SERVICE"
            $0.input["taskDefinition"] = "api"
        }
        #expect(
            plan.violations
                == ["propagateTags", "taskDefinition", "desiredCount"].map {
                    .valueNotFromGit(create, member: $0)
                })

        plan = try good()
        let (old, arn) = (try key("old"), serviceARN(try key("old")))
        try plan.edit("tag default/old") { $0.action = .tagService(key: old, arn: arn, tags: [Tag("team", "x")]) }
        #expect(plan.violations == [.valueNotFromGit(tagging, member: "tags[team]")])
    }

    @Test func `a count is sent where nothing else moves it`() throws {
        let web = try key("web")
        var plan = try good()
        try plan.edit("update default/web") { $0.input["desiredCount"] = 2 }
        for reading in [
            nil, .known(ScalableBand(minimum: 1, maximum: 2)), .unreadable(Unreadable(why: "", isPassing: true)),
        ]
            as [Reading<ScalableBand>?]
        {
            plan.observed.scalableTargets[web] = reading
            #expect(plan.violations == [.countOfScaled(update)])
        }
        plan.observed.scalableTargets[web] = .missing
        #expect(plan.violations == [])
        try plan.live(web) { $0["schedulingStrategy"] = "DAEMON" }
        #expect(plan.violations == [.countOfDaemon(update)])

        plan = try good()
        plan.desired.services = try plan.desired.services.map {
            $0.key.service.text == "api" ? try makeService($0.key, [("schedulingStrategy", "DAEMON")]) : $0
        }
        try plan.edit("create default/api") { $0.input["schedulingStrategy"] = "DAEMON" }
        #expect(plan.violations == [.countOfDaemon(create)])
    }

    @Test func `force is used where ECS or the manifest asks for it`() throws {
        let strategy: (String, Value) = ("capacityProviderStrategy", [["capacityProvider": "FARGATE"]])
        var plan = try good()
        plan.desired.services = try plan.desired.services.map {
            $0.key.service.text == "web" ? try makeService($0.key, [network("subnet-2"), strategy]) : $0
        }
        try plan.edit("update default/web") { $0.input[strategy.0] = strategy.1 }
        #expect(plan.violations == [.forceMissing(update, member: strategy.0)])
        try plan.edit("update default/web") { $0.input["forceNewDeployment"] = true }
        #expect(plan.violations == [])
        try plan.edit("update default/web") { $0.input[strategy.0] = nil }
        #expect(plan.violations == [.forcedWithoutWord(update)])
        plan.setOptions(try key("web"), MooringOptions(redeploy: "token"))
        #expect(plan.violations == [])
    }

    @Test func `an update changes something`() throws {
        var plan = try good()
        plan.plan.steps.removeAll { $0.id == register }
        try plan.edit("update default/web") {
            $0.after = []
            $0.input = .map([])
            $0.revision = nil
        }
        #expect(plan.violations == [.emptyUpdate(update)])
    }

    // MARK: Time

    @Test func `steps come at their time`() throws {
        let (web, old) = (try key("web"), try key("old"))
        var held = try good()
        held.observed.holds = [web: held.policy.uptime + .milliseconds(1), old: held.policy.uptime + .seconds(1)]
        #expect(held.violations == [.writtenTooEarly(tagging), .writtenTooEarly(update)])
        held.observed.holds = [web: held.policy.uptime]
        #expect(held.violations == [])

        var lagging = try good()
        let digest = try #require(Planner.digests(of: lagging.desired)[web])
        func watch(_ deployment: String, _ age: Duration) -> Watch {
            Watch(
                digest: digest, deployment: deployment, revision: nil, previousRevision: nil,
                since: lagging.policy.uptime - age)
        }
        lagging.observed.watches[web] = watch("ecs-svc/9", .seconds(1))
        #expect(lagging.violations == [.writtenTooEarly(update)])
        lagging.observed.watches[web] = watch("ecs-svc/1", .seconds(1))
        #expect(lagging.violations == [])
        lagging.observed.watches[web] = watch("ecs-svc/9", lagging.policy.readLag)
        #expect(lagging.violations == [])

        var refused = try good()
        refused.observed.refusals[web] = Refusal(digest: digest, why: "")
        #expect(refused.violations == [.refusedBefore(update)])
    }

    @Test func `what ECS rolled back is not tried again`() throws {
        let web = try key("web")
        var plan = try good()
        let arn = try revisionARN("web:2")
        plan.plan.steps.removeAll { $0.id == register }
        try plan.edit("update default/web") {
            $0.after = []
            $0.revision = .existing(arn)
        }
        #expect(plan.violations == [.rejectionNotAsked(update)])
        func record(_ status: String, _ subnet: String, _ revision: TaskDefinitionARN) -> DeploymentRecord {
            DeploymentRecord(
                described: ["status": .string(status)],
                target: .map([
                    network(subnet), ("taskDefinition", .string(revision.text)), ("serviceRevisionArn", "x"),
                ]))
        }
        for status in ["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"] {
            plan.observed.records[web] = .known([record(status, "subnet-2", arn)])
            #expect(plan.violations == [.rejectedBefore(update)])
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
        #expect(plan.violations == [.rejectedBefore(update)])
    }

    // MARK: Accounts of services

    @Test func `every service in scope stands somewhere, once`() throws {
        var plan = try good()
        let old = try key("old")
        plan.plan.standings.removeAll { $0.key == old }
        #expect(plan.violations == [.serviceWithoutStanding(old)])
        plan.scope = [try key("web"), try key("api")]
        #expect(plan.violations == [])

        plan = try good()
        let first = try #require(plan.plan.standings.first)
        plan.plan.standings.append(first)
        #expect(plan.violations == [.standingTwice(first.key)])

        plan = try good()
        let bad = try key("bad")
        plan.desired.badServices = [BadService(key: bad, file: try TreePath("bad.json"), why: "")]
        #expect(plan.violations == [.serviceWithoutStanding(bad)])
    }

    @Test func `standings and steps agree`() throws {
        var plan = try good()
        let web = try key("web")
        plan.plan.standings = plan.plan.standings.map {
            $0.key == web ? ServiceStanding(key: web, digest: $0.digest, state: .synced) : $0
        }
        #expect(plan.violations == [.stepAgainstStanding(update)])

        plan = try good()
        plan.plan.steps.removeLast(2)
        #expect(plan.violations == [.changingWithoutStep(web)])
    }

    @Test func `what is withheld has a reason`() throws {
        var plan = try good()
        let old = try key("old")
        plan.plan.standings = plan.plan.standings.map {
            $0.key == old ? ServiceStanding(key: old, digest: $0.digest, state: .withheld(.unreadable("denied"))) : $0
        }
        #expect(plan.violations == [.withheldWithoutReason(old)])
        plan.plan.withheld = [Withheld(key: old, reason: .unreadable("denied"))]
        #expect(plan.violations == [])

        plan = try good()
        plan.plan.withheld = [Withheld(key: old, reason: .refused(""))]
        #expect(plan.violations == [.withheldWithoutReason(old)])
        plan.plan.withheld = [Withheld(key: try key("stranger"), reason: .observing)]
        #expect(plan.violations == [.withheldWithoutService(try key("stranger"))])
    }

    // MARK: The whole

    @Test func `every violation says in a sentence what is wrong`() throws {
        let (step, key, digest) = (update, try key("web"), try Digest("v1:" + String(repeating: "0", count: 64)))
        let account = try AccountID(accountText)
        let revision = try Revision("web:1")
        let all: [PlanViolation] = [
            .writesWhileObserving(step), .writesToOtherAccount(step, expected: account, actual: nil),
            .writesToForeignCluster(step, key.cluster), .writesWhilePaused(step, why: ""), .notInGit(step),
            .changesUnseen(step), .createsOverExisting(step), .ownedByEnvironment(step, "a@b"),
            .ownedByCloudFormation(step, stack: "s"), .notAdopted(step), .notChangeable(step, why: "it drains"),
            .changedBeforeMarked(step), .unmarked(step), .foreignMark(step, "a@b"), .wrongResource(step, arn: "x"),
            .repeatedTag(step, key: "k"), .repeatedStep(step), .prerequisiteNotBefore(step, prerequisite: register),
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
