import MooringHTTPTransport
import MooringPorts

/// Git over http and https: a GET for the refs, a POST for each round of a fetch or a push.
///
/// Lives as long as the mirror, so that polls reuse connections; each operation gives it its own bounds with `use`.
final class HTTPGitConnection: SmartConnection {
    static let isStateful = false

    private let url: String
    private let settings: GitRemoteSettings
    private let http: BlockingHTTPConnection
    private var operation: Operation?
    /// Where POSTs go: the repository's URL, or where the GET was redirected to.
    private var base: String
    private var step = Step.idle

    /// Where the exchange with the server stands.
    private enum Step {
        /// Nothing under way.
        case idle
        /// The request is being written; the first read sends it.
        case writing(SmartService, body: [UInt8])
        /// The head of the answer was good; its body is being read.
        case reading
    }

    init(url: String, settings: GitRemoteSettings) throws(GitProblem) {
        self.url = url
        self.settings = settings
        base = url
        do {
            http = try BlockingHTTPConnection()
        } catch {
            throw .transport(HTTPGitConnection.fault(error))
        }
    }

    /// Begins an operation: what bounds the exchanges that follow.
    func use(_ operation: Operation) {
        end()
        base = url
        self.operation = operation
    }

    func begin(_ service: SmartService) throws(TransportFault) {
        end()
        step = .writing(service, body: [])
        if service.isList { try send(service, body: []) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(TransportFault) {
        guard case .writing(let service, var body) = step else {
            throw TransportFault(.malformedAnswer, "The git server's protocol was left.")
        }
        // Taken out while it grows, so that it is not copied each time.
        step = .idle
        body.append(contentsOf: bytes)
        step = .writing(service, body: body)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportFault) -> Int {
        if case .writing(let service, let body) = step { try send(service, body: body) }
        do {
            return try http.read(into: buffer)
        } catch {
            throw HTTPGitConnection.fault(error)
        }
    }

    func end() {
        http.finish()
        step = .idle
    }

    // MARK: One exchange

    /// Sends the request and looks at the head of the answer, so that libgit2 sees git's own bytes only.
    private func send(_ service: SmartService, body: [UInt8]) throws(TransportFault) {
        let sent = settings.token?.current
        var head = try exchange(service, body: body)
        // A token that was replaced since it was read is refused; the one in its place may not be.
        if head.status == 401 || head.status == 403, let token = settings.token, let sent,
            token.renew(insteadOf: sent)
        {
            http.finish()
            head = try exchange(service, body: body)
        }
        guard head.status == 200 else { throw refusal(head) }
        let kind = service.isList ? "advertisement" : "result"
        guard head.contentType == "application/x-\(service.program)-\(kind)" else {
            let type = Words.printable(head.contentType ?? "none", maximum: 100)
            throw TransportFault(
                .malformedAnswer, "The server does not answer as a git server does (content type \(type)).", .stalled,
            )
        }
        if service.isList { followRedirect(to: head.effectiveURL, service) }
        step = .reading
    }

    private func exchange(_ service: SmartService, body: [UInt8]) throws(TransportFault) -> ResponseHead {
        do {
            try http.start(
                request(service, body: body), options: options(service),
                deadline: .now + (operation?.remaining ?? .zero), cancellation: operation?.cancellation ?? CancelFlag(),
            )
            return try http.head()
        } catch {
            throw HTTPGitConnection.fault(error)
        }
    }

    private func request(_ service: SmartService, body: [UInt8]) -> HTTPRequest {
        if service.isList {
            return HTTPRequest(
                method: "GET", url: base + HTTPGitConnection.listSuffix(service), headers: [("Accept", "*/*")],
            )
        }
        return HTTPRequest(
            method: "POST", url: "\(base)/\(service.program)",
            headers: [
                ("Content-Type", "application/x-\(service.program)-request"),
                ("Accept", "application/x-\(service.program)-result"),
            ],
            body: body,
        )
    }

    private func options(_ service: SmartService) -> HTTPOptions {
        var options = HTTPOptions()
        options.connectTimeout = settings.deadlines.connect
        options.stallTimeout = settings.deadlines.stall
        options.totalTimeout = settings.deadlines.transfer
        options.responseBodyBytes = settings.receivedBytes
        options.caFile = settings.caFile
        options.userAgent = "git/2 (mooring)"
        options.followsRedirects = service.isList
        // A push that arrived twice would be refused the second time, and so be reported as refused.
        options.mayBeSentTwice = service != .push
        guard HTTPGitConnection.origin(base) == HTTPGitConnection.origin(url) else { return options }
        switch settings.credential {
        case .basic(let user, let password):
            options.credentials = .basic(user: user, password: settings.token?.current ?? password)
        case .bearer(let token): options.credentials = .bearer(token)
        case .none, .ssh: break
        }
        return options
    }

    /// A renamed repository answers the GET with a redirect; the POSTs go where it led. The credential stays with the
    /// host that it was given for.
    private func followRedirect(to effectiveURL: String, _ service: SmartService) {
        let suffix = HTTPGitConnection.listSuffix(service)
        if effectiveURL.hasSuffix(suffix) { base = String(effectiveURL.dropLast(suffix.count)) }
    }

    private static func listSuffix(_ service: SmartService) -> String { "/info/refs?service=\(service.program)" }

    /// Scheme, host and port.
    private static func origin(_ url: String) -> String {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.prefix(3).joined(separator: "/").lowercased()
    }

    // MARK: Faults

    private func refusal(_ head: ResponseHead) -> TransportFault {
        let words = serverWords(head)
        switch head.status {
        case 401:
            var cause = "The server does not accept the credential\(words)."
            if case .none = settings.credential { cause = "The server asks for a credential and none is set\(words)." }
            if HTTPGitConnection.origin(head.effectiveURL) != HTTPGitConnection.origin(url) {
                cause = "The server redirects to \(SafeURL.text(of: head.effectiveURL)), where no credential is sent."
            }
            return TransportFault(.unauthenticated, cause, .stalled)
        case 403: return TransportFault(.accessDenied, "The server refuses access\(words).", .stalled)
        case 404, 410: return TransportFault(.notFound, "The server knows no such repository\(words).", .stalled)
        case 429:
            return TransportFault(
                .throttled, "The server asks us to slow down\(words).", .retry(after: head.retryAfter),
            )
        case 300..<400:
            return TransportFault(
                .malformedAnswer, "The server redirects (HTTP \(head.status)) where no redirect is followed.", .stalled,
            )
        case 500...:
            return TransportFault(
                .serverError, "The server answered HTTP \(head.status)\(words).", .retry(after: head.retryAfter),
            )
        default:
            return TransportFault(.malformedAnswer, "The server answered HTTP \(head.status)\(words).")
        }
    }

    /// What the server says about a refusal, where it says it in plain text.
    private func serverWords(_ head: ResponseHead) -> String {
        guard head.contentType == "text/plain",
            let body = try? http.readAll(limit: Limits.serverWordsCharacters)
        else { return "" }
        let words = Words.printable(String(decoding: body, as: UTF8.self))
        let sentence = words.hasSuffix(".") ? String(words.dropLast()) : words
        return sentence.isEmpty ? "" : ": \(sentence)"
    }

    private static func fault(_ error: HTTPError) -> TransportFault {
        let failure = error.failure(tried: "")
        return TransportFault(failure.code, failure.cause, failure.disposition)
    }
}
