import Foundation
import Testing

/// The event texts that clients match on, each with the row of the scenario table that produces it.
/// Source: reference/ecs-api.md section 10, "Events"; `captures/strings/service-events.tsv`.
@Suite struct ScenarioTextTests {
    /// Pieces of one event, in order; what lies between them differs from event to event.
    struct Text: Sendable, CustomTestStringConvertible {
        let pieces: [String]
        let row: String

        init(_ row: String, _ pieces: String...) {
            self.pieces = pieces
            self.row = row
        }

        var testDescription: String { pieces.joined(separator: "…") }

        func matches(_ event: String) -> Bool {
            var rest = event[...]
            for piece in pieces {
                guard let range = rest.range(of: piece) else { return false }
                rest = rest[range.upperBound...]
            }
            return true
        }
    }

    private static let recorded = "behind a load balancer an update speaks in the recorded order"
    private static let rollback = "the breaker returns to the old deployment under its old id"

    static let texts: [Text] = [
        Text(recorded, "has started 2 tasks: (task ", ") (task ", ")."),
        Text(
            "a task that falls ill at rest is replaced before it is stopped",
            "registered 1 targets in (target-group arn:"),
        Text(
            "a task that falls ill at rest is replaced before it is stopped", "has stopped 1 running tasks: (task ",
            ")."),
        Text(
            "a task that falls ill at rest is replaced before it is stopped", "taskSet ecs-svc/",
            ") has begun draining connections on 1 tasks."),
        Text(recorded, "deregistered 2 targets in (target-group arn:"),
        Text(recorded, "has reached a steady state."),
        Text(recorded, "(deployment ecs-svc/", ") deployment completed."),
        Text(rollback, "is unable to consistently start tasks successfully."),
        Text(rollback, "(deployment ecs-svc/", ") deployment failed: tasks failed to start."),
        Text(rollback, "rolling back to deployment ecs-svc/"),
        Text(rollback, "stopped 1 pending tasks."),
        Text(
            "an image that a private registry does not have cannot be pulled",
            "CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ",
            "not found"),
        Text("an image that a public registry does not have cannot be pulled", "pull access denied"),
        Text(
            "an image for another processor cannot be pulled",
            "image Manifest does not contain descriptor matching platform 'linux/amd64'"),
        Text(
            "a load balancer says with which codes the checks fail", "(task ", ") (port ",
            ") is unhealthy in (target-group ",
            ") due to (reason Health checks failed with these codes: [503])"),
        Text(
            "a failing container health check is replaced first, then stopped", "(task ",
            ") failed container health checks."),
        Text(
            "two unhealthy tasks are replaced together", "has started 2 tasks: (task ",
            "). Amazon ECS replaced 2 tasks due "
                + "to an unhealthy status."),
        Text(
            "too little CPU on the only instance",
            "was unable to place a task because no container instance met all of its requirements.",
            "closest matching ",
            "container-instance ", " has insufficient CPU units available"),
        Text(
            "a cluster without container instances",
            "was unable to place a task because no container instance met all of its "
                + "requirements. Reason: No Container Instances were found in your cluster."),
        Text(
            "Fargate without capacity catches up when there is room again",
            "Reason: Capacity is unavailable at this time"),
        Text(
            "an account at its limit of vCPUs catches up when there is room again", "limit on the number of vCPUs"),
        Text("no network interface left on the only instance", "RESOURCE:ENI"),
        Text(
            "a subnet without free addresses", "Unexpected EC2 error while attempting to Create Network Interface",
            "in subnet"),
        Text(
            "1 tasks at 100/100 percent are stuck until the percentages change",
            "was unable to stop or start tasks during a deployment because of the service deployment configuration"),
        Text(
            "a service whose operations are throttled catches up when there is room again",
            "operations are being throttled. Will try again later."),
        Text(
            "a blocked account catches up when there is room again",
            "was unable to place a task because your account is currently blocked."),
        Text("an alarm during a rollout rolls it back", "(deployment ecs-svc/", ") deployment failed: alarm detected."),
        Text("a stopped deployment goes back although no breaker is on", "deployment failed: deployment failure."),
        Text(
            "a secret that is not there",
            "was unable to place a task. Reason: ResourceInitializationError: unable to pull "
                + "secrets or registry auth"),
        Text(
            "protected tasks outlive a rollout until their protection ends",
            "was unable to reach steady state because (taskSet ecs-svc/",
            ") was unable to scale in due to (reason 2 tasks under protection)"),
    ]

    @Test(arguments: texts)
    func `a known text is said by a row of the table`(text: Text) throws {
        let row = try #require(ScenarioTable.all.first { $0.name == text.row }, "there is no row '\(text.row)'")
        let events = try ScenarioRun.events(of: row)
        #expect(events.contains(where: text.matches), "\(events.map(shape))")
    }
}
