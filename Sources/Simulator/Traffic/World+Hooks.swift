import MooringShapes

/// Lifecycle hooks: Lambda functions that ECS asks, and pauses that somebody ends.
/// Sources: Developer Guide, "Lambda hooks" and "Pause hooks for Amazon ECS service deployments".
extension World {
    // MARK: Calling

    /// Starts every hook that is configured for a stage. "Both hooks must complete before the deployment proceeds."
    mutating func callHooks(of stage: LifecycleStage, _ service: Int) {
        guard let shift = services[service].shift else { return }
        let minute = scenario.timing.shift.minute
        var executions: [HookExecution] = []
        for hook in shift.configuration["lifecycleHooks"]?.elements ?? [] {
            let stages = hook["lifecycleStages"]?.elements?.compactMap(\.text) ?? []
            guard stages.contains(stage.rawValue) else { continue }
            let isPause = hook["targetType"]?.text == "PAUSE"
            services[service].shift?.hookCount += 1
            let timeout = hook["timeoutConfiguration"]
            // Source of the defaults: API reference, DeploymentLifecycleHookTimeoutConfiguration.
            let minutes = min(max(timeout?["timeoutInMinutes"]?.integer ?? 1440, 1), Limits.hookMinutes)
            executions.append(
                HookExecution(
                    id: hookID(service, isPause: isPause), function: isPause ? nil : hook["hookTargetArn"]?.text ?? "",
                    role: hook["roleArn"]?.text,
                    status: isPause ? .awaitingAction : .inProgress, expiresAt: now + Int64(minutes) * minute,
                    continuesOnTimeout: timeout?["action"]?.text == "CONTINUE"))
        }
        guard !executions.isEmpty else { return }
        updateShiftDeployment(service) { $0.hooks = executions }
        for (index, execution) in executions.enumerated() {
            // A function is asked again and again, and its time is looked at each time.
            if execution.function != nil {
                planShift(.hookAnswer(index: index), of: service, at: now + scenario.timing.shift.hookAnswer)
            } else {
                planShift(.hookLimit(index: index), of: service, at: execution.expiresAt)
            }
            if execution.expiresAt > shift.endsAt { planShift(.deploymentLimit, of: service, at: shift.endsAt) }
        }
    }

    /// `ecs-pause-` and 43 URL-safe characters. Source: Developer Guide, "Pause hooks", and the error "Invalid hookId".
    private func hookID(_ service: Int, isPause: Bool) -> String {
        let count = services[service].shift?.hookCount ?? 0
        let scope = KeyedRandom.scope(services[service].shift?.target ?? "", "hook", String(count))
        let text = (0..<3).map { random.urlSafeID(.serviceDeployment, scope, $0) }.joined().prefix(43)
        return (isPause ? "ecs-pause-" : "ecs-lambda-") + text
    }

    func areHooksDone(_ service: Int) -> Bool { shiftHooks(service).allSatisfy(\.isDone) }

    private func shiftHooks(_ service: Int) -> [HookExecution] {
        guard let target = services[service].shift?.target else { return [] }
        return services[service].serviceDeployments.last { $0.target == target }?.hooks ?? []
    }

    // MARK: Lambda

    /// The function's answer arrives.
    mutating func callHook(_ service: Int, _ index: Int) {
        let hooks = shiftHooks(service)
        guard hooks.indices.contains(index), !hooks[index].isDone, let function = hooks[index].function,
            let stage = services[service].shift?.step?.stage
        else { return }
        if now >= hooks[index].expiresAt { return hookExpired(service, index) }
        let timing = scenario.timing.shift
        let rule = scenario.hooks.first { $0.matches(function, stage: stage.rawValue, at: now) }
        let failure = "Service deployment rolled back because \(stage.rawValue) lifecycle hook(s) failed. "
        if let role = hooks[index].role, exists(.roles, role) == false {
            // Source: `status-reasons.tsv`, from the Developer Guide.
            return hookFailed(service, index, failure + "ECS was unable to assume role \(role)")
        }
        updateShiftDeployment(service) { $0.hooks[index].calls += 1 }
        if hooks[index].calls < rule?.inProgressTimes ?? 0 || rule?.outcome == .neverFinishes {
            // The least keeps a function that never finishes from filling the queue for a day.
            let delay = rule?.callBackDelaySeconds.map { Int64($0) * 1000 } ?? timing.callBack
            let next = now + max(50, delay) + timing.hookAnswer
            planShift(.hookAnswer(index: index), of: service, at: min(next, hooks[index].expiresAt))
            return
        }
        switch rule?.outcome ?? .succeeded {
        case .succeeded: finishHook(service, index, .succeeded)
        case .neverFinishes: break
        case .failed:
            hookFailed(service, index, failure + "Lifecycle hook target \(function) returned FAILED status.")
        case .invalidAnswer: hookFailed(service, index, failure + World.unreadable(function))
        case .timesOut where hooks[index].calls == rule?.inProgressTimes ?? 0:
            // The call is made now and answers nothing until Lambda ends it.
            let end = min(now + timing.functionLimit, hooks[index].expiresAt)
            planShift(.hookAnswer(index: index), of: service, at: end)
        case .timesOut: hookFailed(service, index, failure + World.unreadable(function))
        case .cannotBeInvoked(let reason):
            hookFailed(
                service, index, failure + "ECS was unable to invoke hook target \(function) due to \(reason)")
        }
    }

