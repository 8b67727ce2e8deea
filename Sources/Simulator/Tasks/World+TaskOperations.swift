import MooringShapes

/// ListTasks, DescribeTasks, StopTask and RunTask.
extension World {
    mutating func listTasks(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        let wanted = try input.choice("desiredStatus", of: ["RUNNING", "PENDING", "STOPPED"]) ?? "RUNNING"
        let family = try input.string("family")
        let startedBy = try input.string("startedBy")
        let launchType = try input.string("launchType")
        var candidates = clusters[cluster].tasks
        if let name = try input.string("serviceName") {
            guard let position = findService(name, cluster: cluster) else { throw .serviceNotFound }
            // A service knows its own tasks until they have stopped.
            candidates =
                wanted == "STOPPED" ? candidates.filter { tasks[$0]?.service == position } : services[position].tasks
        }
        var arns: [String] = []
        work += candidates.count
        for ordinal in candidates {
            guard let task = tasks[ordinal] else { continue }
            // ECS never sets a desired status of PENDING. Source: API reference, ListTasks `desiredStatus`.
            guard (task.wantsToRun ? "RUNNING" : "STOPPED") == wanted else { continue }
            if let family, task.family != family { continue }
            if let startedBy, task.startedBy != startedBy { continue }
            if let launchType, task.launchType != launchType { continue }
            arns.append(task.arn)
        }
        return try Paging.page(arns, input, byDefault: Limits.listedAtMost).value("taskArns") { .string($0) }
    }

    func describeTasks(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        guard let names = try input.strings("tasks"), !names.isEmpty else {
            throw .invalidParameter("Tasks cannot be empty.")
        }
        if names.count > Limits.describedTasks {
            throw .invalidParameter("tasks can have at most \(Limits.describedTasks) items.")
        }
        let withTags = try input.strings("include")?.contains("TAGS") == true
        var found: [Value] = []
        var failures: [Value] = []
        for name in names {
            let id = name.split(separator: "/").last.map(String.init) ?? name
            if let ordinal = taskPositions[id], let task = tasks[ordinal], task.cluster == cluster {
                found.append(describe(task, withTags: withTags))
            } else {
                failures.append(
                    World.missing(name.hasPrefix("arn:") ? name : arn("task/\(clusters[cluster].name)/\(name)")))
            }
        }
        return .map([("tasks", .list(found)), ("failures", .list(failures))])
    }

    mutating func stopTask(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        guard let name = try input.string("task"), !name.isEmpty else {
            throw .invalidParameter("taskId cannot be blank.")
        }
        let id = name.split(separator: "/").last.map(String.init) ?? name
        guard let ordinal = taskPositions[id], let task = tasks[ordinal], task.cluster == cluster else {
            throw .invalidParameter("The referenced task was not found.")
        }
        // Source of the default reason: `stop-reasons.tsv`, record 67129463746.
        let reason = try input.string("reason") ?? "Task stopped by user"
        stopByHand(ordinal, reason: reason)
        guard let stopped = tasks[ordinal] else { throw .invalidParameter("The referenced task was not found.") }
        // No stopCode in the answer yet, and the state from before. Source: `stop-task/…ecs_task_delete_2.json`.
        let answer = describe(stopped, withTags: true).setting("stopCode", to: nil)
            .setting("lastStatus", to: .string(task.status.rawValue))
        return .map([("task", answer)])
    }

