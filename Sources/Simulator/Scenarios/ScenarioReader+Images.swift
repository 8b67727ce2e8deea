import MooringShapes

/// Reads what becomes of images.
///
///     - {image: "acme/web:bad", cannotPull: true}                    or the reason in place of true
///     - {image: "*:locked", cannotInitialize: true}                 or the reason
///     - {image: "*:crash", crashes: {exitCode: 1, after: 5s}}
///     - {image: "*:fat", outOfMemory: {after: 30s}}                  or true
///     - {image: "*:sick", neverHealthy: true}                        or the load balancer's reason
///     - {image: "*:slow", slow: {start: 30s, healthy: 2m, stop: 1m}}
///
/// Each may hold for a time: `from`, `until`, `for`.
extension ScenarioReader {
    private static let behaviours = [
        "cannotPull", "cannotInitialize", "crashes", "outOfMemory", "neverHealthy", "slow",
    ]

    static func image(_ value: Value, start: Int64) throws(ScenarioError) -> ImageRule {
        let map = try ScenarioMap(
            value, "an image", start: start, allowed: ["image"] + behaviours + ScenarioMap.window)
        let pattern = try map.required("image")
        let verb = try map.verb(of: behaviours)
        let (from, until) = try map.window()
        var targetReason: String?
        let behaviour: ImageBehaviour
        switch verb {
        case "cannotPull": behaviour = .cannotPull(reason: try reason(map, verb))
        case "cannotInitialize":
            behaviour = .cannotInitialize(reason: try reason(map, verb))
        case "crashes":
            let crash = try details(map, verb, ["exitCode", "after", "afterSeconds"], start: start)
            try crash?.refuseBoth("after", "afterSeconds")
            let code = try crash?.count("exitCode") ?? 1
            guard (0...255).contains(code) else { throw map.error(verb, "has an exit code above 255.") }
            behaviour = .crashes(exitCode: code, afterMilliseconds: try after(crash))
        case "outOfMemory":
            behaviour = .runsOutOfMemory(afterMilliseconds: try after(details(map, verb, ["after"], start: start)))
        case "neverHealthy":
            targetReason = try reason(map, verb)
            behaviour = .neverHealthy
        default:
            let slow = try details(map, verb, ["start", "healthy", "stop"], start: start)
            behaviour = .slow(
                .init(
                    starting: try slow?.duration("start") ?? 0, healthy: try slow?.duration("healthy") ?? 0,
                    stopping: try slow?.duration("stop") ?? 0))
        }
        return ImageRule(pattern, behaviour, targetReason: targetReason, from: from, until: until)
    }

    /// The text in place of `true`.
    private static func reason(_ map: ScenarioMap, _ name: String) throws(ScenarioError) -> String? {
        if map[name]?.boolean == true { return nil }
        guard map[name]?.boolean == nil, let text = try map.text(name), !text.isEmpty else {
            throw map.error(name, "must be true, or the text of the reason.")
        }
        return text
    }

    /// The map in place of `true`.
    private static func details(
        _ map: ScenarioMap, _ name: String, _ allowed: [String], start: Int64,
    ) throws(ScenarioError) -> ScenarioMap? {
        guard let value = map[name], value.boolean != true else { return nil }
        return try ScenarioMap(value, "'\(name)' of an image", start: start, allowed: allowed)
    }

    private static func after(_ map: ScenarioMap?) throws(ScenarioError) -> Int64 {
        if let time = try map?.duration("after") { return time }
        guard let seconds = try map?.number("afterSeconds") else { return 5000 }
        return Int64(min(seconds, 1_000_000_000) * 1000)
    }
}
