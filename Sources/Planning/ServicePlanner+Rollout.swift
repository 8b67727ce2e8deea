package import MooringModel
import MooringNames
import MooringRollouts
import MooringShapes

extension ServicePlanner {
    /// ECS holds what git says; what is left to know is how its rollout goes.
    ///
    /// - Parameters:
    ///   - isComplete: whether no difference stays.
    func decideReached(_ live: ObservedService, attributes: AttributeChanges, isComplete: Bool) -> ServiceDecision {
        let watch = observed.watches[service.key].flatMap { $0.digest == digest ? $0 : nil }
        let previous = watch?.previousRevision ?? live.previousRevision
        let primary = live.primary
        switch primary?.rolloutState {
        case "IN_PROGRESS":
            var decision = decideRolling(live, previous: previous)
            decision.withheld += attributes.withheld
            return decision
        case "FAILED":
            let reason = primary?.rolloutStateReason ?? "The deployment failed."
            if let decision = anotherTry(live) { return decision }
            if let decision = goingBack(live, because: reason) { return decision }
            var decision = ServiceDecision(
                standing: standing(
                    .rejected(reason: reason), revision: live.taskDefinition?.revision, previous: previous,
                    deployment: primary?.id, health: .degraded))
            decision.withheld = attributes.withheld
            return decision
        default:
            if let decision = failedRedeployment(live) { return decision }
            let isGivenWay = isComplete && [OwnTag.rejected, OwnTag.retry].contains { live.tag($0) != nil }
            if isGivenWay, observed.records[service.key] == nil { return needing([.records(service.key)]) }
            var decision = ServiceDecision(
                standing: standing(
                    .synced, revision: live.taskDefinition?.revision, previous: watch?.previousRevision,
                    deployment: primary?.id, health: health(live)))
            decision.withheld = attributes.withheld
            if let reason = attributes.withheld.first?.reason {
                decision.standing = standing(
                    .withheld(reason), revision: live.taskDefinition?.revision, health: health(live))
            }
            // The commit that was reached moves after the tags that it took away are gone: else they would be forgotten.
            decision.bookkeeping = bookkeeping(live, isComplete: isComplete) + attributes.tags
            decision.untags = attributes.untags
            if isGivenWay { forgive(live, in: &decision) }
            return decision
        }
    }

    /// What was rejected once has given way to what is reached now; should git say it again, it is tried again.
    ///
    /// Going back leaves no record of its own where the breaker had gone back already, so the failed one stays the newest and
    /// is remembered as done with, until another one follows it.
    private func forgive(_ live: ObservedService, in decision: inout ServiceDecision) {
        var failed: String?
        if case .known(let records) = observed.records[service.key], let newest = records.first, newest.hasFailed {
            failed = newest.id
        }
        if let failed, live.tag(OwnTag.retry) != failed { decision.bookkeeping.append(Tag(OwnTag.retry, failed)) }
        let done = failed == nil ? [OwnTag.rejected, OwnTag.retry] : [OwnTag.rejected]
        decision.untags += done.filter { live.tag($0) != nil }
    }

    // MARK: Under way

