import MooringShapes

/// How a traffic-shifting deployment fails, and what becomes of its traffic.
extension World {
    /// Called whenever the PRIMARY deployment was declared failed, for whatever reason: turns the shift back where blue is
    /// PRIMARY again, and halts it where there is no way back.
    mutating func turnShift(_ service: Int) {
        guard let shift = services[service].shift, shift.direction != .halted else { return }
        services[service].shift?.turn += 1
        services[service].shift?.position = -1
        services[service].shift?.steps = []
        guard let source = shift.source, let primary = services[service].deployments.first, primary.number == source,
            primary.rolloutState != .failed
        else {
            services[service].shift?.direction = .halted
            return
        }
        let others = services[service].deployments.filter { $0.number != source }
        services[service].shift?.direction = .back
        services[service].shift?.readyAt = now + scenario.timing.rollback
        planShift(.look, of: service, at: now + scenario.timing.rollback)
        services[service].shift?.steps = ShiftStep.back(
            productionMoved: others.contains { ($0.production ?? 0) > 0 },
            testMoved: others.contains { ($0.test ?? 0) > 0 })
    }

    /// Fails the deployment for a reason that ECS puts into the event and the record alike.
    /// Source: `service-events.tsv`, record 61803625552.
    mutating func failShift(_ service: Int, because reason: String, rollsBack: Bool = true) {
        fail(
            service, event: "deployment failed: \(reason)",
            // Nobody has published a rolloutStateReason of such a deployment; the event's words stand for it.
            rolloutReason: "ECS deployment failed: \(reason)", rollbackReason: reason, rollsBack: rollsBack)
    }

    /// "The system times out, fails the deployment, and then initiates a rollback after a stage reaches 24 hours."
    /// Source: Developer Guide, blue/green workflow. The words of the reason are ours.
    mutating func stageExpired(_ service: Int) {
        guard let shift = services[service].shift, shift.direction == .forward, let step = shift.step else { return }
        failShift(service, because: "Service deployment rolled back because \(step.stage.rawValue) timed out.")
    }

    /// "The overall deployment timeout is 30 days." Source and words as above.
    mutating func deploymentExpired(_ service: Int) {
        guard services[service].shift?.direction == .forward else { return }
        failShift(service, because: "Service deployment rolled back because the deployment timed out.")
    }

    // MARK: Alarms

    /// Plans a look at the alarms of the deployment under way for each time that one of them goes off. Called when it begins
    /// and whenever there are other alarms: those that are in ALARM by then go off now.
    mutating func watchShiftAlarms(_ service: Int) {
        guard services[service].shift?.direction == .forward else { return }
        let names = World.watchedAlarms(of: services[service].deployments[0])
        for alarm in scenario.alarms where names.contains(alarm.name) && alarm.until ?? .max > now {
            planShift(.alarm, of: service, at: max(now, alarm.from ?? now) + scenario.timing.shift.alarm)
        }
    }
}
