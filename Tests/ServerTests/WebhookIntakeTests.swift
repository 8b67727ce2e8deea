import MooringCryptography
import MooringModel
import MooringNames
import MooringPorts
import MooringServer
import MooringTestSupport
import Testing

@Suite struct `Webhooks` {
    private static let secret = "s3cret"
    private static let push = #"{"ref": "refs/heads/main", "repository": {"full_name": "acme/app"}}"#

    private static func sign(_ body: String, _ secret: String = secret) -> String {
        HMACSHA256.hex(key: secret.utf8, message: body.utf8)
    }

    /// Headers of a push at GitHub.
    private static func gitHub(
        _ signature: String?, delivery: String = "1", type: String = "application/json",
    ) -> [(name: String, value: String)] {
        var headers = [("Content-Type", type), ("X-GitHub-Event", "push"), ("X-GitHub-Delivery", delivery)]
        if let signature { headers.append(("X-Hub-Signature-256", signature)) }
        return headers.map { (name: $0.0, value: $0.1) }
    }

    @Test func `with a signature that holds are handed over, with any of the secrets in force`() throws {
        let intake = Intake([.github: ["old", Self.secret, "other"]])
        for (index, secret) in ["old", Self.secret, "other"].enumerated() {
            let answer = try intake.webhooks.deliver(
                "github", Self.gitHub("sha256=" + Self.sign(Self.push, secret), delivery: "\(index)"),
                Array(Self.push.utf8))
            #expect(answer.status == 202)
            #expect(answer.line == "Looking again: push to main at acme/app.")
        }
        #expect(intake.events.count == 3)
        #expect(intake.events.first?.changes == [.push(try BranchName("main"))])
        intake.replace(.github, with: ["new"])
        let answer = try intake.webhooks.deliver(
            "github", Self.gitHub("sha256=" + Self.sign(Self.push), delivery: "9"), Array(Self.push.utf8))
        #expect(answer.status == 401)
    }

    @Test func `without a signature that holds are refused, and not parsed`() throws {
        let right = Self.sign(Self.push)
        let sha1 = "sha1=" + right.prefix(40)
        for signature in [
            nil, "", "sha256=", "sha256=\(Self.sign(Self.push, "wrong"))", right, sha1, "sha256=\(right)0",
            "SHA256=\(right)",
            "sha256=\(right.dropLast())", "sha256=\(right.dropLast())g", "sha256=\(Self.sign(Self.push, ""))",
        ] {
            let intake = Intake([.github: [Self.secret]])
            let answer = try intake.webhooks.deliver("github", Self.gitHub(signature), Array(Self.push.utf8))
            #expect(answer.status == 401, "\(signature ?? "none")")
            #expect(intake.parses == 0)
            #expect(intake.events.isEmpty)
            #expect(!answer.line.contains(Self.secret))
        }
    }

    @Test func `that show SHA-1 beside no SHA-256 are refused`() throws {
        let intake = Intake([.github: [Self.secret]])
        let headers = Self.gitHub(nil) + [(name: "X-Hub-Signature", value: "sha1=\(Self.sign(Self.push).prefix(40))")]
        #expect(try intake.webhooks.deliver("github", headers, Array(Self.push.utf8)).status == 401)
    }

    @Test func `whose signature comes twice are refused`() throws {
        let intake = Intake([.github: [Self.secret]])
        let right = "sha256=" + Self.sign(Self.push)
        let headers = Self.gitHub(right) + [(name: "x-hub-signature-256", value: right)]
        #expect(try intake.webhooks.deliver("github", headers, Array(Self.push.utf8)).status == 401)
    }

