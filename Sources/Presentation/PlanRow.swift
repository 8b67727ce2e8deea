import MooringModel
import MooringNames
import MooringShapes

/// What a plan says about one service: the one source of every rendering.
struct PlanRow {
    let key: ServiceKey
    let action: Action
    /// Whether the action is only done after others: its turn comes by itself.
    var isLater = false
    let state: ServiceStanding.State
    let health: Health
    /// The revision that runs or ran.
    let oldRevision: String?
    /// The revision that will run; nil where it does not change.
    let newRevision: String?
    /// Why something is done, one sentence.
    let reason: String?
    let withheld: [Withheld]
    let remarks: [Remark]
    /// What will be changed.
    let changes: [MemberChange]
    /// What differs and stays so.
    let withheldChanges: [MemberChange]
    /// What a service that is created will be, in a few lines.
    let creation: [String]

    enum Action: String {
        case create, update, delete, tag, none
    }

    /// One row for each service that the plan speaks of, sorted by service.
    static func rows(of plan: Plan) -> [PlanRow] {
        var steps: [ServiceKey: [Step]] = [:]
        for step in plan.steps {
            if let key = step.service { steps[key, default: []].append(step) }
        }
        let withheld = Dictionary(grouping: plan.withheld, by: \.key)
        let standings = Dictionary(plan.standings.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let remarks = Dictionary(grouping: plan.remarks, by: \.key)
        let registrations = registrations(in: plan.steps + plan.withheld.flatMap(\.later))
        let leaving = Dictionary(plan.leaving.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let keys = Set(steps.keys).union(withheld.keys).union(standings.keys).union(leaving.keys).sorted()
        return keys.map { key in
            if let service = leaving[key] { return row(of: service, steps: steps[key] ?? []) }
            return row(
                key: key, steps: steps[key] ?? [], withheld: withheld[key] ?? [], remarks: remarks[key] ?? [],
                standing: standings[key], registrations: registrations)
        }
    }

    private static func row(
        key: ServiceKey, steps: [Step], withheld: [Withheld], remarks: [Remark], standing: ServiceStanding?,
        registrations: [Digest: Registration],
    ) -> PlanRow {
        var action = Action.none
        var reason: String?
        var reference: RevisionReference?
        var created: Value?
        let turn = steps.isEmpty ? withheld.first { $0.reason.isMereOrder } : nil
        let steps = turn?.later ?? steps
        for step in steps {
            switch step.action {
            case .createService(_, let input, let revision):
                (action, reason, reference, created) = (.create, step.reason, revision, input)
            case .updateService(_, _, let revision): (action, reason, reference) = (.update, step.reason, revision)
            case .deleteService: (action, reason) = (.delete, step.reason)
            case .continueDeployment: reason = step.reason
            case .tagService where action == .none && !step.action.isBookkeeping: (action, reason) = (.tag, step.reason)
            case .untagService where action == .none: (action, reason) = (.tag, step.reason)
            case .scale where action == .none || action == .tag: (action, reason) = (.update, step.reason)
            case .tagService, .untagService, .scale, .run, .registerTaskDefinition: break
            }
        }
        // A change whose steps nobody knows yet is one all the same. Why it waits says more than why it is made.
        if turn != nil { (action, reason) = (action == .none ? .update : action, nil) }
        let new = reference.map { text(of: $0, registrations) }
        let old = standing.flatMap { $0.previousRevision ?? (action == .create ? nil : $0.revision) }?.description
        var seen: Set<String> = []
        let coming = steps.flatMap(\.changes) + (turn?.changes ?? [])
        let changes = coming.filter { seen.insert($0.path).inserted }
        let withheldChanges = withheld.flatMap(\.changes).filter { seen.insert($0.path).inserted }
        let creation = created.map { input -> [String] in
            guard case .registered(let digest)? = reference else { return CreationSummary.lines(service: input) }
            return CreationSummary.lines(service: input, taskDefinition: registrations[digest]?.input)
        }
        return PlanRow(
            key: key, action: action, isLater: turn != nil, state: standing?.state ?? .unknown(""),
            health: standing?.health ?? .unknown, oldRevision: old, newRevision: new == old ? nil : new, reason: reason,
            withheld: withheld, remarks: remarks, changes: changes, withheldChanges: withheldChanges,
            creation: creation ?? [])
    }

    /// The row of a service that left git.
    private static func row(of service: LeavingService, steps: [Step]) -> PlanRow {
        let key = service.key
        var withheld: [Withheld] = []
        var state = ServiceStanding.State.changing
        var reason = steps.first?.reason
        switch service.state {
        case .removing(let progress) where service.hasBegun: reason = reason ?? "The service left git: \(progress)."
        case .removing(let progress):
            reason = "The service left git and is to be removed (scaled to zero first): \(progress)."
        case .kept(let why):
            withheld = [Withheld(key: key, reason: .leftGit(why))]
            state = .withheld(.leftGit(why))
        }
        return PlanRow(
            key: key, action: steps.isEmpty && service.hasBegun ? .none : .delete, isLater: !service.hasBegun,
            state: state, health: .unknown, oldRevision: nil, newRevision: nil, reason: reason, withheld: withheld,
            remarks: [], changes: steps.flatMap(\.changes), withheldChanges: [], creation: [])
    }

    /// What a step registers.
    struct Registration {
        let family: Family
        let input: Value
    }

    static func registrations(in steps: [Step]) -> [Digest: Registration] {
        var registrations: [Digest: Registration] = [:]
        for step in steps {
            if case .registerTaskDefinition(let family, let digest, let input) = step.action {
                registrations[digest] = Registration(family: family, input: input)
            }
        }
        return registrations
    }

    /// `web:12`, and `web:(new)` where it is yet to be registered.
    static func text(of reference: RevisionReference, _ registrations: [Digest: Registration]) -> String {
        switch reference {
        case .existing(let arn): arn.revision.description
        case .registered(let digest): registrations[digest].map { "\($0.family):(new)" } ?? "(new)"
        }
    }

    /// Under which heading the service is counted.
    var heading: Heading {
        switch action {
        case .create: return .create
        case .update, .tag: return .update
        case .delete: return .delete
        case .none: break
        }
        switch state {
        // What stays besides says less than how the rollout went.
        case .rejected: return .rejected
        case .overdue: return .overdue
        case _ where !withheld.isEmpty: return .withheld
        case .synced: return .unchanged
        case .rolling, .rollingBack, .changing: return .underWay
        case .withheld: return .withheld
        case .unknown: return .unknown
        }
    }

    enum Heading: String, CaseIterable {
        case create, update, delete, withheld, rejected, overdue, underWay, unknown, unchanged
    }
}

extension PlanRow {
    /// `web:12 -> web:(new)`; empty where it stays.
    func revisions(arrow: String) -> String {
        newRevision.map { new in (oldRevision.map { "\($0) \(arrow) " } ?? "") + new } ?? ""
    }

    /// What is done, for people: `update`, `create, after others`.
    var word: String { heading.word + (isLater ? ", after others" : "") }

    /// What is said behind the name.
    var explanation: String? {
        if let reason { return reason }
        switch state {
        case .rejected(let reason), .overdue(let reason, _): return reason
        default: break
        }
        if let first = withheld.first(where: { isLater && $0.reason.isMereOrder }) ?? withheld.first {
            return first.reason.sentence
        }
        switch state {
        case .rolling(let progress): return progress
        case .rollingBack(let reason): return reason
        case .withheld(let reason): return reason.sentence
        case .unknown(let why): return why
        case .synced, .changing, .rejected, .overdue: return nil
        }
    }

    /// Why more is not done, beside what `explanation` says.
    var otherReasons: [String] {
        withheld.map(\.reason.sentence).filter { $0 != explanation }
    }

    /// What a person can do about it; nil where nothing is to be done, or where the explanation says it.
    var remedy: String? {
        guard action == .none else { return nil }
        switch state {
        case .rejected:
            return "Commit a change of it, or mend what is outside of git and say 'mooring retry \(key)'."
        case .overdue(_, let remedy): return remedy
        default: return nil
        }
    }
}

extension Plan {
    /// Whether ECS differs from what git says, or will: what `mooring plan` says with its exit code.
    package var hasDifference: Bool {
        PlanRow.rows(of: self).contains { $0.heading != .unchanged } || !changes.isEmpty
            || runs.contains { $0.state != .done }
    }
}

extension Withheld.Reason {
    /// A stable word for programs.
    package var code: String {
        switch self {
        case .observing: "observing"
        case .notAdopted: "not-adopted"
        case .ownedByEnvironment: "owned-by-environment"
        case .ownedByCloudFormation: "owned-by-cloudformation"
        case .ownedByECS: "owned-by-ecs"
        case .deploymentController: "deployment-controller"
        case .cannotBeTagged: "cannot-be-tagged"
        case .needsReplacement: "needs-replacement"
        case .cannotBeUnset: "cannot-be-unset"
        case .creationFuse: "creation-fuse"
        case .wrongAccount: "wrong-account"
        case .foreignCluster: "foreign-cluster"
        case .draining: "draining"
        case .paused: "paused"
        case .frozen: "frozen"
        case .stoppedAfterFailures: "stopped-after-failures"
        case .waitingForTurn: "waiting-for-turn"
        case .waitsInOrder: "waits-in-order"
        case .notStarted: "not-started"
        case .changedByHand: "changed-by-hand"
        case .revisionByHand: "revision-by-hand"
        case .leftGit: "left-git"
        case .unreadable: "unreadable"
        case .refused: "refused"
        case .badManifest: "bad-manifest"
        }
    }
}
