package import MooringModel
package import MooringNames
import MooringShapes

/// What is to be done about the automatic scaling of one service.
package struct ScalingDecision: Hashable, Sendable {
    /// What must be known first. Nothing else is decided then.
    package var needs: [Fact] = []
    /// Why what must be known cannot be read.
    package var unreadable: Unreadable?
    /// In the order in which they are performed.
    package var steps: [Step] = []
    /// What there is to say beside them.
    package var remarks: [Remark.Kind] = []

    /// All that differs.
    package var changes: [MemberChange] { steps.flatMap(\.changes) }
    /// Whether Application Auto Scaling holds all that git says, and nothing that git took away.
    package var isReached: Bool { needs.isEmpty && unreadable == nil && steps.isEmpty }
}

/// Compares what git says of a service's automatic scaling with what Application Auto Scaling holds.
///
/// Only for services that exist: a target cannot be registered before. Band and policies need no place in the order of an
/// update: our updates send no count while a target exists, a registration itself moves a count that lies outside of its
/// band, and nothing is scaled in while a deployment is in progress (Developer Guide, "Automatically scale your Amazon ECS
/// service", considerations). So a band is raised or lowered whenever it differs, before, after or during a rollout.
package enum ScalingPlanner {
    /// - Parameters:
    ///   - desired: what git says, nil where it says nothing.
    ///   - before: what git said when the service was last reached, and since; nil where it said nothing or nobody knows.
    ///     What is in it and not in `desired` is deleted. What is in neither belongs to others and stays.
    ///   - now: for scheduled actions that lie in the past.
    package static func decide(
        _ key: ServiceKey, desired: ScalingOptions?, before: ScalingOptions?, observed: Observed, now: Timestamp,
    ) -> ScalingDecision {
        if desired == nil, before == nil { return ScalingDecision() }
        switch observed.scaling[key] {
        case nil: return ScalingDecision(needs: [.scaling(key)])
        case .unreadable(let why): return ScalingDecision(unreadable: why)
        case .missing:
            return ScalingComparison(
                key: key, desired: desired, before: before, live: ObservedScaling(target: nil), now: now
            ).decision()
        case .known(let live):
            return ScalingComparison(key: key, desired: desired, before: before, live: live, now: now).decision()
        }
    }
}

/// The two sides of one service's automatic scaling.
private struct ScalingComparison {
    let key: ServiceKey
    let desired: ScalingOptions?
    let before: ScalingOptions?
    let live: ObservedScaling
    let now: Timestamp

    func decision() -> ScalingDecision {
        var decision = ScalingDecision()
        // What is taken away goes first: of two policies that track one predefined metric the second is refused, and a
        // renamed policy is just that. Source: World+Scaling of the local ECS, from public reports.
        let deletions = deletions()
        let registration = registration()
        let before = [registration].compactMap { $0?.id }
        decision.steps = [registration].compactMap { $0 } + deletions
        let after = before + deletions.map(\.id)
        decision.steps += policies(after: after) + scheduledActions(after: after, remarks: &decision.remarks)
        deregister(&decision)
        return decision
    }

    private func step(
        _ verb: String, _ write: ScalingWrite, _ reason: String, _ changes: [MemberChange], after: [StepID] = [],
    ) -> Step {
        Step(
            id: StepID("\(verb) \(key)"), action: .scale(key: key, write), reason: reason + changes.originSentence,
            changes: changes, after: after)
    }

    // MARK: Target

    private func registration() -> Step? {
        guard let desired else { return nil }
        guard let target = live.target else {
            let change = MemberChange(
                path: "autoscaling.target", live: nil, wanted: desired.target,
                origin: origin(before?.target, desired.target, at: "", by: ScalingRules.target))
            return step(
                "register scalable target of", .registerTarget(input: desired.target),
                "The service is not registered with Application Auto Scaling.", [change])
        }
        let found = targetChanges(wanted: desired.target, live: target)
        guard !found.isEmpty else { return nil }
        var input = desired.target
        // Taken at registration only. Source: API reference, RegisterScalableTarget `Tags`.
        input["Tags"] = nil
        input["SuspendedState"] = suspension(wanted: desired.target, live: target)
        return step(
            "register scalable target of", .registerTarget(input: input), "The scalable target differs from git.", found
        )
    }

