import MooringImporting
import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

@Suite struct `An imported folder` {
    private static func key(_ name: String) throws -> ServiceKey {
        ServiceKey(cluster: try ClusterName("main"), service: try ServiceName(name))
    }

    /// What ECS would answer of services and the revisions they run.
    private static func observed(
        _ services: [(name: String, revision: String)], changing: [String: [(String, Value)]] = [:],
        container: [(String, Value)] = [],
    ) throws -> Observed {
        var observed = Observed()
        for (name, revision) in services {
            let arn = try TaskDefinitionARN("arn:aws:ecs:us-east-1:123456789012:task-definition/\(revision)")
            var described: Value = [
                "serviceArn": .string("arn:aws:ecs:us-east-1:123456789012:service/main/\(name)"),
                "serviceName": .string(name), "status": "ACTIVE", "desiredCount": 1, "launchType": "EC2",
                "taskDefinition": .string(arn.text),
                "deployments": [["status": "PRIMARY", "rolloutState": "COMPLETED"]],
            ]
            for (member, value) in changing[name] ?? [] { described[member] = value }
            observed.services[try key(name)] = .known(ObservedService(key: try key(name), described: described))
            observed.scalableTargets[try key(name)] = .missing
            var web: Value = ["name": "web", "image": .string("web:\(arn.revision.number)"), "memory": 128]
            for (member, value) in container { web[member] = value }
            observed.taskDefinitions[arn] = .known(
                ObservedTaskDefinition(
                    arn: arn,
                    described: ["family": .string(arn.revision.family.text), "containerDefinitions": .list([web])],
                    tags: []))
        }
        return observed
    }

    private static func folder(of observed: Observed, hasSettings: Bool = false) throws -> ImportedFolder {
        ImportedFolder(of: observed, cluster: try ClusterName("main"), hasSettings: hasSettings)
    }

    private static func text(_ path: String, of folder: ImportedFolder) throws -> String {
        try #require(folder.files.first { $0.path.text == path }, "\(folder.files.map(\.path))").text
    }

