import MooringShapes

/// A task set of a service with an EXTERNAL controller: what somebody else's deployment tool moves.
///
/// What the scheduler needs of it, its settings and its failures, is in the service's deployment of the same number.
struct TaskSetRecord: Sendable {
    enum Status: String, Sendable {
        case primary = "PRIMARY"
        case active = "ACTIVE"
        /// On its way out; it goes when its last task is gone.
        case draining = "DRAINING"
    }

    let number: String
    let arn: String
    let externalID: String?
    let clientToken: String?
    let createdAt: Int64
    var updatedAt: Int64
    var status = Status.active
    /// Of the service's desired count, in percent.
    var scale: Double
    var isStable = false
    var stableAt: Int64
    var tags: [Tag]

    var id: String { "ecs-svc/" + number }

    /// Rounded up. Source: API reference, TaskSet `computedDesiredCount`.
    func desired(of service: Int) -> Int {
        status == .draining ? 0 : Int((Double(service) * scale / 100).rounded(.up))
    }
}

/// Task sets.
/// Sources: API reference, CreateTaskSet and TaskSet; `describe-task-sets/`, `cloudformation-read/…TaskSet.TaskSet.json`.
extension World {
    mutating func createTaskSet(_ input: Input) throws(APIError) -> Value {
        let service = try externalService(input)
        let token = try input.string("clientToken")
        if let token, let known = services[service].taskSets.first(where: { $0.clientToken == token }) {
            return ["taskSet": described(known, of: service, withTags: true)]
        }
        // Source: Developer Guide, service quotas: task sets per service.
        if services[service].taskSets.count >= Limits.taskSetsPerService {
            throw .invalidParameter("A service can have at most \(Limits.taskSetsPerService) task sets.")
        }
        guard let name = try input.string("taskDefinition"), !name.isEmpty else {
            throw .invalidParameter("TaskDefinition can not be blank.")
        }
        let revision = try usable(name)
        let tags = try TagRules.tags(input)
        var settings = services[service].settings
        settings.loadBalancers = []
        settings.serviceRegistries = []
        try checkProviders(of: input, cluster: services[service].cluster)
        try ServiceInput(input, isCreate: true, names: longNames).apply(to: &settings)
        settings.deploymentController = "EXTERNAL"
        settings.taskDefinition = revision.arn
        if settings.capacityProviderStrategy != nil { settings.launchType = nil }
        try ServiceRules.check(settings, with: revision.summary)
        try checkTargetGroupsExist(settings)
        // Everything that may be refused has been read before anything is changed.
        let externalID = try input.string("externalId")
        let scale = try World.scale(input) ?? 0
        services[service].deploymentCount += 1
        let number = random.deploymentNumber(services[service].scope, services[service].deploymentCount)
        let record = services[service]
        let arn = self.arn("task-set/\(clusters[record.cluster].name)/\(record.name)/ecs-svc/\(number)")
        services[service].deployments.append(
            DeploymentRecord(number: number, settings: settings, createdAt: now, updatedAt: now, rolloutStateReason: "")
        )
        services[service].taskSets.append(
            TaskSetRecord(
                number: number, arn: arn, externalID: externalID, clientToken: token,
                createdAt: now, updatedAt: now, scale: scale, stableAt: now, tags: tags))
        planRound(service, at: now + scenario.timing.schedulerDelay)
        let index = services[service].taskSets.count - 1
        return ["taskSet": described(services[service].taskSets[index], of: service, withTags: true)]
    }

    func describeTaskSets(_ input: Input) throws(APIError) -> Value {
        let service = try externalService(input)
        let withTags = try input.strings("include")?.contains("TAGS") == true
        var found: [Value] = []
        var failures: [Value] = []
        guard let names = try input.strings("taskSets") else {
            found = services[service].taskSets.map { described($0, of: service, withTags: withTags) }
            return ["taskSets": .list(found), "failures": []]
        }
        for name in names {
            if let index = taskSet(name, of: service) {
                found.append(described(services[service].taskSets[index], of: service, withTags: withTags))
            } else {
                failures.append(World.missing(name))
            }
        }
        return ["taskSets": .list(found), "failures": .list(failures)]
    }

