import MooringModel
import MooringNames
import MooringShapes

/// A document of the repository, as it is built upon.
struct BaseDocument {
    let file: TreePath
    /// Counted from 0 in the file.
    let index: Int
    let unwrapped: Unwrapped
    /// Bytes of the whole file.
    let bytes: Int
}

/// Which document of which file.
struct DocumentID: Hashable {
    let file: TreePath
    let index: Int
}

/// The files that manifests build upon, as far as they have been read.
struct BaseLibrary {
    /// Why a base cannot be used.
    struct Problem: Error {
        let message: String
        /// The bases above it, nearest first, in the last of which it is named; empty where the manifest itself names it.
        let above: [BaseDocument]
        let position: SourcePosition?
        /// The file that has to be read before more can be said.
        var missing: TreePath?
    }

    private enum Content {
        case documents([BaseDocument], variables: Set<String>)
        case unusable(String)
    }

    private var contents: [TreePath: Content] = [:]

    /// Takes in a file.
    mutating func add(_ input: ManifestInput) {
        guard contents[input.path] == nil else { return }
        let read = DocumentReader.read(input)
        if let finding = read.finding {
            let place = finding.position.map { ":\($0)" } ?? ""
            contents[input.path] = .unusable("'\(input.path)\(place)' cannot be read: \(finding.message)")
        } else {
            let documents = read.documents.flatMap { document in
                Envelope.unwrap(document.root).map {
                    BaseDocument(
                        file: input.path, index: document.index, unwrapped: $0, bytes: input.bytes.count)
                }
            }
            let mayHoldVariables = VariableText.mayHoldVariables(input.bytes)
            contents[input.path] = .documents(
                documents, variables: mayHoldVariables ? names(in: read.documents) : [])
        }
    }

    private func names(in documents: [RawDocument]) -> Set<String> {
        documents.reduce(into: []) { $0.formUnion(VariableReplacement.names(in: $1.root)) }
    }

    /// Takes in that a file cannot be had, and why.
    mutating func add(unusable path: TreePath, why: String) {
        if contents[path] == nil { contents[path] = .unusable("'\(path)' cannot be read: \(why)") }
    }

    /// The documents of a file as they are written; empty where it is not known or cannot be read.
    func written(in path: TreePath) -> [Value] {
        guard case .documents(let documents, _) = contents[path] else { return [] }
        return documents.map(\.unwrapped.input)
    }

    func knows(_ path: TreePath) -> Bool { contents[path] != nil }

    /// The documents under a manifest, nearest first.
    func bases(under unwrapped: Unwrapped, in file: TreePath, index: Int) throws(Problem) -> [BaseDocument] {
        var bases: [BaseDocument] = []
        var current = unwrapped
        var place = DocumentID(file: file, index: index)
        var seen = [place]
        while let reference = current.options?.value["base"], !reference.isNull {
            let problem = { (message: String, missing: TreePath?) in
                Problem(message: message, above: bases, position: reference.position, missing: missing)
            }
            guard bases.count < Limits.bases else {
                throw problem("There are more than \(Limits.bases) bases under one another. Merge some of them.", nil)
            }
            guard let text = reference.text, !text.isEmpty else {
                throw problem("'base' is the path of a manifest, as in '../../base/web/service.yaml'.", nil)
            }
            let (path, name) = try target(text, from: place.file, problem)
            guard let content = contents[path] else { throw problem("'\(path)' has not been read.", path) }
            let base = try document(of: content, at: path, called: name, problem)
            place = DocumentID(file: path, index: base.index)
            if seen.contains(place) {
                let chain = (seen + [place]).map(\.file.text).joined(separator: " -> ")
                throw problem("The bases go round in a circle: \(chain). Take one of them out.", nil)
            }
            seen.append(place)
            bases.append(base)
            current = base.unwrapped
        }
        return bases
    }

    private typealias Thrower = (String, TreePath?) -> Problem

    /// The path and, behind `#`, the name of a document in it.
    private func target(
        _ text: String, from file: TreePath, _ problem: Thrower,
    ) throws(Problem) -> (path: TreePath, name: String?) {
        if text.contains("://") {
            throw problem(
                "A base is a file of the same repository. Nothing is read from elsewhere; commit a copy.", nil)
        }
        var pathText = text
        var name: String?
        if let hash = text.lastIndex(of: "#"), BaseLibrary.isManifestName(text[..<hash]) {
            pathText = String(text[..<hash])
            name = String(text[text.index(after: hash)...])
        }
        guard BaseLibrary.isManifestName(pathText) else {
            throw problem("'\(text.shortened)' is no *.json, *.yaml or *.yml.", nil)
        }
        guard let path = file.resolving(pathText) else {
            throw problem(
                "'\(text.shortened)' leads out of the repository. Paths are relative to the file they stand in.", nil)
        }
        return (path, name)
    }

    static func isManifestName(_ text: some StringProtocol) -> Bool {
        [".json", ".yaml", ".yml"].contains { text.lowercased().hasSuffix($0) }
    }

    private func document(
        of content: Content, at path: TreePath, called name: String?, _ problem: Thrower,
    ) throws(Problem) -> BaseDocument {
        guard case .documents(let all, _) = content else {
            if case .unusable(let why) = content { throw problem("The base \(why)", nil) }
            throw problem("The base '\(path)' cannot be read.", nil)
        }
        let fitting = name.map { name in all.filter { $0.name == name } } ?? all
        guard let base = fitting.first, fitting.count == 1 else {
            let names = all.compactMap(\.name).map { "'#\($0.shortened)'" }
            let known = names.isEmpty ? "" : " There are \(names.joined(separator: ", "))."
            guard let name else {
                throw problem(
                    "The base '\(path)' holds \(all.count) documents. Name one behind its path.\(known)", nil)
            }
            let count = fitting.isEmpty ? "no document" : "\(fitting.count) documents"
            throw problem("The base '\(path)' holds \(count) called '\(name.shortened)'.\(known)", nil)
        }
        return base
    }

    /// The variables that all documents here name.
    var variables: Set<String> {
        contents.values.reduce(into: []) { names, content in
            if case .documents(_, let variables) = content { names.formUnion(variables) }
        }
    }
}

extension BaseDocument {
    /// What the document calls itself, as it is written.
    var name: String? {
        ["family", "serviceName", "clusterName"].lazy.compactMap { unwrapped.input[$0]?.text }.first
            ?? unwrapped.options?.value["runs"]?["name"]?.text
    }
}
