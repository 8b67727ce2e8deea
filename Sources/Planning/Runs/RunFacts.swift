package import MooringModel
package import MooringNames

/// The tasks of one attempt of a run: how they are found.
package struct RunTasksKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let cluster: ClusterName
    /// RunTask's `startedBy`.
    package let startedBy: String
    /// The family of the revision that it runs, nil where nobody knows. Those that have stopped are listed by it, for ListTasks takes no other filter
    /// beside `startedBy`. Source: API reference, ListTasks.
    package let family: Family?

    package init(cluster: ClusterName, startedBy: String, family: Family? = nil) {
        self.cluster = cluster
        self.family = family
        self.startedBy = startedBy
    }

    package var description: String { "\(cluster)/\(startedBy)" }

    /// The family only helps to find them.
    package static func == (left: RunTasksKey, right: RunTasksKey) -> Bool {
        left.cluster == right.cluster && left.startedBy == right.startedBy
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(cluster)
        hasher.combine(startedBy)
    }

    package static func < (left: RunTasksKey, right: RunTasksKey) -> Bool {
        (left.cluster, left.startedBy) < (right.cluster, right.startedBy)
    }
}

/// What RunTask answered, until it is noted.
package struct RunAnswer: Hashable, Sendable {
    package let digest: Digest
    package let attempt: Int
    /// ARNs of the tasks that it started.
    package let tasks: [String]
    /// `failures[].reason`, in the answer's order.
    package let failures: [String]
    /// Wall-clock time of the answer.
    package let at: Timestamp

    package init(digest: Digest, attempt: Int, tasks: [String], failures: [String], at: Timestamp) {
        self.digest = digest
        self.attempt = attempt
        self.tasks = tasks
        self.failures = failures
        self.at = at
    }
}
