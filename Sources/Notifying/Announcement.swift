package import MooringModel
package import MooringNames
package import MooringPorts
import MooringPresentation

/// What is to be said about one commit in one environment: the content of a message, whatever it is sent with. Holds nothing
/// that must not be shown.
package struct Announcement: Hashable, Sendable {
    package let place: Place
    /// What it is about; nil for an end that is neither good nor bad.
    package let occasion: NotificationOccasion?
    package let sync: Sync
    package let health: Health
    /// One line.
    package let summary: String
    /// One line each; empty where it is not known.
    package let subject: String
    package let author: String
    /// The repository on its host, and the commit's page there; nil where they are not known.
    package let repository: String?
    package let link: String?
    /// The services and tasks that failed, the first few.
    package let failures: [FailedService]
    /// How many failed in all.
    package let failureCount: Int
    /// What is wrong with manifests, the first few.
    package let findings: [String]
    package let findingCount: Int
    package let supersededBy: CommitID?
    /// When Mooring first saw the commit.
    package let started: Timestamp
    /// When the report last changed.
    package let updated: Timestamp

    /// Which message it is: there is one for a commit in an environment.
    package struct Place: Hashable, Sendable {
        package let environment: EnvironmentIdentity
        package let commit: CommitID
    }

    /// A service, or a one-off task, that failed.
    package struct FailedService: Hashable, Sendable {
        /// `cluster/name`.
        package let name: String
        package let cause: String?
        package let remedy: String?
    }

    /// What a report says, cut to what a message takes.
    package init(
        _ report: CommitReport, about info: CommitInfo?, in repository: AnnouncedRepository?,
        occasion: NotificationOccasion?,
    ) {
        place = Place(environment: report.environment, commit: report.commit)
        self.occasion = occasion
        sync = report.sync
        health = report.health
        summary = StatusSummary.text(of: report).safeLine
        subject = info?.subject.shown(Limits.subjectCharacters) ?? ""
        author = info?.author.shown(Limits.authorCharacters) ?? ""
        self.repository = repository.map { $0.name.shown(Limits.repositoryCharacters) }
        link = repository?.commitPage(report.commit).flatMap { Announcement.isLink($0) ? $0 : nil }
        let failed = (report.services + report.tasks).filter { $0.sync == .failed }
        failures = failed.prefix(Limits.services).map { service in
            FailedService(
                name: service.key.description, cause: service.cause?.shown(Limits.causeCharacters),
                remedy: service.remedy?.shown(Limits.causeCharacters))
        }
        failureCount = failed.count
        let wrong = report.sync == .failed ? report.findings : []
        findings = wrong.prefix(Limits.findings).map { $0.shown(Limits.causeCharacters) }
        findingCount = wrong.count
        supersededBy = report.supersededBy
        started = report.started
        updated = report.updated
    }

    /// Whether people would see no difference.
    func saysTheSame(as other: Announcement) -> Bool {
        place == other.place && occasion == other.occasion && sync == other.sync && health == other.health
            && summary == other.summary && subject == other.subject && author == other.author && link == other.link
            && failures == other.failures && failureCount == other.failureCount && findings == other.findings
            && findingCount == other.findingCount
    }

    /// Whether more will come.
    package var isFinal: Bool { sync != .progressing }

    /// What has become of the environment, as a phrase behind its name.
    package var verdict: String {
        switch (sync, occasion) {
        case (.progressing, _): "is being deployed"
        case (.failed, _): "failed"
        case (.synced, .recovery?): "has recovered"
        case (.synced, _): "runs what git says"
        case (.outOfSync, _): "is not as git says, on purpose"
        case (.superseded, _): "was overtaken by a newer commit"
        }
    }

    /// Whether it is an address that may be shown as a link: nothing in it can end the link or begin something else.
    private static func isLink(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://"))
            && text.utf8.reduce(0) { $0 + ($1 == 0x26 ? 5 : 1) } <= Limits.linkCharacters
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !#"<>|"`\^{}"#.utf8.contains($0) }
            && Masking.masked(text) == text
    }
}

extension String {
    /// On one line, with everything hidden that looks like a key, at most so many characters.
    fileprivate func shown(_ count: Int) -> String { Masking.masked(safeLine).shortened(to: count) }
}
