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
        let host: HostKind
        let address: GitAddress
        /// What the host calls the repository, where that is not what the address says: a mirror, another name of the host.
        let name: String
        /// The one in force, and the one before it: a secret is not changed here and at the host in the same moment.
        let secrets: [Secret]
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
    func secrets(of host: HostKind) -> [Secret] {
        listeners.withLock { $0 }.filter { $0.host == host }.flatMap(\.secrets).reduced()
    }

    /// Hints whoever the event concerns. Nothing else in it is believed.
    ///
    /// - Returns: whether there is anybody.
    func take(_ event: WebhookEvent) -> Bool {
        let concerned = listeners.withLock { $0 }.filter { listener in
            listener.host == event.host
                && (event.concerns(remote: listener.address.description) || event.concerns(remote: listener.name))
        }
        for listener in concerned { listener.hints.give() }
        return !concerned.isEmpty
    }
}

extension [Secret] {
    /// Each once, in order: environments of one repository share theirs.
    fileprivate func reduced() -> [Secret] {
        var seen: Set<Secret> = []
        return filter { seen.insert($0).inserted }
    }
}
