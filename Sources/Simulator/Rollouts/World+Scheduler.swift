import MooringShapes

/// The service scheduler: what it does when it looks at one service.
extension World {
    /// Plans a look, unless an earlier one is planned already.
    mutating func planRound(_ service: Int, at time: Int64) {
        if let planned = services[service].roundAt, planned <= time { return }
        services[service].roundAt = time
        queue.plan(.round(service: service, at: time), at: time)
    }

    mutating func round(_ service: Int, plannedAt: Int64) {
        guard services[service].roundAt == plannedAt else { return }
        services[service].roundAt = nil
        switch services[service].status {
        case .inactive: return
        case .draining: drain(service)
        case .active where services[service].shift != nil: shiftRound(service)
        case .active where services[service].settings.deploymentController == "EXTERNAL": reconcileTaskSets(service)
        case .active: if services[service].settings.deploymentController == "ECS" { reconcile(service) }
        }
    }

    /// What the service should run: its desired count, or one task on every container instance.
    func wantedTasks(_ service: Int) -> Int {
        services[service].settings.schedulingStrategy == "DAEMON"
            ? openInstances(services[service].cluster) : services[service].desiredCount
    }

    // MARK: One look

    /// The tasks of a service, sorted by what the scheduler may do with them.
    private struct Sorted {
        var newGood: [Int] = []
        var newUnhealthy: [Int] = []
        var old: [Int] = []
        var oldUnhealthy: [Int] = []
        var healthyNew = 0
        var healthyOld = 0
        var leaving = 0
        var leavingOld = 0

        var active: Int { newGood.count + newUnhealthy.count + old.count + oldUnhealthy.count }
    }

    private func sorted(_ service: Int) -> Sorted {
        var sorted = Sorted()
        let primary = services[service].deployments[0].number
        for ordinal in services[service].tasks {
            guard let task = tasks[ordinal] else { continue }
            // What runs on a draining instance must go as if it were old. Source: Developer Guide, "Draining Amazon ECS
            // container instances": replaced within the percentages.
            let isNew = task.deployment == primary && !isOnDrainingInstance(task)
            if !task.wantsToRun {
                sorted.leaving += 1
                if !isNew { sorted.leavingOld += 1 }
            } else if isNew {
                if task.isUnhealthy { sorted.newUnhealthy.append(ordinal) } else { sorted.newGood.append(ordinal) }
                if task.isHealthy { sorted.healthyNew += 1 }
            } else {
                if task.isUnhealthy { sorted.oldUnhealthy.append(ordinal) } else { sorted.old.append(ordinal) }
                if task.isHealthy { sorted.healthyOld += 1 }
            }
        }
        return sorted
    }

    /// Brings a service one step closer to what it should be.
    ///
    /// Percentages: floor = ceil(desired * minimum / 100), ceiling = floor(desired * maximum / 100).
    /// Source: API reference, DeploymentConfiguration; reference/ecs-api.md section 10.
    private mutating func reconcile(_ service: Int) {
        let desired = wantedTasks(service)
        let configuration = services[service].settings.deploymentConfiguration
        let minimum = configuration["minimumHealthyPercent"]?.integer ?? 100
        let maximum = configuration["maximumPercent"]?.integer ?? 200
        let floor = (desired * minimum + 99) / 100
        // A DAEMON reports 100 and 0, and may replace only by stopping first. Source: API reference, `maximumPercent`.
        let ceiling = desired * maximum / 100

        services[service].deployments[0].desiredCount = desired
        let said = services[service].eventCount
        let before = sorted(service)
        work += services[service].tasks.count
        let primary = services[service].deployments[0]
        if primary.rolloutState == .failed {
            keepFailed(service, desired: desired, ceiling: ceiling)
            settleCounts(service)
            if services[service].eventCount != said {
                planRound(service, at: now + scenario.timing.roundInterval)
            }
            return
        }
        if failsByAlarm(service) {
            settleCounts(service)
            return
        }

        // A service at rest may always run what it wants; the ceiling holds while two deployments overlap
        // or a task is being replaced.
        // Replacements of unhealthy tasks are held against the new deployment's tasks alone: with one task at 200 percent
        // ECS started a third beside the old and the unhealthy one. Source: `rollout-sequences.tsv`, container health check.
        let replacements = min(before.newUnhealthy.count, ceiling - before.newGood.count - before.newUnhealthy.count)
        let room = max(max(ceiling, desired) - before.active, replacements)
        let started = startTasks(
            min(desired - before.newGood.count, room), of: service, replaced: before.newUnhealthy.count)
        let stoppedUnhealthy = stopUnhealthy(service, sorted: before, started: started)
        let unmet = max(0, desired - before.newGood.count - started)
        stopOld(service, sorted: before, desired: desired, floor: floor, unmet: unmet)
        stopExcess(service, sorted: before, started: started, desired: desired)
        if started > 0 || stoppedUnhealthy > 0 { planBreaker(service) }
        reportStuck(service, sorted: before, desired: desired, floor: floor, ceiling: ceiling)
        settleCounts(service)
        settle(service, desired: desired)
        // Whoever did something looks again; whoever could do nothing waits for a task to change.
        if services[service].eventCount != said, !services[service].isSteady {
            planRound(service, at: now + scenario.timing.roundInterval)
        }
    }

