import Foundation
import MooringHTTPTransport
import MooringModel
import MooringNames
import MooringPorts
import MooringReporting
import MooringTestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct `An App on GitHub` {
    /// A key pair as openssl makes it.
    private struct Keys {
        let privateKey: String
        let publicKey: String

        init() throws {
            let folder = FileManager.default.temporaryDirectory
                .appendingPathComponent("mooring-app-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            for arguments in ["genrsa -out key.pem 2048", "rsa -in key.pem -pubout -out public.pem"] {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
                process.currentDirectoryURL = folder
                process.standardError = FileHandle.nullDevice
                try process.run()
                process.waitUntilExit()
            }
            privateKey = try String(contentsOf: folder.appendingPathComponent("key.pem"), encoding: .utf8)
            publicKey = try String(contentsOf: folder.appendingPathComponent("public.pem"), encoding: .utf8)
        }

        /// Tells the stub about the App, and the time.
        func install(_ world: HostWorld, token: String = "none") async throws {
            let key = String(decoding: try JSONEncoder().encode(publicKey), as: UTF8.self)
            let now = world.clock.now.millisecondsSince1970 / 1_000
            try await world.stub.set(
                "settings",
                #"{"token": "\#(token)", "app": {"id": 17, "installation": 99, "public_key": \#(key), "now": \#(now)}}"#
            )
        }

        func app(installation: Int? = nil, next: String? = nil) -> HostSettings.Credential {
            .app(
                GitHubApp(
                    id: 17, installation: installation,
                    privateKey: GivenToken(
                        RenewableSecret(Secret(privateKey)) { next.map { Secret($0) } }, origin: "the file /run/app.pem"
                    )))
        }
    }

    @Test func `signs in by itself, with a token for this repository that lasts until shortly before its end`()
        async throws
    {
        let keys = try Keys()
        try await withHost(.github) { world in
            try await keys.install(world)
            let host = try world.host(keys.app())
            for text in ["1", "2"] { try await host.post(status(.pending, text, kind: .plan)) }
            func tokens() async throws -> [StubHost.Posted] {
                try await world.stub.posted().filter { $0.what == "token" }
            }
            #expect(try await tokens().map(\.repositories) == [["app"]])
            world.clock.advance(by: .seconds(3_600 - 299))
            try await keys.install(world)
            try await host.post(status(.success, "3", kind: .plan))
            #expect(try await tokens().count == 2)
            // A token that was taken back is replaced at once.
            world.clock.advance(by: .seconds(100))
            try await keys.install(world, token: "revoked")
            try await host.post(status(.success, "4", on: "b", kind: .plan))
            #expect(try await tokens().count == 3)
            #expect(try await world.stub.requests().filter { $0.contains("/installation") }.count == 4)
            try await world.expectValidRequests()
        }
    }

    @Test func `takes one token for everything that is asked at once`() async throws {
        let keys = try Keys()
        try await withHost(.github) { world in
            try await keys.install(world)
            let host = try world.host(keys.app())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for digit in "0123456789abcdef" {
                    group.addTask { _ = try await host.states(of: "mooring/production", on: commit(digit)) }
                }
                try await group.waitForAll()
            }
            let requests = try await world.stub.requests()
            #expect(requests.count { $0.contains("access_tokens") } == 1, "\(requests)")
            #expect(requests.count { $0.hasSuffix("/installation") } == 1)
            try await world.expectValidRequests()
        }
    }

    @Test func `makes no second check run where the answer to the first was lost`() async throws {
        let keys = try Keys()
        try await withHost(.github) { world in
            try await keys.install(world)
            let host = try world.host(keys.app(installation: 99))
            try await world.stub.set(
                "answers",
                #"{"status": 502, "method": "POST", "path": "check-runs", "body": {}, "times": 1, "performed": true}"#)
            await #expect(throws: Failure.self) { try await host.post(status(.pending, "1", kind: .plan)) }
            world.clock.advance(by: .seconds(60))
            try await keys.install(world)
            try await host.post(status(.success, "2", kind: .plan))
            let checks = try await world.stub.posted().filter { $0.what == "check" }
            #expect(Set(checks.map(\.check)).count == 1, "\(checks.map(\.state))")
            #expect(checks.last?.state == "success")
            try await world.expectValidRequests()
        }
    }

    @Test func `shows check runs, changed in their place until they are complete`() async throws {
        let keys = try Keys()
        try await withHost(.github) { world in
            try await keys.install(world)
            let host = try world.host(keys.app(installation: 99))
            try await host.post(status(.pending, "1", kind: .plan))
            try await host.post(status(.pending, "1", kind: .plan))
            try await host.post(status(.pending, "2", kind: .plan))
            // After a restart the run is found by its name.
            let next = try world.host(keys.app())
            #expect(
                try await next.states(of: "mooring/production", on: commit("a")) == ["mooring/production": .pending])
            try await next.post(status(.failure, "3", kind: .plan))
            try await next.post(status(.pending, "again", kind: .plan))
            try await next.post(status(.neutral, "4", kind: .plan))
            let checks = try await world.stub.posted().filter { $0.what == "check" }
            #expect(checks.map(\.state) == ["in_progress", "in_progress", "failure", "in_progress", "neutral"])
            #expect(checks.map(\.text) == ["1", "2", "3", "again", "4"])
            let first = checks.first?.check
            #expect(checks.map { $0.check == first } == [true, true, true, false, false])
            #expect(checks.allSatisfy { $0.link == "https://mooring.example.com/production" })
            #expect(
                try await next.states(of: "mooring/production", on: commit("a")) == ["mooring/production": .neutral])
            try await world.expectValidRequests()
        }
    }

    @Test func `says more than a line, and puts remarks on lines, fifty a call`() async throws {
        let keys = try Keys()
        try await withHost(.github) { world in
            try await keys.install(world)
            let host = try world.host(keys.app())
            let path = try TreePath("production/web.yaml")
            let remarks = (1...120).map {
                StatusAnnotation(path: path, line: $0, message: "line \($0)", isError: $0 == 1)
            }
            try await host.post(
                CommitStatus(
                    commit: commit("a"), context: "mooring/production", state: .failure, summary: "120 findings",
                    kind: .plan, details: String(repeating: "é", count: 60_000), annotations: remarks))
            let checks = try await world.stub.posted().filter { $0.what == "check" }
            #expect(checks.map(\.annotations) == [50, 50, 20])
            #expect(checks.allSatisfy { $0.check == checks[0].check && ($0.summary?.utf8.count ?? 0) <= 65_535 })
            #expect(checks.first?.summary?.hasPrefix("ééé") == true)
            // Another text behind the same line is another result; the same one is not, after a restart either.
            for details in ["other", "other"] {
                try await world.host(keys.app()).post(
                    CommitStatus(
                        commit: commit("a"), context: "mooring/production", state: .failure, summary: "120 findings",
                        kind: .plan, details: details))
            }
            #expect(try await world.stub.posted().filter { $0.what == "check" }.count == 4)
            try await world.expectValidRequests()
        }
    }

    @Test func `finds its own comments by its number`() async throws {
        let keys = try Keys()
        try await withHost(.github) { world in
            try await keys.install(world)
            try await world.stub.set("pulls", #"{"number": 7, "head": "\#(try commit("c"))"}"#)
            try await world.stub.set(
                "comments", #"{"number": 7, "text": "all is well\n\n<!-- mooring: production -->", "author": 99}"#)
            let request = try #require(
                try await world.host(keys.app()).openPullRequests(into: BranchName("main"), limit: 1).first)
            for text in ["one", "two"] {
                _ = try await world.host(keys.app()).comment(text, marker: "production", on: request, begins: true)
            }
            #expect(try await world.stub.posted().filter { $0.what == "comment" }.map(\.how) == ["create", "update"])
            try await world.expectValidRequests()
        }
    }

    @Test func `whose key does not fit says so, and takes the one that has come in its place`() async throws {
        let keys = try Keys()
        let other = try Keys()
        try await withHost(.github) { world in
            try await keys.install(world)
            let refused = try await failure { try await world.host(other.app()).post(status()) }
            #expect(refused.code == .unauthenticated && refused.disposition == .stalled)
            #expect(refused.remedy.contains("the file /run/app.pem"))
            try await world.host(other.app(next: keys.privateKey)).post(status(kind: .plan))
            #expect(try await world.stub.posted().map(\.what) == ["token", "check"])
            let unreadable = HostSettings.Credential.app(
                GitHubApp(
                    id: 17,
                    privateKey: GivenToken(RenewableSecret(Secret("secret-words")) { nil }, origin: "the file x")))
            let failed = try await failure { try await world.host(unreadable).post(status()) }
            #expect(failed.code == .invalidInput && failed.disposition == .stalled)
            #expect(failed.cause.contains("must be PEM") && !"\(failed)".contains("secret-words"))
        }
    }

    @Test func `that is not installed on the repository says so`() async throws {
        let keys = try Keys()
        try await withHost(.github) { world in
            try await keys.install(world)
            let failed = try await failure { try await world.host(keys.app(installation: 98)).post(status()) }
            #expect(failed.code == .notFound && failed.remedy.contains("an installation of the App"))
        }
    }
}