    @Test func `of a host without a secret are never taken, and the log is told once`() throws {
        for secrets in [[:], [HostKind.github: []], [.github: [""]]] {
            let intake = Intake(secrets)
            let webhooks = intake.webhooks
            for signature in ["sha256=" + Self.sign(Self.push, ""), "sha256=" + Self.sign(Self.push)] {
                #expect(try webhooks.deliver("github", Self.gitHub(signature), Array(Self.push.utf8)).status == 404)
            }
            #expect(intake.seen.value.notices == [.noSecret(.github)])
            #expect(intake.parses == 0)
        }
    }

    @Test func `of an unknown host are at an unknown place`() throws {
        #expect(try Intake().webhooks.deliver("sourceforge", [], []).status == 404)
    }

    @Test func `of Gitea are never checked against an empty secret`() throws {
        let intake = Intake([.gitea: ["", Self.secret]])
        let webhooks = intake.webhooks
        for signature in ["", Self.sign(Self.push, "")] {
            let headers = [(name: "X-Gitea-Event", value: "push"), (name: "X-Gitea-Signature", value: signature)]
            #expect(try webhooks.deliver("gitea", headers, Array(Self.push.utf8)).status == 401)
        }
    }

    @Test func `of GitHub in a form are signed as they come, those of Gitea as the JSON inside`() throws {
        let form = "x=1&payload=" + Self.push.utf8.map { "%" + Hexadecimal.text(of: [$0]) }.joined() + "&payload=%7B%7D"
        let type = "application/x-www-form-urlencoded; charset=utf-8"
        for size in [1, 2, 3, 1_000] {
            let intake = Intake(everywhere: Self.secret)
            let webhooks = intake.webhooks
            func status(_ path: String, _ headers: [(name: String, value: String)]) throws -> Int {
                try webhooks.deliver(path, headers, Array(form.utf8), size: size).status
            }
            func gitea(_ code: String) -> [(name: String, value: String)] {
                [("Content-Type", type), ("X-Forgejo-Event", "push"), ("X-Forgejo-Signature", code)]
            }
            #expect(try status("github", Self.gitHub("sha256=" + Self.sign(form), type: type)) == 202)
            #expect(try status("github", Self.gitHub("sha256=" + Self.sign(Self.push), type: type)) == 401)
            #expect(try status("forgejo", gitea(Self.sign(Self.push))) == 202)
            #expect(try status("forgejo", gitea(Self.sign(form))) == 401)
            #expect(intake.events.count == 2)
            #expect(intake.events.allSatisfy { $0.repository?.name == "acme/app" })
        }
    }

