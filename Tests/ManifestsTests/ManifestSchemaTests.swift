import Foundation
import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// Asks an independent validator, jsonschema for Python, what the schema says of documents.
private enum Validator {
    struct Trouble: Error { let text: String }

    /// Whether the validator is installed.
    static let isPossible = (try? run("import jsonschema, yaml", input: "")) != nil

    /// Reads documents as editors do: YAML 1.2's idea of texts, first document of a file.
    private static let program = """
        import json, sys, jsonschema, yaml
        class Loader(yaml.SafeLoader): pass
        Loader.yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
            for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}
        order = json.load(sys.stdin)
        jsonschema.Draft7Validator.check_schema(order["schema"])
        validator = jsonschema.Draft7Validator(order["schema"])
        answers = []
        for name, text in order["documents"]:
            document = json.loads(text) if name.endswith(".json") else next(yaml.load_all(text, Loader), None)
            error = next(iter(sorted(validator.iter_errors(document), key=lambda e: list(map(str, e.path)))), None)
            answers.append("" if error is None else "/".join(map(str, error.absolute_path)) + ": " + error.message[:200])
        print(json.dumps(answers))
        """

    /// For each document what is wrong with it, empty where nothing is. Throws where the schema is none.
    static func judge(_ documents: [(name: String, text: String)], by schema: Value) throws -> [String] {
        let order: Value = [
            "schema": schema,
            "documents": .list(documents.map { .list([.string($0.name), .string($0.text)]) }),
        ]
        let answer = try run(program, input: JSONWriter(.compact).text(of: order))
        return (try JSONReader.value(of: answer).elements ?? []).map { $0.text ?? "" }
    }

    private static func run(_ program: String, input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let python = ProcessInfo.processInfo.environment["MOORING_TEST_PYTHON"] ?? "python3"
        process.arguments = [python, "-c", "import signal; signal.alarm(100)\n" + program]
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = FileHandle.nullDevice
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Trouble(text: "the validator ended badly") }
        return String(decoding: output, as: UTF8.self)
    }
}

@Suite(.enabled(if: Validator.isPossible, "skipped: jsonschema and PyYAML are not installed"))
struct `The JSON Schema of manifests` {
    private let schema = ManifestSchema.manifest

