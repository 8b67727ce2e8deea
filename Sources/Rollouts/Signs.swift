/// The texts by which ECS's messages are known.
///
/// Sources: messages published by people who met them, and the Developer Guide's pages on service events, stopped tasks
/// and blue/green troubleshooting. Case is ignored. The first line that matches decides, so the order goes from what
/// explains a message to what only describes it: a secret that a role may not read is a matter of the secret.
enum Signs {
    /// Texts that name one cause.
    struct Sign: Sendable {
        /// The cause.
        let cause: Cause
        /// Any of these.
        let texts: [String]

        /// In lower case.
        init(_ cause: Cause, _ texts: String...) {
            self.cause = cause
            self.texts = texts
        }
    }

    /// In the order in which they are tried.
    static let all: [Sign] = [
        Sign(
            .wrongArchitecture, "does not contain descriptor matching platform", "exec format error",
            "no matching manifest for", "no match for platform in manifest"),
        Sign(.outOfMemory, "outofmemoryerror", "out of memory", "killed due to memory usage"),
        Sign(
            .registryUnreachable, "cannot pull registry auth", "connection issue between the task and amazon ecr",
            "connection issue between the task and the registry"),
        Sign(
            .secretUnreadable, "unable to retrieve secret", "cannot pull secrets", "secretsmanager:",
            "ssm:getparameter",
            "invalid ssm parameters", "can't find the specified secret", "did not contain json key"),
        Sign(
            .logGroupMissing, "log group", "logging driver", "validate logger args", "logs:createlogstream",
            "cloudwatch log"),
        // ECR refuses the token before anything is pulled.
        Sign(.roleMissing, "ecr:getauthorizationtoken"),
        Sign(
            .imageCannotBePulled, "cannotpullcontainererror", "cannotpullimagemanifesterror",
            "cannotpullecrcontainererror", "cannotpull", "pull access denied", "manifest unknown",
            "failed to resolve ref", "image not found"),
        Sign(
            .volumeUnavailable, "efs utils", "failed to mount", "mount.nfs", "unable to attach volume", "ebs volume",
            "volume attachment", "docker volume"),
        Sign(
            .roleMissing, "unable to assume", "missing permissions on", "is not authorized to perform", "accessdenied",
            "access denied", "role is invalid or does not exist", "verify that the role", "execution role"),
        // What is left of "unable to pull secrets or registry auth" names neither; the secrets are the likelier half.
        Sign(.secretUnreadable, "unable to pull secrets"),
        Sign(
            .noAddress, "resource:eni", "create network interface", "network interface provisioning",
            "insufficientfreeaddresses", "free addresses", "no available ip"),
        Sign(
            .noCapacity, "no container instance met all of its requirements", "capacity is unavailable",
            "limit on the number of vcpus", "limit on the number of tasks", "insufficient cpu", "insufficient memory",
            "resource:cpu", "resource:memory", "resource:port", "resource:gpu", "resource:fargate",
            "no container instances were found", "capacity provider"),
        Sign(.accountBlocked, "account is currently blocked", "account is blocked"),
        Sign(.containerHealthCheck, "failed container health checks", "container health check"),
        Sign(
            .loadBalancerHealthCheck, "failed elb health checks", "is unhealthy in (target-group",
            "is unhealthy in target-group", "health checks failed", "is unhealthy in (elb"),
        Sign(
            .containerCannotStart, "cannotstartcontainererror", "cannotcreatecontainererror", "containerruntimeerror",
            "containerruntimetimeouterror", "dockertimeouterror", "cannotinspectcontainererror"),
        Sign(.hookFailed, "lifecycle hook", "hook execution failure"),
        Sign(.invalidNetworking, "invalid networking configuration"),
        Sign(.alarm, "alarm detected", "alarm was detected", "due to alarm", "alarm(s)"),
        Sign(.percentDeadlock, "because of the service deployment configuration"),
        Sign(.tasksProtected, "under protection"),
        Sign(.throttled, "being throttled", "rate exceeded", "throttlingexception"),
        Sign(.interrupted, "spot interruption", "spot task", "host ec2", "underlying infrastructure"),
        Sign(.stoppedByPerson, "task stopped by user"),
    ]

    /// The cause that `text` names, nil where it names none.
    static func cause(of text: String) -> Cause? {
        let lowered = text.lowercased()
        return all.first { sign in sign.texts.contains { lowered.contains($0) } }?.cause
    }

    /// Messages of rollouts that go well: no evidence of anything.
    static func isRoutine(_ message: String) -> Bool {
        let routine = [
            "has reached a steady state", "has started ", "registered ", "has stopped ", "has begun draining",
            "deployment completed", "updated state to steady_state", "az balanced", "az rebalance",
            "in progress.", " completed.", "stopped 1 pending", "pending tasks",
        ]
        let lowered = message.lowercased()
        // "has started 1 tasks: … Amazon ECS replaced 1 tasks due to an unhealthy status." is no routine.
        if lowered.contains("unhealthy") { return false }
        return routine.contains { lowered.contains($0) }
    }
}
