import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// A plan with all it was made from.
struct CheckedPlan {
    var plan: Plan
    var desired: DesiredState
    var observed: Observed
    var policy: PlanningPolicy
    var scope: Set<ServiceKey>?

    var violations: [PlanViolation] {
        PlanCheck.violations(of: plan, desired: desired, scope: scope, observed: observed, policy: policy)
    }

    mutating func edit(_ id: String, _ change: (inout EditableStep) throws -> Void) throws {
        let index = try #require(plan.steps.firstIndex { $0.id.text == id })
        var editable = EditableStep(plan.steps[index])
        try change(&editable)
        plan.steps[index] = editable.step
    }

    mutating func live(_ key: ServiceKey, _ change: (inout Value) -> Void) throws {
        guard case .known(let service) = observed.services[key] else { throw Scenario.Unexpected() }
        var described = service.described
        change(&described)
        observed.services[key] = .known(ObservedService(key: key, described: described))
    }

    mutating func tagLive(_ key: ServiceKey, _ name: String, _ value: String) throws {
        try live(key) { $0["tags"] = .list(($0["tags"]?.elements ?? []) + [tag(name, value)]) }
    }

    mutating func setOptions(_ key: ServiceKey, _ options: MooringOptions) {
        desired.services = desired.services.map { old in
            old.key != key
                ? old
                : DesiredService(
                    key: old.key, input: old.input, taskDefinition: old.taskDefinition, options: options,
                    files: old.files)
        }
    }
}

struct EditableStep {
    var id: StepID
    var action: Step.Action
    var after: [StepID]
    private let reason: String
    private let changes: [MemberChange]

    init(_ step: Step) {
        (id, action, after, reason, changes) = (step.id, step.action, step.after, step.reason, step.changes)
    }

    var step: Step { Step(id: id, action: action, reason: reason, changes: changes, after: after) }

    /// The input of a registration, a creation or an update.
    var input: Value {
        get {
            switch action {
            case .registerTaskDefinition(_, _, let input), .createService(_, let input, _),
                .updateService(_, let input, _):
                input
            case .tagService, .untagService, .deleteService, .continueDeployment, .scale, .run: .null
            }
        }
        set {
            switch action {
            case .registerTaskDefinition(let family, let digest, _):
                action = .registerTaskDefinition(family: family, digest: digest, input: newValue)
            case .createService(let key, _, let revision):
                action = .createService(key: key, input: newValue, revision: revision)
            case .updateService(let key, _, let revision):
                action = .updateService(key: key, input: newValue, revision: revision)
            case .tagService, .untagService, .deleteService, .continueDeployment, .scale, .run: break
            }
        }
    }

    var revision: RevisionReference? {
        get { nil }
        set {
            switch action {
            case .createService(let key, let input, _):
                action = .createService(key: key, input: input, revision: newValue)
            case .updateService(let key, let input, _):
                action = .updateService(key: key, input: input, revision: newValue)
            case .registerTaskDefinition, .tagService, .untagService, .deleteService, .continueDeployment, .scale, .run:
                break
            }
        }
    }
}

extension CheckedPlan {
    /// Creates `api`, updates `web` to a new revision and network, tags `old`, which is what git says.
    static func good() throws -> CheckedPlan {
        var scenario = try Scenario.managed([network("subnet-1")])
        let old = try key("old")
        scenario.desired.taskDefinitions.append(try makeTaskDefinition("old"))
        scenario.desired.services.append(try makeService(old))
        try scenario.settle()
        scenario.ecs.removeTag(old, OwnTag.digest)
        scenario.desired.taskDefinitions.append(try makeTaskDefinition("api"))
        scenario.desired.services.append(try makeService(try key("api")))
        try scenario.change(image: "shop:2")
        try scenario.change([network("subnet-2")])
        let outcome = try scenario.pass()
        #expect(
            outcome.steps
                == ["register api", "create default/api", "tag default/old", "register web", "update default/web"])
        return CheckedPlan(
            plan: outcome.plan, desired: scenario.desired, observed: outcome.observed, policy: scenario.policy)
    }
}

/// The steps of `CheckedPlan.good`.
enum Steps {
    static let all = ["register api", "create default/api", "tag default/old", "register web", "update default/web"]
        .map(StepID.init)
    static let register = StepID("register web")
    static let create = StepID("create default/api")
    static let tagging = StepID("tag default/old")
    static let update = StepID("update default/web")
}
