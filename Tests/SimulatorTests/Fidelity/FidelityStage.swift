import MooringShapes
import MooringSimulator
import Testing

/// A local ECS that is brought, through its API, into the state that a recording shows, and is then asked the same.
struct FidelityStage {
    var bench: Bench
    private var revisions: [String: Int] = [:]

    init(_ recording: Recording, images: [ImageRule] = [], identity: String? = nil, instances: Int = 1) {
        var scenario = Scenario()
        scenario.containerInstances = instances
        scenario.images = images
        bench = Bench(scenario, clusters: [])
        let origin = recording.origin
        bench.caller = Caller(account: origin.account, region: origin.region, arn: identity)
    }

    // MARK: Calling

    @discardableResult
    mutating func call(_ name: String, _ input: Value) throws -> Value {
        do {
            return try bench.ecs.perform(Operation(.ecs, name), input, as: bench.caller, at: bench.now).get()
        } catch {
            throw Bench.Unexpected("\(name): \(error) for \(JSONWriter(.compact).text(of: input).prefix(600))")
        }
    }

    /// Whether the local ECS has the operation at all.
    mutating func has(_ name: String) -> Bool {
        guard case .failure(let error) = bench.ecs.perform(Operation(.ecs, name), [:], as: bench.caller, at: bench.now)
        else { return true }
        return error.code != "UnknownOperationException"
    }

    // MARK: Clusters

    mutating func cluster(arn: String?) throws -> String {
        let name = arn?.split(separator: "/").last.map(String.init) ?? "default"
        try call("CreateCluster", ["clusterName": .string(name)])
        return name
    }

    // MARK: Task definitions

    /// The parts of `arn:…:task-definition/family:7`.
    static func revision(_ arn: String) -> (family: String, number: Int) {
        let name = arn.split(separator: "/").last.map(String.init) ?? arn
        let parts = name.split(separator: ":")
        return (String(parts[0]), parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }

    /// Registers up to the revision of `arn`, the last one with `content`; its answer.
    @discardableResult
    mutating func register(_ arn: String, content: Value) throws -> Value {
        let (family, number) = FidelityStage.revision(arn)
        var request = content
        request["family"] = .string(family)
        var answer: Value = [:]
        while revisions[family, default: 0] < number {
            answer = try call("RegisterTaskDefinition", request)
            revisions[family, default: 0] += 1
        }
        return answer
    }

    /// A task definition that has the containers and ports of a service's load balancers, and its network.
    static func definition(for service: Value, family: String) -> Value {
        var ports: [Value] = []
        var name = "app"
        for balancer in service["loadBalancers"]?.elements ?? [] {
            name = balancer["containerName"]?.text ?? name
            if let port = balancer["containerPort"] { ports.append(.map([("containerPort", port)])) }
        }
        let isAwsvpc = service["networkConfiguration"] != nil
        var definition: Value = [
            "containerDefinitions": [
                ["name": .string(name), "image": "httpd:2.4", "memory": 128, "portMappings": .list(ports)]
            ]
        ]
        if isAwsvpc {
            definition["networkMode"] = "awsvpc"
            definition["cpu"] = "256"
            definition["memory"] = "512"
        }
        // ECS Exec needs a task role.
        if service["enableExecuteCommand"]?.boolean == true { definition["taskRoleArn"] = "task" }
        if let volume =
            (service["volumeConfigurations"] ?? service["deployments"]?[1]?["volumeConfigurations"]
            ?? service["deployments"]?[0]?["volumeConfigurations"])?[0]?["name"]
        {
            definition["volumes"] = [.map([("name", volume), ("configuredAtLaunch", true)])]
        }
        return definition
    }

    mutating func wait(seconds: Int) { bench.wait(seconds: seconds) }
}

extension Value {
    /// The map without these members.
    func without(_ names: [String]) -> Value {
        guard let members else { return self }
        return Value(.map(members.filter { !names.contains($0.name) }))
    }

    /// The map with only these members.
    func only(_ names: [String]) -> Value {
        guard let members else { return self }
        return Value(.map(members.filter { names.contains($0.name) }))
    }

    var isEmptyCollection: Bool { members?.isEmpty == true || elements?.isEmpty == true }
}
