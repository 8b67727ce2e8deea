import ArgumentParser
import Foundation
import Logging
import MooringController
import MooringManifests
import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringPresentation
import MooringReconciliation
import MooringShapes

/// How a plan is written.
enum PlanFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json, markdown
}

/// A working folder, or a branch or commit, against live ECS.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what would change: a working folder, a branch or a commit against live ECS. Only reads.",
        discussion: """
            Without PATH, the environment's folder of the repository around the current folder is planned. With --ref, what \
            the environment's repository has on that branch or at that commit. Without --settings, name the environment as \
            its controller does: with --environment and --repository-id.

            Examples:
              mooring plan production --account 123456789012 \\
                --region eu-central-1 --cluster main
              mooring plan --settings mooring-settings.yaml \\
                --environment production --ref my-branch
              mooring plan production --settings mooring-settings.yaml \\
                --output markdown > comment.md

            Exit codes: 0 no change, 2 changes (withheld ones too), 1 error.
            """,
    )

    @Argument(help: "The folder of the environment's manifests.", completion: .directory)
    var path: String?

    @Option(help: "A branch of the environment's repository, or the forty digits of a commit on its branch.")
    var ref: String?

    @Option(help: "text, json, or markdown (for a comment on a pull request, at most 60,000 characters).")
    var output = PlanFormat.text

    @OptionGroup var options: SettingsOptions

    func validate() throws {
        if path != nil, ref != nil { throw ValidationError("Give either a folder or --ref, not both.") }
    }

    func run() async throws {
        var input = options.input()
        var folder: ManifestFolder?
        if ref == nil {
            folder = try readFolder(path ?? ".")
            input.defaultRepository = folder?.origin ?? folder?.root ?? FileManager.default.currentDirectoryPath
            input.defaultName = folder?.folder?.fileName ?? "plan"
            input.reachesGit = false
        }
        // What is fetched for a look is not kept.
        let temporary =
            ref == nil ? nil : FileManager.default.temporaryDirectory.appendingPathComponent("mooring-\(UUID())")
        if let temporary { input.dataFolder = temporary.path }
        defer { if let temporary { try? FileManager.default.removeItem(at: temporary) } }
        let session = try Session(input)
        guard let environment = session.settings.environments.first, session.settings.environments.count == 1 else {
            StandardStreams.error("A plan is of one environment. Pick it with --environment.")
            throw ExitCode(1)
        }
        if path == nil, ref == nil, let own = environment.policy.folder {
            folder = try readFolder((folder?.root ?? ".") + "/" + own.text)
        }
        if let folder, folder.files.isEmpty, folder.refused.isEmpty {
            StandardStreams.error(ManifestFolder.emptiness(of: folder.folder?.text ?? path ?? "."))
            throw ExitCode(1)
        }
        let request = PlanRequest(environment: environment, session: session, ref: ref)
        let manifests = folder
        let answer = try await session.value { () async throws(Failure) in
            try await request.answer(manifests: manifests)
        }
        remark(on: answer, of: environment)
        try show(answer, of: environment.policy.identity.environment)
    }

    private func readFolder(_ path: String) throws -> ManifestFolder {
        do throws(ManifestFolder.Unreadable) {
            return try ManifestFolder(at: path)
        } catch {
            StandardStreams.error(error.description)
            throw ExitCode(1)
        }
    }

    /// Says as which environment the plan was made where services belong to another one: by default the name is made up
    /// of the folder and its remote, which need not be what the controller was given.
    private func remark(on answer: PlanRequest.Answer, of environment: EnvironmentSettings) {
        let isForeign = answer.plan.withheld.contains { withheld in
            if case .ownedByEnvironment = withheld.reason { true } else { false }
        }
        guard isForeign, options.settings == nil else { return }
        StandardStreams.error(
            "This plan was made for the environment '\(environment.policy.identity)'; without --settings and --repository-id "
                + "the id follows from the folder's remote.")
    }

    private func show(_ answer: PlanRequest.Answer, of environment: EnvironmentName) throws {
        // Of the remarks only the one about what a plan leaves out belongs here; 'validate' has the others.
        let findings = answer.desired.findings.filter { finding in
            finding.severity != .remark || finding.rule == "unused-task-definition"
        }.sorted()
        switch output {
        case .text:
            for finding in findings { StandardStreams.error(finding.line.safeLine) }
            let palette: Palette = StandardStreams.outputIsTerminal ? .terminal : .plain
            StandardStreams.output(PlanText.text(of: answer.plan, palette: palette))
            if !answer.plan.changes.isEmpty, !answer.acts {
                StandardStreams.error(
                    "The environment only observes; with 'act: true' in its settings this would be done.")
            }
        case .markdown:
            StandardStreams.output(
                PlanMarkdown.text(of: answer.plan, title: "Plan for \(environment)", findings: findings.map(\.line)))
        case .json:
            var value = PlanJSON.value(of: answer.plan)
            value["acts"] = .boolean(answer.acts)
            value["findings"] = .list(findings.map(\.json))
            StandardStreams.output(JSONWriter(.indented).text(of: value))
        }
        if findings.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
        if answer.plan.hasDifference { throw ExitCode(2) }
    }
}

