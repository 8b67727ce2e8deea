import MooringShapes
import MooringSimulator
import Testing

@Suite struct DeterminismTests {
    /// A stretch of life with good and bad updates, as the text of everything that is known at its end.
    private func history(seed: UInt64, services: Int = 6, extraTasks: Int = 0) throws -> String {
        var scenario = Scenario()
        scenario.images = [ImageRule("*:bad", .cannotPull()), ImageRule("*:sick", .crashes())]
        scenario.timing.startJitter = 9_000
        scenario.reads = ReadLag(milliseconds: 0...2000)
        var bench = Bench(scenario, seed: seed)
        bench.wait(seconds: 3)
        for index in 0..<services {
            try bench.register("f\(index)", image: "web:1")
            try bench.create("s\(index)", family: "f\(index)", desired: 1 + index + (index == 0 ? extraTasks : 0))
        }
        bench.wait(seconds: 200)
        for (index, tag) in ["2", "bad", "sick", "2", "bad", "2"].prefix(services).enumerated() {
            try bench.register("f\(index)", image: "web:\(tag)")
            try bench.call("UpdateService", #"{"service":"s\#(index)","taskDefinition":"f\#(index)"}"#)
            bench.wait(seconds: 7)
        }
        bench.wait(seconds: 2000)
        return JSONWriter(.compact).text(of: bench.ecs.state)
    }

    @Test func `the same seed gives the same history`() throws {
        #expect(try history(seed: 42) == history(seed: 42))
        #expect(try history(seed: 42) != history(seed: 43))
    }

    /// The number is the same in debug and in release, and on any machine: a change of it is a change of behaviour.
    /// It covers what happened when to which task and deployment, not how it is described.
    @Test func `a known seed gives a known history`() throws {
        let state = try JSONReader.value(of: try history(seed: 1))
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for service in try #require(state["worlds"]?[0]?["services"]?.elements) {
            for event in service["events"]?.elements ?? [] {
                let line = "\(event["createdAt"]?.text ?? "") \(event["message"]?.text ?? "")\n"
                for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            }
        }
        #expect(String(hash, radix: 16) == "455ec392556b7de8")
    }

    @Test func `advancing in one step or in many comes to the same`() throws {
        func run(step: Int) throws -> String {
            var bench = Bench(seed: 5)
            try bench.register(image: "web:1")
            try bench.create(desired: 5, balancer: true)
            for _ in 0..<(600 / step) { bench.wait(seconds: step) }
            return JSONWriter(.compact).text(of: bench.ecs.state)
        }
        #expect(try run(step: 1) == run(step: 600))
    }

    @Test func `one more task of one service leaves the ids of the others alone`() throws {
        func ids(extra: Int) throws -> [String] {
            let state = try JSONReader.value(of: try history(seed: 9, services: 3, extraTasks: extra))
            let services = try #require(state["worlds"]?[0]?["services"]?.elements)
            return services.dropFirst().compactMap { $0["deployments"]?[0]?["id"]?.text }
        }
        #expect(try ids(extra: 0) == ids(extra: 1))
    }

    @Test func `with nothing under way nothing is planned`() throws {
        var scenario = Scenario()
        scenario.timing.steadyReminder = nil
        var bench = Bench(scenario)
        #expect(bench.ecs.nextEventTime == nil)
        try bench.register(image: "web:1")
        try bench.create()
        var turns = 0
        while let next = bench.ecs.nextEventTime {
            bench.now = next
            bench.ecs.advance(to: next)
            turns += 1
            try #require(turns < 1000)
        }
        #expect(try bench.describe().isCompleted)
    }
}
