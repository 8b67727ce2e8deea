package import Logging
package import MooringGit
package import MooringHTTPTransport
package import MooringNames
package import MooringNotifying
package import MooringReconciliation
package import MooringReporting

/// All that a process must be told. Read once; nothing reads it again, but for tokens that were refused.
package struct Settings: Sendable {
    /// Where mirrors and unsent reports are kept; all of it may be lost at any time.
    package var dataFolder: String
    package var logFormat: LogFormat
    package var logLevel: Logger.Level
    /// In the order of the file.
    package var environments: [EnvironmentSettings]
    /// What is odd about the settings but no mistake; said once at the start.
    package var remarks: [String]

    /// Where hooks and questions are listened for: host and port; nil where nobody listens.
    package var listen: ListenAddress?

    /// Every secret that the settings hold, so that no output shows one.
    package var secrets: [Secret] { environments.flatMap(\.secrets) }

    /// The tokens that are read again when they are refused.
    package var tokens: [RenewableSecret] { environments.flatMap(\.tokens) }
}

/// Where a server listens.
package struct ListenAddress: Hashable, Sendable {
    /// An address of this machine: `0.0.0.0`, `127.0.0.1`, `::`.
    package var host: String
    package var port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

package enum LogFormat: String, CaseIterable, Sendable {
    case text, json
}

/// The settings of one environment.
package struct EnvironmentSettings: Sendable {
    package var policy: EnvironmentPolicy
    package var git: GitAccess
    /// How notes are reached; nil where they go the way of the branch.
    package var notes: GitAccess?
    package var aws: AWSSettings
    /// The repository on its host; nil where that is not known, and nothing is shown there.
    package var repository: HostRepository?
    /// Nil where nothing is shown on the host.
    package var host: HostConnection?
    /// Nil where open pull requests are not planned.
    package var proposals: ProposalPolicy?
    /// What the host signs its hooks with; nil where none are taken for this environment.
    package var webhookSecret: SecretPlace?
    /// Nil where nobody is told.
    package var notifications: NotificationSettings?
    /// What is odd about them but no mistake.
    package var remarks: [String] = []

    package var name: EnvironmentName { policy.identity.environment }

    /// Every place of a secret but git's own.
    var places: [SecretPlace] {
        [
            host?.token, host?.app?.key, webhookSecret, notifications?.hook?.secret, notifications?.slack?.token,
            notifications?.slackHook,
        ].compactMap { $0 }
    }

    var secrets: [Secret] {
        ([git, notes].compactMap { $0 }).flatMap(\.secrets) + places.compactMap { $0.known?.current }
    }

    var tokens: [RenewableSecret] {
        [git.remote.token, notes?.remote.token].compactMap { $0 } + places.compactMap(\.known)
    }
}

/// How a repository is reached, with a token that may be in Secrets Manager.
package struct GitAccess: Sendable {
    package var remote: GitRemoteSettings
    /// Nil where the credential is in `remote`.
    package var stored: StoredSecret?
    /// The name beside a stored token.
    package var user = ""

    var secrets: [Secret] {
        switch remote.credential {
        case .none: []
        case .basic(_, let password): [password]
        case .bearer(let token): [token]
        case .ssh(let identity):
            if case .text(let key) = identity.key { [key] } else { [] }
        }
    }
}

/// As whom AWS is called.
package struct AWSSettings: Sendable, Hashable {
    /// The role to assume, nil for the credentials as they are found.
    package var role: String?
    package var externalID: String?
    /// A profile of the shared files, nil for the one in force.
    package var profile: String?
}

/// How the git host is reached.
package struct HostConnection: Sendable {
    package var repository: HostRepository
    /// Nil where an App is all there is.
    package var token: SecretPlace?
    /// The name beside the token, for hosts that want one.
    package var user: String?
    package var app: AppSettings?
    package var caFile: String?
    /// Whether the environment's deployments are told, on hosts that list them.
    package var deployments: Bool
}

/// A GitHub App.
package struct AppSettings: Sendable {
    package var id: Int
    /// Nil to ask the host which installation is the repository's.
    package var installation: Int?
    package var key: SecretPlace
}

/// Who is told of what becomes of commits.
package struct NotificationSettings: Sendable {
    package var occasions: Set<NotificationOccasion>
    package var hook: Hook?
    package var slack: Slack?
    /// An incoming webhook of Slack's; its URL is the secret.
    package var slackHook: SecretPlace?

    /// A receiver of signed messages.
    package struct Hook: Sendable {
        package var url: String
        package var secret: SecretPlace
    }

    /// A channel that a bot writes to.
    package struct Slack: Sendable {
        package var channel: String
        package var token: SecretPlace
        /// Slack's own unless the settings name another: that of the government's Slack, say.
        package var apiURL: String
    }

    var isEmpty: Bool { hook == nil && slack == nil && slackHook == nil }
}

/// Everything that is wrong with the settings, each with its place.
package struct SettingsMistakes: Error, Equatable, CustomStringConvertible, Sendable {
    /// `settings.yaml:3:5: 'act' must be …`, in the order in which they were found.
    package let mistakes: [String]

    package var description: String {
        mistakes.count == 1
            ? "The settings cannot be used: \(mistakes[0])"
            : "The settings cannot be used, for \(mistakes.count) reasons:\n"
                + mistakes.map { "  " + $0 }.joined(separator: "\n")
    }
}
