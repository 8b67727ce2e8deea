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
            guard let (family, revision) = position(ofRevision: name) else {
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

    /// A revision named exactly and still visible.
    private func position(ofRevision name: String) -> (family: Int, revision: Int)? {
        if name.hasPrefix("arn:"), !name.hasPrefix(arn("task-definition/")) { return nil }
        let text = name.hasPrefix("arn:") ? String(name.split(separator: "/").last ?? "") : name
        guard let colon = text.lastIndex(of: ":"), let number = Int(text[text.index(after: colon)...]),
            let family = familyPositions[String(text[..<colon])],
            number > 0, number <= families[family].revisions.count,
            !families[family].revisions[number - 1].isGone
        else { return nil }
        return (family, number - 1)
    }

    /// A revision goes when no task, service or deployment uses it. One look over all for each, minutes apart.
    mutating func purge(family: Int, revision: Int) {
        let arn = families[family].revisions[revision].arn
        let isUsed =
            services.contains { service in
                service.status != .inactive
                    && (service.settings.taskDefinition == arn
                        || service.deployments.contains { $0.settings.taskDefinition == arn })
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

    // MARK: Service Connect

    func listServicesByNamespace(_ input: Input) throws(APIError) -> Value {
        guard let name = try input.string("namespace"), !name.isEmpty else {
            throw .invalidParameter("namespace cannot be empty.")
        }
        let namespace = longNames.namespace(name)
        var arns: [String] = []
        for service in services where service.status == .active {
            guard let connect = service.settings.serviceConnectConfiguration, connect["enabled"]?.boolean == true
            else { continue }
            // Without a namespace of its own the service is in its cluster's.
            // Source: API reference, ServiceConnectConfiguration `namespace`.
            let own =
                connect["namespace"]?.text ?? clusters[service.cluster].serviceConnectDefaults?["namespace"]?.text
            if own == namespace { arns.append(service.arn) }
        }
        let page = try Paging.page(arns, input, byDefault: Limits.listedServicesByDefault)
        return page.value("serviceArns") { .string($0) }
    }
}
