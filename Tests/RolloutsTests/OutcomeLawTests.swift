import MooringModel
import MooringNames
import MooringShapes
import Testing

@testable import MooringRollouts

/// What holds of every outcome, whatever ECS shows: also what it never shows.
@Suite struct OutcomeLawTests {
    /// A seeded generator, so that a failing case can be named by its seed.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func one<Element>(of elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &self)]
        }

        mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
    }

    private static let statuses = ServiceDeploymentStatus.allCases.map(\.rawValue) + ["LATER_WORD"]

    private func revision(_ number: Int) throws -> TaskDefinitionARN {
        try TaskDefinitionARN("arn:aws:ecs:eu-west-1:123456789012:task-definition/web:\(number)")
    }

    private func service(_ random: inout Random) throws -> ObservedService {
        var deployments: [Value] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let members: [(String, Value?)] = [
                ("id", .string("ecs-svc/\(Int.random(in: 1...4, using: &random))")),
                ("status", .string(random.one(of: ["PRIMARY", "PRIMARY", "ACTIVE", "INACTIVE"]))),
                ("taskDefinition", .string(try revision(Int.random(in: 6...9, using: &random)).text)),
                (
                    "rolloutState",
                    random.one(of: ["IN_PROGRESS", "COMPLETED", "COMPLETED", "FAILED", "LATER_WORD", nil]).map(
                        Value.string)
                ),
                ("createdAt", random.chance(80) ? .integer(100 * Int.random(in: 1...4, using: &random)) : nil),
                ("runningCount", .integer(Int.random(in: 0...2, using: &random))), ("desiredCount", 2),
            ]
            deployments.append(.map(present: members))
        }
        let id = Int.random(in: 1...4, using: &random)
        let texts = ["deployment completed.", "deployment failed: tasks failed to start."]
        let events: [Value] =
            random.chance(50)
            ? [["message": .string("(service web) (deployment ecs-svc/\(id)) \(random.one(of: texts))")]] : []
        return ObservedService(
            key: ServiceKey(cluster: .standard, service: try ServiceName("web")),
            described: ["desiredCount": 2, "deployments": .list(deployments), "events": .list(events)])
    }

    private func record(_ random: inout Random) throws -> DeploymentRecord {
        let number = Int.random(in: 1...4, using: &random)
        let arn = "arn:aws:ecs:eu-west-1:123456789012:service-revision/default/web/\(number)"
        let aimed = try revision(Int.random(in: 6...9, using: &random))
        return DeploymentRecord(
            described: [
                "status": .string(random.one(of: OutcomeLawTests.statuses)),
                "targetServiceRevision": [
                    "arn": .string(arn), "requestedProductionTrafficWeight": .double(random.one(of: [0, 50, 100])),
                ],
                "lifecycleStage": .string(random.one(of: LifecycleStage.allCases).rawValue),
                "deploymentConfiguration": [
                    "strategy": .string(random.one(of: ["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"]))
                ],
            ],
            target: random.chance(80) ? ["taskDefinition": .string(aimed.text)] : nil)
    }

    @Test(arguments: 0..<40)
    func `success is never said while the primary deployment is not our revision`(seed: Int) throws {
        var random = Random(state: UInt64(seed) &* 1_000_003)
        var successes = 0
        for _ in 0..<500 {
            let wanted = random.chance(80) ? try revision(Int.random(in: 6...9, using: &random)) : nil
            let deployment = random.chance(80) ? "ecs-svc/\(Int.random(in: 1...4, using: &random))" : nil
            let created = random.chance(50) ? Timestamp(millisecondsSince1970: 200_000) : nil
            let target = RolloutTarget(deployment: deployment, taskDefinition: wanted, created: created)
            let service = try service(&random)
            let records = try (0..<Int.random(in: 0...2, using: &random)).map { _ in try record(&random) }
            let outcome = RolloutOutcome.outcome(
                of: target, service: service, records: records, believesAbsence: random.chance(50),
                waitFor: random.one(of: RolloutGoal.allCases))
            guard outcome.isSuccess else { continue }
            successes += 1
            let primary = try #require(service.primary, "seed \(seed): \(outcome)")
            if let wanted {
                #expect(primary.taskDefinition == wanted, "seed \(seed): \(target) \(service) \(records)")
            } else {
                let ours = service.deployments.first { $0.id == deployment }
                let isOurs = primary.id == deployment || primary.taskDefinition == ours?.taskDefinition
                #expect(isOurs, "seed \(seed): \(target) \(service) \(records)")
            }
        }
        // Else the law would hold of nothing.
        #expect(successes > 0)
    }
}
