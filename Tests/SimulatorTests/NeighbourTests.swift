import MooringShapes
import Testing

@testable import MooringSimulator

/// What the operations around services keep, on the virtual clock.
@Suite struct NeighbourTests {
    // MARK: Things that must exist

    /// Source of the forms: API reference, Secret `valueFrom`, LogConfiguration `awslogs-group`, `executionRoleArn`.
    @Test func `what does not exist is told only where the scenario is strict`() throws {
        var bench = Bench()
        try bench.call("CreateLogGroup", #"{"logGroupName":"/ecs/web"}"#, api: .logs)
        let secret = try bench.call("CreateSecret", #"{"Name":"db","SecretString":"x"}"#, api: .secretsManager)
        let arn = try #require(secret["ARN"]?.text)
        try bench.call("PutParameter", #"{"Name":"/a","Value":"b","Type":"String"}"#, api: .ssm)
        try bench.call("CreateRole", #"{"RoleName":"task","AssumeRolePolicyDocument":"{}"}"#, api: .iam)
        try bench.call("CreateRepository", #"{"repositoryName":"web"}"#, api: .ecr)
        try bench.call("PutImage", #"{"repositoryName":"web","imageManifest":"{}","imageTag":"1"}"#, api: .ecr)
        let host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
        let cases: [(Strictness.Kind, String, Bool)] = [
            (.logGroups, "/ecs/web", true), (.logGroups, "/ecs/other", false),
            (.secrets, arn, true), (.secrets, arn + ":key:AWSCURRENT:", true),
            (.secrets, String(arn.dropLast(7)), true),
            (.secrets, "db", true), (.secrets, arn + "x", false),
            (.parameters, "/a", true), (.parameters, "arn:aws:ssm:eu-central-1:123456789012:parameter/a", true),
            (.parameters, "/b", false),
            (.roles, "arn:aws:iam::123456789012:role/task", true), (.roles, "arn:aws:iam::123456789012:role/x", false),
            (.images, host + "/web:1", true), (.images, host + "/web", false), (.images, host + "/api:1", false),
            (.images, "nginx", true), (.targetGroups, Bench.group, false),
        ]
        for (kind, name, expected) in cases {
            let world = try #require(bench.ecs.world(account: "123456789012", region: "eu-central-1"))
            #expect(world.exists(kind, name) == nil)
            var strict = world
            strict.scenario.strict = Strictness([kind])
            #expect(strict.exists(kind, name) == expected, "\(kind) \(name)")
        }
    }

    @Test func `a scenario says what must exist, and what is measured`() throws {
        let document = try JSONReader.value(
            of: #"{"strict":["logGroups","secrets"],"metrics":[{"metric":"m","load":400,"fromSeconds":5}]}"#)
        let scenario = try ScenarioReader.scenario(of: document, start: 1000)
        #expect(scenario.strict == Strictness([.logGroups, .secrets]))
        #expect(scenario.metrics == [MetricRule(metric: "m", reading: .load(400), from: 6000)])
        let all = try ScenarioReader.scenario(of: try JSONReader.value(of: #"{"strict":true}"#), start: 0)
        #expect(all.strict == Strictness(Strictness.Kind.allCases))
        for bad in [
            #"{"strict":["moons"]}"#, #"{"metrics":[{"metric":"m"}]}"#, #"{"metrics":[{"metric":"m","value":-1}]}"#,
        ] {
            #expect(throws: ScenarioError.self) {
                try ScenarioReader.scenario(of: try JSONReader.value(of: bad), start: 0)
            }
        }
    }

    // MARK: Images

    /// Source: API reference, ContainerImage: the digest that was established first is what later tasks run, too.
    @Test func `a service revision and its tasks keep the image that its tag stood for`() throws {
        var bench = Bench()
        let host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
        try bench.call("CreateRepository", #"{"repositoryName":"web"}"#, api: .ecr)
        func push(_ manifest: String) throws -> String {
            let image = try bench.call(
                "PutImage", #"{"repositoryName":"web","imageManifest":"\#(manifest)","imageTag":"v1"}"#, api: .ecr)
            return try #require(image["image"]?["imageId"]?["imageDigest"]?.text)
        }
        /// What the newest service revision names, and what its tasks run.
        func resolved() throws -> Set<String> {
            let service = try bench.describe("web")
            let arn = try #require(service["currentServiceRevisions"]?[0]?["arn"]?.text)
            let revisions = try bench.call("DescribeServiceRevisions", #"{"serviceRevisionArns":["\#(arn)"]}"#)
            let listed = try bench.call("ListTasks", #"{"serviceName":"web"}"#)["taskArns"]?.elements ?? []
            let tasks =
                try bench.call(
                    "DescribeTasks", JSONWriter(.canonical).text(of: ["tasks": .list(listed)]))["tasks"]?.elements ?? []
            #expect(tasks.count == 1)
            let images = revisions["serviceRevisions"]?[0]?["containerImages"]?.elements ?? []
            return Set((images + tasks.compactMap { $0["containers"]?[0] }).compactMap { $0["imageDigest"]?.text })
        }
        let first = try push("one")
        try bench.register(image: "\(host)/web:v1")
        try bench.call("CreateService", #"{"serviceName":"web","taskDefinition":"web","desiredCount":1}"#)
        bench.wait(seconds: 300)
        #expect(try resolved() == [first])
        let second = try push("two")
        bench.wait(seconds: 60)
        #expect(first != second)
        #expect(try resolved() == [first])
        try bench.call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#)
        bench.wait(seconds: 900)
        #expect(try resolved() == [second])
    }

    // MARK: Target groups

    /// Source: API reference, CreateTargetGroup: "If you attempt to create multiple target groups with the same settings, each
    /// call succeeds."
    @Test func `a target group made twice alike is the same one, and made otherwise a clash`() throws {
        var bench = Bench()
        func make(_ members: String) throws -> String? {
            let answer = try bench.call(
                "CreateTargetGroup", #"{"Name":"web"\#(members)}"#, api: .elasticLoadBalancing)
            return answer["TargetGroups"]?[0]?["TargetGroupArn"]?.text
        }
        let settings = #","Protocol":"HTTP","Port":8080,"VpcId":"vpc-1","TargetType":"ip""#
        let arn = try #require(try make(settings))
        #expect(try make(settings) == arn)
        #expect(try make(settings + #","HealthCheckPath":"/""#) == arn, "what is said is the default")
        for other in [settings.replacing("8080", with: "8081"), settings + #","HealthCheckPath":"/up""#] {
            let clash = try bench.refusal(
                "CreateTargetGroup", #"{"Name":"web"\#(other)}"#, api: .elasticLoadBalancing)
            #expect(clash.code == "DuplicateTargetGroupName")
        }
        let all = try bench.call("DescribeTargetGroups", "{}", api: .elasticLoadBalancing)["TargetGroups"]
        #expect(all?.elements?.count == 1)
    }

    // MARK: Tasks

    @Test func `protection ends by itself`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 1)
        try bench.wait(until: \.isCompleted, limit: 300)
        let task = try #require(try bench.call("ListTasks", "{}")["taskArns"]?[0]?.text)
        let request = #"{"cluster":"default","tasks":["\#(task)"]"#
        let answer = try bench.call(
            "UpdateTaskProtection", request + #","protectionEnabled":true,"expiresInMinutes":10}"#)
        let expiry = try #require(answer["protectedTasks"]?[0]?["expirationDate"]?.double)
        #expect(expiry == Double(bench.now) / 1000 + 600)
        bench.wait(seconds: 599)
        #expect(
            try bench.call("GetTaskProtection", request + "}")["protectedTasks"]?[0]?["protectionEnabled"]?.boolean
                == true)
        bench.wait(seconds: 1)
        let ended = try bench.call("GetTaskProtection", request + "}")["protectedTasks"]?[0]
        #expect(ended?["protectionEnabled"]?.boolean == false)
        #expect(ended?["expirationDate"] == nil)
        // Two hours where nothing is said. Source: API reference, UpdateTaskProtection `expiresInMinutes`.
        let long = try bench.call("UpdateTaskProtection", request + #","protectionEnabled":true}"#)
        #expect(long["protectedTasks"]?[0]?["expirationDate"]?.double == Double(bench.now) / 1000 + 7200)
    }

    // MARK: Revisions

    @Test func `a deleted revision stays until nothing uses it`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 1)
        try bench.wait(until: \.isCompleted, limit: 300)
        try bench.call("DeregisterTaskDefinition", #"{"taskDefinition":"web:1"}"#)
        try bench.call("DeleteTaskDefinitions", #"{"taskDefinitions":["web:1"]}"#)
        #expect(try bench.refusal("RunTask", #"{"taskDefinition":"web:1"}"#).message == "TaskDefinition is inactive")
        bench.wait(seconds: 3600)
        let used = try bench.call("DescribeTaskDefinition", #"{"taskDefinition":"web:1"}"#)["taskDefinition"]
        #expect(used?["status"]?.text == "DELETE_IN_PROGRESS")
        try bench.call("DeleteService", #"{"service":"web","force":true}"#)
        bench.wait(seconds: 3600)
        let error = try bench.refusal("DescribeTaskDefinition", #"{"taskDefinition":"web:1"}"#)
        #expect(error.message == "Unable to describe task definition.")
        #expect(try bench.call("ListTaskDefinitionFamilies", #"{"status":"ALL"}"#)["families"] == [])
        // Its number is never used again.
        #expect(try bench.register(image: "web:2").hasSuffix("web:2"))
    }

    // MARK: What is served

    @Test func `every operation with a shape is answered`() {
        let unanswered = Operation.API.allCases.flatMap { api in
            InputShapes.table(of: api).operations.map { Operation(api, $0) }
        }.filter { !LocalECS.operations.contains($0) }
        #expect(unanswered == [])
    }
}
