/// A container instance.
struct InstanceRecord: Sendable {
    enum Status: String, Sendable {
        case active = "ACTIVE"
        case draining = "DRAINING"
    }

    /// 32 hexadecimal digits, as in its ARN.
    let id: String
    /// `i-` and 17 hexadecimal digits.
    let machine: String
    let registeredAt: Int64
    var rule: InstanceRule
    var status = Status.active
    var version = 1
    var tags: [Tag] = []
    /// What PutAttributes added, in the order of its coming.
    var attributes: [(name: String, value: String?)] = []
    /// Terminated: kept so that positions stay what they are.
    var isGone = false

    var usedCPU = 0
    var usedMemory = 0
    var usedInterfaces = 0
    /// Which of its ports tasks use.
    var ports = InstancePorts()
    var taskCount = 0

    /// Whether new tasks may be placed here at all.
    var isOpen: Bool { !isGone && status == .active }
    var registeredCPU: Int { rule.cpu ?? InstanceSize.standard.cpu }
    var registeredMemory: Int { rule.memory ?? InstanceSize.standard.memory }
}

/// The container instances of clusters: they come with the scenario, are drained and lost.
extension World {
    /// The instances of a cluster that are registered, whatever their status.
    func registeredInstances(_ cluster: Int) -> Int { clusters[cluster].machines.count { !$0.isGone } }

    func instanceARN(_ position: Int, of cluster: Int) -> String {
        arn("container-instance/\(clusters[cluster].name)/\(clusters[cluster].machines[position].id)")
    }

    func openInstances(_ cluster: Int) -> Int { clusters[cluster].machines.count(where: \.isOpen) }

    /// Whether a cluster has as many instances as its tasks need: the scenario says nothing of them.
    private func hasNeededInstances(_ cluster: Int) -> Bool {
        let name = clusters[cluster].name
        return scenario.containerInstances == nil
            && !scenario.instances.contains { $0.cluster == nil || $0.cluster == name }
    }

    /// One rule per instance that the scenario gives a cluster; nil where it has as many as its tasks need.
    private func wantedInstances(_ cluster: Int) -> [InstanceRule]? {
        let name = clusters[cluster].name
        let rules = scenario.instances.filter { $0.cluster == nil || $0.cluster == name }
        if rules.isEmpty {
            return scenario.containerInstances.map {
                Array(repeating: InstanceRule(), count: min(max(0, $0), Limits.containerInstances))
            }
        }
        var wanted: [InstanceRule] = []
        for rule in rules {
            let room = Limits.containerInstances - wanted.count
            wanted += Array(repeating: rule, count: min(max(0, rule.count), room))
        }
        return wanted
    }

    /// Gives a cluster the instances of the scenario: new ones come, those beyond their number go, the newest first.
    mutating func fillInstances(_ cluster: Int) {
        let present = clusters[cluster].machines.indices.filter { !clusters[cluster].machines[$0].isGone }
        guard let wanted = wantedInstances(cluster) else {
            for position in present { clusters[cluster].machines[position].rule = InstanceRule() }
            return
        }
        for (position, rule) in zip(present, wanted) { clusters[cluster].machines[position].rule = rule }
        for rule in wanted.dropFirst(present.count) { addInstance(rule, to: cluster) }
        for position in present.dropFirst(wanted.count).reversed() { loseInstance(position, of: cluster) }
        if present.count != wanted.count { wakeDaemons(cluster) }
    }

    /// One more container instance for a task that found no room, where a cluster has as many as its tasks need: it stands
    /// for a group that is scaled in time. nil where it has not, or where the task does not fit an empty instance either.
    mutating func growInstances(_ cluster: Int, for needs: TaskNeeds) -> Int? {
        guard hasNeededInstances(cluster), registeredInstances(cluster) < Limits.containerInstances,
            needs.fitsEmptyInstance
        else { return nil }
        addInstance(InstanceRule(), to: cluster)
        wakeDaemons(cluster)
        return clusters[cluster].machines.count - 1
    }

