import MooringPorts

/// What a request must keep to before it may go out.
enum RequestRules {
    /// Refuses what libcurl would misread or what could smuggle a second request.
    static func check(_ request: HTTPRequest, _ options: HTTPOptions) throws(HTTPError) {
        func refuse(_ detail: String) -> HTTPError { HTTPError(.invalidRequest, url: request.url, detail: detail) }
        guard SafeURL.isPlain(request.url) else {
            throw refuse("it is no http or https URL, or it holds user information or unprintable characters")
        }
        guard isToken(request.method) else { throw refuse("the method is malformed") }
        for (name, value) in request.headers {
            guard isToken(name) else { throw refuse("a header's name is malformed") }
            // libcurl takes `Name:` as "do not send", so that an empty value cannot be sent this way.
            guard isValue(value) else {
                throw refuse("the value of the header \(name) is empty or holds a control character")
            }
        }
        if case .sigV4 = options.credentials, request.headers.contains(where: { $0.name.lowercased() == "x-amz-date" })
        {
            // libcurl 7.88 signs with a date of the caller's, but then sends it twice, and AWS refuses that.
            throw refuse("a signed request must leave its date to libcurl")
        }
        guard request.body.count <= Limits.requestBodyBytes else {
            throw refuse("the body has more than \(Limits.requestBodyBytes) bytes")
        }
        for text in credentialTexts(options) where !isCredential(text) {
            throw refuse("the credentials hold a control character")
        }
    }

    /// The headers as libcurl takes them.
    static func headerLines(of request: HTTPRequest, _ options: HTTPOptions) -> [String] {
        var lines = request.headers.map { "\($0.name): \($0.value)" }
        if case .sigV4(let signature) = options.credentials {
            if let token = signature.sessionToken { lines.append("x-amz-security-token: \(token.revealed)") }
            // Nothing is suppressed here: libcurl 7.88 signs a suppressed header as an empty one and then does not send
            // it. Signed requests name their content type, and are far smaller than what makes it say `Expect`.
            return lines
        }
        // Waiting for "100 Continue" costs a round trip, or a second where the server does not know it.
        lines.append("Expect:")
        // libcurl would call every body a form.
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        return lines
    }

    private static func credentialTexts(_ options: HTTPOptions) -> [String] {
        switch options.credentials {
        case .none: []
        case .basic(let user, let password): [user, password.revealed]
        case .bearer(let token): [token.revealed]
        case .sigV4(let signature):
            [
                signature.accessKey, signature.secretKey.revealed, signature.sessionToken?.revealed ?? "",
                signature.region, signature.service,
            ]
        }
    }

    /// RFC 9110's `token`.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isValue(_ text: String) -> Bool {
        text.utf8.contains { $0 != 0x20 && $0 != 0x09 }
            && text.utf8.allSatisfy { ($0 >= 0x20 || $0 == 0x09) && $0 != 0x7F }
    }

    private static func isCredential(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}
