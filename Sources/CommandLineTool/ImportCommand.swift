import ArgumentParser
import Foundation
import Logging
import MooringController
import MooringImporting
import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringPresentation
import MooringReconciliation
import MooringShapes

/// Manifests of what runs.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Writes manifests of the services that a cluster runs today. Only reads AWS; overwrites nothing.",
        discussion: """
            Each service gets a folder with service.yaml and task-definition.yaml; mooring.yaml beside them says that the \
            services may be taken over. A plan of the folder is empty. Services that cannot be managed are named and left \
            out.

            Examples:
              mooring import --account 123456789012 --region eu-central-1 \\
                --cluster main --output production
              mooring import --account 123456789012 --region eu-central-1 \\
                --cluster main --service web --service api

            Exit codes: 0 success, 1 error; then nothing was written.
            """,
    )

    @Option(name: .customLong("service"), help: "A service; may be repeated. (default: all of the cluster)")
    var services: [String] = []

    @Option(help: "The folder that is written. (default: the cluster's name)", completion: .directory)
    var output: String?

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        var input = options.input()
        input.defaultRepository = FileManager.default.currentDirectoryPath
        input.defaultName = "import"
        input.reachesGit = false
        let session = try Session(input)
        guard session.settings.environments.count == 1, let environment = session.settings.environments.first,
            environment.policy.clusters.count == 1, let cluster = environment.policy.clusters.first
        else {
            StandardStreams.error("An import is of one cluster. Name it with --cluster.")
            throw ExitCode(1)
        }
        let names = try readNames()
        let request = ImportRequest(
            aws: session.assembly.aws(of: environment), account: environment.policy.account, cluster: cluster)
        let observed = try await session.value { () async throws(Failure) in try await request.observed(names) }
        try write(observed, cluster: cluster, to: output ?? cluster.text, isAsked: !names.isEmpty)
    }

    private func readNames() throws -> [ServiceName] {
        try services.map { text in
            do throws(NameError) {
                return try ServiceName(text)
            } catch {
                StandardStreams.error("--service: \(error)")
                throw ExitCode(1)
            }
        }
    }

    private func write(_ observed: Observed, cluster: ClusterName, to path: String, isAsked: Bool) throws {
        let hasSettings = FileManager.default.fileExists(atPath: path + "/mooring.yaml")
        let folder = ImportedFolder(of: observed, cluster: cluster, hasSettings: hasSettings)
        let missing = observed.services.filter { $0.value == .missing }.keys.sorted()
        if isAsked, let first = missing.first {
            StandardStreams.error(
                "There is no service '\(first.service)' in the cluster '\(cluster)'. Nothing was written.")
            throw ExitCode(1)
        }
        for skipped in folder.skipped {
            StandardStreams.error("\(skipped.key.description.safeLine) is left out: \(skipped.why.safeLine)")
        }
        for remark in folder.remarks { StandardStreams.error(remark.safeLine) }
        guard !folder.services.isEmpty else {
            StandardStreams.error(
                "There is no service in the cluster '\(cluster)' that could be imported. Nothing was written.")
            throw ExitCode(1)
        }
        do throws(NewFiles.Refusal) {
            try NewFiles(folder.files.map { ($0.path.text, $0.text) }).write(to: path)
        } catch {
            StandardStreams.error("\(error)")
            throw ExitCode(1)
        }
        let count = folder.services.count
        let definitions = folder.files.count { $0.path.fileName == "task-definition.yaml" }
        StandardStreams.output(
            "\(path): \(count) service\(count == 1 ? "" : "s"), \(definitions) task definition\(definitions == 1 ? "" : "s")"
                + (folder.skipped.isEmpty ? "." : "; \(folder.skipped.count) left out."))
    }
}

/// Asks ECS for all that an import needs.
struct ImportRequest: Sendable {
    let aws: any AWSClient
    let account: AccountID
    let cluster: ClusterName

    /// - Parameter names: the services that are asked for; none for all of the cluster.
    func observed(_ names: [ServiceName]) async throws(Failure) -> Observed {
        let caller = try await aws.call(APICall(.sts, "GetCallerIdentity", .map([])))
        if let actual = caller["Account"]?.text, actual != account.text {
            throw Failure(
                code: .invalidInput, subject: "the cluster '\(cluster)'", tried: "import",
                cause: Withheld.Reason.wrongAccount(expected: account.text, actual: actual).sentence,
                disposition: .invalidInput)
        }
        let names = names.isEmpty ? try await ServiceList(aws: aws, cluster: cluster).names() : names
        let keys = names.map { ServiceKey(cluster: cluster, service: $0) }
        var observed = Observed()
        try await read(keys.map(Fact.service), into: &observed)
        var facts: [Fact] = []
        var revisions: Set<TaskDefinitionARN> = []
        for key in keys {
            guard case .known(let service)? = observed.services[key], service.status == "ACTIVE" else { continue }
            facts.append(.scalableTarget(key))
            if let arn = service.taskDefinition, revisions.insert(arn).inserted { facts.append(.taskDefinition(arn)) }
        }
        try await read(facts, into: &observed)
        return observed
    }

    /// Services that cannot be read end the import; what else cannot be read is said of the service it belongs to.
    private func read(_ facts: [Fact], into observed: inout Observed) async throws(Failure) {
        let history = HistorySource(desired: DesiredState(), head: nil, folder: nil, defaultCluster: nil)
        let reader = FactReader(aws: aws, git: nil, history: history, folder: nil)
        try await reader.read(facts, into: &observed) { observation, _ in
            if case .services = observation { true } else { false }
        }
    }
}
