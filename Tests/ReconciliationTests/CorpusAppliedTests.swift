import MooringManifests
import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringSimulator
import MooringTestSupport
import Testing

/// What other people wrote, applied to the local ECS by the loop and the client's own encoding: the plan after that is empty.
@Suite struct CorpusAppliedTests {
    /// Files that are valid and are not applied, each with its reason.
    static let notApplied: [String: String] = [
        "task-definitions/awsdocs__amazon-ecs-developer-guide__example_task_definitions-L246.json":
            "says no memory anywhere, which ECS refuses",
        "task-definitions/awsdocs__amazon-ecs-developer-guide__tutorial-wfsx-volumes-L274.json":
            "mounts a volume by another name than it declares, which ECS refuses",
        "task-definitions/kayac__ecspresso__run-test-td.json":
            "names a proxy container that is not there, which ECS refuses",
        "services/kayac__ecspresso__sv.json": "wants public addresses on EC2, which ECS refuses",
    ]

    /// Files that are applied and then only observed, each with its reason.
    private static let observedOnly: [String: String] = [
        "services/awsdocs__amazon-ecs-developer-guide__create-blue-green-L147.json": "under CODE_DEPLOY",
        "services/johnb0__nestjs-rest-api__create-service.json": "under CODE_DEPLOY",
        "services/pipe-cd__examples__attachment-servicedef.yaml": "under EXTERNAL",
        "services/pipe-cd__examples__canary-servicedef.yaml": "under EXTERNAL",
        "services/pipe-cd__pipecd__running-servicedef.yaml": "under EXTERNAL",
    ]

    @Test func `our own manifests, applied, leave nothing to plan`() async throws {
        var count = 0
        for entry in try ManifestCorpus.own() {
            let applied = try #require(AppliedManifest(entry, name: "proof"), "\(entry.file)")
            let outcome = try await apply(applied).outcome
            #expect(outcome == .empty, "\(entry.file): \(outcome)")
            count += 1
        }
        print("Own manifests: \(count) applied to the local ECS, the second plan is empty.")
        #expect(count >= 10)
    }

    @Test(.enabled(if: ManifestCorpus.root != nil, "skipped: no corpus"))
    func `every valid file of the corpus, applied, leaves nothing to plan`() async throws {
        var applied = [true: 0, false: 0]
        var empty = [true: 0, false: 0]
        var exceptions: [String] = []
        var invalid = 0
        var rewritten = 0
        for entry in try ManifestCorpus.entries() {
            guard let manifest = AppliedManifest(entry, name: "proof") else {
                if entry.isValid { Issue.record("\(entry.file) is valid and cannot be read") }
                invalid += 1
                continue
            }
            let (outcome, isRewritten) = try await apply(manifest)
            if isRewritten { rewritten += 1 }
            switch outcome {
            case .empty, .observedOnly:
                applied[entry.isService, default: 0] += 1
                empty[entry.isService, default: 0] += 1
                let reason = Self.observedOnly[entry.file]
                #expect((outcome == .empty) == (reason == nil), "\(entry.file)")
                if let reason { exceptions.append("\(entry.file): \(reason), no steps are planned") }
                #expect(Self.notApplied[entry.file] == nil, "\(entry.file) is listed as an exception and is none")
            case .notAccepted(let why), .refused(let why):
                // What botocore refuses too is no question of applying.
                if case .notAccepted = outcome, !entry.isValid, !entry.kind.contains("partial-service") {
                    invalid += 1
                    continue
                }
                let reason = Self.notApplied[entry.file]
                #expect(reason != nil, "\(entry.file): \(why)")
                exceptions.append("\(entry.file): \(reason ?? "?") (\(why))")
            case .differs(let what):
                applied[entry.isService, default: 0] += 1
                Issue.record("\(entry.file): \(what)")
            }
        }
        let (definitions, services) = (applied[false, default: 0], applied[true, default: 0])
        print(
            """
            Corpus: \(definitions) task definitions and \(services) services applied to the local ECS; second plan empty: \
            \(empty[false, default: 0])/\(definitions) and \(empty[true, default: 0])/\(services); \(invalid) files are \
            not valid; listed exceptions:
            """)
        for line in exceptions { print("    " + line) }
        print("ECS shows \(rewritten) of the task definitions with other values than those that were sent.")
        #expect(rewritten > 60)
        #expect(definitions >= 70 && services >= 12)
    }

