import MooringAWS
import MooringGit
import MooringHTTPTransport
import MooringNames
package import MooringPorts
import MooringPresentation
package import MooringReconciliation
import MooringReporting
import Synchronization

/// Makes the outside of each environment, and shares what is shared: the HTTP client, mirrors, credentials, budgets.
package final class Assembly: Sendable {
    private let dataFolder: String
    private let variables: [String: String]
    private let clock = SystemClock()
    private let http: HTTPClient
    private let awsFiles: SharedFiles
    private let log: @Sendable (String) -> Void
    private let shared = Mutex(SharedParts())

    private struct SharedParts {
        var mirrors: [String: GitMirror] = [:]
        var credentials: [String: CachingCredentials] = [:]
        var budgets: [String: SharedBudget] = [:]
        var gates: [String: HostGate] = [:]
    }

    /// - Parameters:
    ///   - variables: the process's environment, for AWS's own variables.
    ///   - log: told of what a shell puts right by itself.
    package init(
        dataFolder: String, variables: [String: String], log: @escaping @Sendable (String) -> Void,
    ) throws(Failure) {
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

    /// The outside of one environment.
    package func ports(of environment: EnvironmentSettings) -> EnvironmentPorts {
        EnvironmentPorts(
            git: mirror(of: environment), aws: aws(of: environment), status: status(of: environment),
            outbox: FileOutbox(
                folder:
                    "\(dataFolder)/outbox/\(environment.policy.identity.environment)@\(environment.policy.identity.repositoryID)",
                onCorrupt: log),
            clock: clock)
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
    private func mirror(of environment: EnvironmentSettings) -> GitMirror {
        let address = environment.git.address
        let origin = environment.git.credentialOrigin ?? ""
        let id = RepositoryIdentity.id(of: address, folder: nil)
        let key = "\(address)\n\(origin)\n\(environment.git.caFile ?? "")"
        return shared.withLock { shared in
            if let mirror = shared.mirrors[key] { return mirror }
            // Two ways into one repository, by different credentials, do not share what each may see.
            let others = shared.mirrors.keys.count { $0.hasPrefix("\(address)\n") }
            let mirror = GitMirror(
                folder: "\(dataFolder)/mirrors/\(id)\(others > 0 ? "-\(others + 1)" : "").git",
                settings: GitMirror.Settings(source: environment.git), clock: clock,
                randomFraction: { Double.random(in: 0..<1) },
                merge: { NoteDocument.merge(existing: $0, ours: $1) })
            shared.mirrors[key] = mirror
            return mirror
        }
    }

    // MARK: AWS

    /// The client for one environment's account and region.
    package func aws(of environment: EnvironmentSettings) -> any AWSClient {
        let policy = environment.policy
        let found = credentials(of: environment.aws, region: policy.region)
        var inForce = found
        if let role = environment.aws.role {
            let assumed = AssumedRole(
                arn: role, externalID: environment.aws.externalID,
                sessionName: AssumedRole.sessionName(from: "mooring-\(policy.identity)"))
            let sts = client(policy.region, found, account: "credentials", profile: environment.aws.profile)
            inForce = CachingCredentials(provider: AssumeRoleProvider(role: assumed, sts: sts), clock: clock)
        }
        return client(policy.region, inForce, account: policy.account.text, profile: environment.aws.profile)
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

    // MARK: Statuses

    private func status(of environment: EnvironmentSettings) -> (any StatusHost)? {
        guard let github = environment.github else { return nil }
        let gate = shared.withLock { shared in
            // Hosts count by token; the origin stands for it, so that no secret becomes a key.
            let key = "\(github.repository.apiURL)\n\(github.tokenOrigin)"
            if let gate = shared.gates[key] { return gate }
            let gate = HostGate(clock: clock, kind: github.repository.kind)
            shared.gates[key] = gate
            return gate
        }
        let token = GivenToken(github.token, origin: github.tokenOrigin)
        let settings = HostSettings(
            repository: github.repository, credential: .token(token, user: nil), caFile: github.caFile)
        return LiveGitHost(settings, client: http, clock: clock, gate: gate, log: log)
    }
}
