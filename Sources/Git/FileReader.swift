import MooringNames
import MooringPorts

/// Reads single files by their paths, trusting nothing on the way to them.
struct FileReader {
    private let limits: ReadingLimits
    private let operation: Operation
    private var bytes = 0
    private var count = 0
    /// Folders read so far: most of them are the same from commit to commit.
    private var folders: [ObjectKey: TreeObject] = [:]

    init(limits: ReadingLimits, operation: Operation) {
        self.limits = limits
        self.operation = operation
    }

    /// Reads the file at `path` below the tree `root`.
    mutating func read(
        _ path: TreePath, below root: ObjectKey, from objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> RequestedFile {
        try operation.checkTime()
        count += 1
        if count > limits.files { throw .limit("files of one question", maximum: limits.files) }
        let entry: TreeEntry
        switch try find(path, below: root, objects) {
        case .failure(let refusal): return RequestedFile(path: path, content: .unusable(refusal.reason))
        case .success(let found): entry = found
        }
        guard let header = try objects.header(of: entry.key) else {
            throw .incomplete("The file \(path) is named by its folder, but its content is not in the mirror.")
        }
        guard header.kind == .blob else {
            return RequestedFile(path: path, content: .unusable("its object is no file"))
        }
        guard header.bytes <= limits.fileBytes else {
            return RequestedFile(
                path: path,
                content: .unusable("it has \(header.bytes) bytes; at most \(limits.fileBytes) are read"))
        }
        bytes += header.bytes
        if bytes > limits.snapshotBytes { throw .limit("bytes of all files asked for", maximum: limits.snapshotBytes) }
        let content = try objects.read(entry.key, .blob, maximum: limits.fileBytes)
        return RequestedFile(path: path, content: .file(blob: try entry.key.id, bytes: content))
    }

    /// The key of the file at `path`; nil where there is none that may be read.
    mutating func key(
        of path: TreePath, below root: ObjectKey, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> ObjectKey? {
        try operation.checkTime()
        if case .success(let entry) = try find(path, below: root, objects) { return entry.key }
        return nil
    }

    private mutating func folder(
        _ key: ObjectKey, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> TreeObject {
        if let known = folders[key] { return known }
        if folders.count == Limits.rememberedFolders { folders = [:] }
        let tree = try objects.tree(key)
        folders[key] = tree
        return tree
    }

    private mutating func find(
        _ path: TreePath, below root: ObjectKey, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> Result<TreeEntry, EntryName.Refusal> {
        let components = path.text.split(separator: "/")
        var current = root
        for (index, component) in components.enumerated() {
            let entries = try folder(current, objects).entries.filter { entry in
                // As Unicode compares: of names that only differ in their bytes, none counts.
                String(decoding: entry.name, as: UTF8.self) == component
            }
            guard let entry = entries.first else { return .failure(EntryName.Refusal(reason: "there is no such file")) }
            guard entries.count == 1 else {
                return .failure(EntryName.Refusal(reason: "its name stands more than once in its folder"))
            }
            let isLast = index == components.count - 1
            if entry.mode == TreeEntry.linkMode {
                return .failure(EntryName.Refusal(reason: "symbolic links are not followed"))
            }
            if entry.mode == TreeEntry.submoduleMode {
                return .failure(EntryName.Refusal(reason: "submodules are not read"))
            }
            if isLast {
                if entry.isTree { return .failure(EntryName.Refusal(reason: "it is a folder")) }
                guard entry.isFile else {
                    return .failure(
                        EntryName.Refusal(reason: "its mode \(String(entry.mode, radix: 8)) is not that of a file"))
                }
                return .success(entry)
            }
            guard entry.isTree else { return .failure(EntryName.Refusal(reason: "there is no such file")) }
            current = entry.key
        }
        return .failure(EntryName.Refusal(reason: "there is no such file"))
    }
}
