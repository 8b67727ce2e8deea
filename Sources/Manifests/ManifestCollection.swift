package import MooringModel
package import MooringNames
import MooringShapes

/// A folder of manifests that has been parsed. What may still be missing to make it the desired state are files of the
/// repository that its manifests build upon, and SSM parameters that its variables stand for; it says which.
package struct ManifestCollection: Sendable {
    /// A document and what could be made of it so far.
    private struct Entry: Sendable {
        enum Content {
            case read(ManifestReader.Result)
            /// It has bases or variables.
            case pending(RawDocument)
        }

        let id: DocumentID
        let content: Content
        /// Why the rest of its file cannot be read.
        let flaw: Finding?
    }

    private let folder: ManifestFolderPath
    private let settings: SettingsReader.Result
    private let hasSettings: Bool
    private let reader = ManifestReader(table: .ecs)
    private let assembly: Assembly
    private let entries: [Entry]
    private let ignored: [TreePath]
    /// The files that were given, for as long as bases may be among them.
    private var files: [TreePath: ManifestInput] = [:]
    private var library = BaseLibrary()
    /// Documents that others build upon.
    private var foundations: Set<DocumentID> = []
    private var names: Set<String>

    /// Bases outside of the folder that have not been added. Sorted; empty when there is nothing more to read.
    package private(set) var neededFiles: [TreePath] = []
    /// Every file outside of the folder that a manifest builds upon or wants to. Sorted.
    package private(set) var otherFiles: [TreePath] = []

    /// - Parameters: as those of `Manifests.desiredState`. Files outside of the folder are no manifests of it, only bases.
    package init(
        of files: [ManifestInput], folder: TreePath? = nil, refused: [(path: String, reason: String)] = [],
        defaultCluster: ClusterName? = nil,
    ) {
        let folder = ManifestFolderPath(path: folder)
        let files = files.sorted { $0.path < $1.path }
        let settings =
            files.first { $0.path == folder.settingsPath }.map(SettingsReader.read) ?? SettingsReader.Result()
        var parser = Parser(
            reader: ManifestReader(table: .ecs),
            assembly: Assembly(
                settings: settings.options, settingsPath: folder.settingsPath,
                defaultCluster: defaultCluster ?? .standard))
        parser.assembly.findings += settings.findings
        for file in files where file.path != folder.settingsPath && file.path.isInside(folder.path) {
            if settings.globs.contains(where: { $0.matches(folder.relative(file.path.text)) }) {
                parser.ignored.append(file.path)
            } else if folder.isMisnamedSettings(file.path) {
                parser.assembly.findings.append(ManifestCollection.misnamed(file.path))
            } else {
                parser.read(file)
            }
        }
        for entry in refused where !settings.globs.contains(where: { $0.matches(folder.relative(entry.path)) }) {
            parser.assembly.findings.append(ManifestCollection.refusal(of: entry.path, reason: entry.reason))
        }
        self.folder = folder
        self.settings = settings
        hasSettings = files.contains { $0.path == folder.settingsPath }
        assembly = parser.assembly
        entries = parser.entries
        ignored = parser.ignored
        names = parser.names
        if parser.hasBases {
            self.files = Dictionary(files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
            followBases()
        }
    }

    /// One walk over the files.
    private struct Parser {
        let reader: ManifestReader
        var assembly: Assembly
        var entries: [Entry] = []
        var ignored: [TreePath] = []
        var names: Set<String> = []
        var hasBases = false

        mutating func read(_ file: ManifestInput) {
            let result = DocumentReader.read(file)
            let mayHoldVariables = VariableText.mayHoldVariables(file.bytes)
            for document in result.documents {
                let namesBase = Envelope.unwrap(document.root).contains(where: \.namesBase)
                if mayHoldVariables { names.formUnion(VariableReplacement.names(in: document.root)) }
                hasBases = hasBases || namesBase
                // What is complete is typed at once: its tree is not kept.
                entries.append(
                    Entry(
                        id: DocumentID(file: file.path, index: document.index),
                        content: mayHoldVariables || namesBase ? .pending(document) : .read(reader.read(document)),
                        flaw: result.finding))
            }
            guard let finding = result.finding else { return }
            assembly.findings.append(finding)
            assembly.suspect(result.suspected, in: file.path, why: finding.message)
        }
    }

    /// Whether the folder holds nothing that could be a manifest or settings, not even what is ignored or refused: then it
    /// is hardly the folder that was meant.
    package var isEmpty: Bool { entries.isEmpty && ignored.isEmpty && assembly.findings.isEmpty && !hasSettings }

    // MARK: Bases

    /// Takes in files that were needed, or why they cannot be had.
    package mutating func add(_ inputs: [ManifestInput], unusable: [(path: TreePath, reason: String)] = []) {
        for input in inputs { library.add(input) }
        for (path, reason) in unusable { library.add(unusable: path, why: reason) }
        followBases()
    }

    /// Follows every document's bases as far as they are known, and notes what is missing.
    private mutating func followBases() {
        var missing: Set<TreePath> = []
        foundations = []
        for entry in entries {
            guard case .pending(let document) = entry.content else { continue }
            for unwrapped in Envelope.unwrap(document.root) where unwrapped.namesBase {
                if let path = follow(unwrapped, of: document) { missing.insert(path) }
            }
        }
        otherFiles = Set(otherFiles).union(missing).sorted()
        let allowed = Set(otherFiles.prefix(Limits.otherFiles))
        for path in missing where !allowed.contains(path) {
            library.add(
                unusable: path,
                why: "the folder's manifests build upon more than \(Limits.otherFiles) files outside of it.")
        }
        otherFiles = otherFiles.filter(allowed.contains)
        neededFiles = missing.filter(allowed.contains).sorted()
        if neededFiles.isEmpty {
            files = [:]
            names.formUnion(library.variables)
        }
    }

    /// Follows the bases of one document; those in the folder itself are read as they are met.
    ///
    /// - Returns: a file that is neither in the folder nor known.
    private mutating func follow(_ unwrapped: Unwrapped, of document: RawDocument) -> TreePath? {
        // Every turn but the last reads a file that was not known, and a chain has no more than `Limits.bases`.
        for _ in 0...Limits.bases {
            do throws(BaseLibrary.Problem) {
                let bases = try library.bases(under: unwrapped, in: document.file, index: document.index)
                foundations.formUnion(bases.map { DocumentID(file: $0.file, index: $0.index) })
                return nil
            } catch {
                foundations.formUnion(error.above.map { DocumentID(file: $0.file, index: $0.index) })
                guard let path = error.missing else { return nil }
                if let input = files[path] {
                    library.add(input)
                } else if path.isInside(folder.path) {
                    library.add(unusable: path, why: "there is no such file.")
                } else {
                    return path
                }
            }
        }
        return nil
    }

    // MARK: Parameters

    /// The SSM parameters that variables in use stand for. Sorted.
    package var neededParameters: [String] {
        let parameters = settings.variables.filter { names.contains($0.key) }.values.compactMap { variable in
            if case .parameter(let name) = variable.source { return name }
            return nil
        }
        return Set(parameters).sorted()
    }

    // MARK: The desired state

    /// What the folder says the environment should be.
    ///
    /// - Parameter readings: what is known of `neededParameters`.
    package func desiredState(_ readings: ParameterReadings) -> DesiredState {
        var state = complete(with: table(of: readings)).state()
        state.ignoredFiles = ignored
        return state
    }

    /// The change that gives a container of a service another image: the one scalar that says it, in a manifest, in what the
    /// manifest builds upon, or in a variable.
    ///
    /// - Parameters:
    ///   - image: the whole reference: `registry.example.com/web@sha256:…`.
    ///   - service: `cluster/service`, or the service's name alone where it is in one cluster only.
    ///   - readings: as for the desired state; variables may be parameters.
    /// - Throws: where there is no such place or more than one, with what there is instead; and where the image comes from
    ///   elsewhere, such as a parameter or a revision that is not in the folder.
    package func imageEdit(
        to image: String, ofContainer container: String, inService service: String, _ readings: ParameterReadings,
    ) throws(EditProblem) -> ImageEdit {
        let variables = table(of: readings)
        let assembly = complete(with: variables).assembled().assembly
        let editor = ImageEditor(
            assembly: assembly, variables: variables, settingsPath: folder.settingsPath,
            written: { path in
                let pending = entries.compactMap { entry -> Value? in
                    guard entry.id.file == path, case .pending(let document) = entry.content else { return nil }
                    return document.root
                }
                return pending + library.written(in: path)
            })
        return try editor.edit(image: image, container: container, service: service)
    }

    private func table(of readings: ParameterReadings) -> VariableTable {
        VariableTable(declared: settings.variables, isKnown: settings.knowsVariables, readings: readings)
    }

    /// The manifests with what they lacked: their bases, and the values of their variables.
    private func complete(with variables: VariableTable) -> Assembly {
        var assembly = assembly
        assembly.isOffline = variables.readings == .offline
        var composition = Composition(library: library, variables: variables, table: reader.table)
        for entry in entries {
            var result: ManifestReader.Result
            switch entry.content {
            case .read(let read): result = read
            case .pending(let document): result = reader.read(document) { composition.complete(&$0) }
            }
            // What others build upon is no manifest of its own as long as it has no name.
            if foundations.contains(entry.id), result.manifests.allSatisfy({ !$0.isNamed }) { continue }
            if let flaw = entry.flaw {
                for index in result.manifests.indices { result.manifests[index].findings.append(flaw) }
            }
            assembly.findings += result.findings
            assembly.manifests += result.manifests
        }
        assembly.findings += unusedVariables
        return assembly
    }

    /// A remark on every variable that nothing names. What could not be read may name one.
    private var unusedVariables: [Finding] {
        guard entries.allSatisfy({ $0.flaw == nil }), let path = folder.settingsPath else { return [] }
        return settings.variables.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }.map { name, variable in
            Finding(
                severity: .remark, rule: "unused-variable",
                message: "No manifest uses the variable '\(name)'. Remove it, or write '${\(name)}' where it is meant.",
                file: path, position: variable.position, memberPath: "variables.\(name)")
        }
    }

    // MARK: Findings

    private static func misnamed(_ path: TreePath) -> Finding {
        Finding(
            severity: .error, rule: "misplaced-settings",
            message:
                "The environment's settings are read from '\(SettingsReader.fileName)' at the root of its folder, and "
                + "from no other file. Rename or move this one.",
            file: path, position: SourcePosition(line: 1, column: 1))
    }

    private static func refusal(of path: String, reason: String) -> Finding {
        let file = try? TreePath(path)
        let subject = file == nil ? "The entry '\(path.shortened)'" : "The entry"
        return Finding(
            severity: .error, rule: "refused-file",
            message: "\(subject) is not read: \(reason). Remove it, or list it under 'ignore' in "
                + "\(SettingsReader.fileName).",
            file: file)
    }
}

extension Manifest {
    /// Whether it has the name that its kind has.
    var isNamed: Bool { kind == .run ? options.run.name != nil : input[kind.nameMember] != nil }
}
