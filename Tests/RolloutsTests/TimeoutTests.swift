import MooringModel
import MooringShapes
import Testing

@testable import MooringRollouts

@Suite struct TimeoutTests {
    private func service(
        count: Int? = nil, minimum: Int? = nil, maximum: Int? = nil, grace: Int? = nil, balanced: Bool = false,
        _ more: [(String, Value)] = [],
    ) -> Value {
        let configuration: Value = .map(
            [("minimumHealthyPercent", minimum.map(Value.integer)), ("maximumPercent", maximum.map(Value.integer))]
                .compactMap { name, value in value.map { (name, $0) } } + more)
        return .map(present: [
            ("desiredCount", count.map(Value.integer)), ("deploymentConfiguration", configuration),
            ("healthCheckGracePeriodSeconds", grace.map(Value.integer)),
            ("loadBalancers", balanced ? [["containerName": "web"]] : nil),
        ])
    }

    private func seconds(_ service: Value, _ taskDefinition: Value? = nil, goal: RolloutGoal = .steady) -> Int64 {
        RolloutTimeout.timeout(
            of: service, taskDefinition: taskDefinition, policy: TimeoutPolicy(goal: goal, shortestSeconds: 0)
        ).seconds
    }

    // MARK: Default

    /// One batch without checks takes 120 + 40 + 30 s, one behind a load balancer 120 + 150 + 330 s and the grace period.
    @Test(arguments: [
        (2, 100, 200, 2 * 190), (4, 50, 100, 2 * 2 * 190), (4, 100, 125, 2 * 4 * 190), (10, 90, 110, 2 * (5 * 190 + 1)),
        // 1000 tasks take two minutes to launch.
        (1000, 100, 200, 2 * (190 + 120)),
        // Nothing moves: a task at a time is counted.
        (3, 100, 125, 2 * 3 * 190),
        (0, 100, 200, 2 * 190),
    ])
    func `the default counts the batches that the percents make`(count: Int, minimum: Int, maximum: Int, expected: Int)
    {
        #expect(seconds(service(count: count, minimum: minimum, maximum: maximum)) == Int64(expected))
    }

    @Test func `grace periods, health checks and draining are counted`() {
        #expect(seconds(service(count: 2, balanced: true)) == 2 * 600)
        #expect(seconds(service(count: 2, grace: 300, balanced: true)) == 2 * 900)
        let checked: Value = [
            "containerDefinitions": [
                ["name": "a"],
                ["healthCheck": ["command": ["CMD", "x"], "interval": 60, "retries": 5, "startPeriod": 100]],
            ]
        ]
        #expect(seconds(service(count: 2), checked) == 2 * (120 + 400 + 30))
        // Without a word the API takes 30 s, three times.
        let plain: Value = ["containerDefinitions": [["healthCheck": ["command": ["CMD", "x"]]]]]
        #expect(seconds(service(count: 2), plain) == 2 * (120 + 90 + 30))
    }

    @Test func `bake times and steps are counted once`() {
        let base = Int64(2 * 190)
        func shifting(_ strategy: String, _ more: [(String, Value)]) -> Value {
            service(count: 4, minimum: 100, maximum: 125, [("strategy", .string(strategy))] + more)
        }
        #expect(seconds(shifting("BLUE_GREEN", [("bakeTimeInMinutes", 60)])) == base + 3600)
        #expect(seconds(shifting("BLUE_GREEN", [("bakeTimeInMinutes", 60)]), goal: .trafficShifted) == base)
        #expect(seconds(shifting("LINEAR", [])) == base + 9 * 6 * 60)
        let linear: Value = ["stepPercent": .double(33.3), "stepBakeTimeInMinutes": 10]
        #expect(seconds(shifting("LINEAR", [("linearConfiguration", linear)])) == base + 3 * 600)
        #expect(seconds(shifting("CANARY", [("bakeTimeInMinutes", 5)])) == base + 15 * 60)
        let canary: Value = ["canaryPercent": 10, "canaryBakeTimeInMinutes": 30]
        #expect(seconds(shifting("CANARY", [("canaryConfiguration", canary)])) == base + 1800)
        let alarms: Value = ["enable": true, "rollback": true, "alarmNames": ["a"]]
        #expect(seconds(service(count: 2, [("alarms", alarms)])) == base + 900)
    }

    @Test func `a pause may last as long as ECS waits for it, at every stage`() {
        func hooked(_ hook: Value) -> Value {
            service(count: 2, [("strategy", "BLUE_GREEN"), ("lifecycleHooks", [hook])])
        }
        let base = Int64(2 * 190)
        let pause: Value = ["targetType": "PAUSE", "lifecycleStages": ["POST_SCALE_UP"]]
        #expect(seconds(hooked(pause)) == base + 86_400)
        let bounded: Value = [
            "targetType": "PAUSE", "lifecycleStages": ["PRE_SCALE_UP", "POST_SCALE_UP"],
            "timeoutConfiguration": ["timeoutInMinutes": 30],
        ]
        #expect(seconds(hooked(bounded)) == base + 3600)
        let function: Value = ["hookTargetArn": "arn:aws:lambda:x", "lifecycleStages": ["PRE_SCALE_UP"]]
        #expect(seconds(hooked(function)) == base + 900)
    }

