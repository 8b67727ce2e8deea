import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// A document that breaks one rule, and one that is nearly the same and does not.
struct RuleCase: Sendable, CustomTestStringConvertible {
    let rule: String
    let bad: RuleFolder
    let good: RuleFolder
    /// What the message must say, so that one can act on it.
    let says: String

    var testDescription: String { rule }
}

/// The inputs of a folder.
struct RuleFolder: Sendable {
    var taskDefinition: Value?
    var service: Value?
    var run: Value?

    /// A task definition that nothing is wrong with, but for the members given; nil takes one away.
    static func task(_ members: [String: Value?] = [:], app: [String: Value?] = [:], more: [Value] = []) -> RuleFolder {
        var container: Value = [
            "name": "app", "image": "nginx:1.27", "memory": 256,
            "portMappings": [["containerPort": 80, "name": "http"]],
            "logConfiguration": [
                "logDriver": "awslogs",
                "options": [
                    "awslogs-group": "/ecs/web", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "ecs",
                ],
            ],
        ]
        for (name, value) in app.sorted(by: { $0.key < $1.key }) { container[name] = value }
        var task: Value = ["family": "web", "containerDefinitions": .list([container] + more)]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { task[name] = value }
        return RuleFolder(taskDefinition: task)
    }

    /// The same, for Fargate.
    static func fargate(
        _ members: [String: Value?] = [:], app: [String: Value?] = [:], more: [Value] = [],
    ) -> RuleFolder {
        let own: [String: Value?] = [
            "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512",
            "executionRoleArn": "arn:aws:iam::123456789012:role/ecs",
        ]
        return task(own.merging(members) { $1 }, app: app, more: more)
    }

    /// A service that nothing is wrong with, but for the members given; nil takes one away.
    static func service(_ members: [String: Value?] = [:]) -> RuleFolder {
        var service: Value = [
            "serviceName": "web", "taskDefinition": "web:1", "desiredCount": 2,
            "deploymentConfiguration": ["deploymentCircuitBreaker": ["enable": true, "rollback": true]],
        ]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { service[name] = value }
        return RuleFolder(service: service)
    }

    /// A service beside the task definition that it runs.
    static func pair(_ members: [String: Value?], running task: RuleFolder) -> RuleFolder {
        var folder = service(members.merging(["taskDefinition": "web"]) { $1 })
        folder.taskDefinition = task.taskDefinition
        return folder
    }

    /// A one-off task that nothing is wrong with, but for the members given, beside the task definition that it runs.
    static func run(_ members: [String: Value?] = [:], running task: RuleFolder = .task()) -> RuleFolder {
        var run: Value = ["taskDefinition": "web", "mooring": ["runs": ["name": "migrate"]]]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { run[name] = value }
        return RuleFolder(taskDefinition: task.taskDefinition, run: run)
    }

    func findings() throws -> [Finding] {
        var files: [String: String] = [:]
        if let taskDefinition { files["task.json"] = JSONWriter(.indented).text(of: taskDefinition) }
        if let service { files["service.json"] = JSONWriter(.indented).text(of: service) }
        if let run { files["run.json"] = JSONWriter(.indented).text(of: run) }
        return try TestFolder(files: files).state().findings
    }
}

/// A second container; `members` are added or replace its own.
func sidecar(_ members: [String: Value] = [:]) -> Value {
    var container: Value = [
        "name": "sidecar", "image": "envoy:1.31", "memory": 64,
        "logConfiguration": [
            "logDriver": "awslogs",
            "options": ["awslogs-group": "/ecs/web", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "ecs"],
        ],
    ]
    for (name, value) in members.sorted(by: { $0.key < $1.key }) { container[name] = value }
    return container
}

/// The rules that AWS documents only in prose.
@Suite struct ProseRuleTests {
    static let cases =
        RuleCase.containers + RuleCase.sizes + RuleCase.fargate + RuleCase.networks + RuleCase.details
        + RuleCase.services
        + RuleCase.deployments + RuleCase.traffic + RuleCase.pairs + RuleCase.runs + RuleCase.anyDocument