    @Test func `of GitLab show the secret, or a signature that holds for minutes`() throws {
        let intake = Intake([.gitlab: [RecordedWebhook.signingSecret, "plain"]])
        let webhooks = intake.webhooks
        let body = #"{"object_kind": "push", "ref": "refs/heads/main"}"#
        let now = intake.clock.now.millisecondsSince1970 / 1_000
        func status(_ headers: [(String, String)]) throws -> Int {
            try webhooks.deliver("gitlab", headers.map { (name: $0.0, value: $0.1) }, Array(body.utf8)).status
        }
        func signed(at time: Int64, key: String, id: String, signature: String? = nil) throws -> Int {
            let code = HMACSHA256.bytes(key: key.utf8, message: "\(id).\(time).\(body)".utf8)
            return try status([
                ("webhook-id", id), ("webhook-timestamp", "\(time)"),
                ("webhook-signature", signature ?? "v1,bm9uZQ== v1,\(Base64.text(of: code))"),
            ])
        }
        #expect(try status([("X-Gitlab-Token", "plain")]) == 202)
        #expect(try status([("X-Gitlab-Token", "plain ")]) == 202)
        for token in ["", "plai", "plain2", "PLAIN"] { #expect(try status([("X-Gitlab-Token", token)]) == 401) }
        #expect(try status([]) == 401)
        #expect(try signed(at: now, key: "0123456789abcdef0123456789abcdef", id: "a") == 202)
        #expect(try signed(at: now, key: RecordedWebhook.signingSecret, id: "b") == 202)
        #expect(try signed(at: now - 300, key: "plain", id: "c") == 202)
        #expect(try signed(at: now + 300, key: "plain", id: "d") == 202)
        #expect(try signed(at: now - 301, key: "plain", id: "e") == 401)
        #expect(try signed(at: now + 301, key: "plain", id: "f") == 401)
        #expect(try signed(at: now, key: "other", id: "g") == 401)
        for time in [Int64.min, .min + 1, -1, 0, .max] {
            #expect(try signed(at: time, key: "plain", id: "t") == 401)
        }
        for signature in ["", "v1,", "v1", "v2,AAAA", "v1,!!"] {
            #expect(try signed(at: now, key: "plain", id: "h", signature: signature) == 401)
        }
        intake.clock.jump(by: .seconds(600))
        #expect(try signed(at: now, key: "plain", id: "i") == 401)
    }

    @Test func `of Azure DevOps show a password or a header of their own`() throws {
        let intake = Intake([.azureDevOps: ["p:w", "user:name"]])
        let webhooks = intake.webhooks
        func status(_ name: String, _ value: String, id: Int) throws -> Int {
            let body =
                #"{"id": "\#(id)", "eventType": "git.push", "resource": {"refUpdates": [{"name": "refs/heads/m"}]}}"#
            return try webhooks.deliver("azure-devops", [(name: name, value: value)], Array(body.utf8)).status
        }
        func basic(_ pair: String) -> String { "Basic " + Base64.text(of: Array(pair.utf8)) }
        #expect(try status("Authorization", basic("anybody:p:w"), id: 1) == 202)
        #expect(try status("Authorization", basic("user:name"), id: 2) == 202)
        #expect(try status("Authorization", basic(":p:w"), id: 3) == 202)
        #expect(try status("X-Mooring-Token", "p:w", id: 4) == 202)
        #expect(try status("X-Mooring-Token", "p:w", id: 4) == 200)
        for wrong in [basic("p:w2"), basic("a:p"), "Basic !", "Bearer p:w", basic("")] {
            #expect(try status("Authorization", wrong, id: 5) == 401)
        }
        #expect(try status("X-Other", "p:w", id: 6) == 401)
        #expect(intake.events.count == 4)
    }

    @Test func `that are pings of Bitbucket's button are answered unsigned, and mean nothing`() throws {
        let intake = Intake(everywhere: Self.secret)
        let ping = [(name: "X-Event-Key", value: "diagnostics:ping")]
        #expect(try intake.webhooks.deliver("bitbucket-dc", ping, Array(#"{"test": true}"#.utf8)).status == 200)
        #expect(try intake.webhooks.deliver("bitbucket-cloud", ping, []).status == 401)
        #expect(intake.parses == 0)
        #expect(intake.events.isEmpty)
    }

    @Test func `that come again do nothing, but only after the first was handed over`() throws {
        let intake = Intake([.github: [Self.secret], .gitea: [Self.secret]])
        let webhooks = intake.webhooks
        let headers = Self.gitHub("sha256=" + Self.sign(Self.push))
        // A forged one with the same id must not take its place.
        #expect(
            try webhooks.deliver("github", Self.gitHub("sha256=" + Self.sign("x")), Array(Self.push.utf8)).status == 401
        )
        #expect(try webhooks.deliver("github", headers, Array(Self.push.utf8)).status == 202)
        for _ in 0..<3 { #expect(try webhooks.deliver("github", headers, Array(Self.push.utf8)).status == 200) }
        #expect(intake.parses == 1)
        // Another host's ids are others.
        let gitea = [
            (name: "X-Gitea-Event", value: "push"), (name: "X-Gitea-Delivery", value: "1"),
            (name: "X-Gitea-Signature", value: Self.sign(Self.push)),
        ]
        #expect(try webhooks.deliver("gitea", gitea, Array(Self.push.utf8)).status == 202)
        #expect(intake.events.count == 2)
    }

    @Test func `too large to be read are a look at everything of the host, and nothing of them is kept`() throws {
        let intake = Intake([.github: [Self.secret]])
        let webhooks = intake.webhooks
        let body = String(repeating: "x", count: Limits.keptBodyBytes + 1)
        for _ in 0..<40 {
            let forged = try webhooks.deliver(
                "github", Self.gitHub("sha256=" + Self.sign("")), Array(body.utf8), size: 60_000)
            #expect(forged.status == 401)
        }
        #expect(intake.seen.value.events.isEmpty)
        let answer = try webhooks.deliver(
            "github", Self.gitHub("sha256=" + Self.sign(body)), Array(body.utf8), size: 60_000)
        #expect(answer.status == 202)
        #expect(intake.parses == 0)
        #expect(intake.events.map(\.repository) == [nil])
        // What was kept of the forged ones is free again.
        #expect(
            try webhooks.deliver(
                "github", Self.gitHub("sha256=" + Self.sign(Self.push), delivery: "2"), Array(Self.push.utf8)
            )
            .status == 202)
        #expect(intake.parses == 1)
    }

