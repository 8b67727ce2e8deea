import MooringModel
import MooringPlanning
import MooringShapes

/// Members that an update changed for tasks that start from then on, as long as the deployment stays that was there.
///
/// ECS keeps no record of it: it shows the new value, and the tasks that run were started with the old one. Which members these
/// are is in ServiceMembers, with the source of each.
struct AwaitingTasks: Hashable, Sendable {
    private(set) var members: [String]
    /// The deployment whose tasks are meant: another one has started its own.
    let deployment: String

    /// Nil where the step starts a deployment, which replaces the tasks, or changes no such member.
    init?(_ step: Step, deployment: String) {
        guard case .updateService(_, let input, nil) = step.action, input["forceNewDeployment"]?.boolean != true,
            !(input.members ?? []).contains(where: { ServiceMembers.startsDeployment($0.name) })
        else { return nil }
        members = (input.members ?? []).map(\.name).filter(ServiceMembers.waitsForNextTasks).sorted()
        guard !members.isEmpty else { return nil }
        self.deployment = deployment
    }

    /// The same with what an earlier update changed for the same deployment's tasks.
    func adding(_ earlier: AwaitingTasks?) -> AwaitingTasks {
        guard let earlier, earlier.deployment == deployment else { return self }
        var all = self
        all.members = (members + earlier.members).uniqued().sorted()
        return all
    }

    /// What is said of it.
    var sentence: String {
        "Tasks that run keep their \(members.joined(separator: ", ")) until they are replaced; a new 'redeploy' token replaces "
            + "them now."
    }
}
