import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes

/// ECS as a handful of values: what the planner may ask, and what its steps do. Deployments are over at once unless a test
/// says otherwise.
struct ValueECS {
    /// As DescribeServices shows them.
    var services: [ServiceKey: Value] = [:]
    /// By family, number 1 first.
    var revisions: [Family: [ObservedTaskDefinition]] = [:]
    /// Newest first.
    var records: [ServiceKey: [DeploymentRecord]] = [:]
    var scalableTargets: [ServiceKey: ScalableBand] = [:]
    var scaling: [ServiceKey: ObservedScaling] = [:]
    /// As DescribeClusters shows them, with tags.
    var clusters: [ClusterName: Value] = [:]
    /// The hooks that were let go on.
    private(set) var continued: [String] = []
    /// What git said from a commit on, oldest first, as far as today's files tell; and the whole folder at a commit.
    var versions: [CommitID: [DesiredState]] = [:]
    var folders: [CommitID: DesiredState] = [:]
    /// What stands behind tags in the registry, and what service revisions run.
    var images: (tags: [RegistryTag: RegistryImage], running: [String: RunningImages]) = ([:], [:])
    /// What cannot be read just now.
    var unreadable: [Fact: Unreadable] = [:]
    /// Every write, in its order.
    private(set) var writes: [Step.Action] = []
    private var registered: [Digest: TaskDefinitionARN] = [:]
    private var deployments = 0

    // MARK: Reading

    func answer(_ fact: Fact, into observed: inout Observed) {
        switch fact {
        case .service(let key):
            observed.services[key] = reading(
                fact, services[key].map { ObservedService(key: key, described: $0) })
        case .taskDefinition(let arn):
            observed.taskDefinitions[arn] = reading(fact, revision(arn))
        case .newestRevision(let family):
            let newest = revisions[family]?.last { $0.isActive }
            observed.newestRevisions[family] = reading(fact, newest)
            if let newest { observed.taskDefinitions[newest.arn] = .known(newest) }
        case .records(let key): observed.records[key] = reading(fact, records[key] ?? [])
        case .scalableTarget(let key): observed.scalableTargets[key] = reading(fact, scalableTargets[key])
        case .scaling(let key): observed.scaling[key] = reading(fact, scaling[key])
        case .revisionTags(let arn):
            observed.revisionTags[arn] = reading(
                fact, revision(arn).map { $0.tags.map { Tag($0["key"]?.text ?? "", $0["value"]?.text ?? "") } })
        case .runTasks(let key): observed.runTasks[key] = .known([])
        case .versions(let key, let commit):
            observed.versions[key] = ServiceVersions(
                since: commit, reading: reading(fact, versions[commit]?.map { ServiceVersion(of: key, in: $0) }))
        case .folder(let commit): observed.folders[commit] = reading(fact, folders[commit])
        case .progress(let key): observed.progress[key] = reading(fact, records[key] ?? [])
        case .cluster(let name): observed.clusters[name] = reading(fact, clusters[name] ?? .map([]))
        case .clusterServices(let cluster):
            let names = services.keys.filter { $0.cluster == cluster }.map(\.service).sorted()
            observed.clusterServices[cluster] = reading(fact, names)
        case .serviceRevision(let arn): observed.serviceRevisions[arn] = reading(fact, nil)
        case .registryTag(let tag): observed.images.tags[tag] = reading(fact, images.tags[tag])
        case .runningImages(let arn): observed.images.running[arn] = reading(fact, images.running[arn])
        }
    }

    private func reading<Content>(_ fact: Fact, _ content: Content?) -> Reading<Content> {
        if let why = unreadable[fact] { return .unreadable(why) }
        return content.map { .known($0) } ?? .missing
    }

    func revision(_ arn: TaskDefinitionARN) -> ObservedTaskDefinition? {
        revisions[arn.revision.family]?.first { $0.arn == arn }
    }

    // MARK: Writing

    mutating func perform(_ step: Step) throws {
        writes.append(step.action)
        switch step.action {
        case .registerTaskDefinition(_, let digest, let input): registered[digest] = try register(input)
        case .createService(let key, let input, let reference):
            try create(key, input, revision: arn(of: reference))
        case .updateService(let key, let input, let reference): update(key, input, revision: arn(of: reference))
        case .tagService(let key, _, let tags): setTags(key, tags)
        case .untagService(let key, _, let keys): for name in keys { removeTag(key, name) }
        case .scale(let key, let write): try ValueScaling.perform(write, on: key, in: &scaling)
        // One-off tasks have a world of their own.
        case .run: break
        case .deleteService(let key): services[key]?["status"] = "INACTIVE"
        case .continueDeployment(_, _, let hook): continued.append(hook)
        }
    }

    private func arn(of reference: RevisionReference?) -> TaskDefinitionARN? {
        switch reference {
        case .existing(let arn): arn
        case .registered(let digest): registered[digest]
        case nil: nil
        }
    }

    /// Members that ECS forgets: misspelt ones, in the tests.
    static let forgotten: Set<String> = ["cupboard"]

    @discardableResult
    mutating func register(_ input: Value) throws -> TaskDefinitionARN {
        let family = try Family(input["family"]?.text ?? "")
        let number = (revisions[family]?.last?.arn.revision.number ?? 0) + 1
        let arn = try revisionARN("\(family):\(number)")
        var described: Value = .map([])
        for member in input.members ?? [] where member.name != "tags" && !ValueECS.forgotten.contains(member.name) {
            described[member.name] = member.value
        }
        described["containerDefinitions"] = .list(
            (input["containerDefinitions"]?.elements ?? []).map { container in
                var container = container
                for (name, value) in [("cpu", 0), ("mountPoints", []), ("essential", true)] as [(String, Value)]
                where container[name] == nil { container[name] = value }
                return container
            })
        described["taskDefinitionArn"] = .string(arn.text)
        described["revision"] = .integer(number)
        described["status"] = "ACTIVE"
        described["volumes"] = []
        let tags = input["tags"]?.elements ?? []
        revisions[family, default: []].append(ObservedTaskDefinition(arn: arn, described: described, tags: tags))
        return arn
    }

