import Foundation
import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// Large documents cost in proportion to their size: whoever may write a manifest must not be able to stop the controller.
@Suite struct ScaleTests {
    struct Growth: Sendable, CustomTestStringConvertible {
        let name: String
        /// How many, at most; a quarter of it is compared.
        let count: Int
        /// The folder that has so many.
        let folder: @Sendable (Int) throws -> TestFolder

        var testDescription: String { name }
    }

    private static func task(_ members: [String: Value?] = [:], app: [String: Value?] = [:], more: [Value] = [])
        -> TestFolder
    {
        let value = RuleFolder.task(members, app: app, more: more).taskDefinition ?? .null
        return TestFolder(files: ["t.json": JSONWriter(.compact).text(of: value)])
    }

    private static func service(_ members: [String: Value?]) -> TestFolder {
        let pair = RuleFolder.pair(members, running: .task())
        return TestFolder(files: [
            "t.json": JSONWriter(.compact).text(of: pair.taskDefinition ?? .null),
            "s.json": JSONWriter(.compact).text(of: pair.service ?? .null),
        ])
    }

    private static func list(_ count: Int, _ element: (Int) -> Value) -> Value { .list((0..<count).map(element)) }

    /// Each file may have a megabyte, the largest that is read.
    ///
    /// Texts of what rules search for, in a member of every kind.
    private static let texts = [
        "a", "${", "${a", "$$", "{{", "%A", "%%", "__", "__a", "_A", "<", "://a:b", "a.", "\u{301}",
    ]
    .map { piece in
        Growth(name: "a text of '\(piece)'", count: 500_000) { count in
            let text = Value.string(String(repeating: piece, count: count / piece.utf8.count))
            return task(app: ["image": text, "environment": [["name": "A_TOKEN", "value": text]]])
        }
    }

    private static let lists = [
        Growth(name: "environment", count: 10_000) { count in
            task(app: ["environment": list(count) { ["name": .string("TOKEN\($0)"), "value": "hunter2hunter2"] }])
        },
        Growth(name: "containers", count: 4000) { count in
            task(
                ["requiresCompatibilities": list(count) { .string("E\($0)") }],
                more: (0..<count).map {
                    [
                        "name": .string("c\($0)"), "dependsOn": [["containerName": "b"]], "links": ["b"],
                        "volumesFrom": [["sourceContainer": "b"]], "logConfiguration": ["logDriver": "awslogs"],
                    ]
                })
        },
        Growth(name: "containers that wait for one another", count: 8000) { count in
            task(
                more: (0..<count).map {
                    ["name": .string("c\($0)"), "dependsOn": [["containerName": .string("c\($0 + 1)")]]]
                })
        },
        Growth(name: "port mappings", count: 10_000) { count in
            task(app: ["portMappings": list(count) { ["containerPort": .integer($0), "name": .string("p\($0)")] }])
        },
        Growth(name: "mounts and volumes", count: 10_000) { count in
            task(
                ["volumes": list(count) { ["name": .string("v\($0)")] }],
                app: ["mountPoints": list(count) { ["sourceVolume": .string("w\($0)")] }])
        },
        Growth(name: "tags", count: 5000) { count in
            task(["tags": list(count) { ["key": .string("AWS:\($0)"), "value": "x"] }])
        },
        Growth(name: "short texts", count: 50_000) { count in
            task(app: ["command": list(count) { .string("\($0)") }])
        },
        Growth(name: "placeholders below a long name", count: 40_000) { count in
            let name = String(repeating: "n", count: count * 5)
            return task([name: list(count) { _ in "{{a" }])
        },
        Growth(name: "balancers", count: 4000) { count in
            service([
                "loadBalancers": list(count) { ["containerName": "app", "containerPort": .integer($0 + 1000)] },
                "serviceConnectConfiguration": [
                    "enabled": true, "services": list(count) { ["portName": .string("p\($0)")] },
                ],
                "volumeConfigurations": list(count) { ["name": .string("v\($0)")] },
            ])
        },
    ]

    private static let folders = [
        Growth(name: "names that nobody declared", count: 80_000) { count in
            let variables = (0..<200).map { "  variable\($0): x\n" }.joined()
            let command = (0..<count).map { "${variabel\($0 % 1000)x}" }.joined()
            return TestFolder(files: [
                "mooring.yaml": "variables:\n\(variables)",
                "t.yaml": Sample.taskDefinition + "\n    command: ['\(command.prefix(count * 10))']\n",
            ])
        },
        Growth(name: "removals of what is not there", count: 8000) { count in
            let removals = (0..<count).map { "  - {name: r\($0), mooring: {remove: true}}\n" }.joined()
            let base = (0..<count).map { "  - {name: c\($0), image: a:1}\n" }.joined()
            return TestFolder(
                files: ["p/t.yaml": "mooring: {base: ../b.yaml}\ncontainerDefinitions:\n\(removals)"], folder: "p",
                others: ["b.yaml": "family: web\ncontainerDefinitions:\n\(base)"])
        },
        Growth(name: "one service many times", count: 2000) { count in
            let text = Sample.service + "\n"
            let files = (0..<count).map { ("s\($0).yaml", text) }
            return TestFolder(files: Dictionary(uniqueKeysWithValues: files))
        },
        Growth(name: "dependencies that are not there", count: 20_000) { count in
            let names = (0..<count).map { "d\($0)" }.joined(separator: ", ")
            return TestFolder(files: ["s.yaml": Sample.service + "\nmooring: {dependsOn: [\(names)]}\n"])
        },
    ]

    @Test(arguments: texts + lists + folders)
    func `four times as much takes about four times as long`(_ growth: Growth) throws {
        var times: [Double] = []
        var findings = 0
        for count in [growth.count / 4, growth.count] {
            let folder = try growth.folder(count)
            #expect(folder.files.values.allSatisfy { $0.utf8.count < 1 << 20 }, "a larger file is not read")
            let start = Self.processorTime()
            findings = try folder.state().findings.count
            times.append(Self.processorTime() - start)
        }
        print("\(growth.name): \(times[0]) s, then \(times[1]) s, \(findings) findings")
        // A quadratic step would take sixteen times as long; short times are only noise.
        #expect(times[1] < 8 * max(times[0], 0.05))
        #expect(times[1] < 60)
        #expect(findings < 3000)
    }

    /// Seconds that this thread has worked, whatever else the machine did.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
