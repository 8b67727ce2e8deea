import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// Automatic scaling from git through the loop to the local ECS.
@Suite struct ScalingInLoopTests {
    private static let writes = [
        "RegisterScalableTarget", "DeregisterScalableTarget", "PutScalingPolicy", "DeleteScalingPolicy",
        "PutScheduledAction", "DeleteScheduledAction",
    ]
    private static let cpu = """
              - PolicyName: cpu
                PolicyType: TargetTrackingScaling
                TargetTrackingScalingPolicyConfiguration:
                  TargetValue: 60
                  PredefinedMetricSpecification: {PredefinedMetricType: ECSServiceAverageCPUUtilization}

        """
    private static let memory = """
              - PolicyName: memory
                PolicyType: TargetTrackingScaling
                TargetTrackingScalingPolicyConfiguration:
                  TargetValue: 75
                  PredefinedMetricSpecification: {PredefinedMetricType: ECSServiceAverageMemoryUtilization}

        """
    private static let steps = """
              - PolicyName: steps
                PolicyType: StepScaling
                StepScalingPolicyConfiguration:
                  AdjustmentType: ChangeInCapacity
                  StepAdjustments: [{MetricIntervalLowerBound: 0, ScalingAdjustment: 2}]

        """
    private static let night = """
            scheduledActions:
              - {ScheduledActionName: night, Schedule: cron(0 22 * * ? *), ScalableTargetAction: {MinCapacity: 1}}

        """

    /// What git holds: `web`, without a count, scaled between `band`.
    private static func files(
        image: String = "v1", band: ClosedRange<Int>? = 2...20, policies: String = cpu, actions: String = "",
        settings: String? = nil, more: String = "",
    ) -> [String: String] {
        var service = "serviceName: web\ntaskDefinition: web.task.json\n"
        if band == nil { service += "desiredCount: 2\n" }
        if band != nil || !more.isEmpty { service += "mooring:\n" + more }
        if let band {
            service += "  autoscaling:\n    MinCapacity: \(band.lowerBound)\n    MaxCapacity: \(band.upperBound)\n"
            if !policies.isEmpty { service += "    policies:\n" + policies }
            service += actions
        }
        var files = [
            "production/web.task.json": """
            {"family": "web", "memory": "64", "containerDefinitions": [{"name": "main", "image": "acme/web:\(image)"}]}
            """,
            "production/web.yaml": service,
        ]
        files["production/mooring.yaml"] = settings
        return files
    }

    private func simulation(_ files: [String: String], _ scenario: Scenario = Scenario()) throws -> Simulation {
        var simulation = try SmallWorld.simulation(files, try SmallWorld.ecs(scenario))
        try simulation.run()
        return simulation
    }

    private func writes(_ simulation: Simulation) -> [String: Int] {
        var counts: [String: Int] = [:]
        for name in Self.writes {
            let count = simulation.arrived(name, .applicationAutoScaling)
            if count > 0 { counts[name] = count }
        }
        return counts
    }

    private static let resource: Value = [
        "ServiceNamespace": "ecs", "ResourceId": "service/main/web", "ScalableDimension": "ecs:service:DesiredCount",
    ]

    private func shown(_ operation: String, _ list: String, in simulation: Simulation) -> [Value] {
        simulation.look(operation, ["ServiceNamespace": "ecs"], api: .applicationAutoScaling)?[list]?.elements ?? []
    }

    private func target(_ simulation: Simulation) -> Value? {
        shown("DescribeScalableTargets", "ScalableTargets", in: simulation).first
    }

    private func policies(_ simulation: Simulation) -> [String] {
        shown("DescribeScalingPolicies", "ScalingPolicies", in: simulation).compactMap { $0["PolicyName"]?.text }
            .sorted()
    }

    private func byHand(_ operation: String, _ input: Value, _ simulation: inout Simulation) throws {
        var whole = Self.resource
        for member in input.members ?? [] { whole[member.name] = member.value }
        try simulation.byHand(operation, whole, api: .applicationAutoScaling)
    }

    // MARK: Making