    @Test func `the default is bounded, whatever the service says`() {
        #expect(RolloutTimeout.timeout(of: .map([])).duration == .seconds(1800))
        let absurd = service(
            count: Int.max, minimum: 100, maximum: Int.max, grace: Int.max, balanced: true,
            [("bakeTimeInMinutes", .integer(Int.max)), ("strategy", "LINEAR")])
        #expect(RolloutTimeout.timeout(of: absurd).duration == .seconds(48 * 3600))
        let negative = service(count: -5, minimum: -1, maximum: -7, grace: -9, balanced: true)
        #expect(RolloutTimeout.timeout(of: negative).duration == .seconds(1800))
        let daemon: Value = ["schedulingStrategy": "DAEMON"]
        #expect(RolloutTimeout.timeout(of: daemon).duration == .seconds(1800))
    }

    @Test func `the manifest's word goes before the default, within the same bound`() {
        let said = RolloutTimeout.timeout(of: service(count: 50), policy: TimeoutPolicy(said: .seconds(90)))
        #expect(said == RolloutTimeout(duration: .seconds(90), isFromManifest: true, isGuarded: false))
        let endless = RolloutTimeout.timeout(of: .map([]), policy: TimeoutPolicy(said: .seconds(1_000_000)))
        #expect(endless.duration == .seconds(48 * 3600))
    }

    @Test(arguments: [("deploymentCircuitBreaker", true), ("alarms", true), ("deploymentCircuitBreaker", false)])
    func `a breaker or alarms let ECS end it by itself`(member: String, isOn: Bool) {
        let guarded = service(count: 2, [(member, ["enable": .boolean(isOn)])])
        #expect(RolloutTimeout.timeout(of: guarded).isGuarded == isOn)
    }

    // MARK: Deadline

    private let began = Timestamp(millisecondsSince1970: 1_000_000)
    private let rolling = RolloutOutcome.inProgress(
        RolloutProgress(running: 1, desired: 2, pending: 1, failed: 3, newestEvent: nil))

    private func deadline(
        _ outcome: RolloutOutcome, after seconds: Int, said: Bool = false, guarded: Bool = false,
    ) -> RolloutDeadline {
        RolloutDeadline.deadline(
            of: outcome, began: began,
            timeout: RolloutTimeout(duration: .seconds(1800), isFromManifest: said, isGuarded: guarded),
            now: began + .seconds(seconds))
    }

    @Test func `what was watched for its time has had it, also where ECS's clock is ahead of ours`() {
        func judged(_ watched: Duration) -> RolloutDeadline {
            RolloutDeadline.deadline(
                of: rolling, began: began + .seconds(7_200),
                timeout: RolloutTimeout(duration: .seconds(1800), isFromManifest: true, isGuarded: false), now: began,
                watched: watched)
        }
        #expect(judged(.seconds(1_799)) == .within(remaining: .seconds(1)))
        #expect(judged(.seconds(1_800)).isOverdue)
    }

    @Test func `a rollout within its time is looked at again`() {
        #expect(deadline(rolling, after: 600) == .within(remaining: .seconds(1200)))
        #expect(deadline(rolling, after: -600) == .within(remaining: .seconds(1800)))
    }

    @Test func `a rollout beyond its time is overdue, and says how far it is and what ECS does`() {
        #expect(
            deadline(rolling, after: 1925)
                == .overdue(
                    by: .seconds(125),
                    sentence: "The rollout is not over after 32m, more than the 30m that its settings let expect: "
                        + "1 of 2 tasks running, 1 pending, 3 failed. Without a circuit breaker ECS goes on trying "
                        + "without end.",
                    remedy: "Mend or revert the change, turn on deploymentCircuitBreaker with rollback, or allow more "
                        + "with 'mooring: {timeout: …}' where it only needs longer."))
        #expect(
            deadline(.rollingBack(reason: "r"), after: 7300, said: true, guarded: true)
                == .overdue(
                    by: .seconds(5500),
                    sentence: "The rollout is not over after 2h 1m, more than the 30m that the manifest allows: ECS is "
                        + "rolling it back. The rollback goes on.",
                    remedy: "Mend or revert the change, or allow more with 'mooring: {timeout: …}' where it only needs "
                        + "longer."))
        #expect(deadline(.unknown, after: 1800).isOverdue)
    }

    @Test func `what is over, shifted or waits for a person is not overdue`() {
        for outcome in [RolloutOutcome.completed, .superseded, .failed(reason: "", rolledBackTo: nil)] {
            #expect(!deadline(outcome, after: 9000).isOverdue)
        }
        var progress = RolloutProgress(running: 2, desired: 2, pending: 0, failed: 0, newestEvent: nil)
        #expect(!deadline(.trafficShifted(progress), after: 9000).isOverdue)
        let hook = WaitingHook(id: "h", deploymentARN: "", stage: nil, expires: nil, actionOnExpiry: "ROLLBACK")
        progress.waitingHook = hook
        #expect(deadline(.inProgress(progress), after: 9000) == .waitsForPerson(hook))
    }

    // MARK: Percents

    @Test(arguments: [
        (1, 100, 100, true), (3, 100, 125, true), (4, 100, 125, false), (1, 100, 200, false), (2, 50, 100, false),
        (0, 100, 100, false), (1, 0, 100, false),
    ])
    func `percents that let no task move are known`(count: Int, minimum: Int, maximum: Int, isDeadlock: Bool) {
        #expect(
            DeploymentPercents(service: service(count: count, minimum: minimum, maximum: maximum)).isDeadlock
                == isDeadlock)
    }
}
