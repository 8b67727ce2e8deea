import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// What a commit takes out of a manifest, from git through the loop to the local ECS.
@Suite struct RemovalTests {
    private static let task = """
        {"family": "web", "memory": "512", "taskRoleArn": "arn:aws:iam::123456789012:role/web",
         "containerDefinitions": [{"name": "main", "image": "acme/web:v1"}]}
        """

    private func simulation(_ commits: [[String: String]]) throws -> Simulation {
        let policy = EnvironmentPolicy(
            identity: try EnvironmentIdentity("production@a1b2c3"), branch: try BranchName("main"),
            folder: try TreePath("production"), account: try AccountID("123456789012"),
            region: try Region("eu-central-1"), clusters: [try ClusterName("main")], act: true, seed: 1)
        var configuration = LocalECS.Configuration()
        configuration.clusters = ["main"]
        configuration.region = policy.region.text
        let ecs = LocalECS(configuration: configuration, seed: 1, now: 1_789_990_000_000)
        let plan = SimulationPlan(
            seed: 1,
            commits: commits.enumerated().map {
                (at: Int64($0.offset) * 1_800_000, files: $0.element, subject: "commit")
            },
            killAtEffect: nil)
        return Simulation(plan: plan, policy: policy, ecs: ecs)
    }

    private let rich = """
        serviceName: web
        taskDefinition: web.task.json
        desiredCount: 1
        enableExecuteCommand: true
        propagateTags: SERVICE
        tags: [{key: team, value: shop}, {key: tier, value: "1"}]
        deploymentConfiguration:
          minimumHealthyPercent: 50
          alarms: {alarmNames: [errors], enable: true, rollback: true}
          deploymentCircuitBreaker: {enable: true, rollback: true}
        """
    private let poor = """
        serviceName: web
        taskDefinition: web.task.json
        desiredCount: 1
        tags: [{key: tier, value: "1"}]
        deploymentConfiguration:
          deploymentCircuitBreaker: {enable: true, rollback: true}
        """

    /// The moved one lies in another file than before.
    @Test(arguments: ["production/web.yaml", "production/moved/web.yaml"])
    func `members and tags that a commit takes out are gone from ECS, and the commit is synced`(file: String) throws {
        let later = file == "production/web.yaml" ? poor : poor.replacing("web.task.json", with: "../web.task.json")
        var simulation = try simulation([
            ["production/web.task.json": Self.task, "production/web.yaml": rich],
            ["production/web.task.json": Self.task, file: later],
        ])
        try simulation.run()
        let history = simulation.history.joined(separator: "\n")
        let key = ServiceKey(cluster: try ClusterName("main"), service: try ServiceName("web"))
        let described = simulation.described(key)
        let live = try #require(described)
        #expect(live.described["enableExecuteCommand"]?.boolean == false, "\(history)")
        #expect(live.described["propagateTags"]?.text == "NONE")
        let configuration = live.described["deploymentConfiguration"]
        #expect(configuration?["minimumHealthyPercent"]?.integer == 100)
        #expect(configuration?["alarms"]?["enable"]?.boolean == false)
        #expect(configuration?["deploymentCircuitBreaker"]?["enable"]?.boolean == true)
        #expect(live.tag("team") == nil)
        #expect(live.tag("tier") == "1")
        #expect(live.tag(OwnTag.environment) == "production@a1b2c3")
        #expect(live.tag(OwnTag.commit) == simulation.repository.head?.text)
        #expect(simulation.calls["UpdateService"] == 1)
        #expect(simulation.calls["UntagResource"] == 1)
        #expect(simulation.loop.headReport?.sync == .synced)
    }

    @Test func `what a person adds and git never had stays`() throws {
        var simulation = try simulation([["production/web.task.json": Self.task, "production/web.yaml": poor]])
        try simulation.run()
        let key = ServiceKey(cluster: try ClusterName("main"), service: try ServiceName("web"))
        let arn = simulation.described(key)?.arn ?? ""
        let caller = Caller(account: "123456789012", region: "eu-central-1")
        for (operation, input) in [
            ("UpdateService", ["service": "web", "cluster": "main", "enableExecuteCommand": true] as Value),
            ("TagResource", ["resourceArn": .string(arn), "tags": [["key": "owner", "value": "somebody"]]]),
        ] {
            _ = try simulation.ecs.perform(
                Operation(.ecs, operation), input, as: caller, at: simulation.time + 120_000
            ).get()
        }
        try simulation.run(for: .seconds(700))
        try simulation.merge(
            [
                "production/web.task.json": Self.task,
                "production/web.yaml": poor.replacing("desiredCount: 1", with: "desiredCount: 2"),
            ], subject: "more")
        let described = simulation.described(key)
        let live = try #require(described)
        #expect(live.described["enableExecuteCommand"]?.boolean == true)
        #expect(live.tag("owner") == "somebody")
        #expect(live.desiredCount == 2)
    }
}
