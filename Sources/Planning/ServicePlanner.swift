import MooringModel
import MooringNames
import MooringRollouts
import MooringShapes

/// What is to be done about one service, before it is weighed against the others.
struct ServiceDecision {
    var needs: [Fact] = []
    var standing: ServiceStanding
    var withheld: [Withheld] = []
    var write: Write?
    /// What is done about the service's automatic scaling.
    var scaling: [Step] = []
    /// The hook that git lets go on.
    var approval: WaitingHook?
    /// ARN of the service, empty where it does not exist.
    var arn = ""
    /// Tags to set when nothing else is to be done.
    var bookkeeping: [Tag] = []
    /// Keys of tags to take off, after a write or without one.
    var untags: [String] = []
    /// What differs in the tags that are the manifest's.
    var tagChanges: [MemberChange] = []
    var remarks: [Remark] = []

    /// Whether git and ECS differ in nothing that could be done something about: Mooring's own tags are no difference.
    var hasNothingToDo: Bool {
        write == nil && scaling.isEmpty && approval == nil && tagChanges.isEmpty && withheld.isEmpty
    }

    /// Leaves the tags alone as well.
    mutating func dropTags() {
        bookkeeping = []
        untags = []
        scaling = []
    }

    struct Write {
        var kind: Kind = .update
        var registration: (digest: Digest, input: Value)?
        var revision: RevisionReference?
        var input: Value
        var tags: [Tag]
        /// Tags that must be there before the write: what has to be remembered also where the process dies after it.
        var tagsBefore: [Tag] = []
        var reason: String
        var changes: [MemberChange]
        /// Whether the write starts a rollout: a change of attributes that take effect at once does not.
        var startsRollout: Bool
        /// Whether the service becomes ours by this write.
        var isAdoption = false
        /// Whether it takes a failed change back: that waits for nobody.
        var isReturn = false

        enum Kind: Equatable { case create, update, delete }

        var isCreation: Bool { kind == .create }

        /// The family whose revision the service gets.
        var family: Family? {
            if case .existing(let arn) = revision { return arn.revision.family }
            return registration?.input["family"]?.text.flatMap { try? Family($0) }
        }
    }
}

/// Decides about one service from what is known; says what else it needs to know where that is not enough.
struct ServicePlanner {
    let service: DesiredService
    /// Nil for services with a pinned revision.
    let taskDefinition: DesiredTaskDefinition?
    let observed: Observed
    let policy: PlanningPolicy
    let index: RevisionIndex
    /// Digest of what git wants of the service, its task definition included.
    let digest: Digest
    let taskDefinitionDigest: Digest?
    var ignored: IgnoredMembers { IgnoredMembers(paths: service.options.ignore) }

    init(
        service: DesiredService, taskDefinition: DesiredTaskDefinition?, observed: Observed, policy: PlanningPolicy,
        index: RevisionIndex,
    ) {
        self.service = service
        self.taskDefinition = taskDefinition
        self.observed = observed
        self.policy = policy
        self.index = index
        taskDefinitionDigest = taskDefinition.map { TaskDefinitionDigest.digest(of: $0.input) }
        digest = ServicePlanner.digest(of: service, taskDefinition: taskDefinitionDigest)
    }

    /// The digest of all that git wants of a service.
    static func digest(of service: DesiredService, taskDefinition: Digest?) -> Digest {
        var input = service.input
        input["taskDefinition"] = .string(taskDefinition?.text ?? service.pinnedRevision ?? "")
        // A token starts a deployment as much as a member does, so a new one is not what was rejected.
        if let scaling = service.options.autoscaling { input["mooring.autoscaling"] = ScalingForm.canonical(scaling) }
        if let token = service.options.redeploy { input["mooring.redeploy"] = .string(token) }
        return ServiceDigest.digest(of: input)
    }

    func decide() -> ServiceDecision {
        if !policy.clusters.isEmpty, !policy.clusters.contains(service.key.cluster) {
            return withhold(.foreignCluster(service.key.cluster.text))
        }
        guard let reason = Holds(policy: policy, observed: observed).reason(for: service) else {
            return decideUnpaused()
        }
        return preview(decideUnpaused(), withheldFor: reason)
    }

