import MooringHTTPTransport
import MooringModel
import MooringNotifying
import MooringPorts
import MooringTestSupport
import Testing

@Suite struct `Notifications in Slack` {
    private struct State: Decodable {
        struct Message: Decodable, Equatable {
            let ts: String
            let text: String
            let edits: Int
        }
        let messages: [Message]
        let calls: [String]
    }

    private func state(_ server: PythonServer) async throws -> State {
        try await server.told("/_state", as: State.self)
    }

    private func withSlack(_ body: (PythonServer) async throws -> Void) async throws {
        try await withPythonServer(FakeSlack.program) { try await body($0) }
    }

    /// One life of the controller.
    private func life(
        _ server: PythonServer, occasions: Set<NotificationOccasion> = NotificationOccasion.byDefault,
        token: String = FakeSlack.token, next: String? = nil, channel: String = FakeSlack.channel,
        begun: Timestamp = Reports.begun, _ body: @escaping (Desk) async throws -> Void,
    ) async throws {
        let bot = SlackBot(
            name: "deploys", client: try HTTPClient(),
            token: Reports.given(token, next: next),
            channel: channel, begun: begun, apiURL: server.url + "/api")
        try await Desk.with([NotificationTarget(name: "deploys", notifier: bot, occasions: occasions)], body)
    }

