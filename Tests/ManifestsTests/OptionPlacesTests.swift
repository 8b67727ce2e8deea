import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// Mooring's own options where they are not read: none may pass in silence.
@Suite struct OptionPlacesTests {
    /// What the schemas for editors know, which is written down apart from what reads.
    private static let ofManifests = names(ManifestSchema.manifest["definitions"]?["mooring"])
    private static let ofEnvironments = names(ManifestSchema.environment)
    private static let all = Set(ofManifests + ofEnvironments).sorted()

    private static func names(_ schema: Value?) -> [String] { schema?["properties"]?.members?.map(\.name) ?? [] }

    private static let kinds = [
        "serviceName: web\ntaskDefinition: web:1\ndesiredCount: 1\n",
        "clusterName: main\n",
        "family: web\ncontainerDefinitions: [{name: app, image: 'nginx:1.27', memory: 64}]\n",
        "taskDefinition: web:1\nmooring: {runs: {}}\n",
    ]

    private func state(_ text: String, settings: String? = nil) throws -> DesiredState {
        var files = ["x.yaml": text]
        files["mooring.yaml"] = settings
        return try TestFolder(files: files).state()
    }

    private func errors(_ state: DesiredState) -> [Finding] { state.findings.filter { $0.severity == .error } }

    // MARK: Among members

    @Test(arguments: kinds)
    func `every option among the members is an error at its place, and AWS gets none`(_ manifest: String) throws {
        #expect(Self.all.count == 19, "\(Self.all)")
        for name in Self.all {
            let state = try state("\(name): true\n" + manifest)
            #expect(errors(state).map(\.told) == ["x.yaml:1:1 error misplaced-option \(name)"])
            let message = try state.finding("misplaced-option").message
            let ways = ["Write it below 'mooring:'", "into mooring.yaml", "into the service's manifest", "Remove it."]
            #expect(ways.contains(where: message.contains), "\(message)")
            #expect(!state.findings.contains { $0.rule == "unknown-member" })
            #expect(state.services.isEmpty && state.runs.isEmpty && state.taskDefinitions.isEmpty)
        }
    }

    @Test(arguments: [
        (
            "pause: true", 0,
            "'pause' is no member of a service but an option of Mooring's, and nobody reads it here. Write it below 'mooring:', "
                + "or into mooring.yaml if the whole environment is meant."
        ),
        (
            "dependsOn: [api]", 0,
            "'dependsOn' is no member of a service but an option of Mooring's, and nobody reads it here. Write it below "
                + "'mooring:'."
        ),
        (
            "onFailure: hold", 0,
            "'onFailure' is no member of a service but an option of Mooring's, and nobody reads it here. Write it into "
                + "mooring.yaml, where it holds for the whole environment."
        ),
        (
            "runs: {before: [api]}", 0,
            "'runs' makes a one-off task of a manifest in RunTask's shape, and this is a service. Remove it."
        ),
        (
            "timeout: 5m", 2,
            "'timeout' is no member of a task definition but an option of Mooring's, and nobody reads it here. Write it into "
                + "the service's manifest, below 'mooring:'."
        ),
        (
            "base: ../base.yaml", 2,
            "'base' is no member of a task definition but an option of Mooring's, and nobody reads it here. Write it below "
                + "'mooring:'."
        ),
        (
            "wave: 2", 3,
            "'wave' is no member of a one-off task but an option of Mooring's, and nobody reads it here. Write it below "
                + "'mooring:'."
        ),
        ("waitFor: steady", 3, "'waitFor' is a service's: a one-off task is done when it has stopped. Remove it."),
    ])
    func `an option among the members is told where it belongs`(_ line: String, _ kind: Int, _ message: String) throws {
        #expect(try state(Self.kinds[kind] + line + "\n").finding("misplaced-option").message == message)
    }

    @Test func `members of the API stay what they are`() throws {
        // 'dependsOn' is a member of a container, and any label may be called as an option is.
        let state = try state(
            """
            family: web
            containerDefinitions:
              - {name: app, image: 'nginx:1.27', memory: 64, dependsOn: [{containerName: init, condition: SUCCESS}]}
              - {name: init, image: 'nginx:1.27', memory: 64, essential: false, dockerLabels: {pause: a, timeout: b}}
            """)
        #expect(state.told == [])
        let newer = try self.state(Self.kinds[0] + "newMember: 1\n")
        #expect(newer.told == ["x.yaml:4:1 warning unknown-member newMember"])
        #expect(newer.services.first?.input["newMember"] == 1)
    }

    @Test func `a misspelt 'mooring' is no member that is passed on`() throws {
        let state = try state(Self.kinds[0] + "Mooring: {pause: true}\n")
        #expect(state.told == ["x.yaml:4:1 error unknown-option Mooring"])
        #expect(try state.finding("unknown-option").message.contains("Did you mean 'mooring'"))
    }

