import MooringCryptography
package import MooringHTTPTransport
import MooringModel
package import MooringPorts

/// Posts announcements to an address as JSON, signed.
///
/// Headers, beside `Content-Type: application/json`:
/// - `X-Mooring-Event`: as `event` in the body;
/// - `X-Mooring-Delivery`: 32 hexadecimal digits, the same when a delivery is tried again, so that a receiver can drop the second;
/// - `X-Mooring-Timestamp`: seconds since 1970, of this attempt: a receiver refuses what is older than some minutes;
/// - `X-Mooring-Signature`: `sha256=` and the HMAC-SHA256, in hexadecimal digits, of the timestamp, a full stop and the body.
///
/// Any 2xx is taken for a success; what is answered is not read.
package struct SignedWebhook: Notifier {
    private let client: HTTPClient
    private let address: Secret
    private let secret: any TokenSource
    private let clock: any Clock
    private let subject: String
    private let caFile: String?

    /// - Parameters:
    ///   - name: what people call the target.
    ///   - address: http or https. A secret, because whoever knows an address of this kind can often write to it.
    ///   - secret: what deliveries are signed with; asked for again where the receiver refuses a signature.
    ///   - caFile: certificates in PEM that replace the system's, nil for the system's.
    package init(
        name: String, client: HTTPClient, address: Secret, secret: any TokenSource, clock: any Clock,
        caFile: String? = nil,
    ) {
        subject = "the webhook '\(name)'"
        self.client = client
        self.address = address
        self.secret = secret
        self.clock = clock
        self.caFile = caFile
    }

    package func show(_ announcement: Announcement) async throws(Failure) {
        let key = try await secret.current()
        let call = NotifierCall(client: client, subject: subject, tried: "post to")
        var response = try await post(announcement, signedWith: key, call)
        // A secret that was replaced since it was read is refused; the one in its place may not be.
        if response.status == 401 || response.status == 403, await secret.renew(insteadOf: key) {
            response = try await post(announcement, signedWith: try await secret.current(), call)
        }
        guard (200...299).contains(response.status) else { throw call.failure(status: response.status, response) }
    }

    private func post(
        _ announcement: Announcement, signedWith secret: Secret, _ call: NotifierCall,
    ) async throws(Failure) -> HTTPResponse {
        guard !secret.isEmpty else {
            throw call.failure(
                .invalidInput, "The secret that messages are signed with is empty.",
                remedy: "Put one into \(self.secret.origin).", .stalled)
        }
        let body = Array(WebhookMessage.text(of: announcement).utf8)
        let time = String(clock.now.millisecondsSince1970 / 1_000)
        let signature = HMACSHA256.hex(key: secret.revealed.utf8, message: Array("\(time).".utf8) + body)
        let request = HTTPRequest(
            method: "POST", url: address.revealed,
            headers: [
                ("Content-Type", "application/json"), ("X-Mooring-Event", WebhookMessage.event(of: announcement)),
                ("X-Mooring-Delivery", String(SHA256.hex(of: body).prefix(32))), ("X-Mooring-Timestamp", time),
                ("X-Mooring-Signature", "sha256=\(signature)"),
            ], body: body)
        // The delivery's id lets the receiver drop the second of two.
        return try await call.send(request, mayBeSentTwice: true, caFile: caFile)
    }
}
