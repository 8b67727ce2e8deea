import Foundation
import MooringShapes
import MooringSimulator
import Testing

/// What a full rollout costs, and how the costs grow with the number of services.
@Suite(.serialized) struct GrowthTests {
    /// Processor time of this thread: the test runs on it from beginning to end, whatever runs beside it.
    private func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private struct Cost {
        let seconds: Double
        let bench: Bench
    }

    /// Services of ten tasks each, rolled out to a second revision in the stepped clock.
    private func rollout(services: Int, tasks: Int = 10) throws -> Cost {
        var scenario = Scenario()
        scenario.timing.steadyReminder = nil
        var bench = Bench(scenario)
        let start = processorTime()
        try bench.register(image: "web:1")
        for index in 0..<services { try bench.create("s\(index)", desired: tasks, balancer: true) }
        bench.wait(seconds: 300)
        try bench.register(image: "web:2")
        for index in 0..<services {
            try bench.call("UpdateService", #"{"service":"s\#(index)","taskDefinition":"web"}"#)
        }
        bench.wait(seconds: 600)
        return Cost(seconds: processorTime() - start, bench: bench)
    }

    @Test func `ten times the services cost about ten times as much`() throws {
        let small = try rollout(services: 50)
        let large = try rollout(services: 500)
        let ratio = large.seconds / small.seconds
        print("50 services: \(small.seconds) s, 500 services: \(large.seconds) s, ratio \(ratio)")
        // A square would make it a hundred; caches and a busy machine account for the slack.
        #expect(ratio < 20)
        let state = large.bench.ecs.state
        let services = try #require(state["worlds"]?[0]?["services"]?.elements)
        #expect(services.count == 500)
        #expect(services.allSatisfy { $0.isCompleted && $0.isStable })
        #expect(services.allSatisfy { $0["runningCount"]?.integer == 10 })
        #expect(services.allSatisfy { $0.primary?["taskDefinition"]?.text?.hasSuffix(":2") == true })
        // Ten that run and ten that have stopped, until an hour has passed: nothing else is kept.
        #expect(state["worlds"]?[0]?["tasks"]?.elements?.count == 10_000)
        var bench = large.bench
        bench.wait(seconds: 3700)
        #expect(bench.ecs.state["worlds"]?[0]?["tasks"]?.elements?.count == 5000)
        #expect(bench.ecs.nextEventTime == nil)
    }

    @Test func `one service of many tasks costs about in proportion to them`() throws {
        let small = try rollout(services: 1, tasks: 400)
        let large = try rollout(services: 1, tasks: 4000)
        let ratio = large.seconds / small.seconds
        print("400 tasks: \(small.seconds) s, 4000 tasks: \(large.seconds) s, ratio \(ratio)")
        #expect(ratio < 25)
    }
}
