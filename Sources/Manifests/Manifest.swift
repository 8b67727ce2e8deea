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
    /// As they are found: positions are those of the tree, which may be merged of several files.
    var findings: [Finding]
    /// Which files those positions are in, and which values come from variables.
    var provenance: Provenance
    /// Whether its base cannot be used: what it lacks then is the base's to say.
    var lacksBase = false

    private var errors: [Finding] {
        findings.filter { $0.severity == .error && !provenance.silences($0) }
    }

    var isBad: Bool { !errors.isEmpty }

    /// The gravest finding in one sentence, nil where the manifest can be used.
    var why: String? { errors.map(provenance.located).min()?.message }

    /// The findings as people read them: in the files that they are about.
    var locatedFindings: [Finding] {
        findings.filter { !provenance.silences($0) }.map(provenance.located)
    }

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

    /// - Parameter complete: adds what the document lacks: bases and the values of variables.
    func read(_ document: RawDocument, completing complete: (inout Draft) -> Void = { _ in }) -> Result {
        var result = Result()
        for unwrapped in Envelope.unwrap(document.root) {
            var draft = Draft(unwrapped, of: document)
            complete(&draft)
            if let kind = draft.unwrapped.kind {
                result.manifests.append(manifest(draft, kind: kind, document: document))
                continue
            }
            // Without its base a document need not tell its kind.
            if !draft.lacksBase {
                draft.unwrapped.findings.append(explanation(of: draft.unwrapped.input))
            }
            result.findings += draft.unwrapped.findings.map {
                draft.provenance.located(Finding($0, file: document.file))
            }
        }
        return result
    }

    /// Why a document is the input of nothing.
    private func explanation(of input: Value) -> ShapeFinding {
        if let (member, kind) = OptionPlaces.telling(in: input) {
            return ShapeFinding(
                severity: .error, rule: "misplaced-option", message: OptionPlaces.besideMembers(member.name, of: kind),
                position: member.position, memberPath: member.name)
        }
        let (rule, message) = DocumentKind.explanation(of: input)
        return ShapeFinding(severity: .error, rule: rule, message: message, position: input.position, memberPath: "")
    }

    private func manifest(_ draft: Draft, kind: DocumentKind, document: RawDocument) -> Manifest {
        var unwrapped = draft.unwrapped
        let clusterText = unwrapped.input["cluster"]?.text ?? unwrapped.input["clusterArn"]?.text
        unwrapped.strip(for: kind)
        unwrapped.refuseMisplacedOptions(for: kind, in: table)
        let options = OptionsReader.read(unwrapped.options, kind: kind, file: document.file)
        let coerced =
            table.coerce(unwrapped.input, to: kind.shapeName) ?? (value: unwrapped.input, findings: [ShapeFinding]())
        var manifest = Manifest(
            kind: kind, file: document.file, documentIndex: document.index,
            position: unwrapped.input.position ?? SourcePosition(line: 1, column: 1), input: coerced.value,
            clusterText: clusterText, options: options,
            findings: (unwrapped.findings + (draft.lacksBase ? [] : coerced.findings)).map {
                Finding($0, file: document.file)
            },
            provenance: draft.provenance, lacksBase: draft.lacksBase)
        manifest.findings += options.findings
        if !draft.lacksBase { manifest.findings += ProseRules.findings(about: manifest) }
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
