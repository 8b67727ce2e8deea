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
/// own revision, the one its tag remembers, the family's newest. Their described content decides; a digest in a tag only
/// says where to look, and saves describing a revision that this same tag says was reached.
struct RevisionResolver {
    let wanted: DesiredTaskDefinition
    let digest: Digest
    let observed: Observed

    /// - Parameters:
    ///   - live: the service, nil where it does not exist.
    func resolve(live: ObservedService?) -> RevisionResolution {
        var changes: [MemberChange] = []
        if let current = live?.taskDefinition {
            if let live, rememberedRevision(live) == current.revision { return .current(current) }
            switch observed.taskDefinitions[current] {
            case nil: return .needs([.taskDefinition(current)])
            case .known(let described):
                changes = TaskDefinitionDifference.changes(wanted: wanted.input, live: described.described)
                if changes.isEmpty, current.revision.family == wanted.family { return .current(current) }
            case .missing, .unreadable: break
            }
        }
        return resolveAmongOthers(live: live, changes: changes)
    }

    /// The revision that the service's tag says was reached with exactly this digest.
    private func rememberedRevision(_ live: ObservedService) -> Revision? {
        guard let tag = live.tag(OwnTag.revision), let at = tag.lastIndex(of: "@"),
            tag[tag.index(after: at)...] == digest.text
        else { return nil }
        return try? Revision(String(tag[..<at]))
    }

    /// Looks at the candidates beyond the service's own revision: at most the one ECS rolled out before, and the newest.
    private func resolveAmongOthers(live: ObservedService?, changes: [MemberChange]) -> RevisionResolution {
        switch observed.newestRevisions[wanted.family] {
        case nil: return .needs([.newestRevision(wanted.family)])
        case .unreadable(let why): return .unreadable(why)
        case .known(let newest) where newest.isActive && hasWantedContent(newest):
            return .registered(newest.arn, changes: changes)
        case .known, .missing: break
        }
        for arn in earlierRevisions(live) {
            switch observed.taskDefinitions[arn] {
            case nil: return .needs([.taskDefinition(arn)])
            case .known(let described) where described.isActive && hasWantedContent(described):
                return .registered(arn, changes: changes)
            case .known, .missing, .unreadable: continue
            }
        }
        return .new(changes: changes)
    }

    private func hasWantedContent(_ candidate: ObservedTaskDefinition) -> Bool {
        TaskDefinitionDifference.changes(wanted: wanted.input, live: candidate.described).isEmpty
    }

    /// At most two further revisions worth a look: those that the service's tag, or this process, knows to be registered from
    /// this digest; then those on the service's deployments.
    private func earlierRevisions(_ live: ObservedService?) -> [TaskDefinitionARN] {
        var candidates = observed.taskDefinitions.compactMap { arn, reading -> TaskDefinitionARN? in
            guard case .known(let described) = reading, arn.revision.family == wanted.family,
                described.tags.contains(where: { $0["key"]?.text == OwnTag.digest && $0["value"]?.text == digest.text })
            else { return nil }
            return arn
        }
        .sorted()
        if let live, let current = live.taskDefinition, current.revision.family == wanted.family {
            let numbers = EarlierRevisions(tag: live.tag(OwnTag.earlier)).numbers(of: digest)
            candidates += numbers.compactMap { current.with(number: $0) }
        }
        candidates += live?.deployments.compactMap(\.taskDefinition) ?? []
        // A revision whose rollout was overtaken before it was reached is in no tag; it lies just before the newest.
        if case .known(let newest) = observed.newestRevisions[wanted.family] {
            candidates += [1, 2].compactMap { newest.arn.with(number: newest.arn.revision.number - $0) }
        }
        var seen: Set<TaskDefinitionARN> = []
        let others = candidates.filter {
            $0 != live?.taskDefinition && $0.revision.family == wanted.family && seen.insert($0).inserted
        }
        return Array(others.prefix(2))
    }
}

extension TaskDefinitionARN {
    /// The ARN of another revision of the same family.
    fileprivate func with(number: Int) -> TaskDefinitionARN? {
        guard number > 0 else { return nil }
        let revision = Revision(family: revision.family, number: number)
        return try? TaskDefinitionARN(
            "arn:\(arn.partition):ecs:\(arn.region):\(arn.account):task-definition/\(revision)")
    }
}
