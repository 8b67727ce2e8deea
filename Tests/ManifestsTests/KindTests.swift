import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// What a document is, and what is taken off around it.
@Suite struct KindTests {
    @Test func `the shape tells the kind`() throws {
        let state = try TestFolder(files: [
            "all.yaml": "\(Sample.taskDefinition)\n---\n\(Sample.service)\n---\nclusterName: main\n"
        ]).state()
        #expect(state.told.isEmpty)
        #expect(state.isComplete)
        #expect(state.taskDefinitions.map(\.family.text) == ["web"])
        #expect(state.taskDefinitions.first?.documentIndex == 0)
        #expect(state.services.map(\.key.description) == ["default/web"])
        #expect(state.clusters.map(\.name.text) == ["main"])
    }

    @Test func `JSON and YAML of one document give one input`() throws {
        let yaml = try TestFolder(files: ["web.yaml": Sample.taskDefinition]).state()
        let json = try TestFolder(files: [
            "web.json":
                #"{"containerDefinitions":[{"image":"nginx:1.27","memory":256,"name":"app","logConfiguration":{"logDriver":"json-file"}}],"family":"web"}"#
        ]).state()
        #expect(yaml.taskDefinitions.first?.input == json.taskDefinitions.first?.input)
        #expect(yaml.taskDefinitions.first?.input["containerDefinitions"]?[0]?["memory"] == 256)
    }

