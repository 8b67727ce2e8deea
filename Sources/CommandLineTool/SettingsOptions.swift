import ArgumentParser
import Foundation
import MooringController

/// The flags that say what an environment is.
struct SettingsOptions: ParsableArguments {
    @Option(help: "The settings file (YAML). [MOORING_SETTINGS]", completion: .file(extensions: ["yaml", "yml"]))
    var settings: String?

    @Option(
        name: .customLong("environment"),
        help:
            "An environment of the file, may be repeated; without a file, the environment's name. [MOORING_ENVIRONMENT]"
    )
    var environments: [String] = []

    @Option(
        help: """
            Folder for mirrors and unsent reports. (default: /var/lib/mooring; plan, retry, approve and abort take one of their \
            own, which is removed) [MOORING_DATA]
            """,
        completion: .directory)
    var data: String?

    @Option(help: "text or json. [MOORING_LOG_FORMAT]", completion: .list(["text", "json"]))
    var logFormat: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical. [MOORING_LOG_LEVEL]")
    var logLevel: String?

    @OptionGroup(title: "Where the manifests are") var source: SourceOptions
    @OptionGroup(title: "Where they are applied") var target: TargetOptions

    func input() -> SettingsInput {
        var input = SettingsInput()
        input.settingsFile = settings
        input.names = environments
        input.dataFolder = data
        input.logFormat = logFormat
        input.logLevel = logLevel
        input.flags = source.flags.merging(target.flags) { first, _ in first }
        input.variables = ProcessInfo.processInfo.environment
        return input
    }
}

/// Repository, branch, folder, and how to get in.
struct SourceOptions: ParsableArguments {
    @Option(help: "URL or path of the git repository. [MOORING_REPOSITORY]")
    var repository: String?

    @Option(help: "The branch that says what should run. (default: main) [MOORING_BRANCH]")
    var branch: String?

    @Option(help: "The folder of manifests in the repository. (default: its root) [MOORING_FOLDER]")
    var folder: String?

    @Option(help: "Keeps the identity of an environment whose repository was renamed. [MOORING_REPOSITORY_ID]")
    var repositoryID: String?

    @Option(
        help: "User name beside the token, which MOORING_GIT_TOKEN or --git-token-file holds. [MOORING_GIT_USERNAME]")
    var gitUsername: String?

    @Option(help: "File that holds the token for https. [MOORING_GIT_TOKEN_FILE]", completion: .file())
    var gitTokenFile: String?

    @Option(help: "Private key for ssh. [MOORING_GIT_SSH_KEY_FILE]", completion: .file())
    var gitSSHKeyFile: String?

    @Option(help: "Keys of the ssh server. [MOORING_GIT_KNOWN_HOSTS_FILE]", completion: .file())
    var gitKnownHostsFile: String?

    @Option(help: "Certificates (PEM) in place of the system's, for git. [MOORING_GIT_CA_FILE]", completion: .file())
    var gitCAFile: String?

    @Option(
        help: "File that holds a token of the git host; with it, results are shown there. [MOORING_HOST_TOKEN_FILE]",
        completion: .file())
    var hostTokenFile: String?

    @Option(
        help: "github, gitlab, gitea, bitbucket-cloud, bitbucket-dc or azure-devops. [MOORING_HOST_KIND]")
    var hostKind: String?

    @Option(
        name: .customLong("host-api-url"),
        help: "The host's API, where it is not the usual one. [MOORING_HOST_API_URL]")
    var hostAPIURL: String?

    @Option(help: "The repository's path on the host, where its URL does not say it. [MOORING_HOST_REPOSITORY]")
    var hostRepository: String?

    var flags: [EnvironmentKey: [String]] {
        [
            .repository: repository, .branch: branch, .folder: folder, .repositoryId: repositoryID,
            .gitUsername: gitUsername, .gitTokenFile: gitTokenFile, .gitSSHKeyFile: gitSSHKeyFile,
            .gitKnownHostsFile: gitKnownHostsFile, .gitCAFile: gitCAFile, .hostTokenFile: hostTokenFile,
            .hostKind: hostKind, .hostAPIURL: hostAPIURL, .hostRepository: hostRepository,
        ].compactMapValues { value in value.map { [$0] } }
    }
}

/// Account, region, clusters, and what may be done there.
struct TargetOptions: ParsableArguments {
    @Option(help: "The AWS account that the credentials must belong to. [MOORING_ACCOUNT]")
    var account: String?

    @Option(help: "The AWS region. [MOORING_REGION]")
    var region: String?

    @Option(name: .customLong("cluster"), help: "A cluster that may be touched; may be repeated. [MOORING_CLUSTERS]")
    var clusters: [String] = []

    @Option(help: "ARN of a role to assume. [MOORING_ROLE]")
    var role: String?

    @Option(help: "External id sent when the role is assumed. [MOORING_EXTERNAL_ID]")
    var externalID: String?

    @Option(help: "Profile of ~/.aws. [MOORING_PROFILE]")
    var profile: String?

    @Flag(inversion: .prefixedNo, help: "Act; without it the environment only observes and reports. [MOORING_ACT]")
    var act: Bool?

    @Flag(inversion: .prefixedNo, help: "Existing services may be taken over. [MOORING_ADOPT]")
    var adopt: Bool?

    @Option(help: "Most services created in one pass. (default: 50) [MOORING_MAX_CREATIONS]")
    var maxCreations: String?

    @Option(help: "Most rollouts at once. (default: 10) [MOORING_MAX_IN_FLIGHT]")
    var maxInFlight: String?

    @Option(help: "Failed rollouts after which the rest waits. (default: 3) [MOORING_MAX_FAILURES]")
    var maxFailures: String?

    @Option(help: "Between two looks at git: 30s, 5m. (default: 30s) [MOORING_POLL_INTERVAL]")
    var pollInterval: String?

    @Option(help: "Between two looks at a rollout. (default: 5s) [MOORING_ROLLOUT_INTERVAL]")
    var rolloutInterval: String?

    @Option(help: "Between two looks at every service. (default: 5m) [MOORING_SWEEP_INTERVAL]")
    var sweepInterval: String?

    var flags: [EnvironmentKey: [String]] {
        let single: [EnvironmentKey: String?] = [
            .account: account, .region: region, .role: role, .externalId: externalID, .profile: profile,
            .act: act.map(String.init), .adopt: adopt.map(String.init), .maxCreations: maxCreations,
            .maxInFlight: maxInFlight, .maxFailures: maxFailures, .pollInterval: pollInterval,
            .rolloutInterval: rolloutInterval, .sweepInterval: sweepInterval,
        ]
        var flags = single.compactMapValues { value in value.map { [$0] } }
        if !clusters.isEmpty { flags[.clusters] = clusters }
        return flags
    }
}
