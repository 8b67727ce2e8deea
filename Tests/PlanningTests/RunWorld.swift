import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// ECS as one-off tasks see it, on a clock of its own, and a controller that may be killed between any two calls.
struct RunWorld {
    static let start = Timestamp(millisecondsSince1970: 1_764_132_000_000)
    static let readLag: Duration = .seconds(5)

    // MARK: Git

    var run: DesiredRun
    var taskDefinition: DesiredTaskDefinition?
    var policy: PlanningPolicy

    // MARK: ECS

    /// Number 1 first.
    var revisions: [ObservedTaskDefinition] = []
    /// Every state of a revision's tags with the time it was reached, oldest first.
    var tags: [TaskDefinitionARN: [(at: Timestamp, tags: [MooringModel.Tag])]] = [:]
    var tasks: [Task] = []
    var tokens: [String: Token] = [:]
    /// Reads are this old.
    var lag: Duration = .zero
    /// How long a task of the next start runs, and how its containers end.
    var length: Duration = .seconds(600)
    var codes: [Int?] = [0]
    /// How many tasks find a place; nil for all.
    var room: Int?
    /// Calls of RunTask that started something, or found no room: repetitions of a token are none.
    var starts = 0
    var calls: [String] = []

    struct Task {
        let arn: String
        let startedBy: String
        let revision: TaskDefinitionARN
        let from: Timestamp
        let until: Timestamp
        let codes: [Int?]
    }

    struct Token {
        let at: Timestamp
        let input: Value
        let arns: [String]
        let failures: [String]
    }

    // MARK: The controller

    var memory = Observed()
    var uptime: Duration = .seconds(1000)
    /// Nothing is written before: a controller that has just begun does not believe that nothing is there.
    var mayAct: Duration = .zero

    init(count: Int = 1, containers: [Value] = [["name": "app", "image": "shop:1"]], _ more: [(String, Value)] = [])
        throws
    {
        taskDefinition = DesiredTaskDefinition(
            family: try Family("migrate"), input: ["family": "migrate", "containerDefinitions": .list(containers)],
            file: try TreePath("migrate.json"), documentIndex: 0, position: SourcePosition(line: 1, column: 1))
        run = DesiredRun(
            cluster: .standard, name: try RunName("migrate"),
            input: .map([("taskDefinition", "migrate"), ("count", .integer(count))] + more),
            taskDefinition: .family(try Family("migrate")), files: [])
        policy = try makePolicy()
        policy.wall = RunWorld.start
    }

    var now: Timestamp { policy.wall }

    mutating func advance(_ time: Duration) {
        policy.wall = policy.wall + time
        uptime += time
        policy.uptime = uptime
    }

    /// The process dies and comes back after a time: all that it knew is gone.
    mutating func restart(after time: Duration) {
        advance(time)
        memory = Observed()
        mayAct = uptime + RunWorld.readLag
    }

    // MARK: Passes

    enum Fate: CaseIterable {
        /// The call is made and answered.
        case well
        /// The process dies before the call.
        case killedBefore
        /// The call takes effect, and the process dies before it has the answer.
        case killedAfter
        /// The call takes effect and its answer is lost; the process lives.
        case answerLost
        /// The call does not reach ECS; the process lives and does not know.
        case callLost
    }

    /// Reads what is lacking, decides, and checks the decision as every plan is checked.
    mutating func decide(sourceLocation: SourceLocation = #_sourceLocation) throws -> RunDecision {
        policy.uptime = uptime
        memory.newestRevisions = [:]
        memory.revisionTags = [:]
        memory.runTasks = [:]
        for _ in 0..<20 {
            let decision = RunPlanner(
                run: run, taskDefinition: taskDefinition, observed: memory, policy: policy
            ).decide()
            guard !decision.needs.isEmpty else {
                var desired = DesiredState(taskDefinitions: [taskDefinition].compactMap { $0 })
                desired.runs = [run]
                var plan = Plan(steps: decision.steps)
                plan.runs = [decision.standing]
                let found = PlanCheck.violations(of: plan, desired: desired, observed: memory, policy: policy)
                #expect(found == [], sourceLocation: sourceLocation)
                return decision
            }
            for need in decision.needs { answer(need) }
        }
        Issue.record("questions without end", sourceLocation: sourceLocation)
        throw Scenario.Unexpected()
    }

