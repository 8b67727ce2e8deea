import MooringModel
package import MooringNames
package import MooringPlanning
package import MooringPorts
package import MooringShapes

/// One question to AWS or to the repository that answers facts, and how its answer becomes part of what is observed. Values
/// only.
package enum Observation: Hashable, Sendable {
    case services(ClusterName, [ServiceName])
    case taskDefinition(TaskDefinitionARN)
    case newestRevision(Family)
    case records(ServiceKey)
    /// The service revision that the newest record aimed at.
    case recordTarget(ServiceKey, record: Value, revisionARN: String)
    /// The newest service deployment, for its stages.
    case progress(ServiceKey)
    case progressDetails(ServiceKey, deploymentARNs: [String])
    case cluster(ClusterName)
    /// All services of a cluster, page by page, with what the pages before listed.
    case clusterServices(ClusterName, token: String?, names: [ServiceName])
    case scalableTargets([ServiceKey])
    /// All that Application Auto Scaling holds of a service, its scalable target first.
    case scaling(ServiceKey)
    /// The same, what was read of it so far beside it; then its scheduled actions.
    case scalingPolicies(ServiceKey, ObservedScaling, next: String?)
    case scheduledActions(ServiceKey, ObservedScaling, next: String?)
    case revisionTags(TaskDefinitionARN)
    /// The tasks of a run: those that shall run first, then those of its family that have stopped, so that none is missed that
    /// goes from the one to the other in between.
    case runTasks(RunTasksKey, found: [Value])
    case stoppedRunTasks(RunTasksKey, found: [Value], token: String?, page: Int)
    case describedRunTasks(RunTasksKey, found: [Value], described: [Value])
    case serviceRevision(String)
    /// The files of a service as they were from the commit on that was last reached.
    case versions(ServiceKey, files: [TreePath], since: CommitID, head: CommitID)
    /// A service's commit is known, but there is no repository to ask: what there is to say of it.
    case noHistory(ServiceKey, since: CommitID, why: String)
    /// The folder as it was at a commit.
    case folder(CommitID)
    /// What stands behind tags of one repository.
    case registryTags([RegistryTag])
    /// The images of service revisions, by ARN.
    case runningImages([String])

    /// The questions that answer `needs`, batched as far as the API allows, in a fixed order.
    package static func questions(for needs: [Fact], history: HistorySource) -> [Observation] {
        var byCluster: [ClusterName: [ServiceName]] = [:]
        var scalable: [ServiceKey] = []
        var tags: [String: [RegistryTag]] = [:]
        var revisions: [String] = []
        var others: [Observation] = []
        for need in needs {
            switch need {
            case .service(let key): byCluster[key.cluster, default: []].append(key.service)
            case .taskDefinition(let arn): others.append(.taskDefinition(arn))
            case .newestRevision(let family): others.append(.newestRevision(family))
            case .records(let key): others.append(.records(key))
            case .progress(let key): others.append(.progress(key))
            case .cluster(let name): others.append(.cluster(name))
            case .clusterServices(let name): others.append(.clusterServices(name, token: nil, names: []))
            case .scalableTarget(let key): scalable.append(key)
            case .scaling(let key): others.append(.scaling(key))
            case .revisionTags(let arn): others.append(.revisionTags(arn))
            case .runTasks(let key): others.append(.runTasks(key, found: []))
            case .versions(let key, let commit): others.append(history.versions(of: key, since: commit))
            case .folder(let commit): others.append(.folder(commit))
            case .serviceRevision(let arn): others.append(.serviceRevision(arn))
            case .registryTag(let tag): tags[tag.address, default: []].append(tag)
            case .runningImages(let arn): revisions.append(arn)
            }
        }
        let services = byCluster.sorted { $0.key < $1.key }.flatMap { cluster, names in
            names.sorted().chunked(by: Limits.servicesPerDescribe).map { Observation.services(cluster, $0) }
        }
        let targets = scalable.chunked(by: Limits.scalableTargetsPerDescribe).map(Observation.scalableTargets)
        let images = revisions.chunked(by: ObservedImages.revisionsPerCall).map(runningImages)
        let registry = tags.sorted { $0.key < $1.key }.flatMap { _, tags in
            tags.sorted().chunked(by: ObservedImages.tagsPerCall).map(registryTags)
        }
        return services + targets + others + images + registry
    }

    /// What is asked of the outside; nil where nothing need be.
    package var action: Effect.Action? {
        switch self {
        case .versions(_, let files, let old, let head): .versions(paths: files, old: old, new: head)
        case .folder(let commit): .snapshot(commit: commit, unless: nil)
        case .noHistory: nil
        case .services, .taskDefinition, .newestRevision, .records, .recordTarget, .progress, .progressDetails,
            .cluster,
            .clusterServices, .scalableTargets, .scaling, .scalingPolicies, .scheduledActions, .revisionTags, .runTasks,
            .stoppedRunTasks,
            .describedRunTasks, .serviceRevision, .registryTags, .runningImages:
            call.map(Effect.Action.call)
        }
    }

    /// The call of AWS; nil for what is asked of the repository.
    private var call: APICall? {
        switch self {
        case .versions, .noHistory, .folder: nil
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
        case .recordTarget(_, _, let revisionARN), .serviceRevision(let revisionARN):
            APICall(.ecs, "DescribeServiceRevisions", ["serviceRevisionArns": [.string(revisionARN)]])
        case .runningImages(let arns):
            APICall(.ecs, "DescribeServiceRevisions", ["serviceRevisionArns": .list(arns.map(Value.string))])
        case .registryTags(let tags):
            APICall(
                .ecr, "DescribeImages",
                .map(present: [
                    ("registryId", tags.first.map { .string($0.account.text) }),
                    ("repositoryName", tags.first.map { .string($0.repository) }),
                    ("imageIds", .list(tags.map { ["imageTag": .string($0.tag)] })),
                ]))
        case .progress(let key):
            APICall(
                .ecs, "ListServiceDeployments",
                ["cluster": .string(key.cluster.text), "service": .string(key.service.text), "maxResults": 1])
        case .progressDetails(_, let arns):
            APICall(
                .ecs, "DescribeServiceDeployments", ["serviceDeploymentArns": .list(arns.map(Value.string))])
        case .cluster(let name):
            APICall(.ecs, "DescribeClusters", ["clusters": [.string(name.text)], "include": ["TAGS"]])
        case .clusterServices(let name, let token, _):
            APICall(
                .ecs, "ListServices",
                .map(present: [
                    ("cluster", .string(name.text)), ("maxResults", .integer(Limits.servicesPerList)),
                    ("nextToken", token.map(Value.string)),
                ]))
        case .scalableTargets(let keys):
            APICall(
                .applicationAutoscaling, "DescribeScalableTargets",
                [
                    "ServiceNamespace": "ecs", "ResourceIds": .list(keys.map { .string("service/\($0)") }),
                    "ScalableDimension": "ecs:service:DesiredCount",
                ])
        case .scaling(let key):
            APICall(
                .applicationAutoscaling, "DescribeScalableTargets",
                [
                    "ServiceNamespace": .string(ScalableResource.namespace),
                    "ResourceIds": [.string(ScalableResource(key).id)],
                    "ScalableDimension": .string(ScalableResource.dimension),
                ])
        case .revisionTags(let arn):
            APICall(.ecs, "ListTagsForResource", ["resourceArn": .string(arn.text)])
        case .runTasks(let key, _):
            APICall(
                .ecs, "ListTasks", ["cluster": .string(key.cluster.text), "startedBy": .string(key.startedBy)])
        case .stoppedRunTasks(let key, _, let token, _):
            APICall(
                .ecs, "ListTasks",
                .map(present: [
                    ("cluster", .string(key.cluster.text)), ("family", key.family.map { .string($0.text) }),
                    ("desiredStatus", "STOPPED"), ("maxResults", .integer(Limits.stoppedTasks)),
                    ("nextToken", token.map(Value.string)),
                ]))
        case .describedRunTasks(let key, let arns, _):
            APICall(
                .ecs, "DescribeTasks",
                [
                    "cluster": .string(key.cluster.text),
                    "tasks": .list(Array(arns.prefix(Limits.stoppedTasks))),
                ])
        case .scalingPolicies(let key, _, let next):
            APICall(.applicationAutoscaling, "DescribeScalingPolicies", Observation.page(of: key, next))
        case .scheduledActions(let key, _, let next):
            APICall(.applicationAutoscaling, "DescribeScheduledActions", Observation.page(of: key, next))
        }
    }

    /// The input of a list of what hangs on one scalable target.
    private static func page(of key: ServiceKey, _ next: String?) -> Value {
        var input = ScalableResource(key).input
        input["NextToken"] = next.map(Value.string)
        return input
    }

    /// What a list says of this scalable target. moto answers what hangs on others, whose name is part of
    /// the asked one, too.
    private static func elements(_ name: String, of answer: Value, about key: ServiceKey) -> [Value] {
        (answer[name]?.elements ?? []).filter { $0["ResourceId"]?.text == ScalableResource(key).id }
    }

    /// Enters the answer.
    ///
    /// - Returns: calls that must follow to complete the fact.
    package func apply(
        _ result: EffectResult, to observed: inout Observed, history: HistorySource,
    ) -> [Observation] {
        switch (self, result) {
        case (.registryTags(let tags), .failed(let failure)) where Observation.isOfMissingImage(failure):
            return lookedForApart(tags, in: &observed)
        case (_, .failed(let failure)): apply(failure, to: &observed)
        case (.versions(let key, _, let commit, _), .versions(let versions)):
            observed.versions[key] = ServiceVersions(
                since: commit, reading: .known(history.read(versions, of: key)))
        case (.noHistory(let key, let commit, let why), _):
            observed.versions[key] = ServiceVersions(
                since: commit, reading: .unreadable(Unreadable(why: why, isPassing: false)))
        case (.folder(let commit), .snapshot(let snapshot)):
            observed.folders[commit] = snapshot.map { .known(history.read($0)) } ?? .missing
        case (_, .value(let value)): return apply(value, to: &observed)
        default: preconditionFailure("a question was answered with another effect's result")
        }
        return []
    }

    private func apply(_ answer: Value, to observed: inout Observed) -> [Observation] {
        switch self {
        case .services(let cluster, let names):
            for name in names {
                observed.services[ServiceKey(cluster: cluster, service: name)] = .missing
                observed.stale.remove(ServiceKey(cluster: cluster, service: name))
            }
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
            observed.staleFamilies.remove(family)
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
        case .progress(let key):
            let arns = (answer["serviceDeployments"]?.elements ?? []).compactMap { $0["serviceDeploymentArn"]?.text }
            if arns.isEmpty {
                observed.progress[key] = .known([])
            } else {
                return [.progressDetails(key, deploymentARNs: arns)]
            }
        case .progressDetails(let key, _):
            let described = answer["serviceDeployments"]?.elements ?? []
            observed.progress[key] = .known(described.map { DeploymentRecord(described: $0, target: nil) })
        case .cluster(let name):
            observed.clusters[name] = answer["clusters"]?[0].map(Reading.known) ?? .missing
        case .clusterServices(let cluster, _, let before):
            let listed = (answer["serviceArns"]?.elements ?? []).compactMap { arn in
                arn.text?.split(separator: "/").last.flatMap { try? ServiceName(String($0)) }
            }
            let names = before + listed
            guard let token = answer["nextToken"]?.text, names.count < Limits.servicePages * Limits.servicesPerList
            else {
                observed.clusterServices[cluster] = .known(names.sorted())
                break
            }
            return [.clusterServices(cluster, token: token, names: names)]
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
        case .scaling(let key):
            guard let target = answer["ScalableTargets"]?[0] else {
                observed.scaling[key] = .missing
                break
            }
            return [.scalingPolicies(key, ObservedScaling(target: target), next: nil)]
        case .scalingPolicies(let key, var scaling, _):
            scaling.policies += Observation.elements("ScalingPolicies", of: answer, about: key)
            let next = answer["NextToken"]?.text
            if next != nil, scaling.policies.count < Limits.scalingParts {
                return [.scalingPolicies(key, scaling, next: next)]
            }
            return [.scheduledActions(key, scaling, next: nil)]
        case .scheduledActions(let key, var scaling, _):
            scaling.scheduledActions += Observation.elements("ScheduledActions", of: answer, about: key)
            let next = answer["NextToken"]?.text
            if next != nil, scaling.scheduledActions.count < Limits.scalingParts {
                return [.scheduledActions(key, scaling, next: next)]
            }
            observed.scaling[key] = .known(scaling)
        case .revisionTags(let arn):
            let tags = (answer["tags"]?.elements ?? []).map { Tag($0["key"]?.text ?? "", $0["value"]?.text ?? "") }
            observed.revisionTags[arn] = .known(tags)
        case .runTasks(let key, _):
            // An attempt has at most ten tasks, a page a hundred. Source: API reference, RunTask `count`, ListTasks.
            return [.stoppedRunTasks(key, found: answer["taskArns"]?.elements ?? [], token: nil, page: 1)]
        case .stoppedRunTasks(let key, let before, _, let page):
            let found = before + (answer["taskArns"]?.elements ?? []).filter { !before.contains($0) }
            if let token = answer["nextToken"]?.text, page < Limits.stoppedTaskPages {
                return [.stoppedRunTasks(key, found: found, token: token, page: page + 1)]
            }
            if !found.isEmpty { return [.describedRunTasks(key, found: found, described: [])] }
            observed.runTasks[key] = .known([])
        case .describedRunTasks(let key, let arns, let before):
            let ours = (answer["tasks"]?.elements ?? []).filter { $0["startedBy"]?.text == key.startedBy }
            let left = Array(arns.dropFirst(Limits.stoppedTasks))
            if !left.isEmpty { return [.describedRunTasks(key, found: left, described: before + ours)] }
            observed.runTasks[key] = .known(before + ours)
        case .serviceRevision(let arn):
            observed.serviceRevisions[arn] = answer["serviceRevisions"]?[0].map(Reading.known) ?? .missing
        case .registryTags(let tags): Observation.enter(answer, about: tags, in: &observed)
        case .runningImages(let arns): Observation.enter(answer, about: arns, in: &observed)
        case .versions, .noHistory, .folder: break
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
            observed.staleFamilies.remove(family)
        case .records(let key), .recordTarget(let key, _, _):
            // A server without these operations (an older mock) answers 500 for ever: after some tries do without.
            let failures = observed.recordFailures[key, default: 0] + 1
            observed.recordFailures[key] = failures
            let isPassing = isPassing && failures < Limits.recordTries
            observed.records[key] = .unreadable(Unreadable(why: unreadable.why, isPassing: isPassing))
        case .progress(let key), .progressDetails(let key, _): observed.progress[key] = .unreadable(unreadable)
        case .cluster(let name): observed.clusters[name] = .unreadable(unreadable)
        case .clusterServices(let name, _, _): observed.clusterServices[name] = .unreadable(unreadable)
        case .scalableTargets(let keys): for key in keys { observed.scalableTargets[key] = .unreadable(unreadable) }
        case .scaling(let key), .scalingPolicies(let key, _, _), .scheduledActions(let key, _, _):
            observed.scaling[key] = .unreadable(unreadable)
        case .revisionTags(let arn): observed.revisionTags[arn] = .unreadable(unreadable)
        case .runTasks(let key, _), .stoppedRunTasks(let key, _, _, _), .describedRunTasks(let key, _, _):
            observed.runTasks[key] = .unreadable(unreadable)
        case .serviceRevision(let arn): observed.serviceRevisions[arn] = .unreadable(unreadable)
        case .versions(let key, _, let commit, _):
            observed.versions[key] = ServiceVersions(
                since: commit, reading: failure.code == .notFound ? .missing : .unreadable(unreadable))
        case .folder(let commit):
            observed.folders[commit] = failure.code == .notFound ? .missing : .unreadable(unreadable)
        case .registryTags(let tags): for tag in tags { observed.images.tags[tag] = .unreadable(unreadable) }
        case .runningImages(let arns): for arn in arns { observed.images.running[arn] = .unreadable(unreadable) }
        case .noHistory: break
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
