import CGit2
import MooringNames

/// The kinds of object in a repository.
enum ObjectKind: Equatable, Sendable {
    case commit, tree, blob, other

    init(_ type: git_object_t) {
        switch type {
        case GIT_OBJECT_COMMIT: self = .commit
        case GIT_OBJECT_TREE: self = .tree
        case GIT_OBJECT_BLOB: self = .blob
        default: self = .other
        }
    }

    fileprivate var type: git_object_t {
        switch self {
        case .commit: GIT_OBJECT_COMMIT
        case .tree: GIT_OBJECT_TREE
        case .blob: GIT_OBJECT_BLOB
        case .other: GIT_OBJECT_INVALID
        }
    }
}

/// The objects of a mirror. Never reads an object before its size is known: a blob of 300 MB stays on the disk.
struct ObjectDatabase: ~Copyable {
    private let handle: Handle<ObjectDatabaseResource>

    init(of repository: borrowing Handle<RepositoryResource>) throws(GitProblem) {
        let pointer = repository.pointer
        handle = try Handle("git_repository_odb") { git_repository_odb($0, pointer) }
    }

    /// Whether the object is there, without reading it.
    func contains(_ key: ObjectKey) -> Bool {
        key.withOID { git_odb_exists(handle.pointer, $0) == 1 }
    }

    /// Kind and size of an object; nil where it is not there.
    func header(of key: ObjectKey) throws(GitProblem) -> (kind: ObjectKind, bytes: Int)? {
        var size = 0
        var type = GIT_OBJECT_INVALID
        do {
            try check("git_odb_read_header") { key.withOID { git_odb_read_header(&size, &type, handle.pointer, $0) } }
        } catch .library(let error) where error.code == GIT_ENOTFOUND.rawValue {
            return nil
        }
        return (ObjectKind(type), size)
    }

    /// Reads an object of `kind` with at most `maximum` bytes.
    func read(_ key: ObjectKey, _ kind: ObjectKind, maximum: Int) throws(GitProblem) -> [UInt8] {
        guard let header = try header(of: key) else {
            throw .incomplete("The \(kind) \(key.hex) is not in the mirror.")
        }
        guard header.kind == kind else { throw .malformed("\(key.hex) is no \(kind).") }
        guard header.bytes <= maximum else { throw .limit("bytes of one \(kind)", maximum: maximum) }
        let object = try Handle<DatabaseObjectResource>("git_odb_read") { out in
            key.withOID { git_odb_read(out, handle.pointer, $0) }
        }
        let count = git_odb_object_size(object.pointer)
        guard count > 0, let data = git_odb_object_data(object.pointer) else { return [] }
        return Array(UnsafeRawBufferPointer(start: data, count: count))
    }

    func tree(_ key: ObjectKey) throws(GitProblem) -> TreeObject {
        try TreeObject(reading: try read(key, .tree, maximum: Limits.treeBytes))
    }

    func commit(_ key: ObjectKey) throws(GitProblem) -> CommitObject {
        try CommitObject(reading: try read(key, .commit, maximum: Limits.commitBytes))
    }

    /// Writes an object; one that is there already is left as it is.
    func write(_ bytes: [UInt8], _ kind: ObjectKind) throws(GitProblem) -> ObjectKey {
        var id = git_oid()
        let type = kind.type
        try check("git_odb_write") {
            bytes.withUnsafeBytes { git_odb_write(&id, handle.pointer, $0.baseAddress, $0.count, type) }
        }
        return ObjectKey(id)
    }

    /// The tree of `folder` below the tree `root`; nil where there is no such folder.
    ///
    /// A name matches byte by byte if it can, else as Unicode compares it: settings are typed composed, some systems
    /// store names decomposed.
    func folder(_ folder: TreePath?, below root: ObjectKey) throws(GitProblem) -> ObjectKey? {
        guard let folder else { return root }
        var current = root
        for component in folder.text.split(separator: "/") {
            let folders = try tree(current).entries.filter(\.isTree)
            let exact = folders.first { $0.name.elementsEqual(component.utf8) }
            let similar = folders.filter { String(decoding: $0.name, as: UTF8.self) == component }
            guard let entry = exact ?? (similar.count == 1 ? similar.first : nil) else { return nil }
            current = entry.key
        }
        return current
    }
}
