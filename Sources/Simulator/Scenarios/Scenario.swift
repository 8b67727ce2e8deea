/// What the world contains and what goes wrong in it: the whole difference between two runs of one seed.
package struct Scenario: Equatable, Sendable {
    /// Clusters that every account and region has, beside those of the configuration.
    package var clusters: [String] = []
    /// Which images misbehave. The first rule that matches an image decides; an image without a rule is good.
    package var images: [ImageRule] = []
    package var timing = Timing()
    package var reads = ReadLag()
    /// Whether the documented token buckets are kept.
    package var throttles = false
    package var faults: [FaultRule] = []
    /// How many container instances of the default size every cluster has from the start; nil is as many as the tasks that
    /// are asked for on EC2 need, none before the first.
    package var containerInstances: Int?
    /// Container instances of other sizes; where a rule is for a cluster, those above are not there.
    package var instances: [InstanceRule] = []
    /// When there is no room for tasks, and why.
    package var capacity: [CapacityRule] = []
    /// Secrets, parameters and log groups that are not there.
    package var missing = MissingThings()
    /// When CloudWatch alarms are in ALARM.
    package var alarms: [AlarmRule] = []
    /// What happens by itself, or by somebody's hand, at which time.
    package var timeline: [Happening] = []
    /// What lifecycle hooks answer.
    package var hooks: [HookRule] = []
    /// Which kinds of things must exist before tasks may use them.
    package var strict = Strictness()
    /// What CloudWatch would measure of services.
    package var metrics: [MetricRule] = []

    package init() {}
}

// MARK: - Time

/// How long things take, in milliseconds. The defaults come from `captures/strings/rollout-sequences.tsv`.
package struct Timing: Equatable, Sendable {
    /// From a change of a service to the scheduler's first look at it: 14.4 s and 17.1 s in the two recorded cases.
    package var schedulerDelay: Int64 = 14_000
    /// Between two looks while something is under way.
    package var roundInterval: Int64 = 10_000
    /// From the start of a task to PENDING (its network interface), and from there to RUNNING: 30 s together where recorded.
    package var provisioning: Int64 = 10_000
    package var pulling: Int64 = 19_500
    /// From RUNNING to the registration of targets.
    package var registration: Int64 = 400
    /// From RUNNING to healthy without any check. Source: reference/ecs-api.md section 10, "40 s".
    package var healthyWithoutCheck: Int64 = 40_000
    /// From RUNNING to healthy behind a load balancer: 41 s where recorded.
    package var targetHealthy: Int64 = 40_800
    /// From RUNNING until a load balancer condemns a bad task, its grace period aside: 45 s where recorded.
    package var targetUnhealthy: Int64 = 45_000
    /// From a pull's start to its final failure, retries included: about two minutes in field reports.
    package var pullFailure: Int64 = 110_000
    /// From the stop of a task to the deregistration of its targets, and the time its connections may drain.
    package var deregistration: Int64 = 1_554
    package var draining: Int64 = 30_000
    /// From SIGTERM to STOPPED.
    package var stopping: Int64 = 30_000
    /// Waiting times before the replacement of a task that never ran, by the number of such failures in a row.
    /// 42 s, 30 s and 297 s where recorded; documented to grow to 15 minutes.
    package var backoff: [Int64] = [35_000, 35_000, 290_000, 600_000, 900_000]
    /// From the start of the replacement to the breaker's verdict: 3 s where recorded.
    package var breaker: Int64 = 2_900
    /// From the breaker's verdict to the scheduler's next look: 2.8 s where recorded.
    package var rollback: Int64 = 2_790
    /// From a service deployment's creation to its start. Source: `describe-service-deployments/aws__aws-cli…`: 1.6 s.
    package var serviceDeploymentStart: Int64 = 1_600
    /// How long stopped tasks and deleted services stay visible. "About an hour"; for services AWS does not say.
    package var stoppedTaskVisible: Int64 = 3_600_000
    package var inactiveServiceVisible: Int64 = 3_600_000
    /// How often a service at rest says so again: every six hours. nil never: a simulation can then run until nothing is due.
    package var steadyReminder: Int64? = 6 * 3_600_000
    /// From a Spot interruption's notice to the end of the task. Source: Developer Guide, Fargate Spot termination notices.
    package var spotWarning: Int64 = 120_000
    /// How long a rolling deployment with alarms is watched after it is whole. ECS computes the time from the alarms and
    /// does not say how; five minutes is our choice. Source: Developer Guide, "How CloudWatch alarms detect … failures".
    package var alarmBake: Int64 = 300_000
    /// Random lengthening of each task's start, from nothing to this.
    package var startJitter: Int64 = 0
    /// The parts of traffic-shifting deployments.
    package var shift = ShiftTiming()

    package init() {}

    /// Everything within a few seconds, in the same order: for demonstrations and tests on the wall clock.
    package static var brisk: Timing {
        var timing = Timing()
        timing.schedulerDelay = 700
        timing.roundInterval = 500
        timing.provisioning = 300
        timing.pulling = 700
        timing.registration = 50
        timing.healthyWithoutCheck = 1_000
        timing.targetHealthy = 1_200
        timing.targetUnhealthy = 2_000
        timing.pullFailure = 1_000
        timing.deregistration = 100
        timing.draining = 500
        timing.stopping = 500
        timing.backoff = [600, 600, 1_500, 3_000, 5_000]
        timing.breaker = 200
        timing.rollback = 200
        timing.serviceDeploymentStart = 150
        timing.shift = .brisk
        timing.spotWarning = 2_000
        timing.alarmBake = 2_000
        return timing
    }
}

