package import MooringPorts
import MooringShapes

/// A role to become, and how.
package struct AssumedRole: Equatable, Sendable {
    package var arn: String
    package var externalID: String?
    /// What CloudTrail shows; 2 to 64 characters of `[A-Za-z0-9_+=,.@-]`.
    package var sessionName: String
    package var durationSeconds: Int

    package init(
        arn: String, externalID: String? = nil, sessionName: String = "mooring",
        durationSeconds: Int = Limits.assumedRoleSeconds,
    ) {
        self.arn = arn
        self.externalID = externalID
        self.sessionName = sessionName
        self.durationSeconds = durationSeconds
    }

    /// `text` with everything that a session name may not hold replaced.
    package static func sessionName(from text: String) -> String {
        let allowed = text.map { character in
            character.isASCII && (character.isLetter || character.isNumber || "_+=,.@-".contains(character))
                ? character : "-"
        }
        let name = String(allowed.prefix(64))
        return name.count < 2 ? "mooring" : name
    }

    var input: Value {
        .map(present: [
            ("RoleArn", .string(arn)), ("RoleSessionName", .string(AssumedRole.sessionName(from: sessionName))),
            ("DurationSeconds", .integer(durationSeconds)), ("ExternalId", externalID.map(Value.string)),
        ])
    }
}

/// Becomes a role with the credentials of a client for STS.
package struct AssumeRoleProvider: CredentialsProvider {
    private let role: AssumedRole
    private let sts: any AWSClient

    /// - Parameter sts: a client with the credentials that may assume the role, in the region whose STS is asked.
    package init(role: AssumedRole, sts: any AWSClient) {
        self.role = role
        self.sts = sts
    }

    package func credentials() async throws(Failure) -> Credentials? {
        let answer = try await sts.call(APICall(.sts, "AssumeRole", role.input))
        return try CredentialsDocument.credentials(sts: answer["Credentials"], source: "role \(role.arn)")
    }
}

/// Trades the token in a file for a role: IRSA on EKS, OIDC in CI. The file is read each time, for it is replaced.
package struct WebIdentityProvider: CredentialsProvider {
    private let tokenFile: String
    private let role: AssumedRole
    private let sts: any AWSClient

    /// - Parameter sts: a client without credentials: this call is not signed.
    package init(tokenFile: String, role: AssumedRole, sts: any AWSClient) {
        self.tokenFile = tokenFile
        self.role = role
        self.sts = sts
    }

    /// As `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and `AWS_ROLE_SESSION_NAME` say; nil where they say nothing.
    package init?(environment: [String: String], sts: any AWSClient) {
        guard let file = environment.nonEmpty("AWS_WEB_IDENTITY_TOKEN_FILE"),
            let arn = environment.nonEmpty("AWS_ROLE_ARN")
        else { return nil }
        self.init(
            tokenFile: file,
            role: AssumedRole(arn: arn, sessionName: environment.nonEmpty("AWS_ROLE_SESSION_NAME") ?? "mooring"),
            sts: sts,
        )
    }

    package func credentials() async throws(Failure) -> Credentials? {
        guard let bytes = try SmallFile.read(tokenFile) else {
            throw Failure.credentials(from: "web identity", "the token file '\(tokenFile)' does not exist.")
        }
        var token = String(decoding: bytes, as: UTF8.self)
        while token.last?.isWhitespace == true { token.removeLast() }
        var input = role.input
        input["WebIdentityToken"] = .string(token)
        let answer = try await sts.call(APICall(.sts, "AssumeRoleWithWebIdentity", input))
        return try CredentialsDocument.credentials(sts: answer["Credentials"], source: "web identity \(role.arn)")
    }
}
