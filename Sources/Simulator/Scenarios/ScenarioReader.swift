package import MooringShapes

/// Reads a scenario from a tree: what `mooring simulate --scenario` takes as YAML or JSON, and the control endpoint as JSON.
///
///     clusters: [main]
///     images:
///       - {image: "*:bad", cannotPull: true}
///       - {image: "*:crash", crashes: {exitCode: 1, after: 5s}}
///       - {image: "*:sick", neverHealthy: true, until: 90s}
///     timing: {preset: brisk, stopping: 200}
///     readLag: [0, 2000]
///     throttles: true
///     containerInstances: 3
///     faults:
///       - {operation: UpdateService, ordinals: [1], fault: lostResponse}
///       - {operation: "*", perMille: 20, fault: throttle, from: 1m, for: 30s}
///     timeline:
///       - {at: 90s, scale: web, to: 7}
///
/// Times count from `start`. Durations of `timing` are milliseconds, at least 1, and have the names of `Timing`;
/// `steadyReminder` is at least 1000. The files
/// `ScenarioReader+….swift` say what each part may hold.
package enum ScenarioReader {
    private static let members = [
        "clusters", "setup", "images", "instances", "containerInstances", "capacity", "missing", "strict", "alarms",
        "metrics", "hooks", "timeline", "faults", "throttles", "readLag", "timing",
    ]

    package static func scenario(of document: Value, start: Int64) throws(ScenarioError) -> Scenario {
        let map = try ScenarioMap(document, "a scenario", start: start, allowed: members)
        var scenario = Scenario()
        scenario.clusters = try map.texts("clusters")
        for name in scenario.clusters where !Names.isWordOrHyphen(name) || name.isEmpty || name.utf8.count > 255 {
            throw map.error("clusters", "has a name that ECS does not take: '\(name.prefix(60))'.")
        }
        for rule in try map.elements("images") { scenario.images.append(try image(rule, start: start)) }
        for rule in try map.elements("instances") { scenario.instances.append(try instance(rule, start: start)) }
        if let count = try map.count("containerInstances") {
            guard count <= Limits.containerInstances else {
                throw map.error("containerInstances", "is at most \(Limits.containerInstances).")
            }
            scenario.containerInstances = count
        }
        for rule in try map.elements("capacity") { scenario.capacity.append(try capacity(rule, start: start)) }
        if let missing = map["missing"] { scenario.missing = try self.missing(missing, start: start) }
        if let strict = map["strict"] { scenario.strict = try strictness(strict) }
        for rule in try map.elements("alarms") { scenario.alarms.append(try alarm(rule, start: start)) }
        for rule in try map.elements("metrics") { scenario.metrics.append(try metric(rule, start: start)) }
        for rule in try map.elements("hooks") { scenario.hooks.append(try hook(rule, start: start)) }
        for rule in try map.elements("faults") { scenario.faults.append(try fault(rule, start: start)) }
        scenario.throttles = try map.flag("throttles") ?? false
        if let lag = map["readLag"] { scenario.reads = try readLag(lag) }
        if let timing = map["timing"] { scenario.timing = try self.timing(timing, start: start) }
        for call in try map.elements("setup") { scenario.timeline.append(try setup(call, start: start)) }
        for entry in try map.elements("timeline") { try happening(entry, start: start, into: &scenario) }
        if scenario.timeline.count > Limits.happenings {
            throw map.error("timeline", "may have at most \(Limits.happenings) entries.")
        }
        return scenario
    }

    /// `[least, most]`, in milliseconds or as times.
    private static func readLag(_ value: Value) throws(ScenarioError) -> ReadLag {
        let bounds = (value.elements ?? []).compactMap { element -> Int64? in
            if let number = element.integer { return number >= 0 && number <= 1_000_000_000_000 ? Int64(number) : nil }
            return element.text.flatMap(ScenarioDuration.milliseconds)
        }
        guard bounds.count == 2, value.elements?.count == 2, bounds[0] <= bounds[1] else {
            throw ScenarioError(
                "'readLag' is a list of two times, the smaller first; a number counts milliseconds: [0, 2000].",
                at: value.position)
        }
        return ReadLag(milliseconds: bounds[0]...bounds[1])
    }

    // MARK: Timing

    private static let durations: [(name: String, path: any WritableKeyPath<Timing, Int64> & Sendable)] = [
        ("schedulerDelay", \.schedulerDelay), ("roundInterval", \.roundInterval), ("provisioning", \.provisioning),
        ("pulling", \.pulling), ("registration", \.registration), ("healthyWithoutCheck", \.healthyWithoutCheck),
        ("targetHealthy", \.targetHealthy), ("targetUnhealthy", \.targetUnhealthy), ("pullFailure", \.pullFailure),
        ("deregistration", \.deregistration), ("draining", \.draining), ("stopping", \.stopping),
        ("breaker", \.breaker), ("rollback", \.rollback), ("serviceDeploymentStart", \.serviceDeploymentStart),
        ("stoppedTaskVisible", \.stoppedTaskVisible), ("inactiveServiceVisible", \.inactiveServiceVisible),
        ("startJitter", \.startJitter), ("spotWarning", \.spotWarning), ("alarmBake", \.alarmBake),
    ]

    private static func timing(_ value: Value, start: Int64) throws(ScenarioError) -> Timing {
        let names = durations.map(\.name)
        let map = try ScenarioMap(
            value, "timing", start: start, allowed: ["preset", "backoff", "shift", "steadyReminder"] + names)
        var timing = try map.choice("preset", ["recorded", "brisk"]) == "brisk" ? Timing.brisk : Timing()
        if map["backoff"] != nil {
            timing.backoff = []
            for element in try map.elements("backoff") {
                guard let number = element.integer, (1...1_000_000_000_000).contains(number) else {
                    throw ScenarioError(
                        "'backoff' in timing is a list of milliseconds, each at least 1.", at: element.position)
                }
                timing.backoff.append(Int64(number))
            }
        }
        if let shift = map["shift"] { timing.shift = try shiftTiming(shift, over: timing.shift) }
        if let reminder = map["steadyReminder"] {
            timing.steadyReminder =
                reminder.boolean == false
                ? nil : try map.count("steadyReminder", least: Limits.reminderMilliseconds).map(Int64.init)
        }
        for (name, path) in durations {
            // Whatever plans itself again must let time pass, or no advance ever ends. The jitter is added to something else.
            if let number = try map.count(name, least: name == "startJitter" ? 0 : 1) {
                timing[keyPath: path] = Int64(number)
            }
        }
        return timing
    }
}
