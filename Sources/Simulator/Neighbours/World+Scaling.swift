import MooringShapes

/// Application Auto Scaling at work: what moves the desired count of services by itself.
/// Source: Application Auto Scaling User Guide, "How target tracking scaling works", "Scheduled scaling".
extension World {
    /// The alarms of a target tracking policy: three minutes above the target, fifteen below nine tenths of it.
    /// Source: what Application Auto Scaling creates in CloudWatch for ECS services.
    private static let minutesToScaleOut = 3
    private static let minutesToScaleIn = 15
    private static let scaleInShare = 0.9
    /// Source: API reference, TargetTrackingScalingPolicyConfiguration, ECS services.
    private static let cooldownSeconds = 300

    // MARK: Looking

    /// Looks at a target every minute from now on, if it has a policy that tracks a metric.
    mutating func watch(_ position: Int) {
        let number = scalableTargets[position].number
        guard !scalableTargets[position].isWatched,
            neighbours.scaling.policies(of: number).contains(where: {
                neighbours.scaling.policies[$0].type == "TargetTrackingScaling"
            })
        else { return }
        scalableTargets[position].isWatched = true
        queue.plan(.scaling(target: number), at: now + 60_000)
    }

    mutating func evaluateScaling(_ number: Int) {
        guard let position = targetPosition(numbered: number) else { return }
        scalableTargets[position].isWatched = false
        defer { watch(position) }
        guard let service = service(of: scalableTargets[position]) else { return }
        let current = services[service].desiredCount
        var out: (count: Int, policy: Int)?
        var ins: [(count: Int, policy: Int)] = []
        var mayScaleIn = true
        for index in neighbours.scaling.policies(of: number) {
            let policy = neighbours.scaling.policies[index]
            guard policy.type == "TargetTrackingScaling",
                let configuration = policy.configuration?.value,
                let goal = configuration["TargetValue"]?.double, goal > 0,
                let value = measured(World.metric(of: configuration), service: service)
            else { continue }
            neighbours.scaling.change(policy: index) { policy in
                policy.minutesAbove = value > goal ? policy.minutesAbove + 1 : 0
                policy.minutesBelow = value < goal * World.scaleInShare ? policy.minutesBelow + 1 : 0
            }
            // Proportional: as many tasks as bring the metric to its target. Bounded, so that no metric overflows.
            let wanted = Int(min(Double(Limits.tasksPerService), (Double(current) * value / goal).rounded(.up)))
            if neighbours.scaling.policies[index].minutesAbove >= World.minutesToScaleOut {
                if out.map({ wanted > $0.count }) ?? true { out = (wanted, index) }
            }
            if configuration["DisableScaleIn"]?.boolean == true { continue }
            if neighbours.scaling.policies[index].minutesBelow >= World.minutesToScaleIn {
                ins.append((wanted, index))
            } else {
                mayScaleIn = false
            }
        }
        if let out {
            scaleOut(position, service: service, to: out.count, policy: out.policy)
        } else if mayScaleIn, let least = ins.max(by: { $0.count < $1.count }) {
            // In only when all policies agree, and then to the highest they ask for.
            scaleIn(position, service: service, to: least.count, policy: least.policy)
        }
    }

    private mutating func scaleOut(_ position: Int, service: Int, to count: Int, policy: Int) {
        let target = scalableTargets[position]
        let cooldown = cooldown("ScaleOutCooldown", of: policy)
        guard target.suspended["DynamicScalingOutSuspended"]?.boolean != true,
            target.scaledOutAt == .min || now - target.scaledOutAt >= cooldown
        else { return }
        let bounded = min(count, target.maximum)
        guard bounded > services[service].desiredCount else { return }
        scalableTargets[position].scaledOutAt = now
        set(position, service: service, to: bounded, cause: cause(of: policy, alarm: 0))
    }

    /// "Application Auto Scaling turns off scale-in processes while Amazon ECS deployments are in progress", and only those.
    /// Source: Developer Guide, "Automatically scale your Amazon ECS service", considerations.
    private mutating func scaleIn(_ position: Int, service: Int, to count: Int, policy: Int) {
        guard services[service].deployments.first?.rolloutState != .inProgress else { return }
        let target = scalableTargets[position]
        let cooldown = cooldown("ScaleInCooldown", of: policy)
        guard target.suspended["DynamicScalingInSuspended"]?.boolean != true,
            target.scaledInAt == .min || now - target.scaledInAt >= cooldown
        else { return }
        let bounded = max(count, target.minimum)
        guard bounded < services[service].desiredCount else { return }
        scalableTargets[position].scaledInAt = now
        set(position, service: service, to: bounded, cause: cause(of: policy, alarm: 1))
    }

