import MooringCryptography
import MooringGit
import MooringHTTPTransport
import MooringPorts
import MooringReconciliation
import MooringReporting

/// Reads where results are shown: the git host, its pull requests, its webhooks.
struct HostReader {
    let layers: SettingsLayers
    let secrets: SecretReader

    private var mistakes: MistakeList { layers.mistakes }

    /// The repository on its host; nil where the address is on no host that is known and nobody says which it is.
    ///
    /// - Parameter isNeeded: whether it is a mistake that it cannot be told.
    func repository(for address: GitAddress, isNeeded: Bool) -> HostRepository? {
        var kind: HostKind?
        if let source = layers.text(.hostKind) {
            kind = HostKind(named: source.text)
            if kind == nil {
                let kinds = HostKind.allCases.map(\.rawValue).joined(separator: ", ")
                mistakes.add(source, "'host.kind' must be one of \(kinds), not '\(source.text.prefix(40))'.")
                return nil
            }
        }
        let apiURL = layers.text(.hostAPIURL)
        if let apiURL, !apiURL.text.hasPrefix("https://"), !apiURL.text.hasPrefix("http://") {
            mistakes.add(apiURL, "'host.apiURL' must be an http or https URL.")
            return nil
        }
        var (host, path) = RepositoryIdentity.hostAndPath(of: address)
        // A host of one's own may listen on another port; its API is behind the same one.
        if case .http(let url) = address.place { host = RepositoryIdentity.authorityAndPath(of: url).authority }
        if let named = layers.text(.hostRepository) { path = named.text }
        do throws(HostRepository.Mistake) {
            return try HostRepository.read(kind: kind, host: host, path: path, apiURL: apiURL?.text)
        } catch {
            if isNeeded || kind != nil {
                mistakes.add(
                    layers.place,
                    "\(error.description) ('host.kind', 'host.repository' and 'host.apiURL' say what the address does not.)"
                )
            }
            return nil
        }
    }

    /// How the host is reached; nil where no credential for it is given.
    func connection(for address: GitAddress) -> HostConnection? {
        let tokenKeys: [EnvironmentKey] = [.hostTokenFile, .hostTokenVariable, .hostTokenSecret]
        let app = app()
        let token = secrets.place(.hostTokenFile, .hostTokenVariable, .hostTokenSecret, own: .hostToken)
        guard token != nil || app != nil else {
            let isNamed = tokenKeys.contains { layers.text($0) != nil } || layers.text(.hostAppId) != nil
            if layers.hasMap(["host"]), !isNamed, layers.fileValue(.hostKind) == nil {
                mistakes.add(
                    layers.place,
                    "Results on the git host need a token: 'host.tokenFile', 'host.tokenVariable', 'host.tokenSecret' or "
                        + "\(SecretVariable.hostToken.rawValue).")
            }
            return nil
        }
        guard let repository = repository(for: address, isNeeded: true) else { return nil }
        if app != nil, repository.kind != .github {
            mistakes.add(layers.place, "'host.appId' is for GitHub, and the repository is on \(repository.kind.title).")
            return nil
        }
        if let user = layers.text(.hostUser), [.github, .gitlab, .gitea].contains(repository.kind) {
            mistakes.add(user, "\(repository.kind.title) takes a token alone. Leave 'host.user' out.")
        }
        return HostConnection(
            repository: repository, token: token, user: layers.text(.hostUser)?.text, app: app,
            caFile: secrets.existingFile(.hostCAFile), deployments: flag(.hostDeployments, default: true))
    }

    private func app() -> AppSettings? {
        guard let id = layers.text(.hostAppId) else {
            for key in [EnvironmentKey.hostAppKeyFile, .hostAppKeyVariable, .hostAppKeySecret, .hostAppInstallation] {
                if let given = layers.text(key) { mistakes.add(given, "'\(key.rawValue)' needs 'host.appId'.") }
            }
            return nil
        }
        guard let key = secrets.place(.hostAppKeyFile, .hostAppKeyVariable, .hostAppKeySecret, own: .hostAppKey) else {
            if !secrets.names(.hostAppKeyFile, .hostAppKeyVariable, .hostAppKeySecret) {
                mistakes.add(
                    id,
                    "A GitHub App needs its private key: 'host.appKeyFile', 'host.appKeyVariable', 'host.appKeySecret' or "
                        + "\(SecretVariable.hostAppKey.rawValue).")
            }
            return nil
        }
        if let pem = key.known?.current, !RS256.isKey(pem.revealed) {
            mistakes.add(
                id,
                "The App's private key in \(key.origin) cannot be used: it must be an RSA key in PEM without a passphrase, as "
                    + "GitHub hands it out.")
        }
        guard let number = Int(id.text) else {
            mistakes.add(id, "'host.appId' must be the App's number, not '\(id.text.prefix(40))'.")
            return nil
        }
        var installation: Int?
        if let source = layers.text(.hostAppInstallation) {
            installation = Int(source.text)
            if installation == nil { mistakes.add(source, "'host.appInstallation' must be a number.") }
        }
        return AppSettings(id: number, installation: installation, key: key)
    }

    /// What is planned of open pull requests; nil where nothing is.
    func proposals(of repository: HostRepository) -> ProposalPolicy? {
        guard flag(.pullRequestsPlan, default: true) else { return nil }
        var policy = ProposalPolicy()
        policy.plansForks = flag(.pullRequestsForks, default: false)
        policy.comments = flag(.pullRequestsComment, default: true)
        policy.hasMergeQueue = repository.kind == .github
        policy.hasMergeTrains = repository.kind == .gitlab
        return policy
    }

    /// What hooks of this repository are signed with; nil where none are taken.
    func webhookSecret() -> SecretPlace? {
        secrets.place(.webhookSecretFile, .webhookSecretVariable, .webhookSecretSecret, own: .webhookSecret)
    }

    func flag(_ key: EnvironmentKey, default standard: Bool) -> Bool {
        guard let source = layers.text(key) else { return standard }
        switch source.text {
        case "true": return true
        case "false": return false
        default:
            mistakes.add(source, "'\(key.rawValue)' must be true or false, not '\(source.text.prefix(40))'.")
            return standard
        }
    }
}
