import MooringShapes

/// The roles that ECS assumes for a task: its own, and the one that fetches images and secrets and writes logs.
///
/// Registering says nothing of them. RunTask is refused, and a service says so and tries again later: no task comes to be, so
/// none fails.
/// Sources: the AWS knowledge center, "unable to assume the role"; public reports of RunTask (index record 14896621379) and of
/// services (aws-samples/aws-modern-application-workshop issue 88, telia-oss/terraform-aws-ecs-fargate pull request 58).
extension World {
    /// What ECS says where it cannot assume one of the roles; nil where it can, or where the scenario is not strict about roles.
    func roleProblem(_ needs: TaskNeeds) -> String? {
        for role in [needs.taskRole, needs.executionRole] {
            guard let role, !role.isEmpty, isAssumable(role) == false else { continue }
            return
                "ECS was unable to assume the role '\(role)' that was provided for this task. Please verify that the "
                + "role being passed has the proper trust relationship and permissions and that your IAM user has permissions to "
                + "pass this role."
        }
        return nil
    }

    /// Nil where the scenario does not say that roles must be there.
    private func isAssumable(_ role: String) -> Bool? {
        exists(.roles, role).map { isThere in
            isThere
                && neighbours.roles.position(of: role).map { neighbours.roles.roles[$0].trusts(World.tasks) } ?? false
        }
    }

    /// The service principal of tasks. Source: Developer Guide, "Amazon ECS task IAM role".
    private static let tasks = "ecs-tasks.amazonaws.com"
}

extension PlacementFailure {
    /// A service's words for a role that cannot be assumed.
    init(role problem: String) {
        self.init(event: "failed to launch a task with (error \(problem)).", reason: problem)
    }
}

extension RoleStore.Role {
    /// Whether the trust policy lets a service assume the role. Conditions are taken for met, and what is denied elsewhere for
    /// allowed.
    func trusts(_ service: String) -> Bool {
        let document = try? JSONReader.value(of: Array(trust.utf8))
        guard let statement = document?["Statement"] else { return false }
        return (statement.elements ?? [statement]).contains { statement in
            let principal = statement["Principal"]
            let services =
                RoleStore.Role.texts(principal) + RoleStore.Role.texts(principal?["Service"])
                + RoleStore.Role.texts(principal?["AWS"]).filter { $0 == "*" }
            return statement["Effect"]?.text == "Allow" && services.contains { $0 == "*" || $0 == service }
                && RoleStore.Role.texts(statement["Action"]).contains { ["sts:AssumeRole", "sts:*", "*"].contains($0) }
        }
    }

    /// A text, or a list of some.
    private static func texts(_ value: Value?) -> [String] {
        value?.elements?.compactMap(\.text) ?? value?.text.map { [$0] } ?? []
    }
}
