import MooringManifests
import MooringModel
import MooringNames
import MooringOrdering
import MooringPlanning
import MooringPorts
import MooringPresentation
import MooringShapes

/// Plans what a merge would do: merged in memory, read, and compared with what runs. Nothing is written, and nothing that the
/// repository holds is run.
struct ProposalPlanner: Sendable {
    let policy: EnvironmentPolicy
    let repository: any ProposalRepository & GitRepository
    let aws: any AWSClient
    let clock: any Clock

    /// - Parameters:
    ///   - head: what would be merged; in the mirror.
    ///   - base: the branch's newest commit; in the mirror.
    func verdict(on head: CommitID, into base: CommitID) async throws(Failure) -> ProposalVerdict {
        switch try await repository.merge(head, into: base) {
        case .alreadyMerged:
            return ProposalVerdict(state: .success, summary: ProposalText.summary(of: Plan()), isAfterMerge: true)
        case .conflict(let paths):
            return ProposalVerdict(state: .failure, summary: ProposalText.conflict(paths, base: policy.branch))
        case .merged(let merged): return try await verdict(on: head, merged: merged, into: base)
        }
    }

    private func verdict(
        on head: CommitID, merged: CommitID, into base: CommitID,
    ) async throws(Failure) -> ProposalVerdict {
        let coming = try await manifests(at: merged)
        let present = try await manifests(at: base)
        let others = Set((coming?.otherFiles ?? []) + (present?.otherFiles ?? [])).sorted()
        let paths = try await repository.changedPaths(from: base, to: merged, folder: policy.folder, others: others)
        guard !paths.isEmpty else { return ProposalVerdict(state: .success, summary: ProposalText.summary(of: Plan())) }
        guard let coming else {
            return ProposalVerdict(
                state: .failure,
                summary:
                    "The folder '\(policy.folder?.text ?? "/")' would be gone, and nothing could be deployed any more.")
        }
        let account = try await account()
        let needed = Set(coming.neededParameters + (present?.neededParameters ?? [])).sorted()
        let parameters = try await Driver.parameters(needed, from: aws)
        let desired = coming.desiredState(.asked(parameters))
        let before = present?.desiredState(.asked(parameters)) ?? DesiredState()
        let fresh = ProposalPlanner.newFindings(.error, in: desired, before: before)
        if !fresh.isEmpty {
            return ProposalVerdict(
                state: .failure, summary: ProposalText.invalid(fresh),
                comment: comment(Plan(), ProposalText.invalid(fresh), desired, head),
                annotations: ReportStatuses.annotations(of: desired.findings))
        }
        let scope = ProposalScope(desired, before: before, identity: policy.identity)
        var planning = planningPolicy(commit: merged, desired: desired, account: account)
        planning.recentCommits = [base]
        let history = HistorySource(
            desired: desired, parameters: parameters, head: merged, folder: policy.folder,
            defaultCluster: defaultCluster)
        var plan = try await Driver.plan(
            desired: desired, scope: scope.services, runScope: scope.runs, policy: planning, aws: aws, git: repository,
            history: history, folder: policy.folder)
        plan.leaving = scope.leaving(prunes: desired.settings.prune != nil)
        let summary = ProposalText.summary(
            of: plan, settingsChange: desired.settings != before.settings,
            warnings: ProposalPlanner.newFindings(.warning, in: desired, before: before).count)
        return ProposalVerdict(
            state: .success, summary: summary, comment: comment(plan, summary, desired, head),
            annotations: ReportStatuses.annotations(of: desired.findings))
    }

    private func comment(
        _ plan: Plan, _ summary: String, _ desired: DesiredState, _ head: CommitID,
    ) -> String {
        ProposalText.comment(
            plan, summary: summary, findings: desired.findings.filter { $0.severity != .remark }.sorted(), of: head,
            into: policy.branch, environment: policy.identity.environment, acts: policy.act)
    }

