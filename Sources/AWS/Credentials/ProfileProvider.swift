import MooringHTTPTransport
package import MooringPorts

/// A profile of the shared files: keys, or a role with the profile or place whose credentials assume it.
///
/// The files are read each time, so that keys renewed by another tool are seen.
package struct ProfileProvider: CredentialsProvider {
    /// Makes a client for STS that signs with what the provider gives, or not at all.
    package typealias STSFactory = @Sendable (_ credentials: (any CredentialsProvider)?) -> any AWSClient

    private let environment: [String: String]
    private let setting: String?
    /// The places that `credential_source` may name.
    private let sources: [String: any CredentialsProvider]
    private let makeSTS: STSFactory

    /// - Parameters:
    ///   - setting: the profile asked for; nil leaves it to `AWS_PROFILE`.
    ///   - sources: by the words of `credential_source`: `Environment`, `Ec2InstanceMetadata`, `EcsContainer`.
    package init(
        environment: [String: String], setting: String?, sources: [String: any CredentialsProvider],
        makeSTS: @escaping STSFactory,
    ) {
        self.environment = environment
        self.setting = setting
        self.sources = sources
        self.makeSTS = makeSTS
    }

    package func credentials() async throws(Failure) -> Credentials? {
        let files = try SharedFiles(environment: environment)
        let name = SharedFiles.profileName(setting: setting, environment: environment)
        if files.profile(name) == nil {
            // A profile that was asked for must exist; `default` need not.
            if name == "default" { return nil }
            throw refusal(name, "there is no such profile.")
        }
        return try await credentials(of: name, files, seen: [])
    }

    private func credentials(
        of name: String, _ files: SharedFiles, seen: [String],
    ) async throws(Failure) -> Credentials? {
        guard seen.count < Limits.profileChain else {
            throw refusal(name, "more than \(Limits.profileChain) roles in a row.")
        }
        guard let profile = files.profile(name) else { throw refusal(name, "there is no such profile.") }
        // A profile may be its own source: its keys then assume its role. Any other circle has no beginning.
        guard let arn = profile.nonEmpty("role_arn"), seen.last != name else { return try keys(of: name, profile) }
        guard !seen.contains(name) else { throw refusal(name, "its source profiles form a circle.") }
        var role = AssumedRole(
            arn: arn, externalID: profile.nonEmpty("external_id"),
            sessionName: profile.nonEmpty("role_session_name") ?? "mooring",
        )
        if let seconds = profile.nonEmpty("duration_seconds").flatMap({ Int($0) }) { role.durationSeconds = seconds }
        if let tokenFile = profile.nonEmpty("web_identity_token_file") {
            return try await WebIdentityProvider(tokenFile: tokenFile, role: role, sts: makeSTS(nil)).credentials()
        }
        let base: Credentials?
        if let source = profile.nonEmpty("source_profile") {
            base = try await credentials(of: source, files, seen: seen + [name])
        } else if let place = profile.nonEmpty("credential_source") {
            guard let provider = sources[place] else {
                throw refusal(name, "credential_source '\(place)' is not known.")
            }
            base = try await provider.credentials()
        } else {
            throw refusal(name, "it has a role_arn and neither source_profile nor credential_source.")
        }
        guard let base else { throw refusal(name, "the source of its role has no credentials.") }
        return try await AssumeRoleProvider(role: role, sts: makeSTS(StaticProvider(base))).credentials()
    }

    private func keys(of name: String, _ profile: [String: String]) throws(Failure) -> Credentials? {
        guard let accessKey = profile.nonEmpty("aws_access_key_id") else { return nil }
        guard let secretKey = profile.nonEmpty("aws_secret_access_key") else {
            throw refusal(name, "it has an aws_access_key_id and no aws_secret_access_key.")
        }
        return Credentials(
            accessKey: accessKey, secretKey: Secret(secretKey),
            sessionToken: profile.nonEmpty("aws_session_token").map(Secret.init), source: "profile \(name)",
        )
    }

    private func refusal(_ name: String, _ cause: String) -> Failure {
        Failure.credentials(from: "the profile '\(name)'", cause, remedy: "Correct the AWS configuration files.")
    }
}
