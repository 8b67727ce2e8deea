package import MooringHTTPTransport
package import MooringPorts
import Synchronization

/// Writes to a channel of Slack by an incoming webhook. What was written cannot be changed by it, so that only failures and
/// recoveries are written, each once for a commit.
package final class SlackIncomingWebhook: Notifier {
    private let client: HTTPClient
    private let address: any TokenSource
    private let subject: String
    private let caFile: String?
    private let written = Mutex(Recent<Said, Bool>(capacity: Limits.messages))

    private struct Said: Hashable {
        let place: Announcement.Place
        let occasion: NotificationOccasion
    }

    /// - Parameters:
    ///   - name: what people call the target.
    ///   - address: whoever knows it can write to the channel.
    package init(name: String, client: HTTPClient, address: any TokenSource, caFile: String? = nil) {
        subject = "the incoming webhook of Slack '\(name)'"
        self.client = client
        self.address = address
        self.caFile = caFile
    }

    package func show(_ announcement: Announcement) async throws(Failure) {
        guard let occasion = announcement.occasion, occasion == .failure || occasion == .recovery else { return }
        let said = Said(place: announcement.place, occasion: occasion)
        if written.withLock({ $0[said] }) != nil { return }
        let call = NotifierCall(client: client, subject: subject, tried: "post to")
        let hook = try await address.current()
        var response = try await call.send(request(announcement, to: hook), caFile: caFile)
        // Slack answers so where the webhook was taken back; another one may be in its place.
        if [401, 403, 404, 410].contains(response.status), await address.renew(insteadOf: hook) {
            response = try await call.send(request(announcement, to: try await address.current()), caFile: caFile)
        }
        guard response.status == 200 else { throw call.failure(status: response.status, response) }
        written.withLock { state in
            state[said] = true
            // A failure after a recovery is news again, and so is the recovery after it.
            let other: NotificationOccasion = occasion == .failure ? .recovery : .failure
            state[Said(place: announcement.place, occasion: other)] = nil
        }
    }

    private func request(_ announcement: Announcement, to address: Secret) -> HTTPRequest {
        HTTPRequest(
            method: "POST", url: address.revealed,
            headers: [("Content-Type", "application/json; charset=utf-8")],
            body: Array(SlackMessage.text(of: announcement).utf8))
    }
}
