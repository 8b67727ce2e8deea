import ArgumentParser
import MooringController

/// The end of a rollout before it is over.
struct AbortCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Takes a rollout back that is under way or waits at a PAUSE hook.",
        discussion: """
            ECS goes back to what ran before. What was taken back counts as rejected: it is tried again when the manifest \
            changes or somebody says 'mooring retry'.

            Examples:
              mooring abort web --settings mooring-settings.yaml --environment production
              mooring abort main/web --settings mooring-settings.yaml

            Exit codes: 0 it is taken back, 1 nothing is under way, or error.
            """,
    )

    @Argument(help: "SERVICE, or CLUSTER/SERVICE where the environment has several clusters.")
    var service: String

    @OptionGroup var options: SettingsOptions

    func run() async throws { try await ServiceRequest.perform(.abort, on: [service], options) }
}
