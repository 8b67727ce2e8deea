import MooringShapes

/// Which settings a deployment consists of.
/// Source: reference/ecs-api.md section 3, "Starts a deployment".
extension ServiceSettings {
    /// The configuration as it is described. Under another controller than ECS's there is no circuit breaker.
    /// Source: `describe-services/…taskset_delete_3.json` of March 2024, where `…update_definition_2.json` of a month earlier
    /// has one that is off.
    var shownConfiguration: Value {
        deploymentController == "ECS"
            ? deploymentConfiguration : deploymentConfiguration.setting("deploymentCircuitBreaker", to: nil)
    }

    /// Whether going from `old` to these settings starts a deployment.
    func startsDeployment(against old: ServiceSettings) -> Bool {
        taskDefinition != old.taskDefinition || networkConfiguration != old.networkConfiguration
            || platformVersion != old.platformVersion || loadBalancers != old.loadBalancers
            || serviceRegistries != old.serviceRegistries
            || serviceConnectConfiguration != old.serviceConnectConfiguration
            || volumeConfigurations != old.volumeConfigurations
            || vpcLatticeConfigurations != old.vpcLatticeConfigurations
            || Value(.map(others)) != Value(.map(old.others))
    }

    /// Takes over what a deployment carries: what the service shows again after a rollback. Where its tasks run is part of it:
    /// a capacity provider strategy is changed only by a deployment. Source: UpdateService's refusal, kayac/ecspresso issue 977.
    mutating func takeDeployed(from old: ServiceSettings) {
        taskDefinition = old.taskDefinition
        launchType = old.launchType
        capacityProviderStrategy = old.capacityProviderStrategy
        networkConfiguration = old.networkConfiguration
        platformVersion = old.platformVersion
        loadBalancers = old.loadBalancers
        serviceRegistries = old.serviceRegistries
        serviceConnectConfiguration = old.serviceConnectConfiguration
        volumeConfigurations = old.volumeConfigurations
        vpcLatticeConfigurations = old.vpcLatticeConfigurations
        others = old.others
    }
}
