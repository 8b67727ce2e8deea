import FlyingFox
import FlyingSocks
import Foundation
import MooringShapes

/// The local ECS behind HTTP, on the loopback interface.
package enum LocalECSServer {
    package struct Configuration: Sendable {
        package var engine = LocalECS.Configuration()
        package var seed: UInt64 = 1
        /// 0 lets the system choose.
        package var port: UInt16 = 0
        package var clock = ClockKind.running(speed: 1)
        /// Virtual milliseconds since 1970 at the start; nil is the wall clock's time.
        package var start: Int64?
        /// Told what the scenario's timeline could not do.
        package var complain: @Sendable (String) -> Void = { _ in }

        package init() {}
    }

    /// How virtual time passes.
    package enum ClockKind: Equatable, Sendable {
        /// As many virtual seconds in a real one.
        case running(speed: Double)
        /// Only when `/_mooring/advance` says so.
        case stepped
    }

    package enum Failure: Error, Sendable, CustomStringConvertible {
        case cannotListen(port: UInt16, reason: String, remedy: String = "Choose another port, or 0 for any.")
        case stopped(reason: String)
        /// The world that the scenario wants from the start cannot be made.
        case setupFailed([String])

        package var description: String {
            switch self {
            case .cannotListen(let port, let reason, let remedy):
                "Cannot listen on 127.0.0.1:\(port): \(reason). \(remedy)"
            case .stopped(let reason): "The local ECS stopped: \(reason)."
            case .setupFailed(let objections):
                "The scenario's setup fails. Correct it, or leave it out.\n" + objections.joined(separator: "\n")
            }
        }
    }

    /// Serves until the task is cancelled, then finishes the calls in hand.
    ///
    /// - Parameter started: called once with the port, when connections are accepted.
    package static func run(
        _ configuration: Configuration, started: @escaping @Sendable (UInt16) async -> Void = { _ in },
    ) async throws(Failure) {
        if let objection = LoopbackPort.objection(to: configuration.port) {
            throw .cannotListen(port: configuration.port, reason: objection.reason, remedy: objection.remedy)
        }
        let host = LocalECSHost(configuration)
        let objections = await host.begin()
        if !objections.isEmpty { throw .setupFailed(objections) }
        let address: sockaddr_in
        do {
            address = try .inet(ip4: "127.0.0.1", port: configuration.port)
        } catch {
            throw .cannotListen(port: configuration.port, reason: "\(error)")
        }
        var settings = HTTPServer.Configuration(
            address: address, timeout: Limits.answerSeconds, pool: PromptSocketPool(), logger: .disabled)
        // Bodies are read whole below, with their own limit: nothing need be kept for a second reading.
        settings.sharedRequestReplaySize = Limits.requestBytes
        let server = HTTPServer(config: settings, handler: Handler(host: host))
        do {
            try await serve(server, started: started)
        } catch let failure as Failure {
            throw failure
        } catch {
            if Task.isCancelled { return }
            throw .cannotListen(port: configuration.port, reason: "\(error)")
        }
    }

    private static func serve(
        _ server: HTTPServer, started: @escaping @Sendable (UInt16) async -> Void,
    ) async throws {
        // A task of its own, so that cancelling the caller does not tear connections down: `stop` lets the calls in hand
        // be answered first. It ends with this function: its value is awaited on every path.
        let running = Task { try await server.run() }
        try await withTaskCancellationHandler {
            do {
                try await server.waitUntilListening(timeout: Limits.listenSeconds)
            } catch {
                await server.stop()
                running.cancel()
                // What `run` failed with says more than that it does not listen.
                try await running.value
                throw error
            }
            if case .ip4(_, let port) = await server.listeningAddress { await started(port) }
            do {
                try await running.value
            } catch {
                if !Task.isCancelled { throw Failure.stopped(reason: "\(error)") }
            }
        } onCancel: {
            Task { await server.stop(timeout: Limits.stopSeconds) }
        }
    }

    /// What FlyingFox calls for every request.
    private struct Handler: HTTPHandler {
        let host: LocalECSHost

        func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
            var body = Data()
            var received = 0
            // A body past the limit is read to its end and thrown away, so that the client gets to read the refusal;
            // one that does not end within reason is cut off.
            for try await chunk in request.bodySequence {
                received += chunk.count
                if received > Limits.discardedBytes { return HTTPResponse(webSocket: ClosingHandler()) }
                if received <= Limits.requestBytes { body.append(chunk) }
            }
            if received > Limits.requestBytes { return Handler.response(Wire.tooLarge) }
            let wire = WireRequest(
                method: request.method.rawValue, path: request.path,
                headers: request.headers.map { ($0.key.rawValue, $0.value) }, body: [UInt8](body))
            let answer = await host.answer(wire)
            if answer.delayMilliseconds > 0 {
                try await Task.sleep(for: .milliseconds(answer.delayMilliseconds))
            }
            switch answer.delivery {
            case .sent: return Handler.response(answer)
            // A switch of protocols that fails before its first byte: the one way to close without an answer.
            case .dropped: return HTTPResponse(webSocket: ClosingHandler())
            }
        }

        private static func response(_ answer: WireResponse) -> HTTPResponse {
            var headers = HTTPHeaders()
            for (name, value) in answer.headers { headers[HTTPHeader(name)] = value }
            let body = Data(answer.body)
            return HTTPResponse(
                statusCode: HTTPStatusCode(answer.status, phrase: phrase(answer.status)), headers: headers,
                // One write for the whole body.
                body: HTTPBodySequence(data: body, suggestedBufferSize: max(1, body.count)))
        }

        private static func phrase(_ status: Int) -> String {
            switch status {
            case 200: "OK"
            case 400: "Bad Request"
            case 403: "Forbidden"
            case 404: "Not Found"
            case 413: "Request Entity Too Large"
            case 500: "Internal Server Error"
            case 502: "Bad Gateway"
            case 503: "Service Unavailable"
            default: "Status"
            }
        }
    }

    private struct ClosingHandler: WSHandler {
        struct Closed: Error {}

        func makeFrames(
            for client: AsyncThrowingStream<WSFrame, any Error>,
        ) async throws -> AsyncStream<WSFrame> {
            throw Closed()
        }
    }
}

/// FlyingFox's pool, with Nagle's algorithm switched off.
///
/// FlyingFox writes head and body of an answer apart; on a kept connection the body would wait for the client's delayed
/// acknowledgement of the head, 40 ms on Linux. Accepted sockets inherit the option from the listening one.
private struct PromptSocketPool: AsyncSocketPool {
    private let base: any AsyncSocketPool = HTTPServer.defaultPool()

    func prepare() async throws { try await base.prepare() }
    func run() async throws { try await base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        try? socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        try await base.suspendSocket(socket, untilReadyFor: events)
    }
}
