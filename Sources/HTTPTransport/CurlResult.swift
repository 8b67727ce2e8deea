import CCurl

/// What libcurl's result codes mean to us.
enum CurlResult {
    /// - Parameters:
    ///   - hasSentRequest: whether the request, or part of it, had gone out.
    ///   - status: the status of the last answer, 0 where there was none.
    ///   - proxyStatus: the status of a proxy's answer to CONNECT, 0 where there was none.
    static func kind(of code: CURLcode, hasSentRequest: Bool, status: Int, proxyStatus: Int) -> HTTPError.Kind {
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT: .invalidRequest
        case CURLE_TOO_MANY_REDIRECTS: .badRedirect
        // The request's own scheme was checked before: it is a redirect's, or the answer is not HTTP/1.
        case CURLE_UNSUPPORTED_PROTOCOL: status >= 300 ? .badRedirect : .malformedAnswer
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolved
        case CURLE_OPERATION_TIMEDOUT: hasSentRequest ? .timedOut : .connectTimedOut
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS:
            .untrusted
        case CURLE_SSL_CONNECT_ERROR: .handshakeFailed
        case CURLE_FILESIZE_EXCEEDED: .tooLarge
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .malformedAnswer
        case CURLE_ABORTED_BY_CALLBACK: .cancelled
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT: .library
        // All else is trouble with the line: a connection refused, reset, closed without an answer or in the middle.
        default:
            if hasSentRequest { .connectionLost } else if proxyStatus >= 300 { .refusedByProxy } else { .unreachable }
        }
    }
}
