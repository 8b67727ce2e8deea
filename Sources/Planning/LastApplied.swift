package import MooringModel
package import MooringNames
import MooringShapes

/// What git said of one service at one commit.
package struct ServiceVersion: Hashable, Sendable {
    /// Nil where git did not have the service, or had it in a form that cannot be used.
    package let service: DesiredService?
    /// Nil where the service runs none of git's, or an unusable one.
    package let taskDefinition: DesiredTaskDefinition?

    package init(service: DesiredService?, taskDefinition: DesiredTaskDefinition?) {
        self.service = service
        self.taskDefinition = taskDefinition
    }

    /// The service as `state` has it.
    package init(of key: ServiceKey, in state: DesiredState) {
        service = state.services.first { $0.key == key }
        guard case .family(let family) = service?.taskDefinition else {
            taskDefinition = nil
            return
        }
        taskDefinition = state.taskDefinitions.first { $0.family == family }
    }
}

/// What git said of one service from a commit on.
package struct ServiceVersions: Hashable, Sendable {
    package let since: CommitID
    /// Oldest first, the one at `since` included, as far as today's files of the service tell.
    package let reading: Reading<[ServiceVersion]>

    package init(since: CommitID, reading: Reading<[ServiceVersion]>) {
        self.since = since
        self.reading = reading
    }
}

/// What git said of a service when it was last reached, and since: what tells a change in git from one by hand, and a member
/// that was removed from one that was never there.
struct LastApplied {
    /// Whether anything is known of it.
    let isKnown: Bool
    /// Every version from the one last reached on, today's left out; oldest first. Empty where git changed nothing.
    let versions: [ServiceVersion]
    /// What people should know of it.
    let remark: Remark.Kind?
    /// Whether the version last reached reads otherwise today than it did then: the values of parameters are today's.
    var readsOtherwise = false

    /// Git says what it said.
    static let unchanged = LastApplied(isKnown: true, versions: [], remark: nil)
    /// The service was never reached, as far as anybody knows.
    static let never = LastApplied(isKnown: false, versions: [], remark: nil)

    private static func unseen(_ why: String) -> LastApplied {
        LastApplied(isKnown: false, versions: [], remark: .removalsUnseen(why: why))
    }

    /// An answer, or what is lacking for one.
    enum Answer {
        case known(LastApplied)
        case needs([Fact])
        /// It cannot be read just now. To go on would forget what was removed.
        case unreadable(Unreadable)
    }

    /// What is known of a service.
    static func answer(for planner: ServicePlanner, live: ObservedService) -> Answer {
        let key = planner.service.key
        guard live.tag(OwnTag.environment) == planner.policy.identity.text,
            let commit = live.tag(OwnTag.commit).flatMap({ try? CommitID($0) })
        else { return .known(.never) }
        // Between a commit and itself lies nothing.
        let saysTheSame = live.tag(OwnTag.digest) == planner.digest.text
        if saysTheSame, commit == planner.policy.commit || !isDoubtful(planner, live) { return .known(.unchanged) }
        guard let known = planner.observed.versions[key], known.since == commit else {
            return .needs([.versions(key, since: commit)])
        }
        switch known.reading {
        case .missing:
            return .known(
                .unseen(
                    "The commit \(commit.short) that was last reached is not part of the history that is here "
                        + "(a forced push, or a clone without history)."))
        case .unreadable(let unreadable) where unreadable.isPassing: return .unreadable(unreadable)
        case .unreadable(let unreadable): return .known(.unseen(unreadable.why))
        case .known(let versions):
            let answer = answer(from: versions, at: commit, for: planner)
            guard case .known(var applied) = answer else { return answer }
            applied.readsOtherwise = applied.differs(from: live.tag(OwnTag.digest))
            return .known(applied)
        }
    }

    private static func answer(
        from versions: [ServiceVersion], at commit: CommitID, for planner: ServicePlanner,
    ) -> Answer {
        if versions.first?.service != nil {
            return .known(LastApplied(isKnown: true, versions: versions, remark: nil))
        }
        // Not in the files that it is in today: the whole folder of that commit tells.
        switch planner.observed.folders[commit] {
        case nil: return .needs([.folder(commit)])
        case .unreadable(let unreadable) where unreadable.isPassing: return .unreadable(unreadable)
        case .unreadable(let unreadable): return .known(.unseen(unreadable.why))
        case .missing: return .known(.unseen("The folder is not there at \(commit.short), which was last reached."))
        case .known(let state):
            let applied = ServiceVersion(of: planner.service.key, in: state)
            guard applied.service != nil else {
                return .known(
                    .unseen("At \(commit.short), which was last reached, the folder has no usable manifest of it."))
            }
            return .known(
                LastApplied(isKnown: true, versions: [applied] + versions.dropFirst(), remark: nil))
        }
    }