    @Test func `what would have told the kind is named where it stands`() throws {
        let run = try state("taskDefinition: web:1\nruns: {before: [web]}\n")
        #expect(run.told == ["x.yaml:2:1 error misplaced-option runs"])
        #expect(try run.finding("misplaced-option").message.hasSuffix("Write it below 'mooring:'."))
        let overlay = try state("desiredCount: 4\nbase: ../base/web.yaml\n")
        #expect(overlay.told == ["x.yaml:2:1 error misplaced-option base"])
        // Another tool's 'base' is no path of a manifest.
        #expect(try state("base: main\n").told == ["x.yaml:1:1 error unknown-kind"])
    }

    @Test func `an option beside an envelope is as much an error`() throws {
        let state = try state("service: {serviceName: web, taskDefinition: 'web:1', desiredCount: 1}\npause: true\n")
        #expect(state.told == ["x.yaml:1:1 remark envelope", "x.yaml:2:1 error misplaced-option pause"])
        #expect(state.services.isEmpty && state.badServices.count == 1)
    }

    @Test func `an option among the members of a base is told in the base`() throws {
        let files = [
            "a/web.yaml": "serviceName: web\nmooring: {base: ../base.yaml}\n",
            "base.yaml": "taskDefinition: web:1\ndesiredCount: 1\ntimeout: 5m\n",
        ]
        #expect(try TestFolder(files: files).told() == ["base.yaml:3:1 error misplaced-option timeout"])
    }

    // MARK: Among options

    @Test(arguments: [(0, "a service"), (3, "a one-off task")])
    func `every option of elsewhere below 'mooring' is told where it belongs`(_ kind: Int, _ phrase: String) throws {
        var told = 0
        for name in Self.all {
            let start = "taskDefinition: web:1\ndesiredCount: 1\nserviceName: web\nmooring:\n"
            let text =
                kind == 0
                ? start + "  \(name): {a: b}\n" : "taskDefinition: web:1\nmooring:\n  runs: {}\n  \(name): {a: b}\n"
            guard kind == 0 || name != "runs" else { continue }
            let findings = errors(try state(text)).filter { $0.rule == "misplaced-option" }
            #expect(
                !(try state(text)).findings.contains {
                    $0.rule == "unknown-option" && $0.memberPath == "mooring.\(name)"
                })
            guard let finding = findings.first else { continue }
            told += 1
            #expect(finding.message.hasPrefix("'\(name)' "))
            #expect(finding.message.hasSuffix(" Remove it.") || finding.message.hasSuffix(" Move it there."))
        }
        // onFailure, prune, variables; and runs, or the eight that only services have.
        #expect(told == (kind == 0 ? 4 : 11), "\(phrase)")
    }

    @Test(arguments: [
        (
            "onFailure: hold",
            "'onFailure' belongs into mooring.yaml, where it holds for the whole environment. Move it there."
        ),
        ("prune: true", "'prune' belongs into mooring.yaml, where it holds for the whole environment. Move it there."),
        (
            "variables: {a: b}",
            "'variables' belongs into mooring.yaml, where it holds for the whole environment. Move it there."
        ),
    ])
    func `an environment's option in a manifest is sent to mooring-yaml`(_ option: String, _ message: String) throws {
        #expect(try state(Self.kinds[0] + "mooring: {\(option)}\n").finding("misplaced-option").message == message)
    }

    @Test(arguments: [
        (
            "autoscaling: {MinCapacity: 1}",
            "'autoscaling' belongs into a service's manifest, below 'mooring:'. Move it there."
        ),
        (
            "timeout: 5m",
            "'timeout' belongs into the manifest of a service or a one-off task, below 'mooring:'. Move it there."
        ),
        ("runs: {before: web}", "'runs' belongs into a one-off task's manifest, below 'mooring:'. Move it there."),
        (
            "base: ../mooring.yaml",
            "'base' belongs into the manifest that builds upon another, below 'mooring:'. Move it there."
        ),
    ])
    func `a manifest's option in mooring-yaml is sent to the manifest`(_ option: String, _ message: String) throws {
        let finding = try state(Self.kinds[0], settings: option + "\n").finding("misplaced-option")
        #expect(finding.message == message)
        #expect(finding.place == "mooring.yaml:1:1")
    }

    @Test func `every option of manifests in mooring-yaml is told where it belongs`() throws {
        for name in Self.ofManifests where !Self.ofEnvironments.contains(name) {
            let state = try state(Self.kinds[0], settings: "\(name): true\n")
            #expect(state.told == ["mooring.yaml:1:1 error misplaced-option \(name)"])
        }
    }
}
