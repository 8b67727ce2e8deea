import MooringModel
import MooringNotifying
import MooringPorts
import MooringShapes
import Testing

@Suite struct `A message` {
    private func announcement(
        _ report: CommitReport, info: CommitInfo? = Reports.info, page: String? = nil,
        occasion: NotificationOccasion? = .failure,
    ) -> Announcement {
        Announcement(
            report, about: info, in: page.map(Reports.repository(page:)) ?? Reports.repository, occasion: occasion)
    }

    @Test func `for programs has a stable form`() throws {
        let text = WebhookMessage.text(of: announcement(try Reports.failed()))
        #expect(
            text == #"""
                {"schema":1,"event":"failure","environment":"production","identity":"production@4f2a91",\#
                "repository":"acme/app","commit":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","subject":"Raise the memory","author":"Ada Lovelace",\#
                "link":"https://git.example.com/acme/app/commit/aaaa?x=1&y=2","sync":"Failed","health":"Degraded",\#
                "final":true,"summary":"web failed: The image cannot be pulled.",\#
                "failures":[{"service":"main/web","cause":"The image cannot be pulled.","remedy":"Push the image."}],\#
                "failureCount":1,"findings":[],"findingCount":0,"started":"2026-01-01T00:00:01Z",\#
                "updated":"2026-01-01T00:00:01Z"}
                """#)
        let bare = WebhookMessage.text(of: announcement(try Reports.report("a", .superseded), info: nil, occasion: nil))
        #expect(try JSONReader.value(of: bare)["event"] == "ended")
        #expect(try JSONReader.value(of: bare)["subject"] == nil)
    }

    @Test func `shows nothing that looks like a key`() throws {
        let key = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
        let report = try Reports.report(
            "a", .failed,
            [try Reports.service("web", .failed, cause: "DB_PASSWORD=hunter2hunter2 \(key)", remedy: key)],
            findings: ["a.yaml:1:1: error: \(key)"])
        let info = Reports.info(subject: "Use \(key)", author: key)
        let announcement = announcement(report, info: info, page: "https://x.example.com/?token=\(key)")
        for text in [WebhookMessage.text(of: announcement), SlackMessage.text(of: announcement)] {
            #expect(!text.contains(key) && !text.contains("hunter2"), "\(text)")
            #expect(text.contains("(hidden)"))
        }
        #expect(announcement.link == nil)
    }

    @Test(arguments: [
        "javascript:alert(1)", "https://a.example.com/<b>", "https://a.example.com/|b", "https://a b", "ftp://a", "",
        "https://user:password@example.com/", "https://a.example.com/" + String(repeating: "a", count: 2_000),
    ])
    func `links only to what is a link`(_ link: String) throws {
        #expect(announcement(try Reports.failed(), page: link).link == nil)
    }

    @Test func `in Slack rings nobody's telephone`() throws {
        let mention = "<!channel> <@U1> @here <https://evil.example.com|click> & \u{202E}"
        let report = try Reports.report(
            "a", .failed, [try Reports.service("web", .failed, cause: mention, remedy: mention)], findings: [mention])
        let info = Reports.info(subject: mention, author: mention)
        let text = SlackMessage.text(of: announcement(report, info: info, page: "https://git.example.com/a&b"))
        #expect(text.components(of: "<") == ["<https://git.example.com/a&amp;b|acme/app aaaaaaa>"])
        #expect(text.contains("&lt;!channel&gt;"))
        #expect(!text.contains("\u{202E}"))
        let value = try JSONReader.value(of: text)
        for block in value["blocks"]?.elements ?? [] { #expect(block["text"]?["verbatim"]?.boolean == true) }
    }

    @Test func `in Slack fits, however much there is to say`() throws {
        for filler in ["&", "<", "👩‍👩‍👧‍👦", "\n", "a", "\"", "é"] {
            let long = String(repeating: filler, count: 5_000)
            let services = try (0..<50).map { try Reports.service("web\($0)", .failed, cause: long, remedy: long) }
            let report = try Reports.report("a", .failed, services, findings: Array(repeating: long, count: 50))
            let info = Reports.info(subject: long, author: long)
            let page = "https://example.com/" + String(repeating: "&", count: 190)
            let value = try JSONReader.value(of: SlackMessage.text(of: announcement(report, info: info, page: page)))
            let blocks = try #require(value["blocks"]?.elements)
            #expect(blocks.count <= 50)
            for block in blocks {
                let text = try #require(block["text"]?["text"]?.text)
                #expect(!text.isEmpty && text.utf16.count <= 3_000, "\(text.utf16.count)")
            }
            #expect(try #require(value["text"]?.text).utf16.count <= 3_000)
            #expect(blocks.last?["text"]?["text"]?.text == "… and 92 more.")
        }
    }

    @Test func `says in words what has become of the environment`() throws {
        func text(_ report: CommitReport, _ occasion: NotificationOccasion?) throws -> String {
            try #require(
                JSONReader.value(of: SlackMessage.text(of: announcement(report, occasion: occasion)))["text"]?.text)
        }
        #expect(
            try text(try Reports.failed(), .failure) == "production failed: web failed: The image cannot be pulled.")
        #expect(try text(try Reports.synced(), .recovery).hasPrefix("production has recovered: web runs"))
        #expect(try text(try Reports.synced(), .success).hasPrefix("production runs what git says: web runs"))
        #expect(try text(try Reports.progressing(), .started).hasPrefix("production is being deployed: web: waiting"))
        #expect(
            try text(try Reports.report("a", .superseded), nil).hasPrefix("production was overtaken by a newer commit"))
    }

    @Test func `names a channel of Slack by its id`() {
        for id in ["C024BE91L", "G012AC86C", "C0123456789ABCDEF"] { #expect(SlackBot.objection(toChannel: id) == nil) }
        for other in ["#deploys", "deploys", "", "c024be91l", "C02", "C024BE91L ", "U024BE91L"] {
            #expect(SlackBot.objection(toChannel: other)?.contains("C024BE91L") == true)
        }
    }
}

extension String {
    /// What stands between this mark and the next `>`, both with it.
    fileprivate func components(of mark: Character) -> [String] {
        split(separator: mark, omittingEmptySubsequences: false).dropFirst().map { rest in
            String(mark) + rest.prefix { $0 != ">" } + ">"
        }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    }
}
