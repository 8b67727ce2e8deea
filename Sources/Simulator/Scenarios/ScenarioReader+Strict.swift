import MooringShapes

/// Reads what a scenario says of things outside ECS.
///
///     strict: true                                        or: strict: [logGroups, secrets]
///     metrics: [{service: default/web, metric: ECSServiceAverageCPUUtilization, load: 400, fromSeconds: 60}]
extension ScenarioReader {
    static func strictness(_ value: Value) throws(ScenarioError) -> Strictness {
        if let flag = value.boolean { return Strictness(flag ? Strictness.Kind.allCases : []) }
        let known = Strictness.Kind.allCases.map(\.rawValue)
        guard let elements = value.elements else {
            throw ScenarioError(
                "'strict' is true, false or a list of \(ScenarioMap.list(known)).", at: value.position)
        }
        var kinds: [Strictness.Kind] = []
        for element in elements {
            guard let kind = Strictness.Kind(rawValue: element.text ?? "") else {
                throw ScenarioError(
                    "'strict' cannot hold '\(element.text ?? "")'. Allowed are \(ScenarioMap.list(known)).",
                    at: element.position)
            }
            kinds.append(kind)
        }
        return Strictness(kinds)
    }

    static func metric(_ value: Value, start: Int64) throws(ScenarioError) -> MetricRule {
        let map = try ScenarioMap(
            value, "a metric", start: start, allowed: ["service", "metric", "value", "load"] + ScenarioMap.window)
        let (from, until) = try map.window()
        let verb = try map.verb(of: ["value", "load"])
        let number = try map.number(verb) ?? 0
        return MetricRule(
            service: try map.text("service") ?? "*", metric: try map.required("metric"),
            reading: verb == "value" ? .value(number) : .load(number), from: from, until: until)
    }
}
