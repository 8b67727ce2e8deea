import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts

/// The reports of commits: which are open, and what of them has not been sent. A value; it sends nothing itself.
struct ReportBook: Sendable {
    /// A commit whose report has not ended, or may still change.
    struct Open: Sendable {
        let commit: CommitID
        /// The services the commit affects, with what it wants of each.
        var services: [ServiceKey: Digest]
        var report: CommitReport
        /// Nothing has been looked at since the process started or the branch was forced, so a service may be elsewhere than
        /// at the commit before: what is not synced is part of the report too.
        var isProvisional = false
        /// The one-off tasks it affects.
        var runs: [OrderNode: Digest] = [:]
        /// Everything must be looked at before it can end: services left git.
        var awaitsLook = false
        /// Services that left git and are told of in this report.
        var leaving: Set<ServiceKey> = []
    }

    /// What a new note is worth.
    private struct News: Hashable, Sendable {
        let sync: Sync
        let remedies: [String?]
        let hasTimeLeft: Bool
        /// Of what has ended: while something is under way it goes up and down.
        let health: Health?

        init(_ report: CommitReport) {
            sync = report.sync
            remedies = report.services.map(\.remedy)
            hasTimeLeft = report.timeLeft != nil
            health = report.isFinal ? report.health : nil
        }
    }

    /// What was last queued for a note.
    private struct Noted: Sendable {
        var news: News
        /// The deployments and tasks that had begun.
        var begun: [String?]
        var summary: String
        /// When it was queued; nil where an earlier process did.
        var at: Duration?
    }

    /// Something that is on its way.
    struct Sending: Sendable {
        var commits: [CommitID]
        var isStored = false
        var failed: Set<CommitID> = []
        /// Whether the host refused a check for good.
        var wasRefused = false
        var waiting: Int
    }

    /// Oldest first.
    var open: [Open] = []
    /// The newest report by commit, ended ones included, of the last `Limits.reportedCommits` or so.
    private(set) var reports: [CommitID: CommitReport] = [:]
    private var noted: [CommitID: Noted] = [:]
    /// What was last queued as a status, and when, by context.
    private var shown: [CommitID: [String: (status: CommitStatus, at: Duration)]] = [:]
    var unsentNotes: [CommitID: String] = [:]
    /// By commit and context.
    var unsentStatuses: [CommitID: [String: CommitStatus]] = [:]
    var sending: Sending?
    /// What is on its way, to be queued again where sending fails.
    var inTransitNotes: [CommitID: String] = [:]
    var inTransitStatuses: [CommitID: [String: CommitStatus]] = [:]
    /// Commits whose checks wait for a moment, and until when.
    var deferred: [CommitID: Duration] = [:]
    var failures = 0
    var isWaitingToRetry = false
    var toldWithheld: [String: String] = [:]

    // What was found of earlier reports after a start.
    var recalledNotes: [CommitID: String]?
    var outboxNotes: [CommitID: String] = [:]
    /// What the host shows of our checks, by commit and context.
    var recalledStates: [CommitID: [String: CommitStatus.State]] = [:]
    /// Whether the notes have been read, as far as they could be.
    var isRecalled = false
    /// Commits of which the host could not say yet what it shows.
    var unreadStates: Set<CommitID> = []
    /// The one of them that was asked about last.
    var lastUnread: CommitID?

    var isSettled: Bool {
        open.allSatisfy { $0.report.isFinal } && unsentNotes.isEmpty && unsentStatuses.isEmpty && sending == nil
    }

    /// Whether nothing is being sent, and nothing will be at once.
    var isQuiet: Bool { sending == nil && (isWaitingToRetry || unsentNotes.isEmpty && unsentStatuses.isEmpty) }

    func report(on commit: CommitID) -> CommitReport? { reports[commit] }

    /// What was last queued as this status.
    func shownStatus(_ context: String, on commit: CommitID) -> CommitStatus? { shown[commit]?[context]?.status }

