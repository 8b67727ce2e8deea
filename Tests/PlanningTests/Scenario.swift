import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// Git, ECS and a policy, and passes over them.
struct Scenario {
    var desired = DesiredState()
    var ecs = ValueECS()
    var policy: PlanningPolicy
    var scope: Set<ServiceKey>?
    /// What the loop remembers from pass to pass: watches, refusals, holds, contents.
    var memory = Observed()
    /// Earlier commits, oldest first.
    private var history: [(commit: CommitID, state: DesiredState)] = []

    init() throws { policy = try makePolicy() }

    /// One service of one family, at rest, as Mooring made it.
    static func managed(
        service name: String = "web", image: String = "shop:1", _ more: [(String, Value)] = [],
        options: MooringOptions = MooringOptions(),
    ) throws -> Scenario {
        var scenario = try Scenario()
        scenario.desired.taskDefinitions = [try makeTaskDefinition(name, image: image)]
        scenario.desired.services = [try makeService(try key(name), more, options: options)]
        try scenario.settle()
        return scenario
    }

    struct Outcome {
        var plan: Plan
        /// What was read, in the order it was asked for.
        var asked: [Fact]
        var observed: Observed

        func standing(_ key: ServiceKey) throws -> ServiceStanding {
            try #require(plan.standings.first { $0.key == key })
        }
        func state(_ key: ServiceKey) throws -> ServiceStanding.State { try standing(key).state }
        func reasons(_ key: ServiceKey) -> [Withheld.Reason] {
            plan.withheld.filter { $0.key == key }.map(\.reason)
        }
        var steps: [String] { plan.steps.map(\.id.text) }

        func update(_ key: ServiceKey) throws -> (input: Value, revision: RevisionReference?) {
            let step = try #require(plan.steps.first { $0.id.text == "update \(key)" })
            guard case .updateService(_, let input, let revision) = step.action else {
                throw Unexpected()
            }
            return (input, revision)
        }

        func creation(_ key: ServiceKey) throws -> (input: Value, revision: RevisionReference?) {
            let step = try #require(plan.steps.first { $0.id.text == "create \(key)" })
            guard case .createService(_, let input, let revision) = step.action else {
                throw Unexpected()
            }
            return (input, revision)
        }

        func tags(_ key: ServiceKey) -> [String: String] {
            Dictionary(
                plan.steps.flatMap { step -> [(String, String)] in
                    guard case .tagService(key, _, let tags) = step.action else { return [] }
                    return tags.map { ($0.key, $0.value) }
                }, uniquingKeysWith: { _, later in later })
        }
    }

    struct Unexpected: Error {}

    /// Plans, reads what the plan lacks and plans again until it lacks nothing. Every plan is checked.
    func pass(sourceLocation: SourceLocation = #_sourceLocation) throws -> Outcome {
        var observed = memory
        observed.services = [:]
        var asked: [Fact] = []
        for _ in 0..<8 {
            let result = Planner.plan(desired: desired, scope: scope, observed: observed, policy: policy)
            if result.needs.isEmpty {
                let violations = PlanCheck.violations(
                    of: result.plan, desired: desired, scope: scope, observed: observed, policy: policy)
                #expect(violations == [], sourceLocation: sourceLocation)
                return Outcome(plan: result.plan, asked: asked, observed: observed)
            }
            #expect(Set(result.needs).isDisjoint(with: asked), "asked twice", sourceLocation: sourceLocation)
            for need in result.needs { ecs.answer(need, into: &observed) }
            asked += result.needs
        }
        Issue.record("the planner never has enough: \(asked)", sourceLocation: sourceLocation)
        throw Unexpected()
    }

    /// Passes and performs until nothing is left to do; the steps of all passes.
    @discardableResult
    mutating func settle(maximumPasses: Int = 20, sourceLocation: SourceLocation = #_sourceLocation) throws -> [Step] {
        var steps: [Step] = []
        for _ in 0..<maximumPasses {
            let outcome = try pass(sourceLocation: sourceLocation)
            if outcome.plan.steps.isEmpty { return steps }
            for step in outcome.plan.steps { try ecs.perform(step) }
            steps += outcome.plan.steps
        }
        Issue.record("steps without end: \(steps.suffix(6).map(\.id))", sourceLocation: sourceLocation)
        return steps
    }

    /// Makes what git says now an earlier commit, and begins the next one.
    mutating func advance(to letter: String) throws {
        history.append((policy.commit, desired))
        policy.commit = try CommitID(String(repeating: letter, count: 40))
        for index in history.indices { ecs.versions[history[index].commit] = history[index...].map(\.state) }
    }

    /// Performs a step, and remembers the deployment that it made, as the loop does.
    mutating func perform(_ step: Step) throws {
        try ecs.perform(step)
        guard case .updateService(let key, _, _) = step.action, let digest = Planner.digests(of: desired)[key] else {
            return
        }
        memory.watches[key] = Watch(
            digest: digest, deployment: ecs.services[key]?["deployments"]?[0]?["id"]?.text ?? "", revision: nil,
            previousRevision: nil, since: policy.uptime - policy.readLag)
    }

    /// Changes the image in git.
    mutating func change(image: String, of family: String = "web", _ more: [(String, Value)] = []) throws {
        let changed = try makeTaskDefinition(family, image: image, more)
        desired.taskDefinitions = desired.taskDefinitions.map { $0.family == changed.family ? changed : $0 }
    }

    /// Changes the service in git.
    mutating func change(
        service name: String = "web", count: Int? = 2, _ more: [(String, Value)] = [],
        options: MooringOptions = MooringOptions(),
    ) throws {
        let changed = try makeService(try key(name), count: count, more, options: options)
        desired.services = desired.services.map { $0.key == changed.key ? changed : $0 }
    }

    /// What our own last write on the service returned.
    mutating func watch(_ key: ServiceKey, deployment: String, revision: String, at since: Duration? = nil) throws {
        let digest = try #require(Planner.digests(of: desired)[key])
        memory.watches[key] = Watch(
            digest: digest, deployment: deployment, revision: try Revision(revision), previousRevision: nil,
            since: since ?? policy.uptime - .seconds(1))
    }
}
