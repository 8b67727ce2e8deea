import MooringShapes

/// A manifest as moto can store it: without the members that it accepts and forgets.
package struct MotoManifest {
    /// The files of the manifest, by name.
    package let files: [String: String]
    /// What was left out or replaced, and why.
    package private(set) var changed: [String] = []

    /// Members that moto accepts and does not store, so that it shows a service or revision without them.
    private static let notStored: [(member: String, of: String)] = [
        ("enableFaultInjection", "task definitions"), ("trustedExecutionConfiguration", "task definitions"),
        ("deploymentConfiguration", "services"), ("capacityProviderStrategy", "services"),
        ("placementConstraints", "services"), ("placementStrategy", "services"),
        ("healthCheckGracePeriodSeconds", "services"), ("enableECSManagedTags", "services"),
        ("enableExecuteCommand", "services"), ("availabilityZoneRebalancing", "services"),
        ("serviceConnectConfiguration", "services"), ("volumeConfigurations", "services"),
    ]

    /// Nil where moto could not show that anything was applied: it has no deployments under another controller.
    package init?(_ manifest: AppliedManifest, cluster: String, on moto: MotoServer) throws {
        guard let taskText = manifest.files["task.json"], let serviceText = manifest.files["service.json"] else {
            return nil
        }
        var task = try JSONReader.value(of: taskText)
        var service = try JSONReader.value(of: serviceText)
        if let controller = service["deploymentController"]?["type"]?.text, controller != "ECS" { return nil }
        var changed: [String] = []
        func leaveOut(_ member: String, of value: inout Value, _ why: String) {
            guard value[member] != nil else { return }
            value[member] = nil
            changed.append(why)
        }
        for (member, kind) in MotoManifest.notStored {
            if kind == "services" {
                leaveOut(member, of: &service, "\(member) of services is not stored")
            } else {
                leaveOut(member, of: &task, "\(member) of task definitions is not stored")
            }
        }
        let compatibilities = (task["requiresCompatibilities"]?.elements ?? []).compactMap(\.text)
        if task["networkMode"]?.text != "awsvpc", !compatibilities.isEmpty, compatibilities != ["EC2"] {
            leaveOut("requiresCompatibilities", of: &task, "requiresCompatibilities makes every network mode awsvpc")
        }
        if let launchType = service["launchType"]?.text, !["EC2", "FARGATE"].contains(launchType) {
            service["launchType"] = "EC2"
            changed.append("launchType \(launchType) is not known")
        }
        if var network = service["networkConfiguration"]?["awsvpcConfiguration"] {
            // moto asks its EC2 whether they exist.
            network["subnets"] = .list(moto.subnets.map { .string($0) })
            network["securityGroups"] = .list(moto.securityGroups.map { .string($0) })
            service["networkConfiguration"] = .map([("awsvpcConfiguration", network)])
        }
        service["cluster"] = .string(cluster)
        files = [
            "task.json": JSONWriter(.indented).text(of: task), "service.json": JSONWriter(.indented).text(of: service),
        ]
        self.changed = changed
    }
}
