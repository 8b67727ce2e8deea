import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringReporting
import MooringTestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Statuses` {
    private static func answer(
        _ world: HostWorld, _ status: Int, _ body: String, headers: String = "{}", method: String = "",
        path: String = "",
        times: Int = 1,
    ) async throws {
        try await world.stub.set(
            "answers",
            """
            {"status": \(status), "body": \(body), "headers": \(headers), "method": "\(method)", "path": "\(path)",
             "times": \(times)}
            """)
    }

    // MARK: Tokens

    @Test(arguments: HostKind.allCases)
    func `are posted with the token that has taken the place of a refused one`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            try await world.host(token: "old", next: StubHost.token).post(status())
            #expect(try await world.statuses(on: commit("a")).count == 1)
            let host = try world.host(token: "old", next: "older")
            #expect(try await failure { try await host.post(status(on: "b")) }.code == .unauthenticated)
            try await world.expectValidRequests()
        }
    }

    @Test(arguments: HostKind.allCases)
    func `with a wrong token say where to mend it, and never show it`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            let host = try world.host(token: "marked-secret")
            let request = PullRequest(
                number: 7, head: try commit("c"), headRef: nil, base: try BranchName("main"), isFromFork: false)
            for call in [
                { try await host.post(status()) },
                { _ = try await host.states(of: "x", on: commit("a")) },
                { _ = try await host.openPullRequests(into: BranchName("main"), limit: 1) },
                { try await host.post(status(on: "c", kind: .plan), on: request) },
            ] {
                let failure = try await failure(call)
                #expect(failure.code == .unauthenticated && failure.disposition == .stalled, "\(failure)")
                #expect(failure.description.contains("the file /run/token"))
                #expect(!"\(failure)".contains("marked-secret"))
            }
        }
    }

    @Test func `on Bitbucket Cloud go with the user's name where one is given`() async throws {
        try await withHost(.bitbucketCloud) { world in
            // The stub takes the bare token only.
            let refused = try await failure { try await world.host(user: "me@example.com").post(status()) }
            #expect(refused.code == .unauthenticated)
        }
    }

    // MARK: Limits of texts

    @Test(arguments: HostKind.allCases)
    func `are cut to what the host takes, between characters`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            let family = "👩‍👩‍👧‍👦"
            let host = try world.host()
            let long = "mooring/production/" + String(repeating: "é", count: 300)
            for end in ["1", "2"] {
                try await host.post(
                    status(
                        .pending, String(repeating: family, count: 60), context: long + end, link: "ftp://example.com",
                        kind: .plan))
            }
            let posted = try await world.stub.posted()
            // Two contexts that begin alike stay two.
            #expect(
                Set(posted.map(\.context)).count == 2 && Set(posted.map(\.key)).count == (posted[0].key == nil ? 1 : 2))
            // Seven scalars and eleven units of UTF-16 each.
            let families = kind == .github ? 19 : kind == .gitlab || kind == .gitea ? 36 : 23
            #expect(posted.first?.text == String(repeating: family, count: families) + "…")
            #expect(posted.allSatisfy { ($0.context?.unicodeScalars.count ?? 0) <= 255 && ($0.key?.count ?? 0) <= 255 })
            if kind == .bitbucketCloud { #expect(posted.allSatisfy { ($0.key?.count ?? 99) <= 40 }) }
            #expect(posted.allSatisfy { $0.link?.hasPrefix("ftp") != true })
            try await world.expectValidRequests()
        }
    }

    @Test(arguments: [HostKind.bitbucketCloud, .bitbucketDataCenter])
    func `on hosts that want a link lead to the commit's page where there is none`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            let host = try world.host()
            try await host.post(status(link: nil))
            try await host.post(status(on: "b", link: "http://localhost:8080/x"))
            let links = try await world.stub.posted().map(\.link)
            let base =
                kind == .bitbucketCloud ? "https://bitbucket.org/acme/app" : world.stub.url + "/projects/TEAM/repos/app"
            #expect(links[0] == "\(base)/commits/\(try commit("a"))")
            #expect(
                links[1] == (kind == .bitbucketCloud ? "\(base)/commits/\(try commit("b"))" : "http://localhost:8080/x")
            )
            try await world.expectValidRequests()
        }
    }

    @Test func `on Bitbucket Data Center name the context as the build's parent, which required builds look for`()
        async throws
    {
        try await withHost(.bitbucketDataCenter) { world in
            try await world.host().post(status())
            #expect(try await world.stub.posted().map(\.parent) == ["mooring/production"])
        }
    }

    // MARK: Turns and silence

    @Test func `wait for their turn when many are posted at once`() async throws {
        try await withHost(.github) { world in
            let host = try world.host()
            for number in 0..<40 { try await host.post(status(context: "check-\(number)", kind: .plan)) }
            async let late: Void = host.post(status(context: "late", kind: .plan))
            await world.clock.sleepers()
            #expect(try await world.stub.posted().count == 40)
            world.clock.advance(by: .seconds(10))
            try await late
            #expect(try await world.stub.posted().last?.context == "late")
        }
    }

    @Test func `are left to the outbox where their turn would come too late`() async throws {
        try await withHost(.github, clock: ManualClock(runsAhead: false)) { world in
            let host = try world.host()
            for number in 0..<40 { try await host.post(status(context: "check-\(number)", kind: .plan)) }
            await withTaskGroup { group in
                for number in 0..<6 {
                    group.addTask { try? await host.post(status(context: "waiting-\(number)", kind: .plan)) }
                }
                await world.clock.sleepers(6)
                let refused = try? await failure { try await host.post(status(context: "late", kind: .plan)) }
                #expect(refused?.code == .throttled)
                #expect(refused?.disposition == .retry(after: .seconds(60)))
                world.clock.advance(by: .seconds(60))
            }
            #expect(try await world.stub.posted().count == 46)
        }
    }

    @Test func `of commits do not wait behind many others, and how a commit ended comes first`() async throws {
        try await withHost(.github, clock: ManualClock(runsAhead: false)) { world in
            let host = try world.host()
            for number in 0..<40 { try await host.post(status(context: "check-\(number)", kind: .plan)) }
            let pending = try await failure { try await host.post(status(.pending, "1", kind: .report)) }
            #expect(pending.code == .notYet && pending.disposition == .retry(after: .seconds(10)))
            try? await host.post(status(.success, "2", kind: .report))
            let shown = try await world.stub.posted().filter { $0.context == "mooring/production" }
            #expect(shown.map(\.state) == ["success"])
        }
    }

    static let silences: [(HostKind, Int, body: String, headers: String, Duration)] = [
        (
            .github, 403, #"{"message": "You have exceeded a secondary rate limit."}"#, #"{"Retry-After": 7}"#,
            .seconds(7)
        ),
        (.github, 403, #"{"message": "You have exceeded a secondary rate limit."}"#, "{}", .seconds(60)),
        (.github, 429, #"{"message": "Too many requests"}"#, "{}", .seconds(60)),
        (
            .github, 403, #"{"message": "API rate limit exceeded for user ID 1."}"#,
            #"{"X-RateLimit-Remaining": 0, "X-RateLimit-Reset": \#(1_767_225_600 + 600)}"#, .seconds(600)
        ),
        (
            .gitlab, 429, #"{"message": {"error": "This endpoint has been requested too many times."}}"#,
            #"{"RateLimit-Remaining": 0, "RateLimit-Reset": \#(1_767_225_600 + 30)}"#, .seconds(30)
        ),
        (.bitbucketCloud, 429, #"{"type": "error"}"#, "{}", .seconds(60)),
        (.azureDevOps, 429, "{}", #"{"Retry-After": 12}"#, .seconds(12)),
        (.gitea, 503, "{}", #"{"Retry-After": 5}"#, .seconds(5)),
    ]

    @Test(arguments: silences)
    func `keep silent as long as the host asks for`(
        _ silence: (kind: HostKind, status: Int, body: String, headers: String, wait: Duration),
    ) async throws {
        try await withHost(silence.kind) { world in
            let host = try world.host()
            try await Self.answer(world, silence.status, silence.body, headers: silence.headers, method: "POST")
            let first = try await failure { try await host.post(status(kind: .plan)) }
            #expect(first.code == .throttled && first.disposition == .retry(after: silence.wait), "\(first)")
            // No call goes out meanwhile, for nobody with this token.
            let before = try await world.stub.requests().count
            world.clock.advance(by: silence.wait - .seconds(1))
            let second = try await failure { try await world.host().post(status(kind: .plan)) }
            #expect(second.disposition == .retry(after: .seconds(1)))
            #expect(try await world.stub.requests().count == before)
            world.clock.advance(by: .seconds(1))
            try await host.post(status(kind: .plan))
            #expect(try await world.stub.posted().count == 1)
        }
    }

    @Test func `on Azure DevOps wait after an answer that did what it should and asks for it`() async throws {
        try await withHost(.azureDevOps) { world in
            let host = try world.host()
            try await Self.answer(world, 200, #"{"id": 1}"#, headers: #"{"Retry-After": 9}"#, method: "POST")
            try await host.post(status(kind: .plan))
            let next = try await failure { try await host.post(status(on: "b", kind: .plan)) }
            #expect(next.code == .throttled && next.disposition == .retry(after: .seconds(9)))
        }
    }

    // MARK: Refusals

    static let refusals: [(HostKind, Int, String, Failure.Code, Failure.Disposition, words: String)] = [
        (
            .github, 403, #"{"message": "Resource not accessible by personal access token"}"#, .accessDenied, .stalled,
            "Commit statuses: read and write"
        ),
        (
            .github, 403, #"{"message": "Repository was archived so is read-only."}"#, .accessDenied, .stalled,
            "archived"
        ),
        (.github, 404, #"{"message": "Not Found"}"#, .notFound, .stalled, "Commit statuses: read and write"),
        (.github, 307, #"{"message": "Moved"}"#, .notFound, .stalled, "new address"),
        (.github, 502, "\"<html>Unicorn!</html>\"", .serverError, .retry(after: nil), "HTTP 502"),
        (.github, 422, #"{"message": "Validation Failed"}"#, .invalidInput, .invalidInput, "Validation Failed"),
        (
            .gitlab, 403,
            #"{"error": "insufficient_scope", "error_description": "The request requires higher privileges"}"#,
            .accessDenied, .stalled, "the scope 'api' and the role Developer"
        ),
        (.gitlab, 409, #"{"message": "409 Conflict"}"#, .conflict, .retry(after: nil), "faster"),
        (.gitlab, 404, #"{"message": "404 Project Not Found"}"#, .notFound, .stalled, "404 Project Not Found"),
        (
            .gitlab, 400, #"{"message": {"target_url": ["is blocked: Only allowed schemes are http, https"]}}"#,
            .invalidInput, .invalidInput, "target_url: is blocked"
        ),
        (.gitea, 423, #"{"message": "repo is archived"}"#, .accessDenied, .stalled, "archived"),
        (
            .gitea, 403, #"{"message": "token does not have at least one of required scope(s)"}"#, .accessDenied,
            .stalled,
            "write:repository"
        ),
        (
            .bitbucketCloud, 403,
            #"{"error": {"message": "Your credentials lack one or more required privilege scopes."}}"#,
            .accessDenied, .stalled, "the scope 'repository'"
        ),
        (
            .bitbucketDataCenter, 400, #"{"errors": [{"context": "url", "message": "must be a valid URL"}]}"#,
            .invalidInput, .invalidInput, "url: must be a valid URL"
        ),
        (
            .azureDevOps, 403, #"{"message": "TF401027: You need the Git 'GenericContribute' permission"}"#,
            .accessDenied,
            .stalled, "Code (status)"
        ),
    ]

    @Test(arguments: refusals)
    func `refused by the host say why and what to do`(
        _ refusal: (
            kind: HostKind, status: Int, body: String, code: Failure.Code, disposition: Failure.Disposition,
            words: String
        ),
    ) async throws {
        try await withHost(refusal.kind) { world in
            try await Self.answer(world, refusal.status, refusal.body, method: "POST")
            let failure = try await failure { try await world.host().post(status()) }
            #expect(failure.code == refusal.code && failure.disposition == refusal.disposition, "\(failure)")
            #expect(failure.description.contains(refusal.words), "\(failure)")
            #expect(failure.subject.hasSuffix("@aaaaaaa"))
        }
    }

    @Test func `that want single sign-on say for which organisation`() async throws {
        try await withHost(.github) { world in
            try await Self.answer(
                world, 403, #"{"message": "Resource protected by organization SAML enforcement."}"#,
                headers: #"{"X-GitHub-SSO": "required; url=https://example.com"}"#, method: "POST")
            let failure = try await failure { try await world.host().post(status()) }
            #expect(failure.description.contains("Authorise the token for the organisation 'acme'"))
        }
    }

    @Test func `are given up where GitHub keeps no more of the commit`() async throws {
        try await withHost(.github) { world in
            try await world.stub.set("settings", #"{"statuses_most": 2}"#)
            let host = try world.host()
            for text in ["1", "2"] { try await host.post(status(.pending, text, kind: .plan)) }
            let full = try await failure { try await host.post(status(.success, "3", kind: .plan)) }
            #expect(full.code == .limitExceeded && full.disposition == .invalidInput)
            #expect(full.description.contains("reached the maximum number of statuses"))
        }
    }

    @Test func `on GitLab are shown already where it cannot go from a state to the same one`() async throws {
        try await withHost(.gitlab) { world in
            let host = try world.host()
            for text in ["1", "2", "2"] { try await host.post(status(.pending, text, kind: .plan)) }
            try await host.post(status(.success, "3", kind: .plan))
            #expect(try await world.stub.posted().map(\.text) == ["1", "3"])
            #expect(try await world.stub.requests().filter { $0.hasPrefix("POST") }.count == 3)
        }
    }

    @Test func `are given up where GitLab's pipeline takes no more jobs`() async throws {
        try await withHost(.gitlab) { world in
            try await world.stub.set("settings", #"{"jobs_most": 1}"#)
            let host = try world.host()
            try await host.post(status(kind: .plan))
            let full = try await failure { try await host.post(status(context: "another", kind: .plan)) }
            #expect(full.code == .limitExceeded && full.disposition == .invalidInput)
        }
    }

    @Test(arguments: HostKind.allCases)
    func `of a commit that the host does not have are an error and read as none`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            let host = try world.host()
            let gone = try CommitID("dead" + String(repeating: "0", count: 36))
            let status = CommitStatus(commit: gone, context: "c", state: .pending, summary: "", kind: .plan)
            let failure = try await failure { try await host.post(status) }
            #expect(failure.code == .notFound && failure.disposition == .invalidInput, "\(failure)")
            #expect(failure.cause.contains("does not have the commit"))
            #expect(try await host.states(of: "c", on: gone) == [:])
        }
    }

    // MARK: Trouble on the way

    @Test(arguments: HostKind.allCases)
    func `survive an outage, and then show the newest only`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            let host = try world.host()
            try await host.post(status(.pending, "1", kind: .plan))
            for outage in ["503", "refuse"] {
                try await world.stub.set("outage", #"{"kind": "\#(outage)"}"#)
                let away = try await failure { try await host.post(status(.pending, "2", kind: .plan)) }
                #expect(away.disposition == .retry(after: nil), "\(away)")
            }
            try await world.stub.set("outage", #"{"kind": "none"}"#)
            try await host.post(status(.success, "3", kind: .plan))
            #expect(try await world.stub.posted().map(\.text) == ["1", "3"])
        }
    }

    @Test func `do not wait for a host that never answers`() async throws {
        let silent = """
            import socket, time
            listener = socket.create_server(("127.0.0.1", 0))
            print("ready", listener.getsockname()[1], flush=True)
            time.sleep(100)
            """
        try await withPythonServer(silent) { server in
            let repository = try #require(
                HostRepository(kind: .github, host: "github.com", path: "/a/b", apiURL: server.url))
            let clock = ManualClock()
            let host = LiveGitHost(
                HostSettings(
                    repository: repository,
                    credential: .token(GivenToken(RenewableSecret(Secret("t")) { nil }, origin: "t"), user: nil),
                    callTimeout: .milliseconds(300)),
                client: try HTTPClient(), clock: clock, gate: HostGate(clock: clock, kind: .github)
            ) { _ in }
            let late = try await failure { try await host.post(status()) }
            #expect(late.code == .timedOut && late.disposition == .retry(after: nil))
        }
    }

    @Test func `from something that is no such host are not believed`() async throws {
        try await withHost(.github) { world in
            try await Self.answer(world, 200, #""<html>welcome</html>""#, method: "GET")
            let failure = try await failure { _ = try await world.host().states(of: "x", on: commit("a")) }
            #expect(failure.code == .malformedAnswer && failure.remedy.contains("statuses.apiURL"))
        }
    }
}