    /// The checks on the commit that are pending as far as we know, those of an earlier process included.
    func pendingContexts(on commit: CommitID) -> Set<String> {
        let shown = shown[commit] ?? [:]
        let recalled = (recalledStates[commit] ?? [:]).filter { $0.value == .pending && shown[$0.key] == nil }
        return Set(recalled.keys).union(shown.filter { $0.value.status.state == .pending }.keys)
    }

    /// Whether an open report waits for the service as git wants it now.
    func isOpen(_ key: ServiceKey, _ digest: Digest?) -> Bool {
        open.contains { $0.services[key] != nil && $0.services[key] == digest }
    }

    /// When the newest commit that the service waits for was first seen: what happened before is not of its making.
    func started(_ key: ServiceKey) -> Timestamp? {
        open.filter { $0.services[key] != nil }.map(\.report.started).max()
    }

    /// Remembers a report that an earlier process has sent.
    mutating func recall(_ report: CommitReport) {
        reports[report.commit] = report
        noted[report.commit] = Noted(
            news: News(report), begun: ReportBook.begun(report), summary: report.summary, at: nil)
    }

    /// The deployments and tasks that ECS shows; what it does not show yet is told when it does.
    private static func begun(_ report: CommitReport) -> [String?] {
        (report.services + report.tasks).map { service in
            if service.sync == .progressing, service.cause?.hasSuffix(EventWords.unseen) == true { return nil }
            return service.deployment ?? service.newRevision.map { "\($0)" }
        }
    }

    /// Takes the report and queues what is new in it.
    ///
    /// A note is written when a commit is first seen, when its sync state changes and, no more often than
    /// `Limits.noteInterval`, when something of it has begun to roll out or, where it affects few services, has got further. A status is posted also when its text changes, but no
    /// more often than `Limits.statusInterval`, because hosts count them.
    ///
    /// - Returns: whether the sync state changed.
    mutating func enter(
        _ report: CommitReport, note: String, statuses: [CommitStatus], at uptime: Duration,
    ) -> Bool {
        reports[report.commit] = report
        // A cause that becomes known while the rollout goes on is news too.
        let news = News(report)
        let last = noted[report.commit]
        let isChange = last?.news != news
        let begun = ReportBook.begun(report)
        let isRested = last?.at.map { uptime - $0 >= Limits.noteInterval } ?? true
        let isSmall = report.services.count <= Limits.serviceStatuses
        let isFurther = last?.begun != begun || isSmall && !report.isFinal && last?.summary != report.summary
        // What has begun is told at once where it is the first of it, and together where many things begin.
        let isFirst = last?.begun != begun && last?.begun.allSatisfy { $0 == nil } == true
        if isChange || isFurther && isRested || isFirst {
            noted[report.commit] = Noted(news: news, begun: begun, summary: report.summary, at: uptime)
            unsentNotes[report.commit] = note
        }
        for status in statuses {
            let last = shown[report.commit]?[status.context]
            let isDue = last.map { uptime - $0.at >= Limits.statusInterval } ?? true
            if last?.status != status, isChange || isDue || last?.status.state != status.state {
                shown[report.commit, default: [:]][status.context] = (status, uptime)
                unsentStatuses[report.commit, default: [:]][status.context] = status
                deferred[report.commit] = nil
            }
        }
        return isChange
    }

    /// Forgets what lies further back than reports are kept for.
    mutating func prune(keeping commits: Set<CommitID>) {
        let kept = commits.union(open.map(\.commit)).union(unsentNotes.keys).union(unsentStatuses.keys)
        reports = reports.filter { kept.contains($0.key) }
        noted = noted.filter { kept.contains($0.key) }
        shown = shown.filter { kept.contains($0.key) }
        deferred = deferred.filter { kept.contains($0.key) }
        recalledStates = recalledStates.filter { kept.contains($0.key) }
    }
}
