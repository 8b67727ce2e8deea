import MooringModel
import MooringNames
import MooringShapes

/// One API input of a file: its kind known, its values typed, what is wrong with it said.
struct Manifest {
    let kind: DocumentKind
    let file: TreePath
    /// Which document of the file, counted from 0.
    let documentIndex: Int
    let position: SourcePosition
    /// The typed input.
    let input: Value
    /// The cluster that the document names, as written; for Describe output its `clusterArn`.
    let clusterText: String?
    var options: OptionsReader.Written
    var findings: [Finding]

    var isBad: Bool { findings.contains { $0.severity == .error } }

    /// The gravest finding in one sentence, nil where the manifest can be used.
    var why: String? { findings.filter { $0.severity == .error }.min()?.message }

    /// Adds what the assembly finds.
    mutating func report(_ severity: Severity, _ rule: String, member: String, _ message: String) {
        findings.append(finding(severity, rule, member: member, message))
    }

    func finding(_ severity: Severity, _ rule: String, member: String, _ message: String) -> Finding {
        Finding(
            severity: severity, rule: rule, message: message, file: file, position: input[member]?.position ?? position,
            memberPath: member)
    }
}

/// Makes manifests of documents.
struct ManifestReader {
    let table: ShapeTable

    /// What one document yields.
    struct Result {
        var manifests: [Manifest] = []
        /// Findings about what has no kind.
        var findings: [Finding] = []
    }

    func read(_ document: RawDocument) -> Result {
        var result = Result()
        for unwrapped in Envelope.unwrap(document.root) {
            if let kind = DocumentKind.recognised(in: unwrapped.input) {
                result.manifests.append(manifest(unwrapped, kind: kind, document: document))
            } else {
                let (rule, message) = UnknownDocument.explanation(of: unwrapped.input)
                result.findings.append(
                    Finding(
                        severity: .error, rule: rule, message: message, file: document.file,
                        position: unwrapped.input.position))
                result.findings += unwrapped.findings.map { Finding($0, file: document.file) }
            }
        }
        return result
    }

    private func manifest(_ unwrapped: Unwrapped, kind: DocumentKind, document: RawDocument) -> Manifest {
        var unwrapped = unwrapped
        let clusterText = unwrapped.input["cluster"]?.text ?? unwrapped.input["clusterArn"]?.text
        unwrapped.strip(for: kind)
        let options = OptionsReader.read(unwrapped.options, kind: kind, file: document.file)
        let coerced =
            table.coerce(unwrapped.input, to: kind.shapeName) ?? (value: unwrapped.input, findings: [ShapeFinding]())
        var manifest = Manifest(
            kind: kind, file: document.file, documentIndex: document.index,
            position: unwrapped.input.position ?? SourcePosition(line: 1, column: 1), input: coerced.value,
            clusterText: clusterText, options: options,
            findings: (unwrapped.findings + coerced.findings).map { Finding($0, file: document.file) })
        manifest.findings += options.findings
        manifest.findings += ProseRules.findings(about: manifest)
        return manifest
    }
}

extension Finding {
    /// What the shape engine found, in a file.
    init(_ finding: ShapeFinding, file: TreePath) {
        self.init(
            severity: finding.severity, rule: finding.rule, message: finding.message, file: file,
            position: finding.position, memberPath: finding.memberPath)
    }
}
