import MooringModel
import MooringNames
import MooringShapes

/// Whether revisions are registered once, from git, and only where none can be used; and used where they belong.
struct RevisionCheck {
    let facts: CheckFacts

    func violations() -> [PlanViolation] {
        onRegistrations() + facts.plan.steps.flatMap(onUse)
    }

    private func onRegistrations() -> [PlanViolation] {
        var found: [PlanViolation] = []
        var families: Set<Family> = []
        let used = Set(facts.plan.steps.compactMap(\.revisionReference))
        let known = knownRevisions()
        for step in facts.plan.steps {
            guard case .registerTaskDefinition(let family, let digest, let input) = step.action else { continue }
            if !families.insert(family).inserted { found.append(.registeredTwice(family)) }
            if !used.contains(.registered(digest)) { found.append(.registeredForNothing(step.id)) }
            if let wanted = facts.families[family], !isContent(input, digest, of: wanted) {
                found.append(.contentNotFromGit(step.id))
            }
            for revision in known[family] ?? [] where revision.isActive {
                let isFromThis = revision.tags.contains {
                    $0["key"]?.text == OwnTag.digest && $0["value"]?.text == digest.text
                }
                let differences = TaskDefinitionDifference.changes(
                    wanted: input, live: revision.described, isRegisteredFromWanted: isFromThis)
                if differences.isEmpty { found.append(.registeredAlready(step.id, revision.arn.revision)) }
            }
        }
        return found
    }

    private func isContent(_ input: Value, _ digest: Digest, of wanted: DesiredTaskDefinition) -> Bool {
        let family = wanted.family
        var (sent, wanted) = (input, wanted.input)
        sent["tags"] = nil
        wanted["tags"] = nil
        // Members that a manifest ignores are sent as ECS has them; all others as git has them.
        let users = facts.services.values.filter { $0.taskDefinition == .family(family) }
        let ignored = IgnoredMembers(paths: users.flatMap(\.options.ignore))
        if !ignored.isEmpty {
            return TaskDefinitionDifference.changes(wanted: wanted, live: sent).allSatisfy(ignored.covers)
        }
        return sent == wanted && TaskDefinitionDigest.digest(of: input) == digest
    }

    /// Every revision whose content was read, of the families that are registered, in the order of their numbers.
    private func knownRevisions() -> [Family: [ObservedTaskDefinition]] {
        let families = Set(
            facts.plan.steps.compactMap { step -> Family? in
                guard case .registerTaskDefinition(let family, _, _) = step.action else { return nil }
                return family
            })
        guard !families.isEmpty else { return [:] }
        var known: [TaskDefinitionARN: ObservedTaskDefinition] = [:]
        for (arn, reading) in facts.observed.taskDefinitions where families.contains(arn.revision.family) {
            if case .known(let revision) = reading { known[arn] = revision }
        }
        for family in families {
            if case .known(let newest) = facts.observed.newestRevisions[family] { known[newest.arn] = newest }
        }
        let sorted = known.values.sorted { $0.arn.revision < $1.arn.revision }
        return Dictionary(grouping: sorted) { $0.arn.revision.family }
    }

    private func onUse(_ step: Step) -> [PlanViolation] {
        guard let key = step.writtenService, let service = facts.services[key] else { return [] }
        switch (service.taskDefinition, step.revisionReference) {
        case (.family(let family), .existing(let arn)):
            if arn.revision.family != family { return [.wrongRevision(step.id, arn.revision)] }
            if case .known(let revision) = facts.observed.taskDefinitions[arn], !revision.isActive {
                return [.inactiveRevision(step.id, arn.revision)]
            }
            return []
        case (.family(let family), .registered(let digest)):
            let isOfFamily = facts.plan.steps.contains { other in
                guard case .registerTaskDefinition(family, digest, _) = other.action else { return false }
                return true
            }
            return isOfFamily ? [] : [.wrongRevision(step.id, nil)]
        case (.pinned(let text), .existing(let arn)):
            return arn.text == text || arn.revision.description == text ? [] : [.wrongRevision(step.id, arn.revision)]
        case (.pinned, .registered): return [.wrongRevision(step.id, nil)]
        case (nil, .existing(let arn)): return [.wrongRevision(step.id, arn.revision)]
        case (nil, .registered): return [.wrongRevision(step.id, nil)]
        case (nil, nil): return []
        // An update may leave the revision alone, a creation may not.
        case (.family, nil), (.pinned, nil):
            if case .createService = step.action { return [.wrongRevision(step.id, nil)] }
            return []
        }
    }
}
