package import MooringModel
package import MooringNames
import MooringShapes

extension ObservedService {
    /// The revision that the newest deployment replaces, nil where none is left.
    var previousRevision: Revision? {
        deployments.first { $0.status == "ACTIVE" }?.taskDefinition?.revision
    }

    /// What a person should know where fewer tasks run than are wanted, with ECS's newest message; nil where enough run.
    package var shortfall: String? {
        guard runningCount < desiredCount else { return nil }
        let event = primary.flatMap { newestEvent(since: $0) }.flatMap { $0.contains("steady state") ? nil : $0 }
        return ["\(runningCount) of \(desiredCount) tasks run", event].compactMap { $0 }.joined(separator: "; ")
    }

    /// ECS's newest message about the service, if it came with this deployment or after it; without the service's own name,
    /// without ids, and short enough for a line of progress.
    func newestEvent(since deployment: ObservedDeployment) -> String? {
        guard let event = described["events"]?[0], let at = event["createdAt"]?.double,
            let start = deployment.described["createdAt"]?.double, at >= start, let text = event["message"]?.text
        else { return nil }
        return EventWords.short(text)
    }
}

extension ObservedService {
    /// ARN of the service revision of the primary deployment, nil where ECS shows none: its id is the number of the
    /// deployment's.
    ///
    /// Source: captures/findings.md, "Sharpens ecs-api.md section 3".
    package var primaryServiceRevision: String? {
        guard let number = primary?.id.split(separator: "/").last else { return nil }
        let arns = (described["currentServiceRevisions"]?.elements ?? []).compactMap { $0["arn"]?.text }
        return arns.first { $0.split(separator: "/").last == number }
    }
}

extension RevisionReference {
    /// The revision where it is known already.
    package var revision: Revision? {
        guard case .existing(let arn) = self else { return nil }
        return arn.revision
    }
}

extension DesiredService {
    /// The revision that the manifest names outright, nil where a family of this environment is meant.
    var pinnedRevision: String? {
        guard case .pinned(let text) = taskDefinition else { return nil }
        return text
    }
}
