import MooringModel
import MooringNames
import MooringShapes

/// Whether what a step does to a service's automatic scaling is what git says, and deletes only what git had.
struct ScalingCheck {
    let facts: CheckFacts
    let step: Step
    let service: DesiredService

    private var wanted: ScalingOptions? { service.options.autoscaling }

    func violations(of write: ScalingWrite) -> [PlanViolation] {
        switch write {
        case .registerTarget(let input):
            let differing = (input.members ?? []).map(\.name).filter { name in
                name == "SuspendedState"
                    ? !isSuspension(input[name]) : input[name] != wanted?.target[name]
            }
            return differing.map { .valueNotFromGit(step.id, member: "autoscaling.target.\($0)") }
        case .putPolicy(let name, let input):
            return onPut(input, of: name, in: wanted?.policies, by: "PolicyName", more: ["PolicyType"])
        case .putScheduledAction(let name, let input):
            let actions = wanted?.scheduledActions.map(ScalingForm.scheduledAction)
            return onPut(input, of: name, in: actions, by: "ScheduledActionName", more: [])
        case .deletePolicy(let name):
            return onDeletion(of: name, isWanted: has(name, wanted?.policies, "PolicyName")) {
                has(name, $0.policies, "PolicyName")
            }
        case .deleteScheduledAction(let name):
            // One that is put again at once is made anew.
            let isPut = facts.plan.steps.contains { other in
                guard case .scale(service.key, .putScheduledAction(name, _)) = other.action else { return false }
                return other.after.contains(step.id)
            }
            if isPut { return [] }
            return onDeletion(of: name, isWanted: has(name, wanted?.scheduledActions, "ScheduledActionName")) {
                has(name, $0.scheduledActions, "ScheduledActionName")
            }
        case .deregisterTarget: return onDeregistration()
        }
    }

    /// What git says of each flag; of one it does not name, what it is now or that it is off.
    private func isSuspension(_ value: Value?) -> Bool {
        (value?.members ?? []).allSatisfy { flag in
            if let said = wanted?.target["SuspendedState"]?[flag.name] { return said == flag.value }
            return flag.value.boolean == false || flag.value == live?.target?["SuspendedState"]?[flag.name]
        }
    }

    private func onPut(
        _ input: Value, of name: String, in list: [Value]?, by member: String, more: Set<String>,
    ) -> [PlanViolation] {
        guard let said = list?.first(where: { $0[member]?.text == name }) else {
            return [.valueNotFromGit(step.id, member: "autoscaling[\(name)]")]
        }
        let sent = (input.members ?? []).map(\.name)
        let lacking = (said.members ?? []).map(\.name).filter { input[$0] == nil }
        let others = sent.filter { said[$0] != input[$0] && !(said[$0] == nil && more.contains($0)) }
        return (others + lacking).map { .valueNotFromGit(step.id, member: "autoscaling[\(name)].\($0)") }
    }

    private func onDeletion(
        of name: String, isWanted: Bool, isIn: (ScalingOptions) -> Bool,
    ) -> [PlanViolation] {
        !isWanted && facts.earlierScaling(of: service.key).contains(where: isIn)
            ? [] : [.deletesForeignScaling(step.id, name: name)]
    }

    private func onDeregistration() -> [PlanViolation] {
        let earlier = facts.earlierScaling(of: service.key)
        if wanted != nil || earlier.isEmpty { return [.deletesForeignScaling(step.id, name: "the scalable target")] }
        let policies = (live?.policies ?? []).compactMap { $0["PolicyName"]?.text }
            .filter { name in !earlier.contains { has(name, $0.policies, "PolicyName") } }
        let actions = (live?.scheduledActions ?? []).compactMap { $0["ScheduledActionName"]?.text }
            .filter { name in !earlier.contains { has(name, $0.scheduledActions, "ScheduledActionName") } }
        return (policies + actions).map { .deletesForeignScaling(step.id, name: $0) }
    }

    private var live: ObservedScaling? {
        guard case .known(let live) = facts.observed.scaling[service.key] else { return nil }
        return live
    }

    private func has(_ name: String, _ list: [Value]?, _ member: String) -> Bool {
        (list ?? []).contains { $0[member]?.text == name }
    }
}

extension CheckFacts {
    /// What earlier versions of a service said of its scaling, from the commit on that the service's tag names.
    func earlierScaling(of key: ServiceKey) -> [ScalingOptions] {
        guard let versions = observed.versions[key], versions.since.text == live(key)?.tag(OwnTag.commit),
            case .known(let known) = versions.reading
        else { return [] }
        var options = known.compactMap { $0.service?.options.autoscaling }
        if case .known(let folder) = observed.folders[versions.since] {
            options += folder.services.filter { $0.key == key }.compactMap(\.options.autoscaling)
        }
        return options
    }
}
