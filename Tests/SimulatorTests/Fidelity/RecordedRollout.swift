import Foundation
import MooringShapes

/// A rollout that somebody recorded: what happened, and when. Source: `captures/strings/rollout-sequences.tsv`.
struct RecordedRollout {
    struct Step: CustomStringConvertible {
        let name: String
        /// Since the first step; nil where no time of day is recorded.
        let seconds: Double?

        var description: String { "\(name) at \(seconds.map { "\(Int($0.rounded())) s" } ?? "?")" }
    }

    let name: String
    let steps: [Step]

    /// All of them, in the file's order.
    static func all() throws -> [RecordedRollout] {
        var names: [String] = []
        var lines: [String: [(time: Double?, text: String)]] = [:]
        for line in try Captures.text("strings/rollout-sequences.tsv").split(separator: "\n").dropFirst() {
            let fields = line.split(separator: "\t")[0].split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard fields.count >= 3 else { continue }
            if lines[fields[0]] == nil { names.append(fields[0]) }
            lines[fields[0], default: []].append(
                (secondsOfDay(fields[1]), fields[2...].joined(separator: "|")))
        }
        return names.map { name in
            let events = (lines[name] ?? []).compactMap { line -> Step? in
                RolloutStep.of(line.text).map { Step(name: $0, seconds: line.time) }
            }
            return RecordedRollout(name: name, steps: sinceFirst(events))
        }
    }

    /// The steps with their times counted from the first one's.
    static func sinceFirst(_ steps: [Step]) -> [Step] {
        guard let start = steps.first?.seconds else { return steps }
        return steps.map { Step(name: $0.name, seconds: $0.seconds.map { $0 - start }) }
    }

    private static func secondsOfDay(_ text: String) -> Double? {
        let parts = text.split(separator: ":").compactMap { Double($0) }
        guard parts.count == 3 else { return nil }
        return parts[0] * 3600 + parts[1] * 60 + parts[2]
    }
}

/// What a message or a recorded line is about.
enum RolloutStep {
    private static let signs: [(sign: String, step: String)] = [
        ("deployment completed", "completed"), ("old deployment COMPLETED", "completed"),
        ("deployment failed, rolling back", "failed"), ("deployment failed", "failed"),
        ("new deployment IN_PROGRESS", "in progress"), ("rolling back", "rolling back"),
        ("steady state", "steady"), ("begun draining", "draining"), ("deregistered", "deregistered"),
        ("registered", "registered"), ("stopped 1 pending", "stopped pending"), ("has stopped", "stopped"),
        ("unable to place", "unable to place"), ("failed container health checks", "failed checks"),
        ("is unhealthy in", "unhealthy"), (" unhealthy", "unhealthy"), ("has started", "started"),
        ("first traffic on the canary", "canary traffic"), ("alarm ALARM", "alarm"),
        ("PRIMARY is the old revision again", "old is primary"), ("broken task set drained", "drained"),
    ]

    /// The step, nil for what is no step: times of creation, and what surrounds a rollout.
    static func of(_ text: String) -> String? {
        // "has started 1 tasks … Amazon ECS replaced 1 tasks due to an unhealthy status" is a start.
        if text.contains("has started") { return "started" }
        return signs.first { text.contains($0.sign) }?.step
    }
}
