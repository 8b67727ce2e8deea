import MooringShapes

/// A service.
struct ServiceRecord: Sendable {
    enum Status: String, Sendable {
        case active = "ACTIVE"
        case draining = "DRAINING"
        case inactive = "INACTIVE"
    }

    let cluster: Int
    let name: String
    let arn: String
    /// The random scope of everything below the service.
    let scope: UInt64
    let createdAt: Int64
    let createdBy: String
    /// The CreateService input without its token, to tell a repetition from a clash.
    let createInput: Value
    let clientToken: String?

    var status = Status.active
    var settings: ServiceSettings
    var desiredCount: Int
    var tags: [Tag] = []

    /// PRIMARY first, then ACTIVE, newest first.
    var deployments: [DeploymentRecord] = []
    /// The last deployment that completed: where a rollback goes.
    var rollbackCandidate: DeploymentRecord?
    /// The traffic-shifting deployment under way; nil while the scheduler rolls or rests.
    var shift: ShiftRecord?
    var deploymentCount = 0
    /// Oldest first; only under an EXTERNAL controller, each with a deployment of the same number.
    var taskSets: [TaskSetRecord] = []
    /// Oldest first.
    var serviceDeployments: [ServiceDeploymentRecord] = []
    var serviceRevisions: [ServiceRevisionRecord] = []
    var serviceDeploymentCount = 0

    /// Oldest first.
    var events: [EventRecord] = []
    var eventCount = 0
    /// When messages that ECS suppresses were last said.
    var lastSaid: [String: Int64] = [:]

    /// Target groups under which the world finds the service, and how many there were when they were last gone through.
    var notedGroups: [String] = []
    var neededGroups = 0

    /// Ordinals of tasks that are not STOPPED, in order of their start.
    var tasks: [Int] = []
    var taskCount = 0
    /// When the present minute of launches began, and how many there were in it.
    var launchMinute: Int64 = .min
    var launches = 0
    /// Tasks whose registration with the load balancer is due together.
    var awaitingRegistration: [Int] = []

    /// When the scheduler looks next; nil where nothing is under way.
    var roundAt: Int64?
    var isSteady = false
    var steadySince: Int64 = 0

    /// What reads answer until `staleUntil`: the service as it was before the write. nil where it did not exist.
    var staleView: ServiceView?
    var staleUntil: Int64 = .min
    var staleSince: Int64 = .max
    /// A write in flight for readers.
    var isStale = false

    var deletedAt: Int64?
}

/// A service as reads see it.
struct ServiceView: Sendable {
    let described: Value
    let tags: Value
    let status: ServiceRecord.Status
}

/// Everything a request can say about a service, with ECS's defaults filled in. Trees are echoed as they stand.
struct ServiceSettings: Sendable {
    var taskDefinition = ""
    var launchType: String?
    var capacityProviderStrategy: Value?
    var platformVersion: String?
    var networkConfiguration: Value?
    var loadBalancers: [Value] = []
    var serviceRegistries: [Value] = []
    var placementConstraints: [Value] = []
    var placementStrategy: [Value] = []
    var healthCheckGracePeriodSeconds: Int?
    var deploymentConfiguration: Value = .map([])
    var deploymentController = "ECS"
    var schedulingStrategy = "REPLICA"
    var role: String?
    var enableECSManagedTags = false
    var enableExecuteCommand = false
    var propagateTags = "NONE"
    var availabilityZoneRebalancing = "ENABLED"
    var serviceConnectConfiguration: Value?
    var volumeConfigurations: [Value] = []
    var vpcLatticeConfigurations: [Value] = []
    /// Members that this version does nothing with; service revisions show them as they were sent.
    var others: [Value.Member] = []

    var isFargate: Bool {
        if launchType == "FARGATE" { return true }
        let providers = capacityProviderStrategy?.elements ?? []
        return providers.contains { $0["capacityProvider"]?.text?.hasPrefix("FARGATE") == true }
    }
}

/// One deployment of a service.
struct DeploymentRecord: Sendable {
    enum Status: String, Sendable {
        /// The newest, or the one a rollback returned to.
        case primary = "PRIMARY"
        /// On its way out.
        case active = "ACTIVE"
    }

