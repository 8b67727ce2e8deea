import MooringModel
import MooringNames
import MooringPresentation
import MooringShapes
import Testing

@Suite struct `Plan for people and programs` {
    static let digest = "v1:" + String(repeating: "0", count: 64)

    static func plan() throws -> Plan {
        let web = try Samples.key("main/web")
        let api = try Samples.key("main/api")
        let worker = try Samples.key("main/worker")
        let digest = try Digest(digest)
        let changes = [
            MemberChange(
                path: "containerDefinitions[web].image", live: "nginx:1.27",
                wanted: .string(
                    "123456789012.dkr.ecr.eu-central-1.amazonaws.com/" + String(repeating: "web/", count: 40) + "app:2")
            ),
            MemberChange(
                path: "containerDefinitions[web].environment[DB_PASSWORD]", live: "hunter2", wanted: "hunter3"),
            MemberChange(path: "containerDefinitions[web].environment[LEVEL]", live: "debug", wanted: nil),
            MemberChange(path: "containerDefinitions[web].secrets[API_TOKEN]", live: nil, wanted: "/prod/api/token"),
            MemberChange(
                path: "containerDefinitions[sidecar]", live: nil,
                wanted: ["name": "sidecar", "environment": [["name": "SIGNING_KEY", "value": "s3cr3t-value"]]]),
            MemberChange(
                path: "containerDefinitions[web].environment[URL]", live: "postgres://app:hunter4@db/x",
                wanted: "AKIAIOSFODNN7EXAMPLE"),
        ]
        return Plan(
            steps: [
                Step(
                    id: StepID("register web"),
                    action: .registerTaskDefinition(
                        family: try Family("web"), digest: digest, input: ["family": "web"]),
                    reason: "The task definition changed.", changes: changes),
                Step(
                    id: StepID("update main/web"),
                    action: .updateService(key: web, input: ["service": "web"], revision: .registered(digest)),
                    reason: "The task definition changed.", changes: changes, after: [StepID("register web")]),
                Step(
                    id: StepID("tag main/api"),
                    action: .tagService(key: api, arn: "arn", tags: [Tag(OwnTag.commit, "abc")]), reason: "Reached."),
            ],
            withheld: [
                Withheld(
                    key: worker, reason: .notAdopted, changes: [MemberChange(path: "desiredCount", live: 2, wanted: 3)])
            ],
            standings: [
                ServiceStanding(
                    key: api, digest: digest, state: .synced, revision: try Revision("api:4"), health: .healthy),
                ServiceStanding(
                    key: web, digest: digest, state: .changing, revision: try Revision("web:12"), health: .healthy),
                ServiceStanding(
                    key: worker, digest: digest, state: .withheld(.notAdopted), revision: try Revision("worker:1")),
            ])
    }

