import Foundation
import MooringManifests
import MooringModel
import MooringNames
import MooringPlanning
import MooringPresentation
import MooringShapes
import Testing

/// Where the corpus of real manifests and what AWS answered to others lie: named by variables, or beside the checkout.
enum Shared {
    static let corpus = folder("MOORING_CORPUS", "corpus")
    static let captures = folder("MOORING_CAPTURES", "captures")

    private static func folder(_ variable: String, _ name: String) -> URL? {
        let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment[variable].map { URL(fileURLWithPath: $0) }
        let beside = checkout.deletingLastPathComponent().appendingPathComponent("shared/\(name)")
        return [named, beside].compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0.path) }
    }

    /// Every JSON and YAML file of the folders, in the order of their paths.
    static func files(in root: URL?, _ folders: [String]) throws -> [ManifestInput] {
        guard let root else { return [] }
        return try folders.flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path).sorted()
                .filter { $0.hasSuffix(".json") || $0.hasSuffix(".yaml") }.map { name in
                    ManifestInput(
                        path: try TreePath("\(folder)/\(name)"),
                        bytes: Array(try Data(contentsOf: root.appendingPathComponent("\(folder)/\(name)"))))
                }
        }
    }
}

@Suite struct `What real manifests and answers become` {
    private static let corpusFolders = ["services", "task-definitions"]

    @Test(.enabled(if: Shared.corpus != nil, "skipped: no corpus"))
    func `written as YAML, every document of the corpus reads back as itself`() throws {
        var count = 0
        for file in try Shared.files(in: Shared.corpus, Self.corpusFolders) {
            let state = Manifests.desiredState(of: [file])
            let documents =
                state.taskDefinitions.map { ("RegisterTaskDefinitionRequest", $0.input) }
                + state.services.map { ("CreateServiceRequest", $0.input) }
            for (shape, input) in documents {
                for layout in [YAMLWriter.Layout.lines, .people] {
                    let text = YAMLWriter.text(of: input, layout: layout)
                    let stream = YAMLReader.stream(of: Array(text.utf8))
                    #expect(stream.error == nil, "\(file.path)")
                    let read = stream.documents.first.flatMap { ShapeTable.ecs.coerce($0, to: shape)?.value }
                    #expect(read == input, "\(file.path)\n\(text)")
                }
                count += 1
            }
        }
        print("Written and read back: \(count) documents of the corpus, in both layouts.")
        #expect(count > 50)
    }

    @Test(.enabled(if: Shared.corpus != nil, "skipped: no corpus"))
    func `a clean task definition has the digest of what it was made of`() throws {
        var count = 0
        for file in try Shared.files(in: Shared.corpus, ["task-definitions"]) {
            for desired in Manifests.desiredState(of: [file]).taskDefinitions {
                let arn = try TaskDefinitionARN(
                    "arn:aws:ecs:us-east-1:123456789012:task-definition/\(desired.family):1")
                let clean = ImportedManifest.taskDefinition(
                    ObservedTaskDefinition(arn: arn, described: desired.input, tags: []))
                let changes = TaskDefinitionDifference.changes(wanted: clean, live: desired.input)
                #expect(changes == [], "\(file.path)")
                count += 1
            }
        }
        print("Cleaned without a difference: \(count) task definitions of the corpus.")
        #expect(count > 40)
    }

    @Test(.enabled(if: Shared.captures != nil, "skipped: no captures"))
    func `what AWS described becomes a manifest that makes no difference`() throws {
        var count = 0
        for file in try Shared.files(in: Shared.captures, ["describe-task-definition", "register-task-definition"]) {
            guard let root = try? JSONReader.value(of: file.bytes) else { continue }
            let answer = root["data"] ?? root
            guard let described = answer["taskDefinition"],
                let arn = described["taskDefinitionArn"]?.text.flatMap({ try? TaskDefinitionARN($0) })
            else { continue }
            let clean = ImportedManifest.taskDefinition(
                ObservedTaskDefinition(arn: arn, described: described, tags: answer["tags"]?.elements ?? []))
            #expect(TaskDefinitionDifference.changes(wanted: clean, live: described) == [], "\(file.path)")
            #expect(clean["revision"] == nil && clean["status"] == nil && clean["compatibilities"] == nil)
            count += 1
        }
        for file in try Shared.files(in: Shared.captures, ["describe-services", "create-service", "update-service"]) {
            guard let root = try? JSONReader.value(of: file.bytes) else { continue }
            let answer = root["data"] ?? root
            for described in answer["services"]?.elements ?? [answer["service"]].compactMap({ $0 }) {
                guard let name = described["serviceName"]?.text.flatMap({ try? ServiceName($0) }) else { continue }
                let live = ObservedService(
                    key: ServiceKey(cluster: .standard, service: name), described: described)
                let clean = ImportedManifest.service(live, taskDefinition: "web", hasCount: true)
                let changes = ServiceDifference.changes(
                    wanted: clean, live: described, primary: live.primary?.described)
                let addressed: Set = ["cluster", "serviceName", "taskDefinition", "tags", "desiredCount"]
                #expect(changes.filter { !addressed.contains($0.topLevelMember) } == [], "\(file.path)")
                #expect(clean["deployments"] == nil && clean["events"] == nil && clean["serviceArn"] == nil)
                count += 1
            }
        }
        print("Made manifests of \(count) answers of AWS.")
        #expect(count > 40)
    }
}
