import MooringNames

/// The paths whose content differs between two trees, found by comparing ids and entering only folders that differ.
///
/// Not libgit2's own comparison: a tree of few objects can hold 10¹⁰ paths, and that one walks them all.
struct TreeDifference {
    private let limits: ReadingLimits
    private let operation: Operation
    private(set) var paths: Set<TreePath> = []
    private var entries = 0

    init(limits: ReadingLimits, operation: Operation) {
        self.limits = limits
        self.operation = operation
    }

    /// Compares what lies at `path` in both trees; nil is an absent folder.
    mutating func compare(
        _ old: ObjectKey?, _ new: ObjectKey?, at path: String?, depth: Int = 0, in objects: borrowing ObjectDatabase,
    ) throws(GitProblem) {
        if old == new { return }
        try operation.checkTime()
        if depth > limits.depth { throw .limit("folders within folders", maximum: limits.depth) }
        let oldTree = try entries(of: old, in: objects)
        let newTree = try entries(of: new, in: objects)
        // Trees out of order cannot be compared side by side; then everything below both counts as different.
        let isOrdered = oldTree.isWellFormed && newTree.isWellFormed
        var left = oldTree.entries[...]
        var right = newTree.entries[...]
        while let next = TreeDifference.nextPair(&left, &right, side: isOrdered) {
            guard next.0?.key != next.1?.key || next.0?.mode != next.1?.mode else { continue }
            guard let entry = next.0 ?? next.1, let name = try? EntryName(entry.name, below: path) else { continue }
            if entry.isTree {
                try compare(next.0?.key, next.1?.key, at: name.path.text, depth: depth + 1, in: objects)
            } else {
                paths.insert(name.path)
            }
        }
    }

    /// The next entries of one name and sort, or the one that only one side has.
    private static func nextPair(
        _ left: inout ArraySlice<TreeEntry>, _ right: inout ArraySlice<TreeEntry>, side isOrdered: Bool,
    ) -> (TreeEntry?, TreeEntry?)? {
        guard let old = left.first else { return right.popFirst().map { (nil, $0) } }
        guard isOrdered, let new = right.first, !TreeEntry.precedes(old, new) else { return (left.popFirst(), nil) }
        if TreeEntry.precedes(new, old) { return (nil, right.popFirst()) }
        return (left.popFirst(), right.popFirst())
    }

    private mutating func entries(
        of key: ObjectKey?, in objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> TreeObject {
        guard let key else { return TreeObject(entries: []) }
        let tree = try objects.tree(key)
        entries += tree.entries.count
        if entries > limits.entries { throw .limit("entries that differ between two commits", maximum: limits.entries) }
        return tree
    }
}
