import MooringNames
import MooringPorts

/// Finds the versions of some files between two commits, by comparing ids and reading only what differs.
///
/// Between most commits the folders that lead to the files have the ids they had, so a step back costs the commit and the trees
/// above them, each of which is read once.
struct VersionWalk {
    private let paths: [[[UInt8]]]
    private let names: [TreePath]
    private let limits: ReadingLimits
    private let operation: Operation
    private var bytes = 0

    init(_ paths: [TreePath], limits: ReadingLimits, operation: Operation) {
        names = Set(paths).sorted()
        self.paths = names.map { $0.text.split(separator: "/").map { Array($0.utf8) } }
        self.limits = limits
        self.operation = operation
    }

    /// Where a commit has the files: the id of each, nil where it is not there.
    private typealias Places = [TreeEntry?]

    /// The versions, oldest first, as `SourceHistory.versions` promises.
    mutating func versions(
        from old: ObjectKey, to new: ObjectKey, limit: Int, in mirror: OpenMirror,
    ) throws(GitProblem) -> [SourceVersion] {
        guard try mirror.isAncestor(old, of: new) else {
            throw .missing(
                "The commit \(old.hex.prefix(7)) is not part of the history of \(new.hex.prefix(7)).",
                remedy: "What it held before is not known; nothing need be done.")
        }
        let oldest = try places(in: mirror.objects.commit(old).tree, mirror.objects)
        var found: [(commit: ObjectKey, places: Places)] = []
        var next: ObjectKey? = new
        var steps = 0
        var lastTree: ObjectKey?
        var last: Places = []
        while let key = next, key != old {
            try operation.checkTime()
            steps += 1
            if steps > Limits.versionCommits { throw .limit("commits since one", maximum: Limits.versionCommits) }
            let commit = try mirror.objects.commit(key)
            if commit.tree != lastTree {
                let places = try places(in: commit.tree, mirror.objects)
                lastTree = commit.tree
                // Going back, the last of a row of equal commits is the one that made the version.
                if places != last || found.isEmpty {
                    found.append((key, places))
                    last = places
                } else {
                    found[found.count - 1].commit = key
                }
            } else if !found.isEmpty {
                found[found.count - 1].commit = key
            }
            next = commit.parents.first
        }
        if next == nil { found = Array(found.prefix(1)) }
        if found.last?.places == oldest { found.removeLast() }
        var versions = [try version(of: old, oldest, mirror.objects)]
        for entry in found.prefix(max(0, limit - 1)).reversed() {
            versions.append(try version(of: entry.commit, entry.places, mirror.objects))
        }
        return versions
    }

    private func places(in root: ObjectKey, _ objects: borrowing ObjectDatabase) throws(GitProblem) -> Places {
        // Files of one service lie in one or two folders, so their trees are kept for the moment.
        var trees: [ObjectKey: TreeObject] = [:]
        var places: Places = []
        for path in paths {
            var key = root
            var place: TreeEntry?
            for (index, name) in path.enumerated() {
                let tree: TreeObject
                if let known = trees[key] { tree = known } else { tree = try objects.tree(key) }
                trees[key] = tree
                let entries = tree.entries.filter { $0.name == name }
                // A name that stands twice is nobody's.
                guard entries.count == 1, let entry = entries.first else { break }
                if index == path.count - 1 {
                    place = entry.isFile ? entry : nil
                } else if entry.isTree {
                    key = entry.key
                } else {
                    break
                }
            }
            places.append(place)
        }
        return places
    }

    private mutating func version(
        of commit: ObjectKey, _ places: Places, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> SourceVersion {
        var files: [SourceFile] = []
        for (path, place) in zip(names, places) {
            guard let place else { continue }
            guard let header = try objects.header(of: place.key) else {
                throw .incomplete("The file \(path) is named by its folder, but its content is not in the mirror.")
            }
            // As in a snapshot, what is too large is no manifest.
            guard header.kind == .blob, header.bytes <= limits.fileBytes else { continue }
            bytes += header.bytes
            if bytes > limits.snapshotBytes { throw .limit("bytes of all versions", maximum: limits.snapshotBytes) }
            let content = try objects.read(place.key, .blob, maximum: limits.fileBytes)
            files.append(SourceFile(path: path, blob: try place.key.id, bytes: content))
        }
        return SourceVersion(commit: try commit.id, files: files)
    }
}
