import MooringGit
import MooringHTTPTransport
import MooringReporting

/// Finds tokens and keys, and says where each came from. Their texts go into `Secret` and nowhere else.
struct SecretReader {
    let layers: SettingsLayers

    private var mistakes: MistakeList { layers.mistakes }

    /// How the repository is reached.
    func git(for address: GitAddress) -> GitRemoteSettings {
        let ca = existingFile(.gitCAFile)
        switch address.place {
        case .local: return GitRemoteSettings(address: address)
        case .ssh(let place):
            let (credential, origin) = ssh(host: place.host)
            return GitRemoteSettings(address: address, credential: credential, credentialOrigin: origin)
        case .http:
            guard let token = secret(file: .gitTokenFile, variable: .gitTokenVariable, own: .gitToken) else {
                return GitRemoteSettings(address: address, caFile: ca)
            }
            // Hosts take any name beside a token; GitHub documents this one for its apps.
            let user = layers.text(.gitUsername)?.text ?? "x-access-token"
            var settings = GitRemoteSettings(
                address: address, credential: .basic(user: user, password: token.secret.current),
                credentialOrigin: token.origin, caFile: ca)
            settings.token = token.secret
            return settings
        }
    }

    private func ssh(host: String) -> (GitCredential, origin: String?) {
        let knownHosts = existingFile(.gitKnownHostsFile)
        let missing = "Git over ssh needs a key ('git.sshKeyFile' or 'git.sshKeyVariable') and the keys of '\(host)' "
        var key: (SSHIdentity.Key, String)?
        if let file = layers.text(.gitSSHKeyFile) {
            if case .success? = read(file) { key = (.file(path: file.text), file.place) }
        } else if let named = layers.text(.gitSSHKeyVariable) {
            key = variable(named, lastLineBreak: true).map { (.text($0.secret), $0.origin) }
        } else if let text = layers.secret(.gitSSHKey) {
            key = (.text(Secret(trimmed(text) + "\n")), "the variable \(SecretVariable.gitSSHKey.rawValue)")
        } else {
            mistakes.add(layers.place, missing + "('git.knownHostsFile'); no key is given.")
        }
        if knownHosts == nil, layers.text(.gitKnownHostsFile) == nil {
            mistakes.add(
                layers.place,
                missing + "('git.knownHostsFile'); no file of known hosts is given. "
                    + "'ssh-keyscan \(host)' makes one; compare it with what the host publishes.")
        }
        guard let key, let knownHosts else { return (.none, nil) }
        return (.ssh(SSHIdentity(key: key.0, knownHosts: .file(path: knownHosts))), key.1)
    }

    /// Where statuses are shown; nil where the settings do not ask for it.
    func github(for address: GitAddress) -> GitHubSettings? {
        let token = secret(file: .githubTokenFile, variable: .githubTokenVariable, own: .githubToken)
        let apiURL = layers.text(.githubAPIURL)
        let isAsked = layers.hasMap(["statuses", "github"]) || apiURL != nil
        guard let token else {
            let keys: [EnvironmentKey] = [.githubTokenFile, .githubTokenVariable]
            if isAsked, !keys.contains(where: { layers.text($0) != nil }) {
                mistakes.add(
                    layers.place,
                    "Statuses on GitHub need a token: 'statuses.github.tokenFile', 'statuses.github.tokenVariable' or "
                        + "\(SecretVariable.githubToken.rawValue).")
            }
            return nil
        }
        if let apiURL, !apiURL.text.hasPrefix("https://"), !apiURL.text.hasPrefix("http://") {
            mistakes.add(apiURL, "'statuses.github.apiURL' must be an http or https URL.")
            return nil
        }
        var (host, path) = RepositoryIdentity.hostAndPath(of: address)
        // An Enterprise Server may listen on another port; the API is behind the same one.
        if case .http(let url) = address.place { host = RepositoryIdentity.authorityAndPath(of: url).authority }
        if let named = layers.text(.githubRepository) { path = named.text }
        if case .local = address.place { host = "github.com" }
        guard let repository = HostRepository(kind: .github, host: host, path: path, apiURL: apiURL?.text) else {
            mistakes.add(
                layers.place,
                "Statuses on GitHub need a repository of the form https://github.com/owner/name, or its name as "
                    + "'statuses.github.repository'.")
            return nil
        }
        return GitHubSettings(
            repository: repository, token: token.secret, tokenOrigin: token.origin, caFile: existingFile(.githubCAFile))
    }

    // MARK: Parts

    private func secret(
        file: EnvironmentKey, variable name: EnvironmentKey, own: SecretVariable,
    ) -> (secret: RenewableSecret, origin: String)? {
        if let path = layers.text(file) {
            guard case .success(let text)? = read(path) else { return nil }
            return (SecretReader.renewable(text, path.text), "the file \(path.text) (\(path.place))")
        }
        // The variables of a process do not change.
        if let named = layers.text(name) {
            return variable(named).map { (RenewableSecret($0.secret) { nil }, $0.origin) }
        }
        return layers.secret(own).map { text in
            (RenewableSecret(Secret(trimmed(text))) { nil }, "the variable \(own.rawValue)")
        }
    }

    /// A token that is read from its file again when it is refused.
    private static func renewable(_ text: String, _ path: String) -> RenewableSecret {
        RenewableSecret(Secret(text)) {
            guard case .success(let bytes) = SmallFile.read(path, limit: Limits.secretBytes) else { return nil }
            return Secret(trimmed(String(decoding: bytes, as: UTF8.self)))
        }
    }

    /// - Parameter lastLineBreak: keys must end with one.
    private func variable(_ source: Sourced, lastLineBreak: Bool = false) -> (secret: Secret, origin: String)? {
        guard let text = layers.variables[source.text], !trimmed(text).isEmpty else {
            mistakes.add(source, "The variable '\(source.text.prefix(80))' is not set or empty.")
            return nil
        }
        return (Secret(trimmed(text) + (lastLineBreak ? "\n" : "")), "the variable \(source.text)")
    }

    private func read(_ source: Sourced) -> Result<String, SmallFile.Trouble>? {
        switch SmallFile.read(source.text, limit: Limits.secretBytes) {
        case .failure(let trouble):
            mistakes.add(source, "The file '\(source.text)' cannot be read: \(trouble.description)")
            return nil
        case .success(let bytes):
            let text = trimmed(String(decoding: bytes, as: UTF8.self))
            guard !text.isEmpty else {
                mistakes.add(source, "The file '\(source.text)' is empty.")
                return nil
            }
            return .success(text)
        }
    }

    /// The path of a file that only has to be there.
    private func existingFile(_ key: EnvironmentKey) -> String? {
        guard let source = layers.text(key) else { return nil }
        switch SmallFile.read(source.text, limit: Limits.settingsBytes) {
        case .success: return source.text
        case .failure(let trouble):
            mistakes.add(source, "The file '\(source.text)' cannot be read: \(trouble.description)")
            return nil
        }
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private func trimmed(_ text: String) -> String { SecretReader.trimmed(text) }
}
