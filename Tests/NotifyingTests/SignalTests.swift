import MooringNotifying
import Testing

@Suite struct `A signal` {
    @Test func `that was raised lets the next wait pass, once`() async {
        let signal = Signal()
        signal.raise()
        signal.raise()
        await signal.wait()
        let waiting = Task { await signal.wait() }
        signal.raise()
        await waiting.value
    }

    @Test func `does not hold a task that is cancelled, before it waits or while it does`() async {
        let signal = Signal()
        for _ in 0..<200 {
            let before = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                await signal.wait()
            }
            await before.value
            let meanwhile = Task { await signal.wait() }
            meanwhile.cancel()
            await meanwhile.value
        }
        // Nobody's call was taken for another's.
        let waiting = Task { await signal.wait() }
        signal.raise()
        await waiting.value
    }
}
