import MooringModel
import MooringNames
import MooringShapes
import Testing

@testable import MooringRollouts

@Suite struct RolloutOutcomeTests {
    private static let family = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web"
    private static let ours = "ecs-svc/2000000000000000002"
    private static let old = "ecs-svc/1000000000000000001"

    private func deployment(
        _ id: String, _ status: String, revision: Int, state: String?, reason: String? = nil, desired: Int = 2,
        running: Int = 2, created: Int = 100,
    ) -> Value {
        .map(present: [
            ("id", .string(id)), ("status", .string(status)),
            ("taskDefinition", .string("\(RolloutOutcomeTests.family):\(revision)")),
            ("desiredCount", .integer(desired)), ("runningCount", .integer(running)), ("pendingCount", 0),
            ("failedTasks", 0), ("createdAt", .integer(created)), ("rolloutState", state.map(Value.string)),
            ("rolloutStateReason", reason.map(Value.string)),
        ])
    }

    private func service(_ deployments: [Value], events: [String] = [], desired: Int = 2) throws -> ObservedService {
        ObservedService(
            key: ServiceKey(cluster: try ClusterName("c"), service: try ServiceName("web")),
            described: [
                "desiredCount": .integer(desired), "deployments": .list(deployments),
                "events": .list(events.map { ["message": .string($0), "createdAt": 150] }),
            ])
    }

    private func target(_ deployment: String? = ours, created: Int64? = nil) throws -> RolloutTarget {
        RolloutTarget(
            deployment: deployment, taskDefinition: try TaskDefinitionARN("\(RolloutOutcomeTests.family):8"),
            created: created.map { Timestamp(millisecondsSince1970: $0 * 1000) })
    }

    private func record(
        _ status: String, deployment: String = ours, revision: Int = 8, reason: String? = nil, rollback: String? = nil,
    ) -> DeploymentRecord {
        func arn(_ id: String) -> String {
            "arn:aws:ecs:eu-west-1:123456789012:service-revision/c/web/\(id.dropFirst("ecs-svc/".count))"
        }
        let target = arn(deployment)
        return DeploymentRecord(
            described: .map(present: [
                ("status", .string(status)), ("statusReason", reason.map(Value.string)),
                ("targetServiceRevision", ["arn": .string(target)]),
                ("rollback", rollback.map { ["serviceRevisionArn": .string(arn($0))] }),
            ]),
            target: ["taskDefinition": .string("\(RolloutOutcomeTests.family):\(revision)")])
    }

    private func outcome(
        _ deployments: [Value], records: [DeploymentRecord] = [], events: [String] = [], desired: Int = 2,
        target: RolloutTarget? = nil, believesAbsence: Bool = true,
    ) throws -> RolloutOutcome {
        RolloutOutcome.outcome(
            of: try target ?? self.target(), service: try service(deployments, events: events, desired: desired),
            records: records, believesAbsence: believesAbsence)
    }

    private var rolling: [Value] {
        [
            deployment(
                RolloutOutcomeTests.ours, "PRIMARY", revision: 8, state: "IN_PROGRESS", desired: 0, running: 0,
                created: 200),
            deployment(RolloutOutcomeTests.old, "ACTIVE", revision: 7, state: "COMPLETED"),
        ]
    }

    private var rolledBack: [Value] {
        [deployment(RolloutOutcomeTests.old, "PRIMARY", revision: 7, state: "COMPLETED")]
    }

    private func isInProgress(_ outcome: RolloutOutcome) -> Bool {
        if case .inProgress = outcome { return true }
        return false
    }

    private var earlier: Revision {
        get throws { try Revision("web:7") }
    }

    // MARK: By records

    @Test func `every status of a record is mapped`() throws {
        for status in ServiceDeploymentStatus.allCases {
            #expect(try outcome(rolling, records: [record(status.rawValue)]) != .unknown, "\(status)")
        }
        #expect(ServiceDeploymentStatus.allCases.count == 9)
    }

    @Test(arguments: ["PENDING", "IN_PROGRESS", "STOP_REQUESTED"])
    func `a record that is not over is in progress`(status: String) throws {
        #expect(isInProgress(try outcome(rolling, records: [record(status)])))
    }

    @Test func `a successful record of ours is success, also while old tasks still stop`() throws {
        #expect(try outcome(rolling, records: [record("SUCCESSFUL")]) == .completed)
    }

    @Test func `a record decides over a completed state: baking is not over`() throws {
        let baking = [deployment(RolloutOutcomeTests.ours, "PRIMARY", revision: 8, state: "COMPLETED", created: 200)]
        #expect(isInProgress(try outcome(baking, records: [record("IN_PROGRESS")])))
    }

