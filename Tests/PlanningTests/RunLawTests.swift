import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import MooringTestSupport
import Testing

/// What holds of one-off tasks in whatever history, and what keeps them from beginning.
@Suite struct RunLawTests {
    @Test func `never do two starts run, whatever is killed, lost or late`() throws {
        var ends: [String: Int] = [:]
        var kills = 0
        for seed in (0..<400) as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let count = Int.random(in: 1...3, using: &random)
            var world = try RunWorld(count: count)
            world.lag = .seconds(Int.random(in: 0...4, using: &random))
            world.length = .seconds([5, 600, 2400, 9000].randomElement(using: &random) ?? 600)
            world.codes = [random.chance(80) ? 0 : random.chance(50) ? 2 : nil]
            if random.chance(20) { world.room = Int.random(in: 0...count, using: &random) }
            for _ in 0..<40 {
                let downtime: Duration = .seconds(
                    [15, 400, 3000, 3 * 3600, 25 * 3600].randomElement(using: &random) ?? 15)
                var generator = random
                try world.pass(downtime: downtime) { _ in
                    guard generator.chance(25) else { return .well }
                    kills += 1
                    return RunWorld.Fate.allCases.randomElement(using: &generator) ?? .well
                }
                random = generator
                world.advance(.seconds(Int.random(in: 1...300, using: &random)))
                if random.chance(4) { world.room = nil }
                checkAlone(world, seed)
            }
            world.room = nil
            let state = try world.settle()
            ends[String(String(describing: state).prefix { $0 != "(" }), default: 0] += 1
            checkAlone(world, seed)
            // Only what found no place at all is started anew.
            let placed = Set(world.tasks.map(\.startedBy))
            #expect(placed.count <= 1, "world \(seed): \(placed)")
            #expect(world.tasks.count <= count, "world \(seed)")
            if case .done = state {
                #expect(world.tasks.count == count, "world \(seed)")
                #expect(world.codes == [0], "world \(seed)")
                #expect(world.tasks.allSatisfy { $0.until <= world.now }, "world \(seed): done before its end")
            }
            if case .failed = state, world.tasks.count == count {
                #expect(world.codes != [0], "world \(seed): \(state)")
            }
        }
        #expect(kills > 400)
        for label in ["done", "failed", "question"] { #expect(ends[label, default: 0] > 10, "\(ends)") }
    }

    /// No two tasks of different starts are alive at one time.
    private func checkAlone(_ world: RunWorld, _ seed: UInt64) {
        for task in world.tasks {
            let others = world.tasks.filter {
                $0.startedBy != task.startedBy && $0.from < task.until && task.from < $0.until
            }
            #expect(others.isEmpty, "world \(seed): two starts run at once")
        }
    }

