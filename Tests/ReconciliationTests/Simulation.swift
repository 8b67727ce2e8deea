import MooringAWS
import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation
import MooringReconciliation
import MooringShapes
import MooringSimulator

/// What a simulated history is made of. All of it follows from the seed.
struct SimulationPlan {
    var seed: UInt64
    /// When, what: each replaces the files on the branch.
    var commits: [(at: Int64, files: [String: String], subject: String)]
    /// The effect at which the process is killed, counted over all its lives; nil lets it live.
    var killAtEffect: Int?
    /// Whether the killed effect had already taken place.
    var killsAfterPerforming = false
    var losesDisk = false
    /// How far the process's clock is behind everybody else's.
    var clockLag: Int64 = 0
}

/// Time, git, ECS, the git host and the disk around one loop, as one value that runs on events.
struct Simulation {
    private enum Item {
        case commit(Int)
        case perform(generation: Int, Effect)
        case request(generation: Int, number: Int, HTTPRequest, isWrite: Bool)
        case machine(generation: Int, number: Int, CallMachine.Event)
        case deliver(generation: Int, number: Int, EffectResult)
        case restart
    }

    let plan: SimulationPlan
    let policy: EnvironmentPolicy
    private(set) var time: Int64 = 1_790_000_000_000
    let start: Int64 = 1_790_000_000_000
    private var queue: [(at: Int64, order: Int, item: Item)] = []
    private var order = 0
    private var generation = 0
    /// When the process began last.
    private(set) var lastStart: Int64 = 0
    private var effects = 0
    private var killed = false
    private(set) var loop: EnvironmentLoop
    private(set) var repository: SimulatedRepository
    var ecs: LocalECS
    private(set) var statuses: [CommitID: [CommitStatus]] = [:]
    private(set) var outbox: [String: OutboxEntry] = [:]
    /// Why the git host cannot be reached, while that is so.
    var hostFailure: Failure?
    /// How long the git host takes to say what it shows.
    var hostDelay: Duration = .zero
    /// Why nothing can be kept, while that is so.
    var diskFailure: Failure?
    /// The operation of AWS after whose next call the process is killed, once: the call took place, its answer is lost.
    var killAfter: String?
    /// Looks at the world after every call of AWS, whose operation it is told.
    var afterCall: ((inout Simulation, String) throws -> Void)?
    private(set) var events: [LoopEvent] = []
    /// Calls of every operation.
    var calls: [String: Int] = [:]
    /// Calls under way, by the number of their effect; and what is left of our share of AWS's budget.
    private var machines: [Int: CallMachine] = [:]
    private var budget = TokenBuckets()
    /// One line for everything that happened, for comparing histories.
    private(set) var history: [String] = []
    /// Whether what was reported was true.
    var truth = TruthCheck()

    init(plan: SimulationPlan, policy: EnvironmentPolicy, ecs: LocalECS) {
        self.plan = plan
        self.policy = policy
        self.ecs = ecs
        loop = EnvironmentLoop(policy: policy)
        repository = SimulatedRepository(folder: policy.folder) { NoteDocument.merge(existing: $0, ours: $1) }
    }

    /// Runs until nothing is left to do, at most `hours` of virtual time.
    mutating func run(hours: Int64 = 12) throws {
        begin()
        try runUntilQuiet(hours: hours)
    }

    /// Starts the process, with the commits to come; nothing happens before time passes.
    mutating func begin() {
        for (index, commit) in plan.commits.enumerated() { schedule(.commit(index), at: start + commit.at) }
        schedule(.restart, at: start + 1)
    }

    /// Puts a commit on the branch and runs until its report has ended, at most `hours` of virtual time.
    mutating func merge(_ files: [String: String], subject: String, hours: Int64 = 12) throws {
        try repository.commit(files, subject: subject, at: time / 1000)
        try runUntilQuiet(hours: hours)
    }

    /// Puts a commit on the branch, past which the branch was forced where `isForced`.
    mutating func push(_ files: [String: String], subject: String, isForced: Bool = false) throws {
        try repository.commit(files, subject: subject, at: time / 1000)
        repository.isForced = isForced
    }

    /// The branch is gone from the server, or there again.
    mutating func setBranch(isGone: Bool) { repository.isGone = isGone }

    /// Ends the process without warning; it begins anew on an empty disk and runs until it has settled.
    mutating func restart() throws {
        kill()
        try runUntilQuiet(hours: 12)
    }

