import MooringShapes
import MooringSimulator
import Testing

/// Every text that AWS is known to have written is produced by some situation, or listed as not modelled.
@Suite(
    .enabled(if: Captures.arePresent, "skipped: no captures at MOORING_CAPTURES or ../shared/captures"),
    .enabled(if: Captures.arePublished, "skipped: these captures are somebody's own"))
struct FidelityTextTests {
    /// Texts that the local ECS does not produce; `*` is any text.
    static let notModelled: [(kind: RecordedText.Kind, text: String, reason: String)] = [
        (
            .event, "(service test-task-set-delete, taskSet *) registered 1 targets in *",
            "task sets are not registered with load balancers"
        ),
        (.event, "(service api-service) is AZ balanced with *", "tasks are not rebalanced between zones"),
        (.event, "(service api-service) is not AZ balanced with *", "tasks are not rebalanced between zones"),
        (.event, "* to AZ Rebalance: *", "tasks are not rebalanced between zones"),
        (
            .event, "(service civictechjobs-fullstack-stage) (port 8000) is unhealthy in *",
            "the wording of 2023, without the task; today's is produced"
        ),
        (
            .event, "deployment failed: hook execution failure(s) detected.",
            "the wording of August 2025; today's names the stage and the cause"
        ),
        (
            .stop, "*Task failed to start | container reason CannotPullContainerError: API error (500)*",
            "platform 1.3.0; since 1.4.0 the cause is the task's: findings.md, tasks"
        ),
        (
            .stop, "* | another container reason *",
            "the cause is said of the task only, not of one container among several"
        ),
        (.status, "ECS deployment circuit breaker: task failed to start.", "an example: real ones say tasks"),
        (.status, "Deployment [*] rollback has failed.", "the console's words, in no answer of the API"),
        (.error, "advancedConfiguration field is required for all * non-ROLLING *", "answers name the strategy"),
    ]

    @Test func `every recorded text is said, or listed as not modelled`() throws {
        let said = try Situations.all()
        let recorded = try RecordedText.all()
        var used: Set<Int> = []
        var missing: [String] = []
        var superfluous: [String] = []
        for text in recorded {
            let index = FidelityTextTests.notModelled.firstIndex {
                $0.kind == text.kind && Glob.matches($0.text, text.text)
            }
            let isSaid = said.contains(text)
            if let index { used.insert(index) }
            if index == nil, !isSaid { missing.append("\(text.kind.rawValue): \(text.text)") }
            if index != nil, isSaid { superfluous.append("\(text.kind.rawValue): \(text.text)") }
        }
        for kind in RecordedText.Kind.allCases {
            let all = recorded.filter { $0.kind == kind }
            print("\(kind.rawValue): \(all.count) recorded, \(all.count(where: said.contains)) produced")
        }
        let lacking = missing.joined(separator: "\n")
        #expect(lacking.isEmpty)
        #expect(superfluous.isEmpty, "listed as not modelled, and produced")
        let stale = FidelityTextTests.notModelled.indices.filter { !used.contains($0) }
        #expect(stale.map { FidelityTextTests.notModelled[$0].text }.isEmpty, "listed, and not recorded")
    }

    /// What is compared, as it is written: a form that is too coarse would find everything.
    @Test(arguments: [
        ("(service a) has started 2 tasks: (task 0f) (task 1e).", "(service X) has started N tasks: (task X)."),
        ("(service a, taskSet ecs-svc/1) has begun", "(service X, taskSet ecs-svc/N) has begun"),
        ("rolling back to deployment ecs-svc/5482803233485152419.", "rolling back to deployment ecs-svc/N."),
        ("(target-group arn:aws:elasticloadbalancing:r:1:targetgroup/a/b) due", "(target-group ARN) due"),
        ("on resource: arn:aws:ecs:r:1:service/a/b because no", "on resource: ARN because no"),
        ("failed: alarm detected.", "failed: alarm detected."),
    ])
    func `texts are compared by their words`(_ text: String, _ form: String) {
        #expect(TextForm.of(text) == form)
    }
}
