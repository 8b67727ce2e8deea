import MooringRollouts

/// Tasks of the new revision do not start, end, or are found unhealthy. Always the image `bad`, after a good `v1`.
extension RolloutTable {
    static let tasks: [RolloutRow] = images + whatTasksNeed + programs + checks + unexplained

    private static func bad(_ image: String) -> String { "images: [{image: '*:bad', \(image)}]" }

    private static let images: [RolloutRow] = [
        RolloutRow(
            "an image that is not there", scenario: bad("cannotPull: true"), steps: [.merge(RolloutFiles.web("bad"))],
            end: .failed(.imageCannotBePulled, says: "acme/web:bad cannot be pulled"), updates: 1, peers: [13, 14, 18]),
        RolloutRow(
            "an image of another architecture",
            scenario: bad(
                "cannotPull: \"CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does "
                    + "not contain descriptor matching platform 'linux/amd64'\""),
            steps: [.merge(RolloutFiles.web("bad"))],
            end: .failed(.wrongArchitecture, says: "not built for the platform"), peers: [18]),
        RolloutRow(
            "a registry that limits pulls",
            scenario: bad(
                "cannotPull: \"CannotPullContainerError: pull image manifest has been retried 5 time(s): toomanyrequests: "
                    + "You have reached your pull rate limit.\""), steps: [.merge(RolloutFiles.web("bad"))],
            end: .failed(.imageCannotBePulled, says: "repositoryCredentials"), peers: [18]),
        RolloutRow(
            "an image that does not fit the disk",
            scenario: bad(
                "cannotPull: \"CannotPullContainerError: failed to register layer: write /app: no space left on device\""
            ),
            steps: [.merge(RolloutFiles.web("bad"))],
            end: .failed(.imageCannotBePulled, says: "ephemeralStorage"), peers: [18]),
        RolloutRow(
            "a registry that cannot be reached",
            files: RolloutFiles.web("v1", RolloutFiles.fargate, task: RolloutFiles.fargateTask),
            scenario: bad("cannotInitialize: true"),
            steps: [.merge(RolloutFiles.web("bad", RolloutFiles.fargate, task: RolloutFiles.fargateTask))],
            end: .failed(.registryUnreachable), peers: [18]),
        RolloutRow(
            "a first deployment whose image is not there: nothing to go back to", files: RolloutFiles.web("bad"),
            scenario: bad("cannotPull: true"),
            end: .failed(.imageCannotBePulled, runs: "bad", says: "no earlier revision"), updates: 0, peers: [18]),
    ]

    private static let secret =
        #", "secrets": [{"name": "DB", "valueFrom": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"}]"#
    private static let role = #", "executionRoleArn": "arn:aws:iam::123456789012:role/run""#
    private static let log =
        #", "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "web"}}"#