    private func cooldown(_ member: String, of policy: Int) -> Int64 {
        let sent = neighbours.scaling.policies[policy].configuration?.value[member]?.integer
        return Int64(min(max(0, sent ?? World.cooldownSeconds), 1_000_000)) * 1000
    }

    private func cause(of policy: Int, alarm: Int) -> String {
        let policy = neighbours.scaling.policies[policy]
        let name = policy.alarms.indices.contains(alarm) ? policy.alarms[alarm].name : ""
        return "monitor alarm \(name) in state ALARM triggered policy \(policy.name)"
    }

    /// What the scenario says that CloudWatch measures of a service now; nil where it says nothing. The last rule decides.
    private func measured(_ metric: String, service: Int) -> Double? {
        let name = "\(clusters[services[service].cluster].name)/\(services[service].name)"
        let rule = scenario.metrics.last { rule in
            rule.metric == metric && (rule.service == "*" || rule.service == name)
                && (rule.from.map { now >= $0 } ?? true) && (rule.until.map { now < $0 } ?? true)
        }
        switch rule?.reading {
        case nil: return nil
        case .value(let value): return value
        case .load(let load):
            let running = services[service].tasks.count { tasks[$0]?.status == .running }
            return load / Double(max(1, running))
        }
    }

    // MARK: Scheduled actions

    mutating func performScheduledAction(_ name: String, target number: Int, generation: Int) {
        guard let position = targetPosition(numbered: number),
            let index = neighbours.scaling.actions.firstIndex(where: {
                $0.target == number && $0.name == name && $0.generation == generation
            })
        else { return }
        let action = neighbours.scaling.actions[index]
        plan(action)
        guard scalableTargets[position].suspended["ScheduledScalingSuspended"]?.boolean != true else { return }
        if let minimum = action.minimum { scalableTargets[position].minimum = minimum }
        if let maximum = action.maximum { scalableTargets[position].maximum = maximum }
        // One bound alone may pass the other, which then follows.
        if scalableTargets[position].maximum < scalableTargets[position].minimum {
            if action.maximum == nil {
                scalableTargets[position].maximum = scalableTargets[position].minimum
            } else {
                scalableTargets[position].minimum = scalableTargets[position].maximum
            }
        }
        bringIntoBounds(position, because: "scheduled action name \(name) was triggered")
    }

    // MARK: Moving

    /// Scales a service whose count is outside its target's bounds.
    mutating func bringIntoBounds(_ position: Int, because cause: String? = nil) {
        let target = scalableTargets[position]
        guard let service = service(of: target) else { return }
        let current = services[service].desiredCount
        if current < target.minimum {
            set(
                position, service: service, to: target.minimum,
                cause: cause ?? "minimum capacity was set to \(target.minimum)")
        } else if current > target.maximum {
            set(
                position, service: service, to: target.maximum,
                cause: cause ?? "maximum capacity was set to \(target.maximum)")
        }
    }

    private func service(of target: ScalableTargetRecord) -> Int? {
        guard target.namespace == "ecs", target.resourceID.hasPrefix("service/"),
            let position = servicePositions[String(target.resourceID.dropFirst("service/".count))],
            services[position].status == .active, services[position].settings.schedulingStrategy != "DAEMON"
        else { return nil }
        return position
    }

    /// Sets the desired count as UpdateService does, and keeps a record of it.
    private mutating func set(_ position: Int, service: Int, to count: Int, cause: String) {
        let target = scalableTargets[position]
        let count = min(count, Limits.tasksPerService)
        hide(service, as: snapshot(service))
        scale(service, to: count)
        planRound(service, at: now + scenario.timing.schedulerDelay)
        for index in neighbours.scaling.policies(of: target.number) {
            neighbours.scaling.change(policy: index) { policy in
                policy.minutesAbove = 0
                policy.minutesBelow = 0
            }
        }
        neighbours.scaling.made += 1
        neighbours.scaling.activities.append(
            ScalingStore.Activity(
                id: random.uuid(
                    .scalableTarget, KeyedRandom.scope("activity", target.resourceID), neighbours.scaling.made),
                resourceID: target.resourceID, dimension: target.dimension,
                description: "Setting desired count to \(count).", cause: cause, at: now,
                message: "Successfully set desired count to \(count). Change successfully fulfilled by ecs."))
        let excess = neighbours.scaling.activities.count - Limits.scalingActivities
        if excess > 0 { neighbours.scaling.activities.removeFirst(excess) }
    }
}
