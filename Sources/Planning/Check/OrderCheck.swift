import MooringModel
import MooringNames

/// Whether steps stand in an order in which they can be performed, one write a service.
struct OrderCheck {
    let facts: CheckFacts

    func violations() -> [PlanViolation] {
        var found: [PlanViolation] = []
        var before: [StepID: Step] = [:]
        var written: Set<ServiceKey> = []
        for step in facts.plan.steps {
            for prerequisite in step.after where before[prerequisite] == nil {
                found.append(.prerequisiteNotBefore(step.id, prerequisite: prerequisite))
            }
            if case .registered(let digest) = step.revisionReference,
                !step.after.contains(where: { before[$0]?.registeredDigest == digest })
            {
                found.append(.unregistered(step.id, digest))
            }
            if let key = step.writtenService, !written.insert(key).inserted { found.append(.writtenTwice(key)) }
            if before.updateValue(step, forKey: step.id) != nil { found.append(.repeatedStep(step.id)) }
        }
        return found
    }
}

extension Step {
    /// Whether the step is for a one-off task.
    var isRun: Bool {
        if case .run = action { return true }
        return false
    }

    /// The digest of what the step registers, nil for other steps.
    var registeredDigest: Digest? {
        guard case .registerTaskDefinition(_, let digest, _) = action else { return nil }
        return digest
    }
}
