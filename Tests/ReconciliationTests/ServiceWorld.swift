import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringSimulator

/// One environment with as many services as a test wants, each with a task definition of its own: `s000`, `s001` and so on.
enum ServiceWorld {
    /// When what exists before the process was made.
    static let before: Int64 = 1_789_990_000_000
    static let caller = Caller(account: "123456789012", region: "eu-central-1")

    static func policy(_ change: (inout EnvironmentPolicy) -> Void = { _ in }) throws -> EnvironmentPolicy {
        var policy = try SmallWorld.policy()
        policy.postsStatuses = true
        change(&policy)
        return policy
    }

    static func names(_ count: Int) -> [String] {
        (0..<count).map { number in
            let digits = String(number)
            return "s" + String(repeating: "0", count: 3 - digits.count) + digits
        }
    }

    static func key(_ name: String) throws -> ServiceKey {
        ServiceKey(cluster: try ClusterName("main"), service: try ServiceName(name))
    }

    static func task(_ name: String, image: String = "acme/app:v1") -> String {
        """
        {"family": "\(name)", "memory": "512", "containerDefinitions": [{"name": "main", "image": "\(image)"}]}
        """
    }

    /// The two files of one service; `members` are further lines of it.
    static func files(
        _ name: String, image: String = "acme/app:v1", in folder: String = "production", _ members: String = "",
    ) -> [String: String] {
        [
            "\(folder)/\(name).task.json": task(name, image: image),
            "\(folder)/\(name).yaml": """
            serviceName: \(name)
            taskDefinition: \(name).task.json
            desiredCount: 1
            deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}
            \(members)

            """,
        ]
    }

    static func files(
        of names: [String], image: String = "acme/app:v1", in folder: String = "production",
    ) -> [String: String] {
        names.reduce(into: [:]) { all, name in
            all.merge(files(name, image: image, in: folder)) { _, new in new }
        }
    }

    /// A local ECS in which these services run, at the first image; those of `owned` carry our tag.
    static func ecs(
        _ names: [String], owned: [String]? = nil, image: String = "acme/app:v1", _ scenario: Scenario = Scenario(),
    ) throws -> LocalECS {
        var configuration = LocalECS.Configuration()
        configuration.clusters = ["main"]
        configuration.region = caller.region
        configuration.scenario = scenario
        var ecs = LocalECS(configuration: configuration, seed: 1, now: before)
        for name in names {
            let task = try JSONReader.value(of: task(name, image: image))
            _ = try ecs.perform(Operation(.ecs, "RegisterTaskDefinition"), task, as: caller, at: before).get()
            var service: Value = [
                "serviceName": .string(name), "cluster": "main", "taskDefinition": .string(name), "desiredCount": 1,
                "deploymentConfiguration": ["deploymentCircuitBreaker": ["enable": true, "rollback": true]],
            ]
            if owned?.contains(name) ?? true {
                service["tags"] = [["key": "mooring:environment", "value": "production@a1b2c3"]]
            }
            _ = try ecs.perform(Operation(.ecs, "CreateService"), service, as: caller, at: before).get()
        }
        return ecs
    }

    static func simulation(
        _ files: [String: String], _ ecs: LocalECS, policy: EnvironmentPolicy? = nil,
    ) throws -> Simulation {
        let plan = SimulationPlan(seed: 1, commits: [(at: 0, files: files, subject: "Begin")], killAtEffect: nil)
        return Simulation(plan: plan, policy: try policy ?? ServiceWorld.policy(), ecs: ecs)
    }
}

extension Simulation {
    /// What the head commit's report says of a service.
    func headService(_ name: String) -> ServiceReport? {
        headReport?.services.first { $0.key.service.text == name }
    }

    /// The deployments that ECS has records of, newest first.
    mutating func records(of name: String) -> [Value] {
        let input: Value = ["cluster": "main", "service": .string(name)]
        return answer(APICall(.ecs, "ListServiceDeployments", input))?["serviceDeployments"]?.elements ?? []
    }

    /// The image of the revision that a service points at.
    mutating func image(of name: String) throws -> String? {
        guard let arn = described(try ServiceWorld.key(name))?.taskDefinition else { return nil }
        let call = APICall(.ecs, "DescribeTaskDefinition", ["taskDefinition": .string(arn.text)])
        return answer(call)?["taskDefinition"]?["containerDefinitions"]?[0]?["image"]?.text
    }

    /// How often the loop asked for an operation with an input that holds all of these words.
    func asked(_ operation: String, _ words: String...) -> Int {
        history.count { line in
            line.contains(" ask ") && line.contains("\(operation) ") && words.allSatisfy(line.contains)
        }
    }

    /// The newest lines of what happened.
    var tail: String { history.suffix(60).joined(separator: "\n") }
}
