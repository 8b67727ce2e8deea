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

/// A working folder, or a branch or commit, against live ECS.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what would change: a working folder, a branch or a commit against live ECS. Only reads.",
        discussion: """
            Without PATH, the environment's folder of the repository around the current folder is planned. With --ref, what \
            the environment's repository has on that branch or at that commit.

            Examples:
              mooring plan production --account 123456789012 --region eu-central-1 --cluster main
              mooring plan --settings mooring-settings.yaml --environment production --ref my-branch
              mooring plan production --settings mooring-settings.yaml --output json

            Exit codes: 0 no change, 2 changes (withheld ones too), 1 error.
            """,
    )

    @Argument(help: "The folder of the environment's manifests.", completion: .directory)
    var path: String?

    @Option(help: "A branch of the environment's repository, or the forty digits of a commit on its branch.")
    var ref: String?

    @Option(help: "text or json.")
    var output = OutputFormat.text

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
        let request = PlanRequest(environment: environment, session: session, ref: ref)
        let manifests = folder
        let result = await session.run { () async -> Result<PlanRequest.Answer, Failure> in
            do throws(Failure) {
                return .success(try await request.answer(manifests: manifests))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .failure(let failure):
            session.logger.error("\(failure)", metadata: ["code": "\(failure.code)"])
            throw ExitCode(1)
        case .success(let answer): try show(answer)
        }
    }

    private func readFolder(_ path: String) throws -> ManifestFolder {
        do throws(ManifestFolder.Unreadable) {
            return try ManifestFolder(at: path)
        } catch {
            StandardStreams.error(error.description)
            throw ExitCode(1)
        }
    }

    private func show(_ answer: PlanRequest.Answer) throws {
        let findings = answer.desired.findings.filter { $0.severity != .remark }.sorted()
        switch output {
        case .text:
            for finding in findings { StandardStreams.error(finding.line.safeLine) }
            let palette: Palette = StandardStreams.outputIsTerminal ? .terminal : .plain
            StandardStreams.output(PlanText.text(of: answer.plan, palette: palette))
            if answer.plan.hasDifference, !answer.acts {
                StandardStreams.error(
                    "The environment only observes; with 'act: true' in its settings this would be done.")
            }
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
        let desired: DesiredState
        var commit = try zeroCommit()
        var past = Past(git: nil, head: nil, absence: "")
        if let manifests, ref == nil {
            past = await workingCopy(around: manifests)
            desired = Manifests.desiredState(
                of: manifests.files, folder: manifests.folder, refused: manifests.refused, defaultCluster: cluster)
        } else {
            let snapshot = try await snapshot()
            commit = snapshot.commit
            past = Past(git: session.assembly.ports(of: environment).git, head: commit, absence: "")
            desired = Manifests.desiredState(
                of: snapshot.files.map { ManifestInput(path: $0.path, bytes: $0.bytes) }, folder: policy.folder,
                refused: snapshot.refused.map { (path: $0.path, reason: $0.reason) }, defaultCluster: cluster)
        }
        let aws = session.assembly.aws(of: environment)
        let planning = try await planningPolicy(commit: commit, desired: desired, aws: aws)
        var folder = policy.folder
        if let manifests, ref == nil { folder = manifests.folder }
        let history = HistorySource(
            desired: desired, head: past.head, absence: past.absence, folder: folder, defaultCluster: cluster)
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

    private func snapshot() async throws(Failure) -> SourceSnapshot {
        let git = session.assembly.ports(of: environment).git
        let policy = environment.policy
        let commit: CommitID
        if let ref, let id = try? CommitID(ref) {
            _ = try await git.fetch(branch: policy.branch)
            commit = id
        } else {
            commit = try await git.fetch(branch: try branch()).head
        }
        guard let snapshot = try await git.snapshot(at: commit, folder: policy.folder, unless: nil) else {
            throw failure("The repository gave no answer.")
        }
        return snapshot
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

    private func planningPolicy(
        commit: CommitID, desired: DesiredState, aws: any AWSClient,
    ) async throws(Failure) -> PlanningPolicy {
        let policy = environment.policy
        let caller = try await aws.call(APICall(.sts, "GetCallerIdentity", .map([])))
        var planning = PlanningPolicy(
            identity: policy.identity, commit: commit, region: policy.region, account: policy.account,
            callerAccount: caller["Account"]?.text.flatMap { try? AccountID($0) }, clusters: policy.clusters,
            // A plan only reads, and shows what would be done by an environment that acts.
            act: true, adopt: policy.adopt || desired.settings.adopt)
        planning.maximumCreations = policy.maximumCreations
        planning.maximumInFlight = policy.maximumInFlight
        planning.maximumFailures = policy.maximumFailures
        planning.pause = desired.settings.pause
        planning.freeze = desired.settings.freeze
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