    /// One pass: a decision, and its steps as far as fate lets them go.
    ///
    /// - Parameter fate: of each call, asked for in their order.
    @discardableResult
    mutating func pass(
        downtime: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
        fate: (Step) -> Fate = { _ in .well },
    ) throws -> RunDecision {
        let decision = try decide(sourceLocation: sourceLocation)
        guard uptime >= mayAct else { return decision }
        for step in decision.steps {
            switch fate(step) {
            case .well: try perform(step, isAnswered: true)
            case .killedBefore:
                restart(after: downtime)
                return decision
            case .killedAfter:
                try perform(step, isAnswered: false)
                restart(after: downtime)
                return decision
            case .answerLost:
                try perform(step, isAnswered: false)
                memory.runHolds[run.node] = uptime + RunWorld.readLag
                return decision
            case .callLost:
                memory.runHolds[run.node] = uptime + RunWorld.readLag
                return decision
            }
        }
        return decision
    }

    /// Passes until it is settled: ten seconds apart at first, then minutes.
    mutating func settle(sourceLocation: SourceLocation = #_sourceLocation) throws -> RunStanding.State {
        for number in 0..<400 {
            let decision = try pass(sourceLocation: sourceLocation)
            if decision.steps.isEmpty {
                switch decision.standing.state {
                case .done, .failed, .question, .withheld: return decision.standing.state
                case .starting, .running, .waiting, .unknown: break
                }
            }
            advance(.seconds(number < 30 ? 10 : 240))
        }
        Issue.record("never settled", sourceLocation: sourceLocation)
        throw Scenario.Unexpected()
    }

    // MARK: What ECS answers

    private func enter(_ fact: Fact, into observed: inout Observed) {
        switch fact {
        case .newestRevision(let family):
            let newest = revisions.last { $0.isActive }.map(shown)
            observed.newestRevisions[family] = newest.map { .known($0) } ?? .missing
            if let newest { observed.taskDefinitions[newest.arn] = .known(newest) }
        case .taskDefinition(let arn):
            let found = revisions.first { $0.arn == arn }.map(shown)
            observed.taskDefinitions[arn] = found.map { .known($0) } ?? .missing
        case .revisionTags(let arn): observed.revisionTags[arn] = .known(shownTags(arn))
        case .runTasks(let key): observed.runTasks[key] = .known(visible(key).map(described))
        default: Issue.record("asked for \(fact)")
        }
    }

    mutating func answer(_ fact: Fact) {
        var observed = memory
        enter(fact, into: &observed)
        memory = observed
    }

    private func shownTags(_ arn: TaskDefinitionARN) -> [MooringModel.Tag] {
        (tags[arn] ?? []).last { $0.at + lag <= now }?.tags ?? []
    }

    private func shown(_ revision: ObservedTaskDefinition) -> ObservedTaskDefinition {
        ObservedTaskDefinition(
            arn: revision.arn, described: revision.described, tags: shownTags(revision.arn).map(\.input))
    }

    /// A stopped task is shown for an hour.
    private func visible(_ key: RunTasksKey) -> [Task] {
        tasks.filter {
            $0.startedBy == key.startedBy && $0.from + lag <= now && now < $0.until + .seconds(3600)
        }
    }

    private func described(_ task: Task) -> Value {
        let isOver = task.until <= now
        let content = revisions.first { $0.arn == task.revision }?.described["containerDefinitions"]?.elements ?? []
        let containers = zip(content, task.codes).map { container, code -> Value in
            .map(present: [
                ("name", container["name"]), ("lastStatus", isOver ? "STOPPED" : "RUNNING"),
                ("exitCode", isOver ? code.map { .integer($0) } : nil),
                ("reason", isOver && code == nil ? "CannotPullContainerError: pull access denied for shop" : nil),
            ])
        }
        return .map(present: [
            ("taskArn", .string(task.arn)), ("startedBy", .string(task.startedBy)),
            ("lastStatus", isOver ? "STOPPED" : "RUNNING"), ("desiredStatus", isOver ? "STOPPED" : "RUNNING"),
            ("stoppedReason", isOver ? "Essential container in task exited" : nil),
            ("stopCode", isOver ? "EssentialContainerExited" : nil), ("containers", .list(containers)),
        ])
    }

