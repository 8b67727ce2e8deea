import Foundation
import MooringModel
import MooringNames
import MooringPresentation
import MooringShapes
import Testing

/// One plan with everything that a plan can hold, in every rendering.
@Suite struct `A rich plan` {
    private static func digest(_ digit: String) throws -> Digest {
        try Digest("v1:" + String(repeating: digit, count: 64))
    }

    private static let image =
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/platform/services/storefront/web/production/frontend@sha256:"

    static let webChanges: [MemberChange] = [
        MemberChange(
            path: "containerDefinitions[web].image", live: .string(image + String(repeating: "a1", count: 32)),
            wanted: .string(image + String(repeating: "b2", count: 32))),
        MemberChange(path: "containerDefinitions[web].environment[LEVEL]", live: "debug", wanted: nil, origin: .git),
        MemberChange(path: "containerDefinitions[web].environment[DB_PASSWORD]", live: "hunter2", wanted: "hunter3"),
        MemberChange(path: "containerDefinitions[web].secrets[API_TOKEN]", live: nil, wanted: "/prod/api/token"),
        MemberChange(
            path: "containerDefinitions[web].command",
            live: ["server", "--port", "8080", "--log-level", "info", "--region", "eu-central-1", "--workers", "4"],
            wanted: [
                "server", "--port", "8080", "--log-level", "debug", "--region", "eu-central-1", "--password=hunter4",
            ]),
        MemberChange(
            path: "containerDefinitions[sidecar]", live: nil,
            wanted: [
                "name": "sidecar", "image": "envoy:1.30", "essential": false,
                "environment": [
                    ["name": "SIGNING_KEY", "value": "s3cr3t-value"], ["name": "MODE", "value": "sidecar"],
                ],
                "portMappings": [["containerPort": 9901, "protocol": "tcp"]],
            ]),
        MemberChange(path: "cpu", live: "256", wanted: "512", origin: .git),
        MemberChange(path: "placementConstraints", live: [["type": "distinctInstance"]], wanted: nil, origin: .removed),
        MemberChange(path: "capacityProviderStrategy[FARGATE].weight", live: 1, wanted: 3),
        MemberChange(
            path: "capacityProviderStrategy[FARGATE_SPOT]", live: nil,
            wanted: ["capacityProvider": "FARGATE_SPOT", "weight": 1]),
        MemberChange(
            path: "networkConfiguration.awsvpcConfiguration.subnets",
            live: ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb", "subnet-0cccccccccccccccc"],
            wanted: ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0cccccccccccccccc", "subnet-0dddddddddddddddd"]),
        MemberChange(path: "desiredCount", live: 2, wanted: 3, origin: .drift),
        MemberChange(path: "platformVersion", live: "1.3.0", wanted: "1.4.0", origin: .parameter),
    ]

    static func plan() throws -> Plan {
        let (web, mail) = (try Samples.key("main/web"), try Samples.key("main/mail"))
        let groups = "networkConfiguration.awsvpcConfiguration.securityGroups"
        let (webDigest, mailDigest) = (try digest("1"), try digest("2"))
        return Plan(
            steps: [
                Step(
                    id: StepID("register mail"),
                    action: .registerTaskDefinition(
                        family: try Family("mail"), digest: mailDigest, input: mailDefinition),
                    reason: "No registered revision has what git says."),
                Step(
                    id: StepID("register web"),
                    action: .registerTaskDefinition(
                        family: try Family("web"), digest: webDigest, input: ["family": "web"]),
                    reason: "No registered revision has what git says.", changes: webChanges),
                Step(
                    id: StepID("create main/mail"),
                    action: .createService(key: mail, input: mailService, revision: .registered(mailDigest)),
                    reason: "The service does not exist.", after: [StepID("register mail")]),
                Step(
                    id: StepID("update main/web"),
                    action: .updateService(key: web, input: ["service": "web"], revision: .registered(webDigest)),
                    reason: "No registered revision has what git says.", changes: webChanges,
                    after: [StepID("register web"), StepID("create main/mail")]),
                Step(
                    id: StepID("tag main/tags"),
                    action: .tagService(key: try Samples.key("main/tags"), arn: "arn", tags: [Tag("team", "shop")]),
                    reason: "The service's tags differ from git. It was changed by hand.",
                    changes: [MemberChange(path: "tags[team]", live: "HAND", wanted: "shop", origin: .drift)]),
                Step(
                    id: StepID("untag main/tags"),
                    action: .untagService(key: try Samples.key("main/tags"), arn: "arn", keys: ["stage"]),
                    reason: "The manifest no longer names these tags.",
                    changes: [MemberChange(path: "tags[stage]", live: "prod", wanted: nil, origin: .removed)]),
                Step(
                    id: StepID("tag main/groups"),
                    action: .tagService(
                        key: try Samples.key("main/groups"), arn: "arn", tags: [Tag(OwnTag.revision, "groups:7")]),
                    reason: "The service is this environment's."),
            ],
            withheld: [
                Withheld(
                    key: try Samples.key("main/legacy"), reason: .notAdopted,
                    changes: [MemberChange(path: "enableExecuteCommand", live: false, wanted: true)]),
                Withheld(
                    key: try Samples.key("main/groups"), reason: .cannotBeUnset(members: [groups]),
                    changes: [MemberChange(path: groups, live: ["sg-1"], wanted: nil, origin: .removed)]),
                Withheld(
                    key: web, reason: .needsReplacement(members: ["schedulingStrategy"]),
                    changes: [MemberChange(path: "schedulingStrategy", live: "REPLICA", wanted: "DAEMON")]),
                Withheld(
                    key: try Samples.key("main/paused"), reason: .paused(why: "waits for `ops` | see <#42> @ada & *co*")
                ),
            ],
            standings: try standings(webDigest),
            remarks: [
                Remark(
                    key: web, kind: .removalsUnseen(why: "The commit 1234567 is not part of the history of 89abcde."))
            ])
    }

    private static func standings(_ digest: Digest) throws -> [ServiceStanding] {
        func standing(_ name: String, _ state: ServiceStanding.State, _ health: Health = .healthy) throws
            -> ServiceStanding
        {
            ServiceStanding(
                key: try Samples.key("main/" + name), digest: digest, state: state, revision: try Revision("\(name):7"),
                health: health)
        }
        return [
            try standing("api", .synced), try standing("batch", .synced), try standing("tags", .changing),
            try standing(
                "broken", .rejected(reason: "ECS deployment circuit breaker: tasks failed to start."), .degraded),
            try standing("groups", .withheld(.cannotBeUnset(members: ["securityGroups"]))),
            try standing("legacy", .withheld(.notAdopted)),
            try standing("paused", .withheld(.paused(why: "Paused by the manifest."))),
            try standing("rolling", .rolling(progress: "1/2 tasks running"), .progressing),
            try standing("slow", .unknown("ThrottlingException: Rate exceeded"), .unknown),
            try standing("web", .changing),
        ].sorted { $0.key < $1.key }
    }

    private static let mailDefinition: Value = [
        "family": "mail", "cpu": "256", "memory": "512",
        "containerDefinitions": [
            [
                "name": "mail", "image": "mail:3.1", "portMappings": [["containerPort": 25]],
                "environment": [["name": "SMTP_PASSWORD", "value": "hunter5"]],
                "secrets": [["name": "KEY", "valueFrom": "/mail/key"]],
            ]
        ],
    ]
    private static let mailService: Value = [
        "serviceName": "mail", "desiredCount": 2, "launchType": "FARGATE",
        "networkConfiguration": ["awsvpcConfiguration": ["subnets": ["subnet-1", "subnet-2"]]],
        "loadBalancers": [["targetGroupArn": "arn", "containerName": "mail", "containerPort": 25]],
    ]

    private static let findings = ["production/web.yaml:3:5: warning: unknown member 'imge' [unknown-member]"]

    @Test func `reads as text`() throws {
        try Snapshot.expect(PlanText.text(of: try Self.plan()), "plan.txt")
    }

    @Test func `reads as Markdown`() throws {
        try Snapshot.expect(
            PlanMarkdown.text(of: try Self.plan(), title: "Plan for production", findings: Self.findings), "plan.md")
    }

    @Test func `reads as JSON`() throws {
        try Snapshot.expect(JSONWriter(.indented).text(of: PlanJSON.value(of: try Self.plan())) + "\n", "plan.json")
    }

    @Test func `tells what is withheld from what is done, in every rendering`() throws {
        var plan = try Self.plan()
        let groups = try Samples.key("main/groups")
        plan.steps = plan.steps.filter { $0.service == groups }
        plan.withheld = plan.withheld.filter { $0.key == groups }
        plan.standings = plan.standings.filter { $0.key == groups }
        plan.remarks = []
        let line =
            "networkConfiguration.awsvpcConfiguration.securityGroups: [\"sg-1\"] -> (none)  (removed from git)  (withheld)"
        let text = PlanText.text(of: plan)
        #expect(text.hasPrefix("!  main/groups  withheld  networkConfiguration."))
        #expect(text.contains("\n    \(line)\n\n1 service is withheld.\n"))
        let markdown = PlanMarkdown.text(of: plan)
        #expect(markdown.contains("main/groups</code>: 1 change, withheld</summary>\n\n```text\n\(line)\n```"))
        let json = PlanJSON.value(of: plan)
        #expect(json["summary"]?["withheld"]?.integer == 1 && json["summary"]?["update"]?.integer == 0)
        let service = try #require(json["services"]?.elements?.first)
        #expect(service["action"]?.text == "none")
        #expect(service["changes"]?.elements?.map { $0["withheld"]?.text } == ["true"])
    }

    @Test func `shows no secret`() throws {
        let plan = try Self.plan()
        for text in [
            PlanText.text(of: plan), PlanMarkdown.text(of: plan),
            JSONWriter(.compact).text(of: PlanJSON.value(of: plan)),
        ] {
            #expect(!text.contains("hunter") && !text.contains("s3cr3t"), "\(text)")
        }
    }
}

@Suite struct `A plan as Markdown` {
    private func plan(services: Int, changes: Int, reason: String = "why") throws -> Plan {
        Plan(
            withheld: try (0..<services).map { index in
                Withheld(
                    key: try Samples.key("main/service-\(1000 + index)"), reason: .unreadable(reason),
                    changes: (0..<changes).map { change in
                        MemberChange(
                            path: "containerDefinitions[web].environment[VARIABLE_\(change)]", live: "old value",
                            wanted: .string("new value \(change)"))
                    })
            })
    }

