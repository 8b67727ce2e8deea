import CGit2
import Foundation
import MooringNames
import MooringPorts

/// The folder of a bare mirror, opened: the one handle on its repository and its objects.
///
/// Not `Sendable`: libgit2 allows one thread at a time, and the actor that opened it is that thread.
final class OpenMirror {
    let repository: Handle<RepositoryResource>
    let objects: ObjectDatabase

    /// Opens the mirror at `path`, makes it if it is not there, and makes it anew if it is damaged: what it holds can
    /// be fetched again.
    static func open(_ path: String) throws(GitProblem) -> OpenMirror {
        try LibGit2.start()
        if FileManager.default.fileExists(atPath: path) {
            removeLeftovers(path)
            if let mirror = try? OpenMirror(path, "git_repository_open_bare", { git_repository_open_bare($0, path) }),
                mirror.isWhole
            {
                return mirror
            }
        }
        return try recreate(path)
    }

    /// Removes whatever is at `path` and makes an empty mirror there.
    static func recreate(_ path: String) throws(GitProblem) -> OpenMirror {
        try LibGit2.start()
        do {
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .storage("The mirror's folder \(path) cannot be made: \(OpenMirror.reason(error)).")
        }
        return try OpenMirror(path, "git_repository_init") { git_repository_init($0, path, 1) }
    }

    /// Opens a repository that somebody else owns, bare or not: it is never made, mended or made anew.
    static func existing(_ path: String) throws(GitProblem) -> OpenMirror {
        try LibGit2.start()
        return try OpenMirror(path, "git_repository_open") { git_repository_open($0, path) }
    }

    /// What the system said, without the sentence that Foundation makes of it.
    private static func reason(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey]
        if let posix = underlying as? POSIXError { return String(cString: strerror(posix.code.rawValue)) }
        return Words.printable(error.localizedDescription)
    }

    private init(
        _ path: String, _ function: StaticString, _ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32,
    ) throws(GitProblem) {
        repository = try Handle(function, make)
        objects = try ObjectDatabase(of: repository)
    }

    /// Whether every ref can be read and leads to an object that is there.
    private var isWhole: Bool {
        guard let refs = try? references() else { return false }
        return refs.allSatisfy { name in
            guard let key = try? target(of: name) else { return false }
            return objects.contains(key)
        }
    }

    /// What a killed process leaves behind: locks that would block for ever, and halves of packs. One process owns the
    /// folder, and nothing of it is under way when it opens the mirror.
    private static func removeLeftovers(_ path: String) {
        let files = FileManager.default
        let refs = files.enumerator(atPath: path + "/refs")?.compactMap { $0 as? String } ?? []
        for name in refs where name.hasSuffix(".lock") { try? files.removeItem(atPath: "\(path)/refs/\(name)") }
        for name in ["HEAD.lock", "config.lock", "packed-refs.lock"] {
            try? files.removeItem(atPath: "\(path)/\(name)")
        }
        let packs = (try? files.contentsOfDirectory(atPath: path + "/objects/pack")) ?? []
        for name in packs where !name.hasSuffix(".pack") && !name.hasSuffix(".idx") {
            try? files.removeItem(atPath: "\(path)/objects/pack/\(name)")
        }
    }

    // MARK: References

    /// Names of all refs; HEAD is none of them, and means nothing here.
    func references() throws(GitProblem) -> [String] {
        var list = git_strarray()
        try check("git_reference_list") { git_reference_list(&list, repository.pointer) }
        defer { git_strarray_dispose(&list) }
        return (0..<list.count).compactMap { index in list.strings[index].map { String(cString: $0) } }
    }

    /// Where a ref stands; nil where there is no such ref.
    func target(of name: String) throws(GitProblem) -> ObjectKey? {
        var id = git_oid()
        do {
            try check("git_reference_name_to_id") { git_reference_name_to_id(&id, repository.pointer, name) }
        } catch .library(let error) where error.code == GIT_ENOTFOUND.rawValue {
            return nil
        }
        return ObjectKey(id)
    }

    /// Sets a ref, wherever it stood.
    func set(_ name: String, to key: ObjectKey) throws(GitProblem) {
        if try target(of: name) == key { return }
        let made = try Handle<ReferenceResource>("git_reference_create") { out in
            key.withOID { git_reference_create(out, repository.pointer, name, $0, 1, "mooring") }
        }
        _ = made.pointer
    }

    /// Removes a ref; one that is not there is no error.
    func remove(_ name: String) throws(GitProblem) {
        guard try target(of: name) != nil else { return }
        try check("git_reference_remove") { git_reference_remove(repository.pointer, name) }
    }

    /// Whether `ancestor` is `commit` or one of its ancestors. One that is not in the mirror is none.
    func isAncestor(_ ancestor: ObjectKey, of commit: ObjectKey) throws(GitProblem) -> Bool {
        if ancestor == commit { return true }
        guard objects.contains(ancestor) else { return false }
        let answer = try check("git_graph_descendant_of") {
            commit.withOID { commit in
                ancestor.withOID { git_graph_descendant_of(repository.pointer, commit, $0) }
            }
        }
        return answer == 1
    }

    /// The best common ancestor of two commits, one of them where there are several; nil where they have none.
    func mergeBase(_ one: ObjectKey, _ other: ObjectKey) throws(GitProblem) -> ObjectKey? {
        var id = git_oid()
        do {
            try check("git_merge_base") {
                one.withOID { one in other.withOID { git_merge_base(&id, repository.pointer, one, $0) } }
            }
        } catch .library(let error) where error.code == GIT_ENOTFOUND.rawValue {
            return nil
        }
        return ObjectKey(id)
    }
}

/// The names of refs in a mirror.
enum MirrorRef {
    /// Where a branch of the server is kept.
    ///
    /// A slash of the branch is written `%2F`: a branch `a` that was deleted on the server stays here, and must not be in
    /// the way of a new `a/b`. Names that would be too long for a file are replaced by their digest.
    static func branch(_ branch: BranchName) throws(GitProblem) -> String {
        "refs/remotes/origin/" + (try component(branch.text))
    }

    /// Where a ref of the server that was fetched as a proposal is kept; written as a branch is.
    static func proposal(_ ref: String) throws(GitProblem) -> String { proposals + (try component(ref)) }

    /// Below it lie the proposals.
    static let proposals = "refs/mooring/proposals/"

    /// What is being pushed to a branch.
    static let outgoing = "refs/mooring/outgoing"

    private static func component(_ text: String) throws(GitProblem) -> String {
        let name = text.replacing("%", with: "%25").replacing("/", with: "%2F")
        guard name.utf8.count > 200 else { return name }
        var id = git_oid()
        let bytes = Array(text.utf8)
        try check("git_odb_hash") { git_odb_hash(&id, bytes, bytes.count, GIT_OBJECT_BLOB) }
        return "%\(ObjectKey(id).hex)"
    }

    /// Where the server's notes are kept, as they were fetched.
    static func fetchedNotes(_ ref: NotesRef) -> String { "refs/notes/mooring-remote/\(ref.environment)" }
}
