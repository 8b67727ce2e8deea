import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// Names, duplicates and references between the manifests of a folder.
@Suite struct AssemblyTests {
    @Test func `a service finds its task definition by family or by path`() throws {
        for reference in ["web", "./task.yaml", "task.yaml", "../web/task.yaml"] {
            let state = try TestFolder(
                files: [
                    "envs/web/task.yaml": Sample.taskDefinition,
                    "envs/web/service.yaml": Sample.service.replacing(
                        "Definition: web", with: "Definition: \(reference)"),
                ],
                folder: "envs"
            ).state()
            #expect(state.findings.map(\.line) == [])
            let service = try #require(state.services.first)
            #expect(service.taskDefinition == .family(try Family("web")))
            #expect(
                service.files.map(\.text) == ["envs/mooring.yaml", "envs/web/service.yaml", "envs/web/task.yaml"])
        }
    }

    @Test func `a task definition that no service uses is remarked on`() throws {
        var folder = TestFolder(files: [
            "task.yaml": Sample.taskDefinition, "service.yaml": Sample.service,
            "other.yaml": Sample.taskDefinition.replacing("family: web", with: "family: other"),
        ])
        let finding = try folder.state().finding("unused-task-definition")
        #expect(finding.severity == .remark && finding.file?.text == "other.yaml" && finding.position?.line == 1)
        #expect(finding.message.contains("'other'"))
        #expect(try folder.state().isComplete)
        // While something cannot be used, it is not known what it would refer to.
        folder.files["bad.yaml"] = "serviceName: [\n"
        #expect(try !folder.state().findings.contains { $0.rule == "unused-task-definition" })
    }

    @Test(arguments: ["web:12", "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:12"])
    func `a pinned revision is left alone`(_ reference: String) throws {
        let state = try TestFolder(files: [
            "s.yaml": Sample.service.replacing("Definition: web", with: "Definition: \(reference)")
        ]).state()
        #expect(state.services.first?.taskDefinition == .pinned(reference))
        #expect(state.services.first?.files.map(\.text) == ["mooring.yaml", "s.yaml"])
    }

    @Test(arguments: [
        ("wbe", "unknown-task-definition", "Did you mean 'web'?"),
        ("other", "unknown-task-definition", "('other:1')"),
        ("./missing.yaml", "unknown-task-definition", "no task definition in 'missing.yaml'"),
        ("../../x.yaml", "bad-reference", "leads out of the repository"),
        ("two.yaml", "unknown-task-definition", "holds 2 task definitions"),
        ("web:0", "bad-reference", "names no task definition"),
        ("{{family}}", "bad-reference", "names no task definition"),
        (
            "arn:aws:ecs:eu-central-1:123456789012:task-definition/web", "bad-reference",
            "is not the ARN of one revision"
        ),
        ("bad.yaml", "bad-task-definition", "bad.yaml:1:1 cannot be used"),
        ("bad", "bad-task-definition", "bad.yaml:1:1 cannot be used"),
    ])
    func `a reference that leads nowhere is an error with its remedy`(
        _ reference: String, _ rule: String, _ part: String,
    ) throws {
        let state = try TestFolder(files: [
            "web.yaml": Sample.taskDefinition, "bad.yaml": "family: bad\n",
            "two.yaml":
                "family: a\ncontainerDefinitions: [{name: a, image: a:1, memory: 64}]\n---\nfamily: b\ncontainerDefinitions: [{name: a, image: a:1, memory: 64}]\n",
            "s.yaml": Sample.service.replacing("Definition: web", with: "Definition: '\(reference)'"),
        ]).state()
        let finding = try state.finding(rule)
        #expect(finding.message.contains(part), "\(finding.message)")
        #expect(finding.told == "s.yaml:2:17 error \(rule) taskDefinition")
        #expect(state.services.isEmpty)
        #expect(
            state.badServices == [
                BadService(key: try key("default/web"), file: try TreePath("s.yaml"), why: finding.message)
            ])
    }

    @Test func `the cluster is the manifest's, else the environment's only one, else ECS's default`() throws {
        let files = [
            "a.yaml": "serviceName: a\ntaskDefinition: a:1\ndesiredCount: 1\n",
            "b.yaml": "serviceName: b\ntaskDefinition: a:1\ndesiredCount: 1\ncluster: blue\n",
            "c.yaml":
                "serviceName: c\ntaskDefinition: a:1\ndesiredCount: 1\ncluster: arn:aws:ecs:eu-west-1:123456789012:cluster/red\n",
        ]
        #expect(
            try TestFolder(files: files).state().services.map(\.key.description) == ["blue/b", "default/a", "red/c"])
        #expect(
            try TestFolder(files: files, defaultCluster: "main").state().services.map(\.key.description)
                == ["blue/b", "main/a", "red/c"])
    }

    @Test func `two manifests for one service name each other and neither is used`() throws {
        let state = try TestFolder(files: [
            "a.yaml": "serviceName: web\ntaskDefinition: web:1\ndesiredCount: 1\n",
            "b.yaml":
                "serviceName: api\ntaskDefinition: web:1\ndesiredCount: 1\n---\n# again\n\(Sample.service)\ncluster: default\n",
            "c.yaml": Sample.taskDefinition,
        ]).state()
        #expect(
            state.told == [
                "a.yaml:1:14 error duplicate-service serviceName", "b.yaml:6:14 error duplicate-service serviceName",
            ])
        let duplicates = state.findings.filter { $0.rule == "duplicate-service" }
        #expect(duplicates.first?.message.contains("'default/web' is also in b.yaml:6:1") == true)
        #expect(duplicates.last?.message.contains("is also in a.yaml:1:1") == true)
        #expect(state.services.map(\.key.description) == ["default/api"])
        #expect(state.badServices.map(\.key.description) == ["default/web"])
        #expect(!state.isComplete)
    }

    @Test func `two manifests for one family stop the services that name it, also by path`() throws {
        let state = try TestFolder(files: [
            "a.yaml": Sample.taskDefinition, "b.yaml": Sample.taskDefinition,
            "s.yaml": Sample.service.replacing("Definition: web", with: "Definition: ./a.yaml"),
        ]).state()
        #expect(
            state.told == [
                "a.yaml:1:9 error duplicate-family family", "b.yaml:1:9 error duplicate-family family",
                "s.yaml:2:17 error bad-task-definition taskDefinition",
            ])
        #expect(state.taskDefinitions.isEmpty)
        #expect(state.badServices.count == 1)
    }

    @Test func `a bad document fails alone`() throws {
        let state = try TestFolder(files: [
            "all.yaml": """
            \(Sample.taskDefinition)
            ---
            \(Sample.service)
            ---
            serviceName: api
            taskDefinition: web
            desiredCount: many
            """
        ]).state()
        #expect(state.told == ["all.yaml:15:15 error wrong-type desiredCount"])
        #expect(state.services.map(\.key.description) == ["default/web"])
        #expect(state.badServices.map(\.why) == ["desiredCount takes a whole number, not 'many'."])
        #expect(!state.isComplete)
    }

    @Test func `names that ECS does not take are refused, placeholders recognised`() throws {
        let state = try TestFolder(files: [
            "a.yaml": "family: $FAMILY\ncontainerDefinitions: [{name: a, image: a:1, memory: 64}]\n",
            "b.yaml": "serviceName: a b\ntaskDefinition: x:1\ndesiredCount: 1\n",
            "c.yaml": "serviceName: ok\ncluster: 'no good'\ntaskDefinition: x:1\ndesiredCount: 1\n",
            "d.yaml": "clusterName: ''\n",
        ]).state()
        #expect(
            state.told == [
                "a.yaml:1:9 error bad-name family", "b.yaml:1:14 error bad-name serviceName",
                "c.yaml:2:10 error bad-name cluster", "d.yaml:1:14 error bad-name clusterName",
            ])
        #expect(state.findings.first?.message.contains("placeholder") == true)
    }

    // MARK: Order

    @Test func `the order of files does not matter`() throws {
        let files = try (0..<20).map { number in
            ManifestInput(
                path: try TreePath("f\(number * 7 % 20).yaml"),
                bytes: Array(
                    """
                    family: f\(number % 15)
                    containerDefinitions: [{name: a, image: a:1, memory: 64}]
                    ---
                    serviceName: s\(number % 12)
                    taskDefinition: f\((number * 3) % 17)
                    mooring: {wave: \(number % 3), dependsOn: [s\(number * 5 % 14), r\(number % 9)]}
                    ---
                    taskDefinition: f\(number % 17)
                    mooring: {runs: {name: r\(number % 15), before: [s\(number % 13)]}}
                    """.utf8))
        }
        let states = [files, files.reversed(), files.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }].map {
            Manifests.desiredState(of: $0)
        }
        #expect(Set(states).count == 1)
        #expect(!states[0].services.isEmpty)
        #expect(!states[0].badServices.isEmpty)
        #expect(!states[0].runs.isEmpty && !states[0].badRuns.isEmpty)
        let rules = Set(states[0].findings.map(\.rule))
        #expect(
            rules.isSuperset(of: ["order-self", "order-wave", "order-unknown", "duplicate-task"]), "\(rules.sorted())")
    }

    @Test func `five thousand services are read in seconds`() throws {
        let files = try (0..<5000).flatMap { number in
            [
                ManifestInput(
                    path: try TreePath("s\(number)/task.yaml"),
                    bytes: Array(Sample.taskDefinition.replacing("web", with: "web\(number)").utf8)),
                ManifestInput(
                    path: try TreePath("s\(number)/service.yaml"),
                    bytes: Array("serviceName: web\(number)\ntaskDefinition: ./task.yaml\ndesiredCount: 1\n".utf8)),
            ]
        }
        let clock = ContinuousClock()
        var state = DesiredState()
        let elapsed = clock.measure { state = Manifests.desiredState(of: files) }
        print("Reading 10,000 manifests takes \(elapsed).")
        #expect(state.services.count == 5000)
        #expect(state.isComplete)
        // Unoptimised and on a busy machine; the bound is there to notice a quadratic step.
        #expect(elapsed < .seconds(60))
    }

    private func key(_ text: String) throws -> ServiceKey {
        let halves = text.split(separator: "/").map(String.init)
        return ServiceKey(cluster: try ClusterName(halves[0]), service: try ServiceName(halves[1]))
    }
}
