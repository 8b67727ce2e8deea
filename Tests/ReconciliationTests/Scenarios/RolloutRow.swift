import MooringModel
import MooringNames
import MooringReconciliation
import MooringRollouts
import MooringShapes

/// One row of the table of scenarios: what git holds, what goes wrong in ECS, what happens when, and how it must end.
struct RolloutRow: Sendable {
    /// What the row shows, as a behaviour.
    let name: String
    /// What git holds at first.
    var files: [String: String] = RolloutFiles.web()
    /// What the local ECS lets go wrong, in the words of `mooring simulate --scenario`. Times count from the first commit.
    var scenario = "{}"
    /// What happens after the first commit's report has ended.
    var steps: [RolloutStep] = []
    /// How the newest commit's report ends.
    var end: RolloutEnd
    /// How reports of earlier commits end, by their place in the history, from 0.
    var earlier: [Int: RolloutEnd] = [:]
    /// UpdateService calls of ours, where their number matters.
    var updates: Int?
    /// Lines of the list of what users of other tools complain about that the row answers.
    var peers: [Int] = []

    init(
        _ name: String, files: [String: String] = RolloutFiles.web(), scenario: String = "{}",
        steps: [RolloutStep] = [], end: RolloutEnd, earlier: [Int: RolloutEnd] = [:],
        updates: Int? = nil, peers: [Int] = [],
    ) {
        self.name = name
        self.files = files
        self.scenario = scenario
        self.steps = steps
        self.end = end
        self.earlier = earlier
        self.updates = updates
        self.peers = peers
    }
}

/// Something that happens in a row.
enum RolloutStep: Sendable {
    /// A commit, and the time until its report has ended.
    case merge([String: String])
    /// A commit alone.
    case push([String: String])
    /// A commit whose files follow from the simulation so far, and the time until its report has ended.
    case mergeAfter(@Sendable (inout Simulation) throws -> [String: String])
    /// So many seconds.
    case wait(Int64)
    /// A person calls ECS, or another API as `api:Operation`.
    case hand(String, Value)
    /// A person calls ECS with what is found out first.
    case handAfter(String, @Sendable (inout Simulation) throws -> Value)
    /// From now on other things go wrong.
    case scenario(String)
    /// The process ends without warning, and a new one runs until it has settled.
    case kill
    /// Something must hold now.
    case expect(String, @Sendable (inout Simulation) throws -> Bool)
}

/// How a commit's report ends.
struct RolloutEnd: Sendable {
    var sync: Sync
    /// nil where it is of no interest.
    var health: Health?
    var services: [String: ServiceEnd] = [:]

    /// How a service stands in it.
    struct ServiceEnd: Sendable {
        var sync: Sync
        /// From the fixed list; nil where nothing is diagnosed.
        var cause: Cause?
        /// The tag of the image that the primary deployment runs at the end of the row.
        var runs: String?
        /// What cause and remedy must say.
        var says: [String] = []
    }
}

extension RolloutEnd {
    static func synced(runs: String = "v1", says: String..., health: Health = .healthy) -> RolloutEnd {
        RolloutEnd(sync: .synced, health: health, services: ["web": .init(sync: .synced, runs: runs, says: says)])
    }

    static func failed(
        _ cause: Cause?, runs: String = "v1", says: String..., health: Health? = .degraded,
    ) -> RolloutEnd {
        RolloutEnd(
            sync: .failed, health: health,
            services: ["web": .init(sync: .failed, cause: cause, runs: runs, says: says)])
    }

    static func outOfSync(runs: String = "v1", says: String..., health: Health? = .healthy) -> RolloutEnd {
        RolloutEnd(
            sync: .outOfSync, health: health, services: ["web": .init(sync: .outOfSync, runs: runs, says: says)])
    }

    static func superseded() -> RolloutEnd {
        RolloutEnd(sync: .superseded, services: ["web": .init(sync: .superseded)])
    }

    static func progressing(says: String...) -> RolloutEnd {
        RolloutEnd(sync: .progressing, services: ["web": .init(sync: .progressing, says: says)])
    }
}

/// Manifests of rows.
enum RolloutFiles {
    static let breaker = "deploymentCircuitBreaker: {enable: true, rollback: true}"

    /// The service `web` and its task definition, both in the environment's folder.
    static func web(
        _ image: String = "v1", _ members: String = "", deployment: String = breaker, task: String = "",
        container: String = "", desired: Int? = 1,
    ) -> [String: String] {
        service(
            "web", image, members, deployment: deployment, task: task, container: container, desired: desired)
    }

    /// A service and its task definition.
    ///
    /// - Parameters:
    ///   - members: further lines of the service.
    ///   - deployment: what stands inside of `deploymentConfiguration`.
    ///   - task: further members of the task definition, with a comma before them.
    ///   - container: the same of its container.
    static func service(
        _ name: String, _ image: String = "v1", _ members: String = "", deployment: String = breaker,
        task: String = "", container: String = "", desired: Int? = 1,
    ) -> [String: String] {
        [
            "production/\(name).task.json": """
            {"family": "\(name)", "cpu": "256", "memory": "512"\(task),
             "containerDefinitions": [{"name": "main", "image": "acme/\(name):\(image)"\(container)}]}
            """,
            "production/\(name).yaml": """
            serviceName: \(name)
            taskDefinition: \(name).task.json
            \(desired.map { "desiredCount: \($0)" } ?? "")
            deploymentConfiguration: {\(deployment)}
            \(members)

            """,
        ]
    }

    /// Several services' files together, and the settings in git where there are any.
    static func all(_ parts: [String: String]..., settings: String? = nil) -> [String: String] {
        var files: [String: String] = [:]
        for part in parts { files.merge(part) { _, new in new } }
        if let settings { files["production/mooring.yaml"] = settings + "\n" }
        return files
    }

    /// Members of a task definition and of a service that run on Fargate.
    static let fargateTask =
        #", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "executionRoleArn": "arn:aws:iam::123456789012:role/run""#
    static let network =
        "networkConfiguration: {awsvpcConfiguration: {subnets: [subnet-0a1b2c3d], assignPublicIp: DISABLED}}"
    static let fargate = "launchType: FARGATE\n\(network)"

    static let port = #", "portMappings": [{"containerPort": 80}]"#
    static let group = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef"
    static let green = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/green/fedcba9876543210"
    static let balancer = "loadBalancers: [{targetGroupArn: '\(group)', containerName: main, containerPort: 80}]"
}
