import MooringShapes

/// Reads what a scenario says of things outside ECS.
///
///     strict: true                                        or: strict: [logGroups, secrets]
///     metrics: [{service: default/web, metric: ECSServiceAverageCPUUtilization, load: 400, fromSeconds: 60}]
extension ScenarioReader {
    static func strictness(_ value: Value) throws(ScenarioError) -> Strictness {
        if let flag = value.boolean { return Strictness(flag ? Strictness.Kind.allCases : []) }
        var kinds: [Strictness.Kind] = []
        for element in try elements(of: value, in: "strict") {
            guard let kind = Strictness.Kind(rawValue: element.text ?? "") else {
                let known = Strictness.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw ScenarioError("strict has no kind '\(element.text ?? "")'; there are \(known).")
            }
            kinds.append(kind)
        }
        return Strictness(kinds)
    }

    static func metric(_ value: Value, start: Int64) throws(ScenarioError) -> MetricRule {
        var service = "*"
        var metric: String?
        var reading: MetricRule.Reading?
        var from: Int64?
        var until: Int64?
        for member in try members(of: value, in: "a metric") {
            switch member.name {
            case "service": service = member.value.text ?? "*"
            case "metric": metric = member.value.text
            case "value": reading = .value(try number(member))
            case "load": reading = .load(try number(member))
            case "fromSeconds": from = start + Int64(try integer(member)) * 1000
            case "untilSeconds": until = start + Int64(try integer(member)) * 1000
            default: throw ScenarioError("A metric has no member '\(member.name)'.")
            }
        }
        guard let metric, let reading else { throw ScenarioError("A metric needs 'metric' and one of value, load.") }
        return MetricRule(service: service, metric: metric, reading: reading, from: from, until: until)
    }

    private static func number(_ member: Value.Member) throws(ScenarioError) -> Double {
        // The bound keeps every product with a count of tasks within bounds.
        guard let number = member.value.double, number >= 0, number <= 1e12 else {
            throw ScenarioError("'\(member.name)' must be a number that is not negative.")
        }
        return number
    }
}
