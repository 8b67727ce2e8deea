import MooringShapes

/// How many tasks a rolling update may start and stop at once.
///
/// Source: API model, DeploymentConfiguration: the floor is rounded up, the ceiling down; 100 and 200 where nothing is
/// said, 0 and 100 for daemons.
struct DeploymentPercents: Hashable {
    /// Tasks that the service shall have.
    let desired: Int
    /// Percent of them that must keep running.
    let minimum: Int
    /// Percent of them that may run or be starting at once.
    let maximum: Int

    /// Reads a CreateService input, or a service as described.
    init(service: Value) {
        let configuration = service["deploymentConfiguration"]
        let isDaemon = service["schedulingStrategy"]?.text == "DAEMON"
        desired = min(max(service["desiredCount"]?.integer ?? 1, 0), Limits.countedTasks)
        minimum = min(max(configuration?["minimumHealthyPercent"]?.integer ?? (isDaemon ? 0 : 100), 0), 100)
        maximum = min(max(configuration?["maximumPercent"]?.integer ?? (isDaemon ? 100 : 200), 0), 1000)
    }

    /// Fewest tasks that run.
    var floor: Int { (desired * minimum + 99) / 100 }
    /// Most tasks that run or are starting.
    var ceiling: Int { desired * maximum / 100 }

    /// Batches in which all tasks are replaced. Where no task may move, one at a time is counted: the rollout is stuck,
    /// which is another matter than how long it may take.
    var batches: Int {
        guard desired > 0 else { return 1 }
        let size = max(1, ceiling - floor)
        return (desired + size - 1) / size
    }

    /// Whether no task may be started and none stopped.
    var isDeadlock: Bool { desired > 0 && floor >= desired && ceiling <= desired }
}
