import MooringModel
import MooringNames
import MooringPlanning
import MooringTestSupport
import Testing

@Suite struct RampTests {
    private let ramp = Ramp(maximumInFlight: 10, maximumFailures: 3)

    // MARK: Width

    @Test(arguments: [(0, 1), (1, 2), (2, 4), (3, 8), (4, 10), (400, 10), (-3, 1)])
    func `the ramp doubles with every rollout that completes`(completed: Int, width: Int) {
        #expect(ramp.width(completed: completed) == width)
    }

    @Test(arguments: [(9, 0, 10), (9, 1, 2), (9, 2, 1), (0, 1, 1)])
    func `once one has failed no more are under way than may still fail`(completed: Int, failed: Int, width: Int) {
        #expect(ramp.width(completed: completed, failed: failed) == width)
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
