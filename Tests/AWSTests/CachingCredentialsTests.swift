import MooringHTTPTransport
import MooringModel
import MooringPorts
import MooringTestSupport
import Synchronization
import Testing

@testable import MooringAWS

/// Renewal of credentials: early, once, and without keeping failures.
@Suite(.timeLimit(.minutes(1))) struct CachingCredentialsTests {
    /// A provider whose answers the test gives, one by one.
    private final class ManualProvider: CredentialsProvider {
        private struct State {
            var asked = 0
            var pending: [CheckedContinuation<Result<Credentials?, Failure>, Never>] = []
            var watchers: [(Int, CheckedContinuation<Void, Never>)] = []
        }
        private let state = Mutex(State())

        var asked: Int { state.withLock { $0.asked } }

        func credentials() async throws(Failure) -> Credentials? {
            let result = await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let ready = state.withLock { state in
                        state.asked += 1
                        state.pending.append(continuation)
                        defer { state.watchers.removeAll { $0.0 <= state.asked } }
                        return state.watchers.filter { $0.0 <= state.asked }
                    }
                    for watcher in ready { watcher.1.resume() }
                }
            } onCancel: {
                answer(.failure(failure("cancelled")))
            }
            return try result.get()
        }

        /// Waits until the provider was asked `count` times in all.
        func waitUntilAsked(_ count: Int) async {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.asked >= count { return true }
                    state.watchers.append((count, continuation))
                    return false
                }
                if isReady { continuation.resume() }
            }
        }

        func answer(_ result: Result<Credentials?, Failure>) {
            let waiting = state.withLock { state in
                defer { state.pending = [] }
                return state.pending
            }
            for continuation in waiting { continuation.resume(returning: result) }
        }
    }

    private let clock = ManualClock()
    private let provider = ManualProvider()
    private let cache: CachingCredentials

    init() { cache = CachingCredentials(provider: provider, clock: clock) }

    private func credentials(_ key: String, minutes: Int?, mayOutliveExpiry: Bool = false) -> Credentials {
        Credentials(
            accessKey: key, secretKey: Secret("s"), expiresAt: minutes.map { clock.now + .seconds($0 * 60) },
            source: "test", mayOutliveExpiry: mayOutliveExpiry,
        )
    }

    /// Asks the cache once, answering the provider with `answer`.
    private func fill(_ answer: Credentials) async throws {
        let count = provider.asked
        async let found = cache.credentials()
        await provider.waitUntilAsked(count + 1)
        provider.answer(.success(answer))
        #expect(try await found == answer)
    }

    @Test func `credentials are kept while they are good, without an expiry for ever`() async throws {
        let first = credentials("a", minutes: nil)
        try await fill(first)
        clock.advance(by: .seconds(1_000_000))
        #expect(try await cache.credentials() == first)
        #expect(provider.asked == 1)
    }

    @Test func `early renewal is one caller's affair, late renewal everyone's`() async throws {
        let first = credentials("a", minutes: 60)
        try await fill(first)
        clock.advance(by: .seconds(44 * 60))
        #expect(try await cache.credentials() == first)
        #expect(provider.asked == 1)
        clock.advance(by: .seconds(2 * 60))
        async let renewing = cache.credentials()
        await provider.waitUntilAsked(2)
        #expect(try await cache.credentials() == first)
        let second = credentials("b", minutes: 60)
        provider.answer(.success(second))
        #expect(try await renewing == second)
        clock.advance(by: .seconds(51 * 60))
        let third = credentials("c", minutes: 60)
        async let late = cache.credentials()
        await provider.waitUntilAsked(3)
        async let waiting = cache.credentials()
        while cache.waiterCount < 1 { await Task.yield() }
        provider.answer(.success(third))
        #expect(try await late == third)
        #expect(try await waiting == third)
        #expect(provider.asked == 3)
    }

    @Test func `a failed renewal is not kept, and old credentials serve while they are good`() async throws {
        let first = credentials("a", minutes: 60)
        try await fill(first)
        clock.advance(by: .seconds(55 * 60))
        async let failing = cache.credentials()
        await provider.waitUntilAsked(2)
        provider.answer(.failure(failure("down")))
        #expect(try await failing == first)
        // Right after a failure nobody is kept waiting.
        #expect(try await cache.credentials() == first)
        #expect(provider.asked == 2)
        clock.advance(by: Limits.refreshRetry)
        try await fill(credentials("b", minutes: 60))
        clock.advance(by: .seconds(61 * 60))
        let cache = cache
        let expired = Task { try await cache.credentials() }
        await provider.waitUntilAsked(4)
        provider.answer(.failure(failure("down")))
        let result = await expired.result
        #expect(throws: Failure.self) { try result.get() }
        try await fill(credentials("c", minutes: 60))
    }

    @Test func `many callers at the start cause one question, and share its failure`() async throws {
        let cache = cache
        let tasks = (0..<20).map { _ in Task { try await cache.credentials() } }
        while cache.waiterCount < 19 { await Task.yield() }
        provider.answer(.failure(failure("down")))
        for task in tasks {
            let result = await task.result
            #expect(throws: Failure.self) { try result.get() }
        }
        #expect(provider.asked == 1)
        try await fill(credentials("a", minutes: 60))
    }

    @Test func `a cancelled waiter does not disturb others, and a cancelled renewer is replaced`() async throws {
        let cache = cache
        let renewer = Task { try await cache.credentials() }
        await provider.waitUntilAsked(1)
        let waiters = (0..<3).map { _ in Task { try await cache.credentials() } }
        while cache.waiterCount < 3 { await Task.yield() }
        waiters[0].cancel()
        let first = await waiters[0].result
        #expect(throws: Failure.self) { try first.get() }
        #expect(provider.asked == 1)
        renewer.cancel()
        let second = await renewer.result
        #expect(throws: Failure.self) { try second.get() }
        await provider.waitUntilAsked(2)
        let fresh = credentials("a", minutes: 60)
        provider.answer(.success(fresh))
        #expect(try await waiters[1].value == fresh)
        #expect(try await waiters[2].value == fresh)
        #expect(provider.asked == 2)
    }

    @Test func `expired credentials of an instance are used and asked for again later`() async throws {
        let stale = credentials("a", minutes: -5, mayOutliveExpiry: true)
        try await fill(stale)
        #expect(try await cache.credentials() == stale)
        clock.advance(by: Limits.expiredExtension - Limits.refreshAtLatest)
        try await fill(credentials("b", minutes: 60))
    }

    @Test func `refused credentials are forgotten, renewed ones are not`() async throws {
        let first = credentials("a", minutes: 60)
        try await fill(first)
        cache.invalidate(first)
        let second = credentials("b", minutes: 60)
        try await fill(second)
        cache.invalidate(first)
        #expect(try await cache.credentials() == second)
    }

    @Test func `no credentials anywhere is a failure with a remedy`() async throws {
        let cache = CachingCredentials(provider: ProviderChain([]), clock: clock)
        let failure = try await #require(throws: Failure.self) { _ = try await cache.credentials() }
        #expect(failure.code == .unauthenticated && failure.disposition == .stalled && !failure.remedy.isEmpty)
    }
}

private func failure(_ cause: String) -> Failure {
    Failure(
        code: .unreachable, subject: "credentials", tried: "get", cause: cause, disposition: .retry(after: nil),
    )
}
