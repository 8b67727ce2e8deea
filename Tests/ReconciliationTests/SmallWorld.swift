import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator

/// One environment with the service `web`, for tests of one thing at a time.
enum SmallWorld {
    /// When what exists before the process was made.
    private static let before: Int64 = 1_789_990_000_000

    static func policy() throws -> EnvironmentPolicy {
        EnvironmentPolicy(
            identity: try EnvironmentIdentity("production@a1b2c3"), branch: try BranchName("main"),
            folder: try TreePath("production"), account: try AccountID("123456789012"),
            region: try Region("eu-central-1"), clusters: [try ClusterName("main")], act: true, seed: 1)
    }

    static func key() throws -> ServiceKey {
        ServiceKey(cluster: try ClusterName("main"), service: try ServiceName("web"))
    }

    private static func task(_ image: String) -> String {
        """
        {"family": "web", "memory": "512", "containerDefinitions": [{"name": "main", "image": "\(image)"}]}
        """
    }

    /// What git holds; `members` are further lines of the service.
    static func files(image: String = "acme/web:v1", _ members: String = "") -> [String: String] {
        [
            "production/web.task.json": task(image),
            "production/web.yaml": "serviceName: web\ntaskDefinition: web.task.json\ndesiredCount: 1\n\(members)\n",
        ]
    }

    /// A local ECS; with `tags` the service is there, at the first image, and carries them.
    static func ecs(_ scenario: Scenario = Scenario(), tags: [Value]? = nil) throws -> LocalECS {
        let policy = try policy()
        var configuration = LocalECS.Configuration()
        configuration.clusters = ["main"]
        configuration.region = policy.region.text
        configuration.scenario = scenario
        var ecs = LocalECS(configuration: configuration, seed: 1, now: before)
        guard let tags else { return ecs }
        let caller = Caller(account: policy.account.text, region: policy.region.text)
        _ = try ecs.perform(
            Operation(.ecs, "RegisterTaskDefinition"), JSONReader.value(of: task("acme/web:v1")), as: caller, at: before
        ).get()
        var service: Value = ["serviceName": "web", "cluster": "main", "taskDefinition": "web", "desiredCount": 1]
        if !tags.isEmpty { service["tags"] = .list(tags) }
        _ = try ecs.perform(Operation(.ecs, "CreateService"), service, as: caller, at: before).get()
        return ecs
    }

    /// Ready to run, with these files as the first commit.
    static func simulation(
        _ files: [String: String], _ ecs: LocalECS, change: (inout SimulationPlan) -> Void = { _ in },
    ) throws -> Simulation {
        var plan = SimulationPlan(seed: 1, commits: [(at: 0, files: files, subject: "Begin")], killAtEffect: nil)
        change(&plan)
        return Simulation(plan: plan, policy: try policy(), ecs: ecs)
    }
}

extension Simulation {
    /// The report of the newest commit.
    var headReport: CommitReport? { loop.headReport }

    /// The note of the newest commit.
    var headNote: String? { repository.head.flatMap { repository.notes[$0] } }

    /// The states that the newest commit's report went through.
    var headSyncs: [Sync] {
        events.compactMap { event in
            if case .report(let report) = event, report.commit == repository.head { report.sync } else { nil }
        }
    }

    /// How many events have this beginning in their label.
    func count(_ beginning: String) -> Int { events.count { $0.label.hasPrefix(beginning) } }
}
