import MooringAWS
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringShapes
import MooringTestSupport
import Testing

/// Against moto in a process of its own, with its checks of signatures, tokens and policies switched on.
@Suite(.timeLimit(.minutes(2))) struct MotoTests {
    /// Five requests are free and make a user with keys and a role; from then on every request is checked.
    private let program = """
        import json, os, signal
        os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "5"
        import boto3
        from moto.server import ThreadedMotoServer
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        port = server.get_host_and_port()[1]
        iam = boto3.client("iam", region_name="us-east-1", endpoint_url="http://127.0.0.1:%d" % port,
            aws_access_key_id="x", aws_secret_access_key="y")
        policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["ecs:*", "sts:*",
            "elasticloadbalancing:*", "logs:*", "ssm:*"], "Resource": "*"}]})
        trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"AWS": "*"}}]})
        iam.create_user(UserName="mooring")
        iam.put_user_policy(UserName="mooring", PolicyName="all", PolicyDocument=policy)
        key = iam.create_access_key(UserName="mooring")["AccessKey"]
        iam.create_role(RoleName="deployer", AssumeRolePolicyDocument=trust)
        iam.put_role_policy(RoleName="deployer", PolicyName="all", PolicyDocument=policy)
        print("ready", port, key["AccessKeyId"], key["SecretAccessKey"], flush=True)
        signal.pause()
        """

    private let http: HTTPClient
    private let clock = ManualClock(runsAhead: true)

    init() throws { http = try HTTPClient() }

    private func client(_ url: String, _ provider: any CredentialsProvider) throws -> LiveAWSClient {
        var options = HTTPOptions()
        options.proxy = .direct
        return LiveAWSClient(
            LiveAWSClient.Parts(
                region: try Region("eu-central-1"), endpoints: Endpoints(environment: ["AWS_ENDPOINT_URL": url]),
                credentials: CachingCredentials(provider: provider, clock: clock), http: http, clock: clock,
                budget: SharedBudget(), options: options, seed: 1,
            ))
    }

    private func keys(_ server: PythonServer) throws -> EnvironmentProvider {
        try #require(server.words.count == 2)
        return EnvironmentProvider(
            environment: ["AWS_ACCESS_KEY_ID": server.words[0], "AWS_SECRET_ACCESS_KEY": server.words[1]],
        )
    }

    @Test func `signed calls of both protocols are accepted, with awkward bytes too`() async throws {
        try await withPythonServer(program) { server in
            let aws = try client(server.url, try keys(server))
            let identity = try await aws.call(APICall(.sts, "GetCallerIdentity", [:]))
            #expect(identity["Arn"]?.text == "arn:aws:iam::123456789012:user/mooring")
            _ = try await aws.call(APICall(.ecs, "CreateCluster", ["clusterName": "production"]))
            let definition: Value = [
                "family": "web", "tags": [["key": "note", "value": "é & <b> \"+%= 😀"]],
                "containerDefinitions": [
                    ["name": "web", "image": "nginx:1", "memory": 64, "command": ["sh", "-c", "echo 'ü'\n"]]
                ],
            ]
            let registered = try await aws.call(APICall(.ecs, "RegisterTaskDefinition", definition))
            let arn = try #require(registered["taskDefinition"]?["taskDefinitionArn"]?.text)
            #expect(arn.hasSuffix("task-definition/web:1"))
            let described = try await aws.call(
                APICall(.ecs, "DescribeTaskDefinition", ["taskDefinition": .string(arn), "include": ["TAGS"]]))
            #expect(described["taskDefinition"]?["containerDefinitions"]?[0]?["command"]?[2]?.text == "echo 'ü'\n")
            #expect(described["tags"]?[0]?["value"]?.text == "é & <b> \"+%= 😀")
            let service: Value = [
                "cluster": "production", "serviceName": "web", "taskDefinition": .string(arn), "desiredCount": 2,
            ]
            let created = try await aws.call(APICall(.ecs, "CreateService", service))
            #expect(created["service"]?["desiredCount"]?.integer == 2)
            _ = try await aws.call(
                APICall(.ecs, "UpdateService", ["cluster": "production", "service": "web", "desiredCount": 3]))
            let found = try await aws.call(
                APICall(.ecs, "DescribeServices", ["cluster": "production", "services": ["web", "absent"]]))
            #expect(found["services"]?[0]?["desiredCount"]?.integer == 3)
            #expect(found["failures"]?[0]?["reason"]?.text == "MISSING")
            let groups = try await aws.call(
                APICall(.elasticLoadBalancing, "DescribeLoadBalancers", ["PageSize": 10]))
            #expect(groups["LoadBalancers"]?.text == "" || groups["LoadBalancers"]?.elements?.isEmpty == true)
            _ = try await aws.call(APICall(.logs, "CreateLogGroup", ["logGroupName": "/mooring/web"]))
            let logs = try await aws.call(APICall(.logs, "DescribeLogGroups", ["logGroupNamePrefix": "/mooring"]))
            #expect(logs["logGroups"]?[0]?["logGroupName"]?.text == "/mooring/web")

            // Parameters in the form that variables of manifests are read in.
            for (name, type) in [("/net/a", "String"), ("/key", "SecureString"), ("/list", "StringList")] {
                let input: Value = ["Name": .string(name), "Value": "one,two", "Type": .string(type)]
                _ = try await aws.call(APICall(.ssm, "PutParameter", input))
            }
            let names: Value = ["/net/a", "/key", "/list", "/none", "/net/a:1"]
            let parameters = try await aws.call(
                APICall(.ssm, "GetParameters", ["Names": names, "WithDecryption": false]))
            let read = try #require(parameters["Parameters"]?.elements)
            for (name, type) in [("/net/a", "String"), ("/key", "SecureString"), ("/list", "StringList")] {
                let parameter = try #require(read.first { $0["Name"]?.text == name })
                #expect(parameter["Type"]?.text == type)
                #expect((parameter["Value"]?.text == "one,two") == (type != "SecureString"))
                #expect(parameter["ARN"]?.text == "arn:aws:ssm:eu-central-1:123456789012:parameter\(name)")
            }
            #expect(parameters["InvalidParameters"] == ["/none"])

            let missing = try await #require(throws: Failure.self) {
                _ = try await aws.call(
                    APICall(.ecs, "UpdateService", ["cluster": "production", "service": "absent", "desiredCount": 1]))
            }
            #expect(missing.code == "ServiceNotFoundException")
            let denied = try await #require(throws: Failure.self) {
                _ = try await aws.call(APICall(.secretsManager, "DescribeSecret", ["SecretId": "x"]))
            }
            #expect(denied.code.rawValue.hasPrefix("AccessDenied") && denied.disposition == .stalled)
        }
    }

    @Test func `a wrong secret is refused, and said once more after fresh credentials`() async throws {
        try await withPythonServer(program) { server in
            let wrong = EnvironmentProvider(
                environment: ["AWS_ACCESS_KEY_ID": server.words[0], "AWS_SECRET_ACCESS_KEY": server.words[1] + "x"],
            )
            for service in [AWSService.ecs, .sts] {
                let operation = service == .ecs ? "ListClusters" : "GetCallerIdentity"
                let failure = try await #require(throws: Failure.self) {
                    _ = try await client(server.url, wrong).call(APICall(service, operation, [:]))
                }
                #expect(failure.code == "SignatureDoesNotMatch")
                #expect(failure.disposition == .stalled)
                #expect(!failure.remedy.isEmpty)
            }
        }
    }

    @Test func `a role is assumed, and its token is signed along`() async throws {
        try await withPythonServer(program) { server in
            let role = AssumedRole(
                arn: "arn:aws:iam::123456789012:role/deployer", externalID: "x y", sessionName: "mooring production",
            )
            let sts = try client(server.url, try keys(server))
            let assumed = AssumeRoleProvider(role: role, sts: sts)
            let aws = try client(server.url, assumed)
            let identity = try await aws.call(APICall(.sts, "GetCallerIdentity", [:]))
            #expect(
                identity["Arn"]?.text
                    == "arn:aws:sts::123456789012:assumed-role/deployer/mooring-production")
            _ = try await aws.call(APICall(.ecs, "ListClusters", [:]))

            let good = try #require(try await assumed.credentials())
            #expect(good.expiresAt != nil)
            let wrong = Credentials(
                accessKey: good.accessKey, secretKey: good.secretKey, sessionToken: Secret("wrong"), source: "test",
            )
            await #expect(throws: Failure.self) {
                _ = try await client(server.url, StaticProvider(wrong)).call(APICall(.ecs, "ListClusters", [:]))
            }
            // The same session through the container's endpoint, as a task of ECS gets it.
            let document = JSONWriter(.compact).text(
                of: [
                    "AccessKeyId": .string(good.accessKey), "SecretAccessKey": .string(good.secretKey.revealed),
                    "Token": .string(good.sessionToken?.revealed ?? ""), "Expiration": "2099-01-01T00:00:00Z",
                ])
            try await withLoopbackServer({ connection in
                while connection.readRequest() != nil { connection.respond(body: document) }
            }) { endpoint in
                let environment = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": endpoint.url + "/role"]
                let chain = StandardChain(
                    environment: environment, profile: nil, http: http, clock: clock, makeSTS: { _ in sts },
                )
                let task = try client(server.url, chain.provider)
                let identity = try await task.call(APICall(.sts, "GetCallerIdentity", [:]))
                #expect(identity["Arn"]?.text?.contains("assumed-role/deployer/") == true)
                _ = try await task.call(APICall(.ecs, "ListClusters", [:]))
                #expect(endpoint.requests.count == 1)
            }
        }
    }

    @Test func `a web identity gets a role without a signature`() async throws {
        // moto with its checks on fails on every request without a signature, so here they stay off.
        let unchecked = program.replacing("INITIAL_NO_AUTH_ACTION_COUNT", with: "UNUSED")
        try await withPythonServer(unchecked) { server in
            var options = HTTPOptions()
            options.proxy = .direct
            let unsigned = LiveAWSClient(
                LiveAWSClient.Parts(
                    region: try Region("eu-central-1"),
                    endpoints: Endpoints(environment: ["AWS_ENDPOINT_URL": server.url]), credentials: nil, http: http,
                    clock: clock, budget: SharedBudget(), options: options, seed: 1,
                ))
            try await withTemporaryFile("token") { path in
                let environment = [
                    "AWS_WEB_IDENTITY_TOKEN_FILE": path, "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/deployer",
                ]
                let provider = try #require(WebIdentityProvider(environment: environment, sts: unsigned))
                let aws = try client(server.url, provider)
                let identity = try await aws.call(APICall(.sts, "GetCallerIdentity", [:]))
                #expect(identity["Arn"]?.text?.contains("assumed-role/deployer/mooring") == true)
            }
        }
    }
}
