import MooringShapes
import MooringSimulator
import Testing

/// A local ECS with a clock to turn, and calls written as JSON.
struct Bench {
    var ecs: LocalECS
    var now: Int64
    var caller = Caller(account: "123456789012", region: "eu-central-1")

    static let group = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef"

    init(_ scenario: Scenario = Scenario(), seed: UInt64 = 1, clusters: [String] = ["default"]) {
        var configuration = LocalECS.Configuration()
        configuration.scenario = scenario
        configuration.clusters = clusters
        configuration.region = caller.region
        ecs = LocalECS(configuration: configuration, seed: seed)
        now = ecs.now
    }

    /// Performs a call, failing as AWS fails.
    @discardableResult
    mutating func call(_ name: String, _ json: String, api: Operation.API = .ecs) throws -> Value {
        let input = try JSONReader.value(of: json)
        return try ecs.perform(Operation(api, name), input, as: caller, at: now).get()
    }

    /// The error that a call is refused with.
    mutating func refusal(_ name: String, _ json: String, api: Operation.API = .ecs) throws -> APIError {
        let input = try JSONReader.value(of: json)
        switch ecs.perform(Operation(api, name), input, as: caller, at: now) {
        case .success: throw Unexpected("\(name) was not refused")
        case .failure(let error): return error
        }
    }

    mutating func wait(seconds: Int) {
        now += Int64(seconds) * 1000
        ecs.advance(to: now)
    }

    /// Turns the clock in steps of a second until `condition` holds for the service; no more than `limit` seconds.
    ///
    /// - Returns: the seconds that passed.
    @discardableResult
    mutating func wait(until condition: (Value) -> Bool, service: String = "web", limit: Int = 7200) throws -> Int {
        for second in 0...limit {
            if condition(try describe(service)) { return second }
            wait(seconds: 1)
        }
        throw Unexpected("nothing came of it within \(limit) s: \(try events(service))")
    }

    // MARK: Shorthands

    @discardableResult
    mutating func register(
        _ family: String = "web", image: String, extra: String = "", definition: String = "",
    ) throws -> String {
        let answer = try call(
            "RegisterTaskDefinition",
            """
            {"family":"\(family)","containerDefinitions":[{"name":"app","image":"\(image)","memory":128,
            "portMappings":[{"containerPort":80}]\(extra)}]\(definition)}
            """)
        return try #require(answer["taskDefinition"]?["taskDefinitionArn"]?.text)
    }

    @discardableResult
    mutating func create(
        _ name: String = "web", family: String = "web", desired: Int = 2, balancer: Bool = false, breaker: Bool = true,
        minimum: Int = 100, maximum: Int = 200, extra: String = "",
    ) throws -> Value {
        let balancers =
            balancer
            ? #","loadBalancers":[{"targetGroupArn":"\#(Bench.group)","containerName":"app","containerPort":80}]"# : ""
        let answer = try call(
            "CreateService",
            """
            {"serviceName":"\(name)","taskDefinition":"\(family)","desiredCount":\(desired),"deploymentConfiguration":{
            "minimumHealthyPercent":\(minimum),"maximumPercent":\(maximum),
            "deploymentCircuitBreaker":{"enable":\(breaker),"rollback":\(breaker)}}\(balancers)\(extra)}
            """)
        return try #require(answer["service"])
    }

    mutating func describe(_ name: String = "web", include: String = "[]") throws -> Value {
        let answer = try call("DescribeServices", #"{"services":["\#(name)"],"include":\#(include)}"#)
        return try #require(answer["services"]?[0])
    }

    /// Messages, oldest first, without `(service name) `.
    mutating func events(_ name: String = "web") throws -> [String] {
        let events = try #require(try describe(name)["events"]?.elements)
        let start = "(service \(name)) "
        return events.reversed().compactMap(\.["message"]?.text).map {
            $0.hasPrefix(start) ? String($0.dropFirst(start.count)) : $0
        }
    }

    /// The newest service deployment record.
    mutating func record(_ name: String = "web") throws -> Value {
        let list = try call("ListServiceDeployments", #"{"service":"\#(name)"}"#)
        let arn = try #require(list["serviceDeployments"]?[0]?["serviceDeploymentArn"]?.text)
        let answer = try call("DescribeServiceDeployments", #"{"serviceDeploymentArns":["\#(arn)"]}"#)
        return try #require(answer["serviceDeployments"]?[0])
    }

    struct Unexpected: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}

extension Value {
    /// The PRIMARY deployment of a described service.
    var primary: Value? { self["deployments"]?.elements?.first { $0["status"]?.text == "PRIMARY" } }
    var rolloutState: String? { primary?["rolloutState"]?.text }
    var isCompleted: Bool { rolloutState == "COMPLETED" }
    /// What the AWS CLI's waiter asks for.
    var isStable: Bool {
        self["deployments"]?.elements?.count == 1 && self["runningCount"]?.integer == self["desiredCount"]?.integer
    }
}

/// The shape of an event message: ids and names replaced, so that two rollouts can be compared.
func shape(_ message: String) -> String {
    var words: [String] = []
    for word in message.split(separator: " ") {
        if word.hasPrefix("ecs-svc/") {
            words.append("ecs-svc/N" + word.drop { $0 != "." && $0 != ")" })
        } else if word.hasPrefix("arn:") {
            words.append("ARN")
        } else {
            words.append(String(word))
        }
    }
    let text = words.joined(separator: " ")
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix(": (task") else { return text }
    return String(text[..<colon])
}
