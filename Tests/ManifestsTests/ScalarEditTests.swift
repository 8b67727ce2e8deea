import Foundation
import MooringManifests
import MooringNames
import MooringShapes
import Testing

/// One scalar of a file replaced, and nothing else.
@Suite struct ScalarEditTests {
    private static let new = "registry.example.com/web@sha256:" + String(repeating: "a", count: 64)

    /// Every scalar that is a container's image, in the order of the file; those that an alias brings, too.
    private static func images(in value: Value, isContainer: Bool = false) -> [Value] {
        switch value.node {
        case .scalar: return []
        case .list(let elements): return elements.flatMap { images(in: $0, isContainer: isContainer) }
        case .map(let members):
            return members.flatMap { member -> [Value] in
                if isContainer, member.name == "image", member.value.text != nil { return [member.value] }
                return images(in: member.value, isContainer: member.name == "containerDefinitions")
            }
        }
    }

    /// What the file says, leaf by leaf, as the module's own reader of the format has it.
    private static func leaves(_ bytes: [UInt8], isJSON: Bool) throws -> [String] {
        func flat(_ value: Value, _ path: String) -> [String] {
            switch value.node {
            case .scalar(let scalar): ["\(path) = \(scalar.text)\(scalar.style == .null ? " (null)" : "")"]
            case .list(let elements):
                ["\(path) list \(elements.count)"] + elements.enumerated().flatMap { flat($1, "\(path)[\($0)]") }
            case .map(let members): members.flatMap { flat($0.value, "\(path).\($0.name)") }
            }
        }
        if isJSON { return flat(try JSONReader.value(of: bytes), "") }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        let stream = YAMLReader.stream(of: text)
        if let error = stream.error { throw error }
        return stream.documents.enumerated().flatMap { flat($1, "\($0)") }
    }

    private static func edited(
        _ text: String, name: String = "web.yaml", image index: Int = 0, to new: String = new,
    ) throws -> String {
        let input = ManifestInput(path: try TreePath(name), bytes: Array(text.utf8))
        let bytes = text.hasPrefix("\u{FEFF}") ? Array(text.utf8.dropFirst(3)) : Array(text.utf8)
        let roots = name.hasSuffix(".json") ? [try JSONReader.value(of: bytes)] : YAMLReader.stream(of: bytes).documents
        let image = try #require(roots.flatMap { images(in: $0) }.dropFirst(index).first?.position)
        return String(decoding: try ScalarEdit.replacing(scalarAt: image, with: new, in: input), as: UTF8.self)
    }

    private static let layouts: [(String, String)] = [
        ("plain", "containerDefinitions:\n  - name: app   # the one\n    image: OLD   # of today\n    cpu: 1\n"),
        ("single quotes", "containerDefinitions:\n  - image: 'OLD'\n"),
        ("double quotes", "containerDefinitions:\n  - image: \"OLD\"\n"),
        ("flow", "containerDefinitions: [{name: app, image: OLD, cpu: 1}]\n"),
        ("flow, quoted", "containerDefinitions: [{name: app, 'image': 'OLD'}, {image: other}]\n"),
        ("JSON in YAML", "{\"containerDefinitions\": [{\"image\":\"OLD\",\"x\":1}]}\n"),
        ("line ends of Windows", "containerDefinitions:\r\n  - image: OLD\r\n    cpu: 1\r\n"),
        ("a byte order mark", "\u{FEFF}containerDefinitions:\n  - image: OLD\n"),
        ("another alphabet before it", "# Größe\ncontainerDefinitions:\n  - {name: größe, x: \"日本\", image: OLD}\n"),
        ("a second document", "a: 1\n---\n# two\ncontainerDefinitions:\n  - image: OLD\n---\nb: 2\n"),
        ("no line end", "containerDefinitions:\n  - image: OLD"),
        ("a folded block", "containerDefinitions:\n  - image: >-\n      OLD\n\n    # after\n    cpu: 1\n"),
        ("a literal block", "containerDefinitions:\n  - image: |-\n      OLD\n    cpu: 1\n"),
        ("an unused anchor", "containerDefinitions:\n  - image: &image OLD\n    cpu: 1\n"),
        ("a tag", "containerDefinitions:\n  - image: !!str OLD\n"),
        ("on a line of its own", "containerDefinitions:\n  - image:\n      OLD\n    cpu: 1\n"),
        (
            "JSON",
            "{\n\t\"containerDefinitions\": [\n\t\t{ \"name\" : \"ü\", \"image\" : \"OLD\" , \"cpu\": 1 }\n\t]\n}\n"
        ),
    ]

