import MooringShapes

/// How a task gets from PROVISIONING to STOPPED.
/// Source: Developer Guide, "Amazon ECS task lifecycle"; times in `Timing`.
extension World {
    // MARK: Fate

    /// What will become of a task of these containers started now.
    func fate(of summary: TaskDefinitionSummary, hasTargets: Bool) -> TaskRecord.Fate {
        for (index, container) in summary.containers.enumerated() {
            guard let rule = scenario.images.first(where: { $0.matches(container.image, at: now) }) else { continue }
            switch rule.behaviour {
            case .cannotPull(let reason):
                return .cannotStart(reason: reason ?? World.missingImage(container.image))
            case .cannotInitialize(let reason): return .cannotStart(reason: reason)
            case .crashes(let exitCode, let after):
                return .crashes(exitCode: exitCode, after: after, container: index)
            case .neverHealthy:
                if container.healthyAfter != nil || hasTargets { return .unhealthy }
            }
        }
        return .good
    }

    /// Source of the wording: `run-task/localstack…json`, for an image of Docker Hub.
    private static func missingImage(_ image: String) -> String {
        var reference = image
        if !image.split(separator: "/").dropLast().joined().contains(".") {
            reference = "docker.io/" + (image.contains("/") ? image : "library/" + image)
        }
        if !(reference.split(separator: "/").last ?? "").contains(":"), !reference.contains("@") {
            reference += ":latest"
        }
        if reference.hasPrefix("docker.io/") {
            return "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
                + "\(reference): pull access denied, repository does not exist or may require authorization: "
                + "server message: insufficient_scope: authorization failed"
        }
        // Source: reference/ecs-api.md section 10, "cannot pull".
        return "CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref "
            + "\(reference): \(reference): not found"
    }

    // MARK: Start

    /// Plans a new task's first steps.
    mutating func launch(_ task: TaskRecord, scope: UInt64, index: Int) {
        let timing = scenario.timing
        tasks[task.ordinal] = task
        taskPositions[task.id] = task.ordinal
        clusters[task.cluster].tasks.append(task.ordinal)
        let jitter =
            timing.startJitter > 0 ? random.number(.jitter, scope, index, in: 0...timing.startJitter) : 0
        plan(.pending, task, in: timing.provisioning + jitter)
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
                plan(.running, task, in: timing.pulling)
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
            plan(.deprovisioning, task, in: timing.stopping)
            tasks[ordinal] = task
        case .deprovisioning:
            task.status = .deprovisioning
            task.executionStoppedAt = now
            task.version += 1
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
        switch task.fate {
        case .crashes(_, let after, _): plan(.exited, task, in: after)
        case .unhealthy:
            let byContainer = task.summary.containers.compactMap(\.unhealthyAfter).max()
            let grace = Int64(task.service.flatMap { services[$0].settings.healthCheckGracePeriodSeconds } ?? 0) * 1000
            plan(.unhealthy, task, in: byContainer ?? (timing.registration + grace + timing.targetUnhealthy))
        case .good, .cannotStart:
            var delay = checked ?? timing.healthyWithoutCheck
            if hasTargets { delay = max(checked ?? 0, timing.registration + timing.targetHealthy) }
            plan(.healthy, task, in: delay)
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

    private mutating func failToStart(_ task: inout TaskRecord) {
        guard case .cannotStart(let reason) = task.fate else { return }
        task.pullStoppedAt = now
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
                + "(reason Health checks failed)."
            task.stoppedReason = "Task failed ELB health checks in (target-group \(group))"
        }
        tasks[task.ordinal] = task
        countFailure(of: task, in: service, isStartFailure: false)
        planRound(service, at: now + 1)
    }

    private mutating func exit(_ task: inout TaskRecord) {
        guard case .crashes(let exitCode, _, let container) = task.fate else { return }
        task.containers[container].exitCode = exitCode
        task.stopCode = "EssentialContainerExited"
        task.stoppedReason = "Essential container in task exited"
        task.stoppingAt = now
        task.wantsToRun = false
        task.status = .deprovisioning
        task.executionStoppedAt = now
        task.epoch += 1
        task.version += 1
        tasks[task.ordinal] = task
        if let service = task.service, !task.isHealthy {
            countFailure(of: task, in: service, isStartFailure: false)
        }
        plan(.stopped, task, in: scenario.timing.stopping / 10)
        if let service = task.service { planRound(service, at: now + scenario.timing.roundInterval) }
    }

    private mutating func finish(_ task: inout TaskRecord) {
        task.status = .stopped
        task.wantsToRun = false
        task.stoppedAt = now
        task.version += 1
        task.epoch += 1
        task.isRegistered = false
        tasks[task.ordinal] = task
        queue.plan(.forgetTask(ordinal: task.ordinal), at: now + scenario.timing.stoppedTaskVisible)
        guard let service = task.service else { return }
        services[service].tasks.removeAll { $0 == task.ordinal }
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
        if case .crashes(let exitCode, _, let container) = task.fate { task.containers[container].exitCode = exitCode }
        switch task.status {
        case .provisioning, .pending:
            task.status = .deprovisioning
            plan(.stopped, task, in: timing.stopping / 10)
        case .running where task.isRegistered:
            task.status = .deactivating
            plan(.stopping, task, in: timing.deregistration + timing.draining)
        default:
            task.status = .stopping
            plan(.deprovisioning, task, in: timing.stopping)
        }
        tasks[ordinal] = task
    }

    /// A stopped task that nobody can see any more.
    mutating func forgetTask(_ ordinal: Int) {
        guard let task = tasks.removeValue(forKey: ordinal) else { return }
        taskPositions[task.id] = nil
        // Ordinals ascend, so the position is found by halving.
        var low = 0
        var high = clusters[task.cluster].tasks.count
        while low < high {
            let middle = (low + high) / 2
            if clusters[task.cluster].tasks[middle] < ordinal { low = middle + 1 } else { high = middle }
        }
        if low < clusters[task.cluster].tasks.count, clusters[task.cluster].tasks[low] == ordinal {
            clusters[task.cluster].tasks.remove(at: low)
        }
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
            let wait = backoff[min(failures, backoff.count - 1)]
            services[service].deployments[position].startFailures += 1
            services[service].deployments[position].nextStartAt = now + wait
            planRound(service, at: now + wait)
            if failures + 1 == 3 {
                // Source: `describe-services/cloud-custodian…tag_augment_1.json`.
                sayOnce(
                    service,
                    "is unable to consistently start tasks successfully. For more information, see the "
                        + "Troubleshooting section of the Amazon ECS Developer Guide.",
                )
            }
        }
    }
}
