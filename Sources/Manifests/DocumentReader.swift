import MooringModel
import MooringNames
import MooringShapes

/// A document of a file, before its kind is known.
struct RawDocument {
    let file: TreePath
    /// Counted from 0 in the file.
    let index: Int
    let root: Value
}

/// Turns the bytes of a file into documents.
enum DocumentReader {
    /// What could be read of a file.
    struct Result {
        var documents: [RawDocument] = []
        /// Why the file, or what follows the documents, cannot be read.
        var finding: Finding?
        /// What the unreadable part seems to speak of.
        var suspected = Suspected()
    }

    static func read(_ input: ManifestInput) -> Result {
        guard input.bytes.count <= Limits.fileBytes else {
            return refused(
                input, "too-large",
                "The file has \(input.bytes.count) bytes; at most \(Limits.fileBytes) are read. Split it, or list it "
                    + "under 'ignore' in mooring.yaml if it is no manifest.")
        }
        if let finding = encodingFinding(input) { return finding }
        return input.path.fileName.lowercased().hasSuffix(".json") ? readJSON(input) : readYAML(input)
    }

    private static func readJSON(_ input: ManifestInput) -> Result {
        do {
            let root = try JSONReader.value(of: input.bytes)
            return Result(documents: [RawDocument(file: input.path, index: 0, root: root)])
        } catch {
            let isBlank = input.bytes.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
            if isBlank { return empty(input) }
            let (rule, message) = explanation(of: error, in: input)
            return failed(input, documents: [], rule: rule, message: message, position: error.position)
        }
    }

    private static func readYAML(_ input: ManifestInput) -> Result {
        let hasMark = input.bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let stream = YAMLReader.stream(of: hasMark ? Array(input.bytes.dropFirst(3)) : input.bytes)
        let documents = stream.documents.enumerated().map {
            RawDocument(file: input.path, index: $0.offset, root: $0.element)
        }
        if let error = stream.error {
            let (rule, message) = explanation(of: error, in: input)
            return failed(input, documents: documents, rule: rule, message: message, position: error.position)
        }
        return documents.isEmpty ? empty(input) : Result(documents: documents)
    }

    // MARK: Refusals

    private static func encodingFinding(_ input: ManifestInput) -> Result? {
        let bytes = input.bytes
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return refused(input, "not-utf8", "The file is encoded in UTF-16. Save it as UTF-8.")
        }
        if bytes.contains(0) {
            return refused(input, "binary", "The file is binary, not text. Remove it or ignore it.")
        }
        if String(validating: bytes, as: UTF8.self) == nil {
            return refused(input, "not-utf8", "The file is not valid UTF-8. Save it as UTF-8.")
        }
        return nil
    }

    private static func empty(_ input: ManifestInput) -> Result {
        refused(
            input, "empty-file",
            "The file holds no manifest. Delete it, or list it under "
                + "'ignore' in mooring.yaml: an empty file may be one "
                + "that was cut off.",
            position: SourcePosition(line: 1, column: 1))
    }

    private static func refused(
        _ input: ManifestInput, _ rule: String, _ message: String, position: SourcePosition? = nil,
    ) -> Result {
        Result(finding: Finding(severity: .error, rule: rule, message: message, file: input.path, position: position))
    }

    private static func failed(
        _ input: ManifestInput, documents: [RawDocument], rule: String, message: String, position: SourcePosition,
    ) -> Result {
        Result(
            documents: documents,
            finding: Finding(severity: .error, rule: rule, message: message, file: input.path, position: position),
            suspected: Suspected(in: String(decoding: input.bytes, as: UTF8.self)))
    }

    // MARK: Explanations

    private static func explanation(of error: JSONError, in input: ManifestInput) -> (rule: String, message: String) {
        if error.message.contains("given twice") {
            return ("duplicate-member", "\(error.message.capitalizedFirst). Remove one of the two.")
        }
        if error.message.contains("nested deeper") {
            return (
                "too-deep",
                "\(error.message.capitalizedFirst), where no input of ECS has more than ten. Mend it, or list the file under "
                    + "'ignore' in mooring.yaml."
            )
        }
        let message = "This is not JSON: \(error.message)."
        if holdsPlaceholder(input, at: error.position) { return ("unrendered-template", message + templateHint) }
        let byte = self.byte(of: input, at: error.position)
        if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "/") {
            return (
                "malformed-json",
                message + " JSON has no comments; Mooring reads them only above the document. Remove it, or write YAML."
            )
        }
        return ("malformed-json", message)
    }

    private static func explanation(of error: YAMLError, in input: ManifestInput) -> (rule: String, message: String) {
        // `cpu: {{cpu}}` is a map in a map to YAML, whose member has no name.
        guard error.rule == "malformed-yaml" || error.rule == "bad-member-name" else {
            return (error.rule, error.message)
        }
        let indentation = line(error.position.line, of: input).prefix { $0 == 0x20 || $0 == 0x09 }
        if indentation.contains(0x09) {
            return (
                "tab-in-yaml",
                "This is not YAML: the line is indented with a tab, and YAML takes only spaces. Replace the tab with spaces, as "
                    + "many as the lines beside it have."
            )
        }
        if holdsPlaceholder(input, at: error.position) { return ("unrendered-template", error.message + templateHint) }
        return (error.rule, error.message)
    }

    private static let templateHint =
        " The line holds a template's placeholder; Mooring runs no "
        + "templates, so render the file before it is committed, or "
        + "declare a variable in mooring.yaml and write \"${name}\" in quotes."

    private static func line(_ number: Int, of input: ManifestInput) -> ArraySlice<UInt8> {
        let lines = input.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.indices.contains(number - 1) ? lines[number - 1] : []
    }

    /// The byte at the position, for lines of ASCII; nil beyond the line's end.
    private static func byte(of input: ManifestInput, at position: SourcePosition) -> UInt8? {
        line(position.line, of: input).dropFirst(position.column - 1).first
    }

    /// Templates of other tools are the most frequent reason why a file cannot be read.
    private static func holdsPlaceholder(_ input: ManifestInput, at position: SourcePosition) -> Bool {
        let near = String(decoding: line(position.line, of: input), as: UTF8.self)
        if ["{{", "{%", "${", "<%", "$$$"].contains(where: near.contains) { return true }
        // `"cpu": __CPU__`, `%CPU%`, `<cpu>`: such a character stands where a value should.
        return [UInt8(ascii: "<"), UInt8(ascii: "%"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "@")].contains(
            byte(of: input, at: position))
    }
}

extension String {
    /// The text with a capital letter at its beginning.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
