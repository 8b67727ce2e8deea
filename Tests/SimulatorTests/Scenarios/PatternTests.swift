import Testing

@testable import MooringSimulator

/// Patterns of scenarios.
@Suite struct PatternTests {
    @Test(
        arguments: [
            ("*", "", true), ("*", "a", true), ("a", "a", true), ("a", "b", false), ("*:bad", "web:bad", true),
            ("*:bad", "web:good", false), ("acme/*", "acme/web", true), ("acme/*", "other/web", false),
            ("acme/*:v4", "acme/web:v4", true), ("acme/*:v4", "acme/:v4", true), ("acme/*:v4", "acme/web:v5", false),
            ("acme/*:v4", "other/web:v4", false), ("ab*ba", "aba", false), ("ab*ba", "abba", true),
            ("*web*", "acme/web:1", true), ("*web*", "acme/api:1", false), ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false), ("**", "a", true), ("", "", true), ("", "a", false),
        ] as [(String, String, Bool)])
    func `a star is any text, wherever it stands`(pattern: String, text: String, matches: Bool) {
        #expect(Pattern.matches(pattern, text) == matches)
    }
}
