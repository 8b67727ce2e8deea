import MooringNames
import MooringPorts
import MooringServer
import MooringTestSupport
import Testing

@Suite struct `The server` {
    private func intake() -> Intake { Intake([.github: ["s3cret"]]) }

    @Test func `takes a webhook that Python signed, and says so`() async throws {
        let intake = intake()
        try await withWebhookServer(intake) { server in
            let output = try await Client.run("print(post(PUSH, headers(PUSH, '1')))", port: server.port)
            #expect(output == "(202, 'Looking again: push to main at acme/app.')\n")
        }
        #expect(intake.events.map(\.changes) == [[.push(try BranchName("main"))]])
    }

    @Test func `answers health, and says what is not there`() async throws {
        try await withWebhookServer(intake()) { server in
            let output = try await Client.run(
                """
                print(post(None, {}, "/healthz", "GET"))
                print(post(None, {}, "/healthz", "HEAD"))
                print(post(None, {}, "/healthz?x", "GET"))
                print(post(b"", {}, "/healthz"))
                print(post(None, {}, "/hooks/github", "GET")[0])
                print(post(None, {}, "/hooks/", "POST")[0], post(None, {}, "/hooks/github/x")[0], post(None, {}, "/", "GET")[0])
                print(raw(b"GET /healthz HTTP/1.0\\r\\n\\r\\n").splitlines()[0])
                print(raw(b"\\r\\n\\r\\nGET /healthz HTTP/1.1\\r\\n\\r\\n").splitlines()[0])
                print(raw(b"nonsense\\r\\n\\r\\n").splitlines()[0])
                """, port: server.port)
            #expect(
                output == """
                    (200, 'ok')
                    (200, '')
                    (200, 'ok')
                    (405, 'Only GET, HEAD is answered here.')
                    405
                    404 404 404
                    HTTP/1.1 200 OK
                    HTTP/1.1 200 OK
                    HTTP/1.1 400 Bad Request

                    """)
        }
    }

    @Test func `takes bodies byte by byte, in chunks, and from clients that ask before they send`() async throws {
        let intake = intake()
        try await withWebhookServer(intake) { server in
            let output = try await Client.run(
                #"""
                def head(id, *more):
                    lines = ["POST /hooks/github HTTP/1.1", "Host: x"] + ["%s: %s" % h for h in headers(PUSH, id).items()]
                    return "\r\n".join(lines + list(more) + ["", ""]).encode()
                s = connect()
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for byte in head("1", "Content-Length: %d" % len(PUSH)) + PUSH: s.send(bytes([byte]))
                print(s.recv(1000).decode().splitlines()[0])
                chunks = b"".join(b"%x\r\n%s\r\n" % (len(PUSH[i:i + 7]), PUSH[i:i + 7]) for i in range(0, len(PUSH), 7))
                print(raw(head("2", "Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n").splitlines()[0])
                s = connect()
                s.sendall(head("3", "Content-Length: %d" % len(PUSH), "Expect: 100-continue"))
                print(s.recv(1000).decode().splitlines()[0])
                s.sendall(PUSH)
                print(s.recv(1000).decode().splitlines()[0])
                print(raw(head("4", "Content-Length: %d" % len(PUSH)) + PUSH + b"GET /healthz HTTP/1.1\r\n\r\n").count("HTTP/1.1"))
                """#, port: server.port)
            #expect(
                output == """
                    HTTP/1.1 202 Accepted
                    HTTP/1.1 202 Accepted
                    HTTP/1.1 100 Continue
                    HTTP/1.1 202 Accepted
                    1

                    """)
        }
        #expect(intake.events.count == 4)
    }

    @Test func `lets a client read why it is refused, even in the middle of a large body`() async throws {
        let intake = intake()
        try await withWebhookServer(intake) { server in
            let output = try await Client.run(
                #"""
                def refused(head, size):
                    s = connect()
                    s.sendall(head)
                    s.recv(1, socket.MSG_PEEK)
                    # The answer is there; whoever closes before the end of the request makes the next sends fail.
                    for _ in range(size >> 16): s.sendall(b"x" * 65536)
                    return s.recv(1000).decode().splitlines()[0]
                print(refused(b"POST /hooks/github HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n", 1 << 20))
                print(refused(b"POST /hooks/github HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 1 << 20))
                print(refused(b"POST /hooks/github HTTP/1.1\r\nA: " + b"a" * 40000, 1 << 20))
                print(refused(b"GET /healthz HTTP/1.1\r\n" + b"A: a\r\n" * 200 + b"\r\n", 0))
                """#, port: server.port)
            #expect(
                output == """
                    HTTP/1.1 401 Unauthorized
                    HTTP/1.1 413 Content Too Large
                    HTTP/1.1 431 Request Header Fields Too Large
                    HTTP/1.1 431 Request Header Fields Too Large

                    """)
        }
        #expect(intake.parses == 0)
    }

    @Test func `tells slow clients that their time is over`() async throws {
        let intake = intake()
        try await withWebhookServer(intake) { server in
            let output = try await Client.run(
                #"""
                s1 = connect()
                s1.sendall(b"POST /hooks/github HTTP/1.1\r\nHost")
                s2 = connect()
                lines = ["POST /hooks/github HTTP/1.1"] + ["%s: %s" % h for h in headers(PUSH, "1").items()]
                s2.sendall("\r\n".join(lines + ["Content-Length: %d" % len(PUSH), "", ""]).encode() + PUSH[:-1])
                silent = connect()
                print(post(None, {}, "/healthz", "GET"), flush=True)
                print(s1.recv(1000).decode().splitlines()[0])
                print(s2.recv(1000).decode().splitlines()[0])
                print(silent.recv(1000))
                """#, port: server.port
            ) { client in
                // The health that is asked for behind them tells that all three have been heard.
                try await client.line(containing: "ok")
                intake.clock.advance(by: Limits.requestTime)
            }
            #expect(
                output == """
                    (200, 'ok')
                    HTTP/1.1 408 Request Timeout
                    HTTP/1.1 408 Request Timeout
                    b''

                    """)
        }
        #expect(intake.events.isEmpty)
    }

    @Test func `throws out the oldest where all places are taken, not whoever came last`() async throws {
        let intake = intake()
        try await withWebhookServer(intake) { server in
            let output = try await Client.run(
                #"""
                def slow():
                    s = connect()
                    s.sendall(b"POST /hooks/github HTTP/1.1\r\n")
                    return s
                old = [slow() for _ in range(\#(Limits.connections))]
                lines = ["POST /hooks/github HTTP/1.1"] + ["%s: %s" % h for h in headers(PUSH, "g").items()]
                good = connect()
                good.sendall("\r\n".join(lines + ["Content-Length: %d" % len(PUSH), "", ""]).encode())
                new = [slow() for _ in range(20)]
                print(post(None, {}, "/healthz", "GET")[0])
                good.sendall(PUSH)
                print(good.recv(1000).decode().splitlines()[0])
                def is_closed(s):
                    s.setblocking(False)
                    try: return s.recv(10) == b""
                    except BlockingIOError: return False
                    except ConnectionResetError: return True
                print(all(map(is_closed, old[:20])), any(map(is_closed, old[30:] + new)))
                """#, port: server.port)
            #expect(output == "200\nHTTP/1.1 202 Accepted\nTrue False\n")
        }
    }

    @Test func `hears nothing from clients that hang up before they have said all`() async throws {
        let intake = intake()
        try await withWebhookServer(intake) { server in
            let output = try await Client.run(
                #"""
                lines = ["POST /hooks/github HTTP/1.1"] + ["%s: %s" % h for h in headers(PUSH, "1").items()]
                whole = "\r\n".join(lines + ["Content-Length: %d" % len(PUSH), "", ""]).encode() + PUSH
                answers = {raw(whole[:end], half_close=True) for end in range(0, len(whole), 7)}
                print(answers, raw(whole, half_close=True).splitlines()[0])
                """#, port: server.port)
            #expect(output == "{''} HTTP/1.1 202 Accepted\n")
        }
        #expect(intake.events.count == 1)
    }

    @Test func `serves other pages beside`() async throws {
        let page = RoutingTable.Route(["GET"], .exactly("/metrics")) { _ in
            .answer(HTTPAnswer(status: 200, contentType: "text/plain", body: Array(repeating: 0x61, count: 3_000_000)))
        }
        try await withWebhookServer(intake(), routes: [page]) { server in
            let output = try await Client.run(
                "s, b = post(None, {}, '/metrics', 'GET'); print(s, len(b), set(b))", port: server.port)
            #expect(output == "200 3000000 {'a'}\n")
        }
    }

    @Test func `lets those have their answer who are being answered when it stops, and nobody else`() async throws {
        let page = RoutingTable.Route(["GET"], .exactly("/page")) { _ in
            .answer(HTTPAnswer(status: 200, contentType: "text/plain", body: Array(repeating: 0x61, count: 30_000_000)))
        }
        let intake = intake()
        let server = try WebhookServer(
            host: "127.0.0.1", port: 0, clock: intake.clock, webhooks: intake.webhooks, routes: [page])
        let output = try await Client.run(
            #"""
            half = connect()
            half.sendall(b"POST /hooks/github HTTP/1.1\r\n")
            s = connect()
            s.sendall(b"GET /page HTTP/1.1\r\n\r\n")
            count = len(s.recv(100))
            print("begun", flush=True)
            print(half.recv(100))
            while True:
                piece = s.recv(1 << 20)
                if not piece: break
                count += len(piece)
            print(count > 30000000)
            """#, port: server.port
        ) { client in
            try await client.line(containing: "begun")
            await server.stop()
        }
        #expect(output == "begun\nb''\nTrue\n")
    }

    @Test func `is not led astray by garbage`() async throws {
        let intake = intake()
        try await withWebhookServer(intake) { server in
            let output = try await Client.run(
                #"""
                import random
                random.seed(11)
                lines = ["POST /hooks/github HTTP/1.1", "Host: x"] + ["%s: %s" % h for h in headers(PUSH, "g").items()]
                whole = "\r\n".join(lines + ["Content-Length: %d" % len(PUSH), "", ""]).encode() + PUSH
                seen = set()
                for _ in range(600):
                    data = bytearray(whole)
                    for _ in range(random.randint(1, 6)):
                        kind, at = random.randint(0, 3), random.randrange(len(data))
                        if kind == 0: data[at] = random.randrange(256)
                        if kind == 1: del data[at:at + random.randint(1, 30)]
                        if kind == 2: data[at:at] = bytes(random.randrange(256) for _ in range(random.randint(1, 30)))
                        if kind == 3: data[at:at] = data[:random.randrange(len(data))]
                    try: answer = raw(bytes(data), half_close=True)
                    except ConnectionResetError: answer = "reset"
                    seen.add(answer.split()[1] if answer.startswith("HTTP/1.1 ") else answer)
                print(sorted(seen - {"", "200", "202", "400", "401", "404", "405", "413", "431", "501", "505"}))
                print(post(PUSH, headers(PUSH, "after"))[0])
                """#, port: server.port)
            #expect(output == "[]\n202\n")
        }
        // Whatever came through was signed: it says what we said.
        #expect(intake.events.allSatisfy { $0.changes == intake.events.last?.changes })
    }

    @Test func `stops for good and leaves its port`() async throws {
        let intake = intake()
        let server = try WebhookServer(host: "127.0.0.1", port: 0, clock: intake.clock, webhooks: intake.webhooks)
        let port = server.port
        do {
            _ = try WebhookServer(host: "127.0.0.1", port: port, clock: intake.clock, webhooks: intake.webhooks)
            Issue.record("two listen on one port")
        } catch {
            #expect(error.code == .conflict)
            #expect(error.description.contains("Another program listens there"))
        }
        await server.stop()
        await server.stop()
        let output = try await Client.run(
            """
            try: connect(); print("connected")
            except ConnectionRefusedError: print("refused")
            """, port: port)
        #expect(output == "refused\n")
        let next = try WebhookServer(host: "127.0.0.1", port: port, clock: intake.clock, webhooks: intake.webhooks)
        #expect(next.port == port)
        await next.stop()
    }

    @Test func `says what is wrong with an address`() {
        for (host, part) in [("no.such.host.invalid", "Name an address of this machine"), ("192.0.2.1", "192.0.2.1:0")]
        {
            do {
                let intake = intake()
                _ = try WebhookServer(host: host, port: 0, clock: intake.clock, webhooks: intake.webhooks)
                Issue.record("listens on \(host)")
            } catch {
                #expect(error.description.contains(part))
            }
        }
    }
}
