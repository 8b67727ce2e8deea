import MooringShapes
import MooringSimulator
import Testing

/// Reads that do not see a write yet. Source: reference/ecs-api.md section 5, "eventually consistent".
@Suite struct LagTests {
    private func bench() throws -> Bench {
        var scenario = Scenario()
        scenario.reads = ReadLag(milliseconds: 5000...5000)
        var bench = Bench(scenario)
        try bench.register(image: "web:1", definition: #","taskRoleArn":"task""#)
        try bench.create()
        bench.wait(seconds: 300)
        return bench
    }

    /// A write, and what a read of the service shows of it: a path and the values before and after.
    @Test(
        arguments: [
            ("UpdateService", #"{"service":"web","desiredCount":7}"#, "desiredCount", "2", "7"),
            ("DeleteService", #"{"service":"web","force":true}"#, "status", "ACTIVE", "DRAINING"),
            (
                "UpdateService", #"{"service":"web","enableExecuteCommand":true}"#, "enableExecuteCommand", "false",
                "true"
            ),
            ("UpdateService", #"{"service":"web","forceNewDeployment":true}"#, "deployments.1.status", nil, "ACTIVE"),
        ] as [(String, String, String, String?, String)])
    func `a write is seen after its lag`(
        operation: String, body: String, path: String, before: String?, after: String,
    ) throws {
        var bench = try bench()
        func seen() throws -> String? {
            let service: Value? = try bench.describe()
            return path.split(separator: ".").reduce(service) { value, name in
                Int(name).map { value?[$0] } ?? value?[String(name)]
            }?.text
        }
        try bench.call(operation, body)
        #expect(try seen() == before)
        bench.now += 4999
        bench.ecs.advance(to: bench.now)
        #expect(try seen() == before)
        bench.now += 1
        bench.ecs.advance(to: bench.now)
        #expect(try seen() == after)
    }

    @Test func `a second write within the lag is seen together with the first`() throws {
        var bench = try bench()
        try bench.call("UpdateService", #"{"service":"web","desiredCount":7}"#)
        bench.wait(seconds: 3)
        try bench.call("UpdateService", #"{"service":"web","desiredCount":9}"#)
        bench.wait(seconds: 3)
        #expect(try bench.describe()["desiredCount"]?.integer == 2)
        bench.wait(seconds: 2)
        #expect(try bench.describe()["desiredCount"]?.integer == 9)
    }

    @Test func `lists and records lag as the service does`() throws {
        var bench = try bench()
        func records() throws -> Int? {
            try bench.call("ListServiceDeployments", #"{"service":"web"}"#)["serviceDeployments"]?.elements?.count
        }
        func listed() throws -> Int? { try bench.call("ListServices", "{}")["serviceArns"]?.elements?.count }
        try bench.call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#)
        #expect(try records() == 1)
        bench.wait(seconds: 5)
        #expect(try records() == 2)
        try bench.call("DeleteService", #"{"service":"web","force":true}"#)
        #expect(try listed() == 1)
        bench.wait(seconds: 5)
        #expect(try listed() == 0)
    }

    @Test func `the answer to a write is never behind`() throws {
        var bench = try bench()
        let answer = try bench.call("UpdateService", #"{"service":"web","desiredCount":7}"#)
        #expect(answer["service"]?["desiredCount"]?.integer == 7)
        let again = try bench.call("UpdateService", #"{"service":"web","propagateTags":"SERVICE"}"#)
        #expect(again["service"]?["desiredCount"]?.integer == 7)
    }

    @Test func `the lag is drawn from its range by the seed`() throws {
        func lags(seed: UInt64) throws -> [Int64] {
            var scenario = Scenario()
            scenario.reads = ReadLag(milliseconds: 100...2000)
            var bench = Bench(scenario, seed: seed)
            return try (1...20).map { revision in
                let start = bench.now
                try bench.register(image: "web:1")
                while (try? bench.call("DescribeTaskDefinition", #"{"taskDefinition":"web:\#(revision)"}"#)) == nil {
                    bench.now += 10
                    try #require(bench.now - start <= 2010)
                }
                return bench.now - start
            }
        }
        let first = try lags(seed: 3)
        #expect(try lags(seed: 3) == first)
        #expect(try lags(seed: 4) != first)
        #expect(first.allSatisfy { (100...2010).contains($0) })
        #expect(Set(first).count > 5)
    }
}
