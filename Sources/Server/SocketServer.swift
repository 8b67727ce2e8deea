import Foundation
import Glibc
import MooringPorts
import Synchronization

/// A small HTTP server: one thread, `poll`, and a value for every connection.
///
/// Not FlyingFox, which serves the local ECS: it bounds neither the length of a line nor that of all headers, waits for a head
/// without end, and takes any number of connections. Its clients are ours; here anybody may connect.
final class SocketServer: Sendable {
    /// Where it listens.
    let port: UInt16

    private let listener: Int32
    /// The two ends of what wakes the thread.
    private let wakeUp: (near: Int32, far: Int32)
    private let clock: any MooringPorts.Clock
    private let routes: RoutingTable
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        /// The thread has ended, and its descriptors with it.
        var isOver = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// - Parameters:
    ///   - host: a numeric address of either family, or a name of this machine.
    ///   - port: 0 lets the system choose.
    /// - Throws: `.invalidInput` where the address is none of this machine, `.conflict` where another listens there.
    init(
        host: String, port: UInt16, clock: any MooringPorts.Clock, routes: RoutingTable,
    ) throws(Failure) {
        let tried = "listen on"
        let subject = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let (listener, bound) = try ListeningSocket.open(host: host, port: port, tried: tried, subject: subject)
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            let cause = String(cString: strerror(errno))
            close(listener)
            throw Failure(
                code: .limitExceeded, subject: subject, tried: tried, cause: "\(cause).",
                remedy: "Check the limit of open files.", disposition: .stalled,
            )
        }
        self.listener = listener
        self.port = bound
        wakeUp = (ends[0], ends[1])
        self.clock = clock
        self.routes = routes
        Thread.detachNewThread { [self] in serve() }
    }

    /// Stops listening, lets those have their answer who are being answered, and returns when nothing of the server is left.
    func stop() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver {
                    state.waiters.append(continuation)
                    state.isStopping = true
                    // Under the lock, under which the descriptor is closed as well. One byte at most is not taken out; where
                    // there is no room for another, the thread is woken anyway.
                    send(wakeUp.far, [1], 1, Int32(MSG_NOSIGNAL))
                }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    // MARK: On the server's thread

    private func serve() {
        var connections: [Connection] = []
        var pausedUntil: Duration = .zero
        var buffer = [UInt8](repeating: 0, count: Limits.readBytes)
        var stopAt: Duration?
        while true {
            let now = clock.uptime
            if stopAt == nil, state.withLock({ $0.isStopping }) {
                stopAt = now + Limits.stopTime
                close(listener)
                for index in connections.indices where !connections[index].exchange.isAnswering {
                    connections[index].isBroken = true
                }
            }
            if let stopAt, now >= stopAt || connections.allSatisfy(\.isDone) { break }
            let accepts = stopAt == nil && now >= pausedUntil
            let ready = wait(connections, accepts: accepts, isStopping: stopAt != nil)
            if accepts, ready.listener {
                let isFull = acceptAll(&connections)
                if isFull { pausedUntil = clock.uptime + Limits.acceptPause }
            }
            for index in connections.indices {
                let events = index < ready.connections.count ? ready.connections[index] : 0
                connections[index].turn(events, now: clock.uptime, routes: routes, buffer: &buffer)
            }
            connections.removeAll { connection in
                if connection.isDone { connection.end() }
                return connection.isDone
            }
        }
        for connection in connections { connection.end() }
        let waiters = state.withLock { state in
            state.isOver = true
            close(wakeUp.near)
            close(wakeUp.far)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Sleeps until something can be done.
    ///
    /// - Returns: whether somebody connects, and what each of the connections is ready for.
    private func wait(
        _ connections: [Connection], accepts: Bool, isStopping: Bool,
    ) -> (listener: Bool, connections: [Int16]) {
        // A negative descriptor is passed over. Nobody takes out what wakes us, which happens once.
        var descriptors = [
            pollfd(fd: isStopping ? -1 : wakeUp.near, events: Int16(POLLIN), revents: 0),
            pollfd(fd: accepts ? listener : -1, events: Int16(POLLIN), revents: 0),
        ]
        for connection in connections {
            descriptors.append(pollfd(fd: connection.socket, events: connection.interest, revents: 0))
        }
        let isIdle = connections.isEmpty && accepts
        let count = poll(&descriptors, nfds_t(descriptors.count), isIdle ? -1 : Limits.turnMilliseconds)
        guard count > 0 else { return (false, []) }
        return (descriptors[1].revents != 0, descriptors.dropFirst(2).map(\.revents))
    }

    /// Takes those who wait. Where all places are taken the oldest connections give way.
    ///
    /// - Returns: whether the process can take no more.
    private func acceptAll(_ connections: inout [Connection]) -> Bool {
        for _ in 0..<Limits.backlog {
            let socket = accept(listener, nil, nil)
            if socket < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                let isFull = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM
                if isFull, let oldest = connections.indices.first { connections[oldest].isBroken = true }
                return isFull
            }
            // A child that is started just now may still inherit it, which is why connections are shut before they are closed.
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            _ = fcntl(socket, F_SETFL, O_NONBLOCK)
            var on: Int32 = 1
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            let standing = connections.count { !$0.isDone }
            if standing >= Limits.connections,
                let oldest = connections.indices.first(where: { !connections[$0].isDone })
            {
                connections[oldest].isBroken = true
            }
            connections.append(Connection(socket: socket, exchange: Exchange(now: clock.uptime)))
        }
        return false
    }
}

