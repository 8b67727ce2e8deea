import MooringShapes

/// Making tasks.
extension World {
    /// A new task of a task definition, not yet launched.
    mutating func makeTask(
        arn: String, settings: ServiceSettings, service: Int?, deployment: String?, index: Int,
        placement: Placement, cluster: Int? = nil, overrides: Value = [:], group: String? = nil,
    ) -> TaskRecord {
        let ordinal = taskCount
        taskCount += 1
        let cluster = service.map { services[$0].cluster } ?? cluster ?? 0
        let scope = service.map { services[$0].scope } ?? KeyedRandom.scope("run", clusters[cluster].name)
        let id = random.hexadecimalID(.task, scope, index)
        let definition = taskDefinition(arn: arn)
        let summary = definition?.record.summary ?? TaskDefinitionSummary()
        let hasTargets = service.map { !services[$0].settings.loadBalancers.isEmpty } ?? false
        let network = settings.networkConfiguration?["awsvpcConfiguration"]
        let subnets = network?["subnets"]?.elements ?? []
        let subnet = subnets.isEmpty ? nil : subnets[index % subnets.count].text
        let prospects = prospects(of: summary, hasTargets: hasTargets, placement: placement, subnet: subnet)
        let isFargate = placement.isFargate
        var tags: [Tag] = []
        if settings.enableECSManagedTags {
            // Sources: `describe-tasks/…ecs_task_subnet_1.json` (RunTask); Developer Guide, tagging (the service's name).
            tags.append(Tag(key: "aws:ecs:clusterName", value: clusters[cluster].name))
            if let service { tags.append(Tag(key: "aws:ecs:serviceName", value: services[service].name)) }
        }
        switch settings.propagateTags {
        case "SERVICE": if let service { tags += services[service].tags }
        case "TASK_DEFINITION": tags += definition?.record.tags ?? []
        default: break
        }
        var task = TaskRecord(
            ordinal: ordinal, id: id, arn: self.arn("task/\(clusters[cluster].name)/\(id)"), cluster: cluster,
            service: service, deployment: deployment, taskDefinition: arn, family: definition?.family ?? "",
            group: group ?? service.map { "service:\(services[$0].name)" } ?? "family:\(definition?.family ?? "")",
            startedBy: deployment.map { "ecs-svc/\($0)" },
            launchType: isFargate ? "FARGATE" : settings.launchType ?? "EC2", capacityProvider: placement.provider,
            platformVersion: isFargate ? World.resolvedPlatform(settings.platformVersion) : nil, subnet: subnet,
            usesNetworkInterface: summary.networkMode == "awsvpc", instance: placement.instance, summary: summary,
            containers: summary.containers.map { .init(name: $0.name, image: $0.image) },
            fate: prospects.fate, delays: prospects.delays, targetReason: prospects.targetReason,
            overrides: overrides, createdAt: now,
        )
        task.tags = tags
        task.enableExecuteCommand = settings.enableExecuteCommand
        return task
    }

    /// The service says LATEST, its deployments and tasks 1.4.0. Source: `captures/findings.md`, section 3.
    static func resolvedPlatform(_ version: String?) -> String {
        guard let version, version != "LATEST" else { return "1.4.0" }
        return version
    }

    /// The revision with this ARN, although it may be deleted by now.
    func taskDefinition(arn: String) -> (family: String, record: TaskDefinitionRecord)? {
        position(ofRevision: arn).map { (families[$0.family].name, families[$0.family].revisions[$0.revision]) }
    }
}
