import Synchronization

/// A secret whose place may hold another one later: tokens are rotated by replacing a file.
///
/// Read again only when the one in force was refused, so a file that is being replaced is never half a token for long.
package final class RenewableSecret: Sendable {
    /// The one in force last.
    private let secrets: Mutex<[Secret]>
    private let read: @Sendable () -> Secret?

    /// - Parameter read: what the place holds now, nil where it cannot be read.
    package init(_ secret: Secret, read: @escaping @Sendable () -> Secret?) {
        secrets = Mutex([secret])
        self.read = read
    }

    /// The one in force.
    package var current: Secret { secrets.withLock { $0[$0.count - 1] } }

    /// Those that came after the first, so that none of them is shown; bounded, as only the newest are still sent.
    package var renewed: [Secret] { secrets.withLock { Array($0.dropFirst()) } }

    /// Looks whether there is another one than the one that was refused.
    ///
    /// - Returns: whether it is worth trying again with `current`.
    package func renew(insteadOf refused: Secret) -> Bool {
        if current != refused { return true }
        guard let found = read(), !found.isEmpty else { return false }
        return secrets.withLock { secrets in
            guard secrets[secrets.count - 1] == refused else { return true }
            if found == refused { return false }
            secrets.append(found)
            if secrets.count > Limits.renewedSecrets { secrets.remove(at: 1) }
            return true
        }
    }
}
