import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// What is Mooring's own: options in manifests, and `mooring.yaml`.
@Suite struct OptionsTests {
    private func state(options: String, settings: String? = nil) throws -> DesiredState {
        // Nothing but the options is to be remarked.
        let breaker = "deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}\n"
        var files = [
            "s.yaml": "serviceName: web\ntaskDefinition: web:1\ndesiredCount: 1\nmooring: \(options)\n\(breaker)",
            "t.yaml": "serviceName: db\ntaskDefinition: db:1\ndesiredCount: 1\ncluster: other\n\(breaker)",
        ]
        files["mooring.yaml"] = settings
        return try TestFolder(files: files).state()
    }

    private func options(_ text: String) throws -> MooringOptions {
        let state = try state(options: text)
        #expect(state.findings.map(\.line) == [])
        return try #require(state.services.first { $0.key.service.text == "web" }).options
    }

    @Test func `every option is read and none reaches AWS`() throws {
        let state = try state(
            options:
                "{adopt: true, shared: yes, dependsOn: other/db, timeout: 20m, ignore: [desiredCount], "
                + "pause: until Monday, redeploy: 2026-11-24, replace: true}")
        #expect(state.findings.allSatisfy { $0.rule == "no-effect-yet" })
        let service = try #require(state.services.first { $0.key.service.text == "web" })
        #expect(
            service.options
                == MooringOptions(
                    adopt: true, shared: true,
                    dependsOn: [ServiceKey(cluster: try ClusterName("other"), service: try ServiceName("db"))],
                    timeout: .seconds(1200), ignore: ["desiredCount"], pause: "until Monday", redeploy: "2026-11-24",
                    replace: true))
        #expect(service.input["mooring"] == nil)
    }

    @Test func `pause takes true, false, or a reason`() throws {
        #expect(try options("{pause: true}").pause == "")
        #expect(try options("{pause: no}").pause == nil)
        #expect(try options("{pause: database is moving}").pause == "database is moving")
        #expect(try options("").pause == nil)
    }

    @Test(arguments: [
        ("{adpot: true}", "unknown-option mooring.adpot", "Did you mean 'adopt'?"),
        ("{adopt: maybe}", "wrong-type mooring.adopt", "true or false"),
        ("{timeout: 20}", "wrong-type mooring.timeout", "as in '90s', '20m' or '2h'"),
        ("{timeout: 0m}", "wrong-type mooring.timeout", "as in '90s', '20m' or '2h'"),
        ("{timeout: 9999999999999999999h}", "wrong-type mooring.timeout", "as in '90s', '20m' or '2h'"),
        ("{timeout: 49h}", "wrong-type mooring.timeout", "at most 48h"),
        ("{ignore: [{a: b}]}", "wrong-type mooring.ignore", "list of texts"),
        ("{pause: [1]}", "wrong-type mooring.pause", "true, or the reason"),
        ("{redeploy: ''}", "wrong-type mooring.redeploy", "1 to 500 characters"),
        ("{autoscaling: {min: 1}}", "not-supported-yet mooring.autoscaling", "not supported yet"),
        ("[adopt]", "wrong-container mooring", "object of options"),
        ("{dependsOn: [web]}", "unknown-dependency mooring.dependsOn", "cannot depend on itself"),
        ("{dependsOn: [other/dv]}", "unknown-dependency mooring.dependsOn", "Did you mean 'other/db'?"),
        ("{dependsOn: [a/b/c]}", "unknown-dependency mooring.dependsOn", "write its name, or 'cluster/name'"),
    ])
    func `a wrong option is an error at its place and the service is not used`(
        _ options: String, _ told: String, _ part: String,
    ) throws {
        let state = try state(options: options)
        let findings = state.findings.filter { $0.rule != "no-effect-yet" }
        let finding = try #require(findings.first)
        #expect(findings.count == 1)
        #expect(finding.position?.line == 4)
        #expect("\(finding.rule) \(finding.memberPath)" == told)
        #expect(finding.message.contains(part), "\(finding.message)")
        #expect(state.services.map(\.key.description) == ["other/db"])
        #expect(state.badServices.map(\.key.description) == ["default/web"])
    }

    @Test(arguments: [
        ("{dependsOn: other/db}", "dependsOn", "independently"),
        ("{redeploy: x}", "redeploy", "--force-new-deployment"),
        ("{timeout: 5m}", "timeout", "until ECS ends it"), ("{ignore: [a]}", "ignore", "is compared"),
        ("{replace: true}", "replace", "by hand"),
    ])
    func `an option that nothing acts on yet is a warning at its place`(
        _ options: String, _ name: String, _ part: String,
    ) throws {
        let state = try state(options: options)
        #expect(state.told == ["s.yaml:4:11 warning no-effect-yet mooring.\(name)"])
        let message = try state.finding("no-effect-yet").message
        #expect(message.hasPrefix("'\(name)' is read but has no effect in this version; "))
        #expect(message.contains(part), "\(message)")
        #expect(state.services.count == 2)
    }

    @Test func `options that work are silent`() throws {
        _ = try options("{adopt: true, shared: true, pause: later}")
    }

    @Test func `a misspelt option is offered none that is refused`() throws {
        let message = try state(options: "{aprove: true}").finding("unknown-option").message
        for name in ["approve", "autoscaling", "task", "variables"] {
            #expect(!message.contains("'\(name)'"), "\(message)")
        }
        #expect(message.contains("'pause'"))
    }

    @Test func `options on a task definition have no effect, and say so`() throws {
        let folder = TestFolder(files: ["t.yaml": Sample.taskDefinition + "\nmooring: {adopt: true}\n"])
        #expect(try folder.told() == ["t.yaml:7:1 warning option-without-effect mooring"])
        #expect(try folder.state().taskDefinitions.first?.input["mooring"] == nil)
    }

    // MARK: mooring.yaml

    @Test func `settings hold for every service`() throws {
        let state = try state(
            options: "{}",
            settings: """
                adopt: true
                pause: moving house
                freeze:
                  - {from: 2026-12-20, until: 2027-01-02T06:00:00Z, reason: holidays}
                """)
        #expect(state.told.isEmpty)
        #expect(state.services.allSatisfy { $0.options.adopt && $0.options.pause == "moving house" })
        let freeze = try #require(state.settings.freeze.first)
        #expect(freeze.reason == "holidays")
        // Checked against `date -u -d 2027-01-02T06:00:00Z +%s`.
        #expect(freeze.until.millisecondsSince1970 == 1_798_869_600_000)
        #expect(freeze.from?.millisecondsSince1970 == 1_797_724_800_000)
        #expect(state.settings.freeze(at: freeze.until) == nil)
        #expect(state.settings.freeze(at: Timestamp(millisecondsSince1970: 1_797_724_800_000)) == freeze)
        #expect(state.settings.freeze(at: Timestamp(millisecondsSince1970: 1_797_724_799_999)) == nil)
    }

    @Test(arguments: [
        ("variables: [a]", "mooring.yaml:1:12 error wrong-container variables"),
        ("variables: {a b: c}", "mooring.yaml:1:13 error bad-variable variables.a b"),
        ("variables: {a: }", "mooring.yaml:1:13 error bad-variable variables.a"),
        ("variables: {a: [b]}", "mooring.yaml:1:13 error bad-variable variables.a"),
        ("variables: {a: {fromParam: b}}", "mooring.yaml:1:13 error bad-variable variables.a"),
        ("variables: {a: {fromParameter: 'b c'}}", "mooring.yaml:1:13 error bad-variable variables.a"),
        ("freez: []", "mooring.yaml:1:1 error unknown-option freez"),
        ("freeze: [{from: 2026-12-20}]", "mooring.yaml:1:10 error bad-freeze freeze"),
        ("freeze: {until: 2026-02-29}", "mooring.yaml:1:9 error bad-freeze freeze"),
        ("freeze: {until: 2026-02-28T24:00Z}", "mooring.yaml:1:9 error bad-freeze freeze"),
        ("freeze: {until: 2026-02-28, from: 2026-03-01}", "mooring.yaml:1:9 error bad-freeze freeze"),
        ("ignore: [../x]", "mooring.yaml:1:10 error bad-glob ignore"),
        ("a: [", "mooring.yaml:2:1 error malformed-yaml"),
        ("- a", "mooring.yaml:1:1 error wrong-container"),
        ("adopt: true\n---\nadopt: false", "mooring.yaml:3:1 error too-many-documents"),
    ])
    func `settings that cannot be read pause the environment, for they may have said so`(
        _ settings: String, _ told: String,
    ) throws {
        let state = try state(options: "{}", settings: settings)
        #expect(state.told == [told])
        #expect(!state.isComplete)
        #expect(state.services.count == 2)
        #expect(state.services.allSatisfy { $0.options.pause?.contains("mooring.yaml cannot be used") == true })
        #expect(state.services.allSatisfy { !$0.options.adopt })
    }

    @Test func `settings of comments only say nothing`() throws {
        #expect(try state(options: "{}", settings: "# later\n").findings.isEmpty)
    }

    @Test func `ignored files are not read, ignored refusals not reported`() throws {
        let state = try TestFolder(
            files: [
                "envs/mooring.yaml": "ignore: ['drafts/**', '*.local.json', policies/]\n",
                "envs/drafts/a/b.yaml": "a: [", "envs/x/y.local.json": "no", "envs/policies/p.json": "{}",
                "envs/s.yaml": Sample.taskDefinition,
            ],
            folder: "envs",
            refused: [("envs/drafts/link.yaml", "it is a symbolic link"), ("envs/link.yaml", "it is a symbolic link")]
        ).state()
        #expect(
            state.ignoredFiles.map(\.text) == ["envs/drafts/a/b.yaml", "envs/policies/p.json", "envs/x/y.local.json"])
        #expect(state.told == ["envs/link.yaml error refused-file"])
        #expect(state.findings.first?.message.contains("it is a symbolic link") == true)
        #expect(!state.isComplete)
    }

    @Test func `an entry with a hostile name is named without its control characters`() throws {
        let finding = try TestFolder(refused: [("a\u{1B}[31m\n/../b.yaml", "its name is not safe")]).state()
            .finding("refused-file")
        #expect(finding.file == nil)
        #expect(!finding.message.unicodeScalars.contains { $0.value < 32 })
    }

    @Test(arguments: ["sub/mooring.yaml", "mooring.yml", "mooring.json"])
    func `settings elsewhere are an error, not silently ignored`(_ path: String) throws {
        #expect(try TestFolder(files: [path: "pause: true"]).told() == ["\(path):1:1 error misplaced-settings"])
    }

    // MARK: Globs

    @Test(arguments: [
        ("*.json", "a.json", true), ("*.json", "x/y/a.json", true), ("*.json", "a.yaml", false),
        ("drafts/**", "drafts/a/b", true), ("drafts/**", "drafts", false), ("drafts/**", "x/drafts/a", false),
        ("**/drafts/**", "x/drafts/a", true), ("a/*/c", "a/b/c", true), ("a/*/c", "a/b/b/c", false),
        ("a/**/c", "a/c", true), ("a/**/c", "a/b/b/c", true), ("a?c.yaml", "abc.yaml", true),
        ("a*b*c.yaml", "a--b--c.yaml", true), ("a*b*c.yaml", "a--c--b.yaml", false), ("**", "x/y", true),
        ("./a/b.yaml", "a/b.yaml", true), ("policies/", "policies/x/y.json", true),
    ])
    func `globs`(_ glob: String, _ path: String, _ matches: Bool) throws {
        let state = try TestFolder(files: ["mooring.yaml": "ignore: ['\(glob)']", path: Sample.taskDefinition]).state()
        #expect(state.ignoredFiles.map(\.text) == (matches ? [path] : []))
    }

    @Test func `no glob takes exponential time`() throws {
        let glob = String(repeating: "**/a*a*/", count: 25) + "x"
        let path = String(repeating: "aaaaaaaaaaaaaaaa/", count: 200) + "b.yaml"
        let clock = ContinuousClock()
        let elapsed = try clock.measure {
            _ = try TestFolder(files: ["mooring.yaml": "ignore: ['\(glob)']", path: Sample.taskDefinition]).state()
        }
        #expect(elapsed < .seconds(5))
    }
}
