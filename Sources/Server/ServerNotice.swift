package import MooringPorts

/// Something that whoever runs us should know of the requests that come in. Holds nothing of a request but the kind of its host.
package enum ServerNotice: Hashable, Sendable, CustomStringConvertible {
    /// Webhooks come from a kind of host for which no secret is set. Told once.
    case noSecret(HostKind)
    /// Webhooks are refused.
    case refused(HostKind, Reason, others: Int)
    /// A webhook that is signed but too large to be read; everything of that host is looked at.
    case tooLarge(HostKind)

    package enum Reason: String, Hashable, Sendable {
        case unsigned, wrongSignature
    }

    package var description: String {
        switch self {
        case .noSecret(let host):
            "Webhooks of \(host.title) are refused: no secret is set for them. Set one, and the same at the host."
        case .refused(let host, let reason, let others):
            (reason == .unsigned
                ? "A webhook of \(host.title) was refused: it shows no signature and no token. Give the webhook its secret."
                : "A webhook of \(host.title) was refused: its signature, token or time does not fit any secret that is set.")
                + (others > 0 ? " So were \(others) more since this was last said." : "")
        case .tooLarge(let host):
            "A webhook of \(host.title) was too large to be read; everything of that host is looked at instead."
        }
    }
}

/// Says which notices are due, so that whoever sends forged webhooks without end does not fill the log.
struct NoticeBook {
    private var saidOnce: Set<HostKind> = []
    private var refusals: [Key: (saidAt: Duration, since: Int)] = [:]

    private struct Key: Hashable {
        let host: HostKind
        let reason: ServerNotice.Reason
    }

    /// - Returns: the notice, where it has not been said.
    mutating func noSecret(_ host: HostKind) -> ServerNotice? {
        saidOnce.insert(host).inserted ? .noSecret(host) : nil
    }

    /// - Returns: the notice, where it was not said a short time ago.
    mutating func refused(_ host: HostKind, _ reason: ServerNotice.Reason, now: Duration) -> ServerNotice? {
        let key = Key(host: host, reason: reason)
        if let last = refusals[key], now - last.saidAt < Limits.noticeInterval {
            refusals[key] = (last.saidAt, last.since + 1)
            return nil
        }
        let others = refusals[key]?.since ?? 0
        refusals[key] = (now, 0)
        return .refused(host, reason, others: others)
    }
}
