import ArgumentParser
import MooringController

/// Another try of what ECS rejected.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Lets what ECS rejected, or a one-off task that failed, be tried again without a change in git.",
        discussion: """
            A change that ECS rolled back is not tried again by itself, nor is a one-off task that failed. This says that it \
            may be: the controller tries it at its next look at every service (sweepInterval, 5m unless set otherwise), \
            'mooring sync' at once. If it fails again it is rejected again. For one-off tasks git is read.

            Examples:
              mooring retry web --settings mooring-settings.yaml --environment production
              mooring retry main/web main/api --settings mooring-settings.yaml
              mooring retry --all-rejected --settings mooring-settings.yaml

            Exit codes: 0 done, or nothing to retry; 1 error, or not now.
            """,
    )

    @Argument(
        help: """
            Services or one-off tasks: NAME, or CLUSTER/NAME where the environment has several clusters; 'task NAME' where \
            a service has the same name.
            """)
    var services: [String] = []

    @Flag(help: "Every service of the environment whose change was rejected.")
    var allRejected = false

    @OptionGroup var options: SettingsOptions

    func validate() throws {
        if services.isEmpty, !allRejected { throw ValidationError("Name the services, or say --all-rejected.") }
        if !services.isEmpty, allRejected {
            throw ValidationError("Name the services, or say --all-rejected, not both.")
        }
    }

    func run() async throws {
        try await ServiceRequest.perform(.retry, on: allRejected ? nil : services, options)
    }
}
