package import MooringShapes

/// Why a document is no scenario.
package struct ScenarioError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Reads a scenario from a tree: what the control endpoint takes as JSON, and a file may say in YAML.
///
///     images: [{image: "*:bad", cannotPull: true}, {image: "*:crash", crashes: {exitCode: 1, afterSeconds: 5}},
///              {image: "*:sick", neverHealthy: true, fromSeconds: 0, untilSeconds: 90}]
///     timing: {preset: brisk, stopping: 200}
///     readLag: [0, 2000]
///     throttles: true
///     containerInstances: 3
///     faults: [{operation: UpdateService, ordinals: [1], fault: lostResponse},
///              {operation: "*", perMille: 20, fault: throttle}]
///
/// Seconds count from `start`; durations of `timing` are milliseconds and have the names of `Timing`.
package enum ScenarioReader {
    package static func scenario(of document: Value, start: Int64) throws(ScenarioError) -> Scenario {
        var scenario = Scenario()
        for member in try members(of: document, in: "the scenario") {
            switch member.name {
            case "images":
                for rule in try elements(of: member.value, in: "images") {
                    scenario.images.append(try image(rule, start: start))
                }
            case "timing": scenario.timing = try timing(member.value)
            case "readLag":
                let bounds = try elements(of: member.value, in: "readLag").compactMap(\.integer)
                guard bounds.count == 2, bounds[0] >= 0, bounds[0] <= bounds[1] else {
                    throw ScenarioError("readLag is a list of two durations in milliseconds, the smaller first.")
                }
                scenario.reads = ReadLag(milliseconds: Int64(bounds[0])...Int64(bounds[1]))
            case "throttles": scenario.throttles = try boolean(member)
            case "containerInstances": scenario.containerInstances = try integer(member)
            case "hooks":
                for rule in try elements(of: member.value, in: "hooks") {
                    scenario.hooks.append(try hook(rule, start: start))
                }
            case "strict": scenario.strict = try strictness(member.value)
            case "metrics":
                for rule in try elements(of: member.value, in: "metrics") {
                    scenario.metrics.append(try metric(rule, start: start))
                }
            case "faults":
                for rule in try elements(of: member.value, in: "faults") {
                    scenario.faults.append(try fault(rule, start: start))
                }
            default: throw ScenarioError("A scenario has no member '\(member.name)'.")
            }
        }
        return scenario
    }

    // MARK: Images

    private static func image(_ value: Value, start: Int64) throws(ScenarioError) -> ImageRule {
        var pattern: String?
        var behaviour: ImageBehaviour?
        var from: Int64?
        var until: Int64?
        for member in try members(of: value, in: "an image") {
            switch member.name {
            case "image": pattern = member.value.text
            case "cannotPull":
                behaviour = .cannotPull(reason: member.value.boolean == nil ? member.value.text : nil)
            case "cannotInitialize":
                behaviour = .cannotInitialize(reason: member.value.text ?? "ResourceInitializationError")
            case "neverHealthy": behaviour = .neverHealthy
            case "crashes":
                let seconds = min(max(0, member.value["afterSeconds"]?.double ?? 5), 1_000_000_000)
                behaviour = .crashes(
                    exitCode: member.value["exitCode"]?.integer ?? 1, afterMilliseconds: Int64(seconds * 1000))
            case "fromSeconds": from = start + Int64(try integer(member)) * 1000
            case "untilSeconds": until = start + Int64(try integer(member)) * 1000
            default: throw ScenarioError("An image rule has no member '\(member.name)'.")
            }
        }
        guard let pattern, let behaviour else {
            throw ScenarioError(
                "An image rule needs 'image' and one of cannotPull, cannotInitialize, crashes, neverHealthy.")
        }
        return ImageRule(pattern, behaviour, from: from, until: until)
    }

    // MARK: Timing

    private static let durations: [(name: String, path: any WritableKeyPath<Timing, Int64> & Sendable)] = [
        ("schedulerDelay", \.schedulerDelay), ("roundInterval", \.roundInterval), ("provisioning", \.provisioning),
        ("pulling", \.pulling), ("registration", \.registration), ("healthyWithoutCheck", \.healthyWithoutCheck),
        ("targetHealthy", \.targetHealthy), ("targetUnhealthy", \.targetUnhealthy), ("pullFailure", \.pullFailure),
        ("deregistration", \.deregistration), ("draining", \.draining), ("stopping", \.stopping),
        ("breaker", \.breaker), ("rollback", \.rollback), ("serviceDeploymentStart", \.serviceDeploymentStart),
        ("stoppedTaskVisible", \.stoppedTaskVisible), ("inactiveServiceVisible", \.inactiveServiceVisible),
        ("startJitter", \.startJitter),
    ]

    private static func timing(_ value: Value) throws(ScenarioError) -> Timing {
        var timing = Timing()
        switch value["preset"]?.text {
        case nil, "recorded": break
        case "brisk": timing = .brisk
        case let name?: throw ScenarioError("There is no timing preset '\(name)'; there are recorded and brisk.")
        }
        for member in try members(of: value, in: "timing") where member.name != "preset" {
            if member.name == "backoff" {
                timing.backoff = try elements(of: member.value, in: "backoff").compactMap { $0.integer.map(Int64.init) }
                continue
            }
            if member.name == "shift" {
                timing.shift = try shiftTiming(member.value, over: timing.shift)
                continue
            }
            guard let path = durations.first(where: { $0.name == member.name })?.path else {
                throw ScenarioError("timing has no member '\(member.name)'.")
            }
            timing[keyPath: path] = Int64(try integer(member))
        }
        return timing
    }

    // MARK: Faults

    private static func fault(_ value: Value, start: Int64) throws(ScenarioError) -> FaultRule {
        var operation = "*"
        var occurrence = FaultRule.Occurrence.always
        var fault: Fault?
        var from: Int64?
        var until: Int64?
        let status = value["status"]?.integer
        for member in try members(of: value, in: "a fault") {
            switch member.name {
            case "operation": operation = member.value.text ?? "*"
            case "ordinals":
                occurrence = .ordinals(try elements(of: member.value, in: "ordinals").compactMap(\.integer))
            case "perMille": occurrence = .perMille(try integer(member))
            case "fault": fault = try kind(member.value.text ?? "", status: status, value)
            case "fromSeconds": from = start + Int64(try integer(member)) * 1000
            case "untilSeconds": until = start + Int64(try integer(member)) * 1000
            case "status", "milliseconds", "code", "message": break
            default: throw ScenarioError("A fault has no member '\(member.name)'.")
            }
        }
        guard let fault else { throw ScenarioError("A fault needs the member 'fault'.") }
        return FaultRule(operation, occurrence, fault, from: from, until: until)
    }

    private static func kind(_ name: String, status: Int?, _ value: Value) throws(ScenarioError) -> Fault {
        switch name {
        case "throttle": .throttle
        case "serverError": .serverError(status: status ?? 500)
        case "serverErrorAfterwards": .serverErrorAfterwards(status: status ?? 500)
        case "accessDenied": .accessDenied
        case "expiredCredentials": .expiredCredentials
        case "droppedBefore": .droppedBefore
        case "lostResponse": .lostResponse
        case "html": .html(status: status ?? 502)
        case "slow": .slow(milliseconds: Int64(value["milliseconds"]?.integer ?? 1000))
        case "error":
            .error(
                APIError(
                    code: value["code"]?.text ?? "ServerException", message: value["message"]?.text ?? "",
                    status: status ?? 400))
        default: throw ScenarioError("There is no fault '\(name)'.")
        }
    }

    // MARK: Reading

    static func members(of value: Value, in place: String) throws(ScenarioError) -> [Value.Member] {
        guard let members = value.members else { throw ScenarioError("\(place) must be a map.") }
        return members
    }

    static func elements(of value: Value, in place: String) throws(ScenarioError) -> [Value] {
        guard let elements = value.elements else { throw ScenarioError("\(place) must be a list.") }
        return elements
    }

    static func integer(_ member: Value.Member) throws(ScenarioError) -> Int {
        // The upper bound, some thirty years of milliseconds, keeps sums of times within bounds.
        guard let number = member.value.integer, (0...1_000_000_000_000).contains(number) else {
            throw ScenarioError("'\(member.name)' must be a whole number that is not negative.")
        }
        return number
    }

    static func boolean(_ member: Value.Member) throws(ScenarioError) -> Bool {
        guard let flag = member.value.boolean else { throw ScenarioError("'\(member.name)' must be true or false.") }
        return flag
    }
}
