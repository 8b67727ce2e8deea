import MooringGit
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

/// What an http server may do wrong, and what is said about it.
@Suite(.serialized) struct HTTPTransportFaultTests {
    private let main: BranchName
    private let notes: NotesRef

    init() throws {
        main = try BranchName("main")
        notes = NotesRef(try EnvironmentName("production"))
    }

    @Test func `a wrong token is told, with the place to look, and is not repeated`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let mirror = bench.mirror(try .http(server, token: "wrong-token"))
            let failure = try #require(await failure { () throws(Failure) in try await mirror.fetch(branch: main) })
            #expect(failure.code == .unauthenticated)
            #expect(failure.disposition == .stalled)
            #expect(failure.remedy == "Check the token in MOORING_GIT_TOKEN.")
            #expect(failure.subject == server.url)
            #expect(!failure.description.contains("wrong-token"))
        }
    }

    @Test func `a token that was replaced is read again, once it is refused`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let commit = try server.repository.commit(["a.json": "1"], to: main, message: "One")
            var settings = try GitRemoteSettings.http(server, token: "old-token")
            let right = server.token
            let token = RenewableSecret(Secret("old-token")) { Secret(right) }
            settings.token = token
            let mirror = bench.mirror(settings)
            #expect(try await mirror.fetch(branch: main).head == commit)
            try await mirror.publish([commit: "schema: 1\n"], to: notes)
            #expect(token.renewed == [Secret(right)])
            // Where the place holds the same one still, nothing is repeated.
            settings.token = RenewableSecret(Secret("old-token")) { Secret("old-token") }
            let stubborn = bench.mirror(settings, name: "other")
            let failure = try #require(await failure { () throws(Failure) in try await stubborn.fetch(branch: main) })
            #expect(failure.code == .unauthenticated && failure.disposition == .stalled)
        }
    }

    @Test func `a token in the url is used and never shown`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let commit = try server.repository.commit(["a.json": "1"], to: main, message: "One")
            let host = server.url.dropFirst("http://".count)
            let settings = GitRemoteSettings(
                address: try GitAddress("http://\(server.user):\(server.token)@\(host)"),
            )
            #expect(try await bench.mirror(settings).fetch(branch: main).head == commit)
            for text in ["\(settings)", String(reflecting: settings), "\(settings.address)"] {
                #expect(!text.contains(server.token))
            }
        }
    }

    @Test(
        arguments: [
            ("401 Unauthorized", Failure.Code.unauthenticated), ("403 Forbidden", .accessDenied),
            ("404 Not Found", .notFound), ("429 Too Many Requests", .throttled), ("500 Oops", .serverError),
            ("503 Later", .serverError), ("302 Found", .malformedAnswer), ("418 Teapot", .malformedAnswer),
        ])
    func `an answer that is no success is told by its code`(_ status: String, _ code: Failure.Code) async throws {
        let bench = try Bench()
        try await withLoopbackServer { connection in
            _ = connection.readRequest()
            connection.respond(
                status, headers: ["Content-Type: text/plain", "Retry-After: 7"], body: "Ask\u{1B}[31m the owner.\n",
            )
        } _: { server in
            let mirror = bench.mirror(GitRemoteSettings(address: try GitAddress(server.url + "/shop.git")))
            let failure = try #require(
                await failure { () throws(Failure) in try await mirror.remoteHeads(branch: main, notes: notes) },
            )
            #expect(failure.code == code)
            #expect(!failure.cause.contains("\u{1B}"))
            if code == .throttled || code == .serverError {
                #expect(failure.disposition == .retry(after: .seconds(7)))
            }
            if code == .accessDenied {
                #expect(failure.cause == "The server refuses access: Ask\u{FFFD}[31m the owner.")
            }
        }
    }

    @Test func `a page for people instead of git is told`() async throws {
        let bench = try Bench()
        try await withLoopbackServer { connection in
            _ = connection.readRequest()
            connection.respond(headers: ["Content-Type: text/html"], body: "<h1>Sign in</h1>")
        } _: { server in
            let mirror = bench.mirror(GitRemoteSettings(address: try GitAddress(server.url)))
            let failure = await failure { () throws(Failure) in try await mirror.fetch(branch: main) }
            #expect(failure?.code == .malformedAnswer)
            #expect(failure?.cause.contains("text/html") == true)
        }
    }

    @Test func `a server with ids of SHA-256 is told as not supported`() async throws {
        let bench = try Bench()
        let id = String(repeating: "ab", count: 32)
        let line = "\(id) refs/heads/main\0object-format=sha256\n"
        let length = String(line.utf8.count + 4, radix: 16)
        let body =
            "001e# service=git-upload-pack\n0000"
            + String(repeating: "0", count: 4 - length.count) + length + line + "0000"
        try await withLoopbackServer { connection in
            _ = connection.readRequest()
            connection.respond(headers: ["Content-Type: application/x-git-upload-pack-advertisement"], body: body)
        } _: { server in
            let mirror = bench.mirror(GitRemoteSettings(address: try GitAddress(server.url)))
            let failure = await failure { () throws(Failure) in try await mirror.fetch(branch: main) }
            #expect(failure?.code == .invalidInput)
            #expect(failure?.cause.contains("SHA-256") == true)
        }
    }

    @Test func `a redirect is followed, but the credential stays where it belongs`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { real in
            _ = try real.repository.commit(["a.json": "1"], to: main, message: "One")
            try await withLoopbackServer { connection in
                guard let request = connection.readRequest() else { return }
                let query = request.line.split(separator: "?").last?.split(separator: " ").first ?? ""
                connection.respond("302 Found", headers: ["Location: \(real.url)/info/refs?\(query)"])
            } _: { server in
                var settings = try GitRemoteSettings.http(real)
                settings.address = try GitAddress(server.url + "/old.git")
                let mirror = bench.mirror(settings)
                let failure = await failure { () throws(Failure) in try await mirror.fetch(branch: main) }
                #expect(failure?.code == .unauthenticated)
                #expect(failure?.cause == "The server redirects to \(real.url)/info/refs, where no credential is sent.")
                #expect(server.requests.first?.header("authorization") != nil)
            }
        }
    }

    @Test(arguments: ["silence", "headers", "trickle"])
    func `a server that does not get on costs one deadline`(_ manner: String) async throws {
        let bench = try Bench()
        try await withLoopbackServer { connection in
            _ = connection.readRequest()
            if manner != "silence" {
                connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n\r\n")
            }
            if manner == "trickle" {
                while connection.send("0") { connection.pace(milliseconds: 50) }
            }
            connection.holdUntilClosed()
        } _: { server in
            var settings = GitRemoteSettings(address: try GitAddress(server.url))
            settings.deadlines = GitDeadlines(
                connect: .seconds(1), stall: .milliseconds(400), list: .milliseconds(800), transfer: .milliseconds(800),
            )
            let mirror = bench.mirror(settings)
            let start = ContinuousClock.now
            let heads = await failure { () throws(Failure) in try await mirror.remoteHeads(branch: main, notes: notes) }
            let fetch = await failure { () throws(Failure) in try await mirror.fetch(branch: main) }
            // "0000" over and over is a protocol error before it is slow.
            #expect(heads?.code == .timedOut || (manner == "trickle" && heads?.code == .connectionLost))
            #expect(fetch?.code == heads?.code)
            // Without the deadline it would last for ever; a busy machine may take its time.
            #expect(ContinuousClock.now - start < .seconds(25))
        }
    }

    @Test func `a cancelled task ends a hung fetch`() async throws {
        let bench = try Bench()
        let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
        try await withLoopbackServer { connection in
            _ = connection.readRequest()
            arrival.yield()
            connection.holdUntilClosed()
        } _: { server in
            let mirror = bench.mirror(GitRemoteSettings(address: try GitAddress(server.url)))
            let start = ContinuousClock.now
            let branch = main
            let fetch = Task { await failure { () throws(Failure) in try await mirror.fetch(branch: branch) } }
            for await _ in arrived { break }
            fetch.cancel()
            #expect(await fetch.value?.code == .cancelled)
            // The stall limit would end it after thirty seconds, as timed out.
            #expect(ContinuousClock.now - start < .seconds(25))
        }
    }

    @Test func `a hung repository does not hold up another one`() async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        let commit = try source.commit(["a.json": "1"], to: main, message: "One")
        let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
        try await withLoopbackServer { connection in
            _ = connection.readRequest()
            arrival.yield()
            connection.holdUntilClosed()
        } _: { server in
            let address = try GitAddress(server.url)
            let branch = main
            // More hung mirrors than Swift's own pool has threads.
            let hung = (0..<8).map { number in
                let mirror = bench.mirror(GitRemoteSettings(address: address), name: "hung\(number)")
                return Task { await failure { () throws(Failure) in try await mirror.fetch(branch: branch) } }
            }
            var arrivals = 0
            for await _ in arrived {
                arrivals += 1
                if arrivals == 8 { break }
            }
            #expect(try await bench.mirror(.local(source)).fetch(branch: main).head == commit)
            for task in hung { task.cancel() }
            for task in hung { #expect(await task.value?.code == .cancelled) }
        }
    }

    @Test func `a server that is not there is told as unreachable, and recovers`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let commit = try server.repository.commit(["a.json": "1"], to: main, message: "One")
            let refused = bench.mirror(
                GitRemoteSettings(address: try GitAddress("http://127.0.0.1:1/shop.git")), name: "x")
            let failure = await failure { () throws(Failure) in try await refused.fetch(branch: main) }
            #expect(failure?.code == .unreachable)
            let mirror = bench.mirror(try .http(server), name: "x")
            #expect(try await mirror.fetch(branch: main).head == commit)
        }
    }

    @Test func `a fetch that receives too much is ended`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            var random = SystemRandomNumberGenerator()
            let noise = (0..<60_000).map { _ in String(UInt64.random(in: 0 ... .max, using: &random), radix: 36) }
                .joined()
            _ = try server.repository.commit(["a.json": noise], to: main, message: "Large")
            var settings = try GitRemoteSettings.http(server)
            settings.receivedBytes = 100_000
            let mirror = bench.mirror(settings)
            let failure = await failure { () throws(Failure) in try await mirror.fetch(branch: main) }
            #expect(failure?.code == .limitExceeded)
        }
    }
}
