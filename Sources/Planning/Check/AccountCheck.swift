import MooringModel
import MooringNames

/// Whether the plan accounts for every service, truthfully: one standing each, and a reason for all that is left undone.
struct AccountCheck {
    let facts: CheckFacts

    func violations() -> [PlanViolation] {
        onStandings() + onSteps() + onWithheld()
    }

    private func onStandings() -> [PlanViolation] {
        var found: [PlanViolation] = []
        let bad = facts.desired.badServices.map(\.key)
        let wanted = Set(facts.services.keys).union(bad)
        var seen: Set<ServiceKey> = []
        for standing in facts.plan.standings {
            if !seen.insert(standing.key).inserted { found.append(.standingTwice(standing.key)) }
            if !wanted.contains(standing.key) { found.append(.standingWithoutService(standing.key)) }
        }
        let lacking = wanted.filter { !seen.contains($0) && (facts.scope?.contains($0) ?? true) }
        return found + lacking.sorted().map(PlanViolation.serviceWithoutStanding)
    }

    private func onSteps() -> [PlanViolation] {
        var found: [PlanViolation] = []
        for step in facts.plan.steps {
            guard let key = step.writtenService, facts.services[key] != nil else { continue }
            switch facts.standings[key]?.state {
            // A change that is taken back is on its way back already.
            case .changing?, .rollingBack?: continue
            default: found.append(.stepAgainstStanding(step.id))
            }
        }
        let written = Set(facts.plan.steps.compactMap(\.writtenService))
        for standing in facts.plan.standings where standing.state == .changing && !written.contains(standing.key) {
            found.append(.changingWithoutStep(standing.key))
        }
        return found
    }

    private func onWithheld() -> [PlanViolation] {
        var found: [PlanViolation] = []
        let bad = Set(facts.desired.badServices.map(\.key))
        let withheld = Set(facts.plan.withheld.map { Excuse(key: $0.key, reason: $0.reason) })
        for entry in facts.plan.withheld {
            if facts.services[entry.key] == nil, !bad.contains(entry.key) {
                found.append(.withheldWithoutService(entry.key))
            }
            if entry.reason.sentence.isEmpty { found.append(.withheldWithoutReason(entry.key)) }
        }
        for standing in facts.plan.standings {
            guard case .withheld(let reason) = standing.state else { continue }
            if !withheld.contains(Excuse(key: standing.key, reason: reason)) {
                found.append(.withheldWithoutReason(standing.key))
            }
        }
        return found
    }

    private struct Excuse: Hashable {
        let key: ServiceKey
        let reason: Withheld.Reason
    }
}
