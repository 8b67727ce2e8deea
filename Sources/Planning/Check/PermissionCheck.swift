import MooringModel
import MooringNames
import MooringShapes

/// Whether a step may be there at all: settings, account, cluster, pause, and whose the service is.
struct PermissionCheck {
    let facts: CheckFacts
    let step: Step

    func violations() -> [PlanViolation] {
        onEnvironment() + onService() + onTags()
    }

    private func onEnvironment() -> [PlanViolation] {
        let policy = facts.policy
        var found: [PlanViolation] = []
        if !policy.act { found.append(.writesWhileObserving(step.id)) }
        if policy.callerAccount != policy.account {
            found.append(
                .writesToOtherAccount(step.id, expected: policy.account, actual: policy.callerAccount))
        }
        // How far a run is must be noted while ECS still shows it, whatever holds everything else.
        if let why = facts.pause, !step.isRun { found.append(.writesWhilePaused(step.id, why: why)) }
        if case .registerTaskDefinition(let family, _, _) = step.action, facts.families[family] == nil {
            found.append(.notInGit(step.id))
        }
        return found
    }

    private func onService() -> [PlanViolation] {
        // What left git is looked at by the check of removals.
        guard let key = step.service, let service = facts.services[key] else { return [] }
        var found: [PlanViolation] = []
        let clusters = facts.policy.clusters
        if !clusters.isEmpty, !clusters.contains(key.cluster) {
            found.append(.writesToForeignCluster(step.id, key.cluster))
        }
        if service.unresolved != nil { found.append(.writesUnresolved(step.id)) }
        if facts.pause == nil, let why = pause(of: service) { found.append(.writesWhilePaused(step.id, why: why)) }
        if case .createService = step.action {
            return found + (facts.isMissing(key) ? [] : [.createsOverExisting(step.id)])
        }
        guard let live = facts.live(key) else { return found + [.changesUnseen(step.id)] }
        if let why = obstacle(of: live) { found.append(.notChangeable(step.id, why: why)) }
        return found + onOwner(of: live, service: service)
    }

    /// Why this service is left alone, apart from its environment.
    private func pause(of service: DesiredService) -> String? {
        if let why = service.options.pause { return why }
        if let window = service.options.holds.first(where: { $0.holds(at: facts.policy.wall) }) { return window.reason }
        guard let tag = facts.live(service.key)?.tag(PauseTag.key) else { return nil }
        let window = PauseTag.window(tag, source: .serviceTag, subject: "").window
        return window.holds(at: facts.policy.wall) ? tag : nil
    }

    private func onOwner(of live: ObservedService, service: DesiredService) -> [PlanViolation] {
        var found: [PlanViolation] = []
        let owner = live.tag(OwnTag.environment)
        if let owner, owner != facts.policy.identity.text { found.append(.ownedByEnvironment(step.id, owner)) }
        if let stack = live.tag("aws:cloudformation:stack-name"), !service.options.shared {
            found.append(.ownedByCloudFormation(step.id, stack: stack))
        }
        let mayAdopt = service.options.adopt || facts.policy.adopt || facts.desired.settings.adopt
        if owner == nil, !mayAdopt { found.append(.notAdopted(step.id)) }
        if owner == nil, case .updateService(let key, _, _) = step.action, !isMarkedBefore(key) {
            found.append(.changedBeforeMarked(step.id))
        }
        switch step.action {
        case .tagService(_, let arn, _), .untagService(_, let arn, _):
            if arn.isEmpty || arn != live.arn { found.append(.wrongResource(step.id, arn: arn)) }
        case .registerTaskDefinition, .createService, .updateService, .deleteService, .continueDeployment, .scale, .run:
            break
        }
        return found
    }

    /// Why nobody may change the service by UpdateService and TagResource.
    private func obstacle(of live: ObservedService) -> String? {
        if live.status == "DRAINING" { return "it is being deleted" }
        if live.described["resourceManagementType"]?.text == "ECS" { return "ECS itself manages it" }
        if live.deploymentController != "ECS" { return "\(live.deploymentController) makes its deployments" }
        // `service/web` is the old form; the one that takes tags has the cluster in it.
        let parts = (try? ARN(live.arn))?.resource.split(separator: "/") ?? []
        return parts.count == 3 ? nil : "its ARN is of the form that takes no tags"
    }

    /// Whether a step that this one waits for puts our tag on the service.
    private func isMarkedBefore(_ key: ServiceKey) -> Bool {
        step.after.contains { facts.marks[$0] == key }
    }

    private func onTags() -> [PlanViolation] {
        let tags = step.writtenTags
        var found: [PlanViolation] = []
        var seen: Set<String> = []
        for tag in tags where !seen.insert(tag.key).inserted {
            found.append(.repeatedTag(step.id, key: tag.key))
        }
        let owners = tags.filter { $0.key == OwnTag.environment }
        for owner in owners where owner.value != facts.policy.identity.text {
            found.append(.foreignMark(step.id, owner.value))
        }
        switch step.action {
        case .registerTaskDefinition, .createService: if owners.isEmpty { found.append(.unmarked(step.id)) }
        case .updateService, .tagService, .untagService, .deleteService, .continueDeployment, .scale, .run: break
        }
        return found
    }
}
