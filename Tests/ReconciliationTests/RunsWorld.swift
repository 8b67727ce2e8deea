import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator

/// One environment with a one-off task, `migrate`, before the service `web`.
enum RunsWorld {
    /// When a simulation starts.
    static let start: Int64 = 1_790_000_000_000

    /// A local ECS in which the images' processes end: `acme/migrate:bad…` with 1, every other migration with 0.
    static func scenario(after milliseconds: Int64 = 40 * 60_000) -> Scenario {
        var scenario = Scenario()
        scenario.images = [
            ImageRule("acme/migrate:bad*", .crashes(exitCode: 1, afterMilliseconds: milliseconds)),
            ImageRule("acme/migrate:*", .crashes(exitCode: 0, afterMilliseconds: milliseconds)),
        ]
        return scenario
    }

    private static func task(_ family: String, _ image: String) -> String {
        """
        {"family": "\(family)", "memory": "256", "containerDefinitions": [{"name": "main", "image": "\(image)"}]}
        """
    }

    /// What git holds: `web`, `migrate` with these members under `mooring:`, and more services.
    static func files(
        web: String = "v1", migrate: String = "v1", _ members: String = "runs: {before: [web]}",
        services: [String: String] = [:],
    ) -> [String: String] {
        var files = [
            "production/migrate.task.json": task("migrate", "acme/migrate:\(migrate)"),
            "production/migrate.yaml": "taskDefinition: migrate.task.json\nmooring: {\(members)}\n",
        ]
        for (name, image) in services.merging(["web": "acme/web:\(web)"], uniquingKeysWith: { one, _ in one }) {
            files["production/\(name).task.json"] = task(name, image)
            files["production/\(name).yaml"] = """
                serviceName: \(name)
                taskDefinition: \(name).task.json
                desiredCount: 1
                deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}

                """
        }
        return files
    }

    static func simulation(
        _ files: [String: String], _ scenario: Scenario = scenario(), change: (inout SimulationPlan) -> Void = { _ in },
    ) throws -> Simulation {
        try SmallWorld.simulation(files, try SmallWorld.ecs(scenario), change: change)
    }
}

extension Simulation {
    /// The answer to a call of which the world itself learns nothing.
    func look(_ operation: String, _ input: Value, api: Operation.API = .ecs) -> Value? {
        var ecs = ecs
        let caller = Caller(account: policy.account.text, region: policy.region.text)
        let answer = ecs.perform(Operation(api, operation), input, as: caller, at: max(time, ecs.now))
        return try? answer.get()
    }

    /// Makes a call by hand.
    @discardableResult
    mutating func byHand(_ operation: String, _ input: Value, api: Operation.API = .ecs) throws -> Value {
        let caller = Caller(account: policy.account.text, region: policy.region.text)
        return try ecs.perform(Operation(api, operation), input, as: caller, at: max(time, ecs.now)).get()
    }

    /// The service as ECS shows it; nil where there is none.
    func shown(_ service: String) -> Value? {
        let answer = look(
            "DescribeServices", ["cluster": "main", "services": [.string(service)], "include": ["TAGS"]])
        return answer?["services"]?[0]
    }

    /// The tasks of a family that ECS still shows, whatever became of them.
    func tasks(of family: String) -> [Value] {
        let arns = ["RUNNING", "STOPPED"].flatMap { status -> [Value] in
            let listed = look(
                "ListTasks", ["cluster": "main", "family": .string(family), "desiredStatus": .string(status)])
            return listed?["taskArns"]?.elements ?? []
        }
        if arns.isEmpty { return [] }
        return look("DescribeTasks", ["cluster": "main", "tasks": .list(arns)])?["tasks"]?.elements ?? []
    }

    /// Calls of an operation that arrived at the local ECS.
    func arrived(_ operation: String, _ api: Operation.API = .ecs) -> Int { ecs.callCount(operation, api: api) }

    /// What the head commit's report says of a one-off task.
    func task(_ name: String) -> ServiceReport? { headReport?.tasks.first { $0.key.service.text == name } }

    /// What the head commit's report says of a service.
    func service(_ name: String) -> ServiceReport? { headReport?.services.first { $0.key.service.text == name } }

    /// Where the first event with this beginning stands in the history; nil where there is none.
    func place(of beginning: String) -> Int? {
        history.firstIndex { $0.contains(" event \(beginning)") }
    }

}
