/// The bounds of the local ECS, each with the place that says so.
package enum Limits {
    /// Services per DescribeServices. Source: API reference, DescribeServices `services`.
    static let describedServices = 10
    /// Tasks per DescribeTasks, clusters per DescribeClusters. Source: API reference.
    static let describedTasks = 100
    static let describedClusters = 100
    /// Records per DescribeServiceDeployments and DescribeServiceRevisions. Source: API reference.
    static let describedDeployments = 20
    /// Services per page of ListServices where the request does not say. Source: API reference, ListServices `maxResults`.
    static let listedServicesByDefault = 10
    /// Entries per page of ListServiceDeployments where the request does not say. Source: API reference.
    static let listedDeploymentsByDefault = 20
    /// Largest page of every list. Source: API reference, `maxResults`.
    static let listedAtMost = 100
    /// Events kept per service. Source: API reference, Service `events`: "up to 100 of the latest".
    static let events = 100
    /// Tags per resource. Source: API reference, TagResource.
    static let tags = 50
    static let tagKeyCharacters = 128
    static let tagValueCharacters = 256
    /// Containers per task definition, bytes of one. Source: Developer Guide, service quotas.
    static let containersPerTaskDefinition = 10
    static let taskDefinitionBytes = 65_536
    /// Subnets, security groups, target groups per service. Source: Developer Guide, service quotas.
    static let subnets = 16
    static let securityGroups = 5
    static let targetGroups = 5
    /// Tasks per service. Source: Developer Guide, service quotas.
    static let tasksPerService = 5000
    /// Largest value of a breaker's threshold: any count or percentage that makes sense, and products stay small.
    static let breakerThreshold = 100_000
    /// Client tokens of RunTask kept per account and region: the oldest goes first.
    static let runTaskTokens = 10_000
    /// Characters of RunTask's client token. Source: API reference, RunTask `clientToken`.
    static let runTaskTokenCharacters = 64
    /// Copies per RunTask. Source: API reference, RunTask `count`.
    static let runTaskCount = 10
    /// How long a client token stands for its first answer. Source: EC2's idempotency page; ECS documents none.
    static let clientTokenMilliseconds: Int64 = 24 * 3_600_000
    /// Scalable targets per answer. Source: API reference of Application Auto Scaling, DescribeScalableTargets.
    static let scalableTargets = 50

    /// Names per GetParameters, characters of a standard parameter's name and value, levels of its hierarchy.
    /// Source: API reference of Systems Manager, GetParameters and PutParameter.
    static let parametersPerCall = 10
    static let parameterNameCharacters = 2048
    static let parameterValueBytes = 4096
    static let parameterLevels = 15
    /// Versions of a parameter that are kept. Source: Systems Manager User Guide, "Working with parameter versions".
    static let parameterVersions = 100
    /// Bytes of a secret's value, and versions of it that are kept. Source: Secrets Manager User Guide, quotas.
    static let secretBytes = 65_536
    static let secretVersions = 100
    /// Events that a log stream keeps, and their bytes together. CloudWatch keeps all of them for the group's retention.
    static let logEvents = 10_000
    static let logStreamBytes = 8_388_608

    /// Longest bake time, longest time of a hook, and how long a stage may last, in minutes.
    /// Source: API reference, LinearConfiguration and DeploymentLifecycleHookTimeoutConfiguration; Developer Guide, blue/green
    /// workflow.
    static let bakeMinutes = 1440
    static let hookMinutes = 20_160
    static let stageMinutes: Int64 = 1440
    /// How long a whole traffic-shifting deployment may last: 30 days. Source: Developer Guide, blue/green workflow.
    static let deploymentMinutes: Int64 = 43_200
    /// How long service deployments can be seen: 90 days. Source: Developer Guide, service deployments.
    static let deploymentHistoryMilliseconds: Int64 = 90 * 24 * 3_600_000

    /// Service deployments kept per service. ECS keeps 90 days; this many cover every test and bound the memory.
    static let keptServiceDeployments = 200
    /// Service revisions kept per service: those of the kept service deployments, and as many again that only ARNs name.
    static let keptServiceRevisions = 400
    /// Source revisions that one service deployment names: more than run beside one another outside of a storm of calls.
    static let sourcesPerServiceDeployment = 50
    /// Characters of a task list in one event. ECS cuts long lists; the bound keeps a service of 5,000 tasks readable.
    static let tasksNamedPerEvent = 100
    /// Container instances that a cluster may have: each placement looks at all of them.
    static let containerInstances = 500
    /// Ports that a container instance may have reserved. Source: API reference, PortMapping `hostPort`.
    static let reservedPorts = 100
    /// Tasks that the scheduler launches for one service within a minute. Source: Developer Guide, service quotas.
    static let launchesPerMinute = 500
    /// Characters of a refused token that the refusal repeats.
    static let toldTokenCharacters = 200
    /// Shortest time between two reminders of a steady state: each is an event of every service that rests.
    static let reminderMilliseconds = 1_000
    /// Happenings of a scenario: more than anybody writes.
    static let happenings = 1000
    /// Most internal events that one `advance` performs before it gives up: a scenario cannot hang a test.
    static let eventsPerAdvance = 50_000_000

    /// Largest request body that the server reads. A task definition of 64 KB fits many times.
    static let requestBytes = 1_048_576
    /// Most that is read and thrown away of a body past that limit: more than any test sends by mistake.
    static let discardedBytes = 67_108_864
    /// Worlds, one for each account and region that somebody calls: AWS has some thirty regions. Each takes memory.
    static let worlds = 250
    /// Longest name of a region. The longest of AWS has fewer than twenty characters.
    static let regionCharacters = 32
    /// Sessions that AssumeRole handed out and that are kept: the oldest goes first.
    static let sessions = 10_000
    /// Calls that the server's log keeps for its control endpoint.
    static let loggedCalls = 10_000
    /// Longest that an answer may take, delays on purpose included.
    static let answerSeconds = 120.0
    /// How long a server may take to listen, and to answer the calls in hand when it stops.
    static let listenSeconds = 5.0
    static let stopSeconds = 2.0
}
