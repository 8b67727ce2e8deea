/// Why a rollout fails. A fixed list, so that reports can be counted and searched by it.
package enum Cause: String, Hashable, Sendable, CaseIterable {
    case wrongArchitecture
    case imageCannotBePulled
    case registryUnreachable
    case secretUnreadable
    case logGroupMissing
    case roleMissing
    case outOfMemory
    case volumeUnavailable
    case containerCannotStart
    case containerExits
    case containerHealthCheck
    case loadBalancerHealthCheck
    case noAddress
    case noCapacity
    case accountBlocked
    case invalidNetworking
    case hookFailed
    case alarm
    case throttled
    case tasksProtected
    case percentDeadlock
    case interrupted
    case stoppedByPerson
    case unknown

    /// What a person can do about it.
    var remedy: String {
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
        case .outOfMemory:
            "Raise memory on the container or the task, or lower what the program uses."
        case .volumeUnavailable:
            "Check that the file system or volume exists in the task's zones, that its security group lets the tasks "
                + "in, and that the role may mount it."
        case .containerCannotStart:
            "Check entryPoint, command, workingDirectory and user against what is in the image."
        case .containerExits:
            "Read the container's log of that time: the program ended by itself. A service's essential containers have "
                + "to keep running."
        case .containerHealthCheck:
            "Run the healthCheck command inside the image: the tool it calls must be installed, the port right, and "
                + "startPeriod long enough for the start."
        case .loadBalancerHealthCheck:
            "Check the target group's health check path, port and success codes, that the security group lets the load "
                + "balancer in, and that healthCheckGracePeriodSeconds covers the start."
        case .noAddress:
            "Free addresses or add subnets; on EC2 use an instance type with more network interfaces, or trunking."
        case .noCapacity:
            "Add instances, or lower the task's cpu and memory, or correct its placement constraints."
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
        case .unknown: "Read the evidence, the service's events and the log of the tasks."
        }
    }

    /// Whether the cause explains a failure only if nothing else does: it happens to healthy rollouts too.
    var isWeak: Bool {
        switch self {
        case .interrupted, .stoppedByPerson, .throttled, .tasksProtected, .unknown: true
        default: false
        }
    }
}
