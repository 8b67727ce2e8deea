import MooringShapes

/// One task. Its states succeed one another as listed; any may be cut short by a stop.
struct TaskRecord: Sendable {
    enum Status: String, Sendable {
        case provisioning = "PROVISIONING"
        case pending = "PENDING"
        case running = "RUNNING"
        /// Behind a load balancer: taken out of it.
        case deactivating = "DEACTIVATING"
        /// SIGTERM was sent.
        case stopping = "STOPPING"
        case deprovisioning = "DEPROVISIONING"
        case stopped = "STOPPED"
    }

    /// What will become of the task, decided by its images when it starts.
    enum Fate: Equatable, Sendable {
        case good
        /// No network interface: it does not get beyond PROVISIONING.
        case cannotProvision(reason: String)
        case cannotStart(reason: String)
        /// The reason is the container's, where the kernel ended it.
        case crashes(exitCode: Int, after: Int64, container: Int, reason: String?)
        case unhealthy
    }

    struct Container: Sendable {
        let name: String
        let image: String
        var exitCode: Int?
        var reason: String?
    }

    /// Protection from being stopped by the scheduler. Source: API reference, UpdateTaskProtection.
    struct Protection: Sendable {
        /// When it ends by itself, in milliseconds; nil lasts for ever.
        var expiresAt: Int64?

        func holds(at now: Int64) -> Bool { expiresAt.map { $0 > now } ?? true }
    }

    let ordinal: Int
    let id: String
    let arn: String
    let cluster: Int
    /// Position of the service that started it; nil for RunTask.
    let service: Int?
    /// The deployment's number, without `ecs-svc/`.
    let deployment: String?
    let taskDefinition: String
    let family: String
    let group: String
    var startedBy: String?
    let launchType: String
    let capacityProvider: String?
    let platformVersion: String?
    let subnet: String?
    let usesNetworkInterface: Bool
    /// Position of the container instance in its cluster; nil on Fargate.
    let instance: Int?
    let summary: TaskDefinitionSummary
    /// The host ports that were chosen for it, in the order of its containers and their mappings.
    var chosenPorts: [Int] = []
    var containers: [Container]
    var fate: Fate
    var delays: ImageBehaviour.Delays
    /// What a load balancer says of it while its checks fail.
    let targetReason: String
    var tags: [Tag] = []
    var overrides: Value
    var enableExecuteCommand = false
    /// Set while the task is protected from scaling in.
    var protection: Protection?

    var status = Status.provisioning
    var wantsToRun = true
    /// The scheduler's view: healthy tasks count for the minimum.
    var isHealthy = false
    var isUnhealthy = false
    /// What made it unhealthy, as the event says it behind `(service name) `.
    var unhealthyMessage: String?
    var isRegistered = false
    /// Steps planned before a stop carry an older number and do nothing.
    var epoch = 0
    var version = 1

    let createdAt: Int64
    var pullStartedAt: Int64?
    var pullStoppedAt: Int64?
    var startedAt: Int64?
    var stoppingAt: Int64?
    var executionStoppedAt: Int64?
    var stoppedAt: Int64?
    var stopCode: String?
    var stoppedReason: String?

    var isPending: Bool { status == .provisioning || status == .pending }

    /// Whether the scheduler may stop the task to scale in or to replace it.
    func isProtected(at now: Int64) -> Bool { protection?.holds(at: now) ?? false }

    /// The container's health as DescribeTasks says it.
    var healthStatus: String {
        guard summary.hasContainerCheck else { return "UNKNOWN" }
        if isUnhealthy { return "UNHEALTHY" }
        return isHealthy ? "HEALTHY" : "UNKNOWN"
    }
}
