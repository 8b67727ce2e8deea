/// What a secret looks like, by its name or by itself. Whoever hides values and whoever warns of them asks here.
package enum SecretSigns {
    /// Whether the value of something called `name` is likely to be a secret.
    package static func isSecretName(_ name: String) -> Bool {
        // On bytes, because every variable of every manifest is asked about.
        let plain = name.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): nil
            default: isUpper(byte) ? byte | 0x20 : byte
            }
        }
        return secretWords.contains { holds(plain, $0) }
    }

    private static func holds(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        guard let first = word.first, text.count >= word.count else { return false }
        return (0...text.count - word.count).contains { start in
            text[start] == first && text[start...].starts(with: word)
        }
    }

    private static let secretWords = [
        "password", "passwd", "passphrase", "secret", "token", "apikey", "privatekey", "accesskey", "signingkey",
        "encryptionkey", "masterkey", "licensekey", "credential", "authorization", "cookie", "webhookurl", "sessionkey",
    ].map { Array($0.utf8) }

    /// Whether a variable called `name` shows a secret to whoever reads it.
    ///
    /// Stricter than what is hidden: a warning that is wrong costs trust, a value that is hidden costs nothing. What names
    /// a secret (its ARN, its file, its lifetime) is none.
    package static func isExposed(name: String, value: String) -> Bool {
        if holdsCredentials(value) { return true }
        guard isSecretName(name), !isReference(value) else { return false }
        let name = name.lowercased()
        let words = name.split { $0 == "_" || $0 == "-" || $0 == "." }
        // Whoever knows the address may write to it.
        if name.hasSuffix("webhook_url") || name.hasSuffix("webhookurl") { return true }
        return words.last.map { !namingSuffixes.contains(String($0)) } ?? true
    }

    /// Last words of names whose value is about a secret and none itself.
    private static let namingSuffixes: Set<String> = [
        "arn", "file", "path", "name", "id", "ttl", "url", "uri", "host", "port", "region", "expiry", "expires",
        "timeout",
        "length", "type", "enabled", "provider", "prefix", "domain", "issuer", "audience", "header", "minutes",
        "seconds", "hours", "days",
    ]

    private static func isReference(_ value: String) -> Bool {
        value.hasPrefix("arn:") || value.hasPrefix("/") || value.contains("${") || value.contains("{{")
            || value.hasPrefix("<") || Double(value) != nil
            || ["true", "false", "yes", "no"].contains(value.lowercased())
    }

    /// A key that says what it is, a private key, or an address with a password in it.
    private static func holdsCredentials(_ value: String) -> Bool {
        guard value.utf8.count >= 8 else { return false }
        // No key is shorter, and most values are.
        if value.utf8.count > 64, value.contains("PRIVATE KEY-----") { return true }
        var word: [UInt8] = []
        for byte in value.utf8 {
            if isKeyByte(byte) {
                word.append(byte)
            } else {
                if hasTokenPrefix(word) { return true }
                word.removeAll(keepingCapacity: true)
            }
        }
        return hasTokenPrefix(word) || holdsPassword(value)
    }

    /// `scheme://user:password@host`.
    private static func holdsPassword(_ value: String) -> Bool {
        guard value.utf8.contains(UInt8(ascii: "@")), let separator = value.firstRange(of: "://") else { return false }
        let authority = value[separator.upperBound...].prefix { !"/?#\"' ".contains($0) }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return false
        }
        let password = authority[authority.index(after: colon)..<at]
        return !password.isEmpty && !password.contains("{") && !password.hasPrefix("$")
    }

    private static func hasTokenPrefix(_ word: [UInt8]) -> Bool {
        word.count >= shortestKey && tokenPrefixes.contains { word.starts(with: $0.utf8) }
    }

    /// Whether a key may hold the byte. Inlined, because every byte that is shown is asked about.
    @inlinable
    package static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// How many bytes a key has at least.
    package static let shortestKey = 16

    /// Tokens that say what they are, and long runs of mixed characters that no one would choose as a name.
    package static func isKey(_ word: [UInt8]) -> Bool {
        guard word.count >= shortestKey else { return false }
        if tokenPrefixes.contains(where: { word.starts(with: $0.utf8) }) { return true }
        guard word.count >= 32, word.contains(where: isDigit), word.contains(where: isUpper),
            word.contains(where: isLower)
        else { return false }
        // Names are made of words (`MyCluster/Web-2`), keys change from class to class all the time. A capital before a small
        // letter begins a word and is no change, nor is what follows a hyphen. Half of the neighbours in a random key
        // differ, a fifth in names.
        let changes = zip(word, word.dropFirst()).count { left, right in
            characterClass(left) != characterClass(right) && characterClass(left) != 3
                && !(isUpper(left) && isLower(right))
        }
        return Double(changes) / Double(word.count - 1) > 0.25
    }

    /// GitHub, GitLab, Slack, AWS access keys, Stripe, JSON web tokens, Google, npm.
    private static let tokenPrefixes = [
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "AKIA", "ASIA",
        "sk_live_", "rk_live_", "eyJhbGci", "AIzaSy", "npm_",
    ]

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func characterClass(_ byte: UInt8) -> Int {
        isDigit(byte) ? 0 : isUpper(byte) ? 1 : isLower(byte) ? 2 : 3
    }
}
