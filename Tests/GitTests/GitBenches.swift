import MooringGit
import MooringHTTPTransport
import MooringModel
import MooringNames
import MooringPorts
import MooringTestSupport
import Synchronization

/// Real time that never waits: sleeps are noted and return at once.
final class ImpatientClock: Clock {
    private let start = ContinuousClock.now
    private let noted = Mutex<[Duration]>([])

    var sleeps: [Duration] { noted.withLock { $0 } }
    var now: Timestamp { Timestamp(millisecondsSince1970: 1_700_000_000_000) }
    var uptime: Duration { ContinuousClock.now - start }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        noted.withLock { $0.append(duration) }
    }
}

/// What every test of a mirror needs: a folder for it, a clock and a way to open it.
struct Bench {
    let folder: TemporaryFolder
    let clock = ImpatientClock()

    init() throws { folder = try TemporaryFolder() }

    var mirrorPath: String { folder.path + "/mirrors/shop.git" }

    func mirror(
        _ source: GitRemoteSettings, notes: GitRemoteSettings? = nil, name: String = "shop",
        change: (inout GitMirror.Settings) -> Void = { _ in }, merge: @escaping NoteMerge = GitConformance.merge,
    ) -> GitMirror {
        var settings = GitMirror.Settings(source: source, notes: notes)
        change(&settings)
        return GitMirror(
            folder: "\(folder.path)/mirrors/\(name).git", settings: settings, clock: clock,
            randomFraction: { 0.5 }, merge: merge,
        )
    }

    /// A repository beside the mirror, reached by its path.
    func localRepository() throws -> GitTestRepository { try GitTestRepository(at: folder.path + "/server.git") }
}

extension GitRemoteSettings {
    /// A repository of this machine.
    static func local(_ repository: GitTestRepository) throws -> GitRemoteSettings {
        GitRemoteSettings(address: try GitAddress(repository.path))
    }

    /// The server with its token, over http.
    static func http(_ server: GitTestServer, token: String? = nil) throws -> GitRemoteSettings {
        GitRemoteSettings(
            address: try GitAddress(server.url),
            credential: .basic(user: server.user, password: Secret(token ?? server.token)),
            credentialOrigin: "MOORING_GIT_TOKEN",
        )
    }

    /// The server with its key, over ssh.
    static func ssh(_ server: GitTestServer) throws -> GitRemoteSettings {
        let identity = SSHIdentity(
            key: .file(path: server.keyPath), knownHosts: .file(path: server.knownHostsPath),
        )
        return GitRemoteSettings(
            address: try GitAddress(server.url), credential: .ssh(identity), credentialOrigin: "git.sshKey",
        )
    }
}

/// The failure that `body` ends in; nil where it succeeds.
func failure(_ body: () async throws(Failure) -> some Any) async -> Failure? {
    do throws(Failure) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

extension GitTestRepository {
    /// What git makes of a merge, without renames of whole folders: the tree, or the paths in conflict.
    func merged(_ ours: String, _ theirs: String) throws -> (tree: String, conflicts: Set<String>?) {
        let ended = try runProgram(
            [
                "git", "-c", "merge.directoryRenames=false", "merge-tree", "--write-tree", "--name-only",
                "--no-messages", ours, theirs,
            ], in: path)
        guard ended.exitCode < 2 else { throw GitCannotMerge(words: ended.errors) }
        let lines = ended.text.split(separator: "\n").map(String.init)
        return (lines.first ?? "", ended.exitCode == 1 ? Set(lines.dropFirst()) : nil)
    }
}

/// Git ended with neither a tree nor conflicts.
struct GitCannotMerge: Error {
    let words: String
}
