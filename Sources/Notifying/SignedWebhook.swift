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
    private let secret: Secret
    private let clock: any Clock
    private let subject: String
    private let caFile: String?

    /// - Parameters:
    ///   - name: what people call the target.
    ///   - address: http or https. A secret, because whoever knows an address of this kind can often write to it.
    ///   - secret: not empty.
    ///   - caFile: certificates in PEM that replace the system's, nil for the system's.
    package init(
        name: String, client: HTTPClient, address: Secret, secret: Secret, clock: any Clock, caFile: String? = nil,
    ) {
        precondition(!secret.isEmpty, "a webhook of ours is never signed with an empty secret")
        subject = "the webhook '\(name)'"
        self.client = client
        self.address = address
        self.secret = secret
        self.clock = clock
        self.caFile = caFile
    }

    package func show(_ announcement: Announcement) async throws(Failure) {
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
        let call = NotifierCall(client: client, subject: subject, tried: "post to")
        // The delivery's id lets the receiver drop the second of two.
        let response = try await call.send(request, mayBeSentTwice: true, caFile: caFile)
        guard (200...299).contains(response.status) else { throw call.failure(status: response.status, response) }
    }
}
