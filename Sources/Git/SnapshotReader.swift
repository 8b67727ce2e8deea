import MooringNames
import MooringPorts

/// The caps of reading a folder; the defaults are the named limits.
package struct ReadingLimits: Sendable {
    package var entries = Limits.treeEntries
    package var depth = Limits.treeDepth
    package var fileBytes = Limits.fileBytes
    package var files = Limits.files
    package var snapshotBytes = Limits.snapshotBytes
    package var refusals = Limits.refusals

    package init() {}
}

/// Reads the manifests of a folder from tree objects, trusting nothing in them.
struct SnapshotReader {
    private let limits: ReadingLimits
    private let operation: Operation
    private(set) var files: [SourceFile] = []
    private(set) var refused: [SourceSnapshot.Refusal] = []
    private var entries = 0
    private var bytes = 0

    init(limits: ReadingLimits, operation: Operation) {
        self.limits = limits
        self.operation = operation
    }

    /// Reads everything below the tree `key`, which lies at `path`.
    mutating func read(
        _ key: ObjectKey, at path: String?, depth: Int = 0, from objects: borrowing ObjectDatabase,
    ) throws(GitProblem) {
        try operation.checkTime()
        if depth > limits.depth { throw .limit("folders within folders", maximum: limits.depth) }
        let tree = try objects.tree(key)
        entries += tree.entries.count
        if entries > limits.entries { throw .limit("entries below one folder", maximum: limits.entries) }
        let twice = SnapshotReader.namesThatStandTwice(tree)
        for entry in tree.entries {
            let shown = EntryName.shown(entry.name, below: path)
            let name: EntryName
            do throws(EntryName.Refusal) {
                name = try EntryName(entry.name, below: path)
            } catch {
                try refuse(shown, error.reason)
                continue
            }
            if twice.contains(name.text) {
                // Which of them counts differs from tool to tool, so none does.
                try refuse(shown, "its name stands more than once in its folder")
            } else if entry.isTree {
                try read(entry.key, at: name.path.text, depth: depth + 1, from: objects)
            } else if entry.mode == TreeEntry.linkMode {
                try refuse(shown, "symbolic links are not followed")
            } else if entry.mode == TreeEntry.submoduleMode {
                try refuse(shown, "submodules are not read")
            } else if name.isManifest {
                try readFile(entry, name, from: objects)
            }
        }
    }

    private mutating func readFile(
        _ entry: TreeEntry, _ name: EntryName, from objects: borrowing ObjectDatabase,
    ) throws(GitProblem) {
        guard entry.isFile else {
            return try refuse(name.path.text, "its mode \(String(entry.mode, radix: 8)) is not that of a file")
        }
        guard let header = try objects.header(of: entry.key) else {
            throw .incomplete("The file \(name.path) is named by its folder, but its content is not in the mirror.")
        }
        guard header.kind == .blob else { return try refuse(name.path.text, "its object is no file") }
        guard header.bytes <= limits.fileBytes else {
            return try refuse(
                name.path.text, "it has \(header.bytes) bytes; at most \(limits.fileBytes) are read",
            )
        }
        bytes += header.bytes
        if bytes > limits.snapshotBytes { throw .limit("bytes of all manifests", maximum: limits.snapshotBytes) }
        if files.count == limits.files { throw .limit("manifests below one folder", maximum: limits.files) }
        try operation.checkTime()
        let content = try objects.read(entry.key, .blob, maximum: limits.fileBytes)
        files.append(SourceFile(path: name.path, blob: try entry.key.id, bytes: content))
    }

    private mutating func refuse(_ path: String, _ reason: String) throws(GitProblem) {
        if refused.count == limits.refusals { throw .limit("entries that may not be read", maximum: limits.refusals) }
        refused.append(SourceSnapshot.Refusal(path: path, reason: reason))
    }

    /// Names that appear twice, also where only Unicode holds them for equal: `TreePath` could not tell them apart.
    private static func namesThatStandTwice(_ tree: TreeObject) -> Set<String> {
        var seen: Set<String> = []
        var twice: Set<String> = []
        for entry in tree.entries {
            let name = String(decoding: entry.name, as: UTF8.self)
            if !seen.insert(name).inserted { twice.insert(name) }
        }
        return twice
    }
}

/// The name of a tree's entry that proved fit to be part of a path.
struct EntryName {
    let text: String
    let path: TreePath

    /// Why a name is no part of a path.
    struct Refusal: Error {
        let reason: String
    }

    init(_ bytes: [UInt8], below folder: String?) throws(Refusal) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Refusal(reason: "its name is not UTF-8")
        }
        // A slash would pass for a folder of its own.
        guard !text.utf8.contains(UInt8(ascii: "/")) else { throw Refusal(reason: "its name holds a slash") }
        do {
            path = try TreePath(folder.map { "\($0)/\(text)" } ?? text)
        } catch {
            throw Refusal(reason: "its name is no valid part of a path")
        }
        self.text = text
    }

    var isManifest: Bool { EntryName.isManifest(text) }

    static func isManifest(_ name: String) -> Bool {
        name.hasSuffix(".json") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    }

    /// The path for display only, of whatever bytes the name has.
    static func shown(_ bytes: [UInt8], below folder: String?) -> String {
        let name = Words.printable(String(decoding: bytes, as: UTF8.self), maximum: 255)
        return folder.map { "\($0)/\(name)" } ?? name
    }
}
