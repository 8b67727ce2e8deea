import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// One-off tasks: manifests in RunTask's shape.
@Suite struct RunTests {
    private func state(_ run: String, path: String = "migrate.yaml", more: [String: String] = [:]) throws
        -> DesiredState
    {
        let files = ["task.yaml": Sample.taskDefinition, "web.yaml": Sample.service, path: run]
        return try TestFolder(files: files.merging(more) { $1 }).state()
    }

    @Test func `what RunTask takes is a one-off task by the word that says so`() throws {
        let state = try state(Sample.run + "\ncount: 2\ncluster: default\n")
        #expect(state.told == [])
        #expect(state.isComplete)
        let run = try #require(state.runs.first)
        #expect(run.node.description == "task default/migrate")
        #expect(run.taskDefinition == .family(try Family("web")))
        #expect(run.input["count"] == 2)
        #expect(run.input["mooring"] == nil)
        #expect(run.files.map(\.text) == ["migrate.yaml", "mooring.yaml", "task.yaml"])
        #expect(state.services.map(\.key.description) == ["default/web"])
        let entry = try #require(state.order.first)
        #expect(entry.node == run.node)
        #expect(entry.before.map(\.node.description) == ["default/web"])
        #expect(entry.before.first?.position == SourcePosition(line: 3, column: 18))
    }

    @Test func `without the word nothing runs, however much it looks like RunTask`() throws {
        let state = try state("taskDefinition: web\ncount: 1\noverrides: {}\nstartedBy: me\n")
        #expect(state.runs.isEmpty)
        let finding = try state.finding("run-task-input")
        #expect(finding.message.contains("'mooring: {runs: {before: [SERVICE]}}'"))
    }

    @Test(arguments: [
        ("migrate.yaml", "migrate"), ("a/b/db-migrate.run.yaml", "db-migrate"), ("seed_2.json.yaml", "seed_2"),
    ])
    func `its name is the file's up to the first dot`(_ path: String, _ name: String) throws {
        #expect(try state(Sample.run, path: path).runs.map(\.name.text) == [name])
    }

