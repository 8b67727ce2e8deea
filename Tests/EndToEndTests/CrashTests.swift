import Foundation
import Glibc
import MooringShapes
import MooringTestSupport
import Testing

/// The controller is killed at the worst moments, and starts again without its disk. A proxy holds the request or the answer
/// in question; the product knows nothing of it.
@Suite struct CrashTests {
    /// A moment of a pass.
    enum Moment: String, CaseIterable, CustomTestStringConvertible {
        case beforeTheRegistration = "before the revision is registered"
        case afterTheRegistration = "after the revision is registered, before the answer is there"
        case afterTheUpdate = "after the service is updated, before the answer is there"
        case beforeTheNote = "when the rollout is over, before the note is pushed"
        case duringThePush = "when the note is pushed, before the answer is there"

        var testDescription: String { rawValue }

        /// Arms the proxy in question.
        func arm(_ scene: Scene) -> ArmedFault {
            switch self {
            case .beforeTheRegistration:
                return scene.ecsProxy.arm(.holdRequest) { $0.operation == "RegisterTaskDefinition" }
            case .afterTheRegistration:
                return scene.ecsProxy.arm(.holdAnswer) { $0.operation == "RegisterTaskDefinition" }
            case .afterTheUpdate:
                return scene.ecsProxy.arm(.holdAnswer) { $0.operation == "UpdateService" }
            case .beforeTheNote:
                let ecs = scene.ecsProxy
                return scene.gitProxy.arm(.holdRequest) { $0.isPush && ecs.hasShown(completed: "my-app:2") }
            case .duringThePush:
                let ecs = scene.ecsProxy
                return scene.gitProxy.arm(.holdAnswer) { $0.isPush && ecs.hasShown(completed: "my-app:2") }
            }
        }
    }

    @Test(.timeLimit(.minutes(4)), arguments: Moment.allCases)
    func `killed at any moment and started on an empty disk, it does everything once and ends every report`(
        _ moment: Moment,
    ) async throws {
        try await withScene { scene in
            let first = try scene.mergeQuickstart(image: "my-app:v1.0", "First")
            var second: Commit?
            try await scene.mooring.run { controller in
                #expect(try await first.end().sync == "Synced")
                let fault = moment.arm(scene)
                second = try scene.mergeQuickstart(image: "my-app:v2.0", "Second")
                try await fault.struck()
                await controller.kill()
                #expect(controller.ending == .signalled(9))
                fault.disarm()
            }
            let commit = try #require(second)
            try await scene.mooring.onEmptyDisk().run { _ in
                let end = try await commit.end()
                #expect(end.sync == "Synced", "\(end.note)")
                #expect(end.note.contains("my-app:2"), "\(end.note)")
            }
            try expectOnce(scene, moment)
            #expect(try Commit.sync(of: first.note() ?? "") == "Synced")
        }
    }

    /// Exactly one registration and one deployment for the change, whatever happened in between.
    private func expectOnce(_ scene: Scene, _ moment: Moment) throws {
        #expect(try scene.ecs.revision() == "my-app:2")
        #expect(try scene.ecs.revisionCount() == 2)
        let forwarded = scene.ecsProxy.calls.filter(\.wasForwarded)
        #expect(forwarded.count { $0.operation == "RegisterTaskDefinition" } == 2)
        #expect(forwarded.count { $0.operation == "CreateService" } == 1)
        #expect(forwarded.count { $0.operation == "UpdateService" } == 1)
        #expect(try scene.ecs.deployments().count == 2)
        let service = try #require(try scene.ecs.service())
        #expect(service["deployments"]?.elements?.count == 1)
        #expect(service["deployments"]?[0]?["rolloutState"]?.text == "COMPLETED")
    }

    @Test(.timeLimit(.minutes(4)))
    func `killed while ECS rolls a rejected revision back, it leaves the old one running and says failed`() async throws
    {
        try await withScene(speed: 600) { scene in
            let first = try scene.mergeQuickstart(image: "my-app:v1.0", "First")
            var second: Commit?
            try await scene.mooring.run { controller in
                #expect(try await first.end().sync == "Synced")
                let fault = scene.ecsProxy.arm(
                    .holdAnswer, where: { $0.operation == "DescribeServices" },
                    answered: { $0.answerText.contains("rolling back") })
                second = try scene.mergeQuickstart(image: "my-app:bad", "Second")
                try await fault.struck(within: .seconds(90))
                await controller.kill()
                fault.disarm()
            }
            let commit = try #require(second)
            try await scene.mooring.onEmptyDisk().run { controller in
                let end = try await commit.end()
                #expect(end.sync == "Failed", "\(end.note)")
                #expect(end.note.contains("CannotPull"), "\(end.note)")
                // Two more passes, in which it could try again what ECS rejected.
                let calls = scene.gitProxy.calls.count
                try await scene.gitProxy.calls("more passes", within: .seconds(30)) { $0.count > calls + 3 }
                #expect(controller.ending == nil)
            }
            #expect(try scene.ecs.revision() == "my-app:1")
            #expect(try scene.ecs.revisionCount() == 2)
            #expect(scene.ecsProxy.calls.count { $0.operation == "UpdateService" } == 1)
            #expect(try Commit.sync(of: commit.note() ?? "") == "Failed")
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `asked to end, it finishes the call in flight and leaves in time`() async throws {
        try await withScene { scene in
            try scene.mergeQuickstart()
            try await scene.mooring.run { controller in
                let fault = scene.ecsProxy.arm(.holdAnswer) { $0.operation == "CreateService" }
                try await fault.struck()
                controller.send(SIGTERM)
                fault.passOn()
                // ECS gives a container thirty seconds between SIGTERM and SIGKILL.
                #expect(try await controller.ending(within: .seconds(25)) == .exited(0), "\(controller.transcript)")
            }
            #expect(scene.ecsProxy.calls.first { $0.operation == "CreateService" }?.status == 200)
        }
    }
}

extension ProxiedCall {
    /// Whether the request carries what a push pushes.
    var isPush: Bool { method == "POST" && target.hasSuffix("/git-receive-pack") }
}

extension FaultProxy {
    /// Whether ECS has told that the rollout of this revision is over.
    func hasShown(completed revision: String) -> Bool {
        calls.contains { call in
            guard call.operation == "DescribeServices", let answer = try? JSONReader.value(of: call.answer) else {
                return false
            }
            let services = answer["services"]?.elements ?? []
            let deployments: [Value] = services.flatMap { $0["deployments"]?.elements ?? [] }
            return deployments.contains { deployment in
                let running = deployment["taskDefinition"]?.text ?? ""
                return running.hasSuffix("/\(revision)") && deployment["rolloutState"]?.text == "COMPLETED"
            }
        }
    }
}
