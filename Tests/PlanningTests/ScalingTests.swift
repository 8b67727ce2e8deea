import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// Cases and short names for them.
enum Scaling {
    static let now = Timestamp(millisecondsSince1970: 1_764_132_000_000)

    static func tracking(_ name: String = "cpu", _ value: Value = 60, _ more: [(String, Value)] = []) -> Value {
        var configuration: Value = [
            "TargetValue": value,
            "PredefinedMetricSpecification": ["PredefinedMetricType": "ECSServiceAverageCPUUtilization"],
        ]
        for (name, value) in more { configuration[name] = value }
        return [
            "PolicyName": .string(name), "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": configuration,
        ]
    }

    static func steps(_ adjustments: [Value], named name: String = "steps") -> Value {
        [
            "PolicyName": .string(name), "PolicyType": "StepScaling",
            "StepScalingPolicyConfiguration": [
                "AdjustmentType": "ChangeInCapacity", "StepAdjustments": .list(adjustments), "Cooldown": 60,
            ],
        ]
    }

    static func action(_ name: String, _ schedule: String, _ bounds: Value, _ more: [(String, Value)] = []) -> Value {
        var action: Value = [
            "ScheduledActionName": .string(name), "Schedule": .string(schedule), "ScalableTargetAction": bounds,
        ]
        for (name, value) in more { action[name] = value }
        return action
    }

    static func band(_ least: Int, _ most: Int, _ more: [(String, Value)] = []) -> Value {
        .map([("MinCapacity", .integer(least)), ("MaxCapacity", .integer(most))] + more)
    }

    static let web = ServiceKey(cluster: .standard, service: webName)
    private static let webName: ServiceName = {
        do { return try ServiceName("web") } catch { preconditionFailure("\(error)") }
    }()

    static func decide(
        _ desired: ScalingOptions?, before: ScalingOptions? = nil, live: ObservedScaling?,
    ) -> ScalingDecision {
        var observed = Observed()
        observed.scaling[web] = live.map { .known($0) } ?? .missing
        return ScalingPlanner.decide(web, desired: desired, before: before, observed: observed, now: now)
    }

    /// Performs the decision's steps, each after those it names.
    static func perform(_ decision: ScalingDecision, on live: ObservedScaling?) throws -> ObservedScaling? {
        var all: [ServiceKey: ObservedScaling] = [:]
        all[web] = live
        var done: Set<StepID> = []
        for step in decision.steps {
            #expect(step.after.allSatisfy(done.contains), "\(step.id) before what it waits for")
            #expect(done.insert(step.id).inserted, "\(step.id) twice")
            guard case .scale(web, let write) = step.action else { throw Scenario.Unexpected() }
            try ValueScaling.perform(write, on: web, in: &all)
        }
        return all[web]
    }
}

@Suite struct ScalingTests {
    private let full = ScalingOptions(
        target: Scaling.band(2, 10),
        policies: [
            Scaling.tracking(), Scaling.steps([["MetricIntervalLowerBound": 0, "ScalingAdjustment": 2]]),
        ],
        scheduledActions: [
            Scaling.action("night", "cron(0 22 * * ? *)", ["MinCapacity": 0, "MaxCapacity": 1]),
            Scaling.action(
                "sale", "rate(1 hour)", ["MinCapacity": 6],
                [("StartTime", "2026-12-01T00:00:00Z"), ("Timezone", "UTC")]),
        ])

    @Test func `asks for nothing where git says nothing, and for all of it where it does`() {
        let nothing = ScalingPlanner.decide(
            Scaling.web, desired: nil, before: nil, observed: Observed(), now: Scaling.now)
        #expect(nothing.isReached)
        for (desired, before) in [(full, nil), (nil, full)] as [(ScalingOptions?, ScalingOptions?)] {
            let decision = ScalingPlanner.decide(
                Scaling.web, desired: desired, before: before, observed: Observed(), now: Scaling.now)
            #expect(decision.needs == [.scaling(Scaling.web)])
            #expect(!decision.isReached)
        }
    }

