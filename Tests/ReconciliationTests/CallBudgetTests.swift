import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// AWS's token buckets are shared with people and other tools, so what a pass may cost is a promise.
@Suite struct CallBudgetTests {
    static let services = 500

    @Test func `a sweep without changes and a commit to one of 500 services stay within their calls`() throws {
        var simulation = try CallBudgetTests.managed()
        let afterStart = simulation.calls

        // A stretch in which exactly one sweep is due.
        try simulation.run(for: .seconds(330))
        let sweep = simulation.ecsCalls(since: afterStart)
        let allowed = 2 + (Self.services + 99) / 100 + (Self.services + 9) / 10
        #expect(sweep.values.reduce(0, +) <= allowed, "a sweep made \(sweep)")
        #expect(sweep["DescribeServices"] == Self.services / 10, "a sweep made \(sweep)")
        // What git said before is no question while nothing has changed.
        #expect(!simulation.history.contains { $0.contains("versions ") })

        let beforeCommit = simulation.calls
        var files = try Self.files()
        files["production/s007.task.json"] = Self.taskDefinition("s007", image: "acme/app:v2")
        try simulation.merge(files, subject: "one of many")
        var commit = simulation.ecsCalls(since: beforeCommit)
        // One describe finds the service, the others watch its rollout or belong to a sweep that fell due.
        let describes = commit.removeValue(forKey: "DescribeServices") ?? 0
        #expect(describes >= 2)
        #expect(commit.values.reduce(0, +) <= 7, "a commit made \(commit) and the describes")
        #expect(commit["RegisterTaskDefinition"] == 1 && commit["UpdateService"] == 1, "a commit made \(commit)")
    }

    /// 500 services that run what git says and carry our tag, as they do after a first deployment.
    private static func managed() throws -> Simulation {
        let policy = EnvironmentPolicy(
            identity: try EnvironmentIdentity("production@a1b2c3"), branch: try BranchName("main"),
            folder: try TreePath("production"), account: try AccountID("123456789012"),
            region: try Region("eu-central-1"), clusters: [try ClusterName("main")], act: true, seed: 1)
        var configuration = LocalECS.Configuration()
        configuration.clusters = ["main"]
        configuration.region = policy.region.text
        var ecs = LocalECS(configuration: configuration, seed: 1, now: 1_789_990_000_000)
        let caller = Caller(account: policy.account.text, region: policy.region.text)
        for name in names {
            let task = try JSONReader.value(of: taskDefinition(name, image: "acme/app:v1"))
            _ = try ecs.perform(Operation(.ecs, "RegisterTaskDefinition"), task, as: caller, at: 1_789_990_000_000)
                .get()
            let service: Value = [
                "serviceName": .string(name), "cluster": "main", "taskDefinition": .string(name), "desiredCount": 1,
                "tags": [["key": "mooring:environment", "value": "production@a1b2c3"]],
            ]
            _ = try ecs.perform(Operation(.ecs, "CreateService"), service, as: caller, at: 1_789_990_000_000).get()
        }
        let plan = SimulationPlan(seed: 1, commits: [(at: 0, files: try files(), subject: "begin")], killAtEffect: nil)
        var simulation = Simulation(plan: plan, policy: policy, ecs: ecs)
        try simulation.run()
        return simulation
    }

    private static var names: [String] {
        (0..<services).map { number in
            let digits = String(number)
            return "s" + String(repeating: "0", count: 3 - digits.count) + digits
        }
    }

    private static func taskDefinition(_ name: String, image: String) -> String {
        """
        {"family": "\(name)", "memory": "512", "containerDefinitions": [{"name": "main", "image": "\(image)"}]}
        """
    }

    private static func files() throws -> [String: String] {
        var files: [String: String] = [:]
        for name in names {
            files["production/\(name).task.json"] = taskDefinition(name, image: "acme/app:v1")
            files["production/\(name).yaml"] = """
                serviceName: \(name)
                taskDefinition: \(name).task.json
                desiredCount: 1
                """
        }
        return files
    }
}

extension Simulation {
    /// Calls of ECS since then, by operation.
    func ecsCalls(since earlier: [String: Int]) -> [String: Int] {
        var difference = calls
        for (operation, count) in earlier { difference[operation, default: 0] -= count }
        difference["GetCallerIdentity"] = nil
        difference["DescribeScalableTargets"] = nil
        return difference.filter { $0.value != 0 }
    }
}
