import MooringShapes

/// How traffic is to be shifted, read from a deployment configuration once.
struct ShiftPlan: Equatable, Sendable {
    var reconciles = false
    var hasPreProductionHooks = false
    /// Green's share of the production traffic after each shift, in tenths of a percent; the last is all.
    var weights = [ShiftStep.all]
    var stepBakeMinutes = 0
    var bakeMinutes = 0

    /// - Parameter hasSource: whether an earlier revision carries traffic; without one there is nobody to share with, and all
    ///   of it goes over at once.
    init(_ configuration: Value, reconciles: Bool, hasSource: Bool) {
        self.reconciles = reconciles
        bakeMinutes = ShiftPlan.minutes(configuration["bakeTimeInMinutes"])
        hasPreProductionHooks = (configuration["lifecycleHooks"]?.elements ?? []).contains { hook in
            hook["lifecycleStages"]?.elements?.contains("PRE_PRODUCTION_TRAFFIC_SHIFT") == true
        }
        guard hasSource else { return }
        switch configuration["strategy"]?.text {
        case "LINEAR":
            // Source of the defaults: API reference, LinearConfiguration.
            let linear = configuration["linearConfiguration"]
            let step = ShiftPlan.tenths(linear?["stepPercent"], byDefault: 10, least: 30)
            weights = Array(stride(from: step, to: ShiftStep.all, by: step)) + [ShiftStep.all]
            stepBakeMinutes = linear.map { ShiftPlan.minutes($0["stepBakeTimeInMinutes"], byDefault: 6) } ?? 6
        case "CANARY":
            // Source of the defaults: API reference, CanaryConfiguration.
            let canary = configuration["canaryConfiguration"]
            let share = ShiftPlan.tenths(canary?["canaryPercent"], byDefault: 5, least: 1)
            weights = share < ShiftStep.all ? [share, ShiftStep.all] : [ShiftStep.all]
            stepBakeMinutes = canary.map { ShiftPlan.minutes($0["canaryBakeTimeInMinutes"], byDefault: 10) } ?? 10
        default: break
        }
    }

    /// The rules of requests keep these bounds; reading keeps them once more, so that no configuration can loop.
    private static func tenths(_ value: Value?, byDefault: Double, least: Int) -> Int {
        let number = value?.double ?? byDefault
        let percent = number.isFinite ? min(max(number, 0), 100) : byDefault
        return min(max(Int((percent * 10).rounded()), least), ShiftStep.all)
    }

    private static func minutes(_ value: Value?, byDefault: Int = 0) -> Int {
        min(max(value?.integer ?? byDefault, 0), Limits.bakeMinutes)
    }
}

/// A traffic-shifting deployment under way. It exists from the deployment's creation until blue or green is gone.
struct ShiftRecord: Sendable {
    enum Direction: Sendable {
        /// On the way to green. Leaves to `back` or `halted`, or ends the record.
        case forward
        /// On the way back to blue. Ends the record.
        case back
        /// Failed without a way back: blue is kept as it is, green gets no more tasks. Ends with the next deployment.
        case halted
    }

    /// Green: the number of the new deployment.
    let target: String
    /// Blue: the deployment that carries the traffic; nil for a service's first deployment.
    let source: String?
    let configuration: Value
    /// Whether ECS shifts traffic at all: not for headless services.
    /// Source: Developer Guide, "Required resources for Amazon ECS blue/green deployments".
    let isManaged: Bool
    let hasTestTraffic: Bool
    let usesNetworkLoadBalancer: Bool
    /// When the deployment has lasted as long as one may.
    let endsAt: Int64

    var direction = Direction.forward
    var steps: [ShiftStep]
    /// Index of the step under way; -1 before the first.
    var position = -1
    /// Counts entered steps: what was planned for an earlier one carries a lower number and does nothing.
    var turn = 0
    /// When the step may be done, and when its stage has lasted as long as a stage may.
    var readyAt: Int64 = 0
    var expiresAt: Int64 = .max
    var isGreenUp = false
    var hookCount = 0

    var step: ShiftStep? { steps.indices.contains(position) ? steps[position] : nil }
    var isCleaningUp: Bool { step?.work == .cleanUp }

    /// A revision's part of the traffic, in tenths of a percent, where green has so much.
    func part(of number: String, greens share: Int) -> Int {
        if number == target { return share }
        return number == source ? ShiftStep.all - share : 0
    }
}

/// One call of a lifecycle hook.
/// Source: API reference, DeploymentLifecycleHookDetail.
struct HookExecution: Sendable {
    enum Status: String, Sendable {
        /// A PAUSE hook waits for ContinueServiceDeployment.
        case awaitingAction = "AWAITING_ACTION"
        case inProgress = "IN_PROGRESS"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case timedOut = "TIMED_OUT"
    }

    let id: String
    /// The Lambda function; nil for a PAUSE hook.
    let function: String?
    /// The role that ECS takes to call it.
    let role: String?
    var status: Status
    let expiresAt: Int64
    /// What happens when the time is up.
    let continuesOnTimeout: Bool
    var calls = 0
    /// Continued by hand or by its timeout, succeeded, or failed on the way back, where nothing stops for it.
    var isDone = false

    var described: Value {
        .map(present: [
            ("hookId", .string(id)),
            ("targetType", function == nil ? "PAUSE" : "AWS_LAMBDA"),
            ("targetArn", function.map { .string($0) }),
            ("status", .string(status.rawValue)),
            ("expiresAt", .timestamp(expiresAt)),
            ("timeoutAction", continuesOnTimeout ? "CONTINUE" : "ROLLBACK"),
        ])
    }
}

/// What a traffic-shifting deployment has planned for later.
struct ShiftEvent: Sendable {
    enum Kind: Sendable {
        /// The step may be done.
        case look
        /// A hook's function answers.
        case hookAnswer(index: Int)
        /// A hook's time is up.
        case hookLimit(index: Int)
        /// An alarm went off a while ago.
        case alarm
        /// The deployment has lasted as long as one may.
        case deploymentLimit
    }

    let service: Int
    /// The deployment that the event was planned for, and its step.
    let target: String
    let turn: Int
    let kind: Kind
}
