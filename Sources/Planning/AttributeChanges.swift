import MooringModel
import MooringNames
import MooringShapes

/// What differs in a service apart from its revision, and how it can be changed.
struct AttributeChanges {
    /// Changes that UpdateService can make.
    private(set) var applicable: [MemberChange]
    /// Changes that need the service to be made anew.
    let createOnly: [MemberChange]
    /// The manifest's own tags that the service lacks.
    let tags: [Tag]
    private let service: DesiredService

    /// Members that are looked at elsewhere, or that only address the service.
    static let treatedElsewhere: Set<String> = [
        "serviceName", "cluster", "taskDefinition", "tags", "clientToken", "desiredCount",
    ]

    init(service: DesiredService, live: ObservedService) {
        self.service = service
        let wanted = service.input.removing(AttributeChanges.treatedElsewhere)
        let changes = ServiceDifference.changes(
            wanted: wanted, live: live.described, primary: live.primary?.described)
        createOnly = changes.filter { ServiceMembers.isCreateOnly($0.topLevelMember) }
        var applicable = changes.filter { !ServiceMembers.isCreateOnly($0.topLevelMember) }
        // A daemon has no count, whether git or only ECS says that it is one.
        let isDaemon = [service.input, live.described].contains { $0["schedulingStrategy"]?.text == "DAEMON" }
        if let count = service.input["desiredCount"]?.integer, count != live.desiredCount, !isDaemon {
            applicable.append(
                MemberChange(path: "desiredCount", live: .integer(live.desiredCount), wanted: .integer(count)))
        }
        self.applicable = applicable
        tags = service.input.manifestTags.filter { live.tag($0.key) != $0.value }
    }

    var all: [MemberChange] { applicable + createOnly }

    var changesCount: Bool { applicable.contains { $0.path == "desiredCount" } }

    /// Something else moves the count.
    mutating func leaveCount() { applicable.removeAll { $0.path == "desiredCount" } }

    var startsRollout: Bool { applicable.contains { ServiceMembers.startsDeployment($0.topLevelMember) } }

    var withheld: [Withheld] {
        guard !createOnly.isEmpty else { return [] }
        let members = createOnly.map(\.topLevelMember).uniqued()
        return [Withheld(key: service.key, reason: .needsReplacement(members: members), changes: createOnly)]
    }

    /// The members that an UpdateService call has to carry, each whole: ECS replaces what it is sent.
    var updateInput: Value {
        let members = applicable.map(\.topLevelMember).uniqued()
        var input = Value.map(present: members.map { ($0, service.input[$0]) })
        if members.contains(where: ServiceMembers.needsForce) { input["forceNewDeployment"] = true }
        return input
    }
}

extension Value {
    /// The tags that a manifest gives. Of two with one key the later counts. Mooring's own are left out: people commit
    /// what describe calls show.
    var manifestTags: [Tag] {
        var tags: [Tag] = []
        for element in self["tags"]?.elements ?? [] {
            guard let key = element["key"]?.text else { continue }
            tags.removeAll { $0.key == key }
            tags.append(Tag(key, element["value"]?.text ?? ""))
        }
        return tags.filter { !$0.isOurs }
    }

    /// The map without the named members.
    func removing(_ names: Set<String>) -> Value {
        guard let members else { return self }
        return Value(.map(members.filter { !names.contains($0.name) }), position: position)
    }
}

extension Sequence where Element: Hashable {
    /// The elements without repetitions, in their order.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
