import MooringRollouts

/// The table of scenarios: what goes wrong in ECS, or in git, or by somebody's hand, and how the report ends.
enum RolloutTable {
    /// One group has one golden file, `Goldens/rollouts-<name>.txt`.
    struct Group: Sendable {
        let name: String
        let rows: [RolloutRow]
    }

    static let groups = [
        Group(name: "tasks", rows: tasks), Group(name: "surroundings", rows: surroundings),
        Group(name: "strategies", rows: strategies), Group(name: "git", rows: git), Group(name: "hands", rows: hands),
    ]

    static let rows = groups.flatMap(\.rows)

    /// Causes that the local ECS cannot be made to show through the whole loop, and why not.
    static let withoutCause: [Cause: String] = [
        .tasksReplaced: "ECS's event on replaced tasks always stands beside the one that names their health check.",
        .noEarlierRevision:
            "The breaker's own event on failed tasks stands beside it and explains more; the remedy says that "
            + "there is nothing to go back to.",
    ]

    /// How many complaints about other tools are counted. Rows name them by their number in that list.
    static let complaints = 51

    /// Complaints that no row answers, and why not.
    static let withoutRow: [Int: String] = [
        4: "Names and ARNs of Service Connect's namespaces are a matter of the difference, which has tests of its own.",
        6: "An upgrade changes no digest: versions of digests have tests of their own.",
        33: "Mooring takes no revision away.", 34: "Mooring makes no task sets.",
        40: "A preview is a plan, not a rollout.", 41: "A preview is a plan, not a rollout.",
        42: "The exit code of a preview is a command's, not a report's.",
        43: "One-off tasks before services have a table of their own.",
    ]
}