    @Test func `a success of another deployment or on another revision is none of ours`() throws {
        #expect(
            isInProgress(try outcome(rolling, records: [record("SUCCESSFUL", deployment: RolloutOutcomeTests.old)])))
        #expect(isInProgress(try outcome(rolling, records: [record("SUCCESSFUL", revision: 9)])))
    }

    @Test func `a successful rollback is a failure that says where it led`() throws {
        let reason = "Service deployment rolled back because the circuit breaker threshold was exceeded."
        let expected = RolloutOutcome.failed(reason: reason, rolledBackTo: try earlier)
        #expect(
            try outcome(rolledBack, records: [record("ROLLBACK_SUCCESSFUL", reason: reason)]) == expected)
        #expect(
            try outcome(
                rolledBack,
                records: [record("ROLLBACK_SUCCESSFUL", reason: reason, rollback: RolloutOutcomeTests.old)]) == expected
        )
    }

    @Test(arguments: ["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"])
    func `a rollback under way is no end`(status: String) throws {
        #expect(try outcome(rolling, records: [record(status, reason: "r")]) == .rollingBack(reason: "r"))
    }

    @Test func `a first deployment has nothing to go back to`() throws {
        let reason = "No rollback candidate was found to run the rollback."
        #expect(
            try outcome([rolling[0]], records: [record("ROLLBACK_FAILED", reason: reason)])
                == .failed(reason: reason, rolledBackTo: nil))
    }

    @Test func `a stopped deployment failed, unless a newer one stopped it`() throws {
        #expect(
            try outcome(rolling, records: [record("STOPPED")])
                == .failed(reason: "The deployment was stopped.", rolledBackTo: nil))
        let newer = record("IN_PROGRESS", deployment: "ecs-svc/3", revision: 9)
        #expect(try outcome(rolling, records: [newer, record("STOPPED")]) == .superseded)
        let listed = [deployment("ecs-svc/3", "PRIMARY", revision: 9, state: "IN_PROGRESS", created: 300)]
        #expect(try outcome(listed, records: [record("STOPPED")], target: try target(created: 200)) == .superseded)
    }

    @Test func `a word that ECS invents later is unknown`() throws {
        #expect(try outcome(rolling, records: [record("PAUSED_BY_MOON")]) == .unknown)
        let odd = [deployment(RolloutOutcomeTests.ours, "PRIMARY", revision: 8, state: "WAITING")]
        #expect(try outcome(odd) == .unknown)
    }

    @Test func `without an id the newest record of the revision is ours`() throws {
        let records = [record("IN_PROGRESS"), record("ROLLBACK_SUCCESSFUL", deployment: "ecs-svc/0")]
        #expect(isInProgress(try outcome(rolling, records: records, target: try target(nil))))
    }

    // MARK: By deployments

    @Test func `the states of our deployment are followed`() throws {
        #expect(isInProgress(try outcome(rolling)))
        let completed = [deployment(RolloutOutcomeTests.ours, "PRIMARY", revision: 8, state: "COMPLETED")]
        #expect(try outcome(completed) == .completed)
        #expect(try outcome(completed, target: try target(nil)) == .completed)
    }

    @Test func `a failed deployment whose predecessor is rolling is being rolled back`() throws {
        let reason = "ECS deployment circuit breaker: tasks failed to start."
        let failed = deployment(
            RolloutOutcomeTests.ours, "ACTIVE", revision: 8, state: "FAILED", reason: reason, created: 200)
        let before = deployment(RolloutOutcomeTests.old, "PRIMARY", revision: 7, state: "IN_PROGRESS")
        let after = deployment(RolloutOutcomeTests.old, "PRIMARY", revision: 7, state: "COMPLETED")
        #expect(try outcome([before, failed]) == .rollingBack(reason: reason))
        #expect(try outcome([after, failed]) == .failed(reason: reason, rolledBackTo: try earlier))
        #expect(
            try outcome([after, failed], target: try target(nil)) == .failed(reason: reason, rolledBackTo: try earlier))
    }

    @Test func `a failed deployment without a rollback stays primary`() throws {
        let failed = deployment(RolloutOutcomeTests.ours, "PRIMARY", revision: 8, state: "FAILED", reason: "r")
        #expect(try outcome([failed]) == .failed(reason: "r", rolledBackTo: nil))
    }

    @Test func `a service that is stable on the old revision is a failure of ours`() throws {
        let events = [
            "(service web) has reached a steady state.",
            "(service web) (deployment \(RolloutOutcomeTests.old)) deployment completed.",
            "(service web) rolling back to deployment \(RolloutOutcomeTests.old).",
            "(service web) (deployment \(RolloutOutcomeTests.ours)) deployment failed: tasks failed to start.",
        ]
        #expect(
            try outcome(rolledBack, events: events)
                == .failed(reason: "tasks failed to start.", rolledBackTo: try earlier))
        // Without the events, the re-promoted deployment is older than ours.
        #expect(
            try outcome(rolledBack, target: try target(created: 200))
                == .failed(reason: "ECS went back to an earlier deployment.", rolledBackTo: try earlier))
    }

    @Test func `right after our call the old list is no rollback`() throws {
        #expect(try outcome(rolledBack, target: try target(created: 200), believesAbsence: false) == .unknown)
        #expect(try outcome(rolledBack) == .unknown)
    }

    @Test func `a newer primary supersedes what was not over`() throws {
        let newer = deployment("ecs-svc/3", "PRIMARY", revision: 9, state: "IN_PROGRESS", created: 300)
        let ours = deployment(RolloutOutcomeTests.ours, "ACTIVE", revision: 8, state: "IN_PROGRESS", created: 200)
        #expect(try outcome([newer, ours]) == .superseded)
        #expect(try outcome([newer], target: try target(created: 200)) == .superseded)
    }

    @Test func `success is not said of a revision that is not primary any more`() throws {
        let newer = deployment("ecs-svc/3", "PRIMARY", revision: 9, state: "IN_PROGRESS", created: 300)
        let ours = deployment(RolloutOutcomeTests.ours, "ACTIVE", revision: 8, state: "COMPLETED", created: 200)
        #expect(try outcome([newer, ours]) == .superseded)
        #expect(try outcome([newer, ours], records: [record("SUCCESSFUL")]) == .superseded)
        let event = "(service web) (deployment \(RolloutOutcomeTests.ours)) deployment completed."
        #expect(try outcome([newer], events: [event], target: try target(created: 200)) == .superseded)
        // The same revision once more, as a forced deployment makes it: ours was completed.
        let again = deployment("ecs-svc/3", "PRIMARY", revision: 8, state: "IN_PROGRESS", created: 300)
        #expect(try outcome([again, ours]) == .completed)
        // The record knows already what the service does not show yet.
        #expect(try outcome(rolledBack, records: [record("SUCCESSFUL")], target: try target(created: 200)) == .unknown)
    }

    @Test func `an older primary while ours is unfinished is a rollback that begins`() throws {
        let primary = deployment(RolloutOutcomeTests.old, "PRIMARY", revision: 7, state: "IN_PROGRESS")
        let ours = deployment(RolloutOutcomeTests.ours, "ACTIVE", revision: 8, state: "IN_PROGRESS", created: 200)
        guard case .rollingBack = try outcome([primary, ours]) else {
            Issue.record("no rollback")
            return
        }
    }

    @Test func `without a state the counts decide, and a new deployment's zero is not the service's`() throws {
        func only(desired: Int, running: Int) -> [Value] {
            [
                deployment(
                    RolloutOutcomeTests.ours, "PRIMARY", revision: 8, state: nil, desired: desired, running: running)
            ]
        }
        #expect(try outcome(only(desired: 2, running: 2)) == .completed)
        #expect(isInProgress(try outcome(only(desired: 2, running: 1))))
        #expect(isInProgress(try outcome(only(desired: 0, running: 0))))
        #expect(try outcome(only(desired: 0, running: 0), desired: 0) == .completed)
        #expect(
            isInProgress(
                try outcome(
                    only(desired: 2, running: 2) + [
                        deployment(RolloutOutcomeTests.old, "ACTIVE", revision: 7, state: nil, created: 50)
                    ])))
    }

    @Test func `our deployment on another revision is not ours any more`() throws {
        let other = [deployment(RolloutOutcomeTests.ours, "PRIMARY", revision: 9, state: "COMPLETED")]
        #expect(try outcome(other) == .unknown)
    }

    @Test func `nothing listed is unknown`() throws {
        #expect(try outcome([]) == .unknown)
        #expect(try outcome([], target: RolloutTarget(deployment: nil, taskDefinition: nil)) == .unknown)
    }

    @Test func `progress counts tasks and quotes the newest event since the deployment began`() throws {
        let live = try service(rolling, events: [], desired: 4)
        guard
            case .inProgress(let progress) = RolloutOutcome.outcome(
                of: try target(), service: live, records: [], believesAbsence: true)
        else {
            Issue.record("not in progress")
            return
        }
        #expect(progress == RolloutProgress(running: 0, desired: 4, pending: 0, failed: 0, newestEvent: nil))
        #expect(
            RolloutProgress(running: 1, desired: 2, pending: 1, failed: 3, newestEvent: nil).description
                == "1 of 2 tasks running, 1 pending, 3 failed")
        let began = deployment(RolloutOutcomeTests.ours, "PRIMARY", revision: 8, state: "IN_PROGRESS", created: 140)
        guard case .inProgress(let second) = try outcome([began], events: ["new", "old"]) else {
            Issue.record("not in progress")
            return
        }
        #expect(second.newestEvent == "new")
    }
}
