import MooringShapes

/// CloudWatch alarms that watch over rolling deployments.
/// Source: Developer Guide, "How CloudWatch alarms detect Amazon ECS deployment failures".
extension World {
    /// The alarms that a deployment of these settings is watched by; none where they are switched off.
    static func watchedAlarms(of settings: ServiceSettings) -> [String] {
        let alarms = settings.deploymentConfiguration["alarms"]
        guard alarms?["enable"]?.boolean == true else { return [] }
        return (alarms?["alarmNames"]?.elements ?? []).compactMap(\.text)
    }

    /// The alarms that watch over this deployment.
    ///
    /// "If a CloudWatch alarm is in the ALARM state when a deployment starts", ECS watches none for as long as it lasts, so that
    /// what mends the cause can be rolled out. Source: Developer Guide, as above.
    static func watchedAlarms(of deployment: DeploymentRecord) -> [String] {
        deployment.ignoresAlarms ? [] : watchedAlarms(of: deployment.settings)
    }

    /// Ends the primary deployment where one of its alarms is in ALARM; otherwise looks again when the next one goes there.
    mutating func failsByAlarm(_ service: Int) -> Bool {
        let primary = services[service].deployments[0]
        guard primary.rolloutState == .inProgress, !primary.isRollback else { return false }
        let names = World.watchedAlarms(of: primary)
        guard !names.isEmpty else { return false }
        let raised = names.filter { isInAlarm([$0]) }
        guard !raised.isEmpty else {
            if let next = alarmTimes(of: names).filter({ $0 > now }).min() { planRound(service, at: next) }
            return false
        }
        updateServiceDeployment(service, of: primary) { record in
            record.alarmStatus = "TRIGGERED"
            record.triggeredAlarms = raised
        }
        // The event is recorded (`service-events.tsv`, record 57373037252); reasons of alarms are not, their form is the breaker's.
        fail(
            service,
            event: "deployment failed: alarm detected.",
            rolloutReason: "ECS deployment failed: alarm detected.",
            rollbackReason: "Service deployment rolled back because of an alarm detected.",
            rollsBack: primary.settings.deploymentConfiguration["alarms"]?["rollback"]?.boolean == true,
        )
        return true
    }

    /// Whether the primary deployment has been whole for its bake time; one without alarms has none. Who is not whole must not
    /// ask, but begins anew: `bakesUntil` is taken back.
    mutating func isBaked(_ service: Int) -> Bool {
        let primary = services[service].deployments[0]
        guard !primary.isRollback, !World.watchedAlarms(of: primary).isEmpty else { return true }
        let end = primary.bakesUntil ?? now + scenario.timing.alarmBake
        services[service].deployments[0].bakesUntil = end
        if end > now { planRound(service, at: end) }
        return end <= now
    }

    func describedAlarms(of record: ServiceDeploymentRecord) -> Value {
        let names = record.deploymentConfiguration["alarms"]?["alarmNames"]
        return .map(present: [
            ("status", .string(record.alarmStatus)),
            ("alarmNames", record.alarmStatus == "DISABLED" ? nil : names),
            (
                "triggeredAlarmNames",
                record.triggeredAlarms.isEmpty ? nil : .list(record.triggeredAlarms.map { .string($0) })
            ),
        ])
    }
}

/// When a rolling deployment counts as successful before the service is at rest.
/// Source: API reference, DeploymentEarlySuccessCriteria.
struct EarlySuccess {
    private let healthyPercent: Int
    /// Whether the tasks before it must have gone.
    let waitsForOld: Bool

    /// nil where the settings do not ask for it.
    init?(_ settings: ServiceSettings) {
        let criteria = settings.deploymentConfiguration["earlySuccessCriteria"]
        guard criteria?["enable"]?.boolean == true else { return nil }
        healthyPercent = criteria?["healthyPercent"]?.integer ?? 100
        waitsForOld = criteria?["sourceServiceRevisionCleanup"]?.text != "DEFERRED"
    }

    /// Rounded up, as the minimum is; AWS does not say.
    func tasks(of desired: Int) -> Int { (desired * healthyPercent + 99) / 100 }
}
