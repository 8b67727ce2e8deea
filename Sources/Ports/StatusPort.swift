package import MooringNames

/// The state of a commit as a git host shows it.
package struct CommitStatus: Hashable, Sendable {
    package let commit: CommitID
    /// Which check it is: `mooring/production`.
    package let context: String
    package let state: State
    /// One line; cut to the host's length where it is sent.
    package let summary: String
    /// Where the details are; nil leaves it out.
    package let link: String?

    package enum State: String, Hashable, Sendable, CaseIterable {
        case pending, success, failure, error
    }

    package init(commit: CommitID, context: String, state: State, summary: String, link: String? = nil) {
        self.commit = commit
        self.context = context
        self.state = state
        self.summary = summary
        self.link = link
    }
}

/// Where statuses are shown: GitHub and its kin, for one repository.
package protocol StatusHost: Sendable {
    /// Shows the status. Showing the same one again is harmless.
    func post(_ status: CommitStatus) async throws(Failure)
    /// The newest state of the context on the commit; nil where there is none.
    func state(of context: String, on commit: CommitID) async throws(Failure) -> CommitStatus.State?
}

/// Reports that must survive a restart until they are sent. Keeps the newest entry per key.
package protocol Outbox: Sendable {
    /// All entries, sorted by key. An entry that cannot be read is dropped and named in a log line, never fatal.
    func entries() async throws(Failure) -> [OutboxEntry]
    /// Keeps the entry durably (write, fsync, rename) in place of an older one with its key.
    func store(_ entry: OutboxEntry) async throws(Failure)
    /// Forgets the entry. One that does not exist is no error.
    func remove(key: String) async throws(Failure)
}

/// One unsent report.
package struct OutboxEntry: Hashable, Sendable {
    /// `<environment>.<commit>`: file-name safe, at most 128 of `[A-Za-z0-9._-]`.
    package let key: String
    /// What is to be sent, as JSON text of the loop's making.
    package let content: String

    package init(key: String, content: String) {
        self.key = key
        self.content = content
    }
}
