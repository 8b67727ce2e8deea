package import MooringModel
package import MooringNames
package import MooringShapes

/// Something the planner must know about ECS, or about what git said before, to decide. The loop reads it and plans again.
package enum Fact: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The service as DescribeServices shows it.
    case service(ServiceKey)
    /// A revision's content and tags.
    case taskDefinition(TaskDefinitionARN)
    /// The family's newest active revision.
    case newestRevision(Family)
    /// The service's newest service deployments, with the service revisions they aimed at.
    case records(ServiceKey)
    /// How far the service's newest service deployment is: stage, traffic and hooks.
    case progress(ServiceKey)
    /// A cluster and its tags.
    case cluster(ClusterName)
    /// The names of all services of a cluster.
    case clusterServices(ClusterName)
    /// Whether Application Auto Scaling moves the service's count.
    case scalableTarget(ServiceKey)
    /// Scalable target, policies and scheduled actions of a service.
    case scaling(ServiceKey)
    /// A revision's tags as they are now: unlike its content they change.
    case revisionTags(TaskDefinitionARN)
    /// The tasks of one attempt of a one-off task, running and stopped.
    case runTasks(RunTasksKey)
    /// What git said of a service from the commit on that was last reached.
    case versions(ServiceKey, since: CommitID)
    /// A service revision, for what ECS shows nowhere else.
    case serviceRevision(arn: String)
    /// The whole folder as it was at a commit, for a service that is not in today's files then.
    case folder(CommitID)
    /// The image that a registry has behind a tag.
    case registryTag(RegistryTag)
    /// The images of a service revision, as ECS resolved them.
    case runningImages(serviceRevision: String)

    package var description: String {
        switch self {
        case .service(let key): "service \(key)"
        case .taskDefinition(let arn): "task definition \(arn.revision)"
        case .newestRevision(let family): "newest revision of \(family)"
        case .records(let key): "service deployments of \(key)"
        case .progress(let key): "progress of \(key)"
        case .cluster(let name): "cluster \(name)"
        case .clusterServices(let name): "services of cluster \(name)"
        case .scalableTarget(let key): "scalable target of \(key)"
        case .scaling(let key): "automatic scaling of \(key)"
        case .revisionTags(let arn): "tags of \(arn.revision)"
        case .runTasks(let key): "tasks of \(key)"
        case .versions(let key, let commit): "versions of \(key) since \(commit.short)"
        case .serviceRevision(let arn): "service revision \(arn)"
        case .folder(let commit): "manifests at \(commit.short)"
        case .registryTag(let tag): "image \(tag)"
        case .runningImages(let arn): "images of \(arn)"
        }
    }

    private var rank: (Int, String) {
        switch self {
        case .service(let key): (0, key.description)
        case .taskDefinition(let arn): (1, arn.text)
        case .newestRevision(let family): (2, family.text)
        case .records(let key): (3, key.description)
        case .scalableTarget(let key): (4, key.description)
        case .versions(let key, let commit): (5, "\(key) \(commit)")
        case .folder(let commit): (6, commit.text)
        case .serviceRevision(let arn): (7, arn)
        case .progress(let key): (8, key.description)
        case .cluster(let name): (9, name.text)
        case .clusterServices(let name): (10, name.text)
        case .scaling(let key): (11, key.description)
        case .revisionTags(let arn): (12, arn.text)
        case .runTasks(let key): (13, key.description)
        case .runningImages(let arn): (14, arn)
        case .registryTag(let tag): (15, tag.description)
        }
    }

    package static func < (left: Fact, right: Fact) -> Bool { left.rank < right.rank }
}

/// What could be found out about one thing.
package enum Reading<Value: Hashable & Sendable>: Hashable, Sendable {
    case known(Value)
    /// It does not exist, and that is believed.
    case missing
    /// It could not be read.
    case unreadable(Unreadable)
}

/// Why something could not be read.
package struct Unreadable: Hashable, Sendable {
    package let why: String
    /// Whether trying again later may help; the report stays open as long.
    package let isPassing: Bool

    package init(why: String, isPassing: Bool) {
        self.why = why
        self.isPassing = isPassing
    }
}

