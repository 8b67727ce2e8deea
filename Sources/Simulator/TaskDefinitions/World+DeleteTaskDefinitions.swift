import MooringShapes

/// DeleteTaskDefinitions.
/// Sources: API reference, DeleteTaskDefinitions; `delete-task-definitions/cloud-custodian…json` (real).
extension World {
    mutating func deleteTaskDefinitions(_ input: Input) throws(APIError) -> Value {
        guard let names = try input.strings("taskDefinitions"), !names.isEmpty else {
            throw .invalidParameter("taskDefinitions cannot be empty.")
        }
        if names.count > Limits.deletedTaskDefinitions {
            throw .invalidParameter("taskDefinitions can have at most \(Limits.deletedTaskDefinitions) items.")
        }
        var deleted: [Value] = []
        var failures: [Value] = []
        for name in names {
            guard let (family, revision) = position(ofRevision: name), !families[family].revisions[revision].isGone
            else {
                failures.append([
                    "arn": .string(name),
                    "reason":
                        "The specified task definition identifier is invalid. Specify a valid name or ARN and try again.",
                ])
                continue
            }
            let record = families[family].revisions[revision]
            if record.isActive {
                // Source: Developer Guide, "Deleting a task definition revision"; public reports show the same words.
                failures.append([
                    "arn": .string(record.arn),
                    "reason":
                        "The specified task definition is still in ACTIVE status. Please deregister the target and try again.",
                ])
                continue
            }
            if record.deleteRequestedAt == nil {
                families[family].revisions[revision].deleteRequestedAt = now
                queue.plan(.purge(family: family, revision: revision), at: now + Limits.deletionMilliseconds)
            }
            let described = World.described(families[family].revisions[revision])
            // Tags stand inside the definition here. Source: the capture above has none, so nothing is shown.
            deleted.append(described)
        }
        return ["taskDefinitions": .list(deleted), "failures": .list(failures)]
    }

    /// A revision goes when no task, service or deployment uses it. One look over all for each, minutes apart.
    mutating func purge(family: Int, revision: Int) {
        let arn = families[family].revisions[revision].arn
        let isUsed =
            livingServices.contains { position in
                services[position].status != .inactive
                    && (services[position].settings.taskDefinition == arn
                        || services[position].deployments.contains { $0.settings.taskDefinition == arn })
            }
            || clusters.contains { cluster in
                cluster.tasks.contains { tasks[$0]?.taskDefinition == arn && tasks[$0]?.status != .stopped }
            }
        if isUsed {
            queue.plan(.purge(family: family, revision: revision), at: now + 10 * Limits.deletionMilliseconds)
        } else {
            families[family].revisions[revision].isGone = true
        }
    }
}
