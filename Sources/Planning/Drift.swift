import MooringModel
import MooringNames
import MooringShapes

/// What was changed by hand, and what the manifest or the environment says is to become of it.
///
/// Only differences that no version of git since the one last reached accounts for are drift: what a commit asks for is done,
/// whoever else changed it meanwhile.
struct Drift {
    let planner: ServicePlanner
    let live: ObservedService
    let resolution: RevisionResolution
    let attributes: AttributeChanges
    let applied: LastApplied

    private var options: DriftOptions { planner.service.options.drift ?? planner.policy.drift }

    /// Whether anything is known of what git said before, so that a change by hand can be told from one in git.
    private var isKnown: Bool {
        applied.isKnown && live.tag(OwnTag.environment) == planner.policy.identity.text
    }

    /// The decision to leave a revision that was put there by hand; nil where there is none, or it is to be taken back.
    ///
    /// Nothing else of the service is changed meanwhile, and none of the tags that say what was reached: what runs is not
    /// what git says, and is never said to be.
    var heldRevision: ServiceDecision? {
        guard isKnown, options.revision != .correct, let current = live.taskDefinition, !isLeftBehind(current) else {
            return nil
        }
        let changes: [MemberChange]
        switch resolution {
        case .registered(_, let found), .new(let found): changes = planner.attributed(found, applied)
        case .current, .needs, .unreadable: return nil
        }
        let all = changes + attributes.applicable
        guard !changes.isEmpty, all.allSatisfy({ $0.origin == .drift }) else { return nil }
        let reason = Withheld.Reason.revisionByHand(
            current.revision, by: registrar(of: current), drift: options)
        return ServiceDecision(
            standing: planner.standing(
                .withheld(reason), revision: current.revision, deployment: live.primary?.id,
                health: planner.health(live)),
            withheld: [Withheld(key: planner.service.key, reason: reason, changes: all)] + attributes.withheld)
    }

    /// The attributes without what stays, and why it does. A member that git changes as well is sent whole.
    var settledAttributes: (attributes: AttributeChanges, kept: [Withheld]) {
        guard isKnown, options.members != .correct else { return (attributes, []) }
        let byGit = Set(attributes.applicable.filter { $0.origin != .drift }.map(\.topLevelMember))
        let byHand = attributes.applicable.filter { $0.origin == .drift && !byGit.contains($0.topLevelMember) }
        guard !byHand.isEmpty else { return (attributes, []) }
        var settled = attributes
        settled.leave(byHand)
        guard options.members == .report else { return (settled, []) }
        let reason = Withheld.Reason.changedByHand(members: byHand.map(\.path))
        return (settled, [Withheld(key: planner.service.key, reason: reason, changes: byHand)])
    }

    /// Whether the revision is of a rollout of ours that git took back before it was reached: newer than what was reached, and
    /// registered by us. A person who goes back by hand takes an older one, or one that was reached or rejected once.
    private func isLeftBehind(_ current: TaskDefinitionARN) -> Bool {
        guard let reached = RememberedRevision(of: live)?.revision, reached.family == current.revision.family,
            current.revision.number > reached.number,
            case .known(let described) = planner.observed.taskDefinitions[current],
            described.tags.contains(where: {
                $0["key"]?.text == OwnTag.environment && $0["value"]?.text == planner.policy.identity.text
            })
        else { return false }
        let earlier = EarlierRevisions(tag: live.tag(OwnTag.earlier)).entries
        return !earlier.contains { $0.number == current.revision.number }
    }

    /// Who registered a revision, where ECS says so. Source: API reference, TaskDefinition `registeredBy`, a principal's ARN.
    private func registrar(of arn: TaskDefinitionARN) -> String? {
        guard case .known(let described) = planner.observed.taskDefinitions[arn] else { return nil }
        return described.described["registeredBy"]?.text
    }
}
