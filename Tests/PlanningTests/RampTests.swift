import MooringModel
import MooringNames
import MooringPlanning
import MooringTestSupport
import Testing

@Suite struct RampTests {
    private let ramp = Ramp(maximumInFlight: 10, maximumFailures: 3)

    private func services(_ count: Int) throws -> [ServiceKey] { try (0..<count).map { try key("s\($0)") } }

    // MARK: Width

    @Test(arguments: [(0, 1), (1, 2), (2, 4), (3, 8), (4, 10), (400, 10), (-3, 1)])
    func `the ramp doubles with every rollout that completes`(completed: Int, width: Int) {
        #expect(ramp.width(completed: completed) == width)
    }

    @Test(arguments: [(9, 0, 10), (9, 1, 2), (9, 2, 1), (0, 1, 1)])
    func `once one has failed no more are under way than may still fail`(completed: Int, failed: Int, width: Int) {
        #expect(ramp.width(completed: completed, failed: failed) == width)
    }

    // MARK: Decision

    @Test func `what is under way takes its place`() throws {
        let all = try services(9)
        let decision = ramp.decision(candidates: all, inFlight: 3, completed: 3, failed: [])
        #expect(decision.start == Array(all.prefix(5)))
        #expect(decision.waiting == Array(all.dropFirst(5)))
        #expect(ramp.decision(candidates: all, inFlight: 12, completed: 9, failed: []).start == [])
    }

    @Test func `after too many failures the rest is not started, and it is said which and how to go on`() throws {
        let all = try services(200)
        let decision = ramp.decision(
            candidates: Array(all.dropFirst(3)), inFlight: 0, completed: 0, failed: Array(all.prefix(3)))
        #expect(decision.start == [])
        #expect(
            decision.stop?.sentence
                == "3 rollouts failed (default/s0, default/s1, default/s2), so 197 other services were not touched.")
        #expect(
            decision.stop?.remedy
                == "Mend or revert the change: the next commit that changes these services begins with one of them "
                + "again, and all that still differ follow.")
        #expect(ramp.decision(candidates: [], inFlight: 0, completed: 0, failed: all).stop == nil)
    }

    @Test(arguments: 0..<40)
    func `a bad change touches no more than may fail, and a good one ends`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let bad = seed % 2 == 0
        var candidates = try services(60)
        var (inFlight, completed, failed): ([ServiceKey], Int, [ServiceKey]) = ([], 0, [])
        var touched = 0
        for _ in 0..<2_000 {
            let decision = ramp.decision(
                candidates: candidates, inFlight: inFlight.count, completed: completed, failed: failed)
            inFlight += decision.start
            touched += decision.start.count
            candidates = decision.waiting
            #expect(inFlight.count <= 10)
            if inFlight.isEmpty { break }
            let index = Int.random(in: 0..<inFlight.count, using: &random)
            let service = inFlight.remove(at: index)
            if bad { failed.append(service) } else { completed += 1 }
        }
        #expect(touched == (bad ? 3 : 60), "seed \(seed)")
    }

    // MARK: Time left

    @Test(arguments: [
        // The bucket holds ten, then one every two seconds, and the last one still has to roll.
        (500, 500, 0, 180, 990, "about 3h left: 500 revisions to register, 500 rollouts"),
        (500, 500, 10, 15, 995, "about 17m left: 500 revisions to register at one every 2s, 500 rollouts"),
        (5, 5, 0, 60, 180, "about 3m left: 5 revisions to register, 5 rollouts"),
        (0, 1, 0, 45, 45, "about 1m left: 1 rollout"),
        (1, 0, 0, 60, 0, "about 1m left: 1 revision to register"),
        (0, 0, 0, 60, 0, "nothing left"),
    ])
    func `the time left follows from the bucket and the ramp`(
        registrations: Int, rollouts: Int, completed: Int, one: Int, seconds: Int, sentence: String,
    ) {
        let left = TimeLeft.estimate(
            registrations: registrations, rollouts: rollouts, completed: completed, ramp: ramp, rolloutSeconds: one)
        #expect(left.sentence == sentence)
        if one != 180 { #expect(left.duration == .seconds(seconds)) }
    }

    @Test func `the ramp costs three rounds before it is wide`() {
        // 1, 2 and 8, then 489 by ten: what completes together widens it at once.
        let left = TimeLeft.estimate(registrations: 0, rollouts: 500, completed: 0, ramp: ramp, rolloutSeconds: 100)
        #expect(left.duration == .seconds(100 * (3 + 49)))
        #expect(!left.isBoundByRegistering)
    }

    @Test func `an empty bucket and absurd numbers are taken as they are`() {
        let empty = TimeLeft.estimate(
            registrations: 10, tokens: 0, rollouts: 0, completed: 0, ramp: ramp, rolloutSeconds: 60)
        #expect(empty.duration == .seconds(20))
        let absurd = TimeLeft.estimate(
            registrations: Int.max, tokens: -4, rollouts: Int.max / 1000, completed: Int.max, ramp: ramp,
            rolloutSeconds: Int.max)
        #expect(absurd.duration == .seconds(30 * 86_400))
        #expect(
            TimeLeft.estimate(registrations: -1, rollouts: -1, completed: -1, ramp: ramp).sentence == "nothing left")
    }
}
