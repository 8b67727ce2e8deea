import Foundation
import MooringShapes
import MooringTestSupport
import Testing

@Suite struct `mooring import` {
    private static let target = ["--account", "123456789012", "--region", "us-east-1", "--cluster", "main"]

    /// Calls an operation of the local ECS.
    @discardableResult
    private func call(
        _ aws: [String: String], _ operation: String, _ input: Value,
        target: String = "AmazonEC2ContainerServiceV20141113", service: String = "ecs",
    ) throws -> Value {
        let port = try #require(aws["AWS_ENDPOINT_URL"]?.split(separator: ":").last.flatMap { UInt16($0) })
        let credential = "Credential=x/20260101/us-east-1/\(service)/aws4_request"
        let answer = try LoopbackExchange.send(
            "POST", "/",
            headers: [
                ("X-Amz-Target", "\(target).\(operation)"), ("Content-Type", "application/x-amz-json-1.1"),
                ("Authorization", "AWS4-HMAC-SHA256 \(credential), SignedHeaders=host, Signature=none"),
            ], body: JSONWriter(.compact).text(of: input), port: port)
        guard answer.status == 200 else {
            throw ProgramError("\(operation) \(JSONWriter(.compact).text(of: input)): \(answer.body)")
        }
        return try JSONReader.value(of: answer.body)
    }

    private func create(_ worlds: [ImportWorld.Service], _ aws: [String: String]) throws {
        for world in worlds {
            for input in world.taskDefinitions { try call(aws, "RegisterTaskDefinition", input) }
            try call(aws, "CreateService", world.service)
            guard let band = world.scaling else { continue }
            try call(
                aws, "RegisterScalableTarget",
                [
                    "ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount",
                    "ResourceId": .string("service/main/\(world.service["serviceName"]?.text ?? "")"),
                    "MinCapacity": .integer(band.lowerBound), "MaxCapacity": .integer(band.upperBound),
                ], target: "AnyScaleFrontendService", service: "application-autoscaling")
        }
    }

    /// Waits until no service is being deployed; where that does not come about, the events of those that are say why.
    private func settle(_ aws: [String: String], _ names: [String]) async throws {
        var unfinished: [Value] = []
        do {
            _ = try await eventually("every service to be deployed", within: .seconds(100), every: .milliseconds(500)) {
                unfinished = try stride(from: 0, to: names.count, by: 10).flatMap { start -> [Value] in
                    let part = names[start..<min(start + 10, names.count)].map { Value.string($0) }
                    let answer = try call(aws, "DescribeServices", ["cluster": "main", "services": .list(part)])
                    return (answer["services"]?.elements ?? []).filter {
                        $0["deployments"]?[0]?["rolloutState"]?.text != "COMPLETED"
                    }
                }
                return unfinished.isEmpty ? true : nil
            }
        } catch {
            let events = unfinished.flatMap { ($0["events"]?.elements ?? []).prefix(3) }.compactMap {
                $0["message"]?.text
            }
            throw ProgramError("\(error)\n\(events.joined(separator: "\n"))")
        }
    }

