import MooringShapes

/// How a task gets from PROVISIONING to STOPPED.
/// Source: Developer Guide, "Amazon ECS task lifecycle"; times in `Timing`.
extension World {
    // MARK: Start

    /// Plans a new task's first steps.
    mutating func launch(_ task: TaskRecord, scope: UInt64, index: Int) {
        let timing = scenario.timing
        var task = task
        task.chosenPorts = reserve(task)
        tasks[task.ordinal] = task
        taskPositions[task.id] = task.ordinal
        clusters[task.cluster].tasks.append(task.ordinal)
        let jitter =
            timing.startJitter > 0 ? random.number(.jitter, scope, index, in: 0...timing.startJitter) : 0
        if case .cannotProvision = task.fate {
            plan(.failed, task, in: timing.provisioning + jitter)
        } else {
            plan(.pending, task, in: timing.provisioning + jitter)
        }
    }

    private mutating func plan(_ step: TaskStep, _ task: TaskRecord, in delay: Int64) {
        queue.plan(.task(ordinal: task.ordinal, epoch: task.epoch, step: step), at: now + max(0, delay))
    }

    // MARK: Steps

    mutating func perform(_ step: TaskStep, ofTask ordinal: Int, epoch: Int) {
        guard var task = tasks[ordinal], task.epoch == epoch else { return }
        let timing = scenario.timing
        switch step {
        case .pending:
            task.status = .pending
            task.version += 1
            task.pullStartedAt = now
            if case .cannotStart = task.fate {
                plan(.failed, task, in: timing.pullFailure)
            } else {
                plan(.running, task, in: timing.pulling + task.delays.starting)
            }
            tasks[ordinal] = task
        case .running: begin(&task)
        case .failed: failToStart(&task)
        case .healthy: becomeHealthy(&task)
        case .unhealthy: becomeUnhealthy(&task)
        case .exited: exit(&task)
        case .stopping:
            task.status = .stopping
            task.isRegistered = false
            plan(.deprovisioning, task, in: ending(of: task).milliseconds)
            tasks[ordinal] = task
        case .deprovisioning:
            task.status = .deprovisioning
            task.executionStoppedAt = now
            task.version += 1
            for index in task.containers.indices where task.containers[index].exitCode == nil {
                task.containers[index].exitCode = ending(of: task).exitCode
            }
            plan(.stopped, task, in: timing.stopping / 10)
            tasks[ordinal] = task
        case .stopped: finish(&task)
        }
    }

    private mutating func begin(_ task: inout TaskRecord) {
        let timing = scenario.timing
        task.status = .running
        task.version += 1
        task.startedAt = now
        task.pullStoppedAt = now
        let hasTargets = task.service.map { !services[$0].settings.loadBalancers.isEmpty } ?? false
        let checked = task.summary.containers.compactMap(\.healthyAfter).max()
        var delay = checked ?? timing.healthyWithoutCheck
        if hasTargets { delay = max(checked ?? 0, timing.registration + timing.targetHealthy) }
        delay += task.delays.healthy
        switch task.fate {
        case .crashes(_, let after, _, _):
            if delay < after { plan(.healthy, task, in: delay) }
            plan(.exited, task, in: after)
        case .unhealthy: plan(.unhealthy, task, in: condemnation(of: task))
        case .good, .cannotStart, .cannotProvision:
            // Whoever answers too late is condemned before, unless a grace period covers it.
            let isTooLate = task.delays.healthy > 0 && (checked != nil || hasTargets) && condemnation(of: task) < delay
            plan(isTooLate ? .unhealthy : .healthy, task, in: isTooLate ? condemnation(of: task) : delay)
        }
        tasks[task.ordinal] = task
        if let service = task.service {
            if hasTargets {
                if services[service].awaitingRegistration.isEmpty {
                    queue.plan(.registerTargets(service: service), at: now + timing.registration)
                }
                services[service].awaitingRegistration.append(task.ordinal)
            }
            if let position = deploymentPosition(task, in: service) {
                services[service].deployments[position].startFailures = 0
            }
        }
    }

