import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

@Suite struct RunTests {
    // MARK: The way of a run

    @Test func `registers, notes, starts, follows and notes the end, each once`() throws {
        var world = try RunWorld()
        #expect(try world.settle() == .done)
        #expect(
            world.calls == [
                "register migrate", "note task default/migrate", "run task default/migrate",
                "note task default/migrate",
                "note task default/migrate",
            ])
        #expect(world.starts == 1)
        #expect(world.note?.hasPrefix("ended 1 ") == true)
        // For ever after there is nothing to do.
        world.restart(after: .seconds(40 * 3600))
        #expect(try world.settle() == .done)
        #expect(world.calls.count == 5)
    }

    @Test func `a registered revision with the content is run, and what others tagged stays`() throws {
        var world = try RunWorld()
        let arn = try world.register(
            [
                "family": "migrate", "containerDefinitions": [["name": "app", "image": "shop:1"]],
                "tags": [tag("team", "x")],
            ])
        #expect(try world.settle() == .done)
        #expect(world.revisions.count == 1)
        #expect(world.tags[arn]?.last?.tags.contains(Tag("team", "x")) == true)
    }

    @Test func `its name with ECS is short and of its digest and attempt`() throws {
        let world = try RunWorld()
        let planner = RunPlanner(
            run: world.run, taskDefinition: world.taskDefinition, observed: Observed(), policy: world.policy)
        let names = RunNames(planner.digest)
        for attempt in [1, 2, 100, 999] {
            #expect(names.startedBy(attempt: attempt).utf8.count <= 36)
            #expect(names.clientToken(attempt: attempt).utf8.count <= 36)
            #expect(names.startedBy(attempt: attempt).allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" })
        }
        #expect(names.startedBy(attempt: 1) != names.startedBy(attempt: 2))
        #expect(names.tagKey.count <= 128)
    }

    @Test func `what it is made of is in its digest, labels and spellings are not`() throws {
        let world = try RunWorld()
        func digest(_ change: (inout RunWorld) throws -> Void = { _ in }) throws -> Digest {
            var copy = world
            try change(&copy)
            return RunPlanner(
                run: copy.run, taskDefinition: copy.taskDefinition, observed: Observed(), policy: copy.policy
            ).digest
        }
        func input(_ member: String, _ value: Value) throws -> Digest {
            try digest { $0.run = $0.run.with(member, value) }
        }
        let plain = try digest()
        #expect(try input("tags", [tag("a", "b")]) == plain)
        #expect(try input("count", "1") == plain)
        #expect(try input("propagateTags", "TASK_DEFINITION") == plain)
        #expect(try input("count", 2) != plain)
        #expect(try input("overrides", ["containerOverrides": [["name": "app", "command": ["x"]]]]) != plain)
        #expect(try digest { $0.run = $0.run.with(redeploy: "2") } != plain)
        #expect(try digest { $0 = try RunWorld(containers: [["name": "app", "image": "shop:2"]]) } != plain)
        #expect(try digest { $0.policy.identity = try EnvironmentIdentity("staging@shop") } != plain)
    }

    // MARK: Ends

    /// Exit codes of the essential containers, and how the run ends.
    @Test(
        arguments: [
            ([0], "done"), ([1], "failed"), ([nil], "failed"), ([0, 0], "done"), ([0, 137], "failed"),
            ([0, nil], "failed"),
            ([-1_073_741_819], "failed"),
        ] as [([Int?], String)]) func `succeeds only if every essential container ended with 0`(
            codes: [Int?], end: String,
        ) throws
    {
        let containers = codes.indices.map { index -> Value in ["name": .string("c\(index)"), "image": "x"] }
        var world = try RunWorld(containers: containers)
        world.codes = codes
        let state = try world.settle()
        #expect(label(state) == end)
        #expect(world.starts == 1)
    }

    @Test func `a container that is not essential decides nothing, nor does one that AWS added`() throws {
        var world = try RunWorld(containers: [
            ["name": "app", "image": "x"], ["name": "log", "image": "x", "essential": false],
        ])
        world.codes = [0, 1]
        #expect(try world.settle() == .done)
    }

    @Test func `a failed run says why, stays failed, and is not run again by itself`() throws {
        var world = try RunWorld()
        world.codes = [nil]
        let first = try world.settle()
        guard case .failed(let trouble) = first else { throw Scenario.Unexpected() }
        #expect(trouble.remedy.contains("mooring retry default/migrate"))
        #expect(trouble.cause.contains("1 of 1 tasks failed"))
        world.restart(after: .seconds(26 * 3600))
        guard case .failed(let later) = try world.settle() else { throw Scenario.Unexpected() }
        #expect(later.cause.contains("1 of 1 tasks failed"), "the note keeps the cause: \(later.cause)")
        #expect(world.starts == 1)
    }

    @Test func `a diagnosis of a one-off task is no advice for services`() throws {
        var world = try RunWorld()
        world.codes = [3]
        var told: RunStanding.Trouble?
        for _ in 0..<200 where told == nil {
            if case .failed(let trouble) = try world.pass().standing.state { told = trouble }
            world.advance(.seconds(10))
        }
        let trouble = try #require(told)
        #expect(trouble.cause.contains("exit code 3"))
        #expect(trouble.remedy.contains("Read the container's log"))
        #expect(!trouble.remedy.contains("have to keep running"))
        #expect(!trouble.evidence.isEmpty)
    }

    @Test func `of several tasks each end is noted while ECS shows it`() throws {
        var world = try RunWorld(count: 3)
        world.length = .seconds(7200)
        try world.pass()
        world.advance(.seconds(10))
        // One of the three ends early: it is forgotten by ECS long before the others end.
        let early = try #require(world.tasks.first)
        world.tasks[0] = RunWorld.Task(
            arn: early.arn, startedBy: early.startedBy, revision: early.revision, from: early.from,
            until: early.from + .seconds(60), codes: early.codes)
        #expect(try world.settle() == .done)
        #expect(world.starts == 1)
    }

    @Test func `one of several tasks that fails makes the run fail when all are over`() throws {
        var world = try RunWorld(count: 2)
        try world.pass()
        let first = try #require(world.tasks.first)
        world.tasks[0] = RunWorld.Task(
            arn: first.arn, startedBy: first.startedBy, revision: first.revision, from: first.from,
            until: first.from + .seconds(30), codes: [9])
        world.advance(.seconds(60))
        #expect(label(try world.pass().standing.state) == "running")
        guard case .failed(let trouble) = try world.settle() else { throw Scenario.Unexpected() }
        #expect(trouble.cause.contains("1 of 2 tasks failed: exit code 9"))
    }

    // MARK: Places

    @Test func `what finds no place is tried again later under another name`() throws {
        var world = try RunWorld()
        world.room = 0
        try world.pass()
        world.advance(.seconds(10))
        let state = try world.pass().standing.state
        guard case .waiting(_, let why) = state else { throw Scenario.Unexpected() }
        #expect(why == "RESOURCE:MEMORY")
        world.room = nil
        #expect(try world.settle() == .done)
        #expect(world.starts == 2)
        #expect(Set(world.tasks.map(\.startedBy)).count == 1)
        #expect(world.note?.hasPrefix("ended 2 ") == true)
    }

    @Test func `what never finds a place fails and says so`() throws {
        var world = try RunWorld()
        world.room = 0
        guard case .failed(let trouble) = try world.settle() else { throw Scenario.Unexpected() }
        #expect(trouble.cause.contains("RESOURCE:MEMORY"))
        #expect(world.starts == 10 && world.tasks.isEmpty)
    }

    @Test func `a part of the tasks is not the run`() throws {
        var world = try RunWorld(count: 3)
        world.room = 2
        guard case .failed(let trouble) = try world.settle() else { throw Scenario.Unexpected() }
        #expect(trouble.cause.contains("Only 2 of 3 tasks were started: RESOURCE:MEMORY"))
        #expect(world.starts == 1)
    }

    @Test func `a part of the tasks whose answer was lost is not the run either`() throws {
        var world = try RunWorld(count: 3)
        world.room = 2
        try world.pass(fate: { isStart($0) ? .killedAfter : .well })
        guard case .failed(let trouble) = try world.settle() else { throw Scenario.Unexpected() }
        #expect(trouble.cause.contains("Only 2 of 3 tasks were started"))
        #expect(world.starts == 1)
    }

    // MARK: Kills

    /// Where the controller dies, how long it stays away, how the run then stands, and how often it was run.
    static let kills: [(call: Int, fate: RunWorld.Fate, downtime: Duration, end: String, starts: Int)] = {
        let short: Duration = .seconds(20)
        let hours: Duration = .seconds(3 * 3600)
        let day: Duration = .seconds(25 * 3600)
        // The calls: 0 register, 1 note of the start, 2 RunTask, 3 note of what runs, 4 note of the end.
        return [
            (0, .killedBefore, day, "done", 1), (0, .killedAfter, day, "done", 1), (0, .answerLost, short, "done", 1),
            (1, .killedBefore, day, "done", 1),
            // Noted as started, and never called for: within the token's time it is simply called for.
            (1, .killedAfter, short, "done", 1), (1, .killedAfter, hours, "done", 1),
            (1, .killedAfter, day, "question", 0),
            (1, .answerLost, short, "done", 1), (1, .callLost, short, "done", 1),
            (2, .killedBefore, short, "done", 1), (2, .killedBefore, hours, "done", 1),
            (2, .killedBefore, day, "question", 0), (2, .callLost, short, "done", 1),
            (2, .answerLost, short, "done", 1), (2, .killedAfter, short, "done", 1),
            // Over and gone while nobody looked: ECS starts nothing for a known token, and a person is asked.
            (2, .killedAfter, hours, "question", 1), (2, .killedAfter, day, "question", 1),
            (3, .killedBefore, short, "done", 1), (3, .killedBefore, hours, "question", 1),
            (3, .killedBefore, day, "question", 1), (3, .killedAfter, short, "done", 1),
            (3, .killedAfter, hours, "question", 1), (3, .killedAfter, day, "question", 1),
            (3, .answerLost, short, "done", 1), (3, .callLost, short, "done", 1),
            (4, .killedBefore, short, "done", 1), (4, .killedBefore, hours, "question", 1),
            (4, .killedAfter, short, "done", 1), (4, .killedAfter, day, "done", 1), (4, .answerLost, short, "done", 1),
            (4, .callLost, short, "done", 1),
        ]
    }()

    @Test(arguments: kills.indices) func `no kill makes a run happen twice`(index: Int) throws {
        let entry = Self.kills[index]
        for lag in [Duration.zero, .seconds(4)] {
            var world = try RunWorld()
            world.lag = lag
            var calls = 0
            var hasStruck = false
            while !hasStruck {
                try world.pass(downtime: entry.downtime) { _ in
                    calls += 1
                    guard calls == entry.call + 1 else { return .well }
                    hasStruck = true
                    return entry.fate
                }
                if !hasStruck { world.advance(.seconds(10)) }
            }
            let state = try world.settle()
            let what = "call \(entry.call) \(entry.fate) for \(entry.downtime), lag \(lag)"
            #expect(label(state) == entry.end, "\(what): \(state)")
            #expect(world.starts == entry.starts, "\(what)")
        }
    }

    @Test func `a migration of 40 minutes with three kills on the way runs once`() throws {
        var world = try RunWorld()
        world.length = .seconds(2400)
        for _ in 0..<3 {
            try world.pass()
            world.advance(.seconds(600))
            world.restart(after: .seconds(60))
        }
        #expect(try world.settle() == .done)
        #expect(world.starts == 1)
    }

    @Test func `a question says what happened and what to do, and goes when a person has answered`() throws {
        var world = try RunWorld()
        try world.pass(fate: { isStart($0) ? .killedAfter : .well })
        world.restart(after: .seconds(25 * 3600))
        guard case .question(let trouble) = try world.settle() else { throw Scenario.Unexpected() }
        #expect(trouble.cause.contains("no longer shows its tasks"))
        #expect(trouble.remedy.contains("mooring:run:") && trouble.remedy.contains("mooring retry default/migrate"))
        // The person looked: it did its work.
        let arn = try #require(world.revisions.first?.arn)
        let key = try #require(world.tags[arn]?.last?.tags.first { $0.key.hasPrefix("mooring:run:") }?.key)
        let text = try #require(trouble.remedy.split(separator: "'").map(String.init).first { $0.hasPrefix("ended ") })
        world.set(Tag(key, text), on: arn)
        #expect(try world.settle() == .done)
        #expect(world.starts == 1)
    }

    @Test func `a lost note is found again by the tasks`() throws {
        var world = try RunWorld()
        try world.pass()
        world.advance(.seconds(10))
        let arn = try #require(world.revisions.first?.arn)
        world.tags[arn] = [(at: RunWorld.start, tags: [])]
        #expect(try world.settle() == .done)
        #expect(world.starts == 1)
    }

    @Test func `a note that is not ours is a question`() throws {
        var world = try RunWorld()
        #expect(try world.settle() == .done)
        let arn = try #require(world.revisions.first?.arn)
        let key = try #require(world.tags[arn]?.last?.tags.first { $0.key.hasPrefix("mooring:run:") }?.key)
        world.set(Tag(key, "yes"), on: arn)
        #expect(label(try world.settle()) == "question")
        #expect(world.starts == 1)
    }

    @Test func `memory is found on an older revision, deregistered or not`() throws {
        var world = try RunWorld()
        #expect(try world.settle() == .done)
        for number in 2...9 {
            try world.register([
                "family": "migrate", "containerDefinitions": [["name": "x", "image": .string("\(number)")]],
            ])
        }
        let first = world.revisions[0]
        world.revisions[0] = ObservedTaskDefinition(
            arn: first.arn, described: first.described.with("status", "INACTIVE"), tags: first.tags)
        world.restart(after: .seconds(60))
        #expect(try world.settle() == .done)
        #expect(world.starts == 1 && world.revisions.count == 9)
    }

    @Test func `a revision without room for a note is not run`() throws {
        var world = try RunWorld()
        let full = (0..<50).map { Tag("k\($0)", "v").input }
        let containers: Value = [["name": "app", "image": "shop:1"]]
        try world.register(["family": "migrate", "containerDefinitions": containers, "tags": .list(full)])
        guard case .question(let trouble) = try world.settle() else { throw Scenario.Unexpected() }
        #expect(trouble.cause.contains("50 tags"))
        #expect(world.starts == 0)
    }

    private func label(_ state: RunStanding.State) -> String {
        String(String(describing: state).prefix { $0 != "(" })
    }
}

func isStart(_ step: Step) -> Bool {
    if case .run(_, _, .start) = step.action { return true }
    return false
}

extension DesiredRun {
    func with(_ member: String, _ value: Value) -> DesiredRun {
        DesiredRun(
            cluster: cluster, name: name, input: input.with(member, value), taskDefinition: taskDefinition,
            options: options, files: files)
    }

    func with(redeploy token: String) -> DesiredRun {
        var options = options
        options.redeploy = token
        return DesiredRun(
            cluster: cluster, name: name, input: input, taskDefinition: taskDefinition, options: options, files: files)
    }

    func with(_ change: (inout MooringOptions) -> Void) -> DesiredRun {
        var options = options
        change(&options)
        return DesiredRun(
            cluster: cluster, name: name, input: input, taskDefinition: taskDefinition, options: options, files: files)
    }
}
