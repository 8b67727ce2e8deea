/// The tree behind a notes ref: a blob for each commit, named by the commit's forty digits, spread over folders of two.
///
/// Reads every spread that git knows: none, `2/38`, `2/2/36` and so on, also mixed. Writes `2/38`, and leaves what it does
/// not write exactly as it is, notes or not.
struct NotesTree {
    private let read: (ObjectKey) throws(GitProblem) -> TreeObject
    private let write: (TreeObject, ObjectKey?) throws(GitProblem) -> ObjectKey
    private var known: [ObjectKey: Folder] = [:]

    /// A tree with its entries found by name.
    private struct Folder {
        let tree: TreeObject
        let byName: [[UInt8]: [TreeEntry]]
    }

    /// - Parameter write: given a folder, and the one whose place it takes.
    init(
        read: @escaping (ObjectKey) throws(GitProblem) -> TreeObject,
        write: @escaping (TreeObject, ObjectKey?) throws(GitProblem) -> ObjectKey,
    ) {
        self.read = read
        self.write = write
    }

    /// The blobs of all notes on `commit` in the tree `root`; more than one where spreads were mixed.
    mutating func notes(on commit: ObjectKey, in root: ObjectKey?) throws(GitProblem) -> [ObjectKey] {
        guard let root else { return [] }
        return try find(Array(commit.hex.utf8)[...], in: root)
    }

    private mutating func find(_ rest: ArraySlice<UInt8>, in key: ObjectKey) throws(GitProblem) -> [ObjectKey] {
        let folder = try folder(key)
        var found = folder.byName[Array(rest)]?.filter { !$0.isTree }.map(\.key) ?? []
        guard rest.count > 2 else { return found }
        for entry in folder.byName[Array(rest.prefix(2))] ?? [] where entry.isTree {
            found += try find(rest.dropFirst(2), in: entry.key)
        }
        return found
    }

    /// Puts `notes` (commit to blob) into the tree `root`, in place of whatever notes those commits had.
    ///
    /// - Returns: the new tree.
    mutating func putting(_ notes: [ObjectKey: ObjectKey], into root: ObjectKey?) throws(GitProblem) -> ObjectKey {
        var top = try root.map { (key) throws(GitProblem) in try folder(key).tree } ?? TreeObject(entries: [])
        let hexes = notes.map { (hex: Array($0.key.hex.utf8), blob: $0.value) }.sorted {
            $0.hex.lexicographicallyPrecedes($1.hex)
        }
        let names = Set(hexes.map(\.hex))
        top.entries.removeAll { !$0.isTree && names.contains($0.name) }
        let groups = Dictionary(grouping: hexes, by: { Array($0.hex.prefix(2)) })
        for (prefix, group) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            var below = TreeObject(entries: [])
            var before: ObjectKey?
            if let existing = top.entries.first(where: { $0.isTree && $0.name == prefix }) {
                below = try folder(existing.key).tree
                before = existing.key
            }
            for note in group {
                let rest = note.hex.dropFirst(2)
                below.entries = try removing(rest, from: below.entries)
                below.entries.append(TreeEntry(mode: TreeEntry.fileMode, name: Array(rest), key: note.blob))
            }
            top.entries.removeAll { $0.isTree && $0.name == prefix }
            top.entries.append(TreeEntry(mode: TreeEntry.treeMode, name: prefix, key: try write(below, before)))
        }
        return try write(top, root)
    }

    /// The entries without the note named `rest`, wherever it is below them.
    private mutating func removing(
        _ rest: ArraySlice<UInt8>, from entries: [TreeEntry],
    ) throws(GitProblem) -> [TreeEntry] {
        var kept: [TreeEntry] = []
        for entry in entries {
            if !entry.isTree, entry.name.elementsEqual(rest) { continue }
            guard entry.isTree, rest.count > 2, entry.name.elementsEqual(rest.prefix(2)) else {
                kept.append(entry)
                continue
            }
            let before = try folder(entry.key).tree.entries
            let after = try removing(rest.dropFirst(2), from: before)
            if after == before {
                kept.append(entry)
            } else if !after.isEmpty {
                var changed = entry
                changed.key = try write(TreeObject(entries: after), entry.key)
                kept.append(changed)
            }
        }
        return kept
    }

    private mutating func folder(_ key: ObjectKey) throws(GitProblem) -> Folder {
        if let folder = known[key] { return folder }
        let tree = try read(key)
        let folder = Folder(tree: tree, byName: Dictionary(grouping: tree.entries, by: \.name))
        known[key] = folder
        return folder
    }
}
