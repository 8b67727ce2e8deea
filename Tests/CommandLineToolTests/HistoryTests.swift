import Foundation
import MooringShapes
import MooringTestSupport
import Testing

/// Notes that `git notes` wrote, as any clone has them after a fetch.
@Suite struct `mooring history and mooring status` {
    private static func note(_ commit: String, _ environment: String, sync: String, service: String = "") -> String {
        """
        schema: 1
        environment: \(environment)@4f2a91
        commit: \(commit)
        sync: \(sync)
        health: \(sync == "Failed" ? "Degraded" : "Healthy")
        summary: "of \(sync)"
        started: 2026-11-24T02:53:17Z
        updated: 2026-11-24T02:55:40Z
        futureMember: kept
        \(service)
        """
    }

    private static let failedService = """
        services:
          main/web:
            sync: Failed
            health: Degraded
            oldRevision: web:12
            newRevision: web:13
            cause: "CannotPullContainerError: no such image"
            remedy: Push the image first.
            updated: 2026-11-24T02:55:40Z
        """

    /// A repository of three commits; of `production` the two older ones are noted, of `staging` the newest.
    private func withNotes(_ body: (String, [String]) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        func git(_ arguments: String...) throws -> String {
            let result = try runProgram(["git"] + arguments, in: folder.path)
            guard result.exitCode == 0 else { throw ProgramError(result.errors) }
            return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        _ = try git("init", "-q", "-b", "main", ".")
        var commits: [String] = []
        for number in 1...3 {
            _ = try git(
                "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-q", "--allow-empty", "-m",
                "Change \(number)")
            commits.append(try git("rev-parse", "HEAD"))
        }
        func add(_ environment: String, _ index: Int, _ sync: String, service: String = "") throws {
            let text = Self.note(commits[index], environment, sync: sync, service: service)
            _ = try git(
                "-c", "user.name=Mooring", "-c", "user.email=m@example.com", "notes", "--ref=mooring/\(environment)",
                "add", "-m", text, commits[index])
        }
        try add("production", 0, "Synced")
        try add("production", 1, "Failed", service: Self.failedService)
        try add("staging", 2, "OutOfSync")
        try await body(folder.path, commits)
    }

    @Test func `tell what became of each commit, newest first`() async throws {
        try await withNotes { folder, commits in
            let one = try await Tool.run(["history", "--environment", "production"], folder: folder)
            #expect(one.code == 0, "\(one.all)")
            let lines = one.output.split(separator: "\n")
            #expect(lines.count == 2 && lines[0].contains("Failed") && lines[1].contains("Synced"), "\(one.output)")
            #expect(lines[0].hasPrefix(commits[1].prefix(7)) && lines[0].contains("Change 2"), "\(one.output)")
            let all = try await Tool.run(["history", folder + "/.git/.."], folder: "/")
            #expect(all.output.split(separator: "\n").count == 3 && all.output.contains("staging"), "\(all.all)")
            #expect(
                try await Tool.run(["history", "--limit", "1"], folder: folder).output.contains("Change 1") == false)
        }
    }

    @Test func `print the notes as JSON, with members that this version does not know`() async throws {
        try await withNotes { folder, commits in
            let result = try await Tool.run(
                ["history", "--environment", "production", "--output", "json"], folder: folder)
            let list = try JSONReader.value(of: Array(result.output.utf8)).elements
            #expect(list?.first?["commit"]?.text == commits[1] && list?.first?["futureMember"]?.text == "kept")
            #expect(result.output.contains("\"schema\": 1,"), "\(result.output)")
        }
    }

    @Test func `say how the newest commit stands, with what to do, and end with its code`() async throws {
        try await withNotes { folder, _ in
            let failed = try await Tool.run(["status", "--environment", "production"], folder: folder)
            #expect(failed.code == 1)
            for part in [
                "production", "Change 2", "by Ada", "main/web  Failed  Degraded  web:12 -> web:13  CannotPullContainer",
                "do: Push the image first.",
            ] { #expect(failed.output.contains(part), "\(part) is not in \(failed.output)") }
            let withheld = try await Tool.run(["status", "--environment", "staging"], folder: folder)
            #expect(withheld.code == 3 && withheld.output.contains("OutOfSync"))
        }
    }

    @Test func `count what an earlier commit left failed, and no later one tells of`() async throws {
        try await withNotes { folder, commits in
            let note = Self.note(commits[2], "production", sync: "Synced")
            let git = try runProgram(
                [
                    "git", "-c", "user.name=Mooring", "-c", "user.email=m@example.com", "notes",
                    "--ref=mooring/production", "add", "-m", note, commits[2],
                ], in: folder)
            #expect(git.exitCode == 0)
            let result = try await Tool.run(["status", "--environment", "production"], folder: folder)
            #expect(result.code == 1, "\(result.all)")
            #expect(result.output.contains("since \(commits[1].prefix(7)): main/web  Failed"), "\(result.output)")
        }
    }

    @Test func `say how notes are fetched where there are none, and which environments there are`() async throws {
        try await withNotes { folder, _ in
            let unknown = try await Tool.run(["status", "--environment", "test"], folder: folder)
            #expect(unknown.code == 1 && unknown.errors.contains("it has 'production', 'staging'"), "\(unknown.all)")
            let copy = try TemporaryFolder()
            #expect(try runProgram(["git", "clone", "-q", folder, copy.path + "/clone"]).exitCode == 0)
            let none = try await Tool.run(["history"], folder: copy.path + "/clone")
            #expect(none.code == 1 && none.errors.contains("git fetch origin '+refs/notes/mooring/*"), "\(none.all)")
            let fetch = ["git", "fetch", "-q", "origin", "+refs/notes/mooring/*:refs/notes/mooring/*"]
            #expect(try runProgram(fetch, in: copy.path + "/clone").exitCode == 0)
            #expect(try await Tool.run(["history"], folder: copy.path + "/clone").code == 0)
        }
        let outside = try TemporaryFolder()
        let result = try await Tool.run(["status"], folder: outside.path)
        #expect(result.code == 1 && result.errors.contains("repository"), "\(result.all)")
    }
}
