import MooringCryptography
import MooringHTTPTransport
import MooringPorts
import MooringTestSupport
import Testing

/// libcurl's AWS signatures, computed once more from what came over the wire.
@Suite(.timeLimit(.minutes(1))) struct SignatureTests {
    private let accessKey = "AKIDEXAMPLE"
    private let secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLE:KEY"

    /// AWS's recipe, independent of libcurl: the signature that `request` must carry.
    private func expectedSignature(
        _ request: ReceivedRequest, signedHeaders: [String], date: String, region: String, service: String,
    ) -> String {
        let parts = request.line.split(separator: " ")
        let headers = signedHeaders.map { "\($0):\(request.header($0) ?? "absent")\n" }.joined()
        let canonical = [
            String(parts[0]), String(parts[1]), "", headers, signedHeaders.joined(separator: ";"),
            SHA256.hex(of: request.body),
        ].joined(separator: "\n")
        let day = String(date.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let text = ["AWS4-HMAC-SHA256", date, scope, SHA256.hex(of: canonical.utf8)].joined(separator: "\n")
        var key = Array("AWS4\(secretKey)".utf8)
        for part in [day, region, service, "aws4_request"] { key = HMACSHA256.bytes(key: key, message: part.utf8) }
        return HMACSHA256.hex(key: key, message: text.utf8)
    }

    @Test(arguments: [nil, "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVz+/="], ["ecs", "elasticloadbalancing"])
    func `a signed request carries what AWS demands`(_ token: String?, _ service: String) async throws {
        try await withLoopbackServer({ connection in
            while connection.readRequest() != nil { connection.respond() }
        }) { server in
            let client = try HTTPClient()
            var options = HTTPOptions()
            options.proxy = .direct
            options.credentials = .sigV4(
                HTTPOptions.SigV4(
                    accessKey: accessKey, secretKey: Secret(secretKey), sessionToken: token.map(Secret.init),
                    region: "eu-central-1", service: service,
                ))
            let json = HTTPRequest(
                method: "POST", url: server.url + "/",
                headers: [
                    ("X-Amz-Target", "AmazonEC2ContainerServiceV20141113.ListServices"),
                    ("Content-Type", "application/x-amz-json-1.1"),
                ], body: Array(#"{"cluster":"é"}"#.utf8),
            )
            let query = HTTPRequest(
                method: "POST", url: server.url + "/",
                headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                body: Array("Action=GetCallerIdentity&Version=2011-06-15".utf8),
            )
            for (request, target) in [(json, ["x-amz-target"]), (query, [])] {
                #expect(try await client.send(request, options: options).status == 200)
                let received = try #require(server.requests.last)
                let date = try #require(received.header("x-amz-date"))
                let signed =
                    ["content-type", "host", "x-amz-date"] + (token == nil ? [] : ["x-amz-security-token"]) + target
                let signature = expectedSignature(
                    received, signedHeaders: signed, date: date, region: "eu-central-1", service: service,
                )
                let scope = "\(date.prefix(8))/eu-central-1/\(service)/aws4_request"
                #expect(
                    received.header("authorization")
                        == "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), SignedHeaders=\(signed.joined(separator: ";")), Signature=\(signature)"
                )
                #expect(received.header("x-amz-security-token") == token)
                #expect(received.headers.filter { $0.name.lowercased() == "x-amz-date" }.count == 1)
                #expect(received.body == request.body)
            }
        }
    }
}