    /// Ends the process without warning; another begins after a while, on an empty disk.
    mutating func kill(downFor duration: Duration = .milliseconds(500)) {
        record("kill")
        generation += 1
        outbox = [:]
        schedule(.restart, at: time + duration.wholeMilliseconds)
    }

    /// Lets things happen one by one until something holds.
    mutating func run(until holds: (Simulation) -> Bool) throws {
        let begin = time
        while !holds(self) {
            guard let next = popNext(), next.at - begin < 48 * 3_600_000 else {
                throw SimulationError.neverSettled(history.suffix(40).joined(separator: "\n"))
            }
            time = next.at
            try take(next.item)
        }
    }

    /// Runs until nothing is left to do.
    mutating func settle() throws { try runUntilQuiet(hours: 12) }

    /// Lets time pass, whatever happens.
    mutating func run(for duration: Duration) throws {
        let end = time + duration.wholeMilliseconds
        while let next = popNext(before: end) {
            time = next.at
            try take(next.item)
            checkTruth()
        }
        time = end
    }

    private mutating func runUntilQuiet(hours: Int64) throws {
        let begin = time
        while let next = popNext() {
            time = next.at
            try take(next.item)
            checkTruth()
            if isQuiet { return }
            if time - begin > hours * 3_600_000 {
                throw SimulationError.neverSettled(history.suffix(40).joined(separator: "\n"))
            }
        }
    }

    private var isQuiet: Bool {
        let commitsLeft = queue.contains { if case .commit = $0.item { true } else { false } }
        let restartsLeft = queue.contains { if case .restart = $0.item { true } else { false } }
        return !commitsLeft && !restartsLeft && loop.isSettled && loop.headCommit == repository.head
            && (plan.killAtEffect == nil || killed || effects > 5_000)
    }

    // MARK: The queue

    private mutating func schedule(_ item: Item, at moment: Int64) {
        order += 1
        queue.append((moment, order, item))
    }

    private mutating func popNext(before end: Int64 = .max) -> (at: Int64, order: Int, item: Item)? {
        guard let index = queue.indices.min(by: { (queue[$0].at, queue[$0].order) < (queue[$1].at, queue[$1].order) }),
            queue[index].at < end
        else { return nil }
        return queue.remove(at: index)
    }

    func random(_ purpose: String, _ ordinal: Int, below bound: UInt64) -> Int64 {
        Int64(KeyedRandom(seed: plan.seed, purpose: purpose).value(ordinal: ordinal) % bound)
    }

    // MARK: What happens

    private mutating func take(_ item: Item) throws {
        switch item {
        case .commit(let index):
            let commit = plan.commits[index]
            try repository.commit(commit.files, subject: commit.subject, at: time / 1000)
            record("commit \(commit.subject)")
        case .restart:
            generation += 1
            lastStart = time
            loop = EnvironmentLoop(policy: policy)
            machines = [:]
            budget = TokenBuckets()
            record("start \(generation)")
            react(to: .started)
        case .perform(let generation, let effect):
            if case .call(let call) = effect.action {
                return begin(call, generation: generation, number: effect.number)
            }
            guard generation == self.generation || survivesKill(effect.action.isWrite, effect.number) else { return }
            effects += 1
            if shouldDie(before: true) { return die() }
            let result = try perform(effect)
            if generation != self.generation { return }
            if shouldDie(before: false) { return die() }
            var delay = 1 + random("answer", effects, below: 400)
            if case .readStatus = effect.action { delay += hostDelay.wholeMilliseconds }
            schedule(.deliver(generation: generation, number: effect.number, result), at: time + delay)
        case .request(let generation, let number, let request, let isWrite):
            guard generation == self.generation || survivesKill(isWrite, number) else { return }
            effects += 1
            if shouldDie(before: true) { return die() }
            let event = answer(request)
            let operation = request.headers.first { $0.name == "X-Amz-Target" }?.value.split(separator: ".").last
            if let operation { try afterCall?(&self, String(operation)) }
            if generation != self.generation { return }
            if shouldDie(before: false) { return die() }
            if let killAfter, killAfter == operation.map(String.init) {
                self.killAfter = nil
                return die()
            }
            let delay = 1 + random("answer", effects, below: 400)
            schedule(.machine(generation: generation, number: number, event), at: time + delay)
        case .machine(let generation, let number, let event):
            guard generation == self.generation else { return }
            drive(number, event)
        case .deliver(let generation, let number, let result):
            guard generation == self.generation else { return }
            react(to: .completed(number: number, result))
        }
    }

