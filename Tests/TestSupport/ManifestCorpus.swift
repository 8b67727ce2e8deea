package import Foundation

/// Manifests that other people wrote, and the smaller set of ours that stands in where they are not at hand.
package enum ManifestCorpus {
    /// A file, and what botocore says of it.
    package struct Entry: Sendable {
        /// Relative to the corpus: `services/…`, `task-definitions/…`.
        package let file: String
        /// `ok`, `error`, `parse-error`, `wrapped`, `describe-output`, `describe-output+error`.
        package let verdict: String
        /// The judgement of whoever collected it: `input`, `partial-service` ...
        package let kind: String
        package let bytes: [UInt8]

        package var isService: Bool { file.hasPrefix("services/") }
        package var isJSON: Bool { file.hasSuffix(".json") }
        /// Whether it is valid once envelopes and Describe's own members are off.
        package var isValid: Bool { ["ok", "wrapped", "describe-output"].contains(verdict) }
    }

    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// Where the corpus lies: `MOORING_CORPUS`, or beside the checkout; nil where it is not at hand.
    package static let root: URL? = {
        let named = ProcessInfo.processInfo.environment["MOORING_CORPUS"].map { URL(fileURLWithPath: $0) }
        let beside = tests.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("shared/corpus")
        return [named, beside].compactMap { $0 }.first {
            FileManager.default.fileExists(atPath: $0.appendingPathComponent("verdicts.tsv").path)
        }
    }()

    /// The folder of a test target's golden files.
    package static let goldens = tests.appendingPathComponent("DifferenceTests/Goldens")

    /// The corpus; empty, and said so, where it is not at hand.
    package static func entries() throws -> [Entry] {
        guard let root else {
            print("skipped: no corpus at MOORING_CORPUS or ../shared/corpus")
            return []
        }
        let table = try String(contentsOf: root.appendingPathComponent("verdicts.tsv"), encoding: .utf8)
        return try table.split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let bytes = try Data(contentsOf: root.appendingPathComponent(columns[0]))
            return Entry(file: columns[0], verdict: columns[2], kind: columns[3], bytes: [UInt8](bytes))
        }
    }

    /// Manifests of ours, among them the quickstart's.
    package static func own() throws -> [Entry] {
        let own = goldens.appendingPathComponent("manifests")
        let quickstart = tests.deletingLastPathComponent().appendingPathComponent("examples/quickstart/production")
        var entries: [Entry] = []
        for (folder, kind) in [(own, "own"), (quickstart, "quickstart")] {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
                let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
                guard name != "mooring.yaml" else { continue }
                let place = text.contains("serviceName") ? "services" : "task-definitions"
                entries.append(Entry(file: "\(place)/\(name)", verdict: "ok", kind: kind, bytes: Array(text.utf8)))
            }
        }
        return entries
    }
}
