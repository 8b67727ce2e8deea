package import MooringModel
import MooringNames
package import MooringShapes

/// A plan for programs. The schema is stable: members are only ever added.
///
/// - `schema`: 1.
/// - `hasDifference`: whether anything is not as git says.
/// - `summary`: a count for each of `create`, `update`, `delete`, `withheld`, `rejected`, `overdue`, `underWay`, `unknown`,
///   `unchanged`. What only waits for its turn counts as what will be done.
/// - `services`: `cluster`, `service`, `action` (`create`, `update`, `delete`, `tag`, `none`), `state` (`synced`, `changing`,
///   `rolling`, `rollingBack`, `rejected`, `overdue`, `withheld`, `unknown`), `health`; where they apply `oldRevision`, `newRevision`
///   (`web:(new)` where it is yet to be registered), `afterOthers` (`true` where the action waits for others and is not
///   among `steps` yet), `reason`, `remedy`, `withheld` (a list of `reason`, a stable word, and
///   `message`), `remarks` (a list of `remark`, a stable word, and `message`), `changes` (a list of `path`, `live`, `wanted`;
///   one that is missing is not set; and `origin`: `git`, `drift` where ECS was changed by hand, `removed` where git no
///   longer says anything, `parameter` where no version in git made it but a parameter's value has changed since git was
///   last reached, `unknown`; and `withheld`: `true` where the difference stays, absent otherwise).
/// - `runs`, where there are one-off tasks: `run`, `state` (`starting`, `running`, `waiting`, `done`, `failed`, `question`,
///   `withheld`, `unknown`); where they apply `revision`, `message`, `remedy`.
/// - `steps`: in their order `id`, `action` (`registerTaskDefinition`, `createService`, `updateService`, `tagService`,
///   `untagService`, `deleteService`, `continueDeployment`, `registerScalableTarget`, `putScalingPolicy` …, `noteRun`,
///   `runTask`), `reason`, `after`.
///
/// Values that may be secrets are masked, here as in every rendering.
package enum PlanJSON {
    /// The plan as a tree; `JSONWriter` makes text of it.
    package static func value(of plan: Plan) -> Value {
        let rows = PlanRow.rows(of: plan)
        let counts = PlanRow.Heading.allCases.map { heading in
            (heading.rawValue, Value.integer(rows.count { $0.heading == heading }))
        }
        return .map(present: [
            ("schema", 1),
            ("hasDifference", .boolean(plan.hasDifference)),
            ("summary", .map(counts)),
            ("services", .list(rows.map(value(of:)))),
            ("runs", plan.runs.isEmpty ? nil : .list(plan.runs.map { RunLine.value(of: $0, in: plan) })),
            ("steps", .list(plan.steps.map(value(of:)))),
        ])
    }

    private static func value(of row: PlanRow) -> Value {
        let withheld = row.withheld.map { withheld -> Value in
            ["reason": .string(withheld.reason.code), "message": .string(withheld.reason.sentence.masked)]
        }
        let changes =
            row.changes.map { value(of: $0, isWithheld: false) }
            + row.withheldChanges.map { value(of: $0, isWithheld: true) }
        return .map(present: [
            ("cluster", .string(row.key.cluster.text)),
            ("service", .string(row.key.service.text)),
            ("action", .string(row.action.rawValue)),
            ("state", .string(row.state.word)),
            ("health", .string(row.health.rawValue)),
            ("oldRevision", row.oldRevision.map(Value.string)),
            ("newRevision", row.newRevision.map(Value.string)),
            ("afterOthers", row.isLater ? true : nil),
            ("reason", (row.reason ?? row.state.reason).map { .string($0.masked) }),
            ("remedy", row.remedy.map { .string($0.masked) }),
            ("withheld", withheld.isEmpty ? nil : .list(withheld)),
            ("remarks", row.remarks.isEmpty ? nil : .list(row.remarks.map(value(of:)))),
            ("changes", changes.isEmpty ? nil : .list(changes)),
        ])
    }

    private static func value(of remark: Remark) -> Value {
        ["remark": .string(remark.kind.code), "message": .string(remark.kind.sentence.masked)]
    }

    private static func value(of change: MemberChange, isWithheld: Bool) -> Value {
        let name = Masking.name(ofPath: change.path)
        return .map(present: [
            ("path", .string(change.path)),
            ("live", change.live.map { Masking.masked($0, name: name) }),
            ("wanted", change.wanted.map { Masking.masked($0, name: name) }),
            ("origin", .string(change.origin.rawValue)),
            ("withheld", isWithheld ? true : nil),
        ])
    }

    private static func value(of step: Step) -> Value {
        let action =
            switch step.action {
            case .registerTaskDefinition: "registerTaskDefinition"
            case .createService: "createService"
            case .updateService: "updateService"
            case .tagService: "tagService"
            case .untagService: "untagService"
            case .run(_, _, .note): "noteRun"
            case .run(_, _, .start): "runTask"
            case .scale(_, let write): write.operation.prefix(1).lowercased() + write.operation.dropFirst()
            case .deleteService: "deleteService"
            case .continueDeployment: "continueDeployment"
            }
        return .map([
            ("id", .string(step.id.text)), ("action", .string(action)), ("reason", .string(step.reason.masked)),
            ("after", .list(step.after.map { .string($0.text) })),
        ])
    }
}

extension ServiceStanding.State {
    /// A stable word for programs.
    package var word: String {
        switch self {
        case .synced: "synced"
        case .changing: "changing"
        case .rolling: "rolling"
        case .rollingBack: "rollingBack"
        case .rejected: "rejected"
        case .overdue: "overdue"
        case .withheld: "withheld"
        case .unknown: "unknown"
        }
    }

    /// What there is to say about it, if anything.
    package var reason: String? {
        switch self {
        case .synced, .changing: nil
        case .rolling(let text), .rollingBack(let text), .rejected(let text), .unknown(let text):
            text.isEmpty ? nil : text
        case .overdue(let reason, let remedy): "\(reason) \(remedy)"
        case .withheld(let reason): reason.sentence
        }
    }
}