    private func decideUnpaused() -> ServiceDecision {
        if let why = service.unresolved { return ServiceDecision(standing: standing(.unknown(why))) }
        if case .family = service.taskDefinition, taskDefinition == nil { return withhold(.badManifest) }
        switch observed.services[service.key] {
        case nil:
            return ServiceDecision(needs: [.service(service.key)], standing: standing(.unknown("not read yet")))
        case .unreadable(let unreadable): return withhold(unreadable)
        case .missing: return decideCreation()
        case .known(let live) where live.status == "INACTIVE": return decideCreation()
        case .known(let live) where live.status == "DRAINING": return withhold(.draining, live: live)
        case .known(let live):
            if let objection = Ownership(policy: policy, service: service).objection(to: live) {
                return objection == .notAdopted ? previewAdoption(live) : withhold(objection, live: live)
            }
            var decision = decideUpdate(live)
            decision.arn = live.arn
            return decision
        }
    }

    /// What taking the service over would change, for people to see before they say the word. Nothing is written.
    private func previewAdoption(_ live: ObservedService) -> ServiceDecision {
        let decision = decideUpdate(live)
        if !decision.needs.isEmpty { return decision }
        var withheld = withhold(.notAdopted, live: live)
        withheld.withheld = [
            Withheld(
                key: service.key, reason: .notAdopted, changes: (decision.write?.changes ?? []) + decision.tagChanges)
        ]
        return withheld
    }

    /// What would be done, for people to see while nothing may be. Nothing is written; where nothing would be, the service stands
    /// where it does without the hold.
    private func preview(_ decision: ServiceDecision, withheldFor reason: Withheld.Reason) -> ServiceDecision {
        if !decision.needs.isEmpty { return decision }
        let standing = decision.standing
        if decision.hasNothingToDo {
            var idle = decision
            idle.dropTags()
            return idle
        }
        let revision = decision.write.map { $0.isCreation ? nil : standing.previousRevision } ?? standing.revision
        return ServiceDecision(
            standing: ServiceStanding(
                key: standing.key, digest: standing.digest, state: .withheld(reason), revision: revision,
                health: standing.health),
            withheld: [
                Withheld(
                    key: service.key, reason: reason,
                    changes: (decision.write?.changes ?? []) + decision.withheld.flatMap(\.changes)
                        + decision.scaling.flatMap(\.changes))
            ], arn: decision.arn, remarks: decision.remarks)
    }

    private var isDaemon: Bool { service.input["schedulingStrategy"]?.text == "DAEMON" }

    // MARK: Creation

    private func decideCreation() -> ServiceDecision {
        if let watch = freshWatch {
            return ServiceDecision(
                standing: standing(
                    .rolling(progress: "created; \(EventWords.unseen)"), revision: watch.revision,
                    deployment: watch.deployment))
        }
        if !isDaemon, initialCount == nil {
            return withhold(
                .refused(
                    "A new service needs 'desiredCount', or 'mooring: {autoscaling: …}' with a MinCapacity. Write one "
                        + "into the manifest."))
        }
        switch resolution(live: nil) {
        case .needs(let facts): return needing(facts)
        case .unreadable(let unreadable): return withhold(unreadable)
        case .current(let arn), .registered(let arn, _): return creation(.existing(arn), registering: false)
        case .new:
            guard let taskDefinitionDigest else { return creation(nil, registering: false) }
            return creation(.registered(taskDefinitionDigest), registering: true)
        }
    }

    private func creation(_ revision: RevisionReference?, registering: Bool) -> ServiceDecision {
        // ECS counts a daemon's tasks itself.
        var input = service.input.removing(isDaemon ? ["taskDefinition", "desiredCount"] : ["taskDefinition"])
        if !isDaemon, input["desiredCount"]?.integer == nil {
            input["desiredCount"] = initialCount.map { .integer($0) }
        }
        var tags = [Tag(OwnTag.environment, policy.identity.text)]
        if let token = service.options.redeploy { tags.append(Redeployment(token).tag) }
        let write = ServiceDecision.Write(
            kind: .create, registration: registering ? registration : nil, revision: revision, input: input, tags: tags,
            reason: "The service does not exist.", changes: [], startsRollout: true)
        return ServiceDecision(standing: standing(.changing, revision: revision?.revision), write: write)
    }

    /// What git says, else the least that automatic scaling in git allows.
    private var initialCount: Int? {
        service.input["desiredCount"]?.integer ?? service.options.autoscaling?.initialCount
    }

    // MARK: Parts

