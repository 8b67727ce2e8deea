import Foundation
import MooringTestSupport

/// How a test runs Mooring on one environment: what its settings say, where its disk is.
struct Mooring {
    var repository: String
    var token: String?
    var ecsURL: String
    /// Settings of the environment as they stand in YAML, beside those that every test has.
    var environmentSettings: [String] = []
    var act = true
    var account = LocalECS.account
    var clusters = [LocalECS.cluster]
    var branch = "main"
    var pollInterval = "1s"
    /// Variables beside the endpoint's and the token's; an empty value takes one away.
    var variables: [String: String] = [:]

    /// Where mirrors and the outbox are. A new one for every controller is an empty disk.
    private let folder: TemporaryFolder

    init(repository: String, token: String?, ecsURL: String) throws {
        self.repository = repository
        self.token = token
        self.ecsURL = ecsURL
        folder = try TemporaryFolder()
    }

    /// The same with an empty disk.
    func onEmptyDisk() throws -> Mooring {
        var other = try Mooring(repository: repository, token: token, ecsURL: ecsURL)
        other.environmentSettings = environmentSettings
        other.act = act
        other.account = account
        other.clusters = clusters
        other.branch = branch
        other.pollInterval = pollInterval
        other.variables = variables
        return other
    }

    private var settingsText: String {
        let environment =
            [
                "name: production", "repository: \(repository)", "branch: \(branch)", "folder: production",
                "account: \"\(account)\"", "region: \(LocalECS.region)",
                "clusters: [\(clusters.joined(separator: ", "))]", "act: \(act)", "pollInterval: \(pollInterval)",
                "rolloutInterval: 1s", "repositoryId: shop",
            ] + environmentSettings
        let lines = environment.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
        return (["data: \(folder.path)/data", "environments:"] + lines).joined(separator: "\n") + "\n"
    }

    private func command(_ name: String, _ arguments: [String]) throws -> [String] {
        let path = "\(folder.path)/settings.yaml"
        try settingsText.write(toFile: path, atomically: true, encoding: .utf8)
        return [Binary.path, name, "--settings", path] + arguments
    }

    private var environment: [String: String] {
        var environment = LocalECS.environment(url: ecsURL)
        environment["MOORING_GIT_TOKEN"] = token
        environment["MOORING_GIT_USERNAME"] = token == nil ? nil : "mooring"
        for (name, value) in variables { environment[name] = value.isEmpty ? nil : value }
        return environment
    }

    /// Runs the controller beside `body`.
    func run<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: (RunningProcess) async throws -> Result,
    ) async throws -> Result {
        try await withProcess(try command("run", []), environment: environment) { process in
            do {
                return try await body(process)
            } catch {
                throw ProgramError("\(error)\nThe controller said:\n\(process.transcript)")
            }
        }
    }

    /// Runs a command that ends by itself.
    func end(_ name: String, _ arguments: String..., within limit: Duration = .seconds(90)) async throws -> Ended {
        try await withProcess(try command(name, arguments), environment: environment) { process in
            let ending = try await process.ending(within: limit)
            return Ended(ending: ending, output: process.output, transcript: process.transcript)
        }
    }
}

/// A command that has ended.
struct Ended {
    let ending: RunningProcess.Ending
    let output: String
    /// Both streams.
    let transcript: String

    var code: Int32? { if case .exited(let code) = ending { code } else { nil } }
}