/// A socket and the exchange that goes over it. In the order in which they were accepted, the oldest first.
private struct Connection {
    let socket: Int32
    var exchange: Exchange
    /// The client is gone, or had to go.
    var isBroken = false
    private var isShut = false

    init(socket: Int32, exchange: Exchange) {
        self.socket = socket
        self.exchange = exchange
    }

    var isDone: Bool { isBroken || exchange.isOver }

    /// What is waited for.
    var interest: Int16 {
        Int16((exchange.wantsInput ? POLLIN : 0) | (exchange.output.isEmpty ? 0 : POLLOUT))
    }

    /// Reads once, writes what there is to be written, and looks at the time.
    mutating func turn(_ events: Int16, now: Duration, routes: RoutingTable, buffer: inout [UInt8]) {
        guard !isDone else { return }
        if events & Int16(POLLERR | POLLNVAL) != 0 {
            isBroken = true
            return
        }
        if events & Int16(POLLIN | POLLHUP) != 0, exchange.wantsInput {
            read(now: now, routes: routes, buffer: &buffer)
        }
        if now >= exchange.deadline { exchange.expire(now: now) }
        if !exchange.output.isEmpty { write(now: now) }
        if exchange.isLingering, !isShut {
            // The client sees the end of the answer and closes; its own bytes are still read meanwhile.
            isShut = true
            shutdown(socket, Int32(SHUT_WR))
        }
        // A client that is gone altogether hears no answer either.
        if events & Int16(POLLHUP) != 0, !exchange.wantsInput, exchange.output.isEmpty { isBroken = true }
    }

    /// Ends the connection; what was sent still arrives.
    func end() {
        shutdown(socket, Int32(SHUT_WR))
        close(socket)
    }

    private mutating func read(now: Duration, routes: RoutingTable, buffer: inout [UInt8]) {
        let count = recv(socket, &buffer, buffer.count, 0)
        if count > 0 {
            exchange.receive(buffer[..<count], now: now, routes: routes)
        } else if count == 0 {
            exchange.endInput()
        } else if errno != EAGAIN, errno != EINTR {
            isBroken = true
        }
    }

    private mutating func write(now: Duration) {
        let count = exchange.output.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count >= 0 {
            exchange.sent(count, now: now)
        } else if errno != EAGAIN, errno != EINTR {
            isBroken = true
        }
    }
}
