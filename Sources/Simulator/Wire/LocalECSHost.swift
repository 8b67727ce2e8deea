import Foundation
import MooringShapes

/// The engine and its clock, one call at a time.
///
/// Time passes only when somebody looks: nothing of the engine can be seen between two calls.
actor LocalECSHost {
    private var engine: LocalECS
    private let clock: LocalECSServer.ClockKind
    private let start: Int64
    private let startedAt = ContinuousClock.now
    private let complain: @Sendable (String) -> Void

    init(_ configuration: LocalECSServer.Configuration) {
        var settings = configuration.engine
        settings.keepsLog = true
        if configuration.clock != .running(speed: 1) { settings.credentialsExpire = false }
        clock = configuration.clock
        start = configuration.start ?? Int64(Date().timeIntervalSince1970 * 1000)
        engine = LocalECS(configuration: settings, seed: configuration.seed, now: start)
        complain = configuration.complain
    }

    /// Does what the scenario says for the start.
    ///
    /// - Returns: what of it failed.
    func begin() -> [String] {
        engine.advance(to: start)
        return engine.takeObjections()
    }

    private var now: Int64 {
        switch clock {
        case .stepped: return engine.now
        case .running(let speed):
            let passed = ContinuousClock.now - startedAt
            let (seconds, attoseconds) = passed.components
            let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
            return max(engine.now, start + Int64(milliseconds * speed))
        }
    }

    func answer(_ request: WireRequest) -> WireResponse {
        defer { for objection in engine.takeObjections() { complain(objection) } }
        if request.path.hasPrefix("/_mooring/") { return control(request) }
        return engine.handle(request, at: now)
    }

    // MARK: Control

    /// What tests and people steer the world with. Not part of any AWS API.
    private func control(_ request: WireRequest) -> WireResponse {
        do throws(ScenarioError) {
            return Wire.plain(JSONWriter(.indented).text(of: try controlled(request)), status: 200)
        } catch {
            let body = Value.map([("error", .string(error.description))])
            return Wire.plain(JSONWriter(.indented).text(of: body), status: 400)
        }
    }

    private func controlled(_ request: WireRequest) throws(ScenarioError) -> Value {
        let name = request.path.dropFirst("/_mooring/".count)
        switch (request.method.uppercased(), String(name)) {
        case ("GET", "now"), ("GET", "health"):
            engine.advance(to: now)
            return clockState
        case ("POST", "advance"): return try advance(try document(request))
        case ("PUT", "scenario"):
            engine.advance(to: now)
            let document = try document(request)
            if let setup = document["setup"], setup.elements?.isEmpty != true {
                throw ScenarioError(
                    "'setup' belongs into the scenario that the local ECS starts with; make the calls themselves instead.",
                    at: setup.position)
            }
            engine.scenario = try ScenarioReader.scenario(of: document, start: start)
            return clockState
        case ("GET", "state"):
            engine.advance(to: now)
            return engine.state
        case ("GET", "calls"): return calls
        case ("GET", "operations"):
            return ["operations": .list(LocalECS.operations.map { .string($0.description) })]
        case ("DELETE", "calls"):
            engine.forgetCalls()
            return [:]
        default: throw ScenarioError("There is no control endpoint \(request.method) \(request.path).")
        }
    }

    private func document(_ request: WireRequest) throws(ScenarioError) -> Value {
        do throws(JSONError) {
            return try JSONReader.value(of: request.body)
        } catch {
            // What begins otherwise than a map does is most likely the file that `--scenario` takes.
            let first = request.body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            let isOther = first.map { ![UInt8(ascii: "{"), UInt8(ascii: "[")].contains($0) } ?? false
            guard isOther || request.header("content-type")?.contains("yaml") == true else {
                throw ScenarioError("The body is no JSON: \(error).")
            }
            throw ScenarioError(
                "The body looks like YAML. This endpoint takes JSON, and only 'mooring simulate --scenario' takes YAML too: "
                    + "turn the file into JSON first, for example with yq -o json. As JSON it says: \(error).")
        }
    }

    private func advance(_ document: Value) throws(ScenarioError) -> Value {
        guard clock == .stepped else {
            throw ScenarioError("Time runs by itself; start the local ECS with a stepped clock to advance it.")
        }
        if let milliseconds = document["milliseconds"]?.integer, (0...1_000_000_000_000).contains(milliseconds) {
            engine.advance(to: engine.now + Int64(milliseconds))
        } else if document["toNextEvent"]?.boolean == true {
            if let next = engine.nextEventTime { engine.advance(to: next) }
        } else {
            throw ScenarioError("Say {\"milliseconds\": N} or {\"toNextEvent\": true}.")
        }
        return clockState
    }

    private var clockState: Value {
        .map(present: [
            ("now", .timestamp(engine.now)),
            ("nextEvent", engine.nextEventTime.map { .timestamp($0) }),
        ])
    }

    private var calls: Value {
        let counts = engine.callCounts.map { Value.Member($0.operation.description, .integer($0.count)) }
        let log = engine.log.suffix(Limits.loggedCalls).map { call -> Value in
            [
                "at": .timestamp(call.time), "account": .string(call.account), "region": .string(call.region),
                "operation": .string(call.operation.description), "status": .integer(call.status),
            ]
        }
        return ["counts": Value(.map(counts)), "log": .list(log)]
    }
}
