package import MooringNames

/// The state of a commit as a git host shows it.
package struct CommitStatus: Hashable, Sendable {
    package let commit: CommitID
    /// Which check it is: `mooring/production`.
    package let context: String
    package let state: State
    /// One line; cut to the host's length where it is sent.
    package let summary: String
    /// Where the details are; nil leaves it to the host, or to none where the host wants none.
    package var link: String?
    package var kind: Kind
    /// More than a line, in Markdown, for hosts that show it beside the status; empty where there is no more.
    package var details: String
    /// What is to be said about single lines of files, for hosts that show it there.
    package var annotations: [StatusAnnotation]

    package enum State: String, Hashable, Sendable, CaseIterable {
        case pending, success, failure, error
        /// An end without a judgement: nothing to do for this commit, or a newer one took over. It never holds up a merge.
        case neutral

        /// Whether more will come.
        package var isFinal: Bool { self != .pending }
    }

    /// What the status is about, which decides where else it is shown.
    package enum Kind: Hashable, Sendable {
        /// What becomes of a commit of the branch. Shown on the head of the pull request that brought it as well.
        case report
        /// The same, where services or tasks are affected: the environment's deployment of this commit, for hosts that list
        /// deployments.
        case deployment(EnvironmentName)
        /// What a merge would do. Shown where it is posted, nowhere else.
        case plan
    }

    package init(
        commit: CommitID, context: String, state: State, summary: String, link: String? = nil, kind: Kind = .report,
        details: String = "", annotations: [StatusAnnotation] = [],
    ) {
        self.commit = commit
        self.context = context
        self.state = state
        self.summary = summary
        self.link = link
        self.kind = kind
        self.details = details
        self.annotations = annotations
    }
}

/// Something to say about a place in a file.
package struct StatusAnnotation: Hashable, Sendable {
    /// From the repository's root.
    package let path: TreePath
    /// From 1.
    package let line: Int
    package let message: String
    package let isError: Bool

    package init(path: TreePath, line: Int, message: String, isError: Bool) {
        self.path = path
        self.line = line
        self.message = message
        self.isError = isError
    }
}

/// Where statuses are shown: a git host, for one repository.
package protocol StatusHost: Sendable {
    /// Shows the status on its commit and, but for a plan, on the head of the pull request that brought the commit.
    /// Showing the same one again is harmless and costs no call.
    ///
    /// - Throws: where the commit's own status could not be shown or another place may still be reached later; `.notYet` where
    ///   nothing is wrong and the host only needs a moment to know of the pull request. A commit that no pull request brought,
    ///   or whose pull request cannot be found for good, is no error.
    func post(_ status: CommitStatus) async throws(Failure)

    /// The newest state of every context that is `context` itself or begins with it and a slash or a blank, on the commit and
    /// on the head of the pull request that brought it; `pending` where any of the two is. Empty where there is none.
    func states(of context: String, on commit: CommitID) async throws(Failure) -> [String: CommitStatus.State]
}

/// A proposal to change a branch: a pull request, a merge request.
package struct PullRequest: Hashable, Sendable {
    /// What people call it by: 7 of `#7` or `!7`.
    package let number: Int
    package let head: CommitID
    /// The full name of a ref in *this* repository at which `head` can be fetched; nil where there is none, as with forks on
    /// hosts that do not mirror their heads.
    package let headRef: String?
    package let base: BranchName
    /// Whether it comes from another repository, where others may push.
    package let isFromFork: Bool
    /// The page for people.
    package let link: String?

    package init(
        number: Int, head: CommitID, headRef: String?, base: BranchName, isFromFork: Bool, link: String? = nil,
    ) {
        self.number = number
        self.head = head
        self.headRef = headRef
        self.base = base
        self.isFromFork = isFromFork
        self.link = link
    }
}

/// Where pull requests are: a git host, for one repository.
package protocol PullRequestHost: Sendable {
    /// The open pull requests into `branch`, those that were touched last first, at most `limit`.
    func openPullRequests(into branch: BranchName, limit: Int) async throws(Failure) -> [PullRequest]

    /// Shows the status on the head of the pull request and, on hosts whose rules look there, on the pull request itself.
    /// `status.commit` is the pull request's head.
    func post(_ status: CommitStatus, on pullRequest: PullRequest) async throws(Failure)

    /// Puts a comment, in the place of the one that we put before with the same marker, wherever in the list it is. The same
    /// text again changes nothing.
    ///
    /// - Parameters:
    ///   - marker: tells our comments apart, per environment: letters, digits and `-_./@`. Written so that people do not see it.
    ///   - text: Markdown, already masked and within 60,000 bytes.
    ///   - begins: whether to put one where there is none yet; else only one that is there is changed.
    /// - Returns: the comment's own link, where the host tells it or it can be made; nil where there is no comment.
    func comment(
        _ text: String, marker: String, on pullRequest: PullRequest, begins: Bool,
    ) async throws(Failure) -> String?
}

/// All that is wanted of a git host.
package protocol GitHost: StatusHost, PullRequestHost {}

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
