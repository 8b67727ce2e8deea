import Foundation
import MooringController
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringTestSupport
import Testing

@Suite struct `The task that Mooring runs in` {
    private static let arn = "arn:aws:ecs:eu-central-1:123456789012:task/main/0a1b2c"
    private static let metadata: Value = [
        "Cluster": "arn:aws:ecs:eu-central-1:123456789012:cluster/main", "TaskARN": .string(arn),
        "ServiceName": "mooring",
    ]

    private func policy(account: String = "123456789012", clusters: [String] = ["main"]) throws -> EnvironmentPolicy {
        EnvironmentPolicy(
            identity: try EnvironmentIdentity("production@shop"), branch: try BranchName("main"), folder: nil,
            account: try AccountID(account), region: try Region("eu-central-1"),
            clusters: try clusters.map(ClusterName.init), act: true)
    }

    /// Answers DescribeTasks with a task of this group.
    private struct Tasks: AWSClient {
        let group: String?

        func call(_ call: APICall) async throws(Failure) -> Value {
            let task = call.input["tasks"]?[0]?.text
            guard let group, call.operation == "DescribeTasks", task == `The task that Mooring runs in`.arn else {
                throw Failure(
                    code: .accessDenied, subject: "\(call)", tried: "call", cause: "No.", disposition: .stalled)
            }
            return ["tasks": [["group": .string(group)]]]
        }
    }

    @Test func `belongs to the service that the endpoint names`() async throws {
        let task = try #require(OwnTask(metadata: Self.metadata))
        #expect(try await task.key(asking: Tasks(group: nil))?.description == "main/mooring")
        var named = Self.metadata
        named["Cluster"] = "main"
        #expect(OwnTask(metadata: named) == task)
        #expect(OwnTask(metadata: ["TaskARN": .string(Self.arn)]) == nil)
    }

    @Test func `belongs to the service that ECS names, where the endpoint is silent`() async throws {
        let task = try #require(OwnTask(metadata: ["Cluster": "main", "TaskARN": .string(Self.arn)]))
        #expect(try await task.key(asking: Tasks(group: "service:mooring"))?.description == "main/mooring")
        #expect(try await task.key(asking: Tasks(group: "family:mooring")) == nil)
        await #expect(throws: Failure.self) { try await task.key(asking: Tasks(group: nil)) }
    }

    @Test func `matters to environments that could reach it`() throws {
        let task = try #require(OwnTask(metadata: Self.metadata))
        #expect(task.isWithin(try policy()))
        #expect(task.isWithin(try policy(clusters: [])))
        #expect(!task.isWithin(try policy(clusters: ["other"])))
        #expect(!task.isWithin(try policy(account: "999999999999")))
    }

    private func read(_ variables: [String: String]) async throws -> OwnTask? {
        let folder = try TemporaryFolder()
        return try await Assembly(dataFolder: folder.path, variables: variables) { _ in }.ownTask()
    }

    @Test(.timeLimit(.minutes(1))) func `is read from the endpoint`() async throws {
        try await withLoopbackServer({ connection in
            let isRight = connection.readRequest()?.line == "GET /v4/abc/task HTTP/1.1"
            connection.respond(isRight ? "200 OK" : "404 Not Found", body: JSONWriter(.compact).text(of: Self.metadata))
        }) { server in
            let task = try await read(["ECS_CONTAINER_METADATA_URI_V4": server.url + "/v4/abc"])
            #expect(task == OwnTask(metadata: Self.metadata))
            await #expect(throws: Failure.self) { try await read(["ECS_CONTAINER_METADATA_URI_V4": server.url]) }
        }
        #expect(try await read([:]) == nil)
    }
}
