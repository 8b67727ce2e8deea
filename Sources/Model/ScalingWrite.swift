package import MooringNames
package import MooringShapes

/// One write of Application Auto Scaling to what moves a service's count.
package enum ScalingWrite: Hashable, Sendable {
    /// Makes the service scalable within a band, or changes the band; RegisterScalableTarget's input.
    case registerTarget(input: Value)
    /// Makes or replaces a policy; PutScalingPolicy's input.
    case putPolicy(name: String, input: Value)
    /// Makes or changes a scheduled action; PutScheduledAction's input.
    case putScheduledAction(name: String, input: Value)
    /// Deletes a policy that git set and no longer names.
    case deletePolicy(name: String)
    /// Deletes a scheduled action that git set and no longer names, or one that is made anew.
    case deleteScheduledAction(name: String)
    /// Ends the service's automatic scaling; its count stays as it is.
    case deregisterTarget

    /// The operation of the API.
    package var operation: String {
        switch self {
        case .registerTarget: "RegisterScalableTarget"
        case .putPolicy: "PutScalingPolicy"
        case .putScheduledAction: "PutScheduledAction"
        case .deletePolicy: "DeleteScalingPolicy"
        case .deleteScheduledAction: "DeleteScheduledAction"
        case .deregisterTarget: "DeregisterScalableTarget"
        }
    }

    /// The whole input of the call.
    package func input(for key: ServiceKey) -> Value {
        var whole = ScalableResource(key).input
        switch self {
        case .registerTarget(let input): whole = whole.adding(input)
        case .putPolicy(let name, let input):
            whole["PolicyName"] = .string(name)
            whole = whole.adding(input)
        case .putScheduledAction(let name, let input):
            whole["ScheduledActionName"] = .string(name)
            whole = whole.adding(input)
        case .deletePolicy(let name): whole["PolicyName"] = .string(name)
        case .deleteScheduledAction(let name): whole["ScheduledActionName"] = .string(name)
        case .deregisterTarget: break
        }
        return whole
    }
}

/// A service's count as Application Auto Scaling calls it.
///
/// Source: Application Auto Scaling API reference, ScalableTarget `ResourceId` and `ScalableDimension`.
package struct ScalableResource: Hashable, Sendable {
    package static let namespace = "ecs"
    package static let dimension = "ecs:service:DesiredCount"

    /// `service/CLUSTER/NAME`
    package let id: String

    package init(_ key: ServiceKey) { id = "service/\(key)" }

    /// The members by which every call names it.
    package var input: Value {
        [
            "ServiceNamespace": .string(ScalableResource.namespace), "ResourceId": .string(id),
            "ScalableDimension": .string(ScalableResource.dimension),
        ]
    }
}

extension Value {
    /// The map with the other's members, which do not replace its own: what names the resource is never the manifest's.
    fileprivate func adding(_ other: Value) -> Value {
        var result = self
        for member in other.members ?? [] where result[member.name] == nil { result[member.name] = member.value }
        return result
    }
}
