import MooringModel
import MooringNames
import MooringShapes

/// Where a run is remembered: a revision, its content, its tags.
struct RunPlace {
    /// Nil where it has yet to be registered.
    let revision: ObservedTaskDefinition?
    let content: Value
    /// As read in this pass.
    let tags: [Tag]

    var arn: TaskDefinitionARN? { revision?.arn }
    var reference: RevisionReference? { arn.map(RevisionReference.existing) }

    func tag(_ key: String) -> String? { tags.first { $0.key == key }?.value }

    var name: String { arn.map { $0.revision.description } ?? "the revision" }

    /// Why the tag cannot be added, nil where it can. Source: API reference, Tag: 50 a resource, those of AWS not counted.
    func lackOfRoom(for key: String) -> String? {
        let counted = tags.filter { !$0.key.lowercased().hasPrefix("aws:") }
        guard tag(key) == nil, counted.count >= Limits.tagsPerResource else { return nil }
        return
            "\(name) carries \(counted.count) tags, as many as ECS allows, so there is no room to remember the run. It is "
            + "not begun."
    }

    var remedyForRoom: String {
        "Remove tags '\(OwnTag.run)…' of runs that never come back from \(name), or change the task definition, so that it "
            + "has a new revision."
    }
}

extension DesiredTaskDefinition {
    /// What is registered of it: its input with the tags that say whose it is and what it was registered from.
    func registration(_ digest: Digest, identity: EnvironmentIdentity) -> Value {
        var input = input
        let own = [Tag(OwnTag.environment, identity.text), Tag(OwnTag.digest, digest.text)]
        input["tags"] = .list((input.manifestTags + own).map(\.input))
        return input
    }
}
