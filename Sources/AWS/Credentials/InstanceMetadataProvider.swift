package import MooringHTTPTransport
package import MooringPorts

/// The role of an EC2 instance, through its metadata service, version 2 only: version 1 answers whoever can make a host
/// forward a request.
package struct InstanceMetadataProvider: CredentialsProvider {
    private let environment: [String: String]
    private let endpoint: LocalEndpoint

    package init(environment: [String: String], http: HTTPClient, clock: any Clock) {
        self.environment = environment
        endpoint = LocalEndpoint(http: http, clock: clock, source: "the instance's metadata")
    }

    package func credentials() async throws(Failure) -> Credentials? {
        if (environment["AWS_EC2_METADATA_DISABLED"] ?? "").lowercased() == "true" { return nil }
        let root = base + "/latest/"
        guard let token = try await token(root + "api/token") else { return nil }
        let headers = [("X-aws-ec2-metadata-token", token)]
        let path = root + "meta-data/iam/security-credentials/"
        let list = try await endpoint.send(HTTPRequest(method: "GET", url: path, headers: headers))
        // An instance without a role has nothing to give.
        if list.status == 404 { return nil }
        let role = String(decoding: list.body, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(
            String.init)
        guard list.status == 200, let role else { throw endpoint.failure(list) }
        let url = path + AWSRequestEncoder.percentEncoded(role)
        let body = try await endpoint.body(HTTPRequest(method: "GET", url: url, headers: headers))
        return try CredentialsDocument.credentials(json: body, source: "instance role", mayOutliveExpiry: true)
    }

    private var base: String {
        if let url = environment.nonEmpty("AWS_EC2_METADATA_SERVICE_ENDPOINT") {
            return url.hasSuffix("/") ? String(url.dropLast()) : url
        }
        let mode = (environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] ?? "").lowercased()
        return mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
    }

    /// - Returns: nil where nobody answers: this is no EC2 instance, or its metadata does not reach this far.
    private func token(_ url: String) async throws(Failure) -> String? {
        let request = HTTPRequest(
            method: "PUT", url: url,
            headers: [("X-aws-ec2-metadata-token-ttl-seconds", String(Limits.metadataTokenSeconds))],
        )
        let response: HTTPResponse
        do throws(Failure) {
            response = try await endpoint.send(request, attempts: 1)
        } catch {
            if error.code == .cancelled { throw error }
            return nil
        }
        guard response.status == 200 else { throw endpoint.failure(response) }
        return String(decoding: response.body, as: UTF8.self)
    }
}
