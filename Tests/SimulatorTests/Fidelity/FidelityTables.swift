import MooringShapes

/// Every way in which the local ECS may answer unlike a recording. An entry that no recording needs fails the test.
extension FidelityExceptions {
    /// Members that came later than some recordings, and the day from which all have them.
    static let since: [MemberSince] = [
        // Clusters.
        MemberSince("clusters[].tags", "2018-11-15", "AWS, tagging of ECS resources"),
        MemberSince("clusters[].settings", "2019-07-01", "AWS, Container Insights"),
        MemberSince("clusters[].capacityProviders", "2019-12-03", "AWS, capacity providers"),
        MemberSince("clusters[].defaultCapacityProviderStrategy", "2019-12-03", "AWS, capacity providers"),
        // Task definitions.
        MemberSince("*containerDefinitions[].systemControls", "2024-02-13", "findings.md item 4"),
        MemberSince("*compatibilities[MANAGED_INSTANCES]", "2025-09-30", "findings.md item 5"),
        MemberSince("*registeredAt", "2019-02-26", "the recordings: absent in February 2019, there in 2023"),
        MemberSince("*deleteRequestedAt", "2023-03-28", "the API model; the one recording does not have it"),
        MemberSince("*registeredBy", "2019-02-26", "the recordings: absent in February 2019, there in 2023"),
        // Services.
        MemberSince("service*.serviceRegistries", "2018-03-22", "AWS, service discovery"),
        MemberSince("service*.schedulingStrategy", "2018-06-12", "AWS, daemon scheduling"),
        MemberSince("service*.enableECSManagedTags", "2018-11-15", "AWS, tagging of ECS resources"),
        MemberSince("service*.propagateTags", "2018-11-15", "AWS, tagging of ECS resources"),
        MemberSince(
            "service*.createdBy", "2019-02-25", "the recordings: absent in February 2019, there in 2021"),
        MemberSince(
            "service*.deploymentController", "2021-03-18", "findings.md section 3; another controller was always named",
            isSometimesOlder: true),
        MemberSince("service*.enableExecuteCommand", "2021-03-18", "AWS, ECS Exec; the recorder learned it days later"),
        MemberSince("service*.platformFamily", "2021-10-28", "AWS, Windows on Fargate"),
        MemberSince("service*.deployments[].failedTasks", "2020-12-01", "AWS, deployment circuit breaker"),
        MemberSince("service*.deployments[].rolloutState*", "2020-12-01", "AWS, deployment circuit breaker"),
        MemberSince(
            "service*.deploymentConfiguration.deploymentCircuitBreaker", "2020-12-01",
            "AWS, deployment circuit breaker"),
        MemberSince(
            "service*.healthCheckGracePeriodSeconds", "2024-12-03",
            "findings.md section 3; earlier only behind a load balancer", isSometimesOlder: true),
        MemberSince("service*.availabilityZoneRebalancing", "2024-11-20", "AWS, zone rebalancing"),
        MemberSince("service*.deploymentConfiguration.strategy", "2025-07-17", "AWS, blue/green deployments"),
        MemberSince("service*.deploymentConfiguration.bakeTimeInMinutes", "2025-07-17", "AWS, blue/green deployments"),
        MemberSince(
            "service*.deploymentCircuitBreaker.resetOnHealthyTask", "2026-07-01", "findings.md item 6"),
        MemberSince(
            "service*.deploymentCircuitBreaker.thresholdConfiguration", "2026-07-01", "findings.md item 6"),
        MemberSince("service*.currentServiceRevisions", "2026-01-01", "findings.md section 3"),
        MemberSince("service*.resourceManagementType", "2026-01-01", "findings.md section 3"),
        // Tasks.
        MemberSince("task*.healthStatus", "2018-03-08", "AWS, container health checks"),
        MemberSince("task*.tags", "2018-11-15", "AWS, tagging of ECS resources"),
        MemberSince("task*.containers[].image", "2019-05-01", "the recordings: absent in January 2019"),
        MemberSince("task*.containers[].cpu", "2019-05-01", "the recordings: absent in January 2019"),
        MemberSince("task*.containers[].imageDigest", "2019-11-01", "the recordings: absent in 2018"),
        MemberSince("task*.containers[].runtimeId", "2019-05-01", "the recordings: absent in 2018"),
        MemberSince("task*.availabilityZone", "2019-06-01", "the recordings: absent in January 2019"),
        MemberSince("task*.overrides.inferenceAcceleratorOverrides", "2019-12-03", "AWS, Elastic Inference"),
        MemberSince("task*.attributes", "2021-02-24", "the recordings: absent in February 2021"),
        MemberSince("task*.enableExecuteCommand", "2021-03-15", "AWS, ECS Exec"),
        MemberSince("task*.ephemeralStorage", "2021-05-19", "AWS, ephemeral storage of Fargate"),
        MemberSince("task*.platformFamily", "2021-10-28", "AWS, Windows on Fargate"),
        MemberSince("task*.fargateEphemeralStorage", "2024-06-11", "AWS, customer keys for ephemeral storage"),
        MemberSince("task*.attachments[].details[privateDnsName]", "2021-02-24", "the recordings: absent until then"),
    ]

