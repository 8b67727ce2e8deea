package import MooringNames

/// What happened to one commit in one environment. Kept as a git note, summarised as a status.
package struct CommitReport: Hashable, Sendable {
    package var environment: EnvironmentIdentity
    package var commit: CommitID
    package var sync: Sync
    package var health: Health
    /// One line for people.
    package var summary: String
    /// When Mooring first saw the commit.
    package var started: Timestamp
    /// When the report last changed.
    package var updated: Timestamp
    package var supersededBy: CommitID?
    /// Sorted by service.
    package var services: [ServiceReport]
    /// One-off tasks, told as services are: `key` is the cluster and the name of the task. Sorted.
    package var tasks: [ServiceReport] = []
    /// What is wrong with manifests: `file:line:column: message`.
    package var findings: [String]
    /// How long it will still take, in a few words; nil where it is over or nearly so.
    package var timeLeft: String?

    package init(
        environment: EnvironmentIdentity, commit: CommitID, sync: Sync, health: Health, summary: String,
        started: Timestamp, updated: Timestamp, supersededBy: CommitID? = nil, services: [ServiceReport] = [],
        findings: [String] = [],
    ) {
        self.environment = environment
        self.commit = commit
        self.sync = sync
        self.health = health
        self.summary = summary
        self.started = started
        self.updated = updated
        self.supersededBy = supersededBy
        self.services = services
        self.findings = findings
    }

    /// Whether the report has ended.
    package var isFinal: Bool { sync != .progressing }
}

/// Whether a commit is what runs.
package enum Sync: String, Hashable, Sendable, CaseIterable {
    /// ECS runs what the commit says.
    case synced = "Synced"
    /// A difference stays, on purpose; the services say why.
    case outOfSync = "OutOfSync"
    /// Under way.
    case progressing = "Progressing"
    /// ECS rejected it, or it cannot be used.
    case failed = "Failed"
    /// A newer commit took over.
    case superseded = "Superseded"
}

/// What happened to one service, or to one one-off task, because of one commit.
package struct ServiceReport: Hashable, Sendable {
    package var key: ServiceKey
    package var sync: Sync
    package var health: Health
    /// The revision before and after; nil where there was none or it did not change.
    package var oldRevision: Revision?
    package var newRevision: Revision?
    package var deployment: String?
    /// Why it failed or waits, in ECS's words where there are any.
    package var cause: String?
    /// What to do about it.
    package var remedy: String?
    /// ECS's own words, newest first.
    package var evidence: [String]
    /// When this report last changed.
    package var updated: Timestamp

    package init(
        key: ServiceKey, sync: Sync, health: Health = .unknown, oldRevision: Revision? = nil,
        newRevision: Revision? = nil, deployment: String? = nil, cause: String? = nil, remedy: String? = nil,
        evidence: [String] = [], updated: Timestamp,
    ) {
        self.key = key
        self.sync = sync
        self.health = health
        self.oldRevision = oldRevision
        self.newRevision = newRevision
        self.deployment = deployment
        self.cause = cause
        self.remedy = remedy
        self.evidence = evidence
        self.updated = updated
    }
}

extension CommitReport {
    /// What is said of a service that left git and is gone.
    package static let removed = "The service was removed."
}

/// Something that is not as git says and that no part of a report is about.
package struct OtherStanding: Hashable, Sendable {
    /// `cluster/web`, or `task cluster/migrate`.
    package let name: String
    package let sync: Sync

    package init(name: String, sync: Sync) {
        self.name = name
        self.sync = sync
    }
}
