import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import Testing

@Suite struct FindingNewsTests {
    private func finding(_ message: String, line: Int, file: String = "web.yaml") throws -> MooringModel.Finding {
        MooringModel.Finding(
            severity: .warning, rule: "advice", message: message, file: try TreePath(file),
            position: SourcePosition(line: line, column: 1), memberPath: "")
    }

    @Test func `what was told already is not told again where lines above it moved it`() throws {
        let before = [try finding("a", line: 1), try finding("b", line: 9)]
        let after = [try finding("a", line: 3), try finding("b", line: 9), try finding("c", line: 2)]
        #expect(after.news(since: before) == [try finding("c", line: 2)])
        #expect(after.news(since: []) == after)
        #expect(before.news(since: after).isEmpty)
    }

    @Test func `the same is said of another file, or in other words`() throws {
        let before = [try finding("a", line: 1)]
        let after = [try finding("a", line: 1, file: "api.yaml"), try finding("other", line: 1)]
        #expect(after.news(since: before) == after)
    }
}
