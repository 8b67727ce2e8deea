import MooringShapes

/// What a service's settings must satisfy together with its task definition.
enum ServiceRules {
    /// A count that a service can have. The words are ours.
    static func check(desired: Int?) throws(APIError) {
        guard let desired else { return }
        if desired < 0 { throw .invalidParameter("desiredCount must not be negative.") }
        if desired > Limits.tasksPerService {
            throw .invalidParameter(
                "desiredCount must not exceed \(Limits.tasksPerService), the quota of tasks per service.")
        }
    }

    static func check(_ settings: ServiceSettings, with definition: TaskDefinitionSummary) throws(APIError) {
        if settings.isFargate, !definition.compatibilities.contains("FARGATE") {
            // Source of the wording: public reports of the AWS CLI; not in the captures.
            throw .invalidParameter("Task definition does not support launch_type FARGATE.")
        }
        let hasNetwork = settings.networkConfiguration?.has("awsvpcConfiguration") == true
        if definition.networkMode == "awsvpc", !hasNetwork {
            // Source: `errors.tsv`, fabfuel/ecs-deploy issue 133.
            throw .invalidParameter(
                "Network Configuration must be provided when networkMode 'awsvpc' is specified.")
        }
        if definition.networkMode != "awsvpc", hasNetwork {
            // Source: `errors.tsv`, crossplane-contrib/provider-aws issue 2233.
            throw .invalidParameter(
                "Network Configuration is not valid for the given networkMode of this task definition.")
        }
        for balancer in settings.loadBalancers {
            let name = balancer["containerName"]?.text ?? ""
            guard let container = definition.containers.first(where: { $0.name == name }) else {
                throw .invalidParameter("The container \(name) does not exist in the task definition.")
            }
            guard let port = balancer["containerPort"]?.integer, container.ports.contains(port) else {
                throw .invalidParameter(
                    "The container \(name) did not have a container port "
                        + "\(balancer["containerPort"]?.text ?? "null") defined.")
            }
        }
        try TrafficShiftRules.check(settings)
        let balancersAndChecks = !settings.loadBalancers.isEmpty || definition.hasContainerCheck
        if let grace = settings.healthCheckGracePeriodSeconds, grace > 0, !balancersAndChecks {
            throw .invalidParameter(
                "Health check grace period is only valid for services configured to use load balancers "
                    + "or container health checks")
        }
    }
}
