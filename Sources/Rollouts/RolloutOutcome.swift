package import MooringModel
package import MooringNames
import MooringShapes

/// What became of a rollout of ours, as far as ECS says.
///
/// Success is said only where ECS completed *our* deployment or revision. A service that is stable again on an older
/// revision is a failure of the newer one, whatever ECS calls it.
package enum RolloutOutcome: Hashable, Sendable {
    /// ECS is at work. Next: any other.
    case inProgress(RolloutProgress)
    /// All production traffic is on our revision, and the manifest waits for no more than that; ECS is still baking or
    /// cleaning up. Counts as a success from here on. Next: `completed`, or `rollingBack` and `failed`, which are told.
    case trafficShifted(RolloutProgress)
    /// ECS completed it. An end.
    case completed
    /// ECS gave it up and is going back. Next: `failed`.
    case rollingBack(reason: String)
    /// It is over without success. An end.
    case failed(reason: String, rolledBackTo: Revision?)
    /// A newer deployment took over before it was over. An end.
    case superseded
    /// What was read does not tell: the deployment is not listed (yet, or any more), or its state is a new word.
    case unknown

    /// Whether the rollout counts as a success, for now or for good.
    package var isSuccess: Bool {
        switch self {
        case .trafficShifted, .completed: true
        case .inProgress, .rollingBack, .failed, .superseded, .unknown: false
        }
    }

    /// Whether nothing will change any more.
    package var isEnd: Bool {
        switch self {
        case .completed, .failed, .superseded: true
        case .inProgress, .trafficShifted, .rollingBack, .unknown: false
        }
    }

    /// How far it is, nil where it is over or nothing is known.
    package var progress: RolloutProgress? {
        switch self {
        case .inProgress(let progress), .trafficShifted(let progress): progress
        case .completed, .rollingBack, .failed, .superseded, .unknown: nil
        }
    }
}

/// Which rollout is ours.
package struct RolloutTarget: Hashable, Sendable {
    /// `ecs-svc/…`, as our call returned it; nil where no answer was kept.
    package let deployment: String?
    /// The revision that our call asked for; nil under a change of attributes alone.
    package let taskDefinition: TaskDefinitionARN?
    /// When ECS made the deployment, nil where that is not known.
    package let created: Timestamp?

    package init(deployment: String?, taskDefinition: TaskDefinitionARN?, created: Timestamp? = nil) {
        self.deployment = deployment
        self.taskDefinition = taskDefinition
        self.created = created
    }
}

// MARK: - Service deployment records

extension RolloutOutcome {
    /// The outcome of `target`.
    ///
    /// - Parameters:
    ///   - service: as described now.
    ///   - records: the service's newest deployment records, newest first; empty where they cannot be read. They decide
    ///     where one of them is ours, for they say what the service's own deployments cannot: that a success is a
    ///     rollback.
    ///   - believesAbsence: whether our call is long enough ago that a deployment which is not listed is gone. Reads
    ///     lag behind writes: right after the call the list is the old one, and looks like a rollback.
    ///   - goal: what the manifest waits for.
    package static func outcome(
        of target: RolloutTarget, service: ObservedService, records: [DeploymentRecord], believesAbsence: Bool,
        waitFor goal: RolloutGoal = .steady,
    ) -> RolloutOutcome {
        let deployments = Deployments(service: service, target: target, believesAbsence: believesAbsence)
        guard let index = records.firstIndex(where: { $0.isOf(target, in: service) }) else {
            return deployments.outcome
        }
        let outcome = outcome(of: records[index], newer: records[..<index], deployments: deployments)
        guard goal == .trafficShifted, case .inProgress(let progress) = outcome, progress.isTrafficShifted,
            deployments.hasGivenWay == nil
        else { return outcome }
        return .trafficShifted(progress)
    }