    private func targetChanges(wanted: Value, live target: Value) -> [MemberChange] {
        let scheduled = ScalingForm.bounds(of: (desired?.scheduledActions ?? []) + foreignActions)
        let wanted = ScalingForm.target(wanted)
        return Comparison(.declared, wanted: wanted, live: target, countsUnshown: false)
            .changes(
                wanted: wanted, live: target, before: (before?.target).map(ScalingForm.target), by: ScalingRules.target
            )
            .map { change in
                change.origin == .removed
                    ? change
                    : change.made(by: origin(before?.target, wanted, at: change.path, by: ScalingRules.target))
            }
            .filter { change in
                guard change.path == "MinCapacity" || change.path == "MaxCapacity" else { return true }
                // A bound cannot be taken back, it can only be changed.
                if change.wanted == nil { return false }
                // Scheduled actions move the bounds of the target itself: what one of them set is as git says, unless git
                // changed the target's own bound since.
                return change.origin == .git || !(change.live?.integer.map(scheduled.contains) ?? false)
            }
            .map {
                MemberChange(path: "autoscaling.target.\($0.path)", live: $0.live, wanted: $0.wanted, origin: $0.origin)
            }
    }

    /// Those that git never had.
    private var foreignActions: [Value] {
        let own = Set(
            [desired, before].compactMap { $0 }.flatMap(\.scheduledActions).compactMap {
                $0["ScheduledActionName"]?.text
            })
        return live.scheduledActions.filter { !own.contains($0["ScheduledActionName"]?.text ?? "") }
    }

    /// All three flags, those that git leaves open as they are: whether a call keeps what it does not name is not said.
    private func suspension(wanted: Value, live: Value) -> Value? {
        let declared = wanted["SuspendedState"]
        let earlier = before?.target["SuspendedState"]
        if declared == nil, earlier == nil { return nil }
        let names = ["DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"]
        return .map(
            names.map { name in
                let kept = earlier?[name] == nil ? live["SuspendedState"]?[name] : nil
                return (name, declared?[name] ?? kept ?? false)
            })
    }

    // MARK: Policies and scheduled actions

    private func policies(after: [StepID]) -> [Step] {
        (desired?.policies ?? []).compactMap { policy -> Step? in
            guard let name = policy["PolicyName"]?.text else { return nil }
            let wanted = ScalingForm.policy(policy)
            let earlier = ScalingComparison.named(name, in: before?.policies, by: "PolicyName").map(ScalingForm.policy)
            let changes = changes(
                wanted: wanted, live: live.policy(name), earlier: earlier, at: "autoscaling.policies[\(name)]",
                by: ScalingRules.policy)
            guard !changes.isEmpty else { return nil }
            return step(
                "put scaling policy \(name) of", .putPolicy(name: name, input: wanted),
                live.policy(name) == nil
                    ? "The scaling policy does not exist." : "The scaling policy differs from git.",
                changes, after: after)
        }
    }

    private func scheduledActions(after: [StepID], remarks: inout [Remark.Kind]) -> [Step] {
        var steps: [Step] = []
        var over: [String] = []
        for action in desired?.scheduledActions ?? [] {
            guard let name = action["ScheduledActionName"]?.text else { continue }
            let wanted = ScalingForm.scheduledAction(action)
            let earlier = ScalingComparison.named(name, in: before?.scheduledActions, by: "ScheduledActionName")
            let shown = live.scheduledAction(name).map(ScalingForm.scheduledAction)
            let changes = changes(
                wanted: wanted, live: shown, earlier: earlier.map(ScalingForm.scheduledAction),
                at: "autoscaling.scheduledActions[\(name)]", by: ScalingRules.scheduledAction)
            guard !changes.isEmpty else { continue }
            if ScalingForm.isOver(wanted, at: now) {
                over.append(name)
                continue
            }
            var after = after
            if let shown, ScalingForm.keepsUnsent(wanted: wanted, live: shown) {
                let deletion = step(
                    "delete scheduled action \(name) of", .deleteScheduledAction(name: name),
                    "It is made anew: a change alone would keep what git no longer says.", [], after: after)
                steps.append(deletion)
                after.append(deletion.id)
            }
            steps.append(
                step(
                    "put scheduled action \(name) of", .putScheduledAction(name: name, input: wanted),
                    shown == nil ? "The scheduled action does not exist." : "The scheduled action differs from git.",
                    changes, after: after))
        }
        if !over.isEmpty { remarks.append(.scheduleOver(names: over)) }
        return steps
    }

