import MooringNames
import MooringPorts

/// Puts files into a tree, in place of those that are there; all else stays as it is, byte for byte.
struct TreeEdit {
    private let outgoing: OutgoingObjects
    private let operation: Operation
    private var entries = 0

    init(writing outgoing: OutgoingObjects, operation: Operation) {
        self.outgoing = outgoing
        self.operation = operation
    }

    /// A file's way through the folders, and its content.
    private struct Change {
        let path: TreePath
        let rest: ArraySlice<String>
        let bytes: [UInt8]
    }

    /// - Returns: the new tree; the same one where every file is as it was.
    mutating func putting(
        _ files: [FileChange], into root: ObjectKey, in objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> ObjectKey {
        if files.count > Limits.committedFiles { throw .limit("files of one commit", maximum: Limits.committedFiles) }
        var changes: [Change] = []
        for file in files {
            try operation.checkTime()
            changes.append(
                Change(
                    path: file.path, rest: file.path.text.split(separator: "/").map(String.init)[...], bytes: file.bytes
                ))
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
        for (component, group) in groups.sorted(by: { $0.key < $1.key }) {
            // As Unicode compares, as files are read: a name typed here need not have the bytes that some system stored.
            let places = tree.entries.indices.filter {
                String(decoding: tree.entries[$0].name, as: UTF8.self) == component
            }
            guard places.count < 2, let path = group.first?.path else {
                throw .unfit("'\(component)' stands more than once in its folder.")
            }
            let place = places.first
            let existing = place.map { tree.entries[$0] }
            let name = existing?.name ?? Array(component.utf8)
            let entry: TreeEntry
            if let file = group.first(where: { $0.rest.count == 1 }) {
                guard group.count == 1 else { throw .unfit("'\(path)' is to be a file and a folder, or two files.") }
                guard existing.map({ $0.isFile }) ?? true else {
                    throw .unfit("'\(path)' is no file but a folder, a symbolic link or a submodule.")
                }
                let key = try outgoing.write(file.bytes, .blob, inPlaceOf: existing?.key, into: objects)
                entry = TreeEntry(mode: existing?.mode ?? TreeEntry.fileMode, name: name, key: key)
            } else {
                guard existing.map({ $0.isTree }) ?? true else {
                    throw .unfit("'\(path)' cannot be written: '\(component)' on the way to it is no folder.")
                }
                let below = group.map { Change(path: $0.path, rest: $0.rest.dropFirst(), bytes: $0.bytes) }
                let key = try put(below, into: existing?.key, depth: depth + 1, objects)
                entry = TreeEntry(mode: TreeEntry.treeMode, name: name, key: key)
            }
            if let place { tree.entries[place] = entry } else { tree.entries.append(entry) }
        }
        if let key, tree == before { return key }
        return try outgoing.write(tree.bytes, .tree, inPlaceOf: key, into: objects)
    }
}
