import MooringModel
import MooringNames
import MooringShapes

/// The members of a note: reports as trees, and back.
enum NoteFields {
    /// The members of a note that we write, in their order.
    static let known = [
        "schema", "environment", "commit", "sync", "health", "summary", "timeLeft", "started", "updated",
        "supersededBy", "services", "servicesLeftOut", "tasks", "findings", "findingsLeftOut",
    ]

    /// The members of a service that we write, in their order.
    static let knownOfService = [
        "sync", "health", "oldRevision", "newRevision", "deployment", "cause", "remedy", "evidence", "updated",
    ]

    // MARK: Writing

    static func value(of report: CommitReport) -> Value {
        let services = report.services.map { ("\($0.key)", value(of: $0)) }
        let tasks = report.tasks.map { ("\($0.key)", value(of: $0)) }
        let findings = report.findings.prefix(Limits.noteFindings).map { Value.string(shortened($0)) }
        let findingsLeftOut = report.findings.count - findings.count
        return .map(present: [
            ("schema", 1),
            ("environment", .string(report.environment.text)),
            ("commit", .string(report.commit.text)),
            ("sync", .string(report.sync.rawValue)),
            ("health", .string(report.health.rawValue)),
            ("summary", .string(shortened(report.summary))),
            ("timeLeft", report.timeLeft.map { .string(shortened($0)) }),
            ("started", .time(report.started)),
            ("updated", .time(report.updated)),
            ("supersededBy", report.supersededBy.map { .string($0.text) }),
            ("services", services.isEmpty ? nil : .map(services)),
            ("tasks", tasks.isEmpty ? nil : .map(tasks)),
            ("findings", findings.isEmpty ? nil : .list(Array(findings))),
            ("findingsLeftOut", findingsLeftOut > 0 ? .integer(findingsLeftOut) : nil),
        ])
    }

    private static func value(of service: ServiceReport) -> Value {
        let evidence = service.evidence.prefix(Limits.noteEvidenceLines).map { Value.string(shortened($0)) }
        return .map(present: [
            ("sync", .string(service.sync.rawValue)),
            ("health", .string(service.health.rawValue)),
            ("oldRevision", service.oldRevision.map { .string($0.description) }),
            ("newRevision", service.newRevision.map { .string($0.description) }),
            ("deployment", service.deployment.map(Value.string)),
            ("cause", service.cause.map { .string(shortened($0)) }),
            ("remedy", service.remedy.map { .string(shortened($0)) }),
            ("evidence", evidence.isEmpty ? nil : .list(Array(evidence))),
            ("updated", .time(service.updated)),
        ])
    }

    private static func shortened(_ text: String) -> String {
        Masking.masked(text).shortened(to: Limits.noteTextCharacters)
    }

    /// The note with its members in our order, those that we do not know behind them.
    static func ordered(_ note: Value) -> Value {
        var result: [Value.Member] = []
        let members = note.members ?? []
        for name in known { result += members.filter { $0.name == name } }
        result += members.filter { !known.contains($0.name) }
        return Value(.map(result))
    }

    /// How much a reader needs to see a service: the smaller, the more.
    static func urgency(_ service: Value) -> Int {
        switch service["sync"]?.text.flatMap(Sync.init(rawValue:)) {
        case .failed: 0
        case .outOfSync: 1
        case .progressing: 2
        case .superseded: 3
        case .synced, nil: 4
        }
    }

    // MARK: Reading

    static func report(from note: Value) -> CommitReport? {
        guard let identity = note["environment"]?.text.flatMap({ try? EnvironmentIdentity($0) }),
            let commit = note["commit"]?.text.flatMap({ try? CommitID($0) }),
            let sync = note["sync"]?.text.flatMap(Sync.init(rawValue:)),
            let updated = time(note["updated"])
        else { return nil }
        var report = CommitReport(
            environment: identity, commit: commit, sync: sync, health: health(note["health"]),
            summary: note["summary"]?.text ?? "", started: time(note["started"]) ?? updated, updated: updated,
            supersededBy: note["supersededBy"]?.text.flatMap { try? CommitID($0) },
            services: (note["services"]?.members ?? []).compactMap(service).sorted { $0.key < $1.key },
            findings: (note["findings"]?.elements ?? []).compactMap(\.text),
        )
        report.tasks = (note["tasks"]?.members ?? []).compactMap(service).sorted { $0.key < $1.key }
        report.timeLeft = note["timeLeft"]?.text
        return report
    }

    /// One service that cannot be read does not make the others unreadable.
    private static func service(_ member: Value.Member) -> ServiceReport? {
        let parts = member.name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let cluster = try? ClusterName(parts[0]), let name = try? ServiceName(parts[1]),
            let sync = member.value["sync"]?.text.flatMap(Sync.init(rawValue:)),
            let updated = time(member.value["updated"])
        else { return nil }
        let value = member.value
        return ServiceReport(
            key: ServiceKey(cluster: cluster, service: name), sync: sync, health: health(value["health"]),
            oldRevision: revision(value["oldRevision"]), newRevision: revision(value["newRevision"]),
            deployment: value["deployment"]?.text, cause: value["cause"]?.text, remedy: value["remedy"]?.text,
            evidence: (value["evidence"]?.elements ?? []).compactMap(\.text), updated: updated,
        )
    }

    private static func time(_ value: Value?) -> Timestamp? { value?.text.flatMap(Timestamp.init(iso8601:)) }
    private static func health(_ value: Value?) -> Health { value?.text.flatMap(Health.init(rawValue:)) ?? .unknown }
    private static func revision(_ value: Value?) -> Revision? { value?.text.flatMap { try? Revision($0) } }
}
