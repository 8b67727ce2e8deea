import MooringGit
import MooringNames
import MooringReconciliation

/// Reads the settings of one environment. What is wrong is entered in the list of mistakes; the rest is read all the same.
struct EnvironmentReader {
    let layers: SettingsLayers
    let defaultRepository: String?
    let reachesGit: Bool
    var reachesHost = true
    var staysOn = true

    private var mistakes: MistakeList { layers.mistakes }

    /// - Returns: nil where something that cannot be done without is missing or wrong.
    func environment(name source: Sourced) -> EnvironmentSettings? {
        let name = read(EnvironmentName.self, source)
        let address = repository()
        let folder = layers.text(.folder).flatMap(readFolder)
        let branch = readBranch()
        let account = required(.account).flatMap { read(AccountID.self, $0) }
        let region = required(.region).flatMap { read(Region.self, $0) }
        let clusters = layers.texts(.clusters).compactMap { read(ClusterName.self, $0) }
        let identity = name.flatMap { readIdentity($0, address: address, folder: folder) }
        let secrets = SecretReader(layers: layers)
        let git = address.map { address in
            reachesGit ? secrets.git(for: address) : GitAccess(remote: GitRemoteSettings(address: address))
        }
        let hosts = HostReader(layers: layers, secrets: secrets)
        let host = reachesGit && reachesHost ? address.flatMap(hosts.connection(for:)) : nil
        let limits = limitSettings()
        let (act, adopt, aws) = (flag(.act), flag(.adopt), readAWS())
        guard let identity, let branch, let account, let region, let git else { return nil }
        var policy = EnvironmentPolicy(
            identity: identity, branch: branch, folder: folder, account: account, region: region,
            clusters: clusters.sorted(), act: act, adopt: adopt)
        policy.maximumCreations = limits.creations ?? policy.maximumCreations
        policy.maximumInFlight = limits.inFlight ?? policy.maximumInFlight
        policy.maximumFailures = limits.failures ?? policy.maximumFailures
        policy.pollInterval = limits.poll ?? policy.pollInterval
        policy.rolloutInterval = limits.rollout ?? policy.rolloutInterval
        policy.sweepInterval = limits.sweep ?? policy.sweepInterval
        policy.postsStatuses = host != nil
        policy.postsServiceStatuses = flag(.statusesPerService)
        var settings = EnvironmentSettings(policy: policy, git: git, aws: aws)
        guard reachesGit, let address else { return settings }
        settings.notes = secrets.notes(for: address)
        guard reachesHost else { return settings }
        settings.host = host
        settings.proposals = host.flatMap { hosts.proposals(of: $0.repository) }
        if host == nil, layers.hasMap(["host"]) || layers.hasMap(["statuses"]) || layers.hasMap(["pullRequests"]) {
            settings.remarks.append(
                "\(settings.name): Nothing is shown on the git host, for which no token is given ('host.tokenFile', "
                    + "'host.tokenVariable', 'host.tokenSecret' or \(SecretVariable.hostToken.rawValue)).")
        }
        guard staysOn else { return settings }
        settings.webhookSecret = hosts.webhookSecret()
        settings.repository =
            host?.repository ?? hosts.repository(for: address, isNeeded: settings.webhookSecret != nil)
        if let interval = limits.pullRequests { settings.proposals?.interval = interval }
        settings.notifications = NotificationReader(layers: layers, secrets: secrets).settings()
        if settings.notifications == nil, layers.hasMap(["notifications"]) {
            settings.remarks.append(
                "\(settings.name): 'notifications' names nobody to tell ('url', 'slack.channel' or a hook of Slack's).")
        }
        return settings
    }

    // MARK: Members

    private func repository() -> GitAddress? {
        var source = layers.text(.repository)
        if source == nil, let defaultRepository {
            source = Sourced(
                text: defaultRepository, place: "the folder's remote 'origin'", isFromFile: false, isFromFlag: false)
        }
        guard let source else {
            return missing(.repository)
        }
        let address: GitAddress
        do throws(GitAddress.Refusal) {
            address = try GitAddress(source.text)
        } catch {
            mistakes.add(source, error.description)
            return nil
        }
        if address.embedded?.password != nil, source.isFromFile || source.isFromFlag {
            mistakes.add(
                source,
                "The repository's URL holds a password. Leave it out, and name the token's file with "
                    + "'git.tokenFile' or its variable with 'git.tokenVariable'.")
            return nil
        }
        return address
    }

    private func readBranch() -> BranchName? {
        guard let source = layers.text(.branch) else { return try? BranchName("main") }
        return read(BranchName.self, source)
    }

