import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// What manifests say of their places in the order of an environment.
@Suite struct PlaceTests {
    private func service(_ name: String, _ options: String = "", cluster: String? = nil) -> String {
        "serviceName: \(name)\ntaskDefinition: a:1\ndesiredCount: 1\nmooring: {\(options)}\n"
            + (cluster.map { "cluster: \($0)\n" } ?? "")
    }

    private func run(_ name: String, _ words: String = "") -> String {
        "taskDefinition: a:1\nmooring: {runs: {name: \(name), \(words)}}\n"
    }

    private func state(_ files: [String: String]) throws -> DesiredState { try TestFolder(files: files).state() }

    private func dependencies(_ state: DesiredState) -> [String] {
        state.order.map { entry in "\(entry.node) <- " + entry.dependsOn.map(\.node.description).joined(separator: ", ")
        }
    }

    @Test func `names are of the writer's cluster, or say another`() throws {
        let state = try state([
            "a.yaml": service("a", "dependsOn: [b, other/b, m]", cluster: "main"),
            "b.yaml": service("b", cluster: "main"), "c.yaml": service("b", cluster: "other"),
            "m.yaml": run("m") + "cluster: main\n",
        ])
        #expect(state.told == [])
        #expect(
            dependencies(state) == [
                "main/a <- main/b, other/b, task main/m", "main/b <- ", "task main/m <- ", "other/b <- ",
            ])
        #expect(state.services.first?.options.dependsOn.map(\.description) == ["main/b", "other/b"])
        #expect(state.order.first?.dependsOn.map(\.position?.column) == [23, 26, 35])
        #expect(state.order.first?.position == SourcePosition(line: 1, column: 1))
    }

    @Test func `a service and a one-off task of one name are told apart by a word`() throws {
        var files = [
            "a.yaml": service("a", "dependsOn: [web]"), "web.yaml": service("web"),
            "run.yaml": run("web", "before: web"),
        ]
        let finding = try state(files).finding("bad-dependency")
        #expect(
            finding.line
                == "a.yaml:4:23: error: 'web' is both a service and a one-off task. Write 'service web' or 'task web'. "
                + "[bad-dependency]")
        files["a.yaml"] = service("a", "dependsOn: [task web, service default/web]")
        let state = try state(files)
        #expect(state.told == [])
        #expect(dependencies(state).first == "default/a <- task default/web, default/web")
        // Nobody means itself where another has the name.
        let entry = try #require(state.order.first { $0.node.description == "task default/web" })
        #expect(entry.before.map(\.node.description) == ["default/web"])
    }

    @Test func `a name that nobody has is told with what was meant, and its writer is no bad manifest`() throws {
        let state = try state([
            "a.yaml": service("a", "dependsOn: [databse]"), "b.yaml": service("database"),
            "c.yaml": service("c", "dependsOn: [migrte]"), "m.yaml": run("migrate", "after: [a, nothing]"),
        ])
        #expect(
            state.told == [
                "a.yaml:4:23 error order-unknown mooring.dependsOn",
                "c.yaml:4:23 error order-unknown mooring.dependsOn",
                "m.yaml:2:44 error order-unknown mooring.runs.after",
            ])
        #expect(
            try #require(state.heeded.first).message
                == "'default/a' is to wait for 'default/databse', which no manifest of this environment describes, so it is not "
                + "started or changed. Did you mean 'default/database'? Correct the name, add its manifest, or take the name out."
        )
        #expect(state.heeded[1].message.contains("Did you mean 'task default/migrate'?"))
        #expect(state.services.count == 3 && state.badServices.isEmpty && state.runs.count == 1)
        #expect(!state.isComplete)
        #expect(dependencies(state).first == "default/a <- default/databse")
    }

    @Test func `nobody is offered itself in place of what it waits for`() throws {
        let state = try state([
            "a.yaml": service("cache2", "dependsOn: [cache1]"), "m.yaml": run("seed", "before: [sead]"),
        ])
        let messages = state.findings.filter { $0.rule == "order-unknown" }.map(\.message)
        #expect(
            messages == [
                "'default/cache2' is to wait for 'default/cache1', which no manifest of this environment describes, so it is "
                    + "not started or changed. Correct the name, add its manifest, or take the name out.",
                "'task default/seed' is to run before 'default/sead', which no manifest of this environment describes, so it "
                    + "is not started or changed. Correct the name, add its manifest, or take the name out.",
            ])
    }

    @Test func `a circle and a contradiction of waves are told once`() throws {
        let circle = try state([
            "a.yaml": service("a", "dependsOn: [b]"), "b.yaml": service("b", "dependsOn: [a]"), "c.yaml": service("c"),
        ])
        #expect(circle.told == ["a.yaml:4:23 error order-cycle mooring.dependsOn"])
        #expect(circle.services.count == 3)
        let waves = try state([
            "a.yaml": service("a", "wave: 1, dependsOn: [b]"), "b.yaml": service("b", "wave: 2"),
            "m.yaml": run("m", "before: [a]"),
        ])
        #expect(waves.told == ["a.yaml:4:32 error order-wave mooring.dependsOn"])
        #expect(waves.order.map(\.wave) == [1, 2, 0])
    }

    @Test func `whoever waits for itself is told`() throws {
        let state = try state(["a.yaml": service("a", "dependsOn: [a]"), "m.yaml": run("m", "before: m")])
        #expect(
            state.told == [
                "a.yaml:4:23 error order-self mooring.dependsOn", "m.yaml:2:35 error order-self mooring.runs.before",
            ])
    }

    @Test func `what is bad or cannot be read exists all the same`() throws {
        let state = try state([
            "a.yaml": service("a", "dependsOn: [b, c]"), "b.yaml": service("b") + "launchType: MOON\n",
            "c.yaml": "serviceName: c\na: [\n",
        ])
        #expect(!state.findings.contains { $0.rule == "order-unknown" }, "\(state.told)")
        #expect(state.services.map(\.key.service.text) == ["a"])
        #expect(state.order.map(\.node.description) == ["default/a", "default/b", "default/c"])
    }

    @Test func `while names are open, none is called unknown`() throws {
        let files = [
            "mooring.yaml": "variables: {name: {fromParameter: /a}}\n", "a.yaml": service("a", "dependsOn: [b]"),
            "b.yaml": service("${name}"),
        ]
        #expect(try state(files).told == [])
        let known = try TestFolder(files: files, readings: .asked(["/a": .value("c")])).state()
        #expect(known.told == ["a.yaml:4:23 error order-unknown mooring.dependsOn"])
        // A name that is itself open is looked up when it is known.
        let open = [
            "mooring.yaml": "variables: {name: {fromParameter: /a}}\n",
            "a.yaml": service("a", "dependsOn: ['${name}']"),
            "b.yaml": service("b"),
        ]
        #expect(try state(open).told == [])
        #expect(try TestFolder(files: open, readings: .asked(["/a": .value("b")])).state().told == [])
        #expect(
            try TestFolder(files: open, readings: .asked(["/a": .value("c")])).state().told
                == ["a.yaml:4:23 error order-unknown mooring.dependsOn"])
    }
}