    mutating func updateTaskSet(_ input: Input) throws(APIError) -> Value {
        let (service, index) = try namedTaskSet(input, "taskSet")
        guard let scale = try World.scale(input) else { throw .invalidParameter("scale can not be blank.") }
        services[service].taskSets[index].scale = scale
        return changed(index, of: service)
    }

    mutating func updateServicePrimaryTaskSet(_ input: Input) throws(APIError) -> Value {
        let (service, index) = try namedTaskSet(input, "primaryTaskSet")
        for other in services[service].taskSets.indices where services[service].taskSets[other].status == .primary {
            services[service].taskSets[other].status = .active
        }
        services[service].taskSets[index].status = .primary
        // The service shows what its primary task set runs. Source: API reference, UpdateServicePrimaryTaskSet.
        let number = services[service].taskSets[index].number
        if let deployment = services[service].deployments.first(where: { $0.number == number }) {
            services[service].settings.taskDefinition = deployment.settings.taskDefinition
        }
        return changed(index, of: service)
    }

    mutating func deleteTaskSet(_ input: Input) throws(APIError) -> Value {
        let (service, index) = try namedTaskSet(input, "taskSet")
        let isForced = try input.boolean("force") ?? false
        if !isForced, services[service].taskSets[index].scale > 0 {
            // Source: API reference, DeleteTaskSet `force`: "even if it hasn't been scaled down to zero".
            throw .invalidParameter("The task set cannot be deleted while it is scaled above 0.")
        }
        services[service].taskSets[index].status = .draining
        return changed(index, of: service)
    }

    private mutating func changed(_ index: Int, of service: Int) -> Value {
        services[service].taskSets[index].updatedAt = now
        services[service].taskSets[index].isStable = false
        services[service].taskSets[index].stableAt = now
        planRound(service, at: now + scenario.timing.schedulerDelay)
        return ["taskSet": described(services[service].taskSets[index], of: service, withTags: true)]
    }

    // MARK: Scheduling

    /// Brings every task set of a service to its share of the desired count: no percentages, no breaker.
    mutating func reconcileTaskSets(_ service: Int) {
        var isMoving = false
        for record in services[service].taskSets {
            guard let position = services[service].deployments.firstIndex(where: { $0.number == record.number }) else {
                continue
            }
            let own = services[service].tasks.filter { tasks[$0]?.deployment == record.number }
            let running = own.filter { tasks[$0]?.wantsToRun == true }
            let unhealthy = running.filter { tasks[$0]?.isUnhealthy == true }
            let wanted = unhealthy.isEmpty ? running : running.filter { tasks[$0]?.isUnhealthy != true }
            let desired = record.desired(of: services[service].desiredCount)
            services[service].deployments[position].desiredCount = desired
            if !unhealthy.isEmpty {
                // Replaced as in any service. Source: Developer Guide, "Amazon ECS services", service scheduler.
                for ordinal in unhealthy {
                    if let message = tasks[ordinal]?.unhealthyMessage { say(service, message) }
                }
                stop(unhealthy, of: service)
                unsettle(record, of: service)
                isMoving = true
            }
            if wanted.count < desired {
                let ids = launchTasks(of: service, position, count: desired - wanted.count)
                if !ids.isEmpty {
                    let text = "has started \(ids.count) tasks: \(World.named(ids))."
                    append(service, message: "(service \(services[service].name), taskSet \(record.id)) \(text)")
                }
                isMoving = true
            } else if wanted.count > desired {
                stop(Array(wanted.suffix(wanted.count - desired)), of: service)
                isMoving = true
            } else if own.count == desired, own.allSatisfy({ tasks[$0]?.isHealthy == true }) {
                settle(record, of: service)
            }
        }
        if isMoving { planRound(service, at: now + scenario.timing.roundInterval) }
    }