    @Test(arguments: [
        ("{\"a\": 1}", "unknown-kind"), ("5", "unknown-kind"), ("[1]", "unknown-kind"), ("{}", "unknown-kind"),
        (#"[{"name": "app", "image": "x"}]"#, "bare-list"),
        (#"{"Resources": {}}"#, "cloudformation"), (#"{"Family": "x", "ContainerDefinitions": []}"#, "cloudformation"),
        (#"{"apiVersion": "v1", "kind": "Service"}"#, "other-tool"),
        (#"{"service": "web", "desiredCount": 1}"#, "update-service-input"),
        (#"{"taskDefinition": "web", "count": 1}"#, "run-task-input"),
        (#"{"taskDefinition": "web", "desiredCount": 1}"#, "partial-service"),
        (
            #"{"serviceName": "web", "containerDefinitions": [{"name": "a", "image": "a:1", "memory": 64}]}"#,
            "ambiguous-kind"
        ),
    ])
    func `a document of no kind is explained`(_ text: String, _ rule: String) throws {
        let state = try TestFolder(files: ["x.json": text]).state()
        #expect(state.told == ["x.json:1:1 error \(rule)"])
        #expect(!state.isComplete)
    }

    @Test func `the answer of DescribeTaskDefinition reads, tags beside it included`() throws {
        let state = try TestFolder(files: [
            "web.json": """
            {
              "taskDefinition": {
                "taskDefinitionArn": "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:3",
                "family": "web", "revision": 3, "status": "ACTIVE", "compatibilities": ["EC2"],
                "containerDefinitions": [{"name": "app", "image": "x:1", "memory": 64}]
              },
              "tags": [{"key": "team", "value": "a"}, {"key": "aws:x", "value": "b"},
                       {"key": "mooring:digest", "value": "c"}]
            }
            """
        ]).state()
        #expect(
            state.told == [
                "web.json:2:3 remark envelope",
                "web.json:3:5 remark describe-only taskDefinitionArn",
                "web.json:7:43 remark reserved-tag tags",
                "web.json:8:12 remark reserved-tag tags",
            ])
        let input = try #require(state.taskDefinitions.first?.input)
        #expect(input.members?.map(\.name) == ["family", "containerDefinitions", "tags"])
        #expect(input["tags"] == [["key": "team", "value": "a"]])
    }

    @Test func `the answer of DescribeServices reads, each service on its own`() throws {
        let state = try TestFolder(files: [
            "services.json": """
            {"services": [
              {"serviceName": "a", "serviceArn": "arn:aws:ecs:eu-central-1:123456789012:service/main/a",
               "clusterArn": "arn:aws:ecs:eu-central-1:123456789012:cluster/main", "desiredCount": 1,
               "taskDefinition": "arn:aws:ecs:eu-central-1:123456789012:task-definition/a:1", "events": []},
              {"serviceName": "b", "desiredCount": 1, "taskDefinition": "b:7", "runningCount": 1}
            ], "failures": []}
            """
        ]).state()
        #expect(state.isComplete)
        #expect(state.services.map(\.key.description) == ["default/b", "main/a"])
        #expect(
            state.services.map(\.taskDefinition) == [
                .pinned("b:7"), .pinned("arn:aws:ecs:eu-central-1:123456789012:task-definition/a:1"),
            ])
        #expect(state.services.last?.input["events"] == nil)
    }

    @Test func `an envelope may carry our options, and what else stands beside it is named`() throws {
        let state = try TestFolder(files: [
            "web.yaml": """
            service: {serviceName: web, taskDefinition: "web:1", desiredCount: 1}
            mooring: {adopt: true}
            extra: 1
            """
        ]).state()
        #expect(state.services.first?.options.adopt == true)
        #expect(
            state.told == [
                "web.yaml:1:1 remark envelope", "web.yaml:3:1 warning dropped-member extra",
            ])
    }

    @Test func `a service's own task definition is no envelope`() throws {
        let state = try TestFolder(files: [
            "web.yaml": Sample.service.replacing("taskDefinition: web", with: "taskDefinition: web:3")
        ])
        .state()
        #expect(state.told.isEmpty)
        #expect(state.services.first?.input["taskDefinition"] == "web:3")
    }

    @Test func `members of a single call are left out with the better way`() throws {
        let state = try TestFolder(files: [
            "web.yaml":
                "serviceName: web\ntaskDefinition: web:1\ndesiredCount: 1\nforceNewDeployment: true\nclientToken: x\n"
        ]).state()
        #expect(
            state.told == [
                "web.yaml:4:1 warning call-only forceNewDeployment", "web.yaml:5:1 warning call-only clientToken",
            ])
        #expect(state.services.first?.input["forceNewDeployment"] == nil)
        #expect(state.findings.contains { $0.rule == "call-only" && $0.message.contains("redeploy") })
    }

    // MARK: Files

    @Test func `files that cannot be read say why`() throws {
        let inputs: [(String, [UInt8], String)] = [
            ("empty.yaml", Array("# nothing\n".utf8), "empty.yaml:1:1 error empty-file"),
            ("empty.json", Array(" \n".utf8), "empty.json:1:1 error empty-file"),
            ("large.json", [UInt8](repeating: 0x20, count: 1 << 20 | 1), "large.json error too-large"),
            ("nul.yaml", Array("a: \0".utf8), "nul.yaml error binary"),
            ("latin.yaml", [0x61, 0x3A, 0x20, 0xE9], "latin.yaml error not-utf8"),
            ("wide.json", [0xFF, 0xFE, 0x7B, 0x00], "wide.json error not-utf8"),
            ("broken.json", Array("{\"a\": 1,}".utf8), "broken.json:1:8 error malformed-json"),
            ("twice.json", Array("{\"a\": 1,\n \"a\": 2}".utf8), "twice.json:2:2 error duplicate-member"),
            ("broken.yml", Array("a: [".utf8), "broken.yml:2:1 error malformed-yaml"),
        ]
        for (name, bytes, expected) in inputs {
            let state = Manifests.desiredState(of: [ManifestInput(path: try TreePath(name), bytes: bytes)])
            #expect(state.told == [expected])
            #expect(!state.isComplete)
        }
    }

    @Test func `a byte order mark and a comment above JSON do no harm`() throws {
        let json = #"{"family": "web", "containerDefinitions": [{"name": "a", "image": "a:1", "memory": 64}]}"#
        let state = try TestFolder(files: [
            "a.json": "\u{FEFF}// ours\n" + json, "b.yaml": "\u{FEFF}" + json.replacing("web", with: "api"),
        ]).state()
        #expect(state.taskDefinitions.map(\.family.text) == ["api", "web"])
    }

    @Test func `a template's placeholder is named as the cause`() throws {
        let finding = try TestFolder(files: ["x.json": "{\n \"cpu\": {{cpu}}\n}"]).state().finding(
            "unrendered-template")
        #expect(finding.message.contains("Mooring runs no templates"))
        #expect(finding.position == SourcePosition(line: 2, column: 10))
    }

    @Test func `services of an unreadable file are named`() throws {
        let state = try TestFolder(files: [
            "a.json": #"{"serviceName": "api", "cluster": "arn:aws:ecs:eu-central-1:123456789012:cluster/main", }"#,
            "b.yaml": "serviceName: first\ntaskDefinition: x:1\ndesiredCount: 1\n---\nserviceName: 'second'\na: [\n",
        ]).state()
        #expect(state.services.isEmpty)
        #expect(state.badServices.map(\.key.description) == ["default/first", "default/second", "main/api"])
        #expect(state.badServices.map(\.file.text) == ["b.yaml", "b.yaml", "a.json"])
    }
}
