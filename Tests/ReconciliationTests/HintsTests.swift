import MooringReconciliation
import MooringTestSupport
import Testing

/// Hints to look again.
@Suite(.timeLimit(.minutes(1))) struct HintsTests {
    @Test func `a thousand of them wake who waits once`() async {
        let hints = Hints()
        let clock = ManualClock()
        async let woken: Void = hints.wait(past: 0, atMost: .seconds(3_600), clock: clock)
        for _ in 0..<1_000 { hints.give() }
        await woken
        #expect(hints.count == 1_000)
        // What was given before counts; nobody waits for it.
        await hints.wait(past: 999)
    }

    @Test func `who waits goes on when the time is over, or when it is cancelled`() async {
        let hints = Hints()
        let clock = ManualClock()
        async let patient: Void = hints.wait(past: 0, atMost: .seconds(60), clock: clock)
        await clock.sleepers()
        clock.advance(by: .seconds(60))
        await patient
        let task = Task { await hints.wait(past: 0) }
        task.cancel()
        await task.value
        #expect(hints.count == 0)
    }
}