    @Test func `takes what Mooring takes, however it is spelled`() throws {
        let documents = [
            ("web.yaml", "family: web\ncontainerDefinitions:\n  - {name: web, image: nginx, memory: '128', cpu: 10}\n"),
            ("web.yaml", "family: web\ncpu: 256\nmemory: 512\ncontainerDefinitions: [{name: web, essential: 'yes'}]\n"),
            (
                "a.yaml",
                "serviceName: web\ndesiredCount: ${count}\nlaunchType: ${type}\nenableExecuteCommand: ${exec}\n"
            ),
            ("a.yaml", "serviceName: web\nlaunchType: ''\nrole: null\nmooring: {adopt: yes, dependsOn: api}\n"),
            (
                "a.yaml",
                "serviceName: web\nmooring: {timeout: 20m, pause: waits, ignore: [desiredCount], redeploy: 3}\n"
            ),
            (
                "a.yaml",
                "mooring: {base: ../base/service.yaml}\nnetworkConfiguration: {awsvpcConfiguration: {assignPublicIp: ENABLED}}\n"
            ),
            ("a.json", #"{"serviceName": "web", "serviceArn": "arn", "events": [], "deployments": [], "tags": []}"#),
            ("a.json", #"{"services": [{"serviceName": "web", "status": "ACTIVE"}], "failures": []}"#),
            ("a.json", #"{"taskDefinition": {"family": "a", "revision": 3, "containerDefinitions": []}, "tags": []}"#),
            ("a.yaml", "clusterName: main\nsettings: [{name: containerInsights, value: enabled}]\n"),
            ("a.yaml", "serviceName: web\ntags: [{key: '${a}${b}', value: 1}]\n"),
            ("run.yaml", Sample.run), ("scaled.yaml", Sample.scaled),
            ("run.yaml", "mooring: {base: ../base/run.yaml, runs: {name: seed}}\ncount: 2\n"),
            (
                "a.yaml",
                "serviceName: web\nmooring: {wave: 2, waitFor: traffic-shifted, drift: {members: report}, approve: 1234567}\n"
            ),
            (
                "a.yaml",
                "serviceName: web\nmooring: {drift: correct, pause: [{until: 2026-12-20}, audit], freeze: {until: 2026-12-27}}\n"
            ),
        ]
        let answers = try Validator.judge(documents, by: schema)
        for (document, answer) in zip(documents, answers) { #expect(answer == "", "\(document.1)") }
    }

    @Test func `marks a newcomer's typing errors`() throws {
        let documents = [
            ("a.yaml", "family: web\ncontainerDefinitions:\n  - {name: web, imgae: nginx}\n"),
            ("a.yaml", "family: web\nnetworkMode: awsvcp\ncontainerDefinitions: []\n"),
            ("a.yaml", "family: web\ncontainerDefinitions: {name: web, image: nginx}\n"),
            ("a.yaml", "serviceName: web\ndesiredCount: two\n"),
            ("a.yaml", "serviceName: web\nmooring: {adpot: true}\n"),
            ("a.yaml", "family: web\n"),
            ("a.yaml", "serviceName: web\ncapacityProviderStrategy: [{capacityProvider: FARGATE, weight: 1001}]\n"),
            ("a.yaml", "taskDefinition: web\ndesiredCount: 1\n"),
            ("a.yaml", "taskDefinition: web\ncount: 1\n"),
            ("a.yaml", "taskDefinition: web\nstartedBy: me\nmooring: {runs: {}}\n"),
            ("a.yaml", "taskDefinition: web\nmooring: {runs: {befor: [web]}}\n"),
            ("a.yaml", "serviceName: web\nmooring: {wave: 2000}\n"),
            ("a.yaml", "serviceName: web\nmooring: {waitFor: stedy}\n"),
            ("a.yaml", "serviceName: web\nmooring: {freeze: {from: 2026-12-20}}\n"),
            ("a.yaml", "serviceName: web\nmooring: {autoscaling: {MinCapcity: 1}}\n"),
            ("a.yaml", "serviceName: web\nmooring: {autoscaling: {policies: [{PolicyName: a}]}}\n"),
        ]
        let answers = try Validator.judge(documents, by: schema)
        for (document, answer) in zip(documents, answers) { #expect(answer != "", "\(document.1)") }
        #expect(
            answers.first == "containerDefinitions/0: Additional properties are not allowed ('imgae' was unexpected)")
    }

    @Test(.enabled(if: Corpus.root != nil, "skipped: no corpus"))
    func `takes every file of the corpus that botocore takes`() throws {
        let entries = try Corpus.entries().filter { $0.verdict == "ok" }
        let answers = try Validator.judge(
            entries.map { ($0.file, String(decoding: $0.bytes, as: UTF8.self)) }, by: schema)
        var placeholders = 0
        for (entry, answer) in zip(entries, answers) where !answer.isEmpty {
            // An enum of which botocore says nothing, holding what a template was to replace.
            let state = Manifests.desiredState(of: [ManifestInput(path: try TreePath(entry.file), bytes: entry.bytes)])
            if state.findings.contains(where: { $0.rule == "not-in-enum" }) {
                placeholders += 1
            } else {
                Issue.record("\(entry.file): \(answer)")
            }
        }
        print(
            "The schema takes \(entries.count - placeholders) of \(entries.count) files that botocore takes; "
                + "\(placeholders) hold a placeholder, or a value that the API model does not know.")
        #expect(entries.count > 60 && placeholders * 5 < entries.count)
    }

    @Test func `knows each of Mooring's own options, and no other`() throws {
        let known = try #require(schema["definitions"]?["mooring"]?["properties"]?.members).map(\.name)
        for name in known where name != "base" {
            let text = "serviceName: web\ndesiredCount: 1\ntaskDefinition: a:1\nmooring: {\(name): 20m}\n"
            let state = Manifests.desiredState(
                of: [ManifestInput(path: try TreePath("a.yaml"), bytes: Array(text.utf8))])
            #expect(!state.findings.contains { $0.rule == "unknown-option" }, "\(name)")
            // One-off tasks are told by that word, which a service has not.
            #expect(state.findings.contains { $0.rule == "misplaced-option" } == (name == "runs"), "\(name)")
        }
        let text = "serviceName: web\nmooring: {nonsense: 1}\n"
        let state = Manifests.desiredState(of: [ManifestInput(path: try TreePath("a.yaml"), bytes: Array(text.utf8))])
        let sentence = try #require(state.findings.first { $0.rule == "unknown-option" }).message
        for name in known where !["base", "runs"].contains(name) {
            #expect(sentence.contains("'\(name)'"), "\(sentence)")
        }
    }

    @Test func `says a sentence about every member of Mooring's own and of one-off tasks`() throws {
        let definitions = try #require(schema["definitions"])
        let options = try #require(definitions["mooring"]?["properties"])
        let scaling = try #require(options["autoscaling"]?["properties"])
        let policies = try #require(scaling["policies"]?["items"]?["properties"])
        let actions = try #require(scaling["scheduledActions"]?["items"]?["properties"])
        let settings = try #require(ManifestSchema.environment["properties"])
        let run = try #require(definitions["run"]?["properties"])
        for properties in [options, scaling, policies, actions, settings, run] {
            for member in properties.members ?? [] {
                let sentence = member.value["description"]?.text ?? ""
                #expect(sentence.count > 8 && sentence.hasSuffix("."), "\(member.name): \(sentence)")
            }
        }
        #expect(run["startedBy"] == nil && run["count"] != nil)
    }

    @Test func `says of drift what holds where nothing is said`() throws {
        let sentence = try #require(ManifestSchema.environment["properties"]?["drift"]?["description"]?.text)
        let meant = DriftOptions()
        #expect(sentence.contains("'\(meant.members.rawValue)' for the service's own members"))
        #expect(sentence.contains("'\(meant.revision.rawValue)' for the revision it runs"))
    }

    @Test func `of mooring.yaml takes what is read, and marks what is not`() throws {
        let good = [
            "adopt: true\nignore: ['drafts/**']\npause: 'until monday'\n", "",
            "freeze: {from: 2026-12-20, until: 2027-01-02T08:00:00Z, reason: holidays}\n",
            "variables: {tag: v1, count: 3, subnet: {fromParameter: /network/a}}\n",
            "drift: {members: report, revision: correct}\nonFailure: roll-back\nprune: {max: 20}\n",
            "prune: true\ndrift: ignore\npause: {from: 2026-12-20, reason: audit}\n",
            "freeze: [{until: 2026-12-20}, {from: 2026-12-30T10:00+01:00, until: 2026-12-31}]\n",
        ]
        let bad = [
            "adpot: true\n", "freeze: {from: tomorrow}\n", "variables: {a: {fromParam: x}}\n", "- a\n",
            "prune: {max: 0}\n", "onFailure: rollback\n", "drift: {members: undo}\n", "pause: {untill: 2026-12-20}\n",
        ]
        let answers = try Validator.judge((good + bad).map { ("mooring.yaml", $0) }, by: ManifestSchema.environment)
        #expect(answers.prefix(good.count).allSatisfy { $0.isEmpty }, "\(answers)")
        #expect(answers.dropFirst(good.count).allSatisfy { !$0.isEmpty }, "\(answers)")
    }
}