    @Test func `registers the target first, then all that hangs on it, and then has nothing to do`() throws {
        let decision = Scaling.decide(full, live: nil)
        #expect(
            decision.steps.map(\.id.text) == [
                "register scalable target of default/web", "put scaling policy cpu of default/web",
                "put scaling policy steps of default/web", "put scheduled action night of default/web",
                "put scheduled action sale of default/web",
            ])
        #expect(decision.steps.dropFirst().allSatisfy { $0.after == [decision.steps[0].id] })
        let live = try #require(try Scaling.perform(decision, on: nil))
        #expect(Scaling.decide(full, live: live).isReached)
        #expect(Scaling.decide(full, before: full, live: live).isReached)
        // Times are sent as the protocol takes them.
        guard case .scale(_, let write) = decision.steps[4].action else { throw Scenario.Unexpected() }
        #expect(write.input(for: Scaling.web)["StartTime"]?.integer == 1_796_083_200)
        #expect(write.input(for: Scaling.web)["ResourceId"] == "service/default/web")
    }

    @Test func `a call says which service it is for, whatever the manifest says`() {
        let write = ScalingWrite.registerTarget(input: Scaling.band(1, 2, [("ResourceId", "service/other/other")]))
        #expect(write.input(for: Scaling.web)["ResourceId"] == "service/default/web")
        #expect(write.input(for: Scaling.web)["ServiceNamespace"] == "ecs")
        #expect(write.input(for: Scaling.web)["ScalableDimension"] == "ecs:service:DesiredCount")
    }

    /// What is written in git, and what is shown of it: by the API reference, by moto 5.2.1, by the local ECS.
    static let alike: [(name: String, git: ScalingOptions, shown: ObservedScaling)] = [
        (
            "defaults of the API", ScalingOptions(target: Scaling.band(1, 4), policies: [Scaling.tracking()]),
            ObservedScaling(
                target: ValueScaling.target(1, 4),
                policies: [
                    Scaling.tracking(
                        "cpu", number("60.0"),
                        [("DisableScaleIn", false), ("ScaleInCooldown", 300), ("ScaleOutCooldown", 300)])
                ])
        ),
        (
            "defaults written out in git",
            ScalingOptions(
                target: Scaling.band(
                    1, 4,
                    [("SuspendedState", ["DynamicScalingInSuspended": false]), ("RoleARN", "arn:aws:iam::1:role/x")]),
                policies: [Scaling.tracking("cpu", "60", [("DisableScaleIn", false), ("ScaleInCooldown", 300)])],
                scheduledActions: [
                    Scaling.action("a", "rate(1 day)", ["MinCapacity": 1], [("Timezone", "UTC")])
                ]),
            ObservedScaling(
                target: ValueScaling.target(1, 4), policies: [Scaling.tracking()],
                scheduledActions: [Scaling.action("a", "rate(1 day)", ["MinCapacity": 1])])
        ),
        (
            "what moto 5.2.1 shows: no role, no state, ARNs of its own",
            ScalingOptions(target: Scaling.band(1, 4), policies: [Scaling.tracking()]),
            ObservedScaling(
                target: [
                    "ServiceNamespace": "ecs", "ResourceId": "service/default/web",
                    "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 1, "MaxCapacity": 4,
                    "CreationTime": number("1764000000.25"),
                    "ScalableTargetARN": "arn:aws:application-autoscaling:eu-central-1:1:scalable-target/x",
                ],
                policies: [
                    Scaling.tracking().with("Alarms", [["AlarmName": "TargetTracking-x", "AlarmARN": "arn:x"]])
                        .with("CreationTime", number("1764000000.25")).with("PolicyARN", "arn:p")
                        .with("ServiceNamespace", "ecs")
                ])
        ),
        (
            "a policy whose type its configuration says",
            ScalingOptions(
                target: Scaling.band(1, 4), policies: [Scaling.tracking().with("PolicyType", nil)]),
            ObservedScaling(target: ValueScaling.target(1, 4), policies: [Scaling.tracking()])
        ),
        (
            "steps in another order, their average written out",
            ScalingOptions(
                target: Scaling.band(1, 4),
                policies: [
                    Scaling.steps([
                        ["MetricIntervalLowerBound": 10, "ScalingAdjustment": 4],
                        ["MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 2],
                    ])
                ]),
            ObservedScaling(
                target: ValueScaling.target(1, 4),
                policies: [
                    Scaling.steps([
                        [
                            "MetricIntervalLowerBound": number("0.0"), "MetricIntervalUpperBound": number("10.0"),
                            "ScalingAdjustment": 2,
                        ],
                        ["MetricIntervalLowerBound": number("10.0"), "ScalingAdjustment": 4],
                    ]).with(["StepScalingPolicyConfiguration", "MetricAggregationType"], "Average")
                ])
        ),
        (
            "times as text and as seconds",
            ScalingOptions(
                target: Scaling.band(1, 4),
                scheduledActions: [
                    Scaling.action(
                        "a", "rate(1 day)", ["MinCapacity": 1],
                        [("StartTime", "2026-12-01T01:00:00+01:00"), ("EndTime", 1_796_169_600)])
                ]),
            ObservedScaling(
                target: ValueScaling.target(1, 4),
                scheduledActions: [
                    Scaling.action(
                        "a", "rate(1 day)", ["MinCapacity": 1],
                        [("StartTime", number("1796083200.0")), ("EndTime", "2026-12-02T00:00:00Z")])
                ])
        ),
    ]

    @Test(arguments: alike.indices) func `what the API fills in is no difference`(index: Int) {
        let entry = Self.alike[index]
        let decision = Scaling.decide(entry.git, live: entry.shown)
        #expect(decision.isReached, "\(entry.name): \(decision.changes)")
    }

    /// A change in git, and the paths it is told by.
    static let changed: [(name: String, git: ScalingOptions, live: ObservedScaling, paths: [String])] = [
        (
            "the band", ScalingOptions(target: Scaling.band(3, 4)), ObservedScaling(target: ValueScaling.target(1, 2)),
            ["autoscaling.target.MaxCapacity", "autoscaling.target.MinCapacity"]
        ),
        (
            "suspension",
            ScalingOptions(target: Scaling.band(1, 2, [("SuspendedState", ["DynamicScalingInSuspended": true])])),
            ObservedScaling(target: ValueScaling.target(1, 2)),
            ["autoscaling.target.SuspendedState.DynamicScalingInSuspended"]
        ),
        (
            "a target value", ScalingOptions(target: Scaling.band(1, 2), policies: [Scaling.tracking("cpu", 70)]),
            ObservedScaling(target: ValueScaling.target(1, 2), policies: [Scaling.tracking()]),
            ["autoscaling.policies[cpu].TargetTrackingScalingPolicyConfiguration.TargetValue"]
        ),
        (
            "a cooldown that somebody set", ScalingOptions(target: Scaling.band(1, 2), policies: [Scaling.tracking()]),
            ObservedScaling(
                target: ValueScaling.target(1, 2), policies: [Scaling.tracking("cpu", 60, [("ScaleInCooldown", 10)])]),
            ["autoscaling.policies[cpu].TargetTrackingScalingPolicyConfiguration.ScaleInCooldown"]
        ),
        (
            "a schedule",
            ScalingOptions(
                target: Scaling.band(1, 2),
                scheduledActions: [Scaling.action("a", "rate(2 days)", ["MinCapacity": 1])]),
            ObservedScaling(
                target: ValueScaling.target(1, 2),
                scheduledActions: [Scaling.action("a", "rate(1 day)", ["MinCapacity": 1])]),
            ["autoscaling.scheduledActions[a].Schedule"]
        ),
    ]

    @Test(arguments: changed.indices) func `a difference is told member by member and mended once`(index: Int) throws {
        let entry = Self.changed[index]
        let decision = Scaling.decide(entry.git, live: entry.live)
        #expect(decision.changes.map(\.path) == entry.paths, "\(entry.name)")
        #expect(decision.steps.count == 1)
        #expect(!decision.steps[0].reason.isEmpty)
        let after = try Scaling.perform(decision, on: entry.live)
        #expect(Scaling.decide(entry.git, live: after).isReached, "\(entry.name)")
    }

    @Test func `says who made a difference`() throws {
        let before = ScalingOptions(
            target: Scaling.band(1, 4), policies: [Scaling.tracking("cpu", 60, [("ScaleOutCooldown", 20)])])
        let live = ObservedScaling(
            target: ValueScaling.target(1, 9),
            policies: [Scaling.tracking("cpu", 60, [("ScaleOutCooldown", 20)])])
        let desired = ScalingOptions(
            target: Scaling.band(2, 4), policies: [Scaling.tracking("cpu", 70)])
        let decision = Scaling.decide(desired, before: before, live: live)
        let origins = Dictionary(uniqueKeysWithValues: decision.changes.map { ($0.path, $0.origin) })
        let configuration = "autoscaling.policies[cpu].TargetTrackingScalingPolicyConfiguration"
        #expect(
            origins == [
                "autoscaling.target.MinCapacity": .git, "autoscaling.target.MaxCapacity": .drift,
                "\(configuration).TargetValue": .git, "\(configuration).ScaleOutCooldown": .git,
            ])
    }

    // MARK: Removal

    @Test func `deletes what git had and has no longer, and leaves alone what it never had`() throws {
        let foreign = Scaling.steps([["ScalingAdjustment": 1]], named: "by-hand")
        let live = ObservedScaling(
            target: ValueScaling.target(2, 10), policies: full.policies + [foreign],
            scheduledActions: full.scheduledActions.map { $0 }
                + [Scaling.action("theirs", "rate(1 day)", ["MinCapacity": 2])])
        let desired = ScalingOptions(target: Scaling.band(2, 10), policies: [Scaling.tracking()])
        #expect(Scaling.decide(desired, live: live).isReached, "never in git, as far as anybody knows")
        let decision = Scaling.decide(desired, before: full, live: live)
        #expect(
            decision.steps.map(\.id.text) == [
                "delete scaling policy steps of default/web", "delete scheduled action night of default/web",
                "delete scheduled action sale of default/web",
            ])
        for change in decision.changes {
            #expect(change.origin == .removed)
            #expect(change.wanted == nil)
            #expect(change.live != nil)
        }
        let after = try #require(try Scaling.perform(decision, on: live))
        #expect(after.policies.map { $0["PolicyName"]?.text } == ["cpu", "by-hand"])
        #expect(after.scheduledActions.map { $0["ScheduledActionName"]?.text } == ["theirs"])
        #expect(Scaling.decide(desired, before: full, live: after).isReached)
    }

    @Test func `ends automatic scaling that git took away, each part by name and the target last`() throws {
        let live = try #require(try Scaling.perform(Scaling.decide(full, live: nil), on: nil))
        let decision = Scaling.decide(nil, before: full, live: live)
        #expect(decision.steps.count == 5)
        let last = try #require(decision.steps.last)
        #expect(last.action == .scale(key: Scaling.web, .deregisterTarget))
        #expect(last.after == decision.steps.dropLast().map(\.id))
        let after = try Scaling.perform(decision, on: live)
        #expect(after?.target == nil)
        #expect(Scaling.decide(nil, before: full, live: nil).isReached)
    }

    @Test func `keeps a target on which others hang something, and says so`() throws {
        var live = try #require(try Scaling.perform(Scaling.decide(full, live: nil), on: nil))
        live.policies.append(Scaling.steps([["ScalingAdjustment": 1]], named: "by-hand"))
        let decision = Scaling.decide(nil, before: full, live: live)
        #expect(!decision.steps.contains { $0.action == .scale(key: Scaling.web, .deregisterTarget) })
        #expect(decision.remarks == [.scalableTargetKept(names: ["by-hand"])])
        let after = try #require(try Scaling.perform(decision, on: live))
        #expect(after.policies.count == 1 && after.target != nil)
    }

    @Test func `a renamed policy goes before its successor comes, which would be refused beside it`() throws {
        let before = ScalingOptions(target: Scaling.band(1, 4), policies: [Scaling.tracking("old")])
        let desired = ScalingOptions(target: Scaling.band(1, 4), policies: [Scaling.tracking("new")])
        let live = try Scaling.perform(Scaling.decide(before, live: nil), on: nil)
        let decision = Scaling.decide(desired, before: before, live: live)
        #expect(decision.steps.count == 2)
        let after = try Scaling.perform(decision, on: live)
        #expect(after?.policies.map { $0["PolicyName"]?.text } == ["new"])
    }

    @Test func `takes back a suspension that git no longer declares, and keeps one by hand`() throws {
        let before = ScalingOptions(
            target: Scaling.band(1, 4, [("SuspendedState", ["DynamicScalingInSuspended": true])]))
        let desired = ScalingOptions(target: Scaling.band(1, 4))
        let live = ObservedScaling(
            target: ValueScaling.target(
                1, 4,
                [
                    (
                        "SuspendedState",
                        [
                            "DynamicScalingInSuspended": true, "DynamicScalingOutSuspended": true,
                            "ScheduledScalingSuspended": false,
                        ]
                    )
                ]))
        let decision = Scaling.decide(desired, before: before, live: live)
        #expect(decision.changes.map(\.origin) == [.removed])
        let after = try #require(try Scaling.perform(decision, on: live)?.target?["SuspendedState"])
        #expect(after["DynamicScalingInSuspended"]?.boolean == false)
        #expect(after["DynamicScalingOutSuspended"]?.boolean == true)
        #expect(Scaling.decide(desired, live: live).isReached)
    }

    // MARK: Scheduled actions

    @Test func `a band that a scheduled action has set is not fought`() throws {
        let live = ObservedScaling(
            target: ValueScaling.target(0, 1), policies: full.policies, scheduledActions: full.scheduledActions)
        #expect(Scaling.decide(full, live: live).isReached)
        #expect(Scaling.decide(full, before: full, live: live).isReached)
        // Nobody's schedule says 5.
        var other = live
        other.target = ValueScaling.target(0, 5)
        #expect(
            Scaling.decide(full, before: full, live: other).changes.map(\.path) == ["autoscaling.target.MaxCapacity"])
        // Git changed the band itself: it is sent, and then left alone again.
        var newer = full
        newer.target = Scaling.band(3, 10)
        let decision = Scaling.decide(newer, before: full, live: live)
        #expect(decision.changes.map(\.path) == ["autoscaling.target.MinCapacity"])
        let after = try Scaling.perform(decision, on: live)
        #expect(Scaling.decide(newer, before: full, live: after).isReached)
    }

    @Test func `a scheduled action is made anew where a change would keep what git no longer says`() throws {
        let live = ObservedScaling(
            target: ValueScaling.target(2, 10),
            scheduledActions: [
                Scaling.action("a", "rate(1 day)", ["MinCapacity": 1, "MaxCapacity": 9], [("Timezone", "Asia/Tokyo")])
            ])
        let desired = ScalingOptions(
            target: Scaling.band(2, 10), scheduledActions: [Scaling.action("a", "rate(1 day)", ["MinCapacity": 1])])
        let decision = Scaling.decide(desired, live: live)
        #expect(decision.steps.count == 2)
        let after = try Scaling.perform(decision, on: live)
        #expect(Scaling.decide(desired, live: after).isReached)
    }

    @Test func `a scheduled action whose time is over is told, not set`() {
        let desired = ScalingOptions(
            target: Scaling.band(2, 10),
            scheduledActions: [
                Scaling.action("once", "at(2025-11-01T00:00:00)", ["MinCapacity": 1]),
                Scaling.action("ended", "rate(1 day)", ["MinCapacity": 1], [("EndTime", "2025-11-01T00:00:00Z")]),
                Scaling.action("coming", "at(2099-01-01T00:00:00)", ["MinCapacity": 1]),
                Scaling.action(
                    "here", "at(2025-11-26T00:00:00)", ["MinCapacity": 1], [("Timezone", "Pacific/Honolulu")]),
            ])
        let decision = Scaling.decide(desired, live: ObservedScaling(target: ValueScaling.target(2, 10)))
        #expect(decision.remarks == [.scheduleOver(names: ["once", "ended"])])
        #expect(decision.steps.map(\.id.text).count == 2)
    }

    @Test func `does nothing while it cannot be read`() {
        var observed = Observed()
        observed.scaling[Scaling.web] = .unreadable(Unreadable(why: "throttled", isPassing: true))
        let decision = ScalingPlanner.decide(
            Scaling.web, desired: full, before: nil, observed: observed, now: Scaling.now)
        #expect(decision.steps.isEmpty && !decision.isReached)
        #expect(decision.unreadable?.why == "throttled")
    }

    // MARK: Beside the service

    @Test func `a new service without a count begins with the least that scaling allows`() throws {
        var scenario = try Scenario()
        var options = MooringOptions()
        options.autoscaling = full
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web")]
        scenario.desired.services = [try makeService(Scaling.web, count: nil, options: options)]
        #expect(try scenario.pass().creation(Scaling.web).input["desiredCount"] == 2)
        scenario.desired.services = [try makeService(Scaling.web, count: 5, options: options)]
        #expect(try scenario.pass().creation(Scaling.web).input["desiredCount"] == 5)
    }

    @Test func `equal spellings have one form in a service's digest, and a change has another`() {
        let entry = Self.alike[1]
        var plain = ScalingOptions(
            target: Scaling.band(1, 4), policies: [Scaling.tracking()],
            scheduledActions: [Scaling.action("a", "rate(1 day)", ["MinCapacity": 1])])
        #expect(ScalingForm.canonical(entry.git) == ScalingForm.canonical(plain))
        plain.target = Scaling.band(1, 5)
        #expect(ScalingForm.canonical(entry.git) != ScalingForm.canonical(plain))
        #expect(ScalingForm.canonical(nil) == nil)
    }
}

extension Value {
    /// The map with a member set, or left out.
    func with(_ name: String, _ value: Value?) -> Value {
        var copy = self
        copy[name] = value
        return copy
    }

    func with(_ path: [String], _ value: Value) -> Value {
        guard let first = path.first else { return value }
        return with(first, (self[first] ?? .map([])).with(Array(path.dropFirst()), value))
    }
}
