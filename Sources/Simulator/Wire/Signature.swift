import MooringCryptography

/// Checks AWS's signature of a request, version 4.
///
/// Source: IAM User Guide, "Create a signed AWS API request"; reference/ecs-api.md section 7. How far the clocks may be apart is
/// not checked: the virtual clock is not the client's.
struct Signature {
    /// `20260101/eu-central-1/ecs/aws4_request`.
    private let scope: String
    private let signedHeaders: [String]
    private let value: String

    /// Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`; nil where a part is missing.
    init?(_ authorization: String) {
        guard authorization.hasPrefix("AWS4-HMAC-SHA256 ") else { return nil }
        var parts: [String: String] = [:]
        for field in authorization.dropFirst("AWS4-HMAC-SHA256 ".count).split(separator: ",") {
            let halves = field.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else { return nil }
            parts[halves[0].filter { $0 != " " }] = String(halves[1])
        }
        guard let credential = parts["Credential"], let slash = credential.firstIndex(of: "/"),
            let headers = parts["SignedHeaders"], let value = parts["Signature"]
        else { return nil }
        scope = String(credential[credential.index(after: slash)...])
        signedHeaders = headers.split(separator: ";").map(String.init)
        self.value = value
    }

    /// Whether the holder of the secret signed this request, and all of it that must be signed.
    func isValid(of request: WireRequest, secret: String) -> Bool {
        let parts = scope.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[3] == "aws4_request", let date = request.header("x-amz-date"),
            date.hasPrefix(parts[0]), date.utf8.count == 16, signedHeaders.contains("host"),
            request.header("x-amz-target") == nil || signedHeaders.contains("x-amz-target")
        else { return false }
        var canonical = "\(request.method.uppercased())\n\(request.path)\n\n"
        for name in signedHeaders {
            guard let header = request.header(name) else { return false }
            // Runs of spaces count as one.
            let words = header.split(separator: " ").joined(separator: " ")
            canonical += "\(name):\(words)\n"
        }
        canonical += "\n\(signedHeaders.joined(separator: ";"))\n\(SHA256.hex(of: request.body))"
        let toSign = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(SHA256.hex(of: canonical.utf8))"
        var key = Array("AWS4\(secret)".utf8)
        for part in parts { key = HMACSHA256.bytes(key: key, message: part.utf8) }
        return ConstantTime.areEqual(HMACSHA256.hex(key: key, message: toSign.utf8).utf8, value.utf8)
    }
}

extension LocalECS {
    /// Why a request's signature is not accepted; nil where it is, or where signatures are not asked for.
    func objection(to request: WireRequest, api: Operation.API) -> APIError? {
        guard configuration.requiresSignatures else { return nil }
        // The codes of JSON and query APIs differ, and so do their statuses.
        func error(_ json: String, _ query: String, _ message: String) -> APIError {
            APIError(code: api.isQuery ? query : json, message: message, status: api.isQuery ? 403 : 400)
        }
        guard let authorization = request.header("authorization") else {
            return error(
                "MissingAuthenticationTokenException", "MissingAuthenticationToken", "Missing Authentication Token")
        }
        guard let signature = Signature(authorization), let credential = Wire.credential(authorization) else {
            return error(
                "IncompleteSignatureException", "IncompleteSignature",
                "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters.")
        }
        let session = sessions[credential.accessKey]
        let unknown = error(
            "UnrecognizedClientException", "InvalidClientTokenId",
            "The security token included in the request is invalid.")
        guard let secret = session?.secret ?? configuration.secrets[credential.accessKey] else { return unknown }
        guard session?.token == request.header("x-amz-security-token") else { return unknown }
        guard signature.isValid(of: request, secret: secret) else {
            return error(
                "InvalidSignatureException", "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                    + "Access Key and signing method. Consult the service documentation for details.")
        }
        return nil
    }
}
