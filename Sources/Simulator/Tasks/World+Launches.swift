import MooringShapes

/// Starting the tasks of services.
extension World {
    /// Starts up to so many tasks of a deployment, by default of the PRIMARY one, and says so.
    ///
    /// - Parameter replaced: how many tasks of the deployment wait for their replacement.
    /// - Returns: how many were started.
    mutating func startTasks(_ missing: Int, of service: Int, _ position: Int = 0, replaced: Int) -> Int {
        guard missing > 0 else { return 0 }
        let ids = launchTasks(of: service, position, count: missing)
        guard !ids.isEmpty else { return 0 }
        var text = "has started \(ids.count) tasks: \(World.named(ids))."
        if replaced > 0 {
            // Source: `service-events.tsv`, record 56523002981.
            text += " Amazon ECS replaced \(min(ids.count, replaced)) tasks due to an unhealthy status."
        }
        say(service, text)
        return ids.count
    }

    /// Starts up to so many tasks of one of a service's deployments, by default of the PRIMARY one: as many as find a place,
    /// unless earlier failures make it wait.
    ///
    /// - Returns: the ids of the started tasks; the caller says that they were started.
    mutating func launchTasks(of service: Int, _ position: Int = 0, count wanted: Int) -> [String] {
        let deployment = services[service].deployments[position]
        if deployment.nextStartAt > now {
            planRound(service, at: deployment.nextStartAt)
            return []
        }
        let count = allowedLaunches(service, wanted)
        var tally = ProviderTally(deployment.settings.capacityProviderStrategy)
        let isDistinct = takesDistinctInstances(service)
        var occupied = isDistinct ? occupiedInstances(service) : []
        for ordinal in services[service].tasks {
            guard let task = tasks[ordinal], task.wantsToRun, task.deployment == deployment.number else { continue }
            tally.count(task.capacityProvider)
        }
        let needs = taskDefinition(arn: deployment.settings.taskDefinition)?.record.summary.needs ?? TaskNeeds()
        if count > 0, let problem = roleProblem(needs) {
            report(PlacementFailure(role: problem), of: position, in: service)
            return []
        }
        var ids: [String] = []
        for _ in 0..<count {
            let place: Placement
            do throws(PlacementFailure) {
                place = try self.place(
                    deployment.settings, needs: needs, provider: tally.next, cluster: services[service].cluster,
                    occupied: occupied)
            } catch {
                report(error, of: position, in: service)
                break
            }
            tally.count(place.provider)
            if let instance = place.instance, isDistinct { occupied.insert(instance) }
            ids.append(startTask(of: service, position, at: place))
        }
        // What found no place was not launched.
        services[service].launches += ids.count
        if !ids.isEmpty { services[service].isSteady = false }
        return ids
    }

    private mutating func startTask(of service: Int, _ position: Int, at place: Placement) -> String {
        services[service].taskCount += 1
        let deployment = services[service].deployments[position]
        let task = makeTask(
            arn: deployment.settings.taskDefinition, settings: deployment.settings, service: service,
            deployment: deployment.number, index: services[service].taskCount, placement: place,
        )
        services[service].tasks.append(task.ordinal)
        launch(task, scope: services[service].scope, index: services[service].taskCount)
        return task.id
    }

    /// Says why there is no place, once, and waits longer each time.
    private mutating func report(_ failure: PlacementFailure, of position: Int, in service: Int) {
        sayOnce(service, failure.event)
        services[service].isSteady = false
        let backoff = scenario.timing.backoff
        guard failure.lengthensWait, !backoff.isEmpty else {
            planRound(service, at: now + scenario.timing.roundInterval)
            return
        }
        // A lack of room counts as a failure to start. Source: Developer Guide, "Service throttle logic".
        let failures = services[service].deployments[position].startFailures
        lengthenWait(of: position, in: service, wait: backoff[min(failures, backoff.count - 1)])
    }

    /// How many of the wanted tasks may be launched in this minute; the rest waits for the next one.
    /// Source: Developer Guide, service quotas: the rate at which the scheduler launches tasks.
    private mutating func allowedLaunches(_ service: Int, _ wanted: Int) -> Int {
        let minute: Int64 = 60_000
        // The distance is taken of times that are both within a scenario's bounds; the first one has none before it.
        if services[service].launches == 0 || now - services[service].launchMinute >= minute {
            services[service].launchMinute = now
            services[service].launches = 0
        }
        let allowed = min(wanted, max(0, Limits.launchesPerMinute - services[service].launches))
        if allowed < wanted { planRound(service, at: services[service].launchMinute + minute) }
        return allowed
    }

    /// Whether a service may run only one task on each instance.
    private func takesDistinctInstances(_ service: Int) -> Bool {
        let settings = services[service].settings
        return settings.schedulingStrategy == "DAEMON"
            || settings.placementConstraints.contains { $0["type"]?.text == "distinctInstance" }
    }

    /// The instances that already run a task of a service.
    private func occupiedInstances(_ service: Int) -> Set<Int> {
        Set(services[service].tasks.compactMap { tasks[$0]?.wantsToRun == true ? tasks[$0]?.instance : nil })
    }

    func isOnDrainingInstance(_ task: TaskRecord) -> Bool {
        guard let instance = task.instance else { return false }
        return clusters[task.cluster].machines[instance].status == .draining
    }
}
