package import MooringNames
package import MooringShapes

/// What a pass will do, in order, and what it will not do and why. Complete: whoever performs it chooses nothing.
package struct Plan: Hashable, Sendable {
    /// In the order they are performed; a step begins when all it names in `after` are done.
    package var steps: [Step]
    /// Services with a difference that stays, each with its reasons. Sorted by service.
    package var withheld: [Withheld]
    /// Where every service of the environment stands. Sorted by service.
    package var standings: [ServiceStanding]
    /// What there is to know beside the differences. Sorted by service.
    package var remarks: [Remark]
    /// Where every one-off task of the environment stands. Sorted by node.
    package var runs: [RunStanding] = []
    /// Services of this environment that git no longer has, and what becomes of each. Sorted by service.
    package var leaving: [LeavingService] = []
    /// Rollouts that only wait for their turn. Sorted by service.
    package var backlog: [WaitingRollout] = []

    package init(
        steps: [Step] = [], withheld: [Withheld] = [], standings: [ServiceStanding] = [], remarks: [Remark] = [],
    ) {
        self.steps = steps
        self.withheld = withheld
        self.standings = standings
        self.remarks = remarks
    }

    /// The steps that change what runs; bookkeeping of tags is not one.
    package var changes: [Step] { steps.filter { !$0.action.isBookkeeping } }
}

/// A rollout that begins when others are over.
package struct WaitingRollout: Hashable, Sendable {
    package let key: ServiceKey
    /// Digest of the revision that has to be registered for it; nil where it is there already.
    package let registers: Digest?

    package init(key: ServiceKey, registers: Digest?) {
        self.key = key
        self.registers = registers
    }
}

/// A revision that a step needs.
package enum RevisionReference: Hashable, Sendable {
    /// Is registered already.
    case existing(TaskDefinitionARN)
    /// Is what the step `registerTaskDefinition` with this digest returns.
    case registered(Digest)
}

/// One write, with its reason.
package struct Step: Hashable, Sendable {
    package let id: StepID
    package let action: Action
    /// One sentence: why this is done.
    package let reason: String
    /// What differs, for people.
    package let changes: [MemberChange]
    /// Steps that must be done before.
    package let after: [StepID]

    package enum Action: Hashable, Sendable {
        /// Registers `input` (a whole RegisterTaskDefinition input, tags included) as the family's next revision.
        case registerTaskDefinition(family: Family, digest: Digest, input: Value)
        /// Creates the service; `input` is a CreateService input without `taskDefinition`.
        case createService(key: ServiceKey, input: Value, revision: RevisionReference?)
        /// Updates the service in one call; `input` is an UpdateService input without `taskDefinition`.
        case updateService(key: ServiceKey, input: Value, revision: RevisionReference?)
        /// Sets tags on a service; others stay.
        case tagService(key: ServiceKey, arn: String, tags: [Tag])
        /// Takes tags off a service that git set and no longer names.
        case untagService(key: ServiceKey, arn: String, keys: [String])
        /// Changes what Application Auto Scaling does with the service's count.
        case scale(key: ServiceKey, ScalingWrite)
        /// Notes how far a one-off task is, or starts it; `digest` is that of all it is made of.
        case run(node: OrderNode, digest: Digest, RunWrite)
        /// Deletes the service, so that it can be made anew or because it left git; its tasks are stopped.
        case deleteService(key: ServiceKey)
        /// Lets a deployment go on that waits for a person's word.
        case continueDeployment(key: ServiceKey, deployment: String, hook: String)

        package var isBookkeeping: Bool {
            switch self {
            case .tagService(_, _, let tags): tags.allSatisfy(\.isOurs)
            case .untagService(_, _, let keys): keys.allSatisfy { $0.hasPrefix(OwnTag.prefix) }
            case .run(_, _, .note): true
            default: false
            }
        }
    }

    package init(id: StepID, action: Action, reason: String, changes: [MemberChange] = [], after: [StepID] = []) {
        self.id = id
        self.action = action
        self.reason = reason
        self.changes = changes
        self.after = after
    }

    /// The service a step writes to, nil for a registration.
    package var service: ServiceKey? {
        switch action {
        case .registerTaskDefinition, .run: nil
        case .createService(let key, _, _), .updateService(let key, _, _), .tagService(let key, _, _),
            .untagService(let key, _, _), .deleteService(let key), .continueDeployment(let key, _, _),
            .scale(let key, _):
            key
        }
    }
}

/// What a step is called within its plan: `register web`, `update default/web`.
package struct StepID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package var description: String { text }
    package static func < (left: StepID, right: StepID) -> Bool { left.text < right.text }
}

/// A tag of an AWS resource.
package struct Tag: Hashable, Sendable {
    package let key: String
    package let value: String

    package init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }

    /// Whether the tag is Mooring's own bookkeeping.
    package var isOurs: Bool { key.hasPrefix(OwnTag.prefix) }

    /// As the API takes it.
    package var input: Value { ["key": .string(key), "value": .string(value)] }
}

