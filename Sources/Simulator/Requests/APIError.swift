/// An error as AWS answers it: a code, a message and an HTTP status.
package struct APIError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bare exception name, as on the wire since 2019.
    /// Source: `captures/strings/errors.tsv`, the wire body in terraform-provider-aws issue 8005.
    package let code: String
    package let message: String
    package let status: Int

    package init(code: String, message: String, status: Int = 400) {
        self.code = code
        self.message = message
        self.status = status
    }

    package var description: String { "\(code): \(message)" }

    // MARK: The codes of ECS

    /// ECS's answer to most bad values in requests about services, tasks and clusters.
    static func invalidParameter(_ message: String) -> APIError {
        APIError(code: "InvalidParameterException", message: message)
    }

    /// ECS's answer to most bad values in requests about task definitions.
    static func client(_ message: String) -> APIError { APIError(code: "ClientException", message: message) }

    static let clusterNotFound = APIError(code: "ClusterNotFoundException", message: "Cluster not found.")

    /// The message is empty on the wire. Source: `captures/strings/errors.tsv`, record 37012208919.
    static let serviceNotFound = APIError(code: "ServiceNotFoundException", message: "")

    static let serviceNotActive = APIError(code: "ServiceNotActiveException", message: "Service was not ACTIVE.")

    /// Not modelled, yet what every AWS service answers when a bucket is empty. Source: reference/ecs-api.md section 5.
    static let throttled = APIError(code: "ThrottlingException", message: "Rate exceeded")

    /// A body that cannot be read as the operation's input.
    static func serialization(_ message: String) -> APIError {
        APIError(code: "SerializationException", message: message)
    }

    /// The code is what AWS answers to an operation that it does not have, and no client tries again; the words are ours: most
    /// who read them asked for one that AWS does have.
    static func unknownOperation(_ name: String) -> APIError {
        APIError(
            code: "UnknownOperationException", message: "\(notModelled("operation \(name.prefix(100))"))")
    }

    /// What a caller may do about an operation that is not answered here.
    static func notModelled(_ what: String) -> String {
        "The local ECS does not model the \(what), so nothing was done. GET /_mooring/operations lists those that it answers."
    }

    static func accessDenied(_ caller: Caller, action: String, resource: String) -> APIError {
        // Source of the wording: `captures/strings/errors.tsv`, record 53816623175.
        APIError(
            code: "AccessDeniedException",
            message: "User: \(caller.arn) is not authorized to perform: \(action) on resource: \(resource) "
                + "because no identity-based policy allows the \(action) action",
        )
    }
}
