import MooringShapes

/// Policies, scheduled actions and activities of Application Auto Scaling.
struct ScalingStore: Sendable {
    struct Policy: Sendable {
        let name: String
        let target: Int
        let arn: String
        let createdAt: Int64
        var type: String
        /// The member that holds the configuration, as it was sent.
        var configuration: Value.Member?
        var alarms: [(name: String, arn: String)]
        /// Minutes in a row for which the metric was above the target, and well below it.
        var minutesAbove = 0
        var minutesBelow = 0
    }

    struct Action: Sendable {
        let name: String
        let target: Int
        let arn: String
        let createdAt: Int64
        var schedule: String
        var expression: ScheduleExpression
        var timezone: String?
        var start: Int64?
        var end: Int64?
        var minimum: Int?
        var maximum: Int?
        /// Planned calls of an older definition do nothing.
        var generation: Int
    }

    struct Activity: Sendable {
        let id: String
        let resourceID: String
        let dimension: String
        let description: String
        let cause: String
        let at: Int64
        let message: String
    }

    private(set) var policies: [Policy] = []
    /// Positions of each target's policies, ascending.
    private var positions: [Int: [Int]] = [:]
    var actions: [Action] = []
    /// Oldest first.
    var activities: [Activity] = []
    var made = 0

    /// Positions of a target's policies, oldest first.
    func policies(of target: Int) -> [Int] { positions[target] ?? [] }

    mutating func add(_ policy: Policy) {
        positions[policy.target, default: []].append(policies.count)
        policies.append(policy)
    }

    mutating func change(policy position: Int, _ change: (inout Policy) -> Void) { change(&policies[position]) }

    /// Policies are removed rarely and looked at every minute: everything is counted anew here.
    mutating func removePolicies(where isDoomed: (Policy) -> Bool) {
        policies.removeAll(where: isDoomed)
        positions = [:]
        for (position, policy) in policies.enumerated() { positions[policy.target, default: []].append(position) }
    }
}

/// What Application Auto Scaling is asked.
/// Sources: API reference of Application Auto Scaling; botocore's model.
extension World {
    mutating func answerScaling(_ operation: String, _ input: Input) throws(APIError) -> Value {
        switch operation {
        case "RegisterScalableTarget": try registerScalableTarget(input)
        case "DescribeScalableTargets": try describeScalableTargets(input)
        case "DeregisterScalableTarget": try deregisterScalableTarget(input)
        case "PutScalingPolicy": try putScalingPolicy(input)
        case "DescribeScalingPolicies": try describeScalingPolicies(input)
        case "DeleteScalingPolicy": try deleteScalingPolicy(input)
        case "PutScheduledAction": try putScheduledAction(input)
        case "DescribeScheduledActions": try describeScheduledActions(input)
        case "DeleteScheduledAction": try deleteScheduledAction(input)
        case "DescribeScalingActivities": try describeScalingActivities(input)
        case "TagResource": try tagTarget(input)
        case "UntagResource": try tagTarget(input)
        case "ListTagsForResource": ["Tags": scalableTargets[try target(arn: input)].tags.map]
        default: throw .unknownOperation(operation)
        }
    }

    // MARK: Policies

