package import MooringPorts

/// What waits to be sent to one target: the newest announcement for every place, in the order of places. A value.
package struct DeliveryQueue: Sendable {
    private var entries: [Entry] = []
    private var nextNumber = 0
    /// Nothing is sent before.
    private var pausedUntil: Duration = .zero
    /// Failed attempts in a row.
    private var failures = 0
    /// Announcements that were given up since the target last worked.
    private(set) package var given = 0

    /// An announcement that waits.
    package struct Entry: Sendable {
        package let announcement: Announcement
        /// Tells it from an earlier one for the same place.
        let number: Int
        let since: Duration
    }

    /// What comes next.
    package enum Next: Sendable {
        case send(Entry)
        /// Nothing before this time; nil where nothing waits.
        case wait(until: Duration?)
    }

    /// What a failed attempt is for those who look after us.
    package enum Verdict: Hashable, Sendable {
        /// The first of a row: to be told.
        case beganToFail
        case stillFails
        /// The target takes no such message; it was given up.
        case refused
    }

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }
    package var count: Int { entries.count }

    /// Puts an announcement in the place of an older one, or at the end.
    package mutating func put(_ announcement: Announcement, now: Duration) {
        nextNumber += 1
        if let index = entries.firstIndex(where: { $0.announcement.place == announcement.place }) {
            entries[index] = Entry(announcement: announcement, number: nextNumber, since: now)
            return
        }
        entries.append(Entry(announcement: announcement, number: nextNumber, since: now))
        if entries.count > Limits.queued {
            entries.removeFirst()
            given += 1
        }
    }

    /// What is to be done; forgets what has waited for too long.
    package mutating func next(now: Duration) -> Next {
        let count = entries.count
        entries.removeAll { now - $0.since > Limits.longestWait }
        given += count - entries.count
        guard let first = entries.first else { return .wait(until: nil) }
        return now >= pausedUntil ? .send(first) : .wait(until: pausedUntil)
    }

    /// The entry was delivered.
    ///
    /// - Returns: whether the target had been failing.
    package mutating func delivered(_ entry: Entry) -> (hadFailed: Bool, given: Int) {
        remove(entry)
        defer {
            failures = 0
            given = 0
        }
        return (failures > 0, given)
    }

    /// The entry was not delivered.
    ///
    /// - Parameter jitter: from 0 to 1.
    package mutating func failed(_ entry: Entry, _ failure: Failure, now: Duration, jitter: Double) -> Verdict {
        let pause: Duration
        switch failure.disposition {
        case .invalidInput:
            remove(entry)
            return .refused
        case .stalled: pause = Limits.stalledPause
        case .retry(let after):
            let doubled = Limits.firstPause * (1 << min(failures, 20))
            let spread = min(doubled, Limits.longestPause) * (0.5 + jitter / 2)
            pause = max(spread, min(after ?? .zero, Limits.longestRetryAfter))
        }
        pausedUntil = now + pause
        failures += 1
        return failures == 1 ? .beganToFail : .stillFails
    }

    /// Removes the entry, unless a newer one has taken its place.
    private mutating func remove(_ entry: Entry) { entries.removeAll { $0.number == entry.number } }
}
