import MooringHTTPTransport
import MooringModel
import MooringNotifying
import MooringPorts
import MooringTestSupport
import Testing

@Suite struct `Notifications by webhook` {
    private struct Seen: Decodable, Equatable {
        let signed: Bool
        let event: String
        let delivery: String
        let time: String
        let type: String
        let path: String
        let sync: String
        let commit: String
        let status: Int
    }

    private static func target(
        _ url: String, clock: ManualClock, secret: String = FakeReceiver.secret,
        occasions: Set<NotificationOccasion> = NotificationOccasion.byDefault,
    ) throws -> NotificationTarget {
        let notifier = SignedWebhook(
            name: "ops", client: try HTTPClient(), address: Secret(url), secret: Reports.given(secret),
            clock: clock)
        return NotificationTarget(name: "ops", notifier: notifier, occasions: occasions)
    }

    /// Runs a centre that posts to a receiver.
    private func withReceiver(
        secret: String = FakeReceiver.secret, occasions: Set<NotificationOccasion> = NotificationOccasion.byDefault,
        _ body: @escaping (PythonServer, Desk) async throws -> Void,
    ) async throws {
        try await withPythonServer(FakeReceiver.program) { server in
            let clock = ManualClock(now: Reports.begun)
            let target = try Self.target(
                server.url + "/in?key=hidden-in-the-address", clock: clock, secret: secret, occasions: occasions)
            try await Desk.with([target], clock: clock) { try await body(server, $0) }
        }
    }

    private func seen(_ server: PythonServer) async throws -> [Seen] {
        try await server.told("/_seen", as: [Seen].self)
    }

    @Test func `are signed, so that Python's HMAC agrees, and say what has happened`() async throws {
        try await withReceiver { server, desk in
            desk.centre.report(try Reports.progressing(), about: Reports.info)
            desk.centre.report(try Reports.failed(), about: Reports.info)
            try await desk.idle()
            desk.centre.report(try Reports.synced("b"), about: Reports.info)
            try await desk.idle()
            let seen = try await self.seen(server)
            #expect(seen.map(\.event) == ["failure", "recovery"])
            #expect(seen.allSatisfy { $0.signed && $0.type == "application/json" && $0.delivery.utf8.count == 32 })
            #expect(seen.map(\.time) == ["1767225600", "1767225600"])
            #expect(Set(seen.map(\.delivery)).count == 2)
            #expect(desk.notices.value.isEmpty)
        }
    }

    @Test func `are not taken by who has another secret`() async throws {
        try await withReceiver(secret: "other") { server, desk in
            desk.centre.report(try Reports.failed(), about: nil)
            try await desk.idle()
            #expect(try await self.seen(server).map(\.signed) == [false])
        }
    }

    @Test func `survive an outage: one line in the log, the same delivery again, and only the newest state`()
        async throws
    {
        try await withReceiver { server, desk in
            try await server.mood(#"[{"status": 503}, {"status": 500}, {"status": 502}]"#)
            desk.centre.report(try Reports.failed(), about: nil)
            try await desk.lines(1)
            // What comes meanwhile takes the place of what waits.
            desk.centre.report(try Reports.failed(cause: "Something else."), about: nil)
            desk.centre.report(try Reports.synced(), about: nil)
            try await desk.elapse(.seconds(2), until: "the fourth attempt") {
                try await self.seen(server).count >= 4
            }
            try await desk.idle()
            let log = try await desk.lines(2)
            let seen = try await self.seen(server)
            #expect(seen.map(\.sync) == ["Failed", "Synced", "Synced", "Synced"])
            #expect(
                seen.dropFirst().allSatisfy { $0.delivery == seen[1].delivery && $0.event == "recovery" && $0.signed })
            // Each attempt has its own time.
            #expect(Set(seen.map(\.time)).count == 4)
            #expect(log.count == 2)
            #expect(log[0].contains("'ops'") && log[0].contains("status 503"))
            #expect(log[1].contains("delivered again"))
            #expect(!log.joined().contains("hidden-in-the-address"))
        }
    }