    /// Whether the version last reached has another digest today than the service's tag says.
    private func differs(from tag: String?) -> Bool {
        guard let applied = versions.first, let service = applied.service,
            let reached = tag.flatMap({ try? Digest($0) })
        else { return false }
        // What is not here whole has no digest.
        if case .family = service.taskDefinition, applied.taskDefinition == nil { return false }
        let digest = ServicePlanner.digest(
            of: service, taskDefinition: applied.taskDefinition.map { TaskDefinitionDigest.digest(of: $0.input) })
        return digest.isComparable(to: reached) && digest != reached
    }

    /// Whether ECS looks as if it held something of a commit that was taken back before it was reached: then an equal digest
    /// does not say that nothing has happened.
    private static func isDoubtful(_ planner: ServicePlanner, _ live: ObservedService) -> Bool {
        if planner.taskDefinition != nil, let reached = RememberedRevision(of: live)?.revision,
            reached != live.taskDefinition?.revision
        {
            return true
        }
        return ServiceDifference.holdsUndeclared(
            wanted: planner.service.input.removing(AttributeChanges.treatedElsewhere), live: live.described,
            primary: live.primary?.described)
    }

    // MARK: What follows from it

    /// All that git declared before of the members that `isIncluded`; nil where nothing is known.
    func declared(where isIncluded: (String) -> Bool = { _ in true }) -> Value? {
        let inputs = versions.compactMap(\.service?.input)
        guard let first = inputs.first else { return nil }
        let whole = inputs.dropFirst().reduce(first) { $0.union($1) }
        return Value(.map((whole.members ?? []).filter { isIncluded($0.name) }))
    }

    /// Keys of the tags that git gave the service.
    var tagKeys: Set<String> { Set(versions.compactMap(\.service).flatMap(\.input.manifestTags).map(\.key)) }

    /// The change of a tag that the manifest names, with who made it.
    func change(of tag: Tag, live: String?) -> MemberChange {
        let change = MemberChange(
            path: "tags[\(tag.key)]", live: live.map(Value.string), wanted: .string(tag.value))
        return attributed([change]) { version in
            let isSame = version.service?.input.manifestTags.contains(tag) ?? false
            return isSame ? [] : nil
        }
        .first ?? change
    }

    /// The changes of a service's attributes with who made them.
    func attributed(_ changes: [MemberChange], wanted: Value) -> [MemberChange] {
        attributed(changes) { version in
            version.service.map { ServiceDifference.changesInGit(from: $0.input, to: wanted).map(\.path) }
        }
        .map { change in
            // Declared only now: whoever set it before, it is git that wants another value.
            guard change.origin == .drift || change.origin == .parameter, !versions.isEmpty else { return change }
            let isNew = versions.allSatisfy { $0.service?.input[change.topLevelMember] == nil }
            return isNew ? change.made(by: .git) : change
        }
    }

    /// The changes of a task definition with who made them.
    func attributed(_ changes: [MemberChange], wanted: DesiredTaskDefinition) -> [MemberChange] {
        attributed(changes) { version in
            version.taskDefinition.map {
                TaskDefinitionDifference.changes(wanted: wanted.input, live: $0.input).map(\.path)
            }
        }
    }

    /// The change of a revision that the manifest names outright.
    func attributed(_ changes: [MemberChange], wanted: TaskDefinitionReference?) -> [MemberChange] {
        attributed(changes) { version in version.service?.taskDefinition == wanted ? [] : nil }
    }

    /// - Parameter paths: what differs between an earlier version and today's; nil where all of it does.
    private func attributed(
        _ changes: [MemberChange], paths: (ServiceVersion) -> [String]?,
    ) -> [MemberChange] {
        guard isKnown else { return changes }
        if changes.isEmpty { return [] }
        let perVersion = versions.map(paths)
        return changes.map { change in
            if change.origin == .removed { return change }
            let isByGit = perVersion.contains { paths in
                guard let paths else { return true }
                return paths.contains { MemberPath.overlap($0, change.path) }
            }
            if !isByGit { return change.made(by: readsOtherwise ? .parameter : .drift) }
            return change.made(by: change.wanted == nil ? .removed : .git)
        }
    }
}
