package import MooringShapes

/// One line of the tables of members: what a change of a member does, and how the member is taken back.
package struct MemberEntry: Hashable, Sendable {
    package let effect: Effect
    package let unsetting: Unsetting
    /// Where that is said.
    package let source: Source

    init(_ effect: Effect, _ unsetting: Unsetting, _ source: Source) {
        self.effect = effect
        self.unsetting = unsetting
        self.source = source
    }

    /// When a change of a member is felt.
    package enum Effect: Hashable, Sendable {
        /// As soon as the call returns; no task is replaced.
        case atOnce
        /// Tasks started later have it, tasks running now never will.
        case nextTasks
        /// The call starts a deployment that replaces every task.
        case startsDeployment
        /// As `startsDeployment`, but the call is refused unless it carries `forceNewDeployment`.
        case refusedWithoutForce
        /// UpdateService has no such member: the service has to be made anew.
        case createOnly
        /// A new revision is registered, and the service pointed to it by a deployment.
        case newRevision
        /// Goes with the next revision that is registered for another reason, and is no reason itself.
        case nextRevision
        /// Says which service or family is meant; cannot differ.
        case address
        /// Steers one call and is kept nowhere.
        case steersCall
    }

    /// How a member goes back to what it is where nobody ever set it.
    package enum Unsetting: Hashable, Sendable {
        /// By sending this.
        case send(Value)
        /// By leaving it out: what it stands in is replaced whole.
        case omit
        /// By unsetting each of its own members: ECS keeps those that a call does not name.
        case memberwise
        /// Not at all, on purpose: what is not in git belongs to whoever sets it.
        case leaveAlone
        /// Not at all, or nobody says how: the last value stays.
        case impossible
    }

    /// Who says so.
    package enum Source: String, Hashable, Sendable, CaseIterable {
        /// What the reference says of the member: whether it starts a deployment, how it is removed, its default.
        case updateService = "API reference, UpdateService"
        case createService = "API reference, CreateService"
        case registerTaskDefinition = "API reference, RegisterTaskDefinition: a revision is registered whole"
        /// The type's own page.
        case type = "API reference, the member's type"
        /// The two inputs compared: only CreateService has the member, or only UpdateService.
        case model = "API model, the inputs compared; reference/ecs-api.md section 3"
        case tagResource = "API reference, TagResource; reference/ecs-api.md section 3"
        /// "UpdateService won't pick up any changes if they are not explicitly specified."
        case copilot = "aws/copilot-cli pull request 4565"
        /// The provider sends a breaker with both flags off to remove one.
        case terraform = "hashicorp/terraform-provider-aws, aws_ecs_service, update"
        /// "When switching from launch type to capacity provider strategy …, you must force a new deployment."
        case ecspresso = "kayac/ecspresso issue 977"
        case peers = "reference/peers.md section 2"
        case design = "DESIGN section 4, Update"
        /// Nobody says; the careful reading was taken.
        case assumed = "not documented; the careful reading"
    }
}
