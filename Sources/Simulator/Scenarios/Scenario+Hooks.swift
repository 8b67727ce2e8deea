/// What a lifecycle hook's Lambda function answers.
///
/// The first rule that matches a function and a stage decides; a function without a rule answers SUCCEEDED.
package struct HookRule: Equatable, Sendable {
    /// The function's ARN, or what it ends with behind a leading `*`, or begins with before a trailing one.
    package var function: String
    /// The lifecycle stage that the rule is for; nil is all.
    package var stage: String?
    /// How often the function answers IN_PROGRESS before its outcome.
    package var inProgressTimes = 0
    /// The `callBackDelay` of these answers; nil is ECS's own 30 seconds.
    package var callBackDelaySeconds: Int?
    package var outcome: HookOutcome
    /// The rule holds for calls in this stretch of time; nil is open.
    package var from: Int64?
    package var until: Int64?

    package init(
        _ function: String, _ outcome: HookOutcome, stage: String? = nil, inProgressTimes: Int = 0,
        callBackDelaySeconds: Int? = nil, from: Int64? = nil, until: Int64? = nil,
    ) {
        self.function = function
        self.outcome = outcome
        self.stage = stage
        self.inProgressTimes = inProgressTimes
        self.callBackDelaySeconds = callBackDelaySeconds
        self.from = from
        self.until = until
    }

    func matches(_ arn: String, stage: String, at now: Int64) -> Bool {
        if let own = self.stage, own != stage { return false }
        if let from, now < from { return false }
        if let until, now >= until { return false }
        // A function is known by its ARN, and by its name alone.
        return Pattern.matches(function, arn)
            || Pattern.matches(function, arn.split(separator: ":").last.map(String.init) ?? arn)
    }
}

/// How a hook's function ends.
/// Source: Developer Guide, "Lambda hooks for Amazon ECS service deployments" and "Troubleshooting blue/green deployments".
package enum HookOutcome: Equatable, Sendable {
    case succeeded
    case failed
    /// It answers IN_PROGRESS until the hook's own time is up.
    case neverFinishes
    /// It answers something that is no hook status.
    case invalidAnswer
    /// It runs into Lambda's limit of 15 minutes, and so answers nothing.
    case timesOut
    /// It cannot be called; the reason as ECS reports it.
    case cannotBeInvoked(reason: String)
}

/// How long the parts of a traffic-shifting deployment take that no request configures, in milliseconds.
package struct ShiftTiming: Equatable, Sendable {
    /// A stage without work of its own. Nobody has published recorded times; this is ours.
    package var stage: Int64 = 3_000
    /// Moving traffic between target groups: seven seconds from a rollback to the last bad answer where recorded.
    /// Source: `rollout-sequences.tsv`, record 57373037252.
    package var traffic: Int64 = 7_000
    /// What a Network Load Balancer adds to that.
    /// Source: Developer Guide, "Network Load Balancer resources for blue/green, linear and canary deployments".
    package var networkLoadBalancer: Int64 = 600_000
    /// What a minute of a request lasts (bake times, timeouts of hooks), so that demonstrations can be short.
    package var minute: Int64 = 60_000
    /// From a hook's call to its answer.
    package var hookAnswer: Int64 = 1_000
    /// From an IN_PROGRESS to the next call. Source: Developer Guide, "Lambda hooks": 30 seconds.
    package var callBack: Int64 = 30_000
    /// The longest that a function may run. Source: Developer Guide, blue/green workflow: 15 minutes.
    package var functionLimit: Int64 = 900_000
    /// From an alarm's ALARM to the rollback: 21 s where recorded. Source: `rollout-sequences.tsv`, record 57373037252.
    package var alarm: Int64 = 21_000
    /// From a StopServiceDeployment to what it asked for. Nobody has published it; this is ours.
    package var stopRequest: Int64 = 1_000

    package init() {}

    /// Everything within a few seconds, in the same order.
    package static var brisk: ShiftTiming {
        var timing = ShiftTiming()
        timing.stage = 200
        timing.traffic = 400
        timing.networkLoadBalancer = 2_000
        timing.minute = 1_000
        timing.hookAnswer = 100
        timing.callBack = 500
        timing.functionLimit = 2_000
        timing.alarm = 300
        timing.stopRequest = 150
        return timing
    }
}