    @Test(arguments: layouts.map(\.0))
    func `only the scalar's own text changes`(_ name: String) throws {
        let text = try #require(ScalarEditTests.layouts.first { $0.0 == name }?.1)
        let old = text.replacing("OLD", with: "nginx:1.27")
        let file = name == "JSON" ? "web.json" : "web.yaml"
        #expect(
            try ScalarEditTests.edited(old, name: file) == text.replacing("OLD", with: ScalarEditTests.new))
    }

    @Test func `escapes in a JSON string go with it`() throws {
        let old = #"{"containerDefinitions":[{"image":"a\/b\"\\\u00fc","x":"\/"}]}"#
        #expect(
            try ScalarEditTests.edited(old, name: "a.json", to: "c\"d")
                == #"{"containerDefinitions":[{"image":"c\"d","x":"\/"}]}"#)
    }

    @Test(arguments: [
        ("a: b", "\"a: b\""), ("null", "\"null\""), ("x #y", "\"x #y\""), ("- x", "\"- x\""), ("", "\"\""),
        ("*a", "\"*a\""), ("a\nb", "\"a\\nb\""), ("1.10", "1.10"), ("a#b", "a#b"), ("@x", "\"@x\""),
        ("\u{FEFF}", "\"\\ufeff\""),
    ])
    func `what would mean something else without quotes gets them`(_ text: String, _ written: String) throws {
        let edited = try ScalarEditTests.edited("containerDefinitions:\n  - image: x\n", to: text)
        #expect(edited == "containerDefinitions:\n  - image: \(written)\n")
    }

    @Test func `in a flow collection, too`() throws {
        let edited = try ScalarEditTests.edited("containerDefinitions: [{image: x, cpu: 1}]\n", to: "a,b}")
        #expect(edited == "containerDefinitions: [{image: \"a,b}\", cpu: 1}]\n")
    }

    @Test func `an apostrophe is doubled between apostrophes, and a line end needs other quotes`() throws {
        #expect(
            try ScalarEditTests.edited("containerDefinitions:\n  - image: 'x'\n", to: "it's")
                == "containerDefinitions:\n  - image: 'it''s'\n")
        #expect(
            try ScalarEditTests.edited("containerDefinitions:\n  - image: 'x'\n", to: "a\nb")
                == "containerDefinitions:\n  - image: \"a\\nb\"\n")
    }

    @Test func `a block that ends in a line end is written anew where the text has none`() throws {
        let edited = try ScalarEditTests.edited("containerDefinitions:\n  - image: |\n      x\n    cpu: 1\n", to: "y")
        #expect(edited == "containerDefinitions:\n  - image: y\n    cpu: 1\n")
    }

    @Test(arguments: [
        "x: &i nginx:1\ncontainerDefinitions:\n  - image: *i\n",
        "containerDefinitions:\n  - image: &i nginx:1\n  - image: *i\n",
        "containerDefinitions:\n  - &c {name: a, image: nginx:1}\n  - {<<: *c, name: b}\n",
        "x: &c [{image: nginx:1}]\ncontainerDefinitions: *c\n",
    ])
    func `what an alias brings to other places is refused, with the place of the anchor`(_ text: String) throws {
        let problem = try #require(throws: EditProblem.self) { try ScalarEditTests.edited(text) }
        #expect(problem.message.contains("is used in 2 places, by an alias"))
        let line = try #require(text.split(separator: "\n").firstIndex { $0.contains("nginx:1") })
        #expect(problem.position?.line == line + 1)
    }

    @Test func `an alias that a merge overrides is no hindrance`() throws {
        let text = "x: &c {image: a, cpu: 1}\ncontainerDefinitions:\n  - {<<: *c, image: b}\n"
        #expect(try ScalarEditTests.edited(text) == text.replacing("image: b", with: "image: \(ScalarEditTests.new)"))
    }

    @Test func `a place without a scalar, and a file that cannot be read, are told`() throws {
        let path = try TreePath("a.yaml")
        for (text, position) in [
            ("a: 1\n", SourcePosition(line: 7, column: 1)), ("a: [", SourcePosition(line: 1, column: 4)),
        ] {
            #expect(throws: EditProblem.self) {
                try ScalarEdit.replacing(
                    scalarAt: position, with: "x", in: ManifestInput(path: path, bytes: Array(text.utf8)))
            }
        }
    }

    /// All scalars of a tree that are not null.
    private static func scalars(in value: Value) -> [Value] {
        switch value.node {
        case .scalar: value.text == nil ? [] : [value]
        case .list(let elements): elements.flatMap { scalars(in: $0) }
        case .map(let members): members.flatMap { scalars(in: $0.value) }
        }
    }

    @Test(arguments: ["new", "a: b, c # d", "it's \"quoted\"\\\n, größer"])
    func `whatever stands in other people's manifests can be replaced by whatever text`(_ text: String) throws {
        var changed = 0
        for entry in try Corpus.entries() {
            let isJSON = entry.file.hasSuffix(".json")
            guard let before = try? ScalarEditTests.leaves(entry.bytes, isJSON: isJSON) else { continue }
            let input = ManifestInput(path: try TreePath(entry.file), bytes: entry.bytes)
            let hasMark = entry.bytes.starts(with: [0xEF, 0xBB, 0xBF])
            let bytes = hasMark ? Array(entry.bytes.dropFirst(3)) : entry.bytes
            let roots = isJSON ? [try JSONReader.value(of: bytes)] : YAMLReader.stream(of: bytes).documents
            let scalars = roots.flatMap { ScalarEditTests.scalars(in: $0) }
            // Some of each file, for each costs three readings of it.
            for index in stride(from: changed % 7, to: scalars.count, by: max(1, scalars.count / 3)) {
                let position = try #require(scalars[index].position)
                guard scalars.count(where: { $0.position == position }) == 1 else { continue }
                let edited = try ScalarEdit.replacing(scalarAt: position, with: text, in: input)
                let after = try ScalarEditTests.leaves(edited, isJSON: isJSON)
                try #require(before.count == after.count, "\(entry.file) \(position)")
                let leaves = zip(before, after).filter { $0 != $1 }
                #expect(leaves.count == 1 && leaves[0].1.hasSuffix(" = \(text)"), "\(entry.file) \(position)")
                changed += 1
            }
        }
        if Corpus.root != nil { #expect(changed > 300) }
    }

    @Test func `in manifests that other people wrote, one line changes and one leaf says something else`() throws {
        var changed = 0
        var shared = 0
        for entry in try Corpus.entries() {
            let isJSON = entry.file.hasSuffix(".json")
            guard let before = try? ScalarEditTests.leaves(entry.bytes, isJSON: isJSON) else { continue }
            let input = ManifestInput(path: try TreePath(entry.file), bytes: entry.bytes)
            let hasMark = entry.bytes.starts(with: [0xEF, 0xBB, 0xBF])
            let text = hasMark ? Array(entry.bytes.dropFirst(3)) : entry.bytes
            let roots = isJSON ? [try JSONReader.value(of: text)] : YAMLReader.stream(of: text).documents
            let images = roots.flatMap { ScalarEditTests.images(in: $0) }
            for image in images {
                let position = try #require(image.position)
                let edited: [UInt8]
                do {
                    edited = try ScalarEdit.replacing(scalarAt: position, with: ScalarEditTests.new, in: input)
                } catch {
                    #expect(images.count { $0.position == position } > 1, "\(entry.file): \(error)")
                    shared += 1
                    continue
                }
                let after = try ScalarEditTests.leaves(edited, isJSON: isJSON)
                try #require(before.count == after.count, "\(entry.file)")
                let leaves = zip(before, after).filter { $0 != $1 }
                #expect(
                    leaves.count == 1 && leaves.allSatisfy { $1.hasSuffix(" = \(ScalarEditTests.new)") },
                    "\(entry.file)")
                let lines = zip(
                    entry.bytes.split(separator: 0x0A, omittingEmptySubsequences: false),
                    edited.split(separator: 0x0A, omittingEmptySubsequences: false)
                ).filter { $0 != $1 }
                #expect(lines.count == 1, "\(entry.file)")
                #expect(entry.bytes.count { $0 == 0x0A } == edited.count { $0 == 0x0A }, "\(entry.file)")
                changed += 1
            }
        }
        print("images replaced: \(changed), shared by an alias: \(shared)")
        if Corpus.root != nil { #expect(changed > 100) }
    }
}