    private static let whatTasksNeed: [RolloutRow] = [
        RolloutRow(
            "a secret that is not there", scenario: "missing: {secrets: ['db-*']}",
            steps: [.merge(RolloutFiles.web("v2", task: role, container: secret))],
            end: .failed(.secretUnreadable, says: "secret"), peers: [18]),
        RolloutRow(
            "a parameter that is not there", scenario: "missing: {parameters: [/web/key]}",
            steps: [
                .merge(
                    RolloutFiles.web(
                        "v2", task: role, container: #", "secrets": [{"name": "KEY", "valueFrom": "/web/key"}]"#))
            ], end: .failed(.secretUnreadable, says: "parameter"), peers: [18]),
        RolloutRow(
            "a log group that is not there, on an instance", scenario: "missing: {logGroups: [/ecs/web]}",
            steps: [.merge(RolloutFiles.web("v2", container: log))],
            end: .failed(.logGroupMissing, says: "log"), peers: [18, 50]),
        RolloutRow(
            "a log group that is not there, on Fargate",
            files: RolloutFiles.web("v1", RolloutFiles.fargate, task: RolloutFiles.fargateTask),
            scenario: "missing: {logGroups: [/ecs/web]}",
            steps: [
                .merge(
                    RolloutFiles.web("v2", RolloutFiles.fargate, task: RolloutFiles.fargateTask, container: log))
            ], end: .failed(.logGroupMissing, says: "log"), peers: [18]),
        RolloutRow(
            "a file system that cannot be mounted",
            scenario: bad(
                "cannotInitialize: \"ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: "
                    + "stderr: mount.nfs4: Connection reset by peer\""), steps: [.merge(RolloutFiles.web("bad"))],
            end: .failed(.volumeUnavailable), peers: [18]),
        RolloutRow(
            "a program that is not in the image",
            scenario: bad(
                "cannotInitialize: \"CannotStartContainerError: Error response from daemon: failed to create task for "
                    + "container: exec: serve: executable file not found in $PATH\""),
            steps: [.merge(RolloutFiles.web("bad"))], end: .failed(.containerCannotStart), peers: [18]),
    ]

    private static let programs: [RolloutRow] = [
        RolloutRow(
            "a program that crashes over and over", scenario: bad("crashes: {exitCode: 3, after: 2s}"),
            steps: [.merge(RolloutFiles.web("bad"))],
            end: .failed(.containerExits, says: "exited with code 3"), updates: 1, peers: [18, 21]),
        RolloutRow(
            "a program that ends as if it were done", scenario: bad("crashes: {exitCode: 0, after: 2s}"),
            steps: [.merge(RolloutFiles.web("bad"))],
            end: .failed(.containerExits, says: "in the foreground"), peers: [18]),
        RolloutRow(
            "a program that uses more memory than it may", scenario: bad("outOfMemory: {after: 5s}"),
            steps: [.merge(RolloutFiles.web("bad"))], end: .failed(.outOfMemory, says: "memory"), peers: [18]),
        RolloutRow(
            "a program that crashes, without a circuit breaker, is overdue with its cause",
            files: RolloutFiles.web("v1", "mooring: {timeout: 10m}", deployment: "minimumHealthyPercent: 100"),
            scenario: bad("crashes: {exitCode: 3, after: 2s}"),
            steps: [
                .merge(RolloutFiles.web("bad", "mooring: {timeout: 10m}", deployment: "minimumHealthyPercent: 100"))
            ],
            end: .failed(.containerExits, runs: "bad", says: "exited with code 3"), peers: [19, 20, 22]),
    ]

    private static let check =
        #", "healthCheck": {"command": ["CMD", "true"], "interval": 10, "retries": 3, "startPeriod": 120}"#
    private static let hastyCheck =
        #", "healthCheck": {"command": ["CMD", "true"], "interval": 10, "retries": 2}"#
    private static func balanced(_ image: String, grace: Int) -> [String: String] {
        RolloutFiles.web(
            image, "healthCheckGracePeriodSeconds: \(grace)\n" + RolloutFiles.balancer, container: RolloutFiles.port)
    }

    private static let checks: [RolloutRow] = [
        RolloutRow(
            "a container that never passes its health check", files: RolloutFiles.web("v1", container: check),
            scenario: bad("neverHealthy: true"), steps: [.merge(RolloutFiles.web("bad", container: check))],
            end: .failed(.containerHealthCheck, says: "container health check"), peers: [18]),
        RolloutRow(
            "a container's health check that is shorter than its start",
            files: RolloutFiles.web("v1", container: hastyCheck), scenario: bad("slow: {healthy: 10m}"),
            steps: [.merge(RolloutFiles.web("bad", container: hastyCheck))],
            end: .failed(.healthCheckTooEarly, says: "startPeriod"), peers: [18]),
        RolloutRow(
            "a target that answers with 503", files: balanced("v1", grace: 60),
            scenario: bad("neverHealthy: 'Health checks failed with these codes: [503]'"),
            steps: [.merge(balanced("bad", grace: 60))],
            end: .failed(.loadBalancerHealthCheck, says: "[503]", "path"), peers: [18]),
        RolloutRow(
            "a target whose check times out", files: balanced("v1", grace: 60),
            scenario: bad("neverHealthy: 'Request timed out'"), steps: [.merge(balanced("bad", grace: 60))],
            end: .failed(.loadBalancerHealthCheck, says: "timed out"), peers: [18]),
        RolloutRow(
            "a load balancer's health check that is shorter than the start", files: balanced("v1", grace: 0),
            scenario: bad("slow: {healthy: 10m}"), steps: [.merge(balanced("bad", grace: 0))],
            end: .failed(.healthCheckTooEarly, says: "healthCheckGracePeriodSeconds"), peers: [18]),
        RolloutRow(
            "a slow start within its grace period is no failure", files: balanced("v1", grace: 900),
            scenario: bad("slow: {healthy: 5m}"), steps: [.merge(balanced("bad", grace: 900))],
            end: .synced(runs: "bad"), updates: 1, peers: [17, 20]),
    ]

    private static let unexplained: [RolloutRow] = [
        RolloutRow(
            "a failure of which nothing may be read but the rollout's own reason",
            scenario: bad("crashes: {exitCode: 3, after: 2s}")
                + "\nfaults: [{operation: ListTasks, fault: accessDenied}]",
            steps: [.merge(RolloutFiles.web("bad"))], end: .failed(.tasksFail), peers: [18]),
        RolloutRow(
            "a start that takes longer than the manifest allows, and nothing that says why",
            scenario: bad("slow: {start: 2h}"),
            steps: [.merge(RolloutFiles.web("bad", "mooring: {timeout: 5m}"))],
            end: .failed(.unknown, runs: "bad", says: "5m"), peers: [19]),
    ]
}
