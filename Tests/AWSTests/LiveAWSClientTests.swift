import MooringAWS
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringShapes
import MooringTestSupport
import Synchronization
import Testing

/// The live client against servers that throttle, fail, hang and lie.
@Suite(.timeLimit(.minutes(1))) struct LiveAWSClientTests {
    private let http: HTTPClient
    private let clock = ManualClock()
    private let describe = APICall(.ecs, "DescribeServices", ["services": ["web"]])
    private let register = APICall(.ecs, "RegisterTaskDefinition", ["family": "web"])

    init() throws { http = try HTTPClient() }

    private func client(
        _ url: String, totalTimeout: Duration = .seconds(20), provider: (any CredentialsProvider)? = nil,
    ) throws -> LiveAWSClient {
        var options = HTTPOptions()
        options.proxy = .direct
        options.totalTimeout = totalTimeout
        options.responseBodyBytes = 100_000
        let keys = StaticProvider(Credentials(accessKey: "A", secretKey: Secret("s"), source: "test"))
        return LiveAWSClient(
            LiveAWSClient.Parts(
                region: try Region("eu-central-1"), endpoints: Endpoints(environment: ["AWS_ENDPOINT_URL": url]),
                credentials: CachingCredentials(provider: provider ?? keys, clock: clock), http: http, clock: clock,
                budget: SharedBudget(), options: options, seed: 1,
            ))
    }

    /// Calls, moving the clock on whenever the client sleeps.
    ///
    /// - Returns: the result and how often the client slept.
    private func call(_ client: LiveAWSClient, _ call: APICall) async -> (Result<Value, any Error>, sleeps: Int) {
        let clock = clock
        let before = clock.slept.count
        let pusher = Task {
            while !Task.isCancelled {
                await Task.yield()
                clock.advance(by: .seconds(20))
            }
        }
        let result = await Task { try await client.call(call) }.result
        pusher.cancel()
        return (result, clock.slept.count - before)
    }

    private func failure(_ result: Result<Value, any Error>) throws -> Failure {
        try #require(throws: Failure.self) { try result.get() }
    }

    @Test func `a throttle that ends is not noticed`() async throws {
        let count = Mutex(0)
        try await withLoopbackServer({ connection in
            while connection.readRequest() != nil {
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                if number < 4 {
                    connection.respond("400 Bad", body: #"{"__type":"ThrottlingException","message":"Rate exceeded"}"#)
                } else {
                    connection.respond(body: #"{"taskDefinition":{"revision":7}}"#)
                }
            }
        }) { server in
            let (result, sleeps) = await call(try client(server.url), register)
            #expect(try result.get()["taskDefinition"]?["revision"]?.integer == 7)
            #expect(sleeps == 3)
            #expect(server.requests.count == 4)
            #expect(Set(server.requests.map(\.body)).count == 1)
        }
    }

    @Test func `a server that closes without an answer is asked again for reads only`() async throws {
        try await withLoopbackServer({ connection in _ = connection.readRequest() }) { server in
            let client = try client(server.url)
            let read = try failure(await call(client, describe).0)
            #expect(read.code == .connectionLost)
            #expect(server.requests.count == Limits.attempts)
            let write = try failure(await call(client, register).0)
            #expect(write.code == .connectionLost && write.isAmbiguous)
            #expect(server.requests.count == Limits.attempts + 1)
        }
    }

    @Test func `a write on a kept connection goes out once when the server is killed`() async throws {
        let killed: LoopbackServer.Handler = { connection in
            while let request = connection.readRequest() {
                if request.header("x-amz-target")?.hasSuffix("RegisterTaskDefinition") == true { return }
                connection.respond(body: "{}")
            }
        }
        try await withLoopbackServer(killed) { server in
            let client = try client(server.url)
            _ = try await client.call(describe)
            let write = try failure(await call(client, register).0)
            #expect(write.isAmbiguous)
            #expect(server.requests.count == 2)
        }
    }

    @Test func `a server that is not there is unreachable, and nothing is left open`() async throws {
        let failure = try failure(await call(try client("http://127.0.0.1:1"), register).0)
        #expect(failure.code == .unreachable && !failure.isAmbiguous)
        #expect(failure.disposition == .retry(after: nil))
        #expect(failure.description.hasPrefix("Cannot register task definition 'web': http://127.0.0.1:1/: "))
    }

    @Test func `a hung server costs a write one deadline`() async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.holdUntilClosed()
        }) { server in
            let failure = try failure(await call(try client(server.url, totalTimeout: .milliseconds(200)), register).0)
            #expect(failure.code == .timedOut && failure.isAmbiguous)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `an endless answer is an error`() async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\n{\"a\":\"")
            while connection.send([UInt8](repeating: 0x61, count: 10_000)) {}
        }) { server in
            let client = try client(server.url)
            #expect(try failure(await call(client, describe).0).code == .limitExceeded)
            #expect(try failure(await call(client, register).0).isAmbiguous)
        }
    }

    @Test func `a trickling answer ends by the deadline`() async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send(" ") { connection.pace(milliseconds: 20) }
        }) { server in
            let failure = try failure(await call(try client(server.url, totalTimeout: .milliseconds(300)), register).0)
            #expect(failure.code == .timedOut)
        }
    }

    @Test func `a redirect is not followed with a signature`() async throws {
        try await withLoopbackServer({ connection in
            while connection.readRequest() != nil {
                connection.respond("307 Temporary Redirect", headers: ["Location: /elsewhere"])
            }
        }) { server in
            let failure = try failure(await call(try client(server.url), describe).0)
            #expect(failure.code == .malformedAnswer)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `a cancelled call ends while it waits between sends`() async throws {
        try await withLoopbackServer({ connection in
            while connection.readRequest() != nil { connection.respond("429 Slow Down", body: "{}") }
        }) { server in
            let client = try client(server.url)
            let describe = describe
            let task = Task { try await client.call(describe) }
            await clock.sleepers()
            task.cancel()
            let result = await task.result
            #expect(try #require(throws: Failure.self) { try result.get() }.code == .cancelled)
        }
    }

    @Test func `expired credentials are renewed once and the call succeeds`() async throws {
        /// Gives `K1`, `K2` and so on.
        final class Counting: CredentialsProvider {
            let count = Mutex(0)
            func credentials() async throws(Failure) -> Credentials? {
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return Credentials(accessKey: "K\(number)", secretKey: Secret("s"), source: "test")
            }
        }
        try await withLoopbackServer({ connection in
            while let request = connection.readRequest() {
                if request.header("authorization")?.contains("Credential=K2/") == true {
                    connection.respond(body: "{}")
                } else {
                    connection.respond("400 Bad", body: #"{"__type":"ExpiredTokenException"}"#)
                }
            }
        }) { server in
            let provider = Counting()
            let value = try await client(server.url, provider: provider).call(describe)
            #expect(value == [:])
            #expect(provider.count.withLock { $0 } == 2)
            #expect(server.requests.count == 2)
        }
    }

    @Test func `two hundred calls at a time keep to the budget`() async throws {
        try await withLoopbackServer({ connection in
            while connection.readRequest() != nil { connection.respond(body: "{}") }
        }) { server in
            let client = try client(server.url)
            let describe = describe
            let clock = clock
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<200 { group.addTask { _ = try await client.call(describe) } }
                // Half of the burst of 100 goes out at once; the others sleep.
                await clock.sleepers(150)
                while server.requests.count < 50 { await Task.yield() }
                #expect(server.requests.count == 50)
                clock.advance(by: .seconds(15))
                try await group.waitForAll()
            }
            #expect(server.requests.count == 200)
            #expect(clock.slept.max() == .seconds(15))
        }
    }
}
