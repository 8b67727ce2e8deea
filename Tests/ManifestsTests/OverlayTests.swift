import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// `mooring.base`: manifests that build upon others.
@Suite struct OverlayTests {
    private static let base = """
        family: web
        cpu: 256
        memory: 512
        containerDefinitions:
          - name: app
            image: nginx:1.27
            command: [a, b]
            environment:
              - {name: LEVEL, value: info}
              - {name: COLOUR, value: red}
            portMappings:
              - {containerPort: 80, protocol: tcp, name: http}
              - {containerPort: 53, protocol: udp}
          - name: sidecar
            image: envoy:1
        tags:
          - {key: team, value: shop}
        """

    private func definition(_ overlay: String, base: String = base) throws -> (Value, DesiredState) {
        let state = try TestFolder(
            files: ["envs/prod/web.yaml": overlay], folder: "envs/prod", others: ["base/web.yaml": base]
        ).state()
        #expect(state.heeded.filter { $0.severity != .remark }.map(\.line) == [])
        return (try #require(state.taskDefinitions.first?.input), state)
    }

    @Test func `maps merge, named lists merge by name, other lists replace, null removes`() throws {
        let (input, state) = try definition(
            """
            mooring: {base: ../../base/web.yaml}
            memory: 1024
            cpu: null
            containerDefinitions:
              - name: app
                image: nginx:1.28
                command: [c]
                environment:
                  - {name: LEVEL, value: debug}
                  - {name: NEW, value: x}
                portMappings:
                  - {containerPort: 80, appProtocol: http}
                  - {containerPort: 53, protocol: tcp}
            tags:
              - {key: stage, value: prod}
            """)
        let app = try #require(input["containerDefinitions"]?[0])
        #expect(input["memory"] == "1024")
        #expect(input["cpu"] == nil)
        #expect(input["mooring"] == nil)
        #expect(app["image"] == "nginx:1.28")
        #expect(app["command"] == ["c"])
        #expect(
            app["environment"] == [
                ["name": "LEVEL", "value": "debug"], ["name": "COLOUR", "value": "red"],
                ["name": "NEW", "value": "x"],
            ])
        #expect(
            app["portMappings"] == [
                ["containerPort": 80, "protocol": "tcp", "name": "http", "appProtocol": "http"],
                ["containerPort": 53, "protocol": "udp"], ["containerPort": 53, "protocol": "tcp"],
            ])
        #expect(input["containerDefinitions"]?[1] == ["name": "sidecar", "image": "envoy:1"])
        #expect(input["tags"]?.elements?.count == 2)
        #expect(state.isComplete)
    }

    @Test func `an element is taken out by name`() throws {
        let (input, _) = try definition(
            """
            mooring: {base: ../../base/web.yaml}
            containerDefinitions:
              - {name: sidecar, mooring: {remove: true}}
              - name: app
                environment: [{name: COLOUR, mooring: {remove: true}}]
            """)
        #expect(input["containerDefinitions"]?.elements?.map { $0["name"]?.text } == ["app"])
        #expect(input["containerDefinitions"]?[0]?["environment"] == [["name": "LEVEL", "value": "info"]])
        let wrong = try TestFolder(
            files: [
                "p/web.yaml":
                    "mooring: {base: ../b.yaml}\ncontainerDefinitions:\n  - {name: sidecra, mooring: {remove: true}}\n"
            ], folder: "p", others: ["b.yaml": Self.base]
        ).state()
        let finding = try wrong.finding("nothing-to-remove")
        #expect(finding.place == "p/web.yaml:3:5")
        #expect(finding.message.contains("Did you mean 'sidecar'?"))
    }

    @Test func `names are compared as variables make them`() throws {
        let state = try TestFolder(
            files: [
                "p/mooring.yaml": "variables: {app: app, tag: v9}",
                "p/web.yaml":
                    "mooring: {base: ../b.yaml}\ncontainerDefinitions:\n  - {name: '${app}', image: 'x:${tag}'}\n",
            ], folder: "p", others: ["b.yaml": Self.base.replacing("name: sidecar", with: "name: ${app}-side")]
        ).state()
        #expect(state.told == [])
        let containers = try #require(state.taskDefinitions.first?.input["containerDefinitions"]?.elements)
        #expect(containers.map { $0["name"]?.text } == ["app", "app-side"])
        #expect(containers.first?["image"] == "x:v9")
    }

    @Test func `a service of few lines inherits its name, its options and its task definition`() throws {
        let state = try TestFolder(
            files: [
                "envs/prod/web.service.yaml":
                    "mooring: {base: ../../base/web.service.yaml, timeout: 5m}\ndesiredCount: 6\n",
                "envs/prod/web.task.yaml": "mooring: {base: ../../base/web.task.yaml#web}\n",
            ], folder: "envs/prod",
            others: [
                "base/web.service.yaml":
                    "mooring: {base: ./common.yaml, adopt: true}\nserviceName: web\ntaskDefinition: web\n",
                "base/common.yaml":
                    "launchType: EC2\ndesiredCount: 1\nmooring: {timeout: 9m, dependsOn: [db]}\n",
                "base/web.task.yaml": "family: db\ncontainerDefinitions: []\n---\n\(Sample.taskDefinition)\n",
                "base/unused.yaml": "a: [",
            ]
        ).state()
        #expect(
            state.heeded.map(\.told) == ["base/common.yaml:3:36 error order-unknown mooring.dependsOn"])
        #expect(!state.isComplete)
        let service = try #require(state.services.first)
        #expect(service.key.description == "default/web")
        #expect(service.options.timeout == .seconds(300) && service.options.adopt)
        // What a base says stands in another file than the manifest.
        #expect(state.order.map(\.file.text) == ["envs/prod/web.service.yaml"])
        #expect(state.order.first?.dependsOn.map(\.position) == [nil])
    }

    @Test func `a service depends on its bases and those of its task definition`() throws {
        let folder = TestFolder(
            files: [
                "p/s.yaml": "mooring: {base: ../b/s.yaml}\ndesiredCount: 6\n",
                "p/t.yaml": "mooring: {base: ../b/t.yaml}\n",
            ], folder: "p",
            others: [
                "b/s.yaml": "mooring: {base: common.yaml, adopt: true}\nserviceName: web\ntaskDefinition: web\n",
                "b/common.yaml": "launchType: EC2\ndesiredCount: 1\nmooring: {timeout: 9m}\n",
                "b/t.yaml": Sample.taskDefinition,
            ])
        let state = try folder.state()
        #expect(state.told == [])
        let service = try #require(state.services.first)
        #expect(
            service.files.map(\.text) == [
                "b/common.yaml", "b/s.yaml", "b/t.yaml", "p/mooring.yaml", "p/s.yaml", "p/t.yaml",
            ])
        #expect(service.input["desiredCount"] == 6)
        #expect(service.input["launchType"] == "EC2")
        #expect(service.options.adopt)
        #expect(service.options.timeout == .seconds(540))
        #expect(try folder.collection().otherFiles.map(\.text) == ["b/common.yaml", "b/s.yaml", "b/t.yaml"])
    }

    @Test func `findings are in the file where the value is written`() throws {
        let state = try TestFolder(
            files: ["p/t.yaml": "mooring: {base: ../b.yaml}\ncpu: 256\nmemroy: 5\n"], folder: "p",
            others: ["b.yaml": Sample.taskDefinition.replacing("memory: 256", with: "memory: much") + "\nfamliy: x\n"]
        ).state()
        #expect(
            state.findings.map(\.told) == [
                "b.yaml:5:13 error wrong-type containerDefinitions[0].memory",
                "b.yaml:7:1 warning unknown-member famliy", "p/t.yaml:3:1 warning unknown-member memroy",
            ])
        #expect(state.findings.allSatisfy { $0.position?.source == 0 })
    }

    @Test func `rules of AWS's prose speak in the file where the value is written, too`() throws {
        let base = Sample.taskDefinition.replacing("image: nginx:1.27", with: "image: nginx:latest").replacing(
            "memory: 256", with: "memory: 256\n    memoryReservation: 512")
        let state = try TestFolder(
            files: ["p/t.yaml": "mooring: {base: ../b.yaml}\ntags: [{key: AWS:x, value: y}]\n"], folder: "p",
            others: ["b.yaml": base]
        ).state()
        #expect(
            state.findings.map(\.told) == [
                "b.yaml:4:12 warning latest-tag containerDefinitions[0].image",
                "b.yaml:6:24 error memory-reservation containerDefinitions[0].memoryReservation",
                "p/t.yaml:2:14 error reserved-tag-prefix tags[0].key",
            ])
        #expect(state.findings.allSatisfy { $0.position?.source == 0 })
    }

    @Test func `a base in the folder is a manifest itself, unless it has no name or is ignored`() throws {
        let nameless = Sample.taskDefinition.replacing("family: web\n", with: "")
        let state = try TestFolder(files: [
            "base.yaml": nameless, "a.yaml": "mooring: {base: base.yaml}\nfamily: a\n",
            "b.yaml": "mooring: {base: ./base.yaml}\nfamily: b\n",
        ]).state()
        #expect(state.findings.map(\.line) == [])
        #expect(state.taskDefinitions.map(\.family.text) == ["a", "b"])
        let named = try TestFolder(files: [
            "base.yaml": Sample.taskDefinition, "a.yaml": "mooring: {base: base.yaml}\nfamily: a\n",
        ]).state()
        #expect(named.taskDefinitions.map(\.family.text) == ["a", "web"])
        let ignored = try TestFolder(files: [
            "mooring.yaml": "ignore: [base.yaml]", "base.yaml": Sample.taskDefinition,
            "a.yaml": "mooring: {base: base.yaml}\nfamily: a\n",
        ]).state()
        #expect(ignored.taskDefinitions.map(\.family.text) == ["a"])
        let orphan = try TestFolder(files: ["base.yaml": nameless]).told()
        #expect(orphan.contains { $0.contains("missing-member") })
    }

    @Test func `files outside of the folder are only bases, also where they are given at once`() throws {
        let files = ["p/a.yaml": "mooring: {base: ../b.yaml}\nmemory: 512\n", "b.yaml": Sample.taskDefinition]
        let state = try TestFolder(files: files, folder: "p").state()
        #expect(state.findings.map(\.line) == [])
        #expect(state.taskDefinitions.map(\.file.text) == ["p/a.yaml"])
        #expect(state.taskDefinitions.first?.input["memory"] == "512")
    }

    @Test(arguments: [
        ("nothing.yaml", "'nothing.yaml' cannot be read: there is no such file."),
        ("../../x.yaml", "leads out of the repository"),
        ("https://example.com/a.yaml", "Nothing is read from elsewhere"),
        ("web", "is no *.json, *.yaml or *.yml"), ("broken.yaml", "The base 'broken.yaml:2:1' cannot be read"),
        ("two.yaml", "holds 2 documents. Name one behind its path. There are '#a', '#b'."),
        ("two.yaml#c", "holds no document called 'c'. There are '#a', '#b'."),
        ("p/web.yaml", "go round in a circle: p/web.yaml -> p/web.yaml"),
        ("loop1.yaml", "p/web.yaml -> loop1.yaml -> loop2.yaml -> loop1.yaml"),
        ("service.yaml", "is a service, what builds upon it is a task definition"),
    ])
    func `a base that cannot be used is one error at its place`(_ base: String, _ part: String) throws {
        let state = try TestFolder(
            files: ["p/web.yaml": "family: web\nmooring:\n  base: ../\(base)\n".replacing("../https", with: "https")],
            folder: "p",
            others: [
                "broken.yaml": "a: [", "two.yaml": "family: a\n---\nfamily: b\n",
                "loop1.yaml": "mooring: {base: loop2.yaml}\n", "loop2.yaml": "mooring: {base: loop1.yaml}\n",
                "service.yaml": Sample.service,
            ]
        ).state()
        let finding = try state.finding("bad-base")
        #expect(finding.message.contains(part), "\(finding.message)")
        #expect(["p/web.yaml:3:9", "loop2.yaml:1:17"].contains(finding.place), "\(finding.place)")
        #expect(state.taskDefinitions.isEmpty)
    }

    @Test func `of an overlay whose base is missing, nothing but that is told`() throws {
        let state = try TestFolder(
            files: [
                "p/task.yaml":
                    "mooring: {base: ../gone.yaml}\nfamily: web\ncontainerDefinitions:\n"
                    + "  - {name: sidecar, mooring: {remove: true}}\n  - {name: app, cpu: 5}\n",
                "p/service.yaml": Sample.service,
                "p/nameless.yaml": "mooring: {base: ../gone.yaml}\ncpu: 256\n",
                "p/other.yaml": Sample.service.replacing("Name: web", with: "Name: other").replacing(
                    "taskDefinition: web", with: "taskDefinition: nameless.yaml"),
            ], folder: "p"
        ).state()
        #expect(
            state.heeded.map(\.told) == [
                "p/nameless.yaml:1:17 error bad-base mooring.base", "p/task.yaml:1:17 error bad-base mooring.base",
            ])
        #expect(state.taskDefinitions.isEmpty && !state.isComplete)
    }

    @Test func `bases under one another are bounded`() throws {
        let others = (0..<20).map { ("b\($0).yaml", "mooring: {base: b\($0 + 1).yaml}\n") }
        let state = try TestFolder(
            files: ["p/web.yaml": "family: web\nmooring: {base: ../b0.yaml}\n"], folder: "p",
            others: Dictionary(uniqueKeysWithValues: others)
        ).state()
        #expect(try state.finding("bad-base").message.contains("more than 8 bases"))
    }

    @Test func `the order of files does not matter to overlays either`() throws {
        let inputs = try [
            "a.yaml": "mooring: {base: base.yaml}\nfamily: a\n", "b.yaml": "mooring: {base: a.yaml}\nfamily: b\n",
            "base.yaml": Sample.taskDefinition.replacing("family: web\n", with: ""),
        ].map { ManifestInput(path: try TreePath($0.key), bytes: Array($0.value.utf8)) }
        let states = [inputs, inputs.reversed()].map { Manifests.desiredState(of: $0) }
        #expect(Set(states).count == 1)
        #expect(states[0].taskDefinitions.map(\.family.text) == ["a", "b"])
    }
}
