import Foundation
import MooringShapes
import MooringSimulator
import MooringTestSupport
import Testing

@Suite(.serialized) struct ServerTests {
    /// Runs a server on a free port for the length of `body`.
    private func withServer(
        _ configuration: LocalECSServer.Configuration = LocalECSServer.Configuration(),
        _ body: @escaping @Sendable (String) async throws -> Void,
    ) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: UInt16.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await LocalECSServer.run(configuration) { port in continuation.yield(port) }
                continuation.finish()
            }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            try await body("http://127.0.0.1:\(port)")
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Runs Python with a deadline.
    private func python(_ arguments: [String], url: String, seconds: Int) async throws -> (status: Int32, text: String)
    {
        let inherited = ProcessInfo.processInfo.environment
        let command = [inherited["MOORING_TEST_PYTHON"] ?? "python3"] + arguments
        let environment = inherited.merging([
            "MOORING_SIMULATE_URL": url, "MOORING_SIMULATE_PID": String(ProcessInfo.processInfo.processIdentifier),
        ]) { $1 }
        return try await withProcess(command, environment: environment) { process in
            let ending = try await process.ending(within: .seconds(seconds))
            guard case .exited(let status) = ending else { return (-1, process.transcript) }
            return (status, process.lines.map { $0.text + "\n" }.joined())
        }
    }

    @Test(arguments: ["", "_walk", "_neighbours", "_hostile", "_cli", "_terraform", "_signatures"])
    func `clients that others wrote agree with the local ECS`(part: String) async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("clients/test_local_ecs\(part).py").path
        var configuration = LocalECSServer.Configuration()
        if part == "_signatures" {
            configuration.engine.requiresSignatures = true
            configuration.engine.secrets = ["AKIALOCAL": "secret"]
        }
        try await withServer(configuration) { url in
            let (status, text) = try await python([script], url: url, seconds: 240)
            #expect(status == 0, "\(text.suffix(4000))")
            #expect(text.contains("\nOK"))
            // How much of the models was exercised, for whoever reads the run.
            let words = ["output members", "paginators", "waiters", "resident", "skipped:"]
            for line in text.split(separator: "\n") where words.contains(where: { line.contains($0) }) { print(line) }
        }
    }

    @Test func `a stepped clock moves when it is told to`() async throws {
        var configuration = LocalECSServer.Configuration()
        configuration.clock = .stepped
        configuration.start = 1_000_000
        let script = """
            import json, os, urllib.request
            def control(method, path, document=None):
                data = None if document is None else json.dumps(document).encode()
                request = urllib.request.Request(os.environ["MOORING_SIMULATE_URL"] + path, data=data, method=method)
                return json.load(urllib.request.urlopen(request, timeout=20))
            assert control("GET", "/_mooring/now")["now"] == 1000
            assert control("POST", "/_mooring/advance", {"milliseconds": 2500})["now"] == 1002.5
            assert control("GET", "/_mooring/now")["now"] == 1002.5
            assert control("GET", "/_mooring/state")["worlds"] == []
            print("fine")
            """
        try await withServer(configuration) { url in
            let (status, text) = try await python(["-c", script], url: url, seconds: 60)
            #expect(status == 0)
            #expect(text == "fine\n")
        }
    }

    @Test func `a port in use is an error that names it`() async throws {
        try await withServer { url in
            let port = try #require(UInt16(url.split(separator: ":").last ?? ""))
            var configuration = LocalECSServer.Configuration()
            configuration.port = port
            let error = await #expect(throws: LocalECSServer.Failure.self) {
                try await LocalECSServer.run(configuration)
            }
            #expect(error?.description.contains("\(port)") == true)
        }
    }
}