    @Test func `a new service begins with MinCapacity, its scaling is made once, then nothing is written`() throws {
        var simulation = try simulation(
            Self.files(policies: Self.cpu + Self.memory + Self.steps, actions: Self.night))
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(simulation.shown("web")?["desiredCount"]?.integer == 2)
        #expect(target(simulation)?["MinCapacity"]?.integer == 2 && target(simulation)?["MaxCapacity"]?.integer == 20)
        #expect(policies(simulation) == ["cpu", "memory", "steps"])
        #expect(shown("DescribeScheduledActions", "ScheduledActions", in: simulation).count == 1)
        let made = ["RegisterScalableTarget": 1, "PutScalingPolicy": 3, "PutScheduledAction": 1]
        #expect(writes(simulation) == made, "\(simulation.tail)")
        let tags = simulation.shown("web")?["tags"]?.elements ?? []
        #expect(tags.contains { $0["key"]?.text == "mooring:commit" }, "\(tags)")
        try simulation.run(for: .seconds(3600))
        try simulation.restart()
        try simulation.push(simulation.repository.files(at: simulation.repository.head), subject: "Same")
        try simulation.settle()
        #expect(writes(simulation) == made && simulation.arrived("UpdateService") == 0)
    }

    @Test func `a changed policy is put once, one that left git is deleted, and that of others stays`() throws {
        var simulation = try simulation(Self.files(policies: Self.cpu + Self.memory))
        try byHand(
            "PutScalingPolicy",
            [
                "PolicyName": "of-others", "PolicyType": "StepScaling",
                "StepScalingPolicyConfiguration": [
                    "AdjustmentType": "ChangeInCapacity",
                    "StepAdjustments": [["MetricIntervalLowerBound": 0, "ScalingAdjustment": 1]],
                ],
            ], &simulation)
        let before = writes(simulation)
        let changed = Self.cpu.replacing("TargetValue: 60", with: "TargetValue: 50")
        try simulation.merge(Self.files(policies: changed + Self.memory), subject: "Changed")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(writes(simulation)["PutScalingPolicy"] == (before["PutScalingPolicy"] ?? 0) + 1)
        let cpu = shown("DescribeScalingPolicies", "ScalingPolicies", in: simulation).first {
            $0["PolicyName"]?.text == "cpu"
        }
        #expect(cpu?["TargetTrackingScalingPolicyConfiguration"]?["TargetValue"]?.double == 50)

        try simulation.merge(Self.files(policies: changed), subject: "Without memory")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(policies(simulation) == ["cpu", "of-others"])
        #expect(writes(simulation)["DeleteScalingPolicy"] == 1 && writes(simulation)["RegisterScalableTarget"] == 1)
        #expect(simulation.arrived("UpdateService") == 0)
        let settled = writes(simulation)
        try simulation.run(for: .seconds(1800))
        #expect(writes(simulation) == settled)
    }

    @Test func `scaling that left git is deregistered, and the service stays as it is`() throws {
        var simulation = try simulation(Self.files(actions: Self.night))
        try simulation.merge(Self.files(band: nil), subject: "Without scaling")
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(target(simulation) == nil && policies(simulation) == [])
        #expect(writes(simulation)["DeregisterScalableTarget"] == 1)
        #expect(simulation.shown("web")?["runningCount"]?.integer == 2)
        let settled = writes(simulation)
        try simulation.run(for: .seconds(1800))
        #expect(writes(simulation) == settled)
    }

    // MARK: Others

    @Test(arguments: [("correct", 20), ("report", 9), ("ignore", 9)])
    func `a band that a person moved is corrected or stays, as drift says`(_ policy: String, _ maximum: Int) throws {
        var simulation = try simulation(Self.files(settings: "drift: \(policy)\n"))
        try byHand("RegisterScalableTarget", ["MinCapacity": 2, "MaxCapacity": 9], &simulation)
        try simulation.run(for: .seconds(1200))
        #expect(target(simulation)?["MaxCapacity"]?.integer == maximum, "\(simulation.tail)")
        // One of git, one by hand, and the correction.
        #expect(writes(simulation)["RegisterScalableTarget"] == (policy == "correct" ? 3 : 2))
        let remarks = simulation.count("remark main/web: scalingByHand")
        #expect(remarks == (policy == "report" ? 1 : 0), "\(simulation.tail)")
        // The next word of git about it holds again.
        try simulation.merge(Self.files(band: 2...12, settings: "drift: \(policy)\n"), subject: "New band")
        #expect(target(simulation)?["MaxCapacity"]?.integer == 12, "\(simulation.tail)")
    }

