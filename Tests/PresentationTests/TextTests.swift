import Testing

@testable import MooringPresentation

@Suite struct TextTests {
    @Test(arguments: [
        ("", ""), ("plain text, as nearly all is.", "plain text, as nearly all is."), (" two  blanks ", "two blanks"),
        ("trailing ", "trailing"), ("a\nb\r\n\tc", "a b c"), ("\u{1B}[31mred", "[31mred"), ("del\u{7F}ete", "del ete"),
        ("Grüße, 世界 👩‍👩‍👧", "Grüße, 世界 👩‍👩‍👧"), ("ü\u{85}next line", "ü next line"),
        ("turned \u{202E}txt.exe\u{2069}", "turned txt.exe"), ("\u{0}", ""),
    ])
    func `a line for a terminal holds no break, no control character and nothing that turns it`(
        text: String, line: String,
    ) {
        #expect(text.safeLine == line)
    }
}
