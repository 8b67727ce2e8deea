import MooringShapes
import MooringSimulator

/// Tasks that do not start, or do not stay.
extension ScenarioTable {
    private static let registry = "012345678901.dkr.ecr.eu-central-1.amazonaws.com"

    static let failures: [ScenarioRow] = [
        unpullable(
            "an image that a private registry does not have", image: "\(registry)/web:bad", reason: nil,
            says: "CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref "
                + "\(registry)/web:bad: \(registry)/web:bad: not found"),
        unpullable(
            "an image that a public registry does not have", image: "web:bad", reason: nil,
            says: "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
                + "docker.io/library/web:bad: pull access denied"),
        unpullable(
            "an image for another processor", image: "web:bad",
            reason: "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not "
                + "contain descriptor matching platform 'linux/amd64'.",
            says: "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not "
                + "contain descriptor matching platform 'linux/amd64'"),
        missing(
            "a secret", member: secret("arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"),
            { $0.missing.secrets = ["db-*"] },
            reason:
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
                + "failed: unable to retrieve secret from asm: service call has been retried 5 time(s): "
                + "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
            source: "captures/strings/stop-reasons.tsv, record 2438109348"),
        missing(
            "a parameter", member: secret("/web/key"), { $0.missing.parameters = ["/web/*"] },
            reason:
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
                + "failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm "
                + "parameters: /web/key",
            source: "a public report of DescribeTasks, 2026 (index record 71021627723)"),
        missing(
            "a log group", member: logs, { $0.missing.logGroups = ["/ecs/web"] },
            reason: "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 "
                + "times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does "
                + "not exist.",
            source: "public reports of Fargate tasks (index records 56069574094 and 26293382033)"),
        ScenarioRow(
            "a task whose resources cannot be set up says the whole cause",
            source: "captures/strings/stop-reasons.tsv, its fifth line, with another region",
            world: { $0.images = [ImageRule("*:bad", .cannotInitialize())] },
            Step.running(desired: 1, definition: Step.fargateDefinition, extra: Step.fargate)
                + Step.deploy(image: "web:bad", definition: Step.fargateDefinition) + [
                    .until(.failedTasks(1)),
                    .expect(.says("was unable to place a task. Reason: \(unreachable).", times: 1)),
                    .expect(.stopped(code: "TaskFailedToStart", reason: unreachable)),
                ]),
        ScenarioRow(
            "a missing log group on a container instance", source: "Rayraegah/terraform-aws-hasura issue 25",
            world: { $0.missing.logGroups = ["/ecs/web"] },
            Step.running(desired: 1) + Step.deploy(image: "web:2", container: logs) + [
                .until(.failedTasks(1)),
                .expect(
                    .stopped(
                        code: "TaskFailedToStart",
                        reason: "CannotStartContainerError: Error response from daemon: failed to initialize logging "
                            + "driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified "
                            + "log group does not exist.")),
            ]),
        ScenarioRow(
            "a log group that the driver creates is not missed",
            source: "Developer Guide, awslogs log driver: awslogs-create-group",
            world: { $0.missing.logGroups = ["*"] },
            Step.running(
                container: #","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/web","#
                    + #""awslogs-region":"eu-central-1","awslogs-create-group":"true"}}"#) + [
                    .expect(.rollout("COMPLETED"))
                ]
        ),
        ScenarioRow(
            "a process that runs out of memory", source: "Developer Guide, stopped task errors: OutOfMemoryError",
            world: { $0.images = [ImageRule("*:bad", .runsOutOfMemory())] },
            Step.running(desired: 1) + Step.deploy(image: "web:bad") + [
                .until(.record("ROLLBACK_SUCCESSFUL")),
                .expect(
                    .stopped(
                        code: "EssentialContainerExited", reason: "Essential container in task exited", exitCode: 137)),
                .expect(
                    Expectation("the container says why") { run in
                        let reasons = try run.stoppedTasks().compactMap { $0["containers"]?[0]?["reason"]?.text }
                        let expected = "OutOfMemoryError: Container killed due to memory usage"
                        return reasons.contains(expected) ? nil : "\(reasons)"
                    }),
            ]),
        ScenarioRow(
            "a crash loop trips the breaker and is never slowed down",
            source: "Developer Guide, service throttle logic: tasks that reached RUNNING do not trigger it; "
                + "captures/findings.md, section 10: 8 min",
            world: { $0.images = [ImageRule("*:bad", .crashes(exitCode: 3))] },
            Step.running(desired: 1) + Step.deploy(image: "web:bad") + [
                .until(.record("ROLLBACK_SUCCESSFUL"), limit: 900),
                .expect(
                    .stopped(code: "EssentialContainerExited", reason: "Essential container", exitCode: 3, times: 3)),
                .expect(.says("is unable to consistently start", times: 0)),
                .expect(.kept(running: 1, active: 2)),
            ]),
        ScenarioRow(
            "a process that ends after its task was healthy is only replaced",
            source: "API reference, Deployment `failedTasks`: fails to reach RUNNING or fails its checks",
            world: { $0.images = [ImageRule("*:2", .crashes(afterMilliseconds: 120_000))] },
            Step.running(desired: 1) + Step.deploy(image: "web:2") + [
                .until(.completed), .wait(seconds: 1800), .expect(.rollout("COMPLETED")),
                .expect(.record("status", "SUCCESSFUL")),
            ]),
        ScenarioRow(
            "a process that does not stop is killed after its time",
            source: "API reference, ContainerDefinition `stopTimeout`: 30 seconds where it is not set",
            world: { $0.images = [ImageRule("*:1", .slow(.init(stopping: 300_000)))] },
            Step.running(desired: 1) + Step.deploy(image: "web:2") + [
                .until(.completed),
                .expect(.stopped(code: "ServiceSchedulerInitiated", reason: "Scaling", exitCode: 137)),
            ]),
        ScenarioRow(
            "a shorter stop timeout kills sooner", source: "API reference, ContainerDefinition `stopTimeout`",
            Step.running(desired: 1, container: #","stopTimeout":5"#) + [
                .call("UpdateService", #"{"service":"web","desiredCount":0}"#),
                .until(.said("has stopped 1 running tasks")), .wait(seconds: 6),
                .expect(.stopped(code: "ServiceSchedulerInitiated", reason: "Scaling", exitCode: 137)),
            ]),
        ScenarioRow(
            "a task that is stopped before it runs has no exit code", source: "API reference, Container `exitCode`",
            world: { $0.images = [ImageRule("*:bad", .crashes(exitCode: 3))] },
            [
                .register(image: "web:bad"), .create(desired: 1), .until(.said("has started 1 tasks")),
                .call("UpdateService", #"{"service":"web","desiredCount":0}"#),
                .until(.said("stopped 1 pending tasks")), .wait(seconds: 60),
                .expect(
                    .equal("the exit code", nil) { try $0.stoppedTasks().first?["containers"]?[0]?["exitCode"]?.text }),
            ]),
        ScenarioRow(
            "a process that ends takes its task out of the load balancer",
            source: "Developer Guide, service event messages: has begun draining connections",
            world: { $0.images = [ImageRule("*:1", .crashes(afterMilliseconds: 600_000))] },
            Step.running(desired: 1, balancer: true) + [
                .until(.said("deregistered 1 targets in (target-group"), limit: 610),
                .until(.said("has begun draining connections on 1 tasks."), limit: 10),
            ]),
        ScenarioRow(
            "a slow start only takes longer",
            source: "Developer Guide, task lifecycle: PENDING until the image is there",
            world: { $0.images = [ImageRule("*:2", .slow(.init(starting: 600_000)))] },
            Step.running(desired: 1) + Step.deploy(image: "web:2") + [
                .wait(seconds: 600), .expect(.rollout("IN_PROGRESS")),
                .expect(.counts(desired: 1, running: 1, pending: 1)),
                .until(.completed, limit: 300),
            ]),
    ]

    private static let unreachable =
        "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from "
        + "Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. "
        + "operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https response error "
        + "StatusCode: 0, RequestID: , request send failed, Post \"https://api.ecr.eu-central-1.amazonaws.com/\": dial tcp "
        + "44.213.79.104:443: i/o timeout"

    private static func secret(_ source: String) -> String { #","secrets":[{"name":"KEY","valueFrom":"\#(source)"}]"# }

    private static let logs =
        #","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/web","awslogs-region":"eu-central-1"}}"#

    private static func unpullable(_ name: String, image: String, reason: String?, says text: String) -> ScenarioRow {
        ScenarioRow(
            "\(name) cannot be pulled", source: "reference/ecs-api.md section 10, cannot pull",
            world: { $0.images = [ImageRule("*:bad", .cannotPull(reason: reason))] },
            Step.running(desired: 1) + Step.deploy(image: image) + [
                .until(.failedTasks(1)), .expect(.says("was unable to place a task. Reason: \(text)", times: 1)),
                .expect(.stopped(code: "TaskFailedToStart", reason: text)),
            ])
    }

    private static func missing(
        _ name: String, member: String, _ world: (inout Scenario) -> Void, reason: String, source: String,
    ) -> ScenarioRow {
        ScenarioRow(
            "\(name) that is not there", source: source, world: world,
            Step.running(desired: 1, definition: Step.fargateDefinition, extra: Step.fargate)
                + Step.deploy(
                    image: "web:2", container: member,
                    definition: Step.fargateDefinition + #","executionRoleArn":"arn:aws:iam::123456789012:role/run""#)
                + [
                    .until(.failedTasks(1)), .expect(.says("was unable to place a task. Reason: \(reason)", times: 1)),
                    .expect(.stopped(code: "TaskFailedToStart", reason: reason)),
                    .until(.record("ROLLBACK_SUCCESSFUL")),
                ])
    }
}
