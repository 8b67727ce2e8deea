import MooringModel
import MooringNames
import MooringShapes

/// Whether a step comes at its time: not before reads can be believed, and not again after ECS said no.
struct TimingCheck {
    let facts: CheckFacts
    let step: Step

    func violations() -> [PlanViolation] {
        guard let key = step.service else { return [] }
        var found: [PlanViolation] = []
        if isTooEarly(key) { found.append(.writtenTooEarly(step.id)) }
        if let refusal = facts.observed.refusals[key], refusal.digest == facts.standings[key]?.digest {
            found.append(.refusedBefore(step.id))
        }
        guard step.writtenService != nil else { return found }
        let failures = facts.policy.failures.count
        if failures >= facts.policy.maximumFailures, !isReturn(key) {
            found.append(.startedAfterFailures(step.id, failures: failures))
        }
        if case .updateService = step.action, step.startsDeployment { found += onRejection(of: key) }
        return found
    }

    /// Whether the step takes back what failed: it goes to a revision that the service remembers, and not to what git wants.
    private func isReturn(_ key: ServiceKey) -> Bool {
        guard facts.policy.onFailure == .rollBack, case .existing(let arn) = step.revisionReference,
            let live = facts.live(key)
        else { return false }
        return live.tag(OwnTag.revision)?.hasPrefix("\(arn.revision)@") ?? false
    }

    private func isTooEarly(_ key: ServiceKey) -> Bool {
        let policy = facts.policy
        if let until = facts.observed.holds[key], policy.uptime < until { return true }
        guard step.writtenService != nil, let watch = facts.observed.watches[key],
            policy.uptime < watch.since + policy.readLag
        else { return false }
        // What ECS shows is older than our own last write.
        return facts.live(key).map { live in !live.deployments.contains { $0.id == watch.deployment } } ?? true
    }

    /// A revision that is registered only now cannot have been rejected; for all else ECS's newest record decides.
    private func onRejection(of key: ServiceKey) -> [PlanViolation] {
        let candidate: TaskDefinitionARN?
        switch step.revisionReference {
        case .registered: return []
        case .existing(let arn): candidate = arn
        case nil: candidate = facts.live(key)?.taskDefinition
        }
        if isReturn(key) { return [] }
        // Who asks for another try by a new token gets one.
        if facts.services[key]?.options.redeploy != nil, isMarkedForRedeployment { return [] }
        guard let reading = facts.observed.records[key] else { return [.rejectionNotAsked(step.id)] }
        guard case .known(let records) = reading, let newest = records.first, let target = newest.target,
            !(facts.live(key).map(newest.isForgiven) ?? false),
            ["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"].contains(newest.status),
            candidate != nil, newest.targetTaskDefinition == candidate, let service = facts.services[key]
        else { return [] }
        // What this step sends to take something back counts as much as what git says.
        var wanted = service.input
        if case .updateService(_, let input, _) = step.action {
            for member in input.members ?? [] { wanted[member.name] = member.value }
        }
        let matters: (String) -> Bool = {
            ServiceMembers.startsDeployment($0) && !["taskDefinition", "forceNewDeployment"].contains($0)
        }
        let settings = (wanted.members ?? []).filter { matters($0.name) }
        let before = facts.earlierInputs(of: key).reduce(Value.map([])) { $0.union($1) }
        let left = ServiceDifference.changes(
            wanted: Value(.map(settings)), live: target, primary: target,
            before: Value(.map((before.members ?? []).filter { matters($0.name) })))
        return left.isEmpty ? [.rejectedBefore(step.id)] : []
    }

    /// Whether a step that this one waits for remembers the token.
    private var isMarkedForRedeployment: Bool {
        facts.plan.steps.contains { other in
            step.after.contains(other.id) && other.writtenTags.contains { $0.key == OwnTag.redeploy }
        }
    }
}
