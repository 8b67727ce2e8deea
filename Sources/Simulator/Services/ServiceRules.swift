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

    /// ECS Exec needs a task role. Only what asks for it is refused: what becomes of a service that has it, nobody has told.
    /// Sources: public reports of CreateService (index record 55791812378) and UpdateService (aws/aws-toolkit-jetbrains issue
    /// 3649, on EC2).
    static func checkExec(
        _ input: Input, with definition: TaskDefinitionSummary, verb: String,
    ) throws(APIError) {
        guard try input.boolean("enableExecuteCommand") == true, definition.needs.taskRole == nil else { return }
        throw .invalidParameter(
            "The service couldn't be \(verb) because a valid taskRoleArn is not being used. Specify a valid task role in "
                + "your task definition and try again.")
    }

    /// What a launch type and a strategy do not go together with.
    private static func checkLaunchType(_ settings: ServiceSettings) throws(APIError) {
        if settings.schedulingStrategy == "DAEMON" {
            if settings.isFargate, settings.capacityProviderStrategy != nil {
                // Source: aws/containers-roadmap issue 692. For other providers than Fargate's it is from 2020, and left alone.
                throw .invalidParameter(
                    "Specifying a capacity provider strategy is not supported when you create a service using the DAEMON "
                        + "scheduling strategy.")
            }
            if settings.isFargate {
                // The rule is the API reference's, CreateService `schedulingStrategy`; the words are those of its siblings.
                throw .invalidParameter(
                    "The daemon scheduling strategy does not support the FARGATE launch type. Change the launch type and "
                        + "try again")
            }
            if !settings.placementStrategy.isEmpty {
                // Source: kayac/ecspresso pull request 402.
                throw .invalidParameter(
                    "The daemon scheduling strategy does not support placement strategies. Remove the placement strategy "
                        + "and try again")
            }
        }
        if settings.launchType == "FARGATE" {
            // Sources: public reports of Terraform's users (index records 1819153049 and 28306309448).
            if !settings.placementConstraints.isEmpty {
                throw .invalidParameter("Placement constraints are not supported with FARGATE launch type.")
            }
            if !settings.placementStrategy.isEmpty {
                throw .invalidParameter("Placement strategies are not supported with FARGATE launch type.")
            }
        }
        let address = settings.networkConfiguration?["awsvpcConfiguration"]?["assignPublicIp"]?.text
        if settings.launchType == "EC2", address == "ENABLED" {
            // Sources: public reports of Terraform's users (index records 12351662497 and 61141597744).
            throw .invalidParameter("Assign public IP is not supported for this launch type.")
        }
        if settings.isFargate, let version = settings.platformVersion, !version.isEmpty,
            !platformVersions.contains(version)
        {
            // The code and the words are the API reference's.
            throw APIError(
                code: "PlatformUnknownException", message: "The specified platform version doesn't exist.")
        }
    }

    /// Of Linux, retired ones included; Windows has had 1.0.0 alone. Source: Developer Guide, "Fargate platform versions".
    private static let platformVersions = ["LATEST", "1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0"]

    static func check(_ settings: ServiceSettings, with definition: TaskDefinitionSummary) throws(APIError) {
        try checkLaunchType(settings)
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