    @Test func `a file whose name is none needs one`() throws {
        let state = try state(Sample.run, path: "überall.yaml")
        #expect(state.told == ["überall.yaml:1:1 error bad-name mooring.runs.name"])
        #expect(
            try self.state(Sample.run.replacing("before", with: "name: seed, before"), path: "überall.yaml").told == [])
    }

    @Test func `the task definition is found as a service's is`() throws {
        for (reference, expected) in [
            ("./task.yaml", TaskDefinitionReference.family(try Family("web"))), ("web:3", .pinned("web:3")),
        ] {
            let state = try state(Sample.run.replacing("taskDefinition: web", with: "taskDefinition: \(reference)"))
            #expect(state.told == [])
            #expect(state.runs.map(\.taskDefinition) == [expected])
        }
        let state = try state(Sample.run.replacing("taskDefinition: web", with: "taskDefinition: wbe"))
        #expect(state.told == ["migrate.yaml:1:17 error unknown-task-definition taskDefinition"])
    }

    @Test func `its task definition is used, for it is registered`() throws {
        let state = try TestFolder(files: [
            "task.yaml": Sample.taskDefinition, "seed.yaml": "taskDefinition: web\nmooring: {runs: {}}\n",
        ]).state()
        #expect(state.told == [])
        #expect(state.runs.map(\.name.text) == ["seed"])
    }

    @Test func `a bad one keeps its place, so that what comes after it waits`() throws {
        let state = try state(Sample.run + "\ncount: many\n")
        #expect(state.told == ["migrate.yaml:5:8 error wrong-type count"])
        #expect(state.runs.isEmpty)
        let bad = try #require(state.badRuns.first)
        #expect(bad.node.description == "task default/migrate")
        #expect(bad.why == "count takes a whole number, not 'many'.")
        #expect(state.order.map(\.node.description) == ["task default/migrate", "default/web"])
        #expect(state.order.first?.before.map(\.node.description) == ["default/web"])
        let misnamed = try self.state(Sample.run.replacing("before", with: "name: a b, before"))
        #expect(misnamed.told == ["migrate.yaml:3:16 error bad-name mooring.runs.name"])
        #expect(misnamed.badRuns.map(\.name.text) == ["migrate"])
        #expect(misnamed.order.first?.before.map(\.node.description) == ["default/web"])
    }

    @Test func `two of one name are told and neither runs`() throws {
        let state = try state(Sample.run + "\n---\n" + Sample.run + "\n")
        #expect(
            state.told == [
                "migrate.yaml:1:1 error duplicate-task mooring.runs.name",
                "migrate.yaml:6:1 error duplicate-task mooring.runs.name",
            ])
        #expect(try #require(state.findings.first).message.contains("'default/migrate' is also in migrate.yaml:6:1"))
        #expect(state.runs.isEmpty && state.badRuns.count == 1)
    }

    @Test(arguments: [
        "adopt: true", "shared: true", "replace: true", "drift: report", "autoscaling: {MinCapacity: 1}",
        "ignore: [count]", "approve: abc1234", "waitFor: steady",
    ])
    func `what only services have is refused with the reason`(_ option: String) throws {
        let state = try state(Sample.run.replacing("mooring:", with: "mooring:\n  \(option)"))
        let name = option.prefix { $0 != ":" }
        #expect(state.told == ["migrate.yaml:3:3 error misplaced-option mooring.\(name)"])
        let message = try state.finding("misplaced-option").message
        #expect(message.hasPrefix("'\(name)' is a service's: ") && message.hasSuffix(" Remove it."), "\(message)")
    }

    @Test func `what both have is read`() throws {
        let options =
            "mooring:\n  timeout: 1h\n  redeploy: x\n  wave: 3\n  dependsOn: [web]\n  freeze: {until: 2026-12-27}\n  pause: {until: 2026-12-01}"
        let text = Sample.run.replacing("mooring:", with: options).replacing(
            "before: web", with: "name: late, after: web")
        let state = try state(text)
        #expect(state.told == [])
        let run = try #require(state.runs.first)
        #expect(run.options.timeout == .seconds(3600))
        #expect(run.options.redeploy == "x")
        #expect(run.options.holds.map(\.kind) == [.freeze, .pause])
        let entry = try #require(state.order.first { $0.node == run.node })
        #expect(entry.wave == 3)
        #expect(entry.dependsOn.map(\.node.description) == ["default/web", "default/web"])
    }

    @Test(arguments: [
        ("runs: {befor: web}", "unknown-option mooring.runs.befor", "Did you mean 'before'?"),
        ("runs: web", "wrong-container mooring.runs", "takes an object"),
        ("runs: {before: [{a: b}]}", "wrong-type mooring.runs.before", "list of texts"),
    ])
    func `what cannot be read under it is told`(_ options: String, _ told: String, _ part: String) throws {
        let finding = try #require(try state("taskDefinition: web\nmooring: {\(options)}\n").findings.first)
        #expect("\(finding.rule) \(finding.memberPath)" == told)
        #expect(finding.position?.line == 2 && finding.message.contains(part), "\(finding.line)")
    }

    @Test func `one may lie over a base, and takes its own file's name`() throws {
        let base = "taskDefinition: web\nmooring: {runs: {before: [web]}}\n"
        let state = try state("mooring: {base: base/run.yaml}\n", more: ["base/run.yaml": base])
        #expect(state.told == [])
        #expect(state.runs.map(\.name.text) == ["migrate"])
        #expect(state.runs.first?.files.map(\.text) == ["base/run.yaml", "migrate.yaml", "mooring.yaml", "task.yaml"])
    }

    @Test func `a service or task definition that says it runs is told that it does not`() throws {
        let state = try TestFolder(files: ["t.yaml": Sample.taskDefinition + "\nmooring: {runs: {}}\n"]).state()
        #expect(state.told == ["t.yaml:7:11 error misplaced-option mooring.runs"])
        #expect(try state.finding("misplaced-option").message.contains("this is a task definition"))
    }

    @Test(arguments: [
        "taskDefinition: web\nmooring:\n  runs: {before: [web, 'api']}\ncount: [\n",
        "taskDefinition: web\nmooring:\n  runs:\n    before:\n      - web\n      - default/api\n\tcount: 1\n",
        "taskDefinition: web\nmooring:\n  runs: {before: web}\n  bad: {{x}}\n",
    ])
    func `one whose file cannot be read holds back what it must run before`(_ text: String) throws {
        let state = try state(text, more: ["api.yaml": Sample.service.replacing("Name: web", with: "Name: api")])
        #expect(state.services.count == 2 && state.runs.isEmpty)
        #expect(state.badRuns.map(\.node.description) == ["task default/migrate"])
        #expect(state.badRuns.first?.why.isEmpty == false)
        let entry = try #require(state.order.first { $0.node.description == "task default/migrate" })
        let expected = text.contains("api") ? ["default/web", "default/api"] : ["default/web"]
        #expect(entry.before.map(\.node.description) == expected)
        #expect(!state.isComplete)
    }

    @Test func `a file that cannot be read and says nothing of runs is none`() throws {
        let state = try state("taskDefinition: web\nbefore: [web]\ncount: [\n")
        #expect(state.badRuns.isEmpty && state.order.map(\.node.description) == ["default/web"])
    }

    @Test func `one that waits for a parameter's value waits with all that comes after it`() throws {
        let run = "taskDefinition: '${family}'\nmooring: {runs: {name: '${name}', before: [web]}}\n"
        let folder = TestFolder(
            files: [
                "mooring.yaml": "variables: {family: {fromParameter: /a}, name: {fromParameter: /b}}\n",
                "task.yaml": Sample.taskDefinition, "web.yaml": Sample.service, "migrate.yaml": run,
            ], readings: .asked(["/a": .waiting("Throttled."), "/b": .waiting("Throttled.")]))
        let state = try folder.state()
        #expect(state.told == [] && state.isComplete)
        #expect(state.runs.map(\.unresolved) == ["Throttled."])
        #expect(state.runs.map(\.node) == state.order.filter { !$0.before.isEmpty }.map(\.node))
        var known = folder
        known.readings = .asked(["/a": .value("web"), "/b": .value("seed")])
        #expect(try known.state().runs.map(\.node.description) == ["task default/seed"])
        #expect(try known.state().runs.map(\.taskDefinition) == [.family(try Family("web"))])
        #expect(try known.state().runs.map(\.unresolved) == [nil])
    }
}
