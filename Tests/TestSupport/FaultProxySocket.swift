import Foundation
import Glibc

/// A request or an answer, its body whole.
struct HTTPMessage: Sendable {
    let startLine: String
    var headers: [(name: String, value: String)]
    let body: [UInt8]

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A connected socket that speaks as much HTTP as a proxy needs. Used by one thread at a time.
final class StreamSocket: @unchecked Sendable {
    // Unchecked, because it is handed from the accepting thread to the one that serves it, and never shared.
    let descriptor: Int32
    private var buffer: [UInt8] = []
    private var position = 0

    init(descriptor: Int32) {
        self.descriptor = descriptor
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    struct ListenError: Error { let number: Int32 }

    /// Listens on a free port of 127.0.0.1.
    static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ListenError(number: errno) }
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) | Glibc.listen(descriptor, 128)
                    | getsockname(descriptor, generic, &length)
            }
        }
        guard result == 0 else {
            Glibc.close(descriptor)
            throw ListenError(number: errno)
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// The next connection; nil when the listener is shut down.
    static func accept(_ listener: Int32) -> StreamSocket? {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return StreamSocket(descriptor: descriptor)
    }

    static func connect(to port: UInt16) -> StreamSocket? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = loopback(port: port)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                Glibc.connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return StreamSocket(descriptor: descriptor) }
        Glibc.close(descriptor)
        return nil
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// Ends the connection, even where a child process just started has inherited it.
    func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }

    // MARK: Reading

    /// Reads a request or an answer with its body; nil when the other side has closed.
    func readMessage() -> HTTPMessage? {
        guard let start = readLine(), !start.isEmpty else { return nil }
        var headers: [(name: String, value: String)] = []
        while let line = readLine(), !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            headers.append((String(parts[0]), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""))
        }
        let head = HTTPMessage(startLine: start, headers: headers, body: [])
        if head.header("expect")?.lowercased() == "100-continue" { write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        let isAnswer = start.hasPrefix("HTTP/")
        if isAnswer, start.split(separator: " ").dropFirst().first == "100" { return readMessage() }
        guard let body = readBody(of: head, untilEnd: isAnswer) else { return nil }
        // The body is whole now, so its length is known.
        headers.removeAll { ["transfer-encoding", "content-length"].contains($0.name.lowercased()) }
        return HTTPMessage(startLine: start, headers: headers, body: body)
    }

    private func readBody(of head: HTTPMessage, untilEnd: Bool) -> [UInt8]? {
        if head.header("transfer-encoding")?.lowercased() == "chunked" {
            var body: [UInt8] = []
            while let line = readLine(), let size = Int(line.prefix { $0 != ";" }, radix: 16) {
                if size == 0 {
                    while let trailer = readLine(), !trailer.isEmpty {}
                    return body
                }
                guard let chunk = readBytes(size), readLine() != nil else { return nil }
                body += chunk
            }
            return nil
        }
        if let length = head.header("content-length").flatMap(Int.init) { return readBytes(length) }
        guard untilEnd else { return [] }
        while fill() {}
        defer { position = buffer.count }
        return Array(buffer[position...])
    }

    private func readLine() -> String? {
        while true {
            if let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { position = end + 1 }
                let line = String(decoding: buffer[position..<end], as: UTF8.self)
                return line.hasSuffix("\r") ? String(line.dropLast()) : line
            }
            guard fill() else { return nil }
        }
    }

    private func readBytes(_ count: Int) -> [UInt8]? {
        while buffer.count - position < count {
            guard fill() else { return nil }
        }
        defer { position += count }
        return Array(buffer[position..<position + count])
    }

    private func fill() -> Bool {
        if position == buffer.count { (buffer, position) = ([], 0) }
        var block = [UInt8](repeating: 0, count: 1 << 16)
        var got = 0
        repeat { got = recv(descriptor, &block, block.count, 0) } while got < 0 && errno == EINTR
        guard got > 0 else { return false }
        buffer += block[..<got]
        return true
    }

    /// Reads on until the other side closes or the socket is shut down.
    func waitUntilClosed() { while fill() { (buffer, position) = ([], 0) } }

    // MARK: Writing

    /// Sends a message with its length; false where the other side no longer takes it.
    func send(_ message: HTTPMessage) -> Bool {
        var lines = [message.startLine] + message.headers.map { "\($0.name): \($0.value)" }
        lines.append("Content-Length: \(message.body.count)")
        return write(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + message.body)
    }

    @discardableResult
    private func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}

/// One request to a server on the loopback interface, for tests that ask a server directly.
package enum LoopbackExchange {
    package struct Answer: Sendable {
        package let status: Int
        package let body: String
    }

    package struct NoAnswer: Error {}

    /// Sends a request on a connection of its own and waits for the answer.
    package static func send(
        _ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: String = "",
        port: UInt16,
    ) throws -> Answer {
        guard let socket = StreamSocket.connect(to: port) else { throw NoAnswer() }
        defer { socket.close() }
        let request = HTTPMessage(
            startLine: "\(method) \(target) HTTP/1.1",
            headers: [("Host", "127.0.0.1:\(port)"), ("Connection", "close")] + headers, body: Array(body.utf8))
        guard socket.send(request), let answer = socket.readMessage() else { throw NoAnswer() }
        let status = answer.startLine.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return Answer(status: status ?? 0, body: String(decoding: answer.body, as: UTF8.self))
    }
}
