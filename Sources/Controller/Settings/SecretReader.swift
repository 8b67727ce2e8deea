import Foundation
import MooringGit
import MooringHTTPTransport
import MooringPresentation

/// Finds tokens and keys, and says where each came from. Their texts go into `Secret` and nowhere else.
struct SecretReader {
    let layers: SettingsLayers

    var mistakes: MistakeList { layers.mistakes }

    /// How the repository is reached.
    func git(for address: GitAddress) -> GitAccess {
        let ca = existingFile(.gitCAFile)
        switch address.place {
        case .local: return GitAccess(remote: GitRemoteSettings(address: address))
        case .ssh(let place):
            let (credential, origin) = ssh(host: place.host)
            return GitAccess(
                remote: GitRemoteSettings(address: address, credential: credential, credentialOrigin: origin))
        case .http:
            let token = place(.gitTokenFile, .gitTokenVariable, .gitTokenSecret, own: .gitToken)
            return https(address, token: token, caFile: ca)
        }
    }

    /// How notes are fetched and pushed, where they have a token of their own; nil where they go the source's way.
    func notes(for address: GitAddress) -> GitAccess? {
        guard let token = place(.gitNotesTokenFile, .gitNotesTokenVariable, .gitNotesTokenSecret, own: .gitNotesToken)
        else { return nil }
        guard case .http = address.place else {
            mistakes.add(
                layers.place,
                "'git.notesToken…' is for repositories over https. Over ssh, the key is for notes as well.")
            return nil
        }
        return https(address, token: token, caFile: existingFile(.gitCAFile))
    }

    private func https(_ address: GitAddress, token: SecretPlace?, caFile: String?) -> GitAccess {
        guard let token else { return GitAccess(remote: GitRemoteSettings(address: address, caFile: caFile)) }
        // Hosts take any name beside a token; GitHub documents this one for its apps.
        let user = layers.text(.gitUsername)?.text ?? "x-access-token"
        // One in Secrets Manager is put in before the repository is first asked.
        let password = token.known?.current ?? Secret("")
        var settings = GitRemoteSettings(
            address: address, credential: .basic(user: user, password: password), credentialOrigin: token.origin,
            caFile: caFile)
        settings.token = token.known
        guard case .stored(let secret) = token.content else { return GitAccess(remote: settings) }
        return GitAccess(remote: settings, stored: secret, user: user)
    }

    private func ssh(host: String) -> (GitCredential, origin: String?) {
        let knownHosts = existingFile(.gitKnownHostsFile)
        let missing = "Git over ssh needs a key ('git.sshKeyFile' or 'git.sshKeyVariable') and the keys of '\(host)' "
        var key: (SSHIdentity.Key, String)?
        if let file = layers.text(.gitSSHKeyFile) {
            if case .success? = read(file) { key = (.file(path: absolute(file.text)), file.place) }
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
        return (.ssh(SSHIdentity(key: key.0, knownHosts: .file(path: absolute(knownHosts)))), key.1)
    }

    /// From the root: libssh2 looks elsewhere for what is not.
    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    // MARK: Parts

    /// Where a secret is: in a file, in a variable, in Secrets Manager, or in the variable that is for it alone.
    func place(
        _ file: EnvironmentKey, _ named: EnvironmentKey, _ stored: EnvironmentKey, own: SecretVariable,
    ) -> SecretPlace? {
        // What is said nearer to the environment wins; two places side by side are one too many.
        let places = [file, named, stored].compactMap { key in layers.text(key).map { (key: key, source: $0) } }
        let nearest = places.map(\.source.layer).min()
        let given = places.filter { $0.source.layer == nearest }
        if given.count > 1 {
            let keys = given.map { "'\($0.key.rawValue)'" }
            mistakes.add(
                given[1].source, "\(keys.joined(separator: " and ")) both say where the secret is. Leave one of them.")
            return nil
        }
        func text(_ key: EnvironmentKey) -> Sourced? { given.first { $0.key == key }?.source }
        if let path = text(file) {
            guard case .success(let text)? = read(path) else { return nil }
            return SecretPlace(
                origin: "the file \(path.text) (\(path.place))",
                content: .known(SecretReader.renewable(text, path.text)))
        }
        // The variables of a process do not change.
        if let name = text(named) {
            return variable(name).map { found in
                SecretPlace(origin: found.origin, content: .known(RenewableSecret(found.secret) { nil }))
            }
        }
        if let arn = text(stored) {
            guard let secret = StoredSecret(arn.text) else {
                mistakes.add(arn, "'\(stored.rawValue)' must be the ARN of a secret: \(StoredSecret.form).")
                return nil
            }
            return SecretPlace(origin: "the secret \(secret.arn) (\(arn.place))", content: .stored(secret))
        }
        return layers.secret(own).map { text in
            SecretPlace(
                origin: "the variable \(own.rawValue)",
                content: .known(RenewableSecret(Secret(trimmed(text))) { nil }))
        }
    }

    /// Whether the settings name a place for the secret, whether or not it can be read.
    func names(_ keys: EnvironmentKey...) -> Bool { keys.contains { layers.text($0) != nil } }

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
            guard SecretReader.isVariableName(source.text) else {
                mistakes.add(
                    source,
                    "This must be the name of a variable that holds the secret, not the secret itself. If it is one, take it out of "
                        + "here and make a new one.")
                return nil
            }
            mistakes.add(source, "The variable '\(source.text.prefix(80))' is not set or empty.")
            return nil
        }
        return (Secret(trimmed(text) + (lastLineBreak ? "\n" : "")), "the variable \(source.text)")
    }

    /// Whether a text can be a variable's name, and is not what tokens look like.
    private static func isVariableName(_ text: String) -> Bool {
        let isWord = text.utf8.allSatisfy { byte in
            (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "_")
        }
        return isWord && Masking.masked(text) == text
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
    func existingFile(_ key: EnvironmentKey) -> String? {
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
