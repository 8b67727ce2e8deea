import Foundation
import MooringShapes
import MooringSimulator
import Testing

/// One seed, one input, one history: on every machine, in debug and in release, whatever the hash seeds of the process.
///
/// `Tests/run` runs this suite in both builds. The digests below are of a history that was once looked at; where the engine
/// is changed on purpose they change with it, and the test says to what.
@Suite struct SeededWorldTests {
    /// What a run is reduced to: a digest for each part, so that a difference says where it is.
    struct Digests: Equatable, CustomStringConvertible {
        var answers: String
        var events: String
        var records: String
        var tasks: String
        var happened: String

        var description: String {
            "answers \(answers), events \(events), records \(records), tasks \(tasks), happened \(happened)"
        }
    }

    private static let scenario = """
        {"clusters":["main"],"throttles":true,"readLag":[0,2500],
        "timing":{"startJitter":9000},
        "instances":[{"count":3,"cpu":4096,"memory":8192,"networkInterfaces":20}],
        "images":[{"image":"*:bad","cannotPull":true},{"image":"*:crash","crashes":{"exitCode":3,"after":"7s"}},
        {"image":"*:fat","outOfMemory":true},{"image":"*:sick","neverHealthy":true},
        {"image":"*:slow","slow":{"start":"40s","healthy":"10s","stop":"9s"}}],
        "capacity":[{"provider":"FARGATE_SPOT","from":"20m","until":"30m"}],
        "alarms":[{"name":"errors","from":"16m","for":"2m"}],
        "faults":[{"operation":"*","perMille":30,"fault":"throttle"},
        {"operation":"UpdateService","perMille":100,"fault":"lostResponse"},
        {"operation":"DescribeServices","perMille":50,"fault":"serverError","status":503}],
        "timeline":[{"at":"5m","scale":"s0","to":5},{"at":"6m","stopTasks":"s1","count":2},
        {"at":"12m","loseInstances":1},{"at":"14m","addInstances":1},{"at":"19m","interruptSpot":"spot","count":2},
        {"at":"25m","redeploy":"s2"},{"at":"40m","delete":"s3"},{"at":"41m","drainInstances":1}]}
        """

    // Members of a service and of a task definition.
    private static let balancer = """
        ,"loadBalancers":[{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/\
        0123456789abcdef","containerName":"app","containerPort":80}]
        """
    private static let fargate =
        #","networkMode":"awsvpc","cpu":"256","memory":"512","requiresCompatibilities":["FARGATE"]"#
    private static let network = #","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"]}}"#

