import MooringModel
package import MooringNames
package import MooringPlanning
package import MooringPorts
package import MooringShapes

/// One AWS call that answers facts, and how its answer becomes part of what is observed. Values only.
package enum Observation: Hashable, Sendable {
    case services(ClusterName, [ServiceName])
    case taskDefinition(TaskDefinitionARN)
    case newestRevision(Family)
    case records(ServiceKey)
    /// The service revision that the newest record aimed at.
    case recordTarget(ServiceKey, record: Value, revisionARN: String)
    case scalableTargets([ServiceKey])

    /// The calls that answer `needs`, batched as far as the API allows, in a fixed order.
    package static func calls(for needs: [Fact]) -> [Observation] {
        var byCluster: [ClusterName: [ServiceName]] = [:]
        var scalable: [ServiceKey] = []
        var others: [Observation] = []
        for need in needs {
            switch need {
            case .service(let key): byCluster[key.cluster, default: []].append(key.service)
            case .taskDefinition(let arn): others.append(.taskDefinition(arn))
            case .newestRevision(let family): others.append(.newestRevision(family))
            case .records(let key): others.append(.records(key))
            case .scalableTarget(let key): scalable.append(key)
            }
        }
        let services = byCluster.sorted { $0.key < $1.key }.flatMap { cluster, names in
            names.sorted().chunked(by: Limits.servicesPerDescribe).map { Observation.services(cluster, $0) }
        }
        let targets = scalable.chunked(by: Limits.scalableTargetsPerDescribe).map(Observation.scalableTargets)
        return services + targets + others
    }

    /// The call.
    package var call: APICall {
        switch self {
        case .services(let cluster, let names):
            APICall(
                .ecs, "DescribeServices",
                [
                    "cluster": .string(cluster.text), "services": .list(names.map { .string($0.text) }),
                    "include": ["TAGS"],
                ])
        case .taskDefinition(let arn):
            APICall(.ecs, "DescribeTaskDefinition", ["taskDefinition": .string(arn.text), "include": ["TAGS"]])
        case .newestRevision(let family):
            APICall(.ecs, "DescribeTaskDefinition", ["taskDefinition": .string(family.text), "include": ["TAGS"]])
        case .records(let key):
            APICall(
                .ecs, "ListServiceDeployments",
                ["cluster": .string(key.cluster.text), "service": .string(key.service.text), "maxResults": 1])
        case .recordTarget(_, _, let revisionARN):
            APICall(.ecs, "DescribeServiceRevisions", ["serviceRevisionArns": [.string(revisionARN)]])
        case .scalableTargets(let keys):
            APICall(
                .applicationAutoscaling, "DescribeScalableTargets",
                [
                    "ServiceNamespace": "ecs", "ResourceIds": .list(keys.map { .string("service/\($0)") }),
                    "ScalableDimension": "ecs:service:DesiredCount",
                ])
        }
    }

    /// Enters the answer.
    ///
    /// - Returns: calls that must follow to complete the fact.
    package func apply(_ result: Result<Value, Failure>, to observed: inout Observed) -> [Observation] {
        switch result {
        case .success(let value): return apply(value, to: &observed)
        case .failure(let failure):
            apply(failure, to: &observed)
            return []
        }
    }

    private func apply(_ answer: Value, to observed: inout Observed) -> [Observation] {
        switch self {
        case .services(let cluster, let names):
            for name in names { observed.services[ServiceKey(cluster: cluster, service: name)] = .missing }
            for described in answer["services"]?.elements ?? [] {
                guard let text = described["serviceName"]?.text, let name = try? ServiceName(text) else { continue }
                let key = ServiceKey(cluster: cluster, service: name)
                observed.services[key] = .known(ObservedService(key: key, described: described))
            }
        case .taskDefinition(let arn):
            if let found = ObservedTaskDefinition(answer: answer) { observed.taskDefinitions[arn] = .known(found) }
        case .newestRevision(let family):
            guard let found = ObservedTaskDefinition(answer: answer) else { break }
            observed.newestRevisions[family] = .known(found)
            observed.taskDefinitions[found.arn] = .known(found)
        case .records(let key):
            guard let newest = answer["serviceDeployments"]?[0] else {
                observed.records[key] = .known([])
                break
            }
            guard let target = newest["targetServiceRevisionArn"]?.text else {
                observed.records[key] = .known([DeploymentRecord(described: newest, target: nil)])
                break
            }
            return [.recordTarget(key, record: newest, revisionARN: target)]
        case .recordTarget(let key, let record, _):
            let target = answer["serviceRevisions"]?[0]
            observed.records[key] = .known([DeploymentRecord(described: record, target: target)])
            observed.recordFailures[key] = nil
        case .scalableTargets(let keys):
            for key in keys { observed.scalableTargets[key] = .missing }
            for target in answer["ScalableTargets"]?.elements ?? [] {
                guard let id = target["ResourceId"]?.text, let key = keys.first(where: { id == "service/\($0)" }) else {
                    continue
                }
                observed.scalableTargets[key] = .known(
                    ScalableBand(
                        minimum: target["MinCapacity"]?.integer ?? 0, maximum: target["MaxCapacity"]?.integer ?? 0))
            }
        }
        return []
    }

    /// Whether ECS says that a family has no active revision, which it does with a ClientException.
    /// Source: API reference, DescribeTaskDefinition; text from captures/strings/errors.tsv.
    static func isOfMissingFamily(_ failure: Failure) -> Bool {
        failure.code == "ClientException" || failure.code == .notFound
    }

    private func apply(_ failure: Failure, to observed: inout Observed) {
        let isPassing =
            if case .retry = failure.disposition { true } else { false }
        let unreadable = Unreadable(why: failure.description, isPassing: isPassing)
        switch self {
        case .services(let cluster, let names):
            for name in names {
                observed.services[ServiceKey(cluster: cluster, service: name)] = .unreadable(unreadable)
            }
        case .taskDefinition(let arn): observed.taskDefinitions[arn] = .unreadable(unreadable)
        case .newestRevision(let family):
            let isMissing = Observation.isOfMissingFamily(failure)
            observed.newestRevisions[family] = isMissing ? .missing : .unreadable(unreadable)
        case .records(let key), .recordTarget(let key, _, _):
            // A server without these operations (an older mock) answers 500 for ever: after some tries do without.
            let failures = observed.recordFailures[key, default: 0] + 1
            observed.recordFailures[key] = failures
            let isPassing = isPassing && failures < Limits.recordTries
            observed.records[key] = .unreadable(Unreadable(why: unreadable.why, isPassing: isPassing))
        case .scalableTargets(let keys): for key in keys { observed.scalableTargets[key] = .unreadable(unreadable) }
        }
    }
}

extension ObservedTaskDefinition {
    /// Reads an answer of DescribeTaskDefinition or RegisterTaskDefinition.
    init?(answer: Value) {
        guard let described = answer["taskDefinition"], let text = described["taskDefinitionArn"]?.text,
            let arn = try? TaskDefinitionARN(text)
        else { return nil }
        self.init(arn: arn, described: described, tags: answer["tags"]?.elements ?? [])
    }
}

extension Array {
    /// The elements in groups of at most `size`, in their order.
    func chunked(by size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
