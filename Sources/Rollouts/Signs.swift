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
        // These come inside of messages about placement, which name them last.
        Sign(
            .portInUse, "already using a port required", "port is already allocated", "address already in use",
            "resource:port"),
        Sign(
            .agentDisconnected, "encountered error \"agent\"", "agent is disconnected", "agent was disconnected",
            "agent disconnected", "agent is not connected"),
        Sign(
            .noCapacity, "insufficient cpu", "insufficient memory", "no container instance met all of its requirements",
            "capacity is unavailable", "limit on the number of vcpus", "limit on the number of tasks",
            "is above your limit", "resource:cpu", "resource:memory", "resource:gpu", "resource:fargate",
            "no container instances were found", "capacity provider"),
        Sign(.accountBlocked, "account is currently blocked", "account is blocked"),
        Sign(.containerHealthCheck, "failed container health checks", "container health check"),
        Sign(
            .loadBalancerHealthCheck, "failed elb health checks", "is unhealthy in (target-group",
            "is unhealthy in target-group", "health checks failed", "is unhealthy in (elb"),
        Sign(
            .containerCannotStart, "cannotstartcontainererror", "cannotcreatecontainererror", "containerruntimeerror",
            "containerruntimetimeouterror", "dockertimeouterror", "cannotinspectcontainererror"),
        Sign(.hookFailed, "lifecycle hook", "pause hook", "hook execution failure"),
        Sign(.invalidNetworking, "invalid networking configuration"),
        Sign(.alarm, "alarm detected", "alarm was detected", "due to alarm", "alarm(s)"),
        Sign(.percentDeadlock, "because of the service deployment configuration"),
        Sign(.tasksProtected, "under protection"),
        Sign(.throttled, "being throttled", "rate exceeded", "throttlingexception"),
        Sign(.interrupted, "spot interruption", "spot task", "host ec2", "underlying infrastructure"),
        Sign(.stoppedByPerson, "task stopped by user"),
        Sign(.tasksReplaced, "due to an unhealthy status"),
        Sign(
            .tasksFail, "tasks failed to start", "circuit breaker: task failed to start",
            "unable to consistently start tasks", "circuit breaker threshold was exceeded"),
        Sign(.noEarlierRevision, "no rollback candidate"),
    ]

    /// What programs and their runtimes write before they end. Only what hardly means anything else: a log also holds what
    /// a program has survived.
    private static let ofLogs: [Sign] = [
        Sign(.wrongArchitecture, "exec format error"),
        Sign(.portInUse, "address already in use", "eaddrinuse"),
        Sign(
            .outOfMemory, "java.lang.outofmemoryerror", "heap out of memory", "cannot allocate memory",
            "std::bad_alloc"),
    ]

    /// The cause that a line of a container's log names, nil where it names none.
    static func cause(ofLogLine line: String) -> Cause? {
        let lowered = line.lowercased()
        return ofLogs.first { sign in sign.texts.contains { lowered.contains($0) } }?.cause
    }

    /// The cause that `text` names, nil where it names none.
    static func cause(of text: String) -> Cause? { match(in: text)?.cause }

    /// The cause that `text` names and the words, in lower case, by which it does.
    static func match(in text: String) -> (cause: Cause, words: String)? {
        let lowered = text.lowercased()
        for sign in all {
            if let words = sign.texts.first(where: lowered.contains) { return (sign.cause, words) }
        }
        return nil
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
