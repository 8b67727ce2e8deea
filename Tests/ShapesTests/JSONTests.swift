import MooringShapes
import Testing

@Suite struct JSONTests {
    @Test func `a document reads back as it was written`() throws {
        let text = #"{"b":[1,2.50,-3e2,true,null],"a":{"x":"é\u001b\"\\\n😀"},"":{}}"#
        let value = try JSONReader.value(of: text)
        #expect(try JSONReader.value(of: JSONWriter(.compact).text(of: value)) == value)
        #expect(try JSONReader.value(of: JSONWriter(.indented).text(of: value)) == value)
        #expect(value["b"]?[1]?.text == "2.50")
    }

    @Test(arguments: [1, 16, 17, 200])
    func `a member given twice is found among however many`(count: Int) throws {
        let members = (0..<count).map { #""m\#($0)":0"# }.joined(separator: ",")
        #expect(try JSONReader.value(of: "{\(members)}").members?.count == count)
        #expect(throws: JSONError.self) { try JSONReader.value(of: #"{\#(members),"m0":1}"#) }
        #expect(throws: JSONError.self) { try JSONReader.value(of: #"{\#(members),"m\#(count - 1)":1}"#) }
    }

    @Test func `a member given twice is told with the place of the first`() throws {
        let error = try #require(throws: JSONError.self) {
            try JSONReader.value(of: "{\"a\": 1,\n \"b\": 2, \"a\": 3}")
        }
        #expect(error.description == "2:10: the member 'a' is given twice, first at 1:2")
    }

    @Test func `surrogate pairs become one character`() throws {
        #expect(try JSONReader.value(of: #""\ud83d\ude00""#).text == "😀")
        #expect(throws: JSONError.self) { try JSONReader.value(of: #""\ud83d""#) }
    }

    @Test func `positions count lines and characters from one`() throws {
        let value = try JSONReader.value(of: "{\n  \"é\": 1, \"b\": [\n    2]}")
        #expect(value.members?[1].position == SourcePosition(line: 2, column: 11))
        #expect(value["b"]?[0]?.position == SourcePosition(line: 3, column: 5))
    }

    @Test func `a comment line above the document is passed over`() throws {
        #expect(try JSONReader.value(of: "// what it is\n# more\n{\"a\":1}")["a"]?.integer == 1)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "01", "1.", "tru", "\"a", "{\"a\":1} x", "{\"a\":1,\"a\":2}", "nul",
        "-",
        "\"\u{1}\"", "{\"a\" 1}",
    ])
    func `what is not JSON is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try JSONReader.value(of: text) }
    }

    @Test func `deep nesting is refused before the stack ends`() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try JSONReader.value(of: text) }
    }

    @Test func `canonical text does not depend on the order of members`() {
        let left: Value = ["b": 1, "a": ["y": 2, "x": 3]]
        let right: Value = ["a": ["x": 3, "y": 2], "b": 1]
        #expect(JSONWriter(.canonical).text(of: left) == JSONWriter(.canonical).text(of: right))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
    }
}
