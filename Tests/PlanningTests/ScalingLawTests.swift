import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import MooringTestSupport
import Testing

/// What holds for whatever git says, said before, and Application Auto Scaling holds.
@Suite struct ScalingLawTests {
    /// One world: what git says and said, and what is there, some of it by others.
    struct World {
        var desired: ScalingOptions?
        var before: ScalingOptions?
        var live: ObservedScaling?

        init(seed: UInt64) throws {
            var random = SplitMix64(seed: seed)
            before = random.chance(75) ? World.options(&random) : nil
            desired = random.chance(20) ? before : random.chance(85) ? World.options(&random) : nil
            guard random.chance(85) else { return }
            // What git said before, as far as somebody has not touched it.
            let applied = random.chance(70) ? before : World.options(&random)
            live =
                try applied.flatMap { try Scaling.perform(Scaling.decide($0, live: nil), on: nil) }
                ?? ObservedScaling(target: ValueScaling.target(1, 3))
            if random.chance(50) {
                live?.target = ValueScaling.target(
                    Int.random(in: 0...2, using: &random), Int.random(in: 3...5, using: &random))
            }
            if random.chance(40) {
                live?.policies.append(Scaling.steps([["ScalingAdjustment": 1]], named: "theirs"))
                live?.scheduledActions.append(Scaling.action("theirs", "rate(3 days)", ["MaxCapacity": 4]))
            }
            if random.chance(20), live?.policies.isEmpty == false { live?.policies.removeFirst() }
        }

        private static func options(_ random: inout SplitMix64) -> ScalingOptions {
            var options = ScalingOptions(
                target: Scaling.band(
                    Int.random(in: 0...2, using: &random), Int.random(in: 3...6, using: &random)))
            if random.chance(30) {
                options.target["SuspendedState"] = ["DynamicScalingOutSuspended": .boolean(random.chance(50))]
            }
            if random.chance(60) {
                // Policies of two names track two metrics: one metric twice is refused, as another test shows.
                let isOfCPU = random.chance(70)
                options.policies.append(
                    Scaling.tracking(
                        isOfCPU ? "cpu" : "memory", .integer(Int.random(in: 50...52, using: &random)),
                        random.chance(40) ? [("ScaleInCooldown", .integer(random.chance(50) ? 300 : 30))] : []
                    )
                    .with(
                        [
                            "TargetTrackingScalingPolicyConfiguration", "PredefinedMetricSpecification",
                            "PredefinedMetricType",
                        ], .string("ECSServiceAverage\(isOfCPU ? "CPU" : "Memory")Utilization")))
            }
            if random.chance(40) {
                options.policies.append(
                    Scaling.steps([["ScalingAdjustment": .integer(Int.random(in: 1...2, using: &random))]]))
            }
            for name in ["night", "day"] where random.chance(40) {
                var bounds: Value = ["MinCapacity": .integer(Int.random(in: 0...3, using: &random))]
                if random.chance(50) { bounds["MaxCapacity"] = 4 }
                options.scheduledActions.append(
                    Scaling.action(
                        name, "rate(\(Int.random(in: 2...3, using: &random)) days)", bounds,
                        random.chance(30) ? [("EndTime", "2099-01-01T00:00:00Z")] : []))
            }
            return options
        }
    }

    @Test func `after what is decided is done there is nothing more to do`() throws {
        var decided = 0
        for seed in (0..<600) as Range<UInt64> {
            let world = try World(seed: seed)
            let decision = Scaling.decide(world.desired, before: world.before, live: world.live)
            decided += decision.steps.isEmpty ? 0 : 1
            let after = try Scaling.perform(decision, on: world.live)
            let again = Scaling.decide(world.desired, before: world.before, live: after)
            #expect(again.isReached, "world \(seed): \(decision.steps.map(\.id)) then \(again.changes)")
            #expect(Scaling.decide(world.desired, before: world.desired, live: after).isReached, "world \(seed)")
        }
        #expect(decided > 300)
    }

    @Test func `what git never had is never touched`() throws {
        var seen = 0
        for seed in (600..<1200) as Range<UInt64> {
            let world = try World(seed: seed)
            let decision = Scaling.decide(world.desired, before: world.before, live: world.live)
            let after = try Scaling.perform(decision, on: world.live)
            func foreign(_ scaling: ObservedScaling?) -> [Value] {
                let own = [world.desired, world.before].compactMap { $0 }
                let policies = Set(own.flatMap(\.policies).compactMap { $0["PolicyName"]?.text })
                let actions = Set(own.flatMap(\.scheduledActions).compactMap { $0["ScheduledActionName"]?.text })
                return (scaling?.policies ?? []).filter { !policies.contains($0["PolicyName"]?.text ?? "") }
                    + (scaling?.scheduledActions ?? []).filter {
                        !actions.contains($0["ScheduledActionName"]?.text ?? "")
                    }
            }
            seen += foreign(world.live).count
            #expect(foreign(after) == foreign(world.live), "world \(seed)")
        }
        #expect(seen > 200)
    }

    @Test func `the check of plans agrees, and finds what is deleted of others`() throws {
        for seed in (1200..<1400) as Range<UInt64> {
            let world = try World(seed: seed)
            let decision = Scaling.decide(world.desired, before: world.before, live: world.live)
            #expect(try violations(of: decision.steps, in: world) == [], "world \(seed)")
        }
        var world = try World(seed: 1)
        world.desired = nil
        world.before = nil
        for write in [.deregisterTarget, .deletePolicy(name: "cpu"), .deleteScheduledAction(name: "day")]
            as [ScalingWrite]
        {
            let step = Step(id: StepID("x"), action: .scale(key: Scaling.web, write), reason: "x")
            let found = try violations(of: [step], in: world)
            #expect(found.count == 1, "\(write): \(found)")
        }
        world.desired = ScalingOptions(target: Scaling.band(1, 2), policies: [Scaling.tracking()])
        for write in [
            .registerTarget(input: Scaling.band(1, 3)), .putPolicy(name: "cpu", input: Scaling.tracking("cpu", 99)),
            .putPolicy(name: "other", input: Scaling.tracking("other")),
            .registerTarget(
                input: Scaling.band(1, 2, [("SuspendedState", ["ScheduledScalingSuspended": true])])),
        ] as [ScalingWrite] {
            let step = Step(id: StepID("x"), action: .scale(key: Scaling.web, write), reason: "x")
            #expect(try !violations(of: [step], in: world).isEmpty, "\(write)")
        }
    }

    /// What the independent check says of these steps beside a service at rest.
    private func violations(of steps: [Step], in world: World) throws -> [PlanViolation] {
        var options = MooringOptions()
        options.autoscaling = world.desired
        var scenario = try Scenario.managed(options: options)
        let outcome = try scenario.pass()
        var observed = outcome.observed
        observed.scaling[Scaling.web] = world.live.map { .known($0) } ?? .missing
        options.autoscaling = world.before
        let earlier = ServiceVersion(service: try makeService(Scaling.web, options: options), taskDefinition: nil)
        observed.versions[Scaling.web] = ServiceVersions(since: scenario.policy.commit, reading: .known([earlier]))
        var plan = outcome.plan
        plan.steps += steps
        scenario.memory = observed
        return PlanCheck.violations(
            of: plan, desired: scenario.desired, observed: observed, policy: scenario.policy)
    }
}
