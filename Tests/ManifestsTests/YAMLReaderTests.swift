import MooringManifests
import MooringShapes
import Testing

@Suite struct YAMLReaderTests {
    private func value(_ text: String) throws -> Value {
        let stream = YAMLReader.stream(of: Array(text.utf8))
        if let error = stream.error { throw error }
        return try #require(stream.documents.first)
    }

    private func error(_ text: String) throws -> YAMLError {
        try #require(YAMLReader.stream(of: Array(text.utf8)).error)
    }

    @Test func `scalars keep their text, and whether they were quoted`() throws {
        let value = try value(
            """
            a: NO
            b: 'NO'
            c: "x\\n\\u00e9"
            d: 022
            e: !!str 1
            f: !!int "2"
            g: |
              one
              two
            """)
        let scalars = value.members?.compactMap(\.value.scalar)
        #expect(
            scalars == [
                Scalar(text: "NO", style: .plain), Scalar(text: "NO", style: .string),
                Scalar(text: "x\né", style: .string), Scalar(text: "022", style: .plain),
                Scalar(text: "1", style: .string), Scalar(text: "2", style: .plain),
                Scalar(text: "one\ntwo", style: .string),
            ])
    }

    @Test(arguments: ["~", "null", "Null", "NULL", "", "!!null x"])
    func `null is what YAML says it is`(_ text: String) throws {
        #expect(try value("a: \(text)")["a"]?.isNull == true)
    }

    @Test func `positions count lines and characters from one`() throws {
        let value = try value("é: [ü, {b: c}]\nd:\n  - e\n")
        #expect(value["é"]?[1]?["b"]?.position == SourcePosition(line: 1, column: 12))
        #expect(value["d"]?[0]?.position == SourcePosition(line: 3, column: 5))
        #expect(value.members?[1].position == SourcePosition(line: 2, column: 1))
    }

    @Test func `names of members are what the document says`() throws {
        #expect(try value("NO: 1\n1: 2\n'': 3\n~: 4\n\"a b\": 5").members?.map(\.name) == ["NO", "1", "", "~", "a b"])
    }

    @Test func `several documents are read, empty ones left out`() {
        let stream = YAMLReader.stream(of: Array("---\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n".utf8))
        #expect(stream.documents.map { $0.members?.first?.name } == ["a", "b"])
        #expect(stream.error == nil)
    }

    @Test func `the documents before an error are kept`() {
        let stream = YAMLReader.stream(of: Array("a: 1\n---\nb: [\n".utf8))
        #expect(stream.documents.count == 1)
        #expect(stream.error?.rule == "malformed-yaml")
    }

    @Test func `aliases and merge keys are resolved, what is written out wins`() throws {
        let value = try value(
            """
            base: &base {a: 1, b: 2}
            more: &more {b: 3, c: 4}
            one: {<<: *base, b: 9}
            all: {<<: [*base, *more], d: 5}
            list: [*base, &x y, *x]
            """)
        #expect(value["one"] == .map([("b", plain("9")), ("a", plain("1"))]))
        #expect(
            value["all"] == .map([("d", plain("5")), ("a", plain("1")), ("b", plain("2")), ("c", plain("4"))]))
        #expect(value["list"]?[0]?["a"] == plain("1"))
        #expect(value["list"]?[2] == plain("y"))
    }

    @Test func `a quoted merge key is an ordinary member`() throws {
        #expect(try value("'<<': 1").members?.first?.name == "<<")
    }

    @Test(arguments: [
        ("a: 1\nb: 2\na: 3\n", "duplicate-member", "3:1"),
        ("a: {b: 1, b: 2}", "duplicate-member", "1:11"),
        ("a: *nothing", "unknown-alias", "1:4"),
        ("a: &a [*a]", "unknown-alias", "1:8"),
        ("<<: 5", "bad-merge", "1:1"),
        ("? [a]\n: b", "bad-member-name", "1:3"),
        ("? \n: b", "bad-member-name", "1:2"),
        ("a: !Ref b", "unsupported-tag", "1:4"),
        ("a: !!binary aGk=", "unsupported-tag", "1:4"),
        ("a: !Sub {b: c}", "unsupported-tag", "1:4"),
        ("a:\n\t- b\n", "malformed-yaml", "2:1"),
        ("a: b: c\n", "malformed-yaml", "1:5"),
        ("a: 'b\n", "malformed-yaml", "2:1"),
        ("a: \"\\ud83d\\ude00\"", "malformed-yaml", "1:7"),
    ])
    func `what is wrong is refused at its place`(_ text: String, _ rule: String, _ place: String) throws {
        let error = try error(text)
        #expect(error.rule == rule)
        #expect(error.position.description == place)
    }

    @Test func `a member given twice is told with the place of the first`() throws {
        #expect(try error("b: 2\na: 1\nc:\na: 3\n").message.contains("is given twice, first at 2:1. Remove"))
    }

    @Test func `a tab is explained`() throws {
        #expect(try error("a:\n\t- b\n").message.contains("Indent with spaces, never with tabs"))
    }

    @Test func `aliases that grow a file without end are refused at once`() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(try error(text).rule == "alias-bomb")
        // As a key it would have to be hashed whole.
        #expect(try error(text.replacing("a30:", with: "? *a29\n:")).rule == "alias-bomb")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `deep nesting is refused before the stack ends`(_ opener: String) throws {
        #expect(try error(String(repeating: opener, count: 5000)).rule == "too-deep")
    }

    @Test func `depth counts through aliases`() throws {
        var text = "a0: &a0 [x]\n"
        for level in 1...200 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(try error(text).rule == "too-deep")
    }

    @Test func `too many documents are refused`() throws {
        #expect(try error(String(repeating: "--- a\n", count: 1002)).rule == "too-many-documents")
    }

    @Test func `JSON reads as YAML`() throws {
        let text = #"{"a": [1, true, null, "x"], "b": {"c": 1.5}}"#
        let yaml = try value(text)
        #expect(yaml["a"]?.elements?.map { $0.scalar?.text } == ["1", "true", "", "x"])
        #expect(yaml["b"]?["c"]?.double == 1.5)
    }

    private func plain(_ text: String) -> Value { Value(.scalar(Scalar(text: text, style: .plain))) }
}
