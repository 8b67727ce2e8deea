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
        case "COMPLETED": return .completed
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

    /// Ours is listed and neither completed nor failed.
    private var outcomeOfUnfinished: RolloutOutcome {
        guard let ours, let primary, primary.id != ours.id else { return .inProgress(progress) }
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
            if message.hasSuffix("deployment completed.") { return .completed }
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

    /// How far ours is.
    var progress: RolloutProgress {
        RolloutProgress(
            running: ours?.runningCount ?? 0,
            desired: max(ours?.desiredCount ?? 0, ours?.status == "PRIMARY" ? service.desiredCount : 0),
            pending: ours?.described["pendingCount"]?.integer ?? 0,
            failed: ours?.failedTasks ?? 0,
            newestEvent: ServiceEvents.messages(
                of: service.described, since: ours.flatMap(Deployments.created) ?? target.created
            ).first)
    }
}

/// How far a rollout is.
package struct RolloutProgress: Hashable, Sendable, CustomStringConvertible {
    /// Tasks of this deployment that run.
    package let running: Int
    /// Tasks that it shall have.
    package let desired: Int
    /// Tasks that are being started.
    package let pending: Int
    /// Tasks of this deployment that ECS counts as failed.
    package let failed: Int
    /// The newest message of the service since the deployment was made, nil where there is none.
    package let newestEvent: String?

    package init(running: Int, desired: Int, pending: Int, failed: Int, newestEvent: String?) {
        self.running = running
        self.desired = desired
        self.pending = pending
        self.failed = failed
        self.newestEvent = newestEvent
    }

    /// `1 of 2 tasks running, 1 pending, 3 failed`.
    package var description: String {
        var parts = ["\(running) of \(desired) tasks running"]
        if pending > 0 { parts.append("\(pending) pending") }
        if failed > 0 { parts.append("\(failed) failed") }
        return parts.joined(separator: ", ")
    }
}

/// The events of a described service.
enum ServiceEvents {
    /// Messages, newest first as ECS lists them; only those from `since` on where a time is given. An event without a
    /// readable time is kept.
    static func messages(of service: Value, since: Timestamp? = nil) -> [String] {
        messages(of: service["events"]?.elements ?? [], since: since)
    }

    /// The same of a list of events.
    static func messages(of events: [Value], since: Timestamp?) -> [String] {
        events.prefix(Limits.events).compactMap { event in
            if let since, let created = event["createdAt"].flatMap(Timestamp.init(seconds:)), created < since {
                return nil
            }
            return event["message"]?.text.map { String($0.prefix(Limits.textLength)) }
        }
    }
}

extension Timestamp {
    /// The time that AWS writes as seconds since 1970, with a fraction or an exponent; nil for anything else.
    init?(seconds value: Value) {
        guard let seconds = value.double, seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        self.init(millisecondsSince1970: Int64((seconds * 1000).rounded()))
    }
}
