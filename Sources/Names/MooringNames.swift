/// The name of an environment; part of refs, contexts and tags, so only what all of them allow.
package struct EnvironmentName: Name {
    package let text: String
    package init(_ text: String) throws(NameError) {
        if text.isEmpty { throw .empty(kind: "environment name") }
        if text.utf8.count > 64 { throw .tooLong(kind: "environment name", text: text, maximum: 64) }
        guard Characters.areWordOrHyphen(text), text.first != "-" else {
            throw .malformed(
                kind: "environment name", text: text,
                expected: "letters, digits, underscores and hyphens, not starting with a hyphen",
            )
        }
        self.text = text
    }
}

/// Who owns a service: `<environment>@<repository id>`. Two repositories may both have a `production`.
package struct EnvironmentIdentity: Name {
    package let environment: EnvironmentName
    package let repositoryID: String

    package var text: String { "\(environment)@\(repositoryID)" }

    package init(environment: EnvironmentName, repositoryID: String) throws(NameError) {
        if repositoryID.isEmpty { throw .empty(kind: "repository id") }
        if repositoryID.utf8.count > 64 { throw .tooLong(kind: "repository id", text: repositoryID, maximum: 64) }
        guard Characters.areWordOrHyphen(repositoryID) else {
            throw .malformed(
                kind: "repository id", text: repositoryID, expected: "letters, digits, underscores and hyphens",
            )
        }
        self.environment = environment
        self.repositoryID = repositoryID
    }

    package init(_ text: String) throws(NameError) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw .malformed(kind: "environment identity", text: text, expected: "environment@repository-id")
        }
        try self.init(environment: try EnvironmentName(String(parts[0])), repositoryID: String(parts[1]))
    }
}

/// A versioned SHA-256 digest: `v1:<64 hexadecimal digits>`.
///
/// The version names the canonical form that was hashed; digests of different versions never compare equal.
package struct Digest: Name {
    package let text: String
    package init(_ text: String) throws(NameError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].first == "v", parts[0].count > 1,
            Characters.areDigits(String(parts[0].dropFirst())), parts[1].utf8.count == 64,
            Characters.areLowercaseHex(String(parts[1]))
        else {
            throw .malformed(kind: "digest", text: text, expected: "v1: and 64 hexadecimal digits")
        }
        self.text = text
    }

    /// The digest of version 1 whose bytes are `hex`.
    package init(version: Int, hex: String) throws(NameError) { try self.init("v\(version):\(hex)") }

    /// Whether both are of one version: those of two differ whatever they are of.
    package func isComparable(to other: Digest) -> Bool {
        text.prefix { $0 != ":" } == other.text.prefix { $0 != ":" }
    }

    /// The first twelve digits behind the version, for people.
    package var short: String { String(text.drop { $0 != ":" }.dropFirst().prefix(12)) }
}

/// The name of a one-off task, unique within its cluster: what other manifests and reports call it.
package struct RunName: Name {
    package let text: String
    package init(_ text: String) throws(NameError) {
        try Characters.checkECSName(text, kind: "name of a one-off task")
        self.text = text
    }
}