    /// Whether a request that was on its way when the process died still arrives.
    private func survivesKill(_ isWrite: Bool, _ number: Int) -> Bool {
        isWrite && random("survives", number, below: 2) == 0
    }

    // MARK: Calls of AWS, as requests and responses

    private mutating func begin(_ call: APICall, generation: Int, number: Int) {
        guard generation == self.generation else { return }
        calls[call.operation, default: 0] += 1
        machines[number] = CallMachine(
            call, endpoint: "https://ecs.simulated", seed: plan.seed, number: UInt64(generation * 100_000 + number))
        drive(number, .started)
    }

    private mutating func drive(_ number: Int, _ event: CallMachine.Event) {
        guard let actions = machines[number]?.handle(event), let call = machines[number]?.call else { return }
        for action in actions {
            switch action {
            case .takeToken(let category):
                let wait = budget.take(category, now: .milliseconds(time - start)).wholeMilliseconds
                schedule(.machine(generation: generation, number: number, .budgetGranted), at: time + wait)
            case .send(let request):
                schedule(
                    .request(generation: generation, number: number, request, isWrite: !call.isRead),
                    at: time + 1 + random("send", number &+ generation &* 100_000, below: 100))
            case .wait(let duration):
                schedule(
                    .machine(generation: generation, number: number, .timerFired),
                    at: time + duration.wholeMilliseconds)
            case .refreshCredentials: continue
            case .finish(let result):
                machines[number] = nil
                let outcome: EffectResult =
                    switch result {
                    case .success(let value): .value(value)
                    case .failure(let failure): .failed(failure)
                    }
                schedule(.deliver(generation: generation, number: number, outcome), at: time)
            }
        }
    }

    /// What the network and ECS make of a request.
    private mutating func answer(_ request: HTTPRequest) -> CallMachine.Event {
        let response = ecs.handle(
            WireRequest(method: request.method, path: "/", headers: request.headers, body: request.body), at: time)
        switch response.delivery {
        case .sent:
            return .response(
                HTTPResponse(status: response.status, headers: response.headers, body: response.body))
        case .dropped:
            return .transportFailure(
                Failure(
                    code: .connectionLost, subject: "ECS", tried: "call", cause: "the connection was closed.",
                    disposition: .retry(after: nil)))
        }
    }

    private func shouldDie(before: Bool) -> Bool {
        !killed && plan.killAtEffect == effects && plan.killsAfterPerforming != before
    }

    private mutating func die() {
        killed = true
        record("kill")
        generation += 1
        if plan.losesDisk { outbox = [:] }
        schedule(.restart, at: time + 500 + random("restart", 0, below: 20_000))
    }

    private mutating func react(to event: EnvironmentLoop.Event) {
        let moment = Moment(
            wall: Timestamp(millisecondsSince1970: time - plan.clockLag), uptime: .milliseconds(time - start))
        let reaction = loop.handle(event, now: moment)
        events += reaction.events
        for event in reaction.events { record("event \(event.label)") }
        for effect in reaction.effects {
            record("ask \(effect.number) \(effect.action.label)")
            if case .wake(let duration) = effect.action {
                schedule(
                    .deliver(generation: generation, number: effect.number, .done),
                    at: time + duration.wholeMilliseconds)
            } else {
                let delay = 1 + random("request", effect.number &+ generation &* 100_000, below: 200)
                schedule(.perform(generation: generation, effect), at: time + delay)
            }
        }
    }

    private mutating func perform(_ effect: Effect) throws -> EffectResult {
        switch effect.action {
        case .postStatus(let status):
            if let hostFailure { return .failed(hostFailure) }
            statuses[status.commit, default: []].append(status)
            return .done
        case .readStatus(let commit, _):
            if let hostFailure { return .failed(hostFailure) }
            return .statusStates(
                Dictionary((statuses[commit] ?? []).map { ($0.context, $0.state) }, uniquingKeysWith: { _, new in new })
            )
        case .readOutbox: return .outbox(outbox.values.sorted { $0.key < $1.key })
        case .storeOutbox(let entry):
            if let diskFailure { return .failed(diskFailure) }
            outbox[entry.key] = entry
            return .done
        case .removeOutbox(let key):
            outbox[key] = nil
            return .done
        case .remoteHeads, .fetch, .snapshot, .files, .history, .changedPaths, .versions, .readNotes, .publishNotes:
            return try repository.perform(effect.action)
        case .call, .wake: throw SimulationError.impossible("calls and wakes have ways of their own")
        }
    }

    private mutating func record(_ line: String) { history.append("\(time - start) \(line)") }
}
