import Foundation
import Testing

/// Compares with a file beside the tests; with RECORD_SNAPSHOTS=1 writes it instead.
enum Snapshot {
    static func expect(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/\(name)")
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(
            text == golden, "differs from \(name); RECORD_SNAPSHOTS=1 writes it anew", sourceLocation: sourceLocation)
    }
}
