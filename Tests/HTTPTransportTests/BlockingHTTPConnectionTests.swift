import MooringHTTPTransport
import MooringPorts
import MooringTestSupport
import Testing

/// The blocking face, against servers that behave and servers that do not.
@Suite(.timeLimit(.minutes(1))) struct BlockingHTTPConnectionTests {
    private func options(_ change: (inout HTTPOptions) -> Void = { _ in }) -> HTTPOptions {
        var options = HTTPOptions()
        options.connectTimeout = .seconds(5)
        options.totalTimeout = .seconds(20)
        options.proxy = .direct
        change(&options)
        return options
    }

    /// Reads to the end in pieces of seven bytes, so that several reads share a chunk.
    private func body(of connection: BlockingHTTPConnection) throws -> String {
        var body: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 7)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try connection.read(into: $0) }
            if count == 0 { break }
            body += buffer[..<count]
        }
        return String(decoding: body, as: UTF8.self)
    }

    /// The kind of the error that `work` ends with.
    private func kind(_ work: () throws -> Void) throws -> HTTPError.Kind {
        try #require(throws: HTTPError.self, performing: work).kind
    }

    @Test func `a body is read in pieces, with status, headers and content type`() async throws {
        let server: LoopbackServer.Handler = { connection in
            while connection.readRequest() != nil {
                connection.send("HTTP/1.1 200 OK\r\nContent-Type: Text/Plain; charset=utf-8\r\n")
                connection.send("X-A:  1 \r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                connection.send("10\r\n, world and more\r\n0\r\n\r\n")
            }
        }
        try await withLoopbackServer(server) { server in
            let connection = try BlockingHTTPConnection()
            for _ in 0..<3 {
                try connection.start(HTTPRequest(method: "GET", url: server.url + "/a?b=c"), options: options())
                let head = try connection.head()
                #expect(head.status == 200)
                #expect(head.contentType == "text/plain")
                #expect(head.header("x-a") == "1")
                #expect(try body(of: connection) == "hello, world and more")
                #expect(try body(of: connection).isEmpty)
            }
            connection.finish()
            #expect(server.connectionCount == 1)
            #expect(server.requests.map(\.line) == Array(repeating: "GET /a?b=c HTTP/1.1", count: 3))
        }
    }

    @Test func `a post carries its body and nothing that was not asked for`() async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.respond(body: "ok")
        }) { server in
            let connection = try BlockingHTTPConnection()
            let bytes = [UInt8](repeating: 0, count: 2_000_000)
            let request = HTTPRequest(method: "POST", url: server.url, headers: [("X-B", "2")], body: bytes)
            try connection.start(request, options: options { $0.userAgent = "git/mooring" })
            #expect(try body(of: connection) == "ok")
            let received = try #require(server.requests.first)
            #expect(received.body == bytes)
            #expect(received.header("user-agent") == "git/mooring")
            #expect(received.header("x-b") == "2")
            #expect(received.header("expect") == nil)
            #expect(received.header("content-type") == nil)
            #expect(received.header("authorization") == nil)
        }
    }

    @Test func `an answer cut short is a lost connection`() async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        }) { server in
            let connection = try BlockingHTTPConnection()
            try connection.start(HTTPRequest(method: "GET", url: server.url), options: options())
            #expect(try kind { _ = try body(of: connection) } == .connectionLost)
        }
    }

    @Test func `a connection that nobody accepts is unreachable`() throws {
        let server = try LoopbackServer { _ in }
        server.stop()
        let connection = try BlockingHTTPConnection()
        // The listener may take a moment to close; a connection accepted meanwhile is closed at once.
        try connection.start(HTTPRequest(method: "GET", url: "http://127.0.0.1:1/"), options: options())
        #expect(try kind { _ = try connection.head() } == .unreachable)
    }

    @Test func `a name without address is unresolved`() throws {
        let connection = try BlockingHTTPConnection()
        try connection.start(HTTPRequest(method: "GET", url: "http://mooring.invalid/"), options: options())
        #expect(try kind { _ = try connection.head() } == .unresolved)
    }

    @Test func `a server that never answers ends by the stall limit`() async throws {
        try await withLoopbackServer({ $0.holdUntilClosed() }) { server in
            let connection = try BlockingHTTPConnection()
            let request = HTTPRequest(method: "GET", url: server.url)
            try connection.start(request, options: options { $0.stallTimeout = .milliseconds(300) })
            let start = ContinuousClock.now
            #expect(try kind { _ = try connection.head() } == .stalled)
            #expect(ContinuousClock.now - start < .seconds(3))
        }
    }

    @Test func `a server that trickles ends by the deadline`() async throws {
        let trickle: LoopbackServer.Handler = { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send("x") { connection.pace(milliseconds: 20) }
        }
        try await withLoopbackServer(trickle) { server in
            let connection = try BlockingHTTPConnection()
            let request = HTTPRequest(method: "GET", url: server.url)
            try connection.start(
                request, options: options { $0.stallTimeout = .seconds(10) }, deadline: .now + .milliseconds(500),
            )
            #expect(try kind { _ = try body(of: connection) } == .timedOut)
        }
    }

    @Test func `a raised flag ends the exchange within a turn`() async throws {
        try await withLoopbackServer({ $0.holdUntilClosed() }) { server in
            let connection = try BlockingHTTPConnection()
            let flag = CancelFlag()
            flag.raise()
            let request = HTTPRequest(method: "GET", url: server.url)
            try connection.start(request, options: options(), cancellation: flag)
            let start = ContinuousClock.now
            #expect(try kind { _ = try connection.head() } == .cancelled)
            #expect(ContinuousClock.now - start < .seconds(1))
        }
    }

    @Test(arguments: [true, false])
    func `a body past its limit is an error, with and without a length`(_ hasLength: Bool) async throws {
        let flood: LoopbackServer.Handler = { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n" + (hasLength ? "Content-Length: 100000000\r\n\r\n" : "\r\n"))
            while connection.send([UInt8](repeating: 1, count: 10_000)) {}
        }
        try await withLoopbackServer(flood) { server in
            let connection = try BlockingHTTPConnection()
            let request = HTTPRequest(method: "GET", url: server.url)
            try connection.start(request, options: options { $0.responseBodyBytes = 100_000 })
            #expect(try kind { _ = try body(of: connection) } == .tooLarge)
        }
    }

    @Test func `endless headers are an error`() async throws {
        let flood: LoopbackServer.Handler = { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-Filler: \(String(repeating: "x", count: 500))\r\n") {}
        }
        try await withLoopbackServer(flood) { server in
            let connection = try BlockingHTTPConnection()
            try connection.start(HTTPRequest(method: "GET", url: server.url), options: options())
            #expect(try kind { _ = try connection.head() } == .tooLarge)
        }
    }

    @Test func `what is not HTTP is malformed`() async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.send("SSH-2.0-OpenSSH_9.2\r\n")
        }) { server in
            let connection = try BlockingHTTPConnection()
            try connection.start(HTTPRequest(method: "GET", url: server.url), options: options())
            #expect(try kind { _ = try connection.head() } == .malformedAnswer)
        }
    }

    @Test func `a redirect is followed on GET where asked, and credentials stay with their host`() async throws {
        let target: LoopbackServer.Handler = { connection in
            while connection.readRequest() != nil { connection.respond(body: "there") }
        }
        try await withLoopbackServer(target) { target in
            try await withLoopbackServer({ connection in
                while connection.readRequest() != nil {
                    connection.respond("301 Moved", headers: ["Location: \(target.url)/new"], body: "moved")
                }
            }) { server in
                let connection = try BlockingHTTPConnection()
                let request = HTTPRequest(method: "GET", url: server.url + "/old")
                for credentials in [
                    HTTPOptions.Credentials.basic(user: "u", password: Secret("p")), .bearer(Secret("token")),
                ] {
                    let following = options {
                        $0.followsRedirects = true
                        $0.credentials = credentials
                    }
                    try connection.start(request, options: following)
                    #expect(try connection.head().effectiveURL == target.url + "/new")
                    #expect(try body(of: connection) == "there")
                    #expect(server.requests.last?.header("authorization") != nil)
                    #expect(target.requests.last?.header("authorization") == nil)
                }
                try connection.start(request, options: options())
                #expect(try connection.head().status == 301)
                let post = HTTPRequest(method: "POST", url: server.url + "/old", body: [1])
                try connection.start(post, options: options { $0.followsRedirects = true })
                #expect(try connection.head().status == 301)
                #expect(target.requests.count == 2)
            }
        }
    }

    @Test func `a redirect to a file is refused`() async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readRequest()
            connection.respond("302 Found", headers: ["Location: file:///etc/passwd"])
        }) { server in
            let connection = try BlockingHTTPConnection()
            let request = HTTPRequest(method: "GET", url: server.url)
            try connection.start(request, options: options { $0.followsRedirects = true })
            #expect(try kind { _ = try connection.head() } == .badRedirect)
        }
    }

    @Test func `a connection is used again after an answer that was not read to its end`() async throws {
        try await withLoopbackServer({ connection in
            while connection.readRequest() != nil {
                connection.respond(
                    "404 Not Found", headers: ["Retry-After: 7"], body: String(repeating: "x", count: 5000))
            }
        }) { server in
            let connection = try BlockingHTTPConnection()
            for _ in 0..<2 {
                try connection.start(HTTPRequest(method: "GET", url: server.url), options: options())
                let head = try connection.head()
                #expect(head.status == 404)
                #expect(head.retryAfter == .seconds(7))
                #expect(try connection.readAll(limit: 10).count == 10)
                connection.finish()
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test(arguments: [
        "ftp://127.0.0.1/", "http://user:secret@127.0.0.1/", "/relative", "http://", "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nX: y",
    ])
    func `a URL that is not plain http is refused and its secrets are not shown`(_ url: String) throws {
        let connection = try BlockingHTTPConnection()
        let error = try #require(throws: HTTPError.self) {
            try connection.start(HTTPRequest(method: "GET", url: url), options: options())
        }
        #expect(error.kind == .invalidRequest)
        #expect(!"\(error)".contains("secret"))
    }

    @Test(arguments: [("X-A", "1\r\nX-Evil: 2"), ("X A", "1"), ("X-A", ""), ("", "1")])
    func `a header that would smuggle is refused`(_ name: String, _ value: String) throws {
        let connection = try BlockingHTTPConnection()
        let request = HTTPRequest(method: "GET", url: "http://127.0.0.1:1/", headers: [(name, value)])
        #expect(try kind { try connection.start(request, options: options()) } == .invalidRequest)
    }
}
