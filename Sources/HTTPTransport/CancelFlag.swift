import Synchronization

/// A flag that one thread raises and a transfer on another sees within a turn.
package final class CancelFlag: Sendable {
    private let raised = Atomic(false)

    package init() {}

    /// Asks the transfer to end. There is no way back.
    package func raise() { raised.store(true, ordering: .releasing) }

    package var isRaised: Bool { raised.load(ordering: .acquiring) }
}
