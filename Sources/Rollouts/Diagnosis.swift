package import MooringModel
package import MooringShapes

/// Why a rollout failed, in words a person can act on.
package struct Diagnosis: Hashable, Sendable {
    /// The likely cause, from a fixed list.
    package let cause: Cause
    /// The likely cause in one sentence: `Image web:2 cannot be pulled: pull access denied …`
    package let sentence: String
    /// What to do about it.
    package let remedy: String
    /// ECS's own words, bounded in number and length; what shows the cause comes first.
    package let evidence: [String]
    /// Whether the rollout's own reason says so: then no other cause that tasks showed before counts for more.
    package let isCertain: Bool

    /// Finds the likely cause.
    ///
    /// What the rollout's reason names (an alarm, a hook) is the cause. Else the stopped tasks decide, the commonest of
    /// their causes first; else the events, the targets, the logs. Environment values are never read.
    package static func diagnose(_ symptoms: Symptoms) -> Diagnosis {
        let findings = Findings(symptoms)
        if symptoms.reason.lowercased().contains("deployment stopped by user") {
            return Diagnosis(
                cause: .stoppedByPerson, sentence: "A person or program stopped the rollout.",
                remedy: "Ask who stopped it and why.", evidence: findings.evidence(for: .stoppedByPerson),
                isCertain: true)
        }
        var cause = findings.cause
        let timing = StartTiming(
            findings: findings, service: symptoms.service, taskDefinition: symptoms.taskDefinition, logs: symptoms.logs)
        var early: String?
        var shown = cause
        if cause == .containerHealthCheck || cause == .loadBalancerHealthCheck {
            early = timing.sentence(for: cause)
            if early != nil { cause = .healthCheckTooEarly }
        } else if cause == .alarm, !findings.useAlarms.isEmpty {
            cause = .highUse
        } else if cause == .containerExits, let told = findings.causeOfLogs {
            // The program says itself why it ended.
            cause = told
            shown = .containerExits
        }
        let evidence = findings.evidence(for: shown)
        let words = Words(
            cause: cause, shown: shown, findings: findings, service: symptoms.service, evidence: evidence, early: early)
        return Diagnosis(
            cause: cause, sentence: words.sentence, remedy: words.remedy, evidence: evidence, isCertain: false)
    }

    /// The same of what can be read without looking at targets, logs or records.
    package static func diagnose(
        reason: String, events: [Value], stoppedTasks: [Value], service: Value, since: Timestamp? = nil,
    ) -> Diagnosis {
        diagnose(
            Symptoms(reason: reason, events: events, stoppedTasks: stoppedTasks, service: service, since: since))
    }
}
