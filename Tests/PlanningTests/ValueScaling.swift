import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes

/// Application Auto Scaling as a handful of values, written from its API reference: what it fills in and what it keeps.
enum ValueScaling {
    struct NotFound: Error {}
    struct Refused: Error {}

    static let role =
        "arn:aws:iam::\(accountText):role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
        + "AWSServiceRoleForApplicationAutoScaling_ECSService"

    /// What the service is registered with, as DescribeScalableTargets shows it.
    static func target(_ minimum: Int, _ maximum: Int, _ more: [(String, Value)] = []) -> Value {
        var target: Value = [
            "ServiceNamespace": "ecs", "ResourceId": "service/default/web",
            "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": .integer(minimum),
            "MaxCapacity": .integer(maximum), "RoleARN": .string(role), "CreationTime": number("1764000000.5"),
            "SuspendedState": [
                "DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false,
                "ScheduledScalingSuspended": false,
            ],
            "ScalableTargetARN": "arn:aws:application-autoscaling:eu-central-1:1:scalable-target/1",
        ]
        for (name, value) in more { target[name] = value }
        return target
    }

    static func perform(_ write: ScalingWrite, on key: ServiceKey, in all: inout [ServiceKey: ObservedScaling]) throws {
        var scaling = all[key] ?? ObservedScaling(target: nil)
        let input = write.input(for: key)
        switch write {
        case .registerTarget: scaling.target = try registered(input, over: scaling.target)
        case .putPolicy(let name, _):
            guard scaling.target != nil else { throw NotFound() }
            let metric = trackedMetric(input)
            let isTracked = scaling.policies.contains {
                $0["PolicyName"]?.text != name && metric != nil && trackedMetric($0) == metric
            }
            if isTracked { throw Refused() }
            scaling.policies.removeAll { $0["PolicyName"]?.text == name }
            var policy = input
            policy["PolicyARN"] = .string("arn:policy/\(name)")
            policy["Alarms"] = [["AlarmName": "high", "AlarmARN": "arn:alarm"]]
            policy["CreationTime"] = 1_764_000_000
            scaling.policies.append(policy)
        case .putScheduledAction(let name, _):
            guard scaling.target != nil else { throw NotFound() }
            let old = scaling.scheduledAction(named: name)
            scaling.scheduledActions.removeAll { $0["ScheduledActionName"]?.text == name }
            // What is not sent stays, start and end excepted.
            var action = old ?? .map([])
            action["StartTime"] = nil
            action["EndTime"] = nil
            for member in input.members ?? [] where member.name != "ScalableTargetAction" {
                action[member.name] = member.value
            }
            var bounds = action["ScalableTargetAction"] ?? .map([])
            for member in input["ScalableTargetAction"]?.members ?? [] { bounds[member.name] = member.value }
            action["ScalableTargetAction"] = bounds
            action["ScheduledActionARN"] = .string("arn:action/\(name)")
            action["CreationTime"] = 1_764_000_000
            scaling.scheduledActions.append(action)
        case .deletePolicy(let name):
            guard scaling.policies.contains(where: { $0["PolicyName"]?.text == name }) else { throw NotFound() }
            scaling.policies.removeAll { $0["PolicyName"]?.text == name }
        case .deleteScheduledAction(let name):
            guard scaling.scheduledAction(named: name) != nil else { throw NotFound() }
            scaling.scheduledActions.removeAll { $0["ScheduledActionName"]?.text == name }
        case .deregisterTarget:
            guard scaling.target != nil else { throw NotFound() }
            scaling = ObservedScaling(target: nil)
        }
        all[key] = scaling
    }

    private static func registered(_ input: Value, over old: Value?) throws -> Value {
        guard let least = input["MinCapacity"]?.integer ?? old?["MinCapacity"]?.integer,
            let most = input["MaxCapacity"]?.integer ?? old?["MaxCapacity"]?.integer, least <= most
        else { throw Refused() }
        var target = target(least, most)
        // A sent state replaces the old one whole; what is not sent stays.
        if let state = input["SuspendedState"] {
            for member in state.members ?? [] { target["SuspendedState"]?[member.name] = member.value }
        } else if let state = old?["SuspendedState"] {
            target["SuspendedState"] = state
        }
        return target
    }

    private static func trackedMetric(_ policy: Value) -> String? {
        policy["TargetTrackingScalingPolicyConfiguration"]?["PredefinedMetricSpecification"]?["PredefinedMetricType"]?
            .text
    }
}

/// A number in the spelling of an answer.
func number(_ text: String) -> Value { Value(.scalar(Scalar(text: text, style: .number))) }

extension ObservedScaling {
    func scheduledAction(named name: String) -> Value? {
        scheduledActions.first { $0["ScheduledActionName"]?.text == name }
    }
}
