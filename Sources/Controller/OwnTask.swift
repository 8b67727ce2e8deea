import MooringHTTPTransport
package import MooringNames
package import MooringPorts
package import MooringReconciliation
package import MooringShapes

/// The ECS task that this process runs in, as the task metadata endpoint tells of it. Its service is never removed.
package struct OwnTask: Hashable, Sendable {
    package let cluster: ClusterName
    /// Nil where the endpoint does not say whose task it is.
    package let arn: ARN?
    /// Nil where the endpoint does not say it. Source: Developer Guide, "Task metadata endpoint version 4": it appears on EC2
    /// and managed instances; on Fargate the task itself has to be asked for.
    package let service: ServiceName?

    /// - Parameter metadata: the answer to `/task`.
    package init?(metadata: Value) {
        // An ARN or a name.
        guard let text = metadata["Cluster"]?.text?.split(separator: "/").last,
            let cluster = try? ClusterName(String(text))
        else { return nil }
        self.cluster = cluster
        arn = metadata["TaskARN"]?.text.flatMap { try? ARN($0) }
        service = metadata["ServiceName"]?.text.flatMap { try? ServiceName($0) }
    }

    /// Whether the environment could reach it: the same account and region, and one of its clusters.
    package func isWithin(_ policy: EnvironmentPolicy) -> Bool {
        if let arn, arn.account != policy.account.text || arn.region != policy.region.text { return false }
        return policy.clusters.isEmpty || policy.clusters.contains(cluster)
    }

    /// The service that the task belongs to; nil where it runs by itself.
    ///
    /// - Parameter aws: asked where the endpoint has not said it.
    package func key(asking aws: any AWSClient) async throws(Failure) -> ServiceKey? {
        if let service { return ServiceKey(cluster: cluster, service: service) }
        guard let arn else { return nil }
        let answer = try await aws.call(
            APICall(.ecs, "DescribeTasks", ["cluster": .string(cluster.text), "tasks": [.string(arn.text)]]))
        return answer["tasks"]?[0]?["group"]?.text.flatMap(OwnTask.serviceName(ofGroup:)).map {
            ServiceKey(cluster: cluster, service: $0)
        }
    }

    /// `service:web` is the group of a service's tasks.
    private static func serviceName(ofGroup group: String) -> ServiceName? {
        guard group.hasPrefix("service:") else { return nil }
        return try? ServiceName(String(group.dropFirst("service:".count)))
    }

    // MARK: Reading

    /// Asks the endpoint that ECS names in the process's environment; nil where there is none.
    static func read(variables: [String: String], http: HTTPClient) async throws(Failure) -> OwnTask? {
        guard let uri = variables["ECS_CONTAINER_METADATA_URI_V4"], !uri.isEmpty else { return nil }
        var options = HTTPOptions()
        options.proxy = .direct
        options.connectTimeout = Limits.metadataTimeout
        options.totalTimeout = Limits.metadataTimeout
        options.responseBodyBytes = Limits.metadataBytes
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await http.send(HTTPRequest(method: "GET", url: uri + "/task"), options: options)
        } catch {
            throw error.failure(tried: "read")
        }
        guard response.status == 200, let value = try? JSONReader.value(of: response.body),
            let task = OwnTask(metadata: value)
        else {
            throw Failure(
                code: .malformedAnswer, subject: "the task's metadata endpoint", tried: "read",
                cause: "It answered HTTP \(response.status) and nothing that names a cluster.", disposition: .stalled)
        }
        return task
    }
}
