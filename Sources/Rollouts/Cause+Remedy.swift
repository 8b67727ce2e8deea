extension Cause {
    /// What a person can do about it.
    var remedy: String {
        switch self {
        case .wrongArchitecture, .imageCannotBePulled, .registryUnreachable, .secretUnreadable, .logGroupMissing,
            .roleMissing, .volumeUnavailable:
            remedyBeforeStart
        case .outOfMemory, .portInUse, .containerCannotStart, .containerExits, .healthCheckTooEarly,
            .containerHealthCheck, .loadBalancerHealthCheck, .highUse, .tasksReplaced, .tasksFail:
            remedyOfProgram
        default: remedyOfSurroundings
        }
    }

    private var remedyBeforeStart: String {
        switch self {
        case .wrongArchitecture:
            "Build the image for the platform the task runs on (docker buildx build --platform linux/amd64 or "
                + "linux/arm64), or set runtimePlatform.cpuArchitecture to the image's."
        case .imageCannotBePulled:
            "Check that the image and its tag exist in the registry and that the execution role, or "
                + "repositoryCredentials, may pull it."
        case .registryUnreachable:
            "Give the subnets a way to the registry: a NAT gateway, assignPublicIp ENABLED in a public subnet, or VPC "
                + "endpoints for ECR and S3; check that the security group lets HTTPS out."
        case .secretUnreadable:
            "Check that the secret or parameter exists, that the execution role may read and decrypt it, and that the "
                + "subnets reach Secrets Manager and Systems Manager."
        case .logGroupMissing:
            "Create the log group, or set awslogs-create-group to true and allow the execution role "
                + "logs:CreateLogGroup and logs:CreateLogStream."
        case .roleMissing:
            "Check that the role exists, that its trust policy lets ECS assume it, and that its policy allows what the "
                + "message names."
        default:
            "Check that the file system or volume exists in the task's zones, that its security group lets the tasks "
                + "in, and that the role may mount it."
        }
    }

    private var remedyOfProgram: String {
        switch self {
        case .outOfMemory: "Raise memory on the container or the task, or lower what the program uses."
        case .portInUse:
            "Give every container of the task a port of its own; on EC2 take hostPort 0 or network mode awsvpc, or "
                + "lower minimumHealthyPercent so that the old task frees its port first."
        case .containerCannotStart: "Check entryPoint, command, workingDirectory and user against what is in the image."
        case .containerExits:
            "Read the container's log of that time: the program ended by itself. A service's essential containers have "
                + "to keep running."
        case .healthCheckTooEarly:
            "Raise healthCheckGracePeriodSeconds (load balancer) or the health check's startPeriod (container) above "
                + "the time that the start takes, or make the start faster."
        case .containerHealthCheck:
            "Run the healthCheck command inside the image: the tool it calls must be installed, the port right, and "
                + "startPeriod long enough for the start."
        case .loadBalancerHealthCheck:
            "Check the target group's health check path, port and success codes, that the security group lets the load "
                + "balancer in, and that healthCheckGracePeriodSeconds covers the start."
        case .highUse:
            "Give the task more cpu or memory, run more tasks, or find what the change made dearer; if the load is "
                + "meant, correct the alarm's threshold."
        case .tasksReplaced:
            "Read the log of the replaced tasks, and check health checks, memory and cpu: ECS found the tasks unhealthy."
        default:
            "Read the stopped tasks' reasons within the hour for which ECS shows them, and the log of their containers."
        }
    }

    private var remedyOfSurroundings: String {
        switch self {
        case .noAddress:
            "Free addresses or add subnets; on EC2 use an instance type with more network interfaces, or trunking."
        case .agentDisconnected:
            "Restart the ECS agent on the instance, or replace the instance; check that it reaches the ECS endpoint."
        case .noCapacity: "Add instances, or lower the task's cpu and memory, or correct its placement constraints."
        case .accountBlocked: "Ask AWS Support why the account is blocked."
        case .invalidNetworking:
            "Check target groups and listener rules of loadBalancers.advancedConfiguration against the load balancer."
        case .hookFailed: "Read the log of the hook's function, and correct it or the change it refused."
        case .alarm: "Look at the alarm's metric at that time; correct the change or the threshold."
        case .throttled: "Wait; AWS tries again by itself. If it stays, ask for higher limits."
        case .tasksProtected: "Wait until the protection ends, or lift it with UpdateTaskProtection."
        case .percentDeadlock:
            "Raise maximumPercent or lower minimumHealthyPercent: with this count no task may be started or stopped."
        case .interrupted: "Nothing in the manifest: AWS took the capacity away. ECS starts the task again."
        case .stoppedByPerson: "Ask who stopped the task; ECS starts it again."
        case .noEarlierRevision:
            "Read the stopped tasks' reasons and the log of their containers; a first deployment has nothing to go back to."
        default: "Read the evidence, the service's events and the log of the tasks."
        }
    }
}
