import MooringModel
import MooringNames
import MooringOrdering

/// What is to be done about all one-off tasks of an environment, before the order weighs it.
struct RunsPlanning {
    /// Sorted by node.
    private let decisions: [RunDecision]
    /// How far every one-off task is.
    let states: [OrderNode: OrderState]
    private let policy: PlanningPolicy

    /// - Parameters:
    ///   - scope: those to look at, nil for all.
    ///   - others: where those stand that are not looked at.
    init(
        desired: DesiredState, scope: Set<OrderNode>?, others: [OrderNode: RunStanding], observed: Observed,
        policy: PlanningPolicy,
    ) {
        self.policy = policy
        let families = Dictionary(
            desired.taskDefinitions.map { ($0.family, $0) }, uniquingKeysWith: { first, _ in first })
        decisions = desired.runs.filter { scope?.contains($0.node) ?? true }.sorted { $0.node < $1.node }.map { run in
            var taskDefinition: DesiredTaskDefinition?
            if case .family(let family) = run.taskDefinition { taskDefinition = families[family] }
            return RunPlanner(run: run, taskDefinition: taskDefinition, observed: observed, policy: policy).decide()
        }
        var states: [OrderNode: OrderState] = [:]
        for (node, standing) in others { states[node] = OrderState(of: standing) }
        for decision in decisions { states[decision.standing.node] = OrderState(of: decision) }
        for run in desired.badRuns { states[run.node] = .failed("its manifest cannot be used") }
        self.states = states
    }

    /// The decisions without those beginnings whose turn has not come.
    func ordered(by order: OrderVerdicts) -> [RunDecision] {
        decisions.map { decision in
            if decision.begins, policy.failures.count >= policy.maximumFailures {
                return decision.withheld(.stoppedAfterFailures(policy.failures))
            }
            return order.objection(to: decision.standing.node).map(decision.withheld) ?? decision
        }
    }
}

extension OrderState {
    /// How far a one-off task is that has been decided about.
    init(of decision: RunDecision) {
        if decision.begins {
            self = .pending
        } else if decision.needs.isEmpty {
            self.init(of: decision.standing)
        } else {
            self = .running
        }
    }

    /// How far a one-off task is that is not looked at now.
    init(of standing: RunStanding) {
        switch standing.state {
        case .starting, .running, .waiting, .unknown: self = .running
        case .done: self = .done
        case .failed(let trouble): self = .failed(trouble.cause)
        case .question(let trouble): self = .held(trouble.cause)
        case .withheld(.waitsInOrder), .withheld(.notStarted), .withheld(.stoppedAfterFailures): self = .pending
        case .withheld(.badManifest): self = .failed("its manifest cannot be used")
        case .withheld(let reason): self = .held(reason.sentence)
        }
    }
}