    private func changes(
        wanted: Value, live: Value?, earlier: Value?, at path: String, by rules: [String: Rule],
    ) -> [MemberChange] {
        guard let live else {
            return [
                MemberChange(
                    path: path, live: nil, wanted: wanted, origin: origin(earlier, wanted, at: "", by: rules))
            ]
        }
        return differences(wanted: wanted, live: live, by: rules).map { change in
            let origin = origin(earlier, wanted, at: change.path, by: rules)
            return MemberChange(
                path: "\(path).\(change.path)", live: change.live, wanted: change.wanted,
                origin: origin == .git && change.wanted == nil ? .removed : origin)
        }
    }

    private func differences(wanted: Value, live: Value, by rules: [String: Rule]) -> [MemberChange] {
        // What the tables do not know and the API does not show may be a name that it ignores: it is sent, not counted.
        Comparison(.whole, wanted: wanted, live: live, countsUnshown: false)
            .changes(wanted: wanted, live: live, by: rules)
    }

    /// Who made a difference at `path`, an empty one meaning the whole.
    private func origin(
        _ earlier: Value?, _ wanted: Value, at path: String, by rules: [String: Rule],
    ) -> MemberChange.Origin {
        guard before != nil else { return .unknown }
        guard let earlier else { return .git }
        let changedInGit = differences(wanted: wanted, live: earlier, by: rules)
        let isByGit = changedInGit.contains { path.isEmpty || MemberPath.overlap($0.path, path) }
        return isByGit ? .git : .drift
    }

    private static func named(_ name: String, in list: [Value]?, by member: String) -> Value? {
        list?.first { $0[member]?.text == name }
    }

    // MARK: What git took away

    private func deletions() -> [Step] {
        func names(_ list: [Value]?, _ member: String) -> Set<String> {
            Set((list ?? []).compactMap { $0[member]?.text })
        }
        let policies = names(before?.policies, "PolicyName").subtracting(names(desired?.policies, "PolicyName"))
        let actions = names(before?.scheduledActions, "ScheduledActionName")
            .subtracting(names(desired?.scheduledActions, "ScheduledActionName"))
        return policies.sorted().compactMap { name in
            guard let shown = live.policy(name) else { return nil }
            let change = MemberChange(
                path: "autoscaling.policies[\(name)]", live: ScalingComparison.sent(shown, ScalingRules.policy),
                wanted: nil, origin: .removed)
            return step(
                "delete scaling policy \(name) of", .deletePolicy(name: name), "Git no longer has the scaling policy.",
                [change])
        }
            + actions.sorted().compactMap { name in
                guard let shown = live.scheduledAction(name) else { return nil }
                let change = MemberChange(
                    path: "autoscaling.scheduledActions[\(name)]",
                    live: ScalingComparison.sent(shown, ScalingRules.scheduledAction), wanted: nil, origin: .removed)
                return step(
                    "delete scheduled action \(name) of", .deleteScheduledAction(name: name),
                    "Git no longer has the scheduled action.", [change])
            }
    }

    /// The members of an answer that an input may have.
    private static func sent(_ shown: Value, _ rules: [String: Rule]) -> Value {
        Value(.map((shown.members ?? []).filter { rules[$0.name] != nil }))
    }

    /// A target goes when git took it away and nothing of others hangs on it, which would be deleted with it.
    ///
    /// Source: API reference, DeregisterScalableTarget: "Deregistering a scalable target deletes the scaling policies that
    /// are associated with it"; scheduled actions go too.
    private func deregister(_ decision: inout ScalingDecision) {
        guard desired == nil, let before, let target = live.target else { return }
        func others(_ shown: [Value], _ own: [Value], _ member: String) -> [String] {
            let own = Set(own.compactMap { $0[member]?.text })
            return shown.compactMap { $0[member]?.text }.filter { !own.contains($0) }.sorted()
        }
        let foreign =
            others(live.policies, before.policies, "PolicyName")
            + others(live.scheduledActions, before.scheduledActions, "ScheduledActionName")
        guard foreign.isEmpty else {
            decision.remarks.append(.scalableTargetKept(names: foreign))
            return
        }
        let change = MemberChange(
            path: "autoscaling.target", live: ScalingComparison.sent(target, ScalingRules.target), wanted: nil,
            origin: .removed)
        decision.steps.append(
            step(
                "deregister scalable target of", .deregisterTarget, "Git no longer scales the service automatically.",
                [change], after: decision.steps.map(\.id)))
    }
}