    @Test func `the check of plans finds starts that could be second ones`() throws {
        var world = try RunWorld()
        let decision = try world.decide()
        let start = try #require(decision.steps.last)
        let noting = try #require(decision.steps.dropLast().last)
        func violations(_ steps: [Step], _ change: (inout Observed) -> Void = { _ in }) -> [PlanViolation] {
            var desired = DesiredState(taskDefinitions: [world.taskDefinition].compactMap { $0 })
            desired.runs = [world.run]
            var observed = world.memory
            change(&observed)
            return PlanCheck.violations(
                of: Plan(steps: steps), desired: desired, observed: observed, policy: world.policy)
        }
        #expect(violations(decision.steps) == [])
        let unnoted = Step(
            id: start.id, action: start.action, reason: start.reason, after: decision.steps.prefix(1).map(\.id))
        #expect(violations([decision.steps[0], unnoted]).contains { if case .runTwice = $0 { true } else { false } })
        guard case .run(let node, let digest, .start(let revision, var input, let attempt)) = start.action else {
            throw Scenario.Unexpected()
        }
        let names = RunNames(digest)
        let key = RunTasksKey(cluster: .standard, startedBy: names.startedBy(attempt: attempt))
        #expect(
            violations(decision.steps) { $0.runTasks[key] = .known([["taskArn": "a"]]) }
                .contains { if case .runTwice = $0 { true } else { false } })
        input["clientToken"] = "other"
        let renamed = Step(
            id: start.id,
            action: .run(node: node, digest: digest, .start(revision: revision, input: input, attempt: 1)),
            reason: "x", after: start.after)
        #expect(violations([decision.steps[0], noting, renamed]) == [.runWithoutName(start.id)])
        #expect(
            violations(decision.steps) { $0.runHolds[node] = .seconds(1_000_000) }.contains(.writtenTooEarly(start.id)))
    }

    // MARK: What holds a run

    @Test func `what holds a run keeps it from beginning, and says why`() throws {
        func state(_ change: (inout RunWorld) throws -> Void) throws -> (RunStanding.State, steps: Int) {
            var world = try RunWorld()
            try change(&world)
            let decision = try world.decide()
            return (decision.standing.state, decision.steps.count)
        }
        let cases: [((inout RunWorld) throws -> Void, String)] = [
            ({ $0.policy.act = false }, "observing"),
            ({ $0.policy.holds = [hold(.pause, "incident")] }, "incident"),
            ({ $0.run = $0.run.with { $0.pause = "mine" } }, "mine"),
            ({ $0.run = $0.run.with { $0.holds = [hold(.freeze, "season")] } }, "season"),
            ({ $0.policy.clusters = [try ClusterName("other")] }, "foreignCluster"),
            ({ $0.policy.callerAccount = try AccountID("999999999999") }, "wrongAccount"),
            ({ $0.taskDefinition = nil }, "badManifest"),
        ]
        for (change, expected) in cases {
            let (state, steps) = try state(change)
            guard case .withheld(let reason) = state else { throw Scenario.Unexpected() }
            #expect(String(describing: reason).contains(expected))
            #expect(steps == 0)
        }
    }

    private func hold(_ kind: HoldWindow.Kind, _ why: String) -> HoldWindow {
        HoldWindow(kind: kind, source: .environment, until: RunWorld.start + .seconds(60), reason: why)
    }

    @Test func `a pause does not keep the end of a run from being noted`() throws {
        var world = try RunWorld()
        try world.pass()
        world.advance(.seconds(10))
        world.policy.holds = [HoldWindow(kind: .pause, source: .environment, until: nil, reason: "incident")]
        #expect(try world.settle() == .done)
        #expect(world.note?.hasPrefix("ended") == true)
    }

    @Test func `its turn holds only its beginning`() throws {
        var world = try RunWorld()
        let decision = try world.decide().withheld(.waitingForTurn(inFlight: 1))
        #expect(decision.steps.isEmpty && decision.standing.state == .withheld(.waitingForTurn(inFlight: 1)))
        #expect(try world.settle() == .done)
        #expect(try world.decide().withheld(.waitingForTurn(inFlight: 1)).standing.state == .done)
    }

    @Test func `what ECS refused is not repeated while it is remembered`() throws {
        var world = try RunWorld()
        try world.pass(fate: { isStart($0) ? .callLost : .well })
        world.advance(.seconds(10))
        let digest = RunPlanner(
            run: world.run, taskDefinition: world.taskDefinition, observed: Observed(), policy: world.policy
        ).digest
        world.memory.runRefusals[world.run.node] = Refusal(digest: digest, why: "no subnet")
        #expect(try world.settle() == .withheld(.refused("no subnet")))
        world.memory.runRefusals = [:]
        #expect(try world.settle() == .done)
        #expect(world.starts == 1)
    }

    @Test func `tells a run that takes longer than its manifest says`() throws {
        var world = try RunWorld()
        world.run = world.run.with { $0.timeout = .seconds(60) }
        world.length = .seconds(6000)
        for _ in 0..<20 {
            try world.pass()
            world.advance(.seconds(10))
        }
        guard case .running(let progress) = try world.pass().standing.state else { throw Scenario.Unexpected() }
        #expect(progress.contains("longer than its timeout of 60 s"))
    }

    // MARK: Again

    private func retry(_ world: inout RunWorld) throws -> RunRetry {
        for _ in 0..<10 {
            let planner = RunPlanner(
                run: world.run, taskDefinition: world.taskDefinition, observed: world.memory, policy: world.policy)
            let answer = planner.retry()
            guard case .needs(let facts) = answer else { return answer }
            for fact in facts { world.answer(fact) }
        }
        throw Scenario.Unexpected()
    }

    @Test func `a person may have a failed run made again, one that runs or ended well not`() throws {
        var world = try RunWorld()
        world.codes = [1]
        try world.pass()
        world.advance(.seconds(10))
        _ = try world.decide()
        guard case .refused(let why) = try retry(&world) else { throw Scenario.Unexpected() }
        #expect(why.contains("still runs"))
        #expect(try world.settle() != .done)
        world.codes = [0]
        _ = try world.decide()
        guard case .step(let step) = try retry(&world) else { throw Scenario.Unexpected() }
        guard case .run(_, _, .note(.existing(let arn), let tag)) = step.action else { throw Scenario.Unexpected() }
        #expect(tag.value.hasPrefix("again 2 "))
        world.set(tag, on: arn)
        world.advance(.seconds(10))
        #expect(try world.settle() == .done)
        #expect(world.starts == 2)
        checkAlone(world, 0)
        _ = try world.decide()
        guard case .refused(let refusal) = try retry(&world) else { throw Scenario.Unexpected() }
        #expect(refusal.contains("redeploy"))
    }

    @Test(arguments: [0, 1])
    func `a run whose end shows and was not noted is made again at once, unless it ended well`(code: Int) throws {
        var world = try RunWorld()
        world.codes = [code]
        world.length = .seconds(20)
        try world.pass()
        world.advance(.seconds(10))
        try world.pass()
        world.advance(.seconds(40))
        _ = try world.decide()
        switch try retry(&world) {
        case .step: #expect(code == 1)
        case .refused(let why): #expect(code == 0 && why.hasPrefix("It ended well."), "\(why)")
        case .needs: throw Scenario.Unexpected()
        }
    }

    @Test func `a run that was never begun needs no retry`() throws {
        var world = try RunWorld()
        guard case .refused(let why) = try retry(&world) else { throw Scenario.Unexpected() }
        #expect(why.contains("never been started"))
    }

    @Test func `a token in the manifest has it run once more`() throws {
        var world = try RunWorld()
        #expect(try world.settle() == .done)
        world.run = world.run.with(redeploy: "2")
        #expect(try world.settle() == .done)
        #expect(world.starts == 2 && world.revisions.count == 1)
        #expect(Set(world.tasks.map(\.startedBy)).count == 2)
    }

    // MARK: Notes

    @Test func `notes are read as they were written, and fit into a tag`() throws {
        for phase in RunMemory.Phase.allCases {
            var memory = RunMemory(phase, attempt: 12, at: Timestamp(millisecondsSince1970: 1_764_132_000_999))
            memory.note = "Exit code 1: no space left"
            if phase == .running {
                (memory.placed, memory.wanted) = (10, 10)
                memory.tasks = (0..<10).map { RunMemory.Mark(id: "abcdef012\($0)", code: $0 < 5 ? "137" : nil) }
            }
            #expect(RunMemory(memory.text) == memory)
            #expect(memory.text.count <= 256)
        }
        var long = RunMemory(.failed, attempt: 1, at: RunWorld.start)
        long.note = String(repeating: "Ümläut; 'quoted' 文字 ", count: 60)
        #expect(long.text.count <= 256)
        #expect(long.text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.:/=+-@ ".contains($0)) })
        for text in [
            "", "started", "started x 2026-11-26T04:44:00Z", "started 1 yesterday", "gone 1 2026-11-26T04:44:00Z",
            "started 0 2026-11-26T04:44:00Z", "running 1 2026-11-26T04:44:00Z x",
        ] {
            #expect(RunMemory(text) == nil, "\(text)")
        }
    }
}
