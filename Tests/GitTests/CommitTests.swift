import Foundation
import MooringGit
import MooringNames
import MooringPorts
import MooringTestSupport
import Synchronization
import Testing

/// Commits to a branch among other writers, and with servers that refuse.
@Suite(.serialized) struct CommitTests {
    private let main: BranchName
    private let path: TreePath

    init() throws {
        main = try BranchName("main")
        path = try TreePath("production/web.yaml")
    }

    private func installHook(_ name: String, _ script: String, in repository: GitTestRepository) throws {
        let path = "\(repository.path)/hooks/\(name)"
        try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// Appends a line to the file as the newest commit has it.
    private func appending(_ line: String, in mirror: GitMirror)
        -> @Sendable (CommitID) async throws(Failure) -> [FileChange]
    {
        let path = path
        return { (head) throws(Failure) in
            let files = try await mirror.files(at: head, paths: [path])
            guard case .file(_, let bytes) = files[0].content else { return [] }
            return [FileChange(path: path, bytes: bytes + Array(line.utf8))]
        }
    }

    @Test func `someone who is faster twice loses nothing, and neither do we`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let repository = server.repository
            _ = try repository.commit([path.text: "a\n"], to: main, message: "One")
            let mirror = bench.mirror(try .http(server))
            let append = appending("ours\n", in: mirror)
            let (main, path) = (main, path)
            let others = Mutex(0)
            let commit = try await mirror.commit(to: main, message: "Ours") { (head) throws(Failure) in
                let changes = try await append(head)
                let number = others.withLock { count in
                    count += 1
                    return count
                }
                // Between the look and the push, the other one comes.
                if number <= 2 {
                    let text = String(repeating: "x\n", count: number)
                    _ = try? repository.commit([path.text: "a\n" + text], to: main, message: "Theirs")
                }
                return changes
            }
            #expect(bench.clock.sleeps.count == 2)
            #expect(try repository.git("show", "main:\(path)") == "a\nx\nx\nours")
            #expect(try repository.git("log", "--format=%s", "main") == "Ours\nTheirs\nTheirs\nOne")
            #expect(try repository.git("rev-parse", "main") == commit?.text)
            #expect(try repository.git("log", "-1", "--format=%an <%ae>", "main") == "Mooring <mooring@localhost>")
            try repository.git("fsck", "--strict", "--no-dangling")
        }
    }

    @Test func `someone who comes while the server takes the push is begun again from`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let repository = server.repository
            let first = try repository.commit([path.text: "a\n"], to: main, message: "One")
            let second = try repository.commit([path.text: "a\nb\n"], to: main, message: "Two")
            try repository.set("refs/heads/main", to: first)
            try installHook(
                "update", "[ -e raced ] || { touch raced; git update-ref refs/heads/main \(second); }", in: repository)
            let mirror = bench.mirror(try .http(server))
            let heads = Mutex<[CommitID]>([])
            let append = appending("ours\n", in: mirror)
            _ = try await mirror.commit(to: main, message: "Ours") { (head) throws(Failure) in
                heads.withLock { $0.append(head) }
                return try await append(head)
            }
            #expect(heads.withLock { $0 } == [first, second])
            #expect(try repository.git("show", "main:\(path)") == "a\nb\nours")
        }
    }

    @Test func `what was taken off a branch is not put back by a commit that was made before`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let repository = server.repository
            let good = try repository.commit([path.text: "good\n"], to: main, message: "Good")
            _ = try repository.commit([path.text: "bad\n"], to: main, message: "Bad")
            let mirror = bench.mirror(try .http(server))
            let append = appending("ours\n", in: mirror)
            _ = try await mirror.commit(to: main, message: "Ours") { (head) throws(Failure) in
                let changes = try await append(head)
                try? repository.set("refs/heads/main", to: good)
                return changes
            }
            #expect(try repository.git("log", "--format=%s", "main") == "Ours\nGood")
            #expect(try repository.git("show", "main:\(path)") == "good\nours")
        }
    }

    @Test func `a hook that declines is told in the server's words, and nothing is tried again`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let repository = server.repository
            let first = try repository.commit([path.text: "a\n"], to: main, message: "One")
            try installHook("pre-receive", "echo 'main is protected: open a pull request' >&2; exit 1", in: repository)
            let mirror = bench.mirror(try .http(server))
            let append = appending("ours\n", in: mirror)
            let main = main
            let failure = try #require(
                await failure { () throws(Failure) in
                    try await mirror.commit(to: main, message: "Ours", append)
                })
            #expect(failure.code == .accessDenied)
            #expect(failure.disposition == .stalled)
            #expect(failure.tried == "commit to the branch 'main' of")
            #expect(
                failure.cause
                    == "The server refused: pre-receive hook declined: main is protected: open a pull request.")
            #expect(bench.clock.sleeps.isEmpty)
            #expect(try repository.git("rev-parse", "main") == first.text)
        }
    }

    @Test func `who loses every race gives up with a conflict`() async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        _ = try source.commit([path.text: "a\n"], to: main, message: "One")
        let mirror = bench.mirror(try .local(source))
        let (main, path) = (main, path)
        let append = appending("ours\n", in: mirror)
        let failure = await failure { () throws(Failure) in
            try await mirror.commit(to: main, message: "Ours") { (head) throws(Failure) in
                let changes = try await append(head)
                _ = try? source.commit([path.text: "\(head)\n"], to: main, message: "Theirs")
                return changes
            }
        }
        #expect(failure?.code == .conflict)
        #expect(bench.clock.sleeps.count == 7)
    }

    @Test func `modes stay as they are, and what is not named is not touched`() async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        let stream = """
            commit refs/heads/main
            committer Ada <ada@example.com> 1700000000 +0000
            data 1
            x
            M 100755 inline production/run.sh
            data 2
            a

            M 120000 inline production/link
            data 6
            run.sh
            M 160000 1111111111111111111111111111111111111111 production/module
            M 100644 inline production/web.yaml
            data 2
            a


            """
        try source.git("fast-import", "--quiet", input: stream)
        let mirror = bench.mirror(try .local(source))
        let script = try TreePath("production/run.sh")
        let new = try TreePath("production/new.yaml")
        _ = try await mirror.commit(to: main, message: "Ours") { _ in
            [FileChange(path: script, bytes: [98]), FileChange(path: new, bytes: [98])]
        }
        let modes = try source.git("ls-tree", "-r", "--format=%(objectmode) %(path)", "main")
        #expect(
            modes == """
                120000 production/link
                160000 production/module
                100644 production/new.yaml
                100755 production/run.sh
                100644 production/web.yaml
                """)
        #expect(try source.git("show", "main:production/run.sh") == "b")
        for path in [
            "production/link", "production/module", "production", "production/web.yaml/x", "production/link/x",
        ] {
            let path = try TreePath(path)
            let main = main
            let failure = await failure { () throws(Failure) in
                try await mirror.commit(to: main, message: "x") { _ in [FileChange(path: path, bytes: [1])] }
            }
            #expect(failure?.code == .invalidInput, "\(path)")
        }
    }

    @Test func `a commit is pushed with the credential that may write`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            _ = try server.repository.commit([path.text: "a\n"], to: main, message: "One")
            let wrong = bench.mirror(
                try .local(server.repository), notes: try .http(server, token: "wrong"), name: "wrong")
            let main = main
            let append = appending("ours\n", in: wrong)
            let failure = await failure { () throws(Failure) in
                try await wrong.commit(to: main, message: "Ours", append)
            }
            #expect(failure?.code == .unauthenticated)
            let right = bench.mirror(try .local(server.repository), notes: try .http(server))
            #expect(try await right.commit(to: main, message: "Ours", appending("ours\n", in: right)) != nil)
        }
    }
}
