import MooringNames
import MooringPorts
import MooringShapes
import Synchronization

/// A deployment on GitHub as far as we know: its number, and the newest state.
struct ShownDeployment: Hashable, Sendable {
    let id: Int
    /// Nil where it has none yet.
    var state: String?
}

/// The calls about deployments, which GitHub lists beside pull requests and environments.
struct DeploymentCalls: Sendable {
    let repository: HostRepository

    /// Ours are found again by this: environments of the same name may be deployed to by others.
    private static let task = "mooring"

    /// Finds our deployment of a commit.
    func listCall(_ key: DeploymentKey) -> HostCall {
        .get(
            "\(repository.url)/deployments",
            [
                ("sha", key.commit.text), ("environment", key.environment.text), ("task", DeploymentCalls.task),
                ("per_page", "1"),
            ], .deployment)
    }

    /// Makes it. Nothing is merged into it and no status is waited for: what is deployed is the commit.
    func createCall(_ key: DeploymentKey) -> HostCall {
        .send(
            .post, "\(repository.url)/deployments",
            [
                "ref": .string(key.commit.text), "task": .string(DeploymentCalls.task), "auto_merge": false,
                "required_contexts": [], "environment": .string(key.environment.text), "description": "",
            ], .deployment)
    }

    /// Reads its newest state.
    func statesCall(_ id: Int) -> HostCall {
        .get("\(repository.url)/deployments/\(id)/statuses", [("per_page", "1")], .deployment)
    }

    /// Sets a state. A success makes the deployments before it inactive.
    func stateCall(_ id: Int, _ status: CommitStatus) -> HostCall {
        let link = WireStatus(status, in: GitHubDialect(repository: repository)).link
        return .send(
            .post, "\(repository.url)/deployments/\(id)/statuses",
            .map(present: [
                ("state", .string(DeploymentCalls.word(for: status.state))),
                ("description", .string(status.summary.cut(to: Limits.deploymentCharacters, .scalars))),
                ("log_url", link.map(Value.string)), ("auto_inactive", true),
            ]), .deployment)
    }

    static func word(for state: CommitStatus.State) -> String {
        switch state {
        case .pending: "in_progress"
        case .success: "success"
        case .failure: "failure"
        case .error: "error"
        // Something else took over.
        case .neutral: "inactive"
        }
    }
}

extension LiveGitHost {
    /// Shows the status as the environment's deployment of its commit, where that is wanted.
    ///
    /// - Throws: what may pass. What will not is said once.
    func showDeployment(_ status: CommitStatus) async throws(Failure) {
        guard listsDeployments, case .deployment(let environment) = status.kind else { return }
        let key = DeploymentKey(commit: status.commit, environment: environment)
        do throws(Failure) {
            try await showDeployment(status, key)
        } catch {
            guard error.isForGood else { throw error }
            sayOnce(
                "GitHub does not list the deployments to '\(environment)': \(error)",
                about: "deployments: \(error.code)")
        }
    }

    private func showDeployment(_ status: CommitStatus, _ key: DeploymentKey) async throws(Failure) {
        let calls = DeploymentCalls(repository: repository)
        let tried = "list the deployment to '\(key.environment)' of"
        let subject = subject(key.commit)
        let word = DeploymentCalls.word(for: status.state)
        var known = memory.withLock { $0.deployments[key] }
        if known == nil { known = try await find(key, calls, tried: tried, subject: subject) }
        if known == nil {
            // Nothing was deployed, so there is nothing to call inactive.
            if status.state == .neutral { return }
            try await gate.takeTurn(for: status, tried: tried, subject: subject)
            let (_, answer) = try await caller.value(of: calls.createCall(key), tried: tried, subject: subject)
            known = answer?["id"]?.integer.map { ShownDeployment(id: $0) }
        }
        guard var deployment = known else { return }
        memory.withLock { $0.deployments[key] = deployment }
        if deployment.state == word { return }
        try await gate.takeTurn(for: status, tried: tried, subject: subject)
        _ = try await caller.value(of: calls.stateCall(deployment.id, status), tried: tried, subject: subject)
        deployment.state = word
        memory.withLock { $0.deployments[key] = deployment }
    }

    private func find(
        _ key: DeploymentKey, _ calls: DeploymentCalls, tried: String, subject: String,
    ) async throws(Failure) -> ShownDeployment? {
        let (_, answer) = try await caller.value(of: calls.listCall(key), tried: tried, subject: subject)
        guard let id = answer?[0]?["id"]?.integer else { return nil }
        let (_, states) = try await caller.value(of: calls.statesCall(id), tried: tried, subject: subject)
        return ShownDeployment(id: id, state: states?[0]?["state"]?.text)
    }
}
