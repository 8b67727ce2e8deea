/// Container instances that a cluster has.
package struct InstanceRule: Equatable, Sendable {
    /// The cluster's name; nil is every cluster.
    package var cluster: String?
    package var count: Int
    /// What tasks may use together; nil is what an instance of the default size has.
    package var cpu: Int?
    package var memory: Int?
    /// Network interfaces that tasks may use together: what the type leaves beside the instance's own; nil is boundless.
    package var networkInterfaces: Int?
    /// Host ports that are taken by something else.
    package var ports: [Int]
    /// The capacity provider that the instances belong to.
    package var provider: String?
    /// Whether the agent is connected: nothing is placed where it is not.
    package var isConnected: Bool

    package init(
        cluster: String? = nil, count: Int = 1, cpu: Int? = nil, memory: Int? = nil, networkInterfaces: Int? = nil,
        ports: [Int] = [], provider: String? = nil, isConnected: Bool = true,
    ) {
        self.cluster = cluster
        self.count = count
        self.cpu = cpu
        self.memory = memory
        self.networkInterfaces = networkInterfaces
        self.ports = ports
        self.provider = provider
        self.isConnected = isConnected
    }
}

/// A stretch of time in which no task can be placed somewhere.
package struct CapacityRule: Equatable, Sendable {
    /// A capacity provider's name: `FARGATE`, `FARGATE_SPOT`, one of the cluster's own; `EC2` is instances without a provider,
    /// `*` is everything.
    package var provider: String
    package var trouble: Trouble
    package var from: Int64?
    package var until: Int64?

    /// Why nothing can be placed.
    package enum Trouble: Equatable, Sendable {
        /// AWS has no room at this time.
        case unavailable
        /// The account's quota of vCPUs is used up.
        case processorQuota
        /// The account's quota of tasks is used up.
        case taskQuota
        /// Calls that the scheduler makes on the service's behalf are throttled.
        case throttled
        /// The account may not start anything.
        case blocked
        /// Tasks are placed and no network interface can be made for them: the whole text, nil is AWS's for a full subnet.
        case noNetworkInterface(reason: String?)
    }

    package init(_ provider: String, _ trouble: Trouble, from: Int64? = nil, until: Int64? = nil) {
        self.provider = provider
        self.trouble = trouble
        self.from = from
        self.until = until
    }

    func applies(to provider: String, at now: Int64) -> Bool {
        if let from, now < from { return false }
        if let until, now >= until { return false }
        return self.provider == "*" || self.provider == provider
    }
}

/// Things outside ECS that task definitions refer to and that are not there. Patterns as for images.
package struct MissingThings: Equatable, Sendable {
    /// Secrets Manager's secrets, by the name or ARN that `valueFrom` says.
    package var secrets: [String]
    /// Parameters of Systems Manager, by name or ARN.
    package var parameters: [String]
    package var logGroups: [String]

    package init(secrets: [String] = [], parameters: [String] = [], logGroups: [String] = []) {
        self.secrets = secrets
        self.parameters = parameters
        self.logGroups = logGroups
    }
}
