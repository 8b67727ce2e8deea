import MooringShapes

/// Reads calls that go wrong.
///
///     - {operation: UpdateService, ordinals: [1], fault: lostResponse}
///     - {operation: "*", perMille: 20, fault: throttle}
///     - {operation: DescribeServices, fault: slow, milliseconds: 3000, from: 1m, for: 30s}
///     - {operation: CreateService, fault: error, code: ClientException, message: "…", status: 400}
extension ScenarioReader {
    static let faultDetails = ["operation", "ordinals", "perMille", "status", "milliseconds", "code", "message"]
    private static let faults = [
        "throttle", "serverError", "serverErrorAfterwards", "accessDenied", "expiredCredentials", "droppedBefore",
        "lostResponse", "html", "slow", "error",
    ]

    static func fault(_ value: Value, start: Int64) throws(ScenarioError) -> FaultRule {
        let map = try ScenarioMap(
            value, "a fault", start: start, allowed: ["fault"] + faultDetails + ScenarioMap.window)
        return try fault(map, window: try map.window())
    }

    /// A fault of a map that may hold more.
    static func fault(_ map: ScenarioMap, window: (from: Int64?, until: Int64?)) throws(ScenarioError) -> FaultRule {
        var occurrence = FaultRule.Occurrence.always
        if map["ordinals"] != nil {
            var ordinals: [Int] = []
            for element in try map.elements("ordinals") {
                guard let number = element.integer, number > 0 else {
                    throw map.error("ordinals", "is a list of numbers of calls, counted from 1.")
                }
                ordinals.append(number)
            }
            occurrence = .ordinals(ordinals)
        }
        if let rate = try map.count("perMille") {
            guard rate <= 1000 else { throw map.error("perMille", "is at most 1000: so many of a thousand calls.") }
            occurrence = .perMille(rate)
        }
        let status = try map.count("status")
        if let status, !(200...599).contains(status) { throw map.error("status", "must be an HTTP status.") }
        let kind = try kind(map, status: status)
        let operation = try map.text("operation") ?? "*"
        let known = Operation.API.allCases.flatMap { InputShapes.table(of: $0).operations }
        if operation != "*", !known.contains(operation) {
            throw map.error("operation", unknown(operation, among: known))
        }
        return FaultRule(
            operation, occurrence, kind, from: window.from,
            until: window.until)
    }

    private static func kind(_ map: ScenarioMap, status: Int?) throws(ScenarioError) -> Fault {
        guard let name = try map.choice("fault", faults) else {
            throw map.error("needs the member 'fault': one of \(ScenarioMap.list(faults)).")
        }
        switch name {
        case "throttle": return .throttle
        case "serverError": return .serverError(status: status ?? 500)
        case "serverErrorAfterwards": return .serverErrorAfterwards(status: status ?? 500)
        case "accessDenied": return .accessDenied
        case "expiredCredentials": return .expiredCredentials
        case "droppedBefore": return .droppedBefore
        case "lostResponse": return .lostResponse
        case "html": return .html(status: status ?? 502)
        case "slow": return .slow(milliseconds: Int64(try map.count("milliseconds") ?? 1000))
        default:
            return .error(
                APIError(
                    code: try map.text("code") ?? "ServerException", message: try map.text("message") ?? "",
                    status: status ?? 400))
        }
    }
}
