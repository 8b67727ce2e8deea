import MooringShapes

/// Reads what lifecycle hooks answer, and the times of traffic-shifting deployments.
///
///     hooks: [{function: "*:approve", stage: POST_TEST_TRAFFIC_SHIFT, inProgress: 3, callBackDelay: 60, answer: FAILED},
///             {function: "*:broken", answer: error, reason: "User: … is not authorized"}]
///     timing: {shift: {minute: 1000, stage: 100}}
///
/// An answer is SUCCEEDED, FAILED, IN_PROGRESS (for ever), invalid, timeout or error.
extension ScenarioReader {
    static func hook(_ value: Value, start: Int64) throws(ScenarioError) -> HookRule {
        let map = try ScenarioMap(
            value, "a hook", start: start,
            allowed: ["function", "stage", "inProgress", "callBackDelay", "answer", "reason"] + ScenarioMap.window)
        var rule = HookRule(try map.required("function"), .succeeded)
        let stages = LifecycleStage.allCases.filter(\.takesHooks).map(\.rawValue)
        rule.stage = try map.choice("stage", stages)
        if let times = try map.count("inProgress") { rule.inProgressTimes = min(times, 1_000_000) }
        if let delay = try map.count("callBackDelay") { rule.callBackDelaySeconds = min(delay, 1_000_000_000) }
        let answers = ["SUCCEEDED", "FAILED", "IN_PROGRESS", "invalid", "timeout", "error"]
        if let answer = try map.choice("answer", answers) {
            rule.outcome = outcome(answer, reason: try map.text("reason"))
        }
        if map["reason"] != nil, try map.text("answer") != "error" {
            throw map.error("reason", "says nothing unless 'answer' is error.")
        }
        (rule.from, rule.until) = try map.window()
        return rule
    }

    private static func outcome(_ answer: String, reason: String?) -> HookOutcome {
        switch answer {
        case "SUCCEEDED": .succeeded
        case "FAILED": .failed
        case "IN_PROGRESS": .neverFinishes
        case "invalid": .invalidAnswer
        case "timeout": .timesOut
        default: .cannotBeInvoked(reason: reason ?? "the function does not exist")
        }
    }

    static func shiftTiming(_ value: Value, over base: ShiftTiming) throws(ScenarioError) -> ShiftTiming {
        let map = try ScenarioMap(value, "'shift' of timing", start: 0, allowed: durations.map(\.name))
        var timing = base
        for (name, path) in durations {
            if let number = try map.count(name, least: 1) { timing[keyPath: path] = Int64(min(number, 10_000_000_000)) }
        }
        return timing
    }

    private static let durations: [(name: String, path: any WritableKeyPath<ShiftTiming, Int64> & Sendable)] = [
        ("stage", \.stage), ("traffic", \.traffic), ("networkLoadBalancer", \.networkLoadBalancer),
        ("minute", \.minute), ("hookAnswer", \.hookAnswer), ("callBack", \.callBack),
        ("functionLimit", \.functionLimit), ("alarm", \.alarm), ("stopRequest", \.stopRequest),
    ]
}
