import Foundation
import MooringHTTPTransport
import MooringNames
import MooringTestSupport
import Testing

/// A pull request's whole life: opened, planned, merged by squash, deployed, told of.
@Suite struct `A pull request` {
    private static let contextOfPlan = "mooring/production (plan)"

    /// A stand-in for a git host, and what it calls things.
    struct Kind: CustomTestStringConvertible, Sendable {
        let name: String
        let path: String
        let repository: String
        let pending: String
        let success: String

        var testDescription: String { name }

        static let all = [
            Kind(name: "github", path: "", repository: "acme/app", pending: "pending", success: "success"),
            Kind(name: "gitlab", path: "/api/v4", repository: "acme/team/app", pending: "running", success: "success"),
            Kind(name: "gitea", path: "/api/v1", repository: "acme/app", pending: "pending", success: "success"),
            Kind(
                name: "bitbucket-cloud", path: "/2.0", repository: "acme/app", pending: "INPROGRESS",
                success: "SUCCESSFUL"),
            Kind(
                name: "bitbucket-dc", path: "/rest", repository: "scm/TEAM/app", pending: "INPROGRESS",
                success: "SUCCESSFUL"),
            Kind(
                name: "azure-devops", path: "", repository: "acme/my project/_git/app", pending: "pending",
                success: "succeeded"),
        ]
    }

    /// A controller that shows what it does on a stand-in for a git host.
    private func withHost(
        _ scene: Scene, _ kind: Kind = Kind.all[0], _ body: (Mooring, StubHost) async throws -> Void,
    ) async throws {
        let host = try await StubHost(kind.name, client: try HTTPClient())
        var mooring = scene.mooring
        mooring.environmentSettings = [
            "host: {kind: \(kind.name), tokenVariable: TEST_HOST_TOKEN, apiURL: \"\(host.url)\(kind.path)\", "
                + "repository: \"\(kind.repository)\"}",
            "pullRequests: {interval: 500ms}",
        ]
        mooring.variables["TEST_HOST_TOKEN"] = StubHost.token
        try await body(mooring, host)
        #expect(try await host.invalid() == [])
    }

    /// Waits for the newest state of a check on a commit.
    private func end(
        _ context: String, on commit: CommitID, _ host: StubHost, pending: String = "pending",
        within limit: Duration = .seconds(90),
    ) async throws -> StubHost.Posted {
        do {
            return try await eventually("the end of '\(context)' on \(commit.short)", within: limit) {
                let status = try await host.posted().last {
                    $0.what == "status" && $0.context == context && $0.on == commit.text
                }
                return status?.state == pending ? nil : status
            }
        } catch {
            throw ProgramError("\(error)\nThe host accepted: \(try await host.posted())")
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `is planned, and after its squash merge both commits, the deployment and the note tell how it went`()
        async throws
    {
        try await withScene { scene in
            try await withHost(scene) { mooring, host in
                let first = try scene.mergeQuickstart()
                try await mooring.run { _ in
                    #expect(try await first.end().sync == "Synced")
                    // Somebody pushes a branch and opens #7.
                    let repository = scene.git.repository
                    let topic = try BranchName("topic")
                    try repository.set("refs/heads/topic", to: first.id)
                    let files = try Scene.quickstart(image: "my-app:v1.1")
                    let head = try repository.commit(files, to: topic, message: "Work")
                    try repository.set("refs/pull/7/head", to: head)
                    try await host.set("pulls", #"{"number": 7, "head": "\#(head)", "branch": "topic"}"#)
                    let plan = try await end(Self.contextOfPlan, on: head, host)
                    #expect(plan.state == "success" && plan.text == "1 service changes, 1 task definition is new.")
                    let comment = try #require(try await host.posted().last { $0.what == "comment" && $0.on == "7" })
                    #expect(comment.text?.contains("my-app:v1.1") == true, "\(comment)")
                    #expect(plan.link?.isEmpty == false)

                    // It is merged by squash: another commit with its content, and the branch is gone.
                    let squashed = try scene.merge(files, "Work (#7)")
                    try repository.set("refs/heads/topic", to: nil)
                    try await host.set(
                        "pulls",
                        #"{"number": 7, "head": "\#(head)", "state": "merged", "merge_commit": "\#(squashed.id)"}"#)
                    let (sync, note) = try await squashed.end()
                    #expect(sync == "Synced" && note.contains("newRevision"), "\(note)")
                    for commit in [squashed.id, head] {
                        let status = try await end("mooring/production", on: commit, host)
                        #expect(status.state == "success", "\(status)")
                    }
                    let posted = try await host.posted()
                    let deployment = try #require(posted.first { $0.what == "deployment" && $0.on == squashed.id.text })
                    let states = posted.filter { $0.what == "deployment-status" && $0.on == deployment.on }
                        .compactMap(\.state)
                    #expect(states.last == "success", "\(posted)")
                    let comments = posted.count { $0.what == "comment" && $0.how == "create" }
                    #expect(comments == 1)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(4)), arguments: Kind.all)
    func `merged while the host is away, and the disk is lost meanwhile, has its true end and nothing older`(
        kind: Kind,
    ) async throws {
        try await withScene { scene in
            try await withHost(scene, kind) { mooring, host in
                let first = try scene.mergeQuickstart()
                try await mooring.run { _ in
                    let status = try await end("mooring/production", on: first.id, host, pending: kind.pending)
                    #expect(status.state == kind.success)
                }
                // Seen as pending, then the host is gone for the rest of the rollout, and so is the controller with its disk.
                let second = try scene.mergeQuickstart(image: "my-app:v1.1", "Change")
                try await mooring.run { _ in
                    _ = try await eventually("pending on \(second.id.short)", within: .seconds(60)) {
                        try await host.posted().first { $0.on == second.id.text && $0.state == kind.pending }
                    }
                    try await host.set("outage", #"{"kind": "refuse"}"#)
                    #expect(try await second.end().sync == "Synced")
                }
                let shown = try await host.posted()
                #expect(shown.last { $0.what == "status" && $0.on == second.id.text }?.state == kind.pending)
                try await mooring.onEmptyDisk().run { _ in
                    try await host.set("outage", #"{"kind": "none"}"#)
                    let status = try await end("mooring/production", on: second.id, host, pending: kind.pending)
                    #expect(status.state == kind.success)
                }
                let later = try await host.posted().dropFirst(shown.count)
                #expect(later.count { $0.what == "status" && $0.on == second.id.text } == 1, "\(later)")
                #expect(!later.contains { $0.what == "status" && $0.on == first.id.text }, "\(later)")
            }
        }
    }
}
