import MooringModel
import MooringNames
import MooringRollouts
import MooringShapes

extension ServicePlanner {
    /// Decides about a service that is there and that may be ours.
    func decideUpdate(_ shown: ObservedService) -> ServiceDecision {
        let revision = RevisionSettings(service: service, observed: observed)
        if let fact = revision.fact(for: shown) { return needing([fact]) }
        let live = revision.completed(shown)
        if let watch = laggingWatch(live) {
            return ServiceDecision(
                standing: standing(
                    .rolling(progress: "started; \(EventWords.unseen)"), revision: watch.revision,
                    previous: watch.previousRevision, deployment: watch.deployment))
        }
        let resolution = resolution(live: live)
        var needs: [Fact] = []
        switch resolution {
        case .needs(let facts): needs = facts
        case .unreadable(let unreadable): return withhold(unreadable)
        case .current, .registered, .new: break
        }
        let applied: LastApplied
        switch LastApplied.answer(for: self, live: live) {
        case .needs(let facts): return needing(needs + facts)
        case .unreadable(let unreadable): return withhold(unreadable)
        case .known(let answer): applied = answer
        }
        if !needs.isEmpty { return needing(needs) }
        var attributes = AttributeChanges(
            service: service, live: live, applied: applied, isSent: isSent(live), ignored: ignored)
        var remarks = [applied.remark, attributes.unshown.isEmpty ? nil : .unshown(members: attributes.unshown)]
        if !attributes.removedUnshown.isEmpty {
            remarks.append(.removedUnshown(members: attributes.removedUnshown))
        }
        if attributes.changesCount {
            switch observed.scalableTargets[service.key] {
            case nil: return needing([.scalableTarget(service.key)])
            case .known(let band):
                remarks.append(band.remark(on: live.desiredCount))
                attributes.leaveCount()
            // Unreadable scaling counts as existing: fighting an autoscaler is worse than a count that stays.
            case .unreadable: attributes.leaveCount()
            case .missing: break
            }
        }
        let scaling = scaling(live, applied)
        if !scaling.needs.isEmpty { return needing(scaling.needs) }
        if let unreadable = scaling.unreadable { return withhold(unreadable) }
        remarks += scaling.remarks
        var decision = decide(
            live, resolution: resolution, attributes: attributes, applied: applied, isScaled: scaling.isReached)
        // It is ours before anything of it is changed.
        let isOurs = live.tag(OwnTag.environment) == policy.identity.text
        if decision.needs.isEmpty, isOurs { decision.scaling = scaling.steps }
        decision.tagChanges = attributes.tagChanges
        decision.remarks = remarks.compactMap { $0 }.map { Remark(key: service.key, kind: $0) }
        return decision
    }

    /// Chooses what kind of change it is.
    private func decide(
        _ live: ObservedService, resolution: RevisionResolution, attributes: AttributeChanges, applied: LastApplied,
        isScaled: Bool,
    ) -> ServiceDecision {
        if service.options.replace, !attributes.createOnly.isEmpty { return replacement(live, attributes) }
        let drift = Drift(planner: self, live: live, resolution: resolution, attributes: attributes, applied: applied)
        if let decision = drift.heldRevision { return decision }
        let (attributes, kept) = drift.settledAttributes
        var redeployment: Tag?
        switch self.redeployment(live) {
        case .needsRecords: return needing([.records(service.key)])
        case .unreadable(let unreadable): return withhold(unreadable)
        case .due(let tag): redeployment = tag
        case .notDue, nil: break
        }
        var decision: ServiceDecision
        if case .current = resolution, attributes.applicable.isEmpty, redeployment == nil {
            decision = decideReached(
                live, attributes: attributes, isComplete: kept.isEmpty && isScaled && attributes.isComplete)
            if let reason = kept.first?.reason, decision.standing.state == .synced {
                decision.standing = standing(
                    .withheld(reason), revision: live.taskDefinition?.revision, health: health(live))
            }
        } else {
            decision = decideChange(
                live, resolution: resolution, attributes: attributes, applied: applied, redeployment: redeployment)
        }
        decision.withheld += kept
        return decision
    }

    /// What is to be done about the service's automatic scaling. A daemon has none.
    private func scaling(_ live: ObservedService, _ applied: LastApplied) -> ScalingDecision {
        if [service.input, live.described].contains(where: { $0["schedulingStrategy"]?.text == "DAEMON" }) {
            return ScalingDecision()
        }
        // Where git changed nothing there are no versions: it said what it says.
        let isUnchanged = applied.isKnown && applied.versions.isEmpty
        let before =
            isUnchanged
            ? service.options.autoscaling
            : ScalingOptions.union(of: applied.versions.compactMap(\.service?.options.autoscaling))
        var decision = ScalingPlanner.decide(
            service.key, desired: service.options.autoscaling, before: before, observed: observed, now: policy.wall)
        let drift = service.options.drift ?? policy.drift
        if drift.members != .correct, !decision.changes.isEmpty, decision.changes.allSatisfy({ $0.origin == .drift }) {
            // Changed by hand, and left so as other members are; that it differs is told where it is to be.
            let paths = decision.changes.map(\.path)
            decision.steps = []
            if drift.members == .report { decision.remarks.append(.scalingByHand(members: paths)) }
        }
        return decision
    }

