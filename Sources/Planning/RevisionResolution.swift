import MooringCryptography
import MooringModel
import MooringNames
import MooringShapes

/// Which revision a service shall run.
enum RevisionResolution: Equatable {
    /// The service already points at it.
    case current(TaskDefinitionARN)
    /// It is registered; the service does not point at it.
    case registered(TaskDefinitionARN, changes: [MemberChange])
    /// No revision that could be found has this content.
    case new(changes: [MemberChange])
    /// Not decidable before these are known.
    case needs([Fact])
    /// What must be known cannot be read.
    case unreadable(Unreadable)
}

/// Finds the revision that has the wanted content, before anything is registered.
///
/// Registration is not idempotent in AWS (every call makes a revision), so candidates are looked up first: the service's
/// own revision, the family's newest, all whose content is known already, and few that a tag remembers. Their described
/// content decides; a digest in a tag only says where to look, and saves describing a revision that this same tag says was
/// reached.
struct RevisionResolver {
    let wanted: DesiredTaskDefinition
    let digest: Digest
    let observed: Observed
    let index: RevisionIndex
    let ignored: IgnoredMembers

    /// - Parameters:
    ///   - live: the service, nil where it does not exist.
    func resolve(live: ObservedService?) -> RevisionResolution {
        var changes: [MemberChange] = []
        if let live, let current = live.taskDefinition {
            if rememberedRevision(live) == current.revision { return .current(current) }
            switch observed.taskDefinitions[current] {
            case nil: return .needs([.taskDefinition(current)])
            case .known(let described):
                changes = differences(of: described)
                if changes.isEmpty, current.revision.family == wanted.family { return .current(current) }
            // It may have the content: registering it again because of a throttled read would start a rollout.
            case .unreadable(let why) where why.isPassing: return .unreadable(why)
            case .missing, .unreadable: break
            }
        }
        return resolveAmongOthers(live: live, changes: changes)
    }

    /// The revision that the service's tag says was reached with exactly this digest.
    private func rememberedRevision(_ live: ObservedService) -> Revision? {
        guard let remembered = RememberedRevision(of: live), remembered.digest == digest.text else { return nil }
        return remembered.revision
    }

    private func resolveAmongOthers(live: ObservedService?, changes: [MemberChange]) -> RevisionResolution {
        switch observed.newestRevisions[wanted.family] {
        case nil: return .needs([.newestRevision(wanted.family)])
        case .unreadable(let why): return .unreadable(why)
        case .known(let newest) where newest.isActive && differences(of: newest).isEmpty:
            return found(newest.arn, live: live, changes: changes)
        case .known, .missing: break
        }
        // What has been read costs nothing more, and content that is known is never registered again.
        let known = index.known[wanted.family]?.first { $0.isActive && differences(of: $0).isEmpty }
        if let known { return found(known.arn, live: live, changes: changes) }
        for arn in candidates(live) {
            switch observed.taskDefinitions[arn] {
            case nil: return .needs([.taskDefinition(arn)])
            case .unreadable(let why) where why.isPassing: return .unreadable(why)
            case .known, .missing, .unreadable: continue
            }
        }
        return .new(changes: changes)
    }

    private func found(
        _ arn: TaskDefinitionARN, live: ObservedService?, changes: [MemberChange],
    ) -> RevisionResolution {
        arn == live?.taskDefinition ? .current(arn) : .registered(arn, changes: changes)
    }

    private func differences(of candidate: ObservedTaskDefinition) -> [MemberChange] {
        let isFromWanted = candidate.tags.contains {
            $0["key"]?.text == OwnTag.digest && $0["value"]?.text == digest.text
        }
        return TaskDefinitionDifference.changes(
            wanted: wanted.input, live: candidate.described, isRegisteredFromWanted: isFromWanted
        )
        .filter { !ignored.covers($0) }
    }

    /// At most two further revisions worth a look: those that this service's tags, or another's, say are registered from
    /// this digest; then those on the service's deployments.
    private func candidates(_ live: ObservedService?) -> [TaskDefinitionARN] {
        var candidates: [TaskDefinitionARN] = []
        if let live, let current = live.taskDefinition, current.revision.family == wanted.family {
            let numbers = EarlierRevisions(tag: live.tag(OwnTag.earlier)).numbers(of: digest)
            candidates += numbers.compactMap { current.with(number: $0) }
        }
        candidates += index.remembered[digest.text] ?? []
        candidates += live?.deployments.compactMap(\.taskDefinition) ?? []
        // A revision whose rollout was overtaken before it was reached is in no tag; it lies just before the newest.
        if case .known(let newest) = observed.newestRevisions[wanted.family] {
            candidates += [1, 2].compactMap { newest.arn.with(number: newest.arn.revision.number - $0) }
        }
        let others = candidates.filter { $0 != live?.taskDefinition && $0.revision.family == wanted.family }
        return Array(others.uniqued().prefix(2))
    }
}

/// What the tag `mooring:revision` says: the revision that was reached, and the digest it was registered from.
struct RememberedRevision {
    let revision: Revision
    let digest: String

    init?(of service: ObservedService) {
        guard let tag = service.tag(OwnTag.revision), let at = tag.lastIndex(of: "@"),
            let revision = try? Revision(String(tag[..<at]))
        else { return nil }
        self.revision = revision
        digest = String(tag[tag.index(after: at)...])
    }
}

/// The revisions that are known, arranged once for all services of a plan.
struct RevisionIndex {
    /// Revisions whose content has been read, newest first.
    let known: [Family: [ObservedTaskDefinition]]
    /// By digest, the revisions that services say they reached with it: services that share a family share revisions.
    let remembered: [String: [TaskDefinitionARN]]

    init(_ observed: Observed) {
        let known = observed.taskDefinitions.values.compactMap { reading -> ObservedTaskDefinition? in
            guard case .known(let described) = reading else { return nil }
            return described
        }
        self.known = Dictionary(grouping: known) { $0.arn.revision.family }
            .mapValues { $0.sorted { $0.arn.revision > $1.arn.revision } }
        var remembered: [String: [TaskDefinitionARN]] = [:]
        for (_, reading) in observed.services {
            guard case .known(let live) = reading, let arn = live.taskDefinition,
                let memory = RememberedRevision(of: live), memory.revision == arn.revision
            else { continue }
            remembered[memory.digest, default: []].append(arn)
        }
        self.remembered = remembered.mapValues { $0.sorted().uniqued() }
    }
}

extension TaskDefinitionARN {
    /// The ARN of another revision of the same family.
    func with(number: Int) -> TaskDefinitionARN? {
        number > 0 ? with(Revision(family: revision.family, number: number)) : nil
    }

    /// The ARN of another revision in the same place.
    func with(_ revision: Revision) -> TaskDefinitionARN? {
        try? TaskDefinitionARN(
            "arn:\(arn.partition):ecs:\(arn.region):\(arn.account):task-definition/\(revision)")
    }
}
