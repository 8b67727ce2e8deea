import MooringModel
import MooringNames
import MooringShapes

/// What a plan says about one service: the one source of every rendering.
struct PlanRow {
    let key: ServiceKey
    let action: Action
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
        let registrations = registrations(of: plan)
        let leaving = Dictionary(plan.leaving.map { ($0.key, $0.state) }, uniquingKeysWith: { first, _ in first })
        let keys = Set(steps.keys).union(withheld.keys).union(standings.keys).union(leaving.keys).sorted()
        return keys.map { key in
            if let state = leaving[key] { return row(key: key, steps: steps[key] ?? [], leaving: state) }
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
        let new: String? =
            switch reference {
            case .existing(let arn): arn.revision.description
            case .registered(let digest): registrations[digest].map { "\($0.family):(new)" } ?? "(new)"
            case nil: nil
            }
        let old = standing.flatMap { $0.previousRevision ?? (action == .create ? nil : $0.revision) }?.description
        var seen: Set<String> = []
        let changes = steps.flatMap(\.changes).filter { seen.insert($0.path).inserted }
        let withheldChanges = withheld.flatMap(\.changes).filter { seen.insert($0.path).inserted }
        let creation = created.map { input -> [String] in
            guard case .registered(let digest)? = reference else { return CreationSummary.lines(service: input) }
            return CreationSummary.lines(service: input, taskDefinition: registrations[digest]?.input)
        }
        return PlanRow(
            key: key, action: action, state: standing?.state ?? .unknown(""), health: standing?.health ?? .unknown,
            oldRevision: old, newRevision: new == old ? nil : new, reason: reason, withheld: withheld, remarks: remarks,
            changes: changes, withheldChanges: withheldChanges, creation: creation ?? [])
    }

    /// The row of a service that left git.
    private static func row(key: ServiceKey, steps: [Step], leaving: LeavingService.State) -> PlanRow {
        var withheld: [Withheld] = []
        var state = ServiceStanding.State.changing
        var reason = steps.first?.reason
        switch leaving {
        case .removing(let progress): reason = reason ?? "The service left git: \(progress)."
        case .kept(let why):
            withheld = [Withheld(key: key, reason: .leftGit(why))]
            state = .withheld(.leftGit(why))
        }
        return PlanRow(
            key: key, action: steps.isEmpty ? .none : .delete, state: state, health: .unknown, oldRevision: nil,
            newRevision: nil, reason: reason, withheld: withheld, remarks: [], changes: steps.flatMap(\.changes),
            withheldChanges: [], creation: [])
    }

    /// What a step registers.
    private struct Registration {
        let family: Family
        let input: Value
    }

    private static func registrations(of plan: Plan) -> [Digest: Registration] {
        var registrations: [Digest: Registration] = [:]
        for step in plan.steps {
            if case .registerTaskDefinition(let family, let digest, let input) = step.action {
                registrations[digest] = Registration(family: family, input: input)
            }
        }
        return registrations
    }

    /// Under which heading the service is counted.
    var heading: Heading {
        switch action {
        case .create: return .create
        case .update, .tag: return .update
        case .delete: return .delete
        case .none: break
        }
        if !withheld.isEmpty { return .withheld }
        switch state {
        case .synced: return .unchanged
        case .rolling, .rollingBack, .changing: return .underWay
        case .rejected, .overdue: return .rejected
        case .withheld: return .withheld
        case .unknown: return .unknown
        }
    }

    enum Heading: String, CaseIterable {
        case create, update, delete, withheld, rejected, underWay, unknown, unchanged
    }
}

extension Plan {
    /// Whether ECS differs from what git says, or will: what `mooring plan` says with its exit code.
    package var hasDifference: Bool {
        PlanRow.rows(of: self).contains { $0.heading != .unchanged } || !changes.isEmpty
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
