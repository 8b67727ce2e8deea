import MooringShapes

/// Service deployments and service revisions.
/// Sources: `describe-service-deployments/`, `describe-service-revisions/`, `list-service-deployments/`, each one likely file.
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
                    && record.createdAt <= before
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

    private func findServiceDeployment(_ arn: String) -> (service: Int, index: Int)? {
        guard let service = serviceOfRecord(arn, kind: "service-deployment"),
            let index = services[service].serviceDeployments.lastIndex(where: { $0.arn == arn })
        else { return nil }
        return (service, index)
    }

    /// The service of an ARN `…:kind/cluster/service/id`.
    private func serviceOfRecord(_ arn: String, kind: String) -> Int? {
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
        let live = counts(of: record.target, in: position)
        let counts = record.finalCounts ?? live
        return .map(present: [
            ("serviceDeploymentArn", .string(record.arn)),
            ("serviceArn", .string(service.arn)),
            ("clusterArn", .string(clusters[service.cluster].arn)),
            ("createdAt", .timestamp(record.createdAt)),
            ("startedAt", record.startedAt.map { .timestamp($0) }),
            ("finishedAt", record.finishedAt.map { .timestamp($0) }),
            ("stoppedAt", record.stoppedAt.map { .timestamp($0) }),
            ("updatedAt", .timestamp(record.updatedAt)),
            (
                "sourceServiceRevisions",
                .list(
                    record.sources.map { source in
                        revisionSummary(
                            source.number, service: service, requested: source.requested, running: source.running,
                            pending: source.pending)
                    })
            ),
            (
                "targetServiceRevision",
                revisionSummary(
                    record.target, service: service, requested: record.requested, running: counts.running,
                    pending: counts.pending)
            ),
            ("status", .string(record.status.rawValue)),
            ("statusReason", record.statusReason.map { .string($0) }),
            ("deploymentConfiguration", record.deploymentConfiguration),
            (
                "rollback",
                record.rollback.map { rollback in
                    [
                        "reason": .string(rollback.reason), "startedAt": .timestamp(rollback.startedAt),
                        "serviceRevisionArn": .string(revisionARN(rollback.revision, service: service)),
                    ]
                }
            ),
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

    private func revisionSummary(
        _ number: String, service: ServiceRecord, requested: Int, running: Int, pending: Int,
    ) -> Value {
        [
            "arn": .string(revisionARN(number, service: service)), "requestedTaskCount": .integer(requested),
            "runningTaskCount": .integer(running), "pendingTaskCount": .integer(pending),
        ]
    }

    // MARK: Revisions

    func describeServiceRevisions(_ input: Input) throws(APIError) -> Value {
        guard let arns = try input.strings("serviceRevisionArns"), !arns.isEmpty else {
            throw .invalidParameter("serviceRevisionArns cannot be empty.")
        }
        if arns.count > Limits.describedDeployments {
            throw .invalidParameter("serviceRevisionArns can have at most \(Limits.describedDeployments) items.")
        }
        var found: [Value] = []
        var failures: [Value] = []
        for arn in arns {
            if let position = serviceOfRecord(arn, kind: "service-revision"),
                let record = services[position].serviceRevisions.first(where: { $0.arn == arn })
            {
                found.append(describe(record, of: services[position]))
            } else {
                failures.append(World.missing(arn))
            }
        }
        return .map([("serviceRevisions", .list(found)), ("failures", .list(failures))])
    }

    private func describe(_ record: ServiceRevisionRecord, of service: ServiceRecord) -> Value {
        let settings = record.settings
        let definition = taskDefinition(arn: settings.taskDefinition)?.record.summary
        let images = (definition?.containers ?? []).map { container -> Value in
            let scope = KeyedRandom.scope(container.image)
            let digest = random.hexadecimalID(.digest, scope, 0) + random.hexadecimalID(.digest, scope, 1)
            return [
                "containerName": .string(container.name), "imageDigest": .string("sha256:" + digest),
                "image": .string(container.image),
            ]
        }
        let output = Value.map(present: [
            ("serviceRevisionArn", .string(record.arn)),
            ("serviceArn", .string(service.arn)),
            ("clusterArn", .string(clusters[service.cluster].arn)),
            ("taskDefinition", .string(settings.taskDefinition)),
            ("capacityProviderStrategy", settings.capacityProviderStrategy),
            ("launchType", settings.launchType.map { .string($0) }),
            ("platformVersion", settings.isFargate ? .string(World.resolvedPlatform(settings.platformVersion)) : nil),
            ("platformFamily", settings.isFargate ? "Linux" : nil),
            ("loadBalancers", settings.loadBalancers.isEmpty ? nil : .list(settings.loadBalancers)),
            ("serviceRegistries", settings.serviceRegistries.isEmpty ? nil : .list(settings.serviceRegistries)),
            ("networkConfiguration", settings.networkConfiguration),
            ("containerImages", .list(images)),
            ("guardDutyEnabled", false),
            ("serviceConnectConfiguration", settings.serviceConnectConfiguration ?? ["enabled": false]),
            (
                "volumeConfigurations",
                settings.volumeConfigurations.isEmpty ? nil : .list(settings.volumeConfigurations)
            ),
            (
                "vpcLatticeConfigurations",
                settings.vpcLatticeConfigurations.isEmpty ? nil : .list(settings.vpcLatticeConfigurations)
            ),
            ("createdAt", .timestamp(record.createdAt)),
        ])
        // Gateway connectors and monitoring are shown here and nowhere else. Source: the API model, type ServiceRevision.
        return settings.others.reduce(output) { $0.setting($1.name, to: $1.value) }
    }

    // MARK: Stopping

    /// Source: Developer Guide, "Stopping Amazon ECS service deployments": roll back, even where that is not configured.
    mutating func stopServiceDeployment(_ input: Input) throws(APIError) -> Value {
        guard let arn = try input.string("serviceDeploymentArn") else {
            throw .invalidParameter("serviceDeploymentArn cannot be empty.")
        }
        _ = try input.choice("stopType", of: ["ABORT", "ROLLBACK"])
        guard let (service, index) = findServiceDeployment(arn) else {
            throw APIError(code: "ServiceDeploymentNotFoundException", message: "The service deployment was not found.")
        }
        let record = services[service].serviceDeployments[index]
        switch record.status {
        case .pending, .inProgress:
            guard services[service].deployments.first?.number == record.target else { break }
            services[service].serviceDeployments[index].status = .rollbackRequested
            fail(
                service, event: "deployment failed: deployment failure.",
                rolloutReason: "ECS deployment \(services[service].deployments[0].id) stopped.",
                rollbackReason: "Service deployment stopped by user.", rollsBack: true)
        case .stopRequested, .rollbackRequested, .rollbackInProgress: break
        case .stopped, .successful, .rollbackSuccessful, .rollbackFailed:
            throw APIError(
                code: "ConflictException",
                message: "The service deployment is not in a state that can be stopped: \(record.status.rawValue).")
        }
        return .map([("serviceDeploymentArn", .string(arn))])
    }
}
