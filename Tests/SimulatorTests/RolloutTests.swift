import MooringShapes
import MooringSimulator
import Testing

@Suite struct RolloutTests {
    @Test func `a new service starts its tasks, completes and rests`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        let created = try bench.create()
        #expect(created["runningCount"]?.integer == 0)
        #expect(created.primary?["desiredCount"]?.integer == 0)
        #expect(created.rolloutState == "IN_PROGRESS")
        try bench.wait(until: \.isCompleted, limit: 200)
        #expect(
            try bench.events().map(shape) == [
                "has started 2 tasks", "(deployment ecs-svc/N) deployment completed.", "has reached a steady state.",
            ])
        let service = try bench.describe()
        #expect(service["runningCount"]?.integer == 2)
        #expect(service.primary?["desiredCount"]?.integer == 2)
        #expect(try bench.record()["status"]?.text == "SUCCESSFUL")
    }

    @Test func `an update replaces the tasks without going below the minimum or above the maximum`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 4, minimum: 75, maximum: 125)
        try bench.wait(until: \.isCompleted, limit: 300)
        let arn = try bench.register(image: "web:2")
        let updated = try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        let id = try #require(updated["service"]?.primary?["id"]?.text)
        #expect(updated["service"]?["deployments"]?.elements?.count == 2)
        var most = 0
        var least = 4
        try bench.wait(until: { service in
            let running = service["runningCount"]?.integer ?? 0
            let pending = service["pendingCount"]?.integer ?? 0
            most = max(most, running + pending)
            least = min(least, running)
            return service.isCompleted
        })
        #expect(most == 5)
        #expect(least >= 3)
        let service = try bench.describe()
        #expect(service.primary?["id"]?.text == id)
        #expect(service.primary?["taskDefinition"]?.text == arn)
        #expect(service.isStable)
    }

    @Test func `behind a load balancer the events come in the recorded order`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(balancer: true)
        try bench.wait(until: \.isCompleted, limit: 300)
        let old = try #require(try bench.describe().primary?["id"]?.text)
        let before = try bench.events().count
        try bench.register(image: "web:2")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        try bench.wait(until: \.isCompleted, limit: 600)
        let events = Array(try bench.events().dropFirst(before))
        #expect(
            events.map(shape) == [
                "has started 2 tasks", "registered 2 targets in (target-group ARN", "has stopped 2 running tasks",
                "deregistered 2 targets in (target-group ARN",
                "(service web, taskSet ecs-svc/N) has begun draining connections on 2 tasks.",
                "(deployment ecs-svc/N) deployment completed.", "has reached a steady state.",
            ])
        #expect(events[4].contains(old))
    }

    @Test func `with no room above the desired count the old task stops first`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 1, minimum: 0, maximum: 100)
        try bench.wait(until: \.isCompleted, limit: 300)
        let before = try bench.events().count
        try bench.register(image: "web:2")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        try bench.wait(until: \.isCompleted, limit: 600)
        #expect(
            try bench.events().dropFirst(before).map(shape) == [
                "has stopped 1 running tasks", "has started 1 tasks", "(deployment ecs-svc/N) deployment completed.",
                "has reached a steady state.",
            ])
    }

    @Test(arguments: [(1, 100, 100), (3, 100, 125)])
    func `percentages that leave no way forward are reported`(desired: Int, minimum: Int, maximum: Int) throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: desired, minimum: minimum, maximum: maximum)
        try bench.wait(until: \.isCompleted, limit: 300)
        try bench.register(image: "web:2")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        bench.wait(seconds: 3600)
        #expect(try bench.describe().rolloutState == "IN_PROGRESS")
        #expect(
            try bench.events().filter { $0.contains("because of the service deployment configuration") }.count == 1)
    }

    @Test func `a change of the count keeps the deployment and its state`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 1)
        try bench.wait(until: \.isCompleted, limit: 300)
        let id = try #require(try bench.describe().primary?["id"]?.text)
        let answer = try bench.call("UpdateService", #"{"service":"web","desiredCount":3}"#)
        #expect(answer["service"]?.primary?["id"]?.text == id)
        #expect(answer["service"]?.primary?["desiredCount"]?.integer == 3)
        #expect(answer["service"]?.rolloutState == "COMPLETED")
        try bench.wait(until: { $0["runningCount"]?.integer == 3 }, limit: 100)
        try bench.call("UpdateService", #"{"service":"web","desiredCount":0}"#)
        try bench.wait(until: { $0["runningCount"]?.integer == 0 }, limit: 100)
        bench.wait(seconds: 120)
        #expect(try bench.describe().primary?["id"]?.text == id)
        #expect(try bench.events().last == "has reached a steady state.")
    }

    @Test func `a forced deployment runs the same revision under a new id`() throws {
        var bench = Bench()
        let arn = try bench.register(image: "web:1")
        try bench.create()
        try bench.wait(until: \.isCompleted, limit: 300)
        let id = try #require(try bench.describe().primary?["id"]?.text)
        try bench.call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#)
        try bench.wait(until: \.isStable, limit: 300)
        try bench.wait(until: \.isCompleted, limit: 300)
        let service = try bench.describe()
        #expect(service.primary?["id"]?.text != id)
        #expect(service.primary?["taskDefinition"]?.text == arn)
    }

    @Test func `a newer update overtakes a rollout under way`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create()
        try bench.wait(until: \.isCompleted, limit: 300)
        try bench.register(image: "web:2")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web:2"}"#)
        bench.wait(seconds: 20)
        try bench.register(image: "web:3")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web:3"}"#)
        #expect(try bench.describe()["deployments"]?.elements?.count == 3)
        try bench.wait(until: \.isCompleted, limit: 900)
        let list = try bench.call("ListServiceDeployments", #"{"service":"web"}"#)
        let statuses = list["serviceDeployments"]?.elements?.compactMap(\.["status"]?.text)
        #expect(statuses == ["SUCCESSFUL", "STOPPED", "SUCCESSFUL"])
        #expect(try bench.describe()["taskDefinition"]?.text?.hasSuffix(":3") == true)
    }

    @Test func `a service at rest says so every six hours`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create()
        bench.wait(seconds: 13 * 3600)
        #expect(try bench.events().filter { $0 == "has reached a steady state." }.count == 3)
    }

    @Test func `only the newest hundred events are kept`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create()
        bench.wait(seconds: 200 * 6 * 3600)
        #expect(try bench.events().count == 100)
    }

    @Test func `a DAEMON runs one task on each container instance`() throws {
        var scenario = Scenario()
        scenario.containerInstances = 3
        var bench = Bench(scenario)
        try bench.register(image: "agent:1")
        let answer = try bench.call(
            "CreateService", #"{"serviceName":"agent","taskDefinition":"web","schedulingStrategy":"DAEMON"}"#)
        #expect(answer["service"]?["deploymentConfiguration"]?["maximumPercent"]?.integer == 100)
        #expect(answer["service"]?["availabilityZoneRebalancing"]?.text == "DISABLED")
        try bench.wait(until: \.isCompleted, service: "agent", limit: 300)
        #expect(try bench.describe("agent")["runningCount"]?.integer == 3)
        try bench.call("UpdateService", #"{"service":"agent","forceNewDeployment":true}"#)
        bench.wait(seconds: 1)
        try bench.wait(until: { $0.isCompleted }, service: "agent", limit: 600)
    }

    @Test func `deletion drains, frees the name and ends as missing`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create()
        try bench.wait(until: \.isCompleted, limit: 300)
        let refused = try bench.refusal("DeleteService", #"{"service":"web"}"#)
        #expect(refused.message == "The service cannot be stopped while it is scaled above 0.")
        let answer = try bench.call("DeleteService", #"{"service":"web","force":true}"#)
        #expect(answer["service"]?["status"]?.text == "DRAINING")
        #expect(answer["service"]?["runningCount"]?.integer == 2)
        #expect(answer["service"]?["desiredCount"]?.integer == 0)
        #expect(
            try bench.refusal("CreateService", #"{"serviceName":"web","taskDefinition":"web","desiredCount":1}"#)
                .message == "Unable to Start a service that is still Draining.")
        #expect(try bench.call("ListServices", "{}")["serviceArns"]?.elements?.isEmpty == true)
        try bench.wait(until: { $0["status"]?.text == "INACTIVE" }, limit: 200)
        #expect(try bench.refusal("UpdateService", #"{"service":"web"}"#).code == "ServiceNotActiveException")
        try bench.create()
        try bench.wait(until: \.isCompleted, limit: 300)
        try bench.call("DeleteService", #"{"service":"web","force":true}"#)
        bench.wait(seconds: 5000)
        let gone = try bench.call("DescribeServices", #"{"services":["web"]}"#)
        #expect(gone["failures"]?[0]?["reason"]?.text == "MISSING")
    }
}
