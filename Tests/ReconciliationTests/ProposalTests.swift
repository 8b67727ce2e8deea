import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringTestSupport
import Testing

/// Open pull requests, planned against a local ECS and told of on a host in memory.
@Suite struct `Plans of open pull requests` {
    private static let context = "mooring/production (plan)"
    private static let marker = "mooring/production/plan"

    /// A repository with the service `web`, the host it is on, and what watches it.
    private struct World {
        let repository = InMemoryGitRepository()
        let host = InMemoryGitHost()
        let clock = ManualClock()
        let aws: InProcessECS
        let events = Events()
        var watch: ProposalWatch
        private let begin: () -> ProposalWatch
        let main: BranchName

        init(_ change: (inout ProposalPolicy) -> Void = { _ in }, act: Bool = true) throws {
            main = try BranchName("main")
            aws = InProcessECS(
                try SmallWorld.ecs(tags: [["key": "mooring:environment", "value": "production@a1b2c3"]]))
            _ = try repository.commit(SmallWorld.files().mapValues { $0 }, to: main, message: "Begin")
            var environment = try SmallWorld.policy()
            environment.act = act
            var policy = ProposalPolicy()
            change(&policy)
            let events = events
            let (repository, aws, host, clock) = (repository, aws, host, clock)
            let ready = (environment, policy)
            begin = {
                ProposalWatch(
                    ready.0, policy: ready.1,
                    ports: ProposalPorts(repository: repository, aws: aws, host: host, clock: clock),
                    onEvent: { events.take($0) })
            }
            watch = begin()
        }

        /// What was said is forgotten here, and stands on the host.
        mutating func restart() { watch = begin() }

        /// Pushes a branch that changes `files` and opens a pull request of it.
        func propose(_ files: [String: String?], number: Int = 7, fork: Bool = false) async throws -> PullRequest {
            let branch = try BranchName("topic-\(number)")
            let notes = NotesRef(try EnvironmentName("production"))
            let base = try #require(try await repository.remoteHeads(branch: main, notes: notes).branch)
            try repository.set("refs/heads/\(branch)", to: base)
            let head = try repository.commit(files, to: branch, message: "Change")
            try repository.set("refs/pull/\(number)/head", to: head)
            return PullRequest(
                number: number, head: head, headRef: "refs/pull/\(number)/head", base: main, isFromFork: fork,
                link: "https://host.example/pulls/\(number)")
        }

        func status(_ request: PullRequest) -> CommitStatus? { host.status(context, on: request.head) }
        func comment(_ number: Int = 7) -> String? { host.comment(on: number, marker: marker) }
    }

    @Test func `say what changes, in a check that links to the comment with the whole plan`() async throws {
        var world = try World()
        let request = try await world.propose(SmallWorld.files(image: "acme/web:v2"))
        world.host.open([request])
        #expect(await world.watch.look())
        let status = try #require(world.status(request))
        #expect(status.state == .success && status.kind == .plan)
        #expect(status.summary == "1 service changes, 1 task definition is new.", "\(status.summary)")
        let comment = try #require(world.comment())
        #expect(status.link == "https://host.example/pulls/7#\(Self.marker)")
        for part in ["Plan of merging this into production", "acme/web:v2", "main/web", request.head.short] {
            #expect(comment.contains(part), "\(part) is not in \(comment)")
        }
    }

    @Test func `are made once, and anew when the head or the branch moves`() async throws {
        var world = try World()
        let first = try await world.propose(SmallWorld.files(image: "acme/web:v2"))
        world.host.open([first])
        for _ in 0..<3 { _ = await world.watch.look() }
        #expect(world.host.statuses.count == 1 && world.host.writtenComments == 1)
        let next = try await world.propose(SmallWorld.files(image: "acme/web:v3"))
        world.host.open([next])
        _ = await world.watch.look()
        #expect(world.host.statuses.count == 2 && world.comment()?.contains("acme/web:v3") == true)
        // The branch gets the same change by another way: nothing is left of it, and the comment says so.
        _ = try world.repository.commit(
            SmallWorld.files(image: "acme/web:v3").mapValues { $0 }, to: world.main, message: "Same")
        _ = await world.watch.look()
        #expect(world.status(next)?.summary == "No service changes.", "\(world.host.statuses)")
        #expect(world.comment()?.contains("No service changes") == true)
    }

