package import MooringHTTPTransport
package import MooringNames

/// Where a secret is.
package struct SecretPlace: Sendable {
    /// For advice: `the variable MOORING_HOST_TOKEN`, `the file /run/token (settings.yaml:3:5)`.
    package let origin: String
    package let content: Content

    package enum Content: Sendable {
        /// It was read, from a variable or a file.
        case known(RenewableSecret)
        /// It is read from AWS Secrets Manager when it is first needed.
        case stored(StoredSecret)
    }

    /// The secret as it was read with the settings; nil where it is in Secrets Manager.
    package var known: RenewableSecret? {
        if case .known(let secret) = content { return secret }
        return nil
    }
}

/// A secret in AWS Secrets Manager, named as ECS names one in `valueFrom`: the ARN, behind it where wanted the key of a JSON
/// secret, the version's stage and its id.
///
/// Source: Amazon ECS developer guide, "Pass Secrets Manager secrets through Amazon ECS environment variables".
package struct StoredSecret: Hashable, Sendable {
    package let arn: String
    package let region: Region
    package let jsonKey: String?
    package let versionStage: String?
    package let versionID: String?

    /// - Returns: nil where the text is no ARN of a secret.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 7 || parts.count == 10, parts[0] == "arn", parts[2] == "secretsmanager",
            let region = try? Region(parts[3]), parts[4].utf8.count == 12, parts[5] == "secret", !parts[6].isEmpty
        else { return nil }
        arn = parts[..<7].joined(separator: ":")
        self.region = region
        func part(_ index: Int) -> String? { parts.count > index && !parts[index].isEmpty ? parts[index] : nil }
        jsonKey = part(7)
        versionStage = part(8)
        versionID = part(9)
    }

    /// The form, for advice.
    package static let form =
        "arn:aws:secretsmanager:<region>:<account>:secret:<name>, and behind it :<json-key>:<version-stage>:<version-id> "
        + "where only a part is meant"
}
