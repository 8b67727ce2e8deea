package import MooringHTTPTransport
package import MooringModel
package import MooringPorts
import MooringShapes
import Synchronization

/// Writes to a channel of Slack as a bot, one message a commit, which is updated where it stands.
///
/// Needs the scope `chat:write`, and `channels:history` (`groups:history` for a private channel) to find its messages again after a
/// restart; without the latter it writes a second one then.
package final class SlackBot: Notifier {
    private let api: SlackAPI
    private let channel: String
    private let begun: Timestamp
    private let state = Mutex(State())

    private struct State {
        /// The time stamps that messages go by.
        var messages = Recent<Announcement.Place, String>(capacity: Limits.messages)
        /// Where a message may have been written although no answer came.
        var unsure = Recent<Announcement.Place, Bool>(capacity: Limits.messages)
    }

    /// - Parameters:
    ///   - name: what people call the target.
    ///   - channel: its id, see `objection(toChannel:)`.
    ///   - begun: when this process began. Messages about commits that are older may be another's before us.
    ///   - apiURL: without a slash at its end.
    package init(
        name: String, client: HTTPClient, token: any TokenSource, channel: String, begun: Timestamp,
        apiURL: String = "https://slack.com/api", caFile: String? = nil,
    ) {
        api = SlackAPI(
            client: client, token: token, url: apiURL, subject: "the Slack channel '\(name)'", caFile: caFile)
        self.channel = channel
        self.begun = begun
    }

    /// What is wrong with a channel in the settings; nil where nothing is.
    package static func objection(toChannel channel: String) -> String? {
        let isID =
            channel.utf8.count >= 7 && channel.utf8.count <= 40 && "CGD".contains(channel.prefix(1))
            && channel.utf8.allSatisfy {
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
        if isID { return nil }
        return "A channel of Slack is named by its id, as C024BE91L: messages cannot be updated by a channel's name. "
            + "Slack shows it at the end of the channel's details."
    }

    package func show(_ announcement: Announcement) async throws(Failure) {
        let place = announcement.place
        if let message = try await known(announcement) {
            if try await update(message, announcement) { return }
            // It was deleted, or became too old to be changed.
            state.withLock { $0.messages[place] = nil }
        }
        try await post(announcement)
    }

    /// The message that is there already.
    private func known(_ announcement: Announcement) async throws(Failure) -> String? {
        let place = announcement.place
        let (message, isUnsure) = state.withLock { ($0.messages[place], $0.unsure[place] != nil) }
        if let message { return message }
        guard isUnsure || announcement.started < begun else { return nil }
        let found = try await find(announcement)
        state.withLock { state in
            state.messages[place] = found
            state.unsure[place] = nil
        }
        return found
    }

    private func find(_ announcement: Announcement) async throws(Failure) -> String? {
        // Clocks differ; an hour is more than they do.
        let oldest = announcement.started.millisecondsSince1970 / 1_000 - 3_600
        var cursor = ""
        for _ in 0..<Limits.historyPages {
            var query = [
                ("channel", channel), ("include_all_metadata", "true"), ("limit", "\(Limits.historyRows)"),
                ("oldest", "\(oldest)"),
            ]
            if !cursor.isEmpty { query.append(("cursor", cursor)) }
            let answer = try await api.get("conversations.history", query)
            if answer.error == "missing_scope" { return nil }
            guard answer.isOK else { throw answer.failure }
            let messages = answer.value["messages"]?.elements ?? []
            if let message = messages.first(where: { SlackMessage.isMessage($0, about: announcement.place) }) {
                return message["ts"]?.text
            }
            cursor = answer.value["response_metadata"]?["next_cursor"]?.text ?? ""
            if cursor.isEmpty { return nil }
        }
        return nil
    }

    /// - Returns: false where the message cannot be changed any more.
    private func update(_ message: String, _ announcement: Announcement) async throws(Failure) -> Bool {
        let answer = try await api.post(
            "chat.update", body(of: announcement, [("channel", .string(channel)), ("ts", .string(message))]))
        if answer.isOK { return true }
        let isGone = ["message_not_found", "cant_update_message", "edit_window_closed"].contains(answer.error)
        guard isGone else { throw answer.failure }
        return false
    }

    private func post(_ announcement: Announcement) async throws(Failure) {
        let place = announcement.place
        let answer: SlackAPI.Answer
        do throws(Failure) {
            answer = try await api.post(
                "chat.postMessage",
                body(
                    of: announcement,
                    [("channel", .string(channel)), ("unfurl_links", false), ("unfurl_media", false)]))
        } catch {
            if error.isAmbiguous { state.withLock { $0.unsure[place] = true } }
            throw error
        }
        guard answer.isOK else { throw answer.failure }
        state.withLock { state in
            state.messages[place] = answer.value["ts"]?.text
            state.unsure[place] = nil
        }
    }

    private func body(of announcement: Announcement, _ members: [(String, Value)]) -> Value {
        .map(
            present: members.map { ($0.0, Optional($0.1)) } + SlackMessage.content(of: announcement)
                + [("metadata", SlackMessage.metadata(of: announcement))])
    }
}
