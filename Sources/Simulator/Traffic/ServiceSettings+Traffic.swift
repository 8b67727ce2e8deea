import MooringShapes

/// What a service's settings say about its traffic.
extension ServiceSettings {
    var deploymentStrategy: String { deploymentConfiguration["strategy"]?.text ?? "ROLLING" }

    var shiftsTraffic: Bool { deploymentController == "ECS" && deploymentStrategy != "ROLLING" }

    /// Whether ECS moves traffic: behind load balancers, VPC Lattice or Service Connect. A headless service goes through the
    /// same stages without. Source: Developer Guide, "Required resources for Amazon ECS blue/green deployments".
    var hasManagedTraffic: Bool {
        !trafficTargets.isEmpty || usesServiceConnect
    }

    /// Everything that has a pair of target groups.
    var trafficTargets: [Value] { loadBalancers + vpcLatticeConfigurations }

    private var usesServiceConnect: Bool { serviceConnectConfiguration?["enabled"]?.boolean == true }

    /// Test traffic needs a listener rule of its own, or Service Connect, which tells it by a header.
    /// Source: Developer Guide, "Service Connect resources for Amazon ECS blue/green deployments".
    var hasTestTraffic: Bool {
        usesServiceConnect
            || trafficTargets.contains { $0["advancedConfiguration"]?.has("testListenerRule") == true }
    }

    /// A Network Load Balancer's rules are listeners: `…:listener/net/…`. Source: API reference, AdvancedConfiguration.
    var usesNetworkLoadBalancer: Bool {
        loadBalancers.contains { balancer in
            balancer["advancedConfiguration"]?["productionListenerRule"]?.text?.contains(":listener/net/") == true
        }
    }

    /// The one of a balancer's pair of target groups that a deployment uses.
    static func servingGroup(of balancer: Value, usesAlternate: Bool) -> String? {
        let alternate = balancer["advancedConfiguration"]?["alternateTargetGroupArn"]?.text
        return (usesAlternate ? alternate : nil) ?? balancer["targetGroupArn"]?.text
    }
}

extension DeploymentRecord {
    /// The target groups that this deployment's tasks register with.
    var servingGroups: [String] {
        settings.loadBalancers.compactMap { ServiceSettings.servingGroup(of: $0, usesAlternate: usesAlternate) }
    }
}

extension World {
    /// Whether a new deployment takes the alternate target groups: where the first ones serve the deployment before it, so
    /// that they alternate. A rolling deployment stays where the traffic is.
    /// Source: Developer Guide, "Application Load Balancer resources for blue/green deployments".
    static func alternates(_ settings: ServiceSettings, after source: DeploymentRecord?) -> Bool {
        guard let source, let balancer = settings.trafficTargets.first, let first = balancer["targetGroupArn"]?.text,
            balancer["advancedConfiguration"]?.has("alternateTargetGroupArn") == true
        else { return false }
        let serving = source.settings.trafficTargets.compactMap { target in
            ServiceSettings.servingGroup(of: target, usesAlternate: source.usesAlternate)
        }
        let servesFirst = serving.contains(first)
        return settings.shiftsTraffic ? servesFirst : !servesFirst && source.usesAlternate
    }

    /// The target groups of a deployment by its number.
    func targetGroups(of service: Int, deployment number: String?) -> [String] {
        services[service].deployments.first { $0.number == number }?.servingGroups ?? targetGroups(of: service)
    }
}
