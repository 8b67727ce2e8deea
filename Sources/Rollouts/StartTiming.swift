import MooringModel
import MooringShapes

/// Whether health checks condemn tasks before these can have started.
///
/// A check that fails looks the same whether the program is broken or not ready yet. What tells them apart is the
/// program's own log, or, more weakly, that nothing at all was allowed for the start and the tasks were stopped soon.
struct StartTiming {
    let findings: Findings
    let service: Value
    let taskDefinition: Value?
    let logs: [LogTail]

    /// Why tasks that fail the check `cause` were most likely condemned too early, nil where nothing speaks for it.
    func sentence(for cause: Cause) -> String? {
        // A program that answers with a code has started.
        if cause == .loadBalancerHealthCheck, answersWithCode { return nil }
        let allowed = allowedSeconds(cause)
        if let needed = startSeconds, needed > allowed {
            return "Its log says that the start took \(needed)s, and \(said(allowed, cause))"
        }
        if isStartingInLog {
            return "Its log ends before the program is ready, and \(said(allowed, cause))"
        }
        guard allowed == 0, let life = lifetime, life < Limits.earlyLifetimeSeconds else { return nil }
        return "It was stopped \(life)s after its start, and \(said(0, cause))"
    }

    private func said(_ allowed: Int, _ cause: Cause) -> String {
        let member = cause == .containerHealthCheck ? "startPeriod" : "healthCheckGracePeriodSeconds"
        return allowed == 0 ? "\(member) allows no time for the start." : "\(member) allows \(allowed)s."
    }

    // MARK: Signs

    private var answersWithCode: Bool {
        findings.messages.contains { $0.contains("codes: [") }
            || findings.targets.contains { $0.reason == "Target.ResponseCodeMismatch" }
    }

    /// Source: API model, CreateService `healthCheckGracePeriodSeconds` and HealthCheck `startPeriod`, 0 where nothing is
    /// said.
    private func allowedSeconds(_ cause: Cause) -> Int {
        let seconds: Int? =
            if cause == .containerHealthCheck {
                (taskDefinition?["containerDefinitions"]?.elements ?? []).prefix(Limits.containers)
                    .compactMap { $0["healthCheck"]?["startPeriod"]?.integer }.max()
            } else { service["healthCheckGracePeriodSeconds"]?.integer }
        return max(seconds ?? 0, 0)
    }

    /// How long the program says that its start took: `Started Shop in 95.3 seconds`, `ready in 1200 ms` says 1.
    private var startSeconds: Int? {
        for line in logs.flatMap(\.bounded).reversed() {
            let lowered = line.lowercased()
            guard StartTiming.ready.contains(where: lowered.contains),
                let marker = lowered.firstRange(of: " in ")
            else { continue }
            let words = lowered[marker.upperBound...].split { $0 == " " || $0 == "(" || $0 == ")" }
            guard let number = words.first.flatMap({ Double($0) }), number.isFinite, (0..<86_400).contains(number),
                words.count > 1, words[1].hasPrefix("s")
            else { continue }
            return Int(number.rounded(.up))
        }
        return nil
    }

    /// Whether the log ends with the program at its start.
    private var isStartingInLog: Bool {
        let lines = logs.flatMap(\.bounded).map { $0.lowercased() }.filter { !$0.isEmpty }
        let isReady = lines.contains { line in StartTiming.ready.contains(where: line.contains) }
        guard let last = lines.last, !isReady else { return false }
        return StartTiming.starting.contains(where: last.contains)
    }

    private static let ready = ["started ", "ready", "listening", "serving", "accepting connections"]
    private static let starting = [
        "starting", "booting", "loading", "migrating", "initializing", "initialising", "warming", "compiling",
    ]

    /// How long the newest task that ECS stopped has run.
    private var lifetime: Int? {
        findings.tasks.first { $0.stopCode == "ServiceSchedulerInitiated" && $0.ranSeconds != nil }?.ranSeconds
    }
}
