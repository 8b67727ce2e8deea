import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// One change is one call and one deployment, whatever it is made of and whatever happens to the call.
@Suite struct OneUpdateTests {
    private static func group(_ name: String) -> String {
        "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/\(name)/0123456789abcdef"
    }

    private static func files(
        image: String = "acme/web:v1", subnet: String = "subnet-0aaa", group: String = "blue", count: Int = 1,
        team: String = "shop",
    ) -> [String: String] {
        [
            "production/web.task.json": """
            {"family": "web", "cpu": "256", "memory": "512", "networkMode": "awsvpc",
             "requiresCompatibilities": ["FARGATE"],
             "containerDefinitions": [{"name": "main", "image": "\(image)", "portMappings": [{"containerPort": 80}]}]}
            """,
            "production/web.yaml": """
            serviceName: web
            taskDefinition: web.task.json
            desiredCount: \(count)
            launchType: FARGATE
            networkConfiguration:
              awsvpcConfiguration: {subnets: [\(subnet)], securityGroups: [sg-0aaa]}
            loadBalancers: [{targetGroupArn: "\(self.group(group))", containerName: main, containerPort: 80}]
            tags: [{key: team, value: \(team)}]
            """,
        ]
    }

    @Test func `revision, network, load balancer, count and tags change in one update and one deployment`() throws {
        var simulation = try ServiceWorld.simulation(Self.files(), try ServiceWorld.ecs([]))
        try simulation.run()
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        let before = simulation.calls
        try simulation.merge(
            Self.files(image: "acme/web:v2", subnet: "subnet-0bbb", group: "green", count: 3, team: "pay"),
            subject: "Everything")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        let calls = simulation.ecsCalls(since: before)
        #expect(calls["RegisterTaskDefinition"] == 1 && calls["UpdateService"] == 1, "\(calls)")
        // One for the manifest's tags; that the commit has been reached is written when it has been.
        #expect(simulation.asked("TagResource", "\"team\"") == 1, "\(simulation.tail)")
        #expect(calls["TagResource"] == 2, "\(calls)")
        #expect(simulation.records(of: "web").count == 2)

        let described = simulation.described(try ServiceWorld.key("web"))
        let live = try #require(described)
        #expect(live.desiredCount == 3 && live.runningCount == 3 && live.tag("team") == "pay")
        #expect(
            live.described["networkConfiguration"]?["awsvpcConfiguration"]?["subnets"]?[0]?.text == "subnet-0bbb")
        #expect(live.described["loadBalancers"]?[0]?["targetGroupArn"]?.text == Self.group("green"))
        #expect(try simulation.image(of: "web") == "acme/web:v2")
        print("one change of all members: \(calls.sorted { $0.key < $1.key })")
    }

    private static func files(provider: String) -> [String: String] {
        [
            "production/web.task.json": """
            {"family": "web", "cpu": "256", "memory": "512", "networkMode": "awsvpc",
             "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{"name": "main", "image": "acme/web:v1"}]}
            """,
            "production/web.yaml": """
            serviceName: web
            taskDefinition: web.task.json
            desiredCount: 1
            networkConfiguration: {awsvpcConfiguration: {subnets: [subnet-0aaa]}}
            capacityProviderStrategy: [{capacityProvider: \(provider), weight: 1}]
            """,
        ]
    }

    enum Trouble: CaseIterable {
        case none, answerLost, killed, answerLostAndKilled
    }

    @Test(arguments: Trouble.allCases)
    func `a change of the capacity provider strategy alone is forced once`(_ trouble: Trouble) throws {
        var scenario = Scenario()
        if [.answerLost, .answerLostAndKilled].contains(trouble) {
            scenario.faults = [FaultRule("UpdateService", .ordinals([1]), .lostResponse)]
        }
        var ecs = try ServiceWorld.ecs([], scenario)
        let providers: Value = [
            "cluster": "main", "capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": [],
        ]
        _ = try ecs.perform(
            Operation(.ecs, "PutClusterCapacityProviders"), providers, as: ServiceWorld.caller, at: ServiceWorld.before
        ).get()
        var simulation = try ServiceWorld.simulation(Self.files(provider: "FARGATE"), ecs)
        try simulation.run()
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        if [.killed, .answerLostAndKilled].contains(trouble) { simulation.killAfter = "UpdateService" }
        try simulation.merge(Self.files(provider: "FARGATE_SPOT"), subject: "Spot")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(simulation.count("problem of the plan") == 0)
        try simulation.run(for: .seconds(1_200))

        // What ECS was asked, beyond what the loop knows of.
        #expect(simulation.ecs.calls[Operation(.ecs, "UpdateService")] == 1, "\(simulation.tail)")
        #expect(simulation.asked("UpdateService", "\"forceNewDeployment\":true") == 1)
        #expect(simulation.records(of: "web").count == 2)
        let described = simulation.described(try ServiceWorld.key("web"))
        let strategy = described?.primary?.described["capacityProviderStrategy"]
        #expect(strategy?[0]?["capacityProvider"]?.text == "FARGATE_SPOT")
        if trouble == .killed || trouble == .answerLostAndKilled {
            #expect(simulation.history.contains { $0.hasSuffix(" kill") })
        }
    }
}