    mutating func runTask(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        guard let name = try input.string("taskDefinition"), !name.isEmpty else {
            throw .invalidParameter("TaskDefinition can not be blank.")
        }
        if let repeated = try repeatedRun(input, cluster: cluster) { return repeated }
        let count = try input.integer("count") ?? 1
        guard (1...Limits.runTaskCount).contains(count) else {
            throw .invalidParameter("count must be between 1 and \(Limits.runTaskCount).")
        }
        let revision = try usable(name)
        let settings = try newSettings(input, cluster: cluster)
        try ServiceRules.check(settings, with: revision.summary)
        let tags = try TagRules.tags(input)
        let overrides = try input.map("overrides") ?? [:]
        try RunTaskRules.check(settings, with: revision.summary, overrides: overrides)
        var needs = revision.summary.needs
        needs.taskRole = overrides["taskRoleArn"]?.text.map(longNames.role) ?? needs.taskRole
        needs.executionRole = overrides["executionRoleArn"]?.text.map(longNames.role) ?? needs.executionRole
        if let problem = roleProblem(needs) { throw .client(problem) }
        let startedBy = try input.string("startedBy")
        let group = try input.string("group")
        var started: [Value] = []
        var failures: [Value] = []
        var ordinals: [Int] = []
        var tally = ProviderTally(settings.capacityProviderStrategy)
        for _ in 0..<count {
            let place: Placement
            do throws(PlacementFailure) {
                place = try self.place(
                    settings, needs: revision.summary.needs, provider: tally.next, cluster: cluster)
            } catch {
                failures.append(failure(error, in: cluster))
                continue
            }
            tally.count(place.provider)
            var task = makeTask(
                arn: revision.arn, settings: settings, service: nil, deployment: nil, index: taskCount,
                placement: place, cluster: cluster, overrides: overrides, group: group)
            task.startedBy = startedBy
            task.tags += tags
            launch(task, scope: KeyedRandom.scope("run"), index: task.ordinal)
            ordinals.append(task.ordinal)
            started.append(World.withoutHealth(describe(task, withTags: true)))
        }
        keepRun(input, cluster: cluster, ordinals: ordinals, failures: failures)
        return .map([("tasks", .list(started)), ("failures", .list(failures))])
    }

    /// Source: Developer Guide, "Amazon ECS API failure reasons".
    private func failure(_ failure: PlacementFailure, in cluster: Int) -> Value {
        .map(present: [
            ("arn", failure.instance.map { .string(instanceARN($0, of: cluster)) }),
            ("reason", .string(failure.reason)),
        ])
    }

    // MARK: Echo

    /// RunTask answers no health yet. Source: `run-task/`, all three files.
    static func withoutHealth(_ task: Value) -> Value {
        task.setting("healthStatus", to: nil)
            .changing("containers") { $0.changingElements { $0.setting("healthStatus", to: nil) } }
    }

