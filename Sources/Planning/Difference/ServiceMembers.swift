package import MooringShapes

/// What a change of each member of a service does, and how the member is taken back: one table for CreateService's and
/// UpdateService's inputs.
///
/// Source, where a line says none: API reference, UpdateService, which says of each member whether it triggers a new
/// service deployment. Members that only CreateService has: API model, difference of the two inputs.
package enum ServiceMembers {
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
        /// Says which service is meant; cannot differ.
        case address
        /// Steers one call and is kept nowhere.
        case steersCall
    }

    /// How a member goes back to what it is where nobody ever set it.
    package enum Unsetting: Hashable, Sendable {
        /// By sending this.
        case send(Value)
        /// Not at all: the last value stays.
        case impossible
    }

    /// One line of the table.
    package struct Entry: Hashable, Sendable {
        package let effect: Effect
        package let unsetting: Unsetting
    }

    /// What the table says of `member`, nil for members it does not know.
    package static func entry(of member: String) -> Entry? { table[member] }

    /// Whether a change of `member` replaces the service's tasks.
    ///
    /// True of a member that the table does not know: what is not known to be harmless is watched as a rollout.
    package static func startsDeployment(_ member: String) -> Bool {
        switch table[member]?.effect {
        case .startsDeployment, .refusedWithoutForce, nil: true
        case .atOnce, .nextTasks, .createOnly, .address, .steersCall: false
        }
    }

    /// Whether a change of `member` needs `forceNewDeployment` in the same call.
    package static func needsForce(_ member: String) -> Bool { table[member]?.effect == .refusedWithoutForce }

    /// Whether a change of `member` is felt only by tasks started after it.
    package static func waitsForNextTasks(_ member: String) -> Bool { table[member]?.effect == .nextTasks }

    /// Whether only a new service can have another `member`.
    package static func isCreateOnly(_ member: String) -> Bool { table[member]?.effect == .createOnly }

    /// Members that UpdateService accepts at all under a deployment controller.
    ///
    /// Source: API reference, UpdateService, introduction.
    package static func isAccepted(_ member: String, under controller: String) -> Bool {
        let everywhere: Set<String> = [
            "desiredCount", "healthCheckGracePeriodSeconds", "placementConstraints", "placementStrategy",
            "enableECSManagedTags", "propagateTags", "deploymentController", "cluster", "service",
        ]
        switch controller {
        case "CODE_DEPLOY": return everywhere.contains(member) || member == "deploymentConfiguration"
        case "EXTERNAL": return everywhere.contains(member)
        default: return !isCreateOnly(member)
        }
    }

    private static let emptyList = Unsetting.send(.list([]))

    /// The table, by member.
    package static let table: [String: Entry] = [
        "cluster": Entry(effect: .address, unsetting: .impossible),
        "serviceName": Entry(effect: .address, unsetting: .impossible),
        "service": Entry(effect: .address, unsetting: .impossible),

        "clientToken": Entry(effect: .steersCall, unsetting: .impossible),
        "forceNewDeployment": Entry(effect: .steersCall, unsetting: .impossible),

        // Later changes of tags go through TagResource.
        "tags": Entry(effect: .createOnly, unsetting: .impossible),
        // Changes in place only by way of a capacity provider strategy; an empty strategy leads back to the launch type
        // that the service was made with (UpdateService, `capacityProviderStrategy`).
        "launchType": Entry(effect: .createOnly, unsetting: .impossible),
        "role": Entry(effect: .createOnly, unsetting: .impossible),
        "schedulingStrategy": Entry(effect: .createOnly, unsetting: .impossible),

        "taskDefinition": Entry(effect: .startsDeployment, unsetting: .impossible),
        "networkConfiguration": Entry(effect: .startsDeployment, unsetting: .impossible),
        "platformVersion": Entry(effect: .startsDeployment, unsetting: .send("LATEST")),
        "loadBalancers": Entry(effect: .startsDeployment, unsetting: emptyList),
        "serviceRegistries": Entry(effect: .startsDeployment, unsetting: emptyList),
        "serviceConnectConfiguration": Entry(effect: .startsDeployment, unsetting: .send(["enabled": false])),
        "volumeConfigurations": Entry(effect: .startsDeployment, unsetting: emptyList),
        "vpcLatticeConfigurations": Entry(effect: .startsDeployment, unsetting: emptyList),
        // Not said by the reference; both are part of service revisions, and a new revision is a deployment.
        "gatewayConnectors": Entry(effect: .startsDeployment, unsetting: emptyList),
        "monitoring": Entry(effect: .startsDeployment, unsetting: .impossible),

        // The reference says that it triggers no deployment; the call is answered with "When switching from launch type
        // to capacity provider strategy on an existing service, or making a change to a capacity provider strategy on a
        // service that is already using one, you must force a new deployment." (kayac/ecspresso issue 977).
        "capacityProviderStrategy": Entry(effect: .refusedWithoutForce, unsetting: emptyList),

        // A change of controller moves the service to another way of deploying; whether that replaces tasks is not
        // documented, so it is watched as if it did.
        "deploymentController": Entry(effect: .startsDeployment, unsetting: .send(["type": "ECS"])),

        "desiredCount": Entry(effect: .atOnce, unsetting: .impossible),
        "deploymentConfiguration": Entry(effect: .atOnce, unsetting: .impossible),
        "availabilityZoneRebalancing": Entry(effect: .atOnce, unsetting: .send("DISABLED")),
        "healthCheckGracePeriodSeconds": Entry(effect: .atOnce, unsetting: .send(0)),

        // Where running tasks stand is not looked at again.
        "placementConstraints": Entry(effect: .nextTasks, unsetting: emptyList),
        "placementStrategy": Entry(effect: .nextTasks, unsetting: emptyList),
        // "Only tasks launched after the update will reflect the update."
        "enableECSManagedTags": Entry(effect: .nextTasks, unsetting: .send(false)),
        "propagateTags": Entry(effect: .nextTasks, unsetting: .send("NONE")),
        // Developer Guide, ECS Exec: existing tasks have to be replaced before a command can be run in them.
        "enableExecuteCommand": Entry(effect: .nextTasks, unsetting: .send(false)),
    ]
}
