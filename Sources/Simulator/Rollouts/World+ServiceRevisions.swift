import MooringShapes

/// Service revisions: what a deployment runs, as it was resolved.
/// Source: `describe-service-revisions/`, one likely file; API reference, ServiceRevision.
extension World {
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
            let digest = record.digests[container.image] ?? foreignDigest(of: container.image)
            return [
                "containerName": .string(container.name), "imageDigest": .string(digest),
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
            ("resolvedConfiguration", resolved(record)),
        ])
        // Gateway connectors and monitoring are shown here and nowhere else. Source: the API model, type ServiceRevision.
        return settings.others.reduce(output) { $0.setting($1.name, to: $1.value) }
    }

    /// What the images of the account's own registry stand for now, by image.
    func registryDigests(of settings: ServiceSettings) -> [String: String] {
        let containers = taskDefinition(arn: settings.taskDefinition)?.record.summary.containers ?? []
        var digests: [String: String] = [:]
        for container in containers {
            digests[container.image] = neighbours.registry.digest(
                of: container.image, account: account, region: region)
        }
        return digests
    }

    /// What a task's image was resolved to: what its service revision says, else what its tag stands for.
    func digest(of image: String, in task: TaskRecord) -> String {
        let revision = task.service.flatMap { service in
            services[service].serviceRevisions.first { $0.number == task.deployment }
        }
        if let digest = revision?.digests[image] { return digest }
        return neighbours.registry.digest(of: image, account: account, region: region) ?? foreignDigest(of: image)
    }

    /// What an image of somebody else's registry is taken to be: always the same.
    private func foreignDigest(of image: String) -> String {
        let scope = KeyedRandom.scope(image)
        return "sha256:" + random.hexadecimalID(.digest, scope, 0) + random.hexadecimalID(.digest, scope, 1)
    }

    /// The target groups and rules that the revision really uses. Source: API reference, ResolvedConfiguration.
    private func resolved(_ record: ServiceRevisionRecord) -> Value? {
        func groups(_ targets: [Value]) -> Value? {
            let groups = targets.compactMap { target -> Value? in
                guard let group = ServiceSettings.servingGroup(of: target, usesAlternate: record.usesAlternate) else {
                    return nil
                }
                return .map(present: [
                    ("targetGroupArn", .string(group)),
                    ("productionListenerRule", target["advancedConfiguration"]?["productionListenerRule"]),
                ])
            }
            return groups.isEmpty ? nil : .list(groups)
        }
        let balancers = groups(record.settings.loadBalancers)
        let lattice = groups(record.settings.vpcLatticeConfigurations)
        guard balancers != nil || lattice != nil else { return nil }
        return .map(present: [("loadBalancers", balancers), ("vpcLatticeConfigurations", lattice)])
    }
}
