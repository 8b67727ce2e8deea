import Foundation
import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// Where the corpus of real manifests lies: `MOORING_CORPUS`, or beside the checkout.
enum Corpus {
    static let root: URL? = {
        let environment = ProcessInfo.processInfo.environment["MOORING_CORPUS"].map { URL(fileURLWithPath: $0) }
        let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let beside = checkout.deletingLastPathComponent().appendingPathComponent("shared/corpus")
        return [environment, beside].compactMap { $0 }.first {
            FileManager.default.fileExists(atPath: $0.appendingPathComponent("verdicts.tsv").path)
        }
    }()

    /// What AWS answered to others; lies beside the corpus.
    static let captures: URL? = root.map { $0.deletingLastPathComponent().appendingPathComponent("captures") }
        .flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }

    struct Entry {
        let file: String
        /// botocore's: `ok`, `error`, `parse-error`, `wrapped`, `describe-output`, `describe-output+error`.
        let verdict: String
        let bytes: [UInt8]

        /// Whether botocore takes what is left when envelope and Describe's own members are off.
        var isAccepted: Bool { ["ok", "wrapped", "describe-output"].contains(verdict) }
    }

    static func entries() throws -> [Entry] {
        guard let root else { return [] }
        let table = try String(contentsOf: root.appendingPathComponent("verdicts.tsv"), encoding: .utf8)
        return try table.split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let bytes = try Data(contentsOf: root.appendingPathComponent(columns[0]))
            return Entry(file: columns[0], verdict: columns[2], bytes: [UInt8](bytes))
        }
    }
}

@Suite struct CorpusTests {
    /// What we refuse and botocore does not, and why: the table of the rules in AWS's prose, and these.
    private static let stricter = Dictionary(
        uniqueKeysWithValues: Manifests.documentedRules.filter { $0.severity == .error }.map { ($0.id, $0.source) }
    ).merging(modelled) { $1 }
    private static let modelled = [
        "bad-name": "ECS's rule for names is prose only; mostly a placeholder that nobody replaced",
        "not-in-enum": "botocore does not check enums",
        "wrong-characters": "botocore does not check patterns",
        "unknown-task-definition": "the service's task definition is not in the folder",
        "bad-reference": "the service's task definition is named by something that is no revision",
        "undeclared-variable": "a placeholder for which no mooring.yaml lies beside the file",
        "missing-member": "a service without a task definition, which botocore's model does not require",
    ]
    /// Rules that speak of what nobody has filled in.
    private static let ofPlaceholders: Set<String> = [
        "undeclared-variable", "template-leftover", "cli-skeleton",
    ]
    /// What we read and botocore refuses, and why.
    private static let laxer = [
        "coerced-scalar": "a number or boolean is read from its text, and a text from a number",
        "unknown-member": "unknown members are passed on with a warning, for AWS adds members",
        "null-member": "null counts as absent",
        "empty-enum": "an empty enum counts as absent",
    ]

    @Test(.enabled(if: Corpus.root != nil, "skipped: no corpus"))
    func `every file of the corpus gets botocore's verdict, or differs by a listed rule of ours`() throws {
        let entries = try Corpus.entries()
        var disagreements: [String] = []
        var unexplained: [String] = []
        var refusals: [String] = []
        for entry in entries {
            let state = Manifests.desiredState(of: [ManifestInput(path: try TreePath(entry.file), bytes: entry.bytes)])
            let errors = state.findings.filter { $0.severity == .error }
            #expect(errors.allSatisfy { $0.file?.text == entry.file })
            #expect(state.isComplete == errors.isEmpty)
            let found = state.services.count + state.taskDefinitions.count + state.clusters.count
            #expect(found > 0 || !errors.isEmpty, "\(entry.file) is silently skipped")
            guard errors.isEmpty != entry.isAccepted else { continue }
            let rules = entry.isAccepted ? Self.stricter : Self.laxer
            let decisive = entry.isAccepted ? errors : state.findings
            let reasons = Set(decisive.compactMap { rules[$0.rule] })
            let explained = entry.isAccepted ? errors.allSatisfy { rules[$0.rule] != nil } : !reasons.isEmpty
            if !explained { unexplained.append("\(entry.file) \(entry.verdict): \(state.findings.map(\.line))") }
            if entry.isAccepted, !errors.contains(where: { Self.ofPlaceholders.contains($0.rule) }) {
                refusals.append("\(entry.file): " + Set(errors.map(\.rule)).sorted().joined(separator: ", "))
            }
            disagreements.append(
                "\(entry.isAccepted ? "stricter" : "laxer") \(entry.file): \(reasons.sorted().joined(separator: "; "))")
        }
        print("Corpus: \(entries.count - disagreements.count) of \(entries.count) files get botocore's verdict;")
        print("\(disagreements.count) differ by a listed rule:")
        for line in disagreements { print("    " + line) }
        print("\(refusals.count) of them botocore takes although they hold no placeholder:")
        for line in refusals { print("    " + line) }
        #expect(entries.count > 100)
        #expect(unexplained == [])
        // Real manifests work: where many without a placeholder are refused, a rule is wrong.
        #expect(refusals.count * 4 < entries.count)
    }

    @Test(.enabled(if: Corpus.root != nil, "skipped: no corpus"))
    func `what the corpus is accepted as is what JSON says`() throws {
        for entry in try Corpus.entries() where entry.verdict == "ok" && entry.file.hasSuffix(".json") {
            let state = Manifests.desiredState(of: [ManifestInput(path: try TreePath(entry.file), bytes: entry.bytes)])
            let parsed = try JSONReader.value(of: entry.bytes)
            for input in state.taskDefinitions.map(\.input) + state.services.map(\.input) {
                // botocore takes these files as they are, so nothing may be coerced but empty enums and reserved tags.
                let plain = state.findings.allSatisfy { $0.severity == .warning }
                if plain { #expect(input == parsed, "\(entry.file)") }
            }
        }
    }

    @Test(.enabled(if: Corpus.captures != nil, "skipped: no captures"))
    func `what AWS described reads as the manifest of what it described`() throws {
        let captures = try #require(Corpus.captures)
        var count = 0
        for folder in ["describe-services", "create-service", "update-service", "describe-task-definition"] {
            let root = captures.appendingPathComponent(folder)
            for name in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
                let bytes = try Data(contentsOf: root.appendingPathComponent(name))
                let input = ManifestInput(path: try TreePath("\(folder)/\(name)"), bytes: [UInt8](bytes))
                let state = Manifests.desiredState(of: [input])
                // AWS's own documentation shows an ARN without a revision, which no service ever has.
                // What ECS took may be warned of, but never be called an error: this is the test of our rules' errors.
                let advice = Set(Manifests.documentedRules.filter { $0.severity == .warning }.map(\.id))
                let doubts = state.findings.filter {
                    $0.severity != .remark && $0.rule != "bad-reference" && !advice.contains($0.rule)
                }
                #expect(doubts.map(\.line) == [])
                #expect(state.services.count + state.badServices.count + state.taskDefinitions.count > 0, "\(name)")
                count += 1
            }
        }
        #expect(count > 40)
    }
}
