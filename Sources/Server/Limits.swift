/// The bounds of this module, each with its reason.
///
/// Whoever can reach the port may send anything: what an unknown client can make us keep, do or wait for is bounded by these.
package enum Limits {
    // MARK: Connections

    /// Connections at a time. Hosts send some of them at once after an outage of theirs, pages and probes take a few more; each
    /// holds a descriptor, of which 1,024 are customary. When all are taken the oldest gives way: a good client is done in
    /// milliseconds, so that only those who linger are thrown out.
    package static let connections = 256

    /// Connections that the kernel holds for us until we take them.
    static let backlog = 128

    /// Longest time in which the head of a request must have come whole, from the connection on. Heads fit in one or two packets;
    /// this is for a slow line with a lost packet or two.
    package static let headTime: Duration = .seconds(10)

    /// Longest time for the whole request. GitHub and GitLab give up after ten seconds themselves, and 25 MB in 30 seconds is
    /// the pace of a bad line.
    package static let requestTime: Duration = .seconds(30)

    /// Longest time in which the client must have taken our answer, which is a line or a page.
    package static let answerTime: Duration = .seconds(10)

    /// How long we go on reading after an answer that came before the end of the request, so that the client gets to read it:
    /// closing at once would make the kernel throw it away.
    package static let lingerTime: Duration = .seconds(2)

    /// What is read and thrown away in that time.
    static let lingerBytes = 4 << 20

    /// Longest sleep of the server's thread while anybody is connected: deadlines are seen within it.
    static let turnMilliseconds: Int32 = 100

    /// How long no connection is accepted when the process has no descriptor left.
    static let acceptPause: Duration = .milliseconds(100)

    /// Bytes read from a connection at a time, in turn with the others.
    static let readBytes = 64 << 10

    /// How long connections that are being answered have when the server is stopped.
    static let stopTime: Duration = .seconds(1)

    // MARK: Requests

    /// Bytes of a request's first line and headers together. Hosts send 2 KB, proxies add some; load balancers allow 64.
    package static let headBytes = 32 << 10

    /// Headers of one request. Hosts send 20, proxies add some.
    static let headers = 100

    /// Largest body. GitHub sends none above 25 MB, the others less; a third more for one that is sent as a form. Nothing of it
    /// is kept past `keptBodyBytes`.
    package static let bodyBytes = 34 << 20

    /// Largest body that is kept and parsed. A push of a hundred commits is about 100 KB, GitHub's largest events some hundred.
    /// What is longer and signed still says "look again", at everything of that host.
    package static let keptBodyBytes = 1 << 20

    /// Bytes of bodies that are kept at a time, of all connections: nobody is known before the last byte of his body. When they
    /// are used up, bodies are checked but not kept.
    package static let keptBodyBytesInAll = 16 << 20

    /// Characters of the line that tells how long a chunk is, and of what follows the last chunk: programs send none of it.
    static let chunkLineBytes = 1 << 10

    // MARK: Webhooks

    /// Secrets of one host that are tried. Each costs a hash of every body; a secret a repository and two while one is replaced
    /// stays below it.
    package static let secretsPerHost = 32

    /// Signatures in one header that are looked at. GitLab sends two while a token is replaced.
    static let signaturesPerHeader = 8

    /// How old or how far in the future a signed time may be: what Standard Webhooks recommends.
    package static let timestampTolerance: Duration = .seconds(300)

    /// Deliveries that are remembered so that a replayed one does nothing: GitHub keeps deliveries of three days to be sent
    /// again, of which a busy repository has a few thousand. Each is 32 bytes.
    package static let rememberedDeliveries = 10_000

    /// Changes of refs in one webhook that are told apart. Past it, it is a look at the whole repository.
    static let changesPerEvent = 32

    /// Addresses of one repository that are kept: hosts tell three or four.
    static let addressesPerRepository = 8

    /// Characters of an address that is kept; longer ones are no remote of ours.
    static let addressCharacters = 2_048

    /// Characters of a host's text that is taken into a sentence.
    static let quotedCharacters = 60

    /// How often the log tells that webhooks of a host are refused for a reason: whoever forges many must not fill it.
    package static let noticeInterval: Duration = .seconds(60)
}
