import Foundation
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringReporting
import MooringTestSupport
import Testing

@Suite struct `Statuses on GitHub` {
    /// What the tests talk to.
    private struct World {
        let server: PythonServer
        let clock = ManualClock()
        let client: HTTPClient
        let gate: HostGate

        init(_ server: PythonServer) throws {
            self.server = server
            client = try HTTPClient()
            gate = HostGate(clock: clock)
        }

        func host(
            _ name: String = "app", token: String = FakeGitHub.token, next: String? = nil,
            timeout: Duration = .seconds(20),
        ) throws -> GitHubStatuses {
            let repository = try #require(
                GitHubRepository(host: "github.com", path: "/acme/\(name).git", apiURL: server.url + "/"))
            return GitHubStatuses(
                client: client, repository: repository,
                token: RenewableSecret(Secret(token)) { next.map { Secret($0) } },
                tokenOrigin: "MOORING_STATUS_TOKEN", gate: gate, callTimeout: timeout)
        }

        struct Post: Decodable, Equatable {
            let state: String
            let context: String
            let description: String
            let target_url: String?
            let sha: String
            let repo: String
        }

        func posts() async throws -> [Post] {
            let response = try await client.send(HTTPRequest(method: "GET", url: server.url + "/_posts"))
            return try JSONDecoder().decode([Post].self, from: Data(response.body))
        }
    }

    private func withWorld(_ body: (World) async throws -> Void) async throws {
        try await withPythonServer(FakeGitHub.program) { try await body(try World($0)) }
    }

    private static func status(
        _ state: CommitStatus.State = .pending, summary: String = "1/2 services", link: String? = nil,
        commit: Character = "a",
        context: String = "mooring/production",
    ) throws -> CommitStatus {
        CommitStatus(
            commit: try CommitID(String(repeating: commit, count: 40)), context: context, state: state,
            summary: summary,
            link: link)
    }

    private func failure(_ body: () async throws -> Void) async throws -> Failure {
        do { try await body() } catch let failure as Failure { return failure }
        throw NoFailure()
    }
    private struct NoFailure: Error {}

    @Test func `are posted with the token that has taken the place of a refused one`() async throws {
        try await withWorld { world in
            try await world.host(token: "ghp_old", next: FakeGitHub.token).post(try Self.status())
            #expect(try await world.posts().count == 1)
            let host = try world.host(token: "ghp_old", next: "ghp_older")
            #expect(try await failure { try await host.post(try Self.status(commit: "b")) }.code == .unauthenticated)
        }
    }

    @Test func `are posted and read back`() async throws {
        try await withWorld { world in
            let host = try world.host()
            let commit = try Self.status().commit
            #expect(try await host.states(of: "mooring/production", on: commit)["mooring/production"] == nil)
            try await host.post(Self.status(.pending))
            try await host.post(Self.status(.success, summary: "done", link: "https://example.com/1"))
            #expect(try await host.states(of: "mooring/production", on: commit)["mooring/production"] == .success)
            #expect(try await host.states(of: "mooring/staging", on: commit)["mooring/staging"] == nil)
            #expect(
                try await world.posts() == [
                    .init(
                        state: "pending", context: "mooring/production", description: "1/2 services", target_url: nil,
                        sha: commit.text, repo: "app"),
                    .init(
                        state: "success", context: "mooring/production", description: "done",
                        target_url: "https://example.com/1", sha: commit.text, repo: "app"),
                ])
        }
    }

    @Test func `are not posted twice, not even by the next process`() async throws {
        try await withWorld { world in
            let host = try world.host()
            for _ in 0..<3 { try await host.post(Self.status(.success)) }
            #expect(try await world.posts().count == 1)
            let next = try world.host()
            #expect(
                try await next.states(of: "mooring/production", on: Self.status().commit)["mooring/production"]
                    == .success)
            try await next.post(Self.status(.success))
            #expect(try await world.posts().count == 1)
            try await next.post(Self.status(.failure))
            try await next.post(Self.status(.success))
            #expect(try await world.posts().map(\.state) == ["success", "failure", "success"])
        }
    }

    @Test func `are cut to what GitHub takes, between characters`() async throws {
        try await withWorld { world in
            let family = "👩‍👩‍👧‍👦"
            try await world.host().post(
                Self.status(
                    summary: String(repeating: family, count: 30), link: "ftp://example.com",
                    context: String(repeating: "é", count: 300)))
            let post = try #require(try await world.posts().first)
            // Seven scalars each: nineteen whole families and the ellipsis.
            #expect(post.description == String(repeating: family, count: 19) + "…")
            #expect(post.context.unicodeScalars.count == 255)
            #expect(post.target_url == nil)
        }
    }

    @Test func `are found among more checks than a page holds`() async throws {
        try await withWorld { world in
            let host = try world.host()
            let clock = world.clock
            for number in 0..<130 {
                // Nobody waits for a turn here.
                clock.advance(by: Limits.postInterval)
                try await host.post(Self.status(.success, context: String(format: "check-%03d", number)))
            }
            try await host.post(Self.status(.pending))
            #expect(
                try await host.states(of: "mooring/production", on: Self.status().commit)["mooring/production"]
                    == .pending)
        }
    }

    @Test func `wait for their turn when many are posted at once`() async throws {
        try await withWorld { world in
            let host = try world.host()
            for number in 0..<Limits.burst { try await host.post(Self.status(context: "check-\(number)")) }
            async let late: Void = host.post(Self.status(context: "late"))
            await world.clock.sleepers()
            #expect(try await world.posts().count == Limits.burst)
            world.clock.advance(by: Limits.postInterval)
            try await late
            #expect(try await world.posts().last?.context == "late")
        }
    }

    @Test func `keep silent as long as GitHub asks for`() async throws {
        let cases: [(String, Duration)] = [
            ("secondary", .seconds(7)), ("silent", .seconds(60)), ("primary", .seconds(600)),
        ]
        for (repository, wait) in cases {
            try await withWorld { world in
                let host = try world.host(repository)
                let first = try await failure { try await host.post(Self.status()) }
                #expect(first.code == .throttled)
                #expect(first.disposition == .retry(after: wait))
                // No call goes out meanwhile, for no repository of this token.
                world.clock.advance(by: wait - .seconds(1))
                let second = try await failure { try await world.host("app").post(Self.status()) }
                #expect(second.disposition == .retry(after: .seconds(1)))
                #expect(try await world.posts().isEmpty)
                world.clock.advance(by: .seconds(1))
                try await host.post(Self.status())
                #expect(try await world.posts().count == 1)
            }
        }
    }

    @Test(arguments: [
        ("forbidden", Failure.Code.accessDenied, Failure.Disposition.stalled, "Commit statuses: read and write"),
        ("sso", .accessDenied, .stalled, "Authorise the token"),
        ("archived", .accessDenied, .stalled, "archived"),
        ("absent", .notFound, .stalled, "knows no repository 'acme/absent'"),
        ("moved", .notFound, .stalled, "new address"),
        ("full", .limitExceeded, .invalidInput, "maximum number of statuses"),
        ("broken", .serverError, .retry(after: nil), "HTTP 502"),
    ])
    func `refused by GitHub say why and what to do`(
        repository: String, code: Failure.Code, disposition: Failure.Disposition, words: String,
    ) async throws {
        try await withWorld { world in
            let failure = try await failure { try await world.host(repository).post(Self.status()) }
            #expect(failure.code == code)
            #expect(failure.disposition == disposition)
            #expect(failure.description.contains(words), "\(failure)")
            #expect(failure.subject == "acme/\(repository)@aaaaaaa")
        }
    }

    @Test func `with a wrong token say where to mend it, and never show it`() async throws {
        try await withWorld { world in
            let host = try world.host(token: "ghp_wrong")
            for call in [
                { try await host.post(Self.status()) },
                { _ = try await host.states(of: "x", on: Self.status().commit)["x"] },
            ] {
                let failure = try await failure(call)
                #expect(failure.code == .unauthenticated && failure.disposition == .stalled)
                #expect(failure.description.contains("MOORING_STATUS_TOKEN") && !"\(failure)".contains("ghp_"))
            }
        }
    }

    @Test func `of a commit that the host does not have are given up`() async throws {
        try await withWorld { world in
            let commit = try CommitID("dead" + String(repeating: "0", count: 36))
            let status = CommitStatus(commit: commit, context: "c", state: .pending, summary: "")
            let failure = try await failure { try await world.host().post(status) }
            #expect(failure.code == .notFound && failure.disposition == .invalidInput)
        }
    }

    @Test func `do not wait for a host that never answers`() async throws {
        try await withWorld { world in
            let failure = try await failure {
                try await world.host("hang", timeout: .milliseconds(300)).post(Self.status())
            }
            #expect(failure.code == .timedOut && failure.disposition == .retry(after: nil))
        }
        let client = try HTTPClient()
        let repository = try #require(GitHubRepository(host: "x", path: "a/b", apiURL: "http://127.0.0.1:1"))
        let host = GitHubStatuses(
            client: client, repository: repository, token: RenewableSecret(Secret("t")) { nil }, tokenOrigin: "t",
            gate: HostGate(clock: ManualClock()))
        #expect(try await failure { try await host.post(Self.status()) }.code == .unreachable)
    }

    @Test func `from something that is no GitHub are not believed`() async throws {
        try await withWorld { world in
            let failure = try await failure {
                _ = try await world.host("notjson").states(of: "x", on: Self.status().commit)["x"]
            }
            #expect(failure.code == .malformedAnswer && failure.remedy.contains("statuses.apiURL"))
        }
    }
}

@Suite struct `GitHub repository` {
    @Test(arguments: [
        ("github.com", "/acme/app.git", "https://api.github.com"), ("GitHub.com", "acme/app", "https://api.github.com"),
        ("ssh.github.com:443", "/acme/app.git/", "https://api.github.com"),
        ("acme.ghe.com", "/acme/app", "https://api.acme.ghe.com"),
        ("git.example.com:8443", "/acme/app", "https://git.example.com:8443/api/v3"),
    ])
    func `knows where its API is`(host: String, path: String, url: String) throws {
        let repository = try #require(GitHubRepository(host: host, path: path))
        #expect(repository.apiURL == url && "\(repository)" == "acme/app")
    }

    @Test(arguments: ["", "/acme", "/acme/app/more", "/acme/..", "/acme/a%2Fb", "/acme/a b"])
    func `is none for another path`(path: String) {
        #expect(GitHubRepository(host: "github.com", path: path) == nil)
    }
}
