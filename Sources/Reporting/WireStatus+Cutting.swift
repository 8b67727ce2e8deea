import MooringCryptography
import MooringNames
import MooringPorts

extension WireStatus {
    /// A status as a host takes it: cut to its lengths, with a link where it wants one.
    init(_ status: CommitStatus, in dialect: any Dialect) {
        let rules = dialect.rules
        context = status.context.shortened(to: rules.contextLength, rules.unit)
        key = rules.keyLength.map { status.context.shortened(to: $0, rules.unit) } ?? context
        word = dialect.word(for: status.state)
        text = status.summary.cut(to: rules.textLength, rules.unit)
        let link = status.link.flatMap { link in
            WireStatus.isLink(link, mustBePublic: rules.needsPublicLink) && link.count <= rules.linkLength ? link : nil
        }
        self.link = link ?? (rules.needsLink ? dialect.repository.commitPage(status.commit) : nil)
    }

    /// A hash of a longer text, whatever becomes of its end on the host.
    static func details(of text: String) -> String { SHA256.hex(of: text.settled.utf8) }

    /// A whole status is refused for a link that is none; by Bitbucket Cloud also for one that only we could follow.
    private static func isLink(_ link: String, mustBePublic: Bool) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: link.hasPrefix),
            link.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return false }
        let host = link.dropFirst(scheme.count).prefix { $0 != "/" && $0 != ":" && $0 != "?" && $0 != "#" }
        return !host.isEmpty && (!mustBePublic || host.contains(".") && !host.hasPrefix("127."))
    }
}