    private mutating func putScalingPolicy(_ input: Input) throws(APIError) -> Value {
        let position = try knownTarget(input)
        let target = scalableTargets[position]
        let name = try input.string("PolicyName") ?? ""
        let known = neighbours.scaling.policies.firstIndex { $0.target == target.number && $0.name == name }
        let type =
            try input.string("PolicyType")
            ?? (known == nil ? "StepScaling" : neighbours.scaling.policies[known ?? 0].type)
        let member = "\(type)PolicyConfiguration"
        let configuration = try input.map(member)
        if known == nil, configuration == nil {
            throw World.scalingInvalid("\(member) is required for a policy of type \(type).")
        }
        if type == "TargetTrackingScaling" { try checkTracking(configuration ?? [:], of: target.number, name: name) }
        if let known {
            neighbours.scaling.change(policy: known) { policy in
                if let configuration { policy.configuration = Value.Member(member, configuration) }
                policy.type = type
            }
        } else {
            neighbours.scaling.made += 1
            let scope = KeyedRandom.scope("policy", target.resourceID, name)
            let id = random.uuid(.scalableTarget, scope, neighbours.scaling.made)
            let arn =
                "arn:\(partition):autoscaling:\(region):\(account):scalingPolicy:\(id):resource/\(target.namespace)/"
                + "\(target.resourceID):policyName/\(name)"
            var alarms: [(name: String, arn: String)] = []
            if type == "TargetTrackingScaling" {
                for (index, kind) in ["AlarmHigh", "AlarmLow"].enumerated() {
                    let alarm =
                        "TargetTracking-\(target.resourceID)-\(kind)-"
                        + random.uuid(.scalableTarget, scope, neighbours.scaling.made + (index + 1) * 1_000_000)
                    alarms.append((alarm, "arn:\(partition):cloudwatch:\(region):\(account):alarm:\(alarm)"))
                }
            }
            neighbours.scaling.add(
                ScalingStore.Policy(
                    name: name, target: target.number, arn: arn, createdAt: now, type: type,
                    configuration: configuration.map { Value.Member(member, $0) }, alarms: alarms))
        }
        watch(position)
        guard
            let index = neighbours.scaling.policies.firstIndex(where: { $0.target == target.number && $0.name == name })
        else { return [:] }
        let policy = neighbours.scaling.policies[index]
        return ["PolicyARN": .string(policy.arn), "Alarms": World.described(alarms: policy.alarms)]
    }

    private func checkTracking(_ configuration: Value, of target: Int, name: String) throws(APIError) {
        let hasPredefined = configuration.has("PredefinedMetricSpecification")
        guard hasPredefined != configuration.has("CustomizedMetricSpecification") else {
            throw World.scalingInvalid(
                "You must specify exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification.")
        }
        let metric = World.metric(of: configuration)
        // Source: public reports: one target cannot be tracked twice by the same predefined metric.
        let isTracked = neighbours.scaling.policies.contains { policy in
            policy.target == target && policy.name != name && hasPredefined && policy.type == "TargetTrackingScaling"
                && policy.configuration.map { World.metric(of: $0.value) } == metric
        }
        if isTracked {
            throw World.scalingInvalid(
                "Only one TargetTrackingScaling policy for a given metric specification is allowed.")
        }
    }

    /// The name by which a scenario gives a tracked metric its values.
    static func metric(of configuration: Value) -> String {
        configuration["PredefinedMetricSpecification"]?["PredefinedMetricType"]?.text
            ?? configuration["CustomizedMetricSpecification"]?["MetricName"]?.text ?? ""
    }

    private func describeScalingPolicies(_ input: Input) throws(APIError) -> Value {
        let names = try input.strings("PolicyNames")
        var found: [Value] = []
        for policy in neighbours.scaling.policies {
            guard let target = try target(numbered: policy.target, asked: input) else { continue }
            if let names, !names.contains(policy.name) { continue }
            found.append(
                .map(present: [
                    ("PolicyARN", .string(policy.arn)), ("PolicyName", .string(policy.name)),
                    ("ServiceNamespace", .string(target.namespace)), ("ResourceId", .string(target.resourceID)),
                    ("ScalableDimension", .string(target.dimension)), ("PolicyType", .string(policy.type)),
                    (policy.configuration?.name ?? "", policy.configuration?.value),
                    ("Alarms", World.described(alarms: policy.alarms)), ("CreationTime", .timestamp(policy.createdAt)),
                ]))
        }
        return try scalingPage(found, input, "ScalingPolicies")
    }

    private mutating func deleteScalingPolicy(_ input: Input) throws(APIError) -> Value {
        let key = try targetKey(input)
        let name = try input.string("PolicyName") ?? ""
        let number = targetPosition(key).map { scalableTargets[$0].number }
        guard neighbours.scaling.policies.contains(where: { $0.target == number && $0.name == name }) else {
            throw APIError(
                code: "ObjectNotFoundException",
                message:
                    "No scaling policy found for service namespace: \(key.namespace), resource ID: \(key.resource), "
                    + "scalable dimension: \(key.dimension): [policy name: \(name)]")
        }
        neighbours.scaling.removePolicies { $0.target == number && $0.name == name }
        return [:]
    }

