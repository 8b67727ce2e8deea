import MooringShapes

/// The tasks of a service while its traffic shifts: each revision is kept at a count of its own.
///
/// Neither percentage limits them: green is scaled to all of the desired count beside blue.
/// Source: Developer Guide, blue/green workflow, SCALE_UP.
extension World {
    mutating func tendShiftedTasks(_ service: Int) {
        guard let shift = services[service].shift else { return }
        let desired = wantedTasks(service)
        for position in services[service].deployments.indices {
            let number = services[service].deployments[position].number
            if let want = shift.wanted(number, desired: desired) {
                services[service].deployments[position].desiredCount = want
                tend(service, position, want: want)
            } else {
                services[service].deployments[position].desiredCount = sortedTasks(service, position).good.count
            }
        }
    }

    /// Whether a revision has all tasks that the service wants, all of them healthy.
    func isWhole(_ number: String, in service: Int) -> Bool {
        var good = 0
        for ordinal in services[service].tasks {
            guard let task = tasks[ordinal], task.deployment == number, task.wantsToRun else { continue }
            if task.isUnhealthy || !task.isHealthy { return false }
            good += 1
        }
        return good == wantedTasks(service)
    }

    /// The tasks of one deployment that are to run.
    func sortedTasks(_ service: Int, _ position: Int) -> (good: [Int], unhealthy: [Int]) {
        let number = services[service].deployments[position].number
        var good: [Int] = []
        var unhealthy: [Int] = []
        for ordinal in services[service].tasks {
            guard let task = tasks[ordinal], task.deployment == number, task.wantsToRun else { continue }
            if task.isUnhealthy { unhealthy.append(ordinal) } else { good.append(ordinal) }
        }
        return (good, unhealthy)
    }

    /// Brings one revision closer to its count: starts what is missing, then stops what was replaced or is too many.
    mutating func tend(_ service: Int, _ position: Int, want: Int) {
        let (good, unhealthy) = sortedTasks(service, position)
        let mayStart = services[service].deployments[position].nextStartAt <= now
        let started = startTasks(want - good.count, of: service, position, replaced: unhealthy.count)
        var doomed: [Int] = []
        if want == 0 || (mayStart && started == 0) {
            doomed = unhealthy
        } else {
            doomed = Array(unhealthy.prefix(started))
        }
        for (index, ordinal) in doomed.enumerated() where want > 0 {
            // As in a rolling deployment. Source: `rollout-sequences.tsv`.
            if let message = tasks[ordinal]?.unhealthyMessage { say(service, message, after: Int64(38 + index)) }
        }
        if good.count > want {
            reportProtected(service, good, wanted: good.count - want)
            doomed += scaleInOrder(good).prefix(good.count - want)
        }
        if !doomed.isEmpty { stop(doomed, of: service, after: started > 0 ? Int64(38 + doomed.count) : 0) }
        if position == 0, started > 0 || !doomed.isEmpty { planBreaker(service) }
    }
}

extension ShiftRecord {
    /// How many tasks of a revision there should be; nil leaves those there are.
    func wanted(_ number: String, desired: Int) -> Int? {
        switch direction {
        case .forward:
            if number == target { return isGreenUp ? desired : 0 }
            if number == source { return isCleaningUp ? 0 : desired }
            return position >= 0 ? 0 : nil
        case .back:
            if number == source { return desired }
            return isCleaningUp ? 0 : nil
        case .halted:
            return number == source ? desired : nil
        }
    }
}