    /// Differences that stay.
    static let table: [FidelityException] = forms + states + documentation + cloudFormation

    private static let longARNs = "ARNs name the cluster since AWS made the long format mandatory in April 2021"
    private static let numbers = "deployments' numbers began with 922337 until 2021"

    /// Forms and defaults that AWS has changed.
    static let forms = [
        FidelityException("*", .value, "*serviceArn*", longARNs, "2021-03-31"),
        FidelityException("*", .value, "*taskArn*", longARNs, "2021-03-31"),
        FidelityException("*", .value, "*containerArn", longARNs, "2021-03-31"),
        FidelityException("*", .value, "*deployments[].id", numbers, "2021-03-16"),
        FidelityException("*", .value, "*deployments[].rolloutStateReason", numbers, "2021-03-16"),
        FidelityException("*", .value, "*startedBy", numbers, "2021-03-16"),
        FidelityException(
            "*", .value, "*deployments[].platformVersion", "LATEST was 1.0.0 and 1.3.0 before 1.4.0", "2021-03-16"),
        FidelityException(
            "*", .value, "*attachments[].details[].value", "network interfaces had ids of eight digits", "2018-01-16"),
        FidelityException(
            "*-service*", .value, "service*.deployments[].desiredCount",
            "a new deployment showed the wanted count at once: findings.md section 3", "2022-12-31"),
        FidelityException(
            "describe-tasks/*ecs_task_by_arn_1.json", .value, "tasks[].stoppedReason",
            "the cause was the container's reason before platform 1.4.0: findings.md, tasks", "2019-01-28"),
        FidelityException(
            "describe-tasks/*ecs_task_by_arn_1.json", .missing, "tasks[].containers[].reason",
            "the cause was the container's reason before platform 1.4.0: findings.md, tasks", "2019-01-28"),
    ]

    /// States that the local ECS does not have.
    private static let states = [
        FidelityException(
            "*ecs_service_taskset_delete*", .count, "service*.taskSets[]",
            "no task sets: the controller CODE_DEPLOY deploys nothing here", "2024-03-12"),
        FidelityException(
            "describe-tasks/*ecs_task_*", .extra, "tasks[].connectivity*",
            "two of five tasks of these days were never CONNECTED, their neighbours were", "2021-02-23"),
        FidelityException(
            "stop-task/*ecs_task_delete*", .extra, "task.connectivity*",
            "the same tasks as in describe-tasks/…ecs_task_delete_1.json", "2018-01-16"),
        FidelityException(
            "describe-tasks/*ecs_task_subnet_1.json", .extra, "tasks[].pullStartedAt",
            "PENDING begins before the pull; here both begin together", "2021-02-23"),
        FidelityException(
            "describe-clusters/*exec_cw_logging_1.json", .value, "clusters[].clusterName",
            "the recording was edited: the name is not the ARN's", "2021-04-01"),
        FidelityException(
            "delete-service/*taskset_delete_1.json", .missing, "service.deployments",
            "an empty list, which the descriptions of the same service lack", "2024-03-12"),
    ]

