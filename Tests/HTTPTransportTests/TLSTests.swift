import Foundation
import MooringHTTPTransport
import MooringPorts
import MooringTestSupport
import Testing

/// TLS against Python's server with a certificate of its own making.
@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    /// Makes a self-signed certificate in the folder `FOLDER` and serves one file with it.
    private let program = """
        import http.server, os, ssl, subprocess
        folder = os.environ["FOLDER"]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem", "-days", "2", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1"], check=True, stderr=subprocess.DEVNULL, timeout=30)
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.send_header("Content-Length", "6"); self.end_headers()
                self.wfile.write(b"secret")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print("ready", server.server_address[1], flush=True)
        server.serve_forever()
        """

    @Test func `a private certificate is trusted through its CA file only`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mooring-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await withPythonServer(program, environment: ["FOLDER": folder.path]) { server in
            let client = try HTTPClient()
            var options = HTTPOptions()
            options.proxy = .direct
            let request = HTTPRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/")
            let refusal = try await #require(throws: HTTPError.self) {
                _ = try await client.send(request, options: options)
            }
            #expect(refusal.kind == .untrusted)
            #expect(refusal.failure(tried: "read").disposition == .stalled)
            options.caFile = folder.appendingPathComponent("cert.pem").path
            #expect(try await client.send(request, options: options).body == Array("secret".utf8))
            let wrongName = HTTPRequest(method: "GET", url: "https://localhost:\(server.port)/")
            let mismatch = try await #require(throws: HTTPError.self) {
                _ = try await client.send(wrongName, options: options)
            }
            #expect(mismatch.kind == .untrusted)
            options.caFile = folder.appendingPathComponent("absent.pem").path
            let absent = try await #require(throws: HTTPError.self) {
                _ = try await HTTPClient().send(request, options: options)
            }
            #expect(absent.kind == .untrusted)
        }
    }

    @Test func `plain HTTP where TLS is expected is no trusted answer`() async throws {
        try await withLoopbackServer({ connection in
            _ = connection.readBytes(1)
            connection.respond()
        }) { server in
            var options = HTTPOptions()
            options.proxy = .direct
            let request = HTTPRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/")
            let error = try await #require(throws: HTTPError.self) {
                _ = try await HTTPClient().send(request, options: options)
            }
            #expect(error.kind == .handshakeFailed)
            #expect(!error.failure(tried: "read").isAmbiguous)
        }
    }
}
