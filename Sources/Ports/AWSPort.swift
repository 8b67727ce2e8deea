package import MooringShapes

/// One call of an AWS API, as a value: what to do, not how it travels.
package struct APICall: Hashable, Sendable, CustomStringConvertible {
    package let service: AWSService
    /// As the API model spells it: `UpdateService`.
    package let operation: String
    /// The input, coerced: every scalar has the type that the API member has.
    package let input: Value

    package init(_ service: AWSService, _ operation: String, _ input: Value) {
        self.service = service
        self.operation = operation
        self.input = input
    }

    package var description: String { "\(service.rawValue):\(operation)" }

    /// Whether repeating the call may do something twice. Reads may be repeated freely.
    package var isRead: Bool {
        operation.hasPrefix("Describe") || operation.hasPrefix("List") || operation.hasPrefix("Get")
    }
}

/// The AWS services that Mooring calls; the raw value is the name in the signature and in IAM actions.
package enum AWSService: String, Hashable, Sendable, CaseIterable {
    case ecs
    case sts
    case applicationAutoscaling = "application-autoscaling"
    case secretsManager = "secretsmanager"
    case ssm
    case logs
    case elasticLoadBalancing = "elasticloadbalancing"
    case ecr
}

/// AWS, seen from one environment: its account, region and credentials.
///
/// Retries, signing and the request budget are behind this port. An AWS error arrives as a `Failure` whose code is AWS's
/// own (`ServiceNotFoundException`) and whose cause is AWS's message.
package protocol AWSClient: Sendable {
    /// Performs the call. JSON answers arrive as they are, XML answers of the query protocol as the tree of the result element.
    func call(_ call: APICall) async throws(Failure) -> Value
}
