import MooringModel
import MooringShapes

/// Settings that ECS shows on service revisions only. They are asked for where a manifest declares one of them: nobody else
/// pays for the call.
struct RevisionSettings {
    let service: DesiredService
    let observed: Observed

    /// What has to be read to know the settings of a live service; nil where nothing is declared, shown or left to be read.
    func fact(for live: ObservedService) -> Fact? {
        guard let arn = arn(for: live), observed.serviceRevisions[arn] == nil else { return nil }
        return .serviceRevision(arn: arn)
    }

    /// The service with the settings of its revision beside its own; as it is where they are not known.
    func completed(_ live: ObservedService) -> ObservedService {
        guard let arn = arn(for: live), case .known(let revision)? = observed.serviceRevisions[arn] else { return live }
        var described = live.described
        // Null where the revision has none: that is known too.
        for member in ServiceView.shownOnRevisions { described[member] = revision[member] ?? .null }
        return ObservedService(key: live.key, described: described)
    }

    private func arn(for live: ObservedService) -> String? {
        guard ServiceView.shownOnRevisions.contains(where: { service.input[$0] != nil }) else { return nil }
        return live.primaryServiceRevision
    }
}
