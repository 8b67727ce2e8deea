import MooringShapes

/// Task protection: who may not be stopped by the scheduler.
/// Source: API reference, GetTaskProtection and UpdateTaskProtection; Developer Guide, API failure reasons.
extension World {
    func getTaskProtection(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        // Without tasks all tasks of services are meant; the API does not require any.
        let names =
            try input.strings("tasks")
            ?? clusters[cluster].tasks.compactMap { tasks[$0] }
            .filter { $0.service != nil && $0.status != .stopped }.prefix(Limits.protectionsRead).map(\.arn)
        if names.count > Limits.protectionsRead {
            throw .invalidParameter("tasks can have at most \(Limits.protectionsRead) items.")
        }
        var found: [Value] = []
        var failures: [Value] = []
        for name in names {
            switch protectable(name, cluster: cluster) {
            case .success(let ordinal): found.append(protection(of: ordinal))
            case .failure(let miss): failures.append(miss.described)
            }
        }
        return ["protectedTasks": .list(found), "failures": .list(failures)]
    }

    mutating func updateTaskProtection(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        guard let names = try input.strings("tasks"), !names.isEmpty else {
            throw .invalidParameter("Tasks cannot be empty.")
        }
        if names.count > Limits.protectionsWritten {
            throw .invalidParameter("tasks can have at most \(Limits.protectionsWritten) items.")
        }
        guard let isEnabled = try input.boolean("protectionEnabled") else {
            throw .invalidParameter("protectionEnabled cannot be null.")
        }
        let minutes = try input.integer("expiresInMinutes") ?? Limits.protectionMinutesByDefault
        guard Limits.protectionMinutes.contains(minutes) else {
            throw .invalidParameter(
                "expiresInMinutes must be between \(Limits.protectionMinutes.lowerBound) and "
                    + "\(Limits.protectionMinutes.upperBound).")
        }
        var found: [Value] = []
        var failures: [Value] = []
        for name in names {
            switch protectable(name, cluster: cluster) {
            case .success(let ordinal):
                tasks[ordinal]?.protection =
                    isEnabled ? TaskRecord.Protection(expiresAt: now + Int64(minutes) * 60_000) : nil
                found.append(protection(of: ordinal))
                if let service = tasks[ordinal]?.service {
                    // What protection held back may be possible now, and again when it ends.
                    services[service].isSteady = false
                    planRound(service, at: now + scenario.timing.roundInterval)
                }
            case .failure(let miss): failures.append(miss.described)
            }
        }
        return ["protectedTasks": .list(found), "failures": .list(failures)]
    }

    /// Why a task cannot be protected.
    private struct Miss: Error {
        let arn: String
        let reason: String
        let detail: String?

        var described: Value {
            .map(present: [
                ("arn", .string(arn)), ("reason", .string(reason)), ("detail", detail.map { .string($0) }),
            ])
        }
    }

    private func protectable(_ name: String, cluster: Int) -> Result<Int, Miss> {
        let id = name.split(separator: "/").last.map(String.init) ?? name
        let arn = name.hasPrefix("arn:") ? name : self.arn("task/\(clusters[cluster].name)/\(name)")
        guard let ordinal = taskPositions[id], let task = tasks[ordinal], task.cluster == cluster,
            task.status != .stopped
        else { return .failure(Miss(arn: arn, reason: "MISSING", detail: nil)) }
        guard task.service != nil else {
            return .failure(
                Miss(
                    arn: arn, reason: "TASK_NOT_VALID",
                    detail: "The specified task is not part of an Amazon ECS service. Only Amazon ECS service-managed "
                        + "tasks can be protected. Verify the task ID or ARN and try again."))
        }
        return .success(ordinal)
    }

    private func protection(of ordinal: Int) -> Value {
        guard let task = tasks[ordinal] else { return [:] }
        let isProtected = task.isProtected(at: now)
        // No expirationDate where nothing is protected. Source: `get-task-protection/aws__aws-cli…json`.
        return .map(present: [
            ("taskArn", .string(task.arn)), ("protectionEnabled", .boolean(isProtected)),
            ("expirationDate", isProtected ? task.protection?.expiresAt.map { .timestamp($0) } : nil),
        ])
    }
}
