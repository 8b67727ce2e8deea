import MooringShapes
import MooringSimulator
import Testing

/// RunTask: repetitions and capacity providers.
@Suite struct RunTaskTests {
    private func arns(_ answer: Value) -> [String] {
        (answer["tasks"]?.elements ?? []).compactMap { $0["taskArn"]?.text }
    }

    /// Source: API reference, RunTask `clientToken`, ConflictException.
    @Test func `a repeated token starts nothing and other parameters are a conflict`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        let call = #"{"taskDefinition":"web","count":2,"clientToken":"once"}"#
        let first = try bench.call("RunTask", call)
        #expect(arns(first).count == 2)
        bench.wait(seconds: 5)
        #expect(try arns(bench.call("RunTask", call)) == arns(first))
        #expect(try bench.call("ListTasks", "{}")["taskArns"]?.elements?.count == 2)

        let clash = try bench.refusal("RunTask", #"{"taskDefinition":"web","count":1,"clientToken":"once"}"#)
        #expect(clash.code == "ConflictException")
        #expect(clash.message.contains(try #require(arns(first).first)))
        #expect(try arns(bench.call("RunTask", #"{"taskDefinition":"web","clientToken":"twice"}"#)).count == 1)
        bench.wait(seconds: 24 * 3600)
        #expect(try Set(arns(bench.call("RunTask", call))).isDisjoint(with: arns(first)))
        let long = String(repeating: "x", count: 65)
        #expect(
            try bench.refusal("RunTask", #"{"taskDefinition":"web","clientToken":"\#(long)"}"#).code
                == "InvalidParameterException")
    }

    /// A revision that runs anywhere.
    private func registered(_ bench: inout Bench) throws {
        try bench.call(
            "RegisterTaskDefinition",
            """
            {"family":"web","networkMode":"awsvpc","cpu":"256","memory":"512","requiresCompatibilities":["FARGATE","EC2"],
            "containerDefinitions":[{"name":"app","image":"web:1"}]}
            """)
    }

    private static let network =
        #""networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"]}}"#

    @Test func `a cluster's default strategy decides where neither launch type nor strategy is named`() throws {
        var bench = Bench()
        try registered(&bench)
        try bench.call(
            "PutClusterCapacityProviders",
            """
            {"cluster":"default","capacityProviders":["FARGATE","FARGATE_SPOT"],
            "defaultCapacityProviderStrategy":[{"capacityProvider":"FARGATE_SPOT","weight":1}]}
            """)
        let task = try bench.call("RunTask", "{\"taskDefinition\":\"web\",\(RunTaskTests.network)}")["tasks"]?[0]
        #expect(task?["capacityProviderName"] == "FARGATE_SPOT")
        #expect(task?["launchType"] == "FARGATE")
        let other = try bench.call(
            "RunTask", "{\"taskDefinition\":\"web\",\"launchType\":\"EC2\",\(RunTaskTests.network)}")["tasks"]?[0]
        #expect(other?["launchType"] == "EC2")
    }

    // MARK: Providers

    private static func asked(_ provider: String) -> String {
        #"{"taskDefinition":"web","capacityProviderStrategy":[{"capacityProvider":"\#(provider)","weight":1}],"#
            + network + "}"
    }

    private static func service(_ provider: String) -> String {
        #"{"serviceName":"web","desiredCount":0,"# + asked(provider).dropFirst()
    }

    @Test func `providers of another cluster are refused, unknown ones only by a strict scenario`() throws {
        var bench = Bench()
        try registered(&bench)
        // Nothing is associated: Fargate's are taken for associated, and so is what nobody made here.
        try bench.call("RunTask", RunTaskTests.asked("FARGATE_SPOT"))
        try bench.call("RunTask", RunTaskTests.asked("somebody-elses"))
        bench.ecs.scenario.strict = Strictness([.capacityProviders])
        for refused in [
            try bench.refusal("RunTask", RunTaskTests.asked("somebody-elses")),
            try bench.refusal("CreateService", RunTaskTests.service("somebody-elses")),
        ] {
            #expect(refused.code == "InvalidParameterException")
            #expect(refused.message.hasPrefix("The specified capacity provider was not found."))
        }
        try bench.call(
            "PutClusterCapacityProviders",
            #"{"cluster":"default","capacityProviders":["FARGATE"],"defaultCapacityProviderStrategy":[]}"#)
        for refused in [
            try bench.refusal("RunTask", RunTaskTests.asked("FARGATE_SPOT")),
            try bench.refusal("CreateService", RunTaskTests.service("FARGATE_SPOT")),
        ] {
            #expect(refused.message.contains("that is not associated with the cluster"))
        }
        try bench.call("CreateService", RunTaskTests.service("FARGATE"))
        #expect(
            try bench.refusal(
                "UpdateService",
                """
                {"service":"web","forceNewDeployment":true,
                "capacityProviderStrategy":[{"capacityProvider":"FARGATE_SPOT","weight":1}]}
                """
            ).message.contains("that is not associated with the cluster"))
    }
}
