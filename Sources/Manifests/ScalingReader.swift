import MooringModel
import MooringNames
import MooringShapes

/// Reads `autoscaling`: what Application Auto Scaling shall do with a service's count, in the shapes of its own API.
///
/// The object is a RegisterScalableTarget input with two lists beside its members: `policies` of PutScalingPolicy inputs and
/// `scheduledActions` of PutScheduledAction inputs. Namespace, resource and dimension follow from the service; where they are
/// written all the same, they must say what follows.
struct ScalingReader {
    struct Result {
        /// nil where something is wrong.
        var options: ScalingOptions?
        /// The resources that the inputs name.
        var resources: [OptionsReader.Text] = []
        var findings: [Finding] = []
    }

    private let file: TreePath
    /// Of the option, for findings.
    private let path: String
    private var resources: [OptionsReader.Text] = []
    private var findings: [Finding] = []

    static func read(_ member: Value.Member, file: TreePath, path: String) -> Result {
        var reader = ScalingReader(file: file, path: path)
        let options = reader.options(member.value)
        let isBad = reader.findings.contains { $0.severity == .error }
        return Result(options: isBad ? nil : options, resources: reader.resources, findings: reader.findings)
    }

    private init(file: TreePath, path: String) {
        self.file = file
        self.path = path
    }

    // MARK: Parts

    private mutating func options(_ value: Value) -> ScalingOptions? {
        guard value.members != nil else {
            report(
                "wrong-container",
                "'autoscaling' takes an object: 'MinCapacity', 'MaxCapacity', and 'policies' or 'scheduledActions' where wanted.",
                at: value, "")
            return nil
        }
        var target = value
        for name in ["policies", "scheduledActions"] { target[name] = nil }
        refuseNearlyLists(&target)
        target = typed(target, as: "RegisterScalableTargetRequest", "")
        checkBand(target, of: value)
        let policies = list("policies", of: value, as: "PutScalingPolicyRequest", most: Limits.scalingPolicies)
        for (policy, path) in policies { checkPolicy(policy, path) }
        checkNames(policies, "PolicyName")
        let actions = list(
            "scheduledActions", of: value, as: "PutScheduledActionRequest", most: Limits.scheduledActions)
        for (action, path) in actions { checkAction(action, path) }
        checkNames(actions, "ScheduledActionName")
        return ScalingOptions(
            target: target, policies: sorted(policies, by: "PolicyName"),
            scheduledActions: sorted(actions, by: "ScheduledActionName"))
    }

    /// A list of ours that is misspelt is no new member of the API, which would be passed on with a warning.
    private mutating func refuseNearlyLists(_ target: inout Value) {
        for member in target.members ?? [] {
            let suggestion = member.name.didYouMean(["policies", "scheduledActions"])
            guard !suggestion.isEmpty else { continue }
            target[member.name] = nil
            findings.append(
                Finding(
                    severity: .error, rule: "unknown-option",
                    message: "'autoscaling' has no member '\(member.name.shortened)'.\(suggestion)", file: file,
                    position: member.position, memberPath: joined(path, member.name)))
        }
    }

    private mutating func list(
        _ name: String, of value: Value, as shape: String, most: Int,
    ) -> [(value: Value, path: String)] {
        guard let member = value[name], !member.isNull else { return [] }
        guard let elements = member.elements else {
            report(
                "wrong-container", "'\(name)' takes a list of inputs of \(operation(shape)), not \(member.quoted).",
                at: member, name)
            return []
        }
        if elements.count > most {
            report(
                "wrong-count",
                "'\(name)' has \(elements.count) elements; Application Auto Scaling takes at most \(most).",
                at: member, name)
        }
        return elements.prefix(most).enumerated().map { index, element in
            let place = "\(name)[\(index)]"
            return (typed(element, as: shape, place), place)
        }
    }

    /// The input with every scalar of its type, without what follows from the service.
    private mutating func typed(_ value: Value, as shape: String, _ place: String) -> Value {
        var input = value
        for (name, text) in [("ServiceNamespace", "ecs"), ("ScalableDimension", "ecs:service:DesiredCount")] {
            if let written = input[name], !written.isNull, written.text != text {
                report(
                    "scaling-target",
                    "'\(name)' follows from the service and is '\(text)', not '\(written.text?.shortened ?? "an object")'. "
                        + "Remove it.", at: written, joined(place, name))
            }
            input[name] = .string(text)
        }
        if let written = input["ResourceId"], let text = written.text { resources.append((text, written.position)) }
        input["ResourceId"] = "service/cluster/name"
        let coerced =
            ShapeTable.applicationAutoScaling.coerce(input, to: shape) ?? (value: input, findings: [ShapeFinding]())
        findings += coerced.findings.map { finding in
            Finding(
                severity: finding.severity, rule: finding.rule, message: finding.message, file: file,
                position: finding.position ?? value.position,
                memberPath: joined(path, joined(place, finding.memberPath)))
        }
        var result = coerced.value
        for name in ["ServiceNamespace", "ScalableDimension", "ResourceId"] { result[name] = nil }
        return result
    }

    // MARK: Rules

