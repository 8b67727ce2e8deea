import Foundation
import MooringTestSupport
import Testing

/// The digests of real manifests: a changed table or a refactoring must not silently redeploy a fleet.
///
/// `RECORD_SNAPSHOTS=1` writes them anew. Whoever has to do that for a document that did not change gives digests of version 1
/// another meaning, and should introduce the next version instead.
@Suite struct GoldenDigestTests {
    private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

    @Test func `our own manifests have the digests they had`() throws {
        try check("own-digests.tsv", try ManifestCorpus.own())
    }

    @Test(.enabled(if: ManifestCorpus.root != nil, "skipped: no corpus"))
    func `every file of the corpus that is accepted has the digest it had`() throws {
        try check("corpus-digests.tsv", try ManifestCorpus.entries())
    }

    @Test func `two spellings of one document have one digest`() throws {
        let entries = try ManifestCorpus.own().filter { $0.kind == "own" }
        let pairs = Dictionary(grouping: entries) { $0.file.split(separator: ".")[0] }.filter { $0.value.count == 2 }
        #expect(pairs.count == 2)
        for (name, spellings) in pairs {
            let digests = try spellings.map { try #require(try AcceptedManifest($0)).digest }
            #expect(digests[0] == digests[1], "\(name)")
        }
    }

    private func check(_ name: String, _ entries: [ManifestCorpus.Entry]) throws {
        let found = try entries.compactMap { entry in try AcceptedManifest(entry).map { (entry.file, $0.digest) } }
        let file = ManifestCorpus.goldens.appendingPathComponent(name)
        if Self.isRecording {
            let lines = found.sorted { $0.0 < $1.0 }.map { "\($0.0)\t\($0.1)\n" }
            try lines.joined().write(to: file, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            let columns = line.split(separator: "\t").map(String.init)
            return (columns[0], columns[1])
        }
        let expected = Dictionary(uniqueKeysWithValues: golden)
        for (file, digest) in found { #expect(digest == expected[file], "\(file)") }
        let accepted = Set(found.map(\.0))
        let gone = golden.map(\.0).filter { !accepted.contains($0) }
        print("\(name): \(found.count) of \(entries.count) files are of the API's shape and have their golden digest.")
        #expect(gone == [], "no longer of the API's shape")
    }
}
