import MooringModel
import MooringNames
import MooringPresentation
import MooringShapes
import Testing

/// What a plan calls what: how a rollout went, what waits for its turn, what is held back.
@Suite struct `A plan's words` {
    private func standing(_ name: String, _ state: ServiceStanding.State) throws -> ServiceStanding {
        ServiceStanding(
            key: try Samples.key("main/\(name)"), digest: nil, state: state, revision: try Revision("\(name):7"))
    }

    private func digest(_ digit: String) throws -> Digest {
        try Digest("v1:" + String(repeating: digit, count: 64))
    }

    private func lines(_ plan: Plan) -> [String] {
        PlanText.text(of: plan).split(separator: "\n").map(String.init)
    }

    // MARK: How a rollout went

    @Test func `an overdue rollout is not called rejected, for ECS goes on`() throws {
        let overdue = ServiceStanding.State.overdue(
            reason: "It takes longer than 20m: 1/2 tasks running.", remedy: "Raise 'timeout'.")
        var plan = Plan(standings: [try standing("api", .synced), try standing("web", overdue)])
        #expect(
            lines(plan) == [
                ">  main/web  overdue  It takes longer than 20m: 1/2 tasks running.", "    do: Raise 'timeout'.",
                "1 service is as git says, 1 rollout is overdue.",
            ])
        let json = PlanJSON.value(of: plan)
        #expect(json["summary"]?["overdue"] == 1 && json["summary"]?["rejected"] == 0)
        #expect(json["services"]?[1]?["remedy"] == "Raise 'timeout'." && json["hasDifference"] == true)
        plan.standings = [try standing("api", overdue), try standing("web", overdue)]
        #expect(PlanText.summary(of: plan) == "2 rollouts are overdue.")
    }

    @Test func `what ECS rejected says what to do, whatever stays besides`() throws {
        let web = try Samples.key("main/web")
        let groups = Withheld.Reason.cannotBeUnset(members: ["loadBalancers"])
        let plan = Plan(
            withheld: [Withheld(key: web, reason: groups)],
            standings: [try standing("web", .rejected(reason: "ECS deployment circuit breaker: tasks failed."))])
        let remedy = "Commit a change of it, or mend what is outside of git and say 'mooring retry main/web'."
        #expect(
            lines(plan) == [
                "x  main/web  rejected  ECS deployment circuit breaker: tasks failed.", "    and: \(groups.sentence)",
                "    do: \(remedy)", "1 service was rejected by ECS.",
            ])
        #expect(PlanJSON.value(of: plan)["services"]?[0]?["remedy"]?.text == remedy)
        #expect(PlanMarkdown.text(of: plan).contains("tasks failed.<br>Do: Commit a change of it, or mend"))
    }

    // MARK: What waits for its turn

    /// A creation, an update and a one-off task that only wait; a removal that waits for them.
    private func waiting() throws -> Plan {
        let (mail, web) = (try Samples.key("main/mail"), try Samples.key("main/web"))
        let turn = Withheld.Reason.waitingForTurn(inFlight: 1)
        let order = Withheld.Reason.waitsInOrder("Waits for main/mail.")
        let change = MemberChange(path: "containerDefinitions[web].image", live: "web:1", wanted: "web:2")
        let secret = MemberChange(path: "containerDefinitions[web].environment[TOKEN]", live: "s3cr3t", wanted: "hush")
        func register(
            _ family: String, _ digest: Digest, _ input: Value, _ changes: [MemberChange] = [],
        ) throws -> Step {
            Step(
                id: StepID("register \(family)"),
                action: .registerTaskDefinition(family: try Family(family), digest: digest, input: input),
                reason: "No registered revision has what git says.", changes: changes)
        }
        var plan = Plan(
            withheld: [
                Withheld(
                    key: mail, reason: turn,
                    later: [
                        try register(
                            "mail", try digest("1"),
                            [
                                "family": "mail", "cpu": "256",
                                "containerDefinitions": [["name": "mail", "image": "mail:3"]],
                            ]),
                        Step(
                            id: StepID("create main/mail"),
                            action: .createService(
                                key: mail, input: ["desiredCount": 2, "launchType": "FARGATE"],
                                revision: .registered(try digest("1"))),
                            reason: "The service does not exist."),
                    ]),
                Withheld(
                    key: web, reason: order, changes: [change, secret],
                    later: [
                        try register("web", try digest("2"), ["family": "web"], [change, secret]),
                        Step(
                            id: StepID("update main/web"),
                            action: .updateService(key: web, input: [:], revision: .registered(try digest("2"))),
                            reason: "No registered revision has what git says.", changes: [change, secret]),
                    ]),
            ],
            standings: [
                ServiceStanding(key: mail, digest: nil, state: .withheld(turn)),
                try standing("web", .withheld(order)),
            ])
        plan.leaving = [
            LeavingService(
                key: try Samples.key("main/old"),
                state: .removing(
                    progress: "it waits until every other service is as git says, and main/web is not yet"),
                hasBegun: false)
        ]
        plan.runs = [
            RunStanding(
                node: .run(cluster: try ClusterName("main"), name: try RunName("migrate")), digest: nil,
                state: .withheld(order))
        ]
        return plan
    }

    @Test func `what only waits for its turn is what will be done, and not called withheld`() throws {
        let plan = try waiting()
        let text = PlanText.text(of: plan)
        try Snapshot.expect(text, "waiting.txt")
        #expect(text.contains("\n+  main/mail  create, after others  mail:(new)  Its turn comes"))
        #expect(text.contains("\n~  main/web  update, after others  web:7 -> web:(new)  Waits for main/mail.\n"))
        #expect(text.hasPrefix("+  task main/migrate  start, after others  a new revision  Waits for main/mail.\n"))
        #expect(text.contains("    mail: mail:3\n") && text.contains(".image: \"web:1\" -> \"web:2\"\n"))
        #expect(!text.contains("withheld") && !text.contains("s3cr3t") && !text.contains("hush"))
        #expect(
            PlanText.summary(of: plan)
                == "1 service changes, 1 is to be created, 1 is to be deleted, 1 task is to be started.")
        try Snapshot.expect(PlanMarkdown.text(of: plan), "waiting.md")
        #expect(!PlanMarkdown.text(of: plan).contains("withheld"))
    }

    @Test func `programs are told what waits for others, and why`() throws {
        let json = PlanJSON.value(of: try waiting())
        let services = try #require(json["services"]?.elements)
        #expect(services.map { $0["action"]?.text } == ["create", "delete", "update"])
        #expect(services.map { $0["afterOthers"] } == [true, true, true])
        #expect(services[0]["withheld"]?[0]?["reason"] == "waiting-for-turn")
        #expect(services[0]["newRevision"] == "mail:(new)")
        #expect(services[2]["changes"]?.elements?.map { $0["withheld"] } == [nil, nil])
        #expect(json["runs"]?[0]?["state"] == "withheld" && json["runs"]?[0]?["revision"] == nil)
        #expect(json["summary"]?["withheld"] == 0 && json["hasDifference"] == true)
    }

    @Test func `a change whose steps are not known yet is an update that waits`() throws {
        let turn = Withheld.Reason.waitingForTurn(inFlight: 2)
        let plan = Plan(
            withheld: [Withheld(key: try Samples.key("main/web"), reason: turn)],
            standings: [try standing("web", .withheld(turn))])
        #expect(lines(plan) == ["~  main/web  update, after others  \(turn.sentence)", "1 service changes."])
    }

    @Test func `pauses, owners and guards stay withheld`() throws {
        for reason in [
            Withheld.Reason.paused(why: "incident"), .notAdopted, .notStarted("main/api failed."), .draining,
            .creationFuse(count: 60, limit: 50),
        ] {
            let plan = Plan(
                withheld: [Withheld(key: try Samples.key("main/web"), reason: reason)],
                standings: [try standing("web", .withheld(reason))])
            #expect(lines(plan) == ["!  main/web  withheld  \(reason.sentence)", "1 service is withheld."])
        }
    }

    // MARK: What left git

    @Test func `a removal that has not begun is to be removed, and one that has is under way`() throws {
        var plan = Plan(standings: [try standing("web", .synced)])
        let old = try Samples.key("main/old")
        let progress = LeavingService.State.removing(progress: "it waits until main/web is as git says")
        plan.leaving = [LeavingService(key: old, state: progress, hasBegun: false)]
        #expect(
            lines(plan) == [
                "-  main/old  delete, after others  The service left git and is to be removed (scaled to zero first): "
                    + "it waits until main/web is as git says.",
                "1 service is to be deleted, 1 is as git says.",
            ])
        plan.leaving = [LeavingService(key: old, state: .removing(progress: "ECS is draining it"))]
        #expect(lines(plan).first == ">  main/old  under way  The service left git: ECS is draining it.")
    }

    // MARK: One-off tasks

    private func starting(_ reference: RevisionReference) throws -> Plan {
        let node = OrderNode.run(cluster: try ClusterName("main"), name: try RunName("migrate"))
        var plan = Plan(
            steps: [
                Step(
                    id: StepID("register shop-migrate"),
                    action: .registerTaskDefinition(
                        family: try Family("shop-migrate"), digest: try digest("3"), input: ["family": "shop-migrate"]),
                    reason: "No registered revision has what git says."),
                Step(
                    id: StepID("run \(node)"),
                    action: .run(
                        node: node, digest: try digest("4"), .start(revision: reference, input: [:], attempt: 1)),
                    reason: "The run has not been made with these inputs."),
            ], standings: [try standing("api", .synced), try standing("web", .synced)])
        plan.runs = [RunStanding(node: node, digest: nil, state: .starting)]
        return plan
    }

    @Test func `a one-off task that is to be started is shown with its revision and counted`() throws {
        let plan = try starting(.registered(try digest("3")))
        #expect(
            lines(plan) == [
                "+  task main/migrate  start  shop-migrate:(new)",
                "All 2 services are as git says, 1 task is to be started.",
            ])
        #expect(PlanJSON.value(of: plan)["runs"]?[0]?["revision"] == "shop-migrate:(new)")
        #expect(
            PlanMarkdown.text(of: plan).contains(
                "| <code>task main/migrate</code> | start | <code>shop-migrate:(new)</code> |  |\n"))
        let arn = try TaskDefinitionARN("arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-migrate:4")
        #expect(lines(try starting(.existing(arn))).first == "+  task main/migrate  start  shop-migrate:4")
    }

    @Test func `one-off tasks alone are counted too, those that are done are not`() throws {
        var plan = Plan()
        func run(_ name: String, _ state: RunStanding.State) throws -> RunStanding {
            RunStanding(
                node: .run(cluster: try ClusterName("main"), name: try RunName(name)), digest: nil, state: state)
        }
        plan.runs = [
            try run("a", .done), try run("b", .running(progress: "")), try run("c", .running(progress: "")),
            try run("d", .withheld(.paused(why: "incident"))),
            try run("e", .failed(RunStanding.Trouble(cause: "exit code 3", remedy: "Read the log."))),
        ]
        #expect(PlanText.summary(of: plan) == "2 tasks are running, 1 task failed, 1 task is withheld.")
        #expect(plan.hasDifference, "a script that reads only the exit code must know")
        plan.runs = [try run("a", .done)]
        #expect(PlanText.summary(of: plan) == "No services." && !plan.hasDifference)
    }

    // MARK: Revisions put there by hand

    @Test(arguments: [
        (DriftOptions(), "('drift: {revision: report}')"),
        (DriftOptions(members: .report, revision: .report), "('drift: report')"),
        (
            DriftOptions(members: .ignore, revision: .ignore),
            "('drift: ignore', but a service that runs another revision than git says is told all the same and never "
                + "called Synced)"
        ),
        (DriftOptions(members: .correct, revision: .ignore), "('drift: {revision: ignore}', but a service"),
    ])
    func `a revision put there by hand quotes the word that holds`(drift: DriftOptions, quoted: String) throws {
        let sentence = Withheld.Reason.revisionByHand(try Revision("web:3"), by: nil, drift: drift).sentence
        #expect(
            sentence.hasPrefix(
                "Revision web:3 was put there by hand and stays until a commit changes the service \(quoted)"))
        #expect(sentence.hasSuffix("). Commit what it has, or update the service back."))
    }
}