    /// Source: API reference of Application Auto Scaling, RegisterScalableTarget: both are required for a new target.
    private mutating func checkBand(_ target: Value, of value: Value) {
        for name in ["MinCapacity", "MaxCapacity"] where target[name] == nil {
            report(
                "missing-member", "'autoscaling' has no '\(name)', which a new scalable target needs. Add it.",
                at: value,
                name)
        }
        if let tags = target["Tags"] {
            report(
                "scaling-tags",
                "Nothing that describes a scalable target shows its tags, so they cannot be kept as git says. Remove 'Tags'.",
                at: tags, "Tags")
        }
        checkOrder(target, "")
    }

    private mutating func checkOrder(_ band: Value, _ place: String) {
        if let value = band["MinCapacity"], let least = value.integer, least < 0 {
            report("scaling-band", "MinCapacity is \(least); it is 0 or more.", at: value, joined(place, "MinCapacity"))
        }
        guard let value = band["MinCapacity"], let least = value.integer, let most = band["MaxCapacity"]?.integer,
            most < least
        else { return }
        report(
            "scaling-band", "MinCapacity (\(least)) is more than MaxCapacity (\(most)). Exchange or correct them.",
            at: value, joined(place, "MinCapacity"))
    }

    /// Source: API reference of Application Auto Scaling, PutScalingPolicy: the type is required for a new policy, and its
    /// configuration with it.
    private mutating func checkPolicy(_ policy: Value, _ place: String) {
        guard policy.members != nil else { return }
        let configurations = [
            ("TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration"),
            ("StepScaling", "StepScalingPolicyConfiguration"),
            ("PredictiveScaling", "PredictiveScalingPolicyConfiguration"),
        ]
        guard let type = policy["PolicyType"]?.text else {
            let there = configurations.first { policy[$0.1] != nil }.map { " '\($0.0)' fits what is configured." } ?? ""
            report("missing-member", "\(place) has no 'PolicyType'. Add it.\(there)", at: policy, place)
            return
        }
        guard let own = configurations.first(where: { $0.0 == type })?.1 else { return }
        if policy[own] == nil {
            report("missing-member", "\(place) is of type \(type) and has no '\(own)'. Add it.", at: policy, place)
        }
        for (other, configuration) in configurations where configuration != own {
            guard let value = policy[configuration] else { continue }
            report(
                "scaling-policy",
                "\(place) is of type \(type), and '\(configuration)' belongs to \(other). Remove one of the two.",
                at: value,
                joined(place, configuration))
        }
        guard let steps = policy["StepScalingPolicyConfiguration"], type == "StepScaling" else { return }
        for name in ["AdjustmentType", "StepAdjustments"] where steps[name] == nil {
            let inside = joined(place, "StepScalingPolicyConfiguration")
            report("missing-member", "\(inside) has no '\(name)', which a new policy needs. Add it.", at: steps, inside)
        }
    }

    /// Source: API reference of Application Auto Scaling, PutScheduledAction: `at(…)`, `rate(…)` or `cron(…)`, and at least one
    /// of the two capacities.
    private mutating func checkAction(_ action: Value, _ place: String) {
        guard action.members != nil else { return }
        if let schedule = action["Schedule"], let text = schedule.settledText {
            let isOne = ["at(", "rate(", "cron("].contains { text.hasPrefix($0) } && text.hasSuffix(")")
            if !isOne {
                report(
                    "scaling-schedule",
                    "'\(text.shortened)' is no schedule. Write 'cron(0 8 * * ? *)', 'rate(1 hour)' or "
                        + "'at(2026-12-24T18:00:00)'.", at: schedule, joined(place, "Schedule"))
            }
        } else if action["Schedule"] == nil {
            report("missing-member", "\(place) has no 'Schedule', which a new action needs. Add it.", at: action, place)
        }
        let band = action["ScalableTargetAction"]
        if band?["MinCapacity"] == nil, band?["MaxCapacity"] == nil {
            report(
                "missing-member",
                "\(place) changes nothing: give its 'ScalableTargetAction' a 'MinCapacity', a 'MaxCapacity' or both.",
                at: band ?? action, place)
        } else if let band {
            checkOrder(band, joined(place, "ScalableTargetAction"))
        }
    }

    private mutating func checkNames(_ inputs: [(value: Value, path: String)], _ member: String) {
        var places: [String: String] = [:]
        for (value, place) in inputs {
            guard let name = value[member]?.settledText else { continue }
            guard let other = places.updateValue(place, forKey: name) else { continue }
            report(
                "scaling-name", "\(other) and \(place) are both called '\(name.shortened)'. Give them different names.",
                at: value[member], joined(place, member))
        }
    }

    private func sorted(_ inputs: [(value: Value, path: String)], by member: String) -> [Value] {
        inputs.map(\.value).sorted { $0[member]?.text ?? "" < $1[member]?.text ?? "" }
    }

    // MARK: Findings

    private func operation(_ shape: String) -> String { String(shape.dropLast("Request".count)) }

    private func joined(_ path: String, _ member: String) -> String {
        path.isEmpty || member.isEmpty ? path + member : path + "." + member
    }

    private mutating func report(_ rule: String, _ message: String, at value: Value?, _ place: String) {
        findings.append(
            Finding(
                severity: .error, rule: rule, message: message, file: file, position: value?.position,
                memberPath: joined(path, place)))
    }
}
