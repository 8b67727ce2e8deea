import MooringNames

/// The caps of a merge beside those of reading; the defaults are the named limits.
package struct MergeLimits: Sendable {
    package var fileBytes = Limits.mergedFileBytes
    package var fileLines = Limits.mergedFileLines
    package var files = Limits.mergedFiles
    package var bytes = Limits.mergedBytes
    package var conflicts = Limits.mergeConflicts
    package var renameEntries = Limits.renameEntries
    package var renameFileBytes = Limits.renameFileBytes
    package var renameBytes = Limits.renameBytes
    package var renameSteps = Limits.renameSteps
    package var renameAlternatives = Limits.renameAlternatives

    package init() {}
}

/// Merges two trees that come from a third, by entering only the folders that both sides changed.
///
/// Not libgit2's own merge: that one reads every tree of all three sides into an index first, and a tree of few objects can
/// hold 10¹⁰ paths. The rules are those of git's own merge: what only one side changed is taken, what both changed alike is
/// taken, regular files that both changed are merged line by line, all else is a conflict. A symbolic link or a submodule is
/// taken whole or not at all. Files that were moved are merged where the caller says.
struct TreeMerge {
    private let reading: ReadingLimits
    private let limits: MergeLimits
    private let operation: Operation
    private var files = 0
    private var bytes = 0
    /// Entries of all trees that were read: what the merge cost.
    private(set) var entries = 0
    /// What both sides changed, in the order it was found.
    private(set) var conflicts: Set<TreePath> = []
    /// Whether a file is missing, or was added twice, where knowing that it was moved could lead to another result.
    private(set) var dependsOnMoves = false
    /// The objects that were written, blobs before the trees that name them.
    private(set) var written: [(key: ObjectKey, kind: ObjectKind)] = []

    init(reading: ReadingLimits, limits: MergeLimits, operation: Operation) {
        self.reading = reading
        self.limits = limits
        self.operation = operation
    }

