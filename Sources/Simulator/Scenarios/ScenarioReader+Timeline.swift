import MooringShapes

/// Reads what happens when.
///
///     timeline:
///       - {at: 90s, scale: web, to: 7}
///       - {at: 2m, deploy: web, taskDefinition: "web:3"}
///       - {at: 2m, redeploy: web}
///       - {at: 3m, stopTasks: web, count: 2}
///       - {at: 4m, delete: web}
///       - {at: 5m, interruptSpot: web, count: 2}
///       - {at: 5m, condemn: web, count: 1}
///       - {at: 6m, drainInstances: 1}          also loseInstances, addInstances
///       - {at: 7m, alarm: web-5xx, for: 3m}
///       - {at: 7m, noCapacity: FARGATE, until: 10m}
///       - {at: 8m, fault: throttle, operation: UpdateService, for: 30s}
///       - {at: 9m, call: DeregisterTaskDefinition, input: {taskDefinition: "web:1"}}
///
/// Each may name a `cluster`; without one it is the first. `setup` is a list of `call` and `input` for the start.
extension ScenarioReader {
    private static let verbs = [
        "scale", "deploy", "redeploy", "stopTasks", "delete", "interruptSpot", "condemn", "drainInstances",
        "loseInstances", "addInstances", "alarm", "noCapacity", "fault", "call",
    ]
    private static let companions =
        ["at", "cluster", "to", "taskDefinition", "count", "input", "trouble", "reason", "until", "for"] + faultDetails

    /// What may stand beside a verb and `at`.
    private static func companions(of verb: String) -> [String] {
        switch verb {
        case "scale": ["cluster", "to"]
        case "deploy": ["cluster", "taskDefinition"]
        case "stopTasks", "interruptSpot", "condemn": ["cluster", "count"]
        case "alarm": ["until", "for"]
        case "noCapacity": ["trouble", "reason", "until", "for"]
        case "fault": faultDetails + ["until", "for"]
        case "call": ["cluster", "input"]
        default: ["cluster"]
        }
    }

    /// Reads one entry; what lasts for a while becomes a rule of its kind.
    static func happening(_ value: Value, start: Int64, into scenario: inout Scenario) throws(ScenarioError) {
        let map = try ScenarioMap(value, "an entry of the timeline", start: start, allowed: companions + verbs)
        guard let at = try map.time("at") else { throw map.error("needs the member 'at': a time such as 90s.") }
        let verb = try map.verb(of: verbs)
        try map.refuseOthers(beside: "'\(verb)'", than: ["at", verb] + companions(of: verb))
        let until = try map.window(from: "at").until
        switch verb {
        case "alarm": scenario.alarms.append(AlarmRule(try map.required(verb), from: at, until: until))
        case "noCapacity":
            scenario.capacity.append(
                CapacityRule(try map.required(verb), try trouble(map), from: at, until: until))
        case "fault": scenario.faults.append(try fault(map, window: (at, until)))
        default:
            scenario.timeline.append(
                Happening(at: at, cluster: try map.text("cluster"), try action(map, verb, start: start)))
        }
    }

    private static func action(_ map: ScenarioMap, _ verb: String, start: Int64) throws(ScenarioError)
        -> Happening.Action
    {
        switch verb {
        case "call": return try call(map)
        case "drainInstances": return .drainInstances(count: try map.count(verb) ?? 1)
        case "loseInstances": return .loseInstances(count: try map.count(verb) ?? 1)
        case "addInstances": return .addInstances(count: try map.count(verb) ?? 1)
        default: break
        }
        let service = try map.required(verb)
        let count = try map.count("count") ?? 1
        switch verb {
        case "stopTasks": return .stopTasks(service: service, count: count)
        case "interruptSpot": return .interruptSpot(service: service, count: count)
        case "condemn": return .condemnTasks(service: service, count: count)
        case "delete":
            return .call(Operation(.ecs, "DeleteService"), ["service": .string(service), "force": true])
        case "scale":
            guard let count = try map.count("to") else { throw map.error("needs the member 'to': a count of tasks.") }
            return .call(
                Operation(.ecs, "UpdateService"), ["service": .string(service), "desiredCount": .integer(count)])
        case "deploy":
            return .call(
                Operation(.ecs, "UpdateService"),
                ["service": .string(service), "taskDefinition": .string(try map.required("taskDefinition"))])
        default:
            return .call(
                Operation(.ecs, "UpdateService"), ["service": .string(service), "forceNewDeployment": true])
        }
    }

    static func setup(_ value: Value, start: Int64) throws(ScenarioError) -> Happening {
        let map = try ScenarioMap(value, "an entry of setup", start: start, allowed: ["call", "input", "cluster"])
        _ = try map.required("call")
        return Happening(at: start, cluster: try map.text("cluster"), try call(map))
    }

    // MARK: Calls

    /// A call of ECS, or of another API that the local ECS answers: `ssm:PutParameter`.
    private static func call(_ map: ScenarioMap) throws(ScenarioError) -> Happening.Action {
        let parts = try map.required("call").split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = parts.last, let api = parts.count == 2 ? Operation.API(rawValue: parts[0]) : .ecs else {
            throw map.error("call", "names no API that the local ECS answers.")
        }
        let input = map["input"] ?? [:]
        guard input.members != nil else { throw map.error("input", "must be a map.") }
        let table = InputShapes.table(of: api)
        guard let shape = table.input(of: name) else {
            throw map.error("call", unknown(name, among: table.operations))
        }
        // The cluster is the happening's where the input names none.
        let (value, findings) = ShapeEngine(table).coerce(input, to: shape)
        if let wrong = findings.first(where: { $0.severity == .error || $0.rule == "unknown-member" }) {
            // The finding speaks to manifests, which pass unknown members on; here they are misspelt.
            let hint = wrong.message.firstRange(of: "Did you mean").map { " " + wrong.message[$0.lowerBound...] } ?? ""
            let text =
                wrong.rule == "unknown-member"
                ? "There is no '\(wrong.memberPath)' in the input of \(name).\(hint)"
                : "In the input of \(name): \(wrong.message)"
            throw ScenarioError(text, at: wrong.position ?? input.position)
        }
        return .call(Operation(api, name), value)
    }

    /// What is said of an operation that nobody answers.
    static func unknown(_ operation: String, among operations: [String]) -> String {
        let hint = Suggestion.nearest(to: operation, among: operations).map { " Did you mean '\($0)'?" } ?? ""
        return "names no operation that the local ECS answers.\(hint) GET /_mooring/operations lists them."
    }
}
