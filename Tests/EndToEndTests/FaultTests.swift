import Foundation
import MooringTestSupport
import Testing

/// While something outside is broken the controller stays up, says so once, and goes on when it is mended.
@Suite struct FaultTests {
    /// What is wrong with the git server.
    enum GitFault: String, CaseIterable {
        case hangs, answers500, closesConnections

        var fault: Fault {
            switch self {
            case .hangs: .hang
            case .answers500: .answer(status: 500, type: "text/plain", body: "no")
            case .closesConnections: .close
            }
        }
    }

    @Test(.timeLimit(.minutes(4)), arguments: GitFault.allCases)
    func `a git server in trouble is reported once, and the next merge is deployed when it is well`(
        _ kind: GitFault,
    ) async throws {
        try await withScene { scene in
            let first = try scene.mergeQuickstart(image: "my-app:v1.0", "First")
            try await scene.mooring.run { controller in
                #expect(try await first.end().sync == "Synced")
                let start = controller.lines.count
                let fault = scene.gitProxy.arm(kind.fault)
                let second = try scene.mergeQuickstart(image: "my-app:v2.0", "Second")
                // One that hangs costs its deadline each time; the others answer at once.
                try await fault.struck(times: kind == .hangs ? 1 : 3, within: .seconds(60))
                try await controller.line(containing: "git", from: start, within: .seconds(75))
                #expect(controller.ending == nil)
                #expect(try scene.ecs.revision() == "my-app:1")
                let said = controller.lines.dropFirst(start).filter { $0.text.contains("Cannot") }
                #expect(said.count == 1, "\(controller.transcript)")
                fault.disarm()
                let end = try await second.end()
                #expect(end.sync == "Synced")
                #expect(controller.lines.count { $0.text.contains("Works again: source") } == 1)
            }
            #expect(try scene.ecs.revision() == "my-app:2")
        }
    }

    /// What is wrong with AWS.
    enum ECSFault: String, CaseIterable {
        case throttles, refuses, closesConnections, answers500

        var fault: Fault {
            switch self {
            case .throttles: .awsError("ThrottlingException", message: "Rate exceeded")
            case .refuses:
                .awsError(
                    "AccessDeniedException", status: 400,
                    message: "User: arn:aws:iam::123456789012:user/x is not authorized to perform: ecs:DescribeServices"
                )
            case .closesConnections: .close
            case .answers500: .awsError("ServerException", status: 500, message: "Service Unavailable")
            }
        }
    }

    @Test(.timeLimit(.minutes(4)), arguments: ECSFault.allCases)
    func `an ECS in trouble is reported once, and the merge is deployed when it is well`(
        _ kind: ECSFault,
    ) async throws {
        try await withScene { scene in
            let fault = scene.ecsProxy.arm(kind.fault) { $0.operation == "DescribeServices" }
            let commit = try scene.mergeQuickstart()
            var mooring = scene.mooring
            // What is refused is not asked for again before the next look at everything.
            mooring.environmentSettings.append("sweepInterval: 2s")
            try await mooring.run { controller in
                // More than one call's own tries, so that the loop has to deal with it, and more than one pass.
                try await fault.struck(times: kind == .refuses ? 3 : 7, within: .seconds(90))
                #expect(controller.ending == nil)
                let said = controller.lines.filter {
                    $0.text.contains("warning") && $0.text.contains("Cannot describe services")
                }
                #expect(said.count == 1, "\(controller.transcript)")
                let start = controller.lines.count
                fault.disarm()
                try await controller.line(containing: "Works again", from: start)
                // What had an end, because a person had to act, gets another one.
                _ = try await eventually("the service as git says", within: .seconds(75), every: .milliseconds(200)) {
                    try commit.note().flatMap(Commit.sync) == "Synced" ? true : nil
                }
            }
            #expect(scene.ecsProxy.calls.count { $0.operation == "CreateService" } == 1)
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `an answer that is lost after the deed is not followed by a second deed`() async throws {
        try await withScene { scene in
            let registration = scene.ecsProxy.arm(.closeAfterwards, times: 1...1) {
                $0.operation == "RegisterTaskDefinition"
            }
            let creation = scene.ecsProxy.arm(.closeAfterwards, times: 1...1) { $0.operation == "CreateService" }
            let commit = try scene.mergeQuickstart()
            try await scene.mooring.run { _ in
                let end = try await commit.end()
                #expect(end.sync == "Synced")
            }
            #expect(registration.count == 1 && creation.count == 1)
            #expect(try scene.ecs.revisionCount() == 1)
            #expect(try scene.ecs.deployments().count == 1)
        }
    }
}
