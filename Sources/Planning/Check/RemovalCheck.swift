import MooringModel
import MooringNames
import MooringShapes

/// Whether what a plan deletes may be deleted.
///
/// Either the service is git's and git says `replace`, or it left git: then pruning is on, every file is good, the
/// environment is not empty, everything was looked at, and there are no more than the fuse lets pass.
struct RemovalCheck {
    let facts: CheckFacts

    func violations() -> [PlanViolation] {
        var found: [PlanViolation] = []
        var leaving: Set<ServiceKey> = []
        for step in facts.plan.steps {
            guard let key = step.service else { continue }
            if let service = facts.services[key] {
                if case .deleteService = step.action, !service.options.replace {
                    found.append(.deletesWithoutWord(step.id))
                }
            } else {
                leaving.insert(key)
                found += onLeaving(key, step)
            }
        }
        if let limit = facts.policy.prune?.maximum, leaving.count > limit {
            found.append(.tooManyRemovals(count: leaving.count, limit: limit))
        }
        return found
    }

    private func onLeaving(_ key: ServiceKey, _ step: Step) -> [PlanViolation] {
        let isBad = facts.desired.badServices.contains { $0.key == key }
        guard facts.policy.prune != nil, facts.scope == nil, facts.desired.isComplete, !facts.desired.services.isEmpty,
            !isBad, !facts.policy.protected.contains(key),
            let live = facts.live(key), live.tag(OwnTag.environment) == facts.policy.identity.text
        else { return [.notInGit(step.id)] }
        switch step.action {
        case .updateService(_, let input, nil) where input == ["desiredCount": 0]: return []
        case .scale(_, .deregisterTarget): return []
        case .deleteService:
            let isEmpty = live.desiredCount == 0 && live.runningCount == 0
            return isEmpty || live.described["schedulingStrategy"]?.text == "DAEMON"
                ? [] : [.deletesRunning(step.id)]
        default: return [.notInGit(step.id)]
        }
    }
}
