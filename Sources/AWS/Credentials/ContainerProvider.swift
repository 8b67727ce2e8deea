package import MooringHTTPTransport
package import MooringPorts

/// The task role of ECS, and what behaves like it: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `…_FULL_URI`.
package struct ContainerProvider: CredentialsProvider {
    private let environment: [String: String]
    private let endpoint: LocalEndpoint

    package init(environment: [String: String], http: HTTPClient, clock: any Clock) {
        self.environment = environment
        endpoint = LocalEndpoint(http: http, clock: clock, source: "the container's endpoint")
    }

    package func credentials() async throws(Failure) -> Credentials? {
        guard let url = try url() else { return nil }
        var headers = [("Accept", "application/json")]
        if let token = try authorization() { headers.append(("Authorization", token)) }
        let body = try await endpoint.body(HTTPRequest(method: "GET", url: url, headers: headers))
        return try CredentialsDocument.credentials(json: body, source: "task role", mayOutliveExpiry: false)
    }

    /// The address to ask; nil where none is configured.
    func url() throws(Failure) -> String? {
        if let path = environment.nonEmpty("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            // Without the slash the path could continue the host's name: `169.254.170.2.example.com`.
            guard path.hasPrefix("/") else {
                throw refusal("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not start with '/'.")
            }
            return "http://169.254.170.2" + path
        }
        guard let url = environment.nonEmpty("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
        guard ContainerProvider.isAllowed(url) else {
            throw refusal("AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor an address of this machine.")
        }
        return url
    }

    /// https anywhere, http only to this machine: the answer is a secret, and so is the token sent along.
    static func isAllowed(_ url: String) -> Bool {
        if url.lowercased().hasPrefix("https://") { return true }
        guard url.lowercased().hasPrefix("http://") else { return false }
        let authority = url.dropFirst(7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.contains("@") { return false }
        let host: Substring
        if authority.hasPrefix("[") {
            host = authority.dropFirst().prefix { $0 != "]" }
            return ["::1", "fd00:ec2::23"].contains(host.lowercased())
        }
        host = authority.prefix { $0 != ":" }
        return host == "localhost" || host == "169.254.170.2" || host == "169.254.170.23" || isLoopback(host)
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The token file is read each time, for it is replaced before its content expires.
    private func authorization() throws(Failure) -> String? {
        var token = environment.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        if let path = environment.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            guard let bytes = try SmallFile.read(path) else {
                throw refusal("the token file '\(path)' does not exist.")
            }
            token = String(decoding: bytes, as: UTF8.self)
            // A line end at the end of the file is no part of the token; one inside it would be a second header.
            while token?.last?.isNewline == true { token?.removeLast() }
        }
        guard let token, !token.isEmpty else { return nil }
        guard !token.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw refusal("the authorization token holds a line end.")
        }
        return token
    }

    private func refusal(_ cause: String) -> Failure { Failure.credentials(from: endpoint.source, cause) }
}
