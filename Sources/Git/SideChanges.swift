/// The path of a file as bytes, folders parted by slashes: names in a tree need not be text.
struct EntryPath: Hashable, Comparable {
    let bytes: [UInt8]

    private static let slash = UInt8(ascii: "/")

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The path of `name` below this folder; nil is the root. Nil for a name that holds a slash or nothing, which git would
    /// never write and which would pass for another path.
    init?(_ name: [UInt8], below folder: EntryPath?) {
        if name.isEmpty || name.contains(EntryPath.slash) { return nil }
        bytes = folder.map { $0.bytes + [EntryPath.slash] + name } ?? name
    }

    /// Folders and name, from the root on.
    var components: [[UInt8]] { bytes.split(separator: EntryPath.slash).map(Array.init) }

    var fileName: ArraySlice<UInt8> {
        bytes.lastIndex(of: EntryPath.slash).map { bytes[($0 + 1)...] } ?? bytes[...]
    }

    /// The folder's path as it is shown; nil for the root.
    var folder: String? {
        bytes.lastIndex(of: EntryPath.slash).map { String(decoding: bytes[..<$0], as: UTF8.self) }
    }

    func isBelow(_ folder: EntryPath) -> Bool { bytes.starts(with: folder.bytes + [EntryPath.slash]) }

    static func < (left: EntryPath, right: EntryPath) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

/// What one side of a merge did to the files of the base; links and submodules count as files.
struct SideChanges {
    /// Those the side has no more, as the base has them.
    var removed: [EntryPath: TreeEntry] = [:]
    /// Those the base does not have.
    var added: [EntryPath: TreeEntry] = [:]
    /// Those that both have and that differ, as the side has them.
    var changed: [EntryPath: TreeEntry] = [:]

    /// Whether the side changed or removed a file of the base.
    func touches(_ path: EntryPath) -> Bool { changed[path] != nil || removed[path] != nil }
}

/// Finds what the sides of a merge changed, by entering only folders that differ from those of the base.
///
/// Unlike the merge itself it enters what one side alone changed, so it has a bound of its own.
struct SideWalk {
    private let depthMaximum: Int
    private let entriesMaximum: Int
    private let operation: Operation
    private var entries = 0

    /// - Parameter entriesMaximum: of all walks together.
    init(depthMaximum: Int, entriesMaximum: Int, operation: Operation) {
        self.depthMaximum = depthMaximum
        self.entriesMaximum = entriesMaximum
        self.operation = operation
    }

    /// The changes from the tree `base` to the tree `side`.
    ///
    /// - Returns: nil where a bound is reached, or where something is no tree.
    mutating func changes(
        from base: ObjectKey, to side: ObjectKey, in objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> SideChanges? {
        var found = SideChanges()
        return try compare(base, side, at: nil, depth: 0, &found, objects) ? found : nil
    }

    /// - Returns: whether it came to an end within the bounds.
    private mutating func compare(
        _ base: ObjectKey?, _ side: ObjectKey?, at folder: EntryPath?, depth: Int, _ found: inout SideChanges,
        _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> Bool {
        if base == side { return true }
        try operation.checkTime()
        guard depth <= depthMaximum, let old = try named(base, objects), let new = try named(side, objects) else {
            return false
        }
        for name in Set(old.keys).union(new.keys).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let (before, after) = (old[name], new[name])
            guard before != after, let path = EntryPath(name, below: folder) else { continue }
            let file = (before: before.flatMap { $0.isTree ? nil : $0 }, after: after.flatMap { $0.isTree ? nil : $0 })
            switch file {
            case (let before?, nil): found.removed[path] = before
            case (nil, let after?): found.added[path] = after
            case (_?, let after?): found.changed[path] = after
            case (nil, nil): break
            }
            let keys = (before.flatMap { $0.isTree ? $0.key : nil }, after.flatMap { $0.isTree ? $0.key : nil })
            guard try compare(keys.0, keys.1, at: path, depth: depth + 1, &found, objects) else { return false }
        }
        return true
    }

    /// The entries of a folder by name; of a name that stands twice, which no merge gets past, the first.
    ///
    /// - Returns: nil where a bound is reached, or where the tree is none: the merge may have done without it.
    private mutating func named(
        _ key: ObjectKey?, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> [[UInt8]: TreeEntry]? {
        guard let key else { return [:] }
        let tree: TreeObject
        do throws(GitProblem) {
            tree = try objects.tree(key)
        } catch {
            switch error {
            case .limit, .malformed: return nil
            default: throw error
            }
        }
        entries += tree.entries.count
        if entries > entriesMaximum { return nil }
        var named: [[UInt8]: TreeEntry] = [:]
        for var entry in tree.entries where named[entry.name] == nil {
            entry.mode = entry.canonicalMode
            named[entry.name] = entry
        }
        return named
    }
}
