/// What three sides of a merge have in one place; nil where a side has nothing there.
struct MergeSides<Item: Equatable>: Equatable {
    var base: Item?
    var ours: Item?
    var theirs: Item?

    /// What needs no looking inside: one side left it alone, or both did the same.
    var settled: Item?? {
        if ours == theirs || base == theirs { return .some(ours) }
        if base == ours { return .some(theirs) }
        return nil
    }

    /// Whether neither side has any more what the base has.
    var isRemovedByBoth: Bool { base != nil && ours == nil && theirs == nil }
}

extension MergeSides<TreeEntry> {
    /// Whether both sides did the same, and in doing so may have removed a file.
    var mayHideRemovals: Bool {
        guard let base, ours == theirs, base != ours else { return false }
        return base.isTree || ours?.isTree ?? true
    }
}

/// Files that are merged at another place than the trees have them, by folder.
struct MovedFiles: Equatable {
    /// The folders below in which something is to be merged otherwise, by name.
    private(set) var folders: [[UInt8]: MovedFiles] = [:]
    /// What the sides are taken to have in this folder, by name, in place of the files that their trees have.
    private(set) var files: [[UInt8]: MergeSides<TreeEntry>] = [:]

    var isEmpty: Bool { folders.isEmpty && files.isEmpty }

    mutating func set(_ sides: MergeSides<TreeEntry>, at path: EntryPath) {
        let name = Array(path.fileName)
        func renamed(_ entry: TreeEntry?) -> TreeEntry? {
            entry.map { TreeEntry(mode: $0.mode, name: name, key: $0.key) }
        }
        let here = MergeSides(base: renamed(sides.base), ours: renamed(sides.ours), theirs: renamed(sides.theirs))
        set(here, at: path.components[...])
    }

    private mutating func set(_ sides: MergeSides<TreeEntry>, at path: ArraySlice<[UInt8]>) {
        guard let name = path.first else { return }
        if path.count == 1 {
            files[name] = sides
        } else {
            folders[name, default: MovedFiles()].set(sides, at: path.dropFirst())
        }
    }
}

/// What the moves of both sides mean for their merge.
struct MergeMoves: Equatable {
    /// Merged at the new place what one side changed at the old one.
    private(set) var moved = MovedFiles()
    /// Where the sides do not agree: two new places, a new place that the other side has taken or does without.
    private(set) var conflicts: Set<EntryPath> = []

    var isEmpty: Bool { moved.isEmpty && conflicts.isEmpty }

    /// A side, its changes and where it moved files to.
    struct Side {
        let changes: SideChanges
        let renames: [EntryPath: EntryPath]
    }

    init(ours: Side, theirs: Side) {
        add(of: theirs, beside: ours) { MergeSides(base: $0, ours: $1, theirs: $2) }
        add(of: ours, beside: theirs) { MergeSides(base: $0, ours: $2, theirs: $1) }
    }

    /// Adds the moves of one side; `sides` puts base, the other side's and the moving side's file in their order.
    private mutating func add(
        of mover: Side, beside other: Side, _ sides: (TreeEntry?, TreeEntry?, TreeEntry?) -> MergeSides<TreeEntry>,
    ) {
        for (old, new) in mover.renames.sorted(by: { $0.key < $1.key }) {
            guard let base = mover.changes.removed[old], let moved = mover.changes.added[new] else { continue }
            if let edited = other.changes.changed[old] {
                // A link in place of the file: there is nothing to be merged, here or there.
                if edited.isRegular != moved.isRegular { continue }
                // What the other side added at the new place is no part of this; the two are in each other's way.
                if other.changes.added[new] != nil { conflicts.insert(new) }
                self.moved.set(sides(nil, nil, nil), at: old)
                self.moved.set(sides(base, edited, moved), at: new)
            } else if other.changes.removed[old] != nil {
                let elsewhere = other.renames[old]
                if elsewhere == new {
                    self.moved.set(sides(base, other.changes.added[new], moved), at: new)
                } else {
                    conflicts.insert(new)
                    // Moved to two places: git tells the old one as well, unless one of the new ones made a folder of it.
                    if let elsewhere, !new.isBelow(old), !elsewhere.isBelow(old) { conflicts.insert(old) }
                }
            }
        }
    }
}
