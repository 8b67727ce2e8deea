import MooringShapes

/// Service deployments: ECS's own records of rollouts.
/// Sources: `describe-service-deployments/`, `list-service-deployments/`, each one likely file; API reference,
/// ServiceDeployment; Developer Guide, "View service history using Amazon ECS service deployments".
extension World {
    func listServiceDeployments(_ input: Input) throws(APIError) -> Value {
        let position = try servicePosition(input, missing: .serviceNotFound)
        let statuses = try input.strings("status") ?? []
        let created = try input.map("createdAt")
        let after = created?["after"]?.double.flatMap { Int64(exactly: ($0 * 1000).rounded()) } ?? .min
        let before = created?["before"]?.double.flatMap { Int64(exactly: ($0 * 1000).rounded()) } ?? .max
        let service = services[position]
        var records: [ServiceDeploymentRecord] = []
        // Newest first. A deleted service's records are deleted too. Source: Developer Guide, service deployments.
        if service.status != .inactive {
            records = service.serviceDeployments.reversed().filter { record in
                (statuses.isEmpty || statuses.contains(record.status.rawValue)) && record.createdAt >= after
                    && record.createdAt <= before && isInHistory(record)
            }
        }
        if service.isStale, service.staleUntil > now { records.removeAll { $0.createdAt >= service.staleSince } }
        let page = try Paging.page(records, input, byDefault: Limits.listedDeploymentsByDefault)
        return page.value("serviceDeployments") { record in
            .map(present: [
                ("serviceDeploymentArn", .string(record.arn)),
                ("serviceArn", .string(service.arn)),
                ("clusterArn", .string(clusters[service.cluster].arn)),
                ("startedAt", record.startedAt.map { .timestamp($0) }),
                ("createdAt", .timestamp(record.createdAt)),
                ("finishedAt", record.finishedAt.map { .timestamp($0) }),
                ("targetServiceRevisionArn", .string(revisionARN(record.target, service: service))),
                ("status", .string(record.status.rawValue)),
                ("statusReason", record.statusReason.map { .string($0) }),
            ])
        }
    }

    func describeServiceDeployments(_ input: Input) throws(APIError) -> Value {
        guard let arns = try input.strings("serviceDeploymentArns"), !arns.isEmpty else {
            throw .invalidParameter("serviceDeploymentArns cannot be empty.")
        }
        if arns.count > Limits.describedDeployments {
            throw .invalidParameter("serviceDeploymentArns can have at most \(Limits.describedDeployments) items.")
        }
        var found: [Value] = []
        var failures: [Value] = []
        for arn in arns {
            if let (service, index) = findServiceDeployment(arn) {
                found.append(describe(services[service].serviceDeployments[index], in: service))
            } else {
                failures.append(World.missing(arn))
            }
        }
        return .map([("serviceDeployments", .list(found)), ("failures", .list(failures))])
    }

    func findServiceDeployment(_ arn: String) -> (service: Int, index: Int)? {
        guard let service = serviceOfRecord(arn, kind: "service-deployment"),
            let index = services[service].serviceDeployments.lastIndex(where: { $0.arn == arn }),
            isInHistory(services[service].serviceDeployments[index])
        else { return nil }
        return (service, index)
    }

    private func isInHistory(_ record: ServiceDeploymentRecord) -> Bool {
        !record.status.isOver || now - record.createdAt < Limits.deploymentHistoryMilliseconds
    }

    /// The service of an ARN `…:kind/cluster/service/id`.
    func serviceOfRecord(_ arn: String, kind: String) -> Int? {
        let prefix = self.arn(kind + "/")
        guard arn.hasPrefix(prefix) else { return nil }
        let parts = arn.dropFirst(prefix.count).split(separator: "/")
        guard parts.count == 3, let position = servicePositions["\(parts[0])/\(parts[1])"],
            services[position].status != .inactive
        else { return nil }
        return position
    }

