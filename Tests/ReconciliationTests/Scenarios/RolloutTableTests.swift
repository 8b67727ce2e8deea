import Foundation
import MooringRollouts
import Testing

/// Every row ends as the table says, in the words of its golden file, and success is never said of what ECS does not run.
@Suite struct RolloutTableTests {
    @Test func `tasks that fail are told with their cause`() throws { try play("tasks") }
    @Test func `what is wrong around tasks is told with its cause`() throws { try play("surroundings") }
    @Test func `shifted traffic is told stage by stage, and ends as it should`() throws { try play("strategies") }
    @Test func `commits follow each other without a deployment too many`() throws { try play("git") }
    @Test func `what people change by hand is told, and taken back where git says so`() throws { try play("hands") }

    @Test func `the table is as wide as it says`() {
        let rows = RolloutTable.rows
        #expect(Set(rows.map(\.name)).count == rows.count, "rows have names of their own")
        let shown = Set(rows.flatMap { $0.end.services.values.compactMap(\.cause) })
        let missing = Cause.allCases.filter { !shown.contains($0) && RolloutTable.withoutCause[$0] == nil }
        #expect(missing.isEmpty, "no row shows \(missing.map(\.rawValue)), and nothing says why")
        let answered = Set(rows.flatMap(\.peers))
        let open = (1...RolloutTable.complaints).filter { !answered.contains($0) && RolloutTable.withoutRow[$0] == nil }
        #expect(open.isEmpty, "no row answers \(open), and nothing says why")
        #expect(rows.count >= 60)
        print(
            "\(rows.count) scenarios; \(shown.count) of \(Cause.allCases.count) causes, \(RolloutTable.withoutCause.count) "
                + "cannot be shown; \(answered.count) of \(RolloutTable.complaints) complaints, "
                + "\(RolloutTable.withoutRow.count) are no matter of a rollout")
    }

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
