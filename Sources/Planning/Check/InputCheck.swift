import MooringModel
import MooringNames
import MooringShapes

/// Whether what a step sends is what git says, and what ECS takes.
struct InputCheck {
    let facts: CheckFacts
    let step: Step

    func violations() -> [PlanViolation] {
        if case .run(let node, let digest, let write) = step.action {
            return RunCheck(facts: facts, step: step, node: node, digest: digest).violations(of: write)
        }
        guard let key = step.service, let service = facts.services[key] else { return [] }
        switch step.action {
        case .registerTaskDefinition, .run, .deleteService, .continueDeployment: return []
        case .createService(_, let input, _): return onCreation(of: service, input)
        case .updateService(_, let input, let reference): return onUpdate(of: service, input, reference)
        case .tagService(_, _, let tags): return onTags(tags, of: service)
        case .untagService(_, _, let keys): return onRemovedTags(keys, of: service)
        case .scale(_, let write): return ScalingCheck(facts: facts, step: step, service: service).violations(of: write)
        }
    }

    // MARK: Creation

    /// Members of a manifest that a creation does not repeat: the step carries address and revision beside its input, and
    /// tags are more than git says.
    private static let besideInput: Set<String> = ["cluster", "serviceName", "taskDefinition", "tags"]

    private func onCreation(of service: DesiredService, _ input: Value) -> [PlanViolation] {
        var found: [PlanViolation] = []
        let sent = (input.members ?? []).map(\.name)
        let wanted = (service.input.members ?? []).map(\.name)
        let isDaemon = service.input["schedulingStrategy"]?.text == "DAEMON"
        if isDaemon, input["desiredCount"] != nil { found.append(.countOfDaemon(step.id)) }
        for member in sent where !InputCheck.besideInput.contains(member) {
            if member == "desiredCount", service.input[member] == nil, isLeastCount(input[member], of: service) {
                continue
            }
            if input[member] != service.input[member] { found.append(.valueNotFromGit(step.id, member: member)) }
        }
        if input["taskDefinition"] != nil { found.append(.valueNotFromGit(step.id, member: "taskDefinition")) }
        for member in wanted where !InputCheck.besideInput.contains(member) && input[member] == nil {
            if isDaemon, member == "desiredCount" { continue }
            found.append(.valueNotFromGit(step.id, member: member))
        }
        return found + onTags(step.writtenTags, of: service)
    }

    /// A service that git scales automatically begins with the least count. Source: DESIGN section 4, Update.
    private func isLeastCount(_ count: Value?, of service: DesiredService) -> Bool {
        count?.integer != nil && count?.integer == service.options.autoscaling?.target["MinCapacity"]?.integer
    }

    // MARK: Update

    private func onUpdate(
        of service: DesiredService, _ input: Value, _ reference: RevisionReference?,
    ) -> [PlanViolation] {
        var found: [PlanViolation] = []
        let members = input.members ?? []
        if members.isEmpty, reference == nil { found.append(.emptyUpdate(step.id)) }
        for member in members {
            if !isUpdatable(member.name) {
                found.append(.memberNotUpdatable(step.id, member: member.name))
            } else if member.name != "forceNewDeployment", !isFromGit(member, of: service),
                !holdsIgnored(member.name, of: service)
            {
                found.append(.valueNotFromGit(step.id, member: member.name))
            }
        }
        return found + onCount(of: service, input) + onForce(of: service, input)
    }

    /// Members that the table does not know pass: AWS may have added them, and `isFromGit` asks whether git has them.
    private func isUpdatable(_ member: String) -> Bool {
        // The revision stands beside the input, and UpdateService takes no token: a repeated call changes nothing more.
        if member == "taskDefinition" || member == "clientToken" { return false }
        return switch ServiceMembers.entry(of: member)?.effect {
        case .createOnly, .address, .newRevision, .nextRevision: false
        case .atOnce, .nextTasks, .startsDeployment, .refusedWithoutForce, .steersCall, nil: true
        }
    }

