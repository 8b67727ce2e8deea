import MooringModel
import MooringShapes

/// A stopped task, as far as it says why it stopped.
struct StoppedTask {
    /// A container of the task.
    struct Container {
        let name: String
        let image: String?
        let exitCode: Int?
        let reason: String
    }

    /// `TaskFailedToStart`, `EssentialContainerExited` …; empty where ECS gives none.
    let stopCode: String
    /// ECS's own words about the task.
    let stoppedReason: String
    /// In ECS's order.
    let containers: [Container]
    /// Whole seconds from its start until it began to stop, nil where it never started or ECS does not say.
    let ranSeconds: Int?

    /// Reads names, images, reasons and codes; overrides, which hold environment values, are not looked at.
    init(described: Value) {
        stopCode = described["stopCode"]?.text ?? ""
        stoppedReason = String((described["stoppedReason"]?.text ?? "").prefix(Limits.textLength))
        containers = (described["containers"]?.elements ?? []).prefix(Limits.taskContainers).map { container in
            Container(
                name: container["name"]?.text ?? "", image: container["image"]?.text,
                exitCode: container["exitCode"]?.integer,
                reason: String((container["reason"]?.text ?? "").prefix(Limits.textLength)))
        }
        let started = described["startedAt"].flatMap(Timestamp.init(seconds:))
        let stopped = (described["stoppingAt"] ?? described["stoppedAt"]).flatMap(Timestamp.init(seconds:))
        ranSeconds = started.flatMap { started in stopped.map { Int(($0 - started).wholeMilliseconds / 1000) } }
    }

    /// Whether ECS stopped it because the deployment goes on: that is how every old task ends.
    var isRoutine: Bool { stoppedReason.hasPrefix("Scaling activity initiated by") }

    /// ECS's own texts about this task, the telling ones first: with several containers the task says only that it
    /// failed to start, and a container says why.
    var texts: [String] { containers.map(\.reason).filter { !$0.isEmpty } + [stoppedReason] }

    /// The cause that this task shows, nil where it shows none.
    var cause: Cause? {
        for text in texts {
            if let cause = Signs.cause(of: text) { return cause }
        }
        if let ended { return ended.exitCode == 137 ? .outOfMemory : .containerExits }
        switch stopCode {
        case "EssentialContainerExited": return .containerExits
        case "SpotInterruption", "TerminationNotice", "InfrastructureHealth": return .interrupted
        case "UserInitiated": return .stoppedByPerson
        default: return nil
        }
    }

    /// The container whose end ended the task, nil where the task was stopped from outside.
    ///
    /// A task that ECS or a person stops has exit codes too (143, or 137 when it did not heed the signal), which say
    /// nothing. Where a container ended by itself, its neighbours are stopped in the same way: their codes come last.
    var ended: Container? {
        guard
            stopCode == "EssentialContainerExited"
                || (stopCode.isEmpty && stoppedReason.hasPrefix("Essential container"))
        else { return nil }
        let exited = containers.filter { $0.exitCode != nil }
        return exited.first { ![0, 137, 143].contains($0.exitCode) } ?? exited.first { $0.exitCode == 137 }
            ?? exited.first { $0.exitCode == 0 } ?? exited.first
    }

    /// The container that `cause` is about.
    func container(showing cause: Cause) -> Container? {
        if let named = containers.first(where: { Signs.cause(of: $0.reason) == cause }) { return named }
        if cause == .containerExits || cause == .outOfMemory, let ended { return ended }
        // The task's text may name the image of one of several containers.
        let lowered = stoppedReason.lowercased()
        let mentioned = containers.filter { container in
            guard let image = container.image?.lowercased(), !image.isEmpty else { return false }
            return lowered.contains(image) || lowered.contains("/" + image)
        }
        if mentioned.count == 1 { return mentioned.first }
        return containers.count == 1 ? containers.first : nil
    }

    /// ECS's own words about this task, those that name `cause` only where one is given.
    func evidence(for cause: Cause?) -> [String] {
        var lines: [String] = []
        for container in containers {
            let isTelling = cause.map { $0.isGeneric || Signs.cause(of: container.reason) == $0 } ?? true
            if !container.reason.isEmpty, isTelling { lines.append("\(container.name): \(container.reason)") }
        }
        if let ended, let code = ended.exitCode { lines.append("\(ended.name): exit code \(code)") }
        if !stoppedReason.isEmpty { lines.append(stoppedReason) }
        return lines
    }
}
