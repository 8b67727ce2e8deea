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
        /// Services that the unreadable part seems to speak of.
        var suspected: [SuspectedService] = []
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
            let rule = error.message.contains("given twice") ? "duplicate-member" : "malformed-json"
            let message =
                rule == "duplicate-member"
                ? "\(error.message.capitalizedFirst). Remove one of the two."
                : "This is not JSON: \(error.message).\(templateHint(input, line: error.position.line))"
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
            let hint = error.rule == "malformed-yaml" ? templateHint(input, line: error.position.line) : ""
            return failed(
                input, documents: documents, rule: error.rule, message: error.message + hint, position: error.position)
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
            "The file holds no manifest. Delete it, or list it under 'ignore' in mooring.yaml: an empty file may be one "
                + "that was cut off.")
    }

    private static func refused(_ input: ManifestInput, _ rule: String, _ message: String) -> Result {
        Result(finding: Finding(severity: .error, rule: rule, message: message, file: input.path))
    }

    private static func failed(
        _ input: ManifestInput, documents: [RawDocument], rule: String, message: String, position: SourcePosition,
    ) -> Result {
        Result(
            documents: documents,
            finding: Finding(severity: .error, rule: rule, message: message, file: input.path, position: position),
            suspected: SuspectedService.scan(String(decoding: input.bytes, as: UTF8.self)))
    }

    /// Templates of other tools are the most frequent reason why a file is not JSON.
    private static func templateHint(_ input: ManifestInput, line: Int) -> String {
        let lines = input.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let near = lines.indices.contains(line - 1) ? String(decoding: lines[line - 1], as: UTF8.self) : ""
        let isTemplate = ["{{", "{%", "${", "<%", "$$$"].contains { near.contains($0) }
        return isTemplate
            ? " The line holds a template's placeholder; Mooring runs no templates, so render the file before it is committed."
            : ""
    }
}

/// A service that a file speaks of although it cannot be read.
struct SuspectedService: Hashable {
    let service: ServiceName
    /// nil where the text near it names none.
    let cluster: ClusterName?

    /// Looks for `serviceName` and `cluster` in a text that no parser takes. What it misses is not planned and not named
    /// either; what it finds too much is only named.
    static func scan(_ text: String) -> [SuspectedService] {
        let clusters = values(of: "cluster", in: text).compactMap(ServiceRules.clusterName)
        let names = values(of: "serviceName", in: text).compactMap { try? ServiceName($0) }
        let cluster = Set(clusters).count == 1 ? clusters.first : nil
        var seen: Set<ServiceName> = []
        return names.filter { seen.insert($0).inserted }.map { SuspectedService(service: $0, cluster: cluster) }
    }

    /// The texts that stand behind `name:` or `"name":`.
    private static func values(of name: String, in text: String) -> [String] {
        var found: [String] = []
        var rest = text.utf8[...]
        let wanted = Array(name.utf8)
        while let range = rest.firstRange(of: wanted) {
            let before =
                range.lowerBound == text.utf8.startIndex ? nil : text.utf8[text.utf8.index(before: range.lowerBound)]
            rest = rest[range.upperBound...]
            if let before, isNameByte(before) { continue }
            var tail = rest.drop { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: " ") }
            guard tail.popFirst() == UInt8(ascii: ":") else { continue }
            tail = tail.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
            let value = tail.prefix { isNameByte($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
            if !value.isEmpty { found.append(String(Substring(value))) }
        }
        return found
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension String {
    /// The text with a capital letter at its beginning.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
