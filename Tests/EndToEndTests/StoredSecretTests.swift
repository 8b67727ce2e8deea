import Foundation
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringShapes
import MooringTestSupport
import Testing

/// Tokens that are kept in Secrets Manager, here the local ECS's.
@Suite struct `Tokens in Secrets Manager` {
    @Test(.timeLimit(.minutes(4))) func `are read when they are needed, and again when they are refused`() async throws
    {
        try await withScene { scene in
            let host = try await StubHost("gitlab", client: try HTTPClient())
            func secret(_ operation: String, _ hostToken: String) throws -> Value {
                let text = JSONWriter(.compact).text(
                    of: .map([("git", .string(scene.git.token)), ("hub", .string(hostToken))]))
                let name = operation == "CreateSecret" ? "Name" : "SecretId"
                return try scene.ecs.call(
                    operation, .map([(name, .string("mooring/tokens")), ("SecretString", .string(text))]),
                    api: "secretsmanager")
            }
            let arn = try #require(try secret("CreateSecret", StubHost.token)["ARN"]?.text)
            var mooring = scene.mooring
            mooring.token = nil
            mooring.environmentSettings = [
                "git: {username: mooring, tokenSecret: '\(arn):git::'}",
                "host: {kind: gitlab, tokenSecret: '\(arn):hub::', apiURL: \"\(host.url)/api/v4\", repository: acme/team/app}",
            ]
            func ended(_ commit: Commit) async throws -> StubHost.Posted {
                try await eventually("the end on \(commit.id.short)", within: .seconds(60)) {
                    try await host.posted().last { $0.on == commit.id.text && $0.state == "success" }
                }
            }
            let first = try scene.mergeQuickstart()
            try await mooring.run { controller in
                #expect(try await ended(first).context == "mooring/production")
                // The token is rotated: the host takes another one from now on, and Secrets Manager has it.
                let rotated = "rotated-token-0123456789abcdef"
                try await host.set("settings", #"{"token": "\#(rotated)"}"#)
                _ = try secret("PutSecretValue", rotated)
                let second = try scene.mergeQuickstart(image: "my-app:v1.1", "Change")
                #expect(try await ended(second).text?.isEmpty == false)
                for token in [StubHost.token, rotated, scene.git.token] {
                    #expect(!controller.transcript.contains(token))
                }
            }
            #expect(try await host.invalid() == [])
        }
    }

    @Test(.timeLimit(.minutes(2))) func `that are not there say which, and everything else goes on`() async throws {
        try await withScene { scene in
            var mooring = scene.mooring
            let arn = "arn:aws:secretsmanager:\(LocalECS.region):\(LocalECS.account):secret:nowhere-AbCdEf"
            mooring.environmentSettings = [
                "host: {kind: github, appId: 17, appKeySecret: '\(arn)', apiURL: 'http://127.0.0.1:9', repository: acme/app}",
                "webhook: {secretSecret: '\(arn)'}",
                "notifications: {on: [success], url: 'http://127.0.0.1:9/', secretSecret: '\(arn)'}",
            ]
            mooring.variables["MOORING_LISTEN"] = "127.0.0.1:0"
            let commit = try scene.mergeQuickstart()
            try await mooring.run { controller in
                #expect(try await commit.end().sync == "Synced")
                try await controller.line(containing: "nowhere")
                try await controller.line(containing: "Webhooks are not taken")
                try await controller.line(containing: "are not delivered and wait")
            }
        }
    }
}
