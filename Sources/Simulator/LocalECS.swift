package import MooringShapes

/// The local ECS: a value that answers calls and lets time pass, without a clock, a socket or randomness of its own.
///
/// State is kept apart by account and region. The same seed, configuration and sequence of calls give the same answers, on any
/// machine and in any build: no Set or Dictionary is walked unless its keys are sorted first.
package struct LocalECS: Sendable {
    package struct Configuration: Sendable {
        package var scenario = Scenario()
        /// Clusters that every account and region has from the start.
        package var clusters = ["default"]
        /// Accounts of access keys; a key that is not listed belongs to `account`.
        package var accounts: [String: String] = [:]
        /// Where calls without a listed key go: the account of AWS's own examples.
        package var account = "123456789012"
        package var region = "us-east-1"
        /// Whether AssumeRole's credentials end with their duration. Off where the clock does not run like the client's.
        package var credentialsExpire = true
        /// Whether requests must be signed with a key of `secrets`, or with credentials that AssumeRole handed out.
        package var requiresSignatures = false
        /// The secrets of access keys.
        package var secrets: [String: String] = [:]
        /// Whether `log` is kept: the newest calls, up to a bound.
        package var keepsLog = false

        package init() {}
    }

    package private(set) var configuration: Configuration
    package private(set) var now: Int64
    /// How often each operation was called, faults included. Operations that no API has are not counted: their names are
    /// the caller's.
    package private(set) var calls: [Operation: Int] = [:]
    /// The newest calls over the wire, oldest first.
    package internal(set) var log: [LoggedCall] = []

    private let random: KeyedRandom
    private var worlds: [World] = []
    private var positions: [String: Int] = [:]
    /// Callers of temporary credentials by access key.
    var sessions: [String: Session] = [:]
    /// The sessions' keys in the order of their coming.
    private var sessionOrder: [String] = []
    var sessionCount = 0
    var requestCount = 0
    var faultCounts: [Int] = []
    /// Happenings that are still to come, the next one last.
    private var pending: [Happening] = []
    /// What came of those that were due, oldest first.
    package internal(set) var happened: [Happened] = []
    var untoldObjections: [String] = []

    /// Credentials that AssumeRole handed out.
    struct Session: Sendable {
        let account: String
        let arn: String
        let userID: String
        let secret: String
        let token: String
        let expiresAt: Int64
    }

    /// - Parameter now: the virtual time at the start, in milliseconds since 1970.
    package init(configuration: Configuration = Configuration(), seed: UInt64, now: Int64 = 1_767_225_600_000) {
        self.configuration = configuration
        self.now = now
        random = KeyedRandom(seed: seed)
        faultCounts = Array(repeating: 0, count: configuration.scenario.faults.count)
        pending = LocalECS.pending(configuration.scenario, from: now)
    }

    // MARK: Time

    /// When something happens by itself next, nil where nothing is planned.
    package var nextEventTime: Int64? {
        let planned = worlds.compactMap(\.queue.nextTime).min()
        guard let next = pending.last?.at else { return planned }
        return min(planned ?? .max, max(now, next))
    }

    /// Lets everything happen that is due up to and at `time`. Time never goes back.
    package mutating func advance(to time: Int64) {
        guard time >= now else { return }
        while let next = pending.last, next.at <= time {
            pending.removeLast()
            pass(to: max(now, next.at))
            happen(next)
        }
        pass(to: time)
    }

    private mutating func pass(to time: Int64) {
        now = time
        for index in worlds.indices { worlds[index].advance(to: time) }
    }

    /// The scenario from now on; what is under way keeps what was decided for it.
    package var scenario: Scenario {
        get { configuration.scenario }
        set {
            configuration.scenario = newValue
            faultCounts = Array(repeating: 0, count: newValue.faults.count)
            // What is past by now has happened, or never will.
            pending = LocalECS.pending(newValue, from: now + 1)
            for index in worlds.indices { worlds[index].take(newValue) }
        }
    }

    // MARK: Calls

    /// Performs one call at `time`.
    ///
    /// - Parameter input: the members of the request; scalars have JSON's types.
    package mutating func perform(
        _ operation: Operation, _ input: Value, as caller: Caller, at time: Int64,
    ) -> Result<Value, APIError> {
        advance(to: time)
        count(operation)
        do throws(APIError) {
            return .success(try answer(operation, input, caller))
        } catch {
            return .failure(error)
        }
    }

    mutating func answer(_ operation: Operation, _ input: Value, _ caller: Caller) throws(APIError) -> Value {
        let input = try Input(try InputValidator.checked(input, for: operation), of: operation.description)
        if operation.api == .sts { return try answerSTS(operation, input, caller) }
        if positions[caller.account + "/" + caller.region] == nil, worlds.count >= Limits.worlds {
            throw .accessDenied(caller, action: operation.description, resource: "*")
        }
        let position = world(caller)
        if configuration.scenario.throttles { try worlds[position].takeToken(for: operation) }
        let answer = try worlds[position].answer(operation, input, caller)
        if operation.api == .iam { shareRoles(of: position) }
        return answer
    }

    /// Roles belong to the whole account, whatever region was asked.
    private mutating func shareRoles(of position: Int) {
        for index in worlds.indices where worlds[index].account == worlds[position].account {
            worlds[index].neighbours.roles = worlds[position].neighbours.roles
        }
    }

    mutating func count(_ operation: Operation) {
        guard InputShapes.table(of: operation.api).input(of: operation.name) != nil else { return }
        calls[operation, default: 0] += 1
    }

    /// Changes the world of a caller, which comes to be with this where nobody has called there yet.
    mutating func change<Outcome>(worldOf caller: Caller, _ body: (inout World) -> Outcome) -> Outcome {
        let position = world(caller)
        return body(&worlds[position])
    }

    private mutating func world(_ caller: Caller) -> Int {
        let key = caller.account + "/" + caller.region
        if let position = positions[key] { return position }
        var world = World(
            account: caller.account, region: caller.region,
            random: random.child(.world, KeyedRandom.scope(caller.account, caller.region)),
            scenario: configuration.scenario, now: now)
        for name in configuration.clusters { world.insertCluster(name) }
        world.insertClusters(of: configuration.scenario)
        if let sibling = worlds.first(where: { $0.account == caller.account }) {
            world.neighbours.roles = sibling.neighbours.roles
        }
        positions[key] = worlds.count
        worlds.append(world)
        return worlds.count - 1
    }

    /// The world of a caller, for tests and the state dump; nil where nobody called there yet.
    func world(account: String, region: String) -> World? { positions[account + "/" + region].map { worlds[$0] } }

    var allWorlds: [World] { worlds }

    /// All worlds, and last the configured account's and region's as it will be with the first call, if none came yet.
    var shownWorlds: [World] {
        let home = Caller(account: configuration.account, region: configuration.region)
        guard world(account: home.account, region: home.region) == nil else { return worlds }
        var copy = self
        _ = copy.world(home)
        return copy.worlds
    }

    /// One call over the wire.
    package struct LoggedCall: Equatable, Sendable {
        package let time: Int64
        package let account: String
        package let region: String
        package let operation: Operation
        /// The HTTP status of the answer, 0 where the connection was dropped.
        package let status: Int
    }

    mutating func note(_ operation: Operation, _ caller: Caller, status: Int) {
        guard configuration.keepsLog else { return }
        // Cut in halves, so that a full log does not move on every call.
        if log.count >= 2 * Limits.loggedCalls { log.removeFirst(Limits.loggedCalls) }
        log.append(
            LoggedCall(
                time: now, account: caller.account, region: caller.region, operation: operation, status: status))
    }

    package mutating func forgetCalls() {
        log = []
        calls = [:]
    }

    // MARK: Sessions

    /// Keeps a session that AssumeRole hands out. Expired ones go, and the oldest beyond the bound.
    ///
    /// Durations differ, so a short session behind a long one goes with it: hours later, never too early.
    mutating func keep(_ session: Session, of key: String) {
        sessions[key] = session
        sessionOrder.append(key)
        let expired =
            configuration.credentialsExpire
            ? sessionOrder.prefix { sessions[$0].map { $0.expiresAt <= now } ?? true }.count : 0
        let excess = max(expired, sessionOrder.count - Limits.sessions)
        guard excess > 0 else { return }
        for key in sessionOrder.prefix(excess) { sessions[key] = nil }
        sessionOrder.removeFirst(excess)
    }

    // MARK: Randomness of the shell around the worlds

    var generator: KeyedRandom { random }
}

