import MooringModel
import MooringNames
import MooringPlanning

extension EnvironmentLoop {
    /// How long the rollouts of these services will still take; nil where no more than one is left.
    func timeLeft(of keys: Set<ServiceKey>) -> String? {
        let waiting = backlog.filter { keys.contains($0.key) }
        let underWay = keys.count { standings[$0]?.isRollingOut == true }
        let rollouts = waiting.count + underWay
        guard rollouts > 1 else { return nil }
        let average = timedUnderHead == 0 ? nil : durationUnderHead.wholeMilliseconds / 1000 / Int64(timedUnderHead)
        let left = TimeLeft.estimate(
            registrations: Set(waiting.values.compactMap(\.registers)).count, rollouts: rollouts,
            completed: completedUnderHead,
            ramp: Ramp(maximumInFlight: policy.maximumInFlight, maximumFailures: policy.maximumFailures),
            rolloutSeconds: average.map { Int($0) })
        return left.sentence
    }
}

extension ServiceStanding {
    /// Whether the service is there and this environment's, as far as the last look told.
    var isOurs: Bool {
        switch state {
        case .synced, .rolling, .rollingBack, .rejected, .overdue: true
        case .changing, .unknown: revision != nil
        case .withheld(let reason):
            switch reason {
            case .changedByHand, .revisionByHand, .paused, .frozen, .stoppedAfterFailures, .waitingForTurn,
                .waitsInOrder, .notStarted, .needsReplacement, .cannotBeUnset, .refused, .unreadable, .badManifest:
                revision != nil
            default: false
            }
        }
    }
}
