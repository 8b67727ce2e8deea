import MooringModel
import MooringNames

/// Whether the plan keeps the bounds on how much happens at once.
struct BoundCheck {
    let facts: CheckFacts

    func violations() -> [PlanViolation] {
        let policy = facts.policy
        var found: [PlanViolation] = []
        let creations = facts.plan.steps.count { step in
            if case .createService = step.action { true } else { false }
        }
        if creations > policy.maximumCreations {
            found.append(.tooManyCreations(count: creations, limit: policy.maximumCreations))
        }
        let started = Set(facts.plan.steps.filter(\.startsDeployment).compactMap(\.service))
        let underWay = Set(facts.plan.standings.filter(isUnderWay).map(\.key))
        let count = underWay.union(started).count + policy.otherInFlight
        // More may be under way already, of an earlier commit or by hand: what takes one of them over adds none.
        let overtaking = started.intersection(policy.newest)
        let window = policy.window(overtaking: !overtaking.isEmpty)
        if !started.isEmpty, count > max(window, underWay.count + policy.otherInFlight) {
            found.append(.tooManyRollouts(count: count, window: window))
        }
        // Among themselves the newest commit's keep to the ramp, and the others begin nothing that goes past it.
        let newest = underWay.union(started).intersection(policy.newest)
        if newest.count > max(policy.window, underWay.intersection(policy.newest).count) {
            found.append(.tooManyRollouts(count: newest.count, window: policy.window))
        }
        return found
    }

    /// Whether ECS is rolling the service out now, or must be taken to do so.
    private func isUnderWay(_ standing: ServiceStanding) -> Bool {
        switch standing.state {
        case .rolling, .rollingBack: return true
        case .changing, .withheld(.waitingForTurn): break
        // Rollouts of what a person holds back are that person's.
        case .synced, .rejected, .overdue, .withheld, .unknown: return false
        }
        guard let live = facts.live(standing.key), live.tag(OwnTag.environment) == facts.policy.identity.text else {
            return false
        }
        return live.primary?.rolloutState == "IN_PROGRESS"
    }
}
