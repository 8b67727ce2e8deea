import MooringNames
import MooringPorts
import MooringReporting
import MooringTestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct `The life of a commit` {
    /// How a host calls the states, in the order of `CommitStatus.State`'s cases.
    private static func words(_ kind: HostKind) -> [CommitStatus.State: String] {
        let words =
            switch kind {
            case .github, .gitea: ["pending", "success", "failure", "error", "success"]
            case .gitlab: ["running", "success", "failed", "failed", "success"]
            case .bitbucketCloud: ["INPROGRESS", "SUCCESSFUL", "FAILED", "FAILED", "STOPPED"]
            case .bitbucketDataCenter: ["INPROGRESS", "SUCCESSFUL", "FAILED", "FAILED", "CANCELLED"]
            case .azureDevOps: ["pending", "succeeded", "failed", "error", "notApplicable"]
            }
        return Dictionary(uniqueKeysWithValues: zip(CommitStatus.State.allCases, words))
    }

    @Test(arguments: HostKind.allCases)
    func `shows from pending to its end, here and on the head that brought it, every request valid and none twice`(
        kind: HostKind,
    ) async throws {
        try await withHost(kind) { world in
            // Small pages, so that lists are longer than one.
            try await world.stub.set("settings", #"{"page": 2, "transitions": false}"#)
            for (number, merge) in [(3, "1"), (4, "2"), (5, "3"), (7, "a"), (8, "b"), (9, "4")] {
                let head = number == 7 ? "c" : number == 8 ? "d" : "\(number)"
                let isSquash = number == 8
                try await world.stub.set(
                    "pulls",
                    """
                    {"number": \(number), "head": "\(String(repeating: head, count: 40))", "state": "merged",
                     "merge_commit": "\(String(repeating: merge, count: 40))", "squash": \(isSquash), "updated": \(number)}
                    """)
            }
            let words = Self.words(kind)
            let host = try world.host()
            let steps: [(CommitStatus.State, String)] = [
                (.pending, "waiting"), (.pending, "1/2 services"), (.pending, "1/2 services"), (.success, "2 services"),
                (.success, "2 services"),
            ]
            for (state, text) in steps {
                // The first was merged by a commit of two parents, the second squashed and superseded.
                try await host.post(status(state, text))
            }
            try await host.post(status(.pending, "waiting", on: "b"))
            try await host.post(status(.neutral, "superseded by 4444444", on: "b"))
            let shown = [
                (words[.pending], "waiting"), (words[.pending], "1/2 services"), (words[.success], "2 services"),
            ]
            for place in ["a", "c"] as [Character] {
                let posted = try await world.statuses(on: commit(place))
                #expect(posted.map(\.state) == shown.map(\.0), "\(kind) on \(place)")
                #expect(posted.map(\.text) == shown.map(\.1))
                #expect(posted.allSatisfy { $0.context == "mooring/production" })
                #expect(posted.allSatisfy { $0.link == "https://mooring.example.com/production" })
            }
            for place in ["b", "d"] as [Character] {
                #expect(try await world.statuses(on: commit(place)).map(\.state) == [words[.pending], words[.neutral]])
            }
            // The third was rebased, and its rollout failed.
            try await host.post(status(.failure, "web: image cannot be pulled", on: "4"))
            #expect(try await world.statuses(on: commit("9")).map(\.state) == [words[.failure]])
            try await plan(world, host)
            // A new process knows what shows.
            let next = try world.host()
            for (place, state) in [("a", .success), ("b", .neutral), ("4", .failure)]
                as [(Character, CommitStatus.State)]
            {
                let shown = try await next.states(of: "mooring/production", on: commit(place))["mooring/production"]
                #expect(shown.map { words[$0] } == words[state], "\(kind) on \(place)")
            }
            try await world.expectValidRequests()
            #expect(world.said.all == [])
        }
    }

    /// What is to be merged shows what that would do.
    private func plan(_ world: HostWorld, _ host: LiveGitHost) async throws {
        try await world.stub.set(
            "pulls", #"{"number": 10, "head": "\#(commit("e"))", "state": "open", "updated": 10}"#)
        let request = try #require(try await host.openPullRequests(into: BranchName("main"), limit: 5).first)
        let head = try commit("e")
        #expect(request.number == 10 && request.head == head)
        let context = "mooring/production (plan)"
        try await host.post(status(.pending, "planning", on: "e", context: context, kind: .plan), on: request)
        let link = try await host.comment("1 service changes", marker: "production", on: request, begins: true)
        try await host.post(
            status(.success, "1 service changes", on: "e", context: context, link: link, kind: .plan), on: request)
        _ = try await host.comment("nothing changes", marker: "production", on: request, begins: true)
        #expect(try await world.statuses(on: commit("e")).map(\.text) == ["planning", "1 service changes"])
        let comments = try await world.stub.posted().filter { $0.what == "comment" }
        #expect(comments.map(\.how) == ["create", "update"])
    }

    @Test(arguments: HostKind.allCases)
    func `is read back after a restart, and what shows is not posted again`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            try await world.stub.set("settings", #"{"page": 2}"#)
            try await world.stub.set(
                "pulls",
                """
                {"number": 7, "head": "\(try commit("c"))", "state": "merged", "merge_commit": "\(try commit("a"))"}
                """)
            let first = try world.host()
            for (context, state) in [
                ("mooring/production", CommitStatus.State.pending), ("mooring/production/web", .success),
                ("mooring/production (plan)", .failure), ("mooring/production2", .pending), ("ci", .pending),
            ] {
                try await first.post(status(state, context: context))
            }
            let before = try await world.stub.posted().count
            let next = try world.host()
            let states = try await next.states(of: "mooring/production", on: commit("a"))
            #expect(
                states == [
                    "mooring/production": .pending, "mooring/production/web": .success,
                    "mooring/production (plan)": .failure,
                ])
            try await next.post(status(.success, context: "mooring/production/web"))
            let posted = try await world.stub.posted()
            // Where the same key replaces what was there, once more is no repetition.
            let keepsEveryPost = kind != .bitbucketCloud && kind != .bitbucketDataCenter
            if keepsEveryPost { #expect(posted.count == before) }
            try await next.post(status(.success, "2 services"))
            let last = try await world.statuses(on: commit("c")).last
            #expect(last?.state == Self.words(kind)[.success] && last?.text == "2 services")
            #expect(try await next.states(of: "mooring/production", on: commit("a"))["mooring/production"] == .success)
            #expect(try await next.states(of: "mooring/staging", on: commit("a")) == [:])
            try await world.expectValidRequests()
        }
    }

    @Test(arguments: HostKind.allCases)
    func `is pending where only the head is`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            try await world.stub.set(
                "pulls",
                """
                {"number": 7, "head": "\(try commit("c"))", "state": "merged", "merge_commit": "\(try commit("a"))"}
                """)
            let other = try world.host()
            try await other.post(status(.success, kind: .plan))
            try await other.post(status(.pending, on: "c", kind: .plan))
            let host = try world.host()
            #expect(
                try await host.states(of: "mooring/production", on: commit("a")) == ["mooring/production": .pending])
        }
    }

    @Test(arguments: HostKind.allCases)
    func `is found by merge, squash and rebase, and not for what is open, closed or not the merge's`(
        kind: HostKind,
    ) async throws {
        try await withHost(kind) { world in
            try await world.stub.set("settings", #"{"transitions": false}"#)
            let pulls = [
                (1, "open", "1", "null"), (2, "closed", "2", "null"), (3, "merged", "3", "\"\(try commit("c"))\""),
                // Nothing was made: the head went onto the branch as it was.
                (4, "merged", "4", "\"\(try commit("4"))\""),
            ]
            for (number, state, head, merge) in pulls {
                try await world.stub.set(
                    "pulls",
                    """
                    {"number": \(number), "state": "\(state)", "head": "\(String(repeating: head, count: 40))",
                     "merge_commit": \(merge)}
                    """)
            }
            let host = try world.host()
            for commit in ["1", "2", "3", "4", "c"] as [Character] {
                try await host.post(status(.pending, "about \(commit)", on: commit))
            }
            let places = try await world.stub.posted().filter { $0.what == "status" }.map { $0.on.first }
            #expect(places == ["1", "2", "3", "4", "c", "3"].map { $0.first })
            try await world.expectValidRequests()
        }
    }
}
