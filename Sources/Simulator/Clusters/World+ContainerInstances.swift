import MooringShapes

/// What the API says of container instances and takes for them. Which there are is `World+Instances`.
/// Sources: API reference, ContainerInstance; Developer Guide, container instance attributes.
extension World {
    /// The position of a registered instance, named by its ARN or its id.
    func instanceIndex(_ name: String, cluster: Int) -> Int? {
        let id = name.split(separator: "/").last.map(String.init) ?? name
        guard let index = clusters[cluster].machines.firstIndex(where: { $0.id == id && !$0.isGone }),
            !name.hasPrefix("arn:") || instanceARN(index, of: cluster) == name
        else { return nil }
        return index
    }

    /// Positions of the instances that are registered.
    private func instanceIndices(_ cluster: Int) -> [Int] {
        clusters[cluster].machines.indices.filter { !clusters[cluster].machines[$0].isGone }
    }

    mutating func change(instance index: Int, cluster: Int, _ change: (inout InstanceRecord) -> Void) {
        change(&clusters[cluster].machines[index])
        clusters[cluster].machines[index].version += 1
    }

    // MARK: Operations

    func listContainerInstances(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        let status = try input.choice(
            "status", of: ["ACTIVE", "DRAINING", "REGISTERING", "DEREGISTERING", "REGISTRATION_FAILED"])
        let filter = try input.string("filter").map(InstanceFilter.init)
        var arns: [String] = []
        for index in instanceIndices(cluster) {
            if let status, clusters[cluster].machines[index].status.rawValue != status { continue }
            if let filter, try !filter.matches(attributes(of: index, cluster: cluster)) { continue }
            arns.append(instanceARN(index, of: cluster))
        }
        let page = try Paging.page(arns, input, byDefault: Limits.listedAtMost)
        return page.value("containerInstanceArns") { .string($0) }
    }

    func describeContainerInstances(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        let names = try instanceNames(input, atMost: Limits.describedInstances)
        let include = try input.strings("include") ?? []
        return described(instances: names, cluster: cluster, include: include)
    }

    mutating func updateContainerInstancesState(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        let names = try instanceNames(input, atMost: Limits.updatedInstances)
        guard let status = try input.string("status"), ["ACTIVE", "DRAINING"].contains(status) else {
            // Source: API reference: "The only valid values for this action are ACTIVE and DRAINING".
            throw .invalidParameter("Container instance status should be one of [ACTIVE, DRAINING].")
        }
        for name in names {
            guard let index = instanceIndex(name, cluster: cluster) else { continue }
            if status == "DRAINING" { drainInstance(index, of: cluster) } else { openInstance(index, of: cluster) }
            change(instance: index, cluster: cluster) { _ in }
        }
        return described(instances: names, cluster: cluster, include: [])
    }

    private func instanceNames(_ input: Input, atMost: Int) throws(APIError) -> [String] {
        guard let names = try input.strings("containerInstances"), !names.isEmpty else {
            throw .invalidParameter("Container instances cannot be empty.")
        }
        if names.count > atMost {
            throw .invalidParameter("containerInstances can have at most \(atMost) items.")
        }
        return names
    }

    private func described(instances names: [String], cluster: Int, include: [String]) -> Value {
        // One walk over the cluster's tasks, however many instances are asked for.
        let count = clusters[cluster].machines.count
        var running = Array(repeating: 0, count: count)
        var pending = running
        for ordinal in clusters[cluster].tasks {
            guard let task = tasks[ordinal], let index = task.instance, task.status != .stopped else { continue }
            if task.isPending { pending[index] += 1 } else { running[index] += 1 }
        }
        var found: [Value] = []
        var failures: [Value] = []
        for name in names {
            guard let index = instanceIndex(name, cluster: cluster) else {
                let arn =
                    name.hasPrefix("arn:") ? name : self.arn("container-instance/\(clusters[cluster].name)/\(name)")
                failures.append(World.missing(arn))
                continue
            }
            found.append(
                described(
                    instance: index, cluster: cluster, include: include, running: running[index],
                    pending: pending[index]))
        }
        return ["containerInstances": .list(found), "failures": .list(failures)]
    }

