import Foundation
import MooringNames
import MooringTestSupport

/// A git server and a local ECS, each behind a proxy, and Mooring between them.
struct Scene {
    let git: GitTestServer
    let ecs: LocalECS
    let gitProxy: FaultProxy
    let ecsProxy: FaultProxy
    var mooring: Mooring

    /// Commits files to main, as a merge does.
    @discardableResult
    func merge(_ files: [String: String?], _ message: String) throws -> Commit {
        Commit(id: try git.repository.commit(files, to: try BranchName("main"), message: message), scene: self)
    }

    /// Commits the quickstart with this image.
    @discardableResult
    func mergeQuickstart(image: String = "my-app:v1.0", _ message: String = "Deploy") throws -> Commit {
        try merge(try Scene.quickstart(image: image), message)
    }

    static func quickstart(image: String) throws -> [String: String] {
        try Binary.quickstart().mapValues { $0.replacingOccurrences(of: "my-app:v1.0", with: image) }
    }
}

/// A commit on main, and what was written onto it.
struct Commit {
    let id: CommitID
    let scene: Scene

    /// The note as the server has it now.
    func note() throws -> String? { try scene.git.repository.note(on: id, ref: "refs/notes/mooring/production") }

    /// What a note says as a whole: `Synced`, `Failed`.
    static func sync(of note: String) -> String? {
        note.split(separator: "\n").first { $0.hasPrefix("sync: ") }.map { String($0.dropFirst("sync: ".count)) }
    }

    /// Waits until the note says how it ended.
    func end(within limit: Duration = .seconds(75)) async throws -> (sync: String, note: String) {
        try await eventually("the end of the note on '\(id)'", within: limit, every: .milliseconds(200)) {
            guard let note = try note(), let sync = Commit.sync(of: note), sync != "Progressing" else { return nil }
            return (sync, note)
        }
    }
}

/// Runs `body` with a repository behind HTTP, which asks for a token.
func withScene<Result>(
    speed: Int = 60, ecsOptions: [String] = [], isolation: isolated (any Actor)? = #isolation,
    _ body: (Scene) async throws -> Result,
) async throws -> Result {
    try await Stage.run {
        try await withHTTPGitServer { git in
            try await withLocalECS(speed: speed, options: ecsOptions) { ecs in
                try await withFaultProxy(to: git.port) { gitProxy in
                    try await withFaultProxy(to: ecs.port) { ecsProxy in
                        let repository = git.url.replacingOccurrences(of: ":\(git.port)/", with: ":\(gitProxy.port)/")
                        let mooring = try Mooring(repository: repository, token: git.token, ecsURL: ecsProxy.url)
                        return try await body(
                            Scene(git: git, ecs: ecs, gitProxy: gitProxy, ecsProxy: ecsProxy, mooring: mooring))
                    }
                }
            }
        }
    }
}

/// Runs `body` with a repository behind ssh. There is no proxy for it: `gitProxy` stands before nothing.
func withSSHScene<Result>(
    speed: Int = 60, isolation: isolated (any Actor)? = #isolation, _ body: (Scene) async throws -> Result,
) async throws -> Result {
    try await Stage.run {
        try await withSSHGitServer { git in
            try await withLocalECS(speed: speed) { ecs in
                try await withFaultProxy(to: git.port) { gitProxy in
                    try await withFaultProxy(to: ecs.port) { ecsProxy in
                        var mooring = try Mooring(repository: git.url, token: nil, ecsURL: ecsProxy.url)
                        mooring.environmentSettings = [
                            "git: {sshKeyFile: \(git.keyPath), knownHostsFile: \(git.knownHostsPath)}"
                        ]
                        return try await body(
                            Scene(git: git, ecs: ecs, gitProxy: gitProxy, ecsProxy: ecsProxy, mooring: mooring))
                    }
                }
            }
        }
    }
}
