import MooringServer
import MooringTestSupport
import Testing

@Suite struct `The head of a request` {
    @Test func `is taken apart, with names in lower case and values without blanks`() throws {
        let head = try RequestHead(
            "POST /hooks/github?x=1&y HTTP/1.1\r\nHost: a\r\nX-GitHub-Event: \t push \r\nContent-Length: 12\r".utf8)
        #expect(head.method == "POST")
        #expect(head.path == "/hooks/github")
        #expect(head.query == "x=1&y")
        #expect(head.only("x-github-event") == "push")
        #expect(head.framing == .length(12))
    }

    @Test func `tells a header that comes twice by nobody's value`() throws {
        let head = try RequestHead("GET / HTTP/1.1\nX-A: 1\nx-a: 2\nX-B: 3".utf8)
        #expect(head.only("x-a") == nil)
        #expect(head.only("x-b") == "3")
        #expect(head.framing == .length(0))
    }

    @Test(arguments: [
        ("GET /", 400), ("GET  / HTTP/1.1", 400), ("GET / HTTP/2.0", 505), ("G T / HTTP/1.1", 400),
        ("GET http://a/ HTTP/1.1", 400), ("GET /\u{7F} HTTP/1.1", 400), ("GET / HTTP/1.1\n: a", 400),
        ("GET / HTTP/1.1\nA : a", 400), ("GET / HTTP/1.1\n A: a", 400), ("GET / HTTP/1.1\nA: a\rB: b", 400),
        ("GET / HTTP/1.1\nA: \0", 400), ("GET / HTTP/1.1\nno colon", 400), ("", 400),
        ("POST / HTTP/1.1\nContent-Length: 1\nContent-Length: 2", 400),
        ("POST / HTTP/1.1\nContent-Length: 1\nContent-Length: 1", 400),
        ("POST / HTTP/1.1\nContent-Length: +1", 400), ("POST / HTTP/1.1\nContent-Length: -1", 400),
        ("POST / HTTP/1.1\nContent-Length: 1, 1", 400), ("POST / HTTP/1.1\nContent-Length:", 400),
        ("POST / HTTP/1.1\nContent-Length: 99999999999999999999999", 413),
        ("POST / HTTP/1.1\nContent-Length: 40000000", 413),
        ("POST / HTTP/1.1\nTransfer-Encoding: gzip", 501), ("POST / HTTP/1.1\nTransfer-Encoding: gzip, chunked", 501),
        ("POST / HTTP/1.1\nTransfer-Encoding: chunked\nContent-Length: 1", 400),
    ])
    func `is refused where two readers could see two requests, or none`(_ text: String, _ status: Int) {
        do throws(RequestHead.Problem) {
            let head = try RequestHead(text.utf8)
            Issue.record("\(head)")
        } catch {
            #expect(error.answer.status == status)
        }
    }

    @Test func `has a bounded number of headers`() throws {
        let lines = (0..<101).map { "A\($0): b" }
        #expect(throws: RequestHead.Problem.tooManyHeaders) {
            try RequestHead((["GET / HTTP/1.1"] + lines).joined(separator: "\n").utf8)
        }
        #expect(
            try RequestHead((["GET / HTTP/1.1"] + lines.dropLast()).joined(separator: "\n").utf8).headers.count == 100)
    }
}

@Suite struct `The body of a request` {
    private func decoded(
        _ bytes: [UInt8], _ framing: BodyFraming, size: Int,
    ) throws -> (body: [UInt8], isComplete: Bool) {
        var decoder = BodyDecoder(framing)
        var body: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            try decoder.decode(bytes[start..<min(start + size, bytes.count)]) { body += $0 }
        }
        return (body, decoder.isComplete)
    }

    @Test(arguments: [1, 2, 3, 7, 100])
    func `is the same however it is cut`(_ size: Int) throws {
        let chunked = "3\r\nabc\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nGET /"
        let (body, isComplete) = try decoded(Array(chunked.utf8), .chunked, size: size)
        #expect(String(decoding: body, as: UTF8.self) == "abc0123456789")
        #expect(isComplete)
        let plain = try decoded(Array("abcGET /".utf8), .length(3), size: size)
        #expect(plain == (Array("abc".utf8), true))
        #expect(try decoded(Array("ab".utf8), .length(3), size: size) == (Array("ab".utf8), false))
        #expect(try decoded(Array("3\r\nabc\r\n0\r\n".utf8), .chunked, size: size).isComplete == false)
    }

    @Test(arguments: [
        "x\r\n", "\r\n", "-1\r\n", "+1\r\n", "1\n", "3\r\nabcd", "3\r\nabc\n", "FFFFFFFFF\r\n",
        String(repeating: "0", count: 2_000),
    ])
    func `in chunks that are none is refused`(_ text: String) {
        #expect(throws: RequestHead.Problem.self) { try decoded(Array(text.utf8), .chunked, size: 5) }
    }

    @Test func `in chunks is bounded as one with a length is`() {
        #expect(throws: RequestHead.Problem.bodyTooLarge) {
            try decoded(Array("\(String(Limits.bodyBytes + 1, radix: 16))\r\n".utf8), .chunked, size: 5)
        }
    }
}
