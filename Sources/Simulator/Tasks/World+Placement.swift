import MooringShapes

/// Where a task goes.
struct Placement: Sendable {
    var provider: String?
    var isFargate: Bool
    /// Position of the container instance; nil on Fargate.
    var instance: Int?
}

/// Why a task goes nowhere.
struct PlacementFailure: Error, Sendable {
    /// What the service says, without `(service name) `.
    let event: String
    /// What RunTask answers in `failures[]`. Source: Developer Guide, "Amazon ECS API failure reasons".
    let reason: String
    /// The container instance that came closest.
    var instance: Int?
    /// Whether the scheduler waits longer each time: it does for a lack of room, not while it is throttled.
    var lengthensWait = true
}

/// How many tasks of a deployment each capacity provider of its strategy has.
/// Source: API reference, CapacityProviderStrategyItem: the base first, then by weight.
struct ProviderTally: Sendable {
    private struct Item {
        let name: String
        let base: Int
        let weight: Int
        var count = 0
    }

    private var items: [Item] = []

    init(_ strategy: Value?) {
        items = (strategy?.elements ?? []).map { item in
            Item(
                name: item["capacityProvider"]?.text ?? "", base: item["base"]?.integer ?? 0,
                weight: item["weight"]?.integer ?? 0)
        }
    }

    mutating func count(_ provider: String?) {
        guard let index = items.firstIndex(where: { $0.name == provider }) else { return }
        items[index].count += 1
    }

    /// The provider of the next task; nil without a strategy.
    var next: String? {
        if let basic = items.first(where: { $0.count < $0.base }) { return basic.name }
        var best: Item?
        // Providers without weight place nothing beyond their base.
        for item in items where item.weight > 0 {
            guard let present = best else {
                best = item
                continue
            }
            // The lowest (extra + 1) / weight, compared without division.
            if (item.count - item.base + 1) * present.weight < (present.count - present.base + 1) * item.weight {
                best = item
            }
        }
        return best?.name ?? items.first?.name
    }
}

/// Finding a place for a task.
extension World {
    private static let more = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."
    private static let noInstance =
        "was unable to place a task because no container instance met all of its requirements."

    /// A place for a task of these settings, not yet taken.
    ///
    /// - Parameter occupied: instances that may not be used again, for DAEMON services and `distinctInstance`.
    mutating func place(
        _ settings: ServiceSettings, needs: TaskNeeds, provider: String?, cluster: Int, occupied: Set<Int> = [],
    ) throws(PlacementFailure) -> Placement {
        let isFargate = provider.map { $0.hasPrefix("FARGATE") } ?? settings.isFargate
        let place = provider ?? (isFargate ? "FARGATE" : "EC2")
        if let rule = scenario.capacity.first(where: { $0.applies(to: place, at: now) }),
            let failure = World.failure(rule.trouble, isFargate: isFargate)
        {
            throw failure
        }
        guard !isFargate else { return Placement(provider: provider, isFargate: true) }
        work += clusters[cluster].machines.count
        let instance: Int
        do throws(PlacementFailure) {
            instance = try self.instance(for: needs, provider: provider, cluster: cluster, occupied: occupied)
        } catch {
            // A DAEMON is content with the instances that there are.
            guard settings.schedulingStrategy != "DAEMON", let fresh = growInstances(cluster, for: needs) else {
                throw error
            }
            instance = fresh
        }
        return Placement(provider: provider, isFargate: false, instance: instance)
    }

    /// Sources of the wordings: Developer Guide, service event messages, with the ending that public reports show;
    /// `service-events.tsv` for the blocked account.
    private static func failure(_ trouble: CapacityRule.Trouble, isFargate: Bool) -> PlacementFailure? {
        switch trouble {
        case .unavailable:
            let reason =
                "Capacity is unavailable at this time. Please try again later or in a different availability zone"
            return PlacementFailure(event: "was unable to place a task. Reason: \(reason). \(more)", reason: reason)
        case .processorQuota:
            let reason = "You’ve reached the limit on the number of vCPUs you can run concurrently"
            return PlacementFailure(event: "was unable to place a task. Reason: \(reason). \(more)", reason: reason)
        case .taskQuota:
            let reason = "You've reached the limit on the number of tasks you can run concurrently"
            return PlacementFailure(event: "was unable to place a task. Reason: \(reason). \(more)", reason: reason)
        case .throttled:
            return PlacementFailure(
                event: "operations are being throttled. Will try again later.", reason: "Rate exceeded",
                lengthensWait: false)
        case .blocked:
            let text = "your account is currently blocked"
            return PlacementFailure(event: "was unable to place a task because \(text).", reason: text)
        // The task is placed and fails later.
        case .noNetworkInterface: return nil
        }
    }

