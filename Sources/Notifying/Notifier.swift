package import MooringPorts

/// Something that shows announcements to people or programs.
package protocol Notifier: Sendable {
    /// Shows the announcement, in the place of an earlier one for the same place where it can.
    ///
    /// Called for one announcement at a time.
    ///
    /// - Throws: a failure whose disposition says what becomes of the announcement: it is tried again after `retry` and `stalled`,
    ///   and given up after `invalidInput`. Nothing in it is secret.
    func show(_ announcement: Announcement) async throws(Failure)
}

/// Where announcements go.
package struct NotificationTarget: Sendable {
    /// What people call it, for the log.
    package let name: String
    package let notifier: any Notifier
    package let occasions: Set<NotificationOccasion>

    package init(name: String, notifier: any Notifier, occasions: Set<NotificationOccasion>) {
        self.name = name
        self.notifier = notifier
        self.occasions = occasions
    }
}

/// What whoever looks after us should know of the delivery of announcements.
package enum NotificationNotice: Sendable, CustomStringConvertible {
    /// The first failure of a row. Said once, until it works again.
    case failing(target: String, Failure)
    case working(target: String, given: Int)
    /// A message that the target does not take.
    case refused(target: String, Failure)

    package var description: String {
        switch self {
        case .failing(let target, let failure):
            "Notifications to '\(target)' are not delivered and wait: \(failure)"
        case .working(let target, let given):
            "Notifications to '\(target)' are delivered again."
                + (given > 0 ? " \(given) had become too many or too old and were given up." : "")
        case .refused(let target, let failure):
            "A notification to '\(target)' was given up: \(failure)"
        }
    }
}
