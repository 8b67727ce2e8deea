package import MooringHTTPTransport

/// How results are shown on one git host, for one repository.
package struct HostSettings: Sendable {
    package var repository: HostRepository
    package var credential: Credential
    /// GitHub only: whether the environment's deployments are listed beside the commit's status.
    package var deployments: Bool
    /// Certificates in PEM that replace the system's, nil for the system's.
    package var caFile: String?
    /// How long one call may take.
    package var callTimeout: Duration

    /// As whom the host is called.
    package enum Credential: Sendable {
        /// - Parameters:
        ///   - user: the name beside the token, where the host wants one (Bitbucket Cloud's API tokens); nil sends the token
        ///     alone.
        case token(any TokenSource, user: String?)
        /// GitHub only: an App, which writes check runs instead of statuses.
        case app(GitHubApp)
    }

    package init(
        repository: HostRepository, credential: Credential, deployments: Bool = false, caFile: String? = nil,
        callTimeout: Duration = Limits.callTimeout,
    ) {
        self.repository = repository
        self.credential = credential
        self.deployments = deployments
        self.caFile = caFile
        self.callTimeout = callTimeout
    }
}

/// An App on GitHub.
package struct GitHubApp: Sendable {
    /// The App's number, on its page of settings.
    package var id: Int
    /// Which installation of the App; nil to ask for the one that has the repository.
    package var installation: Int?
    /// In PEM, as GitHub hands it out.
    package var privateKey: any TokenSource

    package init(id: Int, installation: Int? = nil, privateKey: any TokenSource) {
        self.id = id
        self.installation = installation
        self.privateKey = privateKey
    }
}
