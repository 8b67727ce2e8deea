import Foundation
import Testing

@testable import MooringShapes

@Suite struct ShapeTableTests {
    @Test func `the inputs of the operations that the product and the local ECS read are there`() throws {
        #expect(
            ShapeTable.ecs.operations == [
                "CreateCluster", "CreateService", "RegisterTaskDefinition", "RunTask", "UpdateService",
            ])
        for operation in ShapeTable.ecs.operations {
            let input = try #require(ShapeTable.ecs.input(of: operation))
            guard case .structure(let structure) = input.kind else {
                Issue.record("\(operation) takes no object")
                continue
            }
            #expect(!structure.members.isEmpty)
        }
    }

    @Test func `members, types, bounds, values and patterns are what the API model says`() throws {
        let table = ShapeTable.ecs
        let request = try structure("RegisterTaskDefinitionRequest")
        #expect(request.members.filter(\.isRequired).map(\.name) == ["family", "containerDefinitions"])
        #expect(request["inferenceAccelerators"]?.isDeprecated == true)
        #expect(request["trustedExecutionConfiguration"] != nil)
        let container = try structure("ContainerDefinition")
        let cpu = try #require(container["cpu"])
        guard case .integer(_, let bits) = table[cpu.shape].kind else {
            Issue.record("cpu of a container is no whole number")
            return
        }
        #expect(bits == 32)
        guard case .list(let element, let bounds) = try #require(table.shape("Tags")).kind,
            case .string(let rule) = try #require(table.shape("TagKey")).kind,
            case .string(let mode) = try #require(table.shape("NetworkMode")).kind
        else {
            Issue.record("Tags, TagKey or NetworkMode is of another kind")
            return
        }
        #expect(table[element].name == "Tag")
        #expect(bounds == Shape.Bounds(minimum: 0, maximum: 50))
        #expect(rule.bounds == Shape.Bounds(minimum: 1, maximum: 128))
        #expect(rule.characters?.firstOutside(in: "Ünï_1.:/=+-@ ok") == nil)
        #expect(rule.characters?.firstOutside(in: "a{b") == "{")
        #expect(mode.values == ["bridge", "host", "awsvpc", "none"])
        #expect(table.shape("Nonsense") == nil)
    }

    /// Every command reads the table when it starts, so it must cost no more than reading a manifest of its size.
    @Test func `reading the table costs about what reading as much JSON does`() {
        let words = ShapeTable.ecsText.split { $0 == " " || $0 == "\n" }.map { Value.string(String($0)) }
        let json = JSONWriter(.compact).text(of: .list(words))
        let clock = ContinuousClock()
        // The best of ten: what the machine does besides is nobody's fault.
        func best(_ work: () -> Void) -> Duration { (0..<10).map { _ in clock.measure(work) }.min() ?? .zero }
        let table = best { #expect(ShapeTable(text: ShapeTable.ecsText).all.count > 200) }
        let reference = best { #expect(throws: Never.self) { try JSONReader.value(of: json) } }
        print("Reading the shape table takes \(table), reading as much JSON \(reference).")
        #expect(table < reference * 5)
    }

    @Test func `Application Auto Scaling has a table of its own, for its names collide with those of ECS`() throws {
        let table = ShapeTable.applicationAutoScaling
        #expect(table.operations == ["PutScalingPolicy", "PutScheduledAction", "RegisterScalableTarget"])
        #expect(table.source == ShapeTable.ecs.source)
        guard case .structure(let policy) = try #require(table.input(of: "PutScalingPolicy")).kind,
            case .string(let ours) = try #require(table.shape("TagKey")).kind,
            case .string(let theirs) = try #require(ShapeTable.ecs.shape("TagKey")).kind
        else {
            Issue.record("PutScalingPolicy takes no object, or TagKey is no text")
            return
        }
        #expect(
            policy.members.filter(\.isRequired).map(\.name) == [
                "PolicyName", "ServiceNamespace", "ResourceId", "ScalableDimension",
            ])
        #expect(ours.characters == nil && theirs.characters != nil)
        let read = try #require(
            table.coerce(
                [
                    "ServiceNamespace": "ecs", "ResourceId": "service/main/\u{7}", "MinCapacity": "2",
                    "ScalableDimension": "ecs:service:Count",
                ], to: "RegisterScalableTargetRequest"))
        #expect(read.value["MinCapacity"] == 2)
        #expect(read.findings.map(\.rule).sorted() == ["coerced-scalar", "not-in-enum", "wrong-characters"])
    }

    @Test(
        arguments: [
            ("([\\p{L}\\p{Z}_.\\-]*)", "Ünï _.-", "a1"),
            ("([\\p{L}_.-]*)", "a-b", "+"),
            ("([^\\u{0}-\\u{1F}:/|]*)", "ä €😀 -", "a:b"),
            ("([\\u{20}-\\u{D7FF}\\u{10000}-\\u{10FFFF}\\u{9}]*)", "a\tb😀", "\n"),
        ] as [(String, String, String)])
    func `a class of characters takes what its pattern says`(pattern: String, good: String, bad: String) {
        let characters = CharacterClass(pattern: pattern)
        #expect(characters.firstOutside(in: good) == nil)
        #expect(characters.firstOutside(in: bad) != nil)
    }

    @Test(.enabled(if: BotocoreCheck.isPossible, "skipped: the recorded version of botocore is out of reach (offline)"))
    func `the tables are exactly what the recorded version of botocore says`() {
        #expect(BotocoreCheck.result.code == 0, "\(BotocoreCheck.result.output)")
        print(BotocoreCheck.result.output)
    }

    private func structure(_ name: String) throws -> Shape.Structure {
        let shape = try #require(ShapeTable.ecs.shape(name))
        guard case .structure(let structure) = shape.kind else { throw NotAStructure(name: name) }
        return structure
    }

    private struct NotAStructure: Error {
        let name: String
    }
}

/// Runs the script that wrote the table, to compare.
enum BotocoreCheck {
    static let result: (code: Int32, output: String) = run()

    /// 4 means that there is nothing to compare with.
    static var isPossible: Bool { result.code != 4 }

    private static func run() -> (code: Int32, output: String) {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let script = root.appendingPathComponent("Sources/Shapes/generate-shapes.py")
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let python = ProcessInfo.processInfo.environment["MOORING_TEST_PYTHON"] ?? "python3"
        // The deadline is given to `timeout`, which ends the child by its own id.
        process.arguments = [
            "timeout", "90", python, script.path, "--check", root.appendingPathComponent(".build/wheels").path,
        ]
        process.standardOutput = output
        process.standardError = output
        do {
            try process.run()
        } catch {
            return (4, "\(error)")
        }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }
}
