import MooringModel
import MooringNames
import MooringShapes

/// Whether an environment may write to a service that exists.
struct Ownership {
    let policy: PlanningPolicy
    let service: DesiredService

    /// The reason why the service must not be touched, nil where it may be.
    ///
    /// Order matters: what nobody may change comes before whose it is, so that the remedy named is the one that helps.
    func objection(to live: ObservedService) -> Withheld.Reason? {
        if live.described["resourceManagementType"]?.text == "ECS" { return .ownedByECS }
        if live.deploymentController != "ECS" { return .deploymentController(live.deploymentController) }
        if !Ownership.hasLongARN(live) { return .cannotBeTagged }
        if let owner = live.tag(OwnTag.environment), owner != policy.identity.text {
            return .ownedByEnvironment(owner)
        }
        if let stack = live.tag("aws:cloudformation:stack-name"), !service.options.shared {
            return .ownedByCloudFormation(stack: stack)
        }
        if live.tag(OwnTag.environment) == nil, !policy.adopt, !service.options.adopt { return .notAdopted }
        return nil
    }

    /// Old ARNs have no cluster in them (`service/web`), and what has one cannot be tagged.
    /// Source: Developer Guide, "Amazon Resource Names (ARNs) and IDs".
    static func hasLongARN(_ live: ObservedService) -> Bool {
        guard let name = (try? ARN(live.arn))?.resourceName(kind: "service") else { return false }
        return name.contains("/")
    }
}
