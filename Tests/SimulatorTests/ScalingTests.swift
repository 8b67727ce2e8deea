import MooringShapes
import MooringSimulator
import Testing

/// Application Auto Scaling on the virtual clock.
/// Source: Application Auto Scaling User Guide, target tracking and scheduled scaling.
@Suite struct ScalingTests {
    private static let key =
        #""ServiceNamespace":"ecs","ResourceId":"service/default/web","ScalableDimension":"ecs:service:DesiredCount""#

    private static func metric(_ reading: MetricRule.Reading, from: Int64? = nil, until: Int64? = nil) -> MetricRule {
        MetricRule(metric: "ECSServiceAverageCPUUtilization", reading: reading, from: from, until: until)
    }

    private func tracked(
        _ metrics: [MetricRule], desired: Int = 2, minimum: Int = 1, maximum: Int = 10, extra: String = "",
    ) throws -> Bench {
        var scenario = Scenario()
        scenario.metrics = metrics
        var bench = Bench(scenario)
        try bench.register(image: "web:1")
        try bench.create(desired: desired)
        try bench.wait(until: \.isCompleted, limit: 300)
        try bench.call(
            "RegisterScalableTarget", "{\(Self.key),\"MinCapacity\":\(minimum),\"MaxCapacity\":\(maximum)}",
            api: .applicationAutoScaling)
        try bench.call(
            "PutScalingPolicy",
            """
            {\(Self.key),"PolicyName":"cpu","PolicyType":"TargetTrackingScaling","TargetTrackingScalingPolicyConfiguration":{
            "TargetValue":50,"PredefinedMetricSpecification":{"PredefinedMetricType":"ECSServiceAverageCPUUtilization"}\(extra)}}
            """, api: .applicationAutoScaling)
        return bench
    }

    private func desired(_ bench: inout Bench) throws -> Int? { try bench.describe()["desiredCount"]?.integer }

