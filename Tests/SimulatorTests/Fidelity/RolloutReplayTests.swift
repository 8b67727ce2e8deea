import MooringShapes
import MooringSimulator
import Testing

/// The recorded rollouts, replayed: the same events in the same order, at times that are alike.
@Suite(
    .enabled(if: Captures.arePresent, "skipped: no captures at MOORING_CAPTURES or ../shared/captures"),
    .enabled(if: Captures.arePublished, "skipped: these captures are somebody's own"))
struct RolloutReplayTests {
    /// How a recorded rollout is brought about, and what of it is compared.
    struct Replay: Sendable {
        let name: String
        /// Each time may be this much shorter or longer than where recorded, in its share of the whole and in seconds.
        let share: Double
        let seconds: Double
        let run: @Sendable () throws -> [RecordedRollout.Step]
    }

    /// What is recorded beside rollouts.
    static let notModelled = [
        "EventBridge delays": "the local ECS sends no EventBridge events"
    ]

    static let replays: [Replay] = [
        Replay(name: "create, 2 tasks, ALB, Fargate", share: 0.1, seconds: 15) {
            var bench = Bench()
            try bench.register(image: "web:1")
            try bench.create(balancer: true)
            try bench.wait(until: \.isCompleted, limit: 300)
            return try bench.steps()
        },
        Replay(name: "rolling 2->2, ALB, Fargate", share: 0.1, seconds: 15) {
            var bench = Bench()
            try bench.register(image: "web:1")
            try bench.create(balancer: true)
            try bench.wait(until: \.isCompleted, limit: 300)
            let before = try bench.events().count
            try bench.register(image: "web:2")
            try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
            try bench.wait(until: \.isCompleted, limit: 600)
            return try bench.steps(after: before)
        },
        // The pull failed after 288 s, three times alike.
        Replay(name: "breaker, desired 1, tasks cannot reach the registry", share: 0.1, seconds: 30) {
            var scenario = Scenario()
            scenario.images = [
                ImageRule("*:bad", .cannotInitialize(reason: "ResourceInitializationError: unable to pull secrets"))
            ]
            scenario.timing.pullFailure = 278_000
            return try replaceByBad(scenario)
        },
        // The image's health check is not recorded: 60 s and two retries fit its times. One failed task tripped the breaker,
        // so its threshold was a count of 1. The old deployment started a task of its own after the rollback, so it had none.
        Replay(name: "breaker, desired 1, container health check", share: 0.2, seconds: 30) {
            var scenario = Scenario()
            scenario.images = [ImageRule("*:bad", .neverHealthy)]
            scenario.timing.breaker = 64_000
            scenario.timing.rollback = 18_000
            let check = #","healthCheck":{"command":["CMD","true"],"interval":60,"retries":2}"#
            var bench = Bench(scenario)
            try bench.register(image: "web:1", extra: check)
            try bench.call(
                "CreateService",
                """
                {"serviceName":"web","taskDefinition":"web","desiredCount":0,"deploymentConfiguration":{
                "deploymentCircuitBreaker":{"enable":true,"rollback":true,
                "thresholdConfiguration":{"type":"COUNT","value":1}}}}
                """)
            try bench.wait(until: \.isCompleted, limit: 300)
            let before = try bench.events().count
            try bench.register(image: "web:bad", extra: check)
            try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web","desiredCount":1}"#)
            bench.wait(seconds: 60)
            try bench.wait(until: { $0.isCompleted }, limit: 3000)
            return try bench.steps(after: before)
        },
        // Only what its author noted: no starts and stops. Between two failures 205 and 227 s passed, of which nobody knows
        // why they were that many.
        Replay(
            name: "breaker, desired 1, ALB answers 500, 45 s to condemn, 60 s grace", share: 0.35, seconds: 45
        ) {
            var scenario = Scenario()
            scenario.images = [ImageRule("*:bad", .neverHealthy)]
            var bench = Bench(scenario)
            try bench.register(image: "web:1")
            try bench.create(desired: 1, balancer: true, extra: #","healthCheckGracePeriodSeconds":60"#)
            try bench.wait(until: \.isCompleted, limit: 300)
            let before = try bench.events().count
            try bench.register(image: "web:bad")
            let start = Double(bench.now) / 1000
            try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
            bench.wait(seconds: 60)
            try bench.wait(until: { $0.isCompleted }, limit: 3000)
            let noted = ["unhealthy", "failed", "completed"]
            let steps = try bench.steps(after: before, fromStart: false).filter { noted.contains($0.name) }
            return RecordedRollout.sinceFirst([.init(name: "in progress", seconds: start)] + steps)
        },
        // Seen from outside, by polling: when traffic came, when the alarm rose, who was PRIMARY, when the tasks were gone.
        Replay(name: "canary 10 percent, alarm", share: 0.35, seconds: 30, run: canaryWithAlarm),
    ]

    private static func canaryWithAlarm() throws -> [RecordedRollout.Step] {
        // Once without the alarm, to know when traffic comes: 200 s later it rose where recorded.
        let traffic = try #require(try canary(alarmAt: nil).first?.seconds)
        return RecordedRollout.sinceFirst(try canary(alarmAt: Int64(traffic * 1000) + 200_000))
    }

    private static func canary(alarmAt alarm: Int64?) throws -> [RecordedRollout.Step] {
        var scenario = Scenario()
        if let alarm { scenario.alarms = [AlarmRule("errors", from: alarm)] }
        var bench = Bench(scenario)
        try bench.register(image: "web:1")
        try bench.createCanary(alarm: "errors")
        try bench.wait(until: \.isCompleted, limit: 7200)
        let old = try bench.describe().primary?["id"]
        try bench.register(image: "web:2")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        var steps: [RecordedRollout.Step] = []
        func note(_ name: String, at time: Int64) { steps.append(.init(name: name, seconds: Double(time) / 1000)) }
        for _ in 0..<900 {
            bench.wait(seconds: 1)
            let service = try bench.describe()
            let isOld = service.primary?["id"] == old
            switch steps.count {
            case 0:
                if !isOld, let share = try bench.productionShare(), share > 0 { note("canary traffic", at: bench.now) }
            case 1: if let alarm, bench.now >= alarm { note("alarm", at: alarm) }
            case 2: if isOld { note("old is primary", at: bench.now) }
            case 3: if service["deployments"]?.elements?.count == 1 { note("drained", at: bench.now) }
            default: return steps
            }
            if alarm == nil, steps.count == 1 { return steps }
        }
        return steps
    }

    /// A service at rest gets an image that cannot work, and returns to the old one.
    private static func replaceByBad(_ scenario: Scenario) throws -> [RecordedRollout.Step] {
        var bench = Bench(scenario)
        try bench.register(image: "web:1")
        try bench.create(desired: 1)
        try bench.wait(until: \.isCompleted, limit: 300)
        let before = try bench.events().count
        try bench.register(image: "web:bad")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        bench.wait(seconds: 60)
        try bench.wait(until: { $0.isCompleted }, limit: 3000)
        // Not recorded, since the recording begins with the third of these reports at the earliest.
        return try bench.steps(after: before, except: "unable to consistently")
    }

    @Test func `the recorded rollouts replay`() throws {
        let recorded = try RecordedRollout.all()
        var replayed = 0
        for rollout in recorded {
            guard let replay = RolloutReplayTests.replays.first(where: { $0.name == rollout.name }) else {
                #expect(RolloutReplayTests.notModelled[rollout.name] != nil, "\(rollout.name) is not replayed")
                continue
            }
            let ours = try replay.run()
            #expect(ours.map(\.name) == rollout.steps.map(\.name), "\(rollout.name)")
            for (step, our) in zip(rollout.steps, ours) {
                guard let there = step.seconds, let here = our.seconds else { continue }
                let tolerance = replay.seconds + replay.share * there
                #expect(abs(there - here) <= tolerance, "\(rollout.name): \(step), here \(our)")
            }
            replayed += 1
        }
        print("\(recorded.count) recorded sequences: \(replayed) replayed, \(recorded.count - replayed) not modelled")
        #expect(Set(recorded.map(\.name)).isSuperset(of: RolloutReplayTests.replays.map(\.name)))
        #expect(Set(recorded.map(\.name)).isSuperset(of: RolloutReplayTests.notModelled.keys))
    }
}

extension Bench {
    /// What the service's events are about, oldest first, in seconds since the first of them.
    fileprivate mutating func steps(
        after count: Int = 0, except sign: String? = nil, fromStart: Bool = true,
    ) throws -> [RecordedRollout.Step] {
        let events = (try describe()["events"]?.elements ?? []).reversed().dropFirst(count)
        let steps = events.compactMap { event -> RecordedRollout.Step? in
            guard let text = event["message"]?.text, sign.map({ !text.contains($0) }) ?? true,
                let name = RolloutStep.of(text)
            else { return nil }
            return RecordedRollout.Step(name: name, seconds: event["createdAt"]?.double)
        }
        return fromStart ? RecordedRollout.sinceFirst(steps) : steps
    }
}

extension Bench {
    static let advanced = """
        {"alternateTargetGroupArn":"\(Bench.group.replacing("web/0", with: "green/1"))",
        "productionListenerRule":"arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/1/2/3",
        "roleArn":"arn:aws:iam::123456789012:role/ecsInfrastructureRole"}
        """

    /// A service that is deployed by a strategy that shifts traffic.
    @discardableResult
    mutating func createShifting(
        _ strategy: String, more: String = "", advanced: String? = Bench.advanced,
    ) throws -> Value {
        let block = advanced.map { #","advancedConfiguration":\#($0)"# } ?? ""
        return try call(
            "CreateService",
            """
            {"serviceName":"web","taskDefinition":"web","desiredCount":2,
            "deploymentConfiguration":{"strategy":"\(strategy)","bakeTimeInMinutes":1\(more)},
            "loadBalancers":[{"targetGroupArn":"\(Bench.group)","containerName":"app","containerPort":80\(block)}]}
            """)
    }

    mutating func createCanary(alarm: String) throws {
        try createShifting(
            "CANARY",
            more: """
                ,"canaryConfiguration":{"canaryPercent":10,"canaryBakeTimeInMinutes":10},
                "alarms":{"alarmNames":["\(alarm)"],"enable":true,"rollback":true}
                """)
    }

    /// Percent of the production traffic that the newest revision gets; nil where nothing is shifted.
    mutating func productionShare() throws -> Double? {
        try record()["targetServiceRevision"]?["requestedProductionTrafficWeight"]?.double
    }
}
