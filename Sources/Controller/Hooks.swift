import Logging
import MooringGit
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringServer
import Synchronization

/// Takes webhooks for environments and gives each that one concerns a hint to look again.
final class Hooks: Sendable {
    /// One environment, as far as hooks go.
    struct Listener: Sendable {
        let host: WebhookHost
        let address: GitAddress
        let secret: RenewableSecret
        let hints: Hints
    }

    private let listeners = Mutex<[Listener]>([])

    /// From now on the environment's hooks are taken. One that was there before under the same hints gives way.
    func add(_ listener: Listener) {
        listeners.withLock { listeners in
            listeners.removeAll { $0.hints === listener.hints }
            listeners.append(listener)
        }
    }

    /// The secrets that hooks of this host may be signed with.
    func secrets(of host: WebhookHost) -> [Secret] {
        listeners.withLock { $0 }.filter { $0.host == host }.map(\.secret.current).reduced()
    }

    /// Hints whoever the event concerns. Nothing else in it is believed.
    func take(_ event: WebhookEvent) {
        for listener in listeners.withLock({ $0 })
        where listener.host == event.host && event.concerns(remote: listener.address.description) {
            listener.hints.give()
        }
    }
}

extension [Secret] {
    /// Each once, in order: environments of one repository share theirs.
    fileprivate func reduced() -> [Secret] {
        var seen: Set<Secret> = []
        return filter { seen.insert($0).inserted }
    }
}