/// What ECS says, and what git said before, as far as they have been asked.
package struct Observed: Hashable, Sendable {
    package var services: [ServiceKey: Reading<ObservedService>]
    /// Content by ARN. Revisions never change, so these outlive a pass.
    package var taskDefinitions: [TaskDefinitionARN: Reading<ObservedTaskDefinition>]
    package var newestRevisions: [Family: Reading<ObservedTaskDefinition>]
    package var records: [ServiceKey: Reading<[DeploymentRecord]>]
    /// The newest deployment records with their stages, of services that are rolling out.
    package var progress: [ServiceKey: Reading<[DeploymentRecord]>] = [:]
    /// Elements of DescribeClusters' answers, with tags.
    package var clusters: [ClusterName: Reading<Value>] = [:]
    /// The names of all services of a cluster, where they were asked for.
    package var clusterServices: [ClusterName: Reading<[ServiceName]>] = [:]
    /// Services whose description is of an earlier pass. Nothing is written to one before it has been read again.
    package var stale: Set<ServiceKey> = []
    /// Families whose newest revision is of an earlier pass. None is deployed, nor another registered, before it has been read
    /// again.
    package var staleFamilies: Set<Family> = []
    package var scalableTargets: [ServiceKey: Reading<ScalableBand>]
    /// What Application Auto Scaling holds. Holds for one pass.
    package var scaling: [ServiceKey: Reading<ObservedScaling>] = [:]
    /// Tags of revisions. Holds for one pass.
    package var revisionTags: [TaskDefinitionARN: Reading<[Tag]>] = [:]
    /// Tasks of runs as DescribeTasks shows them. Holds for one pass.
    package var runTasks: [RunTasksKey: Reading<[Value]>] = [:]
    /// What RunTask answered last.
    package var runAnswers: [OrderNode: RunAnswer] = [:]
    /// Starts that ECS refused for good, until git changes or a sweep tries again.
    package var runRefusals: [OrderNode: Refusal] = [:]
    /// Uptime before which nothing is written for a run, because reads cannot be believed or a retry is not due.
    package var runHolds: [OrderNode: Duration] = [:]
    /// Content by ARN. Service revisions never change, so these outlive a pass.
    package var serviceRevisions: [String: Reading<Value>]
    /// What stands behind images that are named by tags.
    package var images = ObservedImages()
    /// What git said before. Holds for one head commit.
    package var versions: [ServiceKey: ServiceVersions]
    /// Whole folders at earlier commits. A commit never changes, so these outlive a pass.
    package var folders: [CommitID: Reading<DesiredState>]
    /// How often in a row the records could not be read.
    package var recordFailures: [ServiceKey: Int]
    /// What our own writes returned, until reads can be believed to show it.
    package var watches: [ServiceKey: Watch]
    /// Why services failed, as far as it was found out: what those that depend on them are told.
    package var causes: [ServiceKey: String] = [:]
    /// Writes that ECS refused for good, until git changes or a sweep tries again.
    package var refusals: [ServiceKey: Refusal]
    /// Uptime before which a service is not written to, because reads cannot be believed or a retry is not due.
    package var holds: [ServiceKey: Duration]

    package init() {
        services = [:]
        taskDefinitions = [:]
        newestRevisions = [:]
        records = [:]
        scalableTargets = [:]
        serviceRevisions = [:]
        versions = [:]
        folders = [:]
        recordFailures = [:]
        watches = [:]
        refusals = [:]
        holds = [:]
    }
}

/// The band in which Application Auto Scaling moves a count.
package struct ScalableBand: Hashable, Sendable {
    package let minimum: Int
    package let maximum: Int

    package init(minimum: Int, maximum: Int) {
        self.minimum = minimum
        self.maximum = maximum
    }
}

/// The deployment that our own call made.
package struct Watch: Hashable, Sendable {
    /// What was wanted when the call was made.
    package let digest: Digest
    /// `ecs-svc/…`, as the call returned it.
    package let deployment: String
    package let revision: Revision?
    package let previousRevision: Revision?
    /// Uptime when the call returned.
    package let since: Duration

    package init(
        digest: Digest, deployment: String, revision: Revision?, previousRevision: Revision?, since: Duration,
    ) {
        self.digest = digest
        self.deployment = deployment
        self.revision = revision
        self.previousRevision = previousRevision
        self.since = since
    }
}

/// A write that ECS refused.
package struct Refusal: Hashable, Sendable {
    /// What was wanted then.
    package let digest: Digest
    package let why: String

    package init(digest: Digest, why: String) {
        self.digest = digest
        self.why = why
    }
}