    // MARK: What steps do

    private mutating func perform(_ step: Step, isAnswered: Bool) throws {
        calls.append(step.id.text)
        switch step.action {
        case .registerTaskDefinition(_, let digest, let input):
            let arn = try register(input)
            if isAnswered { registered[digest] = arn }
        case .run(let node, let digest, let write):
            if isAnswered { memory.runHolds[node] = uptime + RunWorld.readLag }
            switch write {
            case .note(let reference, let tag):
                guard let arn = arn(of: reference) else { throw Scenario.Unexpected() }
                set(tag, on: arn)
                if isAnswered { memory.taskDefinitions[arn] = nil }
            case .start(let reference, let input, let attempt):
                guard let arn = arn(of: reference) else { throw Scenario.Unexpected() }
                let (arns, failures) = try runTask(arn, input)
                guard isAnswered else { return }
                memory.runAnswers[node] = RunAnswer(
                    digest: digest, attempt: attempt, tasks: arns, failures: failures, at: now)
            }
        default: throw Scenario.Unexpected()
        }
    }

    private var registered: [Digest: TaskDefinitionARN] = [:]

    private func arn(of reference: RevisionReference) -> TaskDefinitionARN? {
        switch reference {
        case .existing(let arn): arn
        case .registered(let digest): registered[digest]
        }
    }

    @discardableResult
    mutating func register(_ input: Value) throws -> TaskDefinitionARN {
        let arn = try revisionARN("migrate:\(revisions.count + 1)")
        var described = input
        described["tags"] = nil
        described["status"] = "ACTIVE"
        revisions.append(ObservedTaskDefinition(arn: arn, described: described, tags: []))
        let given = (input["tags"]?.elements ?? []).map { element in
            MooringModel.Tag(element["key"]?.text ?? "", element["value"]?.text ?? "")
        }
        tags[arn] = [(at: RunWorld.start + .seconds(-60), tags: given)]
        return arn
    }

    mutating func set(_ tag: MooringModel.Tag, on arn: TaskDefinitionARN) {
        #expect(tag.key.count <= 128 && tag.value.count <= 256)
        let allowed = Set("_.:/=+-@ ")
        #expect((tag.key + tag.value).allSatisfy { $0.isLetter || $0.isNumber || allowed.contains($0) })
        var current = tags[arn]?.last?.tags ?? []
        current.removeAll { $0.key == tag.key }
        tags[arn, default: []].append((now, current + [tag]))
    }

    /// What is noted of the run, nil where nothing is.
    var note: String? {
        var newest: String?
        for (_, history) in tags.sorted(by: { $0.key < $1.key }) {
            let tag = history.last?.tags.first { $0.key.hasPrefix(OwnTag.run) }
            newest = tag?.value ?? newest
        }
        return newest
    }

    private mutating func runTask(_ arn: TaskDefinitionARN, _ input: Value) throws -> ([String], [String]) {
        let token = try #require(input["clientToken"]?.text)
        let startedBy = try #require(input["startedBy"]?.text)
        #expect(token.utf8.count <= 36 && startedBy.utf8.count <= 36)
        if let known = tokens[token], now < known.at + .seconds(24 * 3600) {
            #expect(known.input == input, "ECS refuses a token with other parameters")
            let shown = known.arns.filter { arn in tasks.contains { $0.arn == arn && now < $0.until + .seconds(3600) } }
            return (shown, known.failures)
        }
        starts += 1
        let count = input["count"]?.integer ?? 1
        let placed = min(count, room ?? count)
        let arns = (0..<placed).map { "arn:task/default/\(starts)\($0)abcdef0123456789" }
        for arn_ in arns {
            tasks.append(
                Task(
                    arn: arn_, startedBy: startedBy, revision: arn, from: now, until: now + length, codes: codes))
        }
        let failures = Array(repeating: "RESOURCE:MEMORY", count: count - placed)
        tokens[token] = Token(at: now, input: input, arns: arns, failures: failures)
        return (arns, failures)
    }
}
