import Foundation
import Glibc
import Synchronization

/// A server on a loopback port that answers as badly as a test wants: byte by byte, too much, too late, never.
///
/// The handler gets every connection on a thread of its own; when it returns, the connection is closed.
package final class LoopbackServer: Sendable {
    package typealias Handler = @Sendable (borrowing LoopbackConnection) -> Void

    package let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var requests: [ReceivedRequest] = []
        var connectionCount = 0
        var open: Set<Int32> = []
        var isStopped = false
    }

    package struct SocketError: Error {
        let call: String
        let number: Int32
    }

    /// Listens on a free port of 127.0.0.1.
    package init(_ handler: @escaping Handler) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw SocketError(call: "socket", number: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) | listen(listener, 64) | getsockname(listener, generic, &length)
            }
        }
        guard result == 0 else {
            close(listener)
            throw SocketError(call: "bind, listen or getsockname", number: errno)
        }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in acceptAll(handler) }
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// Every request whose head and body came whole, in the order they came.
    package var requests: [ReceivedRequest] { state.withLock { $0.requests } }

    /// How many connections were accepted.
    package var connectionCount: Int { state.withLock { $0.connectionCount } }

    /// Ends the server and every connection. Handlers that wait for a client are let go.
    package func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            for socket in state.open { shutdown(socket, Int32(SHUT_RDWR)) }
            shutdown(listener, Int32(SHUT_RDWR))
        }
    }

    private func acceptAll(_ handler: @escaping Handler) {
        while true {
            let socket = accept(listener, nil, nil)
            if socket < 0 { break }
            // A child process that another test starts must not hold the connection open when it is closed here.
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            let isWelcome = state.withLock { state in
                guard !state.isStopped else { return false }
                state.connectionCount += 1
                state.open.insert(socket)
                return true
            }
            guard isWelcome else {
                close(socket)
                break
            }
            Thread.detachNewThread { [self] in
                handler(LoopbackConnection(socket: socket, server: self))
                // Under the lock, so that `stop` cannot shut down another connection that got the same number.
                state.withLock { state in
                    state.open.remove(socket)
                    close(socket)
                }
            }
        }
        close(listener)
    }

    fileprivate func record(_ request: ReceivedRequest) { state.withLock { $0.requests.append(request) } }
}

/// A request as it came over the wire.
package struct ReceivedRequest: Sendable {
    /// `POST / HTTP/1.1`.
    package let line: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    /// The first header called `name`, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// One accepted connection, seen by the handler.
package struct LoopbackConnection: ~Copyable {
    private let socket: Int32
    private let server: LoopbackServer

    fileprivate init(socket: Int32, server: LoopbackServer) {
        self.socket = socket
        self.server = server
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Reads one request with its body; nil when the client has closed.
    package func readRequest() -> ReceivedRequest? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let byte = readBytes(1)?.first, head.count < 1 << 20 else { return nil }
            head.append(byte)
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: true)
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                name: String(parts[0]), value: parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "",
            )
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard let body = readBytes(length) else { return nil }
        let request = ReceivedRequest(line: String(lines.first ?? ""), headers: headers, body: body)
        server.record(request)
        return request
    }

    /// Reads exactly `count` bytes; nil when the client has closed before.
    package func readBytes(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                recv(socket, $0.baseAddress.map { $0 + filled }, count - filled, 0)
            }
            if got <= 0 { return nil }
            filled += got
        }
        return bytes
    }

    /// Sends bytes as they are.
    ///
    /// - Returns: false where the client no longer takes them.
    @discardableResult package func send(_ bytes: some Sequence<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Sends text as it is.
    @discardableResult package func send(_ text: String) -> Bool { send(text.utf8) }

    /// Sends a whole answer with its length.
    package func respond(_ status: String = "200 OK", headers: [String] = [], body: String = "") {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Says nothing more until the client closes or the server stops.
    package func holdUntilClosed() { while readBytes(1) != nil {} }

    /// Lets time pass, until the client closes or speaks at the latest: for servers that trickle.
    package func pace(milliseconds: Int32) {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        poll(&descriptor, 1, milliseconds)
    }

    /// Makes the coming close a reset instead of an orderly end.
    package func resetOnClose() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }
}

/// Runs `body` with a server that stops when it is done.
package func withLoopbackServer<Result>(
    _ handler: @escaping LoopbackServer.Handler, isolation: isolated (any Actor)? = #isolation,
    _ body: (LoopbackServer) async throws -> Result,
) async throws -> Result {
    let server = try LoopbackServer(handler)
    defer { server.stop() }
    return try await body(server)
}
