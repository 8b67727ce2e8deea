import MooringShapes
import MooringSimulator
import Testing

/// Requests whose parts do not go together. The words are AWS's; where they were read stands beside the rule.
@Suite struct RefusalTests {
    // MARK: Task definitions

    private static func container(_ name: String, _ members: String) -> String {
        #"{"name":"\#(name)","image":"i"\#(members)}"#
    }

    private static func definition(_ members: String, _ containers: String...) -> String {
        #"{"family":"a"\#(members),"containerDefinitions":[\#(containers.joined(separator: ","))]}"#
    }

    private static let fargate =
        #","requiresCompatibilities":["FARGATE"],"networkMode":"awsvpc","cpu":"256","memory":"512""#
    private static let plain = container("b", #","memory":8"#)
    private static let secret = #","memory":8,"secrets":[{"name":"KEY","valueFrom":"/key"}]"#
    private static let mount = #","memory":8,"mountPoints":[{"sourceVolume":"data","containerPath":"/data"}]"#

    private static func waiting(for condition: String) -> String {
        container("a", #","memory":8,"dependsOn":[{"containerName":"b","condition":"\#(condition)"}]"#)
    }

    @Test(arguments: [
        (
            definition("", container("a", #","memory":8,"memoryReservation":9"#)),
            "Invalid setting for container 'a'. 'memory' must be greater than or equal to 'memoryReservation'."
        ),
        (
            definition(#","memory":"512""#, container("a", #","memory":513"#)),
            "The 'memory' setting for container 'a' is greater than for the task."
        ),
        (
            definition(fargate, container("a", #","cpu":129"#), container("b", #","cpu":128"#)),
            "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'."
        ),
        (
            definition(
                fargate, container("a", #","memoryReservation":257"#), container("b", #","memoryReservation":256"#)),
            "The sum of all container 'memoryReservation' values cannot be greater than the value of the task 'memory'."
        ),
        (definition("", container("a", mount)), "Unknown volume 'data'."),
        (
            definition("", waiting(for: "START")), "Cannot depend on container + 'b' because it does not exist"
        ),
        (
            definition("", waiting(for: "HEALTHY"), plain),
            "A dependency container with HEALTHY condition must have health check configured"
        ),
        (
            definition("", waiting(for: "SUCCESS"), plain),
            "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container"
        ),
        (
            definition("", container("a", secret)),
            "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
        ),
    ])
    func `a definition whose parts do not fit is refused`(json: String, message: String) throws {
        var bench = Bench()
        let error = try bench.refusal("RegisterTaskDefinition", json)
        #expect(error == APIError(code: "ClientException", message: message))
        #expect(try bench.call("ListTaskDefinitions", "{}")["taskDefinitionArns"] == [])
    }

    @Test(arguments: [
        definition("", container("a", #","memory":8,"memoryReservation":8"#)),
        definition(#","memory":"1 GB""#, container("a", #","memory":1024"#)),
        definition(fargate, container("a", #","cpu":128,"memory":512"#), container("b", #","cpu":128,"memory":512"#)),
        definition(#","volumes":[{"name":"data"}]"#, container("a", mount)),
        definition("", waiting(for: "START"), plain),
        definition("", waiting(for: "HEALTHY"), container("b", #","memory":8,"healthCheck":{"command":["CMD","x"]}"#)),
        definition("", waiting(for: "COMPLETE"), container("b", #","memory":8,"essential":false"#)),
        definition(#","executionRoleArn":"run""#, container("a", secret)),
        definition("", container("a", #","memory":8,"secrets":[]"#)),
        // Known of Fargate only.
        definition(#","cpu":"128","memory":"512""#, container("a", #","cpu":129"#)),
        // Sizes of tasks are ignored for Windows.
        definition(
            #","memory":"512","runtimePlatform":{"operatingSystemFamily":"WINDOWS_SERVER_2022_CORE"}"#,
            container("a", #","memory":513"#)),
    ])
    func `a definition whose parts fit is not`(json: String) throws {
        var bench = Bench()
        try bench.call("RegisterTaskDefinition", json)
    }

    // MARK: Services and tasks

    /// A bench with a revision that runs anywhere in a network, and one without a network.
    private static func bench() throws -> Bench {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.call(
            "RegisterTaskDefinition",
            """
            {"family":"net","networkMode":"awsvpc","cpu":"256","memory":"512",
            "containerDefinitions":[{"name":"app","image":"web:1"}]}
            """)
        return bench
    }

    private static let network = #""networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"]}}"#
    private static let onFargate = #""launchType":"FARGATE",\#(network)"#
    private static let constrained = #""placementConstraints":[{"type":"distinctInstance"}]"#
    private static let spread = #""placementStrategy":[{"type":"random"}]"#
    private static let daemon = #""schedulingStrategy":"DAEMON""#

    private static func strategy(_ items: (String, base: Int, weight: Int)...) -> String {
        let list = items.map { #"{"capacityProvider":"\#($0.0)","base":\#($0.base),"weight":\#($0.weight)}"# }
        return #""capacityProviderStrategy":[\#(list.joined(separator: ","))],\#(network)"#
    }

    /// Members beside the name and the task definition `net`.
    @Test(arguments: [
        (
            #""desiredCount":1,\#(strategy(("FARGATE", base: 1, weight: 1), ("FARGATE_SPOT", base: 1, weight: 1)))"#,
            "There are multiple capacity providers in the specified capacity provider strategy with a base value defined."
        ),
        (
            #""desiredCount":1,\#(strategy(("FARGATE", base: 1, weight: 0), ("FARGATE_SPOT", base: 0, weight: 0)))"#,
            "There are no capacity providers in the capacity provider strategy with a weight value greater than zero."
        ),
        (
            "\(daemon),\(onFargate)",
            "The daemon scheduling strategy does not support the FARGATE launch type. Change the launch type and try again"
        ),
        (
            "\(daemon),\(strategy(("FARGATE", base: 0, weight: 1)))",
            "Specifying a capacity provider strategy is not supported when you create a service using the DAEMON scheduling "
                + "strategy."
        ),
        (
            "\(daemon),\(network),\(spread)",
            "The daemon scheduling strategy does not support placement strategies. Remove the placement strategy and try "
                + "again"
        ),
        (
            #""desiredCount":1,\#(onFargate),\#(constrained)"#,
            "Placement constraints are not supported with FARGATE launch type."
        ),
        (
            #""desiredCount":1,\#(onFargate),\#(spread)"#,
            "Placement strategies are not supported with FARGATE launch type."
        ),
        (
            #""desiredCount":1,\#(network.replacing("]}", with: #"],"assignPublicIp":"ENABLED"}"#))"#,
            "Assign public IP is not supported for this launch type."
        ),
        (
            #""desiredCount":1,"enableExecuteCommand":true,\#(network)"#,
            "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid task role in "
                + "your task definition and try again."
        ),
        (
            #""desiredCount":1,\#(network),"deploymentController":{"type":"EXTERNAL"}"#,
            "TaskDefinition must be blank."
        ),
    ])
    func `a service whose parts do not go together is refused`(members: String, message: String) throws {
        var bench = try Self.bench()
        let error = try bench.refusal("CreateService", #"{"serviceName":"a","taskDefinition":"net",\#(members)}"#)
        #expect(error == APIError(code: "InvalidParameterException", message: message))
        #expect(try bench.call("ListServices", "{}")["serviceArns"] == [])
    }

    @Test(arguments: ["1.5.0", "latest"])
    func `an unknown platform version is refused, wherever it is named`(version: String) throws {
        var bench = try Self.bench()
        let expected = APIError(
            code: "PlatformUnknownException", message: "The specified platform version doesn't exist.")
        let members = #"\#(Self.onFargate),"platformVersion":"\#(version)""#
        #expect(try bench.refusal("RunTask", #"{"taskDefinition":"net",\#(members)}"#) == expected)
        let service = #"{"serviceName":"a","taskDefinition":"net","desiredCount":1,"#
        #expect(try bench.refusal("CreateService", service + members + "}") == expected)
        try bench.call("CreateService", service + Self.onFargate + #","platformVersion":"1.3.0"}"#)
        #expect(
            try bench.refusal("UpdateService", #"{"service":"a","platformVersion":"\#(version)"}"#) == expected)
    }

    @Test func `ECS Exec needs a task role, in an update and in RunTask`() throws {
        var bench = try Self.bench()
        try bench.create(desired: 0)
        let exec = #"{"service":"web","enableExecuteCommand":true}"#
        #expect(
            try bench.refusal("UpdateService", exec).message
                == "The service couldn't be updated because a valid taskRoleArn is not being used. Specify a valid task "
                + "role in your task definition and try again.")
        let run = #"{"taskDefinition":"web","enableExecuteCommand":true,"overrides":{"taskRoleArn":"ROLE"}}"#
        #expect(
            try bench.refusal("RunTask", run.replacing("ROLE", with: ""))
                == APIError(
                    code: "InvalidParameterException",
                    message: "The execute command failed because a valid task role is not being used. Specify a valid "
                        + "task role in your task definition or as a task override and try again."))
        try bench.call("RunTask", run.replacing("ROLE", with: "task"))
        try bench.register(image: "web:2", definition: #","taskRoleArn":"task""#)
        try bench.call("RunTask", #"{"taskDefinition":"web","enableExecuteCommand":true}"#)
        try bench.call("UpdateService", exec.dropLast() + #","taskDefinition":"web"}"#)
    }

    @Test func `an override is one of a container that is there`() throws {
        var bench = try Self.bench()
        func run(_ override: String) -> String {
            #"{"taskDefinition":"web","overrides":{"containerOverrides":[\#(override)]}}"#
        }
        #expect(
            try bench.refusal("RunTask", run(#"{"name":"nobody","command":["x"]}"#))
                == APIError(
                    code: "InvalidParameterException",
                    message: "Override for container named nobody is not a container in the TaskDefinition."))
        try bench.call("RunTask", run(#"{"name":"app","command":["x"]}"#))
        try bench.call("RunTask", run("{}"))
    }

    @Test func `what a cluster's default strategy cannot place is refused where it is used`() throws {
        var bench = try Self.bench()
        try bench.call(
            "PutClusterCapacityProviders",
            """
            {"cluster":"default","capacityProviders":["FARGATE","FARGATE_SPOT"],
            "defaultCapacityProviderStrategy":[{"capacityProvider":"FARGATE"},{"capacityProvider":"FARGATE_SPOT"}]}
            """)
        let error = try bench.refusal("RunTask", #"{"taskDefinition":"net",\#(Self.network)}"#)
        #expect(error.message.hasPrefix("There are no capacity providers in the capacity provider strategy with a "))
        try bench.call("RunTask", #"{"taskDefinition":"net","launchType":"EC2",\#(Self.network)}"#)
    }

    /// Source: API reference, CreateService, UpdateService and UpdateServicePrimaryTaskSet.
    @Test func `a service under EXTERNAL shows no task definition until a task set is primary`() throws {
        var bench = try Self.bench()
        try bench.call(
            "CreateService", #"{"serviceName":"web","desiredCount":1,"deploymentController":{"type":"EXTERNAL"}}"#)
        #expect(try bench.describe()["taskDefinition"] == nil)
        let answer = try bench.call(
            "CreateTaskSet", #"{"cluster":"default","service":"web","taskDefinition":"net",\#(Self.network)}"#)
        let id = try #require(answer["taskSet"]?["id"]?.text)
        try bench.call(
            "UpdateServicePrimaryTaskSet", #"{"cluster":"default","service":"web","primaryTaskSet":"\#(id)"}"#)
        #expect(
            try bench.describe()["taskDefinition"]?.text
                == "arn:aws:ecs:eu-central-1:123456789012:task-definition/net:1")
        // The network is the task set's.
        try bench.call("UpdateService", #"{"service":"web","desiredCount":2}"#)
    }

    // MARK: Operations

    @Test(arguments: ["ExecuteCommand", "StartTask", "CreateDaemon", "Nonsense"])
    func `an operation that is not answered says so, in the form of AWS's errors`(name: String) throws {
        var bench = Bench()
        let error = try bench.refusal(name, "{}")
        #expect(error.status == 400)
        #expect(error.code == "UnknownOperationException")
        #expect(
            error.message == "The local ECS does not model the operation \(name), so nothing was done. "
                + "GET /_mooring/operations lists those that it answers.")
        let other = try bench.refusal("CreateUser", "{}", api: .iam)
        #expect(other.code == "InvalidAction")
        #expect(other.message.contains("The local ECS does not model the operation, so nothing was done."))
    }
}
