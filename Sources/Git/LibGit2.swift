import CGit2
import MooringNames

/// The library itself: started once in a process, before anything else of it is called.
enum LibGit2 {
    /// Starts the library on first use.
    static func start() throws(GitProblem) {
        switch started {
        case .success: return
        case .failure(let problem): throw problem
        }
    }

    private static let started: Result<Void, GitProblem> = {
        do throws(GitProblem) {
            try check("git_libgit2_init") { git_libgit2_init() }
            // No configuration of the machine or of a user is read: what a mirror does is said here and nowhere else.
            let levels = [
                GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
            ]
            for level in levels {
                try check("git_libgit2_opts") { mooring_set_search_path(level.rawValue, "/nonexistent") }
            }
            try check("git_libgit2_opts") { mooring_set_cache_bytes(Limits.objectCacheBytes) }
            try check("git_libgit2_opts") { mooring_set_pack_objects(Limits.packObjects) }
            // The check guards against hooks and settings of a stranger's repository. libgit2 runs none, a local path is
            // named by the operator, and on volumes of containers the owner is often someone else.
            try check("git_libgit2_opts") { mooring_set_owner_validation(0) }
            return .success(())
        } catch {
            return .failure(error)
        }
    }()
}

/// A kind of C object and how it is freed.
protocol CResource {
    /// Frees the object.
    static func free(_ pointer: OpaquePointer)
}

enum RepositoryResource: CResource {
    static func free(_ pointer: OpaquePointer) { git_repository_free(pointer) }
}

enum ObjectDatabaseResource: CResource {
    static func free(_ pointer: OpaquePointer) { git_odb_free(pointer) }
}

enum DatabaseObjectResource: CResource {
    static func free(_ pointer: OpaquePointer) { git_odb_object_free(pointer) }
}

enum ReferenceResource: CResource {
    static func free(_ pointer: OpaquePointer) { git_reference_free(pointer) }
}

enum RemoteResource: CResource {
    static func free(_ pointer: OpaquePointer) { git_remote_free(pointer) }
}

/// The one owner of a C object; frees it when it goes.
///
/// `OpaquePointer` is not `Sendable`, so the compiler keeps a handle inside the actor that made it.
struct Handle<Resource: CResource>: ~Copyable {
    let pointer: OpaquePointer

    /// Takes ownership of what `make` writes to its argument.
    init(_ function: StaticString, _ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) throws(GitProblem) {
        var made: OpaquePointer?
        try check(function) { make(&made) }
        guard let made else { throw .malformed("\(function) made nothing.") }
        pointer = made
    }

    deinit { Resource.free(pointer) }
}

/// The id of an object, as bytes.
struct ObjectKey: Hashable, Sendable {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// Reads twenty bytes.
    init(_ bytes: some Collection<UInt8>) {
        var iterator = bytes.makeIterator()
        func next<Part: FixedWidthInteger>(_: Part.Type) -> Part {
            var part: Part = 0
            for _ in 0..<(Part.bitWidth / 8) { part = part << 8 | Part(iterator.next() ?? 0) }
            return part
        }
        high = next(UInt64.self)
        middle = next(UInt64.self)
        low = next(UInt32.self)
    }

    /// Reads forty hexadecimal digits.
    init?(hex: String) {
        guard let id = try? ObjectID(hex) else { return nil }
        self.init(id)
    }

    init(_ id: git_oid) {
        self = withUnsafeBytes(of: id) { ObjectKey($0) }
    }

    init(_ id: ObjectID) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        var pending: UInt8?
        for digit in id.text.utf8 {
            let value = digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
            if let first = pending {
                bytes.append(first << 4 | value)
                pending = nil
            } else {
                pending = value
            }
        }
        self.init(bytes)
    }

    /// The twenty bytes.
    var bytes: [UInt8] {
        func parts<Part: FixedWidthInteger>(_ part: Part) -> [UInt8] { withUnsafeBytes(of: part.bigEndian, Array.init) }
        return parts(high) + parts(middle) + parts(low)
    }

    /// Forty hexadecimal digits.
    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(40)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The id as other modules know it.
    var id: ObjectID {
        get throws(GitProblem) {
            do { return try ObjectID(hex) } catch { throw .malformed("\(error)") }
        }
    }

    /// Calls `body` with the id as libgit2 takes it.
    func withOID<Answer: ~Copyable>(_ body: (UnsafePointer<git_oid>) -> Answer) -> Answer {
        var id = git_oid()
        withUnsafeMutableBytes(of: &id) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: id, body)
    }
}