    @Test func `has a folder for each service, and settings that say what may be taken over`() throws {
        let folder = try Self.folder(of: try Self.observed([("api", "api:4"), ("web", "web:2")]))
        #expect(
            folder.files.map(\.path.text) == [
                "api/service.yaml", "api/task-definition.yaml", "mooring.yaml", "web/service.yaml",
                "web/task-definition.yaml",
            ])
        #expect(
            try Self.text("web/service.yaml", of: folder) == """
                # Service 'web' of the cluster 'main', imported.
                cluster: main
                serviceName: web
                taskDefinition: task-definition.yaml
                desiredCount: 1
                launchType: EC2

                """)
        #expect(try Self.text("mooring.yaml", of: folder).contains("\nadopt: true\n"))
        #expect(folder.skipped.isEmpty && folder.services.count == 2)
    }

    @Test func `has a shared family once, and pins services that run an older revision of it`() throws {
        let folder = try Self.folder(of: try Self.observed([("a", "web:2"), ("b", "web:3"), ("c", "web:3")]))
        #expect(
            folder.files.map(\.path.text).filter { $0.hasSuffix("task-definition.yaml") } == ["b/task-definition.yaml"])
        #expect(try Self.text("a/service.yaml", of: folder).contains("\ntaskDefinition: web:2\n"))
        #expect(try Self.text("a/service.yaml", of: folder).contains("# It runs web:2, while 'b' runs web:3"))
        #expect(try Self.text("b/service.yaml", of: folder).contains("\ntaskDefinition: task-definition.yaml\n"))
        #expect(try Self.text("c/service.yaml", of: folder).contains("\ntaskDefinition: web\n"))
    }

    @Test func `leaves the count to what counts already`() throws {
        var observed = try Self.observed([("a", "a:1"), ("b", "b:1")])
        observed.scalableTargets[try Self.key("a")] = .known(ScalableBand(minimum: 2, maximum: 9))
        observed.scalableTargets[try Self.key("b")] = .unreadable(Unreadable(why: "denied", isPassing: false))
        let folder = try Self.folder(of: observed)
        #expect(try Self.text("a/service.yaml", of: folder).contains("(2 to 9), so 'desiredCount' is left out."))
        #expect(try !Self.text("a/service.yaml", of: folder).contains("\ndesiredCount"))
        #expect(try !Self.text("b/service.yaml", of: folder).contains("\ndesiredCount"))
    }

    @Test func `names what cannot be managed, and leaves it out`() throws {
        var observed = try Self.observed(
            ["code", "ours", "short", "stack", "express", "gone", "web"].map { ($0, "\($0):1") },
            changing: [
                "code": [("deploymentController", ["type": "CODE_DEPLOY"])],
                "ours": [("tags", [["key": "mooring:environment", "value": "production@1"]])],
                "short": [("serviceArn", "arn:aws:ecs:us-east-1:123456789012:service/short")],
                "stack": [("tags", [["key": "aws:cloudformation:stack-name", "value": "prod"]])],
                "express": [("resourceManagementType", "ECS")],
                "gone": [("status", "DRAINING")],
            ])
        observed.services[try Self.key("missing")] = .missing
        let folder = try Self.folder(of: observed)
        #expect(folder.services.map(\.service.text) == ["web"])
        #expect(
            folder.skipped.map(\.key.service.text) == ["code", "express", "gone", "missing", "ours", "short", "stack"])
        #expect(folder.skipped.allSatisfy { !$0.why.isEmpty })
    }

    @Test func `leaves out what would be refused, and gives the family's manifest to another service`() throws {
        let observed = try Self.observed(
            [("a", "web:1"), ("b", "web:1")],
            // What no manifest may have, whoever got it into ECS.
            changing: ["a": [("capacityProviderStrategy", [["capacityProvider": "x", "weight": 5000]])]])
        let folder = try Self.folder(of: observed)
        #expect(folder.skipped.map(\.key.service.text) == ["a"])
        #expect(folder.skipped.first?.why.hasPrefix("Its manifest would be refused: ") == true, "\(folder.skipped)")
        #expect(folder.files.map(\.path.text) == ["b/service.yaml", "b/task-definition.yaml", "mooring.yaml"])
    }

    @Test func `keeps settings that are there, and lets each service say that it may be taken over`() throws {
        let folder = try Self.folder(of: try Self.observed([("web", "web:2")]), hasSettings: true)
        #expect(!folder.files.contains { $0.path.text == "mooring.yaml" })
        #expect(try Self.text("web/service.yaml", of: folder).hasSuffix("mooring:\n  adopt: true\n"))
    }

    @Test func `reads back whatever texts are in it`() throws {
        let texts = [
            "NO", "1.10", "022", "a: b", "# no comment", "line\nline\n\nline\n", "two\nlines", " x", "é ü 🚀 日本語",
            "\u{7}",
            "'", "\"", "\\", "- x", "${HOME}", "$${HOME}", "{}", "[", "", "~", "null", "!x", "&a", "*a", "%", "@", "`",
            "first\n  indented\n", "\nfirst", "trailing \nspace", "tab\tin", "\ttab\nlines", "x\r\ny", "end\n\n", "...",
            "---", "12:30:45", "0x1f", "1e3", "=", "<<", "yes", "y", "\u{2028}", "a #b", "key:", "| x", "> x",
        ]
        let folder = try Self.folder(
            of: try Self.observed(
                [("web", "web:1")],
                container: [
                    (
                        "environment",
                        .list(
                            texts.enumerated().map { index, text in
                                ["name": .string("V\(1000 + index)"), "value": .string(text)]
                            })
                    ),
                    ("dockerLabels", .map(texts.filter { !$0.isEmpty }.map { ("l." + $0, .string($0)) })),
                ]))
        #expect(folder.skipped.isEmpty && folder.services.count == 1, "\(folder.skipped)")
        let text = try Self.text("web/task-definition.yaml", of: folder)
        #expect(text.contains("value: |\n          line\n          line\n\n          line\n"), "\(text)")
    }
}
