/// What is answered to a request.
package struct HTTPAnswer: Hashable, Sendable {
    package let status: Int
    package let contentType: String
    package let body: [UInt8]
    /// Beside those that every answer has.
    package let headers: [RequestHead.Header]

    package init(status: Int, contentType: String, body: [UInt8], headers: [RequestHead.Header] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.headers = headers
    }

    /// One line of text.
    package static func text(_ status: Int, _ line: String, headers: [RequestHead.Header] = []) -> HTTPAnswer {
        HTTPAnswer(
            status: status, contentType: "text/plain; charset=utf-8", body: Array((line + "\n").utf8), headers: headers,
        )
    }

    /// What goes over the wire. The connection ends with the answer: hosts send seldom, and a request that has a connection of
    /// its own cannot be mistaken for the rest of another.
    ///
    /// - Parameter isHeadOnly: after HEAD, where the body is told of but not sent.
    package func bytes(isHeadOnly: Bool) -> [UInt8] {
        var lines = [
            "HTTP/1.1 \(status) \(HTTPAnswer.phrase(of: status))", "Content-Type: \(contentType)",
            "Content-Length: \(body.count)", "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
            "Connection: close",
        ]
        lines += headers.map { "\($0.name): \($0.value)" }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (isHeadOnly ? [] : body)
    }

    private static func phrase(of status: Int) -> String {
        switch status {
        case 200: "OK"
        case 202: "Accepted"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}
