package import MooringModel
import MooringNames
package import MooringPorts

/// Decides what is to be said: a value that is told of every report in the order in which they come, and says which announcement
/// is due.
///
/// One message for a commit in an environment. It begins with an occasion that was asked for, and from then on follows the report,
/// so that none says "is being deployed" for ever.
package struct NotificationBook: Sendable {
    private let occasions: Set<NotificationOccasion>
    private let begun: Timestamp
    private let repository: AnnouncedRepository?
    private var standings: [EnvironmentIdentity: Standing] = [:]

    /// - Parameters:
    ///   - occasions: what people want to hear of.
    ///   - begun: when this process began. What had ended before it was told before it, or nobody wanted to hear it.
    ///   - repository: that of all commits; nil where its host is not known.
    package init(occasions: Set<NotificationOccasion>, begun: Timestamp, repository: AnnouncedRepository? = nil) {
        self.occasions = occasions
        self.begun = begun
        self.repository = repository
    }

    /// Reads a report.
    ///
    /// - Parameter now: time since some fixed moment.
    /// - Returns: what is to be said now; nil where nothing is, or not yet.
    package mutating func read(_ report: CommitReport, about info: CommitInfo?, now: Duration) -> Announcement? {
        var standing = standings[report.environment] ?? Standing()
        defer { standings[report.environment] = standing }
        let known = standing.commits[report.commit]
        let occasion = standing.occasion(of: report, before: known?.occasion)
        standing.note(report)
        var entry = known ?? Entry(occasion: occasion, info: nil)
        entry.occasion = occasion
        entry.info = info ?? entry.info
        defer { standing.remember(report.commit, entry) }
        // Found again, however often, and not news.
        if entry.said == nil, report.isFinal, report.updated < begun { return nil }
        let announcement = Announcement(report, about: entry.info, in: repository, occasion: occasion)
        guard let said = entry.said else {
            guard isAskedFor(report, occasion) else { return nil }
            entry.say(announcement, now: now)
            return announcement
        }
        if announcement.saysTheSame(as: said.announcement) {
            entry.postponed = nil
            return nil
        }
        let isNewVerdict = announcement.sync != said.announcement.sync || occasion != said.announcement.occasion
        guard isNewVerdict || now >= said.at + Limits.updateInterval else {
            entry.postponed = announcement
            return nil
        }
        entry.say(announcement, now: now)
        return announcement
    }

    /// When there is something to be said although no report comes; nil where there is nothing.
    package var nextDue: Duration? {
        standings.values.flatMap { $0.commits.values.compactMap(\.postponedUntil) }.min()
    }

    /// What was put off and is due, in the order of environments and commits.
    ///
    /// - Parameter all: whatever was put off, because nothing more will be said.
    package mutating func due(now: Duration, all: Bool = false) -> [Announcement] {
        var due: [Announcement] = []
        for environment in standings.keys.sorted() {
            guard var standing = standings[environment] else { continue }
            for commit in standing.order {
                guard var entry = standing.commits[commit], let postponed = entry.postponed,
                    let until = entry.postponedUntil, all || now >= until
                else { continue }
                entry.say(postponed, now: now)
                standing.commits[commit] = entry
                due.append(postponed)
            }
            standings[environment] = standing
        }
        return due
    }

    private func isAskedFor(_ report: CommitReport, _ occasion: NotificationOccasion?) -> Bool {
        if let occasion, occasions.contains(occasion) { return true }
        // Whoever was told of a start, maybe by the process before us, is owed the end.
        return occasions.contains(.started) && report.isFinal && report.started < begun
    }
}

/// What is known of one environment.
private struct Standing {
    var commits: [CommitID: Entry] = [:]
    /// The commits in the order in which they came.
    var order: [CommitID] = []
    /// What failed and does not run as git says yet.
    private var failing: Set<ServiceKey> = []
    private var hasBadManifests = false

    private var isFailing: Bool { hasBadManifests || !failing.isEmpty }

    /// What the report is an occasion for.
    ///
    /// - Parameter before: what the report of the same commit was an occasion for last.
    func occasion(of report: CommitReport, before: NotificationOccasion?) -> NotificationOccasion? {
        switch report.sync {
        case .progressing: return .started
        case .failed: return .failure
        case .outOfSync, .superseded: return nil
        case .synced:
            if before == .recovery { return .recovery }
            // A commit that touches something else says nothing of what failed.
            let left = failing.subtracting((report.services + report.tasks).map(\.key))
            return isFailing && left.isEmpty ? .recovery : .success
        }
    }

    /// Takes note of what failed, and of what does not any more.
    mutating func note(_ report: CommitReport) {
        let parts = report.services + report.tasks
        switch report.sync {
        case .failed:
            let failed = parts.filter { $0.sync == .failed }.map(\.key)
            if failed.isEmpty { hasBadManifests = true }
            for key in failed where failing.count < Limits.failing { failing.insert(key) }
        case .synced:
            // Manifests that could not be used would have failed this commit too.
            hasBadManifests = false
            failing.subtract(parts.map(\.key))
        case .progressing, .outOfSync, .superseded: break
        }
    }

    mutating func remember(_ commit: CommitID, _ entry: Entry) {
        if commits.updateValue(entry, forKey: commit) == nil { order.append(commit) }
        if order.count > Limits.commits { commits[order.removeFirst()] = nil }
    }
}

/// What is known of one commit.
private struct Entry {
    var occasion: NotificationOccasion?
    var info: CommitInfo?
    /// What was said last, and when.
    private(set) var said: (announcement: Announcement, at: Duration)?
    /// What is to be said when the last has stood for long enough.
    var postponed: Announcement?

    init(occasion: NotificationOccasion?, info: CommitInfo?) {
        self.occasion = occasion
        self.info = info
    }

    var postponedUntil: Duration? {
        guard postponed != nil, let said else { return nil }
        return said.at + Limits.updateInterval
    }

    mutating func say(_ announcement: Announcement, now: Duration) {
        said = (announcement, now)
        postponed = nil
    }
}
