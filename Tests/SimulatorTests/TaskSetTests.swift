import MooringShapes
import Testing

@testable import MooringSimulator

/// Task sets of services with an EXTERNAL controller.
@Suite struct TaskSetTests {
    private func bench(_ images: [ImageRule] = []) throws -> Bench {
        var scenario = Scenario()
        scenario.images = images
        var bench = Bench(scenario)
        try bench.register(
            image: "web:1", extra: #","healthCheck":{"command":["CMD","true"],"interval":5,"retries":1}"#)
        try bench.call(
            "CreateService",
            #"{"serviceName":"web","desiredCount":2,"deploymentController":{"type":"EXTERNAL"}}"#)
        return bench
    }

    private static func set(_ scale: Int) -> String {
        #"{"cluster":"default","service":"web","taskDefinition":"web","scale":{"value":\#(scale),"unit":"PERCENT"}}"#
    }

    @Test func `a task set that is refused leaves nothing behind`() throws {
        var bench = try bench()
        _ = try bench.refusal("CreateTaskSet", TaskSetTests.set(200))
        let service = try #require(bench.ecs.world(account: "123456789012", region: "eu-central-1")?.services.first)
        #expect(service.taskSets.isEmpty)
        #expect(service.deployments.isEmpty)
        bench.wait(seconds: 120)
        #expect(try bench.call("ListTasks", #"{"serviceName":"web"}"#)["taskArns"] == [])
    }

    /// Source: Developer Guide, "Amazon ECS services": the scheduler replaces tasks that fail their health checks.
    @Test func `unhealthy tasks of a task set are replaced`() throws {
        var bench = try bench([ImageRule("web:1", .neverHealthy, from: nil, until: 1_767_225_600_000 + 60_000)])
        try bench.call("CreateTaskSet", TaskSetTests.set(100))
        bench.wait(seconds: 30)
        let first = try bench.call("ListTasks", #"{"serviceName":"web"}"#)["taskArns"]?.elements ?? []
        #expect(first.count == 2)
        bench.wait(seconds: 900)
        let later = try bench.call("ListTasks", #"{"serviceName":"web"}"#)["taskArns"]?.elements ?? []
        #expect(later.count == 2)
        #expect(!later.contains { first.contains($0) })
        let sets = try bench.call("DescribeTaskSets", #"{"cluster":"default","service":"web"}"#)["taskSets"]
        #expect(sets?[0]?["stabilityStatus"] == "STEADY_STATE")
    }
}