    private func readFolder(_ source: Sourced) -> TreePath? {
        var text = source.text[...]
        while text.hasPrefix("./") { text = text.dropFirst(2) }
        while text.hasSuffix("/") { text = text.dropLast() }
        if text.isEmpty || text == "." { return nil }
        let trimmed = Sourced(
            text: String(text), place: source.place, isFromFile: source.isFromFile, isFromFlag: source.isFromFlag)
        return read(TreePath.self, trimmed)
    }

    private func readIdentity(_ name: EnvironmentName, address: GitAddress?, folder: TreePath?) -> EnvironmentIdentity?
    {
        let given = layers.text(.repositoryId)
        guard let id = given?.text ?? address.map({ RepositoryIdentity.id(of: $0, folder: folder) }) else { return nil }
        do throws(NameError) {
            return try EnvironmentIdentity(environment: name, repositoryID: id)
        } catch {
            mistakes.add(given?.place ?? layers.place, "\(error)")
            return nil
        }
    }

    private func readAWS() -> AWSSettings {
        let role = layers.text(.role)
        if let role, !role.text.hasPrefix("arn:") || (try? ARN(role.text))?.resourceName(kind: "role") == nil {
            mistakes.add(role, "'role' must be the ARN of an IAM role: arn:aws:iam::123456789012:role/name.")
        }
        let externalID = layers.text(.externalId)
        if let externalID, role == nil {
            mistakes.add(externalID, "'externalId' is sent when a role is assumed, and no 'role' is given.")
        }
        return AWSSettings(role: role?.text, externalID: externalID?.text, profile: layers.text(.profile)?.text)
    }

    private struct LimitSettings {
        var creations: Int?
        var inFlight: Int?
        var failures: Int?
        var poll: Duration?
        var rollout: Duration?
        var sweep: Duration?
        var pullRequests: Duration?
    }

    private func limitSettings() -> LimitSettings {
        LimitSettings(
            creations: number(.maxCreations, 0...Limits.creations), inFlight: number(.maxInFlight, 1...Limits.inFlight),
            failures: number(.maxFailures, 1...Limits.creations), poll: duration(.pollInterval),
            rollout: duration(.rolloutInterval), sweep: duration(.sweepInterval),
            pullRequests: duration(.pullRequestsInterval))
    }

    // MARK: Kinds of values

    private func read<Kind: Name>(_ kind: Kind.Type, _ source: Sourced) -> Kind? {
        do throws(NameError) {
            return try kind.init(source.text)
        } catch {
            mistakes.add(source, error.description)
            return nil
        }
    }

    private func required(_ key: EnvironmentKey) -> Sourced? {
        layers.text(key) ?? missing(key)
    }

    private func missing<Result>(_ key: EnvironmentKey) -> Result? {
        mistakes.add(
            layers.place,
            "'\(key.rawValue)' is missing. Give it in the settings file, as \(key.variable) or with \(key.flag).")
        return nil
    }

    private func flag(_ key: EnvironmentKey) -> Bool {
        guard let source = layers.text(key) else { return false }
        switch source.text {
        case "true": return true
        case "false": return false
        default:
            mistakes.add(source, "'\(key.rawValue)' must be true or false, not '\(source.text.prefix(40))'.")
            return false
        }
    }

    private func number(_ key: EnvironmentKey, _ range: ClosedRange<Int>) -> Int? {
        guard let source = layers.text(key) else { return nil }
        guard let number = Int(source.text), range.contains(number) else {
            mistakes.add(
                source,
                "'\(key.rawValue)' must be a number from \(range.lowerBound) to \(range.upperBound), "
                    + "not '\(source.text.prefix(40))'.")
            return nil
        }
        return number
    }

    private func duration(_ key: EnvironmentKey) -> Duration? {
        guard let source = layers.text(key) else { return nil }
        guard let duration = Duration(setting: source.text), duration >= Limits.shortestInterval,
            duration <= Limits.longestInterval
        else {
            mistakes.add(
                source,
                "'\(key.rawValue)' must be a time such as 500ms, 30s, 5m or 2h, from 100ms to 24h, "
                    + "not '\(source.text.prefix(40))'.")
            return nil
        }
        return duration
    }
}

extension Duration {
    /// Reads `500ms`, `30s`, `5m`, `2h`; nil for anything else.
    package init?(setting text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), digits.count <= 9 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": self = .milliseconds(number)
        case "s": self = .seconds(number)
        case "m": self = .seconds(number * 60)
        case "h": self = .seconds(number * 3_600)
        default: return nil
        }
    }
}
