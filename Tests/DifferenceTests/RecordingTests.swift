import Foundation
import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

@testable import MooringPlanning

/// Every recording of what AWS answered, wherever a service or a task definition stands in it.
@Suite struct RecordingTests {
    /// What one file holds.
    private struct Found {
        var taskDefinitions: [Value] = []
        var services: [Value] = []

        init(in value: Value) { look(at: value) }

        private mutating func look(at value: Value) {
            switch value.node {
            case .scalar: return
            case .list(let elements): for element in elements { look(at: element) }
            case .map(let members):
                if value["taskDefinitionArn"] != nil, value["containerDefinitions"] != nil {
                    taskDefinitions.append(value)
                } else if value["serviceArn"] != nil, value["serviceName"] != nil, value["events"] != nil {
                    services.append(value)
                } else {
                    for member in members { look(at: member.value) }
                }
            }
        }
    }

    @Test(.enabled(if: CaptureTests.folder != nil, "skipped: no captures at MOORING_CAPTURES or ../shared/captures"))
    func `every described service and task definition is read, and is what it is`() throws {
        let folder = try #require(CaptureTests.folder)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        var (files, definitions, services) = (0, 0, 0)
        for path in paths where path.hasSuffix(".json") {
            files += 1
            let document = try JSONReader.value(of: Data(contentsOf: folder.appending(path: path)))
            let found = Found(in: document)
            for live in found.taskDefinitions {
                definitions += 1
                let wanted = try #require(
                    try desired(["taskDefinition": live], path).taskDefinitions.first?.input, "\(path)")
                #expect(TaskDefinitionDifference.changes(wanted: wanted, live: live) == [], "\(path)")
                #expect(
                    TaskDefinitionDigest.digest(of: wanted)
                        == TaskDefinitionDigest.digest(of: TaskDefinitionDifference.content(of: live)), "\(path)")
            }
            for live in found.services {
                services += 1
                guard let wanted = try desired(["services": [live]], path).services.first?.input else { continue }
                let settings = Value(
                    .map((wanted.members ?? []).filter { !AttributeChanges.treatedElsewhere.contains($0.name) }))
                let primary = live["deployments"]?.elements?.first { $0["status"]?.text == "PRIMARY" }
                #expect(ServiceDifference.changes(wanted: settings, live: live, primary: primary) == [], "\(path)")
            }
        }
        print(
            "Captures: \(files) recordings hold \(definitions) described task definitions and \(services) described "
                + "services; all are read, and none differs from itself.")
        #expect(files >= 169 && definitions >= 15 && services >= 30)
    }

    /// What the product reads of a described thing.
    private func desired(_ document: Value, _ path: String) throws -> DesiredState {
        let bytes = Array(JSONWriter(.compact).text(of: document).utf8)
        let state = Manifests.desiredState(of: [ManifestInput(path: try TreePath("described.json"), bytes: bytes)])
        // AWS's own documentation shows an ARN without a revision, which no service ever has.
        let doubts = state.findings.filter { $0.severity == .error && $0.rule != "bad-reference" }
        #expect(doubts.map(\.line) == [], "\(path)")
        return state
    }
}
