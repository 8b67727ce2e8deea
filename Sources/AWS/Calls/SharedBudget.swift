package import MooringPorts
import Synchronization

/// The token buckets of one account and region, shared by all environments there.
package final class SharedBudget: Sendable {
    private let buckets: Mutex<TokenBuckets>

    /// - Parameter share: the part of AWS's buckets that is ours.
    package init(share: Double = Limits.budgetShare) { buckets = Mutex(TokenBuckets(share: share)) }

    /// Takes a token and waits until it may be spent. Who is cancelled while waiting gives the token back.
    package func spend(_ category: TokenCategory, clock: any Clock) async throws {
        let now = clock.uptime
        let wait = buckets.withLock { $0.take(category, now: now) }
        guard wait > .zero else { return }
        do {
            try await clock.sleep(for: wait)
        } catch {
            buckets.withLock { $0.giveBack(category) }
            throw error
        }
    }
}
