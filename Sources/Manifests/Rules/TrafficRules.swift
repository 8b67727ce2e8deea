import MooringShapes

/// Rules of how traffic finds a service's tasks: load balancers, service discovery, Service Connect.
enum TrafficRules {
    private static let reference = "API reference, LoadBalancer"

    static let all: [ProseRule<ServiceInput>] = [
        ProseRule(
            "balancer-target", .error,
            source: "\(reference); ECS refuses: 'loadBalancerName and targetGroupArn cannot both be specified'"
        ) {
            service, report in
            for balancer in service.loadBalancers where balancer.value["targetGroupArn"] != nil {
                guard let value = balancer.value["loadBalancerName"], value.text?.isEmpty == false else { continue }
                report.add(
                    "A load balancer is named by 'targetGroupArn' (Application, "
                        + "Network) or by 'loadBalancerName' (Classic), "
                        + "not by both. Remove one.", at: value, "loadBalancers[\(balancer.index)].loadBalancerName")
            }
        },
        ProseRule(
            "balancer-container", .error,
            source: "API reference, CreateService, loadBalancers: must hold container name and port"
        ) {
            service, report in
            for balancer in service.loadBalancers {
                for member in ["containerName", "containerPort"] where balancer.value[member] == nil {
                    report.add(
                        "The load balancer does not say where traffic goes. Add '\(member)'.", at: balancer.value,
                        "loadBalancers[\(balancer.index)].\(member)")
                }
            }
        },
        ProseRule(
            "classic-balancer", .error, source: "ECS refuses: 'Classic Load Balancers are not supported with Fargate'"
        ) {
            service, report in
            guard service.isFargate else { return }
            for balancer in service.loadBalancers {
                guard let value = balancer.value["loadBalancerName"], value.text?.isEmpty == false else { continue }
                report.add(
                    "Fargate knows no Classic Load Balancers. Use a target group: 'targetGroupArn'.", at: value,
                    "loadBalancers[\(balancer.index)].loadBalancerName")
            }
        },
        ProseRule("too-many-target-groups", .warning, source: "ecs-api.md section 6: 5 target groups a service") {
            service, report in
            guard service.loadBalancers.count > 5 else { return }
            report.add(
                "There are \(service.loadBalancers.count) load balancers; ECS's quota is 5 target groups a service.",
                at: service.value["loadBalancers"], "loadBalancers")
        },
        ProseRule(
            "grace-period", .warning,
            source:
                "API reference, CreateService, healthCheckGracePeriodSeconds: "
                + "unused without health checks; formerly refused"
        ) {
            service, report in
            guard let value = service.value["healthCheckGracePeriodSeconds"], (value.integer ?? 0) > 0,
                service.loadBalancers.isEmpty, !service.value.holds("vpcLatticeConfigurations"),
                !service.value.holds("gatewayConnectors")
            else { return }
            report.add(
                "'healthCheckGracePeriodSeconds' has nothing to wait for: "
                    + "the service has no load balancer. Remove it, or add "
                    + "'loadBalancers'.", at: value, "healthCheckGracePeriodSeconds")
        },
        ProseRule(
            "role-without-balancer", .error,
            source: "API reference, CreateService, role: a load balancer must be specified"
        ) {
            service, report in
            guard let value = service.value["role"], value.text?.isEmpty == false, service.loadBalancers.isEmpty else {
                return
            }
            report.add(
                "'role' is for registering with a load balancer, and the service has none. Remove it.", at: value,
                "role")
        },
        ProseRule("registries", .error, source: "API reference, CreateService, serviceRegistries: one a service") {
            service, report in
            guard let value = service.value["serviceRegistries"], let count = value.elements?.count, count > 1 else {
                return
            }
            report.add("There are \(count) service registries; ECS takes one.", at: value, "serviceRegistries")
        },
        ProseRule(
            "connect-aliases", .error, source: "API reference, ServiceConnectService, clientAliases: one an element"
        ) {
            service, report in
            for item in service.value["serviceConnectConfiguration"]?.items("services") ?? [] {
                guard let value = item.value["clientAliases"], let count = value.elements?.count, count > 1 else {
                    continue
                }
                report.add(
                    "A Service Connect service has one client alias, not \(count).", at: value,
                    "serviceConnectConfiguration.services[\(item.index)].clientAliases")
            }
        },
        ProseRule(
            "volume-configuration", .error,
            source: "API reference, CreateService, volumeConfigurations; ECS refuses a volume without size or snapshot"
        ) {
            service, report in
            for item in service.value.items("volumeConfigurations") {
                guard let volume = item.value["managedEBSVolume"], volume["sizeInGiB"] == nil,
                    volume["snapshotId"]?.text?.isEmpty ?? true
                else { continue }
                report.add(
                    "The volume has neither a size nor a snapshot. Add 'sizeInGiB'.", at: volume,
                    "volumeConfigurations[\(item.index)].managedEBSVolume.sizeInGiB")
            }
        },
    ]
}
