package import MooringHTTPTransport

/// One way to reach a repository: its address and what it takes to get in.
package struct GitRemoteSettings: Sendable {
    package var address: GitAddress
    package var credential: GitCredential
    /// The token of `credential` where it can be read again, for https: what is sent is what it holds now.
    package var token: RenewableSecret?
    /// Where the credential comes from, for advice: `MOORING_GIT_TOKEN`, `git.tokenFile`.
    package var credentialOrigin: String?
    /// A file of certificates in PEM that replaces the system's, for https.
    package var caFile: String?
    package var deadlines = GitDeadlines()
    /// Bytes that one fetch may receive.
    package var receivedBytes = Limits.receivedBytes

    /// - Parameter credential: `.none` takes what stands in the URL, if anything does.
    package init(
        address: GitAddress, credential: GitCredential = .none, credentialOrigin: String? = nil, caFile: String? = nil,
    ) {
        self.address = address
        self.credentialOrigin = credentialOrigin
        self.caFile = caFile
        if case .none = credential, let embedded = address.embedded, let password = embedded.password {
            self.credential = .basic(user: embedded.user, password: password)
            self.credentialOrigin = credentialOrigin ?? "the repository's URL"
        } else {
            self.credential = credential
        }
    }
}

/// How Mooring proves who it is to a git server.
package enum GitCredential: Sendable {
    case none
    /// For https; hosts take a token as the password, and most of them any user name.
    case basic(user: String, password: Secret)
    case bearer(Secret)
    case ssh(SSHIdentity)
}

/// What an ssh connection needs on our side: a key to show and the keys that the host may show.
package struct SSHIdentity: Sendable {
    package var key: Key
    package var knownHosts: KnownHosts

    package enum Key: Sendable {
        /// A private key without a passphrase, readable by us alone.
        case file(path: String)
        /// The key itself; written to a private folder for as long as a connection lasts.
        case text(Secret)
    }

    package enum KnownHosts: Sendable {
        case file(path: String)
        /// Lines as in a known-hosts file.
        case text(String)
    }

    package init(key: Key, knownHosts: KnownHosts) {
        self.key = key
        self.knownHosts = knownHosts
    }
}

/// How long each part of an exchange may take.
package struct GitDeadlines: Hashable, Sendable {
    /// Name, connection and encryption together.
    package var connect: Duration
    /// How long nothing may come from the server. Servers send something every five seconds while they work.
    package var stall: Duration
    /// Asking for the refs.
    package var list: Duration
    /// A whole fetch or push.
    package var transfer: Duration

    package init(
        connect: Duration = .seconds(10), stall: Duration = .seconds(30), list: Duration = .seconds(60),
        transfer: Duration = .seconds(600),
    ) {
        self.connect = connect
        self.stall = stall
        self.list = list
        self.transfer = transfer
    }
}
