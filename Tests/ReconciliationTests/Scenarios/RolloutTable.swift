/// The table of scenarios: what goes wrong in ECS, or in git, or by somebody's hand, and how the report ends.
enum RolloutTable {
    /// One group has one golden file, `Goldens/rollouts-<name>.txt`.
    struct Group: Sendable {
        let name: String
        let rows: [RolloutRow]
    }

    static let groups = [
        Group(name: "tasks", rows: tasks), Group(name: "surroundings", rows: surroundings),
    ]

    static let rows = groups.flatMap(\.rows)
}
