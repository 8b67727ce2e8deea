import Foundation
import MooringGit
import MooringNames
import MooringPorts
import MooringTestSupport
import Synchronization
import Testing

/// Notes among other writers: git's own tool, other Moorings, and servers that refuse.
@Suite(.serialized) struct NotesTests {
    private let main: BranchName
    private let ref: NotesRef

    init() throws {
        main = try BranchName("main")
        ref = NotesRef(try EnvironmentName("production"))
    }

    private func commits(_ count: Int, in source: GitTestRepository) throws -> [CommitID] {
        try (0..<count).map { try source.commit(["a.json": "\($0)"], to: main, message: "Commit \($0)") }
    }

    @Test func `git log shows them`() async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        let commit = try commits(1, in: source)[0]
        try await bench.mirror(.local(source)).publish([commit: "schema: 1\nstate: Synced\n"], to: ref)
        let clone = bench.folder.path + "/clone"
        try GitProgram.run(["clone", "--quiet", source.path, clone], in: "/")
        try GitProgram.run(["fetch", "--quiet", "origin", "+refs/notes/*:refs/notes/*"], in: clone)
        let log = try GitProgram.run(["log", "--notes=mooring/production"], in: clone)
        #expect(log.contains("Notes (mooring/production):\n    schema: 1\n    state: Synced"))
        let author = try source.git("log", "-1", "--format=%an <%ae> %at %s", ref.description)
        #expect(author == "Mooring <mooring@localhost> 1700000000 Notes of production by Mooring")
        try source.git("fsck", "--strict", "--no-dangling")
    }

    @Test func `one publish is one commit, spread over folders of two`() async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        let commits = try commits(30, in: source)
        let notes = Dictionary(uniqueKeysWithValues: commits.map { ($0, "note \($0)\n") })
        try await bench.mirror(.local(source)).publish(notes, to: ref)
        #expect(try source.git("rev-list", "--count", ref.description) == "1")
        let names = try source.git("ls-tree", "-r", "--name-only", ref.description).split(separator: "\n")
        #expect(names.count == 30)
        #expect(names.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{2}\/[0-9a-f]{38}/) != nil })
        #expect(try source.note(on: commits[7], ref: ref.description) == "note \(commits[7])\n")
    }

    @Test func `git's own tool and Mooring keep each other's notes`() async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        let commits = try commits(6, in: source)
        let mirror = bench.mirror(try .local(source))
        // Flat, as git writes few; then ours; then git again, which rewrites all of them in its own way.
        try source.writeNote("git 0", on: commits[0], ref: ref.description)
        try source.writeNote("git 1", on: commits[1], ref: ref.description)
        try await mirror.publish([commits[1]: "ours 1\n", commits[2]: "ours 2\n"], to: ref)
        try source.writeNote("git 3", on: commits[3], ref: ref.description)
        try await mirror.publish([commits[4]: "ours 4\n"], to: ref)
        let read = try await mirror.notes(ref, on: commits)
        #expect(
            read == [
                commits[0]: "git 0\n", commits[1]: "git 1\nours 1\n", commits[2]: "ours 2\n", commits[3]: "git 3\n",
                commits[4]: "ours 4\n",
            ],
        )
        for (commit, text) in read { #expect(try source.note(on: commit, ref: ref.description) == text) }
        try source.git("fsck", "--strict", "--no-dangling")
    }

    @Test func `a deeper spread is read, and a note in it replaced and not doubled`() async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        let commits = try commits(2, in: source)
        var lines = ""
        for commit in commits {
            let text = commit.text
            let blob = try source.git("hash-object", "-w", "--stdin", input: "deep\n")
            let name = text.dropFirst(4)
            let inner = try source.git("mktree", input: "100644 blob \(blob)\t\(name)\n")
            let middle = try source.git("mktree", input: "040000 tree \(inner)\t\(text.dropFirst(2).prefix(2))\n")
            lines += "040000 tree \(middle)\t\(text.prefix(2))\n"
        }
        let readme = try source.git("hash-object", "-w", "--stdin", input: "not a note\n")
        let root = try source.git("mktree", input: lines + "100644 blob \(readme)\tREADME\n")
        try source.git("update-ref", ref.description, source.git("commit-tree", root, "-m", "Deep"))
        let mirror = bench.mirror(try .local(source))
        #expect(try await mirror.notes(ref, on: commits) == [commits[0]: "deep\n", commits[1]: "deep\n"])
        try await mirror.publish([commits[0]: "ours\n"], to: ref)
        let names = try source.git("ls-tree", "-r", "--name-only", ref.description).split(separator: "\n").map(
            String.init)
        let first = commits[0].text
        let second = commits[1].text
        #expect(
            Set(names) == [
                "README", "\(first.prefix(2))/\(first.dropFirst(2))",
                "\(second.prefix(2))/\(second.dropFirst(2).prefix(2))/\(second.dropFirst(4))",
            ],
        )
        #expect(try source.note(on: commits[0], ref: ref.description) == "deep\nours\n")
    }

    /// libgit2 writes to a repository of this machine as to our mirror: only the path tells which of them is at fault.
    @Test func `a repository on this machine that takes no notes is not told as our disk`() async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        let commit = try commits(1, in: source)[0]
        let inTheWay = source.path + "/refs/notes"
        try? FileManager.default.removeItem(atPath: inTheWay)
        try "x".write(toFile: inTheWay, atomically: true, encoding: .utf8)
        let mirror = bench.mirror(try .local(source))
        let failure = await #expect(throws: Failure.self) { try await mirror.publish([commit: "ours\n"], to: ref) }
        #expect(failure?.code == .accessDenied, "\(String(describing: failure))")
        #expect(failure?.description.contains("data folder") == false, "\(String(describing: failure))")
    }

    // MARK: Races

    @Test func `a writer who came before the push connected is merged with`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let commits = try commits(2, in: server.repository)
            try server.repository.writeNote("first", on: commits[0], ref: ref.description)
            let hasWritten = Mutex(false)
            let ref = ref
            let mirror = bench.mirror(
                try .http(server),
                merge: { existing, ours in
                    // Merging lies between fetch and push: the other writer comes just now.
                    let isFirst = hasWritten.withLock { written in
                        defer { written = true }
                        return !written
                    }
                    if isFirst { try? server.repository.writeNote("second", on: commits[1], ref: ref.description) }
                    return GitConformance.merge(existing, ours)
                })
            try await mirror.publish([commits[0]: "ours\n"], to: ref)
            #expect(bench.clock.sleeps == [.milliseconds(150)])
            #expect(try server.repository.note(on: commits[0], ref: ref.description) == "first\nours\n")
            #expect(try server.repository.note(on: commits[1], ref: ref.description) == "second\n")
        }
    }

    /// Installs a hook that the server runs before it takes a pushed ref.
    private func installHook(_ script: String, in repository: GitTestRepository) throws {
        let path = repository.path + "/hooks/update"
        try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    @Test func `a writer who came while the server took the push is merged with`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let commits = try commits(2, in: server.repository)
            try server.repository.writeNote("first", on: commits[0], ref: ref.description)
            try installHook(
                """
                if [ ! -e raced ]; then
                    touch raced
                    git -c user.name=x -c user.email=x@x notes --ref \(ref) add -m second \(commits[1])
                fi
                """, in: server.repository)
            try await bench.mirror(.http(server)).publish([commits[0]: "ours\n"], to: ref)
            #expect(bench.clock.sleeps.count == 1)
            #expect(try server.repository.note(on: commits[0], ref: ref.description) == "first\nours\n")
            #expect(try server.repository.note(on: commits[1], ref: ref.description) == "second\n")
        }
    }

    @Test func `who loses every race gives up with a conflict, each wait longer than the one before`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let commits = try commits(1, in: server.repository)
            try installHook(
                """
                git -c user.name=x -c user.email=x@x notes --ref \(ref) add -f -m "$(date +%N)" \(commits[0])
                """, in: server.repository)
            let mirror = bench.mirror(try .http(server))
            let failure = try #require(
                await failure { () throws(Failure) in try await mirror.publish([commits[0]: "ours\n"], to: ref) },
            )
            #expect(failure.code == .conflict)
            #expect(failure.disposition == .retry(after: nil))
            #expect(bench.clock.sleeps == [150, 300, 600, 1200, 2400, 3750, 3750].map { .milliseconds($0) })
        }
    }

    @Test func `a hook that declines is told at once, with the server's word`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let commits = try commits(1, in: server.repository)
            try installHook("exit 1", in: server.repository)
            let mirror = bench.mirror(try .http(server))
            let failure = try #require(
                await failure { () throws(Failure) in try await mirror.publish([commits[0]: "ours\n"], to: ref) },
            )
            #expect(failure.code == .accessDenied)
            #expect(failure.disposition == .stalled)
            #expect(failure.cause == "The server refused: hook declined.")
            #expect(bench.clock.sleeps.isEmpty)
        }
    }

    @Test func `two writers at once lose nothing`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let commits = try commits(12, in: server.repository)
            let remote = try GitRemoteSettings.http(server)
            let ref = ref
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in ["one", "two"] {
                    let mirror = bench.mirror(remote, name: writer)
                    group.addTask {
                        for commit in commits {
                            // Losing every race is allowed; losing a note is not.
                            var lost: Failure?
                            repeat {
                                lost = await failure { () throws(Failure) in
                                    try await mirror.publish([commit: writer + "\n"], to: ref)
                                }
                            } while lost?.code == .conflict
                            #expect(lost == nil)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let read = try await bench.mirror(remote, name: "reader").notes(ref, on: commits)
            #expect(read.count == 12)
            for text in read.values { #expect(Set(text.split(separator: "\n")) == ["one", "two"]) }
        }
    }

    // MARK: Where and with what

    @Test func `notes may have a credential of their own`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let commits = try commits(1, in: server.repository)
            var source = try GitRemoteSettings.http(server)
            source.address = try GitAddress(server.repositoryPath)
            source.credential = .none
            let mirror = bench.mirror(source, notes: try .http(server))
            #expect(try await mirror.fetch(branch: main).head == commits[0])
            try await mirror.publish([commits[0]: "ours\n"], to: ref)
            #expect(try server.repository.note(on: commits[0], ref: ref.description) == "ours\n")
            let wrong = bench.mirror(source, notes: try .http(server, token: "wrong"), name: "wrong")
            let failure = await failure { () throws(Failure) in try await wrong.publish([commits[0]: "x\n"], to: ref) }
            #expect(failure?.code == .unauthenticated)
        }
    }

    @Test func `a ref in the way is told`() async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        let commits = try commits(1, in: source)
        try source.writeNote("old", on: commits[0], ref: "refs/notes/mooring")
        let mirror = bench.mirror(try .local(source))
        let failure = await failure { () throws(Failure) in try await mirror.publish([commits[0]: "x\n"], to: ref) }
        #expect(failure?.code == .accessDenied)
        #expect(failure?.cause.contains("'refs/notes/mooring'") == true)
    }

    @Test func `notes that the server lost are published again from nothing`() async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        let commits = try commits(1, in: source)
        let mirror = bench.mirror(try .local(source))
        try await mirror.publish([commits[0]: "one\n"], to: ref)
        try source.git("update-ref", "-d", ref.description)
        #expect(try await mirror.notes(ref, on: commits).isEmpty)
        try await mirror.publish([commits[0]: "one\n"], to: ref)
        #expect(try source.note(on: commits[0], ref: ref.description) == "one\n")
    }
}
