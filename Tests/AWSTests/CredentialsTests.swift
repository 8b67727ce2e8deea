import Foundation
import MooringHTTPTransport
import MooringModel
import MooringPorts
import MooringShapes
import MooringTestSupport
import Synchronization
import Testing

@testable import MooringAWS

/// Where credentials come from.
@Suite(.timeLimit(.minutes(1))) struct CredentialsTests {
    /// STS as a list of answers, recording what it was asked and with which access key.
    private final class FakeSTS: AWSClient {
        let calls = Mutex<[(operation: String, input: Value, accessKey: String?)]>([])

        func client(_ provider: (any CredentialsProvider)?) -> any AWSClient { Signed(sts: self, provider: provider) }

        func call(_ call: APICall) async throws(Failure) -> Value { answer(call, nil) }

        func answer(_ call: APICall, _ accessKey: String?) -> Value {
            calls.withLock { $0.append((call.operation, call.input, accessKey)) }
            let role = call.input["RoleArn"]?.text ?? ""
            return [
                "Credentials": [
                    "AccessKeyId": .string("key of \(role)"), "SecretAccessKey": "s", "SessionToken": "t",
                    "Expiration": "2026-01-01T01:00:00.250Z",
                ]
            ]
        }

        struct Signed: AWSClient {
            let sts: FakeSTS
            let provider: (any CredentialsProvider)?
            func call(_ call: APICall) async throws(Failure) -> Value {
                sts.answer(call, try await provider?.credentials()?.accessKey)
            }
        }
    }

    /// A folder that is gone when `body` ends.
    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mooring-aws-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    private func withFiles(
        config: String, credentials: String, _ body: ([String: String], FakeSTS) async throws -> Void,
    ) async throws {
        try await withFolder { folder in
            let paths = (folder.appendingPathComponent("config"), folder.appendingPathComponent("credentials"))
            try Data(config.utf8).write(to: paths.0)
            try Data(credentials.utf8).write(to: paths.1)
            let environment = ["AWS_CONFIG_FILE": paths.0.path, "AWS_SHARED_CREDENTIALS_FILE": paths.1.path]
            try await body(environment, FakeSTS())
        }
    }

    private func profile(_ environment: [String: String], _ sts: FakeSTS, _ name: String? = nil) -> ProfileProvider {
        ProfileProvider(
            environment: environment, setting: name,
            sources: [
                "Environment": EnvironmentProvider(environment: [
                    "AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "s",
                ])
            ],
            makeSTS: { sts.client($0) },
        )
    }

    @Test func `the environment's keys are taken whole or not at all`() async throws {
        #expect(try await EnvironmentProvider(environment: ["AWS_SECRET_ACCESS_KEY": "s"]).credentials() == nil)
        await #expect(throws: Failure.self) {
            _ = try await EnvironmentProvider(environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": ""])
                .credentials()
        }
        let full = ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"]
        let found = try #require(try await EnvironmentProvider(environment: full).credentials())
        #expect(found.accessKey == "a" && found.secretKey.revealed == "s" && found.sessionToken?.revealed == "t")
        #expect(!"\(found)".contains("revealed") && "\(found)".contains("redacted"))
    }

    @Test func `a profile's keys come from both files, the credentials file first`() async throws {
        let config = """
            # a comment
            [default]
            aws_access_key_id = config-key
            region=eu-central-1
            [profile two words]
            aws_access_key_id=two # behind a value
            aws_secret_access_key = s#1;2
            """
        let credentials =
            "[default]\r\naws_access_key_id = key\r\naws_secret_access_key = a=b/c+\r\n[other]\naws_access_key_id=o\n"
        try await withFiles(config: config, credentials: credentials) { environment, sts in
            let found = try #require(try await profile(environment, sts).credentials())
            #expect(found.accessKey == "key" && found.secretKey.revealed == "a=b/c+")
            let two = try #require(try await profile(environment, sts, "two words").credentials())
            #expect(two.accessKey == "two" && two.secretKey.revealed == "s#1;2")
            var named = environment
            named["AWS_PROFILE"] = "two words"
            #expect(try await profile(named, sts).credentials()?.accessKey == "two")
            await #expect(throws: Failure.self) { _ = try await profile(environment, sts, "absent").credentials() }
            await #expect(throws: Failure.self) { _ = try await profile(environment, sts, "other").credentials() }
        }
        #expect(try await profile(["HOME": "/nonexistent"], FakeSTS()).credentials() == nil)
    }

    @Test func `a profile's role is assumed with its source, however long the way`() async throws {
        let config = """
            [profile a]
            role_arn = arn:aws:iam::1:role/a
            source_profile = b
            external_id = x
            role_session_name = me
            duration_seconds = 900
            [profile b]
            role_arn = arn:aws:iam::1:role/b
            source_profile = base
            [profile self]
            role_arn = arn:aws:iam::1:role/self
            source_profile = self
            aws_access_key_id = S
            aws_secret_access_key = s
            [profile placed]
            role_arn = arn:aws:iam::1:role/placed
            credential_source = Environment
            """
        let credentials = "[base]\naws_access_key_id = K\naws_secret_access_key = s\n"
        try await withFiles(config: config, credentials: credentials) { environment, sts in
            let found = try #require(try await profile(environment, sts, "a").credentials())
            #expect(found.accessKey == "key of arn:aws:iam::1:role/a")
            #expect(found.expiresAt == Timestamp(millisecondsSince1970: 1_767_229_200_250))
            let calls = sts.calls.withLock { $0 }
            #expect(calls.map(\.accessKey) == ["K", "key of arn:aws:iam::1:role/b"])
            #expect(
                calls.last?.input == [
                    "RoleArn": "arn:aws:iam::1:role/a", "RoleSessionName": "me", "DurationSeconds": 900,
                    "ExternalId": "x",
                ])
            _ = try await profile(environment, sts, "self").credentials()
            _ = try await profile(environment, sts, "placed").credentials()
            #expect(sts.calls.withLock { $0.suffix(2).map(\.accessKey) } == ["S", "E"])
        }
    }

    @Test(arguments: ["circle", "nowhere", "unknown", "long0"])
    func `a role without a beginning is refused`(_ name: String) async throws {
        let long = (0..<10).map { "[profile long\($0)]\nrole_arn = arn:\($0)\nsource_profile = long\($0 + 1)\n" }
            .joined()
        let config = """
            [profile circle]
            role_arn = arn:1
            source_profile = circle2
            [profile circle2]
            role_arn = arn:2
            source_profile = circle
            [profile nowhere]
            role_arn = arn:3
            [profile unknown]
            role_arn = arn:4
            credential_source = Moon
            \(long)
            """
        try await withFiles(config: config, credentials: "") { environment, sts in
            await #expect(throws: Failure.self) { _ = try await profile(environment, sts, name).credentials() }
        }
    }

    @Test func `a web identity's token is read each time and sent unsigned`() async throws {
        try await withFolder { folder in
            let file = folder.appendingPathComponent("token")
            let sts = FakeSTS()
            let environment = ["AWS_WEB_IDENTITY_TOKEN_FILE": file.path, "AWS_ROLE_ARN": "arn:r"]
            let provider = try #require(WebIdentityProvider(environment: environment, sts: sts.client(nil)))
            await #expect(throws: Failure.self) { _ = try await provider.credentials() }
            for token in ["one", "two"] {
                try Data("\(token)\n".utf8).write(to: file)
                #expect(try await provider.credentials()?.accessKey == "key of arn:r")
                let call = try #require(sts.calls.withLock { $0.last })
                #expect(call.operation == "AssumeRoleWithWebIdentity" && call.accessKey == nil)
                #expect(call.input["WebIdentityToken"]?.text == token)
            }
            #expect(WebIdentityProvider(environment: ["AWS_ROLE_ARN": "arn:r"], sts: sts) == nil)
        }
    }

    @Test func `a session name is made fit`() {
        #expect(AssumedRole.sessionName(from: "mooring prod/ü") == "mooring-prod--")
        #expect(AssumedRole.sessionName(from: String(repeating: "x", count: 100)).count == 64)
        #expect(AssumedRole.sessionName(from: "x") == "mooring")
    }

    @Test(arguments: [
        ("http://127.0.0.1:99/x", true), ("http://127.9.9.9/x", true), ("http://localhost/x", true),
        ("https://example.com/x", true),
        ("http://169.254.170.2/x", true), ("http://169.254.170.23/x", true), ("http://[::1]:80/x", true),
        ("http://[fd00:ec2::23]/x", true), ("http://example.com/x", false), ("http://127.0.0.1.example.com/x", false),
        ("http://169.254.169.254/x", false), ("http://127.0.0.1@example.com/x", false), ("http://[fd00::1]/x", false),
        ("http://127.0.0.256/", false), ("ftp://127.0.0.1/", false), ("", false),
    ])
    func `a container's full URI must be https or this machine`(_ url: String, _ isAllowed: Bool) {
        #expect(ContainerProvider.isAllowed(url) == isAllowed)
    }

    private let document = """
        {"AccessKeyId":"A","SecretAccessKey":"S","Token":"T","Expiration":"2026-01-01T06:00:00Z","RoleArn":"arn:x"}
        """

    @Test func `the container's endpoint is asked with the token in its file, again after a failure`() async throws {
        let document = document
        let answers = Mutex(0)
        try await withLoopbackServer({ connection in
            while connection.readRequest() != nil {
                let isFirst = answers.withLock { count in
                    count += 1
                    return count == 1
                }
                if isFirst { connection.respond("500 Oops") } else { connection.respond(body: document) }
            }
        }) { server in
            try await withFolder { folder in
                let file = folder.appendingPathComponent("token")
                try Data("Bearer abc\r\n".utf8).write(to: file)
                let clock = ManualClock()
                let environment = [
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/creds?id=1",
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file.path,
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "not this",
                ]
                let provider = ContainerProvider(environment: environment, http: try HTTPClient(), clock: clock)
                let task = Task { try await provider.credentials() }
                await clock.sleepers()
                clock.advance(by: Limits.metadataDelay)
                let found = try #require(try await task.value)
                #expect(
                    found.accessKey == "A" && found.secretKey.revealed == "S" && found.sessionToken?.revealed == "T")
                #expect(found.expiresAt == Timestamp(millisecondsSince1970: 1_767_247_200_000))
                let request = try #require(server.requests.last)
                #expect(request.line == "GET /creds?id=1 HTTP/1.1")
                #expect(request.header("authorization") == "Bearer abc")
                try Data("Bearer\r\nX-Evil: 1".utf8).write(to: file)
                await #expect(throws: Failure.self) { _ = try await provider.credentials() }
            }
        }
    }

    @Test func `without an address there is no container, and a strange one is refused`() async throws {
        let http = try HTTPClient()
        func provider(_ environment: [String: String]) -> ContainerProvider {
            ContainerProvider(environment: environment, http: http, clock: ManualClock())
        }
        #expect(try await provider([:]).credentials() == nil)
        await #expect(throws: Failure.self) {
            _ = try await provider(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": ".example.com/x"]).credentials()
        }
        await #expect(throws: Failure.self) {
            _ = try await provider(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/"]).credentials()
        }
    }

    @Test func `the instance's metadata is asked by version 2`() async throws {
        let document = document
        let metadata: LoopbackServer.Handler = { connection in
            while let request = connection.readRequest() {
                let hasToken = request.header("x-aws-ec2-metadata-token") == "tok"
                switch request.line {
                case "PUT /latest/api/token HTTP/1.1"
                where request.header("x-aws-ec2-metadata-token-ttl-seconds") == "21600":
                    connection.respond(body: "tok")
                case "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" where hasToken:
                    connection.respond(body: "my-role")
                case "GET /latest/meta-data/iam/security-credentials/my-role HTTP/1.1" where hasToken:
                    connection.respond(body: document)
                default: connection.respond("401 Unauthorized")
                }
            }
        }
        try await withLoopbackServer(metadata) { server in
            var environment = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url + "/"]
            let http = try HTTPClient()
            func credentials() async throws -> Credentials? {
                try await InstanceMetadataProvider(environment: environment, http: http, clock: ManualClock())
                    .credentials()
            }
            let found = try #require(try await credentials())
            #expect(found.accessKey == "A" && found.mayOutliveExpiry)
            environment["AWS_EC2_METADATA_DISABLED"] = "true"
            #expect(try await credentials() == nil)
            environment = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"]
            #expect(try await credentials() == nil)
        }
    }

    @Test func `the first place with credentials wins, and a broken one is not passed over`() async throws {
        let good = StaticProvider(Credentials(accessKey: "G", secretKey: Secret("s"), source: "test"))
        let empty = EnvironmentProvider(environment: [:])
        let broken = EnvironmentProvider(environment: ["AWS_ACCESS_KEY_ID": "a"])
        #expect(try await ProviderChain([empty, good, broken]).credentials()?.accessKey == "G")
        #expect(try await ProviderChain([empty]).credentials() == nil)
        await #expect(throws: Failure.self) { _ = try await ProviderChain([broken, good]).credentials() }
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00Z", 1_767_225_600_000), ("2024-02-29T23:59:59.5Z", 1_709_251_199_500),
        ("1970-01-01T00:00:00+00:00", 0), ("2026-01-01T02:00:00+02:00", 1_767_225_600_000),
        ("2025-12-31T19:00:00.123456-05:00", 1_767_225_600_123),
    ])
    func `expiry times are read`(_ text: String, _ milliseconds: Int64) {
        #expect(RFC3339.timestamp(text)?.millisecondsSince1970 == milliseconds)
    }

    @Test(arguments: [
        "", "2026-01-01", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z",
        "x026-01-01T00:00:00Z",
    ])
    func `what is no time is refused`(_ text: String) { #expect(RFC3339.timestamp(text) == nil) }
}
