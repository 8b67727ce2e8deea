import MooringModel
import MooringNames
import MooringShapes

/// What differs in a service apart from its revision, and how it can be changed.
struct AttributeChanges {
    /// Changes that UpdateService can make.
    private(set) var applicable: [MemberChange]
    /// Changes that need the service to be made anew.
    let createOnly: [MemberChange]
    /// Members taken out of git that ECS does not take back.
    let stuck: [MemberChange]
    /// The manifest's own tags that the service lacks.
    let tags: [Tag]
    /// Keys of tags that the manifest gave and no longer gives.
    let untags: [String]
    /// What differs in these tags, those to set first.
    let tagChanges: [MemberChange]
    /// Members that ECS does not show and of which nobody knows what was last sent.
    let unshown: [String]
    /// Members that git had, that ECS does not show, and that the tables do not know how to take back.
    let removedUnshown: [String]
    private let service: DesiredService
    /// What git says, with what ECS has of the members that are ignored.
    private let sent: Value
    /// What is sent to take members back that git no longer has: where, and what.
    private let unsettings: [(names: [String], value: Value)]

    /// Members that are looked at elsewhere, or that only address the service.
    static let treatedElsewhere: Set<String> = [
        "serviceName", "cluster", "taskDefinition", "tags", "clientToken", "desiredCount",
    ]

    /// - Parameters:
    ///   - applied: what git said when the service was last reached, and since.
    ///   - isSent: whether our own update to what git says now has been made, and shows. What then still differs, because ECS
    ///     does not show it or does not take it back, is not sent again.
    init(
        service: DesiredService, live: ObservedService, applied: LastApplied = .never, isSent: Bool = false,
        ignored: IgnoredMembers = IgnoredMembers(paths: []),
    ) {
        self.service = service
        sent = ignored.isEmpty ? service.input : ignored.grafted(service.input, from: live.described)
        let wanted = service.input.removing(AttributeChanges.treatedElsewhere)
        let before = applied.declared { !AttributeChanges.treatedElsewhere.contains($0) }
        var changes = ServiceDifference.changes(
            wanted: wanted, live: live.described, primary: live.primary?.described, before: before)
        changes = applied.attributed(changes, wanted: wanted).filter { !ignored.covers($0) }
        // A daemon has no count, whether git or only ECS says that it is one.
        let isDaemon = [service.input, live.described].contains { $0["schedulingStrategy"]?.text == "DAEMON" }

        let removals = Removals(
            of: changes.filter { $0.origin == .removed }, wanted: wanted, live: live, isDaemon: isDaemon)
        unsettings = isSent ? [] : removals.unsettings
        stuck = removals.stuck + (isSent ? removals.applicable : [])
        let others = changes.filter { $0.origin != .removed }
        createOnly = others.filter { ServiceMembers.isCreateOnly($0.topLevelMember) }
        var applicable = others.filter { !ServiceMembers.isCreateOnly($0.topLevelMember) }
        applicable += isSent ? [] : removals.applicable

        let olds = applied.isKnown ? applied.versions.map { $0.service?.input ?? .map([]) } : [.map([])]
        let unseen = Unseen(live: live, shown: changes)
        let hidden = unseen.members(olds.flatMap { ServiceDifference.changesInGit(from: $0, to: wanted) })
            .map {
                MemberChange(path: $0.path, live: nil, wanted: $0.wanted, origin: applied.isKnown ? .git : .unknown)
            }
        // The other way round: what today's manifest lacks of an earlier one.
        removedUnshown = unseen.members(olds.flatMap { ServiceDifference.changesInGit(from: wanted, to: $0) })
            .filter { $0.live == nil }.map(\.path)
        if applied.isKnown, !isSent { applicable += hidden }
        unshown = applied.isKnown || isSent ? [] : hidden.map(\.path)

        if let count = service.input["desiredCount"]?.integer, count != live.desiredCount, !isDaemon {
            let change = MemberChange(
                path: "desiredCount", live: .integer(live.desiredCount), wanted: .integer(count))
            applicable += applied.attributed([change], wanted: service.input).filter { !ignored.covers($0) }
        }
        self.applicable = applicable
        let manifestTags = service.input.manifestTags
        tags = manifestTags.filter { live.tag($0.key) != $0.value }
        untags = applied.tagKeys.subtracting(manifestTags.map(\.key))
            .filter { live.tag($0) != nil && Tag.mayBeRemoved($0) }.sorted()
        tagChanges =
            tags.filter { !$0.isOurs }.map { tag in applied.change(of: tag, live: live.tag(tag.key)) }
            + untags.map { name in
                MemberChange(
                    path: "tags[\(name)]", live: live.tag(name).map(Value.string), wanted: nil, origin: .removed)
            }
    }

