import Foundation
import Synchronization

/// The endpoint from which a container on ECS gets its task role's credentials.
package struct ContainerCredentialsEndpoint: Sendable {
    private let server: LoopbackServer
    private let token: String

    /// What the agent sets in a container.
    package var environment: [String: String] {
        [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/v2/credentials/task",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
        ]
    }

    /// How often credentials were asked for.
    package var requestCount: Int { server.requests.count }

    fileprivate init(_ credentials: TestCredentials) throws {
        let token = UUID().uuidString
        self.token = token
        let body = String(decoding: try JSONEncoder().encode(Document(credentials)), as: UTF8.self)
        server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                if request.header("authorization") == token, request.line.hasPrefix("GET /v2/credentials/task ") {
                    connection.respond(headers: ["Content-Type: application/json"], body: body)
                } else {
                    connection.respond("401 Unauthorized")
                }
            }
        }
    }

    /// Here, and only here, the token is called `Token`.
    private struct Document: Encodable {
        let AccessKeyId: String
        let SecretAccessKey: String
        let Token: String?
        let Expiration: String?
        let RoleArn = "arn:aws:iam::123456789012:role/task-role"

        init(_ credentials: TestCredentials) {
            AccessKeyId = credentials.AccessKeyId
            SecretAccessKey = credentials.SecretAccessKey
            Token = credentials.SessionToken
            Expiration = credentials.Expiration
        }
    }

    fileprivate func stop() { server.stop() }
}

/// Runs `body` with a container's credentials endpoint that hands out these credentials.
package func withContainerCredentials<Result>(
    _ credentials: TestCredentials, isolation: isolated (any Actor)? = #isolation,
    _ body: (ContainerCredentialsEndpoint) async throws -> Result,
) async throws -> Result {
    let endpoint = try ContainerCredentialsEndpoint(credentials)
    defer { endpoint.stop() }
    return try await body(endpoint)
}

/// GitHub, as far as commit statuses go: takes them, keeps them, lists them. Refuses a wrong token and malformed bodies.
package final class GitHubStandIn: Sendable {
    package struct Status: Sendable, Equatable {
        package let commit: String
        package let context: String
        package let state: String
        package let description: String
    }

    package let token = "github-" + UUID().uuidString
    private let statuses = Watched<[Status]>([])
    private let server: Mutex<LoopbackServer?>

    /// The base of the API.
    package let url: String

    fileprivate init() throws {
        let (statuses, token) = (statuses, token)
        let started = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                GitHubStandIn.answer(request, on: connection, token: token, statuses)
            }
        }
        server = Mutex(started)
        url = started.url
    }

    /// All statuses, in the order they came.
    package var all: [Status] { statuses.value }

    /// Waits for a status on the commit that is no longer pending.
    package func end(of commit: String, within limit: Duration = .seconds(60)) async throws -> Status {
        try await statuses.first("the end of the status on \(commit)", within: limit) { statuses in
            statuses.last { $0.commit == commit }.flatMap { $0.state == "pending" ? nil : $0 }
        }
    }

    private static func answer(
        _ request: ReceivedRequest, on connection: borrowing LoopbackConnection, token: String,
        _ statuses: Watched<[Status]>,
    ) {
        let words = request.line.split(separator: " ")
        let path = words.count > 1 ? words[1].split(separator: "?")[0].split(separator: "/").map(String.init) : []
        let authorization = request.header("authorization") ?? ""
        guard authorization == "Bearer \(token)" || authorization == "token \(token)",
            request.header("user-agent") != nil, path.count == 5 || path.count == 6, path[0] == "repos"
        else { return connection.respond("401 Unauthorized", body: #"{"message": "Bad credentials"}"#) }
        if words[0] == "POST", path.count == 5, path[3] == "statuses" {
            struct Body: Decodable {
                let state: String
                let context: String?
                let description: String?
            }
            guard let body = try? JSONDecoder().decode(Body.self, from: Data(request.body)),
                ["pending", "success", "failure", "error"].contains(body.state),
                (body.description ?? "").unicodeScalars.count <= 140, path[4].count == 40
            else { return connection.respond("422 Unprocessable Entity", body: #"{"message": "Validation Failed"}"#) }
            let status = Status(
                commit: path[4], context: body.context ?? "default", state: body.state,
                description: body.description ?? "")
            statuses.update { $0.append(status) }
            connection.respond("201 Created", headers: ["Content-Type: application/json"], body: json(status))
        } else if words[0] == "GET", path.count == 6, path[3] == "commits" {
            let newestFirst = statuses.value.filter { $0.commit == path[4] }.reversed()
            let list = "[" + newestFirst.map(json).joined(separator: ", ") + "]"
            let body = path[5] == "status" ? #"{"sha": "\#(path[4])", "statuses": \#(list)}"# : list
            connection.respond(headers: ["Content-Type: application/json"], body: body)
        } else {
            connection.respond("404 Not Found", body: #"{"message": "Not Found"}"#)
        }
    }

    private static func json(_ status: Status) -> String {
        let fields = ["state": status.state, "context": status.context, "description": status.description]
        return (try? String(decoding: JSONEncoder().encode(fields), as: UTF8.self)) ?? "{}"
    }

    fileprivate func stop() { server.withLock { $0 }?.stop() }
}

/// Runs `body` with a GitHub that takes statuses.
package func withGitHubStandIn<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (GitHubStandIn) async throws -> Result,
) async throws -> Result {
    let host = try GitHubStandIn()
    defer { host.stop() }
    return try await body(host)
}
