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
                + "pause: until Monday, redeploy: 2026-11-24, replace: true, waitFor: traffic-shifted, "
                + "drift: {members: ignore, revision: correct}, approve: 'V1:0123456789AB'}")
        #expect(state.told == [])
        let service = try #require(state.services.first { $0.key.service.text == "web" })
        var expected = MooringOptions(
            adopt: true, shared: true,
            dependsOn: [ServiceKey(cluster: try ClusterName("other"), service: try ServiceName("db"))],
            timeout: .seconds(1200), ignore: ["desiredCount"], pause: "until Monday", redeploy: "2026-11-24",
            replace: true)
        expected.waitFor = .trafficShifted
        expected.holds = [HoldWindow(kind: .pause, source: .manifest, until: nil, reason: "until Monday")]
        expected.drift = DriftOptions(members: .ignore, revision: .correct)
        expected.approve = "v1:0123456789ab"
        #expect(service.options == expected)
        #expect(service.input["mooring"] == nil)
    }

    @Test func `pause takes true, false, or a reason`() throws {
        #expect(try options("{pause: true}").pause == "")
        for word in ["no", "false", "'false'", "\"OFF\""] {
            #expect(try options("{pause: \(word)}").pause == nil)
            #expect(try options("{pause: \(word)}").holds == [])
        }
        // A reason may begin with a day.
        #expect(try options("{pause: 2026-12-01 is too early}").pause == "2026-12-01 is too early")
        #expect(try options("{pause: database is moving}").pause == "database is moving")
        #expect(try options("").pause == nil)
    }

    @Test(arguments: [
        ("{adpot: true}", "unknown-option mooring.adpot", "Did you mean 'adopt'?"),
        ("{adopt: maybe}", "wrong-type mooring.adopt", "true or false, not 'maybe'."),
        ("{adopt: [true]}", "wrong-type mooring.adopt", "true or false, not a list."),
        (
            "{timeout: 20}", "wrong-type mooring.timeout",
            "as in '90s', '20m' or '2h', of at most 48h, not '20'. The unit is missing: write '20m' if minutes are meant."
        ),
        ("{timeout: 5 minutes}", "wrong-type mooring.timeout", "of at most 48h, not '5 minutes'."),
        (
            "{timeout: 0s}", "wrong-type mooring.timeout",
            "a whole number above 0 and a unit, as in '90s', '20m' or '2h'"
        ),
        ("{timeout: 0}", "wrong-type mooring.timeout", "of at most 48h, not '0'."),
        ("{timeout: -5m}", "wrong-type mooring.timeout", "of at most 48h, not '-5m'."),
        ("{timeout: {minutes: 5}}", "wrong-type mooring.timeout", "of at most 48h, not an object."),
        ("{timeout: 9999999999999999999h}", "wrong-type mooring.timeout", "not '9999999999999999999h'."),
        ("{timeout: 49h}", "wrong-type mooring.timeout", "of at most 48h, not '49h'."),
        ("{ignore: [{a: b}]}", "wrong-type mooring.ignore", "is a list of texts, and this is an object."),
        ("{onFailure: hold}", "misplaced-option mooring.onFailure", "belongs into mooring.yaml"),
        ("{pause: 2026-11-31}", "bad-pause mooring.pause", "'2026-11-31', and there is no such day."),
        ("{pause: 2026-12-01T08:00}", "bad-pause mooring.pause", "which has no offset from UTC. Add 'Z'"),
        ("{pause: never}", "bad-pause mooring.pause", "'pause: never' would pause"),
        ("{pause: 0}", "bad-pause mooring.pause", "Remove 'pause'"),
        ("{pause: {untill: 2026-12-20}}", "bad-pause mooring.pause", "Did you mean 'until'?"),
        ("{freeze: {until: soon}}", "bad-freeze mooring.freeze.until", "is no time that can be read: 'soon'."),
        ("{freeze: {until: [1]}}", "bad-freeze mooring.freeze.until", "is no time that can be read: a list."),
        ("{waitFor: stedy}", "not-in-enum mooring.waitFor", "Did you mean 'steady'?"),
        ("{drift: undo}", "not-in-enum mooring.drift", "'correct', 'report', 'ignore', not 'undo'"),
        ("{drift: {revison: report}}", "unknown-option mooring.drift.revison", "Did you mean 'revision'?"),
        ("{drift: {members: all}}", "not-in-enum mooring.drift.members", "not 'all'"),
        ("{wave: -1}", "wrong-type mooring.wave", "from 0 to 1000, not '-1'."),
        ("{wave: 1.5}", "wrong-type mooring.wave", "from 0 to 1000, not '1.5'."),
        ("{waitFor: [steady]}", "not-in-enum mooring.waitFor", "not a list."),
        ("{approve: abc12}", "bad-approval mooring.approve", "at least 7 of its digits"),
        ("{approve: 'v1:abc1234'}", "bad-approval mooring.approve", "at least 12 of its digits"),
        ("{approve: main}", "bad-approval mooring.approve", "'main' is neither a commit"),
        ("{approve: 'vx:0123456789abcdef'}", "bad-approval mooring.approve", "is neither a commit"),
        ("{ignore: [desierdCount]}", "unknown-path mooring.ignore", "Did you mean 'desiredCount'?"),
        ("{runs: {before: [web]}}", "misplaced-option mooring.runs", "this is a service"),
        ("{redeploy: ''}", "wrong-type mooring.redeploy", "1 to 500 characters, not an empty one."),
        ("{variables: {a: b}}", "misplaced-option mooring.variables", "belongs into mooring.yaml"),
        ("[adopt]", "wrong-container mooring", "object of options, not a list."),
        ("{dependsOn: [a/b/c]}", "bad-dependency mooring.dependsOn", "write its name, or 'cluster/name'"),
        ("{dependsOn: [job a]}", "bad-dependency mooring.dependsOn", "write its name, or 'cluster/name'"),
    ])
    func `a wrong option is an error at its place and the service is not used`(
        _ options: String, _ told: String, _ part: String,
    ) throws {
        let state = try state(options: options)
        let finding = try #require(state.findings.first)
        #expect(state.findings.count == 1, "\(state.findings.map(\.line))")
        #expect(finding.position?.line == 4)
        #expect("\(finding.rule) \(finding.memberPath)" == told)
        #expect(finding.message.contains(part), "\(finding.message)")
        #expect(state.services.map(\.key.description) == ["other/db"])
        #expect(state.badServices.map(\.key.description) == ["default/web"])
    }

    @Test func `options that work are silent`() throws {
        _ = try options("{adopt: true, shared: true, pause: later}")
        _ = try options("{dependsOn: other/db, redeploy: x, timeout: 5m, ignore: [tags], replace: true}")
    }

    @Test(arguments: ["1234567", "12e4567", "DEADBEEF", "v1:0123456789ab", "0123456789abcdef0123456789abcdef01234567"])
    func `an approval is a commit or a digest, whatever it looks like to YAML`(_ text: String) throws {
        #expect(try options("{approve: \(text)}").approve == text.lowercased())
    }

    @Test func `what drift says of one part leaves the other to the environment`() throws {
        let settings = "drift: {members: report, revision: ignore}"
        let drift = try state(options: "{drift: {revision: correct}}", settings: settings).services.map(\.options.drift)
        #expect(drift == [DriftOptions(members: .report, revision: .correct), nil])
        #expect(
            try options("{drift: report}").drift == DriftOptions(members: .report, revision: .report))
    }

    @Test func `windows of a manifest are its own, in the order they are written`() throws {
        let state = try state(
            options: "{freeze: {until: 2026-12-27, reason: sale}, pause: [{until: 2026-12-01}, audit]}",
            settings: "pause: {from: 2026-11-01, until: 2026-11-02}\n")
        #expect(state.told == [])
        let web = try #require(state.services.first { $0.key.service.text == "web" })
        #expect(web.options.holds.map(\.kind) == [.freeze, .pause, .pause])
        #expect(web.options.holds.map(\.reason) == ["sale", "", "audit"])
        #expect(web.options.holds.allSatisfy { $0.source == .manifest })
        // The reader of before knows no windows of services.
        #expect(web.options.pause == "audit")
        #expect(state.settings.holds.map(\.source) == [.environment])
        #expect(state.settings.pause == nil)
        #expect(state.settings.freeze.map(\.until) == [Timestamp(written: "2026-11-02")])
    }

    @Test func `a misspelt option is offered none that is refused`() throws {
        let message = try state(options: "{aprove: true}").finding("unknown-option").message
        for name in ["runs", "variables"] { #expect(!message.contains("'\(name)'"), "\(message)") }
        #expect(message.hasSuffix("Did you mean 'approve'?"), "\(message)")
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
        ("freeze: {until: 2026-02-29}", "mooring.yaml:1:17 error bad-freeze freeze.until"),
        ("freeze: {until: 2026-02-28T24:00Z}", "mooring.yaml:1:17 error bad-freeze freeze.until"),
        ("freeze: {until: 2026-02-28, from: 2026-03-01}", "mooring.yaml:1:17 error bad-freeze freeze.until"),
        ("pause: {until: later}", "mooring.yaml:1:16 error bad-pause pause.until"),
        ("drift: {members: no}", "mooring.yaml:1:18 error not-in-enum drift.members"),
        ("onFailure: rollback", "mooring.yaml:1:12 error not-in-enum onFailure"),
        ("prune: maybe", "mooring.yaml:1:8 error wrong-type prune"),
        ("prune: {max: 0}", "mooring.yaml:1:14 error wrong-type prune.max"),
        ("prune: {maximum: 3}", "mooring.yaml:1:9 error unknown-option prune.maximum"),
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
        #expect(state.settings.prune == nil)
        #expect(state.settings.holds.map(\.until) == [nil])
        #expect(state.settings.holds.map(\.source) == [.environment])
    }

    @Test func `settings say what becomes of drift, failures and services that left`() throws {
        let none = try state(options: "{}").settings
        #expect(none.drift == DriftOptions(members: .correct, revision: .report))
        #expect(none.onFailure == .breaker && none.prune == nil)
        func read(_ text: String) throws -> EnvironmentOptions {
            let state = try state(options: "{}", settings: text)
            #expect(state.told == [])
            return state.settings
        }
        #expect(try read("onFailure: roll-back").onFailure == .rollBack)
        #expect(try read("onFailure: hold").onFailure == .hold)
        #expect(try read("drift: ignore").drift == DriftOptions(members: .ignore, revision: .ignore))
        #expect(try read("drift: {members: report}").drift == DriftOptions(members: .report, revision: .report))
        #expect(try read("prune: true").prune == PruneOptions(maximum: 5))
        #expect(try read("prune: false").prune == nil)
        #expect(try read("prune: {max: 20}").prune == PruneOptions(maximum: 20))
    }

    @Test func `where there is one option only it is named alone`() throws {
        let finding = try state(options: "{}", settings: "prune: {maxx: 3}").finding("unknown-option")
        #expect(finding.message == "'prune' has no option 'maxx'; there is 'max'. Did you mean 'max'?")
        let drift = try state(options: "{}", settings: "drift: {member: report}").finding("unknown-option")
        #expect(drift.message.contains("; there are 'members', 'revision'."))
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