    @Test func `a count within the band that an autoscaler moved is left alone through 100 sweeps`() throws {
        var simulation = try simulation(Self.files(actions: Self.night))
        try simulation.byHand("UpdateService", ["cluster": "main", "service": "web", "desiredCount": 5])
        let settled = writes(simulation)
        let sweeps = simulation.calls["DescribeScalableTargets"] ?? 0
        try simulation.run(for: SmallWorld.policy().sweepInterval * 110)
        #expect(simulation.shown("web")?["desiredCount"]?.integer == 5)
        #expect((simulation.calls["DescribeScalableTargets"] ?? 0) - sweeps >= 100)
        #expect(simulation.arrived("UpdateService") == 1 && writes(simulation) == settled, "\(simulation.tail)")
        // A rollout leaves it alone as well.
        try simulation.merge(Self.files(image: "v2", actions: Self.night), subject: "Image")
        #expect(simulation.headReport?.sync == .synced && simulation.shown("web")?["desiredCount"]?.integer == 5)
        print(
            "100 sweeps: \((simulation.calls["DescribeScalableTargets"] ?? 0) - sweeps) looks at the target, "
                + "\(simulation.calls["UpdateService"] ?? 0) UpdateService of ours, the rollout's; \(writes(simulation))"
        )
    }

    @Test func `scaling that is refused is a failure until it is permitted`() throws {
        var scenario = Scenario()
        scenario.faults = [FaultRule("RegisterScalableTarget", .always, .accessDenied)]
        var simulation = try simulation(Self.files(), scenario)
        try simulation.run(for: .seconds(120))
        let web = try #require(simulation.service("web"))
        #expect(web.sync == .failed && web.cause?.contains("RegisterScalableTarget") == true, "\(simulation.tail)")
        simulation.ecs.scenario = Scenario()
        try simulation.run(for: .seconds(900))
        #expect(simulation.headReport?.sync == .synced, "\(simulation.tail)")
        #expect(policies(simulation) == ["cpu"])
    }

    @Test func `a paused service's scaling is left alone`() throws {
        var simulation = try simulation(Self.files())
        let settled = writes(simulation)
        try simulation.merge(Self.files(band: 3...7, more: "  pause: looking into it\n"), subject: "Paused")
        #expect(simulation.service("web")?.sync == .outOfSync, "\(simulation.tail)")
        #expect(writes(simulation) == settled && target(simulation)?["MaxCapacity"]?.integer == 20)
        try simulation.merge(Self.files(band: 3...7), subject: "Again")
        // At the latest the next look at everything goes on.
        try simulation.run(for: .seconds(600))
        #expect(target(simulation)?["MaxCapacity"]?.integer == 7 && simulation.headReport?.sync == .synced)
    }

    @Test func `pruning ends the scaling before the service`() throws {
        var files = Self.files(settings: "prune: true\n")
        files["production/api.yaml"] = "serviceName: api\ntaskDefinition: web.task.json\ndesiredCount: 1\n"
        var simulation = try simulation(files)
        #expect(target(simulation) != nil)
        files["production/web.yaml"] = nil
        try simulation.merge(files, subject: "Without web")
        try simulation.run(for: .seconds(900))
        try simulation.settle()
        #expect(simulation.shown("web")?["status"]?.text != "ACTIVE", "\(simulation.tail)")
        #expect(target(simulation) == nil && simulation.headReport?.sync == .synced)
        let deregistered = try #require(simulation.place(of: "done deregister scalable target of main/web"))
        let deleted = try #require(simulation.place(of: "begin delete main/web"))
        #expect(deregistered < deleted && writes(simulation)["DeregisterScalableTarget"] == 1)
    }
}
