import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// Replacement, redeployment, ignored members, approval, retries and the way back: what needs a word of its own.
@Suite struct WordsOfGitTests {
    private func web() throws -> ServiceKey { try key("web") }

    private func options(_ edit: (inout MooringOptions) -> Void) -> MooringOptions {
        var options = MooringOptions()
        edit(&options)
        return options
    }

    // MARK: Replacement

    @Test func `a service is made anew only with the word for it`() throws {
        var scenario = try Scenario.managed([("schedulingStrategy", "REPLICA")])
        try scenario.advance(to: "b")
        try scenario.change([("schedulingStrategy", "DAEMON")])
        #expect(try scenario.pass().steps == [])
        try scenario.change([("schedulingStrategy", "DAEMON")], options: options { $0.replace = true })
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["delete default/web"])
        #expect(try outcome.state(web()) == .changing)
        try scenario.ecs.perform(outcome.plan.steps[0])
        scenario.ecs.change(try web()) { $0["status"] = "DRAINING" }
        #expect(try scenario.pass().state(web()) == .withheld(.draining))
        scenario.ecs.change(try web()) { $0["status"] = "INACTIVE" }
        #expect(try scenario.pass().steps == ["create default/web"])
    }

    // MARK: Redeployment

    @Test func `a new token forces one deployment, whenever the process dies`() throws {
        var scenario = try Scenario.managed()
        let before = try #require(scenario.ecs.services[try web()]?["deployments"]?[0]?["id"]?.text)
        try scenario.change(options: options { $0.redeploy = "rotated" })
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["tag default/web", "update default/web"])
        #expect(try outcome.update(web()).input == ["forceNewDeployment": true])
        #expect(outcome.tags(try web())[OwnTag.redeploy]?.contains("@\(before)@") == true)

        // Dead between the two: the deployment is still to be made, and is not made without the tag.
        var dead = scenario
        try dead.ecs.perform(outcome.plan.steps[0])
        #expect(try dead.pass().steps.contains("update default/web"))
        // Dead after the call: it is not made twice.
        for step in outcome.plan.steps { try scenario.ecs.perform(step) }
        #expect(try !scenario.pass().steps.contains("update default/web"))
        try scenario.settle()
        #expect(try scenario.pass().state(web()) == .synced)
    }

    @Test func `a forced deployment that ECS rolled back is a failure, and a new token tries again`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(options: options { $0.redeploy = "one" })
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.enterRecord(try web(), status: "ROLLBACK_SUCCESSFUL", revision: try revisionARN("web:1"))
        #expect(try scenario.pass().state(web()) == .rejected(reason: "circuit breaker: ROLLBACK_SUCCESSFUL"))
        #expect(try scenario.pass().steps == [])
        try scenario.change(options: options { $0.redeploy = "two" })
        #expect(try scenario.pass().steps == ["tag default/web", "update default/web"])
    }

    /// ECS's rollback shows the deployment of before again, under its id (captures/findings.md).
    @Test func `a forced deployment that was rolled back is not forced again, also where the manifest changed with it`()
        throws
    {
        for image in ["shop:1", "shop:bad"] {
            var scenario = try Scenario.managed()
            let before = try #require(scenario.ecs.services[try web()]?["deployments"])
            let revision = try #require(scenario.ecs.services[try web()]?["taskDefinition"])
            try scenario.change(image: image)
            try scenario.change(options: options { $0.redeploy = "one" })
            for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
            let tried = try #require(scenario.ecs.services[try web()]?["taskDefinition"]?.text)
            scenario.ecs.change(try web()) {
                $0["deployments"] = before
                $0["taskDefinition"] = revision
            }
            scenario.ecs.enterRecord(
                try web(), status: "ROLLBACK_SUCCESSFUL", revision: try TaskDefinitionARN(tried))
            for _ in 0..<3 {
                let outcome = try scenario.pass()
                #expect(!outcome.steps.contains("update default/web"), "\(image): \(outcome.steps)")
                guard case .rejected = try outcome.state(web()) else {
                    Issue.record("\(image): \(String(describing: try outcome.state(web())))")
                    continue
                }
                for step in outcome.plan.steps { try scenario.ecs.perform(step) }
            }
            try scenario.change(image: image)
            try scenario.change(options: options { $0.redeploy = "two" })
            #expect(try scenario.pass().steps.contains("update default/web"))
        }
    }

    @Test func `a new service needs no second deployment for its token`() throws {
        var scenario = try Scenario()
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web")]
        scenario.desired.services = [try makeService(try web(), options: options { $0.redeploy = "first" })]
        let steps = try scenario.settle()
        #expect(steps.map(\.id.text).filter { $0.contains("update") } == [])
    }

    // MARK: Ignored members

    @Test func `ignored members are neither compared nor changed`() throws {
        let ignoring = options { $0.ignore = ["healthCheckGracePeriodSeconds", "containerDefinitions[app].image"] }
        var scenario = try Scenario.managed([("healthCheckGracePeriodSeconds", 30)], options: ignoring)
        scenario.ecs.change(try web()) { $0["healthCheckGracePeriodSeconds"] = 5 }
        // Somebody else deploys images.
        let other = try scenario.ecs.register(try makeTaskDefinition("web", image: "shop:ci").input)
        scenario.ecs.startDeployment(try web(), revision: other)
        try scenario.settle()
        #expect(try scenario.pass().state(web()) == .synced)

        // A change of another member keeps what they deployed.
        try scenario.change(image: "shop:1", [("cpu", "256")])
        let outcome = try scenario.pass()
        guard case .registerTaskDefinition(_, _, let input)? = outcome.plan.steps.first?.action else {
            Issue.record("\(outcome.steps)")
            return
        }
        #expect(input["containerDefinitions"]?[0]?["image"] == "shop:ci")
        #expect(input["cpu"] == "256")
        // Whatever else would be registered is found by the check.
        var plan = outcome.plan
        if case .registerTaskDefinition(let family, let digest, var other) = plan.steps[0].action {
            other["cpu"] = "512"
            plan.steps[0] = Step(
                id: plan.steps[0].id, action: .registerTaskDefinition(family: family, digest: digest, input: other),
                reason: plan.steps[0].reason)
        }
        let violations = PlanCheck.violations(
            of: plan, desired: scenario.desired, observed: outcome.observed, policy: scenario.policy)
        #expect(violations == [.contentNotFromGit(plan.steps[0].id)])
    }

    @Test func `of a member that is sent whole the ignored part is sent as it is`() throws {
        let network: Value = ["awsvpcConfiguration": ["subnets": ["s-1"], "securityGroups": ["g-1"]]]
        let ignoring = options { $0.ignore = ["networkConfiguration.awsvpcConfiguration.subnets"] }
        var scenario = try Scenario.managed([("networkConfiguration", network)], options: ignoring)
        let live: Value = ["awsvpcConfiguration": ["subnets": ["s-9"], "securityGroups": ["g-1"]]]
        scenario.ecs.change(try web()) { service in
            service["networkConfiguration"] = live
            service["deployments"] = .list(
                (service["deployments"]?.elements ?? []).map { deployment in
                    var deployment = deployment
                    deployment["networkConfiguration"] = live
                    return deployment
                })
        }
        #expect(try scenario.pass().steps == [])
        let wanted: Value = ["awsvpcConfiguration": ["subnets": ["s-1"], "securityGroups": ["g-2"]]]
        try scenario.change([("networkConfiguration", wanted)], options: ignoring)
        #expect(
            try scenario.pass().update(web()).input["networkConfiguration"]
                == ["awsvpcConfiguration": ["subnets": ["s-9"], "securityGroups": ["g-2"]]])
    }

    // MARK: Approval

    /// Rolling out blue/green, with a hook that waits.
    private func waiting(approve word: String?) throws -> Scenario {
        let configuration: Value = [
            "strategy": "BLUE_GREEN",
            "lifecycleHooks": [["targetType": "PAUSE", "lifecycleStages": ["POST_SCALE_UP"]]],
        ]
        var scenario = try Scenario.managed([("deploymentConfiguration", configuration)])
        try scenario.advance(to: "b")
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try web(), "IN_PROGRESS")
        let id = try #require(scenario.ecs.services[try web()]?["deployments"]?[0]?["id"]?.text)
        let record: Value = [
            "serviceDeploymentArn": "arn:d", "status": "IN_PROGRESS", "lifecycleStage": "POST_SCALE_UP",
            "targetServiceRevision": [
                "arn": .string("arn:x/\(id.split(separator: "/").last ?? "")"),
                "requestedProductionTrafficWeight": 0,
            ],
            "deploymentConfiguration": configuration,
            "lifecycleHookDetails": [["hookId": "h-1", "status": "AWAITING_ACTION"]],
        ]
        scenario.ecs.records[try web()]?.insert(DeploymentRecord(described: record, target: nil), at: 0)
        if let word {
            try scenario.change([("deploymentConfiguration", configuration)], options: options { $0.approve = word })
        }
        return scenario
    }

    @Test func `a hook waits until git approves of exactly this change`() throws {
        let unapproved = try waiting(approve: nil)
        #expect(try unapproved.pass().steps == [])
        guard case .rolling(let progress) = try unapproved.pass().state(web()) else {
            Issue.record("\(try unapproved.pass().state(web()))")
            return
        }
        #expect(progress.contains("waits for approval at POST_SCALE_UP"))

        let digest = try #require(Planner.digests(of: unapproved.desired)[try web()])
        #expect(try waiting(approve: digest.text).pass().steps == ["continue default/web"])
        #expect(try waiting(approve: String(digest.short)).pass().steps == ["continue default/web"])
        #expect(try waiting(approve: "000000000000").pass().steps == [])
    }

    @Test func `a commit approves of what git wanted then`() throws {
        var scenario = try waiting(approve: "bbbbbbb")
        let commit = scenario.policy.commit
        scenario.policy.recentCommits = [commit]
        scenario.ecs.folders[commit] = scenario.desired
        #expect(try scenario.pass().steps == ["continue default/web"])
        // An earlier change's approval is none of this one.
        var other = scenario.desired
        other.taskDefinitions = [try makeTaskDefinition("web", image: "shop:0")]
        scenario.ecs.folders[commit] = other
        #expect(try scenario.pass().steps == [])
    }

    // MARK: After a failure

    @Test func `a rejected change is tried again when a person forgives that very failure`() throws {
        var scenario = try Scenario.managed()
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.startDeployment(try web(), revision: try revisionARN("web:1"))
        scenario.ecs.enterRecord(try web(), status: "ROLLBACK_SUCCESSFUL", revision: try revisionARN("web:2"))
        try scenario.settle()
        let reason = "circuit breaker: ROLLBACK_SUCCESSFUL"
        #expect(try scenario.pass().state(web()) == .rejected(reason: reason))
        let id = try #require(scenario.ecs.records[try web()]?.first?.id)
        scenario.ecs.setTag(try web(), OwnTag.retry, "another")
        #expect(try scenario.pass().steps == [])
        scenario.ecs.setTag(try web(), OwnTag.retry, id)
        scenario.ecs.removeTag(try web(), OwnTag.rejected)
        #expect(try scenario.pass().update(web()).revision == .existing(try revisionARN("web:2")))
        try scenario.settle()
        // What was remembered of the failure is gone when something is reached.
        #expect(
            scenario.ecs.services[try web()]?["tags"]?.elements?.contains { $0["key"]?.text == OwnTag.retry } == false)
    }

    @Test func `Mooring goes back by itself where the environment says so and ECS does not`() throws {
        var scenario = try Scenario.managed()
        scenario.policy.onFailure = .rollBack
        try scenario.advance(to: "b")
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try web(), "FAILED", failedTasks: 3)
        // Also where no further rollout may begin.
        scenario.policy.failures = [try key("x"), try key("y"), try key("z")]
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["tag default/web", "update default/web"])
        #expect(try outcome.update(web()).revision == .existing(try revisionARN("web:1")))
        for step in outcome.plan.steps { try scenario.ecs.perform(step) }
        try scenario.settle()
        #expect(try scenario.pass().state(web()) == .rejected(reason: "This change was rolled back before."))
        #expect(try scenario.pass().steps == [])
        // A mended manifest is deployed.
        scenario.policy.failures = []
        try scenario.advance(to: "c")
        try scenario.change(image: "shop:3")
        #expect(try scenario.pass().steps == ["register web", "update default/web"])
    }

    @Test func `a rollout that takes too long has failed, and is watched on`() throws {
        var scenario = try Scenario.managed(options: options { $0.timeout = .seconds(600) })
        try scenario.change(image: "shop:2")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try web(), "IN_PROGRESS")
        scenario.ecs.change(try web()) { service in
            var primary = service["deployments"]?[0] ?? .map([])
            primary["createdAt"] = 1_000
            service["deployments"] = [primary]
        }
        scenario.policy.wall = Timestamp(millisecondsSince1970: 1_599_000)
        guard case .rolling = try scenario.pass().state(web()) else {
            Issue.record("\(try scenario.pass().state(web()))")
            return
        }
        scenario.policy.wall = Timestamp(millisecondsSince1970: 1_600_000)
        guard case .overdue(let reason, let remedy) = try scenario.pass().state(web()) else {
            Issue.record("\(try scenario.pass().state(web()))")
            return
        }
        #expect(reason.hasPrefix("The rollout is not over after 10m, more than the 10m that the manifest allows"))
        #expect(remedy.contains("deploymentCircuitBreaker"))
        scenario.ecs.setRollout(try web(), "COMPLETED")
        #expect(try scenario.pass().state(web()) == .synced)
    }
}