    enum RolloutState: String, Sendable {
        case inProgress = "IN_PROGRESS"
        case completed = "COMPLETED"
        case failed = "FAILED"
    }

    /// 19 digits; the id is `ecs-svc/` and these.
    let number: String
    var status = Status.primary
    var settings: ServiceSettings
    var desiredCount = 0
    var failedTasks = 0
    /// The breaker's own count: it may be reset by a healthy task.
    var breakerCount = 0
    /// Tasks in a row that never ran; decides how long the next waits.
    var startFailures = 0
    var nextStartAt: Int64 = .min
    /// The breaker's verdict is planned.
    var isBreakerDue = false
    /// Set where a rollback made this deployment PRIMARY again.
    var isRollback = false
    /// Whether its tasks register with the alternate target groups.
    var usesAlternate = false
    /// Its shares of production and test traffic in tenths of a percent; nil where ECS shifts none.
    var production: Int?
    var test: Int?
    /// Whether one of its alarms was in ALARM when it began: then none of them counts.
    var ignoresAlarms = false
    /// When the watch over its alarms ends; nil until it is whole.
    var bakesUntil: Int64?
    let createdAt: Int64
    var updatedAt: Int64
    var rolloutState = RolloutState.inProgress
    var rolloutStateReason: String
    /// The service deployment that this one belongs to; nil before records existed.
    var serviceDeployment: String?

    var id: String { "ecs-svc/" + number }
}

/// A service deployment: ECS's own record of a rollout.
struct ServiceDeploymentRecord: Sendable {
    enum Status: String, Sendable {
        case pending = "PENDING"
        case inProgress = "IN_PROGRESS"
        case stopRequested = "STOP_REQUESTED"
        case stopped = "STOPPED"
        case successful = "SUCCESSFUL"
        case rollbackRequested = "ROLLBACK_REQUESTED"
        case rollbackInProgress = "ROLLBACK_IN_PROGRESS"
        case rollbackSuccessful = "ROLLBACK_SUCCESSFUL"
        case rollbackFailed = "ROLLBACK_FAILED"

        var isOver: Bool {
            switch self {
            case .stopped, .successful, .rollbackSuccessful, .rollbackFailed: true
            case .pending, .inProgress, .stopRequested, .rollbackRequested, .rollbackInProgress: false
            }
        }
    }

    let id: String
    let arn: String
    /// The deployment's number, which is also its service revision's.
    let target: String
    /// The numbers of the deployments that there were before.
    let sources: [String]
    /// Counts at the end, the target's first; before it they are read live.
    var finalCounts: [RevisionCounts]?
    let createdAt: Int64
    var startedAt: Int64?
    var finishedAt: Int64?
    var stoppedAt: Int64?
    var updatedAt: Int64
    var status = Status.pending
    var statusReason: String?
    var rollback: Rollback?
    let deploymentConfiguration: Value
    var breakerStatus: String
    var failureCount = 0
    var threshold: Int
    /// Whether ECS shifts traffic in it: only then revisions have weights.
    var hasWeights = false
    var lifecycleStage: LifecycleStage?
    /// The hooks of the stage, or of the stage that failed.
    var hooks: [HookExecution] = []
    var alarmStatus = "DISABLED"
    var triggeredAlarms: [String] = []
    /// What StopServiceDeployment asked for and has not begun.
    var abortsOnStop = false

    struct RevisionCounts: Sendable {
        let number: String
        let requested: Int
        let running: Int
        let pending: Int
        let production: Int?
        let test: Int?
    }

    struct Rollback: Sendable {
        let reason: String
        let startedAt: Int64
        let revision: String
    }
}

/// A service revision: what a deployment runs, for ever.
struct ServiceRevisionRecord: Sendable {
    /// The deployment's number. Source: `captures/findings.md`, "equals the number in `ecs-svc/…`".
    let number: String
    let arn: String
    let settings: ServiceSettings
    let createdAt: Int64
    /// What tags of the account's own registry stood for when it was made, by image: later pushes change nothing of it.
    var digests: [String: String] = [:]
    /// Whether its tasks register with the alternate target groups.
    var usesAlternate = false
}
