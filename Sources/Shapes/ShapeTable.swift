/// The shapes of an API's inputs, read from a compact text that `generate-shapes.py` writes.
package struct ShapeTable: Sendable {
    /// Amazon ECS: the inputs of RegisterTaskDefinition, CreateService, UpdateService, CreateCluster and RunTask.
    /// Read once, at its first use.
    package static let ecs = ShapeTable(text: ecsText)

    /// Application Auto Scaling: the inputs of RegisterScalableTarget, PutScalingPolicy and PutScheduledAction. A table of
    /// its own: names of shapes mean different things in different services. Read once, at its first use.
    package static let applicationAutoScaling = ShapeTable(text: applicationAutoScalingText)

    /// What the table was written from: `botocore 1.44.8`.
    package let source: String
    private let shapes: [Shape]
    private let indices: [String: Shape.ID]
    private let inputs: [String: Shape.ID]

    /// The shape called `name` in the API model.
    package func shape(_ name: String) -> Shape? { indices[name].map { shapes[$0] } }

    /// What the operation called `name` takes.
    package func input(of operation: String) -> Shape? { inputs[operation].map { shapes[$0] } }

    package subscript(_ id: Shape.ID) -> Shape { shapes[id] }

    /// The operations whose inputs are here, sorted.
    package var operations: [String] { inputs.keys.sorted() }

    /// Every shape, sorted by name.
    package var all: [Shape] { shapes }
}

extension ShapeTable {
    /// Reads a table. A table is part of this package, so a malformed one is a programmer's error and stops the process.
    package init(text: String) {
        var reader = Reader()
        let logical = Reader.logicalLines(of: text)
        let shapeLines = logical.filter { !["source", "operation"].contains($0.words.first) }
        for (index, line) in shapeLines.enumerated() { reader.indices[line.word(1)] = index }
        source = logical.first { $0.words.first == "source" }?.words.dropFirst().joined(separator: " ") ?? ""
        shapes = shapeLines.map { reader.shape(from: $0) }
        indices = reader.indices
        let names = reader.indices
        inputs = Dictionary(
            logical.filter { $0.words.first == "operation" }.map { line in
                guard let id = names[line.word(2)] else { preconditionFailure("no shape \(line.word(2))") }
                return (line.word(1), id)
            },
            uniquingKeysWith: { first, _ in first })
    }

    /// One shape of the text, split at spaces.
    struct Line {
        var words: [String]

        func word(_ index: Int) -> String {
            precondition(words.indices.contains(index), "a line of the shape table is too short: \(words)")
            return words[index]
        }
    }

    struct Reader {
        var indices: [String: Shape.ID] = [:]

        /// Splits the text at line breaks and spaces, and joins continued lines. Works on bytes: on characters it would
        /// take ten times as long.
        static func logicalLines(of text: String) -> [Line] {
            var lines: [Line] = []
            for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
                guard let first = line.first, first != UInt8(ascii: "#") else { continue }
                let words = line.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
                if first == UInt8(ascii: " "), !lines.isEmpty {
                    lines[lines.count - 1].words += words
                } else {
                    lines.append(Line(words: words))
                }
            }
            return lines
        }

        func shape(from line: Line) -> Shape {
            Shape(name: line.word(1), kind: kind(from: line))
        }

        private func kind(from line: Line) -> Shape.Kind {
            switch line.words[0] {
            case "structure": structure(line.words.dropFirst(2))
            case "list": .list(element: id(line.word(2)), bounds: bounds(line.words.dropFirst(3)))
            case "map": .map(key: id(line.word(2)), value: id(line.word(3)))
            case "string": .string(stringRule(line.words.dropFirst(2)))
            case "integer": .integer(bounds(line.words.dropFirst(2)), bits: 32)
            case "long": .integer(bounds(line.words.dropFirst(2)), bits: 64)
            case "double": .double(bounds(line.words.dropFirst(2)))
            case "boolean": .boolean
            case "timestamp": .timestamp
            case "blob": .blob
            default: preconditionFailure("the shape table holds an unknown kind: \(line.words)")
            }
        }

        private func structure(_ words: ArraySlice<String>) -> Shape.Kind {
            let flags = words.filter { $0.hasPrefix("+") }
            if flags.contains("+document") { return .document }
            let members = words.filter { !$0.hasPrefix("+") }.map { word -> Shape.Member in
                let halves = word.split(separator: "=", maxSplits: 1)
                precondition(halves.count == 2, "a member of the shape table has no shape: \(word)")
                let name = halves[0].prefix { $0 != "!" && $0 != "~" }
                return Shape.Member(
                    name: String(name), shape: id(String(halves[1])), isRequired: halves[0].contains("!"),
                    isDeprecated: halves[0].contains("~"))
            }
            return .structure(Shape.Structure(members: members, isUnion: flags.contains("+union")))
        }

        private func stringRule(_ words: ArraySlice<String>) -> Shape.StringRule {
            if words.first == ":" {
                return Shape.StringRule(bounds: Shape.Bounds(), values: Array(words.dropFirst()), characters: nil)
            }
            let pattern = words.first { $0.hasPrefix("/") }.map { CharacterClass(pattern: String($0.dropFirst())) }
            return Shape.StringRule(
                bounds: bounds(words.filter { !$0.hasPrefix("/") }[...]), values: [], characters: pattern)
        }

        private func bounds(_ words: ArraySlice<String>) -> Shape.Bounds {
            guard let word = words.first, let dots = word.firstRange(of: "..") else { return Shape.Bounds() }
            return Shape.Bounds(minimum: Int(word[..<dots.lowerBound]), maximum: Int(word[dots.upperBound...]))
        }

        private func id(_ name: String) -> Shape.ID {
            guard let id = indices[name] else { preconditionFailure("the shape table names no shape \(name)") }
            return id
        }
    }
}
