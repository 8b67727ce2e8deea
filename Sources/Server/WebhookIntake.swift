package import MooringHTTPTransport
package import MooringPorts
import Synchronization

/// Takes webhooks: who may send them, which are new, and what they are a reason for.
///
/// Everything is called on the server's thread.
package final class WebhookIntake: Sendable {
    /// Reads a body that a secret vouches for; a parameter, so that a test can count.
    package typealias Reader = @Sendable (HostKind, String?, [UInt8]) -> WebhookReading

    private let secrets: @Sendable (HostKind) -> [Secret]
    private let onEvent: @Sendable (WebhookEvent) -> Void
    private let onNotice: @Sendable (ServerNotice) -> Void
    private let read: Reader
    private let clock: any Clock
    private let state = Mutex(State())

    private struct State {
        var memory = DeliveryMemory()
        var notices = NoticeBook()
        var keptBytes = 0
    }

    /// - Parameters:
    ///   - secrets: those in force for webhooks of a kind of host; asked for each request, so that they may be replaced.
    ///   - onEvent: handed what is a reason to look again. It must not wait: the same thread serves everybody.
    ///   - onNotice: for the log.
    package init(
        clock: any Clock, secrets: @escaping @Sendable (HostKind) -> [Secret],
        onEvent: @escaping @Sendable (WebhookEvent) -> Void,
        onNotice: @escaping @Sendable (ServerNotice) -> Void = { _ in },
        read: @escaping Reader = { WebhookReader.read($0, event: $1, body: $2) },
    ) {
        self.clock = clock
        self.secrets = secrets
        self.onEvent = onEvent
        self.onNotice = onNotice
        self.read = read
    }

    /// `POST /hooks/<host>`.
    package var route: RoutingTable.Route {
        RoutingTable.Route(["POST"], .below("/hooks/")) { self.verdict(on: $0) }
    }

    /// Judges a request by its head.
    package func verdict(on head: RequestHead) -> RequestVerdict {
        guard let host = HostKind(named: head.path.dropFirst("/hooks/".count)) else {
            let all = HostKind.allCases.map(\.rawValue).joined(separator: ", ")
            return .answer(.text(404, "No such kind of host. There are \(all)."))
        }
        let inForce = secrets(host).filter { !$0.isEmpty }.prefix(Limits.secretsPerHost)
        guard !inForce.isEmpty else {
            notice { $0.noSecret(host) }
            return .answer(.text(404, "Webhooks of \(host.title) are not taken here: no secret is set for them."))
        }
        if host == .bitbucketDataCenter, head.eventName(host) == "diagnostics:ping", head.only("x-hub-signature") == nil
        {
            // The button that tries the connection does not sign. It means nothing, so that anybody may send it.
            return .answer(.text(200, "Ignored: a ping."))
        }
        switch WebhookCredential(host, head, secrets: Array(inForce), now: clock.now) {
        case .absent(let what):
            notice { $0.refused(host, .unsigned, now: clock.uptime) }
            return .answer(.text(401, what))
        case .wrong: return .answer(refusal(host))
        case .shown: return .receive(WebhookBody(self, host, head, signature: nil))
        case .signed(let signature): return .receive(WebhookBody(self, host, head, signature: signature))
        }
    }

    /// Says no to a signature or a token.
    func refusal(_ host: HostKind) -> HTTPAnswer {
        notice { $0.refused(host, .wrongSignature, now: clock.uptime) }
        return .text(401, "The signature, token or time does not fit.")
    }

    /// Takes what a secret vouches for.
    ///
    /// - Parameter body: nil where it was too large to be kept.
    func take(_ host: HostKind, _ head: RequestHead, body: [UInt8]?) -> HTTPAnswer {
        let id = head.deliveryID(host)
        if let id, isKnown(id, host) { return WebhookIntake.replayed }
        guard let body else {
            onNotice(.tooLarge(host))
            let event = WebhookReader.unspecified(host, nil, "a webhook that is too large to be read")
            return hand(over: event, id: id)
        }
        let reading = read(host, head.eventName(host), body)
        let delivery = id ?? reading.delivery
        if id == nil, let delivery, isKnown(delivery, host) { return WebhookIntake.replayed }
        switch reading.outcome {
        // What the host is told to be wrong it stops sending: what is passed over is right as well.
        case .ignored(let reason): return .text(200, "Ignored. \(reason)")
        case .ping: return .text(200, "Ignored: a ping.")
        case .event(let event): return hand(over: event, id: delivery)
        }
    }

    private static let replayed = HTTPAnswer.text(200, "Ignored: this delivery was taken before.")

    private func hand(over event: WebhookEvent, id: String?) -> HTTPAnswer {
        onEvent(event)
        // Only now: what was not handed over may come again.
        if let id { state.withLock { $0.memory.remember(id, of: event.host) } }
        let what = event.changes.map(\.description).joined(separator: ", ")
        return .text(202, "Looking again: \(what)" + (event.repository.map { " at \($0.name.quoted)." } ?? "."))
    }

    private func isKnown(_ id: String, _ host: HostKind) -> Bool {
        state.withLock { $0.memory.contains(id, of: host) }
    }

    private func notice(_ make: (inout NoticeBook) -> ServerNotice?) {
        if let notice = state.withLock({ make(&$0.notices) }) { onNotice(notice) }
    }

    // MARK: What may be kept

    /// Asks to keep so many more bytes.
    func reserve(_ count: Int) -> Bool {
        state.withLock { state in
            guard state.keptBytes + count <= Limits.keptBodyBytesInAll else { return false }
            state.keptBytes += count
            return true
        }
    }

    /// Gives back what was kept.
    func release(_ count: Int) { state.withLock { $0.keptBytes -= count } }
}

/// The body of one webhook: hashed as it comes, and kept as far as it may be, unread until its last byte is vouched for.
private final class WebhookBody: RequestReceiver {
    private let intake: WebhookIntake
    private let host: HostKind
    private let head: RequestHead
    private let signature: WebhookSignature?
    /// Takes the payload out of a form; nil where the body is the payload.
    private var form: FormPayload?
    /// The payload so far; nil where it has become too large.
    private var kept: [UInt8]? = []
    private var reserved = 0

    init(_ intake: WebhookIntake, _ host: HostKind, _ head: RequestHead, signature: WebhookSignature?) {
        self.intake = intake
        self.host = host
        self.head = head
        self.signature = signature
        form = head.mediaType == "application/x-www-form-urlencoded" ? FormPayload() : nil
    }

    deinit { intake.release(reserved) }

    func receive(_ bytes: ArraySlice<UInt8>) {
        if signature?.isOfFormPayload != true { signature?.update(bytes) }
        // Taking a payload out of its form turns bytes into bytes; nothing asks what they mean.
        if let payload = form?.decode(bytes) {
            if signature?.isOfFormPayload == true { signature?.update(payload) }
            keep(payload[...])
        } else {
            keep(bytes)
        }
    }

    func finish() -> HTTPAnswer {
        if let signature, !signature.finish() { return intake.refusal(host) }
        return intake.take(host, head, body: kept)
    }

    private func keep(_ bytes: ArraySlice<UInt8>) {
        guard let count = kept?.count else { return }
        guard count + bytes.count <= Limits.keptBodyBytes, intake.reserve(bytes.count) else {
            kept = nil
            intake.release(reserved)
            reserved = 0
            return
        }
        reserved += bytes.count
        kept?.append(contentsOf: bytes)
    }
}