    @Test func `of what does not touch the environment ask AWS nothing and comment nothing`() async throws {
        var world = try World()
        let request = try await world.propose(["docs/readme.md": "more"])
        world.host.open([request])
        _ = await world.watch.look()
        #expect(world.status(request)?.state == .success)
        #expect(world.status(request)?.summary == "No service changes.")
        #expect(world.comment() == nil && world.status(request)?.link == request.link)
    }

    @Test func `with manifests that cannot be used fail with the first finding, but not for those of the branch`()
        async throws
    {
        var world = try World()
        let bad = try await world.propose(SmallWorld.files("networkConfiguration: 5"))
        world.host.open([bad])
        _ = await world.watch.look()
        let status = try #require(world.status(bad))
        #expect(status.state == .failure && status.summary.contains("production/web.yaml:4:"), "\(status)")
        #expect(status.annotations.contains { $0.path.text == "production/web.yaml" && $0.line == 4 && $0.isError })
        #expect(world.comment()?.contains("networkConfiguration") == true)
        // The branch is broken already; the pull request mends something else.
        _ = try world.repository.commit(
            ["production/other.yaml": "serviceName: other\ntaskDefinition: nowhere\nnonsense: 1\n"], to: world.main,
            message: "Broken")
        let fine = try await world.propose(SmallWorld.files(image: "acme/web:v2"), number: 8)
        world.host.open([fine])
        _ = await world.watch.look()
        #expect(world.status(fine)?.state == .success, "\(world.host.statuses)")
    }

    @Test func `that conflict with the branch say where`() async throws {
        var world = try World()
        let request = try await world.propose(SmallWorld.files(image: "acme/web:v2"))
        _ = try world.repository.commit(
            SmallWorld.files(image: "acme/web:v9").mapValues { $0 }, to: world.main, message: "Other")
        world.host.open([request])
        _ = await world.watch.look()
        let status = try #require(world.status(request))
        #expect(status.state == .failure && status.summary.contains("production/web.task.json"), "\(status)")
    }

    @Test func `from forks are neither fetched nor planned unless the settings say so`() async throws {
        for allowed in [false, true] {
            var world = try World { $0.plansForks = allowed }
            let request = try await world.propose(SmallWorld.files(image: "acme/web:v2"), fork: true)
            world.host.open([request])
            _ = await world.watch.look()
            let status = try #require(world.status(request))
            #expect(status.state == (allowed ? .success : .neutral), "\(status)")
            #expect((world.comment() != nil) == allowed)
        }
    }

    @Test func `cover the heads of merge queues, so that a required check never blocks for ever`() async throws {
        var world = try World { $0.hasMergeQueue = true }
        let request = try await world.propose(SmallWorld.files(image: "acme/web:v2"))
        try world.repository.set("refs/heads/gh-readonly-queue/main/pr-7-abc", to: request.head)
        try world.repository.set("refs/heads/gh-readonly-queue/other/pr-9-abc", to: request.head)
        _ = await world.watch.look()
        #expect(world.status(request)?.state == .success)
        #expect(world.host.statuses.count == 1 && world.comment() == nil)
    }

    @Test func `wait while AWS or the host fail, and are said when they work again`() async throws {
        var world = try World()
        let request = try await world.propose(SmallWorld.files(image: "acme/web:v2"))
        world.host.open([request])
        let outage = Failure(
            code: .unreachable, subject: "the host", tried: "reach", cause: "no route", disposition: .retry(after: nil))
        world.host.fail(.list, with: outage)
        _ = await world.watch.look()
        _ = await world.watch.look()
        #expect(world.events.problems == ["pull requests"])
        world.host.fail(.list, with: nil)
        world.host.fail(.post, with: outage)
        _ = await world.watch.look()
        #expect(world.host.statuses.isEmpty && world.comment() != nil)
        world.host.fail(.post, with: nil)
        _ = await world.watch.look()
        #expect(world.status(request)?.state == .success && world.host.writtenComments == 1)
        #expect(world.events.recovered == ["pull requests", "checks of pull requests"])
    }

    @Test func `keep their check where comments are refused`() async throws {
        var world = try World()
        let request = try await world.propose(SmallWorld.files(image: "acme/web:v2"))
        world.host.open([request])
        world.host.fail(
            .comment,
            with: Failure(
                code: .accessDenied, subject: "#7", tried: "comment on", cause: "no scope", disposition: .stalled))
        _ = await world.watch.look()
        #expect(world.status(request)?.state == .success && world.status(request)?.link == request.link)
    }

