import MooringShapes

/// Traffic-shifting deployments (BLUE_GREEN, LINEAR, CANARY): one state machine, entered from the scheduler's round.
///
/// `ShiftStep.forward` and `ShiftStep.back` say which steps there are; here is what a step does when it is entered, how long
/// it takes, when it is done, and what follows the last one.
extension World {
    // MARK: Start

    /// Called with the new deployment already PRIMARY: prepares its shift, and forgets that of the deployment before it.
    mutating func prepareShift(_ service: Int) {
        services[service].shift = nil
        let target = services[service].deployments[0]
        let source = servingDeployment(service)
        services[service].deployments[0].usesAlternate = World.alternates(target.settings, after: source)
        guard target.settings.shiftsTraffic else {
            for index in services[service].deployments.indices { setWeights(service, index, nil, nil) }
            return
        }
        let configuration = target.settings.deploymentConfiguration
        let isManaged = target.settings.hasManagedTraffic
        let plan = ShiftPlan(
            configuration, reconciles: services[service].deployments.count > 2, hasSource: source != nil)
        services[service].shift = ShiftRecord(
            target: target.number, source: source?.number, configuration: configuration, isManaged: isManaged,
            hasTestTraffic: isManaged && target.settings.hasTestTraffic,
            usesNetworkLoadBalancer: target.settings.usesNetworkLoadBalancer,
            endsAt: now + Limits.deploymentMinutes * scenario.timing.shift.minute, steps: ShiftStep.forward(plan))
        // Reconciling moves the traffic of a deployment that was overtaken; without it blue has all of it already.
        if !plan.reconciles { giveTrafficToSource(service) }
        watchShiftAlarms(service)
    }

    /// The deployment that carries the traffic when a new one begins: the last that completed, or else the newest before.
    /// Where a deployment is overtaken after its own shift, traffic so returns to the revision that had proved itself.
    private func servingDeployment(_ service: Int) -> DeploymentRecord? {
        let earlier = services[service].deployments.dropFirst()
        return earlier.first { $0.number == services[service].rollbackCandidate?.number } ?? earlier.first
    }

    // MARK: One look

    /// What the scheduler's round does while traffic shifts.
    mutating func shiftRound(_ service: Int) {
        let said = services[service].eventCount
        let turn = services[service].shift?.turn
        advanceShift(service)
        tendShiftedTasks(service)
        guard let shift = services[service].shift else { return }
        if services[service].eventCount != said || shift.turn != turn {
            planRound(service, at: now + scenario.timing.roundInterval)
        }
    }

    mutating func perform(_ event: ShiftEvent) {
        let service = event.service
        guard services[service].status == .active, let shift = services[service].shift, shift.target == event.target
        else { return }
        switch event.kind {
        case .alarm: _ = shift.direction == .forward && failsByAlarm(service)
        case .deploymentLimit: deploymentExpired(service)
        case .look where shift.turn == event.turn: planRound(service, at: now)
        case .hookAnswer(let index) where shift.turn == event.turn: callHook(service, index)
        case .hookLimit(let index) where shift.turn == event.turn: hookExpired(service, index)
        case .look, .hookAnswer, .hookLimit: break
        }
    }

    /// Plans something for the step under way.
    mutating func planShift(_ kind: ShiftEvent.Kind, of service: Int, at time: Int64) {
        guard let shift = services[service].shift else { return }
        queue.plan(.shift(ShiftEvent(service: service, target: shift.target, turn: shift.turn, kind: kind)), at: time)
    }

    /// Goes on from step to step as long as they are done; every turn of the loop uses up one.
    private mutating func advanceShift(_ service: Int) {
        while let shift = services[service].shift, shift.direction != .halted {
            if shift.direction == .forward, now >= shift.endsAt { return deploymentExpired(service) }
            if let step = shift.step {
                guard isDone(step, of: shift, in: service) else {
                    // Only a wait for tasks can last so long: hooks and bake times have limits of their own. As long as tasks
                    // come and go there is a next look, so none is planned for the limit.
                    if step.waitsForTasks, now >= shift.expiresAt { stageExpired(service) }
                    return
                }
            } else if now < shift.readyAt {
                // The way back begins a moment after the failure.
                return
            }
            if shift.position + 1 >= shift.steps.count {
                // Green is alone, or blue is again.
                services[service].shift = nil
                complete(service)
                return
            }
            let next = shift.steps[shift.position + 1]
            if next.stage == .preScaleUp, let problem = networkProblem(of: service) {
                failShift(service, because: problem)
                return
            }
            enter(next, of: service)
        }
    }

