import MooringShapes

/// What a change of each member of a service does, and how the member is taken back: one table for CreateService's and
/// UpdateService's inputs, with a second one for what stands inside of members whose parts differ.
package enum ServiceMembers {
    /// What the table says of `member`, nil for members it does not know.
    package static func entry(of member: String) -> MemberEntry? { table[member] }

    /// Whether a change of `member` replaces the service's tasks.
    ///
    /// True of a member that the table does not know: what is not known to be harmless is watched as a rollout.
    package static func startsDeployment(_ member: String) -> Bool {
        switch table[member]?.effect {
        case .startsDeployment, .refusedWithoutForce, nil: true
        case .atOnce, .nextTasks, .createOnly, .newRevision, .nextRevision, .address, .steersCall: false
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

    /// Whether a setting of `member` in ECS that git does not declare could be one that git declared and took back. What ECS
    /// itself fills in, and what cannot be unset anyway, is none.
    static func mayBeLeftOver(_ member: String) -> Bool {
        switch table[member]?.unsetting {
        // Zones: new services have ENABLED without anybody saying so.
        case .send, .memberwise: member != "availabilityZoneRebalancing"
        case .omit, .leaveAlone, .impossible, nil: false
        }
    }

    // MARK: Unsetting

    /// How what git no longer says at `names` (a member, a member of that one, and so on) is taken back.
    ///
    /// - Parameter isDaemon: whether the service is a daemon, whose percentages have other defaults.
    package static func unsetting(at names: [String], isDaemon: Bool) -> MemberEntry.Unsetting {
        guard let first = names.first else { return .impossible }
        if names.count == 1 { return table[first]?.unsetting ?? .impossible }
        if let entry = nested[names.joined(separator: ".")] { return entry.unsetting }
        if let value = documentedDefault(at: names, isDaemon: isDaemon) { return .send(value) }
        // Below a part that is replaced whole, absence says it.
        let isWithinWhole = (1..<names.count).contains { count in
            nested[names.prefix(count).joined(separator: ".")]?.unsetting == .omit
        }
        return isWithinWhole ? .omit : .impossible
    }

    /// What ECS takes where nothing is said, if that is documented: sent outright, so that it holds whether ECS replaces the
    /// map around it or merges into it.
    private static func documentedDefault(at names: [String], isDaemon: Bool) -> Value? {
        var rule = Rule.structure(ServiceRules.root)
        for name in names {
            guard case .structure(let rules) = rule, let next = rules[name] else { return nil }
            rule = next
        }
        guard case .leaf(let leaf) = rule, let folding = leaf.folding else { return nil }
        let context = RuleContext(of: ["schedulingStrategy": isDaemon ? "DAEMON" : "REPLICA"])
        return folding.text(in: context, beside: .map([])).map(leaf.value(of:))
    }

    /// What the table says of the member of a member at `path` (`deploymentConfiguration.alarms`), nil where it says nothing.
    package static func nestedEntry(at path: String) -> MemberEntry? { nested[path] }

    // MARK: The tables

    private static let emptyList = MemberEntry.Unsetting.send(.list([]))

    /// The table, by member.
    package static let table: [String: MemberEntry] = [
        "cluster": MemberEntry(.address, .impossible, .updateService),
        "serviceName": MemberEntry(.address, .impossible, .model),
        "service": MemberEntry(.address, .impossible, .updateService),

        "clientToken": MemberEntry(.steersCall, .impossible, .createService),
        "forceNewDeployment": MemberEntry(.steersCall, .impossible, .updateService),

        // Later changes of tags go through TagResource and UntagResource.
        "tags": MemberEntry(.createOnly, .impossible, .tagResource),
        // Changes in place only by way of a capacity provider strategy; an empty strategy leads back to the launch type
        // that the service was made with (UpdateService, `capacityProviderStrategy`).
        "launchType": MemberEntry(.createOnly, .impossible, .model),
        "role": MemberEntry(.createOnly, .impossible, .model),
        "schedulingStrategy": MemberEntry(.createOnly, .impossible, .model),

        "taskDefinition": MemberEntry(.startsDeployment, .impossible, .updateService),
        // Tasks in awsvpc mode need one, and no empty form of it is documented.
        "networkConfiguration": MemberEntry(.startsDeployment, .impossible, .updateService),
        "platformVersion": MemberEntry(.startsDeployment, .send("LATEST"), .updateService),
        "loadBalancers": MemberEntry(.startsDeployment, emptyList, .updateService),
        "serviceRegistries": MemberEntry(.startsDeployment, emptyList, .updateService),
        "serviceConnectConfiguration": MemberEntry(.startsDeployment, .send(["enabled": false]), .type),
        // Omitted means unchanged, an empty list clears.
        "volumeConfigurations": MemberEntry(.startsDeployment, emptyList, .model),
        "vpcLatticeConfigurations": MemberEntry(.startsDeployment, emptyList, .model),
        // Both are part of service revisions, and a new revision is a deployment.
        "gatewayConnectors": MemberEntry(.startsDeployment, emptyList, .assumed),
        "monitoring": MemberEntry(.startsDeployment, .impossible, .assumed),

        // The reference says that it triggers no deployment, ECS refuses it without one; "Pass an empty list" leads back.
        "capacityProviderStrategy": MemberEntry(.refusedWithoutForce, emptyList, .ecspresso),

        // A change of controller moves the service to another way of deploying; whether that replaces tasks is not
        // documented, so it is watched as if it did.
        "deploymentController": MemberEntry(.startsDeployment, .send(["type": "ECS"]), .assumed),

        "desiredCount": MemberEntry(.atOnce, .leaveAlone, .design),
        "deploymentConfiguration": MemberEntry(.atOnce, .memberwise, .updateService),
        // What a service has that is made without it. Services from before the member existed have DISABLED, which ECS
        // shows as absence does, so they are not touched.
        "availabilityZoneRebalancing": MemberEntry(.atOnce, .send("ENABLED"), .createService),
        "healthCheckGracePeriodSeconds": MemberEntry(.atOnce, .send(0), .updateService),

        // Where running tasks stand is not looked at again.
        "placementConstraints": MemberEntry(.nextTasks, emptyList, .updateService),
        "placementStrategy": MemberEntry(.nextTasks, emptyList, .updateService),
        // "Only tasks launched after the update will reflect the update."
        "enableECSManagedTags": MemberEntry(.nextTasks, .send(false), .updateService),
        "propagateTags": MemberEntry(.nextTasks, .send("NONE"), .updateService),
        // Developer Guide, ECS Exec: existing tasks have to be replaced before a command can be run in them.
        "enableExecuteCommand": MemberEntry(.nextTasks, .send(false), .updateService),
    ]

    /// Members of members, where they are not simply what a documented default says. What is not here and has no such default
    /// cannot be unset by itself.
    private static let nested: [String: MemberEntry] = [
        // UpdateService leaves parts of the configuration alone that it is not sent, so each is sent what it is without
        // anybody's word; `alarms` and the breaker have required members and are sent whole.
        "deploymentConfiguration.alarms": MemberEntry(
            .atOnce, .send(["alarmNames": [], "enable": false, "rollback": false]), .copilot),
        "deploymentConfiguration.deploymentCircuitBreaker": MemberEntry(
            .atOnce, .send(["enable": false, "rollback": false]), .terraform),
        "deploymentConfiguration.deploymentCircuitBreaker.thresholdConfiguration": MemberEntry(
            .atOnce, .send(["type": "BOUNDED_PERCENT", "value": 50]), .peers),
        "deploymentConfiguration.lifecycleHooks": MemberEntry(.atOnce, emptyList, .assumed),
        "deploymentConfiguration.earlySuccessCriteria": MemberEntry(.atOnce, .send(["enable": false]), .peers),
        // Mean something only beside their strategy, which has a default of its own.
        "deploymentConfiguration.linearConfiguration": MemberEntry(.atOnce, .leaveAlone, .type),
        "deploymentConfiguration.canaryConfiguration": MemberEntry(.atOnce, .leaveAlone, .type),

        "networkConfiguration.awsvpcConfiguration": MemberEntry(.startsDeployment, .impossible, .type),
        "networkConfiguration.awsvpcConfiguration.subnets": MemberEntry(.startsDeployment, .impossible, .type),
        // A new service gets the VPC's default group, which nobody here knows; what an update makes of absence is not said.
        "networkConfiguration.awsvpcConfiguration.securityGroups": MemberEntry(
            .startsDeployment, .impossible, .assumed),

        // A deployment has the Service Connect configuration that it was started with, as it was sent.
        "serviceConnectConfiguration.enabled": MemberEntry(.startsDeployment, .impossible, .type),
        // Without one it is the cluster's default namespace, which ECS then shows in its place.
        "serviceConnectConfiguration.namespace": MemberEntry(.startsDeployment, .impossible, .type),
        "serviceConnectConfiguration.services": MemberEntry(.startsDeployment, .omit, .type),
        "serviceConnectConfiguration.logConfiguration": MemberEntry(.startsDeployment, .omit, .type),
        "serviceConnectConfiguration.accessLogConfiguration": MemberEntry(.startsDeployment, .omit, .type),
        "serviceConnectConfiguration.containerConfigurations": MemberEntry(.startsDeployment, .omit, .type),

        "deploymentController.type": MemberEntry(.startsDeployment, .send("ECS"), .createService),
        "monitoring.metricConfigurations": MemberEntry(.startsDeployment, .impossible, .assumed),
    ]
}
