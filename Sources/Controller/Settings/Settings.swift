package import Logging
package import MooringGit
package import MooringHTTPTransport
package import MooringNames
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

    /// Every secret that the settings hold, so that no output shows one.
    package var secrets: [Secret] { environments.flatMap(\.secrets) }

    /// The tokens that are read again when they are refused.
    package var tokens: [RenewableSecret] {
        environments.flatMap { [$0.git.token, $0.github?.token].compactMap { $0 } }
    }
}

package enum LogFormat: String, CaseIterable, Sendable {
    case text, json
}

/// The settings of one environment.
package struct EnvironmentSettings: Sendable {
    package var policy: EnvironmentPolicy
    package var git: GitRemoteSettings
    package var aws: AWSSettings
    /// Nil where no statuses are shown.
    package var github: GitHubSettings?

    package var name: EnvironmentName { policy.identity.environment }

    var secrets: [Secret] {
        var secrets: [Secret] = []
        switch git.credential {
        case .none: break
        case .basic(_, let password): secrets.append(password)
        case .bearer(let token): secrets.append(token)
        case .ssh(let identity):
            if case .text(let key) = identity.key { secrets.append(key) }
        }
        if let github { secrets.append(github.token.current) }
        return secrets
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

/// Where statuses are shown.
package struct GitHubSettings: Sendable {
    package var repository: HostRepository
    package var token: RenewableSecret
    /// Where the token comes from, for advice.
    package var tokenOrigin: String
    package var caFile: String?
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
