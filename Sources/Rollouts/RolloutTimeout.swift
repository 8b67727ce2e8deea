package import MooringModel
package import MooringShapes

/// How long a rollout may take before it is said to be overdue, and from what that follows.
///
/// Without a word in the manifest it follows from the service:
///
///     batches = ROLLING: ⌈desired ÷ (ceiling − floor)⌉, floor = ⌈desired × minimum ÷ 100⌉, ceiling = ⌊desired × maximum ÷ 100⌋
///               others:  1, for all new tasks start beside the old ones
///     batch   = start of a task + what it may take until it counts as healthy + the end of an old one
///     total   = 2 × (batches × batch + launching) + bake times + waits of hooks, within 30 minutes and 48 hours
///
/// What depends on the program and the day counts twice, what ECS waits by its own clock counts once.
package struct RolloutTimeout: Hashable, Sendable {
    /// How long.
    package let duration: Duration
    /// Whether the manifest says so.
    package let isFromManifest: Bool
    /// Whether ECS ends a hopeless rollout by itself: a circuit breaker or alarms are on.
    package let isGuarded: Bool

    package init(duration: Duration, isFromManifest: Bool, isGuarded: Bool) {
        self.duration = duration
        self.isFromManifest = isFromManifest
        self.isGuarded = isGuarded
    }

    /// The same in seconds.
    package var seconds: Int64 { duration.wholeMilliseconds / 1000 }

    /// The timeout of a service.
    ///
    /// - Parameters:
    ///   - service: a CreateService input, or the service as described.
    ///   - taskDefinition: a RegisterTaskDefinition input, or the revision as described; nil where it is not at hand.
    ///   - policy: what the manifest and the environment say.
    package static func timeout(
        of service: Value, taskDefinition: Value? = nil, policy: TimeoutPolicy = TimeoutPolicy(),
    ) -> RolloutTimeout {
        let configuration = service["deploymentConfiguration"]
        let isGuarded = ["deploymentCircuitBreaker", "alarms"].contains {
            configuration?[$0]?["enable"]?.boolean == true
        }
        if let said = policy.said {
            let bounded = min(max(said, .seconds(1)), .seconds(Limits.longestTimeoutSeconds))
            return RolloutTimeout(duration: bounded, isFromManifest: true, isGuarded: isGuarded)
        }
        let estimate = RolloutEstimate(service: service, taskDefinition: taskDefinition, goal: policy.goal)
        let seconds = min(max(estimate.seconds, policy.shortestSeconds), Limits.longestTimeoutSeconds)
        return RolloutTimeout(duration: .seconds(seconds), isFromManifest: false, isGuarded: isGuarded)
    }
}

/// What is said about timeouts.
package struct TimeoutPolicy: Hashable, Sendable {
    /// `mooring: {timeout: 30m}`, nil where the manifest says nothing.
    package var said: Duration?
    /// What the manifest waits for: who waits for traffic only, waits for no bake after it.
    package var goal: RolloutGoal
    /// The shortest default. A circuit breaker took up to 21 minutes to trip at one task, and its rollback 3 more
    /// (published sequences of events): ECS's own end and its reason should come before ours.
    package var shortestSeconds: Int

    /// - Parameters:
    ///   - shortestSeconds: nil for half an hour.
    package init(said: Duration? = nil, goal: RolloutGoal = .steady, shortestSeconds: Int? = nil) {
        self.said = said
        self.goal = goal
        self.shortestSeconds = shortestSeconds ?? Limits.shortestTimeoutSeconds
    }
}

/// What a service's settings say about the time that its rollout takes.
struct RolloutEstimate {
    let service: Value
    let taskDefinition: Value?
    let goal: RolloutGoal

    private var configuration: Value? { service["deploymentConfiguration"] }
    private var percents: DeploymentPercents { DeploymentPercents(service: service) }
    private var strategy: String { configuration?["strategy"]?.text ?? "ROLLING" }

    /// The whole of it.
    var seconds: Int {
        let tasks = percents.desired
        let batches = strategy == "ROLLING" ? percents.batches : 1
        let work = batches * batchSeconds + tasks * 60 / Limits.tasksLaunchedPerMinute
        return 2 * work + bakeMinutes * 60 + hookMinutes * 60
    }

    // MARK: Parts

