package import MooringPorts

/// Which of AWS's buckets a call is paid from.
package enum TokenCategory: Hashable, Sendable {
    case readServices, writeServices
    case readTaskDefinitions, writeTaskDefinitions, deleteTaskDefinitions
    case readTasks, runTasks
    case readServiceDeployments, readServiceRevisions
    case readClusters, writeClusters
    case readTags, writeTags
    /// Calls of ECS that the published table does not name.
    case otherECS
    /// Every call of a service beside ECS.
    case neighbour(AWSService)

    /// The bucket of `call`.
    package init(_ call: APICall) {
        guard call.service == .ecs else {
            self = .neighbour(call.service)
            return
        }
        switch call.operation {
        case "DescribeServices", "ListServices": self = .readServices
        case "CreateService", "UpdateService", "DeleteService": self = .writeServices
        case "DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies": self = .readTaskDefinitions
        case "RegisterTaskDefinition", "DeregisterTaskDefinition": self = .writeTaskDefinitions
        case "DeleteTaskDefinitions": self = .deleteTaskDefinitions
        case "DescribeTasks", "ListTasks", "DescribeContainerInstances", "ListContainerInstances": self = .readTasks
        case "RunTask", "StopTask", "StartTask", "ExecuteCommand": self = .runTasks
        case "ListServiceDeployments", "DescribeServiceDeployments": self = .readServiceDeployments
        case "DescribeServiceRevisions": self = .readServiceRevisions
        case "DescribeClusters", "ListClusters": self = .readClusters
        case "CreateCluster", "UpdateCluster", "DeleteCluster", "PutClusterCapacityProviders": self = .writeClusters
        case "ListTagsForResource": self = .readTags
        case "TagResource", "UntagResource": self = .writeTags
        default: self = .otherECS
        }
    }

    /// AWS's own numbers for the bucket, per account and region. Source: ECS API Reference, *Request throttling*; the
    /// last two are estimates on the low side, for AWS publishes no numbers of that kind there.
    var published: (burst: Double, perSecond: Double) {
        switch self {
        case .readServices, .readTasks: (100, 20)
        case .writeServices: (50, 5)
        case .readTaskDefinitions, .readServiceDeployments, .readServiceRevisions, .readClusters, .readTags: (50, 20)
        case .writeTaskDefinitions, .writeClusters: (20, 1)
        case .deleteTaskDefinitions: (5, 1)
        case .runTasks: (100, 40)
        case .writeTags: (20, 10)
        case .otherECS: (20, 5)
        case .neighbour: (20, 10)
        }
    }
}

/// What may be spent on AWS's APIs in one account and region, so that people and other tools keep their part.
///
/// A value: time comes in. A bucket fills steadily up to its burst; who takes from an empty one takes in advance and is
/// told how long to wait, so that those who wait are served in the order they came.
package struct TokenBuckets: Equatable, Sendable {
    /// The part of AWS's buckets that is ours, above 0 and at most 1.
    package let share: Double
    private var buckets: [TokenCategory: Bucket] = [:]

    private struct Bucket: Equatable {
        /// Below zero: taken in advance.
        var tokens: Double
        /// When `tokens` was right, in the time that `take` is told.
        var asOf: Duration
    }

    package init(share: Double = Limits.budgetShare) { self.share = min(max(share, 0.01), 1) }

    /// Takes one token.
    ///
    /// - Parameter now: time since some fixed moment; an earlier one than before counts as the same.
    /// - Returns: how long to wait before the call may go out; zero where a token was there.
    package mutating func take(_ category: TokenCategory, now: Duration) -> Duration {
        var bucket = filled(category, now: now)
        bucket.tokens -= 1
        buckets[category] = bucket
        guard bucket.tokens < 0 else { return .zero }
        return .milliseconds(Int64((-bucket.tokens / (category.published.perSecond * share) * 1000).rounded(.up)))
    }

    /// Gives back a token of a call that did not go out after all.
    package mutating func giveBack(_ category: TokenCategory) { buckets[category]?.tokens += 1 }

    private func filled(_ category: TokenCategory, now: Duration) -> Bucket {
        let (burst, perSecond) = category.published
        // At least one, or a small share could never pay for a call.
        let capacity = max(1, burst * share)
        guard var bucket = buckets[category] else { return Bucket(tokens: capacity, asOf: now) }
        let elapsed = max(.zero, now - bucket.asOf)
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        bucket.tokens = min(capacity, bucket.tokens + seconds * perSecond * share)
        bucket.asOf = max(bucket.asOf, now)
        return bucket
    }
}