    private func described(
        instance index: Int, cluster: Int, include: [String], running: Int, pending: Int,
    ) -> Value {
        let record = clusters[cluster].machines[index]
        let (registered, remaining) = World.resources(of: record)
        return .map(present: [
            ("containerInstanceArn", .string(instanceARN(index, of: cluster))),
            ("ec2InstanceId", .string(record.machine)),
            ("version", .integer(record.version)),
            (
                "versionInfo",
                ["agentVersion": "1.90.0", "agentHash": "0c8f8d3a", "dockerVersion": "DockerVersion: 25.0.8"]
            ),
            ("remainingResources", remaining), ("registeredResources", registered),
            ("status", .string(record.status.rawValue)),
            ("agentConnected", .boolean(record.rule.isConnected)),
            ("runningTasksCount", .integer(running)),
            ("pendingTasksCount", .integer(pending)),
            (
                "attributes",
                .list(attributes(of: index, cluster: cluster).map { World.described(attribute: $0, target: nil) })
            ),
            ("registeredAt", .timestamp(record.registeredAt)),
            ("attachments", []),
            ("tags", include.contains("TAGS") ? .list(record.tags.map(\.described)) : []),
            (
                "healthStatus",
                include.contains("CONTAINER_INSTANCE_HEALTH")
                    ? [
                        "overallStatus": "OK",
                        "details": [["type": "CONTAINER_RUNTIME", "status": "OK"]],
                    ] : nil
            ),
        ])
    }

    /// What placement counts: what an instance registered with, and what is left of it. The ports are those that are taken,
    /// from the start and with those of tasks. Source: API reference, ContainerInstance `registeredResources`.
    private static func resources(of record: InstanceRecord) -> (registered: Value, remaining: Value) {
        let system = InstancePorts.ofTheSystem
        let own = system + record.rule.ports.filter { !system.contains($0) }
        func resources(cpu: Int, memory: Int, tcp: [Int], udp: [Int]) -> Value {
            [
                resource("CPU", .integer(cpu)), resource("MEMORY", .integer(memory)),
                resource("PORTS", .list(tcp.map { .string(String($0)) })),
                resource("PORTS_UDP", .list(udp.map { .string(String($0)) })),
            ]
        }
        let (cpu, memory) = (record.registeredCPU, record.registeredMemory)
        let tcp = record.ports.reservedNumbers(isUDP: false).filter { !own.contains($0) }
        return (
            resources(cpu: cpu, memory: memory, tcp: own, udp: []),
            resources(
                cpu: max(0, cpu - record.usedCPU), memory: max(0, memory - record.usedMemory), tcp: own + tcp,
                udp: record.ports.reservedNumbers(isUDP: true))
        )
    }

    private static func resource(_ name: String, _ value: Value) -> Value {
        let isSet = value.elements != nil
        return .map(present: [
            ("name", .string(name)), ("type", isSet ? "STRINGSET" : "INTEGER"), ("doubleValue", .double(0)),
            ("longValue", 0), ("integerValue", isSet ? 0 : value), ("stringSetValue", isSet ? value : nil),
        ])
    }

    // MARK: Attributes

    /// What an instance has by itself, and what was put on it.
    func attributes(of index: Int, cluster: Int) -> [(name: String, value: String?)] {
        let zone = region + ["a", "b", "c"][index % 3]
        let own: [(name: String, value: String?)] = [
            ("ecs.ami-id", "ami-0c55b159cbfafe1f0"), ("ecs.availability-zone", zone),
            ("ecs.cpu-architecture", "x86_64"),
            ("ecs.instance-type", InstanceSize.type(cpu: clusters[cluster].machines[index].registeredCPU)),
            ("ecs.os-family", "LINUX"), ("ecs.os-type", "linux"),
            ("com.amazonaws.ecs.capability.docker-remote-api.1.18", nil),
            ("com.amazonaws.ecs.capability.ecr-auth", nil), ("com.amazonaws.ecs.capability.task-iam-role", nil),
            ("com.amazonaws.ecs.capability.logging-driver.awslogs", nil),
            ("ecs.capability.execution-role-awslogs", nil), ("ecs.capability.execution-role-ecr-pull", nil),
            ("ecs.capability.task-eni", nil), ("ecs.capability.container-health-check", nil),
        ]
        return own + clusters[cluster].machines[index].attributes
    }

    func listAttributes(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        guard try input.string("targetType") == "container-instance" else {
            throw .invalidParameter("targetType must be container-instance.")
        }
        let name = try input.string("attributeName")
        let value = try input.string("attributeValue")
        var found: [Value] = []
        for index in instanceIndices(cluster) {
            let arn = instanceARN(index, of: cluster)
            for attribute in attributes(of: index, cluster: cluster) {
                if let name, attribute.name != name { continue }
                if let value, attribute.value != value { continue }
                found.append(World.described(attribute: attribute, target: arn))
            }
        }
        return try Paging.page(found, input, byDefault: Limits.listedAtMost).value("attributes") { $0 }
    }