    func resolution(live: ObservedService?) -> RevisionResolution {
        if let taskDefinition, let taskDefinitionDigest {
            return RevisionResolver(
                wanted: taskDefinition, digest: taskDefinitionDigest, observed: observed, index: index, ignored: ignored
            )
            .resolve(live: live)
        }
        guard let pinned = service.pinnedRevision else {
            // A service without a revision of ours keeps the one it has.
            return live?.taskDefinition.map(RevisionResolution.current) ?? .new(changes: [])
        }
        let text =
            pinned.hasPrefix("arn:")
            ? pinned : "arn:\(policy.region.partition):ecs:\(policy.region):\(policy.account):task-definition/\(pinned)"
        guard let arn = try? TaskDefinitionARN(text) else {
            return .unreadable(
                Unreadable(
                    why: "'\(pinned)' is not a revision; write family:number or a task definition's ARN.",
                    isPassing: false))
        }
        if live?.taskDefinition == arn { return .current(arn) }
        let change = MemberChange(
            path: "taskDefinition", live: live?.taskDefinition.map { .string($0.revision.description) },
            wanted: .string(arn.revision.description))
        return .registered(arn, changes: [change])
    }

    var registration: (digest: Digest, input: Value)? {
        guard let taskDefinition, let taskDefinitionDigest else { return nil }
        var input = taskDefinition.input
        let own = [
            Tag(OwnTag.environment, policy.identity.text), Tag(OwnTag.digest, taskDefinitionDigest.text),
        ]
        input["tags"] = .list((input.manifestTags + own).map(\.input))
        return (taskDefinitionDigest, input)
    }

    /// What our own write returned, while reads may still lag behind it.
    private var freshWatch: Watch? {
        guard let watch = observed.watches[service.key], policy.uptime < watch.since + policy.readLag else {
            return nil
        }
        return watch
    }

    /// Our own write, where what was read is older than it. Holds for every digest: a revert must not be called reached
    /// because ECS does not show yet what it reverts.
    func laggingWatch(_ live: ObservedService) -> Watch? {
        guard let watch = freshWatch, !live.deployments.contains(where: { $0.id == watch.deployment }) else {
            return nil
        }
        return watch
    }

    /// The tags that a service which is what git says should carry and does not.
    ///
    /// - Parameters:
    ///   - isComplete: whether no difference stays. While one does, the commit that was last reached is an earlier one.
    func bookkeeping(_ live: ObservedService, isComplete: Bool) -> [Tag] {
        var wanted = [Tag(OwnTag.environment, policy.identity.text)]
        if isComplete { wanted.append(Tag(OwnTag.digest, digest.text)) }
        if let revision = live.taskDefinition?.revision, let taskDefinitionDigest {
            wanted.append(Tag(OwnTag.revision, "\(revision)@\(taskDefinitionDigest)"))
        }
        guard wanted.contains(where: { live.tag($0.key) != $0.value }) else { return [] }
        if isComplete { wanted.append(Tag(OwnTag.commit, policy.commit.text)) }
        return wanted + earlierTags(live, adding: live.taskDefinition?.revision)
    }

    /// The tag of earlier revisions with one more in it; none where the revision was not registered from git.
    func earlierTags(_ live: ObservedService, adding revision: Revision?) -> [Tag] {
        guard let revision, let taskDefinitionDigest else { return [] }
        var earlier = EarlierRevisions(tag: live.tag(OwnTag.earlier))
        earlier.add(revision, digest: taskDefinitionDigest)
        return [Tag(OwnTag.earlier, earlier.tag)]
    }

    /// The tag that makes an adopted service ours from the first write on.
    func adoptionTags(_ live: ObservedService) -> [Tag] {
        live.tag(OwnTag.environment) == nil ? [Tag(OwnTag.environment, policy.identity.text)] : []
    }

    func health(_ live: ObservedService) -> Health {
        live.runningCount >= live.desiredCount ? .healthy : .degraded
    }

    func needing(_ facts: [Fact]) -> ServiceDecision {
        ServiceDecision(needs: facts, standing: standing(.unknown("not read yet")))
    }

    func standing(
        _ state: ServiceStanding.State, revision: Revision? = nil, previous: Revision? = nil,
        deployment: String? = nil, health: Health = .unknown,
    ) -> ServiceStanding {
        ServiceStanding(
            key: service.key, digest: digest, state: state, revision: revision, previousRevision: previous,
            deployment: deployment, health: health)
    }

    func withhold(_ unreadable: Unreadable) -> ServiceDecision {
        unreadable.isPassing
            ? ServiceDecision(standing: standing(.unknown(unreadable.why))) : withhold(.unreadable(unreadable.why))
    }

    func withhold(_ reason: Withheld.Reason, live: ObservedService? = nil) -> ServiceDecision {
        let changes = live.map { AttributeChanges(service: service, live: $0).all } ?? []
        return ServiceDecision(
            standing: standing(
                .withheld(reason), revision: live?.taskDefinition?.revision, health: live.map(health) ?? .unknown),
            withheld: [Withheld(key: service.key, reason: reason, changes: changes)])
    }
}
