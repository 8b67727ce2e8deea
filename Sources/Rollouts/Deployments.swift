import MooringModel
import MooringNames
import MooringShapes

/// What the deployments listed on a service say of one of them.
struct Deployments {
    private let service: ObservedService
    private let target: RolloutTarget
    private let believesAbsence: Bool
    private let all: [ObservedDeployment]
    private let ours: ObservedDeployment?
    private let primary: ObservedDeployment?

    /// Finds ours among the service's deployments.
    init(service: ObservedService, target: RolloutTarget, believesAbsence: Bool) {
        self.service = service
        self.target = target
        self.believesAbsence = believesAbsence
        all = service.deployments
        primary = all.first { $0.status == "PRIMARY" }
        if let id = target.deployment {
            ours = all.first { $0.id == id }
        } else if let revision = target.taskDefinition {
            // Newest first: of two deployments of one revision the newer is ours.
            ours = all.first { $0.taskDefinition == revision }
        } else {
            ours = nil
        }
    }

    // MARK: Outcome without records

    /// The outcome as far as deployments and events tell.
    var outcome: RolloutOutcome {
        guard let ours else { return outcomeOfUnlisted }
        if let wanted = target.taskDefinition, let runs = ours.taskDefinition, runs != wanted { return .unknown }
        switch ours.rolloutState {
        // ECS says so of a deployment once and for ever, also when a newer one drains it.
        case "COMPLETED": return hasGivenWay ?? .completed
        case "FAILED":
            let reason = failureReason ?? "The deployment failed."
            guard let primary, primary.id != ours.id else { return .failed(reason: reason, rolledBackTo: nil) }
            if primary.rolloutState == "IN_PROGRESS", !hasNewer { return .rollingBack(reason: reason) }
            return .failed(reason: reason, rolledBackTo: hasNewer ? nil : otherPrimaryRevision)
        case "IN_PROGRESS": return outcomeOfUnfinished
        // Old services, and deployments that ECS does not report on: only the counts are left.
        case nil: return isComplete ? .completed : outcomeOfUnfinished
        default: return .unknown
        }
    }

    /// What is said in place of a success, nil where the primary deployment is ours, or a newer one of our revision.
    ///
    /// ECS may have completed a deployment once: success is never said of what does not run any more, nor while two
    /// answers contradict each other.
    var hasGivenWay: RolloutOutcome? {
        guard let primary else { return .unknown }
        let wanted = target.taskDefinition ?? ours?.taskDefinition
        let runsOurs = wanted.map { $0 == primary.taskDefinition } ?? false
        if primary.id == ours?.id || primary.id == target.deployment {
            // Controllers that keep the revision on task sets show none here.
            return runsOurs || wanted == nil || primary.taskDefinition == nil ? nil : .unknown
        }
        switch isNewer(primary) {
        case true?: return runsOurs ? nil : .superseded
        // An older one cannot be primary again after ours was completed: one of the two answers is late.
        case false?: return .unknown
        case nil: return runsOurs ? nil : .unknown
        }
    }

    /// Ours is listed and neither completed nor failed.
    private var outcomeOfUnfinished: RolloutOutcome {
        guard let ours, let primary, primary.id != ours.id else { return .inProgress(progress()) }
        switch isNewer(primary) {
        case true?: return .superseded
        // An older deployment is primary again before ours is marked as failed.
        case false?: return .rollingBack(reason: failureReason ?? "An earlier deployment is primary again.")
        case nil: return .unknown
        }
    }