    /// From the start of a batch until the next may begin.
    private var batchSeconds: Int { Limits.taskStartSeconds + healthSeconds + endSeconds }

    /// Until a started task counts as healthy.
    ///
    /// Source: API model, DeploymentConfiguration `minimumHealthyPercent`: without load balancer and health check a task
    /// counts after 40 s, else when its checks say so.
    private var healthSeconds: Int {
        let container = (taskDefinition?["containerDefinitions"]?.elements ?? []).prefix(Limits.containers)
            .compactMap { $0["healthCheck"] }.map(RolloutEstimate.seconds(ofCheck:)).max()
        guard hasLoadBalancer else { return container ?? Limits.healthySeconds }
        let grace = service["healthCheckGracePeriodSeconds"].seconds(atMost: Limits.longestGraceSeconds) ?? 0
        return max(grace, container ?? 0) + Limits.targetHealthSeconds
    }

    /// Source: API model, HealthCheck: interval 30, retries 3, startPeriod 0 where nothing is said.
    private static func seconds(ofCheck check: Value) -> Int {
        let interval = check["interval"].seconds(atMost: 300) ?? 30
        let retries = check["retries"].seconds(atMost: 10) ?? 3
        let start = check["startPeriod"].seconds(atMost: 300) ?? 0
        return start + interval * retries
    }

    /// Until an old task is gone: a target drains first. Source: Elastic Load Balancing's deregistration delay of 300 s
    /// and ECS's `stopTimeout` of 30 s, where nothing is said.
    private var endSeconds: Int { hasLoadBalancer ? 300 + 30 : 30 }

    private var hasLoadBalancer: Bool { !(service["loadBalancers"]?.elements ?? []).isEmpty }

    /// Time that ECS waits by its own clock.
    ///
    /// Source: API model: LinearConfiguration (10 percent, 6 minutes, not after the last step), CanaryConfiguration
    /// (10 minutes), DeploymentConfiguration `bakeTimeInMinutes`.
    private var bakeMinutes: Int {
        let last = configuration?["bakeTimeInMinutes"].seconds(atMost: Limits.dayMinutes)
        switch strategy {
        case "LINEAR":
            let linear = configuration?["linearConfiguration"]
            let step = min(max(linear?["stepPercent"]?.double ?? 10, 3), 100)
            let bake = linear?["stepBakeTimeInMinutes"].seconds(atMost: Limits.dayMinutes) ?? 6
            return (Int((100 / step).rounded(.up)) - 1) * bake + finalBake(last)
        case "CANARY":
            let bake = configuration?["canaryConfiguration"]?["canaryBakeTimeInMinutes"]
                .seconds(atMost: Limits.dayMinutes)
            return (bake ?? 10) + finalBake(last)
        case "BLUE_GREEN": return finalBake(last)
        // With alarms a rolling update bakes too, for a time that ECS computes where the service names none.
        default: return last ?? (configuration?["alarms"]?["enable"]?.boolean == true ? Limits.alarmBakeMinutes : 0)
        }
    }

    /// Who waits for the traffic only does not wait for the bake after it.
    private func finalBake(_ minutes: Int?) -> Int { goal == .trafficShifted ? 0 : minutes ?? 0 }

    /// Time that hooks may take, at every stage they stand at.
    ///
    /// A pause ends when a person says so, or after its timeout, which is a day where nothing is said (API model,
    /// DeploymentLifecycleHookTimeoutConfiguration). A function's timeout is the same by default, but one that takes longer
    /// than Lambda lets a function run is broken far more often than slow, so a default counts as that quarter of an hour.
    private var hookMinutes: Int {
        var minutes = 0
        for hook in (configuration?["lifecycleHooks"]?.elements ?? []).prefix(Limits.hooks) {
            let stages = min(max(hook["lifecycleStages"]?.elements?.count ?? 1, 1), LifecycleStage.allCases.count)
            let said = hook["timeoutConfiguration"]?["timeoutInMinutes"].seconds(atMost: 14 * Limits.dayMinutes)
            let isPause = hook["targetType"]?.text == "PAUSE"
            minutes += stages * (said ?? (isPause ? Limits.dayMinutes : Limits.functionMinutes))
        }
        return minutes
    }
}

extension Value? {
    /// A number between 0 and `most`, nil where there is none.
    fileprivate func seconds(atMost most: Int) -> Int? { self?.integer.map { min(max($0, 0), most) } }
}
