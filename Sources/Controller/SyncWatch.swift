import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import Synchronization

/// Decides when a sync is over although nothing is settled: a controller tries for ever, a person or CI wants an answer.
struct SyncWatch {
    /// Between two looks of a sync.
    static let pollInterval: Duration = .seconds(5)
    /// Passes with something in the way that a person must clear, before giving up: the first may still be learning, and
    /// what ECS says just after a write is not believed at once.
    static let stalledPasses = 3
    /// The same with something in the way that may pass by itself.
    static let troubledPasses = 8

    private let waits: Bool
    /// What is in the way, by subject.
    private var problems: [String: Failure] = [:]
    private var sourceFailure: Failure?
    private var rolling: Set<ServiceKey> = []
    private var passesInVain = 0
    private var hasPlanned = false
    /// Why the sync was given up.
    var failure: Failure?

    init(waits: Bool) { self.waits = waits }

    static func timedOut(_ environment: EnvironmentName, _ timeout: Duration) -> Failure {
        Failure(
            code: .timedOut, subject: "the environment '\(environment)'", tried: "sync",
            cause: "It has not settled within \(timeout.components.seconds) seconds.",
            remedy: "Rollouts go on; look again later, or give more time with --timeout.", disposition: .stalled)
    }

    /// Takes an event.
    ///
    /// - Returns: whether the sync ends now.
    mutating func isOver(after event: LoopEvent) -> Bool {
        switch event {
        case .sourceLost(let failure): sourceFailure = failure
        case .headMoved: sourceFailure = nil
        case .problem(let failure, let subject): problems[subject] = failure
        case .recovered(let subject):
            problems[subject] = nil
            if subject == "source" { sourceFailure = nil }
        case .standing(let standing):
            switch standing.state {
            case .rolling, .rollingBack: rolling.insert(standing.key)
            default: rolling.remove(standing.key)
            }
        case .notesPushed: return !waits && hasPlanned
        case .passEnded: return passEnded()
        default: break
        }
        return false
    }

    /// What is in the way, a person's part before what may pass by itself; nil where nothing is.
    var worst: Failure? {
        let inTheWay = [sourceFailure].compactMap { $0 } + problems.sorted { $0.key < $1.key }.map(\.value)
        return inTheWay.first { !$0.isPassing } ?? inTheWay.first
    }

    private mutating func passEnded() -> Bool {
        guard let worst else {
            passesInVain = 0
            // Without waiting, the second pass comes after everything that the first one wrote.
            defer { hasPlanned = true }
            return !waits && hasPlanned
        }
        guard rolling.isEmpty else { return false }
        passesInVain += 1
        guard passesInVain >= (worst.isPassing ? SyncWatch.troubledPasses : SyncWatch.stalledPasses) else {
            return false
        }
        failure = worst
        return true
    }
}

extension Failure {
    /// Whether it may be over by itself. A branch or folder that is not there does not come by waiting.
    fileprivate var isPassing: Bool {
        if case .retry = disposition { return code != .notFound }
        return false
    }
}

/// The same for whoever waits on another task.
final class SyncEnd: Sendable {
    private let watch: Mutex<SyncWatch>
    private let ends: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation

    init(waits: Bool) {
        watch = Mutex(SyncWatch(waits: waits))
        (ends, end) = AsyncStream.makeStream(of: Void.self)
    }

    func take(_ event: LoopEvent) {
        if watch.withLock({ $0.isOver(after: event) }) { end.finish() }
    }

    func giveUp(_ failure: Failure) { watch.withLock { $0.failure = failure } }

    /// Why the sync was given up, nil where it was not.
    var failure: Failure? { watch.withLock { $0.failure } }

    /// What was in the way last, nil where nothing was.
    var lastProblem: Failure? { watch.withLock { $0.worst } }

    /// Returns when the sync is over, or when the task is cancelled.
    func wait() async { for await _ in ends {} }
}
