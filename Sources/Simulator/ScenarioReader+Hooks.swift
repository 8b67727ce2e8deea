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
        guard let members = value.members else { throw ScenarioError("A hook must be a map.") }
        var rule = HookRule("", .succeeded)
        for member in members {
            switch member.name {
            case "function": rule.function = member.value.text ?? ""
            case "stage":
                guard let stage = member.value.text.flatMap(LifecycleStage.init), stage.takesHooks else {
                    throw ScenarioError("There is no lifecycle stage '\(member.value.text ?? "")' for hooks.")
                }
                rule.stage = stage.rawValue
            case "inProgress": rule.inProgressTimes = try count(member)
            case "callBackDelay": rule.callBackDelaySeconds = try count(member)
            case "answer": rule.outcome = try outcome(member.value.text ?? "", value)
            case "reason": break
            case "fromSeconds": rule.from = start + Int64(try count(member)) * 1000
            case "untilSeconds": rule.until = start + Int64(try count(member)) * 1000
            default: throw ScenarioError("A hook has no member '\(member.name)'.")
            }
        }
        if rule.function.isEmpty { throw ScenarioError("A hook needs the member 'function'.") }
        return rule
    }

    private static func outcome(_ answer: String, _ value: Value) throws(ScenarioError) -> HookOutcome {
        switch answer {
        case "SUCCEEDED": .succeeded
        case "FAILED": .failed
        case "IN_PROGRESS": .neverFinishes
        case "invalid": .invalidAnswer
        case "timeout": .timesOut
        case "error": .cannotBeInvoked(reason: value["reason"]?.text ?? "the function does not exist")
        default: throw ScenarioError("A hook cannot answer '\(answer)'.")
        }
    }

    static func shiftTiming(_ value: Value, over base: ShiftTiming) throws(ScenarioError) -> ShiftTiming {
        guard let members = value.members else { throw ScenarioError("timing.shift must be a map.") }
        var timing = base
        for member in members {
            guard let path = durations.first(where: { $0.name == member.name })?.path else {
                throw ScenarioError("timing.shift has no member '\(member.name)'.")
            }
            timing[keyPath: path] = Int64(try count(member))
        }
        return timing
    }

    private static let durations: [(name: String, path: any WritableKeyPath<ShiftTiming, Int64> & Sendable)] = [
        ("stage", \.stage), ("traffic", \.traffic), ("networkLoadBalancer", \.networkLoadBalancer),
        ("minute", \.minute), ("hookAnswer", \.hookAnswer), ("callBack", \.callBack),
        ("functionLimit", \.functionLimit), ("alarm", \.alarm), ("stopRequest", \.stopRequest),
    ]

    private static func count(_ member: Value.Member) throws(ScenarioError) -> Int {
        // Two weeks of milliseconds fit; sums and products of such numbers stay within bounds.
        guard let number = member.value.integer, (0...10_000_000_000).contains(number) else {
            throw ScenarioError("'\(member.name)' must be a whole number that is not negative.")
        }
        return number
    }
}