    /// Keeps a service running whose PRIMARY deployment has failed without a way back.
    ///
    /// A failed deployment launches nothing more. Source: API reference, Deployment `rolloutState`. The one that completed last
    /// makes up what is missing of the desired count, as a halted traffic shift keeps blue; no deployment has more than that.
    private mutating func keepFailed(_ service: Int, desired: Int, ceiling: Int) {
        var good = 0
        var active = 0
        for ordinal in services[service].tasks {
            guard let task = tasks[ordinal], task.wantsToRun else { continue }
            active += 1
            if !task.isUnhealthy { good += 1 }
        }
        let missing = max(0, min(desired - good, max(ceiling, desired) - active))
        let kept = services[service].rollbackCandidate?.number
        for position in services[service].deployments.indices {
            let isKept = position > 0 && services[service].deployments[position].number == kept
            let present = sortedTasks(service, position).good.count
            tend(service, position, want: min(desired, present + (isKept ? missing : 0)))
        }
    }

    /// Stops unhealthy tasks that were replaced, and one where the ceiling leaves no room to replace it first.
    private mutating func stopUnhealthy(_ service: Int, sorted: Sorted, started: Int) -> Int {
        var doomed = sorted.oldUnhealthy
        if started > 0 {
            doomed += sorted.newUnhealthy.prefix(started)
        } else if !sorted.newUnhealthy.isEmpty, services[service].deployments[0].nextStartAt <= now {
            // One by one where there is no room. Source: API reference, DeploymentConfiguration `minimumHealthyPercent`.
            doomed += sorted.newUnhealthy.prefix(1)
        }
        guard !doomed.isEmpty else { return 0 }
        for (index, ordinal) in doomed.enumerated() {
            if let message = tasks[ordinal]?.unhealthyMessage {
                // 38 ms behind the start of the replacement, and 1 ms before the stop. Source: `rollout-sequences.tsv`.
                say(service, message, after: Int64(38 + index))
            }
        }
        stop(doomed, of: service, after: Int64(38 + doomed.count))
        return doomed.count
    }

    /// Stops tasks of older deployments: as many as the floor permits, and no more than are replaced or in the way.
    private mutating func stopOld(_ service: Int, sorted: Sorted, desired: Int, floor: Int, unmet: Int) {
        // The oldest task first: ordinals ascend in the order of their start.
        let old = sorted.old
        let candidates = old.filter { tasks[$0]?.isProtected(at: now) != true }
        if !old.isEmpty { reportProtected(service, old, wanted: max(0, sorted.healthyNew + old.count - desired)) }
        guard !candidates.isEmpty else { return }
        let idle = candidates.filter { tasks[$0]?.isHealthy != true }
        let spare = sorted.healthyNew + sorted.healthyOld - floor
        let redundant = max(unmet, sorted.healthyNew + sorted.old.count - desired)
        // Tasks that are not healthy carry nothing: they may go while they are redundant, whatever the floor.
        let stopsIdle = min(idle.count, max(0, redundant))
        let stopsHealthy = max(0, min(spare, redundant - stopsIdle, candidates.count - idle.count))
        guard stopsIdle + stopsHealthy > 0 else { return }
        let healthy = candidates.filter { tasks[$0]?.isHealthy == true }
        stop(Array(idle.prefix(stopsIdle)) + Array(healthy.prefix(stopsHealthy)), of: service)
    }

