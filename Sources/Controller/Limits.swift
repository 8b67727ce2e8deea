/// The bounds of this module, each with its reason.
package enum Limits {
    /// Bytes of a settings file: a thousand environments of 500 bytes each, doubled.
    package static let settingsBytes = 1 << 20

    /// Environments of one process. One container serves hundreds; past it AWS's token buckets are the bound.
    package static let environments = 1_000

    /// Bytes of a file that holds a token or a key. A key of 16,384 bits has 13 KB.
    package static let secretBytes = 64 << 10

    /// Shortest interval between two looks. Below it a process only keeps servers busy.
    package static let shortestInterval: Duration = .milliseconds(100)

    /// Longest interval: a commit that is seen only a day later was not delivered.
    package static let longestInterval: Duration = .seconds(86_400)

    /// Most services that may be created in one pass, whatever the settings say: ECS's quota for one cluster.
    package static let creations = 5_000

    /// Most rollouts side by side. Watching each costs calls of one bucket.
    package static let inFlight = 100

    /// Entries in the outbox: one for each of fifty commits of two hundred environments. Past it something feeds without end.
    package static let outboxEntries = 10_000

    /// Bytes of an outbox entry: a note of the largest size, as JSON text, and a status.
    package static let outboxBytes = 4 << 20

    /// Entries that could not be read and are kept aside for a person; older ones give way.
    package static let corruptEntries = 20

    /// How long a stopping process may take to finish the writes in flight. ECS kills after thirty seconds.
    package static let stopGrace: Duration = .seconds(20)

    /// Between two looks at the secret that webhooks are signed with.
    package static let webhookSecretInterval: Duration = .seconds(60)

    /// How long a stopping process may take to deliver its last messages: less than is left of the time above.
    package static let lastMessages: Duration = .seconds(5)

    /// The task metadata endpoint answers from the same host within milliseconds.
    package static let metadataTimeout: Duration = .seconds(2)

    /// Bytes of its answer: one task of ten containers has some 20 KB.
    package static let metadataBytes = 256 << 10

    /// Until an environment that could not be set up is tried again.
    package static let assemblyRetry: Duration = .seconds(60)

    /// Lines of live progress at the foot of a terminal; more rollouts than that are counted.
    package static let liveLines = 10

    /// Between two drawings of the live progress while nothing happens: its seconds count on.
    package static let redrawInterval: Duration = .seconds(1)

    /// Characters of the repository's digest in an identity: 40 bits tell a million repositories apart.
    package static let repositoryIDCharacters = 10

    /// Seconds that git waits for its token to be read again: AWS's own retries are within.
    static let secretReading = 30

    /// Secrets that are hidden in what is written, beside those of the settings: some for each environment.
    static let lateSecrets = 2_000
}
