import MooringShapes

/// Reads where tasks can be placed, and what is not there.
///
///     instances: [{cluster: main, count: 2, cpu: 2048, memory: 7680, networkInterfaces: 2, ports: [22]}]
///     capacity: [{provider: FARGATE_SPOT, trouble: unavailable, from: 2m, until: 10m}]
///     missing: {secrets: ["db-*"], parameters: [/web/key], logGroups: [/ecs/web]}
///     alarms: [{name: web-5xx, from: 5m, for: 2m}]
extension ScenarioReader {
    static let troubles = ["unavailable", "processorQuota", "taskQuota", "throttled", "blocked", "noNetworkInterface"]

    static func instance(_ value: Value, start: Int64) throws(ScenarioError) -> InstanceRule {
        let map = try ScenarioMap(
            value, "an instance", start: start,
            allowed: ["cluster", "count", "cpu", "memory", "networkInterfaces", "ports", "provider", "agentConnected"])
        var ports: [Int] = []
        for element in try map.elements("ports") {
            guard let port = element.integer, (1...65_535).contains(port) else {
                throw map.error("ports", "is a list of ports that are taken.")
            }
            ports.append(port)
        }
        let count = try map.count("count") ?? 1
        guard count <= Limits.containerInstances else {
            throw map.error("count", "is at most \(Limits.containerInstances).")
        }
        return InstanceRule(
            cluster: try map.text("cluster"), count: count, cpu: try map.count("cpu"),
            memory: try map.count("memory"), networkInterfaces: try map.count("networkInterfaces"), ports: ports,
            provider: try map.text("provider"), isConnected: try map.flag("agentConnected") ?? true)
    }

    static func capacity(_ value: Value, start: Int64) throws(ScenarioError) -> CapacityRule {
        let map = try ScenarioMap(
            value, "a lack of capacity", start: start,
            allowed: ["provider", "trouble", "reason"] + ScenarioMap.window)
        let (from, until) = try map.window()
        return CapacityRule(try map.text("provider") ?? "FARGATE", try trouble(map), from: from, until: until)
    }

    /// The trouble of a map that may hold more: `unavailable` where it says none.
    static func trouble(_ map: ScenarioMap) throws(ScenarioError) -> CapacityRule.Trouble {
        let trouble = try map.choice("trouble", troubles) ?? "unavailable"
        if trouble != "noNetworkInterface", map["reason"] != nil {
            throw map.error("reason", "says nothing unless 'trouble' is noNetworkInterface.")
        }
        switch trouble {
        case "unavailable": return .unavailable
        case "processorQuota": return .processorQuota
        case "taskQuota": return .taskQuota
        case "throttled": return .throttled
        case "blocked": return .blocked
        default: return .noNetworkInterface(reason: try map.text("reason"))
        }
    }

    static func missing(_ value: Value, start: Int64) throws(ScenarioError) -> MissingThings {
        let map = try ScenarioMap(
            value, "missing", start: start, allowed: ["secrets", "parameters", "logGroups"])
        return MissingThings(
            secrets: try map.texts("secrets"), parameters: try map.texts("parameters"),
            logGroups: try map.texts("logGroups"))
    }

    static func alarm(_ value: Value, start: Int64) throws(ScenarioError) -> AlarmRule {
        let map = try ScenarioMap(value, "an alarm", start: start, allowed: ["name"] + ScenarioMap.window)
        let (from, until) = try map.window()
        return AlarmRule(try map.required("name"), from: from, until: until)
    }
}
