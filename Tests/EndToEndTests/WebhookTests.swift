import Foundation
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

/// Webhooks that the built binary takes: a push is seen at once although the next poll is an hour away.
@Suite struct `A webhook` {
    private static let secret = "webhook-secret-0123456789"

    @Test(.timeLimit(.minutes(4))) func `makes the controller look at once, and a forged one does not`() async throws {
        try await withScene { scene in
            let client = try HTTPClient()
            var mooring = scene.mooring
            mooring.pollInterval = "1h"
            mooring.environmentSettings = [
                "host: {kind: github, repository: acme/app}", "webhook: {secretVariable: HOOK}",
            ]
            mooring.variables = ["HOOK": Self.secret, "MOORING_LISTEN": "127.0.0.1:0"]
            let first = try scene.mergeQuickstart()
            try await mooring.run { controller in
                #expect(try await first.end().sync == "Synced")
                let line = try await controller.line(containing: "Webhooks are taken").text
                let port = line.components(separatedBy: "port ").last?.prefix { $0.isNumber } ?? ""
                let second = try scene.mergeQuickstart(image: "my-app:v1.1", "Change")
                let body =
                    #"{"ref": "refs/heads/main", "after": "\#(second.id)", "repository": {"full_name": "shop", "#
                    + #""clone_url": "\#(mooring.repository)"}}"#
                func send(_ key: String, id: String) async throws -> Int {
                    let made = try await runPython(
                        "import hmac,sys; print(hmac.new(sys.argv[1].encode(), sys.argv[2].encode(), 'sha256').hexdigest())",
                        key, body)
                    let request = HTTPRequest(
                        method: "POST", url: "http://127.0.0.1:\(port)/hooks/github",
                        headers: [
                            ("Content-Type", "application/json"), ("X-GitHub-Event", "push"), ("X-GitHub-Delivery", id),
                            ("X-Hub-Signature-256", "sha256=\(made)"),
                        ], body: Array(body.utf8))
                    return try await client.send(request).status
                }
                #expect(try await send("another secret", id: "1") == 401)
                #expect(try second.note() == nil)
                #expect((200...202).contains(try await send(Self.secret, id: "2")))
                #expect(try await second.end().sync == "Synced")
                let health = try await client.send(
                    HTTPRequest(method: "GET", url: "http://127.0.0.1:\(port)/healthz"))
                #expect(health.status == 200)
            }
        }
    }

    private func runPython(_ program: String, _ arguments: String...) async throws -> String {
        let ended = try runProgram([Python.interpreter, "-c", program] + arguments)
        return ended.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
