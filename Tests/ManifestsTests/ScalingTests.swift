import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// `mooring: {autoscaling: …}` in the shapes of Application Auto Scaling.
@Suite struct ScalingTests {
    private func state(_ service: String) throws -> DesiredState {
        try TestFolder(files: ["task.yaml": Sample.taskDefinition, "web.yaml": service]).state()
    }

    @Test func `target, policies and scheduled actions are read with the API's types`() throws {
        let state = try state(
            Sample.scaled.replacing("MinCapacity: 2", with: "MinCapacity: '2'").replacing(
                "Value: 60", with: "Value: '60'"))
        #expect(state.told.count == 2 && state.findings.allSatisfy { $0.rule == "coerced-scalar" }, "\(state.told)")
        let service = try #require(state.services.first)
        // What scales needs no count.
        #expect(service.input["desiredCount"] == nil)
        let scaling = try #require(service.options.autoscaling)
        #expect(scaling.target == ["MinCapacity": 2, "MaxCapacity": 10])
        #expect(
            scaling.policies == [
                [
                    "PolicyName": "cpu", "PolicyType": "TargetTrackingScaling",
                    "TargetTrackingScalingPolicyConfiguration": [
                        "TargetValue": 60,
                        "PredefinedMetricSpecification": ["PredefinedMetricType": "ECSServiceAverageCPUUtilization"],
                    ],
                ]
            ])
        #expect(
            scaling.scheduledActions == [
                [
                    "ScheduledActionName": "night", "Schedule": "cron(0 22 * * ? *)",
                    "ScalableTargetAction": ["MinCapacity": 1, "MaxCapacity": 4],
                ]
            ])
    }

    @Test func `what follows from the service may be written, and must say what follows`() throws {
        let own =
            "MinCapacity: 2\n    ServiceNamespace: ecs\n    ResourceId: service/default/web\n    ScalableDimension: ecs:service:DesiredCount"
        let good = try state(Sample.scaled.replacing("MinCapacity: 2", with: own))
        #expect(good.told == [])
        #expect(good.services.first?.options.autoscaling?.target == ["MinCapacity": 2, "MaxCapacity": 10])
        let bad = try state(
            Sample.scaled.replacing(
                "MinCapacity: 2",
                with: own.replacing("ecs\n", with: "rds\n").replacing("/web", with: "/api").replacing(
                    "DesiredCount", with: "Count")))
        #expect(
            bad.told == [
                "web.yaml:7:23 error scaling-target mooring.autoscaling.ServiceNamespace",
                "web.yaml:8:17 error scaling-target mooring.autoscaling.ResourceId",
                "web.yaml:9:24 error scaling-target mooring.autoscaling.ScalableDimension",
            ])
        #expect(
            bad.findings[1].message == "'ResourceId' follows from the service and is 'service/default/web', not "
                + "'service/default/api'. Remove it.")
        #expect(bad.services.isEmpty)
    }

    @Test(arguments: [
        ("MaxCapacity: 10", "MaxCapacity: 1", "scaling-band .MinCapacity", "more than MaxCapacity (1)"),
        ("MinCapacity: 2", "MinCapacity: -1", "scaling-band .MinCapacity", "0 or more"),
        ("MaxCapacity: 10", "maxCapacity: 10", "missing-member .MaxCapacity", "Add it"),
        ("policies:", "polices:", "unknown-option .polices", "Did you mean 'policies'?"),
        ("scheduledActions:", "ScheduledActions:", "unknown-option .ScheduledActions", "mean 'scheduledActions'?"),
        ("MinCapacity: 2", "MinCapacity: two", "wrong-type .MinCapacity", "whole number"),
        ("MinCapacity: 2", "MinCapacity: 2\n    Tags: {a: b}", "scaling-tags .Tags", "Remove 'Tags'"),
        (
            "PolicyType: TargetTrackingScaling", "PolicyType: TargetScaling", "not-in-enum .policies[0].PolicyType",
            "knows 'StepScaling'"
        ),
        (
            "        PolicyType: TargetTrackingScaling\n", "", "missing-member .policies[0]",
            "'TargetTrackingScaling' fits"
        ),
        (
            "PolicyType: TargetTrackingScaling", "PolicyType: StepScaling", "missing-member .policies[0]",
            "has no 'StepScaling"
        ),
        (
            "TargetValue: 60", "TargetValue: high",
            "wrong-type .policies[0].TargetTrackingScalingPolicyConfiguration.TargetValue", "number"
        ),
        ("PolicyName: cpu", "PolicyNmae: cpu", "missing-member .policies[0].PolicyName", "requires"),
        ("cron(0 22 * * ? *)", "every night", "scaling-schedule .scheduledActions[0].Schedule", "'rate(1 hour)'"),
        ("{MinCapacity: 1, MaxCapacity: 4}", "{}", "missing-member .scheduledActions[0]", "changes nothing"),
        (
            "{MinCapacity: 1, MaxCapacity: 4}", "{MinCapacity: 5, MaxCapacity: 4}",
            "scaling-band .scheduledActions[0].ScalableTargetAction.MinCapacity", "more than"
        ),
    ])
    func `what is wrong is told at its place`(_ old: String, _ new: String, _ told: String, _ part: String) throws {
        let text = Sample.scaled.replacing(old, with: new)
        #expect(text != Sample.scaled)
        let state = try state(text)
        let errors = state.findings.filter { $0.severity == .error }
        let expected = told.replacing(" .", with: " mooring.autoscaling.")
        let finding = try #require(
            errors.first { "\($0.rule) \($0.memberPath)" == expected }, "\(state.findings.map(\.line))")
        #expect(finding.message.contains(part), "\(finding.message)")
        #expect(finding.position != nil && finding.file?.text == "web.yaml")
        #expect(state.services.isEmpty)
    }

    @Test func `names are unique among policies and among actions`() throws {
        let policies = try #require(Sample.scaled.firstRange(of: "policies:\n")?.upperBound)
        let end = try #require(Sample.scaled.firstRange(of: "    scheduledActions")?.lowerBound)
        let twice = Sample.scaled[..<end] + Sample.scaled[policies...]
        let finding = try state(String(twice)).finding("scaling-name")
        #expect(finding.memberPath == "mooring.autoscaling.policies[1].PolicyName")
        #expect(finding.message == "policies[0] and policies[1] are both called 'cpu'. Give them different names.")
    }

    @Test func `a count outside of the band is warned of`() throws {
        let state = try state("desiredCount: 1\n" + Sample.scaled)
        #expect(state.told == ["web.yaml:1:15 warning count-outside-band desiredCount"])
        #expect(state.services.count == 1)
        #expect(try self.state("desiredCount: 3\n" + Sample.scaled).told == [])
    }

    @Test func `a daemon has no count to scale`() throws {
        #expect(
            try state("schedulingStrategy: DAEMON\n" + Sample.scaled).told
                == ["web.yaml:1:21 error scaling-daemon schedulingStrategy"])
    }

    @Test func `a bound that a parameter will say is not judged before`() throws {
        let files = [
            "mooring.yaml": "variables: {least: {fromParameter: /a}}\n", "task.yaml": Sample.taskDefinition,
            "web.yaml": Sample.scaled.replacing("MinCapacity: 2", with: "MinCapacity: ${least}"),
        ]
        #expect(try TestFolder(files: files).told() == [])
        #expect(
            try TestFolder(files: files, readings: .asked(["/a": .value("4")])).state().services.first?.options
                .autoscaling?.target["MinCapacity"] == 4)
        #expect(
            try TestFolder(files: files, readings: .asked(["/a": .value("40")])).told()
                == ["web.yaml:6:18 error scaling-band mooring.autoscaling.MinCapacity"])
    }
}
