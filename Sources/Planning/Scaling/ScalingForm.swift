package import MooringModel
import MooringNames
package import MooringShapes

/// Brings what git and the API say of automatic scaling into one form.
package enum ScalingForm {
    /// What git wants, in the one form that all its spellings share: what a service's digest takes of it. Nil where git says
    /// nothing.
    package static func canonical(_ options: ScalingOptions?) -> Value? {
        guard let options else { return nil }
        func form(_ value: Value, _ rules: [String: Rule]) -> Value {
            CanonicalForm(of: value).form(of: value, by: .structure(rules)) ?? .map([])
        }
        return [
            "target": form(target(options.target), ScalingRules.target),
            "policies": .list(options.policies.map { form(policy($0), ScalingRules.policy) }),
            "scheduledActions": .list(
                options.scheduledActions.map { form(scheduledAction($0), ScalingRules.scheduledAction) }),
        ]
    }

    /// A target without what cannot be compared; see `ScalingRules.target`.
    static func target(_ target: Value) -> Value { target.removing(["RoleARN", "Tags"]) }

    /// A policy whose type is written out. Without one the configuration says which it is.
    static func policy(_ policy: Value) -> Value {
        guard policy["PolicyType"]?.text == nil else { return policy }
        var policy = policy
        policy["PolicyType"] = ["TargetTrackingScaling", "StepScaling", "PredictiveScaling"]
            .first { policy["\($0)PolicyConfiguration"] != nil }.map { .string($0) }
        return policy
    }

    /// A scheduled action with its times as the JSON protocol takes and gives them: seconds since 1970.
    static func scheduledAction(_ action: Value) -> Value {
        var action = action
        for member in ["StartTime", "EndTime"] {
            guard let value = action[member], let time = time(value) else { continue }
            let (seconds, rest) = time.millisecondsSince1970.quotientAndRemainder(dividingBy: 1000)
            action[member] = rest == 0 ? .integer(Int(seconds)) : .double(Double(time.millisecondsSince1970) / 1000)
        }
        return action
    }

    /// A time written as ISO 8601 or as seconds since 1970.
    static func time(_ value: Value) -> Timestamp? {
        if let text = value.text, let time = Timestamp(iso8601: text) { return time }
        guard let seconds = value.double, seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        return Timestamp(millisecondsSince1970: Int64((seconds * 1000).rounded()))
    }

    /// Whether a scheduled action can never be triggered again: its end, or its only time, lies before `now`.
    static func isOver(_ action: Value, at now: Timestamp) -> Bool {
        if let end = action["EndTime"].flatMap(time), end <= now { return true }
        guard let schedule = action["Schedule"]?.text, schedule.hasPrefix("at("), schedule.hasSuffix(")"),
            let only = Timestamp(iso8601: schedule.dropFirst(3).dropLast() + "Z")
        else { return false }
        let zone = action["Timezone"]?.text ?? "UTC"
        // No zone lies further west than 12 hours: later than that the time is past wherever it is.
        let margin: Duration = ["UTC", "Etc/UTC", "GMT", "Etc/GMT"].contains(zone) ? .zero : .seconds(12 * 3600)
        return only + margin <= now
    }

    /// The members whose absence in PutScheduledAction does not, or does not everywhere, take them back.
    ///
    /// Source: API reference, PutScheduledAction: what is not sent is not changed, start and end excepted, whose old values
    /// are deleted; moto 5.2.1 and the local ECS differ in this.
    static func keepsUnsent(wanted: Value, live: Value) -> Bool {
        ["Timezone", "StartTime", "EndTime"].contains { wanted[$0] == nil && live[$0] != nil }
            || ["MinCapacity", "MaxCapacity"].contains {
                wanted["ScalableTargetAction"]?[$0] == nil && live["ScalableTargetAction"]?[$0] != nil
            }
    }

    /// Every bound that scheduled actions give a target.
    static func bounds(of actions: [Value]) -> Set<Int> {
        Set(
            actions.flatMap { action in
                ["MinCapacity", "MaxCapacity"].compactMap { action["ScalableTargetAction"]?[$0]?.integer }
            })
    }
}

extension ScalingOptions {
    /// All that these versions said, oldest first: the newest one's target, and of each name the newest policy or action.
    package static func union(of versions: [ScalingOptions]) -> ScalingOptions? {
        guard let newest = versions.last else { return nil }
        func merged(_ lists: [[Value]], by member: String) -> [Value] {
            var byName: [String: Value] = [:]
            for value in lists.joined() { byName[value[member]?.text ?? ""] = value }
            return byName.sorted { $0.key < $1.key }.map(\.value)
        }
        return ScalingOptions(
            target: newest.target, policies: merged(versions.map(\.policies), by: "PolicyName"),
            scheduledActions: merged(versions.map(\.scheduledActions), by: "ScheduledActionName"))
    }

    /// How many tasks a new service begins with where its manifest does not say: the least it may have.
    package var initialCount: Int? { target["MinCapacity"]?.integer }
}