    private static func described(alarms: [(name: String, arn: String)]) -> Value {
        .list(alarms.map { ["AlarmName": .string($0.name), "AlarmARN": .string($0.arn)] })
    }

    // MARK: Scheduled actions

    private mutating func putScheduledAction(_ input: Input) throws(APIError) -> Value {
        let position = try knownTarget(input)
        let target = scalableTargets[position]
        let name = try input.string("ScheduledActionName") ?? ""
        let known = neighbours.scaling.actions.firstIndex { $0.target == target.number && $0.name == name }
        let old = known.map { neighbours.scaling.actions[$0] }
        guard let schedule = try input.string("Schedule") ?? old?.schedule else {
            throw World.scalingInvalid("Schedule is required to create a new scheduled action.")
        }
        guard let expression = ScheduleExpression(schedule) else {
            throw World.scalingInvalid("Schedule expression '\(schedule.prefix(100))' is not valid.")
        }
        let timezone = try input.string("Timezone") ?? old?.timezone
        if let timezone, !["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z"].contains(timezone) {
            throw World.scalingInvalid(
                "The local ECS keeps no time zones: use UTC instead of '\(timezone.prefix(60))'.")
        }
        let action = try input.map("ScalableTargetAction")
        let bounds = try Input(action ?? [:])
        let minimum = try bounds.integer("MinCapacity") ?? old?.minimum
        let maximum = try bounds.integer("MaxCapacity") ?? old?.maximum
        if minimum == nil, maximum == nil {
            throw World.scalingInvalid("ScalableTargetAction must have MinCapacity or MaxCapacity.")
        }
        guard minimum ?? 0 >= 0, maximum ?? 0 >= 0, maximum ?? .max >= minimum ?? 0 else {
            throw World.scalingInvalid("Maximum capacity cannot be less than minimum capacity")
        }
        let start = World.time(input.value["StartTime"])
        let end = World.time(input.value["EndTime"])
        guard start ?? 0 >= 0, end ?? 0 >= 0 else {
            throw World.scalingInvalid("StartTime and EndTime must not be before 1970.")
        }
        neighbours.scaling.made += 1
        let id = random.uuid(
            .scalableTarget, KeyedRandom.scope("action", target.resourceID, name), neighbours.scaling.made)
        let arn =
            old?.arn
            ?? "arn:\(partition):autoscaling:\(region):\(account):scheduledAction:\(id):resource/\(target.namespace)/"
            + "\(target.resourceID):scheduledActionName/\(name)"
        let record = ScalingStore.Action(
            name: name, target: target.number, arn: arn, createdAt: old?.createdAt ?? now, schedule: schedule,
            expression: expression, timezone: timezone, start: start ?? old?.start, end: end ?? old?.end,
            minimum: minimum, maximum: maximum,
            generation: neighbours.scaling.made)
        if let known {
            neighbours.scaling.actions[known] = record
        } else {
            neighbours.scaling.actions.append(record)
        }
        plan(record)
        return [:]
    }

    private static func time(_ value: Value?) -> Int64? {
        guard let seconds = value?.double, abs(seconds) < 1e12 else { return nil }
        return Int64((seconds * 1000).rounded())
    }

    /// Plans the next time an action is due.
    mutating func plan(_ action: ScalingStore.Action) {
        let from = max(now, action.start.map { $0 - 1 } ?? now)
        guard let due = action.expression.next(after: from, start: action.start ?? action.createdAt),
            action.end.map({ due <= $0 }) ?? true
        else { return }
        queue.plan(
            .scheduledAction(target: action.target, name: action.name, generation: action.generation), at: due)
    }

    private func describeScheduledActions(_ input: Input) throws(APIError) -> Value {
        let names = try input.strings("ScheduledActionNames")
        var found: [Value] = []
        for action in neighbours.scaling.actions {
            guard let target = try target(numbered: action.target, asked: input) else { continue }
            if let names, !names.contains(action.name) { continue }
            found.append(
                .map(present: [
                    ("ScheduledActionName", .string(action.name)), ("ScheduledActionARN", .string(action.arn)),
                    ("ServiceNamespace", .string(target.namespace)), ("Schedule", .string(action.schedule)),
                    ("Timezone", action.timezone.map { .string($0) }), ("ResourceId", .string(target.resourceID)),
                    ("ScalableDimension", .string(target.dimension)),
                    ("StartTime", action.start.map { .timestamp($0) }), ("EndTime", action.end.map { .timestamp($0) }),
                    (
                        "ScalableTargetAction",
                        .map(present: [
                            ("MinCapacity", action.minimum.map { .integer($0) }),
                            ("MaxCapacity", action.maximum.map { .integer($0) }),
                        ])
                    ),
                    ("CreationTime", .timestamp(action.createdAt)),
                ]))
        }
        return try scalingPage(found, input, "ScheduledActions")
    }