    // MARK: Instances

    /// The ACTIVE instance with the fewest tasks that meets all requirements: tasks are spread where no strategy says
    /// otherwise. Source: Developer Guide, "Amazon ECS task placement".
    private func instance(
        for needs: TaskNeeds, provider: String?, cluster: Int, occupied: Set<Int>,
    ) throws(PlacementFailure) -> Int {
        var best: Int?
        var closest: (position: Int, lacks: [Lack])?
        for (position, machine) in clusters[cluster].machines.enumerated() where machine.isOpen {
            if let owner = machine.rule.provider, let provider, owner != provider { continue }
            var lacks = World.lacks(of: machine, for: needs)
            if occupied.contains(position) { lacks.append(.distinctness) }
            if lacks.isEmpty {
                if best.map({ machine.taskCount < clusters[cluster].machines[$0].taskCount }) ?? true {
                    best = position
                }
            } else if closest.map({ lacks.count < $0.lacks.count }) ?? true {
                closest = (position, lacks)
            }
        }
        if let best { return best }
        if let closest, let lack = closest.lacks.first {
            let id = clusters[cluster].machines[closest.position].id
            // Source of the form: public reports of DescribeServices, e.g. weaveworks' and spinnaker's tests.
            throw PlacementFailure(
                event:
                    "\(World.noInstance) The closest matching (container-instance \(id)) \(lack.text). \(World.more)",
                reason: lack.rawValue, instance: closest.position)
        }
        let missing = "No Container Instances were found in your \(provider == nil ? "cluster" : "capacity provider")."
        // Source: `describe-services/…autoscaling_offhours_1.json`.
        throw PlacementFailure(
            event: "\(World.noInstance) Reason: \(missing) \(World.more)", reason: "No Container Instances were found")
    }

    /// What an instance lacks. The raw values are the reasons of RunTask's `failures[]`.
    /// Source: Developer Guide, "Amazon ECS API failure reasons", and service event messages.
    private enum Lack: String {
        case agent = "AGENT"
        case processor = "RESOURCE:CPU"
        case memory = "RESOURCE:MEMORY"
        case ports = "RESOURCE:PORTS"
        case interfaces = "RESOURCE:ENI"
        case distinctness = "DistinctInstance placement constraint unsatisfied."

        var text: String {
            switch self {
            case .agent: "encountered error \"AGENT\""
            case .processor: "has insufficient CPU units available"
            case .memory: "has insufficient memory available"
            case .ports: "is already using a port required by your task"
            case .interfaces, .distinctness: "encountered error \"\(rawValue)\""
            }
        }
    }

    private static func lacks(of machine: InstanceRecord, for needs: TaskNeeds) -> [Lack] {
        var lacks: [Lack] = []
        if !machine.rule.isConnected { lacks.append(.agent) }
        if machine.usedCPU + needs.cpu > machine.registeredCPU { lacks.append(.processor) }
        if machine.usedMemory + needs.memory > machine.registeredMemory { lacks.append(.memory) }
        if !machine.ports.haveRoom(for: needs, taken: machine.rule.ports) { lacks.append(.ports) }
        if let interfaces = machine.rule.networkInterfaces,
            machine.usedInterfaces + needs.networkInterfaces > interfaces
        {
            lacks.append(.interfaces)
        }
        return lacks
    }

    // MARK: Taking

    /// Takes what a task needs of its instance.
    ///
    /// - Returns: the host ports that were chosen for it.
    mutating func reserve(_ task: TaskRecord) -> [Int] {
        guard let position = task.instance else { return [] }
        let needs = task.summary.needs
        clusters[task.cluster].machines[position].taskCount += 1
        clusters[task.cluster].machines[position].usedCPU += needs.cpu
        clusters[task.cluster].machines[position].usedMemory += needs.memory
        clusters[task.cluster].machines[position].usedInterfaces += needs.networkInterfaces
        let taken = clusters[task.cluster].machines[position].rule.ports
        return clusters[task.cluster].machines[position].ports.take(needs, taken: taken)
    }

    /// Gives back what a stopped task had.
    mutating func release(_ task: TaskRecord) {
        guard let position = task.instance else { return }
        let needs = task.summary.needs
        clusters[task.cluster].machines[position].taskCount -= 1
        clusters[task.cluster].machines[position].usedCPU -= needs.cpu
        clusters[task.cluster].machines[position].usedMemory -= needs.memory
        clusters[task.cluster].machines[position].usedInterfaces -= needs.networkInterfaces
        clusters[task.cluster].machines[position].ports.giveBack(needs, chosen: task.chosenPorts)
    }
}