    @Test func `fits into a comment and says what is not shown`() throws {
        let few = PlanMarkdown.text(of: try plan(services: 40, changes: 30))
        #expect(few.utf8.count <= 60_000)
        let shown = few.components(separatedBy: "<details>").count - 1
        #expect(shown > 5 && few.contains("The changes of \(40 - shown) more services are not shown"), "\(shown)")
        #expect(few.hasSuffix("Run `mooring plan` for all of it.\n"))
        #expect(few.components(separatedBy: "</details>").count - 1 == shown)

        let many = PlanMarkdown.text(of: try plan(services: 3000, changes: 1))
        let lines = many.components(separatedBy: "| withheld |").count - 1
        #expect(many.utf8.count <= 60_000 && !many.contains("<details>"))
        #expect(many.contains("\(3000 - lines) more services are not shown"))
        #expect(PlanMarkdown.text(of: try plan(services: 9, changes: 30), limit: 800).utf8.count <= 800)
    }

    @Test func `lets no value out of its place`() throws {
        let hostile =
            "a|b `c` <img src=x onerror=y> </details> @ada #12 [x](http://e) **b** _i_ ~~s~~ \\ & \n# h\n```\nx"
        var plan = try plan(services: 1, changes: 0, reason: hostile)
        plan.withheld.append(
            Withheld(
                key: try Samples.key("main/web"), reason: .notAdopted,
                changes: [MemberChange(path: "a", live: .string("````\n</details><b>"), wanted: .string("```"))]))
        let text = PlanMarkdown.text(of: plan, findings: [hostile])
        let outside = text.replacing(/(`{3,})text\n[\s\S]*?\n\1\n/, with: "")
        #expect(
            !outside.contains("<img") && !outside.contains("@ada") && !outside.contains(" #12 ")
                && !outside.contains("[x]("))
        #expect(outside.components(separatedBy: "</details>").count == 2 && !outside.contains("`c`"))
        #expect(text.contains("\n`````text\n"))
        // Every line of the table has its four cells.
        for line in outside.split(separator: "\n") where line.hasPrefix("| ") {
            #expect(line.split(separator: "|", omittingEmptySubsequences: false).count == 6, "\(line)")
        }
    }
}