    /// From RUNNING until failing checks condemn a task: the container's own, or the load balancer's. Neither counts before
    /// the service's grace period is over. Source: API reference, CreateService `healthCheckGracePeriodSeconds`.
    private func condemnation(of task: TaskRecord) -> Int64 {
        let grace = Int64(task.service.flatMap { services[$0].settings.healthCheckGracePeriodSeconds } ?? 0) * 1000
        if let byContainer = task.summary.containers.compactMap(\.unhealthyAfter).max() {
            return max(byContainer, grace)
        }
        return scenario.timing.registration + grace + scenario.timing.targetUnhealthy
    }

    /// From SIGTERM to the end of the process; SIGKILL ends it after `stopTimeout`, with exit code 137.
    /// Source: API reference, ContainerDefinition `stopTimeout`.
    private func ending(of task: TaskRecord) -> (milliseconds: Int64, exitCode: Int) {
        let wanted = scenario.timing.stopping + task.delays.stopping
        let most = task.summary.needs.stopTimeout ?? max(scenario.timing.stopping, TaskNeeds.stopTimeoutByDefault)
        // What takes all of its time was killed. Source: `stop-reasons.tsv`, record 27261207075.
        return (min(wanted, most), wanted >= most ? 137 : 0)
    }

    private mutating func failToStart(_ task: inout TaskRecord) {
        let reason: String
        switch task.fate {
        case .cannotStart(let text):
            reason = text
            task.pullStoppedAt = now
        case .cannotProvision(let text): reason = text
        case .good, .crashes, .unhealthy: return
        }
        task.executionStoppedAt = now
        task.stopCode = "TaskFailedToStart"
        task.stoppedReason = reason
        task.stoppingAt = now
        task.wantsToRun = false
        if let service = task.service {
            // Source: `service-events.tsv`, "was unable to place a task. Reason: ResourceInitializationError…".
            say(service, "was unable to place a task. Reason: \(reason)\(reason.hasSuffix(".") ? "" : ".")")
            countFailure(of: task, in: service, isStartFailure: true)
        }
        finish(&task)
    }

    private mutating func becomeHealthy(_ task: inout TaskRecord) {
        task.isHealthy = true
        tasks[task.ordinal] = task
        guard let service = task.service else { return }
        if let position = deploymentPosition(task, in: service) {
            let breaker = services[service].deployments[position].settings.deploymentConfiguration[
                "deploymentCircuitBreaker"]
            if breaker?["resetOnHealthyTask"]?.boolean != false {
                services[service].deployments[position].breakerCount = 0
            }
        }
        planRound(service, at: now + 1)
    }

    private mutating func becomeUnhealthy(_ task: inout TaskRecord) {
        task.isUnhealthy = true
        task.isHealthy = false
        guard let service = task.service else {
            tasks[task.ordinal] = task
            return
        }
        if task.summary.hasContainerCheck {
            task.unhealthyMessage = "(task \(task.id)) failed container health checks."
            task.stoppedReason = "Task failed container health checks"
        } else if let balancer = services[service].settings.loadBalancers.first {
            let group =
                targetGroups(of: service, deployment: task.deployment).first ?? balancer["loadBalancerName"]?.text ?? ""
            let port = balancer["containerPort"]?.text ?? "80"
            // Source: `service-events.tsv`, record 69058706924 and hackforla/CivicTechJobs issue 436.
            task.unhealthyMessage =
                "(task \(task.id)) (port \(port)) is unhealthy in (target-group \(group)) due to "
                + "(reason \(task.targetReason))."
            task.stoppedReason = "Task failed ELB health checks in (target-group \(group))"
        }
        tasks[task.ordinal] = task
        countFailure(of: task, in: service, isStartFailure: false)
        planRound(service, at: now + 1)
    }