    private func describe(_ record: ServiceDeploymentRecord, in position: Int) -> Value {
        let service = services[position]
        let counts = record.finalCounts ?? revisionCounts(record, in: position)
        let rollback = record.rollback.map { rollback -> Value in
            [
                "reason": .string(rollback.reason), "startedAt": .timestamp(rollback.startedAt),
                "serviceRevisionArn": .string(revisionARN(rollback.revision, service: service)),
            ]
        }
        return .map(present: [
            ("serviceDeploymentArn", .string(record.arn)),
            ("serviceArn", .string(service.arn)),
            ("clusterArn", .string(clusters[service.cluster].arn)),
            ("createdAt", .timestamp(record.createdAt)),
            ("startedAt", record.startedAt.map { .timestamp($0) }),
            ("finishedAt", record.finishedAt.map { .timestamp($0) }),
            ("stoppedAt", record.stoppedAt.map { .timestamp($0) }),
            ("updatedAt", .timestamp(record.updatedAt)),
            ("sourceServiceRevisions", .list(counts.dropFirst().map { described($0, service) })),
            ("targetServiceRevision", counts.first.map { described($0, service) }),
            ("status", .string(record.status.rawValue)),
            ("statusReason", record.statusReason.map { .string($0) }),
            ("lifecycleStage", record.lifecycleStage.map { .string($0.rawValue) }),
            ("lifecycleHookDetails", record.hooks.isEmpty ? nil : .list(record.hooks.map(\.described))),
            ("deploymentConfiguration", record.deploymentConfiguration),
            ("rollback", rollback),
            (
                "deploymentCircuitBreaker",
                [
                    "status": .string(record.breakerStatus),
                    "failureCount": .integer(failureCount(of: record, in: position)),
                    "threshold": .integer(record.threshold),
                ]
            ),
            ("alarms", describedAlarms(of: record)),
        ])
    }

    private func failureCount(of record: ServiceDeploymentRecord, in position: Int) -> Int {
        if record.status.isOver || record.status == .rollbackInProgress { return record.failureCount }
        let deployment = services[position].deployments.first { $0.number == record.target }
        return deployment?.breakerCount ?? record.failureCount
    }

    /// The counts of all revisions of a deployment as they are now, the target's first.
    private func revisionCounts(
        _ record: ServiceDeploymentRecord, in position: Int,
    ) -> [ServiceDeploymentRecord.RevisionCounts] {
        ([record.target] + record.sources).map { number in
            let deployment = services[position].deployments.first { $0.number == number }
            let counts = counts(of: number, in: position)
            let requested = number == record.target ? wantedTasks(position) : deployment?.desiredCount ?? 0
            return .init(
                number: number, requested: requested, running: counts.running, pending: counts.pending,
                production: record.hasWeights ? deployment?.production ?? 0 : nil,
                test: record.hasWeights ? deployment?.test ?? 0 : nil)
        }
    }

    private func described(_ counts: ServiceDeploymentRecord.RevisionCounts, _ service: ServiceRecord) -> Value {
        .map(present: [
            ("arn", .string(revisionARN(counts.number, service: service))),
            ("requestedTaskCount", .integer(counts.requested)),
            ("runningTaskCount", .integer(counts.running)),
            ("pendingTaskCount", .integer(counts.pending)),
            ("requestedTestTrafficWeight", counts.test.map { World.percent(tenths: $0) }),
            ("requestedProductionTrafficWeight", counts.production.map { World.percent(tenths: $0) }),
        ])
    }

    /// A percentage as the API's doubles look: `33.3`, `100.0`.
    private static func percent(tenths: Int) -> Value {
        Value(.scalar(Scalar(text: "\(tenths / 10).\(tenths % 10)", style: .number)))
    }

    // MARK: Changing

    /// Changes a record. One that is over keeps the counts of that moment.
    /// Source: Developer Guide, service deployments: "the number of running tasks when the deployment completed".
    mutating func updateServiceDeployment(
        _ service: Int, at index: Int, _ change: (inout ServiceDeploymentRecord) -> Void,
    ) {
        change(&services[service].serviceDeployments[index])
        services[service].serviceDeployments[index].updatedAt = now
        let record = services[service].serviceDeployments[index]
        if record.status.isOver, record.finalCounts == nil {
            services[service].serviceDeployments[index].finalCounts = revisionCounts(record, in: service)
        }
    }

    /// Ends a record as STOPPED.
    mutating func stopServiceDeployment(_ service: Int, at index: Int) {
        let now = now
        updateServiceDeployment(service, at: index) { record in
            record.status = .stopped
            record.stoppedAt = now
            record.finishedAt = now
        }
    }

    /// What a starting deployment overtakes stops now.
    mutating func stopSupersededDeployments(_ service: Int, before index: Int) {
        for earlier in 0..<index where services[service].serviceDeployments[earlier].status == .stopRequested {
            stopServiceDeployment(service, at: earlier)
        }
    }
}
