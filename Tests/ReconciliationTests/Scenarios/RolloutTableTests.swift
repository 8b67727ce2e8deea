import Foundation
import Testing

/// Every row ends as the table says, in the words of its golden file, and success is never said of what ECS does not run.
@Suite struct RolloutTableTests {
    @Test func `tasks that fail are told with their cause`() throws { try play("tasks") }
    @Test func `what is wrong around tasks is told with its cause`() throws { try play("surroundings") }

    private func play(_ name: String) throws {
        var texts: [String] = []
        for row in RolloutTable.groups.first(where: { $0.name == name })?.rows ?? [] {
            do { texts.append(try row.play()) } catch { Issue.record("\(row.name): \(error)") }
        }
        #expect(!texts.isEmpty)
        try expectGolden(texts.joined(separator: "\n\n") + "\n", "rollouts-\(name).txt")
    }

    private func expectGolden(_ text: String, _ name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Goldens/\(name)")
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(text == golden, "differs from \(name); RECORD_SNAPSHOTS=1 writes it anew")
    }
}