    private mutating func exit(_ task: inout TaskRecord) {
        guard case .crashes(let exitCode, _, let container, let reason) = task.fate else { return }
        task.containers[container].exitCode = exitCode
        task.containers[container].reason = reason
        task.stopCode = "EssentialContainerExited"
        task.stoppedReason = "Essential container in task exited"
        task.stoppingAt = now
        task.wantsToRun = false
        task.status = .deprovisioning
        task.executionStoppedAt = now
        let wasRegistered = task.isRegistered
        task.isRegistered = false
        task.epoch += 1
        task.version += 1
        tasks[task.ordinal] = task
        if let service = task.service, !task.isHealthy {
            countFailure(of: task, in: service, isStartFailure: false)
        }
        plan(.stopped, task, in: scenario.timing.stopping / 10)
        leave(task, wasRegistered: wasRegistered)
    }

    private mutating func finish(_ task: inout TaskRecord) {
        task.status = .stopped
        task.wantsToRun = false
        task.stoppedAt = now
        task.version += 1
        task.epoch += 1
        task.isRegistered = false
        tasks[task.ordinal] = task
        release(task)
        queue.plan(.forgetTask(ordinal: task.ordinal), at: now + scenario.timing.stoppedTaskVisible)
        guard let service = task.service else { return }
        services[service].tasks.removeAscending(task.ordinal)
        planRound(service, at: now + 1)
    }

    // MARK: Stop

    /// Asks a task to stop: by the scheduler, or by a person.
    mutating func stop(_ ordinal: Int, code: String, reason: String) {
        guard var task = tasks[ordinal], task.wantsToRun else { return }
        let timing = scenario.timing
        task.wantsToRun = false
        task.epoch += 1
        task.version += 1
        task.stoppingAt = now
        task.stopCode = code
        if task.stoppedReason == nil || code == "UserInitiated" { task.stoppedReason = reason }
        // What has not started has no exit code.
        if case .crashes(let exitCode, _, let container, _) = task.fate, task.status == .running {
            task.containers[container].exitCode = exitCode
        }
        switch task.status {
        case .provisioning, .pending:
            task.status = .deprovisioning
            plan(.stopped, task, in: timing.stopping / 10)
        case .running where task.isRegistered:
            task.status = .deactivating
            plan(.stopping, task, in: timing.deregistration + timing.draining)
        default:
            task.status = .stopping
            plan(.deprovisioning, task, in: ending(of: task).milliseconds)
        }
        tasks[ordinal] = task
    }

    /// Fargate Spot takes a task back: it is warned, stops by itself within the warning and is taken out of its load
    /// balancers meanwhile. Source: Developer Guide, "Handling Fargate Spot termination notices".
    mutating func interrupt(_ ordinal: Int) {
        guard var task = tasks[ordinal], task.wantsToRun, task.status == .running else { return }
        let wasRegistered = task.isRegistered
        task.wantsToRun = false
        task.isRegistered = false
        task.epoch += 1
        task.version += 1
        task.stoppingAt = now
        task.stopCode = "SpotInterruption"
        task.stoppedReason = "Your Spot Task was interrupted."
        plan(.deprovisioning, task, in: scenario.timing.spotWarning)
        tasks[ordinal] = task
        leave(task, wasRegistered: wasRegistered)
    }

    /// A task ends at once, because what it runs on is gone.
    mutating func kill(_ ordinal: Int, code: String, reason: String) {
        guard var task = tasks[ordinal], task.status != .stopped else { return }
        let wasRegistered = task.isRegistered
        task.stoppingAt = task.stoppingAt ?? now
        task.executionStoppedAt = now
        task.stopCode = code
        task.stoppedReason = reason
        finish(&task)
        leave(task, wasRegistered: wasRegistered)
    }

    /// A running task stops passing its checks.
    ///
    /// - Returns: whether anything checks it.
    mutating func condemn(_ ordinal: Int) -> Bool {
        guard var task = tasks[ordinal], task.wantsToRun, task.status == .running, let service = task.service,
            task.summary.hasContainerCheck || !services[service].settings.loadBalancers.isEmpty
        else { return false }
        task.epoch += 1
        becomeUnhealthy(&task)
        return true
    }

    /// A person stops a task; one of a service leaves its load balancers and is replaced.
    mutating func stopByHand(_ ordinal: Int, reason: String) {
        guard let task = tasks[ordinal] else { return }
        stop(ordinal, code: "UserInitiated", reason: reason)
        leave(task, wasRegistered: task.isRegistered && task.wantsToRun)
    }

