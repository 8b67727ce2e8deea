import MooringHTTPTransport
import MooringPorts
import MooringTestSupport
import Synchronization
import Testing

/// The async face, against servers that behave and servers that do not.
@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    private func options(_ change: (inout HTTPOptions) -> Void = { _ in }) -> HTTPOptions {
        var options = HTTPOptions()
        options.connectTimeout = .seconds(5)
        options.totalTimeout = .seconds(20)
        options.proxy = .direct
        change(&options)
        return options
    }

    /// The error that sending ends with.
    private func error(
        _ client: HTTPClient, _ request: HTTPRequest, _ options: HTTPOptions,
    ) async throws -> HTTPError {
        try await #require(throws: HTTPError.self) { _ = try await client.send(request, options: options) }
    }

    private let echo: LoopbackServer.Handler = { connection in
        while let request = connection.readRequest() {
            connection.respond(
                "201 Created", headers: ["X-Seen: \(request.line)", "X-Seen: twice"],
                body: String(decoding: request.body, as: UTF8.self),
            )
        }
    }

    @Test func `an answer arrives whole, whatever its status`() async throws {
        try await withLoopbackServer(echo) { server in
            let client = try HTTPClient()
            let body = String(repeating: "é", count: 300_000)
            let response = try await client.send(
                HTTPRequest(method: "PUT", url: server.url + "/x", body: Array(body.utf8)), options: options(),
            )
            #expect(response.status == 201)
            #expect(response.header("x-seen") == "PUT /x HTTP/1.1")
            #expect(response.headers.filter { $0.name == "X-Seen" }.count == 2)
            #expect(response.body == Array(body.utf8))
        }
    }

    @Test(arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    func `methods go out as they are, with a length where they may have a body`(_ method: String) async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.respond("204 No Content")
        }) { server in
            let client = try HTTPClient()
            #expect(
                try await client.send(HTTPRequest(method: method, url: server.url), options: options()).status == 204)
            let request = try #require(server.requests.first)
            #expect(request.line == "\(method) / HTTP/1.1")
            #expect(request.header("content-length") == (method == "GET" || method == "HEAD" ? nil : "0"))
            #expect(request.header("content-type") == nil)
        }
    }

    @Test func `one connection serves requests after one another, and many serve them side by side`() async throws {
        try await withLoopbackServer(echo) { server in
            let client = try HTTPClient()
            for _ in 0..<20 {
                _ = try await client.send(HTTPRequest(method: "GET", url: server.url), options: options())
            }
            #expect(server.connectionCount == 1)
            let url = server.url
            let options = options()
            try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let request = HTTPRequest(method: "POST", url: url, body: Array("\(number)".utf8))
                        return try await client.send(request, options: options).body
                    }
                }
                var answers: Set<String> = []
                for try await body in group { answers.insert(String(decoding: body, as: UTF8.self)) }
                #expect(answers == Set((0..<200).map(String.init)))
            }
            #expect(server.connectionCount <= Limits.connectionsPerHost)
        }
    }

    @Test func `a cancelled task ends its transfer at once and leaves others alone`() async throws {
        let slow: LoopbackServer.Handler = { connection in
            guard let request = connection.readRequest() else { return }
            if request.line.hasPrefix("GET /never") { connection.holdUntilClosed() } else { connection.respond() }
        }
        try await withLoopbackServer(slow) { server in
            let client = try HTTPClient()
            let options = options()
            let url = server.url
            let hung = Task { try await client.send(HTTPRequest(method: "GET", url: url + "/never"), options: options) }
            while server.requests.isEmpty { await Task.yield() }
            let start = ContinuousClock.now
            hung.cancel()
            let result = await hung.result
            #expect(throws: HTTPError.self) { try result.get() }
            // Long before the deadline, however busy the machine is.
            #expect(ContinuousClock.now - start < options.totalTimeout / 2)
            #expect(try await client.send(HTTPRequest(method: "GET", url: url), options: options).status == 200)
        }
    }

    @Test func `a task cancelled before it starts sends nothing`() async throws {
        try await withLoopbackServer(echo) { server in
            let client = try HTTPClient()
            let options = options()
            let url = server.url
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await client.send(HTTPRequest(method: "GET", url: url), options: options)
            }
            task.cancel()
            let result = await task.result
            let error = try #require(throws: HTTPError.self) { try result.get() }
            #expect(error.kind == .cancelled)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `closing the client ends what is under way and refuses what comes`() async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.holdUntilClosed()
        }) { server in
            let client = try HTTPClient()
            let options = options()
            let url = server.url
            let hung = Task { try await client.send(HTTPRequest(method: "GET", url: url), options: options) }
            while server.requests.isEmpty { await Task.yield() }
            client.close()
            let result = await hung.result
            #expect(try #require(throws: HTTPError.self) { try result.get() }.kind == .cancelled)
            #expect(try await error(client, HTTPRequest(method: "GET", url: url), options).kind == .cancelled)
        }
    }

    @Test func `a server that never answers ends by the deadline and may have acted`() async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.holdUntilClosed()
        }) { server in
            let client = try HTTPClient()
            let options = options { $0.totalTimeout = .milliseconds(300) }
            let error = try await error(client, HTTPRequest(method: "POST", url: server.url, body: [1]), options)
            #expect(error.kind == .timedOut)
            #expect(error.failure(tried: "post").isAmbiguous)
        }
    }

    @Test func `a body past its limit is an error`() async throws {
        let flood: LoopbackServer.Handler = { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send([UInt8](repeating: 1, count: 10_000)) {}
        }
        try await withLoopbackServer(flood) { server in
            let client = try HTTPClient()
            let options = options { $0.responseBodyBytes = 100_000 }
            #expect(try await error(client, HTTPRequest(method: "GET", url: server.url), options).kind == .tooLarge)
        }
    }

    @Test(arguments: [true, false])
    func `a request that may not go out twice goes out once when its connection breaks`(_ twice: Bool) async throws {
        // A GET is answered. A POST is read and the connection closed, as a server does that is killed between acting and
        // answering; a second POST is answered.
        let posts = Mutex(0)
        let killed: LoopbackServer.Handler = { connection in
            while let request = connection.readRequest() {
                if request.line.hasPrefix("POST"),
                    posts.withLock({
                        $0 += 1; return $0
                    }) == 1
                {
                    return
                }
                connection.respond()
            }
        }
        try await withLoopbackServer(killed) { server in
            let client = try HTTPClient()
            _ = try await client.send(HTTPRequest(method: "GET", url: server.url), options: options())
            let options = options { $0.mayBeSentTwice = twice }
            let request = HTTPRequest(method: "POST", url: server.url, body: [1])
            if twice {
                // This is libcurl's doing, not ours: it shows that the option is needed.
                #expect(try await client.send(request, options: options).status == 200)
                #expect(server.requests.filter { $0.line.hasPrefix("POST") }.count == 2)
            } else {
                #expect(try await error(client, request, options).kind == .connectionLost)
                #expect(server.requests.filter { $0.line.hasPrefix("POST") }.count == 1)
            }
        }
    }

    @Test func `a redirect is followed only where asked and never with credentials`() async throws {
        let moved: LoopbackServer.Handler = { connection in
            while let request = connection.readRequest() {
                if request.line.hasPrefix("GET /old") {
                    connection.respond("302 Found", headers: ["Location: /new"])
                } else {
                    connection.respond(body: "new")
                }
            }
        }
        try await withLoopbackServer(moved) { server in
            let client = try HTTPClient()
            let request = HTTPRequest(method: "GET", url: server.url + "/old")
            #expect(try await client.send(request, options: options()).status == 302)
            #expect(try await client.send(request, options: options { $0.followsRedirects = true }).status == 200)
            let withToken = options {
                $0.followsRedirects = true
                $0.credentials = .bearer(Secret("token"))
            }
            #expect(try await client.send(request, options: withToken).status == 302)
            #expect(server.requests.last?.header("authorization") == "Bearer token")
        }
    }

    @Test func `a proxy gets the request for another host, and the proxy's own words are not shown`() async throws {
        try await withLoopbackServer(echo) { proxy in
            let client = try HTTPClient()
            let url = proxy.url.replacing("http://", with: "http://user:secret@")
            let options = options { $0.proxy = .url(Secret(url)) }
            let response = try await client.send(
                HTTPRequest(method: "GET", url: "http://mooring.invalid/a"), options: options)
            #expect(response.header("x-seen") == "GET http://mooring.invalid/a HTTP/1.1")
            #expect(proxy.requests.first?.header("proxy-authorization") == "Basic dXNlcjpzZWNyZXQ=")
        }
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.respond("407 Proxy Authentication Required")
        }) { proxy in
            let client = try HTTPClient()
            let options = options { $0.proxy = .url(Secret(proxy.url)) }
            let error = try await error(client, HTTPRequest(method: "GET", url: "https://mooring.invalid/"), options)
            #expect(error.kind == .refusedByProxy)
            #expect(error.failure(tried: "read").disposition == .stalled)
        }
    }

    @Test func `secrets and queries are never printed`() {
        let secret = Secret("s3cret")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!"\(secret) \(String(reflecting: secret)) \([secret]) \(dumped)".contains("s3cret"))
        #expect(SafeURL.text(of: "https://u:p@host:1/a/b@c?token=x#y") == "https://host:1/a/b@c")
        #expect(SafeURL.text(of: "u:p@host/a?x") == "host/a")
        #expect(SafeURL.text(of: "not a url") == "not a url")
    }
}
