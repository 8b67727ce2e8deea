import MooringModel
import MooringNames
import MooringPorts
import MooringShapes

/// The names of a cluster's services, page by page.
struct ServiceList: Sendable {
    let aws: any AWSClient
    let cluster: ClusterName

    /// Sorted.
    func names() async throws(Failure) -> [ServiceName] {
        var names: [ServiceName] = []
        var token: String?
        for _ in 0..<Limits.listedPages {
            let answer = try await aws.call(
                APICall(
                    .ecs, "ListServices",
                    .map(present: [
                        ("cluster", .string(cluster.text)), ("maxResults", 100), ("nextToken", token.map(Value.string)),
                    ])))
            names += (answer["serviceArns"]?.elements ?? []).compactMap { arn in
                // Old ARNs end in the name as well.
                arn.text?.split(separator: "/").last.flatMap { try? ServiceName(String($0)) }
            }
            token = answer["nextToken"]?.text
            if token == nil { return names.sorted() }
        }
        throw Failure(
            code: .limitExceeded, subject: "the services of '\(cluster)'", tried: "list",
            cause: "There are more than \(Limits.listedPages * 100).", remedy: "Name those that are wanted.",
            disposition: .invalidInput)
    }
}