/// Reads that do not see a write yet. Source: reference/ecs-api.md section 5, "eventually consistent".
package struct ReadLag: Equatable, Sendable {
    /// Each write stays unseen by reads for a time drawn from here, in milliseconds.
    package var milliseconds: ClosedRange<Int64> = 0...0

    package init(milliseconds: ClosedRange<Int64> = 0...0) { self.milliseconds = milliseconds }

    var isNone: Bool { milliseconds.upperBound <= 0 }
}

// MARK: - Faults

/// A call that goes wrong on purpose.
package struct FaultRule: Equatable, Sendable {
    /// The operation's name, with its API or without, and with `*` for any text: `UpdateService`, `Describe*`,
    /// `ssm:GetParameters`, `*`.
    package var operation: String
    package var occurrence: Occurrence
    package var fault: Fault
    /// The rule holds for calls in this stretch of time; nil is open.
    package var from: Int64?
    package var until: Int64?

    package enum Occurrence: Equatable, Sendable {
        /// The calls with these numbers, counted from 1 among those that the rule's operation and time take in.
        case ordinals([Int])
        /// So many of a thousand calls, drawn from the seed.
        case perMille(Int)
        case always
    }

    package init(
        _ operation: String, _ occurrence: Occurrence, _ fault: Fault, from: Int64? = nil, until: Int64? = nil,
    ) {
        self.operation = operation
        self.occurrence = occurrence
        self.fault = fault
        self.from = from
        self.until = until
    }
}

package enum Fault: Equatable, Sendable {
    /// ThrottlingException; nothing is performed.
    case throttle
    /// ServerException with this status; nothing is performed.
    case serverError(status: Int = 500)
    /// ServerException with this status, although the call was performed.
    case serverErrorAfterwards(status: Int = 500)
    /// AccessDeniedException; nothing is performed.
    case accessDenied
    /// ExpiredTokenException; nothing is performed.
    case expiredCredentials
    /// The connection closes before the request is read; nothing is performed.
    case droppedBefore
    /// The call is performed, then the connection closes without an answer.
    case lostResponse
    /// An HTML page from something in between, with this status; nothing is performed.
    case html(status: Int = 502)
    /// The answer comes so much later.
    case slow(milliseconds: Int64)
    /// Any error of the API, by name.
    case error(APIError)
}