    /// The first container instance of a cluster that has as many as are needed: a DAEMON needs one.
    mutating func openFirstInstance(_ cluster: Int) {
        guard hasNeededInstances(cluster), registeredInstances(cluster) == 0 else { return }
        addInstance(InstanceRule(), to: cluster)
    }

    /// Makes the clusters of a scenario that are not there.
    mutating func insertClusters(of scenario: Scenario) {
        for name in scenario.clusters where clusterPositions[name] == nil { insertCluster(name) }
    }

    /// The scenario from now on.
    mutating func take(_ scenario: Scenario) {
        let old = self.scenario
        self.scenario = scenario
        insertClusters(of: scenario)
        if old.alarms != scenario.alarms { wakeWatched() }
        guard old.instances != scenario.instances || old.containerInstances != scenario.containerInstances else {
            return
        }
        for cluster in clusters.indices { fillInstances(cluster) }
    }

    mutating func addInstance(_ rule: InstanceRule, to cluster: Int) {
        let ordinal = clusters[cluster].machines.count
        let scope = KeyedRandom.scope("instance", clusters[cluster].name)
        let machine = KeyedRandom.hexadecimal(random.bits(.instance, scope, ordinal, word: 2)).suffix(16)
        clusters[cluster].machines.append(
            InstanceRecord(
                id: random.hexadecimalID(.instance, scope, ordinal), machine: "i-0" + machine, registeredAt: now,
                rule: rule))
    }

    /// Tasks of services move elsewhere as far as the percentages permit; nothing new is placed.
    /// Source: Developer Guide, "Draining Amazon ECS container instances".
    mutating func drainInstance(_ position: Int, of cluster: Int) {
        guard clusters[cluster].machines[position].isOpen else { return }
        clusters[cluster].machines[position].status = .draining
        wakeServices(on: position, of: cluster)
        wakeDaemons(cluster)
    }

    /// Takes a drained instance into use again.
    mutating func openInstance(_ position: Int, of cluster: Int) {
        guard !clusters[cluster].machines[position].isGone else { return }
        clusters[cluster].machines[position].status = .active
        wakeDaemons(cluster)
    }

    /// The machine is terminated with everything that runs on it.
    mutating func loseInstance(_ position: Int, of cluster: Int) {
        guard !clusters[cluster].machines[position].isGone else { return }
        clusters[cluster].machines[position].isGone = true
        for ordinal in clusters[cluster].tasks where tasks[ordinal]?.instance == position {
            guard let task = tasks[ordinal], task.status != .stopped else { continue }
            // Source: Developer Guide, "Checking stopped tasks for errors"; the code from public reports of DescribeTasks.
            kill(
                ordinal, code: "TerminationNotice",
                reason: "Host EC2 (instance \(clusters[cluster].machines[position].machine)) terminated.")
        }
        wakeDaemons(cluster)
    }

    // MARK: Waking

    /// Alarms change rarely too: everything that an alarm may watch over looks at once.
    private mutating func wakeWatched() {
        for service in livingServices
        where services[service].status == .active && services[service].deployments.first?.rolloutState == .inProgress {
            planRound(service, at: now)
            watchShiftAlarms(service)
        }
    }

    /// Instances change rarely: walking the cluster's tasks and services here costs nothing per rollout.
    private mutating func wakeServices(on position: Int, of cluster: Int) {
        for ordinal in clusters[cluster].tasks where tasks[ordinal]?.instance == position {
            guard let service = tasks[ordinal]?.service else { continue }
            services[service].isSteady = false
            planRound(service, at: now + scenario.timing.roundInterval)
        }
    }

    mutating func wakeDaemons(_ cluster: Int) {
        work += clusters[cluster].services.count
        for service in clusters[cluster].services
        where services[service].status == .active && services[service].settings.schedulingStrategy == "DAEMON" {
            services[service].isSteady = false
            planRound(service, at: now + scenario.timing.roundInterval)
        }
    }
}
