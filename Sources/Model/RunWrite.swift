package import MooringNames
package import MooringShapes

/// One write for a one-off task.
package enum RunWrite: Hashable, Sendable {
    /// Notes on the revision how far the run is; other tags stay.
    case note(revision: RevisionReference, tag: Tag)
    /// Starts the tasks; `input` is a RunTask input without cluster and revision.
    case start(revision: RevisionReference, input: Value, attempt: Int)
}

/// Where a one-off task stands.
package struct RunStanding: Hashable, Sendable {
    package let node: OrderNode
    /// Digest of all that the run is made of; nil where it is not known.
    package let digest: Digest?
    package let state: State
    /// The revision that it runs, or ran.
    package let revision: Revision?

    package enum State: Hashable, Sendable {
        /// Steps of this plan begin it.
        case starting
        /// Its tasks are under way.
        case running(progress: String)
        /// No task could be placed; it is tried again then.
        case waiting(until: Timestamp, why: String)
        /// Every task ended with 0. What depends on it may begin.
        case done
        /// It failed, and stays so until its inputs change or a person says otherwise.
        case failed(Trouble)
        /// Whether it ran to its end cannot be known: a person must say.
        case question(Trouble)
        /// It is not begun, for this reason.
        case withheld(Withheld.Reason)
        /// Not looked at yet, or not readable just now.
        case unknown(String)
    }

    /// What happened, for people.
    package struct Trouble: Hashable, Sendable {
        package let cause: String
        package let remedy: String
        /// ECS's own words, bounded.
        package let evidence: [String]

        package init(cause: String, remedy: String, evidence: [String] = []) {
            self.cause = cause
            self.remedy = remedy
            self.evidence = evidence
        }
    }

    package init(node: OrderNode, digest: Digest?, state: State, revision: Revision? = nil) {
        self.node = node
        self.digest = digest
        self.state = state
        self.revision = revision
    }
}
