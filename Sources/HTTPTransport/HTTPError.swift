package import MooringPorts

/// Why no complete answer came. An answer of any status is no error here.
package struct HTTPError: Error, Equatable, Sendable, CustomStringConvertible {
    package let kind: Kind
    /// The URL that was asked, fit to be shown.
    package let url: String
    /// What libcurl or we say about it: a sentence without its full stop.
    package let detail: String

    package enum Kind: Hashable, Sendable {
        /// The request itself cannot be sent: a malformed URL or header, a body past its limit.
        case invalidRequest
        /// The host's or the proxy's name has no address.
        case unresolved
        /// No connection: refused, unroutable, or broken before the request went out.
        case unreachable
        /// The proxy refuses to connect us.
        case refusedByProxy
        /// No connection within the time allowed; the request did not go out.
        case connectTimedOut
        /// The deadline passed after the request, or part of it, had gone out.
        case timedOut
        /// Nothing moved for too long after the request, or part of it, had gone out.
        case stalled
        /// The server's certificate is not trusted.
        case untrusted
        /// Client and server found no common TLS.
        case handshakeFailed
        /// The connection broke after the request, or part of it, had gone out.
        case connectionLost
        /// The answer's body or headers pass their limit.
        case tooLarge
        /// What came is not HTTP.
        case malformedAnswer
        /// More redirects than allowed, or one to where we do not go.
        case badRedirect
        /// The caller gave up, or the client was closed.
        case cancelled
        /// libcurl itself is in trouble: out of memory, out of descriptors.
        case library
    }

    package init(_ kind: Kind, url: String, detail: String) {
        self.kind = kind
        self.url = SafeURL.text(of: url)
        self.detail = String(detail.prefix(Limits.errorTextCharacters))
    }

    package var description: String { "\(url): \(detail)." }

    /// The error as ports carry it.
    ///
    /// - Parameter tried: what was tried, as a phrase behind "Cannot": `read`.
    package func failure(tried: String) -> Failure {
        let (code, remedy, disposition) = verdict
        return Failure(
            code: code, subject: url, tried: tried, cause: detail + ".", remedy: remedy, disposition: disposition,
        )
    }

    /// Network trouble passes by itself; trust and proxies need a person. Ambiguity lives in the code: whatever can only
    /// happen before the request went out is `unreachable`.
    private var verdict: (Failure.Code, remedy: String, Failure.Disposition) {
        switch kind {
        case .invalidRequest: (.invalidInput, "", .invalidInput)
        case .unresolved: (.unreachable, "Check the host's name and the resolver.", .retry(after: nil))
        case .unreachable, .connectTimedOut: (.unreachable, "Check address, port and network.", .retry(after: nil))
        case .refusedByProxy: (.unreachable, "Check the proxy's settings and its credentials.", .stalled)
        case .timedOut, .stalled: (.timedOut, "", .retry(after: nil))
        case .untrusted:
            (.untrustedHost, "If the host has a certificate of a private authority, name its CA file.", .stalled)
        case .handshakeFailed: (.unreachable, "The host must speak TLS 1.2 or newer.", .retry(after: nil))
        case .connectionLost: (.connectionLost, "", .retry(after: nil))
        case .tooLarge: (.limitExceeded, "", .stalled)
        case .malformedAnswer: (.malformedAnswer, "", .retry(after: nil))
        case .badRedirect: (.malformedAnswer, "Use the address that the server redirects to.", .stalled)
        case .cancelled: (.cancelled, "", .retry(after: nil))
        case .library: (.connectionLost, "Check memory and the limit of open files.", .retry(after: nil))
        }
    }
}
