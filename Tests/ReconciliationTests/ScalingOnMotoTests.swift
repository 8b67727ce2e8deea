import MooringManifests
import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringTestSupport
import Testing

/// Automatic scaling with signed requests against an Application Auto Scaling that others wrote.
@Suite(.timeLimit(.minutes(4))) struct ScalingOnMotoTests {
    private static func service(_ target: Int) -> String {
        """
        serviceName: web
        cluster: main
        taskDefinition: web.task.json
        mooring:
          autoscaling:
            MinCapacity: 2
            MaxCapacity: 20
            policies:
              - PolicyName: cpu
                PolicyType: TargetTrackingScaling
                TargetTrackingScalingPolicyConfiguration:
                  TargetValue: \(target)
                  ScaleInCooldown: 60
                  PredefinedMetricSpecification: {PredefinedMetricType: ECSServiceAverageCPUUtilization}
              - PolicyName: steps
                PolicyType: StepScaling
                StepScalingPolicyConfiguration:
                  AdjustmentType: ChangeInCapacity
                  Cooldown: 60
                  StepAdjustments: [{MetricIntervalLowerBound: 0, ScalingAdjustment: 2}]
            scheduledActions:
              - {ScheduledActionName: night, Schedule: cron(0 22 * * ? *), ScalableTargetAction: {MinCapacity: 1}}
              - {ScheduledActionName: day, Schedule: cron(0 6 * * ? *), Timezone: Europe/Berlin,
                 ScalableTargetAction: {MinCapacity: 4, MaxCapacity: 20}}
        """
    }

    private static func desired(_ target: Int) throws -> DesiredState {
        Manifests.desiredState(
            of: [
                ManifestInput(
                    path: try TreePath("web.task.json"),
                    bytes: Array(
                        """
                        {"family": "web", "containerDefinitions": [{"name": "main", "image": "web:1", "memory": 64}]}
                        """.utf8)),
                ManifestInput(path: try TreePath("web.yaml"), bytes: Array(service(target).utf8)),
            ])
    }

    @Test func `moto takes every call, and what it holds then leaves nothing to plan`() async throws {
        try await withMoto(clusters: ["main"], runningTasks: 2) { moto in
            let aws = try CorpusOnMotoTests.client(of: moto)
            let policy = try CorpusOnMotoTests.policy()
            let first = try Self.desired(60)
            #expect(first.findings.filter { $0.severity == .error }.map(\.line) == [])
            try await CorpusOnMotoTests.apply(try await Driver.plan(desired: first, policy: policy, aws: aws), aws)

            let second = try await Driver.plan(desired: first, policy: policy, aws: aws)
            let made = second.scalingWrites
            #expect(
                made.map(\.operation) == [
                    "RegisterScalableTarget", "PutScalingPolicy", "PutScalingPolicy", "PutScheduledAction",
                    "PutScheduledAction",
                ])
            try await Self.perform(made, aws)
            let third = try await Driver.plan(desired: first, policy: policy, aws: aws)
            #expect(third.changes == [] && third.withheld == [] && third.scalingWrites == [], "\(third.paths)")

            let changed = try Self.desired(50)
            let fourth = try await Driver.plan(desired: changed, policy: policy, aws: aws)
            #expect(fourth.scalingWrites.map(\.operation) == ["PutScalingPolicy"], "\(fourth.paths)")
            try await Self.perform(fourth.scalingWrites, aws)
            let fifth = try await Driver.plan(desired: changed, policy: policy, aws: aws)
            #expect(fifth.changes == [] && fifth.scalingWrites == [], "\(fifth.paths)")

            // What git takes away, for which a repository would have to be asked.
            try await Self.perform(
                [
                    .deletePolicy(name: "steps"), .deleteScheduledAction(name: "night"), .deregisterTarget,
                ], aws)
            let last = try await Driver.plan(desired: changed, policy: policy, aws: aws)
            #expect(last.scalingWrites.map(\.operation).first == "RegisterScalableTarget")
            print(
                "moto: \(made.count + fourth.scalingWrites.count + 3) signed calls of Application Auto Scaling accepted, "
                    + "plan empty after")
        }
    }

    private static func perform(_ writes: [ScalingWrite], _ aws: any AWSClient) async throws {
        let key = ServiceKey(cluster: try ClusterName("main"), service: try ServiceName("web"))
        for write in writes {
            _ = try await aws.call(APICall(.applicationAutoscaling, write.operation, write.input(for: key)))
        }
    }
}

extension Plan {
    /// What the plan would do to automatic scaling, in its order.
    fileprivate var scalingWrites: [ScalingWrite] {
        steps.compactMap { step in
            if case .scale(_, let write) = step.action { write } else { nil }
        }
    }
}
