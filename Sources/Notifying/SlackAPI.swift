import MooringHTTPTransport
import MooringPorts
import MooringShapes

/// Calls of Slack's Web API. An error comes with status 200 and a word.
struct SlackAPI: Sendable {
    let client: HTTPClient
    let token: any TokenSource
    let url: String
    /// What is said of the channel.
    let subject: String
    let caFile: String?

    /// What Slack answered.
    struct Answer {
        let value: Value
        private let call: NotifierCall

        init(_ value: Value, _ call: NotifierCall) {
            self.value = value
            self.call = call
        }

        var isOK: Bool { value["ok"]?.boolean == true }

        /// Slack's word for what is wrong; nil where nothing is, or where it is no word.
        var error: String? {
            guard !isOK, let word = value["error"]?.text, !word.isEmpty, word.utf8.count <= 64,
                word.utf8.allSatisfy({ $0 == 0x5F || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) })
            else { return nil }
            return word
        }

        /// What the word means.
        var failure: Failure {
            guard let error else {
                return call.failure(
                    .malformedAnswer, "The answer is not what Slack documents.",
                    remedy: "Check the address of Slack's API.", .retry(after: nil))
            }
            let cause = "Slack says '\(error)'."
            switch error {
            case _ where SlackAPI.isAboutToken(error):
                return call.failure(
                    .unauthenticated, cause, remedy: "Give the target a bot token that is valid.", .stalled)
            case "missing_scope", "no_permission", "ekm_access_denied":
                return call.failure(.accessDenied, cause, remedy: "Give the bot the scope 'chat:write'.", .stalled)
            case "not_in_channel", "channel_not_found", "is_archived", "restricted_action":
                return call.failure(
                    .accessDenied, cause, remedy: "Check the id of the channel, and invite the bot to it.", .stalled)
            case "ratelimited", "rate_limited", "message_limit_exceeded":
                return call.failure(.throttled, cause, .retry(after: nil))
            case "msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "no_text",
                "invalid_arguments", "metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema",
                "too_many_attachments":
                return call.failure(
                    .invalidInput, cause, remedy: "Please report this: a message of ours should always fit.",
                    .invalidInput)
            default: return call.failure(.serverError, cause, .retry(after: nil))
            }
        }
    }

    func get(_ method: String, _ query: [(String, String)]) async throws(Failure) -> Answer {
        let text = query.map { "\($0.0)=\(SlackAPI.escaped($0.1))" }.joined(separator: "&")
        return try await send(
            HTTPRequest(method: "GET", url: "\(url)/\(method)?\(text)"), "read the history of",
            answerBytes: Limits.historyBytes)
    }

    func post(_ method: String, _ body: Value) async throws(Failure) -> Answer {
        try await send(
            HTTPRequest(
                method: "POST", url: "\(url)/\(method)", headers: [("Content-Type", "application/json; charset=utf-8")],
                body: Array(JSONWriter(.compact).text(of: body).utf8)),
            "write to", answerBytes: Limits.answerBytes)
    }

    private func send(_ request: HTTPRequest, _ tried: String, answerBytes: Int) async throws(Failure) -> Answer {
        let sent = try await token.current()
        let answer = try await send(request, as: sent, tried, answerBytes)
        // A token that was replaced since it was read is refused; the one in its place may not be.
        guard let error = answer.error, SlackAPI.isAboutToken(error), await token.renew(insteadOf: sent) else {
            return answer
        }
        return try await send(request, as: try await token.current(), tried, answerBytes)
    }

    private func send(
        _ request: HTTPRequest, as token: Secret, _ tried: String, _ answerBytes: Int,
    ) async throws(Failure) -> Answer {
        let call = NotifierCall(client: client, subject: subject, tried: tried)
        let response = try await call.send(
            request, credentials: .bearer(token), answerBytes: answerBytes, caFile: caFile)
        let value = try? JSONReader.value(of: response.body)
        guard response.status == 200, let value else {
            // Slack's word says more than the status, where there is one.
            if let value, response.status != 429, Answer(value, call).error != nil { return Answer(value, call) }
            throw call.failure(status: response.status == 200 ? 502 : response.status, response)
        }
        return Answer(value, call)
    }

    private static func isAboutToken(_ error: String) -> Bool {
        ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"].contains(error)
    }

    /// Percent-encoded for a query.
    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_.".utf8.contains(byte)
            if isPlain { return String(Character(Unicode.Scalar(byte))) }
            let hex = String(byte, radix: 16, uppercase: true)
            return "%" + (hex.count < 2 ? "0" : "") + hex
        }.joined()
    }
}
