package import MooringHTTPTransport
package import MooringModel
package import MooringPorts

/// What proves to AWS who calls.
package struct Credentials: Equatable, Sendable {
    package let accessKey: String
    package let secretKey: Secret
    /// Present with credentials that expire.
    package let sessionToken: Secret?
    /// Nil where they do not expire.
    package let expiresAt: Timestamp?
    /// Where they come from, for people: `environment`, `task role`.
    package let source: String
    /// Expired ones are used all the same: the metadata service hands such out while it is in trouble itself.
    package let mayOutliveExpiry: Bool

    package init(
        accessKey: String, secretKey: Secret, sessionToken: Secret? = nil, expiresAt: Timestamp? = nil, source: String,
        mayOutliveExpiry: Bool = false,
    ) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.expiresAt = expiresAt
        self.source = source
        self.mayOutliveExpiry = mayOutliveExpiry
    }
}

/// A place that credentials may come from.
package protocol CredentialsProvider: Sendable {
    /// Gets credentials, fresh ones where they expire.
    ///
    /// - Returns: nil where nothing is configured here, so that the next place is asked.
    /// - Throws: where something is configured and does not work: falling back to other credentials would act as someone
    ///   else than the user meant.
    func credentials() async throws(Failure) -> Credentials?
}

/// The first place with credentials wins.
package struct ProviderChain: CredentialsProvider {
    private let providers: [any CredentialsProvider]

    package init(_ providers: [any CredentialsProvider]) { self.providers = providers }

    package func credentials() async throws(Failure) -> Credentials? {
        for provider in providers {
            if let found = try await provider.credentials() { return found }
        }
        return nil
    }
}

/// Always the same credentials.
package struct StaticProvider: CredentialsProvider {
    private let fixed: Credentials

    package init(_ credentials: Credentials) { fixed = credentials }

    package func credentials() async throws(Failure) -> Credentials? { fixed }
}

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
package struct EnvironmentProvider: CredentialsProvider {
    private let environment: [String: String]

    package init(environment: [String: String]) { self.environment = environment }

    package func credentials() async throws(Failure) -> Credentials? {
        guard let accessKey = environment.nonEmpty("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secretKey = environment.nonEmpty("AWS_SECRET_ACCESS_KEY") else {
            throw Failure.credentials(
                from: "the environment", "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not.",
                remedy: "Set both, or neither.",
            )
        }
        return Credentials(
            accessKey: accessKey, secretKey: Secret(secretKey),
            sessionToken: environment.nonEmpty("AWS_SESSION_TOKEN").map(Secret.init), source: "environment",
        )
    }
}

extension [String: String] {
    /// The value of a variable that is set to something.
    func nonEmpty(_ name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }
}

extension Failure {
    /// Credentials that are configured and cannot be had.
    static func credentials(
        from place: String, _ cause: String, remedy: String = "", code: Code = .unauthenticated,
        disposition: Disposition = .stalled,
    ) -> Failure {
        Failure(
            code: code, subject: "from \(place)", tried: "get AWS credentials", cause: cause, remedy: remedy,
            disposition: disposition,
        )
    }
}
