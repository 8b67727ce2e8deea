import Foundation
import Glibc
import MooringManifests
import MooringNames

/// Manifests of a folder on the disk, as git would hand them over: paths from the repository's root.
struct ManifestFolder {
    var files: [ManifestInput] = []
    var refused: [(path: String, reason: String)] = []
    /// The folder on the disk.
    private let base: String
    /// The folder in the repository; nil where it is its root.
    var folder: TreePath?
    /// The files that were asked about; nil where it was a folder.
    var only: Set<TreePath>?
    /// The repository's root on the disk; nil outside of one.
    var root: String?
    /// What paths are relative to: the repository's root, or the folder a person stands in.
    private var start: String

    /// Why nothing could be read, for people.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads everything below `path`, or below the environment's folder that holds the file `path`: the nearest one with
    /// a `mooring.yaml`, else the file's own.
    ///
    /// - Throws: where there is no such file or folder.
    init(at path: String) throws(Unreadable) {
        guard let resolved = ManifestFolder.resolved(path) else {
            throw Unreadable(description: "Cannot read \(path): \(String(cString: strerror(errno))).")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: resolved, isDirectory: &isFolder) else {
            throw Unreadable(description: "Cannot read \(path): there is no such file or folder.")
        }
        let parent = isFolder.boolValue ? resolved : (resolved as NSString).deletingLastPathComponent
        root = ManifestFolder.repositoryRoot(of: parent)
        let base = isFolder.boolValue ? parent : ManifestFolder.environment(above: parent, in: root) ?? parent
        self.base = base
        // Outside of a repository, paths are those that a person sees from where they stand.
        start = root ?? ManifestFolder.current(above: base) ?? base
        let prefix = base == start ? "" : String(base.dropFirst(start == "/" ? 1 : start.count + 1))
        folder = try? TreePath(prefix)
        var walk = Walk(root: start)
        try walk.read(folder: prefix, depth: 0)
        files = walk.files
        refused = walk.refused
        if !isFolder.boolValue {
            only = (try? TreePath(String(resolved.dropFirst(start == "/" ? 1 : start.count + 1)))).map { [$0] }
        }
    }

    /// The manifests, with everything in the repository that they build upon.
    func collection(defaultCluster: ClusterName?) -> ManifestCollection {
        var collection = ManifestCollection(
            of: files, folder: folder, refused: refused, defaultCluster: defaultCluster)
        // Every turn answers for all that is missing, so the bases under them are reached one level a turn.
        while !collection.neededFiles.isEmpty {
            var inputs: [ManifestInput] = []
            var unusable: [(path: TreePath, reason: String)] = []
            for path in collection.neededFiles {
                var walk = Walk(root: start)
                if let reason = walk.read(file: path) {
                    unusable.append((path, reason + "."))
                } else {
                    inputs += walk.files
                }
            }
            collection.add(inputs, unusable: unusable)
        }
        return collection
    }

    /// The current folder, where `path` lies in it.
    private static func current(above path: String) -> String? {
        guard let current = resolved("."), current != "/", path == current || path.hasPrefix(current + "/") else {
            return nil
        }
        return current
    }

    private static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// The nearest folder upwards that holds `.git`.
    static func repositoryRoot(of path: String) -> String? {
        var folder = path
        while true {
            if FileManager.default.fileExists(atPath: folder + "/.git") { return folder }
            if folder == "/" || folder.isEmpty { return nil }
            folder = (folder as NSString).deletingLastPathComponent
        }
    }

    /// The nearest folder upwards that holds an environment's settings, within the repository.
    private static func environment(above path: String, in root: String?) -> String? {
        guard let root else { return nil }
        var folder = path
        while folder == root || folder.hasPrefix(root + "/") {
            if FileManager.default.fileExists(atPath: folder + "/mooring.yaml") { return folder }
            if folder == root { return nil }
            folder = (folder as NSString).deletingLastPathComponent
        }
        return nil
    }

    /// The URL of the remote `origin`, as the repository's own configuration has it.
    var origin: String? {
        guard let root else { return nil }
        guard let text = try? String(contentsOfFile: root + "/.git/config", encoding: .utf8) else { return nil }
        var isInOrigin = false
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("[") { isInOrigin = line == "[remote \"origin\"]" }
            guard isInOrigin, line.hasPrefix("url"), let equals = line.firstIndex(of: "=") else { continue }
            return line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    /// What is said of a folder without anything to read.
    static func emptiness(of path: String) -> String { "There is no *.json, *.yaml or *.yml below \(path)." }

    /// Whether both are one folder of the disk.
    func isSame(as other: ManifestFolder) -> Bool { base == other.base }

    /// Goes through folders the way the reader of git's trees does: no links, no hidden `.git`, bounded.
    private struct Walk {
        let root: String
        var files: [ManifestInput] = []
        var refused: [(path: String, reason: String)] = []
        private var bytes = 0

        init(root: String) { self.root = root }

        mutating func read(folder: String, depth: Int) throws(Unreadable) {
            guard depth <= Limits.folderDepth else {
                refused.append((folder, "folders are nested deeper than \(Limits.folderDepth)"))
                return
            }
            let names: [String]
            do {
                names = try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? root : root + "/" + folder)
            } catch {
                refused.append((folder, "the folder cannot be read"))
                return
            }
            for name in names.sorted() where name != ".git" {
                let path = folder.isEmpty ? name : folder + "/" + name
                try read(entry: path, name: name, depth: depth)
            }
        }

        /// Reads a single file below the root, through no link.
        ///
        /// - Returns: why not.
        mutating func read(file path: TreePath) -> String? {
            var folder = root
            let components = path.text.split(separator: "/").map(String.init)
            for component in components.dropLast() {
                folder += "/" + component
                switch DiskEntry(at: folder)?.kind {
                case .folder: continue
                case .link: return "its folder is a symbolic link"
                case .file, .other, nil: return "there is no such file"
                }
            }
            guard DiskEntry(at: root + "/" + path.text) != nil else { return "there is no such file" }
            do throws(Unreadable) {
                try read(entry: path.text, name: path.fileName, depth: 0, entersFolders: false)
            } catch {
                return error.description
            }
            return refused.first?.reason ?? (files.isEmpty ? "it is no manifest" : nil)
        }

        private mutating func read(
            entry path: String, name: String, depth: Int, entersFolders: Bool = true,
        ) throws(Unreadable) {
            let entry = DiskEntry(at: root + "/" + path)
            if entry?.kind == .folder, entersFolders { return try read(folder: path, depth: depth + 1) }
            let lowercased = name.lowercased()
            guard [".json", ".yaml", ".yml"].contains(where: lowercased.hasSuffix) else { return }
            guard let entry, entry.kind == .file else {
                refused.append((path, entry?.kind == .link ? "it is a symbolic link" : "it is no ordinary file"))
                return
            }
            guard let treePath = try? TreePath(path) else {
                refused.append((path, "its name is not allowed"))
                return
            }
            guard entry.size <= MooringManifests.Limits.fileBytes else {
                refused.append((path, "it has more than \(MooringManifests.Limits.fileBytes) bytes"))
                return
            }
            guard let content = entry.content else {
                refused.append((path, "it cannot be read"))
                return
            }
            bytes += content.count
            guard files.count < Limits.folderFiles, bytes <= Limits.folderBytes else {
                throw Unreadable(
                    description: "Cannot read \(root): it holds more than an environment may. Name its folder.")
            }
            files.append(ManifestInput(path: treePath, bytes: content))
        }
    }
}
