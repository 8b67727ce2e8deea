package import MooringPorts

/// The HTTP side of the controller.
package final class WebhookServer: Sendable {
    private let server: SocketServer

    /// Where it listens; what the system chose where any was asked for.
    package var port: UInt16 { server.port }

    /// Begins to serve: `POST /hooks/<host>`, `GET /healthz`, and what else there is.
    ///
    /// - Parameters:
    ///   - host: the address to listen on: `0.0.0.0`, `::`, `127.0.0.1`.
    ///   - port: 0 lets the system choose.
    ///   - clock: for the times that a client may take.
    ///   - routes: beside webhooks and `/healthz`. They are called on the one thread that serves everybody.
    /// - Throws: a `Failure` of disposition `stalled` or `invalidInput` where nothing can listen there.
    package init(
        host: String, port: UInt16, clock: any Clock, webhooks: WebhookIntake, routes: [RoutingTable.Route] = [],
    ) throws(Failure) {
        let health = RoutingTable.Route(["GET"], .exactly("/healthz")) { _ in .answer(.text(200, "ok")) }
        server = try SocketServer(
            host: host, port: port, clock: clock, routes: RoutingTable([health, webhooks.route] + routes))
    }

    /// Stops listening, lets those have their answer who are being answered, and returns when nothing of the server is left.
    package func stop() async { await server.stop() }
}
