import MooringShapes

/// ECS in one account and region: records, what is planned, and the time.
///
/// Everything is reached by position, in order of creation; dictionaries only find positions. What walks one, the
/// state dump, sorts its keys first.
struct World: Sendable {
    let account: String
    let region: String
    let partition: String
    let random: KeyedRandom
    var scenario: Scenario
    var now: Int64

    var queue = EventQueue<WorldEvent>()

    var clusters: [ClusterRecord] = []
    var clusterPositions: [String: Int] = [:]
    var families: [FamilyRecord] = []
    var familyPositions: [String: Int] = [:]
    var services: [ServiceRecord] = []
    /// `cluster/name` to the newest service of that name.
    var servicePositions: [String: Int] = [:]
    var serviceGenerations: [String: Int] = [:]
    /// Target groups to the services that name them or have named them.
    var groupServices: [String: [Int]] = [:]
    var tasks: [Int: TaskRecord] = [:]
    var taskPositions: [String: Int] = [:]
    var taskCount = 0
    /// What RunTask did for a client token, and the tokens' keys in the order of their coming.
    var runTokens: [String: RunTokenRecord] = [:]
    var runTokenOrder: [(key: String, at: Int64)] = []
    var scalableTargets: [ScalableTargetRecord] = []
    var scalableTargetCount = 0
    var parameters: [ParameterRecord] = []
    var parameterPositions: [String: Int] = [:]
    var capacityProviders: [CapacityProviderRecord] = []
    var accountSettings = AccountSettingStore()
    var neighbours = Neighbours()
    var buckets = ThrottleBuckets()
    var lagCount = 0
    /// How many events were performed and how many records were walked over for them and for calls: what tests of growth
    /// count in the place of time. Walks whose length has a bound of its own are not in it.
    var work = 0

    init(account: String, region: String, random: KeyedRandom, scenario: Scenario, now: Int64) {
        self.account = account
        self.region = region
        partition = Caller.partition(of: region)
        self.random = random
        self.scenario = scenario
        self.now = now
    }

    // MARK: ARNs

    func arn(_ resource: String) -> String { "arn:\(partition):ecs:\(region):\(account):\(resource)" }

    /// The service-linked role that every service without a role of its own gets.
    /// Source: `describe-services/cloud-custodian…autoscaling_offhours_1.json`.
    var serviceLinkedRole: String {
        "arn:\(partition):iam::\(account):role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    }

    // MARK: Time

    /// Runs everything that is due up to and at `time`.
    mutating func advance(to time: Int64) {
        var performed = 0
        while performed < Limits.eventsPerAdvance, let due = queue.next(dueAt: time) {
            now = max(now, due.time)
            perform(due.event)
            work += 1
            performed += 1
        }
        now = max(now, time)
    }

    private mutating func perform(_ event: WorldEvent) {
        switch event {
        case .round(let service, let at): round(service, plannedAt: at)
        case .task(let ordinal, let epoch, let step): perform(step, ofTask: ordinal, epoch: epoch)
        case .registerTargets(let service): registerTargets(service)
        case .deregisterTargets(let service, let deployment, let count):
            deregisterTargets(service, deployment: deployment, count: count)
        case .breaker(let service, let deployment): breakerVerdict(service, deployment: deployment)
        case .reminder(let service, let since): remindOfSteadyState(service, since: since)
        case .serviceDeploymentStart(let service, let id): startServiceDeployment(service, id: id)
        case .forgetTask(let ordinal): forgetTask(ordinal)
        case .shift(let event): perform(event)
        case .stopRequest(let service, let id): performStopRequest(service, id: id)
        case .purge(let family, let revision): purge(family: family, revision: revision)
        case .scaling(let target): evaluateScaling(target)
        case .scheduledAction(let target, let name, let generation):
            performScheduledAction(name, target: target, generation: generation)
        }
    }

    // MARK: Visibility

    /// When a write of this moment may be read.
    mutating func nextVisibility() -> Int64 {
        if scenario.reads.isNone { return now }
        lagCount += 1
        return now + random.number(.lag, 0, lagCount, in: scenario.reads.milliseconds)
    }
}

/// What happens inside without a call.
enum WorldEvent: Sendable {
    /// The scheduler looks at a service, if that look is still the planned one.
    case round(service: Int, at: Int64)
    case task(ordinal: Int, epoch: Int, step: TaskStep)
    case registerTargets(service: Int)
    case deregisterTargets(service: Int, deployment: String, count: Int)
    case breaker(service: Int, deployment: String)
    case reminder(service: Int, since: Int64)
    case serviceDeploymentStart(service: Int, id: String)
    case forgetTask(ordinal: Int)
    case shift(ShiftEvent)
    /// What StopServiceDeployment asked for begins.
    case stopRequest(service: Int, id: String)
    /// A revision that was deleted may go.
    case purge(family: Int, revision: Int)
    /// Application Auto Scaling looks at a target's metrics; targets are named by a number that is never used again.
    case scaling(target: Int)
    case scheduledAction(target: Int, name: String, generation: Int)
}

/// A task's next step.
enum TaskStep: Sendable {
    case pending
    case running
    /// It could not be started.
    case failed
    case healthy
    case unhealthy
    /// The process ended by itself.
    case exited
    case stopping
    case deprovisioning
    case stopped
}
