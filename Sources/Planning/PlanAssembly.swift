import MooringModel
import MooringNames
import MooringRollouts
import MooringShapes

/// Weighs the decisions about single services against each other and makes steps of them.
struct PlanAssembly {
    let policy: PlanningPolicy
    let observed: Observed
    let order: OrderVerdicts

    /// Adds what is decided about services to the plan.
    ///
    /// - Parameters:
    ///   - registered: the registrations that are in the plan.
    /// - Returns: what has to be read again before its writes.
    func add(_ decisions: [ServiceDecision], to plan: inout Plan, registered: inout Set<StepID>) -> [Fact] {
        var decisions = decisions.map(guarded)
        let creations = decisions.count { $0.write?.isCreation == true }
        var window = RolloutWindow(decisions, observed: observed, policy: policy)
        var needs: [Fact] = []
        for index in turns(of: decisions) {
            var decision = decisions[index]
            let key = decision.standing.key
            if decision.write != nil {
                if let reason = objection(to: decision, creations: creations, window: window) {
                    if let waiting = decision.waiting(because: reason) { plan.backlog.append(waiting) }
                    decision = decision.withheld(reason, later: reason.isMereOrder ? later(of: decision) : [])
                } else if case .unreadable(let unreadable) = observed.clusters[key.cluster], unreadable.isPassing {
                    // Whether its cluster is paused is not known.
                    decision = decision.held(unreadable.why)
                } else if case let facts = missingFacts(for: decision), !facts.isEmpty {
                    needs += facts
                    if decision.write?.startsRollout == true { window.enter(key) }
                    decision = decision.held("to be read again before it is changed")
                } else if decision.write?.startsRollout == true {
                    window.enter(key)
                }
            }
            decisions[index] = decision
        }
        plan.backlog.sort { $0.key < $1.key }
        for decision in decisions {
            plan.standings.append(decision.standing)
            plan.withheld += decision.withheld
            plan.remarks += decision.remarks
            plan.steps += steps(of: decision, registered: &registered) + decision.scaling
        }
        return needs
    }

    /// In which order decisions are weighed: what the newest commit touches comes before what others left waiting.
    private func turns(of decisions: [ServiceDecision]) -> [Int] {
        let isNewest = decisions.map { policy.newest.contains($0.standing.key) }
        return decisions.indices.filter { isNewest[$0] } + decisions.indices.filter { !isNewest[$0] }
    }

    /// What has to be known before anything is written to the service: how it is now, what its family's newest revision is, and
    /// whether its cluster is paused.
    private func missingFacts(for decision: ServiceDecision) -> [Fact] {
        let key = decision.standing.key
        var facts: [Fact] = []
        if observed.stale.contains(key) { facts.append(.service(key)) }
        if let family = decision.write?.family, observed.staleFamilies.contains(family) {
            facts.append(.newestRevision(family))
        }
        if observed.clusters[key.cluster] == nil { facts.append(.cluster(key.cluster)) }
        return facts
    }

    /// Reasons that hold for every service alike.
    private func guarded(_ decision: ServiceDecision) -> ServiceDecision {
        var decision = decision
        let key = decision.standing.key
        // A service at rest is not as git says while its scaling is not.
        let lacksScaling = decision.standing.state == .synced && !decision.scaling.isEmpty
        let isIdle = decision.write == nil && !lacksScaling
        if let reason = objectionToAnyWrite {
            // What another account holds says nothing about this environment, equal or not.
            if case .wrongAccount = reason, decision.needs.isEmpty { return decision.withheld(reason) }
            if !isIdle { return decision.withheld(reason) }
            decision.dropTags()
            return decision
        }
        if let until = observed.holds[key], policy.uptime < until {
            if !isIdle {
                return decision.held("waiting until ECS's answers can be believed, or until a retry is due")
            }
            decision.dropTags()
            return decision
        }
        if let refusal = observed.refusals[key], refusal.digest == decision.standing.digest {
            if !isIdle { return decision.withheld(.refused(refusal.why)) }
            decision.dropTags()
            return decision
        }
        return decision
    }

    private var objectionToAnyWrite: Withheld.Reason? {
        guard let caller = policy.callerAccount else {
            return .unreadable("It is not known which account the credentials belong to. Nothing is written.")
        }
        if caller != policy.account {
            return .wrongAccount(expected: policy.account.text, actual: caller.text)
        }
        return policy.act ? nil : .observing
    }

    private func objection(
        to decision: ServiceDecision, creations: Int, window: RolloutWindow,
    ) -> Withheld.Reason? {
        if decision.write?.isCreation == true, creations > policy.maximumCreations {
            return .creationFuse(count: creations, limit: policy.maximumCreations)
        }
        let key = decision.standing.key
        if decision.write?.isReturn == true { return nil }
        if policy.failures.count >= policy.maximumFailures { return .stoppedAfterFailures(policy.failures) }
        if policy.stopped.contains(key) { return .stoppedAfterFailures(policy.stoppedBy) }
        if let reason = order.objection(to: .service(key)) { return reason }
        guard decision.write?.startsRollout == true else { return nil }
        return window.occupants(before: key).map(Withheld.Reason.waitingForTurn)
    }

    /// The steps of a decision whose turn has not come, its registration among them whoever else registers the same.
    private func later(of decision: ServiceDecision) -> [Step] {
        var registered: Set<StepID> = []
        return steps(of: decision, registered: &registered) + decision.scaling
    }