    @Test func `a service grows after three minutes above its target and rests where the load is shared`() throws {
        var bench = try tracked([Self.metric(.load(400))])
        bench.wait(seconds: 150)
        #expect(try desired(&bench) == 2)
        bench.wait(seconds: 60)
        // 200 % each at two tasks: 2 * 200 / 50.
        #expect(try desired(&bench) == 8)
        bench.wait(seconds: 3600)
        #expect(try desired(&bench) == 8)
        #expect(try bench.describe()["runningCount"]?.integer == 8)
        let activities = try bench.call(
            "DescribeScalingActivities", #"{"ServiceNamespace":"ecs"}"#, api: .applicationAutoScaling)
        #expect(activities["ScalingActivities"]?.elements?.count == 1)
        #expect(activities["ScalingActivities"]?[0]?["Description"]?.text == "Setting desired count to 8.")
    }

    @Test func `it shrinks only after fifteen minutes well below, and never below its least`() throws {
        var bench = try tracked([Self.metric(.value(10))], desired: 4, minimum: 2)
        bench.wait(seconds: 14 * 60)
        #expect(try desired(&bench) == 4)
        bench.wait(seconds: 2 * 60)
        #expect(try desired(&bench) == 2)
    }

    @Test(arguments: [
        // Between nine tenths of the target and the target nothing happens.
        (47.0, "", 4),
        (10.0, #","DisableScaleIn":true"#, 4),
        (1000.0, "", 10),
    ])
    func `a metric is followed within bounds`(value: Double, extra: String, expected: Int) throws {
        var bench = try tracked([Self.metric(.value(value))], desired: 4, extra: extra)
        bench.wait(seconds: 3600)
        #expect(try desired(&bench) == expected)
    }

    @Test func `a cooldown keeps the next step away`() throws {
        var bench = try tracked([Self.metric(.value(60))], desired: 2, extra: #","ScaleOutCooldown":1200"#)
        bench.wait(seconds: 240)
        #expect(try desired(&bench) == 3)
        bench.wait(seconds: 900)
        #expect(try desired(&bench) == 3)
        bench.wait(seconds: 600)
        #expect(try desired(&bench) == 4)
    }

    @Test func `it does not shrink while a deployment is in progress, but grows`() throws {
        let hour: Int64 = 3_600_000
        let start = Bench().now
        var bench = try tracked(
            [Self.metric(.value(10), until: start + hour), Self.metric(.value(100), from: start + hour)], desired: 4,
            minimum: 2)
        bench.ecs.scenario.images = [ImageRule("*:slow", .slow(.init(starting: 2 * hour)))]
        try bench.register(image: "web:slow")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        bench.wait(seconds: 3000)
        #expect(try bench.describe().rolloutState == "IN_PROGRESS")
        #expect(try desired(&bench) == 4)
        bench.wait(seconds: 900)
        #expect(try bench.describe().rolloutState == "IN_PROGRESS")
        #expect(try desired(&bench) == 8)
    }

    @Test func `what is suspended does not scale`() throws {
        var bench = try tracked([Self.metric(.value(500))])
        try bench.call(
            "RegisterScalableTarget", "{\(Self.key),\"SuspendedState\":{\"DynamicScalingOutSuspended\":true}}",
            api: .applicationAutoScaling)
        bench.wait(seconds: 3600)
        #expect(try desired(&bench) == 2)
    }

    @Test func `a bound moves the count at once`() throws {
        var bench = try tracked([], desired: 2, minimum: 3)
        #expect(try desired(&bench) == 3)
        try bench.call(
            "RegisterScalableTarget", "{\(Self.key),\"MinCapacity\":1,\"MaxCapacity\":1}", api: .applicationAutoScaling)
        #expect(try desired(&bench) == 1)
    }

    @Test func `scheduled actions change the bounds at their time`() throws {
        var bench = try tracked([], desired: 2)
        // The bench begins at midnight of 1 January 2026, a Thursday.
        for (name, schedule, minimum, maximum) in [
            ("night", "cron(0 22 ? * MON-FRI *)", 1, 1), ("morning", "cron(30 5 * * ? *)", 4, 10),
        ] {
            try bench.call(
                "PutScheduledAction",
                """
                {\(Self.key),"ScheduledActionName":"\(name)","Schedule":"\(schedule)",
                "ScalableTargetAction":{"MinCapacity":\(minimum),"MaxCapacity":\(maximum)}}
                """, api: .applicationAutoScaling)
        }
        let start = bench.now
        func until(_ hours: Double, _ bench: inout Bench) {
            bench.wait(seconds: Int(Int64(hours * 3600) - (bench.now - start) / 1000))
        }
        until(5, &bench)
        #expect(try desired(&bench) == 2)
        until(6, &bench)
        #expect(try desired(&bench) == 4)
        until(22.2, &bench)
        #expect(try desired(&bench) == 1)
        until(30, &bench)
        #expect(try desired(&bench) == 4)
        // Saturday evening is no weekday's.
        until(2 * 24 + 23, &bench)
        #expect(try desired(&bench) == 4)
        try bench.call(
            "DeleteScheduledAction", "{\(Self.key),\"ScheduledActionName\":\"night\"}", api: .applicationAutoScaling)
        until(5 * 24, &bench)
        #expect(try desired(&bench) == 4)
    }

    @Test(arguments: [
        "at(2026-01-01T03:00:00)", "rate(3 hours)", "cron(0 3 1 JAN ? 2026)", "cron(0 3/23 * * ? *)",
        "cron(0 3 ? * THU *)",
    ])
    func `the ways to say three o'clock`(schedule: String) throws {
        var bench = try tracked([], desired: 2)
        try bench.call(
            "PutScheduledAction",
            """
            {\(Self.key),"ScheduledActionName":"a","Schedule":"\(schedule)","ScalableTargetAction":{"MinCapacity":5}}
            """, api: .applicationAutoScaling)
        bench.wait(seconds: 2 * 3600)
        #expect(try desired(&bench) == 2)
        bench.wait(seconds: 3600 + 600)
        #expect(try desired(&bench) == 5)
    }

    @Test(arguments: [
        #""MinCapacity":-1"#, #""MaxCapacity":-3"#, #""MinCapacity":5,"MaxCapacity":4"#, "",
    ])
    func `an action with impossible bounds is refused`(bounds: String) throws {
        var bench = try tracked([])
        let error = try bench.refusal(
            "PutScheduledAction",
            "{\(Self.key),\"ScheduledActionName\":\"a\",\"Schedule\":\"rate(1 hour)\",\"ScalableTargetAction\":{\(bounds)}}",
            api: .applicationAutoScaling)
        #expect(error.code == "ValidationException")
    }

    @Test(arguments: [
        "", "at(now)", "at(2026-13-01T00:00:00)", "rate(0 days)", "rate(5 fortnights)", "cron(* * * *)",
        "cron(61 * * * ? *)", "cron(* * L * ? *)", "cron(5-1 * * * ? *)", "every day", "cron()", ")", "at(",
    ])
    func `nonsense is no schedule`(schedule: String) throws {
        var bench = try tracked([])
        let error = try bench.refusal(
            "PutScheduledAction",
            """
            {\(Self.key),"ScheduledActionName":"a","Schedule":"\(schedule)","ScalableTargetAction":{"MinCapacity":5}}
            """, api: .applicationAutoScaling)
        #expect(error.code == "ValidationException")
    }
}