    /// Merges the root trees.
    ///
    /// - Parameter moves: what is known of files that the sides moved.
    /// - Returns: the merged tree; without meaning where there are `conflicts`.
    mutating func merge(
        base: ObjectKey, ours: ObjectKey, theirs: ObjectKey, moves: MergeMoves? = nil,
        in objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> ObjectKey {
        for path in moves?.conflicts.sorted().prefix(limits.conflicts) ?? [] {
            try conflict(Array(path.fileName), in: path.folder)
        }
        let sides = MergeSides<ObjectKey>(base: base, ours: ours, theirs: theirs)
        if let merged = try folder(sides, moves?.moved, at: nil, depth: 0, objects) { return merged }
        return try write(TreeObject(entries: []).bytes, .tree, objects)
    }

    /// - Returns: nil where nothing is left in the folder, which then is not there.
    private mutating func folder(
        _ sides: MergeSides<ObjectKey>, _ moved: MovedFiles?, at path: String?, depth: Int,
        _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> ObjectKey? {
        if moved == nil, let settled = sides.settled { return settled }
        try operation.checkTime()
        if depth > reading.depth { throw .limit("folders within folders", maximum: reading.depth) }
        let base = try named(sides.base, at: path, objects)
        let ours = try named(sides.ours, at: path, objects)
        let theirs = try named(sides.theirs, at: path, objects)
        var merged: [TreeEntry] = []
        let names = Set(base.keys).union(ours.keys).union(theirs.keys).sorted { $0.lexicographicallyPrecedes($1) }
        for name in names {
            let entry = MergeSides(base: base[name], ours: ours[name], theirs: theirs[name])
            merged += try self.entry(entry, moved, name, in: path, depth, objects)
            if conflicts.count >= limits.conflicts { return nil }
        }
        if merged.isEmpty { return nil }
        let tree = TreeObject(entries: merged)
        if merged.allSatisfy({ ours[$0.name] == $0 }), merged.count == ours.count { return sides.ours }
        if merged.allSatisfy({ theirs[$0.name] == $0 }), merged.count == theirs.count { return sides.theirs }
        return try write(tree.bytes, .tree, objects)
    }

    /// Merges what stands under one name: at most a file and a folder, and one of them in the end.
    private mutating func entry(
        _ sides: MergeSides<TreeEntry>, _ moved: MovedFiles?, _ name: [UInt8], in folder: String?, _ depth: Int,
        _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> [TreeEntry] {
        let movedFile = moved?.files[name]
        let movedBelow = moved?.folders[name]
        if movedFile == nil, movedBelow == nil, let settled = sides.settled {
            if sides.mayHideRemovals { dependsOnMoves = true }
            return settled.map { [$0] } ?? []
        }
        func part(isTree: Bool) -> MergeSides<TreeEntry> {
            func keep(_ entry: TreeEntry?) -> TreeEntry? { entry.flatMap { $0.isTree == isTree ? $0 : nil } }
            return MergeSides(base: keep(sides.base), ours: keep(sides.ours), theirs: keep(sides.theirs))
        }
        var found: [TreeEntry] = []
        let folders = part(isTree: true)
        let files = movedFile ?? part(isTree: false)
        // One may have moved what the other one removed, or both moved it, to two places.
        if folders.isRemovedByBoth || files.isRemovedByBoth { dependsOnMoves = true }
        if folders.ours != nil || folders.theirs != nil || movedBelow != nil {
            let below = folder.map { "\($0)/" } ?? ""
            let keys = MergeSides(base: folders.base?.key, ours: folders.ours?.key, theirs: folders.theirs?.key)
            let key = try self.folder(
                keys, movedBelow, at: below + EntryName.shown(name, below: nil), depth: depth + 1, objects)
            if let key { found.append(TreeEntry(mode: TreeEntry.treeMode, name: name, key: key)) }
        }
        if let file = try file(files, name, in: folder, objects) { found.append(file) }
        // One side made a folder of what the other one keeps as a file.
        if found.count > 1 { try conflict(name, in: folder) }
        return found
    }

    private mutating func file(
        _ sides: MergeSides<TreeEntry>, _ name: [UInt8], in folder: String?, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> TreeEntry? {
        if let settled = sides.settled { return settled }
        // Removed by one side and changed by the other one, or added by both.
        if sides.base == nil || sides.ours == nil || sides.theirs == nil { dependsOnMoves = true }
        guard let ours = sides.ours, let theirs = sides.theirs, ours.isRegular, theirs.isRegular else {
            // Changed here and removed there, or two links, or things of two kinds.
            try conflict(name, in: folder)
            return sides.ours ?? sides.theirs
        }
        let mode: UInt32
        if ours.mode == theirs.mode || ours.mode == sides.base?.mode {
            mode = theirs.mode
        } else {
            mode = ours.mode
            if theirs.mode != sides.base?.mode { try conflict(name, in: folder) }
        }
        if let key = MergeSides(base: sides.base?.key, ours: ours.key, theirs: theirs.key).settled ?? nil {
            return TreeEntry(mode: mode, name: name, key: key)
        }
        var base: [UInt8]?
        if let entry = sides.base, entry.isRegular { base = try content(of: entry, objects) }
        let merged = try FileMerge.merge(
            base: base, ours: try content(of: ours, objects), theirs: try content(of: theirs, objects))
        guard let merged else {
            try conflict(name, in: folder)
            return ours
        }
        return TreeEntry(mode: mode, name: name, key: try write(merged, .blob, objects))
    }

    private mutating func content(
        of entry: TreeEntry, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> [UInt8] {
        try operation.checkTime()
        files += 1
        if files > limits.files { throw .limit("files that both sides of a merge changed", maximum: limits.files) }
        let content = try objects.read(entry.key, .blob, maximum: limits.fileBytes)
        if content.count(where: { $0 == UInt8(ascii: "\n") }) > limits.fileLines {
            throw .limit("lines of a file that both sides of a merge changed", maximum: limits.fileLines)
        }
        bytes += content.count
        if bytes > limits.bytes { throw .limit("bytes of files that both sides changed", maximum: limits.bytes) }
        return content
    }

    private mutating func write(
        _ bytes: [UInt8], _ kind: ObjectKind, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> ObjectKey {
        let key = try objects.write(bytes, kind)
        written.append((key, kind))
        return key
    }

    /// The entries of a folder by name, with modes as git writes them today.
    private mutating func named(
        _ key: ObjectKey?, at path: String?, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> [[UInt8]: TreeEntry] {
        guard let key else { return [:] }
        let tree = try objects.tree(key)
        entries += tree.entries.count
        if entries > reading.entries { throw .limit("entries looked at in a merge", maximum: reading.entries) }
        var named: [[UInt8]: TreeEntry] = [:]
        for var entry in tree.entries {
            entry.mode = entry.canonicalMode
            guard named.updateValue(entry, forKey: entry.name) == nil else {
                throw .unmergeable(
                    "A name stands more than once in \(path.map { "the folder '\($0)'" } ?? "the root").")
            }
        }
        return named
    }

    private mutating func conflict(_ name: [UInt8], in folder: String?) throws(GitProblem) {
        do throws(EntryName.Refusal) {
            conflicts.insert(try EntryName(name, below: folder).path)
        } catch {
            let shown = EntryName.shown(name, below: folder)
            throw .unmergeable("Both sides changed '\(shown)', and \(error.reason).")
        }
    }
}

extension TreeEntry {
    /// A file, in today's modes or those of old.
    var isRegular: Bool { mode & 0o170000 == 0o100000 }

    /// The mode as git reads it: old ones with the permissions of a group are those of today.
    var canonicalMode: UInt32 {
        switch mode & 0o170000 {
        case 0o100000: mode & 0o100 == 0 ? TreeEntry.fileMode : TreeEntry.executableMode
        case TreeEntry.linkMode: TreeEntry.linkMode
        case TreeEntry.treeMode: TreeEntry.treeMode
        default: TreeEntry.submoduleMode
        }
    }
}
