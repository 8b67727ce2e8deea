import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

@Suite struct AdoptionTests {
    /// A pass that finds no difference may not write before reads can be believed; it is not settled until it has.
    @Test func `a service that is what git says is ours before the loop calls itself settled`() throws {
        let identity = try EnvironmentIdentity("production@a1b2c3")
        let policy = EnvironmentPolicy(
            identity: identity, branch: try BranchName("main"), folder: try TreePath("production"),
            account: try AccountID("123456789012"), region: try Region("eu-central-1"),
            clusters: [try ClusterName("main")], act: true, seed: 1)
        var configuration = LocalECS.Configuration()
        configuration.clusters = ["main"]
        configuration.region = policy.region.text
        var ecs = LocalECS(configuration: configuration, seed: 1, now: 1_789_990_000_000)
        let caller = Caller(account: policy.account.text, region: policy.region.text)
        let task = """
            {"family": "web", "memory": "512", "containerDefinitions": [{"name": "main", "image": "acme/web:v1"}]}
            """
        _ = try ecs.perform(
            Operation(.ecs, "RegisterTaskDefinition"), JSONReader.value(of: task), as: caller, at: 1_789_990_000_000,
        ).get()
        let service: Value = [
            "serviceName": "web", "cluster": "main", "taskDefinition": "web", "desiredCount": 1,
        ]
        _ = try ecs.perform(Operation(.ecs, "CreateService"), service, as: caller, at: 1_789_990_000_000).get()
        let manifest = """
            serviceName: web
            taskDefinition: web.task.json
            desiredCount: 1
            mooring: {adopt: true}
            """
        let files = ["production/web.task.json": task, "production/web.yaml": manifest]
        let plan = SimulationPlan(seed: 1, commits: [(at: 0, files: files, subject: "adopt")], killAtEffect: nil)
        var simulation = Simulation(plan: plan, policy: policy, ecs: ecs)
        try simulation.run()
        let key = ServiceKey(cluster: try ClusterName("main"), service: try ServiceName("web"))
        let live = simulation.described(key)
        #expect(live?.tag(OwnTag.environment) == identity.text, "\(simulation.history.joined(separator: "\n"))")
        // A tag is all that is written, so it is told; and so is why it is not written at once.
        #expect(simulation.count("adopted main/web") == 1)
        #expect(simulation.count("pausing") == 1)
        #expect(simulation.calls["UpdateService"] == nil)
        #expect(simulation.calls["RegisterTaskDefinition"] == nil)
    }
}
