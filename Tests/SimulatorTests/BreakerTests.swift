import MooringShapes
import MooringSimulator
import Testing

@Suite struct BreakerTests {
    /// A world in which images that end in `:bad` behave so.
    private func scenario(_ behaviour: ImageBehaviour) -> Scenario {
        var scenario = Scenario()
        scenario.images = [ImageRule("*:bad", behaviour)]
        return scenario
    }

    /// A stable service, updated to the bad image.
    private func failing(
        _ behaviour: ImageBehaviour, desired: Int = 1, balancer: Bool = false, breaker: Bool = true,
        maximum: Int = 200, extra: String = "",
    ) throws -> Bench {
        var bench = Bench(scenario(behaviour))
        try bench.register(image: "web:good", extra: extra)
        try bench.create(desired: desired, balancer: balancer, breaker: breaker, maximum: maximum)
        try bench.wait(until: \.isCompleted, limit: 600)
        try bench.register(image: "web:bad", extra: extra)
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        return bench
    }

    @Test func `an image that cannot be pulled is rolled back under the old id`() throws {
        var bench = try failing(.cannotPull())
        let before = try bench.describe()
        let old = try #require(before["deployments"]?[1])
        let new = try #require(before["deployments"]?[0])
        let events = try bench.events().count
        try bench.wait(until: { $0.isCompleted && $0.primary?["id"] == old["id"] }, limit: 1500)
        let service = try bench.describe()
        #expect(service.primary?["createdAt"] == old["createdAt"])
        #expect(service["taskDefinition"] == old["taskDefinition"])
        #expect(service.isStable)
        #expect(
            try bench.events().dropFirst(events).map { $0.hasPrefix("was unable to place") ? "unable" : shape($0) } == [
                "has started 1 tasks", "unable", "has started 1 tasks", "unable", "has started 1 tasks", "unable",
                "is unable to consistently start tasks successfully. For more information, see the Troubleshooting "
                    + "section of the Amazon ECS Developer Guide.",
                "has started 1 tasks", "(deployment ecs-svc/N) deployment failed: tasks failed to start.",
                "rolling back to deployment ecs-svc/N.", "stopped 1 pending tasks.",
                "(deployment ecs-svc/N) deployment completed.", "has reached a steady state.",
            ])
        let record = try bench.record()
        #expect(record["status"]?.text == "ROLLBACK_SUCCESSFUL")
        #expect(
            record["statusReason"]?.text
                == "Service deployment rolled back because the circuit breaker threshold was exceeded.")
        #expect(record["deploymentCircuitBreaker"]?["status"]?.text == "TRIGGERED")
        #expect(record["deploymentCircuitBreaker"]?["failureCount"]?.integer == 3)
        let target = try #require(record["targetServiceRevision"]?["arn"]?.text)
        let number = try #require(new["id"]?.text?.dropFirst("ecs-svc/".count))
        #expect(target.hasSuffix("/" + number))
    }

    @Test func `while it goes back the old deployment is PRIMARY and the failed one says why`() throws {
        var bench = try failing(.cannotPull())
        try bench.wait(until: { $0["deployments"]?[1]?["rolloutState"]?.text == "FAILED" }, limit: 1500)
        let service = try bench.describe()
        let primary = try #require(service.primary)
        #expect(primary["rolloutState"]?.text == "IN_PROGRESS")
        #expect(
            primary["rolloutStateReason"]?.text
                == "ECS deployment circuit breaker: rolling back to deploymentId \(primary["id"]?.text ?? "").")
        let failed = try #require(service["deployments"]?[1])
        #expect(failed["rolloutStateReason"]?.text == "ECS deployment circuit breaker: tasks failed to start.")
        #expect(failed["failedTasks"]?.integer == 3)
    }

    @Test func `stopped tasks carry the reason`() throws {
        var bench = try failing(.cannotPull())
        try bench.wait(until: { $0.primary?["failedTasks"]?.integer == 1 }, limit: 400)
        let list = try bench.call("ListTasks", #"{"serviceName":"web","desiredStatus":"STOPPED"}"#)
        let arn = try #require(list["taskArns"]?[0]?.text)
        let task = try #require(try bench.call("DescribeTasks", #"{"tasks":["\#(arn)"]}"#)["tasks"]?[0])
        #expect(task["stopCode"]?.text == "TaskFailedToStart")
        #expect(task["stoppedReason"]?.text?.hasPrefix("CannotPullContainerError: ") == true)
        #expect(task["lastStatus"]?.text == "STOPPED")
    }

    @Test func `a task that crashes at its start trips the breaker`() throws {
        var bench = try failing(.crashes(exitCode: 3))
        try bench.wait(until: { $0["deployments"]?[1]?["rolloutState"]?.text == "FAILED" }, limit: 1000)
        let list = try bench.call("ListTasks", #"{"serviceName":"web","desiredStatus":"STOPPED"}"#)
        let arn = try #require(list["taskArns"]?[0]?.text)
        let task = try #require(try bench.call("DescribeTasks", #"{"tasks":["\#(arn)"]}"#)["tasks"]?[0])
        #expect(task["stopCode"]?.text == "EssentialContainerExited")
        #expect(task["containers"]?[0]?["exitCode"]?.integer == 3)
    }

    @Test func `failing target health trips the breaker`() throws {
        var bench = try failing(.neverHealthy, balancer: true)
        try bench.wait(until: { $0["deployments"]?[1]?["rolloutState"]?.text == "FAILED" }, limit: 1500)
        #expect(try bench.events().filter { $0.contains("is unhealthy in (target-group") }.count == 3)
    }

    @Test func `failing container health replaces first, then says so and stops`() throws {
        let check = #","healthCheck":{"command":["CMD-SHELL","true"],"interval":10}"#
        var bench = try failing(.neverHealthy, maximum: 300, extra: check)
        let before = try bench.events().count
        try bench.wait(until: { $0["deployments"]?[1]?["rolloutState"]?.text == "FAILED" }, limit: 1500)
        let events = Array(try bench.events().dropFirst(before).prefix(4))
        try #require(events.count == 4)
        #expect(events[0].hasPrefix("has started 1 tasks: "))
        #expect(events[1].hasPrefix("has started 1 tasks: "))
        #expect(events[1].hasSuffix("Amazon ECS replaced 1 tasks due to an unhealthy status."))
        #expect(events[2].hasSuffix("failed container health checks."))
        #expect(events[3].hasPrefix("has stopped 1 running tasks: "))
    }

    @Test func `a first deployment has nothing to go back to`() throws {
        var bench = Bench(scenario(.cannotPull()))
        try bench.register(image: "web:bad")
        try bench.create(desired: 1)
        try bench.wait(until: { $0.rolloutState == "FAILED" }, limit: 1500)
        let record = try bench.record()
        #expect(record["status"]?.text == "ROLLBACK_FAILED")
        #expect(record["statusReason"]?.text == "No rollback candidate was found to run the rollback.")
        let tasks = try bench.describe()["pendingCount"]?.integer
        bench.wait(seconds: 3600)
        #expect(try bench.describe()["pendingCount"]?.integer ?? 0 <= tasks ?? 0)
        let last = try bench.events().last { $0.contains("deployment failed") || $0.hasPrefix("has started") }
        #expect(last?.contains("deployment failed") == true)
        try bench.register(image: "web:good")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        try bench.wait(until: \.isCompleted, limit: 600)
    }

    @Test func `without a breaker the tasks are tried for ever, ever more slowly`() throws {
        var bench = try failing(.cannotPull(), breaker: false)
        bench.wait(seconds: 4 * 3600)
        let service = try bench.describe()
        #expect(service.rolloutState == "IN_PROGRESS")
        let failures = try #require(service.primary?["failedTasks"]?.integer)
        #expect((10...20).contains(failures))
    }

    @Test func `a breaker without rollback leaves the failed deployment in place`() throws {
        var bench = Bench(scenario(.cannotPull()))
        try bench.register(image: "web:good")
        try bench.create(desired: 1)
        try bench.wait(until: \.isCompleted, limit: 300)
        try bench.register(image: "web:bad")
        try bench.call(
            "UpdateService",
            """
            {"service":"web","taskDefinition":"web",
            "deploymentConfiguration":{"deploymentCircuitBreaker":{"enable":true,"rollback":false}}}
            """)
        try bench.wait(until: { $0.rolloutState == "FAILED" }, limit: 1500)
        bench.wait(seconds: 600)
        let service = try bench.describe()
        #expect(service["deployments"]?.elements?.count == 2)
        #expect(service["runningCount"]?.integer == 1)
        #expect(try bench.record()["status"]?.text == "STOPPED")
    }

    @Test(arguments: [
        (1, "{}", 3), (4, "{}", 3), (25, "{}", 13), (400, "{}", 200), (1000, "{}", 200),
        (1, #"{"type":"COUNT","value":1}"#, 1), (10, #"{"type":"UNBOUNDED_PERCENT","value":10}"#, 1),
        (1000, #"{"type":"UNBOUNDED_PERCENT","value":30}"#, 300), (20, #"{"type":"BOUNDED_PERCENT","value":25}"#, 5),
    ])
    func `the threshold follows the desired count and the configuration`(
        desired: Int, configuration: String, threshold: Int,
    ) throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        let configured = configuration == "{}" ? "" : #","thresholdConfiguration":\#(configuration)"#
        try bench.call(
            "CreateService",
            """
            {"serviceName":"web","taskDefinition":"web","desiredCount":\(desired),"deploymentConfiguration":
            {"deploymentCircuitBreaker":{"enable":true,"rollback":true\(configured)}}}
            """)
        #expect(try bench.record()["deploymentCircuitBreaker"]?["threshold"]?.integer == threshold)
    }

    @Test func `the record's threshold follows a scale while the deployment is under way`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 1)
        func threshold() throws -> Int? { try bench.record()["deploymentCircuitBreaker"]?["threshold"]?.integer }
        #expect(try threshold() == 3)
        try bench.call("UpdateService", #"{"service":"web","desiredCount":25}"#)
        #expect(try threshold() == 13)
        try bench.wait(until: \.isCompleted)
        try bench.call("UpdateService", #"{"service":"web","desiredCount":1}"#)
        #expect(try threshold() == 13)
    }

    @Test func `a stopped service deployment goes back although no breaker is on`() throws {
        var bench = try failing(.cannotPull(), breaker: false)
        bench.wait(seconds: 60)
        let arn = try #require(try bench.record()["serviceDeploymentArn"]?.text)
        try bench.call("StopServiceDeployment", #"{"serviceDeploymentArn":"\#(arn)"}"#)
        try bench.wait(until: \.isCompleted, limit: 600)
        #expect(try bench.record()["status"]?.text == "ROLLBACK_SUCCESSFUL")
        #expect(try bench.describe()["taskDefinition"]?.text?.hasSuffix(":1") == true)
    }

    @Test func `an update during a rollback takes over`() throws {
        var bench = try failing(.cannotPull())
        try bench.wait(until: { $0["deployments"]?[1]?["rolloutState"]?.text == "FAILED" }, limit: 1500)
        let arn = try bench.register(image: "web:fixed")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        try bench.wait(until: { $0.isCompleted && $0.primary?["taskDefinition"]?.text == arn }, limit: 900)
        #expect(try bench.record()["status"]?.text == "SUCCESSFUL")
    }
}
