import Foundation
import MooringTestSupport

/// The program under test, as it was built beside the tests.
enum Tool {
    static var path: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("mooring").path
    }

    /// Runs it to its end.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], folder: String = "/",
        within limit: Duration = .seconds(60),
    ) async throws -> Ended {
        let process = try await RunningProcess.start([path] + arguments, environment: environment, folder: folder)
        do {
            let ending = try await process.ending(within: limit)
            let errors = process.lines.filter(\.isError).map { $0.text + "\n" }.joined()
            guard case .exited(let code) = ending else { throw ProgramError("\(ending): \(process.transcript)") }
            return Ended(code: code, output: process.output, errors: errors)
        } catch {
            await process.kill()
            throw error
        }
    }

    struct Ended {
        let code: Int32
        let output: String
        let errors: String
        var all: String { output + errors }
    }

    /// Runs `body` beside `mooring simulate`; its argument is the variables that an AWS client needs to find it.
    static func withLocalECS(
        _ arguments: [String] = [], _ body: ([String: String]) async throws -> Void,
    ) async throws {
        let process = try await RunningProcess.start(
            [
                path, "simulate", "--port", "0", "--speed", "60", "--cluster", "main", "--unpullable", "*:bad",
            ] + arguments)
        do {
            let line = try await process.line(containing: "http://127.0.0.1:").text
            let digits = line.components(separatedBy: "http://127.0.0.1:").last?.prefix { $0.isNumber } ?? ""
            try await body([
                "AWS_ENDPOINT_URL": "http://127.0.0.1:\(digits)", "AWS_ACCESS_KEY_ID": "x",
                "AWS_SECRET_ACCESS_KEY": "x",
                "AWS_EC2_METADATA_DISABLED": "true",
            ])
            await process.stop()
        } catch {
            await process.kill()
            throw error
        }
    }

    /// An environment of one service.
    static let manifests = [
        "production/web.task.json": """
        {
          "family": "web",
          "containerDefinitions": [
            {"name": "web", "image": "nginx:1.27", "memory": 128, "essential": true,
             "environment": [{"name": "DB_PASSWORD", "value": "in-the-clear"}]}
          ]
        }

        """,
        "production/web.service.yaml": """
        serviceName: web
        cluster: main
        taskDefinition: web.task.json
        desiredCount: 1
        launchType: EC2

        """,
    ]

    /// Writes files below a folder.
    static func write(_ files: [String: String], to folder: String) throws {
        for (name, text) in files {
            let url = URL(fileURLWithPath: folder + "/" + name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
    }
}
