import MooringAWS
import MooringPorts
import MooringShapes
import MooringTestSupport
import Testing

/// What may be spent on AWS's APIs.
@Suite(.timeLimit(.minutes(1))) struct TokenBucketsTests {
    @Test func `half of the burst is free, then half of the rate`() {
        var buckets = TokenBuckets()
        for _ in 0..<10 { #expect(buckets.take(.writeTaskDefinitions, now: .zero) == .zero) }
        #expect(buckets.take(.writeTaskDefinitions, now: .zero) == .seconds(2))
        #expect(buckets.take(.writeTaskDefinitions, now: .zero) == .seconds(4))
        // Two were taken in advance; six seconds bring three.
        #expect(buckets.take(.writeTaskDefinitions, now: .seconds(6)) == .zero)
        #expect(buckets.take(.writeTaskDefinitions, now: .seconds(6)) == .seconds(2))
    }

    @Test func `categories are paid apart, and services beside ECS each by itself`() {
        var buckets = TokenBuckets()
        while buckets.take(.writeServices, now: .zero) == .zero {}
        #expect(buckets.take(.readServices, now: .zero) == .zero)
        while buckets.take(.neighbour(.ssm), now: .zero) == .zero {}
        #expect(buckets.take(.neighbour(.sts), now: .zero) == .zero)
    }

    @Test func `a bucket never holds more than its burst, and time that goes backwards adds nothing`() {
        var buckets = TokenBuckets(share: 1)
        _ = buckets.take(.writeTaskDefinitions, now: .seconds(100))
        var free = 0
        while buckets.take(.writeTaskDefinitions, now: .seconds(100_000)) == .zero { free += 1 }
        #expect(free == 20)
        #expect(buckets.take(.writeTaskDefinitions, now: .seconds(1)) == .seconds(2))
    }

    @Test func `over a long time the rate is the share's, however it is asked`() {
        var buckets = TokenBuckets(share: 0.25)
        var now: Duration = .zero
        for _ in 0..<5 + 500 { now += buckets.take(.writeServices, now: now) }
        // 50 × 0.25 at once, the rest at 5 × 0.25 a second.
        let expected = (505 - 12.5) / 1.25
        let difference = Double(now.components.seconds) - expected
        #expect(abs(difference) < 2)
    }

    @Test func `the smallest share still pays for a call`() {
        var buckets = TokenBuckets(share: 0)
        #expect(buckets.take(.deleteTaskDefinitions, now: .zero) == .zero)
        #expect(buckets.take(.deleteTaskDefinitions, now: .zero) > .zero)
    }

    @Test func `whoever waits for a token is served in time, and gives it back when cancelled`() async throws {
        let clock = ManualClock()
        let budget = SharedBudget()
        for _ in 0..<10 { try await budget.spend(.writeTaskDefinitions, clock: clock) }
        let first = Task { try await budget.spend(.writeTaskDefinitions, clock: clock) }
        await clock.sleepers(1)
        let second = Task { try await budget.spend(.writeTaskDefinitions, clock: clock) }
        await clock.sleepers(2)
        #expect(clock.slept == [.seconds(2), .seconds(4)])
        second.cancel()
        let result = await second.result
        #expect(throws: CancellationError.self) { try result.get() }
        clock.advance(by: .seconds(2))
        try await first.value
        let third = Task { try await budget.spend(.writeTaskDefinitions, clock: clock) }
        await clock.sleepers(1)
        #expect(clock.slept.last == .seconds(2))
        clock.advance(by: .seconds(2))
        try await third.value
    }

    @Test(
        arguments: zip(
            [
                "DescribeServices", "UpdateService", "RegisterTaskDefinition", "DescribeTaskDefinition",
                "DescribeTasks",
                "RunTask", "DescribeServiceDeployments", "DescribeServiceRevisions", "DescribeClusters", "TagResource",
                "ListTagsForResource", "ListAccountSettings",
            ],
            [
                TokenCategory.readServices, .writeServices, .writeTaskDefinitions, .readTaskDefinitions, .readTasks,
                .runTasks, .readServiceDeployments, .readServiceRevisions, .readClusters, .writeTags, .readTags,
                .otherECS,
            ],
        ))
    func `every call is paid from its bucket`(_ operation: String, _ category: TokenCategory) {
        #expect(TokenCategory(APICall(.ecs, operation, [:])) == category)
    }
}
