import MooringShapes

/// UpdateService and DeleteService.
extension World {
    mutating func updateService(_ input: Input) throws(APIError) -> Value {
        let position = try servicePosition(input, missing: .serviceNotFound)
        guard services[position].status == .active else { throw .serviceNotActive }
        let old = services[position].settings
        let forced = try input.boolean("forceNewDeployment") ?? false
        try checkController(input, old: old, forced: forced)

        var settings = old
        try checkProviders(of: input, cluster: services[position].cluster)
        try ServiceInput(input, isCreate: false, names: longNames).apply(to: &settings)
        if let name = try input.string("taskDefinition") { settings.taskDefinition = try usable(name).arn }
        try checkDefinition(of: settings, input)
        if input.has("loadBalancers") { try checkTargetGroupsExist(settings) }
        if let strategy = settings.capacityProviderStrategy, strategy != old.capacityProviderStrategy, !forced {
            // Source: kayac/ecspresso issue 977, ECS's own words.
            throw .invalidParameter(
                "When switching from launch type to capacity provider strategy on an existing service, or making a change "
                    + "to a capacity provider strategy on a service that is already using one, you must force a new "
                    + "deployment.")
        }
        let desired = try input.integer("desiredCount")
        try ServiceRules.check(desired: desired)
        if desired != nil {
            if settings.schedulingStrategy == "DAEMON" {
                throw .invalidParameter(
                    "The daemon scheduling strategy does not support a desired count for services. "
                        + "Remove a desired count value and try again")
            }
        }

        hide(position, as: snapshot(position))
        services[position].settings = settings
        if input.has("loadBalancers") { noteTargetGroups(of: position) }
        if let desired, desired != services[position].desiredCount { scale(position, to: desired) }
        guard settings.deploymentController == "ECS" else {
            // Whoever deploys from now on, it is not the scheduler.
            services[position].shift = nil
            planRound(position, at: now + scenario.timing.schedulerDelay)
            return .map([("service", view(position, withTags: false))])
        }
        // A service that comes back to ECS starts anew.
        // Source: Developer Guide, "Migrating from a CodeDeploy blue/green to an Amazon ECS blue/green service deployment".
        let returns = old.deploymentController != "ECS" || services[position].deployments.isEmpty
        if forced || returns || settings.startsDeployment(against: old) {
            // What ran in task sets is now an older deployment.
            services[position].taskSets = []
            dropDrained(position)
            beginDeployment(position)
        } else {
            // Settings that start no deployment hold for the present one.
            services[position].deployments[0].settings = settings
            keepThreshold(position)
            watchShiftAlarms(position)
            planRound(position, at: now + scenario.timing.schedulerDelay)
        }
        return .map([("service", view(position, withTags: false))])
    }

    /// Checks the settings together with their task definition.
    private func checkDefinition(of settings: ServiceSettings, _ input: Input) throws(APIError) {
        // Network and launch type are the task sets'. Source: API reference, UpdateService.
        if settings.deploymentController == "EXTERNAL" { return }
        if let definition = taskDefinition(arn: settings.taskDefinition) {
            try ServiceRules.check(settings, with: definition.record.summary)
            try ServiceRules.checkExec(input, with: definition.record.summary, verb: "updated")
        } else if settings.deploymentController == "ECS" {
            // An EXTERNAL service may have been without one.
            throw .invalidParameter("TaskDefinition can not be blank.")
        }
    }

    /// Takes away older deployments that have no task left: calls that follow one another quickly leave one each.
    ///
    /// Those that share traffic stay, whatever runs of them.
    private mutating func dropDrained(_ position: Int) {
        let service = services[position]
        guard service.shift == nil, service.deployments.count > 2 else { return }
        var running: Set<String> = []
        for ordinal in service.tasks {
            if let number = tasks[ordinal]?.deployment { running.insert(number) }
        }
        services[position].deployments.removeAll { $0.status == .active && !running.contains($0.number) }
    }

    /// The same deployment with another count; its state stays. Source: `captures/findings.md`, count-only update.
    mutating func scale(_ position: Int, to desired: Int) {
        services[position].desiredCount = desired
        // While traffic shifts each revision has a count of its own, which the next look sets.
        if !services[position].deployments.isEmpty, services[position].shift == nil {
            services[position].deployments[0].desiredCount = desired
        }
        services[position].isSteady = false
        keepThreshold(position)
    }

    /// Under CODE_DEPLOY and EXTERNAL much is refused. Source: `errors.tsv`, four real texts; kayac/ecspresso issue 393 for
    /// load balancers. The controller that the request asks for counts: aws/aws-cdk issue 36012.
    private func checkController(_ input: Input, old: ServiceSettings, forced: Bool) throws(APIError) {
        let controller = try input.map("deploymentController")?["type"]?.text ?? old.deploymentController
        guard controller == "CODE_DEPLOY" else { return }
        let ending =
            "on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment."
        if forced { throw .invalidParameter("Cannot force a new deployment \(ending)") }
        if input.has("taskDefinition") { throw .invalidParameter("Unable to update task definition \(ending)") }
        if input.has("networkConfiguration") {
            throw .invalidParameter("Unable to update network parameters \(ending)")
        }
        if input.has("loadBalancers") { throw .invalidParameter("Unable to update load balancers \(ending)") }
    }

    mutating func deleteService(_ input: Input) throws(APIError) -> Value {
        let position = try servicePosition(input, missing: .serviceNotFound)
        guard services[position].status == .active else { throw .serviceNotActive }
        let isForced = try input.boolean("force") ?? false
        let isDaemon = services[position].settings.schedulingStrategy == "DAEMON"
        if !isForced, !isDaemon, services[position].desiredCount > 0 {
            throw .invalidParameter("The service cannot be stopped while it is scaled above 0.")
        }
        hide(position, as: snapshot(position))
        services[position].status = .draining
        services[position].shift = nil
        services[position].desiredCount = 0
        services[position].isSteady = false
        // DRAINING with desired 0, the PRIMARY still listed. Source: `delete-service/…ecs_service_delete_1.json`.
        for index in services[position].deployments.indices {
            services[position].deployments[index].desiredCount = 0
            services[position].deployments[index].updatedAt = now
        }
        for index in services[position].serviceDeployments.indices
        where !services[position].serviceDeployments[index].status.isOver {
            stopServiceDeployment(position, at: index)
        }
        planRound(position, at: now + scenario.timing.schedulerDelay)
        return .map([("service", view(position, withTags: false))])
    }

    // MARK: Finding

    /// The newest service that a request names by name or ARN.
    func servicePosition(_ input: Input, missing: APIError) throws(APIError) -> Int {
        let cluster = try activeCluster(input)
        guard let name = try input.string("service"), !name.isEmpty else {
            throw .invalidParameter("Service cannot be empty.")
        }
        guard let position = findService(name, cluster: cluster) else { throw missing }
        return position
    }

    /// A service by name or ARN, unless it has been INACTIVE so long that nobody can see it.
    func findService(_ name: String, cluster: Int) -> Int? {
        var short = name
        if name.hasPrefix("arn:") {
            let prefix = arn("service/")
            guard name.hasPrefix(prefix) else { return nil }
            let parts = name.dropFirst(prefix.count).split(separator: "/")
            if parts.count == 2, String(parts[0]) != clusters[cluster].name { return nil }
            short = parts.last.map(String.init) ?? ""
        }
        guard let position = servicePositions["\(clusters[cluster].name)/\(short)"] else { return nil }
        if let deletedAt = services[position].deletedAt,
            now - deletedAt >= scenario.timing.inactiveServiceVisible
        {
            return nil
        }
        return position
    }
}
