/// The bounds of this module, each with its reason.
package enum Limits {
    /// Long enough for a TCP and a TLS handshake across the world with one lost packet of each, short enough that a dead
    /// address costs a pass little.
    package static let connectTimeout: Duration = .seconds(10)

    /// For a whole call of an API. AWS answers within seconds, its slowest describe calls within twenty.
    package static let totalTimeout: Duration = .seconds(60)

    /// For one whole git exchange: a clone of a large repository over a slow line.
    package static let exchangeTimeout: Duration = .seconds(600)

    /// No byte in either direction for this long means that nothing is coming any more. Servers that index a push or
    /// count objects send keep-alive packets every five seconds by default.
    package static let stallTimeout: Duration = .seconds(30)

    /// Largest answer of an API. Ten described services with a hundred events each are about 300 KB; a page of anything
    /// AWS returns stays below 6 MB.
    package static let responseBodyBytes = 16 << 20

    /// Largest request body: git pushes are the largest, and they are held in memory.
    package static let requestBodyBytes = 256 << 20

    /// All header lines of one response. libcurl itself gives up at 300 KB, servers send at most a few KB.
    package static let responseHeaderBytes = 64 << 10

    /// How many transfers may be under way or waiting at once. Each environment asks for a few at a time; a thousand
    /// means that something feeds without end.
    package static let transfers = 1024

    /// How many connections are open to one host at a time; more would only queue in AWS's token buckets.
    package static let connectionsPerHost = 16

    /// How many connections are open in all, idle ones included: far below the customary 1,024 file descriptors.
    package static let connections = 128

    /// Longest sleep of a driving loop: deadlines and cancel flags are seen within it even if a wake-up were lost.
    package static let turn: Duration = .milliseconds(100)

    /// Longest sleep of a client's thread with transfers under way; sockets, timers and wake-ups end it sooner.
    package static let busyTurn: Duration = .seconds(1)

    /// How often the thread of an idle client wakes up: only against a lost wake-up, so seldom.
    package static let idleTurn: Duration = .seconds(30)

    /// How many redirects a GET follows where it may follow any. Renamed repositories need one or two.
    package static let redirects = 5

    /// The rest of an answer that is read, so that the connection can be used again, before it is rather closed.
    package static let drainBytes = 1 << 20

    /// Longest text of libcurl's or a server's that is taken into an error.
    package static let errorTextCharacters = 300

    /// Secrets of one place that are remembered, to be hidden: more than can be refused one after the other in a day.
    static let renewedSecrets = 64
}
