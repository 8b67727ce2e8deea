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

    /// Finds the likely cause.
    ///
    /// What the rollout's reason names (an alarm, a hook) is the cause. Else the stopped tasks decide, the commonest of
    /// their causes first; else the events. Environment values are never read.
    ///
    /// - Parameters:
    ///   - reason: why ECS says that the rollout ended; may be empty.
    ///   - events: elements of the service's `events`, newest first.
    ///   - stoppedTasks: tasks of the failed revision as DescribeTasks shows them, newest first.
    ///   - service: the service as described.
    ///   - since: when the rollout began; earlier events are left out.
    package static func diagnose(
        reason: String, events: [Value], stoppedTasks: [Value], service: Value, since: Timestamp? = nil,
    ) -> Diagnosis {
        let tasks = stoppedTasks.prefix(Limits.stoppedTasks).map(StoppedTask.init(described:))
        let messages = ServiceEvents.messages(of: events, since: since)
        let findings = Findings(reason: String(reason.prefix(Limits.textLength)), tasks: tasks, messages: messages)
        let cause = findings.cause
        let evidence = findings.evidence(for: cause)
        let words = Words(cause: cause, findings: findings, service: service, evidence: evidence)
        return Diagnosis(cause: cause, sentence: words.sentence, remedy: words.remedy, evidence: evidence)
    }
}

/// Everything ECS said, with the cause that each piece names.
struct Findings {
    /// Why ECS says that the rollout ended.
    let reason: String
    /// Newest first.
    let tasks: [StoppedTask]
    /// Of the service's events, newest first.
    let messages: [String]

    /// The likely cause of everything.
    var cause: Cause {
        if let named = Signs.cause(of: reason), !named.isWeak { return named }
        let ofTasks = tasks.compactMap(\.cause)
        if let commonest = Findings.commonest(ofTasks.filter { !$0.isWeak }) { return commonest }
        let ofMessages = messages.compactMap(Signs.cause)
        if let first = Findings.strongest(ofMessages.filter { !$0.isWeak }) { return first }
        return Findings.commonest(ofTasks) ?? Findings.strongest(ofMessages) ?? Signs.cause(of: reason) ?? .unknown
    }

    /// The cause of most tasks; of equals the one that comes first in the list of causes, which explains more.
    private static func commonest(_ causes: [Cause]) -> Cause? {
        let counts = Dictionary(causes.map { ($0, 1) }, uniquingKeysWith: +)
        let most = counts.values.max()
        return Cause.allCases.first { counts[$0] != nil && counts[$0] == most }
    }

    private static func strongest(_ causes: [Cause]) -> Cause? { Cause.allCases.first(where: causes.contains) }

    /// The first stopped task that shows `cause`.
    func task(showing cause: Cause) -> StoppedTask? { tasks.first { $0.cause == cause } }

    /// The first of ECS's own texts that names `cause`.
    func text(naming cause: Cause) -> String? {
        let texts = tasks.flatMap(\.texts) + messages + [reason]
        return texts.first { Signs.cause(of: $0) == cause }
    }

    /// The texts that show `cause`, then the others; bounded, and each once.
    func evidence(for cause: Cause) -> [String] {
        // Where nothing names a cause, all that tasks say is shown.
        let ofTasks = tasks.filter { ($0.cause ?? .unknown) == cause }.flatMap { $0.evidence(for: cause) }
        let ofMessages = messages.filter { Signs.cause(of: $0) == cause }
        let others = tasks.filter { $0.cause != cause && $0.cause != nil }.flatMap { $0.evidence(for: nil) }
        let otherMessages = messages.filter { Signs.cause(of: $0) != cause && !Signs.isRoutine($0) }
        let reasons = reason.isEmpty ? [] : [reason]
        // One task shows what all of them show, and leaves room for what the rollout and its events add.
        let ordered =
            Array(ofTasks.prefix(2)) + Array(ofMessages.prefix(2)) + reasons + ofTasks.dropFirst(2)
            + ofMessages.dropFirst(2) + otherMessages + others
        var seen: Set<String> = []
        let kept = ordered.map { Excerpt.bounded($0, to: Limits.evidenceLength) }
            .filter { !$0.isEmpty && seen.insert(Excerpt.withoutIdentifiers($0)).inserted }
        return Array(kept.prefix(Limits.evidenceCount))
    }
}