    var all: [MemberChange] { applicable + createOnly + stuck }

    var changesCount: Bool { applicable.contains { $0.path == "desiredCount" } }

    /// Something else moves the count.
    mutating func leaveCount() { applicable.removeAll { $0.path == "desiredCount" } }

    /// These stay as they are.
    mutating func leave(_ changes: [MemberChange]) { applicable.removeAll(where: changes.contains) }

    var startsRollout: Bool { applicable.contains { ServiceMembers.startsDeployment($0.topLevelMember) } }

    var withheld: [Withheld] {
        var withheld: [Withheld] = []
        if !createOnly.isEmpty {
            let members = createOnly.map(\.topLevelMember).uniqued()
            withheld.append(
                Withheld(key: service.key, reason: .needsReplacement(members: members), changes: createOnly))
        }
        if !stuck.isEmpty {
            let reason = Withheld.Reason.cannotBeUnset(members: stuck.map(\.path))
            withheld.append(Withheld(key: service.key, reason: reason, changes: stuck))
        }
        return withheld
    }

    /// Whether nothing stays that is not as git says, apart from what UpdateService can change.
    var isComplete: Bool { createOnly.isEmpty && stuck.isEmpty && untags.isEmpty }

    /// The members that an UpdateService call has to carry, each whole: ECS replaces lists and most maps by what it is sent.
    var updateInput: Value {
        let members = applicable.map(\.topLevelMember).uniqued()
        var input = Value.map(present: members.map { ($0, sent[$0]) })
        for unsetting in unsettings { input[path: unsetting.names] = unsetting.value }
        if members.contains(where: ServiceMembers.needsForce) { input["forceNewDeployment"] = true }
        return input
    }
}

/// Finds changes of members that the tables do not know and that ECS does not show: only git tells of them.
private struct Unseen {
    let live: ObservedService
    /// The changes that ECS does show.
    let shown: [MemberChange]

    /// The changes of such members, each once.
    func members(_ changes: [MemberChange]) -> [MemberChange] {
        var found: [MemberChange] = []
        for change in changes {
            let names = MemberPath(change.path).components.map(\.name)
            let isShown =
                live.described[path: names] != nil || live.primary?.described[path: names] != nil
                || shown.contains { MemberPath.overlap($0.path, change.path) }
            guard !isShown, change.wanted != nil, ServiceDifference.isUnknown(change.path),
                !AttributeChanges.treatedElsewhere.contains(change.topLevelMember),
                !found.contains(where: { MemberPath.overlap($0.path, change.path) })
            else { continue }
            found.append(change)
        }
        return found
    }
}

/// Members that git no longer has and ECS still does, by how they are taken back.
private struct Removals {
    private(set) var applicable: [MemberChange] = []
    private(set) var stuck: [MemberChange] = []
    private(set) var unsettings: [(names: [String], value: Value)] = []

    init(of changes: [MemberChange], wanted: Value, live: ObservedService, isDaemon: Bool) {
        for change in changes {
            // Moving to a strategy is how a launch type is left.
            if change.path == "launchType", wanted["capacityProviderStrategy"] != nil { continue }
            let names = Removals.root(of: change.path, in: wanted)
            switch names.map({ ServiceMembers.unsetting(at: $0, isDaemon: isDaemon) }) ?? .omit {
            case .send(let value):
                if live.described[path: names ?? []] == value { continue }
                applicable.append(change)
                if let names, !unsettings.contains(where: { $0.names == names }) { unsettings.append((names, value)) }
            case .omit: applicable.append(change)
            case .leaveAlone: continue
            case .impossible, .memberwise: stuck.append(change)
            }
        }
    }

    /// The outermost member at `path` that git no longer has; nil where that is part of a list, which is replaced whole.
    private static func root(of path: String, in wanted: Value) -> [String]? {
        var value: Value? = wanted
        var names: [String] = []
        for component in MemberPath(path).components {
            names.append(component.name)
            value = value?[component.name]
            if value != nil, component.isElement { return nil }
            let isMemberwise = names.count == 1 && ServiceMembers.entry(of: component.name)?.unsetting == .memberwise
            if value == nil, !isMemberwise { return names }
        }
        return names
    }
}

extension Tag {
    /// Whether a tag may be taken off at all: AWS's own and Mooring's may not.
    package static func mayBeRemoved(_ key: String) -> Bool {
        !key.lowercased().hasPrefix("aws:") && !key.hasPrefix(OwnTag.prefix)
    }
}
