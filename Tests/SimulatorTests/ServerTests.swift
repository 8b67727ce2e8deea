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
            assert [world["region"] for world in control("GET", "/_mooring/state")["worlds"]] == ["us-east-1"]
            print("fine")
            """
        try await withServer(configuration) { url in
            let (status, text) = try await python(["-c", script], url: url, seconds: 60)
            #expect(status == 0)
            #expect(text == "fine\n")
        }
    }

    @Test func `what goes wrong on the way goes wrong for a client`() async throws {
        var configuration = LocalECSServer.Configuration()
        configuration.clock = .stepped
        let script = """
            import http.client, json, os, time, urllib.request
            host = os.environ["MOORING_SIMULATE_URL"].removeprefix("http://")
            def scenario(fault, **more):
                document = {"faults": [dict(operation="CreateCluster", fault=fault, **more)]}
                request = urllib.request.Request(
                    f"http://{host}/_mooring/scenario", data=json.dumps(document).encode(), method="PUT")
                urllib.request.urlopen(request, timeout=20)
            def call(operation, **members):
                connection = http.client.HTTPConnection(host, timeout=20)
                connection.request("POST", "/", json.dumps(members), {
                    "Content-Type": "application/x-amz-json-1.1",
                    "X-Amz-Target": "AmazonEC2ContainerServiceV20141113." + operation})
                try:
                    response = connection.getresponse()
                    return response.status, response.headers["Content-Type"], response.read().decode()
                except http.client.RemoteDisconnected:
                    return None
            def clusters():
                return [arn.split("/")[1] for arn in json.loads(call("ListClusters")[2])["clusterArns"]]
            def refusal(name, status, code):
                answer = call("CreateCluster", clusterName=name)
                assert answer[0] == status and answer[1] == "application/x-amz-json-1.1", answer
                assert json.loads(answer[2])["__type"] == code, answer
                assert name not in clusters(), name
                return json.loads(answer[2])
            scenario("droppedBefore")
            assert call("CreateCluster", clusterName="dropped") is None
            assert "dropped" not in clusters()
            scenario("lostResponse")
            assert call("CreateCluster", clusterName="lost") is None
            assert "lost" in clusters()
            scenario("serverErrorAfterwards", status=503)
            assert call("CreateCluster", clusterName="done")[0] == 503
            assert "done" in clusters()
            scenario("serverError", status=502)
            refusal("failed", 502, "ServerException")
            scenario("throttle")
            refusal("throttled", 400, "ThrottlingException")
            scenario("expiredCredentials")
            refusal("expired", 400, "ExpiredTokenException")
            scenario("accessDenied")
            denied = refusal("denied", 400, "AccessDeniedException")
            message = denied.get("message") or denied["Message"]
            assert "is not authorized to perform: ecs:CreateCluster on resource: " in message, message
            scenario("error", code="LimitExceededException", message="enough", status=400)
            refusal("limited", 400, "LimitExceededException")
            scenario("html", status=504)
            status, kind, body = call("CreateCluster", clusterName="page")
            assert status == 504 and kind.startswith("text/html") and "<html" in body.lower(), (status, kind, body)
            scenario("slow", milliseconds=400)
            start = time.monotonic()
            assert call("CreateCluster", clusterName="slow")[0] == 200
            assert time.monotonic() - start >= 0.4
            assert "slow" in clusters()
            print("fine")
            """
        try await withServer(configuration) { url in
            let (status, text) = try await python(["-c", script], url: url, seconds: 60)
            #expect(status == 0, "\(text.suffix(2000))")
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
