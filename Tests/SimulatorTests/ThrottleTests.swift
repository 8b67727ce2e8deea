import MooringShapes
import MooringSimulator
import Testing

/// The token buckets of AWS. Source: ECS API Reference, "Request throttling" (reference/ecs-api.md section 6).
@Suite struct ThrottleTests {
    private static let record = "arn:aws:ecs:eu-central-1:123456789012:service-revision/default/web/1"
    private static let service = "arn:aws:ecs:eu-central-1:123456789012:service/default/web"

    private func bench() -> Bench {
        var scenario = Scenario()
        scenario.throttles = true
        return Bench(scenario)
    }

    /// Whether a call finds a token, whatever else becomes of it.
    private func passes(_ bench: inout Bench, _ operation: String, _ body: String) throws -> Bool {
        let input = try JSONReader.value(of: body)
        switch bench.ecs.perform(Operation(.ecs, operation), input, as: bench.caller, at: bench.now) {
        case .success: return true
        case .failure(let error):
            if error.code != "ThrottlingException" { return true }
            #expect(error == APIError(code: "ThrottlingException", message: "Rate exceeded", status: 400))
            return false
        }
    }

    @Test(arguments: [
        ("ListServices", "{}", 100, 20), ("UpdateService", #"{"service":"web"}"#, 50, 5),
        ("DeregisterTaskDefinition", #"{"taskDefinition":"web:1"}"#, 20, 1), ("ListTaskDefinitions", "{}", 50, 20),
        ("DeleteTaskDefinitions", #"{"taskDefinitions":["web:1"]}"#, 5, 1), ("ListTasks", "{}", 100, 20),
        ("StopTask", #"{"task":"0123"}"#, 100, 40), ("ListServiceDeployments", #"{"service":"web"}"#, 50, 20),
        ("DescribeServiceRevisions", #"{"serviceRevisionArns":["\#(record)"]}"#, 50, 20),
        ("ListClusters", "{}", 50, 20), ("DeleteCluster", #"{"cluster":"gone"}"#, 20, 1),
        ("UntagResource", #"{"resourceArn":"\#(service)","tagKeys":["a"]}"#, 20, 10),
        ("ListTagsForResource", #"{"resourceArn":"\#(service)"}"#, 50, 20),
    ])
    func `a bucket holds its burst and refills by the second`(
        operation: String, body: String, burst: Int, refill: Int,
    ) throws {
        var bench = bench()
        func taken() throws -> Int {
            var count = 0
            while try passes(&bench, operation, body), count < 1000 { count += 1 }
            return count
        }
        #expect(try taken() == burst)
        bench.wait(seconds: 1)
        #expect(try taken() == refill)
        bench.wait(seconds: 3)
        #expect(try taken() == min(burst, 3 * refill))
        // However long nobody calls, the bucket holds no more than its burst.
        bench.wait(seconds: 400_000_000)
        #expect(try taken() == burst)
    }

    @Test(arguments: [
        [("DescribeServices", #"{"services":["web"]}"#), ("ListServices", "{}")],
        [("DeleteService", #"{"service":"web"}"#), ("UpdateService", #"{"service":"web"}"#)],
        [("DescribeTasks", #"{"tasks":["1"]}"#), ("ListTasks", "{}"), ("ListContainerInstances", "{}")],
        [("DescribeClusters", "{}"), ("ListClusters", "{}")],
    ])
    func `operations of one bucket take from one another`(calls: [(String, String)]) throws {
        var bench = bench()
        var turn = 0
        while try passes(&bench, calls[turn % calls.count].0, calls[turn % calls.count].1) {
            turn += 1
            try #require(turn < 1000)
        }
        for (operation, body) in calls { #expect(try !passes(&bench, operation, body)) }
    }

    @Test func `accounts and regions have buckets of their own`() throws {
        var bench = bench()
        while try passes(&bench, "ListClusters", "{}") {}
        bench.caller = Caller(account: "123456789012", region: "eu-west-1")
        #expect(try passes(&bench, "ListClusters", "{}"))
        bench.caller = Caller(account: "999999999999", region: "eu-central-1")
        #expect(try passes(&bench, "ListClusters", "{}"))
        bench.caller = Caller(account: "123456789012", region: "eu-central-1")
        #expect(try !passes(&bench, "ListClusters", "{}"))
    }

    @Test func `a service that reads are empty of can still be written`() throws {
        var bench = bench()
        try bench.register(image: "web:1")
        while try passes(&bench, "ListServices", "{}") {}
        try bench.create()
        #expect(try !passes(&bench, "DescribeServices", #"{"services":["web"]}"#))
    }
}
