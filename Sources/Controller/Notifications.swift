import Logging
import MooringHTTPTransport
import MooringModel
import MooringNotifying
import MooringPorts
import MooringReconciliation
import MooringReporting
import Synchronization

extension Assembly {
    /// Who is told of one environment; nil where nobody is.
    ///
    /// - Parameter log: told where a message cannot be delivered, and when one can again.
    func notifications(
        of environment: EnvironmentSettings, log: @escaping @Sendable (NotificationNotice) -> Void,
    ) -> NotificationCentre? {
        guard let settings = environment.notifications else { return nil }
        var targets: [NotificationTarget] = []
        let begun = clock.now
        func add(_ name: String, _ notifier: any Notifier) {
            targets.append(NotificationTarget(name: name, notifier: notifier, occasions: settings.occasions))
        }
        if let hook = settings.hook {
            add(
                "webhook",
                SignedWebhook(
                    name: "\(environment.name)", client: http, address: Secret(hook.url),
                    secret: tokenSource(hook.secret, of: environment), clock: clock))
        }
        if let slack = settings.slack {
            add(
                "slack",
                SlackBot(
                    name: slack.channel, client: http, token: tokenSource(slack.token, of: environment),
                    channel: slack.channel, begun: begun, apiURL: slack.apiURL))
        }
        if let place = settings.slackHook {
            add(
                "slack hook",
                SlackIncomingWebhook(
                    name: "\(environment.name)", client: http, address: tokenSource(place, of: environment)))
        }
        let repository = environment.repository.map { repository in
            AnnouncedRepository(name: "\(repository)", commitPage: { repository.commitPage($0) })
        }
        return NotificationCentre(targets: targets, clock: clock, begun: begun, repository: repository, log: log)
    }
}

/// What is known of the commits that reports are about: their messages' first lines, and who made them.
final class AnnouncedCommits: Sendable {
    private let newest = Mutex<CommitInfo?>(nil)

    /// Remembers what a commit is, and passes on what is said of it.
    func take(_ event: LoopEvent, to centre: NotificationCentre) {
        switch event {
        case .headMoved(let info, _): newest.withLock { $0 = info }
        case .report(let report):
            let info = newest.withLock { $0 }.flatMap { $0.id == report.commit ? $0 : nil }
            centre.report(report, about: info)
        // What had failed before the start is known, so that its recovery is told.
        case .recalled(let reports): for report in reports { centre.report(report, about: nil) }
        default: break
        }
    }
}