    // MARK: Applying

    private enum Outcome: Equatable {
        /// The second plan has no steps and withholds nothing.
        case empty
        /// The second plan has no steps; the service is under a controller of its own.
        case observedOnly
        /// The manifest has errors.
        case notAccepted(String)
        /// ECS refused it.
        case refused(String)
        /// The second plan is not empty.
        case differs(String)
    }

    private static let key = "main/proof"

    /// Applies a manifest, and plans again.
    ///
    /// - Returns: what came of it, and whether ECS shows a declared member of the task definition with another value.
    private func apply(_ manifest: AppliedManifest) async throws -> (outcome: Outcome, isRewritten: Bool) {
        let inputs = try manifest.files.map {
            ManifestInput(path: try TreePath("production/\($0.key)"), bytes: Array($0.value.utf8))
        }
        let desired = Manifests.desiredState(of: inputs, folder: try TreePath("production"))
        if let error = desired.findings.sorted().first(where: { $0.severity == .error }) {
            return (.notAccepted(error.line), false)
        }
        var simulation = try Self.simulation(manifest.files)
        try simulation.run(hours: 3)
        for case .stepFailed(_, let failure) in simulation.events { return (.refused(failure.cause), false) }
        let client = InProcessECS(simulation.ecs)
        let second = try await client.plan(desired)
        if !second.steps.isEmpty { return (.differs("\(second.steps.map(\.id)) \(second.paths)"), false) }
        // Without what it remembers, the described content alone decides.
        let arn = "arn:aws:ecs:\(InProcessECS.region):\(InProcessECS.account):service/\(Self.key)"
        let memory: Value = .list([OwnTag.revision, OwnTag.digest, OwnTag.earlier].map { .string($0) })
        try client.perform("UntagResource", ["resourceArn": .string(arn), "tagKeys": memory])
        let third = try await client.plan(desired)
        let changes = third.changes.isEmpty ? "" : "\(third.changes.map(\.id)) \(third.paths)"
        if !changes.isEmpty { return (.differs("once tags are gone: \(changes)"), false) }
        let isRewritten = try Self.isRewritten(desired, on: client)
        if second.withheld.isEmpty { return (.empty, isRewritten) }
        let isUnderOwnController = second.withheld.allSatisfy {
            if case .deploymentController = $0.reason { $0.changes.isEmpty } else { false }
        }
        let outcome =
            isUnderOwnController
            ? Outcome.observedOnly : .differs("withheld: \(second.withheld.map(\.reason)) \(second.paths)")
        return (outcome, isRewritten)
    }

    private static func isRewritten(_ desired: DesiredState, on client: InProcessECS) throws -> Bool {
        guard let input = desired.taskDefinitions.first?.input, let family = input["family"],
            let described = try? client.perform("DescribeTaskDefinition", ["taskDefinition": family])["taskDefinition"]
        else { return false }
        return (input.members ?? []).contains { $0.name != "tags" && described[$0.name] != $0.value }
    }

    /// The environment's first commit, and an ECS that has nothing yet.
    private static func simulation(_ files: [String: String]) throws -> Simulation {
        let policy = EnvironmentPolicy(
            identity: try EnvironmentIdentity(InProcessECS.identity), branch: try BranchName("main"),
            folder: try TreePath("production"), account: try AccountID(InProcessECS.account),
            region: try Region(InProcessECS.region), clusters: [try ClusterName("main")], act: true, seed: 1)
        var configuration = LocalECS.Configuration()
        configuration.clusters = ["main"]
        configuration.region = InProcessECS.region
        let ecs = LocalECS(configuration: configuration, seed: 1, now: 1_789_990_000_000)
        let files = Dictionary(uniqueKeysWithValues: files.map { ("production/\($0.key)", $0.value) })
        let plan = SimulationPlan(seed: 1, commits: [(at: 0, files: files, subject: "apply")], killAtEffect: nil)
        return Simulation(plan: plan, policy: policy, ecs: ecs)
    }
}
