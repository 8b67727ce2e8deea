import MooringShapes

/// Scalable targets of Application Auto Scaling. They are remembered; nothing scales by itself yet.
/// Source of the members: `cloudformation-read/…ScalableTarget…` and botocore's model.
extension World {
    private static func validation(_ message: String) -> APIError {
        APIError(code: "ValidationException", message: message)
    }

    mutating func registerScalableTarget(_ input: Input) throws(APIError) -> Value {
        let key = try targetKey(input)
        let minimum = try input.integer("MinCapacity")
        let maximum = try input.integer("MaxCapacity")
        if let index = targetPosition(key) {
            scalableTargets[index].minimum = minimum ?? scalableTargets[index].minimum
            scalableTargets[index].maximum = maximum ?? scalableTargets[index].maximum
            if let role = try input.string("RoleARN") { scalableTargets[index].roleARN = role }
            for member in try input.map("SuspendedState")?.members ?? [] {
                scalableTargets[index].suspended[member.name] = member.value
            }
            return .map([("ScalableTargetARN", .string(scalableTargets[index].arn))])
        }
        guard let minimum, let maximum else {
            throw World.validation("MinCapacity and MaxCapacity are required to register a new scalable target.")
        }
        if minimum < 0 || maximum < minimum {
            throw World.validation("Maximum capacity cannot be less than minimum capacity")
        }
        let parts = key.resource.split(separator: "/").map(String.init)
        if key.namespace == "ecs" {
            guard parts.count == 3, parts[0] == "service",
                let position = servicePositions["\(parts[1])/\(parts[2])"], services[position].status == .active
            else {
                throw World.validation(
                    "ECS service doesn't exist: \(key.resource)")
            }
        }
        scalableTargetCount += 1
        let id = random.hexadecimalID(.scalableTarget, 0, scalableTargetCount)
        let arn = "arn:\(partition):application-autoscaling:\(region):\(account):scalable-target/\(id)"
        let role =
            "arn:\(partition):iam::\(account):role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
            + "AWSServiceRoleForApplicationAutoScaling_ECSService"
        let suspended: Value = [
            "DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false,
            "ScheduledScalingSuspended": false,
        ]
        var target = ScalableTargetRecord(
            resourceID: key.resource, dimension: key.dimension, namespace: key.namespace, arn: arn, minimum: minimum,
            maximum: maximum, roleARN: try input.string("RoleARN") ?? role, suspended: suspended, createdAt: now)
        for member in try input.map("SuspendedState")?.members ?? [] { target.suspended[member.name] = member.value }
        scalableTargets.append(target)
        return .map([("ScalableTargetARN", .string(arn))])
    }

    func describeScalableTargets(_ input: Input) throws(APIError) -> Value {
        guard let namespace = try input.string("ServiceNamespace") else {
            throw World.validation("ServiceNamespace is required.")
        }
        let ids = try input.strings("ResourceIds") ?? []
        if ids.count > Limits.scalableTargets {
            throw World.validation("ResourceIds can have at most \(Limits.scalableTargets) items.")
        }
        let dimension = try input.string("ScalableDimension")
        let found = scalableTargets.filter { target in
            target.namespace == namespace && (ids.isEmpty || ids.contains(target.resourceID))
                && (dimension == nil || target.dimension == dimension)
        }
        let size = try input.integer("MaxResults") ?? Limits.scalableTargets
        guard (1...Limits.scalableTargets).contains(size) else {
            throw World.validation("MaxResults must be between 1 and \(Limits.scalableTargets).")
        }
        let start = try input.string("NextToken").map { Int($0) ?? -1 } ?? 0
        guard start >= 0 else {
            throw APIError(code: "InvalidNextTokenException", message: "The next token supplied was invalid.")
        }
        let page = found.dropFirst(start).prefix(size)
        let end = min(start, found.count) + page.count
        return .map(present: [
            ("ScalableTargets", .list(page.map(World.described))),
            ("NextToken", end < found.count ? .string(String(end)) : nil),
        ])
    }

    mutating func deregisterScalableTarget(_ input: Input) throws(APIError) -> Value {
        let key = try targetKey(input)
        guard let index = targetPosition(key) else {
            throw APIError(
                code: "ObjectNotFoundException",
                message: "No scalable target found for service namespace: \(key.namespace), resource ID: "
                    + "\(key.resource), scalable dimension: \(key.dimension)")
        }
        scalableTargets.remove(at: index)
        return [:]
    }

    private func targetKey(
        _ input: Input,
    ) throws(APIError) -> (namespace: String, resource: String, dimension: String) {
        guard let namespace = try input.string("ServiceNamespace"), let resource = try input.string("ResourceId"),
            let dimension = try input.string("ScalableDimension")
        else { throw World.validation("ServiceNamespace, ResourceId and ScalableDimension are required.") }
        return (namespace, resource, dimension)
    }

    private func targetPosition(_ key: (namespace: String, resource: String, dimension: String)) -> Int? {
        scalableTargets.firstIndex {
            $0.namespace == key.namespace && $0.resourceID == key.resource && $0.dimension == key.dimension
        }
    }

    private static func described(_ target: ScalableTargetRecord) -> Value {
        [
            "ServiceNamespace": .string(target.namespace), "ResourceId": .string(target.resourceID),
            "ScalableDimension": .string(target.dimension), "MinCapacity": .integer(target.minimum),
            "MaxCapacity": .integer(target.maximum), "RoleARN": .string(target.roleARN),
            "CreationTime": .timestamp(target.createdAt), "SuspendedState": target.suspended,
            "ScalableTargetARN": .string(target.arn),
        ]
    }
}