    /// Those of some tasks that may go, in the order of scaling in: tasks that do not run yet first, then the newest.
    func scaleInOrder(_ ordinals: [Int]) -> [Int] {
        ordinals.filter { tasks[$0]?.isProtected(at: now) != true }.sorted { left, right in
            let leftRuns = tasks[left]?.status == .running
            let rightRuns = tasks[right]?.status == .running
            return leftRuns == rightRuns ? left > right : !leftRuns
        }
    }

    /// Scales in.
    private mutating func stopExcess(_ service: Int, sorted: Sorted, started: Int, desired: Int) {
        let excess = sorted.newGood.count + started - desired
        guard excess > 0 else { return }
        reportProtected(service, sorted.newGood, wanted: excess)
        stop(Array(scaleInOrder(sorted.newGood).prefix(excess)), of: service)
    }

    /// Stops tasks and says so as ECS does, running and pending ones apart.
    mutating func stop(_ ordinals: [Int], of service: Int, after delay: Int64 = 0) {
        services[service].isSteady = false
        var running: [String] = []
        var pending = 0
        var deregistered: [(deployment: String, count: Int)] = []
        for ordinal in ordinals {
            guard let task = tasks[ordinal] else { continue }
            if task.isPending { pending += 1 } else { running.append(task.id) }
            if task.isRegistered {
                let number = task.deployment ?? ""
                if let index = deregistered.firstIndex(where: { $0.deployment == number }) {
                    deregistered[index].count += 1
                } else {
                    deregistered.append((number, 1))
                }
            }
            // Source of the reason: `stop-reasons.tsv`, record 27261207075.
            stop(
                ordinal, code: "ServiceSchedulerInitiated",
                reason: "Scaling activity initiated by (deployment ecs-svc/\(task.deployment ?? ""))",
            )
        }
        if !running.isEmpty {
            say(service, "has stopped \(running.count) running tasks: \(World.named(running)).", after: delay)
        }
        if pending > 0 { say(service, "stopped \(pending) pending tasks.", after: delay) }
        for entry in deregistered {
            queue.plan(
                .deregisterTargets(service: service, deployment: entry.deployment, count: entry.count),
                at: now + scenario.timing.deregistration,
            )
        }
    }

    /// Says that the percentages leave no way forward. Source: Developer Guide, service event messages.
    private mutating func reportStuck(_ service: Int, sorted: Sorted, desired: Int, floor: Int, ceiling: Int) {
        guard desired > 0, sorted.old.count >= desired, sorted.newGood.isEmpty, sorted.leaving == 0,
            floor >= desired, ceiling <= desired
        else { return }
        sayOnce(
            service,
            "was unable to stop or start tasks during a deployment because of the service deployment configuration. "
                + "Update the minimumHealthyPercent or maximumPercent value and try again.",
        )
    }

    // MARK: Protection

    /// Says so where tasks that should go are protected, and looks again when the first protection ends.
    /// Source: API reference, UpdateTaskProtection; `service-events.tsv`, record 69058706924.
    mutating func reportProtected(_ service: Int, _ ordinals: [Int], wanted: Int) {
        let protected = ordinals.filter { tasks[$0]?.isProtected(at: now) == true }
        let free = ordinals.count - protected.count
        guard wanted > free, let first = protected.first, let number = tasks[first]?.deployment else { return }
        sayOnce(
            service,
            "was unable to reach steady state because (taskSet ecs-svc/\(number)) was unable to scale in due to "
                + "(reason \(protected.count) tasks under protection)",
        )
        if let end = protected.compactMap({ tasks[$0]?.protection?.expiresAt }).min() {
            planRound(service, at: max(now + 1, end))
        }
    }

    // MARK: Rest

    private mutating func settleCounts(_ service: Int) {
        for index in services[service].deployments.indices.dropFirst() {
            let number = services[service].deployments[index].number
            services[service].deployments[index].desiredCount =
                services[service].tasks.count { tasks[$0]?.deployment == number && tasks[$0]?.wantsToRun == true }
        }
    }

