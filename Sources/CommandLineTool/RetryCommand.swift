import ArgumentParser
import MooringController

/// Another try of what ECS rejected.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Lets what ECS rejected be tried again, without a change in git.",
        discussion: """
            A change that ECS rolled back is not tried again by itself. This says on the service that it may be: the \
            controller tries it at its next look at every service (sweepInterval, 5m unless set otherwise), 'mooring sync' at \
            once. If it fails again it is rejected again.

            Examples:
              mooring retry web --settings mooring-settings.yaml --environment production
              mooring retry main/web main/api --settings mooring-settings.yaml
              mooring retry --all-rejected --settings mooring-settings.yaml

            Exit codes: 0 done, or nothing to retry; 1 error, or not now.
            """,
    )

    @Argument(help: "The services: SERVICE, or CLUSTER/SERVICE where the environment has several clusters.")
    var services: [String] = []

    @Flag(help: "Every service of the environment whose change was rejected.")
    var allRejected = false

    @OptionGroup var options: SettingsOptions

    func validate() throws {
        if services.isEmpty != allRejected { throw ValidationError("Name the services, or say --all-rejected.") }
    }

    func run() async throws {
        try await ServiceRequest.perform(.retry, on: allRejected ? nil : services, options)
    }
}
