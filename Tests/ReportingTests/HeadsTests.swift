import MooringNames
import MooringPorts
import MooringReporting
import MooringTestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct `The head of a merged pull request` {
    private static func merge(_ world: HostWorld, fork: Bool = false) async throws {
        try await world.stub.set(
            "pulls",
            """
            {"number": 7, "head": "\(try commit("c"))", "state": "merged", "merge_commit": "\(try commit("a"))",
             "fork": \(fork)}
            """)
    }

    @Test(arguments: HostKind.allCases)
    func `is asked for again while the host may not have looked, and then no more`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            let host = try world.host()
            try await host.post(status(.pending, "1"))
            let asked = try await world.stub.requests().count
            try await host.post(status(.pending, "2"))
            // A moment later nobody asks.
            #expect(try await world.stub.requests().count == asked + 1)
            // An end has no successor that would ask: whoever posts it is told when to do so again.
            let unsure = try await failure { try await host.post(status(.success, "3")) }
            #expect(unsure.code == .notYet && unsure.disposition == .retry(after: .seconds(3)))
            #expect(try await world.statuses(on: commit("a")).last?.text == "3")
            try await Self.merge(world)
            world.clock.advance(by: .seconds(3))
            try await host.post(status(.success, "3"))
            let told = try await world.statuses(on: commit("a")).filter { $0.text == "3" }
            #expect(told.count == 1)
            #expect(try await world.statuses(on: commit("c")).map(\.text) == ["3"])
        }
    }

    @Test(arguments: HostKind.allCases)
    func `is none of a commit that nobody brought, after a few seconds and for good`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            let host = try world.host()
            for wait in [3, 6] {
                let unsure = try await failure { try await host.post(status(.success, "done")) }
                #expect(unsure.disposition == .retry(after: .seconds(wait)))
                world.clock.advance(by: .seconds(wait))
            }
            try await host.post(status(.success, "done"))
            let before = try await world.stub.requests().count
            try await host.post(status(.failure, "failed", kind: .report))
            world.clock.advance(by: .seconds(3_600))
            #expect(try await world.stub.requests().count == before + 1)
            #expect(try await world.host().states(of: "mooring", on: commit("b")) == [:])
        }
    }

    @Test func `is waited for while Bitbucket Cloud indexes`() async throws {
        try await withHost(.bitbucketCloud) { world in
            try await Self.merge(world)
            try await world.stub.set("settings", #"{"indexing": 3}"#)
            let host = try world.host()
            for wait in [3, 6] {
                let unsure = try await failure { try await host.post(status(.success, "done")) }
                #expect(unsure.disposition == .retry(after: .seconds(wait)))
                world.clock.advance(by: .seconds(wait))
            }
            try await host.post(status(.success, "done"))
            #expect(try await world.statuses(on: commit("c")).map(\.text) == ["done"])
            try await world.expectValidRequests()
        }
    }

    @Test func `is found without Bitbucket Cloud's index of commits`() async throws {
        try await withHost(.bitbucketCloud) { world in
            try await Self.merge(world)
            try await world.stub.set("settings", #"{"has_index": false}"#)
            try await world.host().post(status(.success, "done"))
            #expect(try await world.statuses(on: commit("c")).map(\.text) == ["done"])
            #expect(world.said.all == [])
        }
    }

    @Test func `is no error where the token may not read pull requests, and that is said once`() async throws {
        try await withHost(.github) { world in
            try await Self.merge(world)
            try await world.stub.set(
                "answers",
                #"{"status": 403, "body": {"message": "Resource not accessible"}, "path": "/pulls", "times": 9}"#)
            let host = try world.host()
            for (text, digit) in [("1", "a"), ("2", "a"), ("3", "b")] as [(String, Character)] {
                try await host.post(status(.success, text, on: digit))
            }
            #expect(world.said.all.count == 1)
            #expect(world.said.all.first?.contains("Pull requests: read") == true)
            #expect(try await world.statuses(on: commit("a")).count == 2)
            #expect(world.clock.slept == [])
        }
    }

    @Test func `does not keep the commit's own status from being shown`() async throws {
        try await withHost(.github) { world in
            try await Self.merge(world)
            try await world.stub.set("answers", #"{"status": 502, "path": "/pulls", "times": 1}"#)
            let host = try world.host()
            let away = try await failure { try await host.post(status(.success, "done")) }
            #expect(away.code == .serverError && away.disposition == .retry(after: nil))
            #expect(try await world.stub.posted().map(\.on) == [commit("a").text])
            try await host.post(status(.success, "done"))
            #expect(try await world.stub.posted().map(\.on) == [commit("a").text, commit("c").text])
        }
    }

    @Test func `in a fork on GitLab shows the status there, and here where the fork is closed to us`() async throws {
        try await withHost(.gitlab) { world in
            try await Self.merge(world, fork: true)
            let host = try world.host()
            try await host.post(status(.pending, "1"))
            try await world.stub.set(
                "answers", #"{"status": 403, "method": "POST", "path": "projects/2/statuses", "body": {}}"#)
            try await host.post(status(.success, "2"))
            let shown = try await world.statuses(on: commit("c"))
            #expect(shown.map(\.project) == ["2", "acme/team/app"])
            #expect(shown.map(\.text) == ["1", "2"])
            try await world.expectValidRequests()
        }
    }

    @Test func `in a fork that is closed to us, what shows on the commit itself is read all the same`() async throws {
        try await withHost(.gitlab) { world in
            try await Self.merge(world, fork: true)
            try await world.host().post(status(.pending, "1"))
            for code in [403, 404] {
                try await world.stub.set(
                    "answers", #"{"status": \#(code), "method": "GET", "path": "projects/2/", "body": {}}"#)
                let states = try await world.host().states(of: "mooring/production", on: commit("a"))
                #expect(states == ["mooring/production": .pending], "\(code)")
            }
        }
    }

    @Test func `is not shown what is a plan`() async throws {
        try await withHost(.github) { world in
            try await Self.merge(world)
            try await world.host().post(status(.success, "plan", kind: .plan))
            #expect(try await world.stub.posted().map(\.on) == [commit("a").text])
        }
    }
}
