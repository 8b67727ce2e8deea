import MooringShapes

/// Scalable targets of Application Auto Scaling.
/// Source of the members: `cloudformation-read/…ScalableTarget…` and botocore's model.
extension World {
    static func scalingInvalid(_ message: String) -> APIError {
        APIError(code: "ValidationException", message: message)
    }

    mutating func registerScalableTarget(_ input: Input) throws(APIError) -> Value {
        let key = try targetKey(input)
        let minimum = try input.integer("MinCapacity")
        let maximum = try input.integer("MaxCapacity")
        if let index = targetPosition(key) {
            let least = minimum ?? scalableTargets[index].minimum
            let most = maximum ?? scalableTargets[index].maximum
            if least < 0 || most < least {
                throw World.scalingInvalid("Maximum capacity cannot be less than minimum capacity")
            }
            scalableTargets[index].minimum = least
            scalableTargets[index].maximum = most
            if let role = try input.string("RoleARN") { scalableTargets[index].roleARN = role }
            for member in try input.map("SuspendedState")?.members ?? [] {
                scalableTargets[index].suspended[member.name] = member.value
            }
            scalableTargets[index].tags.merge(NeighbourTags(map: try input.map("Tags")))
            bringIntoBounds(index)
            return .map([("ScalableTargetARN", .string(scalableTargets[index].arn))])
        }
        guard let minimum, let maximum else {
            throw World.scalingInvalid("MinCapacity and MaxCapacity are required to register a new scalable target.")
        }
        if minimum < 0 || maximum < minimum {
            throw World.scalingInvalid("Maximum capacity cannot be less than minimum capacity")
        }
        let parts = key.resource.split(separator: "/").map(String.init)
        if key.namespace == "ecs" {
            guard parts.count == 3, parts[0] == "service",
                let position = servicePositions["\(parts[1])/\(parts[2])"], services[position].status == .active
            else {
                throw World.scalingInvalid(
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
            number: scalableTargetCount, resourceID: key.resource, dimension: key.dimension, namespace: key.namespace,
            arn: arn, minimum: minimum,
            maximum: maximum, roleARN: try input.string("RoleARN") ?? role, suspended: suspended, createdAt: now)
        for member in try input.map("SuspendedState")?.members ?? [] { target.suspended[member.name] = member.value }
        target.tags = NeighbourTags(map: try input.map("Tags"))
        scalableTargets.append(target)
        bringIntoBounds(scalableTargets.count - 1)
        return .map([("ScalableTargetARN", .string(arn))])
    }

    func describeScalableTargets(_ input: Input) throws(APIError) -> Value {
        guard let namespace = try input.string("ServiceNamespace") else {
            throw World.scalingInvalid("ServiceNamespace is required.")
        }
        let ids = try input.strings("ResourceIds") ?? []
        if ids.count > Limits.scalableTargets {
            throw World.scalingInvalid("ResourceIds can have at most \(Limits.scalableTargets) items.")
        }
        let dimension = try input.string("ScalableDimension")
        let found = scalableTargets.filter { target in
            target.namespace == namespace && (ids.isEmpty || ids.contains(target.resourceID))
                && (dimension == nil || target.dimension == dimension)
        }
        let size = try input.integer("MaxResults") ?? Limits.scalableTargets
        guard (1...Limits.scalableTargets).contains(size) else {
            throw World.scalingInvalid("MaxResults must be between 1 and \(Limits.scalableTargets).")
        }
        let page = try NeighbourPage(
            found, of: input, token: try input.string("NextToken"), size: size, invalid: World.scalingToken)
        return .map(present: [
            ("ScalableTargets", .list(page.elements.map(World.described))), ("NextToken", page.next),
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
        let number = scalableTargets[index].number
        // What hangs on the target goes with it. Source: API reference, DeregisterScalableTarget.
        neighbours.scaling.removePolicies { $0.target == number }
        neighbours.scaling.actions.removeAll { $0.target == number }
        scalableTargets.remove(at: index)
        return [:]
    }

    static let scalingToken = APIError(
        code: "InvalidNextTokenException", message: "The next token supplied was invalid.")

    func targetKey(
        _ input: Input,
    ) throws(APIError) -> (namespace: String, resource: String, dimension: String) {
        guard let namespace = try input.string("ServiceNamespace"), let resource = try input.string("ResourceId"),
            let dimension = try input.string("ScalableDimension")
        else { throw World.scalingInvalid("ServiceNamespace, ResourceId and ScalableDimension are required.") }
        return (namespace, resource, dimension)
    }

    /// The position of a target. Numbers ascend with positions, so half of what is left is ruled out at every look.
    func targetPosition(numbered number: Int) -> Int? {
        var low = 0
        var high = scalableTargets.count
        while low < high {
            let middle = (low + high) / 2
            if scalableTargets[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < scalableTargets.count && scalableTargets[low].number == number ? low : nil
    }

    func targetPosition(_ key: (namespace: String, resource: String, dimension: String)) -> Int? {
        scalableTargets.firstIndex {
            $0.namespace == key.namespace && $0.resourceID == key.resource && $0.dimension == key.dimension
        }
    }

    static func described(_ target: ScalableTargetRecord) -> Value {
        [
            "ServiceNamespace": .string(target.namespace), "ResourceId": .string(target.resourceID),
            "ScalableDimension": .string(target.dimension), "MinCapacity": .integer(target.minimum),
            "MaxCapacity": .integer(target.maximum), "RoleARN": .string(target.roleARN),
            "CreationTime": .timestamp(target.createdAt), "SuspendedState": target.suspended,
            "ScalableTargetARN": .string(target.arn),
        ]
    }
}
