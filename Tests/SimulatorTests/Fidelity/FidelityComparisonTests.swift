import MooringShapes
import Testing

/// The comparison finds what it should: a test of fidelity that cannot fail proves nothing.
@Suite struct FidelityComparisonTests {
    struct Case: Sendable, CustomStringConvertible {
        let recorded: String
        let ours: String
        let found: [String]
        var description: String { "\(recorded) and \(ours)" }
    }

    static let cases: [Case] = [
        Case(recorded: #"{"a": 1}"#, ours: #"{"a": 1}"#, found: []),
        Case(recorded: #"{"a": 1, "b": []}"#, ours: #"{"a": 1}"#, found: ["missing b"]),
        Case(recorded: #"{"a": {}}"#, ours: #"{"a": {"b": 1}}"#, found: ["extra a.b"]),
        Case(recorded: #"{"a": 1}"#, ours: #"{"a": "1"}"#, found: ["value a"]),
        Case(recorded: #"{"a": false}"#, ours: #"{"a": true}"#, found: ["value a"]),
        Case(recorded: #"{"a": []}"#, ours: #"{"a": {}}"#, found: ["value a"]),
        Case(recorded: #"{"a": ["x", "y"]}"#, ours: #"{"a": ["y", "x"]}"#, found: ["order a[]"]),
        Case(recorded: #"{"tags": ["x", "y"]}"#, ours: #"{"tags": ["y", "x"]}"#, found: []),
        Case(
            recorded: #"{"a": [{"name": "x"}, {"name": "y"}]}"#, ours: #"{"a": [{"name": "x"}]}"#,
            found: ["missing a[y]"]),
        Case(recorded: #"{"a": [{"b": 1}]}"#, ours: #"{"a": []}"#, found: ["count a[]"]),
        Case(recorded: #"{"events": [{"id": "a"}]}"#, ours: #"{"events": []}"#, found: ["missing events[]"]),
        Case(recorded: #"{"events": []}"#, ours: #"{"events": []}"#, found: []),
        Case(recorded: #"{"runningCount": 1}"#, ours: #"{"runningCount": 2}"#, found: []),
        // Forms: ids of one kind are alike, of two kinds are not.
        Case(
            recorded: #"{"id": "ecs-svc/5219324069200109376"}"#, ours: #"{"id": "ecs-svc/1234567890123456789"}"#,
            found: []),
        Case(recorded: #"{"id": "ecs-svc/5219324069200109376"}"#, ours: #"{"id": "ecs-svc/17"}"#, found: ["value id"]),
        Case(
            recorded: #"{"t": "arn:aws:ecs:r:1:task/c/2e04f4f94d1149b3b4a0515e4a71d933"}"#,
            ours: #"{"t": "arn:aws:ecs:r:1:task/0f3e3546-6973-4d36-82ea-292de5d9fea4"}"#, found: ["value t"]),
        Case(recorded: #"{"createdAt": 1557119253.821}"#, ours: #"{"createdAt": 1767225600.1}"#, found: []),
        Case(
            recorded: #"{"createdAt": 1557119253.821}"#, ours: #"{"createdAt": "2019-05-06T05:07:33Z"}"#,
            found: ["value createdAt"]),
        Case(
            recorded: #"{"createdAt": 1557119253.821}"#, ours: #"{"createdAt": 1557119253.821456}"#,
            found: ["value createdAt"]),
    ]

    @Test(arguments: cases)
    func `a difference is found, and only a difference`(_ line: Case) throws {
        let comparison = Comparison(
            recorded: try JSONReader.value(of: line.recorded), ours: try JSONReader.value(of: line.ours))
        #expect(comparison.differences.map { "\($0.kind.rawValue) \($0.path)" } == line.found)
    }

    @Test(arguments: [
        ("a*c", "abc", true), ("a*c", "ac", true), ("a*c", "abd", false), ("*", "", true), ("ab", "ab", true),
        ("*b*", "abc", true), ("a*a", "a", false),
    ])
    func `a pattern matches as written`(_ pattern: String, _ text: String, _ matches: Bool) {
        #expect(Glob.matches(pattern, text) == matches)
    }
}