    mutating func putAttributes(_ input: Input) throws(APIError) -> Value {
        let (cluster, attributes) = try sentAttributes(input)
        for attribute in attributes {
            let present = clusters[cluster].machines[attribute.index].attributes
            let isNew = !present.contains { $0.name == attribute.name }
            if isNew, present.count >= Limits.attributesPerResource {
                throw APIError(
                    code: "AttributeLimitExceededException",
                    message: "A resource can have at most \(Limits.attributesPerResource) custom attributes.")
            }
            change(instance: attribute.index, cluster: cluster) { record in
                record.attributes.removeAll { $0.name == attribute.name }
                record.attributes.append((attribute.name, attribute.value))
            }
        }
        return ["attributes": .list(attributes.map(\.described))]
    }

    mutating func deleteAttributes(_ input: Input) throws(APIError) -> Value {
        let (cluster, attributes) = try sentAttributes(input)
        for attribute in attributes {
            change(instance: attribute.index, cluster: cluster) { record in
                record.attributes.removeAll {
                    $0.name == attribute.name && (attribute.value == nil || $0.value == attribute.value)
                }
            }
        }
        return ["attributes": .list(attributes.map(\.described))]
    }

    private struct SentAttribute {
        let index: Int
        let name: String
        let value: String?
        let described: Value
    }

    private func sentAttributes(_ input: Input) throws(APIError) -> (cluster: Int, attributes: [SentAttribute]) {
        let cluster = try activeCluster(input)
        guard let sent = try input.maps("attributes"), !sent.isEmpty else {
            throw .invalidParameter("Attributes cannot be empty.")
        }
        if sent.count > Limits.attributesPerResource {
            throw .invalidParameter("attributes can have at most \(Limits.attributesPerResource) items.")
        }
        var attributes: [SentAttribute] = []
        for entry in sent {
            guard let name = try entry.string("name"), !name.isEmpty, name.utf8.count <= 128 else {
                throw .invalidParameter("The attribute name is invalid.")
            }
            let target = try entry.string("targetId") ?? ""
            guard let index = instanceIndex(target, cluster: cluster) else {
                throw APIError(code: "TargetNotFoundException", message: "The specified target wasn't found.")
            }
            attributes.append(
                SentAttribute(index: index, name: name, value: try entry.string("value"), described: entry.value))
        }
        return (cluster, attributes)
    }

    private static func described(attribute: (name: String, value: String?), target: String?) -> Value {
        .map(present: [
            ("name", .string(attribute.name)), ("value", attribute.value.map { .string($0) }),
            ("targetType", target == nil ? nil : "container-instance"), ("targetId", target.map { .string($0) }),
        ])
    }
}

/// A filter of container instances in the cluster query language, as far as it speaks of attributes.
/// Source: Developer Guide, cluster query language.
struct InstanceFilter {
    private let text: String

    init(_ text: String) { self.text = text }

    /// `attribute:NAME == VALUE`, `!=`, `exists` and `not_exists`, joined by `and`.
    func matches(_ attributes: [(name: String, value: String?)]) throws(APIError) -> Bool {
        let error = APIError.invalidParameter("Invalid filter expression: \(text.prefix(100))")
        guard text.utf8.count <= Limits.filterCharacters else { throw error }
        var words = text.split(whereSeparator: \.isWhitespace).map(String.init)[...]
        while true {
            guard let subject = words.popFirst(), subject.hasPrefix("attribute:"), let verb = words.popFirst() else {
                throw error
            }
            let name = subject.dropFirst("attribute:".count)
            let found = attributes.first { $0.name == name }
            switch verb {
            case "exists": if found == nil { return false }
            case "not_exists", "!exists": if found != nil { return false }
            case "==", "equals":
                guard let value = words.popFirst() else { throw error }
                if found?.value != value { return false }
            case "!=", "not_equals":
                guard let value = words.popFirst() else { throw error }
                if found?.value == value { return false }
            default: throw error
            }
            guard let join = words.popFirst() else { return true }
            guard ["and", "&&"].contains(join.lowercased()) else { throw error }
        }
    }
}
