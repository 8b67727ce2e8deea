import MooringShapes
import MooringSimulator
import Testing

/// Container instances: which there are, what they say of themselves, and the ports of tasks on them.
@Suite struct InstanceTests {
    private func define(_ bench: inout Bench, mappings: String, more: String = "", container: String = "") throws {
        try bench.call(
            "RegisterTaskDefinition",
            """
            {"family":"web","containerDefinitions":[{"name":"app","image":"web:1","memory":128,
            "portMappings":[\(mappings)]\(container)}]\(more)}
            """)
    }

    private func instances(_ bench: inout Bench) throws -> [Value] {
        let arns = try bench.call("ListContainerInstances", "{}")["containerInstanceArns"]?.elements ?? []
        guard !arns.isEmpty else { return [] }
        let names = JSONWriter(.compact).text(of: .list(arns))
        return try bench.call("DescribeContainerInstances", #"{"containerInstances":\#(names)}"#)["containerInstances"]?
            .elements ?? []
    }

    private func registered(_ bench: inout Bench) throws -> Int? {
        try bench.call("DescribeClusters", "{}")["clusters"]?[0]?["registeredContainerInstancesCount"]?.integer
    }

    private func tasks(_ bench: inout Bench, _ status: String = "RUNNING") throws -> [Value] {
        let arns = try bench.call("ListTasks", #"{"desiredStatus":"\#(status)"}"#)["taskArns"]?.elements ?? []
        guard !arns.isEmpty else { return [] }
        let names = JSONWriter(.compact).text(of: .list(arns))
        return try bench.call("DescribeTasks", #"{"tasks":\#(names)}"#)["tasks"]?.elements ?? []
    }

    @Test func `a cluster has no instance before a task needs one`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 0)
        bench.wait(seconds: 60)
        #expect(try registered(&bench) == 0)
        #expect(try instances(&bench).isEmpty)
        try bench.call("UpdateService", #"{"service":"web","desiredCount":2}"#)
        try bench.wait(until: { $0["runningCount"]?.integer == 2 }, limit: 120)
        #expect(try registered(&bench) == 1)
        #expect(try instances(&bench).map { $0["runningTasksCount"]?.integer } == [2])
    }

    @Test func `as many instances come as tasks need, and each says what is left of it`() throws {
        var bench = Bench()
        try define(&bench, mappings: "", container: #","cpu":40000"#)
        try bench.create(desired: 5)
        bench.wait(seconds: 120)
        let instances = try instances(&bench)
        #expect(instances.count == 3)
        #expect(try registered(&bench) == 3)
        for instance in instances {
            let count = try #require(instance["runningTasksCount"]?.integer)
            func amounts(_ name: String) -> [Int?] { (0...1).map { instance[name]?[$0]?["integerValue"]?.integer } }
            #expect(amounts("registeredResources") == [98_304, 380_928])
            #expect(amounts("remainingResources") == [98_304 - 40_000 * count, 380_928 - 128 * count])
        }
    }

    @Test func `a fixed port is on each instance once, and free when its task has gone`() throws {
        var bench = Bench()
        try define(&bench, mappings: #"{"containerPort":80,"hostPort":8080}"#)
        try bench.create(desired: 3)
        bench.wait(seconds: 120)
        let system = ["22", "2376", "2375", "51678", "51679"]
        func ports(_ instance: Value) -> [String] {
            instance["remainingResources"]?[2]?["stringSetValue"]?.elements?.compactMap(\.text) ?? []
        }
        #expect(try instances(&bench).map(ports) == Array(repeating: system + ["8080"], count: 3))
        try bench.call("UpdateService", #"{"service":"web","desiredCount":0}"#)
        bench.wait(seconds: 120)
        #expect(try instances(&bench).map(ports) == Array(repeating: system, count: 3))
    }

    @Test func `what no instance can hold is placed nowhere`() throws {
        var bench = Bench()
        try define(&bench, mappings: #"{"containerPort":80,"hostPort":22}"#)
        #expect(try bench.call("RunTask", #"{"taskDefinition":"web"}"#)["failures"]?.elements?.count == 1)
        try define(&bench, mappings: "", container: #","cpu":98305"#)
        #expect(try bench.call("RunTask", #"{"taskDefinition":"web"}"#)["failures"]?.elements?.count == 1)
        #expect(try registered(&bench) == 0)
    }

    @Test func `distinct instances come one for each task`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 3, extra: #","placementConstraints":[{"type":"distinctInstance"}]"#)
        try bench.wait(until: \.isCompleted, limit: 300)
        #expect(try instances(&bench).map { $0["runningTasksCount"]?.integer } == [1, 1, 1])
    }

    @Test func `a DAEMON gets its first instance and lets no more come`() throws {
        var bench = Bench()
        try define(&bench, mappings: "", container: #","cpu":60000"#)
        let daemon = #"{"serviceName":"agent","taskDefinition":"web","schedulingStrategy":"DAEMON"}"#
        try bench.call("CreateService", daemon)
        try bench.call("CreateService", daemon.replacing("agent", with: "more"))
        bench.wait(seconds: 600)
        #expect(try registered(&bench) == 1)
        #expect(try bench.describe("agent")["runningCount"]?.integer == 1)
        #expect(try bench.describe("more")["runningCount"]?.integer == 0)
    }

    /// Network mode, mappings, and the bindings of two tasks that run, as `hostPort>containerPort/protocol`.
    @Test(
        arguments: [
            ("", #"{"containerPort":80}"#, [["32768>80/tcp"], ["32769>80/tcp"]]),
            (
                #","networkMode":"bridge""#,
                // ECS has turned the mappings round.
                #"{"containerPort":80,"hostPort":0},{"containerPort":53,"protocol":"udp"}"#,
                [["32768>53/udp", "32769>80/tcp"], ["32770>53/udp", "32771>80/tcp"]]
            ),
            ("", #"{"containerPort":80,"hostPort":8080}"#, [["8080>80/tcp"], ["8080>80/tcp"]]),
            (#","networkMode":"host""#, #"{"containerPort":80}"#, [["80>80/tcp"], ["80>80/tcp"]]),
            (#","networkMode":"awsvpc""#, #"{"containerPort":80}"#, [[], []]),
        ] as [(String, String, [[String]])])
    func `a task that runs says what its ports are bound to`(
        mode: String, mappings: String, expected: [[String]],
    ) throws {
        var bench = Bench()
        try define(&bench, mappings: mappings, more: mode)
        let network =
            mode.contains("awsvpc")
            ? #","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"]}}"# : ""
        let answer = try bench.call("RunTask", #"{"taskDefinition":"web","count":2\#(network)}"#)
        #expect(answer["tasks"]?[0]?["containers"]?[0]?["networkBindings"] == nil)
        bench.wait(seconds: 60)
        let bindings = try tasks(&bench).map { task in
            (task["containers"]?[0]?["networkBindings"]?.elements ?? []).map { binding in
                #expect(binding["bindIP"]?.text == "0.0.0.0")
                return ["hostPort", "containerPort", "protocol"].map { binding[$0]?.text ?? "?" }
            }
            .map { "\($0[0])>\($0[1])/\($0[2])" }
        }
        #expect(bindings.sorted { $0.description < $1.description } == expected)
    }

    @Test func `a chosen port stands in no list of reserved ones`() throws {
        var bench = Bench()
        try define(&bench, mappings: #"{"containerPort":80},{"containerPort":53,"hostPort":53,"protocol":"udp"}"#)
        try bench.call("RunTask", #"{"taskDefinition":"web"}"#)
        let resources = try instances(&bench)[0]["remainingResources"]
        #expect(resources?[2]?["stringSetValue"]?.elements?.count == 5)
        #expect(resources?[3]?["stringSetValue"] == ["53"])
    }
}