extension World {
    /// Every operation that this version answers.
    mutating func answer(_ operation: Operation, _ input: Input, _ caller: Caller) throws(APIError) -> Value {
        switch operation.api {
        case .ecs: try answerECS(operation.name, input, caller)
        case .applicationAutoScaling: try answerScaling(operation.name, input)
        case .ssm: try answerParameters(operation.name, input)
        case .logs: try answerLogs(operation.name, input)
        case .ecr: try answerRegistry(operation.name, input)
        case .secretsManager: try answerSecrets(operation.name, input)
        case .iam: try answerIAM(operation.name, input)
        case .elasticLoadBalancing: try answerBalancers(operation.name, input)
        case .sts: throw .unknownOperation(operation.name)
        }
    }

    mutating func answerECS(_ name: String, _ input: Input, _ caller: Caller) throws(APIError) -> Value {
        switch name {
        case "CreateCluster": try createCluster(input)
        case "DescribeClusters": try describeClusters(input)
        case "ListClusters": try listClusters(input)
        case "UpdateCluster": try updateCluster(input)
        case "UpdateClusterSettings": try updateClusterSettings(input)
        case "PutClusterCapacityProviders": try putClusterCapacityProviders(input)
        case "DeleteCluster": try deleteCluster(input)
        case "CreateCapacityProvider": try createCapacityProvider(input)
        case "DescribeCapacityProviders": try describeCapacityProviders(input)
        case "UpdateCapacityProvider": try updateCapacityProvider(input)
        case "DeleteCapacityProvider": try deleteCapacityProvider(input)
        case "RegisterTaskDefinition": try registerTaskDefinition(input, caller)
        case "DescribeTaskDefinition": try describeTaskDefinition(input)
        case "DeregisterTaskDefinition": try deregisterTaskDefinition(input)
        case "DeleteTaskDefinitions": try deleteTaskDefinitions(input)
        case "ListTaskDefinitions": try listTaskDefinitions(input)
        case "ListTaskDefinitionFamilies": try listTaskDefinitionFamilies(input)
        case "CreateService": try createService(input, caller)
        case "UpdateService": try updateService(input)
        case "DeleteService": try deleteService(input)
        case "DescribeServices": try describeServices(input)
        case "ListServices": try listServices(input)
        case "ListServicesByNamespace": try listServicesByNamespace(input)
        case "ListTasks": try listTasks(input)
        case "DescribeTasks": try describeTasks(input)
        case "StopTask": try stopTask(input)
        case "RunTask": try runTask(input)
        case "GetTaskProtection": try getTaskProtection(input)
        case "UpdateTaskProtection": try updateTaskProtection(input)
        case "TagResource": try tagResource(input)
        case "UntagResource": try untagResource(input)
        case "ListTagsForResource": try listTags(input)
        case "ListServiceDeployments": try listServiceDeployments(input)
        case "DescribeServiceDeployments": try describeServiceDeployments(input)
        case "DescribeServiceRevisions": try describeServiceRevisions(input)
        case "StopServiceDeployment": try stopServiceDeployment(input)
        case "ContinueServiceDeployment": try continueServiceDeployment(input)
        case "CreateTaskSet": try createTaskSet(input)
        case "DescribeTaskSets": try describeTaskSets(input)
        case "UpdateTaskSet": try updateTaskSet(input)
        case "DeleteTaskSet": try deleteTaskSet(input)
        case "UpdateServicePrimaryTaskSet": try updateServicePrimaryTaskSet(input)
        case "ListContainerInstances": try listContainerInstances(input)
        case "DescribeContainerInstances": try describeContainerInstances(input)
        case "UpdateContainerInstancesState": try updateContainerInstancesState(input)
        case "ListAttributes": try listAttributes(input)
        case "PutAttributes": try putAttributes(input)
        case "DeleteAttributes": try deleteAttributes(input)
        case "ListAccountSettings": try listAccountSettings(input, caller)
        case "PutAccountSetting": try putAccountSetting(input, caller, isDefault: false)
        case "PutAccountSettingDefault": try putAccountSetting(input, caller, isDefault: true)
        case "DeleteAccountSetting": try deleteAccountSetting(input, caller)
        default: throw .unknownOperation(name)
        }
    }
}