    @Test func `are one message a commit, updated where it stands`() async throws {
        try await withSlack { server in
            try await life(server, occasions: Set(NotificationOccasion.allCases)) { desk in
                desk.centre.report(try Reports.progressing(), about: Reports.info)
                try await desk.idle()
                desk.centre.report(try Reports.failed(), about: Reports.info)
                try await desk.idle()
                desk.centre.report(try Reports.synced(), about: Reports.info)
                try await desk.idle()
                desk.centre.report(try Reports.synced("b"), about: Reports.info)
                try await desk.idle()
                #expect(desk.notices.value.isEmpty)
            }
            let state = try await self.state(server)
            #expect(
                state.messages.map(\.text) == [
                    "production has recovered: web runs what the commit says.",
                    "production runs what git says: web runs what the commit says.",
                ])
            #expect(state.messages.map(\.edits) == [2, 0])
            // Nothing is searched for that cannot be there.
            #expect(state.calls == ["chat.postMessage", "chat.update", "chat.update", "chat.postMessage"])
        }
    }

    @Test func `are found again after a restart, behind what others have written since`() async throws {
        try await withSlack { server in
            try await life(server, occasions: [.started]) { desk in
                desk.centre.report(try Reports.progressing(), about: nil)
                try await desk.idle()
            }
            try await server.mood("", at: "/_chatter")
            try await life(server, begun: Reports.begun + .seconds(60)) { desk in
                desk.centre.report(try Reports.failed(seconds: 70), about: nil)
                try await desk.idle()
            }
            let state = try await self.state(server)
            #expect(state.messages.count == 151)
            #expect(state.messages[0].text.hasPrefix("production failed"))
            #expect(
                state.calls == ["chat.postMessage", "conversations.history", "conversations.history", "chat.update"])
        }
    }

    @Test func `of two environments are two messages about one commit, also after a restart`() async throws {
        try await withSlack { server in
            for (begun, cause) in [(Reports.begun, "One."), (Reports.begun + .seconds(60), "Two.")] {
                try await life(server, begun: begun) { desk in
                    for environment in ["production", "staging"] {
                        let report = try Reports.failed(
                            cause: "\(environment) \(cause)", environment: environment, seconds: 70)
                        desk.centre.report(report, about: nil)
                        try await desk.idle()
                    }
                }
            }
            let state = try await self.state(server)
            #expect(
                state.messages.map(\.text) == [
                    "production failed: web failed: production Two.", "staging failed: web failed: staging Two.",
                ])
            #expect(state.messages.map(\.edits) == [1, 1])
        }
    }

    @Test func `are found again where no answer said that they were written`() async throws {
        try await withSlack { server in
            try await server.mood(#"[{"drop": true}]"#)
            try await life(server) { desk in
                desk.centre.report(try Reports.failed(), about: nil)
                try await desk.lines(1)
                await desk.clock.sleepers()
                desk.clock.advance(by: .seconds(2))
                try await desk.idle()
                #expect(try await desk.lines(2)[1].contains("delivered again"))
            }
            let state = try await self.state(server)
            #expect(state.messages.count == 1)
            #expect(state.messages[0].edits == 1)
        }
    }

    @Test func `are written anew where the old one was deleted`() async throws {
        try await withSlack { server in
            try await life(server) { desk in
                desk.centre.report(try Reports.failed(), about: nil)
                try await desk.idle()
                try await server.mood("", at: "/_forget")
                desk.centre.report(try Reports.synced(), about: nil)
                try await desk.idle()
            }
            #expect(try await self.state(server).messages.map(\.edits) == [0])
        }
    }

    @Test func `are written anew where the bot may not read the history`() async throws {
        try await withSlack { server in
            try await server.mood(#"[{"error": "missing_scope"}]"#)
            try await life(server, begun: Reports.begun + .seconds(60)) { desk in
                desk.centre.report(try Reports.failed(), about: nil)
                try await desk.idle()
                #expect(desk.notices.value.isEmpty)
            }
            #expect(try await self.state(server).messages.count == 1)
        }
    }

    @Test func `wait as long as Slack asks`() async throws {
        try await withSlack { server in
            try await server.mood(#"[{"status": 429, "retry": 30}]"#)
            try await life(server) { desk in
                desk.centre.report(try Reports.failed(), about: nil)
                #expect(try await desk.lines(1)[0].contains("asks us to wait"))
                await desk.clock.sleepers()
                #expect(desk.clock.slept.last == .seconds(30))
                desk.clock.advance(by: .seconds(30))
                try await desk.idle()
            }
            #expect(try await self.state(server).messages.count == 1)
        }
    }

    @Test func `use the token that has taken the place of a revoked one`() async throws {
        try await withSlack { server in
            try await life(server, token: "xoxb-old", next: FakeSlack.token) { desk in
                desk.centre.report(try Reports.failed(), about: nil)
                try await desk.idle()
                #expect(desk.notices.value.isEmpty)
            }
            #expect(try await self.state(server).messages.count == 1)
        }
    }

    @Test(arguments: [
        ("xoxb-wrong-0123456789", FakeSlack.channel, "invalid_auth", "Give the target a bot token"),
        (FakeSlack.token, "C0000000X", "channel_not_found", "invite the bot"),
    ])
    func `tell what a person must do`(_ token: String, _ channel: String, _ word: String, _ remedy: String) async throws
    {
        try await withSlack { server in
            try await life(server, token: token, channel: channel) { desk in
                desk.centre.report(try Reports.failed(), about: nil)
                let line = try await desk.lines(1)[0]
                #expect(line.contains("'\(word)'") && line.contains(remedy), "\(line)")
                #expect(!line.contains(token))
                await desk.clock.sleepers()
                #expect(desk.clock.slept.last == Limits.stalledPause)
            }
        }
    }

    @Test func `of an hour's outage are the newest state alone, with one line in the log`() async throws {
        try await withSlack { server in
            let outage = Array(repeating: #"{"status": 503, "error": "service_unavailable"}"#, count: 12)
            try await server.mood("[\(outage.joined(separator: ","))]")
            try await life(server) { desk in
                desk.centre.report(try Reports.failed(), about: nil)
                try await desk.lines(1)
                try await desk.elapse(Limits.longestPause, until: "half of it") {
                    try await self.state(server).calls.count >= 6
                }
                desk.centre.report(try Reports.synced(), about: nil)
                try await desk.elapse(Limits.longestPause, until: "its end") { desk.centre.waiting == 0 }
                try await desk.idle()
                #expect(try await desk.lines(2).count == 2)
            }
            let state = try await self.state(server)
            #expect(state.messages.map(\.text) == ["production has recovered: web runs what the commit says."])
        }
    }

    @Test func `by an incoming webhook are written once for a failure and once for the recovery`() async throws {
        try await withPythonServer(FakeReceiver.program) { server in
            let notifier = SlackIncomingWebhook(
                name: "deploys", client: try HTTPClient(), address: Reports.given(server.url + "/services/T0/B0/m4rked")
            )
            let target = NotificationTarget(
                name: "deploys", notifier: notifier, occasions: Set(NotificationOccasion.allCases))
            try await Desk.with([target]) { desk in
                try await server.mood(#"[{"status": 500}]"#)
                desk.centre.report(try Reports.progressing(), about: nil)
                try await desk.idle()
                desk.centre.report(try Reports.failed(), about: nil)
                let line = try await desk.lines(1)[0]
                #expect(!line.contains("m4rked"))
                await desk.clock.sleepers()
                desk.clock.advance(by: .seconds(2))
                try await desk.idle()
                desk.clock.advance(by: .seconds(60))
                for report in [
                    try Reports.failed(cause: "Another cause."), try Reports.synced(), try Reports.synced("b"),
                    try Reports.failed(), try Reports.synced(),
                ] {
                    desk.centre.report(report, about: nil)
                    try await desk.idle()
                }
            }
            struct Seen: Decodable {
                let text: String
                let status: Int
            }
            let seen = try await server.told("/_seen", as: [Seen].self)
            #expect(seen.map(\.status) == [500, 200, 200, 200, 200])
            #expect(
                seen.map { $0.text.split(separator: ":")[0] } == [
                    "production failed", "production failed", "production has recovered", "production failed",
                    "production has recovered",
                ])
        }
    }
}
