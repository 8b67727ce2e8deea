import Foundation
import Glibc
import MooringController
import MooringNames
import MooringShapes
import MooringTestSupport
import Testing

@Suite struct `Commands` {
    private static let target = ["--account", "123456789012", "--region", "us-east-1", "--cluster", "main"]

    /// A repository with one environment, and a folder for what Mooring keeps.
    private struct World {
        let folder: TemporaryFolder
        let repository: GitTestRepository
        let commit: CommitID

        init(_ files: [String: String] = Tool.manifests) throws {
            folder = try TemporaryFolder()
            let path = folder.path + "/repository.git"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            repository = try GitTestRepository(at: path)
            commit = try repository.commit(files.mapValues { $0 }, to: try BranchName("main"), message: "Deploy")
        }

        var arguments: [String] {
            [
                "--environment", "production", "--repository", repository.path, "--folder", "production", "--data",
                folder.path + "/data", "--poll-interval", "1s", "--rollout-interval", "500ms",
            ] + `Commands`.target
        }

        func note() throws -> String? { try repository.note(on: commit, ref: "refs/notes/mooring/production") }
    }

    @Test(.timeLimit(.minutes(3))) func `plan, sync and plan again`() async throws {
        let world = try World()
        let work = world.folder.path + "/checkout"
        try Tool.write(Tool.manifests, to: work)
        try await Tool.withLocalECS { aws in
            // A working folder needs neither a repository nor a name.
            let before = try await Tool.run(["plan", "production"] + Self.target, environment: aws, folder: work)
            #expect(before.code == 2, "\(before.all)")
            #expect(
                before.output.contains("+  main/web  create") && before.output.contains("1 service is to be created."))
            #expect(before.errors.contains("only observes"))

            let observed = try await Tool.run(["sync"] + world.arguments, environment: aws)
            #expect(observed.code == 3, "\(observed.all)")
            #expect(observed.output.contains("OutOfSync"))

            let synced = try await Tool.run(["sync", "--act"] + world.arguments, environment: aws)
            #expect(synced.code == 0, "\(synced.all)")
            #expect(synced.output.hasPrefix("production: \(world.commit.short) Synced: "))
            #expect(try #require(try world.note()).contains("\nsync: Synced\n"))

            let after = try await Tool.run(["plan", "--ref", "main"] + world.arguments, environment: aws)
            #expect(after.code == 0, "\(after.all)")
            #expect(after.output == "The service is as git says.\n")

            // The same folder by another name: nothing may be advised that takes the service from its controller.
            let stranger = try await Tool.run(["plan", "production"] + Self.target, environment: aws, folder: work)
            #expect(stranger.code == 2, "\(stranger.all)")
            for part in ["--settings", "--repository-id ", "it keeps the service"] {
                #expect(stranger.output.contains(part), "\(stranger.all)")
            }
            #expect(!stranger.output.contains("remove"), "\(stranger.all)")
            #expect(!stranger.errors.contains("only observes"), "\(stranger.all)")
            #expect(stranger.errors.contains("This plan was made for the environment 'production@"))

            var changed = Tool.manifests
            changed["production/web.task.json"] = Tool.manifests["production/web.task.json"]?
                .replacingOccurrences(of: "nginx:1.27", with: "nginx:1.28").replacingOccurrences(
                    of: "in-the-clear", with: "other-clear")
            try Tool.write(changed, to: work)
            let names = [
                "--environment", "production", "--repository", world.repository.path, "--folder", "production",
            ]
            let edited = try await Tool.run(
                ["plan", "production"] + names + Self.target, environment: aws, folder: work)
            #expect(edited.code == 2, "\(edited.all)")
            #expect(
                edited.output.contains(#"    containerDefinitions[web].image: "nginx:1.27" -> "nginx:1.28""#),
                "\(edited.output)")
            #expect(!edited.all.contains("-clear"), "\(edited.output)")
            let json = try await Tool.run(
                ["plan", "production", "--output", "json"] + names + Self.target, environment: aws, folder: work)
            let value = try JSONReader.value(of: json.output)
            #expect(value["hasDifference"] == true && value["acts"] == false && value["summary"]?["update"] == 1)
            #expect(!json.all.contains("-clear"))
        }
    }

    @Test(.timeLimit(.minutes(3))) func `plan in a working copy tells what was taken out of a manifest`() async throws {
        var files = Tool.manifests
        files["production/web.service.yaml"]? += "enableECSManagedTags: true\n"
        let world = try World(files)
        let work = world.folder.path + "/checkout"
        let names = ["--environment", "production", "--repository", world.repository.path, "--folder", "production"]
        let plan = ["plan", "production"] + names + Self.target
        try await Tool.withLocalECS { aws in
            let synced = try await Tool.run(["sync", "--act"] + world.arguments, environment: aws)
            #expect(synced.code == 0, "\(synced.all)")
            // Without a repository around the folder nobody can know, and the plan says so.
            try Tool.write(Tool.manifests, to: work)
            let blind = try await Tool.run(plan, environment: aws, folder: work)
            #expect(blind.code == 0, "\(blind.all)")
            #expect(blind.output.contains("note: The folder is not in a git repository."), "\(blind.output)")
            let clone = world.folder.path + "/clone"
            try GitProgram.run(["clone", "-q", world.repository.path, clone], in: world.folder.path)
            try Tool.write(Tool.manifests, to: clone)
            let seeing = try await Tool.run(plan, environment: aws, folder: clone)
            #expect(seeing.code == 2, "\(seeing.all)")
            #expect(
                seeing.output.contains("    enableECSManagedTags: true -> false  (removed from git)"),
                "\(seeing.output)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `plan of a folder without manifests is an error`() async throws {
        var files = Tool.manifests
        files["empty/readme.txt"] = "x"
        let world = try World(files)
        let work = world.folder.path + "/checkout"
        try Tool.write(files, to: work)
        try await Tool.withLocalECS { aws in
            let disk = try await Tool.run(["plan", "empty"] + Self.target, environment: aws, folder: work)
            #expect(disk.code == 1 && disk.output.isEmpty, "\(disk.all)")
            #expect(disk.errors == "There is no *.json, *.yaml or *.yml below empty.\n")
            for folder in ["empty", "absent"] {
                let commit = try await Tool.run(
                    ["plan", "--ref", "main"] + world.arguments + ["--folder", folder], environment: aws)
                #expect(commit.code == 1 && commit.output.isEmpty, "\(commit.all)")
                #expect(commit.errors.contains(folder), "\(commit.all)")
            }
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "run", "sync", "plan", "retry", "approve", "abort", "validate", "render", "import", "schema", "simulate",
        ])
    func `no example in a help text is broken where it is wrapped`(_ command: String) async throws {
        let help = try await Tool.run(["help", command])
        #expect(help.code == 0)
        let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = try #require(lines.firstIndex { $0.hasSuffix("Examples:") })
        let examples = lines[(start + 1)...].prefix { !$0.isEmpty }
        #expect(!examples.isEmpty)
        for (before, line) in zip([""] + examples, examples) where !before.hasSuffix("\\") {
            let words = line.split(separator: " ")
            let begins = words.first == "#" || words.first == "mooring" || words.first?.contains("=") == true
            #expect(begins, "\(line)")
            #expect(words.first == "#" || line.hasPrefix("  "), "\(line)")
        }
        #expect(examples.allSatisfy { $0.count < 80 }, "\(help.output)")
    }

    @Test(.timeLimit(.minutes(2))) func `sync says that a rollout failed, with the reason`() async throws {
        var files = Tool.manifests
        files["production/web.task.json"] = files["production/web.task.json"]?
            .replacingOccurrences(of: "nginx:1.27", with: "nginx:bad")
        files["production/web.service.yaml"]? +=
            "deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}\n"
        let world = try World(files)
        try await Tool.withLocalECS { aws in
            let ended = try await Tool.run(
                ["sync", "--act"] + world.arguments, environment: aws, within: .seconds(100))
            #expect(ended.code == 1, "\(ended.all)")
            #expect(ended.output.contains("web failed: Image nginx:bad cannot be pulled"), "\(ended.output)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `sync without waiting leaves a note and a rollout under way`() async throws {
        let world = try World()
        try await Tool.withLocalECS(["--speed", "1"]) { aws in
            let ended = try await Tool.run(["sync", "--no-wait", "--act"] + world.arguments, environment: aws)
            #expect(ended.code == 0, "\(ended.all)")
            #expect(ended.output.contains("Progressing"), "\(ended.output)")
            #expect(try world.note()?.contains("sync: Progressing") == true)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `sync ends where a person must act`() async throws {
        let world = try World()
        try await Tool.withLocalECS { aws in
            let branch = try await Tool.run(["sync", "--branch", "gone"] + world.arguments, environment: aws)
            #expect(branch.code == 1 && branch.output.contains("no branch 'gone'"), "\(branch.all)")
            let account = try await Tool.run(
                ["sync", "--act"] + world.arguments + ["--account", "999999999999"], environment: aws)
            #expect(account.code == 3 && account.all.contains("999999999999"), "\(account.all)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `sync names in its last line what kept it from a commit`() async throws {
        let folder = try TemporaryFolder()
        let ended = try await Tool.run(
            [
                "sync", "--environment", "production", "--repository", folder.path + "/absent.git", "--data",
                folder.path + "/data",
            ] + Self.target)
        #expect(ended.code == 1)
        #expect(ended.output.hasPrefix("production: "), "\(ended.all)")
        #expect(ended.output.contains("Cannot ask for the refs of "), "\(ended.all)")
        #expect(ended.output.contains(": There is no such folder. Check the repository's path."), "\(ended.all)")
        // Where the time was over, too.
        let late = try await Tool.run(
            [
                "sync", "--environment", "production", "--repository", "http://127.0.0.1:1/x.git", "--timeout", "300ms",
                "--data", folder.path + "/data",
            ] + Self.target)
        #expect(late.code == 1)
        for part in [
            "not settled within", "Cannot ask for the refs of http://127.0.0.1:1/x.git", "Check the repository's",
        ] {
            #expect(late.output.contains(part), "\(late.all)")
        }
    }

    /// The note of an earlier sync says that all is well, which says nothing of today.
    @Test(.timeLimit(.minutes(2))) func `sync that may not look fails, whatever the note says`() async throws {
        let world = try World()
        try await Tool.withLocalECS { aws in
            let ended = try await Tool.run(["sync", "--act"] + world.arguments, environment: aws)
            #expect(ended.code == 0, "\(ended.all)")
        }
        func refusing(_ operation: String) throws -> [String] {
            let path = world.folder.path + "/\(operation).yaml"
            try "faults: [{operation: \(operation), fault: accessDenied}]\n".write(
                toFile: path, atomically: true, encoding: .utf8)
            return ["--scenario", path]
        }
        try await Tool.withLocalECS(try refusing("GetCallerIdentity")) { aws in
            let ended = try await Tool.run(["sync", "--act"] + world.arguments, environment: aws)
            #expect(ended.code == 1 && !ended.output.contains("Synced"), "\(ended.all)")
            #expect(ended.output.contains("Allow sts:GetCallerIdentity"), "\(ended.all)")
        }
        try await Tool.withLocalECS(try refusing("DescribeServices")) { aws in
            let ended = try await Tool.run(["sync", "--act"] + world.arguments, environment: aws)
            #expect(ended.code == 1 && ended.output.contains(" Failed: web failed: "), "\(ended.all)")
            #expect(ended.errors.contains("Allow ecs:DescribeServices"), "\(ended.all)")
            let note = try #require(try world.note())
            #expect(note.contains("\nsync: Failed\n") && note.contains("Allow ecs:DescribeServices"), "\(note)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `sync that is stopped before the end fails`() async throws {
        let world = try World()
        // At this speed the rollout takes a minute.
        try await Tool.withLocalECS(["--speed", "1"]) { aws in
            let process = try await RunningProcess.start(
                [Tool.path, "sync", "--act"] + world.arguments, environment: aws)
            do {
                try await process.line(containing: "Done: create main/web")
                process.send(SIGTERM)
                #expect(try await process.ending(within: .seconds(30)) == .exited(1))
                #expect(process.output.contains("Progressing"), "\(process.transcript)")
            } catch {
                await process.kill()
                throw error
            }
        }
    }

    @Test(arguments: ["run", "sync"]) func `do not start without a data folder`(command: String) async throws {
        let folder = try TemporaryFolder()
        try "x".write(toFile: folder.path + "/file", atomically: true, encoding: .utf8)
        for path in ["/file", "/file/below"] {
            let ended = try await Tool.run(
                [
                    command, "--environment", "production", "--repository", folder.path, "--data", folder.path + path,
                ] + Self.target)
            #expect(ended.code == 1)
            #expect(ended.errors.contains("Cannot use the data folder '"), "\(ended.all)")
            #expect(ended.errors.contains("Not a directory.") && ended.errors.contains("--data"), "\(ended.all)")
        }
    }

    @Test func `say everything that is wrong with their settings`() async throws {
        let ended = try await Tool.run([
            "run", "--environment", "a b", "--act", "--region", "EU", "--poll-interval", "5",
        ])
        #expect(ended.code == 1)
        for part in [
            "--environment: ", "--region: ", "--poll-interval: ", "'repository' is missing", "'account' is missing",
        ] {
            #expect(ended.errors.contains(part), "\(ended.errors)")
        }
    }

    @Test func `have help that names their exit codes`() async throws {
        for command in [
            "run", "sync", "plan", "retry", "approve", "abort", "validate", "import", "schema", "simulate",
        ] {
            let help = try await Tool.run(["help", command])
            #expect(help.code == 0 && help.output.contains("Exit codes:") && help.output.contains("mooring \(command)"))
        }
        #expect(try await Tool.run(["--version"]).output == "0.1.0\n")
        #expect(try await Tool.run(["sync", "--nonsense"]).code == 64)
        #expect(try await Tool.run(["plan", "x", "--ref", "y"] + Self.target).code == 64)
        let both = try await Tool.run(["retry", "web", "--all-rejected"])
        #expect(both.code == 64 && both.errors.contains("not both"), "\(both.errors)")
        #expect(try await Tool.run(["--generate-completion-script", "bash"]).output.contains("_mooring"))
    }

    @Test func `call each setting's flag and variable what messages call them`() async throws {
        let help = try await Tool.run(["help", "run"]).output
        for key in EnvironmentKey.allCases where key.hasFlag {
            #expect(help.contains(key.flag + " ") || help.contains(key.flag + "/"), "\(key.flag)")
            #expect(help.contains("[\(key.variable)]"), "\(key.variable)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `simulate says when its port is taken`() async throws {
        try await Tool.withLocalECS { aws in
            let port = try #require(aws["AWS_ENDPOINT_URL"]?.split(separator: ":").last)
            let ended = try await Tool.run(["simulate", "--port", String(port)])
            #expect(ended.code == 1 && ended.errors.contains("Cannot listen on 127.0.0.1:\(port)"), "\(ended.all)")
            for part in ["address already in use", "Another program listens there", "--port"] {
                #expect(ended.errors.contains(part), "\(ended.all)")
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `simulate takes a scenario`() async throws {
        let folder = try TemporaryFolder()
        try Tool.write(["good.yaml": "timing: {preset: brisk}\n", "bad.yaml": "timming: {}\n"], to: folder.path)
        try await Tool.withLocalECS(["--scenario", folder.path + "/good.yaml"]) { _ in }
        let absent = try await Tool.run(["simulate", "--port", "0", "--scenario", folder.path + "/absent.yaml"])
        #expect(absent.code == 1 && absent.errors.contains(".yaml: No such file"), "\(absent.all)")
        let bad = try await Tool.run(["simulate", "--port", "0", "--scenario", folder.path + "/bad.yaml"])
        #expect(bad.code == 1 && bad.errors.contains("timming"))
    }
}

@Suite struct `mooring run` {
    private static let token = "zq-secret-token-of-the-test"

    private func command(_ repository: String, _ folder: TemporaryFolder, _ more: [String] = []) -> [String] {
        [
            Tool.path, "run", "--environment", "production", "--repository", repository, "--account", "123456789012",
            "--region", "us-east-1", "--cluster", "main", "--data", folder.path + "/data", "--poll-interval", "200ms",
            "--log-level", "debug",
        ] + more
    }

    @Test(.timeLimit(.minutes(1)), arguments: [SIGTERM, SIGINT])
    func `ends at a signal although its git server never answers`(signal: Int32) async throws {
        let folder = try TemporaryFolder()
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.holdUntilClosed()
        }) { server in
            let process = try await RunningProcess.start(command(server.url + "/a.git", folder))
            try await process.line(containing: "Watching")
            process.send(signal)
            #expect(try await process.ending(within: .seconds(20)) == .exited(0))
            #expect(process.transcript.contains("Stopping"))
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["text", "json"])
    func `shows no secret, whatever the server says`(format: String) async throws {
        let folder = try TemporaryFolder()
        try await withLoopbackServer({ connection in
            while let request = connection.readRequest() {
                // A server that repeats what it was given, as some proxies do on their error pages.
                let given = request.header("authorization") ?? "nothing"
                connection.respond(
                    "403 Forbidden", headers: ["Content-Type: text/plain"], body: "no entry for \(Self.token) \(given)")
            }
        }) { server in
            let process = try await RunningProcess.start(
                command(server.url + "/a.git", folder, ["--log-format", format]),
                environment: [
                    "MOORING_GIT_TOKEN": Self.token, "MOORING_HOST_TOKEN": "ghp_0123456789abcdefghij0123456789abcdef",
                    "MOORING_HOST_REPOSITORY": "a/b", "MOORING_HOST_KIND": "github",
                ])
            try await process.line(containing: "What runs stays as it is")
            await process.stop()
            #expect(!process.transcript.contains(Self.token) && !process.transcript.contains("ghp_"))
            let encoded = Data("x-access-token:\(Self.token)".utf8).base64EncodedString()
            #expect(!process.transcript.contains(encoded))
            if format == "json" {
                for line in process.lines { #expect(throws: Never.self) { try JSONReader.value(of: line.text) } }
            }
        }
    }
}