    @Test(arguments: cases)
    func `a rule speaks where it is broken, and only there`(_ entry: RuleCase) throws {
        let rule = try #require(Manifests.documentedRules.first { $0.id == entry.rule }, "no rule \(entry.rule)")
        let all = try entry.bad.findings()
        let found = all.filter { $0.rule == entry.rule }
        #expect(!found.isEmpty, "\(all.map(\.line))")
        for finding in found {
            #expect(finding.severity == rule.severity)
            #expect(finding.position != nil)
            let isSentence = finding.message.hasSuffix(".") || finding.message.hasSuffix("?")
            #expect(isSentence && !finding.message.contains("  "), "\(finding.message)")
        }
        #expect(found.contains { $0.message.contains(entry.says) }, "\(found.map(\.message))")
        let wrong = try entry.good.findings().filter { $0.rule == entry.rule }
        #expect(wrong.isEmpty, "\(wrong.map(\.line))")
    }

    @Test func `every rule has a case, a source and a name of its own`() {
        let rules = Manifests.documentedRules
        let ids = rules.map(\.id)
        #expect(Set(ids).count == ids.count, "\(ids.sorted())")
        #expect(Set(ids).subtracting(Self.cases.map(\.rule)).sorted() == [])
        for rule in rules {
            #expect(rule.source.count > 10, "\(rule.id)")
            #expect(rule.id.allSatisfy { $0.isLowercase || $0 == "-" }, "\(rule.id)")
        }
        print("\(rules.count) rules of AWS's prose: \(rules.count { $0.severity == .error }) errors.")
    }

    @Test func `nothing is wrong with the documents that the cases are made of`() throws {
        let folders: [RuleFolder] = [
            .task(), .fargate(), .service(), .task(app: [:], more: [sidecar()]), .pair([:], running: .task()),
            .run(),
        ]
        for folder in folders { #expect(try folder.findings().map(\.line) == []) }
    }

    @Test func `a value that looks like a secret is named and never shown`() throws {
        let values = ["hunter2hunter2", "AKIAIOSFODNN7EXAMPLE", "postgres://app:s3cr3tpass@db/app"]
        for (name, value) in zip(["DB_PASSWORD", "WHATEVER", "DATABASE"], values) {
            let folder = RuleFolder.task(app: ["environment": [["name": .string(name), "value": .string(value)]]])
            let findings = try folder.findings()
            #expect(findings.map(\.rule) == ["secret-in-environment"])
            #expect(findings.allSatisfy { $0.memberPath == "containerDefinitions[0].environment[0].value" })
            #expect(findings.allSatisfy { $0.message.contains(name) && !$0.message.contains(value) })
        }
        for (name, value) in [
            ("SECRET_ARN", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x"), ("TOKEN_TTL", "3600"),
            ("PASSWORD_FILE", "/run/secrets/db"), ("API_TOKEN", ""), ("ENDPOINT", "https://example.com/a@b"),
            ("COOKIE_DOMAIN", "example.com"), ("GREETING", "hello"),
        ] {
            let folder = RuleFolder.task(app: ["environment": [["name": .string(name), "value": .string(value)]]])
            #expect(try folder.findings().map(\.line) == [], "\(name)")
        }
    }

    @Test func `a service whose task definition lacks what it names is not planned, the task definition is`() throws {
        let folder = RuleFolder.pair(
            ["loadBalancers": [["targetGroupArn": "arn:x", "containerName": "ap", "containerPort": 80]]],
            running: .task())
        let files = [
            "task.json": JSONWriter(.indented).text(of: try #require(folder.taskDefinition)),
            "service.json": JSONWriter(.indented).text(of: try #require(folder.service)),
        ]
        let state = try TestFolder(files: files).state()
        let finding = try state.finding("balancer-target-container")
        #expect(finding.file?.text == "service.json")
        #expect(finding.message.contains("task.json:1:1") && finding.message.contains("Did you mean 'app'?"))
        #expect(state.services.isEmpty && state.badServices.count == 1)
        #expect(state.taskDefinitions.count == 1)
    }

    @Test func `the rules take time in proportion to the document`() throws {
        func folder(_ count: Int) -> Value {
            let variables = (0..<count).map { Value.map([("name", .string("V\($0)")), ("value", .string("x"))]) }
            let mounts = (0..<count).map { Value.map([("sourceVolume", .string("v\($0)"))]) }
            let volumes = (0..<count).map { Value.map([("name", .string("v\($0)"))]) }
            return RuleFolder.task(
                ["volumes": .list(volumes)], app: ["environment": .list(variables), "mountPoints": .list(mounts)]
            ).taskDefinition ?? .null
        }
        let clock = ContinuousClock()
        let text = JSONWriter(.compact).text(of: folder(5000))
        let elapsed = try clock.measure { _ = try TestFolder(files: ["x.json": text]).state() }
        // Unoptimised and on a busy machine; a quadratic step would take minutes.
        #expect(elapsed < .seconds(20))
    }
}
