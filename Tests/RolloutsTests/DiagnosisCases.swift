import MooringModel
import MooringRollouts
import MooringShapes

/// Failed rollouts as ECS shows them, one and more for every cause. Texts are AWS's own, as published, or as its
/// documentation gives them.
enum DiagnosisCases {
    struct Case {
        let name: String
        let symptoms: Symptoms
    }

    static let breaker = "ECS deployment circuit breaker: tasks failed to start."
    private static let targetGroup =
        "(target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef)"

    static let all: [Case] = guide + start + program + checks + surroundings + shifting + generic

    // MARK: Builders

    private static func make(
        _ name: String, _ reason: String = breaker, events: [String] = [], tasks: [Value] = [],
        _ change: (inout Symptoms) -> Void = { _ in },
    ) -> Case {
        var symptoms = Symptoms(
            reason: reason, events: events.map { ["message": .string("(service web) " + $0)] }, stoppedTasks: tasks,
            service: ["launchType": "FARGATE", "desiredCount": 2])
        change(&symptoms)
        return Case(name: name, symptoms: symptoms)
    }

    private static func failed(_ reason: String, container: String? = nil) -> Value {
        [
            "stopCode": "TaskFailedToStart", "stoppedReason": .string(reason),
            "containers": [
                .map(present: [
                    ("name", "web"), ("image", "registry.example/web:2"), ("reason", container.map(Value.string)),
                ])
            ],
        ]
    }

    private static func exited(_ code: Int, reason: String? = nil) -> Value {
        [
            "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
            "containers": [
                .map(present: [
                    ("name", "web"), ("image", "registry.example/web:2"), ("exitCode", .integer(code)),
                    ("reason", reason.map(Value.string)),
                ])
            ],
        ]
    }

    private static func stopped(_ reason: String, ran seconds: Int) -> Value {
        [
            "stopCode": "ServiceSchedulerInitiated", "stoppedReason": .string(reason), "startedAt": 1000,
            "stoppingAt": .integer(1000 + seconds), "containers": [["name": "web", "exitCode": 143]],
        ]
    }

    // MARK: The guide's five

    private static let guide = [
        make(
            "guide: tasks won't start",
            tasks: [
                failed(
                    "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 "
                        + "times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log "
                        + "group does not exist.")
            ]),
        make(
            "guide: load balancer shows unhealthy targets",
            events: [
                "(port 8080) is unhealthy in \(targetGroup) due to (reason Health checks failed with these codes: [404])."
            ]),
        make(
            "guide: tasks keep getting replaced", tasks: [exited(1), exited(1)],
        ) { $0.logs = [LogTail(container: "web", lines: ["Starting shop", "panic: no database at db:5432"])] },
        make(
            "guide: image cannot be pulled",
            tasks: [
                failed(
                    "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
                        + "registry.example/web:2: pull access denied, repository does not exist or may require "
                        + "authorization")
            ]),
        make("guide: high cpu", "alarm detected.") {
            $0.record = DeploymentRecord(
                described: [
                    "status": "ROLLBACK_SUCCESSFUL",
                    "alarms": ["status": "TRIGGERED", "triggeredAlarmNames": ["web-cpu-high"]],
                ], target: nil)
        },
        make(
            "guide: high memory",
            tasks: [exited(137, reason: "OutOfMemoryError: Container killed due to memory usage")]),
    ]

    // MARK: Before the start

    private static let start = [
        make(
            "wrong architecture",
            tasks: [
                failed(
                    "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not "
                        + "contain descriptor matching platform 'linux/amd64'")
            ]),
        make("wrong architecture, told by the log", tasks: [exited(1)]) {
            $0.logs = [LogTail(container: "web", lines: ["exec /app/serve: exec format error"])]
        },
        make(
            "pull limit",
            tasks: [failed("CannotPullContainerError: toomanyrequests: You have reached your pull rate limit.")]),
        make(
            "image larger than the disk",
            tasks: [
                failed(
                    "Task failed to start",
                    container: "CannotPullContainerError: write /var/lib/layer: no space left on device")
            ]),
        make(
            "registry unreachable",
            tasks: [
                failed(
                    "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull "
                        + "registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. "
                        + "Check your task network configuration.")
            ]),
        make(
            "secret unreadable",
            tasks: [
                failed(
                    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
                        + "retrieval failed: unable to retrieve secret from asm: service call has been retried 5 "
                        + "time(s): ResourceNotFoundException: Secrets Manager can't find the specified secret.")
            ]),
        make(
            "parameter unreadable",
            tasks: [
                failed(
                    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
                        + "retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 "
                        + "time(s): AccessDeniedException: not authorized to perform: ssm:GetParameters")
            ]),
        make(
            "role missing",
            tasks: [failed("ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided")]),
        make(
            "volume",
            tasks: [
                failed(
                    "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: timeout")
            ]),
        make(
            "port in use on the instance",
            events: [
                "was unable to place a task because no container instance met all of its requirements. The closest "
                    + "matching container-instance 0123456789abcdef0123456789abcdef is already using a port required "
                    + "by your task."
            ]),
        make("port in use inside the task", tasks: [exited(1)]) {
            $0.logs = [LogTail(container: "web", lines: ["listen tcp :8080: bind: address already in use"])]
        },
        make(
            "container cannot start",
            tasks: [
                failed(
                    "Task failed to start",
                    container: "CannotStartContainerError: Error response from daemon: exec: \"serve\": executable "
                        + "file not found in $PATH")
            ]),
    ]

    // MARK: The program

