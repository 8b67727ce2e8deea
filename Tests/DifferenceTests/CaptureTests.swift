import Foundation
import MooringModel
import MooringShapes
import Testing

@testable import MooringPlanning

/// What AWS really answered, where a checkout of the captures lies beside this one.
@Suite struct CaptureTests {
    /// The folder named by `MOORING_CAPTURES`, or `../shared/captures` beside the checkout; nil where there is none.
    static let folder: URL? = {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["MOORING_CAPTURES"].map { URL(filePath: $0) }
        let folder = named ?? checkout.deletingLastPathComponent().appending(path: "shared/captures")
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isDirectory)
        return exists && isDirectory.boolValue ? folder : nil
    }()

    private func files(_ operation: String, containing part: String = "") throws -> [(name: String, value: Value)] {
        guard let folder = CaptureTests.folder else {
            print("skipped: no captures beside this checkout")
            return []
        }
        let inside = folder.appending(path: operation)
        return try FileManager.default.contentsOfDirectory(atPath: inside.path).sorted()
            .filter { $0.hasSuffix(".json") && $0.contains(part) }
            .map { name in
                let value = try JSONReader.value(of: try Data(contentsOf: inside.appending(path: name)))
                return (name, value["data"] ?? value)
            }
    }

    @Test func `every described task definition has its own content`() throws {
        let described = try files("describe-task-definition") + files("register-task-definition")
        for (name, answer) in described {
            guard let live = answer["taskDefinition"] else { continue }
            let wanted = TaskDefinitionDifference.content(of: live)
            #expect(TaskDefinitionDifference.changes(wanted: wanted, live: live) == [], "\(name)")
            let form = TaskDefinitionDigest.form(of: live)
            #expect(TaskDefinitionDifference.changes(wanted: form, live: live) == [], "\(name)")
            #expect(TaskDefinitionDifference.changes(wanted: wanted, live: form) == [], "\(name)")
        }
    }

    @Test func `a registered revision differs from its predecessor in the sizes that were sent`() throws {
        let described = try files("describe-task-definition", containing: "ecs_service_update_definition_")
        let registered = try files("register-task-definition", containing: "ecs_service_update_definition_")
        guard described.count == 3, let answer = registered.first?.value["taskDefinition"] else {
            return #expect(CaptureTests.folder == nil)
        }
        let before = try #require(described[1].value["taskDefinition"])
        let after = try #require(described[2].value["taskDefinition"])
        let wanted = TaskDefinitionDifference.content(of: answer)
        #expect(TaskDefinitionDifference.changes(wanted: wanted, live: after) == [])
        #expect(TaskDefinitionDigest.digest(of: answer) == TaskDefinitionDigest.digest(of: after))
        let paths = TaskDefinitionDifference.changes(wanted: wanted, live: before).map(\.path)
        #expect(
            paths == [
                "containerDefinitions[server].cpu", "containerDefinitions[server].memory", "cpu", "memory",
                "requiresCompatibilities",
            ])
    }

    @Test func `what CloudFormation read back of a task definition is what was declared`() throws {
        let pairs = try files("cloudformation-read", containing: "ECS__TaskDefinition.")
        print("Captures: \(pairs.count) task definitions declared and read back differ in nothing.")
        for (name, pair) in pairs {
            var wanted = lowered(try #require(pair["resource"]?["declared"]))
            let live = lowered(try #require(pair["liveRaw"]))
            if wanted["family"] == nil { wanted["family"] = live["family"] }
            #expect(TaskDefinitionDifference.changes(wanted: wanted, live: live) == [], "\(name)")
        }
    }

    @Test func `what CloudFormation read back of a service is what was declared`() throws {
        let pairs = try files("cloudformation-read", containing: "ECS__Service.")
        print("Captures: \(pairs.count) services declared and read back differ in nothing.")
        for (name, pair) in pairs {
            var wanted = lowered(try #require(pair["resource"]?["declared"]))
            for member in ["cluster", "serviceName", "taskDefinition", "tags", "desiredCount"] { wanted[member] = nil }
            var live = lowered(try #require(pair["liveRaw"]))
            live["roleArn"] = live["role"]
            #expect(ServiceDifference.changes(wanted: wanted, live: live, primary: live) == [], "\(name)")
            // And the comparison sees it when one leaf is another.
            wanted["healthCheckGracePeriodSeconds"] = 1234
            #expect(
                ServiceDifference.changes(wanted: wanted, live: live, primary: live).map(\.path)
                    == ["healthCheckGracePeriodSeconds"], "\(name)")
        }
    }

    @Test func `every described service is what it is`() throws {
        let answers = try ["describe-services", "update-service", "create-service", "delete-service"].flatMap {
            try files($0)
        }
        for (name, answer) in answers {
            for live in answer["services"]?.elements ?? answer["service"].map({ [$0] }) ?? [] {
                let members = (live.members ?? []).filter {
                    ServiceRules.root[$0.name] != nil && $0.name != "desiredCount"
                }
                let observed = ObservedPrimary.of(live)
                let wanted = Value(.map(members))
                #expect(ServiceDifference.changes(wanted: wanted, live: live, primary: observed) == [], "\(name)")
                _ = ServiceDigest.digest(of: wanted)
            }
        }
    }

    /// CloudFormation's names as the API's: `PortMappings` is `portMappings`; keys that are data stay as they are.
    private func lowered(_ value: Value, isData: Bool = false) -> Value {
        switch value.node {
        case .scalar: return value
        case .list(let elements): return .list(elements.map { lowered($0) })
        case .map(let members):
            return Value(
                .map(
                    members.map { member in
                        let name = isData ? member.name : CaptureTests.apiName(member.name)
                        let holdsData = ["Options", "DockerLabels", "DriverOpts", "Labels"].contains(member.name)
                        return Value.Member(name, lowered(member.value, isData: holdsData))
                    }))
        }
    }

    private static func apiName(_ name: String) -> String {
        switch name {
        case "PlacementStrategies": "placementStrategy"
        case "EFSVolumeConfiguration": "efsVolumeConfiguration"
        case "FilesystemId": "fileSystemId"
        case "IAM": "iam"
        default: name.prefix(1).lowercased() + name.dropFirst()
        }
    }
}

private enum ObservedPrimary {
    static func of(_ live: Value) -> Value? {
        live["deployments"]?.elements?.first { $0["status"]?.text == "PRIMARY" }
    }
}
