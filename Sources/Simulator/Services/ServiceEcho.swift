import MooringShapes

/// How ECS describes a service and its deployments.
///
/// Sources: `update-service/aws__aws-cli__update-service.4.json` (2025) for the members, `captures/findings.md` for what is newer.
extension World {
    func view(_ position: Int, withTags: Bool) -> Value {
        let service = services[position]
        let settings = service.settings
        var running = 0
        var pending = 0
        for ordinal in service.tasks {
            guard let task = tasks[ordinal] else { continue }
            if task.status == .running { running += 1 }
            if task.isPending { pending += 1 }
        }
        let isDaemon = settings.schedulingStrategy == "DAEMON"
        var output = Value.map(present: [
            ("serviceArn", .string(service.arn)),
            ("serviceName", .string(service.name)),
            ("clusterArn", .string(clusters[service.cluster].arn)),
            ("loadBalancers", .list(settings.loadBalancers)),
            ("serviceRegistries", .list(settings.serviceRegistries)),
            ("status", .string(service.status.rawValue)),
            (
                "desiredCount",
                .integer(isDaemon && service.status == .active ? wantedTasks(position) : service.desiredCount)
            ),
            ("runningCount", .integer(running)),
            ("pendingCount", .integer(pending)),
            ("launchType", settings.launchType.map { .string($0) }),
            ("capacityProviderStrategy", settings.capacityProviderStrategy),
            // LATEST here, 1.4.0 on the deployment. Source: `captures/findings.md` section 3.
            ("platformVersion", settings.platformVersion.map { .string($0) }),
            ("platformFamily", settings.isFargate ? "Linux" : nil),
            ("taskDefinition", settings.taskDefinition.isEmpty ? nil : .string(settings.taskDefinition)),
            ("deploymentConfiguration", settings.shownConfiguration),
        ])
        switch settings.deploymentController {
        case "ECS": output["deployments"] = .list(service.deployments.map { describe($0, in: position) })
        // Sources: `describe-services/…taskset_delete_3.json` and `create-service/…create-service.3.json`.
        case "CODE_DEPLOY": output["taskSets"] = []
        default:
            output["taskSets"] = .list(service.taskSets.map { described($0, of: position, withTags: withTags) })
            output["deployments"] = []
        }
        describeRest(service, position, into: &output)
        if withTags { output["tags"] = .list(service.tags.map(\.described)) }
        return output
    }

    private func describeRest(_ service: ServiceRecord, _ position: Int, into output: inout Value) {
        let settings = service.settings
        // Only where ECS does something with the role: in a VPC, behind a load balancer, or in a registry.
        // Sources: without any of them, `describe-services/…autoscaling_offhours_1.json`, `cloudformation-read/…HuntEc2Service.json`;
        // with a network, `…HuntFargateSvc.json`; for task sets, which bring their own, `create-service/…create-service.3.json`.
        let usesRole =
            settings.networkConfiguration != nil || !settings.loadBalancers.isEmpty
            || !settings.serviceRegistries.isEmpty || settings.deploymentController == "EXTERNAL"
        output["roleArn"] = settings.role.map { .string($0) } ?? (usesRole ? .string(serviceLinkedRole) : nil)
        output["events"] = .list(service.events.reversed().map(\.described))
        output["createdAt"] = .timestamp(service.createdAt)
        output["placementConstraints"] = .list(settings.placementConstraints)
        output["placementStrategy"] = .list(settings.placementStrategy)
        output["networkConfiguration"] = settings.networkConfiguration
        // Absent without a load balancer until March 2024 (`captures/findings.md` section 3), always there since December:
        // `update-service/…update-service.4.json`, `create-service/…create-service.5.json`, all of `cloudformation-read`.
        output["healthCheckGracePeriodSeconds"] = .integer(settings.healthCheckGracePeriodSeconds ?? 0)
        output["schedulingStrategy"] = .string(settings.schedulingStrategy)
        output["deploymentController"] = .map([("type", .string(settings.deploymentController))])
        output["createdBy"] = .string(service.createdBy)
        output["enableECSManagedTags"] = .boolean(settings.enableECSManagedTags)
        output["propagateTags"] = .string(settings.propagateTags)
        output["enableExecuteCommand"] = .boolean(settings.enableExecuteCommand)
        output["availabilityZoneRebalancing"] = .string(settings.availabilityZoneRebalancing)
        // Since 2026. Source: records 55945359761 and 53869579464 by way of `captures/findings.md` section 3.
        output["resourceManagementType"] = "CUSTOMER"
        if settings.deploymentController == "ECS", service.status != .inactive {
            output["currentServiceRevisions"] = .list(
                service.deployments.map { deployment in
                    let counts = counts(of: deployment.number, in: position)
                    return [
                        "arn": .string(revisionARN(deployment.number, service: service)),
                        "requestedTaskCount": .integer(deployment.desiredCount),
                        "runningTaskCount": .integer(counts.running),
                        "pendingTaskCount": .integer(counts.pending),
                    ]
                })
        }
    }

    private func describe(_ deployment: DeploymentRecord, in service: Int) -> Value {
        let counts = counts(of: deployment.number, in: service)
        let settings = deployment.settings
        return .map(present: [
            ("id", .string(deployment.id)),
            ("status", .string(deployment.status.rawValue)),
            ("taskDefinition", .string(settings.taskDefinition)),
            ("desiredCount", .integer(deployment.desiredCount)),
            ("pendingCount", .integer(counts.pending)),
            ("runningCount", .integer(counts.running)),
            ("failedTasks", .integer(deployment.failedTasks)),
            ("createdAt", .timestamp(deployment.createdAt)),
            ("updatedAt", .timestamp(deployment.updatedAt)),
            ("capacityProviderStrategy", settings.capacityProviderStrategy),
            ("launchType", settings.launchType.map { .string($0) }),
            ("platformVersion", settings.isFargate ? .string(World.resolvedPlatform(settings.platformVersion)) : nil),
            ("platformFamily", settings.isFargate ? "Linux" : nil),
            ("networkConfiguration", settings.networkConfiguration),
            ("rolloutState", .string(deployment.rolloutState.rawValue)),
            ("rolloutStateReason", .string(deployment.rolloutStateReason)),
            // Only here and on service revisions, never on the service. Source: reference/ecs-api.md section 1, item 5.
            ("serviceConnectConfiguration", settings.serviceConnectConfiguration),
            (
                "volumeConfigurations",
                settings.volumeConfigurations.isEmpty ? nil : .list(settings.volumeConfigurations)
            ),
            (
                "vpcLatticeConfigurations",
                settings.vpcLatticeConfigurations.isEmpty ? nil : .list(settings.vpcLatticeConfigurations)
            ),
        ])
    }
}
