import Foundation
import MooringShapes
import Testing

@testable import MooringSimulator

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

    // MARK: Counted

    /// How many events and records were looked at.
    private func work(_ bench: Bench) -> Int { bench.ecs.allWorlds.reduce(0) { $0 + $1.work } }

    /// Three sizes, each three times the one before: n to the power of 1.1 would be 3.35 times as much, of 1.3 4.17.
    private func expectLinear(_ sizes: [Int], _ what: String, _ work: (Int) throws -> Int) throws {
        let counts = try sizes.map(work)
        print("\(what): \(zip(sizes, counts).map { "\($0): \($1)" })")
        for (less, more) in zip(counts, counts.dropFirst()) {
            #expect(Double(more) < 3.3 * Double(less), "\(what): \(counts)")
        }
    }

    @Test func `the work of a rollout is in proportion to the services`() throws {
        try expectLinear([15, 45, 135], "rollout by services") { work(try rollout(services: $0).bench) }
    }

    @Test func `the work of a rollout is in proportion to the tasks of one service`() throws {
        // Up to the 500 that are launched in one minute: beyond that a rollout lasts longer, and is looked at more often.
        try expectLinear([50, 150, 450], "rollout by tasks") { work(try rollout(services: 1, tasks: $0).bench) }
    }

    @Test func `services that were deleted cost nothing any more`() throws {
        try expectLinear([60, 180, 540], "services that come and go") { count in
            var scenario = Scenario()
            scenario.timing.steadyReminder = nil
            scenario.containerInstances = 1
            var bench = Bench(scenario)
            try bench.register(image: "web:1")
            try bench.create("stays", balancer: true)
            for index in 0..<count {
                try bench.create("s\(index)", desired: 1, balancer: true)
                bench.wait(seconds: 60)
                try bench.call("DeleteService", #"{"service":"s\#(index)","force":true}"#)
                bench.wait(seconds: 120)
                try bench.call("DescribeClusters", "{}")
                #expect(try bench.call("ListServices", "{}")["serviceArns"]?.elements?.count == 1)
                let arn = try bench.call("ListContainerInstances", "{}")["containerInstanceArns"]?[0]?.text ?? ""
                for status in ["DRAINING", "ACTIVE"] {
                    try bench.call(
                        "UpdateContainerInstancesState", #"{"containerInstances":["\#(arn)"],"status":"\#(status)"}"#)
                }
            }
            let world = try #require(bench.ecs.allWorlds.first)
            #expect(world.clusters[0].services.count < 10)
            #expect(world.services(naming: Bench.group) == [0])
            return work(bench)
        }
    }

    // MARK: Timed

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