    /// Ours is not listed: it left the list after a rollback or a newer deployment, or is not shown yet.
    private var outcomeOfUnlisted: RolloutOutcome {
        guard target.deployment != nil else { return .unknown }
        for message in messages {
            if message.hasSuffix("deployment completed.") { return hasGivenWay ?? .completed }
            if message.contains(Deployments.failureMarker) {
                let reason = Deployments.reason(in: message)
                let isGoingBack = primary?.rolloutState == "IN_PROGRESS" && !hasNewer
                return isGoingBack
                    ? .rollingBack(reason: reason) : .failed(reason: reason, rolledBackTo: otherPrimaryRevision)
            }
        }
        guard let primary, believesAbsence else { return .unknown }
        if isNewer(primary) == true { return .superseded }
        // Re-promoted under its old id and creation time: that is how ECS rolls back. Where the older one runs what
        // ours would run, nothing tells how ours ended.
        guard isNewer(primary) == false, let wanted = target.taskDefinition, primary.taskDefinition != wanted else {
            return .unknown
        }
        let reason = "ECS went back to an earlier deployment."
        return primary.rolloutState == "IN_PROGRESS"
            ? .rollingBack(reason: reason) : .failed(reason: reason, rolledBackTo: otherPrimaryRevision)
    }

    /// Whether the counts say what a missing state does not. A new deployment shows a desired count of 0 at first, so
    /// the service's is taken.
    private var isComplete: Bool {
        guard let ours, ours.status == "PRIMARY", all.count == 1 else { return false }
        let pending = ours.described["pendingCount"]?.integer ?? 0
        return ours.desiredCount == service.desiredCount && ours.runningCount == service.desiredCount && pending == 0
    }

    // MARK: Others

    /// Whether a deployment that was made after ours is primary.
    var hasNewer: Bool {
        guard let primary, primary.id != ours?.id, primary.id != target.deployment else { return false }
        return isNewer(primary) ?? false
    }

    /// Nil where one of the two times is not known.
    private func isNewer(_ other: ObservedDeployment) -> Bool? {
        guard let created = ours.flatMap(Deployments.created) ?? target.created,
            let otherCreated = Deployments.created(other)
        else { return nil }
        return otherCreated > created
    }

    private static func created(_ deployment: ObservedDeployment) -> Timestamp? {
        deployment.described["createdAt"].flatMap(Timestamp.init(seconds:))
    }

    /// The revision of the primary deployment, unless that is ours.
    var otherPrimaryRevision: Revision? {
        guard let primary, primary.id != target.deployment, primary.id != ours?.id else { return nil }
        return primary.taskDefinition?.revision
    }

    /// The revision of the deployment `ecs-svc/<number>`.
    func revision(of number: String?) -> Revision? {
        guard let number else { return nil }
        return all.first { $0.id.hasSuffix("/" + number) }?.taskDefinition?.revision
    }

    /// Why ECS says ours failed, nil where it does not say that.
    var failureReason: String? {
        if let ours, ours.rolloutState == "FAILED", let reason = ours.rolloutStateReason, !reason.isEmpty {
            return reason
        }
        return messages.first { $0.contains(Deployments.failureMarker) }.map(Deployments.reason(in:))
    }

    // MARK: Events

    /// The messages of the service's events that name our deployment, newest first.
    private var messages: [String] {
        guard let id = ours?.id ?? target.deployment, !id.isEmpty else { return [] }
        return ServiceEvents.messages(of: service.described).filter { $0.contains("(deployment \(id))") }
    }

    private static let failureMarker = "deployment failed: "

    /// What follows the marker.
    private static func reason(in message: String) -> String {
        guard let start = message.firstRange(of: failureMarker) else { return message }
        return String(message[start.upperBound...])
    }

    /// How far ours is; `record` is ours, where records can be read.
    func progress(_ record: DeploymentRecord? = nil) -> RolloutProgress {
        let shifting = record.flatMap { $0.isShiftingTraffic ? $0 : nil }
        return RolloutProgress(
            running: ours?.runningCount ?? 0,
            desired: max(ours?.desiredCount ?? 0, ours?.status == "PRIMARY" ? service.desiredCount : 0),
            pending: ours?.described["pendingCount"]?.integer ?? 0,
            failed: ours?.failedTasks ?? 0,
            newestEvent: ServiceEvents.messages(
                of: service.described, since: ours.flatMap(Deployments.created) ?? target.created
            ).first,
            stage: shifting?.stage, productionWeight: shifting?.productionWeight, waitingHook: record?.waitingHook)
    }
}
