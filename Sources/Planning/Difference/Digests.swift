import MooringCryptography
package import MooringNames
package import MooringShapes

/// The digest of a task definition's content.
package enum TaskDefinitionDigest {
    /// The digest of a coerced input of RegisterTaskDefinition. Equal for all spellings of one content; tags do not
    /// take part.
    package static func digest(of wanted: Value) -> Digest {
        DigestVersion1.digest(of: form(of: wanted))
    }

    /// What is hashed.
    static func form(of wanted: Value) -> Value {
        let content = TaskDefinitionDifference.content(of: wanted)
        return CanonicalForm(of: content).form(of: content, by: .structure(TaskDefinitionRules.root)) ?? .map([])
    }
}

/// The digest of what is wanted of a service.
package enum ServiceDigest {
    /// The digest of a coerced input of CreateService, or of the part of it that is given. Equal for all spellings.
    package static func digest(of wanted: Value) -> Digest {
        DigestVersion1.digest(of: form(of: wanted))
    }

    /// What is hashed: everything but what only steers a single call.
    static func form(of wanted: Value) -> Value {
        guard let members = wanted.members else { return .map([]) }
        let content = Value(.map(members.filter { !steering.contains($0.name) }))
        return CanonicalForm(of: content).form(of: content, by: .structure(ServiceRules.root)) ?? .map([])
    }

    private static let steering: Set<String> = ["clientToken", "forceNewDeployment"]
}

/// Version 1: SHA-256 over the canonical JSON of the canonical form.
///
/// A change of the rules that gives a document another form is a new version, so that no digest of the old form is ever
/// taken for one of the new.
enum DigestVersion1 {
    /// The digest of a canonical form.
    static func digest(of form: Value) -> Digest {
        let hex = SHA256.hex(of: JSONWriter(.canonical).text(of: form).utf8)
        do {
            return try Digest(version: 1, hex: hex)
        } catch {
            // SHA-256 has 64 hexadecimal digits: there is no input for which this is reached.
            preconditionFailure("\(error)")
        }
    }
}
