import ArgumentParser
import Foundation
import MooringController
import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import MooringSimulator

/// The local ECS.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "A local ECS as a server, on which rollouts really progress. Nothing leaves this machine.",
        discussion: """
            Speaks the ECS wire protocol on 127.0.0.1; any AWS client and Mooring itself can use it. What it holds is gone \
            when it ends. A scenario says what it contains and what goes wrong when; PUT /_mooring/scenario changes that while it \
            runs, and POST /_mooring/advance moves a stepped clock.

            Examples:
              mooring simulate --port 8580 --cluster main
              mooring simulate --speed 30 --scenario examples/rehearsal.yaml
              mooring simulate --unpullable '*:bad'
              AWS_ENDPOINT_URL=http://127.0.0.1:8580 \\
                AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x \\
                aws ecs list-clusters --region us-east-1

            Exit codes: 0 stopped by a signal, 1 it cannot listen or a scenario cannot be used.
            """,
    )

    @Option(help: "Port on 127.0.0.1, at most 65535; 0 takes a free one.")
    var port: UInt16 = 8580

    @Option(help: "Virtual seconds in a real one.")
    var speed: Double = 1

    @Flag(help: "Time stands still until POST /_mooring/advance moves it.")
    var stepped = false

    @Option(help: "The account of the caller.")
    var account = "123456789012"

    @Option(help: "The region suggested to clients, and where the timeline acts; clusters are in every region asked.")
    var region = "us-east-1"

    @Option(name: .customLong("cluster"), help: "A cluster to create at the start; may be repeated. (default: default)")
    var clusters: [String] = []

    @Option(help: "Images that cannot be pulled, as a pattern: '*:bad'; may be repeated.")
    var unpullable: [String] = []

    @Option(help: "A scenario (YAML or JSON).", completion: .file(extensions: ["yaml", "yml", "json"]))
    var scenario: String?

    @Option(
        name: .customLong("require-signatures"),
        help: "Refuse calls that are not signed with this key, written KEY:SECRET; may be repeated.")
    var signingKeys: [String] = []

    @Option(help: "Keys all randomness, so that a history can be repeated.")
    var seed: UInt64 = 1

    func validate() throws {
        do {
            _ = try AccountID(account)
            _ = try Region(region)
            for cluster in clusters { _ = try ClusterName(cluster) }
        } catch {
            throw ValidationError("\(error)")
        }
        guard speed > 0, speed <= 10_000 else { throw ValidationError("--speed must be from 0 (exclusive) to 10000.") }
        for key in signingKeys where secret(of: key) == nil {
            throw ValidationError("--require-signatures must be an access key and a secret with a colon between them.")
        }
        if stepped, speed != 1 { throw ValidationError("--stepped and --speed exclude each other.") }
    }

    private func secret(of key: String) -> (id: String, secret: String)? {
        let halves = key.split(separator: ":", maxSplits: 1).map(String.init)
        return halves.count == 2 ? (halves[0], halves[1]) : nil
    }

    func run() async throws {
        var configuration = LocalECSServer.Configuration()
        configuration.port = port
        configuration.seed = seed
        configuration.clock = stepped ? .stepped : .running(speed: speed)
        configuration.engine.account = account
        configuration.engine.region = region
        if !clusters.isEmpty { configuration.engine.clusters = clusters }
        configuration.engine.requiresSignatures = !signingKeys.isEmpty
        for key in signingKeys.compactMap(secret(of:)) { configuration.engine.secrets[key.id] = key.secret }
        // AssumeRole's credentials would end by the virtual clock, and the client's clock is another one.
        configuration.engine.credentialsExpire = speed == 1 && !stepped
        let start = SystemClock().now.millisecondsSince1970
        configuration.start = start
        if let scenario { configuration.engine.scenario = try read(scenario, start: start) }
        configuration.engine.scenario.images += unpullable.map { ImageRule($0, .cannotPull(reason: nil)) }
        configuration.complain = { StandardStreams.error($0) }
        let settings = configuration
        // Version 1 of the AWS CLI, and boto3, read the region from AWS_DEFAULT_REGION only.
        let hint =
            "AWS_ENDPOINT_URL=http://127.0.0.1:%d AWS_REGION=\(region) AWS_DEFAULT_REGION=\(region) "
            + (signingKeys.isEmpty
                ? "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local" : "and one of the keys given")
        let failure = await Lifecycle.run(onStop: { StandardStreams.error($0) }) {
            () async -> LocalECSServer.Failure? in
            do throws(LocalECSServer.Failure) {
                try await LocalECSServer.run(settings) { port in
                    StandardStreams.output(
                        "The local ECS listens on http://127.0.0.1:\(port) (account \(settings.engine.account)).")
                    StandardStreams.output(hint.replacingOccurrences(of: "%d", with: "\(port)"))
                }
                return nil
            } catch {
                return error
            }
        }
        if let failure {
            StandardStreams.error(failure.description)
            throw ExitCode(1)
        }
    }

    private func read(_ path: String, start: Int64) throws -> Scenario {
        let bytes: [UInt8]
        switch SmallFile.read(path, limit: Limits.scenarioBytes) {
        case .success(let read): bytes = read
        case .failure(let trouble):
            StandardStreams.error("Cannot read the scenario \(path): \(trouble) Correct --scenario.")
            throw ExitCode(1)
        }
        let stream = YAMLReader.stream(of: bytes)
        if let error = stream.error {
            StandardStreams.error("\(path):\(error)")
            throw ExitCode(1)
        }
        if stream.documents.count > 1 {
            let place = stream.documents[1].position.map { "\($0): " } ?? " "
            StandardStreams.error("\(path):\(place)A scenario is one document. Remove what follows the first.")
            throw ExitCode(1)
        }
        do throws(ScenarioError) {
            return try ScenarioReader.scenario(of: stream.documents.first ?? .map([]), start: start)
        } catch {
            StandardStreams.error("\(path):\(error.position == nil ? " " : "")\(error)")
            throw ExitCode(1)
        }
    }
}