    private func decideRolling(_ live: ObservedService, previous: Revision?) -> ServiceDecision {
        var records: [DeploymentRecord] = []
        if wantsRecords(live) {
            switch observed.progress[service.key] {
            case nil: return needing([.progress(service.key)])
            case .known(let known): records = known
            // The service's own deployments have to do.
            case .missing, .unreadable: break
            }
        }
        let primary = live.primary
        let began = primary?.described["createdAt"].flatMap(Timestamp.init(seconds:))
        let target = RolloutTarget(deployment: primary?.id, taskDefinition: live.taskDefinition, created: began)
        let outcome = RolloutOutcome.outcome(
            of: target, service: live, records: records, believesAbsence: true, waitFor: service.options.waitFor)
        let failed = (primary?.failedTasks ?? 0) > 0
        func decision(_ state: ServiceStanding.State, _ health: Health) -> ServiceDecision {
            ServiceDecision(
                standing: standing(
                    state, revision: live.taskDefinition?.revision, previous: previous, deployment: primary?.id,
                    health: health))
        }
        switch outcome {
        case .trafficShifted: return decision(.synced, failed ? .degraded : .healthy)
        case .rollingBack(let reason): return decision(.rollingBack(reason: reason), .degraded)
        case .failed(let reason, _): return decision(.rejected(reason: reason), .degraded)
        case .inProgress, .completed, .superseded, .unknown: break
        }
        if let began, case .overdue(_, let sentence, let remedy) = deadline(of: outcome, began: began, live: live) {
            return goingBack(live, because: sentence)
                ?? decision(.overdue(reason: sentence, remedy: remedy), .degraded)
        }
        var rolling = decision(.rolling(progress: progress(live, outcome.progress)), failed ? .degraded : .progressing)
        guard let hook = outcome.progress?.waitingHook else { return rolling }
        switch isApproved {
        case .needs(let facts): return needing(facts)
        case .known(true) where !hook.deploymentARN.isEmpty: rolling.approval = hook
        case .known: break
        }
        return rolling
    }

    /// Whether the service's own deployments do not tell enough: a rolling update has no stages, weights and hooks.
    private func wantsRecords(_ live: ObservedService) -> Bool {
        let configuration = live.described["deploymentConfiguration"]
        let isShifting = ["BLUE_GREEN", "LINEAR", "CANARY"].contains(configuration?["strategy"]?.text ?? "")
        return isShifting || !(configuration?["lifecycleHooks"]?.elements ?? []).isEmpty
    }

    private func deadline(of outcome: RolloutOutcome, began: Timestamp, live: ObservedService) -> RolloutDeadline {
        let timeout = RolloutTimeout.timeout(
            of: live.described, taskDefinition: taskDefinition?.input,
            policy: TimeoutPolicy(said: service.options.timeout, goal: service.options.waitFor))
        let watch = observed.watches[service.key].flatMap { $0.deployment == live.primary?.id ? $0 : nil }
        return RolloutDeadline.deadline(
            of: outcome, began: began, timeout: timeout, now: policy.wall,
            watched: watch.map { policy.uptime - $0.since } ?? .zero)
    }

