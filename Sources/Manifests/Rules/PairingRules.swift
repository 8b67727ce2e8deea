import MooringShapes

/// Rules between a service and the task definition of the same environment that it runs. What is wrong is told at the
/// service, which is not deployed; the task definition may serve others.
enum PairingRules {
    static let all: [ProseRule<Pairing>] = [
        ProseRule(
            "balancer-target-container", .error,
            source:
                "ECS refuses: 'The container ... does not exist in the task "
                + "definition' and '... did not have a container port ... defined'"
        ) {
            pair, report in
            for balancer in pair.service.loadBalancers.prefix(Limits.checkedTargets) {
                checkTarget(balancer.value, path: "loadBalancers[\(balancer.index)]", pair, &report)
            }
        },
        ProseRule(
            "registry-target-container", .error,
            source: "API reference, ServiceRegistry: a container and port of the task definition"
        ) {
            pair, report in
            for registry in pair.service.value.items("serviceRegistries").prefix(Limits.checkedTargets) {
                checkTarget(registry.value, path: "serviceRegistries[\(registry.index)]", pair, &report)
            }
        },
        ProseRule(
            "missing-network", .error,
            source:
                "captures/strings/errors.tsv: 'Network Configuration must "
                + "be provided when networkMode 'awsvpc' is specified.'"
        ) {
            pair, report in
            // On Fargate a rule of the service alone says so.
            guard pair.taskDefinition.isAwsvpc, !pair.service.isFargate,
                let controller = pair.service.controller, controller != "EXTERNAL",
                pair.service.value["networkConfiguration"] == nil
            else { return }
            report.add(
                "The task definition (\(pair.place)) has the network mode "
                    + "awsvpc, so that the \(pair.service.word) must say which subnets. "
                    + "Add 'networkConfiguration: {awsvpcConfiguration: {subnets: [...]}}'.",
                at: pair.service.value["taskDefinition"], "networkConfiguration")
        },
        ProseRule(
            "needless-network", .error,
            source:
                "captures/strings/errors.tsv: 'Network Configuration is not "
                + "valid for the given networkMode of this task definition.'"
        ) {
            pair, report in
            guard let value = pair.service.value["networkConfiguration"], !pair.service.isFargate,
                !FargateRules.hasAwsvpc(pair.taskDefinition)
            else { return }
            report.add(
                "ECS takes 'networkConfiguration' only with the network "
                    + "mode awsvpc; the task definition (\(pair.place)) has "
                    + "\(pair.taskDefinition.networkMode?.shortened ?? "bridge, ECS's default"). "
                    + "Change the mode or remove "
                    + "'networkConfiguration'.", at: value, "networkConfiguration")
        },
        ProseRule(
            "fargate-task-definition", .error,
            source: "ECS refuses: 'Task definition does not support launch_type FARGATE'"
        ) {
            pair, report in
            // Where the task definition asks for Fargate itself, its own rules have spoken.
            guard pair.service.isFargate, !pair.taskDefinition.isFargate else { return }
            let problem: String?
            if !FargateRules.hasAwsvpc(pair.taskDefinition) {
                problem = "its network mode is not awsvpc"
            } else {
                problem =
                    FargateRules.missingSize(of: pair.taskDefinition)?.message
                    ?? FargateRules.wrongSize(of: pair.taskDefinition)?.message
            }
            guard let problem else { return }
            let member = pair.service.fargateMember
            report.add(
                "The \(pair.service.word) runs on Fargate, and its task definition (\(pair.place)) cannot: "
                    + problem.prefix(1).lowercased() + problem.dropFirst()
                    + (problem.hasSuffix(".") ? "" : ".")
                    + " Write 'requiresCompatibilities: [FARGATE]' there to have it checked.",
                at: pair.service.value[member], member)
        },
        ProseRule(
            "classic-balancer-network", .error,
            source: "API reference, CreateService, loadBalancers: no Classic Load Balancers with awsvpc"
        ) {
            pair, report in
            guard pair.taskDefinition.isAwsvpc, !pair.service.isFargate else { return }
            for balancer in pair.service.loadBalancers {
                guard let value = balancer.value["loadBalancerName"], value.text?.isEmpty == false else { continue }
                report.add(
                    "Tasks with the network mode awsvpc (\(pair.place)) "
                        + "know no Classic Load Balancers. Use a target group.",
                    at: value, "loadBalancers[\(balancer.index)].loadBalancerName")
            }
        },
        ProseRule(
            "port-name-target", .error,
            source: "ECS refuses: 'portName(...) does not refer to any named PortMapping in the container definitions'"
        ) {
            pair, report in
            let names = portNames(pair.taskDefinition)
            let known = Set(names)
            // A name that a variable makes may be any.
            guard !names.contains(where: isOpen) else { return }
            func check(_ items: [(index: Int, value: Value)], _ path: String) {
                for item in items {
                    guard let value = item.value["portName"], let name = value.settledText, !known.contains(name) else {
                        continue
                    }
                    report.add(
                        "No port mapping of the task definition (\(pair.place)) is called '\(name.shortened)'."
                            + "\(name.didYouMean(names)) Give it 'name: \(name.shortened)' there.", at: value,
                        "\(path)[\(item.index)].portName")
                }
            }
            check(
                pair.service.value["serviceConnectConfiguration"]?.items("services") ?? [],
                "serviceConnectConfiguration.services")
            check(pair.service.value.items("vpcLatticeConfigurations"), "vpcLatticeConfigurations")
            check(pair.service.value.items("gatewayConnectors"), "gatewayConnectors")
        },
        ProseRule(
            "volume-target", .error,
            source:
                "ECS refuses: 'The volume name ... in your request does "
                + "not have a matching volume in your Task Definition'"
        ) {
            pair, report in
            let names = launchVolumes(pair.taskDefinition)
            let known = Set(names)
            guard !hasOpenVolumes(pair.taskDefinition) else { return }
            for item in pair.service.value.items("volumeConfigurations") {
                guard let value = item.value["name"], let name = value.settledText, !known.contains(name)
                else { continue }
                report.add(
                    "The task definition (\(pair.place)) has no volume "
                        + "'\(name.shortened)' that is configured at launch."
                        + "\(name.didYouMean(names)) Declare it there with 'configuredAtLaunch: true'.", at: value,
                    "volumeConfigurations[\(item.index)].name")
            }
        },
        ProseRule(
            "volume-not-configured", .warning,
            source: "API reference, Volume, configuredAtLaunch: needs volumeConfigurations"
        ) {
            pair, report in
            let names = launchVolumes(pair.taskDefinition)
            guard let name = names.first, !pair.service.value.holds("volumeConfigurations") else { return }
            report.add(
                "The task definition (\(pair.place)) leaves the volume "
                    + "'\(name.shortened)' to the \(pair.service.word), which has no "
                    + "'volumeConfigurations'. Add it.", at: pair.service.value["taskDefinition"],
                "volumeConfigurations")
        },
    ]

