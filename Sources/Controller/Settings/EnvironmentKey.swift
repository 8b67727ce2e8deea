/// A setting of one environment, and what it is called in each place.
package enum EnvironmentKey: String, CaseIterable, Sendable {
    case repository, branch, folder, repositoryId, account, region, clusters, role, externalId, profile
    case act, adopt, maxCreations, maxInFlight, maxFailures, pollInterval, rolloutInterval, sweepInterval
    case gitUsername = "git.username"
    case gitTokenFile = "git.tokenFile"
    case gitTokenVariable = "git.tokenVariable"
    case gitSSHKeyFile = "git.sshKeyFile"
    case gitSSHKeyVariable = "git.sshKeyVariable"
    case gitKnownHostsFile = "git.knownHostsFile"
    case gitCAFile = "git.caFile"
    case gitTokenSecret = "git.tokenSecret"
    case gitNotesTokenFile = "git.notesTokenFile"
    case gitNotesTokenVariable = "git.notesTokenVariable"
    case gitNotesTokenSecret = "git.notesTokenSecret"
    case hostKind = "host.kind"
    case hostRepository = "host.repository"
    case hostAPIURL = "host.apiURL"
    case hostUser = "host.user"
    case hostTokenFile = "host.tokenFile"
    case hostTokenVariable = "host.tokenVariable"
    case hostTokenSecret = "host.tokenSecret"
    case hostCAFile = "host.caFile"
    case hostAppId = "host.appId"
    case hostAppInstallation = "host.appInstallation"
    case hostAppKeyFile = "host.appKeyFile"
    case hostAppKeyVariable = "host.appKeyVariable"
    case hostAppKeySecret = "host.appKeySecret"
    case hostDeployments = "host.deployments"
    case statusesPerService = "statuses.perService"
    case pullRequestsPlan = "pullRequests.plan"
    case pullRequestsForks = "pullRequests.forks"
    case pullRequestsComment = "pullRequests.comment"
    case pullRequestsInterval = "pullRequests.interval"
    case webhookSecretFile = "webhook.secretFile"
    case webhookSecretVariable = "webhook.secretVariable"
    case webhookSecretSecret = "webhook.secretSecret"
    case notificationsOn = "notifications.on"
    case notificationsURL = "notifications.url"
    case notificationsSecretFile = "notifications.secretFile"
    case notificationsSecretVariable = "notifications.secretVariable"
    case notificationsSecretSecret = "notifications.secretSecret"
    case slackChannel = "notifications.slack.channel"
    case slackAPIURL = "notifications.slack.apiURL"
    case slackTokenFile = "notifications.slack.tokenFile"
    case slackTokenVariable = "notifications.slack.tokenVariable"
    case slackTokenSecret = "notifications.slack.tokenSecret"
    case slackHookFile = "notifications.slack.hookFile"
    case slackHookVariable = "notifications.slack.hookVariable"
    case slackHookSecret = "notifications.slack.hookSecret"

    /// Where the setting stands in the file: `notifications`, `slack`, `tokenFile`.
    package var path: [String] { rawValue.split(separator: ".").map(String.init) }

    /// `--host-token-file`
    package var flag: String {
        // Repeated for each cluster, so it names one.
        self == .clusters ? "--cluster" : "--" + words.joined(separator: "-")
    }

    /// Whether there is a flag for it. What is seldom needed, and what only says which variable holds a secret, has none.
    package var hasFlag: Bool {
        switch path[0] {
        case "statuses", "pullRequests", "webhook", "notifications": false
        case "host": [.hostKind, .hostRepository, .hostAPIURL, .hostTokenFile].contains(self)
        case "git":
            ![
                .gitTokenVariable, .gitSSHKeyVariable, .gitTokenSecret, .gitNotesTokenFile, .gitNotesTokenVariable,
                .gitNotesTokenSecret,
            ].contains(self)
        default: true
        }
    }

    /// `MOORING_HOST_TOKEN_FILE`
    package var variable: String { "MOORING_" + words.joined(separator: "_").uppercased() }

    /// The words of the name in lower case.
    private var words: [String] { path.flatMap { EnvironmentKey.words(of: $0) } }

    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var previous: Character?
        for character in name {
            // `apiURL` has two words, `sshKeyFile` three: a run of capitals is one.
            let begins = character.isUppercase && previous?.isUppercase != true
            if begins || words.isEmpty {
                words.append(character.lowercased())
            } else {
                words[words.count - 1] += character.lowercased()
            }
            previous = character
        }
        return words
    }
}

/// A secret that a variable may hold itself. There is no flag for it, since flags show in the list of processes.
enum SecretVariable: String, CaseIterable {
    case gitToken = "MOORING_GIT_TOKEN"
    case gitSSHKey = "MOORING_GIT_SSH_KEY"
    case gitNotesToken = "MOORING_GIT_NOTES_TOKEN"
    case hostToken = "MOORING_HOST_TOKEN"
    case hostAppKey = "MOORING_HOST_APP_KEY"
    case webhookSecret = "MOORING_WEBHOOK_SECRET"
    case notificationsSecret = "MOORING_NOTIFICATIONS_SECRET"
    case slackToken = "MOORING_NOTIFICATIONS_SLACK_TOKEN"
    case slackHook = "MOORING_NOTIFICATIONS_SLACK_HOOK"
}

/// The variables that are no setting of an environment.
enum ProcessVariable: String, CaseIterable {
    case settings = "MOORING_SETTINGS"
    case environment = "MOORING_ENVIRONMENT"
    case data = "MOORING_DATA"
    case logFormat = "MOORING_LOG_FORMAT"
    case logLevel = "MOORING_LOG_LEVEL"
    case listen = "MOORING_LISTEN"
}
