import Foundation
import MooringNames
import MooringTestSupport
import Testing

/// A new image, committed by CI with the built binary.
@Suite struct `mooring set-image` {
    private static let digest = "sha256:" + String(repeating: "8f4c", count: 16)

    @Test(.timeLimit(.minutes(4))) func `commits the one value, which is then deployed`() async throws {
        try await withScene { scene in
            var files = try Binary.quickstart()
            files["production/task-definition.json"] = nil
            // Written by a person, with comments and an order of their own.
            files["production/task-definition.yaml"] = """
                # what the web team runs
                family: my-app
                containerDefinitions:
                  - name: my-app-container
                    image: "my-app:v1.0"   # set by CI
                    memory: 128

                    essential: true

                """
            files["production/service.yaml"] = """
                serviceName: my-app-service
                taskDefinition: task-definition.yaml
                desiredCount: 2
                launchType: EC2

                """
            let first = try scene.merge(files, "Begin")
            let image = "registry.example.com/my-app@\(Self.digest)"
            let set = try await scene.mooring.end(
                "set-image", "my-app-service", "my-app-container", image, "--author", "Ada Løvelace <ada@example.com>")
            #expect(set.code == 0, "\(set.transcript)")
            #expect(set.output.contains("my-app:v1.0 -> \(image)") && set.output.contains("task-definition.yaml:5:"))
            let git = scene.git.repository
            let diff = try git.git("diff", "--unified=0", "\(first.id)", "main")
            let changed = diff.split(separator: "\n").filter { $0.hasPrefix("+  ") || $0.hasPrefix("-  ") }
            #expect(
                changed
                    == ["-    image: \"my-app:v1.0\"   # set by CI", "+    image: \"\(image)\"   # set by CI"].map {
                        Substring($0)
                    }, "\(diff)")
            let message = try git.git("log", "-1", "--format=%B", "main")
            #expect(message.hasPrefix("Set the image of my-app-service/my-app-container") && message.contains(image))
            let people = try git.git("log", "-1", "--format=%an <%ae> %cn <%ce>", "main")
            #expect(people == "Ada Løvelace <ada@example.com> Ada Løvelace <ada@example.com>")
            let again = try await scene.mooring.end("set-image", "my-app-service", "my-app-container", image)
            #expect(again.code == 0 && again.output.contains("says so already"), "\(again.transcript)")
            #expect(try git.git("rev-list", "--count", "main") == "2")
            try await scene.mooring.run { _ in
                let commit = Commit(id: try CommitID(try git.git("rev-parse", "main")), scene: scene)
                #expect(try await commit.end().sync == "Synced")
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func `says what is wrong, and commits nothing`() async throws {
        try await withScene { scene in
            let first = try scene.mergeQuickstart()
            let image = "registry.example.com/my-app@\(Self.digest)"
            let nobody = try await scene.mooring.end(
                "set-image", "my-app-service", "my-app-container", image, "--author", "Ada")
            var unnamed = scene.mooring
            unnamed.variables.merge(["GIT_AUTHOR_NAME": "<Ada>", "GIT_AUTHOR_EMAIL": "ada@example.com"]) { _, new in new
            }
            let named = try await unnamed.end("set-image", "my-app-service", "my-app-container", image)
            #expect(named.code == 64 && named.transcript.contains("GIT_AUTHOR_NAME"), "\(named.transcript)")
            #expect(nobody.code == 64 && nobody.transcript.contains("nobody git could name"), "\(nobody.transcript)")
            for (arguments, code, words) in [
                (["my-app-service", "my-app-container", "my-app:v2"], 64, "has no digest"),
                (["my-app-service", "my-app-container", "not an image"], 64, "is no image"),
                (["nothing", "my-app-container", image], 1, "my-app-service"),
                (["my-app-service", "nothing", image], 1, "my-app-container"),
            ] as [([String], Int32, String)] {
                let ended = try await scene.mooring.end("set-image", arguments[0], arguments[1], arguments[2])
                #expect(ended.code == code && ended.transcript.contains(words), "\(arguments): \(ended.transcript)")
            }
            let tag = try await scene.mooring.end(
                "set-image", "my-app-service", "my-app-container", "my-app:v2", "--allow-tag")
            #expect(tag.code == 0, "\(tag.transcript)")
            #expect(try scene.git.repository.git("rev-list", "--count", "\(first.id)..main") == "1")
        }
    }
}