    /// Source: `service-events.tsv`, record 61803625552; Developer Guide, "Lambda function timeout or invalid response".
    private static func unreadable(_ function: String) -> String {
        "ECS was unable to parse the response from \(function) due to: HookStatus must not be null."
    }

    private mutating func finishHook(_ service: Int, _ index: Int, _ status: HookExecution.Status) {
        updateShiftDeployment(service) { record in
            record.hooks[index].status = status
            record.hooks[index].isDone = true
        }
        planRound(service, at: now)
    }

    /// A hook said no. On the way back nothing is left to go back to, so the rollback goes on.
    private mutating func hookFailed(
        _ service: Int, _ index: Int, _ reason: String, status: HookExecution.Status = .failed,
    ) {
        let isForward = services[service].shift?.direction == .forward
        finishHook(service, index, status)
        if isForward { failShift(service, because: reason) }
    }

    /// A hook's own time is up.
    mutating func hookExpired(_ service: Int, _ index: Int) {
        let hooks = shiftHooks(service)
        guard hooks.indices.contains(index), !hooks[index].isDone, let stage = services[service].shift?.step?.stage
        else { return }
        if hooks[index].continuesOnTimeout {
            finishHook(service, index, .timedOut)
            return
        }
        // Source: Developer Guide, "Pause hook timed out". Of a Lambda hook nobody has published the words.
        let kind = hooks[index].function == nil ? "pause hook" : "lifecycle hook"
        hookFailed(
            service, index, "Service deployment rolled back because \(stage.rawValue) \(kind) timed out.",
            status: .timedOut)
    }

    // MARK: ContinueServiceDeployment

    /// Source: Developer Guide, "Continuing Amazon ECS service deployments"; messages from "Troubleshooting blue/green
    /// deployments", which names no codes: the operation models InvalidParameterException for bad values.
    mutating func continueServiceDeployment(_ input: Input) throws(APIError) -> Value {
        guard let arn = try input.string("serviceDeploymentArn"), !arn.isEmpty else {
            throw .invalidParameter("serviceDeploymentArn cannot be empty.")
        }
        let hookID = try input.string("hookId") ?? ""
        let action = try input.choice("action", of: ["ROLLBACK", "CONTINUE"]) ?? "CONTINUE"
        guard let (service, position) = findServiceDeployment(arn) else { throw .serviceDeploymentNotFound }
        let record = services[service].serviceDeployments[position]
        if record.status.isOver {
            throw .invalidParameter(
                "Continuing a service deployment is not allowed for service deployment in terminal states.")
        }
        guard World.isHookID(hookID) else {
            throw .invalidParameter("Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}")
        }
        guard record.status == .inProgress, services[service].shift?.target == record.target,
            let index = record.hooks.firstIndex(where: { $0.id == hookID && $0.status == .awaitingAction })
        else {
            throw .invalidParameter(
                "Provided hookId is either completed, unavailable, or not associated with the given Resource ARN")
        }
        if action == "CONTINUE" {
            finishHook(service, index, .succeeded)
        } else {
            let stage = services[service].shift?.step?.stage.rawValue ?? ""
            // Nobody has published these words.
            hookFailed(
                service, index, "Service deployment rolled back because \(stage) pause hook was rolled back.")
        }
        return .map([("serviceDeploymentArn", .string(arn))])
    }

    private static func isHookID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0] == "ecs" && !parts[1].isEmpty && !parts[2].isEmpty
    }
}
