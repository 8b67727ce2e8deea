import MooringShapes

/// A cluster.
struct ClusterRecord: Sendable {
    let name: String
    let arn: String
    var status = "ACTIVE"
    var createdAt: Int64 = 0
    var tags: [Tag] = []
    /// Members that describe echoes as they were sent: settings, configuration, capacity providers.
    var settings: Value
    var configuration: Value?
    var serviceConnectDefaults: Value?
    var capacityProviders: Value = []
    var defaultCapacityProviderStrategy: Value = []
    /// Positions in the world's services, in order of creation: all that are not INACTIVE, and some that are.
    var services: [Int] = []
    /// How many of those are INACTIVE.
    var inactiveServices = 0
    /// Ordinals of the tasks that are still visible, ascending.
    var tasks: [Int] = []
    /// Container instances in the order of their coming; terminated ones stay.
    var machines: [InstanceRecord] = []
}

struct Tag: Equatable, Sendable {
    let key: String
    var value: String

    var described: Value { .map([("key", .string(key)), ("value", .string(value))]) }
}

/// All revisions of one family.
struct FamilyRecord: Sendable {
    let name: String
    /// Revision 1 first. Revisions are never removed.
    var revisions: [TaskDefinitionRecord] = []

    var latestActive: TaskDefinitionRecord? { revisions.last { $0.isActive } }
}

/// One revision of a task definition.
struct TaskDefinitionRecord: Sendable {
    let arn: String
    let revision: Int
    /// As describe returns it, with everything ECS fills in; `status` and times of deregistration are added on reading.
    var described: Value
    var isActive = true
    var deregisteredAt: Int64?
    /// Set by DeleteTaskDefinitions.
    var deleteRequestedAt: Int64?
    /// Nobody can see it any more; its number is never used again.
    var isGone = false

    var status: String { isActive ? "ACTIVE" : deleteRequestedAt == nil ? "INACTIVE" : "DELETE_IN_PROGRESS" }
    var tags: [Tag]
    /// When reads may see the revision.
    let visibleAt: Int64
    let summary: TaskDefinitionSummary
}

/// What the scheduler needs of a task definition, read once.
struct TaskDefinitionSummary: Sendable {
    var networkMode: String?
    var compatibilities: [String] = []
    var cpu: String?
    var memory: String?
    var containers: [Container] = []
    var needs = TaskNeeds()

    struct Container: Sendable {
        let name: String
        let image: String
        let isEssential: Bool
        let cpu: Int
        let memory: Int?
        let memoryReservation: Int?
        let ports: [Int]
        /// What is bound on a container instance.
        let mappings: [PortMapping]
        /// Milliseconds until the container's own check first passes, and until it condemns; nil without a check.
        let healthyAfter: Int64?
        let unhealthyAfter: Int64?
    }

    var hasContainerCheck: Bool { containers.contains { $0.healthyAfter != nil } }

    /// What a task without sizes of its own is said to have: all its containers' together; nil where they have none.
    /// Source: `describe-tasks/…describe-tasks.1.json`, `run-task/…run-task.1.json`.
    var summedCPU: String? { summed(containers.map { $0.cpu > 0 ? $0.cpu : nil }) }
    var summedMemory: String? { summed(containers.map { $0.memory ?? $0.memoryReservation }) }

    private func summed(_ numbers: [Int?]) -> String? {
        let present = numbers.compactMap { $0 }
        guard !present.isEmpty else { return nil }
        let sum = present.reduce(0) { sum, number in
            let (total, overflows) = sum.addingReportingOverflow(number)
            return overflows ? Int.max : total
        }
        return String(sum)
    }
}

/// One event of a service.
struct EventRecord: Sendable {
    let id: String
    let createdAt: Int64
    let message: String

    var described: Value {
        .map([("id", .string(id)), ("createdAt", .timestamp(createdAt)), ("message", .string(message))])
    }
}

/// A scalable target of Application Auto Scaling.
struct ScalableTargetRecord: Sendable {
    /// Never used again.
    let number: Int
    let resourceID: String
    let dimension: String
    let namespace: String
    let arn: String
    var minimum: Int
    var maximum: Int
    var roleARN: String
    var suspended: Value
    let createdAt: Int64
    var tags = NeighbourTags()
    /// Its metrics are looked at every minute.
    var isWatched = false
    var scaledOutAt: Int64 = .min
    var scaledInAt: Int64 = .min
}
