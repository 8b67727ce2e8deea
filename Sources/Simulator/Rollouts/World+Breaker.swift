import MooringShapes

/// The deployment circuit breaker, and what follows when it trips.
/// Source: Developer Guide, "deployment circuit breaker"; `captures/findings.md` section 10.
extension World {
    /// How many failed tasks trip the breaker of a deployment.
    ///
    /// By default half of the desired count, at least 3 and at most 200; since July 2026 the type and value may be set.
    static func threshold(of breaker: Value?, desired: Int) -> Int {
        let configuration = breaker?["thresholdConfiguration"]
        let value = configuration?["value"]?.integer ?? 50
        // Ceiling of desired * value / 100.
        let percent = (desired * value + 99) / 100
        switch configuration?["type"]?.text ?? "BOUNDED_PERCENT" {
        case "COUNT": return max(1, value)
        case "UNBOUNDED_PERCENT": return max(1, percent)
        default: return min(200, max(3, percent))
        }
    }

    func breaker(of deployment: DeploymentRecord) -> Value? {
        let breaker = deployment.settings.deploymentConfiguration["deploymentCircuitBreaker"]
        return breaker?["enable"]?.boolean == true ? breaker : nil
    }

    /// Keeps the threshold that the record of the deployment under way shows at what its desired count makes it.
    mutating func keepThreshold(_ service: Int) {
        guard let primary = services[service].deployments.first, primary.rolloutState == .inProgress,
            let id = primary.serviceDeployment,
            let index = services[service].serviceDeployments.lastIndex(where: { $0.id == id }),
            services[service].serviceDeployments[index].target == primary.number
        else { return }
        services[service].serviceDeployments[index].threshold = World.threshold(
            of: primary.settings.deploymentConfiguration["deploymentCircuitBreaker"], desired: wantedTasks(service))
    }

    /// Plans the verdict if the primary deployment has failed often enough. Called when a replacement was started:
    /// both recorded breakers tripped seconds after the start that followed the last failure.
    mutating func planBreaker(_ service: Int) {
        let primary = services[service].deployments[0]
        guard primary.rolloutState == .inProgress, !primary.isBreakerDue, let breaker = breaker(of: primary) else {
            return
        }
        let threshold = World.threshold(of: breaker, desired: wantedTasks(service))
        guard primary.breakerCount >= threshold else { return }
        // The count of a DAEMON's instances may be another than when the deployment began.
        keepThreshold(service)
        services[service].deployments[0].isBreakerDue = true
        queue.plan(.breaker(service: service, deployment: primary.number), at: now + scenario.timing.breaker)
    }

    mutating func breakerVerdict(_ service: Int, deployment number: String) {
        guard services[service].status == .active, let primary = services[service].deployments.first,
            primary.number == number, primary.rolloutState == .inProgress
        else { return }
        guard !primary.isRollback else { return failRollback(service) }
        let wantsRollback = breaker(of: primary)?["rollback"]?.boolean == true
        updateServiceDeployment(service, of: primary) { record in
            record.breakerStatus = "TRIGGERED"
            record.failureCount = primary.breakerCount
        }
        fail(
            service,
            event: "deployment failed: tasks failed to start.",
            rolloutReason: "ECS deployment circuit breaker: tasks failed to start.",
            rollbackReason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
            rollsBack: wantsRollback, detector: "ECS deployment circuit breaker",
        )
    }

    /// Ends the primary deployment as failed, and goes back to the last completed one if asked to.
    ///
    /// - Parameter detector: what the old deployment's `rolloutStateReason` begins with. Only the breaker's is recorded; of
    ///   alarms, hooks and stops nobody has published it.
    mutating func fail(
        _ service: Int, event: String, rolloutReason: String, rollbackReason: String, rollsBack: Bool,
        detector: String = "ECS deployment failed",
    ) {
        let failed = services[service].deployments[0]
        let now = now
        defer { turnShift(service) }
        services[service].deployments[0].rolloutState = .failed
        services[service].deployments[0].rolloutStateReason = rolloutReason
        services[service].deployments[0].updatedAt = now
        services[service].isSteady = false
        say(service, "(deployment \(failed.id)) \(event)")
        guard rollsBack else {
            // Source: botocore's model, ServiceDeployment `stoppedAt`: "The rollback option is not in use for the failure
            // detection mechanism … and the service fails."
            updateServiceDeployment(service, of: failed) { record in
                record.status = .stopped
                record.stoppedAt = now
                record.finishedAt = now
            }
            return
        }
        guard let candidate = services[service].rollbackCandidate else {
            // Source: `status-reasons.tsv`, terraform-provider-aws service_test.go.
            updateServiceDeployment(service, of: failed) { record in
                record.status = .rollbackFailed
                record.statusReason = "No rollback candidate was found to run the rollback."
                record.finishedAt = now
            }
            return
        }
        // One millisecond behind "deployment failed". Source: `rollout-sequences.tsv`.
        say(service, "rolling back to deployment \(candidate.id).", after: 1)
        rollBack(service, to: candidate, failed: failed, reason: rollbackReason, detector: detector)
    }

