import MooringModel
import MooringNames
import MooringShapes

/// Asks ECS's own records whether what is about to be sent was rejected before.
///
/// The watcher of the failed rollout may have died, so nothing of ours is needed for the answer. Where records cannot be
/// read, the deployments shown on the service and the tag `mooring:rejected` have to do.
struct RejectionCheck {
    let planner: ServicePlanner
    let live: ObservedService
    let attributes: AttributeChanges
    let resolution: RevisionResolution
    let applied: LastApplied

    /// A decision that replaces the write, nil where nothing speaks against writing.
    func verdict() -> ServiceDecision? {
        guard attributes.startsRollout || startsWithRevision else { return nil }
        switch planner.observed.records[planner.service.key] {
        case nil: return planner.needing([.records(planner.service.key)])
        case .known(let records): return verdict(of: records.first)
        case .unreadable(let unreadable) where unreadable.isPassing:
            return ServiceDecision(standing: planner.standing(.unknown(unreadable.why)))
        case .missing, .unreadable: return verdictWithoutRecords()
        }
    }

    private var startsWithRevision: Bool {
        if case .registered = resolution { return true }
        return false
    }

    private var candidate: TaskDefinitionARN? {
        switch resolution {
        case .current(let arn), .registered(let arn, _): arn
        case .new, .needs, .unreadable: nil
        }
    }

    private func verdict(of newest: DeploymentRecord?) -> ServiceDecision? {
        guard let newest else { return verdictOfTag }
        // A record that does not say what it aimed at says nothing.
        guard let target = newest.target else { return verdictWithoutRecords() }
        guard newest.targetTaskDefinition == candidate, isWanted(target) else { return verdictOfTag }
        if newest.isForgiven(by: live) { return nil }
        let reason = newest.statusReason ?? "The service deployment is \(newest.status)."
        switch newest.status {
        case "PENDING", "IN_PROGRESS":
            return decision(.rolling(progress: "started; \(EventWords.unseen)"))
        case "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "STOP_REQUESTED":
            return decision(.rollingBack(reason: reason))
        case "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED":
            return decision(.rejected(reason: reason))
        default: return nil
        }
    }

    /// Whether the record's target had the network, load balancers and so on that git wants now.
    private func isWanted(_ target: Value) -> Bool {
        let wanted = Value(
            .map((planner.service.input.members ?? []).filter { ServiceMembers.startsDeployment($0.name) }),
        ).removing(["taskDefinition"])
        // A target that still had what git has taken out since is another one.
        let before = applied.declared { ServiceMembers.startsDeployment($0) && $0 != "taskDefinition" }
        return ServiceDifference.changes(wanted: wanted, live: target, primary: target, before: before).isEmpty
    }

    private func verdictWithoutRecords() -> ServiceDecision? {
        if let failed = live.deployments.first(where: { $0.rolloutState == "FAILED" }),
            failed.taskDefinition == candidate
        {
            let reason = failed.rolloutStateReason ?? "The deployment failed."
            let isOver = live.primary?.rolloutState != "IN_PROGRESS"
            return decision(isOver ? .rejected(reason: reason) : .rollingBack(reason: reason))
        }
        if let verdict = verdictOfTag { return verdict }
        if let watch = planner.observed.watches[planner.service.key], watch.digest == planner.digest,
            !live.deployments.contains(where: { $0.id == watch.deployment })
        {
            return decision(.rejected(reason: "ECS replaced deployment \(watch.deployment) by an earlier one."))
        }
        return nil
    }

    /// What was rejected stays so whatever was deployed since, by our own way back or by hand: the tag remembers it until git
    /// says something else or a person takes it off.
    private var verdictOfTag: ServiceDecision? {
        guard live.tag(OwnTag.rejected) == planner.digest.text else { return nil }
        return decision(.rejected(reason: RejectionMemory.reason))
    }

    private func decision(_ state: ServiceStanding.State) -> ServiceDecision {
        var decision = ServiceDecision(
            standing: planner.standing(
                state, revision: candidate?.revision, previous: live.taskDefinition?.revision,
                deployment: planner.observed.watches[planner.service.key]?.deployment,
                health: state.isRolling ? .progressing : .degraded))
        // Remembered as soon as it is taken back: a revert may come before that is over.
        if !state.isRolling, live.tag(OwnTag.rejected) != planner.digest.text {
            decision.bookkeeping =
                [Tag(OwnTag.rejected, planner.digest.text)]
                + planner.earlierTags(live, adding: candidate?.revision)
        }
        return decision
    }
}

/// What the tag `mooring:rejected` says.
package enum RejectionMemory {
    /// All that is known where neither ECS's record nor this process has the reason.
    package static let reason = "This change was rolled back before."
}