    /// Whether our own update to what git says now has been made, and shows.
    private func isSent(_ live: ObservedService) -> Bool {
        guard let watch = observed.watches[service.key], watch.digest == digest else { return false }
        return live.deployments.contains { $0.id == watch.deployment }
    }

    /// Whether a deployment is to be forced for the manifest's token, nil where it has none.
    private func redeployment(_ live: ObservedService) -> Redeployment.Verdict? {
        guard let token = service.options.redeploy else { return nil }
        return Redeployment(token).verdict(
            for: live, records: observed.records[service.key], isTakenBack: isTakenBack(live))
    }

    /// The service is deleted; once ECS has drained it, it is made anew.
    private func replacement(_ live: ObservedService, _ attributes: AttributeChanges) -> ServiceDecision {
        let members = attributes.createOnly.map(\.topLevelMember).uniqued().joined(separator: ", ")
        // It is ours before it is deleted: what comes after must know whose it was.
        let write = ServiceDecision.Write(
            kind: .delete, input: .map([]), tags: adoptionTags(live),
            reason: "\(members) can only be changed by making the service anew, and the manifest says 'replace: true'.",
            changes: attributes.createOnly, startsRollout: true, isAdoption: live.tag(OwnTag.environment) == nil)
        return ServiceDecision(
            standing: standing(.changing, previous: live.taskDefinition?.revision, health: health(live)), write: write)
    }

    private func decideChange(
        _ live: ObservedService, resolution: RevisionResolution, attributes: AttributeChanges, applied: LastApplied,
        redeployment: Tag?,
    ) -> ServiceDecision {
        // What has never been registered cannot have been rejected; all else may have been, and the watcher may have
        // died, so ECS's own records are asked. A new token asks for another try of what was.
        if case .new = resolution {
        } else if redeployment == nil,
            let verdict = RejectionCheck(
                planner: self, live: live, attributes: attributes, resolution: resolution, applied: applied
            )
            .verdict()
        {
            return verdict
        }
        var write = ServiceDecision.Write(
            registration: nil, revision: nil, input: attributes.updateInput,
            tags: adoptionTags(live) + attributes.tags, reason: "", changes: attributes.applicable,
            startsRollout: attributes.startsRollout, isAdoption: live.tag(OwnTag.environment) == nil)
        switch resolution {
        case .registered(let arn, let changes):
            write.revision = .existing(arn)
            write.changes = attributed(changes, applied) + write.changes
            write.reason = "Revision \(arn.revision) has what git says; the service runs another one."
            write.startsRollout = true
        case .new(let changes):
            write.registration = registration(over: live)
            write.revision = taskDefinitionDigest.map(RevisionReference.registered)
            write.changes = attributed(changes, applied) + write.changes
            write.reason = "No registered revision has what git says."
            write.startsRollout = true
        case .current, .needs, .unreadable:
            write.reason =
                attributes.applicable.isEmpty && redeployment != nil
                ? "The manifest has a new 'redeploy' token." : "The service differs from git."
        }
        write.reason += write.changes.originSentence
        if let redeployment {
            write.tagsBefore = [redeployment]
            // A change that starts a deployment anyway replaces the tasks as well.
            if !write.startsRollout { write.input["forceNewDeployment"] = true }
            write.startsRollout = true
        }
        if write.revision != nil, let volumes = service.input["volumeConfigurations"] {
            // ECS forgets volume configurations that an update with a new revision does not repeat.
            // Source: peers.md section 2, from Terraform's provider.
            write.input["volumeConfigurations"] = volumes
        }
        return ServiceDecision(
            standing: standing(
                .changing, revision: write.revision?.revision, previous: live.taskDefinition?.revision,
                health: health(live)),
            withheld: attributes.withheld, write: write, untags: attributes.untags)
    }

    /// What is registered, with what ECS has in place of ignored members.
    private func registration(over live: ObservedService) -> (digest: Digest, input: Value)? {
        guard var registration, !ignored.isEmpty, let current = live.taskDefinition,
            case .known(let described) = observed.taskDefinitions[current]
        else { return registration }
        registration.input = ignored.grafted(registration.input, from: described.described)
        return registration
    }

    /// The changes of the revision with who made them.
    func attributed(_ changes: [MemberChange], _ applied: LastApplied) -> [MemberChange] {
        guard let taskDefinition else { return applied.attributed(changes, wanted: service.taskDefinition) }
        return applied.attributed(changes, wanted: taskDefinition)
    }
}
