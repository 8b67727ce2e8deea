import MooringModel
import MooringShapes

/// Everything ECS said, with the cause that each piece names.
struct Findings {
    /// Why ECS says that the rollout ended.
    let reason: String
    /// Newest first.
    let tasks: [StoppedTask]
    /// Of the service's events, newest first.
    let messages: [String]
    /// Targets that the load balancer does not send traffic to because of themselves.
    let targets: [TargetHealth]
    /// Lines of the containers' logs, newest last.
    let logs: [LogTail]
    /// Alarms that fired. Source: API model, ServiceDeploymentAlarms `triggeredAlarmNames`.
    let alarms: [String]
    /// How many tasks may be started and stopped at once.
    let percents: DeploymentPercents
    /// Whether the percents let no task be started or stopped.
    let isDeadlock: Bool
    /// Whether ECS found no revision to go back to.
    let hasNoEarlierRevision: Bool
    /// Whether the task was meant to end.
    let isOneOffTask: Bool

    init(_ symptoms: Symptoms) {
        reason = String(symptoms.reason.prefix(Limits.textLength))
        tasks = symptoms.stoppedTasks.prefix(Limits.stoppedTasks).map(StoppedTask.init(described:))
        messages = ServiceEvents.messages(of: symptoms.events, since: symptoms.since)
        targets = symptoms.targets.prefix(Limits.targets).filter { target in
            // What is new or leaving is no sign of anything.
            target.state == "unhealthy" || target.reason == "Target.NotInUse"
        }
        logs = Array(symptoms.logs.prefix(Limits.containers))
        let described = symptoms.record?.described
        alarms = (described?["alarms"]?["triggeredAlarmNames"]?.elements ?? []).prefix(Limits.alarms)
            .compactMap { $0.text.map { String($0.prefix(Limits.textLength)) } }
        let strategy = symptoms.service["deploymentConfiguration"]?["strategy"]?.text ?? "ROLLING"
        percents = DeploymentPercents(service: symptoms.service)
        isDeadlock = strategy == "ROLLING" && percents.isDeadlock
        isOneOffTask = symptoms.isOneOffTask
        let texts = [symptoms.reason, symptoms.record?.statusReason ?? ""]
        hasNoEarlierRevision =
            symptoms.record?.status == "ROLLBACK_FAILED"
            || texts.contains { Signs.cause(of: $0) == .noEarlierRevision }
    }

    /// Nothing but a reason.
    init(reason: String) { self.init(Symptoms(reason: reason)) }

    // MARK: Cause

    /// The likely cause of everything.
    var cause: Cause {
        if let named = Signs.cause(of: reason), !named.isWeak { return named }
        let ofTasks = tasks.compactMap(\.cause)
        if let commonest = Findings.commonest(ofTasks.filter { !$0.isWeak }) { return commonest }
        let ofMessages = messages.compactMap(Signs.cause(of:))
        if let first = Findings.strongest(ofMessages.filter { !$0.isWeak }) { return first }
        if !alarms.isEmpty { return .alarm }
        if !targets.isEmpty { return .loadBalancerHealthCheck }
        if let told = causeOfLogs { return told }
        // Only where no task was even tried: a rollout whose tasks fail is not stuck on its percents.
        let generic = (ofMessages + [Signs.cause(of: reason)].compactMap { $0 }).contains(where: \.isGeneric)
        if isDeadlock, ofTasks.isEmpty, !generic { return .percentDeadlock }
        return Findings.commonest(ofTasks) ?? Findings.strongest(ofMessages) ?? Signs.cause(of: reason)
            ?? (hasNoEarlierRevision ? .noEarlierRevision : .unknown)
    }

    /// The cause of most tasks; of equals the one that comes first in the list of causes, which explains more.
    private static func commonest(_ causes: [Cause]) -> Cause? {
        let counts = Dictionary(causes.map { ($0, 1) }, uniquingKeysWith: +)
        let most = counts.values.max()
        return Cause.allCases.first { counts[$0] != nil && counts[$0] == most }
    }

    private static func strongest(_ causes: [Cause]) -> Cause? { Cause.allCases.first(where: causes.contains) }

    /// What the containers' logs name, the newest line first.
    var causeOfLogs: Cause? {
        for line in logs.flatMap(\.bounded).reversed() {
            if let cause = Signs.cause(ofLogLine: line) { return cause }
        }
        return nil
    }

    /// The alarms that are about cpu or memory, by their names.
    var useAlarms: [String] {
        alarms.filter { name in
            let lowered = name.lowercased()
            return lowered.contains("cpu") || lowered.contains("memory")
        }
    }

    // MARK: Texts

    /// The first stopped task that shows `cause`.
    func task(showing cause: Cause) -> StoppedTask? { tasks.first { $0.cause == cause } }

    /// The first of ECS's own texts that names `cause`.
    func text(naming cause: Cause) -> String? {
        let texts = tasks.flatMap(\.texts) + messages + [reason]
        return texts.first { Signs.cause(of: $0) == cause }
    }

    /// What a task says that names no cause, nil where none says anything.
    var unnamedText: String? {
        tasks.filter { $0.cause == nil && !$0.isRoutine }.flatMap(\.texts).first { !$0.isEmpty }
    }

    /// The texts that show `cause`, then the others; bounded, and each once.
    func evidence(for cause: Cause) -> [String] {
        // Where nothing names a cause, all that tasks say is shown.
        func shows(_ task: StoppedTask) -> Bool { task.cause == cause || (task.cause == nil && cause.isGeneric) }
        let ofTasks = tasks.filter(shows).flatMap { $0.evidence(for: cause) }
        let ofMessages = messages.filter { Signs.cause(of: $0) == cause }
        let others = tasks.filter { !shows($0) && $0.cause != nil }.flatMap { $0.evidence(for: nil) }
        let otherMessages = messages.filter { Signs.cause(of: $0) != cause && !Signs.isRoutine($0) }
        let reasons = reason.isEmpty ? [] : [reason]
        let ofAlarms = alarms.map { "alarm \($0)" }
        let ofTargets = targets.map { target in
            "target: " + [target.reason, target.text].filter { !$0.isEmpty }.joined(separator: ": ")
        }
        // One task shows what all of them show, and leaves room for what the rollout and its events add.
        var ordered = Array(ofTasks.prefix(2)) + Array(ofMessages.prefix(2))
        ordered += ofAlarms.prefix(2)
        ordered += ofTargets.prefix(1)
        ordered += reasons
        ordered += logs.flatMap(\.shown)
        ordered += ofTasks.dropFirst(2)
        ordered += ofMessages.dropFirst(2)
        ordered += otherMessages
        ordered += others
        var seen: Set<String> = []
        let kept = ordered.map { Excerpt.bounded($0, to: Limits.evidenceLength) }
            .filter { !$0.isEmpty && seen.insert(Excerpt.withoutIdentifiers($0)).inserted }
        return Array(kept.prefix(Limits.evidenceCount))
    }
}
