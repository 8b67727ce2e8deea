import Foundation
package import MooringHTTPTransport
import MooringPorts

/// A git host in small, `Tests/hosts/stub_host.py`: strict about requests, and with the host's traps.
package final class StubHost: Sendable {
    /// Where the host is: `http://127.0.0.1:1234`.
    package let url: String
    /// Where it is controlled, during an outage as well.
    private let control: String
    private let client: HTTPClient

    /// The token that the host accepts unless told otherwise.
    package static let token = "stub-token-0123456789abcdefghij"

    /// Where the host's descriptions are: `MOORING_HOSTS`, else beside the package.
    private static var descriptions: String {
        ProcessInfo.processInfo.environment["MOORING_HOSTS"] ?? packageFolder + "/../shared/hosts"
    }

    private static var packageFolder: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }

    /// One program plays the hosts of all tests of a process: starting Python takes longer than most of them.
    private static let program = Result { () throws -> PythonServer in
        let path = StubHost.packageFolder + "/Tests/hosts/stub_host.py"
        return try PythonServer(
            program: "import runpy, sys; sys.argv = ['\(path)']; runpy.run_path(sys.argv[0], run_name='__main__')",
            lifetimeSeconds: 900)
    }

    private struct Started: Codable { let url: String, control: String }

    private struct Wanted: Codable { let host: String, token: String, validate: String }

    /// - Parameters:
    ///   - kind: as the stub calls it: `bitbucket-dc`.
    ///   - client: used to control it.
    package init(_ kind: String, client: HTTPClient) async throws {
        self.client = client
        let wanted = Wanted(
            host: kind, token: StubHost.token, validate: "\(StubHost.descriptions)/api/\(kind).json")
        var request = HTTPRequest(method: "POST", url: try StubHost.program.get().url + "/_stub/hosts")
        request.body = Array(try JSONEncoder().encode(wanted))
        let response = try await client.send(request)
        guard response.status == 200 else {
            throw PythonServer.StartError(
                description: "no stub of \(kind): \(String(decoding: response.body, as: UTF8.self))")
        }
        let started = try JSONDecoder().decode(Started.self, from: Data(response.body))
        url = started.url
        control = started.control
    }

    /// What the host accepted.
    package struct Posted: Decodable, Equatable, Sendable {
        /// `status`, `pull-status`, `check`, `deployment`, `deployment-status`, `comment` or `token`.
        package let what: String
        /// The commit, or the number of the pull request.
        package let on: String
        package let id: Int
        package let key: String?
        package let context: String?
        /// The host's word.
        package let state: String?
        package let text: String?
        package let link: String?
        package let parent: String?
        package let iteration: Int?
        package let project: String?
        /// `create` or `update`, of a comment.
        package let how: String?
        package let comment: Int?
        package let check: Int?
        package let summary: String?
        package let annotations: Int?
        package let repositories: [String]?
    }

    /// What the host accepted, in order.
    package func posted() async throws -> [Posted] { try await get("posted") }

    /// Method and target of all that came, in order.
    package func requests() async throws -> [String] { try await get("requests") }

    /// The requests that the description does not allow, each with the reason.
    package func invalid() async throws -> [String] { try await get("invalid") }

    /// `on`, or why requests were not compared with a description.
    package func validation() async throws -> String { try await get("validation") }

    /// Sets something: `pulls`, `settings`, `answers`, `comments`, `outage`; `Tests/hosts/stub_host.py` says what they hold.
    package func set(_ name: String, _ json: String) async throws {
        var request = HTTPRequest(method: "POST", url: "\(control)/_stub/\(name)")
        request.body = Array(json.utf8)
        let response = try await client.send(request)
        guard response.status == 200 else {
            throw PythonServer.StartError(description: "the stub refuses \(name): HTTP \(response.status)")
        }
    }

    private func get<Answer: Decodable>(_ name: String) async throws -> Answer {
        let response = try await client.send(HTTPRequest(method: "GET", url: "\(control)/_stub/\(name)"))
        return try JSONDecoder().decode(Answer.self, from: Data(response.body))
    }
}