    private static let program = [
        make("one-off task fails", "", tasks: [exited(1)]) {
            $0.isOneOffTask = true
            $0.logs = [LogTail(container: "web", lines: ["ERROR: relation orders does not exist"])]
        },
        make("program ends well", tasks: [exited(0)]),
        make("program fails", tasks: [exited(3)]),
        make("killed without a word", tasks: [exited(137)]),
        make("heap exhausted", tasks: [exited(134)]) {
            $0.logs = [LogTail(container: "web", lines: ["FATAL ERROR: Reached heap limit: heap out of memory"])]
        },
        make("log with a secret", tasks: [exited(2)]) {
            $0.logs = [
                LogTail(
                    container: "web",
                    lines: ["connecting with password=hunter2", "FATAL: password authentication failed for user shop"])
            ]
        },
    ]

    // MARK: Checks

    private static let checks = [
        make(
            "container health check",
            events: ["(task 0123456789abcdef0123456789abcdef) failed container health checks."]),
        make(
            "target times out",
            events: [
                "(task 0123456789abcdef0123456789abcdef) (port 8080) is unhealthy in \(targetGroup) due to (reason Request timed out)."
            ]
        ) { $0.service["healthCheckGracePeriodSeconds"] = 300 },
        make("target refuses, from its health alone") {
            $0.targets = [
                TargetHealth(state: "healthy"),
                TargetHealth(state: "unhealthy", reason: "Target.FailedHealthChecks", text: "Health checks failed"),
            ]
        },
        make("target group without listener") {
            $0.targets = [
                TargetHealth(
                    state: "unused", reason: "Target.NotInUse",
                    text: "Target group is not configured to receive traffic from the load balancer")
            ]
        },
        make(
            "start longer than the grace period, told by the log",
            events: ["(port 8080) is unhealthy in \(targetGroup) due to (reason Health checks failed)."]
        ) {
            $0.service["healthCheckGracePeriodSeconds"] = 60
            $0.logs = [LogTail(container: "web", lines: ["Started Shop in 95.3 seconds (process running for 97.1)"])]
        },
        make(
            "still starting when condemned",
            events: ["(task 0123456789abcdef0123456789abcdef) failed container health checks."]
        ) {
            $0.taskDefinition = ["containerDefinitions": [["healthCheck": ["startPeriod": 10]]]]
            $0.logs = [LogTail(container: "web", lines: ["Migrating the schema to version 12"])]
        },
        make(
            "no grace period at all",
            tasks: [stopped("Task failed ELB health checks in \(targetGroup)", ran: 75)]),
    ]

    // MARK: Surroundings

    private static let surroundings = [
        make("no address", "", events: ["was unable to place a task. Reason: RESOURCE:ENI"]),
        make(
            "agent disconnected", "",
            events: [
                "was unable to place a task because no container instance met all of its requirements. The closest "
                    + "matching container-instance 0123456789abcdef0123456789abcdef encountered error \"AGENT\"."
            ]),
        make(
            "no capacity on EC2", "",
            events: [
                "was unable to place a task because no container instance met all of its requirements. The closest "
                    + "matching container-instance 0123456789abcdef0123456789abcdef has insufficient CPU units available."
            ]
        ) { $0.service["launchType"] = "EC2" },
        make(
            "no capacity on Fargate", "",
            events: ["was unable to place a task. Reason: Capacity is unavailable at this time."]),
        make("account blocked", "", events: ["was unable to place a task because your account is currently blocked."]),
        make(
            "percent deadlock, told", "",
            events: [
                "was unable to stop or start tasks during a deployment because of the service deployment configuration. "
                    + "Update the minimumHealthyPercent or maximumPercent value and try again."
            ]),
        make("percent deadlock, silent", "") {
            $0.service["desiredCount"] = 1
            $0.service["deploymentConfiguration"] = ["minimumHealthyPercent": 100, "maximumPercent": 100]
        },
        make(
            "task protection", "",
            events: [
                "was unable to reach steady state because (taskSet ecs-svc/1111111111111111111) was unable to scale in "
                    + "due to (reason 2 tasks under protection)"
            ]),
        make("throttling", "", events: ["operations are being throttled. Will try again later."]),
        make(
            "capacity taken away", "",
            tasks: [["stopCode": "SpotInterruption", "stoppedReason": "Your Spot Task was interrupted."]]),
        make(
            "stopped by a person", "",
            tasks: [["stopCode": "UserInitiated", "stoppedReason": "Task stopped by user"]]),
    ]

    // MARK: Strategies

    private static let shifting = [
        make(
            "hook refused",
            "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target "
                + "arn:aws:lambda:eu-west-1:123456789012:function:check returned FAILED status."),
        make(
            "networking of blue/green",
            "Service deployment rolled back because of invalid networking configuration. One or more rules not found"),
        make("alarm without a name", "alarm detected."),
        make("alarm with a name", "alarm detected.") {
            $0.record = DeploymentRecord(
                described: ["status": "ROLLBACK_SUCCESSFUL", "alarms": ["triggeredAlarmNames": ["web-5xx"]]],
                target: nil)
        },
    ]

    // MARK: Little said

    private static let generic = [
        make("only the breaker"),
        make("a stopped task in new words", tasks: [failed("MoonPhaseError: waning gibbous")]),
        make(
            "replaced without a reason", "",
            events: [
                "has started 1 tasks: (task 0123456789abcdef0123456789abcdef). Amazon ECS replaced 1 tasks due to an "
                    + "unhealthy status."
            ]),
        make("breaker on a first deployment", "No rollback candidate was found to run the rollback."),
        make("breaker on a first deployment that says why", tasks: [exited(1)]) {
            $0.record = DeploymentRecord(
                described: [
                    "status": "ROLLBACK_FAILED",
                    "statusReason": "No rollback candidate was found to run the rollback.",
                ], target: nil)
        },
        make("new words", "The moon is in the way"),
        make("nothing", ""),
    ]
}
