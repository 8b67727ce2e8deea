/// A port of a container instance.
struct HostPort: Hashable, Sendable {
    let number: Int
    let isUDP: Bool
}

/// The ports of a container instance that tasks use.
/// Source: API reference, PortMapping `hostPort` and ContainerInstance `remainingResources`.
struct InstancePorts: Sendable {
    /// What the agent, Docker and SSH have from the start, in the order in which ECS lists them.
    static let ofTheSystem = [22, 2376, 2375, 51678, 51679]
    /// Where ports are taken from that nobody asked for: Linux' own range, which begins with the documented 32768.
    static let ephemeral = 32_768...60_999

    /// Ports that task definitions ask for, and how many tasks have each: more than one after a change of the scenario.
    private var reserved: [HostPort: Int] = [:]
    private var chosen: Set<Int> = []
    private var next = InstancePorts.ephemeral.lowerBound

    /// The ports that tasks have reserved: those that were chosen for them are not among them, nor listed by ECS.
    func reservedNumbers(isUDP: Bool) -> [Int] { reserved.keys.filter { $0.isUDP == isUDP }.map(\.number).sorted() }

    /// Whether a task may have its ports here.
    ///
    /// - Parameter taken: ports that something outside ECS has.
    func haveRoom(for needs: TaskNeeds, taken: [Int]) -> Bool {
        guard !needs.ports.isEmpty || needs.chosenPorts > 0 else { return true }
        // "up to 100 reserved ports at a time. This number includes the default reserved ports."
        let most = Limits.reservedPorts - InstancePorts.ofTheSystem.count - taken.count
        guard needs.ports.isEmpty || reserved.count + needs.ports.count <= most else { return false }
        let isFree = needs.ports.allSatisfy { port in
            reserved[port] == nil && !chosen.contains(port.number)
                && (port.isUDP || !InstancePorts.ofTheSystem.contains(port.number) && !taken.contains(port.number))
        }
        return isFree
            && chosen.count + reserved.count + taken.count + needs.chosenPorts < InstancePorts.ephemeral.count
    }

    /// Takes the ports that a task asks for, and chooses the others, one after the other as the system does.
    mutating func take(_ needs: TaskNeeds, taken: [Int]) -> [Int] {
        for port in needs.ports { reserved[port, default: 0] += 1 }
        var ports: [Int] = []
        for _ in 0..<needs.chosenPorts {
            guard let port = choose(taken: taken) else { break }
            ports.append(port)
        }
        return ports
    }

    private mutating func choose(taken: [Int]) -> Int? {
        for _ in InstancePorts.ephemeral {
            let port = next
            next = port == InstancePorts.ephemeral.upperBound ? InstancePorts.ephemeral.lowerBound : port + 1
            let isReserved = [false, true].contains { reserved[HostPort(number: port, isUDP: $0)] != nil }
            if !isReserved, !InstancePorts.ofTheSystem.contains(port), !taken.contains(port),
                chosen.insert(port).inserted
            {
                return port
            }
        }
        return nil
    }

    mutating func giveBack(_ needs: TaskNeeds, chosen ports: [Int]) {
        for port in needs.ports {
            let left = (reserved[port] ?? 0) - 1
            reserved[port] = left > 0 ? left : nil
        }
        for port in ports { chosen.remove(port) }
    }
}

/// The sizes of container instances, in units of CPU and MiB.
struct InstanceSize: Sendable {
    let type: String
    let cpu: Int
    let memory: Int

    /// What an instance has where the scenario does not say: an m5.24xlarge's 96 vCPUs, and its 384 GiB less twelve for the
    /// system. AWS does not say how much that is. Large, so that clusters of many tasks have few instances.
    static let standard = InstanceSize(type: "m5.24xlarge", cpu: 98_304, memory: 380_928)

    /// The smallest type with so many units of CPU, the largest where none has. Source: EC2, instance types, M5.
    static func type(cpu: Int) -> String {
        let types = [
            (2048, "m5.large"), (4096, "m5.xlarge"), (8192, "m5.2xlarge"), (16_384, "m5.4xlarge"),
            (32_768, "m5.8xlarge"), (49_152, "m5.12xlarge"), (65_536, "m5.16xlarge"),
        ]
        return types.first { $0.0 >= cpu }?.1 ?? standard.type
    }
}