/// Asks git and ECS what a plan needs.
struct PlanRequest: Sendable {
    let environment: EnvironmentSettings
    let session: Session
    let ref: String?

    struct Answer: Sendable {
        let desired: DesiredState
        let plan: Plan
        /// Whether the environment's settings let it act.
        let acts: Bool
    }

    /// - Parameter manifests: what is on the disk; nil to ask the repository.
    func answer(manifests: ManifestFolder?) async throws(Failure) -> Answer {
        let policy = environment.policy
        let cluster = policy.clusters.count == 1 ? policy.clusters.first : nil
        let collection: ManifestCollection
        var commit = try zeroCommit()
        var past = Past(git: nil, head: nil, absence: "")
        var folder = policy.folder
        if let manifests, ref == nil {
            past = await workingCopy(around: manifests)
            folder = manifests.folder
            collection = manifests.collection(defaultCluster: cluster)
        } else {
            let git = try await session.assembly.parts(of: environment).ports.git
            commit = try await fetched(from: git)
            past = Past(git: git, head: commit, absence: "")
            collection = try await Driver.manifests(
                at: commit, folder: policy.folder, defaultCluster: cluster, from: git)
            if collection.isEmpty {
                throw failure(ManifestFolder.emptiness(of: policy.folder?.text ?? "the root of \(commit.short)"))
            }
        }
        let aws = session.assembly.aws(of: environment)
        let caller = try await aws.call(APICall(.sts, "GetCallerIdentity", .map([])))
        let account = caller["Account"]?.text.flatMap { try? AccountID($0) }
        // What another account holds says nothing about this environment.
        let needed = account == policy.account ? collection.neededParameters : []
        let parameters = try await Driver.parameters(needed, from: aws)
        let desired = collection.desiredState(.asked(parameters))
        let planning = planningPolicy(commit: commit, desired: desired, caller: account)
        let history = HistorySource(
            desired: desired, parameters: parameters, head: past.head, absence: past.absence, folder: folder,
            defaultCluster: cluster)
        let plan = try await Driver.plan(
            desired: desired, policy: planning, aws: aws, git: past.git, history: history, folder: folder)
        return Answer(desired: desired, plan: plan, acts: policy.act)
    }

    /// Where earlier versions are read from, and up to which commit; or why they cannot be.
    private struct Past {
        var git: (any SourceHistory)?
        var head: CommitID?
        var absence: String
    }

    private func workingCopy(around manifests: ManifestFolder) async -> Past {
        guard let root = manifests.root else {
            return Past(git: nil, head: nil, absence: "The folder is not in a git repository.")
        }
        let copy = session.assembly.workingCopy(at: root)
        do throws(Failure) {
            return Past(git: copy, head: try await copy.head(), absence: "")
        } catch {
            return Past(git: nil, head: nil, absence: "The repository around the folder cannot be read: \(error.cause)")
        }
    }

    /// Brings what is planned into the mirror.
    private func fetched(from git: any GitRepository) async throws(Failure) -> CommitID {
        if let ref, let id = try? CommitID(ref) {
            _ = try await git.fetch(branch: environment.policy.branch)
            return id
        }
        return try await git.fetch(branch: try branch()).head
    }

    private func branch() throws(Failure) -> BranchName {
        guard let ref else { return environment.policy.branch }
        let name = ref.hasPrefix("refs/heads/") ? String(ref.dropFirst(11)) : ref
        do throws(NameError) {
            return try BranchName(name)
        } catch {
            throw failure(error.description)
        }
    }

    private func planningPolicy(commit: CommitID, desired: DesiredState, caller: AccountID?) -> PlanningPolicy {
        let policy = environment.policy
        var planning = PlanningPolicy(
            identity: policy.identity, commit: commit, region: policy.region, account: policy.account,
            callerAccount: caller, clusters: policy.clusters,
            // A plan only reads, and shows what would be done by an environment that acts.
            act: true, adopt: policy.adopt)
        planning.maximumCreations = policy.maximumCreations
        planning.maximumInFlight = policy.maximumInFlight
        planning.maximumFailures = policy.maximumFailures
        planning.registryCalls = MooringReconciliation.Limits.registryCallsOfPlan
        planning.take(desired.settings)
        let clock = SystemClock()
        planning.wall = clock.now
        planning.uptime = clock.uptime
        return planning
    }

    /// What stands for a working folder, which is no commit.
    private func zeroCommit() throws(Failure) -> CommitID {
        do throws(NameError) {
            return try CommitID(String(repeating: "0", count: 40))
        } catch {
            throw failure(error.description)
        }
    }

    private func failure(_ cause: String) -> Failure {
        Failure(
            code: .invalidInput, subject: "'\(ref ?? "")'", tried: "plan", cause: cause, disposition: .invalidInput)
    }
}