    private func progress(_ live: ObservedService, _ progress: RolloutProgress?) -> String {
        guard let primary = live.primary else { return "" }
        let failed = primary.failedTasks > 0 ? ", \(primary.failedTasks) failed" : ""
        let desired = max(primary.desiredCount, live.desiredCount)
        let count = "\(primary.runningCount)/\(desired) tasks running\(failed)"
        let traffic = progress?.traffic ?? ""
        // What ECS still waits for once all of them run: its own checks, the load balancer's, and the old tasks' end.
        let isWaitingForHealth = traffic.isEmpty && desired > 0 && primary.runningCount >= desired
        return [
            isWaitingForHealth ? "waiting for health (\(count))" : count, traffic,
            live.newestEvent(since: primary) ?? "",
        ]
        .filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private enum Word {
        case known(Bool)
        case needs([Fact])
    }

    /// Whether git approves of what is being rolled out: by its digest, or by a commit at which git wanted exactly that. An
    /// approval of an earlier change does not count for the next one.
    private var isApproved: Word {
        guard let approval = service.options.approve.map(Approval.init) else { return .known(false) }
        if approval.isOf(digest) { return .known(true) }
        guard let commit = approval.commit(among: policy.recentCommits) else { return .known(false) }
        switch observed.folders[commit] {
        case nil: return .needs([.folder(commit)])
        case .known(let state): return .known(Planner.digests(of: state)[service.key] == digest)
        case .missing, .unreadable: return .known(false)
        }
    }

    // MARK: After a failure

    /// Goes back to the revision that was last reached, where ECS does not and the environment says so.
    private func goingBack(_ live: ObservedService, because reason: String) -> ServiceDecision? {
        guard policy.onFailure == .rollBack, let remembered = RememberedRevision(of: live)?.revision,
            let current = live.taskDefinition, remembered != current.revision, isOurs(live),
            let arn = current.with(remembered)
        else { return nil }
        let write = ServiceDecision.Write(
            revision: .existing(arn), input: .map([]), tags: [],
            tagsBefore: [Tag(OwnTag.rejected, digest.text)] + earlierTags(live, adding: current.revision),
            reason: "\(reason) ECS does not go back by itself, so Mooring does ('onFailure: roll-back').",
            changes: [
                MemberChange(
                    path: "taskDefinition", live: .string(current.revision.description),
                    wanted: .string(remembered.description))
            ], startsRollout: true, isReturn: true)
        return ServiceDecision(
            standing: standing(
                .rollingBack(reason: reason), revision: remembered, previous: current.revision, health: .degraded),
            write: write)
    }

    private func isOurs(_ live: ObservedService) -> Bool { live.tag(OwnTag.environment) == policy.identity.text }

    /// What failed runs what git says, so that there is nothing to change: where a person said `mooring retry`, a deployment
    /// is forced.
    private func anotherTry(_ live: ObservedService) -> ServiceDecision? {
        guard live.tag(OwnTag.retry) != nil else { return nil }
        switch observed.records[service.key] {
        case nil: return needing([.records(service.key)])
        case .known(let records) where records.first?.isForgiven(by: live) == true: break
        case .known, .missing, .unreadable: return nil
        }
        let write = ServiceDecision.Write(
            input: ["forceNewDeployment": true], tags: [],
            reason: "What failed is tried again, as 'mooring retry' asks for.", changes: [], startsRollout: true)
        return ServiceDecision(
            standing: standing(
                .changing, revision: live.taskDefinition?.revision, previous: live.previousRevision,
                health: health(live)),
            write: write)
    }

    /// A forced deployment that failed leaves the service looking as git says; only ECS's record tells.
    private func failedRedeployment(_ live: ObservedService) -> ServiceDecision? {
        guard service.options.redeploy != nil, live.tag(OwnTag.digest) != digest.text else { return nil }
        switch observed.records[service.key] {
        case nil: return needing([.records(service.key)])
        case .known(let records):
            guard let newest = records.first, newest.hasFailed else { return nil }
            if let decision = anotherTry(live) { return decision }
            let reason = newest.statusReason ?? "The service deployment is \(newest.status)."
            return rejectedRedeployment(live, because: reason)
        case .missing, .unreadable:
            guard isTakenBack(live) else { return nil }
            var decision = rejectedRedeployment(live, because: "ECS replaced the deployment by an earlier one.")
            // All that tells it to the next process.
            if live.tag(OwnTag.rejected) != digest.text { decision.bookkeeping = [Tag(OwnTag.rejected, digest.text)] }
            return decision
        }
    }

    private func rejectedRedeployment(_ live: ObservedService, because reason: String) -> ServiceDecision {
        ServiceDecision(
            standing: standing(
                .rejected(reason: reason), revision: live.taskDefinition?.revision, deployment: live.primary?.id,
                health: .degraded))
    }

    /// Whether what git wants was begun and was taken back, as far as the tag, a failed deployment that ECS still shows, or our
    /// own call's answer tell. Reads that lag behind the call have been told apart before.
    func isTakenBack(_ live: ObservedService) -> Bool {
        if live.tag(OwnTag.rejected) == digest.text { return true }
        let hasFailed = live.deployments.contains {
            $0.rolloutState == "FAILED" && $0.taskDefinition == live.taskDefinition
        }
        guard let watch = observed.watches[service.key], watch.digest == digest else { return hasFailed }
        return live.primary?.id != watch.deployment
    }
}

extension DeploymentRecord {
    /// Whether it ended without success.
    package var hasFailed: Bool { ["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"].contains(status) }

    /// The last part of the service deployment's ARN.
    package var id: String? { described["serviceDeploymentArn"]?.text?.split(separator: "/").last.map(String.init) }

    /// Whether a person said that what failed with this deployment may be tried again.
    package func isForgiven(by service: ObservedService) -> Bool {
        guard let id, let tag = service.tag(OwnTag.retry) else { return false }
        return tag == id
    }
}