@Suite(.timeLimit(.minutes(2))) struct `Deployments on GitHub` {
    private static func deployment(_ state: CommitStatus.State, _ text: String, on digit: Character = "a") throws
        -> CommitStatus
    {
        try status(state, text, on: digit, kind: .deployment(try EnvironmentName("production")))
    }

    @Test func `are made once and go from state to state, none twice, after a restart as well`() async throws {
        try await withHost(.github) { world in
            try await world.stub.set(
                "pulls",
                #"{"number": 7, "head": "\#(commit("c"))", "state": "merged", "merge_commit": "\#(commit("a"))"}"#)
            let host = try world.host(deployments: true)
            for text in ["waiting", "1/2 services"] { try await host.post(Self.deployment(.pending, text)) }
            world.clock.advance(by: .seconds(600))
            let next = try world.host(deployments: true)
            try await next.post(Self.deployment(.pending, "2/2 services"))
            try await next.post(Self.deployment(.success, String(repeating: "x", count: 300)))
            try await next.post(Self.deployment(.success, "done"))
            let posted = try await world.stub.posted().filter { $0.what.hasPrefix("deployment") }
            #expect(posted.map(\.what) == ["deployment", "deployment-status", "deployment-status"])
            #expect(posted.map(\.state) == [nil, "in_progress", "success"])
            #expect(posted.allSatisfy { $0.on == (try? commit("a").text) && $0.context == "production" })
            #expect(posted.last?.text?.count == 140)
            #expect(posted.last?.link == "https://mooring.example.com/production")
            try await world.expectValidRequests()
        }
    }

    @Test func `are not made for what was overtaken before it began`() async throws {
        try await withHost(.github, clock: ManualClock(runsAhead: true)) { world in
            let host = try world.host(deployments: true)
            world.clock.advance(by: .seconds(1))
            try? await host.post(Self.deployment(.neutral, "superseded", on: "b"))
            #expect(try await world.stub.posted().map(\.what) == ["status"])
            try await host.post(Self.deployment(.pending, "waiting"))
            try? await host.post(Self.deployment(.neutral, "superseded"))
            #expect(
                try await world.stub.posted().filter { $0.what == "deployment-status" }.map(\.state) == [
                    "in_progress", "inactive",
                ])
        }
    }

    @Test func `are left out unless wanted, and their refusal is said once`() async throws {
        try await withHost(.github) { world in
            try await world.host().post(Self.deployment(.pending, "waiting"))
            #expect(try await world.stub.posted().map(\.what) == ["status"])
            try await world.stub.set(
                "answers",
                #"{"status": 403, "body": {"message": "Resource not accessible"}, "path": "/deployments", "times": 9}"#)
            let host = try world.host(deployments: true)
            for text in ["1", "2"] { try await host.post(Self.deployment(.pending, text)) }
            #expect(world.said.all.count == 1)
            #expect(world.said.all.first?.contains("Deployments: read and write") == true)
        }
    }
}
