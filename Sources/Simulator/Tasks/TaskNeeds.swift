import MooringShapes

/// What a task takes of a container instance, and what outside ECS must be there for it to start.
struct TaskNeeds: Sendable {
    var cpu = 0
    var memory = 0
    /// Host ports that the task definition fixes, under `host` and `bridge`.
    var ports: [HostPort] = []
    /// How many host ports are chosen when the task is placed, under `bridge`.
    var chosenPorts = 0
    /// One under `awsvpc`.
    var networkInterfaces = 0
    /// What `valueFrom` of secrets says, credentials of private registries included, in order.
    var secrets: [String] = []
    /// Groups of the awslogs driver that it does not create itself.
    var logGroups: [String] = []
    /// ARNs of the roles that ECS assumes for the task.
    var taskRole: String?
    var executionRole: String?
    /// How long the slowest container may take to stop, in milliseconds; nil where none says so.
    var stopTimeout: Int64?
    /// How long a container may take that does not say so. Source: API reference, ContainerDefinition `stopTimeout`.
    static let stopTimeoutByDefault: Int64 = 30_000

    init() {}

    /// - Parameter described: the task definition as DescribeTaskDefinition returns it.
    init(_ described: Value) {
        let mode = described["networkMode"]?.text
        networkInterfaces = mode == "awsvpc" ? 1 : 0
        taskRole = described["taskRoleArn"]?.text
        executionRole = described["executionRoleArn"]?.text
        let containers = described["containerDefinitions"]?.elements ?? []
        // The task's own size decides where it is given. Source: API reference, TaskDefinition `cpu`, `memory`.
        cpu = TaskNeeds.bounded(described["cpu"]?.integer ?? TaskNeeds.sum(containers) { $0["cpu"]?.integer })
        memory = TaskNeeds.bounded(
            described["memory"]?.integer
                ?? TaskNeeds.sum(containers) { $0["memoryReservation"]?.integer ?? $0["memory"]?.integer })
        for container in containers {
            for mapping in PortMapping.mappings(of: container, mode: mode) {
                if let host = mapping.host {
                    ports.append(HostPort(number: host, isUDP: mapping.isUDP))
                } else {
                    chosenPorts += 1
                }
            }
            secrets += (container["secrets"]?.elements ?? []).compactMap { $0["valueFrom"]?.text }
            if let credentials = container["repositoryCredentials"]?["credentialsParameter"]?.text {
                secrets.append(credentials)
            }
            if let log = container["logConfiguration"], log["logDriver"]?.text == "awslogs" {
                let options = log["options"]
                secrets += (log["secretOptions"]?.elements ?? []).compactMap { $0["valueFrom"]?.text }
                if options?["awslogs-create-group"]?.text != "true", let group = options?["awslogs-group"]?.text {
                    logGroups.append(group)
                }
            }
        }
        let timeouts = containers.map { $0["stopTimeout"]?.integer.map { Int64(max(0, $0)) * 1000 } }
        if timeouts.contains(where: { $0 != nil }) {
            stopTimeout = timeouts.map { $0 ?? TaskNeeds.stopTimeoutByDefault }.max()
        }
    }

    /// Whether an instance of the default size without any task has room.
    var fitsEmptyInstance: Bool {
        cpu <= InstanceSize.standard.cpu && memory <= InstanceSize.standard.memory
            && InstancePorts().haveRoom(for: self, taken: [])
    }

    /// A size that nothing has: the sum of any number of tasks stays within an integer.
    private static func bounded(_ size: Int) -> Int { min(max(0, size), 1_000_000_000) }

    private static func sum(_ containers: [Value], _ member: (Value) -> Int?) -> Int {
        // Each is an integer of 32 bits and there are few: no overflow.
        containers.reduce(0) { $0 + (member($1) ?? 0) }
    }
}

/// A container's port that the container instance passes on.
struct PortMapping: Sendable {
    let container: Int
    /// nil is chosen when the task is placed. Source: API reference, PortMapping `hostPort`.
    let host: Int?
    let isUDP: Bool

    /// Those of a described container. Under `awsvpc` and `none` an instance passes nothing on; ranges are left out.
    static func mappings(of container: Value, mode: String?) -> [PortMapping] {
        guard mode != "awsvpc", mode != "none" else { return [] }
        return (container["portMappings"]?.elements ?? []).compactMap { mapping in
            guard let port = mapping["containerPort"]?.integer else { return nil }
            let host = mapping["hostPort"]?.integer ?? 0
            return PortMapping(
                container: port, host: host > 0 ? host : mode == "host" ? port : nil,
                isUDP: mapping["protocol"]?.text == "udp")
        }
    }
}