    /// Services with a life behind them, which have just been made here: nothing has happened to them, so their events are
    /// compared with those of another service of ours.
    private static let borrowers = [
        "*ecs_service_taskset_delete_*.json", "describe-services/*ecs_service_subnet_1.json",
    ]

    static func borrowsEvents(_ recording: Recording) -> Bool {
        let services = (recording.answer["services"]?.elements ?? []) + [recording.answer["service"]].compactMap { $0 }
        return services.contains { $0["events"]?.elements?.isEmpty == false }
            && borrowers.contains { Glob.matches($0, recording.path) }
    }

    /// What authors of AWS's pages wrote.
    private static let documentation = [
        FidelityException(
            "update-service/aws__aws-cli__update-service.*", .missing, "service.deployments[].taskkDefinition",
            "misspelt", "2024-12-30"),
        FidelityException(
            "update-service/aws__aws-cli__update-service.*", .value, "service.taskDefinition",
            "an ARN without a revision, which ECS never answers", "2024-12-30"),
        FidelityException(
            "update-service/aws__aws-cli__update-service.*", .value, "service.deployments[].desiredCount",
            "one task of two in a deployment that is COMPLETED: cut down by its author", "2024-12-30"),
        FidelityException(
            "list-account-settings/*", .value, "settings[].principalArn", "names and accounts were masked", "2019-05-01"
        ),
        FidelityException(
            "describe-task-definition/aws__aws-cli__describe-task-definition.1.json", .order,
            "taskDefinition.containerDefinitions[]", "the request is not shown: findings.md item 3", "2024-06-21"),
        FidelityException(
            "run-task/aws__aws-cli__run-task.1.json", .value, "tasks[].lastStatus",
            "PENDING at once on an instance; here every task is provisioned", "2023-11-21"),
        FidelityException(
            "run-task/aws__aws-cli__run-task.2.json", .count, "tasks[].attachments[]",
            "no volume is attached to tasks that RunTask starts", "2025-01-23"),
        FidelityException(
            "stop-task/aws__aws-cli__stop-task.1.json", .missing, "task.stopCode",
            "a task that was STOPPED already; real answers have none: findings.md, tasks", "2019-07-18"),
        FidelityException(
            "stop-task/aws__aws-cli__stop-task.1.json", .missing, "task.cpu",
            "no container is shown that could have the size", "2019-07-18"),
    ]

    /// Orders that CloudFormation's handler may have made.
    private static let cloudFormation = [
        FidelityException(
            "cloudformation-read/*TaskDef.mounts.json", .order, "containerDefinitions[]",
            "three of three came back in an order nobody has found; here the first two change places", "2026-08-31"),
        FidelityException(
            "cloudformation-read/*TaskDef.envorder.json", .order, "containerDefinitions[].environment[]",
            "not the order of names that seven native recordings have: findings.md item 1", "2026-08-31"),
        FidelityException(
            "cloudformation-read/*ECS__Service.Service.json", .value, "loadBalancers[]*",
            "kept its order; here it changes, since peers.md calls it a set", "2026-08-31"),
    ]

    /// What the local ECS does not do.
    static let unmodelled: [(recording: String, reason: String)] = [
        ("eventbridge/*", "the local ECS sends no EventBridge events; the examples were altered by their authors"),
        ("cloudformation-read/*ApplicationAutoScaling*", "tables of DynamoDB, which nothing here scales"),
    ]
}