    /// Sources: `run-task/localstack…json` (real, 2024) for the members, `describe-tasks/…ecs_task_subnet_1.json` for states.
    func describe(_ task: TaskRecord, withTags: Bool) -> Value {
        let isStopped = task.status == .stopped
        var output = Value.map(present: [
            ("attachments", .list(task.usesNetworkInterface ? [attachment(of: task)] : [])),
            ("attributes", [["name": "ecs.cpu-architecture", "value": "x86_64"]]),
            ("availabilityZone", .string(region + ["a", "b", "c"][task.ordinal % 3])),
            ("capacityProviderName", task.capacityProvider.map { .string($0) }),
            ("clusterArn", .string(clusters[task.cluster].arn)),
            ("connectivity", task.pullStartedAt == nil ? nil : "CONNECTED"),
            ("connectivityAt", task.pullStartedAt.map { .timestamp($0) }),
            ("containerInstanceArn", task.instance.map { .string(instanceARN($0, of: task.cluster)) }),
            ("containers", .list(task.containers.indices.map { container($0, of: task) })),
            ("cpu", (task.summary.cpu ?? task.summary.summedCPU).map { .string($0) }),
            ("createdAt", .timestamp(task.createdAt)),
            ("desiredStatus", task.wantsToRun ? "RUNNING" : "STOPPED"),
            ("enableExecuteCommand", .boolean(task.enableExecuteCommand)),
            ("executionStoppedAt", task.executionStoppedAt.map { .timestamp($0) }),
            ("group", .string(task.group)),
            ("healthStatus", .string(task.healthStatus)),
            ("lastStatus", .string(task.status.rawValue)),
            ("launchType", .string(task.launchType)),
            ("memory", (task.summary.memory ?? task.summary.summedMemory).map { .string($0) }),
            ("overrides", overrides(of: task)),
            ("platformVersion", task.platformVersion.map { .string($0) }),
            ("platformFamily", task.platformVersion == nil ? nil : "Linux"),
            ("pullStartedAt", task.pullStartedAt.map { .timestamp($0) }),
            ("pullStoppedAt", task.pullStoppedAt.map { .timestamp($0) }),
            ("startedAt", task.startedAt.map { .timestamp($0) }),
            ("startedBy", task.startedBy.map { .string($0) }),
            ("stopCode", task.stopCode.map { .string($0) }),
            ("stoppedAt", isStopped ? task.stoppedAt.map { .timestamp($0) } : nil),
            ("stoppedReason", task.wantsToRun ? nil : task.stoppedReason.map { .string($0) }),
            ("stoppingAt", task.stoppingAt.map { .timestamp($0) }),
        ])
        output["tags"] = withTags ? .list(task.tags.map(\.described)) : []
        output["taskArn"] = .string(task.arn)
        output["taskDefinitionArn"] = .string(task.taskDefinition)
        output["version"] = .integer(task.version)
        if task.launchType == "FARGATE" {
            // The second since 2024: `run-task/…run-task.2.json`.
            output["ephemeralStorage"] = ["sizeInGiB": 20]
            output["fargateEphemeralStorage"] = ["sizeInGiB": 20]
        }
        return output
    }

    private func overrides(of task: TaskRecord) -> Value {
        var sent = task.overrides
        if !sent.has("containerOverrides") {
            sent["containerOverrides"] = .list(task.containers.map { ["name": .string($0.name)] })
        }
        return sent.filling("inferenceAcceleratorOverrides", with: [])
    }

    private func container(_ index: Int, of task: TaskRecord) -> Value {
        let container = task.containers[index]
        let summary = task.summary.containers[index]
        let scope = KeyedRandom.scope(task.id)
        let status =
            switch task.status {
            case .provisioning, .pending: "PENDING"
            case .running, .deactivating, .stopping: "RUNNING"
            case .deprovisioning, .stopped: "STOPPED"
            }
        var interfaces: [Value] = []
        if task.usesNetworkInterface, isAttaching(task) {
            interfaces = [
                [
                    "attachmentId": .string(random.uuid(.attachment, scope, 0)),
                    "privateIpv4Address": .string(address(of: task)),
                ]
            ]
        }
        return .map(present: [
            (
                "containerArn",
                .string(
                    arn("container/\(clusters[task.cluster].name)/\(task.id)/\(random.uuid(.container, scope, index))"))
            ),
            ("taskArn", .string(task.arn)),
            ("name", .string(container.name)),
            ("image", .string(container.image)),
            ("imageDigest", task.startedAt == nil ? nil : .string(digest(of: container.image, in: task))),
            ("runtimeId", task.startedAt == nil ? nil : .string(runtimeID(index, of: task))),
            ("lastStatus", .string(status)),
            ("exitCode", container.exitCode.map { .integer($0) }),
            ("reason", container.reason.map { .string($0) }),
            // Once it runs. Sources: `describe-tasks/…ecs_task_subnet_1.json` (pending), `…ecs_task_sg_filter_1.json` (running).
            ("networkBindings", task.startedAt == nil ? nil : bindings(index, of: task)),
            ("networkInterfaces", .list(interfaces)),
            ("healthStatus", .string(summary.healthyAfter == nil ? "UNKNOWN" : task.healthStatus)),
            ("cpu", .string(String(summary.cpu))),
            ("memory", summary.memory.map { .string(String($0)) }),
            ("memoryReservation", summary.memoryReservation.map { .string(String($0)) }),
        ])
    }

