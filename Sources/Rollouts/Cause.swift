/// Why a rollout fails. A fixed list, so that reports can be counted and searched by it.
///
/// In the order in which they explain: of two that are shown equally often the first is named. The last ones happen to
/// healthy rollouts too, or only say that something fails.
package enum Cause: String, Hashable, Sendable, CaseIterable {
    case wrongArchitecture
    case imageCannotBePulled
    case registryUnreachable
    case secretUnreadable
    case logGroupMissing
    case roleMissing
    case outOfMemory
    case volumeUnavailable
    case portInUse
    case containerCannotStart
    case containerExits
    /// Health checks begin before the program has started.
    case healthCheckTooEarly
    case containerHealthCheck
    case loadBalancerHealthCheck
    case noAddress
    case agentDisconnected
    case noCapacity
    case accountBlocked
    case invalidNetworking
    case hookFailed
    /// An alarm on cpu or memory fired.
    case highUse
    case alarm
    case percentDeadlock
    case tasksProtected
    case throttled
    case interrupted
    case stoppedByPerson
    /// Tasks start, are found unhealthy and are replaced, over and over; nothing says why.
    case tasksReplaced
    /// Tasks fail one after another; nothing says why.
    case tasksFail
    /// The breaker found no earlier revision to go back to; nothing says why it tripped.
    case noEarlierRevision
    case unknown

    /// Whether the cause explains a failure only if nothing else does.
    package var isWeak: Bool {
        switch self {
        case .interrupted, .stoppedByPerson, .throttled, .tasksProtected, .unknown: true
        default: isGeneric
        }
    }

    /// Whether it says that something fails, and not what.
    var isGeneric: Bool {
        switch self {
        case .tasksReplaced, .tasksFail, .noEarlierRevision, .unknown: true
        default: false
        }
    }
}
