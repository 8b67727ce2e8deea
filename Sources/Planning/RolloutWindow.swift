import MooringModel
import MooringNames

/// Which rollouts are under way and how many more may begin.
///
/// Rollouts of what git says now keep their places until they are over. Those that a newer commit has left behind keep
/// theirs until they are taken over, which needs no further place: else their successor would wait for what it mends.
///
/// The newest commit's rollouts widen the window among themselves: what an earlier commit began is known to be good or bad
/// by now, and only counts against the most there may be.
struct RolloutWindow {
    private let width: Int
    private let most: Int
    private let newest: Set<ServiceKey>
    private let others: Int
    /// Services rolling out what git says now, those begun in this plan included, and those of which it is not known yet: as
    /// long as something is still to be read, nobody's turn has come because of it.
    private var current: Set<ServiceKey>
    /// Services rolling out what git said before and that this plan wants to change.
    private var leftBehind: Set<ServiceKey>

    init(_ decisions: [ServiceDecision], observed: Observed, policy: PlanningPolicy) {
        width = policy.window
        most = policy.window(overtaking: true)
        newest = policy.newest
        others = policy.otherInFlight
        current = Set(
            decisions.filter { $0.standing.state.isUnderWay || !$0.needs.isEmpty }.map(\.standing.key))
        leftBehind = Set(
            decisions.filter { $0.write != nil }.map(\.standing.key).filter { key in
                guard case .known(let live) = observed.services[key] else { return false }
                return live.tag(OwnTag.environment) == policy.identity.text
                    && live.primary?.rolloutState == "IN_PROGRESS"
            })
    }

    /// How many rollouts stand in the way of this service's, nil where it may begin.
    func occupants(before key: ServiceKey) -> Int? {
        let counted = leftBehind.contains(key) ? current : current.union(leftBehind)
        let count = counted.count + others
        guard newest.contains(key) else { return count >= width ? count : nil }
        return count >= most || counted.intersection(newest).count >= width ? count : nil
    }

    mutating func enter(_ key: ServiceKey) {
        leftBehind.remove(key)
        current.insert(key)
    }
}

extension ServiceStanding.State {
    /// Whether ECS is changing the service now, for us.
    var isUnderWay: Bool {
        switch self {
        case .rolling, .rollingBack: true
        case .synced, .changing, .rejected, .overdue, .withheld, .unknown: false
        }
    }

    var isRolling: Bool {
        if case .rolling = self { true } else { false }
    }
}
