import MooringNames

/// Puts files into a tree, in place of those that are there; all else stays as it is, byte for byte.
struct TreeEdit {
    private let operation: Operation
    private var entries = 0

    init(operation: Operation) { self.operation = operation }

    /// A file's way through the folders, and its content as an object.
    private struct Change {
        let path: TreePath
        let rest: ArraySlice<String>
        let blob: ObjectKey
    }

    /// - Returns: the new tree; the same one where every file is as it was.
    mutating func putting(
        _ files: [FileContent], into root: ObjectKey, in objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> ObjectKey {
        if files.count > Limits.committedFiles { throw .limit("files of one commit", maximum: Limits.committedFiles) }
        var changes: [Change] = []
        for file in files {
            try operation.checkTime()
            let blob = try objects.write(file.bytes, .blob)
            changes.append(
                Change(path: file.path, rest: file.path.text.split(separator: "/").map(String.init)[...], blob: blob))
        }
        return try put(changes, into: root, depth: 0, objects)
    }

    private mutating func put(
        _ changes: [Change], into key: ObjectKey?, depth: Int, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> ObjectKey {
        try operation.checkTime()
        if depth > Limits.treeDepth { throw .limit("folders within folders", maximum: Limits.treeDepth) }
        var tree = try key.map { (key) throws(GitProblem) in try objects.tree(key) } ?? TreeObject(entries: [])
        entries += tree.entries.count
        if entries > Limits.treeEntries { throw .limit("entries looked at for a commit", maximum: Limits.treeEntries) }
        let before = tree
        let groups = Dictionary(grouping: changes) { $0.rest.first ?? "" }
        for (name, group) in groups.sorted(by: { $0.key < $1.key }) {
            // As Unicode compares, as files are read: a name typed here need not have the bytes that some system stored.
            let places = tree.entries.indices.filter { String(decoding: tree.entries[$0].name, as: UTF8.self) == name }
            guard places.count < 2, let path = group.first?.path else {
                throw .unfit("'\(name)' stands more than once in its folder.")
            }
            let place = places.first
            let existing = place.map { tree.entries[$0] }
            var entry = existing ?? TreeEntry(mode: TreeEntry.fileMode, name: Array(name.utf8), key: group[0].blob)
            if let file = group.first(where: { $0.rest.count == 1 }) {
                guard group.count == 1 else { throw .unfit("'\(path)' is to be a file and a folder, or two files.") }
                guard existing.map({ $0.isFile }) ?? true else {
                    throw .unfit("'\(path)' is no file but a folder, a symbolic link or a submodule.")
                }
                entry.key = file.blob
            } else {
                guard existing.map({ $0.isTree }) ?? true else {
                    throw .unfit("'\(path)' cannot be written: '\(name)' on the way to it is no folder.")
                }
                let below = group.map { Change(path: $0.path, rest: $0.rest.dropFirst(), blob: $0.blob) }
                entry.key = try put(below, into: existing?.key, depth: depth + 1, objects)
                entry.mode = TreeEntry.treeMode
            }
            if let place { tree.entries[place] = entry } else { tree.entries.append(entry) }
        }
        if let key, tree == before { return key }
        return try objects.write(tree.bytes, .tree)
    }
}

/// A file as it shall be.
struct FileContent {
    let path: TreePath
    let bytes: [UInt8]
}
