package import MooringModel
package import MooringNames
import MooringShapes

/// Looks at a finished plan for what no plan may ever do.
///
/// Written from the design and apart from the planner: it asks what a plan does, not how it came about, so that a mistake
/// in the one is found by the other. It shares with the planner only what says what ECS does: the tables of members and the
/// comparison of content.
///
/// Its cost grows with the services looked at and the steps planned; content is compared for the families that are
/// registered only.
package enum PlanCheck {
    /// All that is wrong with the plan: what its steps do, in their order, then the plan as a whole, then its accounts of
    /// services. Empty for every plan that may be performed.
    ///
    /// - Parameters:
    ///   - scope: the services that were planned, nil for all.
    package static func violations(
        of plan: Plan, desired: DesiredState, scope: Set<ServiceKey>? = nil, observed: Observed, policy: PlanningPolicy,
    ) -> [PlanViolation] {
        let facts = CheckFacts(plan: plan, desired: desired, scope: scope, observed: observed, policy: policy)
        let single = plan.steps.flatMap { step in
            PermissionCheck(facts: facts, step: step).violations()
                + InputCheck(facts: facts, step: step).violations()
                + TimingCheck(facts: facts, step: step).violations()
        }
        return single + OrderCheck(facts: facts).violations() + RevisionCheck(facts: facts).violations()
            + BoundCheck(facts: facts).violations() + RemovalCheck(facts: facts).violations()
            + AccountCheck(facts: facts).violations()
    }
}

/// What the parts of the check look things up in.
struct CheckFacts {
    let plan: Plan
    let desired: DesiredState
    let scope: Set<ServiceKey>?
    let observed: Observed
    let policy: PlanningPolicy
    let services: [ServiceKey: DesiredService]
    let families: [Family: DesiredTaskDefinition]
    let standings: [ServiceKey: ServiceStanding]
    /// Which service each step puts our tag on, for those that do.
    let marks: [StepID: ServiceKey]

    init(plan: Plan, desired: DesiredState, scope: Set<ServiceKey>?, observed: Observed, policy: PlanningPolicy) {
        self.plan = plan
        self.desired = desired
        self.scope = scope
        self.observed = observed
        self.policy = policy
        services = Dictionary(desired.services.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        families = Dictionary(
            desired.taskDefinitions.map { ($0.family, $0) }, uniquingKeysWith: { first, _ in first })
        standings = Dictionary(plan.standings.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let mark = Tag(OwnTag.environment, policy.identity.text)
        marks = Dictionary(
            plan.steps.compactMap { step in
                guard case .tagService(let key, _, let tags) = step.action, tags.contains(mark) else { return nil }
                return (step.id, key)
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The service as it was read, nil where it was not or is not there. What is left of a deleted service is not there.
    func live(_ key: ServiceKey) -> ObservedService? {
        guard case .known(let live) = observed.services[key], live.status != "INACTIVE" else { return nil }
        return live
    }

    /// Whether the service was looked for and is not there.
    func isMissing(_ key: ServiceKey) -> Bool {
        switch observed.services[key] {
        case .missing: true
        case .known(let live): live.status == "INACTIVE"
        case .unreadable, nil: false
        }
    }

    /// The inputs of every earlier version of the service that was read, from the commit on that the service's tag names.
    func earlierInputs(of key: ServiceKey) -> [Value] {
        guard let versions = observed.versions[key], versions.since.text == live(key)?.tag(OwnTag.commit),
            case .known(let known) = versions.reading
        else { return [] }
        var inputs = known.compactMap(\.service?.input)
        if case .known(let folder) = observed.folders[versions.since] {
            inputs += folder.services.filter { $0.key == key }.map(\.input)
        }
        return inputs
    }

    /// Why the environment is left alone: what git says and what the pass was told both count.
    var pause: String? {
        if let why = desired.settings.pause { return why }
        let windows = policy.holds + desired.settings.holds
        let window = windows.first { $0.holds(at: policy.wall) }
        return window.map { "\($0.kind.rawValue): \($0.reason)" }
            ?? desired.settings.freeze(at: policy.wall).map { "freeze: \($0.reason)" }
    }
}

extension Step {
    /// The service that the step creates, updates or deletes, nil for steps that only tag, register or let go on.
    var writtenService: ServiceKey? {
        switch action {
        case .createService(let key, _, _), .updateService(let key, _, _), .deleteService(let key): key
        case .registerTaskDefinition, .tagService, .untagService, .continueDeployment, .scale, .run: nil
        }
    }

    /// The revision that the step makes a service run, nil where it leaves the revision alone.
    var revisionReference: RevisionReference? {
        switch action {
        case .createService(_, _, let reference), .updateService(_, _, let reference): reference
        case .run(_, _, .note(let reference, _)), .run(_, _, .start(let reference, _, _)): reference
        case .registerTaskDefinition, .tagService, .untagService, .deleteService, .continueDeployment, .scale: nil
        }
    }

    /// Whether the call starts a deployment.
    var startsDeployment: Bool {
        switch action {
        case .createService: true
        case .updateService(_, let input, let reference):
            reference != nil || input["forceNewDeployment"]?.boolean == true
                || (input.members ?? []).contains { ServiceMembers.startsDeployment($0.name) }
        case .registerTaskDefinition, .tagService, .untagService, .deleteService, .continueDeployment, .scale, .run:
            false
        }
    }

    /// The tags that the step puts on something, in the order they are given.
    var writtenTags: [Tag] {
        switch action {
        case .registerTaskDefinition(_, _, let input), .createService(_, let input, _):
            (input["tags"]?.elements ?? []).map { Tag($0["key"]?.text ?? "", $0["value"]?.text ?? "") }
        case .tagService(_, _, let tags): tags
        case .run(_, _, .note(_, let tag)): [tag]
        case .updateService, .untagService, .deleteService, .continueDeployment, .scale, .run: []
        }
    }
}
