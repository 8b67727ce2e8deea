import MooringModel
import MooringNames
import MooringShapes

/// Finds the revision that a run runs, or ran: the one that remembers it, else one that has what git says.
struct RunRevisions {
    let planner: RunPlanner

    enum Finding {
        case needs([Fact])
        case unreadable(Unreadable)
        /// The manifest names no revision that there is.
        case unusable(String)
        /// None has what git says.
        case new
        case found(ObservedTaskDefinition)
    }

    private var observed: Observed { planner.observed }

    func find() -> Finding {
        guard let taskDefinition = planner.taskDefinition else { return pinned() }
        switch observed.newestRevisions[taskDefinition.family] {
        case nil: return .needs([.newestRevision(taskDefinition.family)])
        case .unreadable(let why): return .unreadable(why)
        case .missing: return .new
        case .known(let newest): return find(taskDefinition, from: newest)
        }
    }

    /// The newest revision that remembers the run; else, when all that are near have been looked at, the newest that has what
    /// git says and can be used. Memory is looked for on revisions that were deregistered, too.
    private func find(_ wanted: DesiredTaskDefinition, from newest: ObservedTaskDefinition) -> Finding {
        let digest = TaskDefinitionDigest.digest(of: wanted.input).text
        var usable: ObservedTaskDefinition?
        let oldest = max(1, newest.arn.revision.number - Limits.runRevisions + 1)
        for number in stride(from: newest.arn.revision.number, through: oldest, by: -1) {
            guard let arn = newest.arn.with(number: number) else { continue }
            let reading: Reading<ObservedTaskDefinition>? =
                number == newest.arn.revision.number ? .known(newest) : observed.taskDefinitions[arn]
            switch reading {
            case nil: return .needs([.taskDefinition(arn)])
            case .unreadable(let why) where why.isPassing: return .unreadable(why)
            case .missing, .unreadable: continue
            case .known(let revision):
                if remembers(revision) { return .found(revision) }
                if usable == nil, revision.isActive, has(wanted, digest, revision) { usable = revision }
            }
        }
        return usable.map(Finding.found) ?? .new
    }

    /// By tags read in this pass where there are any, else by those that came with the description.
    private func remembers(_ revision: ObservedTaskDefinition) -> Bool {
        if case .known(let tags) = observed.revisionTags[revision.arn] {
            return tags.contains { $0.key == planner.names.tagKey }
        }
        return revision.tags.contains { $0["key"]?.text == planner.names.tagKey }
    }

    private func has(_ wanted: DesiredTaskDefinition, _ digest: String, _ revision: ObservedTaskDefinition) -> Bool {
        let isFromWanted = revision.tags.contains { $0["key"]?.text == OwnTag.digest && $0["value"]?.text == digest }
        return TaskDefinitionDifference.changes(
            wanted: wanted.input, live: revision.described, isRegisteredFromWanted: isFromWanted
        ).isEmpty
    }

    private func pinned() -> Finding {
        guard let text = planner.run.pinnedRevision else { return .unusable("The manifest names no task definition.") }
        let policy = planner.policy
        let full =
            text.hasPrefix("arn:")
            ? text : "arn:\(policy.region.partition):ecs:\(policy.region):\(policy.account):task-definition/\(text)"
        guard let arn = try? TaskDefinitionARN(full) else {
            return .unusable("'\(text)' is not a revision; write family:number or a task definition's ARN.")
        }
        switch observed.taskDefinitions[arn] {
        case nil: return .needs([.taskDefinition(arn)])
        case .unreadable(let why): return .unreadable(why)
        case .missing: return .unusable("There is no task definition '\(arn.revision)'.")
        case .known(let revision):
            if !revision.isActive, !remembers(revision) {
                return .unusable("The task definition '\(arn.revision)' is inactive and cannot be run.")
            }
            return .found(revision)
        }
    }
}