    /// A rollback whose tasks fail in their turn ends there: ECS goes back once.
    ///
    /// Source of the state: Developer Guide, service deployments, where ROLLBACK_IN_PROGRESS leads to ROLLBACK_FAILED. What
    /// makes a rollback fail is not documented; the breaker's own measure is our choice.
    private mutating func failRollback(_ service: Int) {
        let failed = services[service].deployments[0]
        let now = now
        defer { turnShift(service) }
        services[service].deployments[0].rolloutState = .failed
        services[service].deployments[0].rolloutStateReason = "ECS deployment circuit breaker: tasks failed to start."
        services[service].deployments[0].updatedAt = now
        services[service].isSteady = false
        say(service, "(deployment \(failed.id)) deployment failed: tasks failed to start.")
        updateServiceDeployment(service, of: failed) { record in
            record.status = .rollbackFailed
            record.finishedAt = now
        }
    }

    /// The old deployment becomes PRIMARY again under its old id and creation time; no new one appears.
    /// Source: `captures/findings.md` section 10. Settings that start no deployment hold for it as for any other: a breaker
    /// that the failed update switched on watches over the rollback.
    private mutating func rollBack(
        _ service: Int, to candidate: DeploymentRecord, failed: DeploymentRecord, reason: String, detector: String,
    ) {
        services[service].settings.takeDeployed(from: candidate.settings)
        var primary = services[service].deployments.first { $0.number == candidate.number } ?? candidate
        primary.status = .primary
        primary.settings = services[service].settings
        primary.isRollback = true
        primary.rolloutState = .inProgress
        // Source of the breaker's wording: public reports, e.g. index record 65837939505; the full stop follows AWS's
        // EventBridge page.
        primary.rolloutStateReason = "\(detector): rolling back to deploymentId \(candidate.id)."
        primary.updatedAt = now
        primary.failedTasks = 0
        primary.breakerCount = 0
        primary.startFailures = 0
        primary.nextStartAt = .min
        primary.isBreakerDue = false
        primary.bakesUntil = nil
        primary.serviceDeployment = failed.serviceDeployment
        services[service].deployments.removeAll { $0.number == candidate.number }
        for index in services[service].deployments.indices { services[service].deployments[index].status = .active }
        services[service].deployments.insert(primary, at: 0)
        let now = now
        updateServiceDeployment(service, of: failed) { record in
            record.status = .rollbackInProgress
            record.statusReason = reason
            record.rollback = .init(reason: reason, startedAt: now, revision: candidate.number)
        }
        planRound(service, at: now + scenario.timing.rollback)
    }

    // MARK: Records

    mutating func updateServiceDeployment(
        _ service: Int, of deployment: DeploymentRecord, _ change: (inout ServiceDeploymentRecord) -> Void,
    ) {
        guard let id = deployment.serviceDeployment,
            let index = services[service].serviceDeployments.lastIndex(where: { $0.id == id })
        else { return }
        updateServiceDeployment(service, at: index, change)
    }

    mutating func startServiceDeployment(_ service: Int, id: String) {
        guard let index = services[service].serviceDeployments.lastIndex(where: { $0.id == id }) else { return }
        stopSupersededDeployments(service, before: index)
        guard services[service].serviceDeployments[index].status == .pending else { return }
        services[service].serviceDeployments[index].status = .inProgress
        services[service].serviceDeployments[index].startedAt = now
        services[service].serviceDeployments[index].updatedAt = now
    }
}
