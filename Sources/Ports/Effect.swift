package import MooringModel
package import MooringNames
package import MooringShapes

/// One call to the outside, or one durable write: numbered, so that a kill is dropping the loop between two of them.
package struct Effect: Hashable, Sendable {
    /// Counted from 1 by the loop that asks for it.
    package let number: Int
    package let action: Action

    package init(number: Int, action: Action) {
        self.number = number
        self.action = action
    }

    package enum Action: Hashable, Sendable {
        // Git.
        case remoteHeads
        case fetch
        case snapshot(commit: CommitID, unless: ObjectID?)
        case files(commit: CommitID, paths: [TreePath])
        case history(commit: CommitID, others: [TreePath], limit: Int)
        case changedPaths(old: CommitID?, new: CommitID, others: [TreePath])
        case versions(paths: [TreePath], old: CommitID, new: CommitID)
        case readNotes([CommitID])
        case publishNotes([NoteText])
        // AWS.
        case call(APICall)
        // The git host.
        case postStatus(CommitStatus)
        case readStatus(commit: CommitID, context: String)
        // The disk.
        case readOutbox
        case storeOutbox(OutboxEntry)
        case removeOutbox(key: String)
        // Time. The completion comes when the duration is over.
        case wake(after: Duration)
    }
}

/// A note on a commit.
package struct NoteText: Hashable, Sendable {
    package let commit: CommitID
    package let text: String

    package init(commit: CommitID, text: String) {
        self.commit = commit
        self.text = text
    }
}

/// What came of an effect.
package enum EffectResult: Hashable, Sendable {
    case remoteHeads(RemoteHeads)
    case fetched(FetchedBranch)
    /// Nil: the folder is what it was.
    case snapshot(SourceSnapshot?)
    case files([RequestedFile])
    case history([CommitInfo])
    case paths([TreePath])
    case versions([SourceVersion])
    case notes([CommitID: String])
    case value(Value)
    case statusStates([String: CommitStatus.State])
    case outbox([OutboxEntry])
    /// A write that returns nothing, or time that has passed.
    case done
    case failed(Failure)
}

/// Time as the loop sees it: both clocks at one moment.
package struct Moment: Hashable, Sendable {
    /// For reports.
    package let wall: Timestamp
    /// For deadlines.
    package let uptime: Duration

    package init(wall: Timestamp, uptime: Duration) {
        self.wall = wall
        self.uptime = uptime
    }
}