    /// A container by name and one of its ports, as load balancers and registries name them.
    private static func checkTarget(
        _ target: Value, path: String, _ pair: Pairing, _ report: inout RuleReport,
    ) {
        guard let nameValue = target["containerName"], let name = nameValue.settledText else { return }
        let names = pair.taskDefinition.containers.compactMap(\.name)
        guard !names.contains(where: isOpen) else { return }
        guard let container = pair.taskDefinition.container(name) else {
            report.add(
                "The task definition (\(pair.place)) has no container '\(name.shortened)'."
                    + (names.isEmpty
                        ? ""
                        : name.didYouMean(names) + " There is "
                            + names.prefix(Limits.namedContainers).map { "'\($0.shortened)'" }.joined(separator: ", ")
                            + "."),
                at: nameValue, path + ".containerName")
            return
        }
        guard let portValue = target["containerPort"], let port = portValue.integer,
            !PortRules.publishes(port, container), !PortRules.hasOpenPorts(container)
        else { return }
        let ports = container.portMappings.compactMap { $0.value["containerPort"]?.integer }
        report.add(
            "Container '\(name.shortened)' (\(pair.place)) does not map port \(port); it maps "
                + (ports.isEmpty
                    ? "none" : ports.prefix(Limits.namedContainers).map(String.init).joined(separator: ", "))
                + ". Add it to 'portMappings' there, or name another port.", at: portValue, path + ".containerPort")
    }

    private static func isOpen(_ text: String) -> Bool { VariableText.mayHoldVariables(text.utf8) }

    /// Whether variables say what a volume is called, or whether it is configured at launch.
    private static func hasOpenVolumes(_ task: TaskDefinitionInput) -> Bool {
        task.volumes.contains { $0.value["name"]?.isOpen == true || $0.value["configuredAtLaunch"]?.isOpen == true }
    }

    private static func portNames(_ task: TaskDefinitionInput) -> [String] {
        task.containers.flatMap { container in container.portMappings.compactMap { $0.value["name"]?.text } }
    }

    private static func launchVolumes(_ task: TaskDefinitionInput) -> [String] {
        task.volumes.filter { $0.value["configuredAtLaunch"]?.boolean == true }.compactMap { $0.value["name"]?.text }
    }
}
