import ArgumentParser
import MooringController
import MooringPorts

/// The controller.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract:
            "The controller: polls git, plans, acts, watches rollouts, and writes what happened onto each commit.",
        discussion: """
            A new environment only observes and reports until its settings say 'act: true'.

            Examples:
              mooring run --settings mooring-settings.yaml
              mooring run --settings mooring-settings.yaml --listen 8080
              MOORING_GIT_TOKEN=… mooring run --environment production \\
                --repository https://github.com/acme/deployments.git --folder production \\
                --account 123456789012 --region eu-central-1 --cluster main --act

            SIGTERM finishes the call in flight and ends within 20 seconds; nothing is lost by a kill either.

            Exit codes: 0 stopped by a signal, 1 the settings or the data folder cannot be used.
            """,
    )

    @OptionGroup var options: SettingsOptions

    @Option(
        help: "Address and port, or a port alone, at which webhooks of git hosts are taken: 8080. [MOORING_LISTEN]")
    var listen: String?

    func run() async throws {
        var input = options.input()
        input.listen = listen
        let session = try Session(input)
        try session.prepareDataFolder()
        try await session.value { () async throws(Failure) in try await session.controller.run() }
    }
}