    /// What is wrong after the merge and was not before: a mistake that the branch has already is not this one's.
    static func newFindings(
        _ severity: Severity, in desired: DesiredState, before: DesiredState,
    ) -> [Finding] {
        func sameElsewhere(_ finding: Finding) -> Finding {
            Finding(
                severity: finding.severity, rule: finding.rule, message: finding.message, file: finding.file,
                memberPath: finding.memberPath)
        }
        let known = Set(before.findings.map(sameElsewhere))
        return desired.findings.filter { $0.severity == severity && !known.contains(sameElsewhere($0)) }.sorted()
    }

    // MARK: Parts

    private var defaultCluster: ClusterName? { policy.clusters.count == 1 ? policy.clusters.first : nil }

    /// Nil where the folder is not there.
    private func manifests(at commit: CommitID) async throws(Failure) -> ManifestCollection? {
        do throws(Failure) {
            return try await Driver.manifests(
                at: commit, folder: policy.folder, defaultCluster: defaultCluster, from: repository)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// Whose account this is. In another one's services everything would look new.
    private func account() async throws(Failure) -> AccountID {
        let caller = try await aws.call(APICall(.sts, "GetCallerIdentity", .map([])))
        let account = caller["Account"]?.text.flatMap { try? AccountID($0) }
        guard let account, account == policy.account else {
            throw Failure(
                code: .accessDenied, subject: "the environment '\(policy.identity.environment)'", tried: "plan",
                cause: "the credentials belong to the account \(account?.text ?? "(unknown)"), not \(policy.account).",
                remedy: "Give the environment the credentials or the role of its own account.", disposition: .stalled)
        }
        return account
    }

    private func planningPolicy(commit: CommitID, desired: DesiredState, account: AccountID) -> PlanningPolicy {
        var planning = PlanningPolicy(
            identity: policy.identity, commit: commit, region: policy.region, account: policy.account,
            // Shows what would be done by an environment that acts.
            callerAccount: account, clusters: policy.clusters, act: true, adopt: policy.adopt)
        planning.maximumCreations = policy.maximumCreations
        planning.maximumInFlight = policy.maximumInFlight
        planning.maximumFailures = policy.maximumFailures
        planning.protected = policy.protected
        planning.take(desired.settings)
        planning.wall = clock.now
        planning.uptime = clock.uptime
        return planning
    }
}

/// Which services and one-off tasks a merge changes, and what they wait for.
struct ProposalScope {
    let services: Set<ServiceKey>
    let runs: Set<OrderNode>
    /// Sorted.
    private let removed: [ServiceKey]

    init(_ desired: DesiredState, before: DesiredState, identity: EnvironmentIdentity) {
        let (old, new) = (Planner.digests(of: before), Planner.digests(of: desired))
        let changed = Set(new.filter { old[$0.key] != $0.value }.map(\.key))
        let oldRuns = Planner.runDigests(of: before, identity: identity)
        let changedRuns = Planner.runDigests(of: desired, identity: identity).filter { oldRuns[$0.key] != $0.value }
        let bad = Set(desired.badServices.map(\.key))
        removed = old.keys.filter { new[$0] == nil && !bad.contains($0) }.sorted()
        // Those that they wait for are looked at too: whether their turn has come depends on them.
        let graph = OrderGraph.graph(of: desired.order).graph
        var nodes = Set(changed.map(OrderNode.service)).union(changedRuns.keys)
        var unseen = Array(nodes)
        while let node = unseen.popLast() {
            for dependency in graph.dependencies(of: node) where nodes.insert(dependency).inserted {
                unseen.append(dependency)
            }
        }
        var services: Set<ServiceKey> = []
        var runs: Set<OrderNode> = []
        for node in nodes {
            if case .service(let key) = node { services.insert(key) } else { runs.insert(node) }
        }
        self.services = services
        self.runs = runs
    }

    /// What becomes of the services that are no longer there.
    func leaving(prunes: Bool) -> [LeavingService] {
        removed.map { key in
            prunes
                ? LeavingService(key: key, state: .removing(progress: "not begun"), hasBegun: false)
                : LeavingService(
                    key: key,
                    state: .kept(why: "It would leave git and go on running: this environment removes nothing."))
        }
    }
}
