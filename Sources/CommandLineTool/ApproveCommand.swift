import ArgumentParser
import MooringController

/// The word that a paused rollout waits for.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Lets a rollout go on that waits at a PAUSE hook.",
        discussion: """
            Approves of the service's newest deployment, at the stage where it waits now; the next pause waits again. Git can \
            say it as well: 'mooring: {approve: COMMIT}'.

            Examples:
              mooring approve web --settings mooring-settings.yaml --environment production
              mooring approve main/web --settings mooring-settings.yaml

            Exit codes: 0 it goes on, 1 nothing waits, or error.
            """,
    )

    @Argument(help: "SERVICE, or CLUSTER/SERVICE where the environment has several clusters.")
    var service: String

    @OptionGroup var options: SettingsOptions

    func run() async throws { try await ServiceRequest.perform(.approve, on: [service], options) }
}
