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
    case githubRepository = "statuses.github.repository"
    case githubTokenFile = "statuses.github.tokenFile"
    case githubTokenVariable = "statuses.github.tokenVariable"
    case githubAPIURL = "statuses.github.apiURL"
    case githubCAFile = "statuses.github.caFile"

    /// Where the setting stands in the file: `statuses`, `github`, `tokenFile`.
    package var path: [String] { rawValue.split(separator: ".").map(String.init) }

    /// `--github-token-file`
    package var flag: String {
        // Repeated for each cluster, so it names one.
        self == .clusters ? "--cluster" : "--" + words.joined(separator: "-")
    }

    /// `MOORING_GITHUB_TOKEN_FILE`
    package var variable: String { "MOORING_" + words.joined(separator: "_").uppercased() }

    /// The words of the name in lower case, without `statuses`, which would only repeat what `github` says.
    private var words: [String] {
        path.filter { $0 != "statuses" }.flatMap { EnvironmentKey.words(of: $0) }
    }

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
    case githubToken = "MOORING_GITHUB_TOKEN"
}

/// The variables that are no setting of an environment.
enum ProcessVariable: String, CaseIterable {
    case settings = "MOORING_SETTINGS"
    case environment = "MOORING_ENVIRONMENT"
    case data = "MOORING_DATA"
    case logFormat = "MOORING_LOG_FORMAT"
    case logLevel = "MOORING_LOG_LEVEL"
}
