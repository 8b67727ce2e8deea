package import MooringModel
package import MooringNames
import MooringShapes

/// What planning yields: a plan, and what would have to be known to complete it.
package struct PlanningResult: Hashable, Sendable {
    package var plan: Plan
    /// Facts to read before planning again; empty where the plan is complete. Sorted.
    package var needs: [Fact]
}

/// Compares what git says with what ECS says and proposes what to do. A function of its arguments.
package enum Planner {
    /// Plans for the services in `scope`.
    ///
    /// - Parameters:
    ///   - scope: the services to look at, nil for all. Only a plan for all removes what left git.
    ///   - runScope: the one-off tasks to look at, nil for all where `scope` is nil, too, and none else.
    ///   - otherRuns: where the others stand.
    ///   - others: where the services stand that are not looked at: what depends on them waits for them all the same.
    package static func plan(
        desired: DesiredState, scope: Set<ServiceKey>? = nil, others: [ServiceKey: ServiceStanding] = [:],
        runScope: Set<OrderNode>? = nil, otherRuns: [OrderNode: RunStanding] = [:], observed: Observed,
        policy: PlanningPolicy,
    ) -> PlanningResult {
        let families = Dictionary(
            desired.taskDefinitions.map { ($0.family, $0) }, uniquingKeysWith: { first, _ in first })
        let index = RevisionIndex(observed)
        let services = desired.services.filter { scope?.contains($0.key) ?? true }
        let pairs = services.map { service in
            var taskDefinition: DesiredTaskDefinition?
            if case .family(let family) = service.taskDefinition { taskDefinition = families[family] }
            return (service: service, taskDefinition: taskDefinition)
        }
        var decisions = pairs.map { service, taskDefinition in
            ServicePlanner(
                service: service, taskDefinition: taskDefinition, observed: observed, policy: policy, index: index,
            ).decide()
        }
        let usable = Set(services.map(\.key))
        decisions += desired.badServices.map(\.key).uniqued()
            .filter { !usable.contains($0) && scope?.contains($0) ?? true }.map(ServiceDecision.init(bad:))
        decisions.sort { $0.standing.key < $1.standing.key }
        let runs = RunsPlanning(
            desired: desired, scope: runScope ?? (scope == nil ? nil : []), others: otherRuns, observed: observed,
            policy: policy)
        let order = OrderVerdicts(
            desired.order, decisions: decisions, others: others, runs: runs.states, causes: observed.causes)
        let assembly = PlanAssembly(policy: policy, observed: observed, order: order)
        let ordered = runs.ordered(by: order)
        var plan = Plan()
        plan.runs = ordered.map(\.standing)
        var registered: Set<StepID> = []
        for step in ordered.flatMap(\.steps) {
            // Two runs of one family share the revision that is registered for them.
            if case .registerTaskDefinition = step.action, !registered.insert(step.id).inserted { continue }
            plan.steps.append(step)
        }
        var needs = decisions.flatMap(\.needs) + ordered.flatMap(\.needs)
        needs += assembly.add(decisions, to: &plan, registered: &registered)
        if scope == nil {
            let pruning = Pruning(desired: desired, observed: observed, policy: policy, plan: plan).outcome
            needs += pruning.needs
            plan.steps += pruning.steps
            plan.leaving = pruning.leaving
        }
        // Last, and only where all else is known: nothing waits for it.
        let tags = MovedTags(observed: observed, policy: policy).outcome(of: pairs, standings: plan.standings)
        if needs.isEmpty { needs += tags.needs }
        plan.remarks += tags.remarks
        plan.remarks = plan.remarks.enumerated().sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }
            .map(\.element)
        return PlanningResult(plan: plan, needs: Set(needs).sorted())
    }
}

extension Planner {
    /// The digest of what each one-off task is made of: it runs once for each.
    package static func runDigests(of desired: DesiredState, identity: EnvironmentIdentity) -> [OrderNode: Digest] {
        let families = Dictionary(
            desired.taskDefinitions.map { ($0.family, $0) }, uniquingKeysWith: { first, _ in first })
        return Dictionary(
            desired.runs.map { run -> (OrderNode, Digest) in
                var taskDefinition: DesiredTaskDefinition?
                if case .family(let family) = run.taskDefinition { taskDefinition = families[family] }
                return (run.node, RunDigest.digest(of: run, taskDefinition: taskDefinition, identity: identity))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The digest of what git wants, per service: what tells a change from none, and what is remembered of a rejection.
    package static func digests(of desired: DesiredState) -> [ServiceKey: Digest] {
        let families = Dictionary(
            desired.taskDefinitions.map { ($0.family, TaskDefinitionDigest.digest(of: $0.input)) },
            uniquingKeysWith: { first, _ in first })
        return Dictionary(
            desired.services.map { service -> (ServiceKey, Digest) in
                var digest: Digest?
                if case .family(let family) = service.taskDefinition { digest = families[family] }
                return (service.key, ServicePlanner.digest(of: service, taskDefinition: digest))
            }, uniquingKeysWith: { first, _ in first })
    }
}