    private static func outcome(
        of record: DeploymentRecord, newer: ArraySlice<DeploymentRecord>, deployments: Deployments,
    ) -> RolloutOutcome {
        let reason = record.statusReason ?? record.rollbackReason ?? deployments.failureReason
        switch ServiceDeploymentStatus(rawValue: record.status) {
        // A stop that was only asked for may still be overtaken by the deployment's own end.
        case .pending, .inProgress, .stopRequested: return .inProgress(deployments.progress(record))
        case .successful: return deployments.hasGivenWay ?? .completed
        // A person stopped it, or ECS did because a newer deployment began: that one is listed.
        case .stopped:
            if !newer.isEmpty || deployments.hasNewer { return .superseded }
            return .failed(reason: reason ?? "The deployment was stopped.", rolledBackTo: nil)
        case .rollbackRequested, .rollbackInProgress:
            return .rollingBack(reason: reason ?? "ECS is rolling the deployment back.")
        case .rollbackSuccessful:
            let revision = deployments.revision(of: record.rollbackNumber) ?? deployments.otherPrimaryRevision
            return .failed(reason: reason ?? "ECS rolled the deployment back.", rolledBackTo: revision)
        // A first deployment has nothing to return to: "No rollback candidate was found to run the rollback."
        case .rollbackFailed:
            return .failed(reason: reason ?? "ECS could not roll the deployment back.", rolledBackTo: nil)
        // A word that ECS invents later.
        case nil: return .unknown
        }
    }
}

/// What a service deployment record says of itself. Source: API model, enum ServiceDeploymentStatus.
package enum ServiceDeploymentStatus: String, Hashable, Sendable, CaseIterable {
    case pending = "PENDING"
    case inProgress = "IN_PROGRESS"
    case successful = "SUCCESSFUL"
    case stopRequested = "STOP_REQUESTED"
    case stopped = "STOPPED"
    case rollbackRequested = "ROLLBACK_REQUESTED"
    case rollbackInProgress = "ROLLBACK_IN_PROGRESS"
    case rollbackSuccessful = "ROLLBACK_SUCCESSFUL"
    case rollbackFailed = "ROLLBACK_FAILED"
}

extension DeploymentRecord {
    /// Whether this is the record of `target`.
    ///
    /// A service revision's id is the number in the deployment's `ecs-svc/…`, so the two name each other. Without an id
    /// the revision has to do.
    fileprivate func isOf(_ target: RolloutTarget, in service: ObservedService) -> Bool {
        // ListServiceDeployments names the revision in another member than DescribeServiceDeployments does.
        let arn =
            described["targetServiceRevision"]?["arn"]?.text ?? described["targetServiceRevisionArn"]?.text
            ?? self.target?["serviceRevisionArn"]?.text
        if let deployment = target.deployment, let number = arn.flatMap(DeploymentRecord.lastPart) {
            guard DeploymentRecord.lastPart(deployment) == number else { return false }
            // The same deployment on another revision is none that we made.
            guard let wanted = target.taskDefinition, let aimed = targetTaskDefinition else { return true }
            return wanted == aimed
        }
        guard let wanted = target.taskDefinition else { return false }
        return targetTaskDefinition == wanted
    }

    /// The number of the deployment that a rollback returns to.
    fileprivate var rollbackNumber: String? {
        (described["rollback"]?["serviceRevisionArn"]?.text).flatMap(DeploymentRecord.lastPart)
    }

    /// Why ECS began to roll back.
    fileprivate var rollbackReason: String? { described["rollback"]?["reason"]?.text }

    /// Whether the deployment's strategy moves traffic: the weight of a rolling update says nothing.
    var isShiftingTraffic: Bool {
        switch described["deploymentConfiguration"]?["strategy"]?.text {
        case "BLUE_GREEN"?, "LINEAR"?, "CANARY"?: true
        case nil: stage != nil
        default: false
        }
    }

    fileprivate static func lastPart(_ text: String) -> String? {
        text.split(separator: "/").last.map(String.init)
    }
}