    /// The script: what a client does, whatever it is answered.
    private static func requests() -> [(wait: Int64, operation: String, body: String)] {
        var requests: [(Int64, String, String)] = []
        func add(_ wait: Int64, _ operation: String, _ body: String) { requests.append((wait, operation, body)) }
        for index in 0..<6 {
            add(700, "RegisterTaskDefinition", definition("f\(index)", "web:1"))
            let balanced = index % 2 == 0 ? balancer : ""
            add(
                1300, "CreateService",
                """
                {"cluster":"main","serviceName":"s\(index)","taskDefinition":"f\(index)","desiredCount":\(1 + index),
                "deploymentConfiguration":{"deploymentCircuitBreaker":{"enable":true,"rollback":true},
                "alarms":{"alarmNames":["errors"],"enable":\(index == 4),"rollback":true}}\(balanced)}
                """)
        }
        add(900, "RegisterTaskDefinition", definition("spot", "web:1", fargate))
        add(
            900, "CreateService",
            """
            {"cluster":"main","serviceName":"spot","taskDefinition":"spot","desiredCount":4\(network),
            "capacityProviderStrategy":[{"capacityProvider":"FARGATE","base":1,"weight":1},
            {"capacityProvider":"FARGATE_SPOT","weight":3}]}
            """)
        add(900, "RegisterTaskDefinition", definition("agent", "agent:1"))
        add(
            900, "CreateService",
            #"{"cluster":"main","serviceName":"agent","taskDefinition":"agent","schedulingStrategy":"DAEMON"}"#)
        for (wave, tags) in [["2", "bad", "crash", "sick", "2", "slow"], ["fat", "2", "2", "2", "3", "bad"]]
            .enumerated()
        {
            for (index, tag) in tags.enumerated() {
                add(
                    wave == 0 && index == 0 ? 600_000 : 11_000, "RegisterTaskDefinition",
                    definition("f\(index)", "web:\(tag)"))
                add(1700, "UpdateService", #"{"cluster":"main","service":"s\#(index)","taskDefinition":"f\#(index)"}"#)
                add(2300, "DescribeServices", #"{"cluster":"main","services":["s\#(index)","spot","agent"]}"#)
                add(100, "ListTasks", #"{"cluster":"main","serviceName":"s\#(index)","desiredStatus":"STOPPED"}"#)
            }
            add(900_000, "ListServices", #"{"cluster":"main"}"#)
        }
        add(1_800_000, "DescribeClusters", #"{"clusters":["main"],"include":["TAGS","SETTINGS"]}"#)
        return requests
    }

    private static func definition(_ family: String, _ image: String, _ extra: String = "") -> String {
        """
        {"family":"\(family)","containerDefinitions":[{"name":"app","image":"\(image)","memory":128,"cpu":64,
        "portMappings":[{"containerPort":80}],"environment":[{"name":"B","value":"1"},{"name":"A","value":"2"}]}]\(extra)}
        """
    }

    private static func fold(_ hash: inout UInt64, _ bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }

    private static func digest(of parts: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for part in parts { fold(&hash, part.utf8 + [10]) }
        return String(hash, radix: 16)
    }

    /// Plays the script against a world of this seed.
    private static func history(seed: UInt64) throws -> Digests {
        let start: Int64 = 1_767_225_600_000
        var configuration = LocalECS.Configuration()
        configuration.scenario = try ScenarioReader.scenario(of: JSONReader.value(of: scenario), start: start)
        var ecs = LocalECS(configuration: configuration, seed: seed, now: start)
        var answers: [String] = []
        for (wait, operation, body) in requests() {
            let response = ecs.handle(
                WireRequest(
                    method: "POST", path: "/",
                    headers: [
                        ("X-Amz-Target", "AmazonEC2ContainerServiceV20141113." + operation),
                        ("Content-Type", "application/x-amz-json-1.1"),
                    ], body: Array(body.utf8)), at: ecs.now + wait)
            answers.append("\(operation) \(response.status) \(String(decoding: response.body, as: UTF8.self))")
        }
        let world = try #require(ecs.state["worlds"]?[0])
        let services = world["services"]?.elements ?? []
        let writer = JSONWriter(.compact)
        // The buckets are full again after the last wait, and the records are read as any client reads them.
        var records: [String] = []
        let caller = Caller(account: configuration.account, region: configuration.region)
        for service in services {
            let name = service["serviceName"]?.text ?? ""
            let input: Value = ["cluster": "main", "service": .string(name)]
            let list = ecs.perform(Operation(.ecs, "ListServiceDeployments"), input, as: caller, at: ecs.now + 1000)
            guard case .success(let found) = list else { continue }
            let arns = (found["serviceDeployments"]?.elements ?? []).compactMap { $0["serviceDeploymentArn"] }
            guard !arns.isEmpty else { continue }
            let described = ecs.perform(
                Operation(.ecs, "DescribeServiceDeployments"), ["serviceDeploymentArns": .list(arns)], as: caller,
                at: ecs.now)
            records.append(writer.text(of: try described.get()))
        }
        return Digests(
            answers: digest(of: answers),
            events: digest(of: services.flatMap { ($0["events"]?.elements ?? []).map { writer.text(of: $0) } }),
            records: digest(of: records),
            tasks: digest(of: (world["tasks"]?.elements ?? []).map { writer.text(of: $0) }),
            happened: digest(of: (ecs.state["happened"]?.elements ?? []).map { writer.text(of: $0) }))
    }

    private static let known = Digests(
        answers: "ef72f3dddf882be5", events: "4a5e952e77074f34", records: "24ba2a22518087b7", tasks: "bc43368c4f8f765a",
        happened: "842e89d2165a492b")

    @Test func `a known seed gives a known history of answers, events, records and tasks`() throws {
        let found = try SeededWorldTests.history(seed: 20_261_126)
        #expect(found == SeededWorldTests.known, "the history is now \(found)")
    }

    @Test func `another seed gives another history`() throws {
        let first = try SeededWorldTests.history(seed: 1)
        let second = try SeededWorldTests.history(seed: 2)
        #expect(first.answers != second.answers)
        #expect(first.events != second.events)
        #expect(first.records != second.records)
        #expect(first.tasks != second.tasks)
    }

    /// What may differ between two machines: hash order, locales, time zones, formatters, clocks and other randomness. The
    /// engine names none of them; the server around it, which decides nothing, may.
    @Test func `the engine names nothing that differs between machines`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/Simulator")
        let shells = ["LocalECSHost.swift", "LocalECSServer.swift", "LoopbackPort.swift"]
        let banned = [
            "import Foundation", "Hasher", ".hashValue", "Date()", "ContinuousClock", "SuspendingClock", "Formatter",
            "Locale", "TimeZone", "SystemRandomNumberGenerator", ".random(in", ".shuffled(", ".randomElement(",
        ]
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        #expect(files.count > 50)
        for file in files.sorted() where !shells.contains(URL(fileURLWithPath: file).lastPathComponent) {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                for word in banned where line.contains(word) {
                    Issue.record("\(file) says '\(word)': \(line)")
                }
            }
        }
    }
}
