import MooringShapes
import MooringSimulator
import Testing

@Suite struct TimelineTests {
    private func bench(_ json: String, clusters: [String] = ["default"]) throws -> Bench {
        var bench = Bench(clusters: clusters)
        bench.ecs.scenario = try ScenarioReader.scenario(of: JSONReader.value(of: json), start: bench.now)
        return bench
    }

    @Test func `what happens when does so whether anybody calls or not`() throws {
        var bench = try bench(#"{"timeline":[{"at":"200s","scale":"web","to":5},{"at":"201s","stopTasks":"web"}]}"#)
        try bench.register(image: "web:1")
        try bench.create()
        bench.wait(seconds: 1000)
        #expect(try bench.describe()["desiredCount"]?.integer == 5)
        #expect(try bench.describe()["runningCount"]?.integer == 5)
        #expect(
            bench.ecs.happened.map(\.text) == [
                "Somebody calls UpdateService of web.", "Somebody stops 1 tasks of web.",
            ])
        #expect(bench.ecs.takeObjections() == [])
        #expect(bench.ecs.happened.map(\.objection) == [nil, nil])
        #expect(bench.ecs.happened.map(\.time) == [bench.now - 800_000, bench.now - 799_000])
    }

    @Test func `what cannot happen is noted with the reason`() throws {
        var bench = try bench(
            """
            {"containerInstances":1,"timeline":[{"at":1,"scale":"web","to":5},{"at":2,"stopTasks":"web"},{"at":3,"interruptSpot":"web"},
            {"at":4,"drainInstances":1,"cluster":"other"},{"at":5,"drainInstances":1},{"at":6,"loseInstances":1},
            {"at":7,"call":"StopTask","input":{"task":"gone"}}]}
            """)
        bench.wait(seconds: 10)
        #expect(
            bench.ecs.happened.map { $0.objection ?? "-" } == [
                "ServiceNotFoundException.", "There is no service web in the cluster default.",
                "There is no service web in the cluster default.", "There is no cluster other.", "-",
                "The cluster default has no ACTIVE container instance.",
                "InvalidParameterException: The referenced task was not found.",
            ])
        let told = bench.ecs.takeObjections()
        #expect(told.count == 6)
        #expect(
            told.first
                == "Somebody calls UpdateService of web in the cluster default, which fails: ServiceNotFoundException.")
        #expect(bench.ecs.takeObjections() == [])
    }

    @Test func `setup makes the world before anybody calls`() throws {
        var bench = try bench(
            """
            {"clusters":["main"],"setup":[
            {"call":"RegisterTaskDefinition","input":{"family":"web","containerDefinitions":[
            {"name":"app","image":"web:1","memory":128}]}},
            {"call":"CreateService","input":{"serviceName":"web","taskDefinition":"web","desiredCount":1}}],
            "timeline":[{"at":"5m","redeploy":"web"}]}
            """, clusters: [])
        // What lies at the start itself is past when the scenario is set later; a configuration's own is not.
        #expect(bench.ecs.happened.isEmpty)
        var configuration = bench.ecs.configuration
        configuration.region = bench.caller.region
        bench.ecs = LocalECS(configuration: configuration, seed: 1)
        bench.wait(seconds: 200)
        #expect(bench.ecs.happened.map(\.objection) == [nil, nil])
        let answer = try bench.call("DescribeServices", #"{"cluster":"main","services":["web"]}"#)
        #expect(answer["services"]?[0]?.isCompleted == true)
        #expect(answer["services"]?[0]?["createdBy"]?.text == "arn:aws:iam::123456789012:user/somebody")
        bench.wait(seconds: 101)
        let later = try bench.call("DescribeServices", #"{"cluster":"main","services":["web"]}"#)
        #expect(later["services"]?[0]?.rolloutState == "IN_PROGRESS")
    }

    @Test func `a scenario that is set later does not repeat what is past`() throws {
        var bench = try bench(#"{"timeline":[{"at":"10s","scale":"web","to":5},{"at":"1h","scale":"web","to":1}]}"#)
        try bench.register(image: "web:1")
        try bench.create()
        bench.wait(seconds: 10)
        #expect(bench.ecs.happened.count == 1)
        let scenario = bench.ecs.scenario
        bench.ecs.scenario = scenario
        bench.wait(seconds: 60)
        #expect(bench.ecs.happened.count == 1)
        bench.wait(seconds: 3600)
        #expect(try bench.describe()["desiredCount"]?.integer == 1)
    }

    @Test func `the next event time counts what the timeline holds`() throws {
        let bench = try bench(#"{"timeline":[{"at":"10s","scale":"web","to":5}]}"#)
        #expect(bench.ecs.nextEventTime == bench.now + 10_000)
    }

    @Test func `the person at the console shares the account's buckets and is not counted among the calls`() throws {
        var bench = try bench(
            #"{"throttles":true,"timeline":[{"at":1,"call":"CreateCluster","input":{"clusterName":"a"}}]}"#)
        bench.wait(seconds: 1)
        #expect(bench.ecs.callCount("CreateCluster") == 0)
        for index in 0..<19 { try bench.call("CreateCluster", #"{"clusterName":"c\#(index)"}"#) }
        #expect(throws: APIError.self) { try bench.call("CreateCluster", #"{"clusterName":"d"}"#) }
    }

    @Test func `a timeline at every moment gives the same history in one step or in many`() throws {
        func run(step: Int) throws -> String {
            var bench = try bench(
                """
                {"timeline":[{"at":61,"scale":"web","to":5},{"at":95.5,"stopTasks":"web","count":2},
                {"at":130,"loseInstances":1},{"at":135,"addInstances":2},{"at":200,"redeploy":"web"}]}
                """)
            try bench.register(image: "web:1")
            try bench.create(desired: 3, balancer: true)
            for _ in 0..<(900 / step) { bench.wait(seconds: step) }
            return JSONWriter(.compact).text(of: bench.ecs.state)
        }
        #expect(try run(step: 1) == run(step: 900))
    }
}