    @Test(.timeLimit(.minutes(4))) func `of fifty varied services is followed by an empty plan`() async throws {
        let folder = try TemporaryFolder()
        let worlds = ImportWorld.services(50)
        let names = worlds.compactMap { $0.service["serviceName"]?.text }
        // Some of them want each task on an instance of its own.
        let scenario = try TemporaryFolder()
        try Tool.write(["scenario.yaml": "containerInstances: 10\n"], to: scenario.path)
        try await Tool.withLocalECS(["--scenario", scenario.path + "/scenario.yaml"]) { aws in
            try create(worlds, aws)
            try await settle(aws, names)
            let imported = try await Tool.run(
                ["import", "--output", "production"] + Self.target, environment: aws, folder: folder.path)
            #expect(imported.code == 0, "\(imported.all)")
            #expect(imported.output.hasPrefix("production: 50 services, "), "\(imported.all)")
            #expect(imported.errors == "", "\(imported.errors)")

            let planned = try await Tool.run(
                ["plan", "production"] + Self.target, environment: aws, folder: folder.path)
            #expect(planned.code == 0, "\(planned.all)")
            #expect(planned.output == "All 50 services are as git says.\n", "\(planned.all)")

            let validated = try await Tool.run(["validate", "production"], folder: folder.path)
            #expect(validated.code == 0, "\(validated.output)")
            print("Imported: \(imported.output)Validated: \(validated.output.split(separator: "\n").last ?? "")")

            func manifest(_ service: String) throws -> String {
                try String(
                    contentsOfFile: folder.path + "/production/\(service)/service.yaml", encoding: .utf8)
            }
            #expect(try manifest("svc-127").contains("\ntaskDefinition: family-124:1\n"))
            #expect(try manifest("svc-106").contains("\ntaskDefinition: family-103\n"))
            #expect(try manifest("svc-113").contains("# Application Auto Scaling counts its tasks (1 to 8)"))

            // A second import changes nothing, and says so.
            let again = try await Tool.run(
                ["import", "--output", "production"] + Self.target, environment: aws, folder: folder.path)
            #expect(again.code == 1 && again.errors.contains("exist already. Nothing was written"), "\(again.all)")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left == ["production"], "\(left)")
        }
    }

    @Test(.timeLimit(.minutes(2))) func `of one service goes beside what is there`() async throws {
        let folder = try TemporaryFolder()
        try Tool.write(["production/mooring.yaml": "ignore: [x]\n"], to: folder.path)
        try await Tool.withLocalECS { aws in
            try create(ImportWorld.services(3), aws)
            let names = ImportWorld.services(3).compactMap { $0.service["serviceName"]?.text }
            try await settle(aws, names)
            let one = try await Tool.run(
                ["import", "--output", "production", "--service", names[1]] + Self.target, environment: aws,
                folder: folder.path)
            #expect(one.code == 0, "\(one.all)")
            let made = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/production").sorted()
            #expect(made == ["mooring.yaml", names[1]])
            let settings = try String(contentsOfFile: folder.path + "/production/mooring.yaml", encoding: .utf8)
            #expect(settings == "ignore: [x]\n")
            let planned = try await Tool.run(
                ["plan", "production"] + Self.target, environment: aws, folder: folder.path)
            #expect(planned.code == 0, "\(planned.all)")

            try Tool.write(["half/\(names[2])/service.yaml": "mine"], to: folder.path)
            let half = try await Tool.run(
                ["import", "--output", "half"] + Self.target, environment: aws, folder: folder.path)
            #expect(
                half.code == 1 && half.errors.contains("half/\(names[2])/service.yaml exists already"), "\(half.all)")
            #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/half").count == 2)
            try FileManager.default.removeItem(atPath: folder.path + "/half")

            let gone = try await Tool.run(
                ["import", "--service", "nothing"] + Self.target, environment: aws, folder: folder.path)
            #expect(gone.code == 1 && gone.errors.contains("no service 'nothing'"), "\(gone.all)")
            let account = try await Tool.run(
                ["import"] + Self.target + ["--account", "999999999999"], environment: aws, folder: folder.path)
            #expect(account.code == 1 && account.errors.contains("999999999999"), "\(account.all)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["production"])
        }
    }
}

@Suite struct `mooring schema` {
    @Test func `prints a JSON Schema of manifests, and one of settings`() async throws {
        for arguments in [["schema"], ["schema", "--settings"]] {
            let ended = try await Tool.run(arguments)
            #expect(ended.code == 0 && ended.errors.isEmpty)
            let schema = try JSONReader.value(of: ended.output)
            #expect(schema["$schema"] == "http://json-schema.org/draft-07/schema#")
        }
    }
}
