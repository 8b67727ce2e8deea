import Foundation
import MooringShapes
import MooringTestSupport
import Testing

@Suite struct `mooring validate` {
    private func withFolder(
        _ files: [String: String], _ body: (String) async throws -> Void,
    ) async throws {
        let folder = try TemporaryFolder()
        try Tool.write(files, to: folder.path)
        try await body(folder.path)
    }

    /// Manifests that no advice can better.
    private static let careful = [
        "production/web.task.json": """
        {
          "family": "web",
          "containerDefinitions": [
            {"name": "web", "image": "nginx:1.27", "memory": 128, "logConfiguration": {"logDriver": "json-file"}}
          ]
        }

        """,
        "production/web.service.yaml": """
        serviceName: web
        taskDefinition: web.task.json
        desiredCount: 1
        deploymentConfiguration:
          deploymentCircuitBreaker: {enable: true, rollback: true}

        """,
    ]

    @Test func `warns of secrets without showing them, and of what hurts later`() async throws {
        try await withFolder(Tool.manifests) { folder in
            let ended = try await Tool.run(["validate", "production"], folder: folder)
            #expect(ended.code == 0, "\(ended.all)")
            for rule in ["secret-in-environment", "no-log-configuration", "no-circuit-breaker"] {
                #expect(ended.output.contains("[\(rule)]"), "\(ended.output)")
            }
            #expect(ended.output.contains("DB_PASSWORD") && !ended.output.contains("in-the-clear"))
        }
    }

    @Test func `is content with good manifests`() async throws {
        try await withFolder(Self.careful) { folder in
            let ended = try await Tool.run(["validate", "production", "--strict"], folder: folder)
            #expect(ended.code == 0, "\(ended.all)")
            #expect(ended.output == "1 service, 1 task definition: nothing to remark.\n")
            #expect(ended.errors.isEmpty)
        }
    }

    @Test func `names file, line and column from the repository's root`() async throws {
        var files = Tool.manifests
        files["production/web.service.yaml"] =
            "serviceName: web\ncluster: main\ntaskDefinition: gone.json\ndesiredCont: 1\n"
        try await withFolder(files) { folder in
            try FileManager.default.createDirectory(atPath: folder + "/.git", withIntermediateDirectories: true)
            let text = try await Tool.run(["validate", "."], folder: folder + "/production")
            #expect(text.code == 1)
            #expect(text.output.contains("production/web.service.yaml:3:17: error: "), "\(text.output)")
            #expect(text.output.contains("production/web.service.yaml:4:1: warning: "), "\(text.output)")
            let json = try await Tool.run(["validate", "production", "--output", "json"], folder: folder)
            #expect(json.code == 1)
            let rows = try #require(try JSONReader.value(of: json.output).elements)
            #expect(rows.contains { $0["severity"] == "error" && $0["line"] == 3 && $0["column"] == 17 })
            for row in rows {
                for member in ["file", "line", "column", "severity", "rule", "message"] { #expect(row[member] != nil) }
            }
        }
    }

    @Test func `takes warnings for errors when it is strict`() async throws {
        var files = Self.careful
        files["production/web.service.yaml"]? += "someNewMember: true\n"
        try await withFolder(files) { folder in
            let lenient = try await Tool.run(["validate", "production"], folder: folder)
            #expect(lenient.code == 0 && lenient.output.contains("warning"), "\(lenient.output)")
            #expect(try await Tool.run(["validate", "production", "--strict"], folder: folder).code == 1)
        }
    }

    @Test func `of a file, counts what the file has a part in`() async throws {
        var files = Tool.manifests
        files["production/other.yaml"] = "serviceName: other\ntaskDefinition: other:1\ndesiredCount: 1\n"
        try await withFolder(files) { folder in
            let ended = try await Tool.run(["validate", "production/other.yaml"], folder: folder)
            #expect(ended.output.contains("1 service, 0 task definitions:"), "\(ended.all)")
            let whole = try await Tool.run(["validate", "production"], folder: folder)
            #expect(whole.output.contains("2 services, 1 task definition:"), "\(whole.all)")
        }
    }

    @Test func `remarks on a task definition that no service uses, strict or not`() async throws {
        let files = [
            "production/idle.json": """
            {"family": "idle", "containerDefinitions": [
              {"name": "idle", "image": "nginx:1.27", "memory": 128, "logConfiguration": {"logDriver": "json-file"}}]}
            """,
            "production/web.yaml": """
            serviceName: web
            taskDefinition: web:7
            desiredCount: 2
            deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}
            """,
        ]
        try await withFolder(files) { folder in
            let ended = try await Tool.run(["validate", "production", "--strict"], folder: folder)
            #expect(ended.code == 0 && ended.output.contains("[unused-task-definition]"), "\(ended.all)")
        }
    }

    @Test func `speaks of one file when it is asked about one`() async throws {
        var files = Tool.manifests
        files["production/broken.json"] = "{"
        try await withFolder(files) { folder in
            #expect(try await Tool.run(["validate", "production"], folder: folder).code == 1)
            let one = try await Tool.run(["validate", "production/web.service.yaml"], folder: folder)
            #expect(one.code == 0, "\(one.all)")
            #expect(try await Tool.run(["validate", "production/broken.json"], folder: folder).code == 1)
            let several = try await Tool.run(
                ["validate", "production/web.service.yaml", "production/web.task.json", "--output", "json"],
                folder: folder)
            #expect(several.code == 0, "\(several.all)")
            let rows = try #require(try JSONReader.value(of: several.output).elements)
            #expect(Set(rows.compactMap { $0["file"]?.text }).count == 2, "\(several.output)")
            let both = try await Tool.run(["validate", "production", "production/web.task.json"], folder: folder)
            #expect(both.code == 1 && both.output.contains("broken.json"), "\(both.output)")
        }
    }

    @Test func `knows the environment of a file in a folder of its own`() async throws {
        let files = [
            "envs/production/mooring.yaml": "ignore: ['drafts/**']\n",
            "envs/production/tasks/web.json": try #require(Self.careful["production/web.task.json"]),
            "envs/production/services/web.yaml": try #require(Self.careful["production/web.service.yaml"]).replacing(
                "web.task.json", with: "../tasks/web.json"),
        ]
        try await withFolder(files) { folder in
            try FileManager.default.createDirectory(atPath: folder + "/.git", withIntermediateDirectories: true)
            let ended = try await Tool.run(["validate", "envs/production/services/web.yaml"], folder: folder)
            // The task definition is found in the environment, and is not what was asked about.
            #expect(ended.code == 0, "\(ended.all)")
            #expect(ended.output.contains("1 service, 0 task definitions: nothing"), "\(ended.output)")
        }
    }