    @Test func `that are many at a time share what may be kept`() throws {
        let intake = Intake([.github: [Self.secret]])
        let webhooks = intake.webhooks
        let body = String(repeating: "x", count: Limits.keptBodyBytes)
        let lines =
            ["POST /hooks/github HTTP/1.1"] + Self.gitHub("sha256=" + Self.sign("")).map { "\($0.name): \($0.value)" }
        let head = try RequestHead(lines.joined(separator: "\n").utf8)
        var open: [any RequestReceiver] = []
        for _ in 0..<16 {
            guard case .receive(let receiver) = webhooks.verdict(on: head) else { continue }
            receiver.receive(Array(body.utf8)[...])
            open.append(receiver)
        }
        #expect(open.count == 16)
        func deliver(_ id: String) throws -> Int {
            let headers = Self.gitHub("sha256=" + Self.sign(Self.push), delivery: id)
            return try webhooks.deliver("github", headers, Array(Self.push.utf8)).status
        }
        // Nothing is left to keep it in: it is a look all the same.
        #expect(try deliver("1") == 202)
        #expect(intake.parses == 0)
        open = []
        #expect(try deliver("2") == 202)
        #expect(intake.parses == 1)
    }

    @Test func `that are refused fill no log`() throws {
        let intake = Intake([.github: [Self.secret]])
        let webhooks = intake.webhooks
        func forge() throws { _ = try webhooks.deliver("github", Self.gitHub("sha256=00"), []) }
        for _ in 0..<100 { try forge() }
        #expect(intake.seen.value.notices == [.refused(.github, .wrongSignature, others: 0)])
        intake.clock.advance(by: Limits.noticeInterval)
        for _ in 0..<100 { try forge() }
        #expect(intake.seen.value.notices.last == .refused(.github, .wrongSignature, others: 99))
        #expect(intake.seen.value.notices.count == 2)
    }

    @Test func `are remembered within a bound, the oldest given up first`() {
        var memory = DeliveryMemory(capacity: 3)
        for id in ["1", "2", "3", "2"] { memory.remember(id, of: .github) }
        #expect(["1", "2", "3"].allSatisfy { memory.contains($0, of: .github) })
        #expect(!memory.contains("1", of: .gitea))
        for id in ["4", "5"] { memory.remember(id, of: .github) }
        #expect(
            ["1", "2", "3", "4", "5"].map { memory.contains($0, of: .github) } == [false, false, true, true, true])
        for id in 6...100 { memory.remember("\(id)", of: .github) }
        #expect((1...100).count { memory.contains("\($0)", of: .github) } == 3)
    }
}

/// Base64, for tests that must sign as hosts do.
enum Base64 {
    static func text(of bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place > group.count ? "=" : digits[bits >> (18 - 6 * place) & 63])
            }
        }
        return text
    }
}
