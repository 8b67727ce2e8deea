import MooringModel
import MooringPlanning

/// What the loop asks of where a service stands.
extension ServiceStanding {
    var isUnreadable: Bool {
        if case .withheld(let reason) = state { return reason.isUnreadable }
        return false
    }

    var isWaitingForTurn: Bool {
        if case .withheld(.waitingForTurn) = state { return true }
        return false
    }

    /// Whether only others keep it from being changed.
    var isWaiting: Bool {
        switch state {
        case .withheld(.waitingForTurn), .withheld(.waitsInOrder): true
        default: false
        }
    }

    /// Whether it was not as git says, and nothing was under way.
    var isAtRest: Bool {
        switch state {
        case .rejected, .overdue: true
        case .withheld(let reason): !reason.isPassing
        case .synced, .changing, .rolling, .rollingBack, .unknown: false
        }
    }

    /// The same with the reason for which it was rejected: once it is gone back from, ECS shows it no longer.
    func keepingReason(of before: ServiceStanding) -> ServiceStanding {
        guard case .rejected(RejectionMemory.reason) = state, before.digest == digest else { return self }
        var reason = before.failureReason
        if case .overdue(let why, _) = before.state { reason = why }
        if reason.isEmpty { return self }
        // Whoever went back: where ECS did, its own reason says so.
        if !reason.lowercased().contains("rolled back") { reason += " It was rolled back by Mooring." }
        return ServiceStanding(
            key: key, digest: digest, state: .rejected(reason: reason), revision: revision,
            previousRevision: previousRevision, deployment: deployment, health: health)
    }

    /// Whether failures of others keep it from being changed.
    var isStopped: Bool {
        if case .withheld(.stoppedAfterFailures) = state { return true }
        return false
    }

    var isOverdue: Bool {
        if case .overdue = state { return true }
        return false
    }

    /// Whether an ECS deployment of ours is running.
    var isRollingOut: Bool {
        switch state {
        case .changing, .rolling, .rollingBack: true
        default: false
        }
    }
}