    private mutating func deleteScheduledAction(_ input: Input) throws(APIError) -> Value {
        let key = try targetKey(input)
        let name = try input.string("ScheduledActionName") ?? ""
        let number = targetPosition(key).map { scalableTargets[$0].number }
        guard let index = neighbours.scaling.actions.firstIndex(where: { $0.target == number && $0.name == name })
        else {
            throw APIError(
                code: "ObjectNotFoundException",
                message: "No scheduled action found for service namespace: \(key.namespace), resource ID: "
                    + "\(key.resource), scalable dimension: \(key.dimension): [scheduled action name: \(name)]")
        }
        neighbours.scaling.actions.remove(at: index)
        return [:]
    }

    // MARK: Activities and tags

    private func describeScalingActivities(_ input: Input) throws(APIError) -> Value {
        let namespace = try input.string("ServiceNamespace") ?? ""
        let resource = try input.string("ResourceId")
        let dimension = try input.string("ScalableDimension")
        var found: [Value] = []
        for activity in neighbours.scaling.activities.reversed() where namespace == "ecs" {
            if let resource, activity.resourceID != resource { continue }
            if let dimension, activity.dimension != dimension { continue }
            found.append([
                "ActivityId": .string(activity.id), "ServiceNamespace": "ecs",
                "ResourceId": .string(activity.resourceID), "ScalableDimension": .string(activity.dimension),
                "Description": .string(activity.description), "Cause": .string(activity.cause),
                "StartTime": .timestamp(activity.at), "EndTime": .timestamp(activity.at), "StatusCode": "Successful",
                "StatusMessage": .string(activity.message),
            ])
        }
        return try scalingPage(found, input, "ScalingActivities")
    }

    private mutating func tagTarget(_ input: Input) throws(APIError) -> Value {
        let position = try target(arn: input)
        scalableTargets[position].tags.remove(try input.strings("TagKeys") ?? [])
        scalableTargets[position].tags.merge(NeighbourTags(map: try input.map("Tags")))
        return [:]
    }

    // MARK: Finding

    private func target(arn input: Input) throws(APIError) -> Int {
        let arn = try input.string("ResourceARN") ?? ""
        guard let position = scalableTargets.firstIndex(where: { $0.arn == arn }) else {
            throw APIError(code: "ResourceNotFoundException", message: "The resource doesn't exist: \(arn)")
        }
        return position
    }

    private func knownTarget(_ input: Input) throws(APIError) -> Int {
        let key = try targetKey(input)
        guard let position = targetPosition(key) else {
            throw APIError(
                code: "ObjectNotFoundException",
                message: "No scalable target registered for service namespace: \(key.namespace), resource ID: "
                    + "\(key.resource), scalable dimension: \(key.dimension)")
        }
        return position
    }

    /// The target of a policy or action, if the request asks for it.
    private func target(numbered number: Int, asked input: Input) throws(APIError) -> ScalableTargetRecord? {
        let namespace = try input.string("ServiceNamespace")
        let resource = try input.string("ResourceId")
        let dimension = try input.string("ScalableDimension")
        return scalableTargets.first { target in
            target.number == number && target.namespace == namespace
                && (resource.map { $0 == target.resourceID } ?? true)
                && (dimension.map { $0 == target.dimension } ?? true)
        }
    }

    private func scalingPage(_ found: [Value], _ input: Input, _ name: String) throws(APIError) -> Value {
        let page = try NeighbourPage(
            found, of: input, token: try input.string("NextToken"),
            size: try input.integer("MaxResults") ?? Limits.scalingPage,
            invalid: World.scalingToken)
        return .map(present: [(name, .list(page.elements)), ("NextToken", page.next)])
    }
}
