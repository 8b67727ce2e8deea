import Foundation

/// Credentials as AWS's own documents spell them.
package struct TestCredentials: Codable, Sendable {
    package let AccessKeyId: String
    package let SecretAccessKey: String
    package let SessionToken: String?
    package let Expiration: String?
}

/// moto as a separate process that refuses every request whose signature, token or permission is not right.
package struct MotoServer: Sendable {
    package let port: UInt16
    /// May call ECS; has no session token.
    package let user: TestCredentials
    /// Temporary credentials that may call ECS.
    package let task: TestCredentials
    /// Temporary credentials that may do nothing but assume `deployerRole`.
    package let gateway: TestCredentials
    /// The ARN of a role that may call ECS.
    package let deployerRole: String

    /// Subnets and security groups that it knows.
    package let subnets: [String]
    package let securityGroups: [String]

    package var url: String { "http://127.0.0.1:\(port)" }

    /// The account that everything belongs to.
    package static let account = "123456789012"

    private struct Announcement: Decodable {
        let port: UInt16
        let user: TestCredentials
        let task: TestCredentials
        let gateway: TestCredentials
        let deployerRole: String
        let subnets: [String]
        let securityGroups: [String]
    }

    fileprivate init(line: String) throws {
        let announced = try JSONDecoder().decode(Announcement.self, from: Data(line.utf8))
        port = announced.port
        user = announced.user
        task = announced.task
        gateway = announced.gateway
        deployerRole = announced.deployerRole
        subnets = announced.subnets
        securityGroups = announced.securityGroups
    }
}

/// Runs `body` with moto, which checks signatures and knows these clusters. Its services' tasks run from the first moment.
///
/// - Parameter runningTasks: how many tasks moto says that every service runs.
package func withMoto<Result>(
    clusters: [String], runningTasks: Int, isolation: isolated (any Actor)? = #isolation,
    _ body: (MotoServer) async throws -> Result,
) async throws -> Result {
    let command = [Python.interpreter, Python.client("moto_with_signatures.py")] + clusters
    return try await withProcess(command, environment: ["MOTO_ECS_SERVICE_RUNNING": "\(runningTasks)"]) { process in
        // Importing moto takes many seconds on a busy machine.
        let line = try await process.line(containing: "deployerRole", within: .seconds(90)).text
        return try await body(MotoServer(line: line))
    }
}

/// The Python that has the independent clients and servers, and the programs written for it.
package enum Python {
    package static var interpreter: String {
        ProcessInfo.processInfo.environment["MOORING_TEST_PYTHON"] ?? "python3"
    }

    /// The path of a program below `Tests/clients`.
    package static func client(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("clients/\(name)").path
    }
}
