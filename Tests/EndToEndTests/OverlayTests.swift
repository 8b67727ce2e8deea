import Foundation
import MooringShapes
import MooringTestSupport
import Testing

/// Two services that build upon one base, and take a subnet from a parameter.
@Suite struct OverlayTests {
    private static func files(image: String) -> [String: String] {
        var files = [
            "base/task.yaml": """
            networkMode: awsvpc
            requiresCompatibilities: [FARGATE]
            cpu: 256
            memory: 512
            containerDefinitions:
              - {name: app, image: "acme/app:\(image)", essential: true}

            """,
            "base/service.yaml": """
            cluster: my-cluster
            desiredCount: 1
            launchType: FARGATE
            networkConfiguration:
              awsvpcConfiguration: {subnets: ["${subnet_a}"], securityGroups: [sg-0f1e2d3c4b5a69788]}

            """,
            "production/mooring.yaml": "variables:\n  subnet_a: {fromParameter: /network/subnet-a}\n",
            "production/other.service.yaml":
                "mooring: {base: ../base/service.yaml}\nserviceName: other\ntaskDefinition: other\n",
        ]
        for name in ["api", "web"] {
            files["production/\(name).task.yaml"] = "mooring: {base: ../base/task.yaml}\nfamily: \(name)\n"
            files["production/\(name).service.yaml"] =
                "mooring: {base: ../base/service.yaml}\nserviceName: \(name)\ntaskDefinition: \(name)\n"
        }
        // It has its own image, and no base that changes.
        files["production/other.task.yaml"] = files["base/task.yaml"]?
            .replacingOccurrences(of: image, with: "fixed").appending("family: other\n")
        return files
    }

    @Test(.timeLimit(.minutes(4)))
    func `a new image in a base outside of the folder rolls out both services, and the note lists exactly these`()
        async throws
    {
        try await withScene { scene in
            try scene.ecs.putParameter("/network/subnet-a", "subnet-0a1b2c3d4e5f60718")
            try scene.merge(Self.files(image: "v1"), "Begin")
            let plan = try await scene.mooring.end("plan", "--ref", "main")
            #expect(plan.code == 2, "\(plan.transcript)")
            #expect(plan.output.contains("api") && plan.output.contains("other"), "\(plan.output)")
            try await scene.mooring.run { _ in
                let first = try scene.merge(["docs.md": "x"], "Docs")
                #expect(try await first.end().sync == "Synced")
                let second = try scene.merge(["base/task.yaml": Self.files(image: "v2")["base/task.yaml"]], "New image")
                let end = try await second.end()
                #expect(end.sync == "Synced", "\(end.note)")
                for revision in ["api:2", "web:2"] { #expect(end.note.contains(revision), "\(end.note)") }
                #expect(!end.note.contains("other"), "\(end.note)")
            }
            let answer = try scene.ecs.call(
                "DescribeServices", ["cluster": "my-cluster", "services": ["api", "other", "web"]])
            let services = try #require(answer["services"]?.elements)
            let revisions = services.compactMap { $0["taskDefinition"]?.text?.components(separatedBy: "/").last }
            #expect(revisions.sorted() == ["api:2", "other:1", "web:2"])
            for service in services {
                let subnets = service["networkConfiguration"]?["awsvpcConfiguration"]?["subnets"]
                #expect(subnets == ["subnet-0a1b2c3d4e5f60718"])
            }
            let after = try await scene.mooring.end("plan", "--ref", "main")
            #expect(after.code == 0, "\(after.transcript)")
        }
    }
}