    @Test func `has a line for each service that differs and a summary`() throws {
        let text = PlanText.text(of: try Self.plan())
        let image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/"
        #expect(
            text.hasPrefix(
                """
                ~  main/web  update  web:12 -> web:(new)  The task definition changed.
                    containerDefinitions[web].image: "nginx:1.27" -> "\(image)
                """))
        #expect(
            text.hasSuffix(
                """
                    containerDefinitions[web].environment[DB_PASSWORD]: (hidden) -> (hidden)
                    containerDefinitions[web].environment[LEVEL]: "debug" -> (none)
                    containerDefinitions[web].secrets[API_TOKEN]: (none) -> "/prod/api/token"
                    containerDefinitions[sidecar].environment[SIGNING_KEY]: (none) -> (hidden)
                    containerDefinitions[web].environment[URL]: "postgres://(hidden)@db/x" -> (hidden)
                !  main/worker  withheld  \(Withheld.Reason.notAdopted.sentence)
                    desiredCount: 2 -> 3  (withheld)

                1 service changes, 1 is as git says, 1 is withheld.

                """))
        let longest = text.split(separator: "\n").first { $0.contains(".image:") }
        #expect(try #require(longest).contains("…") && text.contains("app:2\"\n"))
    }

    @Test func `shows no secret in any rendering`() throws {
        let plan = try Self.plan()
        let renderings = [
            PlanText.text(of: plan), PlanText.text(of: plan, palette: .terminal),
            JSONWriter(.indented).text(of: PlanJSON.value(of: plan)),
        ]
        for rendering in renderings {
            for secret in ["hunter", "s3cr3t", "AKIA"] { #expect(!rendering.contains(secret)) }
            #expect(rendering.contains("DB_PASSWORD"))
        }
    }

    @Test func `has colour only on a terminal and cannot be made to move its cursor`() throws {
        var plan = try Self.plan()
        plan.withheld = [
            Withheld(key: try Samples.key("main/worker"), reason: .unreadable("no\u{1B}[2J\u{9B}1A\u{202E}yes\nreally"))
        ]
        let plain = PlanText.text(of: plan)
        #expect(!plain.contains("\u{1B}") && !plain.contains("\u{202E}") && !plain.contains("\u{9B}"))
        #expect(plain.contains("no [2J 1Ayes really"))
        #expect(PlanText.text(of: plan, palette: .terminal).contains("\u{1B}[33m~\u{1B}[0m"))
    }

    @Test func `is one sentence where nothing differs`() throws {
        let standing = ServiceStanding(key: try Samples.key("main/web"), digest: nil, state: .synced)
        let plan = Plan(standings: [standing])
        #expect(PlanText.text(of: plan) == "The service is as git says.\n")
        #expect(!plan.hasDifference)
        #expect(try Self.plan().hasDifference)
    }

    @Test func `is JSON of a stable form`() throws {
        let text = JSONWriter(.compact).text(of: PlanJSON.value(of: try Self.plan()))
        let value = try JSONReader.value(of: text)
        #expect(value["schema"] == 1)
        #expect(value["hasDifference"] == true)
        #expect(
            value["summary"] == [
                "create": 0, "update": 1, "delete": 0, "withheld": 1, "rejected": 0, "overdue": 0, "underWay": 0,
                "unknown": 0, "unchanged": 1,
            ])
        let services = try #require(value["services"]?.elements)
        #expect(services.map { $0["service"]?.text } == ["api", "web", "worker"])
        #expect(services[1]["oldRevision"] == "web:12" && services[1]["newRevision"] == "web:(new)")
        #expect(services[2]["withheld"]?[0]?["reason"] == "not-adopted")
        #expect(
            services[2]["changes"] == [
                ["path": "desiredCount", "live": 2, "wanted": 3, "origin": "unknown", "withheld": true]
            ])
        #expect(value["steps"]?[1]?["after"] == ["register web"])
    }

    @Test(arguments: [
        ("DB_PASSWORD", true), ("apiKey", true), ("SLACK_WEBHOOK_URL", true), ("AWS_SECRET_ACCESS_KEY", true),
        ("KEYBOARD", false), ("LOG_LEVEL", false), ("PORT", false), ("AUTHOR", false),
    ])
    func `knows names of secrets`(name: String, isSecret: Bool) {
        #expect(Masking.isSecretName(name) == isSecret)
    }

    @Test(arguments: [
        ("--db-password=hunter2 --port=80", "--db-password=(hidden) --port=80"),
        ("export API_TOKEN='a b' NAME=x", "export API_TOKEN='(hidden)' NAME=x"),
        ("https://e.com/?token=abc&x=1", "https://e.com/?token=(hidden)&x=1"),
        ("é ghp_0123456789abcdef😀 ü", "é (hidden)😀 ü"),
        ("x\n-----BEGIN PRIVATE KEY-----\nMIIE", "(hidden)"),
        ("run --password=${DB_PASSWORD}", "run --password=${DB_PASSWORD}"), ("PASSWORD= x=1 y", "PASSWORD= x=1 y"),
    ])
    func `hides what is assigned to the name of a secret`(text: String, masked: String) {
        #expect(Masking.masked(text) == masked)
        #expect(Masking.masked(masked) == masked)
    }

    @Test func `hides the word behind an option that is called like a secret`() {
        let command: Value = ["run", "--password", "hunter2", "--verbose", "--token", "--port", "80"]
        #expect(
            Masking.masked(command, name: "command")
                == ["run", "--password", "(hidden)", "--verbose", "--token", "--port", "80"])
    }

    @Test(arguments: [
        "arn:aws:ecs:eu-central-1:123456789012:task-definition/my-Web-App-Service-2:17",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/MyCompany/MyWebApplication2024/Backend",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "ecs-svc/0123456789012345678", "https://example.com/a@b?c=d", "3f2b8c1e-9d4a-4f6b-8e2d-1a2b3c4d5e6f",
        "rolling back to",
    ])
    func `leaves names and ids as they are`(text: String) {
        #expect(Masking.masked(text) == text)
    }
}