    /// A member is sent as git has it; or, where git had it before and no longer does, as it is where nobody ever set it.
    private func isFromGit(_ member: Value.Member, of service: DesiredService) -> Bool {
        let daemons = [service.input, facts.live(service.key)?.described]
        let isDaemon = daemons.contains { $0?["schedulingStrategy"]?.text == "DAEMON" }
        return isFromGit(
            member.value, wanted: service.input[member.name], at: [member.name],
            earlier: facts.earlierInputs(of: service.key), isDaemon: isDaemon)
    }

    private func isFromGit(
        _ value: Value, wanted: Value?, at names: [String], earlier: [Value], isDaemon: Bool,
    ) -> Bool {
        if value == wanted { return true }
        if wanted == nil, ServiceMembers.unsetting(at: names, isDaemon: isDaemon) == .send(value) {
            return earlier.contains { $0[path: names] != nil }
        }
        guard let members = value.members, !members.isEmpty, wanted == nil || wanted?.members != nil else {
            return false
        }
        // Nothing that git has is left out, and what is more is what git had.
        return (wanted?.members ?? []).allSatisfy { value[$0.name] == $0.value || value[$0.name]?.members != nil }
            && members.allSatisfy { member in
                isFromGit(
                    member.value, wanted: wanted?[member.name], at: names + [member.name], earlier: earlier,
                    isDaemon: isDaemon)
            }
    }

    /// Whether a part of the member is ECS's to say, so that what is sent is not all git's.
    private func holdsIgnored(_ member: String, of service: DesiredService) -> Bool {
        service.options.ignore.contains { MemberPath($0).components.first?.name == member }
    }

    private func onCount(of service: DesiredService, _ input: Value) -> [PlanViolation] {
        guard input["desiredCount"] != nil else { return [] }
        let live = facts.live(service.key)
        let isDaemon = [service.input, live?.described].contains { $0?["schedulingStrategy"]?.text == "DAEMON" }
        if isDaemon { return [.countOfDaemon(step.id)] }
        return facts.observed.scalableTargets[service.key] == .missing ? [] : [.countOfScaled(step.id)]
    }

    private func onForce(of service: DesiredService, _ input: Value) -> [PlanViolation] {
        let needing = (input.members ?? []).map(\.name).filter(ServiceMembers.needsForce)
        if input["forceNewDeployment"]?.boolean != true {
            return needing.map { .forceMissing(step.id, member: $0) }
        }
        let isAskedFor = !needing.isEmpty || service.options.redeploy != nil || isForgiven(service.key)
        return isAskedFor ? [] : [.forcedWithoutWord(step.id)]
    }

    /// Whether a person said that what failed may be tried again.
    private func isForgiven(_ key: ServiceKey) -> Bool {
        guard let live = facts.live(key), case .known(let records) = facts.observed.records[key] else { return false }
        return records.first?.isForgiven(by: live) ?? false
    }

    // MARK: Tags

    /// Only what git gave and gives no longer, and never AWS's or our own.
    private func onRemovedTags(_ keys: [String], of service: DesiredService) -> [PlanViolation] {
        func names(_ input: Value) -> [String] { (input["tags"]?.elements ?? []).compactMap { $0["key"]?.text } }
        let given = Set(facts.earlierInputs(of: service.key).flatMap(names))
        let wanted = Set(names(service.input))
        // What is remembered of a rejection ends when something else is reached.
        return keys.filter { ![OwnTag.rejected, OwnTag.retry].contains($0) }.filter { key in
            !given.contains(key) || wanted.contains(key) || key.hasPrefix(OwnTag.prefix)
                || key.lowercased().hasPrefix("aws:")
        }
        .map { .untagsForeign(step.id, key: $0) }
    }

    private func onTags(_ tags: [Tag], of service: DesiredService) -> [PlanViolation] {
        let wanted = (service.input["tags"]?.elements ?? []).map { Tag($0["key"]?.text ?? "", $0["value"]?.text ?? "") }
        return tags.filter { !$0.isOurs && !wanted.contains($0) }
            .map { .valueNotFromGit(step.id, member: "tags[\($0.key)]") }
    }
}
