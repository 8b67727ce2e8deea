import MooringShapes
import Testing

@testable import MooringSimulator

/// What keeps the local ECS from growing without end.
@Suite struct BoundsTests {
    private func world(_ bench: Bench) throws -> World {
        try #require(bench.ecs.world(account: "123456789012", region: "eu-central-1"))
    }

    @Test func `deployments without tasks go when deployments follow one another`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create()
        try bench.wait(until: \.isCompleted)
        for _ in 0..<50 {
            try bench.call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#)
            bench.wait(seconds: 1)
        }
        #expect(try bench.describe()["deployments"]?.elements?.count ?? 0 <= 20)
        #expect(try world(bench).services[0].serviceDeployments.allSatisfy { $0.sources.count <= 20 })
        try bench.wait(until: \.isStable)
    }

    @Test func `service revisions are bounded and those that run stay`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create()
        try bench.wait(until: \.isCompleted)
        let running = try world(bench).services[0].deployments[0].number
        for _ in 0..<(Limits.keptServiceRevisions + 20) {
            try bench.call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#)
        }
        let revisions = try world(bench).services[0].serviceRevisions
        #expect(revisions.count <= Limits.keptServiceRevisions + 10)
        #expect(revisions.contains { $0.number == running })
    }

    @Test func `operations that no API has are not counted`() throws {
        var bench = Bench()
        for index in 0..<3 { _ = try bench.refusal("Guess\(index)", "{}") }
        try bench.call("ListClusters", "{}")
        #expect(bench.ecs.callCounts.map(\.operation.name) == ["ListClusters"])
    }

    @Test func `expired sessions go when new ones come`() throws {
        var bench = Bench()
        let call = #"{"RoleArn":"arn:aws:iam::123456789012:role/web","RoleSessionName":"test","DurationSeconds":900}"#
        for _ in 0..<5 { try bench.call("AssumeRole", call, api: .sts) }
        #expect(bench.ecs.sessions.count == 5)
        bench.wait(seconds: 900)
        try bench.call("AssumeRole", call, api: .sts)
        #expect(bench.ecs.sessions.count == 1)
    }

    @Test func `worlds are bounded, and a region has the form of one`() throws {
        var bench = Bench()
        for index in 0..<(Limits.worlds + 3) {
            bench.caller = Caller(account: "123456789012", region: "eu-central-\(index)")
            _ = try? bench.call("ListClusters", "{}")
        }
        #expect(bench.ecs.allWorlds.count == Limits.worlds)
        #expect(Caller.isRegion("us-gov-west-1"))
        for text in ["", "EU", "eu central", "eu/1", String(repeating: "a", count: 33)] {
            #expect(!Caller.isRegion(text))
        }
    }

    @Test func `a log stream keeps so many bytes`() throws {
        var bench = Bench()
        try bench.call("CreateLogGroup", #"{"logGroupName":"g"}"#, api: .logs)
        try bench.call("CreateLogStream", #"{"logGroupName":"g","logStreamName":"s"}"#, api: .logs)
        let message = String(repeating: "x", count: 200_000)
        for _ in 0..<60 {
            try bench.call(
                "PutLogEvents",
                #"{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"\#(message)"}]}"#,
                api: .logs)
        }
        #expect(try world(bench).neighbours.logs.groups[0].streams[0].events.count == Limits.logStreamBytes / 200_026)
    }

    @Test func `old versions of parameters and secrets are forgotten, the newest keep their numbers`() throws {
        var bench = Bench()
        try bench.call("CreateSecret", #"{"Name":"s","SecretString":"0"}"#, api: .secretsManager)
        for index in 1...(Limits.parameterVersions + 5) {
            try bench.call(
                "PutParameter", #"{"Name":"/a","Value":"\#(index)","Type":"String","Overwrite":true}"#, api: .ssm)
            try bench.call("PutSecretValue", #"{"SecretId":"s","SecretString":"\#(index)"}"#, api: .secretsManager)
        }
        let newest = try bench.call("GetParameter", #"{"Name":"/a"}"#, api: .ssm)["Parameter"]
        #expect(newest?["Version"]?.integer == Limits.parameterVersions + 5)
        #expect(newest?["Value"]?.text == "105")
        #expect(try bench.call("GetParameter", #"{"Name":"/a:6"}"#, api: .ssm)["Parameter"]?["Value"]?.text == "6")
        _ = try bench.refusal("GetParameter", #"{"Name":"/a:5"}"#, api: .ssm)
        let secrets = try world(bench).neighbours.secrets.secrets[0]
        #expect(secrets.versions.count == Limits.secretVersions)
        #expect(
            try bench.call("GetSecretValue", #"{"SecretId":"s"}"#, api: .secretsManager)["SecretString"]?.text == "105")
        let long = String(repeating: "x", count: Limits.secretBytes + 1)
        _ = try bench.refusal("PutSecretValue", #"{"SecretId":"s","SecretString":"\#(long)"}"#, api: .secretsManager)
    }

    // MARK: Forms

    @Test(arguments: [
        (-1, "-0.001"), (-1500, "-1.5"), (-2000, "-2"), (Int64.min, "-9223372036854775.808"), (1500, "1.5"),
    ])
    func `times before 1970 are numbers of JSON`(milliseconds: Int64, text: String) {
        #expect(Value.timestamp(milliseconds).text == text)
    }

    @Test func `a scheduled action does not begin before 1970`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create()
        let key =
            #""ServiceNamespace":"ecs","ResourceId":"service/default/web","#
            + #""ScalableDimension":"ecs:service:DesiredCount""#
        try bench.call(
            "RegisterScalableTarget", "{\(key),\"MinCapacity\":1,\"MaxCapacity\":4}", api: .applicationAutoScaling)
        let error = try bench.refusal(
            "PutScheduledAction",
            """
            {\(key),"ScheduledActionName":"a","Schedule":"rate(1 hour)","StartTime":-1.5,
            "ScalableTargetAction":{"MinCapacity":2}}
            """, api: .applicationAutoScaling)
        #expect(error.code == "ValidationException")
    }

    @Test func `an instance says what placement counts, its own ports and when it came`() throws {
        var scenario = Scenario()
        scenario.instances = [InstanceRule(cpu: 2048, memory: 4096, ports: [8080])]
        var bench = Bench(scenario)
        try bench.call(
            "RegisterTaskDefinition",
            """
            {"family":"web","cpu":"512","memory":"1024","containerDefinitions":[{"name":"app","image":"web:1",
            "portMappings":[{"containerPort":80,"hostPort":80}]}]}
            """)
        try bench.call("RunTask", #"{"taskDefinition":"web"}"#)
        let arn = try #require(try bench.call("ListContainerInstances", "{}")["containerInstanceArns"]?[0]?.text)
        let instance = try bench.call("DescribeContainerInstances", #"{"containerInstances":["\#(arn)"]}"#)[
            "containerInstances"]?[0]
        let remaining = instance?["remainingResources"]
        #expect(remaining?[0]?["integerValue"]?.integer == 1536)
        #expect(remaining?[1]?["integerValue"]?.integer == 3072)
        #expect(remaining?[2]?["stringSetValue"] == ["22", "2376", "2375", "51678", "51679", "8080", "80"])
        #expect(
            instance?["registeredResources"]?[2]?["stringSetValue"] == ["22", "2376", "2375", "51678", "51679", "8080"])
        bench.wait(seconds: 60)
        bench.ecs.scenario.instances[0].count = 2
        let later = try #require(try bench.call("ListContainerInstances", "{}")["containerInstanceArns"]?[1]?.text)
        let second = try bench.call("DescribeContainerInstances", #"{"containerInstances":["\#(later)"]}"#)
        #expect(second["containerInstances"]?[0]?["registeredAt"] == .timestamp(bench.now))
    }

    @Test func `a scalable target is found after others have gone`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        func key(_ name: String) -> String {
            #""ServiceNamespace":"ecs","ResourceId":"service/default/\#(name)","#
                + #""ScalableDimension":"ecs:service:DesiredCount""#
        }
        for name in ["a", "b", "c"] {
            try bench.create(name)
            try bench.call(
                "RegisterScalableTarget", "{\(key(name)),\"MinCapacity\":1,\"MaxCapacity\":4}",
                api: .applicationAutoScaling)
        }
        try bench.call("DeregisterScalableTarget", "{\(key("b"))}", api: .applicationAutoScaling)
        let world = try world(bench)
        #expect((0...4).map { world.targetPosition(numbered: $0) } == [nil, 0, nil, 1, nil])
    }
}
