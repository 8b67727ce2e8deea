import Foundation
import MooringShapes
import MooringTestSupport
import Testing

/// The files in `deploy/`: true to what the code does.
@Suite struct `Deployment files` {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// `ecs:UpdateService`, for every call that stands in the sources of the product.
    private static func calls() throws -> Set<String> {
        var calls: Set<String> = []
        for module in ["Reconciliation", "Planning", "AWS", "Controller", "CommandLineTool"] {
            let folder = root.appendingPathComponent("Sources/" + module)
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            while let file = files?.nextObject() as? URL {
                // An import is run by a person, with what that person may do.
                guard file.pathExtension == "swift", file.lastPathComponent != "ImportCommand.swift" else { continue }
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(of: /APICall\(\s*\.(\w+),\s*"([A-Z]\w+)"/) {
                    calls.insert("\(prefixes[String(match.1)] ?? String(match.1)):\(match.2)")
                }
                // The words of a person to a service are calls of ECS, made in one place.
                for match in text.matches(of: /[ \[]call\("([A-Z]\w+)"/) { calls.insert("ecs:\(match.1)") }
            }
        }
        // Which write of Application Auto Scaling is made is a value's to say.
        let writes = try Self.text("Sources/Model/ScalingWrite.swift")
        for match in writes.matches(of: /: "([A-Z]\w+)"\n/) { calls.insert("application-autoscaling:\(match.1)") }
        return calls
    }

    /// What IAM calls a service where our own name for it is another.
    private static let prefixes = [
        "applicationAutoscaling": "application-autoscaling", "elasticLoadBalancing": "elasticloadbalancing",
        "secretsManager": "secretsmanager",
    ]

    /// What Application Auto Scaling does with the caller's permissions when a policy tracks a target. Source: its user guide,
    /// "Permissions for target tracking and step scaling policies".
    private static let calledByScaling = [
        "cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms",
    ]

    @Test func `allow exactly the calls that the code makes`() throws {
        let policy = try JSONReader.value(of: try Self.text("deploy/iam-policy.json"))
        let statements = try #require(policy["Statement"]?.elements)
        let actions = statements.flatMap { $0["Action"]?.elements ?? [$0["Action"]].compactMap { $0 } }.compactMap(
            \.text)
        let calls = try Self.calls()
        // The guard of this test: what it looks for in the sources is there.
        #expect(calls.isSuperset(of: ["ecs:UpdateService", "ecs:DescribeServices", "sts:GetCallerIdentity"]))
        // Nobody needs a permission to ask who they are; a role is assumed where the settings name one.
        let needed = calls.filter { !$0.hasPrefix("sts:") }.union(["iam:PassRole"] + Self.calledByScaling)
        #expect(Set(actions).symmetricDifference(needed) == [])
        #expect(actions.count == Set(actions).count)
    }

    @Test func `are manifests that Mooring itself would take`() async throws {
        let root = Self.root.path
        for file in ["mooring.service.json", "mooring.task-definition.json"] {
            let ended = try await Tool.run(["validate", "deploy/\(file)", "--strict"], folder: root)
            #expect(ended.code == 0, "\(ended.all)")
        }
    }

    @Test func `name settings that exist, and stop before they start`() throws {
        let definition = try JSONReader.value(of: try Self.text("deploy/mooring.task-definition.json"))
        let container = try #require(definition["containerDefinitions"]?[0])
        let named = ((container["environment"]?.elements ?? []) + (container["secrets"]?.elements ?? []))
            .compactMap { $0["name"]?.text }
        #expect(named.count >= 9)
        let sources = try Self.text("Sources/CommandLineTool/SettingsOptions.swift")
        for name in named where name != "MOORING_HOST_TOKEN" { #expect(sources.contains(name), "\(name)") }
        #expect(container["readonlyRootFilesystem"] == true)
        #expect(try #require(container["stopTimeout"]?.integer) > 20)
        let service = try JSONReader.value(of: try Self.text("deploy/mooring.service.json"))
        #expect(service["deploymentConfiguration"]?["maximumPercent"] == 100)
        #expect(service["deploymentConfiguration"]?["minimumHealthyPercent"] == 0)
        #expect(service["deploymentConfiguration"]?["deploymentCircuitBreaker"]?["enable"] == true)
    }

    @Test func `install the libraries that the program is linked to`() async throws {
        let image = try Self.text("deploy/Dockerfile")
        let linked = try runProgram(["ldd", Tool.path]).text
        for (library, package) in [
            ("libgit2.so", "libgit2-1.5"), ("libcurl.so", "libcurl4"), ("libcrypto.so", "libssl3"),
        ] {
            #expect(linked.contains(library) && image.contains(package))
        }
        #expect(image.contains("USER mooring"))
    }
}
