import Dispatch
import Foundation
import Glibc
import Synchronization

/// A request as it passed through a proxy.
package struct ProxiedCall: Sendable {
    /// Counted from 1 in the order of arrival.
    package let number: Int
    package let method: String
    /// Path and query.
    package let target: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// Status of the answer that the client was given; nil where it got none.
    package fileprivate(set) var status: Int?
    /// Whether the server got it.
    package fileprivate(set) var wasForwarded = false
    /// What the server answered, whether or not the client got it.
    package fileprivate(set) var answer: [UInt8] = []

    package var text: String { String(decoding: body, as: UTF8.self) }

    package var answerText: String { String(decoding: answer, as: UTF8.self) }

    /// The first header called `name`, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The operation of an AWS request: `UpdateService`, `AssumeRole`; nil for other requests.
    package var operation: String? {
        if let target = header("x-amz-target") { return target.split(separator: ".").last.map(String.init) }
        return text.split(separator: "&").first { $0.hasPrefix("Action=") }.map { String($0.dropFirst(7)) }
    }

    /// Whether the request may change something in AWS.
    package var isWrite: Bool {
        guard let operation else { return false }
        return !["Describe", "List", "Get", "AssumeRole"].contains(where: operation.hasPrefix)
    }
}

/// What a proxy does with a request instead of passing it on.
package enum Fault: Sendable {
    /// Keeps the request until it is released; the server does not see it before.
    case holdRequest
    /// Lets the server answer, and keeps the answer until it is released.
    case holdAnswer
    /// Closes the connection; the server sees nothing.
    case close
    /// Lets the server act, and closes the connection instead of answering.
    case closeAfterwards
    /// Answers itself; the server sees nothing.
    case answer(status: Int, type: String, body: String)
    /// Says nothing, for ever.
    case hang

    /// An error as ECS's protocol has it.
    package static func awsError(_ type: String, status: Int = 400, message: String) -> Fault {
        .answer(
            status: status, type: "application/x-amz-json-1.1",
            body: #"{"__type": "\#(type)", "message": "\#(message)"}"#)
    }
}

/// A server in front of a server on the loopback interface: passes requests on, keeps a log of them, and does to chosen ones
/// what networks and servers do.
package final class FaultProxy: Sendable {
    private struct State {
        var calls: [ProxiedCall] = []
        var faults: [ArmedFault] = []
    }

    package let port: UInt16
    private let upstream: UInt16
    private let listener: Int32
    private let state = Watched(State())
    private let connections = Mutex<(isStopped: Bool, open: Set<Int32>)>((false, []))

    /// Listens on a free port of 127.0.0.1, before the server on `upstream`.
    package init(upstream: UInt16) throws {
        self.upstream = upstream
        (listener, port) = try StreamSocket.listen()
        Thread.detachNewThread { [self] in acceptAll() }
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// All requests so far, in the order they came.
    package var calls: [ProxiedCall] { state.value.calls }

    /// How many requests of each AWS operation have come, of those after the first `start`.
    package func operations(from start: Int = 0) -> [String: Int] {
        Dictionary(calls.dropFirst(start).compactMap(\.operation).map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// The operations of AWS requests that may change something, of those after the first `start`, in the order they came.
    package func writes(from start: Int = 0) -> [String] {
        calls.dropFirst(start).filter(\.isWrite).compactMap(\.operation)
    }

    /// Waits until the calls so far satisfy a condition.
    package func calls(
        _ what: String, within limit: Duration, where condition: @escaping @Sendable ([ProxiedCall]) -> Bool,
    ) async throws {
        _ = try await state.first(what, within: limit) { condition($0.calls) ? true : nil }
    }

    /// From now on does this to the requests that match, until it is disarmed.
    ///
    /// - Parameters:
    ///   - times: the matching requests it is done to, counted from 1; the others pass.
    ///   - matches: which requests are meant.
    ///   - matchesAnswer: of an answer that would be held: whether it is meant. Those that are not are passed on.
    @discardableResult
    package func arm(
        _ fault: Fault, times: ClosedRange<Int> = 1...Int.max,
        where matches: @escaping @Sendable (ProxiedCall) -> Bool = { _ in true },
        answered matchesAnswer: @escaping @Sendable (ProxiedCall) -> Bool = { _ in true },
    ) -> ArmedFault {
        let armed = ArmedFault(fault: fault, times: times, matches: matches, matchesAnswer: matchesAnswer)
        state.update { $0.faults.append(armed) }
        return armed
    }

    /// Ends the proxy and every connection through it.
    package func stop() {
        for fault in state.value.faults { fault.disarm() }
        connections.withLock { connections in
            guard !connections.isStopped else { return }
            connections.isStopped = true
            for descriptor in connections.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
            shutdown(listener, Int32(SHUT_RDWR))
        }
    }

    // MARK: Threads

    private func acceptAll() {
        while let socket = StreamSocket.accept(listener) {
            let isWelcome = connections.withLock { connections in
                if !connections.isStopped { connections.open.insert(socket.descriptor) }
                return !connections.isStopped
            }
            guard isWelcome else {
                socket.close()
                break
            }
            Thread.detachNewThread { [self] in
                while let request = socket.readMessage(), serve(request, on: socket) {}
                connections.withLock { connections in
                    connections.open.remove(socket.descriptor)
                    socket.close()
                }
            }
        }
        Glibc.close(listener)
    }

    /// - Returns: whether the connection goes on.
    private func serve(_ request: HTTPMessage, on socket: StreamSocket) -> Bool {
        let words = request.startLine.split(separator: " ").map(String.init)
        guard words.count == 3 else { return false }
        let (index, call, fault) = enter(request, words)
        switch fault?.fault {
        case nil:
            guard let answer = forward(request, index) else { return false }
            return socket.send(answer, for: index, in: self)
        case .close: return false
        case .hang:
            fault?.trigger(call)
            socket.waitUntilClosed()
            return false
        case .answer(let status, let type, let body):
            fault?.trigger(call)
            let answer = HTTPMessage(
                startLine: "HTTP/1.1 \(status) Fault", headers: [("Content-Type", type)], body: Array(body.utf8))
            return socket.send(answer, for: index, in: self)
        case .closeAfterwards:
            _ = forward(request, index)
            fault?.trigger(call)
            return false
        case .holdRequest:
            fault?.trigger(call)
            guard fault?.waitForRelease() == .passOn, let answer = forward(request, index) else { return false }
            return socket.send(answer, for: index, in: self)
        case .holdAnswer:
            guard let answer = forward(request, index) else { return false }
            let whole = state.value.calls[index]
            if fault?.matchesAnswer(whole) == true {
                fault?.trigger(whole)
                guard fault?.waitForRelease() == .passOn else { return false }
            }
            return socket.send(answer, for: index, in: self)
        }
    }

    /// Logs the request and finds the fault that it meets.
    private func enter(_ request: HTTPMessage, _ words: [String]) -> (Int, ProxiedCall, ArmedFault?) {
        state.update { state in
            let call = ProxiedCall(
                number: state.calls.count + 1, method: words[0], target: words[1], headers: request.headers,
                body: request.body)
            state.calls.append(call)
            let fault = state.faults.first { $0.meets(call) }
            if case .close = fault?.fault { fault?.trigger(call) }
            return (state.calls.count - 1, call, fault)
        }
    }

    private func forward(_ request: HTTPMessage, _ index: Int) -> HTTPMessage? {
        guard let socket = StreamSocket.connect(to: upstream) else { return nil }
        defer { socket.close() }
        var request = request
        request.headers.removeAll { ["connection", "expect"].contains($0.name.lowercased()) }
        request.headers.append(("Connection", "close"))
        guard socket.send(request) else { return nil }
        state.update { $0.calls[index].wasForwarded = true }
        guard var answer = socket.readMessage() else { return nil }
        answer.headers.removeAll { $0.name.lowercased() == "connection" }
        state.update { [answer] in $0.calls[index].answer = answer.body }
        return answer
    }

    fileprivate func answered(_ index: Int, _ status: Int?) { state.update { $0.calls[index].status = status } }
}

extension StreamSocket {
    /// Sends the answer, and enters its status into the proxy's log first: who has seen the answer finds it there.
    fileprivate func send(_ answer: HTTPMessage, for index: Int, in proxy: FaultProxy) -> Bool {
        let words = answer.startLine.split(separator: " ")
        proxy.answered(index, words.count > 1 ? Int(words[1]) : nil)
        return send(answer)
    }
}

/// A fault that waits for its request.
package final class ArmedFault: Sendable {
    fileprivate enum Release { case passOn, drop }

    fileprivate let fault: Fault
    private let times: ClosedRange<Int>
    private let matches: @Sendable (ProxiedCall) -> Bool
    fileprivate let matchesAnswer: @Sendable (ProxiedCall) -> Bool
    private let matched = Mutex((count: 0, isArmed: true))
    private let triggered = Watched<[ProxiedCall]>([])
    private let gate = DispatchSemaphore(value: 0)
    private let release = Mutex(Release.drop)

    fileprivate init(
        fault: Fault, times: ClosedRange<Int>, matches: @escaping @Sendable (ProxiedCall) -> Bool,
        matchesAnswer: @escaping @Sendable (ProxiedCall) -> Bool,
    ) {
        self.fault = fault
        self.times = times
        self.matches = matches
        self.matchesAnswer = matchesAnswer
    }

    /// How often it has struck.
    package var count: Int { triggered.value.count }

    /// Waits until it has struck so many times.
    @discardableResult
    package func struck(times: Int = 1, within limit: Duration = .seconds(60)) async throws -> ProxiedCall {
        try await triggered.first("a fault to strike", within: limit) { $0.count >= times ? $0[times - 1] : nil }
    }

    /// From now on lets every request pass; one that is held is passed on.
    package func passOn() { open(.passOn) }

    /// From now on lets every request pass; one that is held gets no answer, and the server never sees a held request.
    package func disarm() { open(.drop) }

    private func open(_ how: Release) {
        matched.withLock { $0.isArmed = false }
        release.withLock { $0 = how }
        gate.signal()
    }

    fileprivate func meets(_ call: ProxiedCall) -> Bool {
        guard matches(call) else { return false }
        return matched.withLock { matched in
            matched.count += 1
            return matched.isArmed && times.contains(matched.count)
        }
    }

    fileprivate func trigger(_ call: ProxiedCall) { triggered.update { $0.append(call) } }

    fileprivate func waitForRelease() -> Release {
        gate.wait()
        // Whoever else is held goes on too.
        gate.signal()
        return release.withLock { $0 }
    }
}

/// Runs `body` with a proxy before the server on `upstream`.
package func withFaultProxy<Result>(
    to upstream: UInt16, isolation: isolated (any Actor)? = #isolation, _ body: (FaultProxy) async throws -> Result,
) async throws -> Result {
    let proxy = try FaultProxy(upstream: upstream)
    defer { proxy.stop() }
    return try await body(proxy)
}