    @Test func `of many are made a few at a time, the others pending`() async throws {
        var world = try World()
        var requests: [PullRequest] = []
        for number in 1...25 {
            requests.append(try await world.propose(SmallWorld.files(image: "acme/web:v\(number)"), number: number))
        }
        world.host.open(requests)
        #expect(await world.watch.look() == false)
        #expect(requests.count { world.status($0)?.state == .success } == 20)
        #expect(requests.count { world.status($0)?.state == .pending } == 5)
        #expect(await world.watch.look())
        #expect(requests.allSatisfy { world.status($0)?.state == .success })
    }

    @Test func `that are merged keep the plan that was approved`() async throws {
        var world = try World()
        let request = try await world.propose(SmallWorld.files(image: "acme/web:v2"))
        world.host.open([request])
        _ = await world.watch.look()
        let (status, comment) = (world.status(request), world.comment())
        #expect(comment?.contains("acme/web:v2") == true)
        // The branch moves before the host lists it as merged.
        try world.repository.set("refs/heads/main", to: request.head)
        _ = await world.watch.look()
        _ = await world.watch.look()
        #expect(world.status(request) == status && world.comment() == comment)
    }

    @Test func `that have a comment link to it whatever they have become, after a restart as well`() async throws {
        var world = try World()
        let request = try await world.propose(SmallWorld.files(image: "acme/web:v2"))
        world.host.open([request])
        _ = await world.watch.look()
        _ = try world.repository.commit(
            SmallWorld.files(image: "acme/web:v3").mapValues { $0 }, to: world.main, message: "Against it")
        _ = await world.watch.look()
        let conflict = world.status(request)
        #expect(conflict?.state == .failure && conflict?.link?.contains("#") == true)
        world.restart()
        _ = await world.watch.look()
        _ = try world.repository.commit(["other": "x"], to: world.main, message: "Beside it")
        let said = world.host.statuses.count
        _ = await world.watch.look()
        #expect(world.host.statuses.count == said && world.status(request)?.link == conflict?.link)
    }

    @Test func `that are closed before their turn end, and nothing is left pending`() async throws {
        var world = try World()
        var requests: [PullRequest] = []
        for number in 1...23 {
            requests.append(try await world.propose(SmallWorld.files(image: "acme/web:v\(number)"), number: number))
        }
        world.host.open(requests)
        _ = await world.watch.look()
        let waiting = requests.filter { world.status($0)?.state == .pending }
        #expect(waiting.count == 3)
        world.host.open(requests.filter { $0 != waiting[0] })
        let outage = Failure(
            code: .unreachable, subject: "the host", tried: "reach", cause: "no route", disposition: .retry(after: nil))
        world.host.fail(.post, with: outage)
        _ = await world.watch.look()
        world.host.fail(.post, with: nil)
        _ = await world.watch.look()
        #expect(world.status(waiting[0])?.state == .neutral)
        #expect(requests.allSatisfy { world.status($0)?.state != .pending })
        let said = world.host.statuses.count
        _ = await world.watch.look()
        #expect(world.host.statuses.count == said)
    }

    @Test func `of more than are looked at say so once`() async throws {
        var world = try World()
        let head = try await world.propose(SmallWorld.files(), number: 1).head
        let main = world.main
        world.host.open(
            (1...100).map {
                PullRequest(number: $0, head: head, headRef: nil, base: main, isFromFork: false, link: nil)
            })
        for _ in 0..<6 { _ = await world.watch.look() }
        #expect(world.events.problems == ["more pull requests"])
        world.host.open([])
        _ = await world.watch.look()
        #expect(world.events.recovered == ["more pull requests"])
    }

    @Test func `tell of services that would leave git`() async throws {
        var world = try World()
        let request = try await world.propose(["production/web.yaml": nil, "production/mooring.yaml": "prune: true\n"])
        world.host.open([request])
        _ = await world.watch.look()
        #expect(world.status(request)?.summary == "1 service is removed.", "\(world.host.statuses)")
    }
}

/// What was told.
private final class Events: Sendable {
    private let list = Watched<[ProposalEvent]>([])

    func take(_ event: ProposalEvent) { list.update { $0.append(event) } }

    var problems: [String] {
        list.value.compactMap { if case .problem(_, let subject) = $0 { subject } else { nil } }
    }

    var recovered: [String] {
        list.value.compactMap { if case .recovered(let subject) = $0 { subject } else { nil } }
    }
}