    @Test func `follows no links`() async throws {
        try await withFolder(Tool.manifests) { folder in
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/production/link.json", withDestinationPath: "/etc/passwd")
            let ended = try await Tool.run(["validate", "production"], folder: folder)
            #expect(ended.code == 1 && ended.output.contains("production/link.json") && !ended.output.contains("root:"))
        }
    }

    @Test func `refuses a cluster that cannot be one`() async throws {
        try await withFolder(Tool.manifests) { folder in
            let ended = try await Tool.run(["validate", "production", "--cluster", "ma in"], folder: folder)
            #expect(ended.code == 64 && ended.errors.contains("--cluster") && ended.errors.contains("'ma in'"))
            #expect(try await Tool.run(["validate", "production", "--cluster", "main"], folder: folder).code == 0)
        }
    }

    @Test func `of several environments at once, says only to validate each`() async throws {
        let files = [
            "production/mooring.yaml": "pause: true\n", "staging/mooring.yaml": "pause: true\n",
            "staging/bad.yaml": "a: [", "production/web.yaml": "serviceName: web\n",
            "staging/web.yaml": "serviceName: web\n",
        ]
        try await withFolder(files) { folder in
            let ended = try await Tool.run(["validate", "."], folder: folder)
            #expect(ended.code == 1)
            #expect(
                ended.output.hasPrefix(
                    "production/mooring.yaml:1:1: error: The folder holds 2 environments, each with a mooring.yaml. "
                        + "Validate their folders: production staging"), "\(ended.output)")
            #expect(ended.output.contains(": 1 error."), "\(ended.output)")
        }
    }

    @Test func `says when nothing could be read`() async throws {
        try await withFolder(["empty/readme.txt": "x"]) { folder in
            let absent = try await Tool.run(["validate", "absent"], folder: folder)
            #expect(absent.code == 2 && absent.errors.hasPrefix("Cannot read absent: "))
            #expect(try await Tool.run(["validate", "empty"], folder: folder).code == 2)
        }
    }
}
