import MooringShapes

/// CreateService, and how any deployment begins.
extension World {
    mutating func createService(_ input: Input, _ caller: Caller) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        guard let name = try input.string("serviceName"), !name.isEmpty else {
            throw .invalidParameter("Service name cannot be empty.")
        }
        guard name.utf8.count <= 255, Names.isWordOrHyphen(name) else {
            throw .invalidParameter(
                "Invalid service name. The name can contain up to 255 letters (uppercase and "
                    + "lowercase), numbers, underscores, and hyphens.")
        }
        let token = try input.string("clientToken")
        if let token, token.utf8.count > 36 || token.utf8.contains(where: { !(33...126).contains($0) }) {
            throw .invalidParameter("Invalid clientToken. It can be up to 36 ASCII characters (33-126).")
        }
        if let repeated = try existingService(name, cluster: cluster, input: input, token: token) { return repeated }

        let tags = try TagRules.tags(input)
        var settings = try newSettings(input, cluster: cluster)
        let desired = try desiredCount(input, settings: settings)
        if settings.deploymentController == "EXTERNAL" {
            // Task sets bring their own, and the service shows that of the primary one. Sources: API reference, CreateService
            // `taskDefinition`; the answer to one that is named, from rules that were tried on AWS (index record 66917595742).
            if try input.string("taskDefinition")?.isEmpty == false {
                throw .invalidParameter("TaskDefinition must be blank.")
            }
        } else {
            guard let name = try input.string("taskDefinition") else {
                throw .invalidParameter("TaskDefinition can not be blank.")
            }
            let revision = try usable(name)
            settings.taskDefinition = revision.arn
            try ServiceRules.check(settings, with: revision.summary)
            try ServiceRules.checkExec(input, with: revision.summary, verb: "created")
            try checkTargetGroupsExist(settings)
            try checkTargetGroups(settings)
        }
        let position = insertService(
            name: name, cluster: cluster, settings: settings, desired: desired, tags: tags, input: input, token: token,
            caller: caller)
        if settings.schedulingStrategy == "DAEMON" { openFirstInstance(cluster) }
        if settings.deploymentController == "ECS" { beginDeployment(position) }
        return created(position)
    }

    /// What CreateService and RunTask say, with the cluster's default strategy where neither a launch type nor a strategy is
    /// named. Source: API reference, CreateService and RunTask `capacityProviderStrategy`.
    func newSettings(_ input: Input, cluster: Int) throws(APIError) -> ServiceSettings {
        var settings = ServiceSettings()
        if !input.has("launchType"), !input.has("capacityProviderStrategy"),
            let standard = clusters[cluster].defaultCapacityProviderStrategy.elements, !standard.isEmpty
        {
            // "Any RunTask or CreateService actions using the capacity provider strategy will fail."
            // Source: API reference, CapacityProviderStrategyItem `weight`.
            try World.checkNumbers(standard)
            settings.capacityProviderStrategy = clusters[cluster].defaultCapacityProviderStrategy
            settings.launchType = nil
        }
        try checkProviders(of: input, cluster: cluster)
        try ServiceInput(input, isCreate: true, names: longNames).apply(to: &settings)
        if settings.capacityProviderStrategy != nil { settings.launchType = nil }
        return settings
    }

    /// The answer, with tags only where there are any. Source: `create-service/…create-service.1.json` (three tags) and
    /// `…create-service.5.json` (none, and no member).
    private func created(_ position: Int) -> Value {
        .map([("service", view(position, withTags: !services[position].tags.isEmpty))])
    }

    /// What a repetition of CreateService gets.
    ///
    /// The same token with the same input within its life gets the service again. Without a token AWS may compare the
    /// inputs too; nobody has published that, so a repetition is refused as every published clash was.
    private mutating func existingService(
        _ name: String, cluster: Int, input: Input, token: String?,
    ) throws(APIError) -> Value? {
        guard let position = servicePositions["\(clusters[cluster].name)/\(name)"] else { return nil }
        let service = services[position]
        switch service.status {
        case .inactive: return nil
        // Source: reference/ecs-api.md section 5.
        case .draining: throw .invalidParameter("Unable to Start a service that is still Draining.")
        case .active:
            if let token, token == service.clientToken, now - service.createdAt < Limits.clientTokenMilliseconds,
                World.createInput(input) == service.createInput
            {
                return created(position)
            }
            // Source: `errors.tsv`, record 5037126040.
            throw .invalidParameter("Creation of service was not idempotent.")
        }
    }

    private static func createInput(_ input: Input) -> Value { input.value.setting("clientToken", to: nil) }

    private func desiredCount(_ input: Input, settings: ServiceSettings) throws(APIError) -> Int {
        let desired = try input.integer("desiredCount")
        try ServiceRules.check(desired: desired)
        if settings.schedulingStrategy == "DAEMON" {
            // Source: API reference, CreateService `desiredCount`: only for REPLICA.
            if desired != nil {
                throw .invalidParameter(
                    "The daemon scheduling strategy does not support a desired count "
                        + "for services. Remove a desired count value and try again")
            }
            return 0
        }
        if desired == nil, settings.deploymentController == "ECS" {
            throw .invalidParameter(
                "The replica scheduling strategy requires a desired count. Specify a desired count "
                    + "and try again.")
        }
        return desired ?? 0
    }

    private mutating func insertService(
        name: String, cluster: Int, settings: ServiceSettings, desired: Int, tags: [Tag], input: Input, token: String?,
        caller: Caller,
    ) -> Int {
        let key = "\(clusters[cluster].name)/\(name)"
        let generation = (serviceGenerations[key] ?? 0) + 1
        serviceGenerations[key] = generation
        var service = ServiceRecord(
            cluster: cluster, name: name, arn: arn("service/" + key),
            scope: KeyedRandom.scope("service", key, String(generation)), createdAt: now, createdBy: caller.arn,
            createInput: World.createInput(input), clientToken: token, settings: settings, desiredCount: desired,
        )
        service.tags = tags
        if let older = servicePositions[key] { forgetHistory(older) }
        let position = services.count
        services.append(service)
        servicePositions[key] = position
        clusters[cluster].services.append(position)
        noteTargetGroups(of: position)
        hide(position, as: nil)
        return position
    }

    /// An INACTIVE service whose name is taken again cannot be named any more: nobody can ask for its records.
    private mutating func forgetHistory(_ service: Int) {
        guard services[service].status == .inactive else { return }
        services[service].serviceDeployments = []
        services[service].serviceRevisions = []
        services[service].events = []
    }

    // MARK: Deployments

    /// Starts a deployment of the service's present settings: a new PRIMARY, all others on their way out.
    mutating func beginDeployment(_ service: Int) {
        services[service].deploymentCount += 1
        let number = random.deploymentNumber(services[service].scope, services[service].deploymentCount)
        let settings = services[service].settings
        let sources = services[service].deployments.prefix(Limits.sourcesPerServiceDeployment).map(\.number)
        for index in services[service].deployments.indices {
            supersede(services[service].deployments[index], in: service)
            services[service].deployments[index].status = .active
        }
        let ignoresAlarms = isInAlarm(World.watchedAlarms(of: settings))
        let record = recordServiceDeployment(
            service, number: number, settings: settings, sources: sources, ignoresAlarms: ignoresAlarms)
        services[service].serviceRevisions.append(
            ServiceRevisionRecord(
                number: number, arn: revisionARN(number, service: services[service]), settings: settings,
                createdAt: now,
                digests: registryDigests(of: settings)))
        forgetRevisions(service)
        services[service].deployments.insert(
            DeploymentRecord(
                number: number, settings: settings, ignoresAlarms: ignoresAlarms, createdAt: now, updatedAt: now,
                // Source: `status-reasons.tsv`.
                rolloutStateReason: "ECS deployment ecs-svc/\(number) in progress.", serviceDeployment: record,
            ), at: 0)
        services[service].isSteady = false
        prepareShift(service)
        let last = services[service].serviceRevisions.count - 1
        services[service].serviceRevisions[last].usesAlternate = services[service].deployments[0].usesAlternate
        updateServiceDeployment(service, of: services[service].deployments[0]) { record in
            record.hasWeights = settings.shiftsTraffic && settings.hasManagedTraffic
        }
        planRound(service, at: now + scenario.timing.schedulerDelay)
    }

    /// Drops the oldest revisions beyond their bound, save what still runs or may run again.
    private mutating func forgetRevisions(_ service: Int) {
        let excess = services[service].serviceRevisions.count - Limits.keptServiceRevisions
        guard excess > 0 else { return }
        var needed = services[service].deployments.map(\.number)
        if let candidate = services[service].rollbackCandidate { needed.append(candidate.number) }
        let kept = services[service].serviceRevisions.prefix(excess).filter { needed.contains($0.number) }
        services[service].serviceRevisions.replaceSubrange(..<excess, with: kept)
    }

    /// A rollout that a newer one overtakes: STOP_REQUESTED now, STOPPED when the newer one starts.
    /// Source: Developer Guide, service deployment states, STOP_REQUESTED: "A user starts a new service deployment."
    private mutating func supersede(_ deployment: DeploymentRecord, in service: Int) {
        updateServiceDeployment(service, of: deployment) { record in
            if !record.status.isOver { record.status = .stopRequested }
        }
    }

    private mutating func recordServiceDeployment(
        _ service: Int, number: String, settings: ServiceSettings, sources: [String], ignoresAlarms: Bool,
    ) -> String {
        services[service].serviceDeploymentCount += 1
        let record = services[service]
        let id = random.urlSafeID(.serviceDeployment, record.scope, record.serviceDeploymentCount)
        let breaker = settings.deploymentConfiguration["deploymentCircuitBreaker"]
        let isOn = breaker?["enable"]?.boolean == true
        let arn = self.arn("service-deployment/\(clusters[record.cluster].name)/\(record.name)/\(id)")
        services[service].serviceDeployments.append(
            ServiceDeploymentRecord(
                id: id, arn: arn, target: number, sources: sources, createdAt: now, updatedAt: now,
                deploymentConfiguration: settings.deploymentConfiguration,
                breakerStatus: isOn ? "MONITORING" : "DISABLED",
                threshold: World.threshold(of: breaker, desired: wantedTasks(service)),
                // What is shown of alarms that are not watched nobody says; here it is what is shown of switched off ones.
                alarmStatus: ignoresAlarms || World.watchedAlarms(of: settings).isEmpty ? "DISABLED" : "MONITORING",
            ))
        let excess = services[service].serviceDeployments.count - Limits.keptServiceDeployments
        if excess > 0 { services[service].serviceDeployments.removeFirst(excess) }
        queue.plan(
            .serviceDeploymentStart(service: service, id: id), at: now + scenario.timing.serviceDeploymentStart)
        return id
    }

    func revisionARN(_ number: String, service: ServiceRecord) -> String {
        arn("service-revision/\(clusters[service.cluster].name)/\(service.name)/\(number)")
    }

    /// Tasks of a deployment as DescribeServices counts them.
    func counts(of deployment: String, in service: Int) -> (running: Int, pending: Int) {
        var running = 0
        var pending = 0
        for ordinal in services[service].tasks {
            guard let task = tasks[ordinal], task.deployment == deployment else { continue }
            if task.status == .running { running += 1 }
            if task.isPending { pending += 1 }
        }
        return (running, pending)
    }
}
