import MooringModel
package import MooringPorts
import Synchronization

/// Keeps credentials and renews them before they expire.
///
/// With `Limits.refreshAhead` left, the next caller renews while others go on with what they have; with
/// `Limits.refreshAtLatest` left, everyone waits. One renews, the others wait for it; if the one is cancelled, another
/// takes its place, so nobody's cancellation is felt by others. A failure goes to those who waited for it and is kept
/// nowhere: the next caller tries again, and old credentials are used as long as they are good.
package final class CachingCredentials: Sendable {
    private let provider: any CredentialsProvider
    private let clock: any Clock
    private let state = Mutex(State())

    private struct State {
        var cached: Credentials?
        /// When `cached` stops being good; later than its own expiry where that is allowed.
        var goodUntil: Timestamp?
        /// Before it no early renewal is tried, because one has just failed.
        var quietUntil: Timestamp?
        var isRenewing = false
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Outcome, Never>] = [:]
        /// Cancelled between deciding to wait and waiting.
        var cancelledEarly: Set<Int> = []
    }

    /// What a waiter learns.
    private enum Outcome: Sendable {
        /// Something has changed: look again.
        case again
        case failed(Failure)
        case cancelled
    }

    /// What a caller does next.
    private enum Step {
        case use(Credentials)
        case renew(fallback: Credentials?)
        case wait(Int)
    }

    package init(provider: any CredentialsProvider, clock: any Clock) {
        self.provider = provider
        self.clock = clock
    }

    /// Credentials that are good now.
    package func credentials() async throws(Failure) -> Credentials {
        while true {
            switch step() {
            case .use(let credentials): return credentials
            case .renew(let fallback): return try await renew(fallback: fallback)
            case .wait(let id):
                switch await outcome(id) {
                case .again: continue
                case .failed(let failure): throw failure
                case .cancelled: throw CachingCredentials.givenUp
                }
            }
        }
    }

    /// Forgets `refused`, which AWS did not accept; renewed ones are kept.
    package func invalidate(_ refused: Credentials) {
        state.withLock { state in
            guard state.cached == refused else { return }
            state.cached = nil
            state.goodUntil = nil
        }
    }

    /// How many callers wait for the renewal under way.
    var waiterCount: Int { state.withLock { $0.waiters.count } }

    private func step() -> Step {
        let now = clock.now
        return state.withLock { state in
            let left = state.goodUntil.map { $0 - now }
            if let cached = state.cached {
                guard let left else { return .use(cached) }
                if left > Limits.refreshAhead { return .use(cached) }
                let isQuiet = state.quietUntil.map { now < $0 } ?? false
                if left > Limits.refreshAtLatest, state.isRenewing || isQuiet { return .use(cached) }
                if left > .zero, isQuiet, !state.isRenewing { return .use(cached) }
            }
            if state.isRenewing {
                state.nextWaiter += 1
                return .wait(state.nextWaiter)
            }
            state.isRenewing = true
            return .renew(fallback: left.map { $0 > .zero } ?? false ? state.cached : nil)
        }
    }

    private func renew(fallback: Credentials?) async throws(Failure) -> Credentials {
        let result: Result<Credentials, Failure>
        do throws(Failure) {
            guard let found = try await provider.credentials() else { throw CachingCredentials.absent }
            result = .success(found)
        } catch {
            result = .failure(error)
        }
        let now = clock.now
        let isCancelled = Task.isCancelled
        let waiters = state.withLock { state in
            state.isRenewing = false
            switch result {
            case .success(let found):
                state.cached = found
                state.goodUntil = found.expiresAt
                if let expiry = found.expiresAt, found.mayOutliveExpiry, expiry - now <= Limits.refreshAhead {
                    state.goodUntil = now + Limits.expiredExtension
                }
                state.quietUntil = nil
            case .failure:
                if !isCancelled { state.quietUntil = now + Limits.refreshRetry }
            }
            defer {
                state.waiters = [:]
                // Whoever is in there will find nothing to wait for, and its cancellation again when it waits next.
                state.cancelledEarly = []
            }
            return Array(state.waiters.values)
        }
        let outcome: Outcome
        if case .failure(let failure) = result, !isCancelled, fallback == nil {
            outcome = .failed(failure)
        } else {
            outcome = .again
        }
        for waiter in waiters { waiter.resume(returning: outcome) }
        if case .failure = result, let fallback { return fallback }
        return try result.get()
    }

    private func outcome(_ id: Int) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let early = state.withLock { state -> Outcome? in
                    if state.cancelledEarly.remove(id) != nil { return .cancelled }
                    // The renewal may have ended since `step`.
                    guard state.isRenewing else { return .again }
                    state.waiters[id] = continuation
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: id)
                if waiter == nil, state.isRenewing { state.cancelledEarly.insert(id) }
                return waiter
            }
            waiter?.resume(returning: .cancelled)
        }
    }

    private static let absent = Failure.credentials(
        from: "this machine", "none are configured.",
        remedy: "Give Mooring a task role, a profile or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    )

    private static let givenUp = Failure.credentials(
        from: "this machine", "the request was given up.", code: .cancelled, disposition: .retry(after: nil),
    )
}
