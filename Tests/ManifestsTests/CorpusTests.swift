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
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/corpus")
        return [environment, beside].compactMap { $0 }.first {
            FileManager.default.fileExists(atPath: $0.appendingPathComponent("verdicts.tsv").path)
        }
    }()

    struct Entry {
        let file: String
        let kind: String
        let verdict: String
        let bytes: [UInt8]
    }

    static func entries() throws -> [Entry] {
        guard let root else { return [] }
        let table = try String(contentsOf: root.appendingPathComponent("verdicts.tsv"), encoding: .utf8)
        return try table.split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let bytes = try Data(contentsOf: root.appendingPathComponent(columns[0]))
            return Entry(file: columns[0], kind: columns[1], verdict: columns[2], bytes: [UInt8](bytes))
        }
    }
}

@Suite struct CorpusTests {
    @Test func `every file of the corpus gets botocore's verdict or a listed reason`() throws {
        for entry in try Corpus.entries() {
            let state = Manifests.desiredState(of: [ManifestInput(path: try TreePath(entry.file), bytes: entry.bytes)])
            let errors = state.findings.filter { $0.severity == .error }
            let ours = errors.isEmpty ? "ok" : "error"
            let theirs = ["ok", "describe-output", "wrapped"].contains(entry.verdict) ? "ok" : "error"
            if ours != theirs {
                print("DIFF \(entry.file) theirs \(entry.verdict)"); for e in state.findings { print("   ", e.line) }
            }
        }
    }
}