    /// Ends the rollout, or says that the service is at rest, once everything is as it should be.
    private mutating func settle(_ service: Int, desired: Int) {
        let after = sorted(service)
        let isInProgress = services[service].deployments[0].rolloutState == .inProgress
        if isInProgress, let early = EarlySuccess(services[service].deployments[0].settings) {
            guard after.healthyNew >= early.tasks(of: desired) else { return unbake(service) }
            let isOldGone = after.old.isEmpty && after.oldUnhealthy.isEmpty && after.leavingOld == 0
            guard isOldGone || !early.waitsForOld, isBaked(service) else { return }
            complete(service, isAtRest: isOldGone && after.healthyNew >= desired)
            return
        }
        let isWhole = after.newGood.count == desired && after.newUnhealthy.isEmpty && after.healthyNew == desired
        guard isWhole, after.old.isEmpty, after.oldUnhealthy.isEmpty else { return unbake(service) }
        if isInProgress {
            guard after.leavingOld == 0, isBaked(service) else { return }
            complete(service)
        } else if !services[service].isSteady, after.leaving == 0 {
            say(service, "has reached a steady state.")
            becomeSteady(service)
        }
    }

    /// A task was lost in the bake time, which begins anew when the deployment is whole again.
    private mutating func unbake(_ service: Int) { services[service].deployments[0].bakesUntil = nil }

    /// Ends the rollout of the PRIMARY deployment: all others are gone, or may go behind it.
    mutating func complete(_ service: Int, isAtRest: Bool = true) {
        let now = now
        services[service].deployments[0].rolloutState = .completed
        services[service].deployments[0].updatedAt = now
        services[service].deployments[0].isRollback = false
        let primary = services[service].deployments[0]
        services[service].deployments[0].rolloutStateReason = "ECS deployment \(primary.id) completed."
        let gone = Array(services[service].deployments.dropFirst())
        services[service].deployments.removeLast(gone.count)
        services[service].rollbackCandidate = services[service].deployments[0]
        updateServiceDeployment(service, of: primary) { record in
            record.finishedAt = now
            record.failureCount = record.target == primary.number ? primary.breakerCount : record.failureCount
            switch record.status {
            case .rollbackInProgress: record.status = .rollbackSuccessful
            default:
                record.status = .successful
                if record.breakerStatus == "MONITORING" { record.breakerStatus = "MONITORING_COMPLETE" }
                if record.alarmStatus == "MONITORING" { record.alarmStatus = "MONITORING_COMPLETE" }
            }
        }
        // updatedAt is 5 to 8 ms before "completed", which is 1 ms before "steady". Source: `rollout-sequences.tsv`.
        say(service, "(deployment \(primary.id)) deployment completed.", after: 5)
        guard isAtRest else { return planRound(service, at: now + scenario.timing.roundInterval) }
        say(service, "has reached a steady state.", after: 6)
        becomeSteady(service)
    }

    private mutating func becomeSteady(_ service: Int) {
        services[service].isSteady = true
        services[service].steadySince = now
        // A cause that is resolved may be told again. Source: Developer Guide, service event messages.
        services[service].lastSaid = [:]
        planReminder(service)
    }

    private mutating func planReminder(_ service: Int) {
        guard let interval = scenario.timing.steadyReminder else { return }
        queue.plan(.reminder(service: service, since: services[service].steadySince), at: now + interval)
    }

    mutating func remindOfSteadyState(_ service: Int, since: Int64) {
        guard services[service].status == .active, services[service].isSteady,
            services[service].steadySince == since
        else { return }
        say(service, "has reached a steady state.")
        planReminder(service)
    }

    // MARK: Deletion

    /// Stops what is left of a deleted service; when all has stopped the service is INACTIVE and its name is free.
    private mutating func drain(_ service: Int) {
        let running = services[service].tasks.filter { tasks[$0]?.wantsToRun == true }
        if !running.isEmpty { stop(running, of: service) }
        guard services[service].tasks.isEmpty else { return }
        services[service].status = .inactive
        services[service].deletedAt = now
        services[service].deployments = []
        services[service].taskSets = []
        forgetTargetGroups(of: service)
        noteInactive(service)
    }
}