    /// What a container's ports are bound to on the instance: nothing under awsvpc.
    /// Source: `describe-tasks/…describe-tasks.1.json`.
    private func bindings(_ index: Int, of task: TaskRecord) -> Value {
        guard task.instance != nil else { return [] }
        let before = task.summary.containers[..<index].reduce(0) { $0 + $1.mappings.count { $0.host == nil } }
        var chosen = task.chosenPorts.dropFirst(before)
        return .list(
            task.summary.containers[index].mappings.map { mapping in
                .map(present: [
                    ("bindIP", "0.0.0.0"), ("containerPort", .integer(mapping.container)),
                    ("hostPort", (mapping.host ?? chosen.popFirst()).map { .integer($0) }),
                    ("protocol", mapping.isUDP ? "udp" : "tcp"),
                ])
            })
    }

    /// On Fargate the task's id and ten digits, elsewhere Docker's 64 hexadecimal ones.
    /// Sources: `describe-tasks/…ecs_task_sg_filter_1.json`, `…describe-tasks.1.json`.
    private func runtimeID(_ index: Int, of task: TaskRecord) -> String {
        let scope = KeyedRandom.scope(task.id)
        guard task.launchType == "FARGATE" else {
            return random.hexadecimalID(.container, scope, 2 * index + 1_000)
                + random.hexadecimalID(.container, scope, 2 * index + 1_001)
        }
        return "\(task.id)-\(1_000_000_000 + random.bits(.container, scope, index) % 3_000_000_000)"
    }

    func address(of task: TaskRecord) -> String {
        let bits = random.bits(.network, KeyedRandom.scope(task.id), 0)
        return "10.0.\(bits >> 8 & 255).\(bits & 255)"
    }

    /// Six bytes, the first of them marking an address that nobody sold.
    private func hardwareAddress(of task: TaskRecord) -> String {
        let digits = Array(KeyedRandom.hexadecimal(random.bits(.network, KeyedRandom.scope(task.id), 2)).suffix(10))
        var address = "0e"
        for start in stride(from: 0, to: digits.count, by: 2) { address += ":" + String(digits[start..<(start + 2)]) }
        return address
    }

    /// Whether the network interface exists: ATTACHING comes within PROVISIONING.
    /// Sources: `run-task/localstack…json` (PRECREATED, without it), `describe-tasks/…ecs_task_subnet_1.json` (ATTACHING, with it).
    private func isAttaching(_ task: TaskRecord) -> Bool {
        task.status != .provisioning || now >= task.createdAt + scenario.timing.provisioning / 2
    }

    private func attachment(of task: TaskRecord) -> Value {
        let scope = KeyedRandom.scope(task.id)
        let isAttaching = isAttaching(task)
        let status =
            switch task.status {
            case .provisioning: isAttaching ? "ATTACHING" : "PRECREATED"
            case .stopped: "DELETED"
            default: "ATTACHED"
            }
        var details: [Value] = []
        if let subnet = task.subnet { details.append(["name": "subnetId", "value": .string(subnet)]) }
        if isAttaching {
            let interface = KeyedRandom.hexadecimal(random.bits(.network, scope, 1)).suffix(17)
            details.append(["name": "networkInterfaceId", "value": .string("eni-0" + interface)])
            // Source of the order: `describe-tasks/…ecs_task_sg_filter_1.json`.
            details.append(["name": "macAddress", "value": .string(hardwareAddress(of: task))])
            let domain = region == "us-east-1" ? "ec2.internal" : "\(region).compute.internal"
            let name = address(of: task).split(separator: ".").joined(separator: "-")
            details.append(["name": "privateDnsName", "value": .string("ip-\(name).\(domain)")])
            details.append(["name": "privateIPv4Address", "value": .string(address(of: task))])
        }
        return [
            "id": .string(random.uuid(.attachment, scope, 0)), "type": "ElasticNetworkInterface",
            "status": .string(status), "details": .list(details),
        ]
    }
}