    /// What follows where a task goes without the scheduler's doing.
    private mutating func leave(_ task: TaskRecord, wasRegistered: Bool) {
        guard let service = task.service else { return }
        services[service].isSteady = false
        if wasRegistered {
            queue.plan(
                .deregisterTargets(service: service, deployment: task.deployment ?? "", count: 1),
                at: now + scenario.timing.deregistration)
        }
        planRound(service, at: now + scenario.timing.roundInterval)
    }

    /// A stopped task that nobody can see any more.
    mutating func forgetTask(_ ordinal: Int) {
        guard let task = tasks.removeValue(forKey: ordinal) else { return }
        taskPositions[task.id] = nil
        clusters[task.cluster].tasks.removeAscending(ordinal)
    }

    // MARK: Load balancers

    mutating func registerTargets(_ service: Int) {
        let waiting = services[service].awaitingRegistration
        services[service].awaitingRegistration = []
        var counts: [(group: String, count: Int)] = []
        for ordinal in waiting where tasks[ordinal]?.status == .running && tasks[ordinal]?.wantsToRun == true {
            tasks[ordinal]?.isRegistered = true
            for group in targetGroups(of: service, deployment: tasks[ordinal]?.deployment) {
                if let index = counts.firstIndex(where: { $0.group == group }) {
                    counts[index].count += 1
                } else {
                    counts.append((group, 1))
                }
            }
        }
        for (group, count) in counts { say(service, "registered \(count) targets in (target-group \(group))") }
    }

    mutating func deregisterTargets(_ service: Int, deployment: String, count: Int) {
        for group in targetGroups(of: service, deployment: deployment) {
            say(service, "deregistered \(count) targets in (target-group \(group))")
        }
        // Four to six milliseconds behind, and named for the old deployment. Source: `captures/findings.md`, section 10.
        let message =
            "(service \(services[service].name), taskSet ecs-svc/\(deployment)) has begun draining "
            + "connections on \(count) tasks."
        append(service, message: message, after: 4)
    }

    func targetGroups(of service: Int) -> [String] {
        services[service].settings.loadBalancers.compactMap { $0["targetGroupArn"]?.text }
    }

    // MARK: Counting

    func deploymentPosition(_ task: TaskRecord, in service: Int) -> Int? {
        services[service].deployments.firstIndex { $0.number == task.deployment }
    }

    /// Counts a task that failed for the deployment, and how long the next one waits.
    private mutating func countFailure(of task: TaskRecord, in service: Int, isStartFailure: Bool) {
        guard let position = deploymentPosition(task, in: service) else { return }
        let backoff = scenario.timing.backoff
        services[service].deployments[position].failedTasks += 1
        services[service].deployments[position].breakerCount += 1
        guard isStartFailure, !backoff.isEmpty else { return }
        // Tasks started together and failing together are one attempt: only the first of them lengthens the wait.
        if services[service].deployments[position].nextStartAt <= now {
            let failures = services[service].deployments[position].startFailures
            lengthenWait(of: position, in: service, wait: backoff[min(failures, backoff.count - 1)])
        }
    }

    /// Nothing is started for a while; from the third time in a row the service says so.
    /// Source: Developer Guide, "Service throttle logic".
    mutating func lengthenWait(of position: Int, in service: Int, wait: Int64) {
        services[service].deployments[position].startFailures += 1
        services[service].deployments[position].nextStartAt = now + wait
        planRound(service, at: now + wait)
        guard services[service].deployments[position].startFailures == 3 else { return }
        // Source: `describe-services/cloud-custodian…tag_augment_1.json`.
        sayOnce(
            service,
            "is unable to consistently start tasks successfully. For more information, see the "
                + "Troubleshooting section of the Amazon ECS Developer Guide.",
        )
    }
}

extension [Int] {
    /// Removes a number from an array of ascending ones: the position is found by halving.
    fileprivate mutating func removeAscending(_ number: Int) {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        if low < count, self[low] == number { remove(at: low) }
    }
}
