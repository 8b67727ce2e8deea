/// AWS's token buckets of one account and region.
/// Source: reference/ecs-api.md section 6 (ECS API Reference, "Request throttling").
struct ThrottleBuckets: Sendable {
    private enum Bucket: Int, CaseIterable, Sendable {
        case serviceReads, serviceWrites, taskDefinitionWrites, taskDefinitionReads, taskReads, taskWrites
        case taskDefinitionDeletions
        case deploymentReads, revisionReads, clusterReads, clusterWrites, tagWrites, tagReads, other

        /// Burst, and tokens per second.
        var size: (burst: Int64, refill: Int64) {
            switch self {
            case .serviceReads, .taskReads: (100, 20)
            case .serviceWrites: (50, 5)
            case .taskDefinitionWrites: (20, 1)
            case .taskDefinitionReads, .deploymentReads, .revisionReads, .clusterReads: (50, 20)
            case .taskWrites: (100, 40)
            case .clusterWrites: (20, 1)
            case .tagWrites: (20, 10)
            case .tagReads: (50, 20)
            case .taskDefinitionDeletions: (5, 1)
            // Not in the table; generous, so that it only stops runaway loops.
            case .other: (50, 10)
            }
        }

        init(_ operation: String) {
            switch operation {
            case "DescribeServices", "ListServices": self = .serviceReads
            case "CreateService", "UpdateService", "DeleteService": self = .serviceWrites
            case "RegisterTaskDefinition", "DeregisterTaskDefinition": self = .taskDefinitionWrites
            case "DeleteTaskDefinitions": self = .taskDefinitionDeletions
            case "DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies":
                self = .taskDefinitionReads
            case "DescribeTasks", "ListTasks", "ListContainerInstances", "DescribeContainerInstances":
                self = .taskReads
            case "RunTask", "StopTask": self = .taskWrites
            case "ListServiceDeployments", "DescribeServiceDeployments": self = .deploymentReads
            case "DescribeServiceRevisions": self = .revisionReads
            case "DescribeClusters", "ListClusters": self = .clusterReads
            case "CreateCluster", "DeleteCluster", "UpdateCluster", "UpdateClusterSettings",
                "PutClusterCapacityProviders":
                self = .clusterWrites
            case "TagResource", "UntagResource": self = .tagWrites
            case "ListTagsForResource": self = .tagReads
            default: self = .other
            }
        }
    }

    /// Thousandths of a token, and when they were counted.
    private var levels: [(tokens: Int64, at: Int64)?] = Array(repeating: nil, count: Bucket.allCases.count)

    /// Takes a token.
    ///
    /// - Returns: whether there was one.
    mutating func take(for operation: String, at now: Int64) -> Bool {
        let bucket = Bucket(operation)
        let size = bucket.size
        let level = levels[bucket.rawValue] ?? (size.burst * 1000, now)
        // A full bucket holds no more, however long ago it was looked at: the product stays small.
        let passed = min(now - level.at, size.burst * 1000)
        let tokens = min(size.burst * 1000, level.tokens + passed * size.refill)
        guard tokens >= 1000 else {
            levels[bucket.rawValue] = (tokens, now)
            return false
        }
        levels[bucket.rawValue] = (tokens - 1000, now)
        return true
    }
}

extension World {
    mutating func takeToken(for operation: Operation) throws(APIError) {
        guard operation.api == .ecs else { return }
        if !buckets.take(for: operation.name, at: now) { throw .throttled }
    }
}
