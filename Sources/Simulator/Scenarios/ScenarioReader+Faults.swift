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
        try map.refuseBoth("ordinals", "perMille")
        if let rate = try map.count("perMille") {
            guard rate <= 1000 else { throw map.error("perMille", "is at most 1000: so many of a thousand calls.") }
            occurrence = .perMille(rate)
        }
        let status = try map.count("status")
        if let status, !(200...599).contains(status) { throw map.error("status", "must be an HTTP status.") }
        let kind = try kind(map, status: status)
        return FaultRule(try operation(map), occurrence, kind, from: window.from, until: window.until)
    }

    /// The operation's name or pattern: one that no operation has is misspelt.
    private static func operation(_ map: ScenarioMap) throws(ScenarioError) -> String {
        let operation = try map.text("operation") ?? "*"
        let known = Operation.API.allCases.flatMap { api in
            InputShapes.table(of: api).operations.map { Operation(api, $0) }
        }
        let isKnown = known.contains {
            Pattern.matches(operation, $0.name) || Pattern.matches(operation, $0.description)
        }
        guard isKnown else { throw map.error("operation", unknown(operation, among: known.map(\.name))) }
        return operation
    }

    /// What only some faults take, and which.
    private static let details: [(member: String, faults: [String])] = [
        ("status", ["serverError", "serverErrorAfterwards", "html", "error"]), ("milliseconds", ["slow"]),
        ("code", ["error"]), ("message", ["error"]),
    ]

    private static func kind(_ map: ScenarioMap, status: Int?) throws(ScenarioError) -> Fault {
        guard let name = try map.choice("fault", faults) else {
            throw map.error("needs the member 'fault': one of \(ScenarioMap.list(faults)).")
        }
        for (member, faults) in details where map[member] != nil && !faults.contains(name) {
            throw map.error(member, "says nothing of the fault '\(name)': it belongs to \(ScenarioMap.list(faults)).")
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
            guard let code = try map.text("code"), !code.isEmpty else {
                throw map.error(
                    "fault", "needs the member 'code' beside it: the name of AWS's error, such as ClientException.")
            }
            return .error(APIError(code: code, message: try map.text("message") ?? "", status: status ?? 400))
        }
    }
}