    mutating func deregister(_ arn: TaskDefinitionARN) {
        guard let index = revisions[arn.revision.family]?.firstIndex(where: { $0.arn == arn }),
            let old = revisions[arn.revision.family]?[index]
        else { return }
        var described = old.described
        described["status"] = "INACTIVE"
        revisions[arn.revision.family]?[index] = ObservedTaskDefinition(
            arn: arn, described: described, tags: old.tags)
    }

    /// Makes a service, by whomever.
    mutating func create(_ key: ServiceKey, _ input: Value, revision: TaskDefinitionARN?) throws {
        var described: Value = [
            "serviceArn": .string(serviceARN(key)), "serviceName": .string(key.service.text), "status": "ACTIVE",
            "deploymentController": ["type": "ECS"], "schedulingStrategy": "REPLICA",
        ]
        for member in input.members ?? []
        where member.name != "clientToken" && !ValueECS.forgotten.contains(member.name) {
            described[member.name] = member.value
        }
        described["runningCount"] = described["desiredCount"] ?? 0
        services[key] = described
        startDeployment(key, revision: revision)
    }

    private mutating func update(_ key: ServiceKey, _ input: Value, revision: TaskDefinitionARN?) {
        let isForced = input["forceNewDeployment"]?.boolean == true
        var startsDeployment = isForced || revision != nil
        for member in input.members ?? [] where member.name != "forceNewDeployment" {
            if ValueECS.forgotten.contains(member.name) { continue }
            if member.name == "deploymentConfiguration" {
                // What an update does not name of it stays.
                var merged = services[key]?[member.name] ?? .map([])
                for part in member.value.members ?? [] { merged[part.name] = part.value }
                services[key]?[member.name] = merged
            } else {
                services[key]?[member.name] = member.value
            }
            if member.name == "desiredCount" { services[key]?["runningCount"] = member.value }
            startsDeployment = startsDeployment || ServiceMembers.startsDeployment(member.name)
        }
        if startsDeployment { startDeployment(key, revision: revision) }
    }

    private mutating func setTags(_ key: ServiceKey, _ tags: [Tag]) {
        var elements = services[key]?["tags"]?.elements ?? []
        for tag in tags {
            elements.removeAll { $0["key"]?.text == tag.key }
            elements.append(tag.input)
        }
        services[key]?["tags"] = .list(elements)
    }

    mutating func setTag(_ key: ServiceKey, _ name: String, _ value: String) { setTags(key, [Tag(name, value)]) }

    mutating func removeTag(_ key: ServiceKey, _ name: String) {
        let left = (services[key]?["tags"]?.elements ?? []).filter { $0["key"]?.text != name }
        services[key]?["tags"] = .list(left)
    }

    /// Somebody changes the service.
    mutating func change(_ key: ServiceKey, _ edit: (inout Value) -> Void) {
        guard var service = services[key] else { return }
        edit(&service)
        services[key] = service
    }

    // MARK: Deployments

    /// Replaces the primary deployment and enters a record that says it went well.
    mutating func startDeployment(_ key: ServiceKey, revision: TaskDefinitionARN?, state: String = "COMPLETED") {
        if let revision { services[key]?["taskDefinition"] = .string(revision.text) }
        deployments += 1
        var primary: Value = [
            "id": .string("ecs-svc/\(deployments)"), "status": "PRIMARY", "rolloutState": .string(state),
            "desiredCount": services[key]?["desiredCount"] ?? 0, "runningCount": services[key]?["desiredCount"] ?? 0,
        ]
        for name in ["taskDefinition", "networkConfiguration", "serviceConnectConfiguration", "volumeConfigurations"] {
            primary[name] = services[key]?[name]
        }
        services[key]?["deployments"] = [primary]
        enterRecord(key, status: state == "COMPLETED" ? "SUCCESSFUL" : "IN_PROGRESS", revision: revision)
    }

    /// What ECS remembers of a deployment that aimed at what the service says now, or at `revision`.
    mutating func enterRecord(
        _ key: ServiceKey, status: String, revision: TaskDefinitionARN?, _ more: [(String, Value)] = [],
    ) {
        var target: Value = ["serviceRevisionArn": .string("\(arnPrefix)service-revision/x/y/1")]
        target["taskDefinition"] = revision.map { .string($0.text) } ?? services[key]?["taskDefinition"]
        for name in ["networkConfiguration", "loadBalancers", "serviceConnectConfiguration", "volumeConfigurations"] {
            target[name] = services[key]?[name]
        }
        for (name, value) in more { target[name] = value }
        let record: Value = [
            "serviceDeploymentArn": .string("\(arnPrefix)service-deployment/x/y/\(deployments)"),
            "status": .string(status), "statusReason": .string("circuit breaker: \(status)"),
        ]
        records[key, default: []].insert(DeploymentRecord(described: record, target: target), at: 0)
    }

    /// Puts the primary deployment into this state.
    mutating func setRollout(_ key: ServiceKey, _ state: String, failedTasks: Int = 0) {
        guard var primary = services[key]?["deployments"]?[0] else { return }
        primary["rolloutState"] = .string(state)
        primary["failedTasks"] = .integer(failedTasks)
        let others = (services[key]?["deployments"]?.elements ?? []).dropFirst()
        services[key]?["deployments"] = .list([primary] + others)
    }
}
