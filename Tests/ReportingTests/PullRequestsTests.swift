import MooringNames
import MooringPorts
import MooringReporting
import MooringTestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Pull requests` {
    private static func open(
        _ world: HostWorld, number: Int, head: Character, base: String = "main", fork: Bool = false
    )
        async throws
    {
        try await world.stub.set(
            "pulls",
            """
            {"number": \(number), "state": "open", "head": "\(try commit(head))", "base": "\(base)", "fork": \(fork),
             "updated": \(number)}
            """)
    }

    @Test(arguments: HostKind.allCases)
    func `are listed from all pages with refs to fetch, those that were touched last first`(
        kind: HostKind,
    ) async throws {
        try await withHost(kind) { world in
            try await world.stub.set("settings", #"{"page": 2}"#)
            for (number, head) in [(1, "1"), (2, "2"), (3, "3"), (4, "4")] as [(Int, Character)] {
                try await Self.open(world, number: number, head: head, fork: number == 2)
            }
            try await Self.open(world, number: 5, head: "5", base: "other")
            let found = try await world.host().openPullRequests(into: BranchName("main"), limit: 10)
            #expect(found.map(\.number) == [4, 3, 2, 1])
            #expect(found.map(\.head) == (try ["4", "3", "2", "1"].map { try commit($0) }))
            #expect(found.map(\.isFromFork) == [false, false, true, false])
            #expect(found.allSatisfy { $0.base.text == "main" && $0.link?.hasSuffix("\($0.number)") == true })
            let refs: [String?] =
                switch kind {
                case .github, .gitea: ["refs/pull/4/head", "refs/pull/3/head", "refs/pull/2/head", "refs/pull/1/head"]
                case .gitlab: (1...4).reversed().map { "refs/merge-requests/\($0)/head" }
                case .bitbucketDataCenter: (1...4).reversed().map { "refs/pull-requests/\($0)/from" }
                case .bitbucketCloud, .azureDevOps:
                    ["refs/heads/feature-4", "refs/heads/feature-3", nil, "refs/heads/feature-1"]
                }
            #expect(found.map(\.headRef) == refs)
            #expect(try await world.host().openPullRequests(into: BranchName("main"), limit: 1).map(\.number) == [4])
            try await world.expectValidRequests()
        }
    }

    @Test(arguments: HostKind.allCases)
    func `show a plan where the host looks for it`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            try await Self.open(world, number: 7, head: "c", fork: true)
            // After a restart the list may not have been read.
            let known = PullRequest(
                number: 7, head: try commit("c"), headRef: nil, base: try BranchName("main"), isFromFork: true)
            let first = try world.host()
            for state in [CommitStatus.State.pending, .success, .success] {
                try await first.post(
                    status(state, on: "c", context: "mooring/production (plan)", kind: .plan), on: known)
            }
            // The next process finds it there.
            try await world.host().post(
                status(.success, on: "c", context: "mooring/production (plan)", kind: .plan), on: known)
            let posted = try await world.stub.posted()
            switch kind {
            case .azureDevOps:
                let onPull = posted.filter { $0.what == "pull-status" }
                #expect(onPull.allSatisfy { $0.iteration == 2 && $0.on == "7" })
                #expect(onPull.map(\.state) == ["pending", "succeeded"])
                #expect(posted.count == 4)
            // A fork's pipelines are the fork's.
            case .gitlab: #expect(posted.map(\.project) == ["2", "2"])
            default: #expect(posted.allSatisfy { $0.what == "status" })
            }
            #expect(posted.allSatisfy { $0.context == "mooring/production (plan)" })
            try await world.expectValidRequests()
        }
    }

    @Test(arguments: HostKind.allCases)
    func `are commented once and the comment is changed in its place, wherever it is`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            try await world.stub.set("settings", #"{"page": 2}"#)
            try await Self.open(world, number: 7, head: "c")
            let host = try world.host()
            let request = try #require(try await host.openPullRequests(into: BranchName("main"), limit: 1).first)
            for number in 1...3 {
                try await world.stub.set(
                    "comments", #"{"number": 7, "text": "looks good \#(number)", "author": 77}"#)
            }
            let link = try await host.comment("## Plan\n\none", marker: "production", on: request, begins: true)
            #expect(link != nil || kind == .gitlab)
            #expect(
                try await host.comment("## Plan\n\nanother", marker: "staging", on: request, begins: true) != link
                    || kind == .gitlab)
            #expect(try await host.comment("## Plan\n\none", marker: "production", on: request, begins: true) == link)
            for host in [host, try world.host()] {
                #expect(
                    try await host.comment("## Plan\n\ntwo", marker: "production", on: request, begins: true) == link)
            }
            #expect(
                try await world.host().comment("## Plan\n\nthree", marker: "production", on: request, begins: true)
                    == link)
            let posted = try await world.stub.posted().filter { $0.what == "comment" }
            #expect(posted.map(\.how) == ["create", "create", "update", "update"])
            let first = posted.first?.comment
            #expect(posted.map { $0.comment == first } == [true, false, true, true])
            let marker = kind == .github || kind == .gitlab || kind == .gitea ? "<!-- mooring: " : "[//]: # (mooring: "
            #expect(posted.allSatisfy { $0.text?.contains("\n\n" + marker) == true })
            #expect(posted.last?.text?.hasPrefix("## Plan\n\nthree\n\n") == true)
            try await world.expectValidRequests()
        }
    }

    @Test(arguments: HostKind.allCases)
    func `are not commented where a comment is only to be kept up to date and there is none`(
        kind: HostKind,
    ) async throws {
        try await withHost(kind) { world in
            try await Self.open(world, number: 7, head: "c")
            let host = try world.host()
            let request = try #require(try await host.openPullRequests(into: BranchName("main"), limit: 1).first)
            for _ in 1...2 {
                #expect(
                    try await host.comment("one", marker: "production", on: request, begins: false) == nil)
            }
            #expect(try await world.stub.posted() == [])
            _ = try await host.comment("one", marker: "production", on: request, begins: true)
            _ = try await world.host().comment("two", marker: "production", on: request, begins: false)
            #expect(try await world.stub.posted().map(\.how) == ["create", "update"])
        }
    }

    @Test(arguments: HostKind.allCases)
    func `have a stranger's comment left alone although it carries the marker`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            try await Self.open(world, number: 7, head: "c")
            let line =
                kind == .github || kind == .gitlab || kind == .gitea
                ? "<!-- mooring: production -->" : "[//]: # (mooring: production)"
            try await world.stub.set(
                "comments", #"{"number": 7, "text": "all is well\n\n\#(line)", "author": 77}"#)
            let host = try world.host()
            let request = try #require(try await host.openPullRequests(into: BranchName("main"), limit: 1).first)
            _ = try await host.comment("plan", marker: "production", on: request, begins: true)
            let posted = try await world.stub.posted()
            #expect(posted.map(\.how) == ["create"])
        }
    }

    @Test(arguments: HostKind.allCases)
    func `are commented anew after a restart, and that is said, where the token may not know who it is`(
        kind: HostKind,
    ) async throws {
        try await withHost(kind) { world in
            try await world.stub.set("settings", #"{"identity": false}"#)
            try await Self.open(world, number: 7, head: "c")
            let host = try world.host()
            let request = try #require(try await host.openPullRequests(into: BranchName("main"), limit: 1).first)
            _ = try await host.comment("one", marker: "production", on: request, begins: true)
            _ = try await host.comment("two", marker: "production", on: request, begins: true)
            _ = try await world.host().comment("three", marker: "production", on: request, begins: true)
            #expect(try await world.stub.posted().map(\.how) == ["create", "update", "create"])
            #expect(world.said.all.count == 2 && world.said.all[0].contains("does not tell this token who it is"))
        }
    }

    @Test func `have their comment changed although somebody changed it meanwhile`() async throws {
        try await withHost(.bitbucketDataCenter) { world in
            try await Self.open(world, number: 7, head: "c")
            let host = try world.host()
            let request = try #require(try await host.openPullRequests(into: BranchName("main"), limit: 1).first)
            _ = try await host.comment("one", marker: "production", on: request, begins: true)
            try await world.stub.set("settings", #"{"versions": 1}"#)
            _ = try await host.comment("two", marker: "production", on: request, begins: true)
            try await world.stub.set("settings", #"{"versions": 2}"#)
            let refused = try await failure {
                _ = try await host.comment("three", marker: "production", on: request, begins: true)
            }
            #expect(refused.code == .conflict && refused.disposition == .retry(after: nil))
            #expect(try await world.stub.posted().map(\.how) == ["create", "update"])
            try await world.expectValidRequests()
        }
    }

    @Test(arguments: HostKind.allCases)
    func `are commented with no more than the host takes`(kind: HostKind) async throws {
        try await withHost(kind) { world in
            try await Self.open(world, number: 7, head: "c")
            let host = try world.host()
            let request = try #require(try await host.openPullRequests(into: BranchName("main"), limit: 1).first)
            _ = try await host.comment(
                String(repeating: "🚢", count: 15_000), marker: "production", on: request, begins: true)
            _ = try await host.comment(
                String(repeating: "x", count: 60_000), marker: "staging", on: request, begins: true)
            #expect(try await world.stub.posted().count == 2)
            try await world.expectValidRequests()
        }
    }
}
