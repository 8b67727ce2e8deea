package import ArgumentParser

/// `mooring`: the commands.
package struct MooringCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "mooring",
        abstract: "GitOps for Amazon ECS: keeps services exactly as a git repository says.",
        discussion: """
            Every command reads its settings from flags, then from MOORING_* variables, then from the file that --settings \
            names. Messages go to standard error, results to standard output.

            Exit codes: 0 success, 1 failure, 2 and 3 as each command says, 64 wrong usage.
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, SyncCommand.self, PlanCommand.self, StatusCommand.self, HistoryCommand.self,
            SetImageCommand.self,
            RetryCommand.self, ApproveCommand.self,
            AbortCommand.self, ValidateCommand.self, RenderCommand.self, ImportCommand.self, SchemaCommand.self,
            SimulateCommand.self,
        ],
    )

    package init() {}

    /// Runs the command that the process's arguments name, and ends the process.
    package static func start() async { await main() }
}

/// What this program calls itself.
package enum Version {
    package static let text = "0.1.0"
}