    // MARK: Steps

    private mutating func enter(_ step: ShiftStep, of service: Int) {
        guard let shift = services[service].shift else { return }
        services[service].shift?.position += 1
        services[service].shift?.turn += 1
        let readyAt = now + duration(of: step, in: shift)
        services[service].shift?.readyAt = readyAt
        services[service].shift?.expiresAt = now + Limits.stageMinutes * scenario.timing.shift.minute
        updateShiftDeployment(service) { record in
            record.lifecycleStage = step.stage
            record.hooks = []
        }
        begin(step.work, of: shift, in: service)
        if step.work.movesTraffic { moveListenerWeights(service) }
        if step.callsHooks { callHooks(of: step.stage, service) }
        planShift(.look, of: service, at: readyAt)
        if readyAt > shift.endsAt { planShift(.deploymentLimit, of: service, at: shift.endsAt) }
    }

    private mutating func begin(_ work: ShiftStep.Work, of shift: ShiftRecord, in service: Int) {
        switch work {
        case .pause, .bake, .cleanUp: break
        case .settle: giveTrafficToSource(service)
        case .scaleUp: services[service].shift?.isGreenUp = true
        case .test(let share):
            guard shift.hasTestTraffic else { break }
            for index in services[service].deployments.indices {
                services[service].deployments[index].test = shift.part(
                    of: services[service].deployments[index].number, greens: share)
            }
        case .production(let share):
            guard shift.isManaged else { break }
            for index in services[service].deployments.indices {
                services[service].deployments[index].production = shift.part(
                    of: services[service].deployments[index].number, greens: share)
            }
        }
    }

    /// How long a step takes at least.
    private func duration(of step: ShiftStep, in shift: ShiftRecord) -> Int64 {
        let timing = scenario.timing.shift
        switch step.work {
        case .pause: return timing.stage
        case .scaleUp, .cleanUp: return 0
        case .bake(let minutes): return Int64(minutes) * timing.minute
        case .settle, .test, .production:
            guard shift.isManaged else { return timing.stage }
            return timing.traffic + (shift.usesNetworkLoadBalancer ? timing.networkLoadBalancer : 0)
        }
    }

    private func isDone(_ step: ShiftStep, of shift: ShiftRecord, in service: Int) -> Bool {
        guard now >= shift.readyAt, areHooksDone(service) else { return false }
        switch step.work {
        case .pause, .test, .production, .bake: return true
        case .settle:
            return !services[service].tasks.contains { ordinal in
                let number = tasks[ordinal]?.deployment
                return number != shift.target && number != shift.source
            }
        case .scaleUp: return isWhole(shift.target, in: service)
        case .cleanUp:
            let kept = shift.direction == .forward ? shift.target : shift.source
            guard let kept, isWhole(kept, in: service) else { return false }
            return !services[service].tasks.contains { tasks[$0]?.deployment != kept }
        }
    }

    // MARK: Weights

    /// Blue has all traffic, every other revision none; weights are absent where ECS shifts nothing.
    private mutating func giveTrafficToSource(_ service: Int) {
        guard let shift = services[service].shift else { return }
        for index in services[service].deployments.indices {
            let isSource = services[service].deployments[index].number == shift.source
            setWeights(
                service, index, shift.isManaged ? (isSource ? ShiftStep.all : 0) : nil,
                shift.isManaged ? (isSource && shift.hasTestTraffic ? ShiftStep.all : 0) : nil)
        }
    }

    private mutating func setWeights(_ service: Int, _ index: Int, _ production: Int?, _ test: Int?) {
        services[service].deployments[index].production = production
        services[service].deployments[index].test = test
    }

    // MARK: Records

    /// Changes the record of the service deployment whose shift is under way.
    mutating func updateShiftDeployment(_ service: Int, _ change: (inout ServiceDeploymentRecord) -> Void) {
        guard let target = services[service].shift?.target,
            let deployment = services[service].deployments.first(where: { $0.number == target })
        else { return }
        updateServiceDeployment(service, of: deployment, change)
    }
}