    private func steps(of decision: ServiceDecision, registered: inout Set<StepID>) -> [Step] {
        let key = decision.standing.key
        if let hook = decision.approval {
            let action = Step.Action.continueDeployment(key: key, deployment: hook.deploymentARN, hook: hook.id)
            return [Step(id: StepID("continue \(key)"), action: action, reason: "The manifest approves of it.")]
        }
        guard let write = decision.write else {
            return tagging(
                decision.bookkeeping, decision: decision, reason: decision.taggingReason, after: [])
                + untagging(decision, after: [])
        }
        var steps: [Step] = []
        var after: [StepID] = []
        if let registration = write.registration, let text = registration.input["family"]?.text,
            let family = try? Family(text)
        {
            let id = StepID("register \(family)")
            after = [id]
            if registered.insert(id).inserted {
                let action = Step.Action.registerTaskDefinition(
                    family: family, digest: registration.digest, input: registration.input)
                steps.append(Step(id: id, action: action, reason: write.reason, changes: write.changes))
            }
        }
        switch write.kind {
        case .create:
            var input = write.input
            input["tags"] = .list((input.manifestTags + write.tags).map(\.input))
            let action = Step.Action.createService(key: key, input: input, revision: write.revision)
            steps.append(
                Step(id: StepID("create \(key)"), action: action, reason: write.reason, changes: [], after: after))
        case .update:
            // A service is ours before it is changed: a kill between the two must not leave a change without an owner.
            let early = write.tagsBefore + (write.isAdoption ? write.tags : [])
            let marking = tagging(
                early, decision: decision,
                reason: write.isAdoption ? "The service is taken over." : "What is about to be done is remembered.",
                after: [])
            after += marking.map(\.id)
            steps += marking
            let id = StepID("update \(key)")
            let action = Step.Action.updateService(key: key, input: write.input, revision: write.revision)
            steps.append(Step(id: id, action: action, reason: write.reason, changes: write.changes, after: after))
            steps += tagging(
                write.isAdoption ? [] : write.tags, decision: decision, reason: "The manifest names these tags.",
                after: [id], name: marking.isEmpty ? "tag" : "tag after")
            steps += untagging(decision, after: [id])
        case .delete:
            let marking = tagging(write.tags, decision: decision, reason: "The service is taken over.", after: [])
            steps += marking
            steps.append(
                Step(
                    id: StepID("delete \(key)"), action: .deleteService(key: key), reason: write.reason,
                    changes: write.changes, after: marking.map(\.id)))
        }
        return steps
    }

    private func tagging(
        _ tags: [Tag], decision: ServiceDecision, reason: String, after: [StepID], name: String = "tag",
    ) -> [Step] {
        let key = decision.standing.key
        guard !tags.isEmpty else { return [] }
        let paths = Set(tags.map { "tags[\($0.key)]" })
        let changes = decision.tagChanges.filter { $0.wanted != nil && paths.contains($0.path) }
        return [
            Step(
                id: StepID("\(name) \(key)"), action: .tagService(key: key, arn: decision.arn, tags: tags),
                reason: reason,
                changes: changes, after: after)
        ]
    }
}

extension PlanAssembly {
    private func untagging(_ decision: ServiceDecision, after: [StepID]) -> [Step] {
        let key = decision.standing.key
        guard !decision.untags.isEmpty, !decision.arn.isEmpty else { return [] }
        let changes = decision.tagChanges.filter { $0.wanted == nil }
        return [
            Step(
                id: StepID("untag \(key)"),
                action: .untagService(key: key, arn: decision.arn, keys: decision.untags),
                reason: "The manifest no longer names these tags.", changes: changes, after: after)
        ]
    }
}

extension ServiceDecision {
    /// Why tags are set where nothing else is done.
    fileprivate var taggingReason: String {
        let changes = tagChanges.filter { $0.wanted != nil }
        if !changes.isEmpty { return "The service's tags differ from git." + changes.originSentence }
        // A difference that stays is not called reached.
        return withheld.isEmpty ? "What git says has been reached." : "The service is this environment's."
    }

    /// The decision about a service whose manifest cannot be used.
    init(bad key: ServiceKey) {
        standing = ServiceStanding(key: key, digest: nil, state: .withheld(.badManifest))
        withheld = [Withheld(key: key, reason: .badManifest)]
    }

    /// The same without its write, for this reason.
    ///
    /// - Parameter later: what will be done all the same, after others.
    func withheld(_ reason: Withheld.Reason, later: [Step] = []) -> ServiceDecision {
        var decision = self
        let changes = (write.map { $0.changes + tagChanges } ?? []) + scaling.flatMap(\.changes)
        decision.withheld.append(Withheld(key: standing.key, reason: reason, changes: changes, later: later))
        decision.write = nil
        decision.dropTags()
        // What does not exist runs no revision.
        let revision = write?.isCreation == true ? nil : standing.previousRevision ?? standing.revision
        decision.standing = ServiceStanding(
            key: standing.key, digest: standing.digest, state: .withheld(reason), revision: revision,
            health: standing.health)
        return decision
    }

    /// The rollout that this reason puts off, nil where it is none or does not begin by itself.
    fileprivate func waiting(because reason: Withheld.Reason) -> WaitingRollout? {
        guard let write, write.startsRollout, reason.isPassing else { return nil }
        return WaitingRollout(key: standing.key, registers: write.registration?.digest)
    }

    /// The same with its write put off.
    func held(_ why: String) -> ServiceDecision {
        var decision = self
        decision.write = nil
        decision.dropTags()
        decision.standing = ServiceStanding(
            key: standing.key, digest: standing.digest, state: .unknown(why), revision: standing.revision,
            previousRevision: standing.previousRevision, health: standing.health)
        return decision
    }
}