    private mutating func unsettle(_ record: TaskSetRecord, of service: Int) {
        guard let index = services[service].taskSets.firstIndex(where: { $0.number == record.number }),
            services[service].taskSets[index].isStable
        else { return }
        services[service].taskSets[index].isStable = false
        services[service].taskSets[index].stableAt = now
    }

    private mutating func settle(_ record: TaskSetRecord, of service: Int) {
        guard let index = services[service].taskSets.firstIndex(where: { $0.number == record.number }) else { return }
        if record.status == .draining {
            services[service].taskSets.remove(at: index)
            services[service].deployments.removeAll { $0.number == record.number }
            return
        }
        guard !record.isStable else { return }
        services[service].taskSets[index].isStable = true
        services[service].taskSets[index].stableAt = now
        // Source: `service-events.tsv`, `delete-service/…ecs_service_taskset_delete_1.json`.
        append(
            service, message: "(service \(services[service].name), taskSet \(record.id)) updated state to STEADY_STATE."
        )
    }

    // MARK: Finding and describing

    private static func scale(_ input: Input) throws(APIError) -> Double? {
        guard let scale = try input.map("scale") else { return nil }
        guard let value = scale["value"]?.double, (0...100).contains(value) else {
            throw .invalidParameter("The scale of a task set must be between 0 and 100 percent.")
        }
        return value
    }

    private func externalService(_ input: Input) throws(APIError) -> Int {
        let service = try servicePosition(input, missing: .serviceNotFound)
        guard services[service].status == .active else { throw .serviceNotActive }
        guard services[service].settings.deploymentController == "EXTERNAL" else {
            throw .invalidParameter("Task sets can only be used by services with an EXTERNAL deployment controller.")
        }
        return service
    }

    private func namedTaskSet(_ input: Input, _ member: String) throws(APIError) -> (service: Int, index: Int) {
        let service = try externalService(input)
        guard let index = taskSet(try input.string(member) ?? "", of: service) else {
            throw APIError(code: "TaskSetNotFoundException", message: "The specified task set wasn't found.")
        }
        return (service, index)
    }

    private func taskSet(_ name: String, of service: Int) -> Int? {
        services[service].taskSets.firstIndex { $0.arn == name || $0.id == name }
    }

    func described(_ record: TaskSetRecord, of service: Int, withTags: Bool) -> Value {
        let deployment = services[service].deployments.first { $0.number == record.number }
        let settings = deployment?.settings ?? ServiceSettings()
        let counts = counts(of: record.number, in: service)
        return .map(present: [
            ("id", .string(record.id)), ("taskSetArn", .string(record.arn)),
            ("serviceArn", .string(services[service].arn)),
            ("clusterArn", .string(clusters[services[service].cluster].arn)),
            ("externalId", record.externalID.map { .string($0) }), ("status", .string(record.status.rawValue)),
            ("taskDefinition", .string(settings.taskDefinition)),
            ("computedDesiredCount", .integer(record.desired(of: services[service].desiredCount))),
            ("pendingCount", .integer(counts.pending)), ("runningCount", .integer(counts.running)),
            ("createdAt", .timestamp(record.createdAt)), ("updatedAt", .timestamp(record.updatedAt)),
            ("launchType", settings.launchType.map { .string($0) }),
            ("capacityProviderStrategy", settings.capacityProviderStrategy),
            // LATEST reads back as 1.4.0. Source: `captures/findings.md` item 9.
            ("platformVersion", settings.isFargate ? .string(World.resolvedPlatform(settings.platformVersion)) : nil),
            ("platformFamily", settings.isFargate ? "Linux" : nil),
            ("networkConfiguration", settings.networkConfiguration),
            ("loadBalancers", .list(settings.loadBalancers)), ("serviceRegistries", .list(settings.serviceRegistries)),
            ("scale", ["value": .double(record.scale), "unit": "PERCENT"]),
            ("stabilityStatus", record.isStable ? "STEADY_STATE" : "STABILIZING"),
            ("stabilityStatusAt", .timestamp(record.stableAt)),
            ("tags", withTags ? .list(record.tags.map(\.described)) : []),
        ])
    }
}
