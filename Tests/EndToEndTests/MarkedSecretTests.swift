import Foundation
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

/// Secrets that are told apart from everything else, searched for in everything that comes out.
@Suite struct `Tokens and secrets of webhooks` {
    private static let hookSecret = "marked-webhook-secret-8f2c1d"
    private static let messageSecret = "marked-message-secret-77aa01"

    @Test(.timeLimit(.minutes(5))) func `appear in no log, error, note, status, message or process title`() async throws
    {
        try await withScene { scene in
            let client = try HTTPClient()
            let host = try await StubHost("github", client: client)
            try await withPythonServer(Self.receiver) { receiver in
                var mooring = scene.mooring
                mooring.environmentSettings = [
                    "host: {kind: github, tokenVariable: TEST_HOST_TOKEN, apiURL: \"\(host.url)\", repository: acme/app}",
                    "pullRequests: {interval: 500ms}", "webhook: {secretVariable: TEST_HOOK}",
                    "notifications: {on: [started, success, failure, recovery], url: \"\(receiver.url)/hook\", "
                        + "secretVariable: TEST_MESSAGE}",
                ]
                mooring.variables.merge(
                    [
                        "TEST_HOST_TOKEN": StubHost.token, "TEST_HOOK": Self.hookSecret,
                        "TEST_MESSAGE": Self.messageSecret, "MOORING_LOG_LEVEL": "trace",
                        "MOORING_LISTEN": "127.0.0.1:0",
                    ]) { $1 }
                let secrets = [StubHost.token, Self.hookSecret, Self.messageSecret, scene.git.token]
                var everything = ""
                // Secrets stand in the manifests as well: whatever is planned or refused must not repeat them.
                let files = try Scene.quickstart(image: "my-app:v1.0")
                let first = try scene.merge(files, "Begin")
                try await mooring.run { controller in
                    #expect(try await first.end().sync == "Synced")
                    let second = try scene.merge(try Scene.quickstart(image: "my-app:bad-v2"), "Fail")
                    _ = try await second.end(within: .seconds(150))
                    let broken = try scene.merge(["production/service.yaml": "serviceName: [\n"], "Break")
                    _ = try await broken.end()
                    // The token is refused from now on: the errors that follow must not name it.
                    try await host.set("settings", #"{"token": "another"}"#)
                    let third = try scene.merge(files, "Mend")
                    _ = try await third.end()
                    let port = try await controller.line(containing: "Webhooks are taken").text
                    let number = port.components(separatedBy: "port ").last?.prefix { $0.isNumber } ?? ""
                    for signature in ["sha256=00", "sha256=\(Self.hookSecret)", Self.hookSecret] {
                        let answer = try await client.send(
                            HTTPRequest(
                                method: "POST", url: "http://127.0.0.1:\(number)/hooks/github",
                                headers: [("X-Hub-Signature-256", signature), ("X-GitHub-Event", "push")],
                                body: Array("{}".utf8)))
                        #expect(answer.status == 401)
                        everything += String(decoding: answer.body, as: UTF8.self)
                    }
                    let process = controller.id
                    for name in ["cmdline", "comm", "status"] {
                        everything += (try? String(contentsOfFile: "/proc/\(process)/\(name)", encoding: .utf8)) ?? ""
                    }
                    for commit in [first, second, broken, third] { everything += try commit.note() ?? "" }
                    everything += controller.transcript
                }
                everything += try await host.posted().map { "\($0)" }.joined()
                let messages = try await client.send(HTTPRequest(method: "GET", url: receiver.url + "/_messages"))
                everything += String(decoding: messages.body, as: UTF8.self)
                everything += try scene.git.repository.git("log", "--all", "--format=%B%an%ae")
                #expect(everything.count > 10_000 && everything.contains("mooring/production"))
                for secret in secrets { #expect(!everything.contains(secret), "a secret came out") }
            }
        }
    }

    /// Takes messages, and shows all of each but the signature's header.
    private static let receiver = #"""
        import http.server, json
        messages = []
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                messages.append({"headers": dict(self.headers), "body": body.decode()})
                self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
            def do_GET(self):
                data = json.dumps(messages).encode()
                self.send_response(200); self.send_header("Content-Length", str(len(data))); self.end_headers()
                self.wfile.write(data)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        print("ready", server.server_port, flush=True)
        server.serve_forever()
        """#
}
