import MooringAWS
import MooringGit
package import MooringHTTPTransport
import MooringNames
package import MooringNotifying
package import MooringPorts
import MooringPresentation
package import MooringReconciliation
import MooringReporting
import Synchronization

/// Makes the outside of each environment, and shares what is shared: the HTTP client, mirrors, credentials, budgets.
package final class Assembly: Sendable {
    private let dataFolder: String
    private let variables: [String: String]
    let clock = SystemClock()
    let http: HTTPClient
    private let awsFiles: SharedFiles
    private let log: @Sendable (String) -> Void
    private let late: LateSecrets
    private let shared = Mutex(SharedParts())

    private struct SharedParts {
        var mirrors: [String: GitMirror] = [:]
        var credentials: [String: CachingCredentials] = [:]
        var budgets: [String: SharedBudget] = [:]
        var gates: [String: HostGate] = [:]
    }

    /// - Parameters:
    ///   - variables: the process's environment, for AWS's own variables.
    ///   - late: told of the secrets that are read later than the settings.
    ///   - log: told of what a shell puts right by itself.
    package init(
        dataFolder: String, variables: [String: String], late: LateSecrets = LateSecrets(),
        log: @escaping @Sendable (String) -> Void,
    ) throws(Failure) {
        self.late = late
        self.dataFolder = dataFolder
        self.variables = variables
        self.log = log
        do throws(HTTPError) {
            http = try HTTPClient()
        } catch {
            throw error.failure(tried: "start")
        }
        awsFiles = try SharedFiles(environment: variables)
    }

    /// The outside of one environment. Secrets that are kept in Secrets Manager are read now.
    package func parts(of environment: EnvironmentSettings) async throws(Failure) -> EnvironmentParts {
        let aws = aws(of: environment)
        let git = try await mirror(of: environment)
        let host = host(of: environment)
        let identity = environment.policy.identity
        let ports = EnvironmentPorts(
            git: git, aws: aws, status: host,
            outbox: FileOutbox(
                folder: "\(dataFolder)/outbox/\(identity.environment)@\(identity.repositoryID)", onCorrupt: log),
            clock: clock)
        var parts = EnvironmentParts(ports: ports)
        let log = log
        parts.notifications = notifications(of: environment) { log("\($0)") }
        if let policy = environment.proposals, let host {
            parts.proposals = ProposalPorts(repository: git, aws: aws, host: host, clock: clock)
            parts.proposalPolicy = policy
        }
        return parts
    }

    /// The repository of one environment, to be read and committed to.
    package func repository(of environment: EnvironmentSettings) async throws(Failure) -> any WritableRepository {
        try await mirror(of: environment)
    }

    /// The ECS task that this process runs in; nil where it runs elsewhere.
    package func ownTask() async throws(Failure) -> OwnTask? {
        try await OwnTask.read(variables: variables, http: http)
    }

    // MARK: Git

    /// The repository around a working folder, for what git said before.
    package func workingCopy(at folder: String) -> any WorkingFolderHistory {
        WorkingCopy(folder: folder, clock: clock)
    }

    /// One mirror for each repository and credential; environments of one repository share it.
    private func mirror(of environment: EnvironmentSettings) async throws(Failure) -> GitMirror {
        let source = try await remote(environment.git, of: environment)
        var notes: GitRemoteSettings?
        if let access = environment.notes { notes = try await remote(access, of: environment) }
        let address = source.address
        let origins = "\(source.credentialOrigin ?? "")\n\(notes?.credentialOrigin ?? "")"
        let id = RepositoryIdentity.id(of: address, folder: nil)
        let key = "\(address)\n\(origins)\n\(source.caFile ?? "")"
        return shared.withLock { shared in
            if let mirror = shared.mirrors[key] { return mirror }
            // Two ways into one repository, by different credentials, do not share what each may see.
            let others = shared.mirrors.keys.count { $0.hasPrefix("\(address)\n") }
            let mirror = GitMirror(
                folder: "\(dataFolder)/mirrors/\(id)\(others > 0 ? "-\(others + 1)" : "").git",
                settings: GitMirror.Settings(source: source, notes: notes), clock: clock,
                randomFraction: { Double.random(in: 0..<1) },
                merge: { NoteDocument.merge(existing: $0, ours: $1) })
            shared.mirrors[key] = mirror
            return mirror
        }
    }

    private func remote(
        _ access: GitAccess, of environment: EnvironmentSettings,
    ) async throws(Failure) -> GitRemoteSettings {
        guard let stored = access.stored else { return access.remote }
        var remote = access.remote
        let token = try await secretsManager(stored, environment).renewable(stored)
        remote.token = token
        remote.credential = .basic(user: access.user, password: token.current)
        return remote
    }

    // MARK: Secrets

    private func secretsManager(_ secret: StoredSecret, _ environment: EnvironmentSettings) -> SecretsManager {
        SecretsManager(aws: aws(of: environment, in: secret.region), late: late)
    }

    /// A secret, wherever it is.
    package func secret(
        _ place: SecretPlace, of environment: EnvironmentSettings,
    ) async throws(Failure) -> RenewableSecret {
        switch place.content {
        case .known(let secret): return secret
        case .stored(let stored):
            return RenewableSecret(try await secretsManager(stored, environment).value(of: stored)) { nil }
        }
    }

    /// Where a secret comes from, read when it is first needed: who cannot be told of a rollout does not hold it up.
    func tokenSource(_ place: SecretPlace, of environment: EnvironmentSettings) -> any TokenSource {
        switch place.content {
        case .known(let secret): GivenToken(secret, origin: place.origin)
        case .stored(let stored):
            StoredToken(stored, origin: place.origin, manager: secretsManager(stored, environment))
        }
    }

    // MARK: AWS

    /// The client for one environment's account and region.
    package func aws(of environment: EnvironmentSettings) -> any AWSClient {
        aws(of: environment, in: environment.policy.region)
    }

    /// The same account, asked in a region.
    private func aws(of environment: EnvironmentSettings, in region: Region) -> any AWSClient {
        let policy = environment.policy
        let found = credentials(of: environment.aws, region: region)
        var inForce = found
        if let role = environment.aws.role {
            let assumed = AssumedRole(
                arn: role, externalID: environment.aws.externalID,
                sessionName: AssumedRole.sessionName(from: "mooring-\(policy.identity)"))
            let sts = client(region, found, account: "credentials", profile: environment.aws.profile)
            inForce = CachingCredentials(provider: AssumeRoleProvider(role: assumed, sts: sts), clock: clock)
        }
        return client(region, inForce, account: policy.account.text, profile: environment.aws.profile)
    }

    /// The credentials as they are found on this machine, shared by all environments of a profile.
    private func credentials(of settings: AWSSettings, region: Region) -> CachingCredentials {
        let key = "\(settings.profile ?? "")\n\(region)"
        if let credentials = shared.withLock({ $0.credentials[key] }) { return credentials }
        let chain = StandardChain(
            environment: variables, profile: settings.profile, http: http, clock: clock,
            makeSTS: { [self] provider in
                let credentials = provider.map { CachingCredentials(provider: $0, clock: clock) }
                return client(region, credentials, account: "credentials", profile: settings.profile)
            })
        let made = CachingCredentials(provider: chain.provider, clock: clock)
        return shared.withLock { shared in
            if let credentials = shared.credentials[key] { return credentials }
            shared.credentials[key] = made
            return made
        }
    }

    private func client(
        _ region: Region, _ credentials: CachingCredentials?, account: String, profile: String?,
    ) -> any AWSClient {
        let name = SharedFiles.profileName(setting: profile, environment: variables)
        let budget = shared.withLock { shared in
            let key = "\(account)\n\(region)"
            if let budget = shared.budgets[key] { return budget }
            let budget = SharedBudget()
            shared.budgets[key] = budget
            return budget
        }
        var options = HTTPOptions()
        if let bundle = variables["AWS_CA_BUNDLE"], !bundle.isEmpty { options.caFile = bundle }
        return LiveAWSClient(
            LiveAWSClient.Parts(
                region: region, endpoints: Endpoints(environment: variables, files: awsFiles, profile: name),
                credentials: credentials, http: http, clock: clock, budget: budget, options: options,
                seed: UInt64.random(in: .min ... .max)))
    }

    // MARK: The git host

    private func host(of environment: EnvironmentSettings) -> LiveGitHost? {
        guard let connection = environment.host else { return nil }
        let credential: HostSettings.Credential
        let origin: String
        if let app = connection.app {
            origin = app.key.origin
            credential = .app(
                GitHubApp(
                    id: app.id, installation: app.installation,
                    privateKey: tokenSource(app.key, of: environment)))
        } else if let token = connection.token {
            origin = token.origin
            credential = .token(tokenSource(token, of: environment), user: connection.user)
        } else {
            return nil
        }
        let gate = shared.withLock { shared in
            // Hosts count by token; the origin stands for it, so that no secret becomes a key.
            let key = "\(connection.repository.apiURL)\n\(origin)"
            if let gate = shared.gates[key] { return gate }
            let gate = HostGate(clock: clock, kind: connection.repository.kind)
            shared.gates[key] = gate
            return gate
        }
        return LiveGitHost(
            HostSettings(
                repository: connection.repository, credential: credential, deployments: connection.deployments,
                caFile: connection.caFile),
            client: http, clock: clock, gate: gate, log: log)
    }
}

/// The outside of one environment and of its open pull requests.
package struct EnvironmentParts: Sendable {
    package var ports: EnvironmentPorts
    /// Nil where pull requests are not planned.
    package var proposals: ProposalPorts?
    package var proposalPolicy = ProposalPolicy()
    /// Nil where nobody is told.
    package var notifications: NotificationCentre?

    package init(ports: EnvironmentPorts) { self.ports = ports }
}