/// The tags in which Mooring remembers what must be remembered about a service. They only ever find something quickly.
package enum OwnTag {
    package static let prefix = "mooring:"
    /// On services and revisions: the identity of the environment that manages it.
    package static let environment = "mooring:environment"
    /// On services: the commit whose desired state was last reached completely.
    package static let commit = "mooring:commit"
    /// On services: digest of that desired state. On revisions: digest of the registered input.
    package static let digest = "mooring:digest"
    /// On services: `<family:number>@<digest>`, the revision that was reached and what it was registered from.
    package static let revision = "mooring:revision"
    /// On services: revisions deployed earlier, newest first, `<number>@<start of digest>` each, as many as a tag holds:
    /// what lets a revert find the revision it returns to.
    package static let earlier = "mooring:earlier"
    /// On services: digest of what ECS rejected last; a cache of ECS's own records.
    package static let rejected = "mooring:rejected"
    /// On services: the failed deployment that is done with: a person forgave it with `mooring retry`, or what git said
    /// next was reached.
    package static let retry = "mooring:retry"
    /// On services: digest of the token for which a deployment was last forced, and `@` the deployment that ran before.
    package static let redeploy = "mooring:redeploy"

    /// On revisions, with the start of a run's digest behind it: how far that one-off task is.
    package static let run = "mooring:run:"

    /// All that a service may carry.
    package static let onServices = [environment, commit, digest, revision, earlier, rejected, retry, redeploy]
    /// All that a revision may carry.
    package static let onRevisions = [environment, digest]
}

/// A service with a difference that this plan leaves as it is.
package struct Withheld: Hashable, Sendable {
    package let key: ServiceKey
    package let reason: Reason
    package let changes: [MemberChange]
    /// What will be done when its turn has come, as far as it is known now: for people to see before. Empty where the reason
    /// does not pass by itself.
    package let later: [Step]

    package init(key: ServiceKey, reason: Reason, changes: [MemberChange] = [], later: [Step] = []) {
        self.key = key
        self.reason = reason
        self.changes = changes
        self.later = later
    }

    package enum Reason: Hashable, Sendable {
        /// The environment only observes until its settings say `act: true`.
        case observing
        /// The service exists and nobody has said that this environment may take it over.
        case notAdopted
        /// Another environment's tag is on it.
        case ownedByEnvironment(String)
        /// CloudFormation manages it.
        case ownedByCloudFormation(stack: String)
        /// ECS itself manages it (Express Gateway).
        case ownedByECS
        /// The controller keeps revision and network on task sets, or CodeDeploy deploys it.
        case deploymentController(String)
        /// The service has an ARN of the old, short form, which cannot carry tags.
        case cannotBeTagged
        /// A member can only be changed by making the service anew.
        case needsReplacement(members: [String])
        /// Members that git set and no longer names, and that ECS has no way to take back.
        case cannotBeUnset(members: [String])
        /// More services would be created than the fuse lets pass.
        case creationFuse(count: Int, limit: Int)
        /// The credentials belong to another account than the environment names.
        case wrongAccount(expected: String, actual: String)
        /// The cluster is not one the environment names.
        case foreignCluster(String)
        /// The service is being deleted.
        case draining
        /// Git or a tag says `pause`; `why` is a whole sentence.
        case paused(why: String)
        /// The service or its environment is frozen for a time; `why` is a whole sentence.
        case frozen(until: Timestamp?, why: String)
        /// Too many rollouts of this commit failed: these.
        case stoppedAfterFailures([ServiceKey])
        /// Its turn comes when rollouts that are under way are over.
        case waitingForTurn(inFlight: Int)
        /// What it depends on is still to be done; a whole sentence.
        case waitsInOrder(String)
        /// What it depends on failed, or is held; a whole sentence.
        case notStarted(String)
        /// These members were changed by hand and stay so, as `drift` says.
        case changedByHand(members: [String])
        /// Another revision was put there by hand and stays, as `drift` says. `by` is who registered it.
        case revisionByHand(Revision, by: String?, drift: DriftOptions = DriftOptions())
        /// Git no longer has it, and it stays for now; a whole sentence.
        case leftGit(String)
        /// What it needs cannot be read.
        case unreadable(String)
        /// ECS refused the write.
        case refused(String)
        /// The manifest cannot be used; the findings say why.
        case badManifest
    }
}

/// Where one service stands.
package struct ServiceStanding: Hashable, Sendable {
    package let key: ServiceKey
    /// Digest of what git wants of the service, its task definition included.
    package let digest: Digest?
    package let state: State
    /// The revision that runs or is being rolled out.
    package let revision: Revision?
    /// The revision that ran before.
    package let previousRevision: Revision?
    /// The ECS deployment that is being watched.
    package let deployment: String?
    /// Whether running tasks are as many as wanted and no rollout is failing.
    package let health: Health

    package enum State: Hashable, Sendable {
        /// ECS runs what git says.
        case synced
        /// Steps of this plan will change it.
        case changing
        /// Our rollout is under way.
        case rolling(progress: String)
        /// ECS is rolling our change back.
        case rollingBack(reason: String)
        /// ECS rejected what git says; it is not tried again until the manifest changes.
        case rejected(reason: String)
        /// Our rollout takes longer than it may. ECS may still complete it.
        case overdue(reason: String, remedy: String)
        /// There is a difference that stays.
        case withheld(Withheld.Reason)
        /// Not looked at yet, or not readable just now.
        case unknown(String)
    }

    package init(
        key: ServiceKey, digest: Digest?, state: State, revision: Revision? = nil, previousRevision: Revision? = nil,
        deployment: String? = nil, health: Health = .unknown,
    ) {
        self.key = key
        self.digest = digest
        self.state = state
        self.revision = revision
        self.previousRevision = previousRevision
        self.deployment = deployment
        self.health = health
    }
}

/// How a service does, apart from whether it is what git says.
package enum Health: String, Hashable, Sendable {
    case healthy = "Healthy"
    case progressing = "Progressing"
    case degraded = "Degraded"
    case unknown = "Unknown"
}
