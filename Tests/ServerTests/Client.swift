import Foundation
import MooringPorts
import MooringServer
import MooringTestSupport

/// A server on the loopback interface with an intake behind it.
func withWebhookServer<Result>(
    _ intake: Intake, routes: [RoutingTable.Route] = [], isolation: isolated (any Actor)? = #isolation,
    _ body: (WebhookServer) async throws -> Result,
) async throws -> Result {
    let server = try WebhookServer(
        host: "127.0.0.1", port: 0, clock: intake.clock, webhooks: intake.webhooks, routes: routes)
    do {
        let result = try await body(server)
        await server.stop()
        return result
    } catch {
        await server.stop()
        throw error
    }
}

/// Clients written in Python: another maker of requests and of signatures than we are.
enum Client {
    /// Runs a program that knows `PORT` and what the prelude below defines, and gives what it prints.
    ///
    /// - Parameter meanwhile: what is done beside it.
    static func run(
        _ program: String, port: UInt16, within limit: Duration = .seconds(120),
        meanwhile: (RunningProcess) async throws -> Void = { _ in },
    ) async throws -> String {
        let whole = prelude + "\nPORT = \(port)\n" + program
        let python = ProcessInfo.processInfo.environment["MOORING_TEST_PYTHON"] ?? "python3"
        return try await withProcess([python, "-c", whole]) { process in
            try await meanwhile(process)
            guard try await process.ending(within: limit) == .exited(0) else { throw Failed(what: process.transcript) }
            return process.output
        }
    }

    struct Failed: Error, CustomStringConvertible {
        let what: String
        var description: String { "The client failed:\n\(what)" }
    }

    private static let prelude = #"""
        import hashlib, hmac, http.client, json, os, socket, time

        SECRET = b"s3cret"
        PUSH = json.dumps({"ref": "refs/heads/main", "repository": {"full_name": "acme/app"}}).encode()

        def sign(body, secret=SECRET):
            return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()

        def headers(body, delivery, signature=None):
            return {"Content-Type": "application/json", "X-GitHub-Event": "push", "X-GitHub-Delivery": delivery,
                    "X-Hub-Signature-256": sign(body) if signature is None else signature}

        def post(body, headers, path="/hooks/github", method="POST"):
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return answer.status, answer.read().decode().strip()
            finally:
                connection.close()

        def connect():
            return socket.create_connection(("127.0.0.1", PORT), timeout=60)

        def raw(data, half_close=False):
            """Everything that is answered to some bytes."""
            s = connect()
            try:
                s.sendall(data)
                if half_close: s.shutdown(socket.SHUT_WR)
                answer = b""
                while True:
                    piece = s.recv(65536)
                    if not piece: return answer.decode()
                    answer += piece
            finally:
                s.close()
        """#
}