    @Test func `that may have arrived come again by the same name`() async throws {
        try await withReceiver { server, desk in
            try await server.mood(#"[{"drop": true}]"#)
            desk.centre.report(try Reports.failed(), about: nil)
            try await desk.elapse(.seconds(2), until: "two attempts") { try await self.seen(server).count >= 2 }
            try await desk.idle()
            let seen = try await self.seen(server)
            #expect(seen.count == 2 && seen[0].delivery == seen[1].delivery)
        }
    }

    @Test func `wait as long as they are asked to`() async throws {
        try await withReceiver { server, desk in
            try await server.mood(#"[{"status": 429, "retry": 77}]"#)
            desk.centre.report(try Reports.failed(), about: nil)
            try await desk.lines(1)
            await desk.clock.sleepers()
            desk.clock.advance(by: .seconds(76))
            #expect(desk.centre.waiting == 1)
            desk.clock.advance(by: .seconds(1))
            try await desk.idle()
            #expect(try await self.seen(server).map(\.status) == [429, 200])
        }
    }

    @Test func `are given up where the receiver will never take them, and the next is sent`() async throws {
        try await withReceiver { server, desk in
            try await server.mood(#"[{"status": 422}]"#)
            desk.centre.report(try Reports.failed("a"), about: nil)
            desk.centre.report(try Reports.failed("b", "api"), about: nil)
            try await desk.idle()
            #expect(try await self.seen(server).map(\.status) == [422, 200])
            #expect(try await desk.lines(1)[0].contains("given up"))
        }
    }

    @Test(arguments: [401, 403, 404, 302]) func `wait for a person where one must act`(_ status: Int) async throws {
        try await withReceiver { server, desk in
            try await server.mood("[{\"status\": \(status)}]")
            desk.centre.report(try Reports.failed("a"), about: nil)
            let line = try await desk.lines(1)[0]
            #expect(line.contains("status \(status)") && line.contains("address"), "\(line)")
            await desk.clock.sleepers()
            desk.clock.advance(by: Limits.stalledPause)
            try await desk.idle()
            #expect(
                try await self.seen(server).map(\.path) == Array(repeating: "/in?key=hidden-in-the-address", count: 2))
        }
    }

    @Test func `hold up neither the caller nor another target while one hangs`() async throws {
        try await withPythonServer(FakeReceiver.program) { hanging in
            try await withPythonServer(FakeReceiver.program) { healthy in
                try await hanging.mood(#"[{"hang": true}]"#)
                let clock = ManualClock(now: Reports.begun)
                let targets = [
                    try Self.target(hanging.url, clock: clock), try Self.target(healthy.url, clock: clock),
                ]
                let notices = Watched<[String]>([])
                let centre = NotificationCentre(
                    targets: targets, clock: clock, begun: Reports.begun,
                    log: { notice in notices.update { $0.append("\(notice)") } })
                let running = Task { await centre.run() }
                let before = ContinuousClock.now
                for digit in "abcdef" { centre.report(try Reports.failed(digit), about: nil) }
                #expect(ContinuousClock.now - before < .seconds(5))
                _ = try await eventually("six of them", within: .seconds(30)) {
                    try await seen(healthy).count == 6 ? true : nil
                }
                _ = try await eventually("those of one alone", within: .seconds(30)) {
                    centre.waiting == 6 ? true : nil
                }
                // Stopping does not wait for who hangs, and tells nobody that it was stopped.
                running.cancel()
                await running.value
                #expect(notices.value.isEmpty)
            }
        }
    }

    @Test func `tell what was put off when the time has come, and at the end`() async throws {
        try await withReceiver(occasions: [.started]) { server, desk in
            desk.centre.report(try Reports.progressing(cause: "waiting (0/3)"), about: nil)
            try await desk.idle()
            desk.centre.report(try Reports.progressing(cause: "waiting (1/3)"), about: nil)
            await desk.clock.sleepers()
            desk.clock.advance(by: Limits.updateInterval)
            _ = try await eventually("the update", within: .seconds(30)) {
                try await self.seen(server).count == 2 ? true : nil
            }
            desk.centre.report(try Reports.progressing(cause: "waiting (2/3)"), about: nil)
            desk.centre.finish()
            _ = try await eventually("the last update", within: .seconds(30)) {
                try await self.seen(server).count == 3 ? true : nil
            }
        }
    }

    @Test func `show their address and their secret to nobody`() async throws {
        let marked = "m4rked-s3cret"
        for url in [
            "http://127.0.0.1:1/\(marked)?\(marked)", "https://127.0.0.1:1/\(marked)", "not an address \(marked)",
            "http://user:\(marked)@127.0.0.1/", "http://\(marked).invalid/\(marked)", "",
        ] {
            let clock = ManualClock(now: Reports.begun)
            let target = try Self.target(url, clock: clock, secret: marked)
            try await Desk.with([target], clock: clock) { desk in
                desk.centre.report(try Reports.failed(), about: nil)
                let line = try await desk.lines(1)[0]
                #expect(line.contains("the webhook 'ops'"))
                // A host is named by whoever cannot find it; nothing behind it is.
                let shown = line.replacing("\(marked).invalid", with: "")
                #expect(!shown.contains(marked), "\(line)")
            }
            #expect(!"\(target)".contains(marked))
        }
    }
}
